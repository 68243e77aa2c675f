/* plan_replace.c - a container that takes the place of another one, and containers that go.
 *
 * The old one keeps its data and its networks until the new one is good: it gets the name NAME.old, is stopped, the new one is made and
 * started under NAME (plan_lower.c) and must show that it runs, and last of all, when that is true of all that was replaced, the old ones
 * are removed. Until then each step can be undone. Knows the steps; which container must go is the matter of diff_container.c. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* A container without a healthcheck is good when it still runs after so long. */
enum { SETTLE_MS = 1000 };

/* Is something running in it? */
static bool
is_up(const struct resource *had) {
	return str_in("running restarting paused", had->state);
}

/* A step on a container that is there: its words but the last, which is NAME. */
static struct step *
step_on(struct lowering *l, enum action act, const struct resource *about, const char *words,
	const char *name) {
	struct step *s = step_new(l->ctx, l->plan, act, about);

	step_text(l->ctx, s, words);
	step_push(l->ctx, s, name, about->at);
	step_extend(l->ctx, s)->guard = words_of(l->ctx, l->plan, "container inspect", name);
	return s;
}

/* `docker stop`, undone by a start. */
static struct step *
stop_step(struct lowering *l, const struct resource *about, const char *name) {
	struct step *s = step_new(l->ctx, l->plan, ACT_STOP, about);

	step_text(l->ctx, s, "stop");
	if (l->options->has_timeout)
		step_text(l->ctx, s,
			arena_printf(l->ctx->mem, "-t %lld", (long long)l->options->timeout_s));
	step_push(l->ctx, s, name, about->at);
	struct extra *own = step_extend(l->ctx, s);
	own->guard = words_of(l->ctx, l->plan, "container inspect", name);
	own->undo = words_of(l->ctx, l->plan, "start", name);
	return s;
}

/* One that nothing is lost with, out of the way. */
static void
remove_first(struct lowering *l, struct lowered *low, const struct resource *about,
	const struct resource *had, const char *why) {
	struct step *s = step_on(l, ACT_REMOVE, about, "rm -f", had->name);

	s->why = why;
	chain_add(l->ctx, &low->away, s);
}

/* Rename the old one, so that it makes room for the new one. */
static void
set_aside(struct lowering *l, const struct change *c, struct lowered *low, const char *aside) {
	struct ctx *ctx = l->ctx;
	struct step *s = step_new(ctx, l->plan, ACT_RENAME, c->want);

	step_text(ctx, s, "rename");
	step_push(ctx, s, c->had->name, c->want->at);
	step_push(ctx, s, aside, c->want->at);
	s->why = arena_printf(ctx->mem, "%s; the old one is kept as '%s' until the new one is good",
		c->why, aside);
	s->at = c->at;
	struct extra *own = step_extend(l->ctx, s);
	own->guard = words_of(ctx, l->plan, "container inspect", aside);
	own->undo = words_of(ctx, l->plan, "rename", aside);
	words_push(ctx->mem, &own->undo, c->had->name, c->want->at);
	chain_add(ctx, &low->away, s);
}

/* Stop the old one, after its hooks. */
static void
stop_old(struct lowering *l, const struct resource *about, const struct resource *had,
	const char *name, const char *why, struct chain *out) {
	struct ctx *ctx = l->ctx;
	struct resource *called = arena_make(ctx->mem, struct resource);
	struct chain hooks = {0};
	struct step *s;

	*called = *had;
	called->name = name;
	if (about->service && str_eq(had->state, "running"))
		hooks = hooks_exec(ctx, l->plan, called, about->service, "pre_stop");
	for (size_t i = 0; i < hooks.n; i++)
		chain_add(ctx, out, hooks.v[i]);
	s = stop_step(l, about, name);
	s->why = why;
	chain_add(ctx, out, s);
}

