/* normal_service.c - one service as `config` prints it: its variables in one place, what it needs
 * by its other keys among depends_on, the default network and the defaults of build and grants.
 *
 * Starts at normal_service(). The service is a copy, so its parts are changed in place. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

/* KEY with a text, where it is not written or empty. */
static void
put_default(struct ctx *ctx, struct node *map, const char *key, const char *text) {
	if (!*node_text(node_find(map, key)))
		node_set(ctx->mem, map, key, map->at, node_str(ctx->mem, text, map->at));
}

/* Give arguments without a value that of the variable; without one they go. */
static void
resolve_args(struct ctx *ctx, const struct env *env, struct node *args) {
	for (size_t i = 0; args && args->type == NODE_MAP && i < args->n;) {
		struct member *m = &args->u.member[i];
		const char *value =
			m->val->type == NODE_NULL ? env_value(env, m->key) : node_text(m->val);

		if (!value) {
			node_unset(args, m->key);
			continue;
		}
		if (m->val->type == NODE_NULL)
			m->val = node_str(ctx->mem, value, m->at);
		i++;
	}
}

/* Each grant once, and where a secret appears when nothing else is said; of a config Compose leaves that
 * open. */
static void
normal_grants(struct ctx *ctx, struct node *tree, const char *key) {
	struct node *grants = node_find(tree, key);
	struct unique unique;

	if (!grants || grants->type != NODE_LIST)
		return;
	unique_begin(ctx, &unique, grants->at, grants->n);
	for (size_t i = 0; i < grants->n; i++) {
		struct node *one = grants->u.item[i];
		const char *source = node_text(node_find(one, "source"));
		const char *target = node_text(node_find(one, "target"));

		if (!*target)
			target = arena_printf(ctx->mem, "%s%s",
				str_eq(key, "secrets") ? "/run/secrets/" : "/", source);
		if (str_eq(key, "secrets"))
			put_default(ctx, one, "target", target);
		unique_add(ctx, &unique, target, one);
	}
	node_set(ctx->mem, tree, key, grants->at, unique.list);
}

/* A missing source is made when nobody says otherwise: that goes without saying. */
static void
normal_mounts(struct node *mounts) {
	for (size_t i = 0; mounts && mounts->type == NODE_LIST && i < mounts->n; i++) {
		struct node *bind = node_find(mounts->u.item[i], "bind");
		const struct node *create = node_find(bind, "create_host_path");

		if (create && !create->at.line)
			node_unset(bind, "create_host_path");
	}
}

/* Drop the items that are not set. */
static void
drop_empty(struct node *list) {
	size_t n = 0;

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++)
		if (*node_text(list->u.item[i]))
			list->u.item[n++] = list->u.item[i];
	if (list && list->type == NODE_LIST)
		list->n = (uint32_t)n;
}

/* The agents and keys of a build, as Compose lists them: ID or ID=PATH. */
static void
normal_ssh(struct ctx *ctx, struct node *build) {
	const struct node *map = node_find(build, "ssh");
	struct node *list = map ? node_new(ctx->mem, NODE_LIST, map->at) : NULL;

	if (!map || map->type != NODE_MAP)
		return;
	for (size_t i = 0; i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		const char *path = node_text(m->val);

		node_append(ctx->mem, list,
			node_str(ctx->mem,
				*path ? arena_printf(ctx->mem, "%s=%s", m->key, path) : m->key,
				m->at));
	}
	node_set(ctx->mem, build, "ssh", map->at, list);
}

/* The defaults of build. */
static void
normal_build(struct ctx *ctx, const struct project *p, struct node *build) {
	if (!build || build->type != NODE_MAP)
		return;
	normal_ssh(ctx, build);
	if (!node_find(build, "context"))
		put_default(ctx, build, "context", p->folder);
	if (!node_find(build, "dockerfile_inline") && !node_find(build, "dockerfile"))
		put_default(ctx, build, "dockerfile", "Dockerfile");
	resolve_args(ctx, p->env, node_find(build, "args"));
}

/* One entry of depends_on for what another key implies. */
static struct node *
implied_need(struct ctx *ctx, const struct need *need) {
	struct node *map = node_new(ctx->mem, NODE_MAP, need->at);

	node_add(ctx->mem, map, "condition", need->at,
		node_str(ctx->mem, "service_started", need->at));
	if (need->restart)
		node_add(ctx->mem, map, "restart", need->at, node_bool(ctx->mem, true, need->at));
	node_add(ctx->mem, map, "required", need->at, node_bool(ctx->mem, true, need->at));
	return map;
}

/* What a need means where it does not say so. */
static void
default_need(struct ctx *ctx, struct node *map) {
	put_default(ctx, map, "condition", "service_started");
	if (!node_find(map, "required"))
		node_add(ctx->mem, map, "required", map->at, node_bool(ctx->mem, true, map->at));
}

/* All needs into depends_on; one that is not there is not required and stays, as Compose prints it. */
static void
normal_needs(struct ctx *ctx, const struct service *service, struct node *tree) {
	struct node *map = node_find(tree, "depends_on");

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++)
		default_need(ctx, map->u.member[i].val);
	for (size_t i = 0; i < service->nneed; i++) {
		const struct need *need = &service->need[i];
		if (!need->implied || !need->on->enabled)
			continue;
		if (!map) {
			map = node_new(ctx->mem, NODE_MAP, need->at);
			node_set(ctx->mem, tree, "depends_on", need->at, map);
		}
		if (!node_find(map, need->on->name))
			node_add(ctx->mem, map, need->on->name, need->at, implied_need(ctx, need));
	}
	if (map && !map->n)
		node_unset(tree, "depends_on");
}

/* The variables of files and of the service itself, all in `environment`. */
static struct node *
fold_environment(struct ctx *ctx, const struct service *service, const struct node *tree) {
	struct node *out = node_new(ctx->mem, NODE_MAP, tree->at);
	bool done = service->env->n == 0;

	for (size_t i = 0; i < tree->n; i++) {
		const struct member *m = &tree->u.member[i];
		if (!str_in("environment env_file", m->key)) {
			node_add(ctx->mem, out, m->key, m->at, m->val);
		} else if (!done) {
			node_add(ctx->mem, out, "environment", m->at,
				node_copy(ctx->mem, service->env));
			done = true;
		}
	}
	return out;
}

struct node *
normal_service(struct ctx *ctx, const struct project *p, const struct service *service,
	struct node *copy) {
	struct node *tree = fold_environment(ctx, service, copy);
	const struct node *networks = node_find(tree, "networks");

	normal_build(ctx, p, node_find(tree, "build"));
	normal_needs(ctx, service, tree);
	normal_grants(ctx, tree, "secrets");
	normal_grants(ctx, tree, "configs");
	normal_mounts(node_find(tree, "volumes"));
	node_sort_texts(node_find(tree, "extra_hosts")); /* as Compose prints them */
	drop_empty(node_find(tree, "dns"));
	if (str_eq(node_text(node_find(tree, "pull_policy")), "if_not_present"))
		node_set(ctx->mem, tree, "pull_policy", tree->at,
			node_str(ctx->mem, "missing", tree->at));
	if ((!networks || !networks->n) && !node_find(tree, "network_mode")) {
		struct node *map = node_new(ctx->mem, NODE_MAP, tree->at);
		node_add(ctx->mem, map, "default", tree->at,
			node_new(ctx->mem, NODE_NULL, tree->at));
		node_set(ctx->mem, tree, "networks", tree->at, map);
	}
	return tree;
}
