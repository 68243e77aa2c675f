/* columns.c - rows of cells as text in columns. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <string.h>

#include "cli_int.h"

/* No column gets wider than this for the sake of one long cell. */
enum { WIDEST = 60, GAP = 3 };

void
columns_add(struct ctx *ctx, struct columns *c, const char *const *cell) {
	if (c->n == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 32;
		c->cell = arena_grow(
			ctx->mem, c->cell, c->n * c->width, cap * c->width, sizeof(*c->cell));
		c->cap = cap;
	}
	for (size_t i = 0; i < c->width; i++)
		c->cell[c->n * c->width + i] = cell[i] ? cell[i] : "";
	c->n++;
}

/* The cells that column I takes on a terminal. */
static size_t
width_of(const struct columns *c, size_t i) {
	size_t width = 0;
	for (size_t j = 0; j < c->n; j++) {
		const char *text = c->cell[j * c->width + i];
		size_t cells = str_width(text, strlen(text));
		if (cells > width && cells <= WIDEST)
			width = cells;
	}
	return width;
}

/* Append one row; blanks at its end are left out. */
static void
add_row(struct buf *b, const struct columns *c, size_t row, const size_t *width) {
	struct buf line = {0};
	for (size_t i = 0; i < c->width; i++) {
		const char *text = c->cell[row * c->width + i];
		size_t cells = str_width(text, strlen(text));
		size_t pad = cells < width[i] ? width[i] - cells : 0;
		str_safe(&line, text, strlen(text), false);
		buf_printf(&line, "%*s", (int)(pad + GAP), "");
	}
	while (line.n && line.s[line.n - 1] == ' ')
		line.n--;
	buf_add(b, line.s, line.n);
	buf_addc(b, '\n');
	buf_free(&line);
}

void
columns_print(struct ctx *ctx, const struct columns *c, struct buf *out) {
	size_t *width = arena_array(ctx->mem, c->width, sizeof(*width));
	for (size_t i = 0; i < c->width; i++)
		width[i] = width_of(c, i);
	for (size_t j = 0; j < c->n; j++)
		add_row(out, c, j, width);
}
