/* run_job.c - one child of one step: starting it, reading it, ending it.
 * job_start() begins a try (or a remark), job_is_over() sees it to its end. Whether the try was right is run_judge.c's. */
#include "run_int.h"
#include <errno.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	LONG_LIMIT_MS = 6 * 3600 * 1000, /* a pull, a build, a command in a container */
	CHANGE_LIMIT_MS = 600 * 1000,    /* any other command that changes something */
	QUERY_LIMIT_MS = 60 * 1000,      /* one that reads, and each try of a gate or check */
	REMARK_LIMIT_MS = 10 * 1000,
	LAST_TRY_MS = 2000,   /* what the last try of a gate gets, however late it is */
	KILL_AFTER_MS = 1000, /* from TERM to KILL, and from KILL to giving up */
	DRAIN_READS = 16,     /* reads of a pipe after the exit: somebody else may go on writing */
	LONG_LINE_BYTES = 60 << 10, /* such a line may have lost its end (spool.c) */
};

/* How long a stop may take of itself: what the option says, or the longest that any service is given. */
static int64_t
grace_ms(const struct run *run, const struct step *s) {
	const struct project *p = run->plan->project;
	int64_t most_ms = 0, ns = 0;

	for (size_t i = 0; i + 1 < s->argv.n; i++)
		if (str_eq(s->argv.v[i].s, "-t") && str_int(s->argv.v[i + 1].s, 0, UINT32_MAX, &ns))
			return ns * 1000;
	for (size_t i = 0; p && i < p->nservice; i++)
		if (str_duration(
			    node_text(node_find(p->service[i].tree, "stop_grace_period")), &ns) &&
			ns / 1000000 > most_ms)
			most_ms = ns / 1000000;
	return most_ms;
}

/* How long one child of this step may take; 0: as long as all its tries. */
static int64_t
try_limit_ms(const struct run *run, const struct step *s) {
	switch (s->act) {
	case ACT_PULL:
	case ACT_BUILD:
	case ACT_EXEC:
		return LONG_LIMIT_MS;
	case ACT_WAIT:
		return step_extra(s)->every_ms ? QUERY_LIMIT_MS : 0;
	case ACT_QUERY:
	case ACT_CHECK:
		return QUERY_LIMIT_MS;
	case ACT_CREATE:
	case ACT_RUN:
	case ACT_CONNECT:
	case ACT_DISCONNECT:
	case ACT_COPY:
	case ACT_RENAME:
	case ACT_START:
	case ACT_REMOVE:
		break;
	case ACT_RESTART:
	case ACT_STOP:
		return CHANGE_LIMIT_MS + grace_ms(run, s);
	}
	return CHANGE_LIMIT_MS;
}

/* When the child that starts now must have ended. */
static int64_t
deadline_ms(const struct job *j, int64_t now) {
	uint32_t asked = j->run->docker->limit_ms;
	int64_t limit = try_limit_ms(j->run, j->step), all = j->limit_ms;

	if (j->state == JOB_REMARKING)
		return now + (asked && asked < REMARK_LIMIT_MS ? asked : REMARK_LIMIT_MS);
	if (limit && asked)
		limit = asked;
	for (size_t i = 0; i < j->nrider && j->rider; i++)
		all = j->rider[i]->limit_ms < all ? j->rider[i]->limit_ms : all;
	if (j->tried > 1 && all < now + LAST_TRY_MS)
		all = now + LAST_TRY_MS;
	return limit && now + limit < all ? now + limit : all;
}

/* Clear away what the last child left in the job. */
static void
forget_try(struct job *j) {
	spool_free(&j->out);
	spool_free(&j->err);
	j->nsent = 0;
	j->start_error = 0;
	j->timed_out = j->is_stuck = j->found = false;
}

void
job_prepare(struct job *j) {
	const struct step *s = j->step;
	const struct extra *x = step_extra(s);

	j->begun_ms = clock_ms();
	j->limit_ms = x->timeout_ms ? j->begun_ms + x->timeout_ms : NEVER_MS;
	struct words words = step_words(j->run->ctx, j->run->plan, s);
	j->argv = job_argv(j->run, &words);
	j->env = job_env(j->run, s);
	if (x->how == EXPECT_REGEX)
		j->has_regex =
			regcomp(&j->regex, x->expect, REG_EXTENDED | REG_NOSUB | REG_NEWLINE) == 0;
}

/* What the child reads: the step's own descriptors; a remark has none. */
static bool
open_files(struct job *j, struct proc_spec *spec) {
	if (j->state == JOB_REMARKING)
		return true;
	return job_memfile(j->run, j->step, &spec->extra) && job_feed(j->run, j->step, &spec->in);
}

