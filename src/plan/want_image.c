/* want_image.c - the wanted images: each once, got as the service that asks most wants it, with the command that builds it
 * where a service has `build`.
 * Starts at want_image(). Images that others are built on (`additional_contexts`) are wanted too, whoever is enabled. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Get it as this service wants it, where that is more than was asked before. ITS: it is the image of the service itself. */
static void
raise(struct ctx *ctx, struct resource *r, const struct service *s, bool is_first, bool is_its) {
	struct image_wish *w = r->wish;
	struct pull_wish own = pulling_of(ctx, s);
	bool is_younger =
		own.pulling == PULLING_OLD && w->pulling == PULLING_OLD && own.old_s < w->old_s;

	if (is_its && s->has_build && !*node_text(node_find(s->tree, "image")))
		own.pulling = PULLING_NEVER;
	if (!is_first && own.pulling <= w->pulling && !is_younger)
		return;
	w->pulling = own.pulling;
	w->old_s = own.old_s;
	w->policy_at = own.at;
	r->service = s ? s : r->service;
}

/* A policy that asks for a build where there is none means that the image is never pulled. */
static void
note_no_build(struct ctx *ctx, const struct resource *r) {
	const struct service *s = r->service;

	if (!r->wish->builder && s && str_eq(node_text(node_find(s->tree, "pull_policy")), "build"))
		diag(ctx, SEV_WARNING, r->wish->policy_at, "no-effect",
			"no service has a 'build' for the image '%s': it must be there, since "
			"'pull_policy: build' never pulls",
			r->name);
}

/* The image has a builder already, whose command is another one. */
static void
warn_other_build(struct ctx *ctx, const struct resource *r, const struct service *s) {
	diag(ctx, SEV_WARNING, node_member(s->tree, "build")->at, "built-twice",
		"'%s' and '%s' build the image '%s' in different ways: only this one stays",
		r->wish->builder->name, s->name, r->name);
	diag_note(ctx, r->wish->build_at, "the other one is here");
}

/* Is the image built by this service as it is built already? */
static bool
is_same_build(const struct service *a, const struct service *b) {
	return node_same(node_find(a->tree, "build"), node_find(b->tree, "build")) &&
	       str_eq(node_text(node_find(a->tree, "platform")),
		       node_text(node_find(b->tree, "platform")));
}

/* The service's `build`, if it has one. */
static void
add_build(struct ctx *ctx, const struct project *p, const struct engine *engine, struct resource *r,
	const struct service *s) {
	struct image_wish *w = r->wish;

	if (!s->has_build)
		return;
	if (str_eq(node_text(node_find(s->tree, "pull_policy")), "build"))
		w->is_anew = true;
	if (w->builder && is_same_build(w->builder, s))
		return;
	if (w->builder)
		warn_other_build(ctx, r, s);
	w->builder = s;
	w->is_own = !*node_text(node_find(s->tree, "image"));
	w->build_at = node_member(s->tree, "build")->at;
	r->create = (struct words){0};
	r->pass = NULL;
	r->npass = 0;
	w->feed = NULL;
	w->buildkit = NULL;
	emit_build(ctx, p, engine, r);
}

struct resource *
want_image(struct ctx *ctx, const struct project *p, const struct engine *engine,
	struct resources *list, struct word image, const struct service *s) {
	struct resource *r = resources_find(list, KIND_IMAGE, image.s);
	bool is_first = !r, is_its = s && str_eq(image.s, s->image.s);

	if (!*image.s)
		return NULL;
	if (is_first) {
		r = arena_make(ctx->mem, struct resource);
		*r = (struct resource){.kind = KIND_IMAGE,
			.key = image.s,
			.name = image.s,
			.at = image.at,
			.state = "",
			.wish = arena_make(ctx->mem, struct image_wish)};
		r->plain =
			words_are_plain(&(struct words){.v = &(struct word){.s = image.s}, .n = 1});
		resources_push(ctx, list, r);
	}
	raise(ctx, r, s, is_first, is_its);
	if (is_its)
		add_build(ctx, p, engine, r, s);
	return r;
}

/* The images that the build of R starts from: wanted, and made before it. */
static void
want_bases(struct ctx *ctx, const struct project *p, const struct engine *engine,
	struct resources *list, struct resource *r) {
	const struct node *map =
		node_at(r->wish->builder->tree, "build", "additional_contexts", NULL);

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const struct service *s = build_base(p, map->u.member[i].val);
		struct resource *base = s ? resources_find(list, KIND_IMAGE, s->image.s) : NULL;
		if (!s)
			continue;
		if (!base)
			base = want_image(ctx, p, engine, list, s->image, s);
		resource_edge(ctx, r,
			(struct edge){.to = base,
				.until = READY_MADE,
				.at = map->u.member[i].val->at,
				.required = true});
	}
}

