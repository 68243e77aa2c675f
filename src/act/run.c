/* run.c - running a plan: steps start in the printed order as soon as what they need is over, so many at a time.
 * Start at run_plan(). One thread; it sleeps in poll() until a pipe has something, a signal came (a child's end is one), or
 * a deadline is over. How a step ends is in the middle, what is skipped and why in run_skip.c, single children in run_job.c. */
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
	CANCEL_GRACE_MS = 10000, /* from the first signal's TERM to KILL */
	KILLED_GRACE_MS = 5000,  /* from KILL to giving up */
	WAIT_GRACE_MS = 5000,    /* for a wait that nobody is interested in any more */
	SAME_SIGNAL_MS = 200,    /* timeout(1) and terminals may send one signal twice */
	BLIND_MS = 50,           /* pause when poll itself fails */
	SLOW_GATE_MS = 500,      /* up to here the pauses of a gate grow */
	CROWD_MS = 20,           /* added to a pause for each gate that waits, too */
	LONGEST_SLEEP_MS = 3600 * 1000,
};

/* Is nothing to be started any more? */
static bool
is_stopping(const struct run *run) {
	return run->nsignals > 0 || run->stopper != NULL;
}

/* ---- how a step ends ---- */

/* After a failure with ON_FAILURE_STOP: waits are of no use any more. */
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
	if (s->soft || run->options->on_failure != ON_FAILURE_STOP)
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
	if (j->timed_out && j->step->every_ms) /* a quick question had no answer: nor would these */
		return false;
	for (; j->remark < j->step->nremarks && run->nsignals == 0; j->remark++) {
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
		buf_printf(&j->remarks, "%s\n%s\n", j->step->remarks[j->remark].about, b.s);
	buf_free(&b);
	j->remark++;
	if (!start_remark(run, j))
		end_failed(run, j);
}

/* Are there tries and time left? */
static bool
may_try_again(const struct run *run, const struct job *j, int64_t now) {
	return j->tried < j->step->tries && now < j->limit_ms && !is_stopping(run);
}

/* How long until the next try. A gate is asked often when its answer is due, before that and later less so, for it may have
 * become hopeless; and the less, the more gates there are: a question costs the machine something, too. */
static int64_t
pause_ms(const struct run *run, struct job *j, int64_t now) {
	const struct step *s = j->step;
	int64_t left = j->begun_ms + s->due_ms - now, crowd = CROWD_MS * (int64_t)run->npaused;
	int64_t pause = j->pause_ms ? j->pause_ms : s->every_ms;

	if (s->act != ACT_WAIT)
		return s->every_ms;
	if (left > 0)
		pause = left < (int64_t)3 * SLOW_GATE_MS ? left : (int64_t)2 * SLOW_GATE_MS;
	else if (pause < SLOW_GATE_MS)
		j->pause_ms = pause + pause / 4;
	return pause > crowd ? pause : crowd;
}

/* A try has ended: done, again, or failed. */
static void
end_try(struct run *run, struct job *j) {
	int64_t now = clock_ms();
	enum verdict verdict = job_judge(j);

	if (!j->start_error)
		j->outcome->code = proc_code(j->proc.status);
	if (verdict == VERDICT_RIGHT) {
		job_collect(j);
		run_settle(run, j, STEP_DONE);
	} else if (j->is_abandoned ||
		   (run->stopper && run->nsignals == 0 && j->tried < j->step->tries)) {
		run_skip(run, j, run->stopper);
	} else if (verdict == VERDICT_WRONG && may_try_again(run, j, now)) {
		j->again_ms = now + pause_ms(run, j, now);
		if (j->again_ms > j->limit_ms)
			j->again_ms = j->limit_ms;
		j->state = JOB_PAUSED;
		run->npaused++;
	} else {
		fail(run, j);
	}
}

/* Has the step that this one stands in for gone well? */
static bool
is_needless(const struct run *run, const struct job *j) {
	const struct step *other = j->step->unless;

	return other && other->id >= 1 && other->id <= run->plan->nstep &&
	       run->plan->step[other->id - 1] == other &&
	       run->result->outcome[other->id - 1].state == STEP_DONE;
}

/* ---- the loop ---- */

/* Start one try of a job that is ready or due. */
static void
start(struct run *run, struct job *j) {
	bool is_first = j->begun_ms == 0;

	if (is_needless(run, j)) {
		j->outcome->why = "not needed";
		run_settle(run, j, STEP_DONE);
		return;
	}
	run->nready -= j->state == JOB_READY;
	run->npaused -= j->state == JOB_PAUSED;
	j->outcome->state = STEP_RUNNING;
	if (is_first && run->reporter->started)
		run->reporter->started(run->reporter->arg, j->step);
	if (job_start(j))
		run->active[run->nactive++] = j;
	else
		end_try(run, j);
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
			start(run, j);
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

/* INT, TERM or HUP: the first asks the children to end, the second ends them. */
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
		else
			end_try(run, j);
	}
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
		start_what_is_due(run);
		bool is_more_due = run->nready + run->npaused > 0 && !is_stopping(run);
		if (run->nactive == 0 && !is_more_due)
			break;
		tick(run);
		wait_and_read(run, signal_fd, fds);
	}
	free(fds);
}

/* ---- before and after ---- */

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

/* Make the jobs. */
static void
make_jobs(struct run *run) {
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
	make_jobs(&run);
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
