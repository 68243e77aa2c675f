/* report_words.c - what is said of steps, for people: the same words whether lines are printed or a block is drawn.
 * Nothing that a command says reaches the terminal raw. */
#include "report_int.h"
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <string.h>

enum {
	OUTPUT_LINES = 20, /* most of a failure's output */
	OUTPUT_LINE_BYTES = 1000,
	TIDY_BYTES = 4000, /* most of one line of output */
	ID_DIGITS = 12,
};

const char *
wording_goal(const struct step *s) {
	const struct extra *x = step_extra(s);

	return x->goal ? x->goal : x->expect;
}

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

void
wording_head(const struct wording *w, struct buf *b, const struct step *s) {
	struct buf name = {0};
	int width = 1;

	for (size_t n = w->nstep; n > 9; n /= 10)
		width++;
	step_name(&name, s);
	buf_printf(b, "[%*u/%zu] ", width, s->id, w->nstep);
	add_safe(b, buf_str(&name));
	buf_free(&name);
}

/* Text in a colour, if there are colours. */
static void
add_coloured(const struct wording *w, struct buf *b, int colour, const char *text) {
	if (w->colour)
		buf_printf(b, "\033[%dm%s\033[0m", colour, text);
	else
		buf_adds(b, text);
}

static void
add_time(struct buf *b, int64_t ms) {
	buf_printf(b, " (%lld.%lld s)\n", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
}

/* Which step was taken back. */
static void
add_undone(struct buf *b, const struct step *s) {
	struct buf name = {0};

	step_name(&name, s);
	buf_printf(b, "undoes step %u, ", s->id);
	add_safe(b, buf_str(&name));
	buf_free(&name);
}

/* What it was done to: of a container that was set aside for a new one, its name now. */
static const char *
done_to(const struct step *s) {
	bool is_last = s->kind == KIND_CONTAINER && (s->act == ACT_REMOVE || s->act == ACT_STOP);

	return is_last && s->argv.n ? s->argv.v[s->argv.n - 1].s : s->name;
}

/* What a step that went well has to say. */
static void
add_done(const struct wording *w, struct buf *b, const struct step *s, const struct outcome *o) {
	const struct extra *x = step_extra(s);

	buf_adds(b, ": ");
	if (*o->why) {
		add_safe(b, o->why);
	} else if (x->undoes) {
		add_undone(b, x->undoes);
	} else if (o->id) {
		add_safe(b, s->name);
		buf_printf(b, " %.*s", ID_DIGITS, o->id);
	} else if (s->act == ACT_CHECK) {
		add_coloured(w, b, 32, "ok");
	} else if (s->act == ACT_WAIT && x->how == EXPECT_REGEX) { /* it may have ended instead */
		add_safe(b, o->output);
	} else if (s->act == ACT_WAIT) {
		add_safe(b, x->tries > 1 ? wording_goal(s) : "ended well");
	} else if (s->act == ACT_RENAME || s->act == ACT_DISCONNECT) { /* why must not be missed */
		add_safe(b, s->why);
	} else if (s->name && !str_eq(s->name, s->title)) {
		add_safe(b, done_to(s));
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
	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		bool is_long = len > OUTPUT_LINE_BYTES;
		if (strspn(text, " \t\r") >= len) /* nothing to see */
			continue;
		buf_adds(b, "        ");
		wording_tidy(b, text, is_long ? OUTPUT_LINE_BYTES : len);
		buf_adds(b, is_long ? " ...\n" : "\n");
	}
}

/* A failure: why, where the spec asked for the step, and what the command said. */
static void
add_failed(const struct wording *w, struct buf *b, const struct step *s, const struct outcome *o) {
	const char *file = s->at.line ? diag_source_name(w->ctx, s->at.src) : NULL;

	buf_adds(b, ": ");
	add_coloured(w, b, s->optional ? 33 : 31, s->optional ? "failed" : "FAILED");
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

void
wording_ended(
	const struct wording *w, struct buf *b, const struct step *s, const struct outcome *o) {
	if (o->state == STEP_SKIPPED)
		return;
	wording_head(w, b, s);
	if (o->state == STEP_FAILED) {
		add_failed(w, b, s, o);
		return;
	}
	add_done(w, b, s, o);
	add_time(b, o->took_ms);
}

void
wording_line(const struct wording *w, struct buf *b, const struct step *s, const char *text) {
	wording_head(w, b, s);
	buf_adds(b, " | ");
	wording_tidy(b, text, strlen(text));
	buf_addc(b, '\n');
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

void
wording_skipped(
	const struct wording *w, struct buf *b, const struct plan *plan, const struct outcome *o) {
	for (size_t i = 0; i < plan->nstep; i++) {
		if (!is_first_reason(o, i))
			continue;
		buf_adds(b, "not done, because ");
		add_safe(b, o[i].why);
		buf_adds(b, ":\n");
		for (size_t k = i; k < plan->nstep; k++) {
			if (o[k].state != STEP_SKIPPED || !str_eq(o[k].why, o[i].why))
				continue;
			buf_adds(b, "    ");
			wording_head(w, b, plan->step[k]);
			buf_addc(b, '\n');
		}
	}
}

/* How many bytes the escape sequence has that these N bytes begin with. */
static size_t
escape_len(const char *text, size_t n) {
	size_t i = 1;

	if (n > 1 && text[1] == '[') /* parameters, then one letter */
		for (i = 2; i < n && text[i] >= ' ' && text[i] < '@';)
			i++;
	else if (n > 1 && text[1] == ']') /* a title, until BEL or ESC \ */
		for (i = 2; i < n && text[i] != '\a' && text[i - 1] != '\033';)
			i++;
	return i < n ? i + 1 : n;
}

void
wording_tidy(struct buf *b, const char *text, size_t n) {
	char line[TIDY_BYTES];
	size_t kept = 0;

	while (n && strchr("\r\n ", text[n - 1]))
		n--;
	for (size_t i = 0; i < n && kept < sizeof(line); i++) {
		if (text[i] == '\033')
			i += escape_len(text + i, n - i) - 1;
		else if (text[i] == '\r') /* what follows is written over it */
			kept = 0;
		else
			line[kept++] = text[i] == '\t' ? ' ' : text[i];
	}
	str_safe(b, line, kept, false);
}
