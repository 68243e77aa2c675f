/* screen.c - lines at the bottom of a terminal that are drawn again and again, below those that stay.
 * screen_draw() makes one text of all that must change and writes it at once, so that nobody sees half of it: up to where the old
 * block begins, then line by line over it. No line is as wide as the screen, so none wraps. A terminal that got narrower has
 * wrapped them itself by now; how often is computed. */
#include "report_int.h"
#include <stackplan/arena.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum { USUAL_COLUMNS = 80, USUAL_ROWS = 24, MOST_COLUMNS = 1000 };

/* What the terminal behind OUT says; nothing for other files. */
static void
ask_terminal(FILE *out, unsigned *columns, unsigned *rows) {
	struct winsize size = {0};

	if (fileno(out) >= 0 && ioctl(fileno(out), TIOCGWINSZ, &size) == 0) {
		*columns = size.ws_col;
		*rows = size.ws_row;
	}
}

void
screen_measure(struct screen *s) {
	unsigned columns = 0, rows = 0;

	(s->size ? s->size : ask_terminal)(s->out, &columns, &rows);
	s->columns = columns ? columns : USUAL_COLUMNS;
	s->rows = rows ? rows : USUAL_ROWS;
	if (s->columns > MOST_COLUMNS)
		s->columns = MOST_COLUMNS;
}

size_t
screen_room(const struct screen *s) {
	return s->rows > 3 ? s->rows - 2 : 1;
}

/* Bytes and cells of the character that TEXT begins with. */
static size_t
char_len(const char *text, unsigned *cells) {
	size_t n = 1;

	while (((unsigned char)text[0] & 0x80) && ((unsigned char)text[n] & 0xc0) == 0x80)
		n++;
	*cells = (unsigned)str_width(text, n);
	return n;
}

/* How many bytes of TEXT fit into ROOM cells; *CELLS: how many they take. */
static size_t
fitting(const struct screen *s, const char *text, unsigned room, unsigned *cells) {
	size_t i = 0;

	for (*cells = 0; text[i];) {
		unsigned wide;
		size_t n = char_len(text + i, &wide);
		if (!s->utf8 && n > 1)
			wide = 1;
		if (*cells + wide > room)
			break;
		*cells += wide;
		i += n;
	}
	return i;
}

/* Append bytes; where the terminal shows ASCII alone, other characters as question marks. */
static void
add_bytes(const struct screen *s, struct buf *b, const char *text, size_t n) {
	unsigned cells;

	if (s->utf8)
		buf_add(b, text, n);
	for (size_t i = 0, len; !s->utf8 && i < n; i += len) {
		len = char_len(text + i, &cells);
		buf_addc(b, len > 1 ? '?' : text[i]);
	}
}

/* The bytes of TEXT that fit, and an ellipsis when that is not all. */
static void
add_cut(const struct screen *s, struct screen_line *line, const char *text, unsigned room) {
	const char *dots = s->utf8 ? "\xe2\x80\xa6" : "...";
	unsigned ndots = s->utf8 ? 1 : 3, cells;
	size_t n = fitting(s, text, room, &cells);

	if (!text[n]) {
		add_bytes(s, &line->text, text, n);
		line->width += cells;
		return;
	}
	if (room < ndots)
		return;
	n = fitting(s, text, room - ndots, &cells);
	while (n && text[n - 1] == ' ') {
		n--;
		cells--;
	}
	add_bytes(s, &line->text, text, n);
	buf_adds(&line->text, dots);
	line->width += cells + ndots;
}

void
screen_add(const struct screen *s, struct screen_line *line, const char *text, unsigned most,
	int sgr) {
	unsigned left = line->width + 1 < s->columns ? s->columns - 1 - line->width : 0;
	unsigned room = most < left ? most : left, cells;

	if (line->full || !*text)
		return;
	if (sgr && s->colour)
		buf_printf(&line->text, "\033[%dm", sgr);
	line->full = text[fitting(s, text, left, &cells)] && left <= most;
	add_cut(s, line, text, room);
	if (sgr && s->colour)
		buf_adds(&line->text, "\033[0m");
}

void
screen_pad(const struct screen *s, struct screen_line *line, unsigned width) {
	while (line->width < width && line->width + 1 < s->columns) {
		buf_addc(&line->text, ' ');
		line->width++;
	}
}

/* How many rows the old block takes, now that the screen is as wide as it is. */
static unsigned
rows_taken(const struct screen *s) {
	unsigned rows = 0;

	for (size_t i = 0; i < s->ndrawn; i++)
		rows += s->width[i] ? (s->width[i] + s->columns - 1) / s->columns : 1;
	return rows;
}

/* Remember what stands there now. */
static void
note_drawn(struct screen *s, const struct screen_line *line, size_t n) {
	if (n > s->cap) {
		s->width = xreallocarray(s->width, n, sizeof(*s->width));
		s->cap = n;
	}
	for (size_t i = 0; i < n; i++)
		s->width[i] = line[i].width;
	s->ndrawn = n;
}

/* Clear so many rows from the cursor on, row by row: some terminals keep a copy in their history of what is erased from the first
 * row to the last at once. */
static void
add_clearing(struct buf *b, unsigned rows) {
	for (unsigned i = 0; i < rows; i++)
		buf_adds(b, "\033[K\n");
	buf_adds(b, "\033[K");
	if (rows)
		buf_printf(b, "\033[%uA", rows);
}

void
screen_draw(struct screen *s, const struct buf *above, struct screen_line *line, size_t n) {
	struct buf b = {0};
	unsigned up = rows_taken(s);

	if (up + above->n + n == 0)
		return;
	buf_addc(&b, '\r');
	if (up)
		buf_printf(&b, "\033[%uA", up);
	if (above->n || n == 0) /* lines above may be longer than a row: the old rows go first */
		add_clearing(&b, up);
	add_bytes(s, &b, buf_str(above), above->n);
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, buf_str(&line[i].text), line[i].text.n);
		buf_adds(&b, "\033[K\n");
		buf_free(&line[i].text);
	}
	if (n)
		buf_adds(&b, "\033[J");
	note_drawn(s, line, n);
	fwrite(buf_str(&b), 1, b.n, s->out);
	fflush(s->out);
	buf_free(&b);
}

void
screen_forget(struct screen *s) {
	s->ndrawn = 0;
}

void
screen_free(struct screen *s) {
	free(s->width);
	s->width = NULL;
	s->ndrawn = s->cap = 0;
}
