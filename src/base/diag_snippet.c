/* diag_snippet.c - the line of a source text with a caret under the place.
 * The place counts characters, the terminal cells: the padding copies tabs and widens for what
 * str_safe writes as \xNN. Of a long line only what surrounds the caret is shown. */
#include "base_int.h"
#include <stackplan/buf.h>
#include <stackplan/str.h>
#include <string.h>

enum {
	LONGEST_LINE = 160, /* cells */
	BEFORE_CARET = 60,  /* cells kept in front of the caret in a long line */
	TAB = 8,            /* cells, at most */
};

/* Part of a source text, in bytes from its start. */
struct part {
	size_t from, to;
};

/* Find a line, counted from 1, without its line break (LF, CR LF or CR); false if there is none.
 * The end of a text that ends in a line break is no line. */
static bool
find_line(struct diag_source *source, uint32_t line, struct part *out) {
	const char *text = source->text;
	size_t len = source->len;
	if (source->line == 0 || source->line > line) {
		/* A byte order mark is no character of the first line. */
		bool has_mark = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
		source->line = 1;
		source->offset = has_mark ? 3 : 0;
	}
	size_t i = source->offset;
	for (uint32_t at = source->line; i < len; at++) {
		size_t from = i;
		while (i < len && text[i] != '\n' && text[i] != '\r')
			i++;
		if (at == line) {
			*out = (struct part){from, i};
			source->line = line; /* places come sorted: the next one is near */
			source->offset = from;
			return true;
		}
		i += i + 1 < len && text[i] == '\r' && text[i + 1] == '\n' ? 2 : 1;
	}
	return false;
}

/* Bytes of the first character; a byte that is no UTF-8 counts as one. */
static size_t
char_len(const char *s, size_t len) {
	uint32_t code;
	size_t n = utf8_decode(s, len, &code);
	return n != 0 ? n : 1;
}

/* N characters on from FROM, or TO if that comes first. */
static size_t
skip_chars(const char *text, size_t from, size_t to, size_t n) {
	while (n-- > 0 && from < to)
		from += char_len(text + from, to - from);
	return from;
}

/* The start of the character before I. */
static size_t
char_before(const char *text, size_t from, size_t i) {
	size_t start = i - 1;
	while (start > from && i - start < 4 && ((unsigned char)text[start] & 0xc0) == 0x80)
		start--;
	return start + char_len(text + start, i - start) == i ? start : i - 1;
}

/* Cells of one character as it is printed here. */
static size_t
cells(const char *s, size_t n) {
	return *s == '\t' ? TAB : str_width(s, n);
}

/* How much of LINE to show so that the byte at CARET is well inside. */
static struct part
choose_window(const char *text, struct part line, size_t caret) {
	size_t width = 0, i = line.from;
	while (i < line.to && width <= LONGEST_LINE) {
		size_t n = char_len(text + i, line.to - i);
		width += cells(text + i, n);
		i += n;
	}
	if (width <= LONGEST_LINE)
		return line;
	struct part window = {caret, caret};
	for (width = 0; window.from > line.from && width < BEFORE_CARET;) {
		size_t start = char_before(text, line.from, window.from);
		width += cells(text + start, window.from - start);
		window.from = start;
	}
	while (window.to < line.to) {
		size_t n = char_len(text + window.to, line.to - window.to);
		width += cells(text + window.to, n);
		if (width > LONGEST_LINE - 6) /* "..." at both ends */
			break;
		window.to += n;
	}
	return window;
}

/* Append part of a line, safe for the terminal; its tabs stay tabs. */
static void
add_part(struct buf *b, const char *text, struct part part) {
	str_safe(b, text + part.from, part.to - part.from, true);
}

/* Append what has the width of a part of a line: tabs for tabs, FILL for the rest. */
static void
add_fill(struct buf *b, const char *text, struct part part, char fill) {
	for (size_t i = part.from, n; i < part.to; i += n) {
		n = char_len(text + i, part.to - i);
		if (text[i] == '\t')
			buf_addc(b, '\t');
		else
			for (size_t width = str_width(text + i, n); width > 0; width--)
				buf_addc(b, fill);
	}
}

/* Append the caret and the tildes under the rest of what the place covers. */
static void
add_caret(struct buf *b, const char *text, struct part under) {
	buf_addc(b, '^');
	size_t mark = b->n;
	add_fill(b, text, under, '~');
	/* The caret stands under the first cell of them. */
	if (b->n > mark && b->s[mark] == '~') {
		memmove(b->s + mark, b->s + mark + 1, b->n - mark);
		b->n--;
	}
	while (b->s[b->n - 1] == '\t')
		b->s[--b->n] = '\0';
}

void
snippet_add(struct buf *b, const struct diags *diags, struct pos at) {
	struct diag_source *source = diags_find_source(diags, at.src);
	struct part line;
	if (at.line == 0 || !find_line(source, at.line, &line))
		return;
	const char *text = source->text;
	size_t caret = at.col == 0 ? line.from : skip_chars(text, line.from, line.to, at.col - 1);
	struct part window = choose_window(text, line, caret);
	size_t end = skip_chars(text, caret, window.to, at.len);
	size_t mark = b->n;
	buf_printf(b, " %u |", (unsigned)at.line);
	int gutter = (int)(b->n - mark) - 1;
	if (line.to > line.from)
		buf_addc(b, ' ');
	if (window.from > line.from)
		buf_adds(b, "...");
	add_part(b, text, window);
	if (window.to < line.to)
		buf_adds(b, "...");
	if (at.col == 0) { /* the whole line is meant */
		buf_addc(b, '\n');
		return;
	}
	buf_printf(b, "\n%*s| %s", gutter, "", window.from > line.from ? "   " : "");
	add_fill(b, text, (struct part){window.from, caret}, ' ');
	add_caret(b, text, (struct part){caret, end});
	buf_addc(b, '\n');
}
