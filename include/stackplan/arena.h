/* arena.h - memory that lives as long as one command and is freed at once.
 *
 * Nodes, words, plans and diagnostics live in an arena, so pointers between them are always
 * safe and nothing of theirs is freed one by one. What grows while it is made is a struct buf
 * (buf.h), copied here when it is done. */
#ifndef STACKPLAN_ARENA_H
#define STACKPLAN_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* How much an arena held at some moment; only for arena_rewind. */
struct arena_mark {
	void *block;
	size_t used;
};

/* Make an empty arena. Like every allocator here it ends the program with exit status 71 and
 * the words "out of memory" when there is none: no caller tests the pointer. */
struct arena *arena_new(void);

/* Make an arena that is freed together with its PARENT, and may be rewound by itself. */
struct arena *arena_below(struct arena *parent);

/* Free the arena, those below it, and all that was made in them. NULL is allowed. */
void arena_free(struct arena *);

/* SIZE bytes, zeroed, aligned for pointers and 64-bit numbers. SIZE 0 gives a valid pointer. */
static inline void *arena_alloc(struct arena *, size_t size);

/* N items of SIZE bytes, zeroed; a product that overflows counts as out of memory. */
static inline void *arena_array(struct arena *, size_t n, size_t size);

/* A larger copy of ITEMS (which held N_OLD of SIZE bytes) with room for N_NEW; the new part is
 * zeroed. The old one stays allocated until the arena goes, or is extended in place when it was
 * the last allocation. ITEMS may be NULL when N_OLD is 0. */
void *arena_grow(struct arena *, void *items, size_t n_old, size_t n_new, size_t size);

/* Copies of text, NUL-terminated. arena_strndup copies LEN bytes. */
char *arena_strdup(struct arena *, const char *);
char *arena_strndup(struct arena *, const char *, size_t len);
char *arena_printf(struct arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Texts behind each other; the last argument is NULL. */
char *arena_join(struct arena *, const char *, ...) __attribute__((sentinel));

/* A number in decimal digits. */
char *arena_decimal(struct arena *, uint64_t);

/* Remember the present fill, and give back what was made since: for scratch work inside one
 * function. */
struct arena_mark arena_mark(const struct arena *);
void arena_rewind(struct arena *, struct arena_mark);

#define arena_make(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

/* malloc and friends that end the program (status 71) instead of returning NULL; for memory
 * that is not an arena's. xreallocarray checks the product. */
void *xreallocarray(void *, size_t n, size_t size);

/* Have the processor fetch N bytes from P on, which will be read soon: a pass over many things need not wait for the memory of each
 * then. Any address will do. */
static inline void
memory_ahead(const void *p, size_t n) {
#ifdef __GNUC__
	for (size_t i = 0; i < n; i += 64)
		__builtin_prefetch((const void *)((uintptr_t)p + i));
#else
	(void)p;
	(void)n;
#endif
}

/* ---- allocation is so frequent that a call would be felt ---- */

enum { ARENA_ALIGN = 8, ARENA_SMALL = 4096 };

/* How an arena begins: memory that was never used, which is zero. For arena.c and the functions below alone. */
struct arena_fresh {
	char *next, *end;
};

/* The same for sizes and moments that those below don't know. */
void *arena_alloc_any(struct arena *, size_t size);
void *arena_array_any(struct arena *, size_t n, size_t size);

static inline void *
arena_alloc(struct arena *arena, size_t size) {
	struct arena_fresh *fresh = (struct arena_fresh *)arena;
	size_t bytes = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;

	if (size - 1 >= ARENA_SMALL || bytes > (size_t)(fresh->end - fresh->next))
		return arena_alloc_any(arena, size);
	fresh->next += bytes;
	return fresh->next - bytes;
}

static inline void *
arena_array(struct arena *arena, size_t n, size_t size) {
	return n < ARENA_SMALL && size < ARENA_SMALL ? arena_alloc(arena, n * size)
						     : arena_array_any(arena, n, size);
}

#endif