/* `rm` of an old one, among the last of all. */
static struct step *
remove_last(struct lowering *l, const struct resource *about, const char *name, const char *why) {
	struct step *s = step_on(l, ACT_REMOVE, about, "rm", name);

	s->why = why;
	chain_add(l->ctx, &l->last, s);
	return s;
}

/* It is good when it is healthy, or has not ended after a while. */
static void
add_gate(struct lowering *l, const struct change *c, struct lowered *low) {
	bool probed = has_healthcheck(c->want->service);
	struct step **gate = &low->gate[probed ? GATE_HEALTHY : GATE_RUNNING];

	if (!low->started || c->want->service->one_off.is)
		return;
	*gate = gate_new(
		l->ctx, l->plan, c->want, probed ? READY_HEALTHY : READY_STARTED, l->options);
	if (!probed)
		step_extend(l->ctx, *gate)->delay_ms = SETTLE_MS;
	step_need(l->ctx, *gate, low->after.n ? low->after.v[low->after.n - 1] : low->started);
	low->settled = *gate;
}

void
replace_clear(struct lowering *l, const struct change *c, struct lowered *low) {
	if (c->aside)
		remove_first(l, low, c->want, c->aside,
			arena_printf(l->ctx->mem,
				"remove '%s', which an apply that did not end has left",
				c->aside->name));
}

void
replace_before(struct lowering *l, const struct change *c, struct lowered *low) {
	struct ctx *ctx = l->ctx;
	const char *aside = aside_name(ctx, c->want->name);

	replace_clear(l, c, low);
	if (str_in("created dead removing", c->had->state)) {
		remove_first(l, low, c->want, c->had, c->why);
		low->away.v[low->away.n - 1]->at = c->at;
		return;
	}
	if (!str_eq(c->had->name, aside))
		set_aside(l, c, low, aside);
	if (is_up(c->had))
		stop_old(l, c->want, c->had, aside,
			arena_printf(ctx->mem, "stop the old container of '%s'", c->want->key),
			&low->away);
	low->old = aside;
}

void
replace_after(struct lowering *l, const struct change *c, struct lowered *low) {
	const char *old = c->kind == CHANGE_REPLACE ? low->old : c->aside ? c->aside->name : NULL;

	if (c->kind != CHANGE_REPLACE && (!c->aside || low->away.n))
		return;
	add_gate(l, c, low);
	if (old)
		low->goes = remove_last(l, c->want, old,
			arena_printf(
				l->ctx->mem, "remove the old container of '%s'", c->want->key));
}

bool
is_nameless(const char *volume) {
	return strlen(volume) == 64 && strspn(volume, "0123456789abcdef") == 64;
}

/* The anonymous volume of a mount, or NULL. */
static const char *
anonymous(const struct node *mount) {
	const char *name = node_text(node_find(mount, "Name"));

	return str_eq(node_text(node_find(mount, "Type")), "volume") && is_nameless(name) ? name
											  : NULL;
}

/* Where among the options does a mount of an unnamed volume at DST stand? 0: nowhere. */
static size_t
option_at(const struct words *w, const char *dst) {
	const char *field;
	size_t n = strlen(dst);

	for (size_t i = 1; i < w->n; i++) {
		if (str_eq(w->v[i - 1].s, "-v") && str_eq(w->v[i].s, dst))
			return i;
		if (!str_eq(w->v[i - 1].s, "--mount") || !str_starts(w->v[i].s, "type=volume,"))
			continue;
		field = strstr(w->v[i].s, "dst=");
		if (field && !strstr(w->v[i].s, "src=") && strncmp(field + 4, dst, n) == 0 &&
			(!field[4 + n] || field[4 + n] == ','))
			return i;
	}
	return 0;
}

/* Does the spec put another thing there? */
static bool
is_taken(const struct resource *r, const char *dst) {
	const struct node *list = node_find(r->service->tree, "volumes");

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *m = list->u.item[i];
		if (str_eq(node_text(node_find(m, "target")), dst))
			return *node_text(node_find(m, "source")) ||
			       !str_eq(node_text(node_find(m, "type")), "volume");
	}
	return false;
}

