/* yaml_place.c - where libyaml's marks are in the source.
 *
 * libyaml counts characters, and lines by YAML 1.1's notion of a line break; editors and
 * diagnostics count bytes that are '\n'. Where the two may differ, or the bytes at a mark are
 * wanted, the text is walked along with the marks, once, from front to back. */
#include "data_int.h"

#include <stackplan/str.h>
#include <string.h>

struct cursor
cursor_at_start(uint16_t src, const char *text, size_t n) {
	return (struct cursor){.s = text, .n = n, .line = 1, .col = 1, .src = src};
}

/* Does the text hold this sequence of bytes? */
static bool
holds(const struct cursor *c, const char *bytes) {
	size_t n = strlen(bytes);

	for (const char *p = c->s, *end = c->s + c->n; p < end; p++) {
		p = memchr(p, bytes[0], (size_t)(end - p));
		if (p == NULL)
			return false;
		if ((size_t)(end - p) >= n && memcmp(p, bytes, n) == 0)
			return true;
	}
	return false;
}

bool
cursor_has_odd_breaks(const struct cursor *c) {
	static const char *const odd[] = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
	const char *end = c->s + c->n, *p = c->s;

	while (p < end && (p = memchr(p, '\r', (size_t)(end - p))) != NULL)
		if (++p == end || *p != '\n')
			return true;
	for (size_t i = 0; i < countof(odd); i++)
		if (holds(c, odd[i]))
			return true;
	return false;
}

/* Move over one character. */
static void
step(struct cursor *c) {
	if (c->s[c->off] == '\n') {
		c->line++;
		c->col = 1;
	} else {
		c->col++;
	}
	c->index++;
	for (c->off++; c->off < c->n && ((unsigned char)c->s[c->off] & 0xc0) == 0x80;)
		c->off++;
}

void
cursor_to(struct cursor *c, size_t index) {
	if (index < c->index)
		*c = cursor_at_start(c->src, c->s, c->n);
	while (c->index < index && c->off < c->n)
		step(c);
}

void
cursor_to_byte(struct cursor *c, size_t off) {
	if (off < c->off)
		*c = cursor_at_start(c->src, c->s, c->n);
	while (c->off < off && c->off < c->n)
		step(c);
}

/* Is the byte here a blank or a line break? */
static bool
at_blank(const struct cursor *c) {
	char b = c->s[c->off];

	return b == ' ' || b == '\t' || b == '\n' || b == '\r';
}

void
cursor_skip_properties(struct cursor *c, size_t end) {
	bool is_comment = false, is_property = false;

	for (; c->index < end && c->off < c->n; step(c)) {
		char b = c->s[c->off];
		if (is_comment) {
			is_comment = b != '\n';
		} else if (at_blank(c)) {
			is_property = false;
		} else if (!is_property) {
			is_comment = b == '#';
			is_property = b == '&' || b == '!';
			if (!is_comment && !is_property)
				return;
		}
	}
}

struct pos
cursor_pos(const struct cursor *c, size_t end) {
	struct pos at = {.line = c->line, .col = c->col, .src = c->src};
	struct cursor to = *c;

	if (end > c->index + UINT16_MAX)
		end = c->index + UINT16_MAX;
	while (to.index < end && to.off < to.n && to.s[to.off] != '\n' && to.s[to.off] != '\r')
		step(&to);
	at.len = (uint16_t)(to.index - c->index);
	return at;
}
