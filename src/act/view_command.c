/* view_command.c - a command as a list of words and as shell text: on one line, or broken before its options where it is
 * long. Each word is quoted once. */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Longest command that stays on one line. */
enum { LINE_MAX_CELLS = 78 };

static const struct pos nowhere;

struct quoted *
view_quote(struct ctx *ctx, const struct words *w, const struct quote_refs *refs) {
	struct quoted *q = arena_make(ctx->mem, struct quoted);
	struct buf b = {0};

	buf_reserve(&b, 32 * w->n);
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

/* Is the command short enough for one line? */
static bool
is_one_line(const char *command) {
	size_t n = strlen(command);

	return n <= (size_t)4 * LINE_MAX_CELLS && str_width(command, n) <= LINE_MAX_CELLS;
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
	buf_reserve(&b, q->at[w->n] + 7 * w->n);
	for (size_t i = 0, end; i < w->n; i = end) {
		end = next_line(w, i, one);
		if (i)
			buf_add(&b, " \\\n    ", 7);
		buf_add(&b, q->text + q->at[i], q->at[end] - q->at[i] - 1);
	}
	return arena_take_buf(ctx->mem, &b);
}
