/* graph.c - the order of steps: Kahn's algorithm with the present position as priority, so that the same input
 * gives the same list. */
#include "plan_int.h"
#include <assert.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stdlib.h>

/* A binary heap of positions: the smallest comes first. */
struct heap {
	uint32_t *v;
	size_t n;
};

static void
heap_push(struct heap *h, uint32_t x) {
	size_t i = h->n++;

	for (; i > 0 && h->v[(i - 1) / 2] > x; i = (i - 1) / 2)
		h->v[i] = h->v[(i - 1) / 2];
	h->v[i] = x;
}

static uint32_t
heap_pop(struct heap *h) {
	uint32_t top = h->v[0], x = h->v[--h->n];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < h->n) {
		if (child + 1 < h->n && h->v[child + 1] < h->v[child])
			child++;
		if (h->v[child] >= x)
			break;
		h->v[i] = h->v[child];
		i = child;
	}
	h->v[i] = x;
	return top;
}

/* For each step the steps that wait for it, as one array cut into slices. */
struct waiters {
	uint32_t *start, *item;
};

/* Have the next steps fetched. */
static void
step_ahead(const struct plan *p, size_t i) {
	enum { AHEAD = 8 };

	if (i + AHEAD < p->nstep)
		memory_ahead(p->step[i + AHEAD], 64);
}

static struct waiters
waiters_make(struct arena *mem, const struct plan *p) {
	struct waiters w = {.start = arena_array(mem, p->nstep + 2, sizeof(uint32_t))};
	uint32_t *at;
	size_t total = 0;

	for (size_t i = 0; i < p->nstep; i++) {
		step_ahead(p, i);
		total += p->step[i]->nneed;
		for (size_t j = 0; j < p->step[i]->nneed; j++)
			w.start[p->step[i]->need[j]->id + 1]++;
	}
	w.item = arena_array(mem, total, sizeof(uint32_t));
	at = arena_array(mem, p->nstep + 1, sizeof(uint32_t));
	for (size_t i = 1; i <= p->nstep; i++)
		w.start[i] += w.start[i - 1];
	for (size_t i = 0; i < p->nstep; i++)
		at[i] = w.start[i];
	for (size_t i = 0; i < p->nstep; i++)
		for (size_t j = 0; j < p->step[i]->nneed; j++)
			w.item[at[p->step[i]->need[j]->id]++] = (uint32_t)i;
	return w;
}

void
plan_order(struct ctx *ctx, struct plan *p) {
	struct step **sorted = arena_array(ctx->mem, p->nstep, sizeof(*sorted));
	struct arena *scratch = arena_new();
	uint32_t *pending = arena_array(scratch, p->nstep, sizeof(*pending));
	struct heap ready = {.v = arena_array(scratch, p->nstep, sizeof(uint32_t))};
	struct waiters w;
	size_t n = 0;

	for (size_t i = 0; i < p->nstep; i++)
		p->step[i]->id = (uint32_t)i;
	w = waiters_make(scratch, p);
	for (size_t i = 0; i < p->nstep; i++)
		if (!(pending[i] = (uint32_t)p->step[i]->nneed))
			heap_push(&ready, (uint32_t)i);
	while (ready.n) {
		uint32_t i = heap_pop(&ready);
		sorted[n++] = p->step[i];
		for (uint32_t k = w.start[i]; k < w.start[i + 1]; k++)
			if (--pending[w.item[k]] == 0)
				heap_push(&ready, w.item[k]);
	}
	assert(n == p->nstep);
	for (size_t i = 0; i < n; i++)
		sorted[i]->id = (uint32_t)i + 1;
	p->step = sorted;
	arena_free(scratch);
}
