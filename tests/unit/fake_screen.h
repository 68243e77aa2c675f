/* fake_screen.h - a terminal for tests: it obeys what is written to it as far as the live block needs that, and can be
 * compared. What scrolls out of it at the top is kept. An unknown control sequence is counted as a mistake. */
#ifndef FAKE_SCREEN_H
#define FAKE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { FAKE_COLUMNS = 200, FAKE_ROWS = 60 };

struct fake_screen {
	unsigned columns, rows;
	char cell[FAKE_ROWS][FAKE_COLUMNS][8]; /* one character of UTF-8 each; "" is a blank */
	bool wrapped[FAKE_ROWS];               /* goes on in the next row */
	unsigned x, y;                         /* x == columns: the next character wraps */
	char gone[1 << 16];                    /* the rows that have scrolled out, trimmed */
	size_t mistakes;
	char text[1 << 16]; /* of fake_text */
};

/* Append a row to TEXT, without the blanks at its end. */
static void
fake_add_row(const struct fake_screen *s, unsigned y, char *text) {
	size_t keep = strlen(text), n = keep;

	for (unsigned x = 0; x < s->columns; x++) {
		const char *c = s->cell[y][x][0] ? s->cell[y][x] : " ";
		memcpy(text + n, c, strlen(c));
		n += strlen(c);
		if (*c != ' ')
			keep = n;
	}
	text[keep] = '\n';
	text[keep + 1] = '\0';
}

/* What can be seen, down to the last row that is not empty. */
static const char *
fake_text(struct fake_screen *s) {
	size_t n;

	s->text[0] = '\0';
	for (unsigned y = 0; y < s->rows; y++)
		fake_add_row(s, y, s->text);
	for (n = strlen(s->text); n > 1 && s->text[n - 2] == '\n'; n--)
		s->text[n - 1] = '\0';
	if (n == 1)
		s->text[0] = '\0';
	return s->text;
}

static void
fake_down(struct fake_screen *s) {
	if (s->y + 1 < s->rows) {
		s->y++;
		return;
	}
	fake_add_row(s, 0, s->gone);
	memmove(s->cell[0], s->cell[1], (s->rows - 1) * sizeof(s->cell[0]));
	memmove(s->wrapped, s->wrapped + 1, (s->rows - 1) * sizeof(s->wrapped[0]));
	memset(s->cell[s->rows - 1], 0, sizeof(s->cell[0]));
	s->wrapped[s->rows - 1] = false;
}

static void
fake_erase_line(struct fake_screen *s, unsigned y, unsigned x) {
	if (x == s->columns) /* as terminals do that are about to wrap */
		x--;
	memset(s->cell[y][x], 0, (s->columns - x) * sizeof(s->cell[y][x]));
	s->wrapped[y] = false;
}

/* ESC [ N LETTER; returns where it ends. */
static const char *
fake_sequence(struct fake_screen *s, const char *p) {
	char *end;
	unsigned n = (unsigned)strtoul(p, &end, 10);

	switch (*end) {
	case 'A':
		s->y -= n < s->y ? n : s->y;
		break;
	case 'K':
		s->mistakes += n != 0;
		fake_erase_line(s, s->y, s->x);
		break;
	case 'J': /* of the whole screen: never, it would be kept in the history */
		s->mistakes += n != 0 || (s->x == 0 && s->y == 0);
		fake_erase_line(s, s->y, s->x);
		for (unsigned y = s->y + 1; y < s->rows; y++)
			fake_erase_line(s, y, 0);
		break;
	case 'm':
		break;
	default:
		s->mistakes++;
	}
	return end + 1;
}

/* A character that takes one cell. */
static const char *
fake_print(struct fake_screen *s, const char *p) {
	size_t n = 1;

	while (((unsigned char)p[n] & 0xc0) == 0x80)
		n++;
	if (s->x == s->columns) {
		s->wrapped[s->y] = true;
		fake_down(s);
		s->x = 0;
	}
	memset(s->cell[s->y][s->x], 0, sizeof(s->cell[0][0]));
	memcpy(s->cell[s->y][s->x++], p, n);
	return p + n;
}

/* Obey N bytes. */
static void
fake_write(struct fake_screen *s, const char *p, size_t n) {
	for (const char *end = p + n; p < end;) {
		if (*p == '\033' && p[1] == '[') {
			p = fake_sequence(s, p + 2);
		} else if (*p == '\r') {
			s->x = 0;
			p++;
		} else if (*p == '\n') {
			fake_down(s);
			s->x = 0;
			p++;
		} else if ((unsigned char)*p < ' ') {
			s->mistakes++;
			p++;
		} else {
			p = fake_print(s, p);
		}
	}
}

/* Another width: lines that are too long now are broken, as terminals do that keep all; the cursor stays where it was in the
 * text. Only for a cursor that stands at the left of an empty row. */
static void
fake_resize(struct fake_screen *s, unsigned columns, unsigned rows) {
	struct fake_screen *old = malloc(sizeof(*old));

	memcpy(old, s, sizeof(*old));
	memset(s->cell, 0, sizeof(s->cell));
	memset(s->wrapped, 0, sizeof(s->wrapped));
	s->columns = columns;
	s->rows = rows;
	s->x = s->y = 0;
	for (unsigned y = 0; y < old->y; y++) {
		unsigned last = 0;
		for (unsigned x = 0; x < old->columns; x++)
			last = old->cell[y][x][0] ? x + 1 : last;
		for (unsigned x = 0; x < last; x++)
			fake_print(s, old->cell[y][x][0] ? old->cell[y][x] : " ");
		if (!old->wrapped[y])
			fake_write(s, "\r\n", 2);
	}
	free(old);
}

#endif
