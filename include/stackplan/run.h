/* run.h - running a plan: the loop, and what it reports.
 *
 * The loop knows steps, processes and time; nothing of docker. */
#ifndef STACKPLAN_RUN_H
#define STACKPLAN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct ctx;
struct docker;
struct plan;
struct step;

enum step_state { STEP_WAITING, STEP_RUNNING, STEP_DONE, STEP_FAILED, STEP_SKIPPED };

/* What became of one step. */
struct outcome {
	enum step_state state;
	const char *id;     /* of the container, if the step yields one */
	const char *output; /* the last of what it said, secret values masked; "" if nothing */
	const char *why;    /* of a failure or skip, one sentence */
	int64_t took_ms;
	int code; /* exit code of the last process */
};

/* Told what happens, in order. Any member may be NULL. */
struct reporter {
	void (*begun)(void *arg, const struct plan *);
	void (*started)(void *arg, const struct step *);
	void (*line)(void *arg, const struct step *, const char *text, bool err);
	void (*ended)(void *arg, const struct step *, const struct outcome *);
	void (*summary)(void *arg, const struct plan *, const struct outcome *, bool ok);
	void *arg;
};

enum on_failure { ON_FAILURE_STOP, ON_FAILURE_CONTINUE };

struct run_options {
	size_t parallel; /* children at a time, from 1 */
	enum on_failure on_failure;
	const struct reporter *reporter;
};

struct run_result {
	bool ok;
	int signal;              /* that ended it, 0 if none */
	bool gate_failed;        /* a gate or a check failed (exit 4) */
	struct outcome *outcome; /* one per step, in the plan's order */
};

/* Run the plan. False when a step failed or a signal came; what happened is in the result and was reported. */
bool run_plan(struct ctx *, const struct docker *, const struct plan *, const struct run_options *,
	struct run_result *);

/* Reporters (report.c): one line a finished step, JSON lines, or nothing but failures. They write to OUT. */
enum progress { PROGRESS_PLAIN, PROGRESS_JSON, PROGRESS_QUIET };
struct reporter *report_make(struct ctx *, enum progress, FILE *out, bool colour);

#endif
