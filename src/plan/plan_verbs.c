/* plan_verbs.c - the plans of stop, start and restart: what is done to containers that are there.
 * Starts at plan_everyday(). A list of containers is made whose edges are what their services need; stop goes against them, restart
 * along them, and start is an ordinary plan (plan.c) in which nothing is made. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

struct everyday_plan {
	struct ctx *ctx;
	struct project *project;
	const struct engine *engine;
	const struct everyday_options *o;
	struct resource **v; /* copies; the mark of each is its place */
	struct resource **was;
	size_t n;
	bool *chosen;          /* by place of the service */
	struct plan *plan;     /* stop and restart */
	struct step **last;    /* by place in the list, NULL: nothing is done */
	struct step **gate[2]; /* healthy, completed */
	struct chain *before, *after;
};

/* Is something running in it, or will be in a moment? */
static bool
is_up(const struct resource *r) {
	return str_in("running paused restarting", r->state);
}

/* A copy of a container that is there, with all that its plan can use of what is wanted. */
static struct resource *
copy_of(struct everyday_plan *x, const struct resource *r, const struct resources *want,
	int64_t number) {
	struct resource *copy = arena_make(x->ctx->mem, struct resource);
	const struct resource *w = want ? resources_find(want, KIND_CONTAINER, r->name) : NULL;

	*copy = w ? *w : *r;
	copy->service = r->service;
	copy->key = r->service->name;
	copy->state = r->state ? r->state : "";
	copy->number = number;
	copy->at = r->service->at;
	copy->image = NULL; /* nothing is made of it */
	copy->edge = NULL;
	copy->nedge = copy->cap_edge = 0;
	copy->mark = (uint32_t)x->n;
	return copy;
}

/* The list. Services have as many containers as there are, and each knows where its first one stands. */
static void
collect(struct everyday_plan *x, struct resource *const *v, size_t n,
	const struct resources *want) {
	struct project *p = x->project;

	x->v = arena_array(x->ctx->mem, n, sizeof(struct resource *));
	x->was = arena_array(x->ctx->mem, n, sizeof(struct resource *));
	for (size_t i = 0; i < p->nservice; i++)
		p->service[i].scale = 0;
	for (size_t i = 0; i < n; i++) {
		struct service *s = v[i]->service ? &p->service[v[i]->service->place] : NULL;
		if (!s || v[i]->one_off)
			continue;
		if (!s->scale++)
			s->mark = (uint32_t)x->n;
		x->was[x->n] = v[i];
		x->v[x->n] = copy_of(x, v[i], want, s->scale);
		x->n++;
	}
}

/* Edges to every container of the services that each one's service needs. */
static void
tie(struct everyday_plan *x) {
	static const enum ready ready[] = {
		[UNTIL_STARTED] = READY_STARTED,
		[UNTIL_HEALTHY] = READY_HEALTHY,
		[UNTIL_COMPLETED] = READY_COMPLETED,
	};

	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; k < x->v[i]->service->nneed; k++) {
			const struct need *need = &x->v[i]->service->need[k];
			for (int64_t j = 0; j < need->on->scale; j++)
				resource_edge(x->ctx, x->v[i],
					(struct edge){.to = x->v[need->on->mark + (size_t)j],
						.until = ready[need->until],
						.at = need->at,
						.required = need->required});
		}
}

/* Was it named? */
static bool
is_named(const struct everyday_plan *x, const struct service *s) {
	for (size_t i = 0; i < x->o->nonly; i++)
		if (str_eq(x->o->only[i], s->name))
			return true;
	return false;
}

/* Does the choice of one service take the other along: start what it needs, restart what must be restarted with it? */
static bool
takes_along(const struct everyday_plan *x, const struct service *s) {
	for (size_t i = 0; x->o->verb == EVERYDAY_RESTART && i < s->nneed; i++)
		if (s->need[i].restart && x->chosen[s->need[i].on->place])
			return true;
	for (size_t i = 0; x->o->verb == EVERYDAY_START && i < x->project->nservice; i++) {
		const struct service *by = &x->project->service[i];
		for (size_t k = 0; x->chosen[i] && k < by->nneed; k++)
			if (by->need[k].on == s)
				return true;
	}
	return false;
}

/* The services that were named, or all, and those that go with them. */
static void
choose(struct everyday_plan *x) {
	const struct project *p = x->project;
	bool more = x->o->nonly > 0;

	x->chosen = arena_array(x->ctx->mem, p->nservice, sizeof(*x->chosen));
	for (size_t i = 0; i < p->nservice; i++)
		x->chosen[i] = !x->o->nonly || is_named(x, &p->service[i]);
	while (more) {
		more = false;
		for (size_t i = 0; i < p->nservice; i++) {
			if (x->chosen[i] || !takes_along(x, &p->service[i]))
				continue;
			x->chosen[i] = true;
			more = true;
		}
	}
}