/* Start the program; false with start_error. */
static bool
spawn(struct job *j, char **argv) {
	struct proc_spec spec = {.program = j->run->docker->program,
		.argv = argv,
		.env = j->env,
		.in = -1,
		.extra = -1};

	bool ok = open_files(j, &spec) && proc_start(&j->proc, &spec);
	if (!ok)
		j->start_error = errno;
	if (spec.extra >= 0)
		close(spec.extra);
	if (spec.in >= 0)
		close(spec.in);
	return ok;
}

bool
job_start(struct job *j) {
	char **argv;

	forget_try(j);
	if (j->state == JOB_REMARKING) {
		argv = job_argv(j->run, &step_extra(j->step)->remarks[j->remark].argv);
	} else {
		if (j->begun_ms == 0)
			job_prepare(j);
		j->tried++;
		j->state = JOB_RUNNING;
		argv = j->rider ? together_argv(j) : j->argv;
	}
	j->deadline_ms = deadline_ms(j, clock_ms());
	bool ok = spawn(j, argv);
	if (argv != j->argv && j->rider)
		free(argv);
	return ok;
}

/* A line came: hold it against what is expected, and pass it on. */
static void
take_line(struct job *j, const char *text, size_t n, bool err) {
	const struct reporter *r = j->run->reporter;
	struct buf *b = &j->run->line;
	size_t reach = mask_reach(j->run->mask), to = n;

	if (!err || j->step->both)
		job_match(j, text);
	if (!r->line)
		return;
	if (n >= LONG_LINE_BYTES) /* half a secret value may stand at its end */
		to = reach < n ? n - reach : 0;
	buf_clear(b);
	mask_add(j->run->mask, b, text, n, 0, to);
	r->line(r->arg, j->step, buf_str(b), err);
}

static void
take_out(void *job, char *text, size_t n) {
	take_line(job, text, n, false);
}

static void
take_err(void *job, char *text, size_t n) {
	take_line(job, text, n, true);
}

/* Does anybody want the lines of this stream? */
static spool_line_fn *
listener(const struct job *j, bool err) {
	const struct extra *x = step_extra(j->step);
	bool is_matched = x->how == EXPECT_HOLDS || x->how == EXPECT_REGEX;

	if (j->state == JOB_REMARKING || j->rider)
		return NULL;
	if (!j->run->reporter->line && !(is_matched && (!err || j->step->both)))
		return NULL;
	return err ? take_err : take_out;
}

/* One read of one pipe. */
static bool
read_once(struct job *j, int *fd, struct spool *spool, bool err) {
	struct buf *b = &j->run->chunk;

	buf_clear(b);
	size_t n = proc_read(fd, b);
	if (n)
		spool_add(spool, b->s, n, listener(j, err), j);
	return n != 0;
}

void
job_read(struct job *j) {
	read_once(j, &j->proc.out, &j->out, false);
	read_once(j, &j->proc.err, &j->err, true);
}

void
job_end(struct job *j, int sig, int64_t grace_ms) {
	int step = sig == SIGKILL ? 2 : 1;

	if (j->nsent >= step)
		return; /* it has been told */
	j->nsent = step;
	proc_signal(&j->proc, sig, false);
	j->deadline_ms = clock_ms() + grace_ms;
}

/* Its time is over: TERM, later KILL, later still give it up. */
static void
get_harsher(struct job *j) {
	if (j->nsent == 0) {
		j->timed_out = true;
		job_end(j, SIGTERM, KILL_AFTER_MS);
	} else if (j->nsent == 1) {
		job_end(j, SIGKILL, KILL_AFTER_MS);
	} else {
		j->is_stuck = true;
		j->proc.exited = true;
		j->proc.status = SIGKILL;
	}
}

/* Read what lies in the pipes: all that the child itself wrote. */
static void
drain(struct job *j) {
	for (int i = 0; i < DRAIN_READS && read_once(j, &j->proc.out, &j->out, false); i++)
		continue;
	for (int i = 0; i < DRAIN_READS && read_once(j, &j->proc.err, &j->err, true); i++)
		continue;
	spool_end(&j->out, listener(j, false), j);
	spool_end(&j->err, listener(j, true), j);
}

bool
job_is_over(struct job *j, int64_t now_ms) {
	if (!proc_reap(&j->proc) && now_ms >= j->deadline_ms)
		get_harsher(j);
	if (!j->proc.exited)
		return false;
	if (j->nsent > 0) /* what it started goes with it */
		proc_signal(&j->proc, SIGKILL, true);
	drain(j);
	proc_close(&j->proc);
	return true;
}
