/* interp_place.c - where in the source a byte of a scalar stands.
 *
 * A plain scalar, and a quoted one without escapes on one line, stand in the source as they are:
 * there the place is exact. Anything else (folded, escaped, block) keeps the place of the scalar.
 */
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <string.h>

#include "spec_int.h"

/* The bytes from the place on, or NULL when the source has no such place. */
static const char *
source_at(const struct ctx *ctx, struct pos at, const char **end) {
	size_t len = 0;
	const char *p = diag_source_text(ctx, at.src, &len);

	if (!p || !at.line || !at.col)
		return NULL;
	*end = p + len;
	for (uint32_t line = 1; line < at.line; line++) {
		p = memchr(p, '\n', (size_t)(*end - p));
		if (!p++)
			return NULL;
	}
	for (uint32_t col = 1; col < at.col && p < *end; col++) {
		p++;
		while (p < *end && ((unsigned char)*p & 0xc0) == 0x80)
			p++;
	}
	return p;
}

/* Does the source show the first N bytes of the text at P? */
static bool
shows(const char *p, const char *end, const char *text, size_t n) {
	return (size_t)(end - p) >= n && memcmp(p, text, n) == 0;
}

struct pos
interp_place(const struct ctx *ctx, struct pos at, const char *text, size_t off) {
	const char *end = NULL;
	const char *p = source_at(ctx, at, &end);
	size_t want = off + 1 <= strlen(text) ? off + 1 : off;
	uint32_t col = at.col;

	if (!p || memchr(text, '\n', want))
		return at;
	if (p < end && (*p == '"' || *p == '\'') && shows(p + 1, end, text, want))
		col++;
	else if (!shows(p, end, text, want))
		return at;
	for (size_t i = 0; i < off; i++)
		col += ((unsigned char)text[i] & 0xc0) != 0x80;
	at.col = col;
	at.len = 0;
	return at;
}