/* One anonymous volume of the old container into the words of the new one, before position *AT at the latest. */
static void
carry(struct ctx *ctx, struct words *w, uint32_t *at, const char *name, const char *dst) {
	size_t i = option_at(w, dst);
	struct word flag = {.s = "--mount", .starts = true}, value = {0};

	if (i && str_eq(w->v[i - 1].s, "-v")) {
		w->v[i].s = arena_join(ctx->mem, name, ":", dst, NULL);
	} else if (i) {
		w->v[i].s = arena_join(ctx->mem, "type=volume,src=", name, w->v[i].s + 11, NULL);
	} else {
		struct words all = {0}, head = words_part(w, 0, *at),
			     rest = words_part(w, *at, w->n);
		value.s = arena_join(ctx->mem, "type=volume,src=", name, ",dst=", dst, NULL);
		words_push_all(ctx->mem, &all, &head);
		words_push_word(ctx->mem, &all, flag);
		words_push_word(ctx->mem, &all, value);
		words_push_all(ctx->mem, &all, &rest);
		*w = all;
		*at += 2;
	}
}

/* To the engine a volume that is named in a command is none that goes with its container: our label tells `down -v` to remove
 * it. */
static void
note_carried(struct ctx *ctx, struct words *w, uint32_t *at, const char *names) {
	struct words all = {0}, head = words_part(w, 0, *at), rest = words_part(w, *at, w->n);

	words_push_all(ctx->mem, &all, &head);
	words_push_word(ctx->mem, &all, (struct word){.s = "--label", .starts = true});
	words_push_word(ctx->mem, &all,
		(struct word){.s = arena_join(ctx->mem, LABEL_CARRIED "=", names, NULL)});
	words_push_all(ctx->mem, &all, &rest);
	*w = all;
	*at += 2;
}

void
replace_volumes(struct ctx *ctx, const struct change *c, struct step *s) {
	const struct node *mounts = c->kind == CHANGE_REPLACE ? facts_at(c->had, "Mounts") : NULL;
	const char *names = "";
	struct words w = {0};

	if (!mounts || mounts->type != NODE_LIST)
		return;
	words_push_all(ctx->mem, &w, &s->argv);
	for (size_t i = 0; i < mounts->n; i++) {
		const char *name = anonymous(mounts->u.item[i]);
		const char *dst = node_text(node_find(mounts->u.item[i], "Destination"));
		if (!name || !*dst || strpbrk(dst, ",\"") || is_taken(c->want, dst))
			continue;
		carry(ctx, &w, &s->labels_at, name, dst);
		names = arena_join(ctx->mem, names, *names ? "," : "", name, NULL);
	}
	if (*names)
		note_carried(ctx, &w, &s->labels_at, names);
	s->argv = w;
}

/* A container that goes: it is stopped at once, and removed when all else is well. */
static void
lower_gone_container(struct lowering *l, const struct change *c) {
	struct ctx *ctx = l->ctx;
	struct chain chain = {0};
	size_t before = l->last.n;
	const struct resource *had = c->had;

	if (is_up(had))
		stop_old(l, had, had, had->name,
			arena_printf(ctx->mem, "stop '%s': %s", had->name, c->why), &chain);
	for (size_t i = 0; i < chain.n; i++)
		plan_append(ctx, l->plan, chain.v[i]);
	remove_last(
		l, had, had->name, arena_printf(ctx->mem, "remove '%s': %s", had->name, c->why));
	if (chain.n)
		step_need(ctx, l->last.v[before], chain.v[chain.n - 1]);
	l->stopped = grown(ctx, l->stopped, l->nstopped, sizeof(*l->stopped));
	l->stopped[l->nstopped++] = chain.n ? chain.v[chain.n - 1] : NULL;
}

