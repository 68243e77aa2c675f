/* run_setup.c - the jobs of a plan before any has started: one a step, tied to those that wait for it. */
#include "run_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>

/* Is this need a step of the plan? */
static bool
is_in_plan(const struct plan *p, const struct step *s) {
	return s->id >= 1 && s->id <= p->nstep && p->step[s->id - 1] == s;
}

/* Who waits for whom: counts first, then the places. */
static void
tie(struct run *run) {
	const struct plan *p = run->plan;
	uint32_t *at = arena_array(run->ctx->mem, p->nstep + 2, sizeof(*at));

	for (size_t i = 0; i < p->nstep; i++)
		for (size_t k = 0; k < p->step[i]->nneed; k++)
			if (is_in_plan(p, p->step[i]->need[k])) {
				run->job[i].pending++;
				at[p->step[i]->need[k]->id + 1]++;
			}
	for (size_t i = 1; i <= p->nstep + 1; i++)
		at[i] += at[i - 1];
	run->after = arena_array(run->ctx->mem, at[p->nstep + 1], sizeof(*run->after));
	/* at[i] is where the followers of the step with number i start, and is moved to where they end: which is where those
	 * of the next number start, so that from then on at[i] is right for job i */
	for (size_t i = 0; i < p->nstep; i++)
		for (size_t k = 0; k < p->step[i]->nneed; k++)
			if (is_in_plan(p, p->step[i]->need[k]))
				run->after[at[p->step[i]->need[k]->id]++] = (uint32_t)i;
	run->after_at = at;
}

void
run_make_jobs(struct run *run) {
	size_t n = run->plan->nstep;

	run->job = arena_array(run->ctx->mem, n, sizeof(*run->job));
	run->result->outcome = arena_array(run->ctx->mem, n, sizeof(struct outcome));
	tie(run);
	for (size_t i = 0; i < n; i++) {
		struct job *j = &run->job[i];
		j->run = run;
		j->step = run->plan->step[i];
		j->outcome = &run->result->outcome[i];
		*j->outcome = (struct outcome){.output = "", .why = ""};
		j->proc = (struct proc){.out = -1, .err = -1};
		j->state = j->pending ? JOB_WAITING : JOB_READY;
		run->nready += j->state == JOB_READY;
	}
}
