/* run.c - running a plan: steps start in the printed order as soon as what they need is over, so many at a time.
 * Start at run_plan(). One thread; it sleeps in poll() until a pipe has something, a signal came (a child's end is one), or
 * a deadline is over. How a step ends is in the middle, what is skipped and why in run_skip.c, gates that are asked by one command in
 * run_together.c, single children in run_job.c. */
#include "run_int.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/sig.h>
#include <stdlib.h>
#include <string.h>

enum {
	CANCEL_GRACE_MS = 1000, /* from the first signal's TERM to KILL */
	KILLED_GRACE_MS = 1000, /* from KILL to giving up */
	WAIT_GRACE_MS = 1000,   /* for a wait that nobody is interested in any more */
	SAME_SIGNAL_MS = 200,   /* timeout(1) and terminals may send one signal twice */
	BLIND_MS = 50,          /* pause when poll itself fails */
	SLOW_GATE_MS = 500,     /* up to here the pauses of a gate grow */
	CROWD_MS = 20,          /* a pause is at least so long for each gate that waits, too */
	CROWD_TOGETHER_MS = 4,  /* where they are asked by one command */
	LONGEST_SLEEP_MS = 3600 * 1000,
};

/* Is nothing to be started any more? */
static bool
is_stopping(const struct run *run) {
	return run->nsignals > 0 || run->stopper != NULL;
}

/* ---- how a step ends ---- */

/* After a failure that stops the run: waits are of no use any more. */
static void
abandon_waits(struct run *run) {
	for (size_t k = 0; k < run->nactive; k++) {
		struct job *j = run->active[k];
		if (j->step->act != ACT_WAIT || j->state != JOB_RUNNING)
			continue;
		j->is_abandoned = true;
		job_end(j, SIGTERM, WAIT_GRACE_MS);
	}
}

/* A step has failed: what that means for the run. */
static void
note_failure(struct run *run, const struct job *j) {
	const struct step *s = j->step;

	if (s->optional)
		return;
	run->result->ok = false;
	if (run->nsignals == 0 && (s->act == ACT_WAIT || s->act == ACT_CHECK))
		run->result->gate_failed = true;
	if (run->options->on_failure == ON_FAILURE_CONTINUE ||
		(s->soft && run->options->on_failure != ON_FAILURE_UNDO))
		return;
	if (run->stopper || run->nsignals)
		return;
	run->stopper = s;
	abandon_waits(run);
}

/* Free what a job holds besides the arena. */
static void
clear(struct job *j) {
	spool_free(&j->out);
	spool_free(&j->err);
	buf_free(&j->remarks);
	if (j->has_regex)
		regfree(&j->regex);
	j->has_regex = false;
}

void
run_settle(struct run *run, struct job *j, enum step_state state) {
	size_t i = (size_t)(j - run->job);

	run->nready -= j->state == JOB_READY;
	run->npaused -= j->state == JOB_PAUSED;
	j->state = JOB_OVER;
	j->outcome->state = state;
	if (j->begun_ms)
		j->outcome->took_ms = clock_ms() - j->begun_ms;
	clear(j);
	if (run->reporter->ended)
		run->reporter->ended(run->reporter->arg, j->step, j->outcome);
	for (uint32_t k = run->after_at[i]; k < run->after_at[i + 1]; k++) {
		struct job *after = &run->job[run->after[k]];
		if (--after->pending == 0 && after->state == JOB_WAITING) {
			after->state = JOB_READY;
			run->nready++;
		}
	}
	if (state == STEP_FAILED && !j->step->optional && !j->step->soft)
		run_skip_blocked(run);
}

/* Start a job's next remark, if there is one that can be started. */
static bool
start_remark(struct run *run, struct job *j) {
	if (j->timed_out &&
		step_extra(j->step)->every_ms) /* a quick question had no answer: nor would these */
		return false;
	for (; j->remark < step_extra(j->step)->nremarks && run->nsignals == 0; j->remark++) {
		j->state = JOB_REMARKING;
		if (job_start(j)) {
			run->active[run->nactive++] = j;
			return true;
		}
	}
	return false;
}

