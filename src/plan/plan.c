/* plan.c - from changes to steps.
 * Starts at plan_make(): the steps of each change are made first (plan_lower.c), then tied to what they need (with gates between), then put
 * into one order. Knows what each change takes; the words come from the wanted resources. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* So many pulls may stand among the needs of every network and volume. */
enum { FEW_PULLS = 16 };

/* The step after which a container runs and its hooks are done. */
static struct step *
up(const struct lowered *low) {
	return low->after.n ? low->after.v[low->after.n - 1] : low->started;
}

/* The step that must be over before an edge is satisfied; NULL if it is already. */
static struct step *
edge_step(struct lowering *l, const struct edge *e) {
	struct lowered *to = &l->low[e->to->mark];
	struct step **gate = &to->gate[e->until == READY_COMPLETED ? GATE_COMPLETED : GATE_HEALTHY];

	if (e->until == READY_MADE)
		return to->made;
	if (e->until == READY_STARTED)
		return up(to);
	if (!*gate) {
		if (e->until == READY_HEALTHY && !node_find(e->to->service->tree, "healthcheck"))
			diag(l->ctx, SEV_ERROR, e->at, "no-healthcheck",
				"this waits until '%s' is healthy, and '%s' has no 'healthcheck': "
				"give it one; if its "
				"image brings one, 'healthcheck: {interval: 30s}' says so",
				e->to->key, e->to->key);
		*gate = gate_new(l->ctx, l->plan, e->to, e->until, l->options);
		(*gate)->at = e->at;
		(*gate)->optional = true;
		step_need(l->ctx, *gate, up(to));
		plan_append(l->ctx, l->plan, *gate);
	}
	(*gate)->optional = (*gate)->optional && !e->required;
	return *gate;
}

/* The copy or connect before this one, or NULL. */
static struct step *
step_before(const struct step *s) {
	bool is_between =
		s->nneed && (s->need[0]->act == ACT_CONNECT || s->need[0]->act == ACT_COPY);

	return is_between ? s->need[0] : NULL;
}

/* The first step of a container that uses this thing: the one that makes it, or connects it to the network, so that it can be made while
 * a further network still is. */
static struct step *
first_user(const struct lowered *low, const struct resource *to) {
	struct step *first = low->made ? low->made : low->connect;

	if (to->kind != KIND_NETWORK)
		return first;
	for (struct step *s = low->connect; s && s != low->made; s = step_before(s))
		if (s->act == ACT_CONNECT && str_eq(s->argv.v[s->argv.n - 2].s, to->name))
			return s;
	return first;
}

/* What a container's steps need: shared things before they are used, other services before it is started. The gates are put
 * into the list here, right before the container that waits. */
static void
tie_container(struct lowering *l, const struct change *c, struct lowered *low) {
	for (size_t i = 0; i < c->want->nedge; i++) {
		const struct edge *e = &c->want->edge[i];
		struct step *first = first_user(low, e->to);
		struct step *start = low->before.n ? low->before.v[0] : low->started;
		if (e->until == READY_MADE && first)
			step_need(l->ctx, first, edge_step(l, e));
		else if (e->until != READY_MADE && start)
			step_need(l->ctx, start, edge_step(l, e));
	}
	/* a namespace of another container can be shared only once that one is made */
	for (size_t i = 0; low->made && low->made != low->started && i < c->want->nedge; i++)
		if (c->want->edge[i].to->kind == KIND_CONTAINER)
			step_need(l->ctx, low->made, l->low[c->want->edge[i].to->mark].made);
}

static void
append_chain(struct lowering *l, const struct chain *c) {
	for (size_t i = 0; i < c->n; i++)
		plan_append(l->ctx, l->plan, c->v[i]);
}

/* The steps of one container at their place in the list. */
static void
append_container(struct lowering *l, const struct change *c, struct lowered *low) {
	struct step **chain =
		arena_array(l->ctx->mem, c->want->nconnect + 1, sizeof(struct step *));
	size_t n = 0;

	tie_container(l, c, low);
	append_chain(l, &low->away);
	if (low->made)
		plan_append(l->ctx, l->plan, low->made);
	for (struct step *s = low->connect; s && s != low->made; s = step_before(s))
		chain[n++] = s;
	while (n)
		plan_append(l->ctx, l->plan, chain[--n]);
	append_chain(l, &low->before);
	if (low->started && low->started != low->made)
		plan_append(l->ctx, l->plan, low->started);
	append_chain(l, &low->after);
	if (low->settled)
		plan_append(l->ctx, l->plan, low->settled);
}

