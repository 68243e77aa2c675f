/* project_needs.c - which service needs which: depends_on, and what links, namespaces and
 * volumes_from imply.
 *
 * Starts at project_needs(). Explicit needs come first and win over implied ones of the same
 * service. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

/* The needs of one service in the making. */
struct list {
	struct making *m;
	struct service *service;
	size_t cap;
	size_t nfirst; /* so many are expected at first */
};

/* Report that the service asks for one that is not in the file. FROM is the text that does, if
 * it may hold variables. */
static void
say_unknown(struct ctx *ctx, const struct list *l, const char *name, const struct node *from,
	struct pos at) {
	diag(ctx, SEV_ERROR, at, "unknown-service",
		"service '%s' needs '%s', which is no service of this file%s", l->service->name,
		hint_text(ctx, from, name),
		hint_key(ctx, node_find(l->m->project->doc, "services"), name));
}

/* Report that the service asks for one that no profile enables. */
static void
say_disabled(struct ctx *ctx, const struct list *l, const struct service *on, struct pos at) {
	const struct node *profiles = node_find(on->tree, "profiles");

	diag(ctx, SEV_ERROR, at, "disabled-service",
		"service '%s' needs '%s', which no active profile enables", l->service->name,
		on->name);
	if (profiles && profiles->n)
		diag_note(ctx, on->at, "'%s' is enabled by --profile %s", on->name,
			node_text(profiles->u.item[0]));
}

/* Look at the healthcheck of a service that is waited for. */
static void
check_gate(struct ctx *ctx, const struct list *l, const struct need *need) {
	const struct node *health = node_find(need->on->tree, "healthcheck"),
			  *test = node_find(health, "test");
	bool none = test && test->n && str_eq(node_text(test->u.item[0]), "NONE");

	if (none || node_is_true(node_find(health, "disable"))) {
		diag(ctx, SEV_ERROR, need->at, "no-healthcheck",
			"service '%s' waits until '%s' is healthy, and the healthcheck of '%s' is "
			"turned off",
			l->service->name, need->on->name, need->on->name);
		diag_note(ctx, health->at, "turned off here");
	}
}

/* Add a need on the service NAME, which FROM (or a key) says; what is there already stays. */
static void
add(struct ctx *ctx, struct list *l, const char *name, const struct node *from, struct need need) {
	struct service *s = l->service;

	need.on = project_service(l->m->project, name);
	if (!need.on) {
		say_unknown(ctx, l, name, from, need.at);
		return;
	}
	if (!l->m->profiled[need.on->place]) {
		if (need.required)
			say_disabled(ctx, l, need.on, need.at);
		return;
	}
	if (l->m->needed_by[need.on->place] == (size_t)s->place + 1)
		return;
	l->m->needed_by[need.on->place] = (size_t)s->place + 1;
	if (s->nneed == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : l->nfirst ? l->nfirst : 4;

		s->need = arena_grow(ctx->mem, s->need, l->cap, cap, sizeof(*s->need));
		l->cap = cap;
	}
	s->need[s->nneed++] = need;
	if (need.until == UNTIL_HEALTHY)
		check_gate(ctx, l, &need);
}

/* What depends_on says. */
static void
add_explicit(struct ctx *ctx, struct list *l) {
	const struct node *map = node_find(l->service->tree, "depends_on");

	l->nfirst = map && map->type == NODE_MAP ? map->n : 0;
	for (size_t i = 0; i < l->nfirst; i++) {
		const struct member *m = &map->u.member[i];
		const struct node *required = node_find(m->val, "required");
		const char *condition = node_text(node_find(m->val, "condition"));
		struct need need = {
			.required = !required || node_is_true(required),
			.restart = node_is_true(node_find(m->val, "restart")),
			.at = m->at,
		};

		if (str_eq(condition, "service_healthy"))
			need.until = UNTIL_HEALTHY;
		else if (str_eq(condition, "service_completed_successfully"))
			need.until = UNTIL_COMPLETED;
		add(ctx, l, m->key, NULL, need);
	}
}

/* "service:NAME" in one of the namespace keys. */
static void
add_namespace(struct ctx *ctx, struct list *l, const char *key) {
	const struct node *node = node_find(l->service->tree, key);

	if (node && str_starts(node_text(node), "service:"))
		add(ctx, l, node_text(node) + strlen("service:"), node,
			(struct need){.required = true,
				.restart = true,
				.implied = true,
				.at = node->at});
}

/* "NAME" or "NAME:more" in each item of a list, but not "container:...". */
static void
add_listed(struct ctx *ctx, struct list *l, const char *key, bool restart) {
	const struct node *list = node_find(l->service->tree, key);

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const char *text = node_text(list->u.item[i]);

		if (str_starts(text, "container:"))
			continue;
		add(ctx, l, arena_strndup(ctx->mem, text, strcspn(text, ":")), list->u.item[i],
			(struct need){.required = true,
				.restart = restart,
				.implied = true,
				.at = list->u.item[i]->at});
	}
}

void
project_needs(struct ctx *ctx, struct making *m) {
	static const char *const namespaces[] = {"network_mode", "ipc", "pid", "uts", "cgroup"};

	for (size_t i = 0; i < m->project->nservice; i++) {
		struct list l = {.m = m, .service = &m->project->service[i]};

		project_ahead(m->project, i);
		if (!m->profiled[i])
			continue;
		add_explicit(ctx, &l);
		add_listed(ctx, &l, "links", true);
		for (size_t j = 0; j < countof(namespaces); j++)
			add_namespace(ctx, &l, namespaces[j]);
		add_listed(ctx, &l, "volumes_from", false);
	}
}
