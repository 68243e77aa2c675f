/* plan_down.c - the plan that removes a stack: the same edges, reversed.
 * Works from what is there (by our labels), or, for printing, from what is wanted. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

struct removal {
	struct ctx *ctx;
	struct plan *plan;
	const struct down_options *options;
	struct node *networks, *volumes; /* names of external ones */
	struct step **stop, **rm; /* by position in the list of resources; NULL: nothing to do */
	struct chain *hook;       /* by the same: what runs before the stop */
};

/* The names that the spec calls external: what has them is never removed, whatever its labels say. */
static struct node *
external_names(struct ctx *ctx, const struct project *p, const char *section) {
	const struct node *declared = node_find(p->doc, section);
	struct node *names = node_new(ctx->mem, NODE_MAP, (struct pos){0});

	for (size_t i = 0; declared && declared->type == NODE_MAP && i < declared->n; i++) {
		const struct member *m = &declared->u.member[i];
		bool external;
		const char *name = project_resource_name(ctx, p, section, m->key, &external);
		if (external)
			node_set(ctx->mem, names, name, m->at, m->val);
	}
	return names;
}

/* Is it among the services that were named? */
static bool
is_chosen(const struct removal *x, const struct resource *r) {
	if (!x->options->nonly)
		return true;
	for (size_t i = 0; i < x->options->nonly; i++)
		if (r->kind == KIND_CONTAINER && str_eq(x->options->only[i], r->key))
			return true;
	return false;
}

/* The hooks of a container that can run commands: those that the spec has now. */
static void
add_hooks(struct removal *x, const struct resource *r, size_t i) {
	const struct service *s = project_service(x->plan->project, r->key);

	if (!s || (*r->state && !str_eq(r->state, "running")))
		return;
	x->hook[i] = hooks_exec(x->ctx, x->plan, r, s, "pre_stop");
	if (x->hook[i].n)
		step_need(x->ctx, x->stop[i], x->hook[i].v[x->hook[i].n - 1]);
}

/* The first thing that is done to something, or NULL. */
static struct step *
first_of(const struct removal *x, size_t i) {
	return x->hook[i].n ? x->hook[i].v[0] : x->stop[i] ? x->stop[i] : x->rm[i];
}

/* Stop it if it runs, then remove it. */
static void
remove_container(struct removal *x, const struct resource *r, bool running, size_t i) {
	struct ctx *ctx = x->ctx;
	const char *rm = x->options->anonymous ? "rm -v" : "rm";

	if (running) {
		struct step *s = step_new(ctx, x->plan, ACT_STOP, r);
		step_text(ctx, s, "stop");
		if (x->options->timeout_s >= 0)
			step_text(ctx, s,
				arena_printf(
					ctx->mem, "-t %lld", (long long)x->options->timeout_s));
		step_push(ctx, s, r->name, r->at);
		s->why = arena_printf(ctx->mem, "stop service '%s'", r->key);
		s->guard = words_of(ctx, x->plan, "container inspect", r->name);
		x->stop[i] = s;
		add_hooks(x, r, i);
	}
	x->rm[i] = step_new(ctx, x->plan, ACT_REMOVE, r);
	step_text(ctx, x->rm[i], rm);
	step_push(ctx, x->rm[i], r->name, r->at);
	x->rm[i]->why = arena_printf(ctx->mem, "remove the container of service '%s'", r->key);
	x->rm[i]->guard = words_of(ctx, x->plan, "container inspect", r->name);
	step_need(ctx, x->rm[i], x->stop[i]);
}

/* A network or volume. */
static void
remove_other(struct removal *x, const struct resource *r, size_t i) {
	const char *noun = kind_name(r->kind);
	struct step *s;

	if (r->external || (r->kind == KIND_VOLUME && !x->options->volumes))
		return;
	s = step_new(x->ctx, x->plan, ACT_REMOVE, r);
	step_text(x->ctx, s, arena_printf(x->ctx->mem, "%s rm", noun));
	step_push(x->ctx, s, r->name, r->at);
	s->why = arena_printf(x->ctx->mem, "remove %s '%s'%s", noun, r->name,
		r->kind == KIND_VOLUME ? " with its data" : "");
	s->guard =
		words_of(x->ctx, x->plan, arena_printf(x->ctx->mem, "%s inspect", noun), r->name);
	if (r->kind == KIND_NETWORK) { /* the engine may still be taking containers off it */
		s->tries = 5;
		s->every_ms = 300;
	}
	x->rm[i] = s;
}

/* An image, where that was asked for; it may be in use elsewhere. */
static void
remove_image(struct removal *x, const struct resource *r, const struct resource *wanted, size_t i) {
	struct step *s;

	const struct image_wish *w = wanted->wish;

	if (!x->options->images_all && !(x->options->images_local && w->is_own))
		return;
	s = step_new(x->ctx, x->plan, ACT_REMOVE, r);
	step_text(x->ctx, s, "image rm");
	step_push(x->ctx, s, r->name, r->at);
	s->why = arena_printf(x->ctx->mem, "remove image '%s'", r->name);
	s->guard = words_of(x->ctx, x->plan, "image inspect", r->name);
	s->optional = true;
	x->rm[i] = s;
}