/* The last remark is over, or there is none: the failure is complete. */
static void
end_failed(struct run *run, struct job *j) {
	struct buf b = {0};

	if (j->remarks.n) {
		buf_adds(&b, j->outcome->output);
		if (b.n)
			buf_addc(&b, '\n');
		buf_add(&b, j->remarks.s, j->remarks.n - 1);
		j->outcome->output = arena_take_buf(run->ctx->mem, &b);
	}
	run_settle(run, j, STEP_FAILED);
}

/* The tries are over and none was right. */
static void
fail(struct run *run, struct job *j) {
	job_collect(j);
	if (j->step->asks && run->nsignals == 0) {
		j->outcome->is_no = true;
		run_settle(run, j, STEP_DONE);
		return;
	}
	j->outcome->was_ended = job_was_ended(j);
	j->outcome->why = job_explain(j);
	note_failure(run, j);
	if (!start_remark(run, j))
		end_failed(run, j);
}

/* Keep what a remark said. */
static void
end_remark(struct run *run, struct job *j) {
	struct buf b = {0};

	spool_show(&j->out, run->mask, &b);
	spool_show(&j->err, run->mask, &b);
	while (b.n && strchr("\r\n ", b.s[b.n - 1]))
		b.s[--b.n] = '\0';
	if (b.n && proc_code(j->proc.status) == 0)
		buf_printf(&j->remarks, "%s\n%s\n", step_extra(j->step)->remarks[j->remark].about,
			b.s);
	buf_free(&b);
	j->remark++;
	if (!start_remark(run, j))
		end_failed(run, j);
}

bool
run_may_try(const struct run *run, const struct job *j, int64_t now) {
	return j->tried < step_extra(j->step)->tries && now < j->limit_ms && !is_stopping(run);
}

/* A gate is asked often when its answer is due, before that and later less so, for it may have
 * become hopeless; and the less, the more gates there are: a question costs the machine something, too. */
int64_t
run_pause_ms(const struct run *run, struct job *j, int64_t now) {
	const struct step *s = j->step;
	const struct extra *x = step_extra(s);
	int64_t left = j->begun_ms + x->due_ms - now;
	int64_t crowd = (s->together ? CROWD_TOGETHER_MS : CROWD_MS) * (int64_t)run->npaused;
	int64_t pause = j->pause_ms ? j->pause_ms : x->every_ms;

	if (s->act != ACT_WAIT)
		return x->every_ms;
	if (left > 0)
		pause = left < (int64_t)3 * SLOW_GATE_MS ? left : (int64_t)2 * SLOW_GATE_MS;
	else if (pause < SLOW_GATE_MS)
		j->pause_ms = pause + pause / 4;
	return pause > crowd ? pause : crowd;
}

void
run_pause(struct run *run, struct job *j, int64_t again_ms) {
	run->nready -= j->state == JOB_READY;
	run->npaused += j->state != JOB_PAUSED;
	j->again_ms = again_ms < j->limit_ms || !j->begun_ms ? again_ms : j->limit_ms;
	j->state = JOB_PAUSED;
}

void
run_end_try(struct run *run, struct job *j) {
	int64_t now = clock_ms();
	enum verdict verdict = job_judge(j);

	j->is_alone = false;
	if (!j->start_error)
		j->outcome->code = proc_code(j->proc.status);
	if (verdict == VERDICT_RIGHT) {
		job_collect(j);
		run_settle(run, j, STEP_DONE);
	} else if (j->is_abandoned ||
		   (run->stopper && run->nsignals == 0 && j->tried < step_extra(j->step)->tries)) {
		run_skip(run, j, run->stopper);
	} else if (verdict == VERDICT_WRONG && run_may_try(run, j, now)) {
		run_pause(run, j, now + run_pause_ms(run, j, now));
	} else {
		fail(run, j);
	}
}

/* Has the step that this one stands in for gone well? */
static bool
is_needless(const struct run *run, const struct job *j) {
	const struct step *other = step_extra(j->step)->unless;

	return other && other->id >= 1 && other->id <= run->plan->nstep &&
	       run->plan->step[other->id - 1] == other &&
	       run->result->outcome[other->id - 1].state == STEP_DONE &&
	       !run->result->outcome[other->id - 1].is_no;
}