/* Has it done what it is for: something waits for its end, and it ended well? Only who names it wants it again. */
static bool
is_done(const struct everyday_plan *x, const struct resource *r) {
	if (!x->o->known || !str_eq(r->state, "exited") || r->exit_code || is_named(x, r->service))
		return false;
	for (size_t i = 0; i < x->project->nservice; i++)
		for (size_t k = 0; k < x->project->service[i].nneed; k++) {
			const struct need *need = &x->project->service[i].need[k];
			if (need->on == r->service && need->until == UNTIL_COMPLETED)
				return true;
		}
	return false;
}

/* Is there something to do to this one? */
static bool
is_due(const struct everyday_plan *x, size_t i) {
	const struct resource *r = x->was[i];

	if (!x->chosen[r->service->place])
		return false;
	if (!x->o->known)
		return true;
	if (x->o->verb == EVERYDAY_STOP)
		return is_up(r);
	if (str_in("dead removing", r->state) || is_done(x, r))
		return false;
	if (x->o->verb ==
		EVERYDAY_RESTART) /* only `start` gives one that was never started what it lacks */
		return !str_eq(r->state, "created");
	return !is_up(r) || str_eq(r->state, "paused");
}

/* Hooks run only where commands can. */
static struct chain
hooks(struct everyday_plan *x, size_t i, const char *key, bool runs) {
	return runs ? hooks_exec(x->ctx, x->plan, x->v[i], x->v[i]->service, key)
		    : (struct chain){0};
}

/* VERB [-t N] NAME; the hooks before it and after it. */
static void
lower(struct everyday_plan *x, size_t i, enum action act, const char *verb) {
	struct ctx *ctx = x->ctx;
	const struct resource *r = x->v[i];
	bool runs = !x->o->known || str_eq(r->state, "running");
	struct step *s = step_new(ctx, x->plan, act, r);

	step_text(ctx, s, verb);
	if (x->o->timeout_s >= 0)
		step_text(ctx, s, arena_printf(ctx->mem, "-t %lld", (long long)x->o->timeout_s));
	step_push(ctx, s, r->name, r->at);
	s->why = arena_printf(ctx->mem, "%s '%s'", verb, hook_called(r->service, r));
	x->last[i] = s;
	x->before[i] = hooks(x, i, "pre_stop", runs);
	x->after[i] = hooks(x, i, "post_start", act == ACT_RESTART);
	if (x->before[i].n)
		step_need(ctx, s, x->before[i].v[x->before[i].n - 1]);
	if (x->after[i].n)
		step_need(ctx, x->after[i].v[0], s);
	s->is_followed = x->after[i].n > 0;
	for (size_t k = 0; k < x->after[i].n; k++)
		step_extend(x->ctx, x->after[i].v[k])->follows = s;
}

/* The first thing that is done to a container. */
static struct step *
first_of(const struct everyday_plan *x, size_t i) {
	return x->before[i].n ? x->before[i].v[0] : x->last[i];
}

/* Steps for all that is due. */
static void
lower_due(struct everyday_plan *x, enum action act, const char *verb) {
	x->plan = arena_make(x->ctx->mem, struct plan);
	*x->plan = (struct plan){.project = x->project, .engine = x->engine};
	x->last = arena_array(x->ctx->mem, x->n, sizeof(struct step *));
	x->gate[0] = arena_array(x->ctx->mem, x->n, sizeof(struct step *));
	x->gate[1] = arena_array(x->ctx->mem, x->n, sizeof(struct step *));
	x->before = arena_array(x->ctx->mem, x->n, sizeof(*x->before));
	x->after = arena_array(x->ctx->mem, x->n, sizeof(*x->after));
	for (size_t i = 0; i < x->n; i++)
		if (is_due(x, i))
			lower(x, i, act, verb);
}

/* Append the steps of one container. */
static void
append(struct everyday_plan *x, size_t i) {
	for (size_t k = 0; k < x->before[i].n; k++)
		plan_append(x->ctx, x->plan, x->before[i].v[k]);
	if (x->last[i])
		plan_append(x->ctx, x->plan, x->last[i]);
	for (size_t k = 0; k < x->after[i].n; k++)
		plan_append(x->ctx, x->plan, x->after[i].v[k]);
}

/* What starts again all that a step stops: it may have become one for several. */
static void
set_undo(struct everyday_plan *x, struct step *s) {
	size_t from = x->o->timeout_s >= 0 ? 4 : 2;
	struct words rest = words_part(&s->argv, from + 1, s->argv.n);
	struct words undo = words_of(x->ctx, x->plan, "start", s->argv.v[from].s);

	words_push_all(x->ctx->mem, &undo, &rest);
	step_extend(x->ctx, s)->undo = undo;
}