/* Is this container as the spec has it now, so that the spec's edges say all that it uses? */
static bool
is_known(const struct removal *x, const struct resource *r, const struct resources *list,
	const struct resources *want) {
	const struct resource *w = resources_find(want, KIND_CONTAINER, r->name);

	if (!w || list == want)
		return w != NULL;
	return r->had_digest &&
	       str_eq(r->had_digest, resource_digest(x->ctx, x->plan->project, w)->all);
}

/* The edges of what is wanted, reversed: a container is stopped after those that need it are gone. */
static void
tie_wanted(struct removal *x, const struct resources *list, const struct resources *want) {
	for (size_t i = 0; i < want->n; i++) {
		const struct resource *from =
			resources_find(list, want->v[i]->kind, want->v[i]->name);
		for (size_t k = 0; from && k < want->v[i]->nedge; k++) {
			const struct resource *name = want->v[i]->edge[k].to;
			const struct resource *to = resources_find(list, name->kind, name->name);
			struct step *first;
			if (!to)
				continue;
			first = first_of(x, to->mark);
			if (first && x->rm[from->mark])
				step_need(x->ctx, first, x->rm[from->mark]);
		}
	}
}

/* What a container uses that the spec does not know, or has changed, can't be told: networks, volumes and images go after it. */
static void
tie_strangers(struct removal *x, const struct resources *list, const struct resources *want) {
	for (size_t k = 0; k < list->n; k++) {
		if (!x->rm[k] || list->v[k]->kind != KIND_CONTAINER ||
			is_known(x, list->v[k], list, want))
			continue;
		for (size_t i = 0; i < list->n; i++)
			if (x->rm[i] && list->v[i]->kind != KIND_CONTAINER)
				step_need(x->ctx, x->rm[i], x->rm[k]);
	}
}

/* Last made, first removed, as far as the needs leave a choice. */
static void
append(struct removal *x, const struct resources *list) {
	static const enum kind order[] = {KIND_CONTAINER, KIND_NETWORK, KIND_VOLUME, KIND_IMAGE};

	for (size_t o = 0; o < countof(order); o++)
		for (size_t i = list->n; i-- > 0;) {
			if (list->v[i]->kind != order[o])
				continue;
			for (size_t k = 0; k < x->hook[i].n; k++)
				plan_append(x->ctx, x->plan, x->hook[i].v[k]);
			if (x->stop[i])
				plan_append(x->ctx, x->plan, x->stop[i]);
			if (x->rm[i])
				plan_append(x->ctx, x->plan, x->rm[i]);
		}
}

struct plan *
plan_down(struct ctx *ctx, const struct project *p, const struct engine *engine,
	const struct resources *want, const struct resources *had, const struct down_options *o) {
	const struct resources *list = had ? had : want;
	struct plan *plan = arena_make(ctx->mem, struct plan);
	struct removal x = {.ctx = ctx,
		.plan = plan,
		.options = o,
		.networks = external_names(ctx, p, "networks"),
		.volumes = external_names(ctx, p, "volumes"),
		.stop = arena_array(ctx->mem, list->n, sizeof(struct step *)),
		.rm = arena_array(ctx->mem, list->n, sizeof(struct step *)),
		.hook = arena_array(ctx->mem, list->n, sizeof(struct chain))};

	*plan = (struct plan){.project = p, .engine = engine, .down = true};
	for (size_t i = 0; i < list->n; i++) {
		const struct resource *r = list->v[i];
		bool ours = !had || (r->ours && str_eq(r->project, p->name));
		const struct resource *image =
			r->kind == KIND_IMAGE ? resources_find(want, KIND_IMAGE, r->name) : NULL;
		if (image)
			remove_image(&x, r, image, i);
		else if (!ours || r->kind == KIND_IMAGE || !is_chosen(&x, r))
			continue;
		else if (r->kind == KIND_CONTAINER)
			remove_container(&x, r,
				!had || str_eq(r->state, "running") ||
					str_eq(r->state, "restarting") ||
					str_eq(r->state, "paused"),
				i);
		else if (!node_find(r->kind == KIND_NETWORK ? x.networks : x.volumes, r->name))
			remove_other(&x, r, i);
	}
	for (size_t i = 0; i < list->n; i++)
		list->v[i]->mark = (uint32_t)i;
	tie_wanted(&x, list, want);
	tie_strangers(&x, list, want);
	if (had) /* a script asks for each container whether it is there */
		batch_removals(
			ctx, &(struct removals){
				     .stop = x.stop, .rm = x.rm, .hook = x.hook, .n = list->n});
	append(&x, list);
	plan_order(ctx, plan);
	return plan;
}
