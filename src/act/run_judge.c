/* run_judge.c - was the try right, and if not, why: in one sentence that a person can act on.
 * All that is said here passes through the mask, for a command's output may hold what nobody should see. */
#include "run_int.h"
#include <fnmatch.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/quote.h>
#include <stackplan/str.h>
#include <string.h>
#include <sys/wait.h>

enum { ID_SHORTEST = 12, ID_LONGEST = 64, SAID_BYTES = 200 };

const char *
step_label(struct ctx *ctx, const struct step *s) {
	struct buf b = {0};

	buf_printf(&b, "step %u (", s->id);
	step_name(&b, s);
	buf_addc(&b, ')');
	return arena_take_buf(ctx->mem, &b);
}

/* What the child said on standard output, without the newlines at its end; with standard error if that counts. False when
 * some of it is gone. */
static bool
said(const struct job *j, struct buf *b) {
	bool is_whole = spool_join(&j->out, b);

	if (!j->step->both)
		return is_whole;
	if (b->n && j->err.head.n)
		buf_addc(b, '\n');
	return spool_join(&j->err, b) && is_whole;
}

void
job_match(struct job *j, const char *line) {
	const struct step *s = j->step;
	const struct extra *x = step_extra(s);

	if (j->found || !x->expect)
		return;
	if (x->how == EXPECT_HOLDS)
		j->found = strstr(line, x->expect) != NULL;
	else if (x->how == EXPECT_REGEX && j->has_regex)
		j->found = regexec(&j->regex, line, 0, NULL, 0) == 0;
}

/* Did it exit as it should? */
static bool
exits_right(const struct job *j) {
	int status = j->proc.status;

	return !j->start_error && !j->timed_out && WIFEXITED(status) &&
	       WEXITSTATUS(status) == step_extra(j->step)->expect_exit;
}

/* The container's ID on the last line of standard output, or NULL. */
static const char *
last_id(const struct job *j) {
	struct buf b = {0};
	const char *id = NULL;

	spool_join(&j->out, &b);
	const char *text = buf_str(&b), *newline = strrchr(text, '\n');
	const char *line = newline ? newline + 1 : text;
	size_t n = strspn(line, "0123456789abcdef");
	if (line[n] == '\0' && n >= ID_SHORTEST && n <= ID_LONGEST)
		id = arena_strndup(j->run->ctx->mem, line, n);
	buf_free(&b);
	return id;
}

/* Is what it said as the step expects? */
static bool
says_right(const struct job *j, const struct buf *text, bool is_whole) {
	const struct step *s = j->step;
	const struct extra *x = step_extra(s);

	switch (x->how) {
	case EXPECT_ANY:
		break;
	case EXPECT_EQUAL:
		if (!is_whole || !str_eq(buf_str(text), x->expect))
			return false;
		break;
	case EXPECT_HOLDS: /* a text of several lines is on none of them */
		if (!j->found && !strstr(buf_str(text), x->expect))
			return false;
		break;
	case EXPECT_REGEX:
		if (!j->found)
			return false;
		break;
	}
	if (s->yields && (!is_whole || text->n == 0))
		return false;
	return !s->yields_id || last_id(j) != NULL;
}

/* Is the text like one of the step's patterns of failure? */
static bool
is_hopeless(const struct job *j, const char *text) {
	struct buf pattern = {0};
	bool is = false;

	for (const char *p = step_extra(j->step)->fail; !is && *p;
		p += strcspn(p, "|"), p += *p == '|') {
		buf_clear(&pattern);
		buf_add(&pattern, p, strcspn(p, "|"));
		is = fnmatch(buf_str(&pattern), text, 0) == 0;
	}
	buf_free(&pattern);
	return is;
}

/* Does either stream say that it will never be right? */
static bool
says_hopeless(const struct job *j, const struct buf *text, bool is_whole) {
	struct buf err = {0};
	bool is;

	if (!step_extra(j->step)->fail || !is_whole)
		return false;
	spool_join(&j->err, &err);
	is = is_hopeless(j, buf_str(text)) || (err.n && is_hopeless(j, buf_str(&err)));
	buf_free(&err);
	return is;
}

enum verdict
job_judge(struct job *j) {
	struct buf b = {0};
	bool is_whole = said(j, &b);
	enum verdict verdict = VERDICT_WRONG;

	if (j->start_error || (step_extra(j->step)->how == EXPECT_REGEX && !j->has_regex))
		verdict = VERDICT_HOPELESS;
	else if (says_hopeless(j, &b, is_whole))
		verdict = VERDICT_HOPELESS;
	else if (exits_right(j) && says_right(j, &b, is_whole))
		verdict = VERDICT_RIGHT;
	buf_free(&b);
	return verdict;
}

/* A text between quotes, its first line only. */
static void
add_quoted(struct buf *b, const char *text) {
	size_t n = strcspn(text, "\n");
	bool is_cut = text[n] != '\0' || n > SAID_BYTES;

	buf_addc(b, '"');
	buf_add(b, text, n > SAID_BYTES ? SAID_BYTES : n);
	buf_adds(b, is_cut ? " ...\"" : "\"");
}

