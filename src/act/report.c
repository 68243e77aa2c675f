/* report.c - what happens during a run, as plain lines for people: one a finished step, output where it explains a failure.
 * Nothing that a command says reaches the terminal raw; there are no cursor codes. JSON lines are report_json.c's. */
#include "run_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <string.h>

enum {
	OUTPUT_LINES = 20, /* most of a failure's output */
	OUTPUT_LINE_BYTES = 1000,
	LONG_MS = 5000, /* after that a step that says something is reported once */
	ID_DIGITS = 12,
};

struct report {
	struct reporter reporter;
	struct ctx *ctx;
	FILE *out;
	bool colour;
	size_t nstep;
	int64_t *started_ms; /* by step; 0: not started, or reported as taking long */
};

void
step_name(struct buf *b, const struct step *s) {
	buf_printf(b, "%s ", action_name(s->act));
	if (s->act != ACT_CHECK && (s->kind == KIND_NETWORK || s->kind == KIND_VOLUME))
		buf_printf(b, "%s ", kind_name(s->kind));
	buf_adds(b, s->title);
}

/* Append text that may come from anywhere, on one line. */
static void
add_safe(struct buf *b, const char *text) {
	str_safe(b, text, strlen(text), false);
}

/* "[3/6] run mysql" */
static void
add_head(const struct report *r, struct buf *b, const struct step *s) {
	struct buf name = {0};
	int width = 1;

	for (size_t n = r->nstep; n > 9; n /= 10)
		width++;
	step_name(&name, s);
	buf_printf(b, "[%*u/%zu] ", width, s->id, r->nstep);
	add_safe(b, buf_str(&name));
	buf_free(&name);
}

/* Text in a colour, if there are colours. */
static void
add_coloured(const struct report *r, struct buf *b, int colour, const char *text) {
	if (r->colour)
		buf_printf(b, "\033[%dm%s\033[0m", colour, text);
	else
		buf_adds(b, text);
}

