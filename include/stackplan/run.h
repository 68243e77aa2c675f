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
struct project;
struct step;

enum step_state { STEP_WAITING, STEP_RUNNING, STEP_DONE, STEP_FAILED, STEP_SKIPPED };

/* What became of one step. */
struct outcome {
	enum step_state state;
	const char *id;     /* of the container, if the step yields one */
	const char *output; /* the last of what it said, secret values masked; "" if nothing */
	const char *why;    /* of a failure or skip, one sentence */
	int64_t took_ms;
	int code;          /* exit code of the last process */
	bool was_needless; /* DONE, for there was nothing to do: it was not run */
	bool is_no;        /* DONE, of a step that asks: the answer is no */
	bool was_ended; /* FAILED, in its midst, by us or by a signal: what it was to do may be done */
};

/* Told what happens, in order. Any member may be NULL. */
struct reporter {
	void (*begun)(void *arg, const struct plan *);
	void (*started)(void *arg, const struct step *);
	void (*line)(void *arg, const struct step *, const char *text, bool err);
	void (*ended)(void *arg, const struct step *, const struct outcome *);
	void (*summary)(void *arg, const struct plan *, const struct outcome *, bool ok);
	/* At every turn of the loop. Returns after how many ms it wants to be called again, -1: when something happens. */
	int64_t (*tick)(void *arg);
	/* Does nobody want to know any more? Then the run is stopped as by a first signal, here PIPE. */
	bool (*is_gone)(void *arg);
	/* INT, TERM, HUP, WINCH or CONT came. */
	void (*signal)(void *arg, int sig);
	void *arg;
};

/* STOP: nothing more is started. CONTINUE: what does not need the failed step is. UNDO: like STOP, and failed checks count, too: the
 * caller will take back what was done. */
enum on_failure { ON_FAILURE_STOP, ON_FAILURE_CONTINUE, ON_FAILURE_UNDO };

struct run_options {
	size_t parallel; /* children at a time, from 1 */
	enum on_failure on_failure;
	const struct reporter *reporter;
};

struct run_result {
	bool ok;
	int signal;              /* that ended it, PIPE: nobody listened any more; 0 if none */
	bool gate_failed;        /* a gate or a check failed (exit 4) */
	struct outcome *outcome; /* one per step, in the plan's order */
};

/* Run the plan. False when a step failed or a signal came; what happened is in the result and was reported. */
bool run_plan(struct ctx *, const struct docker *, const struct plan *, const struct run_options *,
	struct run_result *);

/* How progress is shown: one line a finished step, JSON lines, nothing but failures, or a live block on a terminal. */
enum progress { PROGRESS_PLAIN, PROGRESS_JSON, PROGRESS_QUIET, PROGRESS_TTY };

struct report_options {
	enum progress progress;
	FILE *out;
	bool colour;
	bool verbose;           /* PLAIN and TTY: every line that a step says, too */
	bool utf8;              /* TTY: OUT shows UTF-8, braille among it */
	int64_t (*clock)(void); /* TTY, for tests: in place of clock_ms */
	/* TTY, for tests: what tells the size of OUT in place of the terminal. 0 is an unknown size. */
	void (*size)(FILE *out, unsigned *columns, unsigned *rows);
};

/* A reporter that writes to OUT; what goes wrong there does not concern the run (report.c). */
struct reporter *report_make(struct ctx *, const struct report_options *);
/* One that tells both, FIRST first (report_both.c). */
struct reporter *report_both(
	struct ctx *, const struct reporter *first, const struct reporter *second);

/* A record of a run in Markdown, written as it goes: each step when it has ended, with its reason, its command and what it
 * printed, and no secret value (transcript.c). */
struct transcript;
struct transcript_options {
	const char *path;
	const char *verb;            /* "apply" */
	const char *folder;          /* as in view_options */
	const struct docker *docker; /* its global words are part of the commands */
	const struct project *project;
};
/* Open the file, mode 0600, and empty it. NULL after a diagnostic. */
struct transcript *transcript_open(struct ctx *, const struct transcript_options *);
const struct reporter *transcript_reporter(const struct transcript *);
/* Close it. False after a diagnostic, the only one, if not all could be written. */
bool transcript_close(struct transcript *);

#endif
