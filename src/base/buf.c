/* buf.c - one growing byte buffer.
 * Everything goes through buf_room(), which doubles the memory; the NUL is kept at the end. */
#include "base_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *
buf_room(struct buf *b, size_t n) {
	if (n > SIZE_MAX / 4 || b->n > SIZE_MAX / 4)
		die_of_memory();
	size_t need = b->n + n + 1;
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
buf_add(struct buf *b, const void *bytes, size_t n) {
	char *end = buf_room(b, n);
	if (n != 0)
		memcpy(end, bytes, n);
	b->n += n;
	b->s[b->n] = '\0';
}

void
buf_adds(struct buf *b, const char *text) {
	buf_add(b, text, strlen(text));
}

void
buf_addc(struct buf *b, char c) {
	char *end = b->n + 1 < b->cap ? b->s + b->n : buf_room(b, 1);
	end[0] = c;
	end[1] = '\0';
	b->n++;
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
	free(b->s);
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