static void
add_time(struct buf *b, int64_t ms) {
	buf_printf(b, " (%lld.%lld s)\n", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
}

/* Write out what is in the buffer. That nobody may read it does not concern the run. */
static void
flush(const struct report *r, struct buf *b) {
	fwrite(buf_str(b), 1, b->n, r->out);
	fflush(r->out);
	buf_free(b);
}

/* What a step that went well has to say. */
static void
add_done(const struct report *r, struct buf *b, const struct step *s, const struct outcome *o) {
	buf_adds(b, ": ");
	if (*o->why) {
		add_safe(b, o->why);
	} else if (o->id) {
		add_safe(b, s->name);
		buf_printf(b, " %.*s", ID_DIGITS, o->id);
	} else if (s->act == ACT_CHECK) {
		add_coloured(r, b, 32, "ok");
	} else if (s->act == ACT_WAIT) {
		add_safe(b, s->tries > 1 ? s->expect : "ended well");
	} else if (s->name && !str_eq(s->name, s->title)) {
		add_safe(b, s->name);
	} else {
		buf_adds(b, "done");
	}
}

/* The last lines of a text, indented. */
static void
add_output(struct buf *b, const char *text) {
	size_t n = 1;

	for (const char *p = text; *p; p++)
		n += *p == '\n';
	for (; n > OUTPUT_LINES; n--)
		text = strchr(text, '\n') + 1;
	while (*text) {
		size_t len = strcspn(text, "\n");
		bool is_long = len > OUTPUT_LINE_BYTES;
		if (strspn(text, " \t\r") >= len) { /* nothing to see */
			text += len + (text[len] == '\n');
			continue;
		}
		buf_adds(b, "        ");
		str_safe(b, text, is_long ? OUTPUT_LINE_BYTES : len, false);
		buf_adds(b, is_long ? " ...\n" : "\n");
		text += len + (text[len] == '\n');
	}
}

/* A failure: why, where the spec asked for the step, and what the command said. */
static void
add_failed(const struct report *r, struct buf *b, const struct step *s, const struct outcome *o) {
	const char *file = s->at.line ? diag_source_name(r->ctx, s->at.src) : NULL;

	buf_adds(b, ": ");
	add_coloured(r, b, s->optional ? 33 : 31, s->optional ? "failed" : "FAILED");
	buf_adds(b, ": ");
	add_safe(b, o->why);
	add_time(b, o->took_ms);
	if (file) {
		buf_adds(b, "    wanted by ");
		add_safe(b, file);
		buf_printf(b, ":%u:%u%s\n", s->at.line, s->at.col, *o->output ? "; it said:" : "");
	}
	add_output(b, o->output);
}

static void
plain_begun(void *arg, const struct plan *plan) {
	struct report *r = arg;

	r->nstep = plan->nstep;
	r->started_ms = arena_array(r->ctx->mem, plan->nstep, sizeof(*r->started_ms));
}

/* A step has started. One that waits in silence is told of now, for it may take long. */
static void
plain_started(void *arg, const struct step *s) {
	struct report *r = arg;
	struct buf b = {0};

	r->started_ms[s->id - 1] = clock_ms();
	if (s->act != ACT_WAIT || s->tries > 1)
		return;
	add_head(r, &b, s);
	buf_adds(&b, ": waiting until it has ended\n");
	flush(r, &b);
}

/* A step that takes long says something: pass that on, once. */
static void
plain_line(void *arg, const struct step *s, const char *text, bool err) {
	struct report *r = arg;
	struct buf b = {0};
	int64_t *since = &r->started_ms[s->id - 1];

	(void)err;
	if (*since == 0 || clock_ms() - *since < LONG_MS || !*text)
		return;
	*since = 0;
	add_head(r, &b, s);
	buf_adds(&b, s->act == ACT_WAIT ? ": still waiting: " : ": still at it: ");
	add_safe(&b, text);
	buf_addc(&b, '\n');
	flush(r, &b);
}

/* Those that were skipped are told of in the end, together. */
static void
plain_ended(void *arg, const struct step *s, const struct outcome *o) {
	struct report *r = arg;
	struct buf b = {0};

	if (o->state == STEP_SKIPPED)
		return;
	add_head(r, &b, s);
	if (o->state == STEP_FAILED) {
		add_failed(r, &b, s, o);
	} else {
		add_done(r, &b, s, o);
		add_time(&b, o->took_ms);
	}
	flush(r, &b);
}

/* Is this the first skipped step with its reason? */
static bool
is_first_reason(const struct outcome *o, size_t i) {
	if (o[i].state != STEP_SKIPPED)
		return false;
	for (size_t k = 0; k < i; k++)
		if (o[k].state == STEP_SKIPPED && str_eq(o[k].why, o[i].why))
			return false;
	return true;
}

/* What was not done, by reason. */
static void
plain_summary(void *arg, const struct plan *plan, const struct outcome *o, bool ok) {
	struct report *r = arg;
	struct buf b = {0};

	(void)ok;
	for (size_t i = 0; i < plan->nstep; i++) {
		if (!is_first_reason(o, i))
			continue;
		buf_adds(&b, "not done, because ");
		add_safe(&b, o[i].why);
		buf_adds(&b, ":\n");
		for (size_t k = i; k < plan->nstep; k++) {
			if (o[k].state != STEP_SKIPPED || !str_eq(o[k].why, o[i].why))
				continue;
			buf_adds(&b, "    ");
			add_head(r, &b, plan->step[k]);
			buf_addc(&b, '\n');
		}
	}
	flush(r, &b);
}

static void
quiet_ended(void *arg, const struct step *s, const struct outcome *o) {
	if (o->state == STEP_FAILED)
		plain_ended(arg, s, o);
}

struct reporter *
report_make(struct ctx *ctx, enum progress progress, FILE *out, bool colour) {
	struct report *r = arena_make(ctx->mem, struct report);

	if (progress == PROGRESS_JSON)
		return report_json_make(ctx, out);
	*r = (struct report){.ctx = ctx, .out = out, .colour = colour};
	r->reporter = (struct reporter){.begun = plain_begun, .ended = quiet_ended, .arg = r};
	if (progress == PROGRESS_PLAIN) {
		r->reporter.started = plain_started;
		r->reporter.line = plain_line;
		r->reporter.ended = plain_ended;
		r->reporter.summary = plain_summary;
	}
	return &r->reporter;
}
