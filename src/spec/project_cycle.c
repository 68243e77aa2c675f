/* project_cycle.c - services that need each other in a circle.
 *
 * Starts at project_cycles(): a depth-first walk with its own stack, so that a chain of any length
 * is fine. A need that leads back to a service on the stack closes a circle, which is told from its
 * first service in the file. */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>

#include "spec_int.h"

enum {
	MAX_CIRCLES = 5, /* told of in one run */
	MAX_NAMES = 100, /* written out of one circle */
	MAX_NOTES = 20,
};

/* A service on the way, and the need that is followed from it. */
struct frame {
	const struct service *service;
	size_t next;
};

struct walk {
	struct frame *stack;
	size_t n;
	size_t *depth; /* by service: 1 + its index on the stack; 0: never seen; SIZE_MAX: done */
	size_t ncircle;
};

/* The need that leads on from the frame. */
static const struct need *
followed(const struct frame *f) {
	return &f->service->need[f->next - 1];
}

/* Report the circle of N frames. */
static void
report(struct ctx *ctx, const struct frame *circle, size_t n) {
	struct buf names = {0};
	size_t first = 0;

	for (size_t i = 1; i < n; i++)
		if (circle[i].service->place < circle[first].service->place)
			first = i;
	for (size_t i = 0; i < n && i < MAX_NAMES; i++)
		buf_printf(&names, "%s -> ", circle[(first + i) % n].service->name);
	if (n > MAX_NAMES)
		buf_printf(&names, "... (%zu more) -> ", n - MAX_NAMES);
	buf_adds(&names, circle[first].service->name);
	diag(ctx, SEV_ERROR, followed(&circle[first])->at, "cycle",
		"services depend on each other in a circle: %s", buf_str(&names));
	for (size_t i = 1; i < n && i <= MAX_NOTES; i++) {
		const struct need *need = followed(&circle[(first + i) % n]);

		diag_note(ctx, need->at, "'%s' depends on '%s' here",
			circle[(first + i) % n].service->name, need->on->name);
	}
	buf_free(&names);
}

/* Walk all that can be reached from one service. */
static void
walk_from(struct ctx *ctx, struct walk *w, const struct service *start) {
	w->stack[0] = (struct frame){.service = start};
	w->n = 1;
	w->depth[start->place] = 1;
	while (w->n > 0) {
		struct frame *top = &w->stack[w->n - 1];
		const struct service *on;

		if (top->next == top->service->nneed) {
			w->depth[top->service->place] = SIZE_MAX;
			w->n--;
			continue;
		}
		on = top->service->need[top->next++].on;
		if (!w->depth[on->place]) {
			w->stack[w->n++] = (struct frame){.service = on};
			w->depth[on->place] = w->n;
		} else if (w->depth[on->place] != SIZE_MAX && w->ncircle < MAX_CIRCLES) {
			size_t from = w->depth[on->place] - 1;

			w->ncircle++;
			report(ctx, &w->stack[from], w->n - from);
		}
	}
}

bool
project_cycles(struct ctx *ctx, const struct making *m) {
	const struct project *p = m->project;
	struct walk w = {
		.stack = arena_array(ctx->mem, p->nservice, sizeof(*w.stack)),
		.depth = arena_array(ctx->mem, p->nservice, sizeof(*w.depth)),
	};

	for (size_t i = 0; i < p->nservice; i++)
		if (m->profiled[i] && !w.depth[i])
			walk_from(ctx, &w, &p->service[i]);
	return w.ncircle == 0;
}
