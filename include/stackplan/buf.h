/* buf.h - one growing byte buffer.
 *
 * `struct buf b = {0};` is valid and empty. Whoever declares one frees it. Text kept beyond the
 * function is copied into the arena with arena_take_buf. */
#ifndef STACKPLAN_BUF_H
#define STACKPLAN_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct buf {
	char *s;    /* always NUL-terminated once anything was added; NULL while empty */
	size_t n;   /* bytes in use, without the NUL */
	size_t cap; /* bytes allocated */
};

#ifdef __clang_analyzer__ /* it would take both sides of each test in them for possible */
#define BUF_INLINE extern
#else
#define BUF_INLINE static inline
#endif
/* Append. None of them can fail: out of memory ends the program (arena.h). */
BUF_INLINE void buf_add(struct buf *, const void *bytes, size_t n);
BUF_INLINE void buf_adds(struct buf *, const char *text);
BUF_INLINE void buf_addc(struct buf *, char);
/* A number in decimal digits. */
void buf_number(struct buf *, uint64_t);
void buf_printf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The text so far: never NULL, "" while empty. Valid until the next append. */
const char *buf_str(const struct buf *);

/* Room for N more bytes and a NUL at the end of the buffer: where they go. Whoever fills it adds to .n and writes the NUL. */
char *buf_room(struct buf *, size_t n) __attribute__((returns_nonnull));
/* Make room for N more bytes at once. */
void buf_reserve(struct buf *, size_t n);
/* Forget the content, keep the memory; give the memory back (the buffer is then empty and valid). */
void buf_clear(struct buf *);
void buf_free(struct buf *);

/* Hand the malloc'ed text over to the caller, who frees it; the buffer is then empty. */
char *buf_steal(struct buf *);

/* Copy the content into the arena and free the buffer. */
char *arena_take_buf(struct arena *, struct buf *);

#ifndef __clang_analyzer__
/* ---- those that are called so often that a call would be felt ---- */

static inline void
buf_add(struct buf *b, const void *bytes, size_t n) {
	char *end = b->s != NULL && n < b->cap - b->n ? b->s + b->n : buf_room(b, n);

	if (n != 0)
		memcpy(end, bytes, n);
	b->n += n;
	end[n] = '\0';
}

static inline void
buf_adds(struct buf *b, const char *text) {
	buf_add(b, text, strlen(text));
}

static inline void
buf_addc(struct buf *b, char c) {
	char *end = b->s != NULL && 1 < b->cap - b->n ? b->s + b->n : buf_room(b, 1);

	end[0] = c;
	end[1] = '\0';
	b->n++;
}
#endif

#endif
