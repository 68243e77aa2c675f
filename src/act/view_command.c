/* view_command.c - a command as a list of words and as shell text: on one line, or broken before its options where it is
 * long. Each word is quoted once. */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Longest command that stays on one line; no character of it has more than four bytes. */
enum { LINE_MAX_CELLS = 78, LONGEST_LINE = 4 * LINE_MAX_CELLS };

static const char line_break[] = " \\\n    ";

static const struct pos nowhere;

/* Is the command short enough for one line? */
static bool
is_one_line(const char *command) {
	size_t n = strlen(command);

	return n <= LONGEST_LINE && str_width(command, n) <= LINE_MAX_CELLS;
}

struct quoted *
view_quote(struct ctx *ctx, const struct words *w, const struct quote_refs *refs) {
	struct quoted *q = arena_make(ctx->mem, struct quoted);
	struct buf b = {0};

	buf_reserve(&b, 32 * (size_t)w->n);
	q->at = arena_array(ctx->mem, w->n + 1, sizeof(*q->at));
	for (size_t i = 0; i < w->n; i++) {
		if (i)
			buf_addc(&b, ' ');
		q->at[i] = b.n;
		quote_word(&b, &w->v[i], refs);
	}
	q->at[w->n] = b.n + 1;
	q->text = arena_take_buf(ctx->mem, &b);
	return q;
}

/* A command on its way to become shell text. */
struct putting {
	struct ctx *ctx;
	struct buf *out;
	const struct quote_refs *refs;
	size_t start;  /* where it begins in OUT */
	bool broken;   /* what begins an option stands on a line of its own */
	size_t nbreak; /* how many lines that made more */
};

/* What stands between two words; the second one may begin an option. */
static void
put_gap(struct putting *p, bool starts) {
	bool breaks = p->broken && starts;

	if (p->out->n == p->start)
		return;
	p->nbreak += breaks;
	if (breaks)
		buf_add(p->out, line_break, sizeof(line_break) - 1);
	else
		buf_addc(p->out, ' ');
}

static void
put_words(struct putting *p, const struct word *v, size_t n) {
	for (size_t i = 0; i < n; i++) {
		put_gap(p, v[i].starts);
		quote_word(p->out, &v[i], p->refs);
	}
}

/* Most labels need no quotes. */
static void
put_label(struct putting *p, const struct label *label) {
	static const char flag[] = "--label ";
	const char *value = label->value.s;
	size_t n = label->value.nspan ? 0 : quote_bare(value);
	struct text t = {0};

	put_gap(p, true);
	buf_add(p->out, flag, sizeof(flag) - 1);
	if (!label->value.nspan && !value[n]) {
		buf_adds(p->out, label->key);
		buf_add(p->out, value, n);
		return;
	}
	text_add(&t, label->key);
	text_add_word(&t, &label->value);
	struct word word = text_take(p->ctx->mem, &t, nowhere);
	quote_word(p->out, &word, p->refs);
}

/* All of a step's command. */
static void
put_command(struct putting *p, const struct step *s, const struct label *label, size_t nlabel) {
	size_t at = nlabel ? s->labels_at : s->argv.n;

	p->nbreak = 0;
	p->out->n = p->start;
	put_words(p, s->argv.v, at);
	for (size_t i = 0; i < nlabel; i++)
		put_label(p, &label[i]);
	put_words(p, s->argv.v + at, s->argv.n - at);
	if (s->named)
		put_words(p, &(struct word){.s = s->name}, 1);
}

const char *
single_quoted(struct ctx *ctx, const char *text) {
	struct buf b = {0};

	for (; *text; text++)
		if (*text == '\'')
			buf_adds(&b, "'\\''");
		else
			buf_addc(&b, *text);
	return arena_take_buf(ctx->mem, &b);
}

void
view_put_words(struct buf *out, const struct words *w, const struct quote_refs *refs) {
	struct putting p = {.out = out, .refs = refs, .start = out->n};

	put_words(&p, w->v, w->n);
}

void
view_put_command(struct ctx *ctx, struct buf *out, const struct plan *plan, const struct step *s,
	const struct quote_refs *refs, bool broken) {
	struct putting p = {
		.ctx = ctx, .out = out, .refs = refs, .start = out->n, .broken = broken};
	struct label label[LABELS_MAX];
	size_t nlabel = step_labels(ctx, plan, s, label), n;

	put_command(&p, s, label, nlabel);
	n = out->n - p.start - p.nbreak * (sizeof(line_break) - 2);
	if (!p.nbreak || n > LONGEST_LINE)
		return;
	/* it may be short enough for one line, which is seen only there */
	p.broken = false;
	put_command(&p, s, label, nlabel);
	if (is_one_line(out->s + p.start))
		return;
	p.broken = true;
	put_command(&p, s, label, nlabel);
}

struct node *
view_argv(struct ctx *ctx, const struct words *w, bool redact) {
	struct node *list = new_list(ctx);

	for (size_t i = 0; i < w->n; i++) {
		struct node *n = node_str(ctx->mem, masked(ctx, &w->v[i]), nowhere);
		n->flags |= redact && is_literal_secret(&w->v[i]) ? NODE_SECRET : 0;
		node_append(ctx->mem, list, n);
	}
	return list;
}

/* The index of the word that begins the next line after the one that begins with word I. */
static size_t
next_line(const struct words *w, size_t i, bool one_line) {
	size_t end = i + 1;

	while (end < w->n && (one_line || !w->v[end].starts))
		end++;
	return end;
}

struct node *
view_lines(struct ctx *ctx, const struct words *w, const struct quoted *q) {
	struct node *list = new_list(ctx), *line;
	bool one = is_one_line(q->text);

	for (size_t i = 0, end; i < w->n; i = end) {
		end = next_line(w, i, one);
		line = new_map(ctx);
		put(ctx, line, "text",
			arena_strndup(ctx->mem, q->text + q->at[i], q->at[end] - q->at[i] - 1));
		put_bool(ctx, line, "first", i == 0);
		put_bool(ctx, line, "last", end == w->n);
		node_append(ctx->mem, list, line);
	}
	return list;
}

const char *
view_broken(struct ctx *ctx, const struct words *w, const struct quoted *q) {
	struct buf b = {0};
	bool one = is_one_line(q->text);

	if (one)
		return q->text;
	buf_reserve(&b, q->at[w->n] + 7 * (size_t)w->n);
	for (size_t i = 0, end; i < w->n; i = end) {
		end = next_line(w, i, one);
		if (i)
			buf_add(&b, line_break, sizeof(line_break) - 1);
		buf_add(&b, q->text + q->at[i], q->at[end] - q->at[i] - 1);
	}
	return arena_take_buf(ctx->mem, &b);
}
