/* run_together.c - several gates that ask the same of different things are asked by one command: its last words are the things, and it
 * answers with a line for each, in order. Two hundred questions then cost little more than one.
 * One of the jobs has the child, the others ride along. The plan says which steps may be asked so (step.together); what is not
 * plain in the answer is asked again, of each alone, so that a failure and its message are those of one step. */
#include "run_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_RIDERS = 100, /* so many things are named by one command */
	SOON_MS = 100,     /* what would be due so soon comes along */
};

static size_t
count(char *const *argv) {
	size_t n = 0;

	while (argv[n])
		n++;
	return n;
}

/* Do the commands of two steps differ in their last words at most? */
static bool
asks_the_same(const struct words *a, const struct words *b) {
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i + 1 < a->n; i++)
		if (strcmp(a->v[i].s, b->v[i].s) != 0)
			return false;
	return true;
}

/* Is its next try due, or nearly so? */
static bool
is_due(const struct job *j, int64_t now) {
	if (j->state == JOB_PAUSED)
		return j->again_ms <= now + SOON_MS;
	return j->state == JOB_READY && step_extra(j->step)->delay_ms == 0;
}

void
together_gather(struct run *run, struct job *leader, int64_t now) {
	size_t n = run->plan->nstep;

	if (!leader->step->together || leader->is_alone)
		return;
	leader->nrider = 0;
	for (size_t i = 0; i < n && leader->nrider < MOST_RIDERS; i++) {
		struct job *j = &run->job[i];
		bool comes = j != leader && j->step->together && !j->is_alone && is_due(j, now) &&
			     asks_the_same(&j->step->argv, &leader->step->argv);
		if (!comes)
			continue;
		if (!leader->rider) {
			leader->rider = xreallocarray(NULL, MOST_RIDERS, sizeof(struct job *));
			leader->rider[leader->nrider++] = leader;
		}
		leader->rider[leader->nrider++] = j;
		run_begin(run, j);
		if (j->begun_ms == 0)
			job_prepare(j);
		j->tried++;
		j->state = JOB_RIDING;
	}
}

char **
together_argv(const struct job *leader) {
	size_t n = count(leader->argv);
	char **argv = xreallocarray(NULL, n + leader->nrider, sizeof(*argv));

	memcpy(argv, leader->argv, n * sizeof(*argv));
	for (size_t i = 0; i < leader->nrider; i++)
		argv[n - 1 + i] = leader->rider[i]->argv[n - 1];
	argv[n - 1 + leader->nrider] = NULL;
	return argv;
}

/* The lines of a text, which are cut apart; how many there are, MOST + 1 at most. */
static size_t
cut_lines(char *text, char **line, size_t most) {
	size_t n = 0;

	for (char *end; *text; text = end + 1) {
		end = text + strcspn(text, "\n");
		bool is_last = *end == '\0';
		*end = '\0';
		if (n == most)
			return most + 1;
		line[n++] = text;
		if (is_last)
			break;
	}
	return n;
}

/* The line that is a job's answer: as if its own child had said it. */
static void
take_answer(struct run *run, struct job *j, const struct job *leader, char *line) {
	const struct reporter *r = run->reporter;
	size_t n = strlen(line);

	spool_free(&j->out);
	spool_free(&j->err);
	j->found = j->timed_out = j->is_stuck = false;
	j->start_error = 0;
	j->nsent = 0;
	j->proc.status = leader->proc.status;
	job_match(j, line);
	if (r->line) {
		buf_clear(&run->line);
		mask_add(run->mask, &run->line, line, n, 0, n);
		r->line(r->arg, j->step, buf_str(&run->line), false);
	}
	spool_add(&j->out, line, n, NULL, NULL);
	spool_end(&j->out, NULL, NULL);
}

/* What the answer means for one of them: it is content, waits on, or asks for itself. */
static void
judge(struct run *run, struct job *j, int64_t now) {
	enum verdict verdict = job_judge(j);

	if (verdict == VERDICT_RIGHT) {
		j->outcome->code = 0;
		job_collect(j);
		run_settle(run, j, STEP_DONE);
	} else if (verdict == VERDICT_WRONG && run_may_try(run, j, now)) {
		run_pause(run, j, now + run_pause_ms(run, j, now));
	} else {
		j->is_alone = true;
		run_pause(run, j, now);
	}
}

/* Give each its line. */
static void
hand_out(struct run *run, struct job *leader, struct job **rider, size_t n, char **line) {
	int64_t now = clock_ms();

	for (size_t i = n; i-- > 0;) { /* the leader last: its status is everybody's */
		take_answer(run, rider[i], leader, line[i]);
		rider[i]->state = JOB_RIDING;
	}
	for (size_t i = 0; i < n; i++)
		judge(run, rider[i], now);
}

/* There is no plain answer: each asks for itself. Nobody does when the run is stopping; then this try counts for the one whose child
 * it was, and the others are skipped like all that waits. */
static void
send_away(struct run *run, struct job *leader, struct job **rider, size_t n) {
	bool is_stopping = run->nsignals > 0 || run->stopper;
	int64_t now = clock_ms();

	for (size_t i = is_stopping; i < n; i++) {
		rider[i]->is_alone = true;
		run_pause(run, rider[i], now);
	}
	if (is_stopping)
		run_end_try(run, leader);
}

void
together_end(struct run *run, struct job *leader) {
	struct job **rider = leader->rider;
	char *line[MOST_RIDERS];
	size_t n = leader->nrider;
	struct buf said = {0};

	leader->rider = NULL;
	bool is_plain = !leader->start_error && !leader->timed_out && leader->proc.status == 0 &&
			spool_join(&leader->out, &said) && said.n &&
			cut_lines(said.s, line, n) == n;
	if (is_plain)
		hand_out(run, leader, rider, n, line);
	else
		send_away(run, leader, rider, n);
	buf_free(&said);
	free(rider);
}
