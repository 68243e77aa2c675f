/* plan_undo.c - the plan that takes back a run that has failed: the inverse of each step that was done, the last one first.
 * Starts at plan_undo(). What it may remove is decided by what the engine has now: only what is ours, and was made by this very run. Nothing
 * that holds data is removed: volumes stay, and a container that writes to one is stopped before it goes. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

struct undoing {
	struct ctx *ctx;
	const struct plan *of;
	const struct deed *deed;
	const struct resources *had;
	struct plan *plan;
	struct chain *inverse; /* by position of the step: the steps that take it back */
	struct chain *
		before; /* of a step without inverse: what must be undone before what it needs is */
	struct node *made;         /* names of the containers that the run has made */
	uint32_t **after, *nafter; /* the positions of the steps that need one */
	uint32_t *
		seen; /* by the number of an undoing step: the position for which it was seen, plus 1 */
	bool *settled; /* by position of the step: taken back along with a later one */
	struct left *left;
};

/* Is it a thing that this step has made, as far as can be told? */
static bool
is_made_by(const struct undoing *x, size_t i, const struct resource *had) {
	const struct step *s = x->of->step[i];
	const struct changes *changes = x->of->changes;
	const char *id = x->deed[i].id;

	if (!had || !str_eq(had->project, x->of->project->name) ||
		(!had->ours && !step_extra(s)->hook))
		return false;
	if (id && had->id && !str_starts(had->id, id) && !str_starts(id, had->id))
		return false; /* somebody has replaced it */
	for (size_t k = 0; changes && s->res && k < changes->n; k++)
		if (changes->v[k].had && changes->v[k].want == s->res &&
			str_eq(changes->v[k].had->id, had->id))
			return false; /* it was there before */
	return true;
}

/* Does the step make a container, a network or a volume? */
static bool
makes(const struct step *s) {
	return s->act == ACT_CREATE || s->act == ACT_RUN ||
	       (step_extra(s)->hook && step_extra(s)->undo.n);
}

/* Is it done to a container that the run has made? It goes with that. What is renamed and stopped is the one in whose place that came. */
static bool
goes_with_it(const struct undoing *x, const struct step *s) {
	return s->kind == KIND_CONTAINER && s->act != ACT_RENAME && s->act != ACT_STOP &&
	       s->act != ACT_REMOVE && node_member(x->made, s->name);
}

/* The change that the step is a part of, if something was there before; or NULL. */
static const struct change *
change_of(const struct undoing *x, const struct step *s) {
	const struct changes *list = x->of->changes;

	for (size_t i = 0; list && s->res && i < list->n; i++)
		if (list->v[i].want == s->res && list->v[i].had)
			return &list->v[i];
	for (size_t i = 0; list && s->res && i < list->ngone; i++)
		if (list->gone[i].had == s->res)
			return &list->gone[i];
	return NULL;
}

/* The network in whose place the step's comes, if it is known how it was; or NULL. */
static const struct resource *
old_network(const struct undoing *x, const struct step *s) {
	const struct change *c = s->kind == KIND_NETWORK ? change_of(x, s) : NULL;

	return c && c->had->facts ? c->had : NULL;
}

/* Has the network that was there before gone, for another one? */
static bool
is_lost(const struct undoing *x, const struct resource *net) {
	for (size_t i = 0; i < x->had->n; i++)
		if (x->had->v[i]->kind == KIND_NETWORK && str_eq(x->had->v[i]->id, net->id))
			return false;
	return true;
}

/* Was what it belongs to removed for good: the container in whose place a new one came, a network of which too little is known? Then what
 * there is now is all there is. */
static bool
is_final(const struct undoing *x, size_t i) {
	const struct step *s = x->of->step[i];

	if (old_network(x, s))
		return false;
	for (size_t k = 0; s->res && k < x->of->nstep; k++)
		if (x->of->step[k]->act == ACT_REMOVE && x->of->step[k]->res == s->res &&
			x->deed[k].how != DEED_NONE && (k > i || s->kind == KIND_NETWORK))
			return true;
	return false;
}

