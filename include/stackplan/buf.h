/* buf.h - one growing byte buffer.
 *
 * `struct buf b = {0};` is valid and empty. Whoever declares one frees it. Text kept beyond the
 * function is copied into the arena with arena_take_buf. */
#ifndef STACKPLAN_BUF_H
#define STACKPLAN_BUF_H

#include <stddef.h>

struct arena;

struct buf {
	char *s;    /* always NUL-terminated once anything was added; NULL while empty */
	size_t n;   /* bytes in use, without the NUL */
	size_t cap; /* bytes allocated */
};

/* Append. None of them can fail: out of memory ends the program (arena.h). */
void buf_add(struct buf *, const void *bytes, size_t n);
void buf_adds(struct buf *, const char *text);
void buf_addc(struct buf *, char);
void buf_printf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The text so far: never NULL, "" while empty. Valid until the next append. */
const char *buf_str(const struct buf *);

/* Forget the content, keep the memory; give the memory back (the buffer is then empty and valid). */
/* Make room for N more bytes at once. */
void buf_reserve(struct buf *, size_t n);
void buf_clear(struct buf *);
void buf_free(struct buf *);

/* Hand the malloc'ed text over to the caller, who frees it; the buffer is then empty. */
char *buf_steal(struct buf *);

/* Copy the content into the arena and free the buffer. */
char *arena_take_buf(struct arena *, struct buf *);

#endif