/* Nothing is made when an image can't be had: networks and volumes come after the pulls. Where these are many they are needed by
 * the first network or volume, and that one by the others: the number of needs grows with the file, not with its square. */
static void
tie_to_pulls(struct lowering *l, struct step *s) {
	if (l->npull > FEW_PULLS && l->first) {
		step_need(l->ctx, s, l->first);
		return;
	}
	for (size_t i = 0; i < l->npull; i++)
		step_need(l->ctx, s, l->pull[i]);
	l->first = l->first ? l->first : s;
}

/* The steps of one image at their place in the list; the images that it is built on come first. */
static void
append_image(struct lowering *l, const struct change *c, struct lowered *low) {
	struct step *got = low->build ? low->build : low->pull;

	for (size_t i = 0; low->build && i < c->want->nedge; i++)
		step_need(l->ctx, low->build, edge_step(l, &c->want->edge[i]));
	if (low->pull)
		plan_append(l->ctx, l->plan, low->pull);
	if (low->build)
		plan_append(l->ctx, l->plan, low->build);
	if (got) {
		l->pull = grown(l->ctx, l->pull, l->npull, sizeof(struct step *));
		l->pull[l->npull++] = got;
	}
	if (low->same)
		plan_append(l->ctx, l->plan, low->same);
	if (low->query)
		plan_append(l->ctx, l->plan, low->query);
	if (low->command)
		plan_append(l->ctx, l->plan, low->command);
}

/* All steps, in the order of what is wanted. */
static void
append_all(struct lowering *l) {
	for (size_t i = 0; i < l->changes->n; i++) {
		const struct change *c = &l->changes->v[i];
		struct lowered *low = &l->low[i];
		if (c->want->kind == KIND_CONTAINER) {
			append_container(l, c, low);
			continue;
		}
		if (c->want->kind == KIND_IMAGE)
			append_image(l, c, low);
		if (low->made && c->want->kind != KIND_IMAGE) {
			tie_to_pulls(l, low->made);
			if (low->removed)
				plan_append(l->ctx, l->plan, low->removed);
			plan_append(l->ctx, l->plan, low->made);
		}
	}
}

/* Only the checks, and the pulls of the images that they run. */
static void
append_check_pulls(struct lowering *l) {
	for (size_t i = 0; i < l->changes->n; i++)
		if (l->low[i].pull && !l->changes->v[i].want->service)
			plan_append(l->ctx, l->plan, l->low[i].pull);
}

/* The changes, to be refined. */
static struct changes *
copy_of(struct ctx *ctx, const struct changes *changes) {
	struct changes *copy = arena_make(ctx->mem, struct changes);

	*copy = *changes;
	if (!changes->observed)
		return copy;
	copy->v = arena_array(ctx->mem, changes->n, sizeof(*copy->v));
	memcpy(copy->v, changes->v, changes->n * sizeof(*copy->v));
	return copy;
}

struct plan *
plan_make(struct ctx *ctx, const struct project *p, const struct engine *engine,
	const struct changes *changes, const struct plan_options *options) {
	struct plan *plan = arena_make(ctx->mem, struct plan);
	struct arena *scratch = arena_new();
	struct lowering l = {.ctx = ctx,
		.plan = plan,
		.options = options,
		.changes = copy_of(ctx, changes),
		.low = arena_array(scratch, changes->n, sizeof(struct lowered))};
	size_t errors = diag_errors(ctx);

	*plan = (struct plan){
		.project = p, .engine = engine, .changes = l.changes, .labels = options->labels};
	if (plan->labels)
		plan->shared_labels = labels_shared(ctx, p);
	lower_all(&l);
	if (options->only_checks)
		append_check_pulls(&l);
	else {
		append_all(&l);
		if (options->wait)
			waits_append(&l);
	}
	if (options->only_checks || (plan->nstep && !options->no_checks && !options->no_start))
		checks_append(ctx, plan);
	if (!options->only_checks)
		append_last(&l);
	arena_free(scratch);
	plan_order(ctx, plan);
	plan_check_words(ctx, plan);
	return diag_errors(ctx) == errors ? plan : NULL;
}