/* The last word of a command: the container that it is about. */
static const char *
last_word(const struct words *argv) {
	return argv->v[argv->n - 1].s;
}

/* Is there something to take back? */
static bool
is_undone(const struct undoing *x, size_t i) {
	const struct step *s = x->of->step[i];
	const struct resource *had =
		s->act == ACT_CHECK ? NULL : resources_find(x->had, s->kind, s->name);
	const struct resource *net = old_network(x, s);

	if (x->deed[i].how == DEED_NONE || x->settled[i] || (s->kind == KIND_VOLUME && makes(s)))
		return false;
	if (s->act == ACT_REMOVE && net)
		return is_lost(x, net);
	if (!step_undo(x->ctx, x->of, s).n || is_final(x, i))
		return false;
	if (makes(s))
		return is_made_by(x, i, had);
	if (goes_with_it(x, s))
		return false;
	if (x->deed[i].how == DEED_UNSURE && s->act == ACT_RENAME)
		return resources_find(x->had, KIND_CONTAINER, last_word(&s->argv)) != NULL;
	if (x->deed[i].how == DEED_UNSURE && s->act == ACT_START)
		return had && str_in("running restarting paused", had->state);
	return true;
}

/* What is done to undo such a step. */
static enum action
inverse_of(const struct step *s) {
	if (makes(s))
		return ACT_REMOVE;
	return s->act == ACT_START    ? ACT_STOP
	       : s->act == ACT_STOP   ? ACT_START
	       : s->act == ACT_REMOVE ? ACT_CREATE
				      : s->act;
}

/* A step that takes back S, with the words of its command. */
static struct step *
undo_step(struct undoing *x, const struct step *s, enum action act, struct words argv) {
	struct step *u = step_new(x->ctx, x->plan, act, s->res);

	u->kind = s->kind;
	u->name = s->name;
	u->title = s->title;
	u->service = s->service;
	u->at = s->at;
	u->argv = argv;
	step_extend(x->ctx, u)->undoes = s;
	return u;
}

/* May the container be writing to something that stays? */
static bool
holds_data(const struct step *s) {
	const struct node *volumes = s->service ? node_find(s->service->tree, "volumes") : NULL;

	return (volumes && volumes->n) || step_extra(s)->hook ||
	       (s->service && node_find(s->service->tree, "volumes_from"));
}

/* `docker stop` before the removal. */
static struct step *
stop_first(struct undoing *x, const struct step *s) {
	struct step *u = undo_step(x, s, ACT_STOP, words_of(x->ctx, x->plan, "stop", s->name));

	u->why = arena_printf(
		x->ctx->mem, "stop '%s' before it is removed: it may be writing data", s->name);
	u->optional = true;
	return u;
}

/* A container that was set aside, NAME now, was in networks that have been made again since: it is put into these. */
static void
reconnect(struct undoing *x, const struct step *s, const char *name, struct chain *out) {
	const struct change *c = change_of(x, s);
	const struct changes *list = x->of->changes;

	for (size_t i = 0; c && list && i < list->n; i++) {
		const struct resource *net = list->v[i].had;
		struct step *off, *on;
		if (list->v[i].kind != CHANGE_REPLACE || list->v[i].want->kind != KIND_NETWORK ||
			!net->facts || !is_lost(x, net) || !is_in_network(c->had, net->name))
			continue;
		off = undo_step(x, s, ACT_CONNECT,
			words_of(x->ctx, x->plan, "network disconnect -f", net->name));
		words_push(x->ctx->mem, &off->argv, name, s->at);
		off->why = arena_printf(
			x->ctx->mem, "the network '%s' that it was in is gone", net->name);
		off->optional = true;
		on = undo_step(
			x, s, ACT_CONNECT, connect_again(x->ctx, x->plan, c->had, net->name, name));
		on->why = arena_printf(x->ctx->mem, "it was in the network '%s'", net->name);
		chain_add(x->ctx, out, off);
		chain_add(x->ctx, out, on);
	}
}

/* Is what is set aside stopped by the plan, too? */
static bool
is_stopped(const struct undoing *x, const struct step *s) {
	for (size_t i = 0; i < x->of->nstep; i++)
		if (x->of->step[i]->act == ACT_STOP && x->of->step[i]->res == s->res)
			return true;
	return false;
}