/* Cut off images that nothing unbuilt stands below, until none is left or all that are left wait for one another: then
 * LEFT[i] is how many bases of image i remain. */
static size_t
cut_off(struct ctx *ctx, const struct resources *list, uint32_t *left) {
	struct resource **ready = arena_array(ctx->mem, list->n, sizeof(*ready));
	uint32_t *start = arena_array(ctx->mem, list->n + 2, sizeof(*start)), *user;
	size_t nready = 0, ncut = 0, total = 0;

	for (size_t i = 0; i < list->n; i++) {
		list->v[i]->mark = (uint32_t)i;
		left[i] = (uint32_t)list->v[i]->nedge;
		total += list->v[i]->nedge;
		if (!left[i])
			ready[nready++] = list->v[i];
	}
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < list->v[i]->nedge; k++)
			start[list->v[i]->edge[k].to->mark + 2]++;
	for (size_t i = 2; i < list->n + 2; i++)
		start[i] += start[i - 1];
	user = arena_array(ctx->mem, total, sizeof(*user));
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < list->v[i]->nedge; k++)
			user[start[list->v[i]->edge[k].to->mark + 1]++] = (uint32_t)i;
	for (; ncut < nready; ncut++)
		for (uint32_t k = start[ready[ncut]->mark]; k < start[ready[ncut]->mark + 1]; k++)
			if (--left[user[k]] == 0)
				ready[nready++] = list->v[user[k]];
	return ncut;
}

/* The first edge of R to an image that is left. */
static const struct edge *
edge_left(const struct resource *r, const uint32_t *left) {
	for (size_t k = 0; k < r->nedge; k++)
		if (left[r->edge[k].to->mark])
			return &r->edge[k];
	return NULL;
}

/* Builds that wait for one another would never start. What is left leads into a circle in fewer steps than there are images. */
static void
check_circles(struct ctx *ctx, const struct resources *list) {
	uint32_t *left = arena_array(ctx->mem, list->n, sizeof(*left));
	const struct resource *r = NULL;
	const struct edge *e = NULL;

	if (cut_off(ctx, list, left) == list->n)
		return;
	for (size_t i = 0; !r; i++)
		r = left[i] ? list->v[i] : NULL;
	for (size_t i = 0; i < list->n && (e = edge_left(r, left)); i++)
		r = e->to;
	e = r ? edge_left(r, left) : NULL;
	if (!e)
		return;
	diag(ctx, SEV_ERROR, e->at, "build-circle",
		"the build of '%s' starts from that of '%s', which in turn waits for it",
		r->wish->builder->name, e->to->wish->builder->name);
}

/* A build waits for those of the services that its own depends on: a Dockerfile may start from their images without the spec
 * saying so. That is a courtesy, and no edge to be reasoned with. */
static void
follow_needs(struct ctx *ctx, const struct resources *list, struct resource *r) {
	const struct service *s = r->wish->builder;

	for (size_t i = 0; s && i < s->nneed; i++) {
		struct resource *to = resources_find(list, KIND_IMAGE, s->need[i].on->image.s);
		if (to && to != r && to->wish->builder)
			resource_edge(ctx, r,
				(struct edge){.to = to, .until = READY_MADE, .at = s->need[i].at});
	}
}

/* The same for all of them; none of it where builds would then wait for one another. */
static void
order_builds(struct ctx *ctx, const struct resources *list) {
	uint32_t *before = arena_array(ctx->mem, list->n, sizeof(*before));
	uint32_t *left = arena_array(ctx->mem, list->n, sizeof(*left));

	for (size_t i = 0; i < list->n; i++) {
		before[i] = list->v[i]->nedge;
		follow_needs(ctx, list, list->v[i]);
	}
	if (cut_off(ctx, list, left) == list->n)
		return;
	for (size_t i = 0; i < list->n; i++)
		list->v[i]->nedge = before[i];
}

void
want_images_end(struct ctx *ctx, const struct project *p, const struct engine *engine,
	struct resources *list) {
	bool is_tied = false, is_built = false;

	for (size_t i = 0; i < list->n; i++) {
		note_no_build(ctx, list->v[i]);
		is_built = is_built || list->v[i]->wish->builder;
		if (list->v[i]->wish->builder)
			want_bases(ctx, p, engine, list, list->v[i]);
		is_tied = is_tied || list->v[i]->nedge;
	}
	if (is_tied)
		check_circles(ctx, list);
	if (is_built)
		order_builds(ctx, list);
}
