/* run_skip.c - steps that are not started, each with the reason: something it needs has failed, or the run was stopped. */
#include "run_int.h"
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>

/* The outcome of a need, NULL if it is no step of this plan. */
static const struct job *
job_of(const struct run *run, const struct step *s) {
	if (s->id < 1 || s->id > run->plan->nstep || run->plan->step[s->id - 1] != s)
		return NULL;
	return &run->job[s->id - 1];
}

/* Is the job in the way of those that need it? */
static bool
is_in_the_way(const struct job *j) {
	if (j->step->optional)
		return false;
	return j->outcome->state == STEP_SKIPPED ||
	       (j->outcome->state == STEP_FAILED && !j->step->soft);
}

/* The first need that is in the way, or NULL. */
static const struct job *
blocker(const struct run *run, const struct step *s) {
	for (size_t k = 0; k < s->nneed; k++) {
		const struct job *need = job_of(run, s->need[k]);
		if (need && is_in_the_way(need))
			return need;
	}
	return NULL;
}

const char *
run_stopped_by(const struct run *run) {
	int sig = run->result->signal;

	return sig == SIGINT    ? "an interrupt"
	       : sig == SIGTERM ? "SIGTERM"
	       : sig == SIGHUP  ? "SIGHUP"
				: "a closed standard output";
}

void
run_skip(struct run *run, struct job *j, const struct step *cause) {
	struct ctx *ctx = run->ctx;

	if (run->nsignals && !run->stopper) /* what failed then did so because it was ended */
		cause = NULL;
	j->cause = cause;
	if (cause)
		j->outcome->why = arena_printf(ctx->mem, "%s has failed", step_label(ctx, cause));
	else
		j->outcome->why =
			arena_printf(ctx->mem, "the run was stopped by %s", run_stopped_by(run));
	run_settle(run, j, STEP_SKIPPED);
}

/* Is the job still to come, with no child under way? */
static bool
is_to_come(const struct job *j) {
	return j->state == JOB_WAITING || j->state == JOB_READY || j->state == JOB_PAUSED;
}

void
run_skip_blocked(struct run *run) {
	for (size_t i = 0; i < run->plan->nstep; i++) {
		struct job *j = &run->job[i];
		const struct job *need = is_to_come(j) ? blocker(run, j->step) : NULL;
		if (need)
			run_skip(run, j, need->cause ? need->cause : need->step);
	}
}

void
run_skip_rest(struct run *run) {
	run_skip_blocked(run);
	for (size_t i = 0; i < run->plan->nstep; i++)
		if (is_to_come(&run->job[i]))
			run_skip(run, &run->job[i], run->stopper);
}