/* The step that takes back what step I did, by the command ARGV. */
static struct step *
back_step(struct undoing *x, size_t i, struct words argv) {
	const struct step *s = x->of->step[i];
	struct step *u = undo_step(x, s, inverse_of(s), argv);

	u->why = arena_printf(x->ctx->mem, "undo step %u: %s", s->id, s->why);
	return u;
}

/* Where the container that step I stops was set aside before that, if that is to be taken back, too; else I. */
static size_t
set_aside_at(const struct undoing *x, size_t i) {
	const struct step *s = x->of->step[i];

	for (size_t k = 0; k < i; k++)
		if (x->of->step[k]->act == ACT_RENAME && x->of->step[k]->res == s->res &&
			str_eq(last_word(&x->of->step[k]->argv), last_word(&s->argv)) &&
			is_undone(x, k))
			return k;
	return i;
}

/* What was stopped gets its name back first, then its networks, and runs last: so the engine never has to change the names under which a
 * running container is found. */
static void
start_again(struct undoing *x, size_t i, struct step *start, struct chain *out) {
	const struct step *s = x->of->step[i];
	const size_t at = set_aside_at(x, i);

	if (at != i) {
		struct step *back = back_step(x, at, step_undo(x->ctx, x->of, x->of->step[at]));
		struct words argv = {0};
		words_push_all(x->ctx->mem, &argv, &start->argv);
		argv.v[argv.n - 1] = back->argv.v[back->argv.n - 1];
		start->argv = argv;
		x->settled[at] = true;
		chain_add(x->ctx, out, back);
	}
	reconnect(x, s, last_word(&start->argv), out);
	chain_add(x->ctx, out, start);
}

/* The steps that take back step I, each needing the one before it. */
static struct chain
invert(struct undoing *x, size_t i) {
	const struct step *s = x->of->step[i];
	const struct resource *had = resources_find(x->had, s->kind, s->name);
	const struct resource *again = s->act == ACT_REMOVE ? old_network(x, s) : NULL;
	struct chain out = {0};
	struct step *u = back_step(
		x, i, again ? network_again(x->ctx, x->plan, again) : step_undo(x->ctx, x->of, s));

	u->optional = x->deed[i].how == DEED_UNSURE && !makes(s) && !again;
	if (s->kind == KIND_NETWORK && !again)
		step_retries(x->ctx, u);
	if (u->act == ACT_REMOVE && s->kind == KIND_CONTAINER && holds_data(s) &&
		str_in("running restarting paused", had->state))
		chain_add(x->ctx, &out, stop_first(x, s));
	if (s->act == ACT_STOP)
		start_again(x, i, u, &out);
	else
		chain_add(x->ctx, &out, u);
	if (s->act == ACT_RENAME && !is_stopped(x, s))
		reconnect(x, s, last_word(&u->argv), &out);
	return out;
}

/* Was something changed that stays so? Volumes are kept on purpose; what is done inside a container goes with it. */
static bool
stays(const struct undoing *x, size_t i) {
	const struct step *s = x->of->step[i];

	if (x->deed[i].how == DEED_NONE || x->inverse[i].n || s->optional)
		return false;
	if (s->act == ACT_CREATE && s->kind == KIND_VOLUME)
		return x->deed[i].how == DEED_DONE;
	if (s->act != ACT_EXEC && s->act != ACT_COPY && s->act != ACT_REMOVE)
		return false;
	return !goes_with_it(x, s);
}

/* The names of the containers that were made. */
static void
find_made(struct undoing *x) {
	x->made = node_new(x->ctx->mem, NODE_MAP, (struct pos){0});
	for (size_t i = 0; i < x->of->nstep; i++) {
		const struct step *s = x->of->step[i];
		if (s->kind == KIND_CONTAINER && makes(s) && x->deed[i].how != DEED_NONE &&
			!node_member(x->made, s->name))
			node_add(x->ctx->mem, x->made, s->name, s->at, NULL);
	}
}