/* Why the output is not right. */
static void
explain_output(const struct job *j, struct buf *b) {
	const struct step *s = j->step;
	const struct extra *x = step_extra(s);
	struct buf text = {0};
	int64_t code;

	said(j, &text);
	if (x->goal && s->act == ACT_WAIT) {
		buf_printf(b, "it is not %s: ", x->goal);
		add_quoted(b, buf_str(&text));
	} else if (x->how == EXPECT_HOLDS && !j->found && !strstr(buf_str(&text), x->expect)) {
		buf_adds(b, "the output does not hold ");
		add_quoted(b, x->expect);
	} else if (x->how == EXPECT_REGEX && !j->found) {
		buf_printf(b, "no line of the output matches /%s/", x->expect);
	} else if (s->act == ACT_WAIT && str_int(buf_str(&text), 1, INT32_MAX, &code)) {
		buf_printf(b, "it has ended with exit status %lld", (long long)code);
	} else if (x->how == EXPECT_EQUAL && !str_eq(buf_str(&text), x->expect)) {
		buf_adds(b, "wanted ");
		add_quoted(b, x->expect);
		buf_adds(b, ", got ");
		add_quoted(b, buf_str(&text));
	} else if (s->yields_id && !last_id(j)) {
		buf_adds(b, "it printed no container ID");
	} else {
		buf_adds(b, text.n ? "it printed more than can be used" : "it printed nothing");
	}
	buf_free(&text);
}

/* Why the last try was not right. */
static void
explain_try(const struct job *j, struct buf *b) {
	const struct extra *x = step_extra(j->step);
	struct arena *mem = j->run->ctx->mem;
	int status = j->proc.status;

	if (j->start_error)
		buf_printf(b, "cannot start '%s': %s", j->run->docker->program,
			strerror(j->start_error));
	else if (x->how == EXPECT_REGEX && !j->has_regex)
		buf_printf(b, "/%s/ is not an extended regular expression", x->expect);
	else if (j->is_stuck)
		buf_adds(b, "it does not end, not even when killed");
	else if (j->timed_out)
		buf_adds(b, "it did not end in time and was stopped");
	else if (!exits_right(j) && x->expect_exit == 0)
		buf_adds(b, proc_how(mem, status));
	else if (!exits_right(j))
		buf_printf(
			b, "%s instead of %lld", proc_how(mem, status), (long long)x->expect_exit);
	else
		explain_output(j, b);
}

/* Tries and time that were spent. */
static void
explain_tries(const struct job *j, struct buf *b) {
	const struct step *s = j->step;

	if (s->act == ACT_WAIT && step_extra(s)->timeout_ms && clock_ms() >= j->limit_ms)
		buf_printf(b, " (within the limit of %g s)", step_extra(s)->timeout_ms / 1000.0);
	else if (j->tried > 1)
		buf_printf(b, " (tried %u times)", j->tried);
}

bool
job_was_ended(const struct job *j) {
	return !j->start_error && (WIFSIGNALED(j->proc.status) || j->timed_out || j->nsent > 0);
}

/* A command that was to make something may have made it all the same: how to remove that. */
static void
explain_undo(const struct job *j, struct buf *b) {
	static const struct quote_refs refs = {0};
	struct words undo = step_undo(j->run->ctx, j->run->plan, j->step);
	bool is_made = j->step->yields_id && last_id(j);

	if (j->start_error || undo.n == 0 || (!is_made && !job_was_ended(j)))
		return;
	buf_adds(b, is_made ? "; it was made nevertheless, and is removed by: "
			    : "; what it may have made is removed by: ");
	for (size_t i = 0; i < undo.n; i++) {
		if (i)
			buf_addc(b, ' ');
		quote_word(b, &undo.v[i], &refs);
	}
}

const char *
job_explain(struct job *j) {
	struct ctx *ctx = j->run->ctx;
	struct buf b = {0};

	if (j->run->nsignals)
		buf_printf(&b, "stopped by %s: ", run_stopped_by(j->run));
	explain_try(j, &b);
	explain_tries(j, &b);
	explain_undo(j, &b);
	if (j->step->optional)
		buf_adds(&b, "; this may fail, so what comes after goes on");
	const char *why = mask_text(ctx, j->run->mask, buf_str(&b));
	buf_free(&b);
	return why;
}

/* Append the output of one stream and a newline after it. */
static void
add_stream(const struct job *j, const struct spool *s, struct buf *b) {
	if (b->n && b->s[b->n - 1] != '\n' && s->head.n)
		buf_addc(b, '\n');
	spool_show(s, j->run->mask, b);
}

void
job_collect(struct job *j) {
	struct arena *mem = j->run->ctx->mem;
	struct buf b = {0}, whole = {0};

	if (j->step->yields_id)
		j->outcome->id = last_id(j);
	spool_join(&j->out, &whole);
	if (j->step->yields)
		j->yielded = arena_strndup(mem, buf_str(&whole), whole.n);
	if (!j->outcome->id || strchr(buf_str(&whole), '\n')) /* the ID alone says nothing new */
		add_stream(j, &j->out, &b);
	buf_free(&whole);
	add_stream(j, &j->err, &b);
	while (b.n && strchr("\r\n", b.s[b.n - 1]))
		b.s[--b.n] = '\0';
	j->outcome->output = arena_take_buf(mem, &b);
}
