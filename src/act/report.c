/* report.c - what happens during a run, as plain lines: one a finished step, output where it explains a failure; and the choice
 * between the reporters. There are no cursor codes here: the live block is report_tty.c's, JSON lines are report_json.c's. */
#include "report_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <string.h>

enum { LONG_MS = 5000 }; /* after that a step that says something is reported once */

struct report {
	struct reporter reporter;
	struct wording wording;
	FILE *out;
	bool verbose;
	int64_t *started_ms; /* by step; 0: not started, or reported as taking long */
};

/* Write out what is in the buffer. That nobody may read it does not concern the run. */
static void
flush(const struct report *r, struct buf *b) {
	fwrite(buf_str(b), 1, b->n, r->out);
	fflush(r->out);
	buf_free(b);
}

static void
plain_begun(void *arg, const struct plan *plan) {
	struct report *r = arg;

	r->wording.nstep = plan->nstep;
	r->started_ms = arena_array(r->wording.ctx->mem, plan->nstep, sizeof(*r->started_ms));
}

/* A step has started. One that waits in silence is told of now, for it may take long. */
static void
plain_started(void *arg, const struct step *s) {
	struct report *r = arg;
	struct buf b = {0};

	r->started_ms[s->id - 1] = clock_ms();
	if (s->act != ACT_WAIT || step_extra(s)->tries > 1)
		return;
	wording_head(&r->wording, &b, s);
	buf_adds(&b, ": waiting until it has ended\n");
	flush(r, &b);
}

/* A step that takes long says something: pass that on, once. */
static void
plain_long(struct report *r, const struct step *s, const char *text) {
	struct buf b = {0};
	int64_t *since = &r->started_ms[s->id - 1];

	if (*since == 0 || clock_ms() - *since < LONG_MS || !*text)
		return;
	*since = 0;
	wording_head(&r->wording, &b, s);
	buf_adds(&b, s->act == ACT_WAIT ? ": still waiting: " : ": still at it: ");
	wording_tidy(&b, text, strlen(text));
	buf_addc(&b, '\n');
	flush(r, &b);
}

/* A step says something: who wants to know all gets it, others now and then. */
static void
plain_line(void *arg, const struct step *s, const char *text, bool err) {
	struct report *r = arg;
	struct buf b = {0};

	(void)err;
	if (!r->verbose) {
		plain_long(r, s, text);
		return;
	}
	wording_line(&r->wording, &b, s, text);
	flush(r, &b);
}

/* Those that were skipped are told of in the end, together. */
static void
plain_ended(void *arg, const struct step *s, const struct outcome *o) {
	struct report *r = arg;
	struct buf b = {0};

	wording_ended(&r->wording, &b, s, o);
	flush(r, &b);
}

/* What was not done, by reason. */
static void
plain_summary(void *arg, const struct plan *plan, const struct outcome *o, bool ok) {
	struct report *r = arg;
	struct buf b = {0};

	(void)ok;
	wording_skipped(&r->wording, &b, plan, o);
	flush(r, &b);
}

static void
quiet_ended(void *arg, const struct step *s, const struct outcome *o) {
	if (o->state == STEP_FAILED)
		plain_ended(arg, s, o);
}

/* Plain lines, or with QUIET those about failures alone. */
static struct reporter *
report_plain_make(struct ctx *ctx, const struct report_options *o) {
	struct report *r = arena_make(ctx->mem, struct report);

	*r = (struct report){
		.wording = {.ctx = ctx, .colour = o->colour}, .out = o->out, .verbose = o->verbose};
	r->reporter = (struct reporter){.begun = plain_begun, .ended = quiet_ended, .arg = r};
	if (o->progress == PROGRESS_PLAIN) {
		r->reporter.started = plain_started;
		r->reporter.line = plain_line;
		r->reporter.ended = plain_ended;
		r->reporter.summary = plain_summary;
	}
	return &r->reporter;
}

struct reporter *
report_make(struct ctx *ctx, const struct report_options *o) {
	switch (o->progress) {
	case PROGRESS_JSON:
		return report_json_make(ctx, o->out);
	case PROGRESS_TTY:
		return report_tty_make(ctx, o);
	case PROGRESS_PLAIN:
	case PROGRESS_QUIET:
		break;
	}
	return report_plain_make(ctx, o);
}