/* A container is stopped when all that need it are; those that none needs come first. */
static struct plan *
plan_stop(struct everyday_plan *x) {
	lower_due(x, ACT_STOP, "stop");
	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; x->last[i] && k < x->v[i]->nedge; k++) {
			struct step *first = first_of(x, x->v[i]->edge[k].to->mark);
			if (first)
				step_need(x->ctx, first, x->last[i]);
		}
	if (x->o->known) /* a script tells of each by itself */
		batch_removals(
			x->ctx, &(struct removals){.rm = x->last, .hook = x->before, .n = x->n});
	for (size_t i = x->n; i-- > 0;) {
		if (x->last[i])
			set_undo(x, x->last[i]);
		append(x, i);
	}
	return x->plan;
}

/* The step after which an edge is satisfied; NULL when nothing is done to what it leads to. */
static struct step *
edge_step(struct everyday_plan *x, const struct edge *e) {
	static const struct plan_options none = {0};
	struct plan_options options = none;
	size_t i = e->to->mark;
	struct step **gate = &x->gate[e->until == READY_COMPLETED][i], *up = x->last[i];

	if (x->after[i].n)
		up = x->after[i].v[x->after[i].n - 1];
	if (!up || e->until == READY_STARTED || e->until == READY_MADE)
		return up;
	if (e->until == READY_HEALTHY && !node_find(e->to->service->tree, "healthcheck"))
		return up;
	if (!*gate) {
		options.gate_timeout_ms = x->o->gate_timeout_ms;
		*gate = gate_new(x->ctx, x->plan, e->to, e->until, &options);
		(*gate)->at = e->at;
		(*gate)->optional = true;
		step_need(x->ctx, *gate, up);
		plan_append(x->ctx, x->plan, *gate);
	}
	(*gate)->optional = (*gate)->optional && !e->required;
	return *gate;
}

/* A container is restarted when all that it needs is there again. */
static struct plan *
plan_restart(struct everyday_plan *x) {
	lower_due(x, ACT_RESTART, "restart");
	for (size_t i = 0; i < x->n; i++) {
		for (size_t k = 0; x->last[i] && k < x->v[i]->nedge; k++)
			step_need(x->ctx, first_of(x, i), edge_step(x, &x->v[i]->edge[k]));
		append(x, i);
	}
	return x->plan;
}

/* Why a container is started. */
static const char *
why_start(struct everyday_plan *x, size_t i) {
	const struct resource *r = x->v[i];
	const char *what = hook_called(r->service, r);

	if (!x->o->known)
		return arena_printf(x->ctx->mem, "start '%s'", what);
	return arena_printf(x->ctx->mem, "'%s' is %s", what, r->state);
}

/* Nothing is made, all else is as it would be: hooks, gates, what comes before. */
static struct plan *
plan_start(struct everyday_plan *x) {
	struct changes *changes = arena_make(x->ctx->mem, struct changes);
	struct plan_options options = {.no_checks = true,
		.labels = x->project->nfile > 0,
		.pull = PULL_NEVER,
		.build = BUILD_NEVER,
		.gate_timeout_ms = x->o->gate_timeout_ms};

	changes->v = arena_array(x->ctx->mem, x->n, sizeof(*changes->v));
	changes->n = x->n;
	for (size_t i = 0; i < x->n; i++) {
		bool due = is_due(x, i);
		if (due && !x->o->known)
			x->was[i]->state = "exited";
		changes->v[i] = (struct change){.kind = due ? CHANGE_REPAIR : CHANGE_KEEP,
			.want = x->v[i],
			.had = x->was[i],
			.why = due ? why_start(x, i) : "it runs",
			.at = x->v[i]->at};
	}
	return plan_make(x->ctx, x->project, x->engine, changes, &options);
}

struct plan *
plan_everyday(struct ctx *ctx, struct project *project, const struct engine *engine,
	struct resource *const *v, size_t n, const struct resources *want,
	const struct everyday_options *o) {
	struct everyday_plan x = {.ctx = ctx, .project = project, .engine = engine, .o = o};
	size_t errors = diag_errors(ctx);
	struct plan *plan;

	collect(&x, v, n, want);
	tie(&x);
	choose(&x);
	if (o->verb == EVERYDAY_START)
		return plan_start(&x);
	plan = o->verb == EVERYDAY_STOP ? plan_stop(&x) : plan_restart(&x);
	plan_order(ctx, plan);
	return diag_errors(ctx) == errors ? plan : NULL;
}
