/* plan_wait.c - what --wait adds to a plan: a gate for every container, after all else that is made and started.
 * Healthy where the spec gives it a healthcheck, completed where another service waits for its end, running otherwise. A gate
 * that depends_on has put into the plan does for both. Starts at waits_append(). */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Which of the changes are waited for until they have ended, by others of them. */
static bool *
find_awaited(const struct lowering *l) {
	bool *awaited = arena_array(l->ctx->mem, l->changes->n, sizeof(*awaited));

	for (size_t i = 0; i < l->changes->n; i++) {
		const struct resource *r = l->changes->v[i].want;
		for (size_t k = 0; k < r->nedge; k++)
			if (r->edge[k].until == READY_COMPLETED)
				awaited[r->edge[k].to->mark] = true;
	}
	return awaited;
}

/* Is it known to be as --wait wants it, from what the engine said a moment ago? */
static bool
is_there(const struct change *c, enum ready until) {
	const char *status = c->had ? c->had->status : "";

	if (c->kind != CHANGE_KEEP || c->restart || !c->had)
		return false;
	if (str_eq(c->had->state, "exited"))
		return until != READY_HEALTHY && c->had->exit_code == 0;
	if (until == READY_COMPLETED || !str_eq(c->had->state, "running"))
		return false;
	return strstr(status, "(healthy)") || (until == READY_STARTED && !strchr(status, '('));
}

/* The last of the steps after which a container runs. */
static struct step *
last_of(const struct lowered *low) {
	return low->after.n ? low->after.v[low->after.n - 1] : low->started;
}

/* One container's gate. What is there may not do: a gate of depends_on that may fail, one of a container that may stay. */
static void
append(struct lowering *l, size_t i, enum ready until, bool idle) {
	static const enum gate kinds[] = {
		[READY_STARTED] = GATE_RUNNING,
		[READY_HEALTHY] = GATE_HEALTHY,
		[READY_COMPLETED] = GATE_COMPLETED,
	};
	const struct change *c = &l->changes->v[i];
	struct lowered *low = &l->low[i];
	struct step *gate = low->gate[kinds[until]];

	if ((gate && !gate->optional && !step_extra(gate)->unless) || (idle && is_there(c, until)))
		return;
	gate = gate_new(l->ctx, l->plan, c->want, until, l->options);
	if (!last_of(low)) /* it was there before */
		step_extend(l->ctx, gate)->delay_ms = 0;
	step_need(l->ctx, gate, last_of(low));
	plan_append(l->ctx, l->plan, gate);
	if (l->last.n)
		step_need(l->ctx, l->last.v[0], gate);
}

void
waits_append(struct lowering *l) {
	const bool *awaited = find_awaited(l);
	bool idle = l->plan->nstep == 0 && !l->last.n;

	for (size_t i = 0; i < l->changes->n; i++) {
		const struct resource *r = l->changes->v[i].want;
		if (r->kind != KIND_CONTAINER)
			continue;
		append(l, i,
			awaited[i]                    ? READY_COMPLETED
			: has_healthcheck(r->service) ? READY_HEALTHY
						      : READY_STARTED,
			idle);
	}
}