/* Who needs whom, the other way round. */
static void
find_followers(struct undoing *x) {
	const struct plan *p = x->of;
	struct arena *mem = x->ctx->mem;

	x->after = arena_array(mem, p->nstep, sizeof(*x->after));
	x->nafter = arena_array(mem, p->nstep, sizeof(*x->nafter));
	for (size_t i = 0; i < p->nstep; i++)
		for (size_t k = 0; k < p->step[i]->nneed; k++) {
			size_t to = p->step[i]->need[k]->id - 1;
			x->after[to] = grown(x->ctx, x->after[to], x->nafter[to], sizeof(uint32_t));
			x->after[to][x->nafter[to]++] = (uint32_t)i;
		}
}

/* Add to those that come before step I is undone. */
static void
add_before(struct undoing *x, size_t i, struct step *u) {
	struct chain *c = &x->before[i];

	if (x->seen[u->id] == i + 1)
		return;
	x->seen[u->id] = (uint32_t)i + 1;
	c->v = grown(x->ctx, c->v, c->n, sizeof(struct step *));
	c->v[c->n++] = u;
}

/* What needed step I is undone before it; what needed it and has no inverse passes that on. */
static void
tie(struct undoing *x, size_t i) {
	const struct chain *mine = &x->inverse[i];

	for (size_t k = 0; k < x->nafter[i]; k++) {
		const struct chain *c = &x->inverse[x->after[i][k]];
		const struct chain *before = &x->before[x->after[i][k]];
		if (c->n)
			add_before(x, i, c->v[c->n - 1]);
		for (size_t j = 0; !c->n && j < before->n; j++)
			add_before(x, i, before->v[j]);
	}
	for (size_t u = 0; u < mine->n; u++) /* each, for the one before it may be skipped */
		for (size_t k = 0; k < x->before[i].n; k++)
			step_need(x->ctx, mine->v[u], x->before[i].v[k]);
}

/* Append the inverse of step I; for now the number of each step is its place. */
static void
append(struct undoing *x, size_t i) {
	struct chain *c = &x->inverse[i];

	*c = invert(x, i);
	for (size_t k = 0; k < c->n; k++) {
		c->v[k]->id = (uint32_t)x->plan->nstep;
		plan_append(x->ctx, x->plan, c->v[k]);
	}
}

/* Note the step as one whose effect stays. */
static void
note_left(struct undoing *x, size_t i) {
	struct left *left = x->left;

	left->v = grown(x->ctx, left->v, left->n, sizeof(*left->v));
	left->v[left->n++] = x->of->step[i];
}

/* How many networks are made anew. */
static size_t
count_networks(const struct plan *of) {
	size_t n = 0;

	for (size_t i = 0; of->changes && i < of->changes->n; i++)
		n += of->changes->v[i].kind == CHANGE_REPLACE &&
		     of->changes->v[i].want->kind == KIND_NETWORK;
	return n;
}

struct plan *
plan_undo(struct ctx *ctx, const struct plan *of, const struct deed *deed,
	const struct resources *had, struct left *left) {
	struct plan *plan = arena_make(ctx->mem, struct plan);
	struct undoing x = {.ctx = ctx,
		.of = of,
		.deed = deed,
		.had = had,
		.plan = plan,
		.inverse = arena_array(ctx->mem, of->nstep, sizeof(struct chain)),
		.before = arena_array(ctx->mem, of->nstep, sizeof(struct chain)),
		.seen = arena_array(
			ctx->mem, (2 + 2 * count_networks(of)) * of->nstep, sizeof(uint32_t)),
		.settled = arena_array(ctx->mem, of->nstep, sizeof(bool)),
		.left = left};

	*plan = (struct plan){
		.project = of->project, .engine = of->engine, .changes = of->changes, .undoes = of};
	*left = (struct left){0};
	find_made(&x);
	find_followers(&x);
	for (size_t i = of->nstep; i-- > 0;) {
		if (is_undone(&x, i))
			append(&x, i);
		tie(&x, i);
	}
	for (size_t i = 0; i < of->nstep; i++)
		if (stays(&x, i))
			note_left(&x, i);
	plan_order(ctx, plan);
	return plan;
}
