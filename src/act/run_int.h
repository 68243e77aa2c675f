/* run_int.h - what the files of the running half of the act room show each other.
 *
 * Read in this order: struct job (one step while it runs), then run_setup.c (before the start), run.c (the loop), run_skip.c (what is not started),
 * run_together.c (one question for several gates), run_job.c (one try of one step), run_judge.c (was it right), run_words.c (what the child gets), spool.c and mask.c (what
 * it said). */
#ifndef STACKPLAN_RUN_INT_H
#define STACKPLAN_RUN_INT_H

#include <regex.h>
#include <stackplan/buf.h>
#include <stackplan/engine.h>
#include <stackplan/plan.h>
#include <stackplan/proc.h>
#include <stackplan/run.h>

struct mask;

/* ---- mask.c: values that must not be shown ---- */

/* Collect every value of the plan that was kept out of its argument vectors. */
struct mask *mask_make(struct ctx *, const struct plan *);

/* Bytes of a secret value that may lie beyond the edge of a text that was cut: show no byte nearer to the edge. */
size_t mask_reach(const struct mask *);

/* Append bytes FROM .. TO of TEXT, each secret value in them as "<redacted>". What lies outside is looked at too: a value
 * that reaches across FROM or TO is hidden as a whole. */
void mask_add(
	const struct mask *, struct buf *, const char *text, size_t len, size_t from, size_t to);

/* A masked copy of the text in the arena. */
char *mask_text(struct ctx *, const struct mask *, const char *text);

/* ---- spool.c: a stream of output, bounded ---- */

struct spool {
	struct buf head;  /* the first 16 KiB */
	struct buf tail;  /* the last 64 KiB of the rest, at least */
	struct buf line;  /* the line that has not ended yet */
	uint64_t dropped; /* bytes between head and tail that are gone */
};

/* Told each line, without its end. The text ends in NUL and may be written to. */
typedef void spool_line_fn(void *arg, char *line, size_t len);

/* Take bytes (NUL becomes a blank, in place). LINE may be NULL. */
void spool_add(struct spool *, char *bytes, size_t n, spool_line_fn *line, void *arg);
/* The stream has ended: a last line may be without its end. */
void spool_end(struct spool *, spool_line_fn *line, void *arg);
/* Append what is kept, byte for byte, without the newlines at its end; false when some of it is gone. */
bool spool_join(const struct spool *, struct buf *);
/* Append what is kept with secret values masked, and a note where something is left out. */
void spool_show(const struct spool *, const struct mask *, struct buf *);
void spool_free(struct spool *);

/* ---- one step while it runs ---- */

enum job_state {
	JOB_WAITING,   /* for steps it needs */
	JOB_READY,     /* to be started */
	JOB_RUNNING,   /* a child is under way */
	JOB_PAUSED,    /* between two tries */
	JOB_RIDING,    /* the child of another job asks for it, too */
	JOB_REMARKING, /* it has failed; a command that says more about it is under way */
	JOB_OVER,
};

#define NEVER_MS INT64_MAX

struct job {
	struct run *run;
	const struct step *step;
	struct outcome *outcome;
	enum job_state state;
	uint32_t pending;         /* steps it needs that are not over */
	const struct step *cause; /* skipped: the failed step that it comes from */

	char **argv, **env;
	regex_t regex; /* compiled if has_regex */
	bool has_regex;
	uint32_t tried;
	int64_t begun_ms;   /* of the first try; 0: none yet */
	int64_t limit_ms;   /* when all tries must be over; NEVER_MS */
	int64_t again_ms;   /* PAUSED: when the next try is due */
	int64_t pause_ms;   /* of a gate: between the present tries; 0: as the step says */
	struct job **rider; /* whose questions its child asks, itself first; NULL: only its own */
	size_t nrider;
	bool is_alone; /* its next try is for it alone */

	/* of the present or last child */
	struct proc proc;
	struct spool out, err;
	int64_t deadline_ms; /* when to do the next harsher thing; NEVER_MS */
	int nsent;           /* 1: TERM, 2: KILL was sent */
	int start_error;     /* errno of a start that failed, 0 if it started */
	bool timed_out;
	bool is_stuck;     /* not even KILL ended it */
	bool is_abandoned; /* a wait that nobody is interested in any more */
	bool found;        /* a line was as the step expects */

	size_t remark;       /* REMARKING: which one */
	struct buf remarks;  /* what they said, masked */
	const char *yielded; /* the value of step->yields once known */
};