/* ---- the loop ---- */

void
run_begin(struct run *run, struct job *j) {
	run->nready -= j->state == JOB_READY;
	run->npaused -= j->state == JOB_PAUSED;
	j->outcome->state = STEP_RUNNING;
	if (j->begun_ms == 0 && run->reporter->started)
		run->reporter->started(run->reporter->arg, j->step);
}

/* Start one try of a job that is ready or due. */
static void
start(struct run *run, struct job *j, int64_t now) {
	if (is_needless(run, j)) {
		j->outcome->why = "not needed";
		j->outcome->was_needless = true;
		run_settle(run, j, STEP_DONE);
		return;
	}
	if (step_extra(j->step)->delay_ms && j->state == JOB_READY) {
		run_pause(run, j, now + step_extra(j->step)->delay_ms);
		return;
	}
	together_gather(run, j, now);
	run_begin(run, j);
	if (job_start(j))
		run->active[run->nactive++] = j;
	else if (j->rider)
		together_end(run, j);
	else
		run_end_try(run, j);
}

/* Start what can be started, in the printed order. */
static void
start_what_is_due(struct run *run) {
	int64_t now = clock_ms();

	for (size_t i = 0; i < run->plan->nstep; i++) {
		struct job *j = &run->job[i];
		if (is_stopping(run) || run->nactive >= run->parallel ||
			run->nready + run->npaused == 0)
			return;
		if (j->state == JOB_READY || (j->state == JOB_PAUSED && j->again_ms <= now))
			start(run, j, now);
	}
}

/* When the next thing is due that no descriptor tells; NEVER_MS if nothing is. */
static int64_t
next_due_ms(const struct run *run) {
	int64_t first = run->tick_ms;

	for (size_t k = 0; k < run->nactive; k++)
		if (run->active[k]->deadline_ms < first)
			first = run->active[k]->deadline_ms;
	if (run->npaused == 0 || run->nactive >= run->parallel || is_stopping(run))
		return first;
	for (size_t i = 0; i < run->plan->nstep; i++)
		if (run->job[i].state == JOB_PAUSED && run->job[i].again_ms < first)
			first = run->job[i].again_ms;
	return first;
}

/* How long poll may sleep; -1: until something happens. */
static int
patience_ms(const struct run *run) {
	int64_t due = next_due_ms(run), left = due - clock_ms();

	if (due == NEVER_MS)
		return -1;
	return left < 0 ? 0 : left > LONGEST_SLEEP_MS ? LONGEST_SLEEP_MS : (int)left;
}

/* Sleep until something happens, and read every pipe that has something. */
static void
wait_and_read(struct run *run, int signal_fd, struct pollfd *fds) {
	nfds_t n = 0;

	fds[n++] = (struct pollfd){.fd = signal_fd, .events = POLLIN};
	for (size_t k = 0; k < run->nactive; k++) {
		fds[n++] = (struct pollfd){.fd = run->active[k]->proc.out, .events = POLLIN};
		fds[n++] = (struct pollfd){.fd = run->active[k]->proc.err, .events = POLLIN};
	}
	int ready = poll(fds, n, patience_ms(run));
	bool is_blind = ready < 0 && errno != EINTR;
	if (is_blind) /* no memory: look everywhere, but not all the time */
		poll(NULL, 0, BLIND_MS);
	for (size_t k = 0; k < run->nactive; k++)
		if (is_blind || (ready > 0 && (fds[1 + 2 * k].revents || fds[2 + 2 * k].revents)))
			job_read(run->active[k]);
}

/* INT, TERM or HUP, or PIPE when nobody listens any more: the first asks the children to end, the second ends them. */
static void
cancel(struct run *run, int sig) {
	int64_t now = clock_ms();

	if (run->nsignals > 0 && now - run->first_signal_ms < SAME_SIGNAL_MS)
		return;
	if (run->nsignals++ == 0) {
		run->result->signal = sig;
		run->result->ok = false;
		run->first_signal_ms = now;
	}
	for (size_t k = 0; k < run->nactive; k++)
		if (run->nsignals == 1)
			job_end(run->active[k], SIGTERM, CANCEL_GRACE_MS);
		else
			job_end(run->active[k], SIGKILL, KILLED_GRACE_MS);
}

