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

/* Where a granted file appears when nothing else is said. */
static void
default_targets(struct ctx *ctx, struct node *grants, const char *folder) {
	for (size_t i = 0; grants && grants->type == NODE_LIST && i < grants->n; i++)
		put_default(ctx, grants->u.item[i], "target",
			arena_printf(ctx->mem, "%s%s", folder,
				node_text(node_find(grants->u.item[i], "source"))));
}

/* The defaults of build. */
static void
normal_build(struct ctx *ctx, const struct project *p, struct node *build) {
	if (!build || build->type != NODE_MAP)
		return;
	put_default(ctx, build, "context", p->folder);
	if (!node_find(build, "dockerfile_inline"))
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

/* All needs into depends_on; those of services that are not there go. */
static void
normal_needs(struct ctx *ctx, const struct project *p, const struct service *service,
	struct node *tree) {
	struct node *map = node_find(tree, "depends_on");

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n;) {
		const struct service *on = project_service(p, map->u.member[i].key);
		if (on && on->enabled)
			default_need(ctx, map->u.member[i++].val);
		else
			node_unset(map, map->u.member[i].key);
	}
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
	normal_needs(ctx, p, service, tree);
	default_targets(ctx, node_find(tree, "secrets"), "/run/secrets/");
	default_targets(ctx, node_find(tree, "configs"), "/");
	if (str_eq(node_text(node_find(tree, "pull_policy")), "if_not_present"))
		node_set(ctx->mem, tree, "pull_policy", tree->at,
			node_str(ctx->mem, "missing", tree->at));
	if ((!networks || !networks->n) && !*node_text(node_find(tree, "network_mode"))) {
		struct node *map = node_new(ctx->mem, NODE_MAP, tree->at);
		node_add(ctx->mem, map, "default", tree->at,
			node_new(ctx->mem, NODE_NULL, tree->at));
		node_set(ctx->mem, tree, "networks", tree->at, map);
	}
	return tree;
}
