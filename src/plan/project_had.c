/* project_had.c - a project made of what the labels of its containers say, for verbs that are called without a spec.
 * Its services have no keys, but their names, how many containers each has, and what they depend on. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

static const struct pos nowhere = {0};

/* By name. */
static int
compare(const void *a, const void *b) {
	const struct service *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* One service for each name among the containers, sorted. */
static void
collect(struct ctx *ctx, struct project *p, const struct resources *had) {
	struct node *seen = node_new(ctx->mem, NODE_MAP, nowhere);

	p->service = arena_array(ctx->mem, had->n, sizeof(*p->service));
	for (size_t i = 0; i < had->n; i++) {
		const struct resource *r = had->v[i];
		if (r->kind != KIND_CONTAINER || !str_eq(r->project, p->name) || !*r->had_key ||
			node_find(seen, r->had_key))
			continue;
		node_add(ctx->mem, seen, r->had_key, nowhere, node_bool(ctx->mem, true, nowhere));
		p->service[p->nservice++] = (struct service){.name = r->had_key,
			.tree = node_new(ctx->mem, NODE_MAP, nowhere),
			.enabled = true};
	}
	if (p->nservice)
		qsort(p->service, p->nservice, sizeof(*p->service), compare);
}

/* The document that project_service looks into. */
static void
make_doc(struct ctx *ctx, struct project *p) {
	struct node *doc = node_new(ctx->mem, NODE_MAP, nowhere);
	struct node *services = node_new(ctx->mem, NODE_MAP, nowhere);

	for (size_t i = 0; i < p->nservice; i++) {
		p->service[i].place = (uint32_t)i;
		node_add(ctx->mem, services, p->service[i].name, nowhere, p->service[i].tree);
	}
	node_add(ctx->mem, doc, "services", nowhere, services);
	p->doc = doc;
}

/* It has a healthcheck, for something waits for it: how often it probes is not told. */
static void
suppose_healthcheck(struct ctx *ctx, struct service *s) {
	struct node *check = node_new(ctx->mem, NODE_MAP, nowhere);

	node_set(ctx->mem, check, "interval", nowhere, node_str(ctx->mem, "1s", nowhere));
	node_set(ctx->mem, s->tree, "healthcheck", nowhere, check);
}

/* One "db:service_healthy:false" of LEN bytes. */
static void
add_need(struct ctx *ctx, struct project *p, struct service *s, const char *text, size_t len) {
	char *name = arena_strndup(ctx->mem, text, len), *how = strchr(name, ':');
	struct need need = {.required = true, .until = UNTIL_STARTED};

	if (how)
		*how++ = '\0';
	need.on = project_service(p, name);
	if (!need.on || need.on == s)
		return;
	need.restart = how && str_ends(how, ":true");
	if (how && str_starts(how, "service_healthy"))
		need.until = UNTIL_HEALTHY;
	if (how && str_starts(how, "service_completed_successfully"))
		need.until = UNTIL_COMPLETED;
	if (need.until == UNTIL_HEALTHY)
		suppose_healthcheck(ctx, need.on);
	s->need = grown(ctx, s->need, s->nneed, sizeof(*s->need));
	s->need[s->nneed++] = need;
}

/* What the label of one container says of its service. */
static void
add_needs(struct ctx *ctx, struct project *p, struct service *s, const char *label) {
	for (const char *at = label; *at; at += strspn(at, ",")) {
		size_t len = strcspn(at, ",");
		if (len)
			add_need(ctx, p, s, at, len);
		at += len;
	}
}

/* Are all that the service needs marked? */
static bool
is_ready(const struct service *s) {
	for (size_t i = 0; i < s->nneed; i++)
		if (!s->need[i].on->mark)
			return false;
	return true;
}

/* Labels are of different times, and may name a circle: services that no order could ever reach need nothing then. */
static void
break_circles(struct project *p) {
	bool more = true;

	for (size_t i = 0; i < p->nservice; i++)
		p->service[i].mark = 0;
	while (more) {
		more = false;
		for (size_t i = 0; i < p->nservice; i++) {
			struct service *s = &p->service[i];
			if (s->mark || !is_ready(s))
				continue;
			s->mark = 1;
			more = true;
		}
	}
	for (size_t i = 0; i < p->nservice; i++)
		if (!p->service[i].mark)
			p->service[i].nneed = 0;
}

struct project *
project_had(struct ctx *ctx, const char *name, const struct resources *had) {
	struct project *p = arena_make(ctx->mem, struct project);

	*p = (struct project){.name = name, .folder = ""};
	collect(ctx, p, had);
	make_doc(ctx, p);
	for (size_t i = 0; i < had->n; i++) {
		const struct resource *r = had->v[i];
		struct service *s = r->kind == KIND_CONTAINER && str_eq(r->project, name)
					    ? project_service(p, r->had_key)
					    : NULL;
		if (s && !r->one_off && !s->nneed)
			add_needs(ctx, p, s, r->had_needs);
		if (s && !r->one_off)
			s->scale++;
	}
	break_circles(p);
	return p;
}
