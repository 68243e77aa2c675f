/* envfile_quote.c - values in quotes, as env files have them.
 *
 * quote_close() finds where one ends, quote_inside() gives what it means. Single quotes know one
 * escape, the quote itself; double ones know those of Go, and '$' for the expansion to come. */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <string.h>

#include "spec_int.h"

const char *
quote_close(const char *from, const char *end, char quote) {
	for (const char *p = from; p < end; p++) {
		if (*p == quote)
			return p;
		if (*p == '\\')
			p++;
	}
	return NULL;
}

/* The byte that a backslash and C stand for in double quotes, 0 for none. */
static char
escaped(char c) {
	static const char from[] = "abfnrtv\\\"", to[] = "\a\b\f\n\r\t\v\\\"";
	const char *at = c ? strchr(from, c) : NULL;

	return at ? to[at - from] : 0;
}

/* Read "0ooo" at P, three octal digits behind the 0, and append the character of that number. */
static bool
octal(struct buf *out, const char *p, const char *end) {
	unsigned n = 0;

	if (end - p < 4 || *p != '0')
		return false;
	for (int i = 1; i < 4; i++) {
		if (p[i] < '0' || p[i] > '7')
			return false;
		n = n * 8 + (unsigned)(p[i] - '0');
	}
	if (!n || n > 255)
		return false;
	if (n >= 0x80)
		buf_addc(out, (char)(0xc0 | n >> 6));
	buf_addc(out, (char)(n >= 0x80 ? 0x80 | (n & 0x3f) : n));
	return true;
}

/* Append what the backslash at P and its follower mean in double quotes; returns the last byte
 * used. "\$" becomes "$$" for the expansion to come. */
static const char *
unescape(struct buf *out, const char *p, const char *end) {
	const char *q = p + 1;

	if (*q == '$')
		buf_adds(out, "$$");
	else if (octal(out, q, end))
		return q + 3;
	else if (escaped(*q))
		buf_addc(out, escaped(*q));
	else
		buf_add(out, p, 2);
	return q;
}

char *
quote_inside(struct ctx *ctx, const char *from, const char *close, char quote) {
	struct buf text = {0};

	for (const char *p = from; p < close; p++) {
		if (*p != '\\')
			buf_addc(&text, *p);
		else if (quote == '"')
			p = unescape(&text, p, close);
		else if (*++p == quote)
			buf_addc(&text, quote);
		else
			buf_add(&text, p - 1, 2);
	}
	return arena_take_buf(ctx->mem, &text);
}