/* Take what the signal pipe holds. */
static void
take_signals(struct run *run) {
	for (int sig; (sig = sig_next()) != 0;) {
		if (sig != SIGCHLD && run->reporter->signal)
			run->reporter->signal(run->reporter->arg, sig);
		if (sig == SIGINT || sig == SIGTERM || sig == SIGHUP)
			cancel(run, sig);
	}
}

/* See which children have ended or are late. */
static void
take_ends(struct run *run) {
	for (size_t k = 0; k < run->nactive;) {
		struct job *j = run->active[k];
		if (!job_is_over(j, clock_ms())) {
			k++;
			continue;
		}
		run->nactive--;
		memmove(&run->active[k], &run->active[k + 1],
			(run->nactive - k) * sizeof(struct job *));
		if (j->state == JOB_REMARKING)
			end_remark(run, j);
		else if (j->rider)
			together_end(run, j);
		else
			run_end_try(run, j);
	}
}

/* Does nobody listen any more? */
static void
take_leave(struct run *run) {
	const struct reporter *r = run->reporter;

	if (run->nsignals == 0 && r->is_gone && r->is_gone(r->arg))
		cancel(run, SIGPIPE);
}

/* Give the reporter its turn. */
static void
tick(struct run *run) {
	const struct reporter *r = run->reporter;
	int64_t ms = r->tick ? r->tick(r->arg) : -1;

	run->tick_ms = ms < 0 ? NEVER_MS : clock_ms() + ms;
}

/* Until nothing runs and nothing more will. */
static void
loop(struct run *run, int signal_fd) {
	struct pollfd *fds = xreallocarray(NULL, 2 * run->parallel + 1, sizeof(*fds));

	for (;;) {
		/* in this order and together: the signal of a child that is found alive here is still to come */
		take_signals(run);
		take_ends(run);
		take_leave(run);
		start_what_is_due(run);
		bool is_more_due = run->nready + run->npaused > 0 && !is_stopping(run);
		if (run->nactive == 0 && !is_more_due)
			break;
		tick(run);
		wait_and_read(run, signal_fd, fds);
	}
	free(fds);
}

/* ---- all of it ---- */

/* Run what was set up, and report it. */
static void
carry_out(struct run *run, int signal_fd) {
	const struct reporter *r = run->reporter;

	if (r->begun)
		r->begun(r->arg, run->plan);
	loop(run, signal_fd);
	run_skip_rest(run);
	take_signals(run);
	if (r->summary)
		r->summary(r->arg, run->plan, run->result->outcome, run->result->ok);
	buf_free(&run->chunk);
	buf_free(&run->line);
}

bool
run_plan(struct ctx *ctx, const struct docker *docker, const struct plan *plan,
	const struct run_options *options, struct run_result *result) {
	static const struct reporter silent = {0};
	struct run run = {.ctx = ctx,
		.docker = docker,
		.plan = plan,
		.options = options,
		.reporter = options->reporter ? options->reporter : &silent,
		.result = result};

	*result = (struct run_result){.ok = true};
	run.parallel = options->parallel < plan->nstep ? options->parallel : plan->nstep;
	run.parallel = run.parallel ? run.parallel : 1;
	run.active = arena_array(ctx->mem, run.parallel, sizeof(struct job *));
	run.mask = mask_make(ctx, plan);
	run.env = env_unique(ctx, docker->env);
	char **brief = docker_brief_env(docker->env);
	run.brief_env = env_unique(ctx, brief);
	free(brief);
	run_make_jobs(&run);
	int signal_fd = sig_enter();
	if (signal_fd < 0) {
		diag(ctx, SEV_ERROR, (struct pos){0}, NULL, "cannot prepare for signals: %s",
			strerror(errno));
		result->ok = false;
		return false;
	}
	carry_out(&run, signal_fd);
	sig_leave();
	return result->ok;
}