void
lower_gone(struct lowering *l) {
	for (size_t i = 0; i < l->changes->ngone; i++)
		if (l->changes->gone[i].had->kind == KIND_CONTAINER)
			lower_gone_container(l, &l->changes->gone[i]);
	for (size_t i = 0; i < l->changes->ngone; i++) {
		const struct change *c = &l->changes->gone[i];
		struct step *s;
		if (c->had->kind != KIND_NETWORK)
			continue;
		s = step_new(l->ctx, l->plan, ACT_REMOVE, c->had);
		step_text(l->ctx, s, "network rm");
		step_push(l->ctx, s, c->had->name, c->had->at);
		step_retries(l->ctx, s)->guard =
			words_of(l->ctx, l->plan, "network inspect", c->had->name);
		s->why = arena_printf(l->ctx->mem, "remove network '%s': %s", c->had->key, c->why);
		if (!c->had->is_twin) {
			chain_add(l->ctx, &l->last, s);
			continue;
		}
		step_need(l->ctx, s, l->twin);
		plan_append(l->ctx, l->plan, s);
		l->twin = s;
	}
}

/* An old one that something still shares a namespace with is stopped after it. */
static void
tie_stops(struct lowering *l, size_t i) {
	const struct resource *r = l->changes->v[i].want;
	struct chain *mine = &l->low[i].away;

	for (size_t k = 0; mine->n && k < r->nedge; k++) {
		const struct resource *to = r->edge[k].to;
		struct chain *theirs = &l->low[to->mark].away;
		if (to->kind == KIND_CONTAINER && theirs->n)
			step_need(l->ctx, theirs->v[theirs->n - 1], mine->v[mine->n - 1]);
		if (to->kind == KIND_NETWORK && l->low[to->mark].removed)
			step_need(l->ctx, l->low[to->mark].removed, mine->v[mine->n - 1]);
	}
}

/* Those that go are out of the networks that are made anew. */
static void
tie_networks(struct lowering *l) {
	for (size_t i = 0; i < l->changes->n; i++)
		for (size_t k = 0; l->low[i].removed && k < l->nstopped; k++)
			step_need(l->ctx, l->low[i].removed, l->stopped[k]);
}

/* As long as two networks have one name nobody can use it. */
static void
tie_twins(struct lowering *l) {
	for (size_t i = 0; i < l->changes->n; i++) {
		struct lowered *low = &l->low[i];
		struct step *first = low->removed ? low->removed : low->made;
		if (low->away.n)
			first = low->away.v[0];
		if (!first)
			first = low->connect ? low->connect : low->started;
		if (l->changes->v[i].want->kind != KIND_IMAGE && first)
			step_need(l->ctx, first, l->twin);
	}
}

void
tie_away(struct lowering *l) {
	if (l->twin)
		tie_twins(l);
	for (size_t i = 0; i < l->changes->n; i++)
		if (l->changes->v[i].want->kind == KIND_CONTAINER)
			tie_stops(l, i);
	if (l->nstopped)
		tie_networks(l);
}

void
append_last(struct lowering *l) {
	struct chain *last = &l->last;

	if (!last->n)
		return;
	if (l->plan->nstep && l->plan->step[l->plan->nstep - 1]->act == ACT_CHECK)
		step_need(l->ctx, last->v[0], l->plan->step[l->plan->nstep - 1]);
	for (size_t i = 0; i < l->changes->n; i++) {
		const struct lowered *low = &l->low[i];
		struct step *end = low->settled   ? low->settled
				   : low->after.n ? low->after.v[low->after.n - 1]
				   : low->started ? low->started
						  : low->made;
		if (l->changes->v[i].want->kind == KIND_CONTAINER && end)
			step_need(l->ctx, last->v[0], end);
	}
	for (size_t i = 0; i < last->n; i++)
		plan_append(l->ctx, l->plan, last->v[i]);
}
