/* plan_batch.c - several containers stopped, and removed, by one command each.
 * `docker stop A B C` asks all of them at once, so that a stack whose containers take their time is down in the time of the
 * slowest one, however few commands may run at a time. Only containers are put together that wait for the same ones and that the same
 * ones wait for: so nothing is later than it would have been by itself, and no circle can arise.
 * Starts at batch_removals(). */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <stdlib.h>

enum {
	BATCH_MOST = 50, /* docker itself does no more at a time */
	NAMES_SHOWN = 3,
};

/* A container whose steps may be put together with those of others. */
struct single {
	size_t i; /* its place in the lists */
	uint64_t
		needs; /* what it waits for, and who waits for it: sums of scattered numbers, the same for the same sets */
	uint64_t followers;
};

/* A number scattered over 64 bits, so that different sums are of different sets. */
static uint64_t
scatter(uint64_t x) {
	x += 0x9e3779b97f4a7c15U;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
	return x ^ (x >> 31);
}

/* Is it the last step of a container? Then its resource's mark is its place in the lists. */
static bool
is_last(const struct removals *all, const struct step *s) {
	return s->act == (all->stop ? ACT_REMOVE : ACT_STOP) && s->res && s->kind == KIND_CONTAINER;
}

/* The step that stops the container at I, where that is not the last. */
static struct step *
stop_of(const struct removals *all, size_t i) {
	return all->stop ? all->stop[i] : NULL;
}

/* Add to the sums that the container at I waits, in step S, for others. */
static void
add_needs(const struct removals *all, struct single *of, size_t i, const struct step *s) {
	for (size_t k = 0; s && k < s->nneed; k++) {
		size_t to = s->need[k]->res ? s->need[k]->res->mark : 0;
		if (!is_last(all, s->need[k]))
			continue;
		of[i].needs += scatter(to);
		of[to].followers += scatter(i);
	}
}

/* Add up who waits for whom. */
static void
sum_up(const struct removals *all, struct single *of) {
	for (size_t i = 0; i < all->n; i++) {
		if (all->rm[i] && !is_last(all, all->rm[i]))
			continue;
		for (size_t k = 0; k < all->hook[i].n; k++)
			add_needs(all, of, i, all->hook[i].v[k]);
		add_needs(all, of, i, stop_of(all, i));
		add_needs(all, of, i, all->rm[i]);
	}
}

/* The order in which those that belong together stand together, each group in the order of the list. */
static int
compare(const void *a, const void *b) {
	const struct single *x = a, *y = b;

	if (x->needs != y->needs)
		return x->needs < y->needs ? -1 : 1;
	if (x->followers != y->followers)
		return x->followers < y->followers ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

/* May it be put together with others: running, and without a hook that comes before its stop? */
static bool
is_plain(const struct removals *all, size_t i) {
	const struct step *s = all->stop ? all->stop[i] : all->rm[i];

	return s && s->kind == KIND_CONTAINER && all->rm[i] && !all->hook[i].n;
}

/* "a, b, c and 17 more": the services, each once. */
static char *
titles(struct ctx *ctx, struct step *const *of, const struct single *v, size_t n) {
	struct buf b = {0};
	size_t named = 0;

	for (size_t k = 0; k < n; k++) {
		const char *title = of[v[k].i]->title;
		if (k && str_eq(title, of[v[k - 1].i]->title))
			continue; /* another one of a service */
		if (named++ < NAMES_SHOWN)
			buf_printf(&b, "%s%s", named > 1 ? ", " : "", title);
	}
	if (named > NAMES_SHOWN)
		buf_printf(&b, " and %zu more", named - NAMES_SHOWN);
	return arena_take_buf(ctx->mem, &b);
}

/* The first one's step does it for all: its name stands last in each command. */
static void
put_together(struct ctx *ctx, struct step **of, const struct single *v, size_t n, const char *why) {
	struct step *first = of[v[0].i];

	first->title = titles(ctx, of, v, n);
	first->name = first->title;
	first->why = arena_join(ctx->mem, why, first->title, NULL);
	step_extend(ctx, first)->guard = (struct words){0}; /* there is none for several */
	first->batch = (uint32_t)n;
	for (size_t k = 1; k < n; k++) {
		const struct step *s = of[v[k].i];
		words_push_word(ctx->mem, &first->argv, s->argv.v[s->argv.n - 1]);
	}
}

/* Who waited for another of a group waits for its first one, once. */
static void
pass_needs(const struct removals *all, struct step *const *now, struct step *s) {
	size_t kept = 0;

	for (size_t k = 0; s && k < s->nneed; k++) {
		struct step *need = s->need[k];
		size_t same = 0;
		if (is_last(all, need) && now[need->res->mark])
			need = now[need->res->mark];
		while (same < kept && s->need[same] != need)
			same++;
		s->need[same] = need;
		kept += same == kept;
	}
	if (s)
		s->nneed = (uint32_t)kept;
}

/* Make one of a group: two commands for all of them, or one where they are only stopped. */
static void
make_batch(struct ctx *ctx, const struct removals *all, struct step **now, const struct single *v,
	size_t n) {
	static const char stops[] = "stop at once, for none of them needs another: ";
	struct step **last = all->rm;

	if (all->stop) {
		put_together(ctx, all->stop, v, n, stops);
		put_together(ctx, last, v, n, "remove the containers of ");
		all->stop[v[0].i]->soft = true; /* those that did stop can be removed */
	} else {
		put_together(ctx, last, v, n, stops);
	}
	for (size_t k = 1; k < n; k++) {
		now[v[k].i] = last[v[0].i];
		last[v[k].i] = NULL;
		if (all->stop)
			all->stop[v[k].i] = NULL;
	}
}

void
batch_removals(struct ctx *ctx, const struct removals *all) {
	struct single *of = arena_array(ctx->mem, all->n, sizeof(*of));
	struct step **now = arena_array(ctx->mem, all->n, sizeof(*now));
	size_t n = 0;

	sum_up(all, of);
	for (size_t i = 0; i < all->n; i++) {
		now[i] = all->rm[i];
		if (!is_plain(all, i))
			continue;
		of[n] = of[i];
		of[n++].i = i;
	}
	qsort(of, n, sizeof(*of), compare);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && end - i < BATCH_MOST; end++)
			if (of[end].needs != of[i].needs || of[end].followers != of[i].followers)
				break;
		if (end - i > 1)
			make_batch(ctx, all, now, &of[i], end - i);
	}
	for (size_t i = 0; i < all->n; i++) {
		for (size_t k = 0; k < all->hook[i].n; k++)
			pass_needs(all, now, all->hook[i].v[k]);
		pass_needs(all, now, stop_of(all, i));
		pass_needs(all, now, all->rm[i]);
	}
}
