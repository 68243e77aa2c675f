/* buf.c - one growing byte buffer.
 * Everything goes through buf_room(), which doubles the memory; the NUL is kept at the end. Most buffers are small and short-lived:
 * the memory of the last one that was freed is kept for the next. */
#include "base_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Larger memory than this is not kept. */
enum { SPARE_MAX = 4096 };

/* The memory that is kept; none under a sanitizer, which is to see every use of what was freed. */
static struct {
	char *s;
	size_t cap;
} spare;

char *
spare_take(size_t need, size_t *cap) {
	char *s = spare.cap >= need ? spare.s : NULL;

	if (s) {
		*cap = spare.cap;
		spare.s = NULL;
		spare.cap = 0;
	}
	return s;
}

void
spare_give(char *s, size_t cap) {
#ifndef HAVE_ASAN
	if (!spare.s && s && cap <= SPARE_MAX) {
		spare.s = s;
		spare.cap = cap;
		return;
	}
#endif
	(void)cap;
	free(s);
}

char *
buf_room(struct buf *b, size_t n) {
	if (n > SIZE_MAX / 4 || b->n > SIZE_MAX / 4)
		die_of_memory();
	size_t need = b->n + n + 1;
	if (!b->s)
		b->s = spare_take(need, &b->cap);
	if (need > b->cap) {
		size_t cap = b->cap < 32 ? 64 : b->cap * 2;
		if (cap < need)
			cap = need;
		b->s = xreallocarray(b->s, cap, 1);
		b->cap = cap;
	}
	return b->s + b->n;
}

void
buf_reserve(struct buf *b, size_t n) {
	buf_room(b, n);
}

void
buf_number(struct buf *b, uint64_t n) {
	char digits[20], *d = digits + sizeof(digits);
	do
		*--d = (char)('0' + n % 10);
	while (n /= 10);
	buf_add(b, d, (size_t)(digits + sizeof(digits) - d));
}

void
buf_printf(struct buf *b, const char *fmt, ...) {
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	size_t room = 120;
	char *end = buf_room(b, room);
	int n = vsnprintf(end, room + 1, fmt, args);
	va_end(args);
	if (n < 0)
		die_of_memory();
	if ((size_t)n > room) {
		end = buf_room(b, (size_t)n);
		vsnprintf(end, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	b->n += (size_t)n;
}

const char *
buf_str(const struct buf *b) {
	return b->s != NULL ? b->s : "";
}

void
buf_clear(struct buf *b) {
	b->n = 0;
	if (b->s != NULL)
		b->s[0] = '\0';
}

void
buf_free(struct buf *b) {
	spare_give(b->s, b->cap);
	*b = (struct buf){0};
}

char *
buf_steal(struct buf *b) {
	char *text = b->s;
	if (text == NULL)
		text = buf_room(b, 0);
	text[b->n] = '\0';
	*b = (struct buf){0};
	return text;
}

char *
arena_take_buf(struct arena *arena, struct buf *b) {
	char *text = arena_strndup(arena, buf_str(b), b->n);
	buf_free(b);
	return text;
}