/* One run of a plan. */
struct run {
	struct ctx *ctx;
	const struct docker *docker;
	const struct plan *plan;
	const struct run_options *options;
	const struct reporter *reporter; /* never NULL */
	struct run_result *result;
	struct mask *mask;
	char **env;       /* docker's environment without duplicates */
	char **brief_env; /* of commands that live for a moment */
	struct job *job;  /* parallel to plan->step */
	uint32_t *after,
		*after_at; /* jobs that need job i: after[after_at[i]] .. after[after_at[i + 1]] */
	struct job **active; /* those with a child, in the order of starting */
	size_t nactive, parallel;
	size_t nready, npaused;
	const struct step *stopper; /* after this failure nothing more is started */
	int nsignals;               /* INT, TERM, HUP so far */
	int64_t first_signal_ms;
	int64_t tick_ms;        /* when the reporter wants to be called; NEVER_MS */
	struct buf chunk, line; /* scratch */
};

/* ---- run_setup.c, run.c and run_skip.c ---- */

/* A job for each step, and who waits for whom. */
void run_make_jobs(struct run *);

/* The job is over: fill the outcome, report it, set free or skip what comes after. */
void run_settle(struct run *, struct job *, enum step_state);
/* Skip one job; CAUSE is the step whose failure is behind it, NULL: a signal. */
void run_skip(struct run *, struct job *, const struct step *cause);
/* Skip all that needs something that has failed or was skipped. */
void run_skip_blocked(struct run *);
/* "an interrupt", "SIGTERM", "SIGHUP" */
const char *run_stopped_by(const struct run *);
/* Nothing more is started: skip all that is left. */
void run_skip_rest(struct run *);

/* A try has ended: done, again, or failed (run.c). */
void run_end_try(struct run *, struct job *);
/* The job's next try is due at this time, or at once where that is past (run.c). */
void run_pause(struct run *, struct job *, int64_t again_ms);
/* Are there tries and time left for one more? How long until it (run.c). */
bool run_may_try(const struct run *, const struct job *, int64_t now_ms);
int64_t run_pause_ms(const struct run *, struct job *, int64_t now_ms);
/* It is tried for the first time: so it has started (run.c). */
void run_begin(struct run *, struct job *);

/* ---- run_together.c: several gates, one question ---- */

/* A try is to be started: take along what is due and would ask the same of something else. */
void together_gather(struct run *, struct job *, int64_t now_ms);
/* The words of such a question; the child keeps none of them. */
char **together_argv(const struct job *);
/* Its child has ended: each gets its answer. Who is not content with it is asked alone. */
void together_end(struct run *, struct job *);

/* ---- run_words.c ---- */

/* The environment without a second entry of any name. */
char **env_unique(struct ctx *, char *const *env);
/* The words as exec takes them, with the engine's global words and with captured outputs in their places. */
char **job_argv(const struct run *, const struct words *);
/* The run's environment as the step's variables change it. */
char **job_env(const struct run *, const struct step *);
/* A descriptor with the variables that go by file: -1 if there are none. False with errno. */
bool job_memfile(const struct run *, const struct step *, int *fd);
/* A descriptor to read its standard input from: -1 if it has none. False with errno. */
bool job_feed(const struct run *, const struct step *, int *fd);

/* ---- run_job.c: one try ---- */

/* What the first try needs, and later ones use again. */
void job_prepare(struct job *);
/* Start the child of the job's present try, or of its present remark. When it can't be started, start_error says why. */
bool job_start(struct job *);
/* Read once what its pipes hold. */
void job_read(struct job *);
/* Has the child ended? Then its pipes are drained and it is cleared away. NOW decides on TERM and KILL. */
bool job_is_over(struct job *, int64_t now_ms);
/* Ask the child to end (TERM), or end it (KILL); the next harsher thing comes GRACE_MS later. */
void job_end(struct job *, int sig, int64_t grace_ms);

/* ---- run_judge.c ---- */

enum verdict { VERDICT_RIGHT, VERDICT_WRONG, VERDICT_HOPELESS };

/* Was the try right? */
enum verdict job_judge(struct job *);
/* Hold one line against what the step expects. */
void job_match(struct job *, const char *line);
/* Did its child end by a signal, or because its time was over? */
bool job_was_ended(const struct job *);
/* The failure in one sentence, masked. */
const char *job_explain(struct job *);
/* Fill the outcome's id and output, and the job's yielded value. */
void job_collect(struct job *);

/* "step 3 (run mysql)": for reasons. */
const char *step_label(struct ctx *, const struct step *);

/* ---- attend.c: commands that are no steps ---- */

/* The arguments of a command, given by its words after the program. */
char **call_argv(struct ctx *, const struct docker *, const struct words *command);
/* Say, by errno, that it could not be started; false. */
bool call_refused(struct ctx *, const struct docker *);

/* ---- reporters ---- */

/* Append what a step is called in messages: "run mysql", "create network backend" (report_words.c). */
void step_name(struct buf *, const struct step *);

#endif
