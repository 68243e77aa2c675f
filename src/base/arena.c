/* arena.c - blocks of memory that are freed together.
 * An arena is a stack of blocks, the newest first; allocation moves a mark through the newest
 * one. Fresh blocks are zero already; what a rewind gave back is zeroed then or, where it is much, when it is used again.
 * While the mark is in memory that was never used it is .fresh.next, which the header moves by itself: settle() tells the block, and
 * open_fresh() begins that again.
 * Under AddressSanitizer what is not handed out is poisoned and a gap follows each allocation.
 * With -DARENA_MALLOC each block holds one allocation, for valgrind and the fuzzers. */
#include "base_int.h"
#include <assert.h>
#include <stackplan/arena.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef HAVE_ASAN
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
enum { GAP = 0 };
#endif

enum {
	ALIGN = ARENA_ALIGN,
	FIRST_BLOCK = 64 * 1024,
	LARGEST_BLOCK = 256 * 1024, /* for a block of many allocations that comes from malloc */
	HUGE_PAGE = 2 * 1024 * 1024,
	MAPPED_BLOCK = 2 * HUGE_PAGE, /* what an arena takes at a time once it is large */
	CLEARED_AT_ONCE = 64 * 1024, /* when an arena is rewound; more is cleared when it is used */
};

struct block {
	struct block *older;
	size_t size;   /* bytes behind the header */
	size_t used;   /* handed out, gaps included */
	size_t dirty;  /* from here on the block was never written */
	size_t mapped; /* bytes that the system gave; 0: malloc did */
	size_t unused; /* keeps the alignment */
};

struct arena {
	struct arena_fresh fresh; /* a part of the newest block; NULL to NULL: none */
	struct block *newest;
	size_t next_size;
	struct arena *below,
		*beside; /* the first of those that are freed with it, the next one of its parent */
};

/* Where the memory of a block begins: behind its header, which is a multiple of ALIGN. */
static char *
block_bytes(struct block *block) {
	_Static_assert(sizeof(struct block) % ALIGN == 0, "the header keeps the alignment");
	return (char *)(block + 1);
}

/* Tell the newest block what was taken from it meanwhile. */
static void
settle(struct arena *arena) {
	struct block *block = arena->newest;

	if (arena->fresh.next == NULL)
		return;
	block->used = (size_t)(arena->fresh.next - block_bytes(block));
	if (block->used > block->dirty)
		block->dirty = block->used;
	arena->fresh = (struct arena_fresh){0};
}

/* Let the header take from the newest block, where what is left of it was never used. A sanitizer is to see each allocation. */
static void
open_fresh(struct arena *arena) {
#if !defined(HAVE_ASAN) && !defined(ARENA_MALLOC)
	struct block *block = arena->newest;

	if (block != NULL && block->used >= block->dirty)
		arena->fresh = (struct arena_fresh){
			block_bytes(block) + block->used, block_bytes(block) + block->size};
#else
	(void)arena;
#endif
}

/* Forbid the sanitizer to let anybody touch these bytes. */
static void
poison(void *bytes, size_t n) {
#ifdef HAVE_ASAN
	ASAN_POISON_MEMORY_REGION(bytes, n);
#else
	(void)bytes;
	(void)n;
#endif
}

/* Allow them again. */
static void
unpoison(void *bytes, size_t n) {
#ifdef HAVE_ASAN
	ASAN_UNPOISON_MEMORY_REGION(bytes, n);
#else
	(void)bytes;
	(void)n;
#endif
}

void
die_of_memory(void) {
	static const char words[] = "stackplan: out of memory\n";
	ssize_t n = write(STDERR_FILENO, words, sizeof(words) - 1);
	(void)n; /* nothing can be done about it here */
	exit(71);
}

/* SIZE rounded up to the alignment; what cannot be rounded is out of memory. */
static size_t
rounded(size_t size) {
	if (size > SIZE_MAX / 2)
		die_of_memory();
	if (size == 0)
		size = 1;
	return (size + ALIGN - 1) / ALIGN * ALIGN;
}

/* N items of SIZE bytes in bytes; an overflow is out of memory. */
static size_t
product(size_t n, size_t size) {
	bool is_small = ((n | size) >> 31) == 0; /* a division takes longer than all the rest */
	if (!is_small && size != 0 && n > SIZE_MAX / 2 / size)
		die_of_memory();
	return n * size;
}

/* A block of NEED bytes or more from the system itself that begins where a huge page may, and asks for huge ones: filling it costs a
 * few page faults instead of a thousand. NULL: there is none to be had. */
static struct block *
map_block(size_t need) {
#ifdef MADV_HUGEPAGE
	size_t want = need + sizeof(struct block);
	size_t size = want <= MAPPED_BLOCK ? MAPPED_BLOCK
					   : (want + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	char *p = mmap(
		NULL, size + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	size_t before = (HUGE_PAGE - (uintptr_t)p % HUGE_PAGE) % HUGE_PAGE;
	if (before > 0)
		munmap(p, before);
	p += before;
	munmap(p + size, HUGE_PAGE - before);
	madvise(p, size, MADV_HUGEPAGE);
	struct block *block = (struct block *)(void *)p;
	block->mapped = size;
	block->size = size - sizeof(*block);
	return block;
#else
	(void)need;
	return NULL;
#endif
}

/* The last block of the usual size that was given back: another one would have to be cleared by the system. None under a sanitizer. */
static struct block *spare;

/* That block, or a new one. */
static struct block *
usual_block(size_t need) {
	struct block *block = spare;

	if (block == NULL || block->size < need)
		return map_block(need);
	spare = NULL;
	block->used = 0;
	return block;
}

/* Give a block from the system back. */
static void
unmap_block(struct block *block) {
#ifndef HAVE_ASAN
	if (spare == NULL && block->mapped == MAPPED_BLOCK) {
		spare = block;
		return;
	}
#endif
	munmap(block, block->mapped);
}

/* A block of SIZE bytes from malloc. */
static struct block *
malloc_block(size_t size) {
	struct block *block = calloc(1, sizeof(*block) + size);
	if (block == NULL)
		die_of_memory();
	block->size = size;
	return block;
}

/* Put a new block on top that has at least NEED bytes. */
static struct block *
add_block(struct arena *arena, size_t need) {
	struct block *block = NULL;
	size_t size = need;
#ifndef ARENA_MALLOC
	if (size < arena->next_size)
		size = arena->next_size;
	/* one that was given back is better than pages that are new to the process, but for an arena that may stay small */
	bool is_large = need > LARGEST_BLOCK || arena->next_size >= LARGEST_BLOCK;
	if (is_large || (spare != NULL && arena->newest != NULL))
		block = usual_block(need);
	else
		arena->next_size *= 2;
#endif
	if (block == NULL)
		block = malloc_block(size);
	block->older = arena->newest;
	arena->newest = block;
	poison(block_bytes(block), block->size);
	return block;
}

/* Free the newest block. */
static void
drop_block(struct arena *arena) {
	struct block *block = arena->newest;
	arena->newest = block->older;
	unpoison(block_bytes(block), block->size);
	if (block->mapped > 0)
		unmap_block(block);
	else
		free(block);
}

/* Hand out BYTES more of the block, of which the caller may touch the first SIZE. Those from byte FROM on are zero then, so
 * that it may be extended later; those before it the caller fills. */
static char *
take(struct block *block, size_t size, size_t bytes, size_t from) {
	char *start = block_bytes(block) + block->used;
	unpoison(start, bytes);
	if (block->used + from < block->dirty) {
		size_t old = block->dirty - block->used;
		memset(start + from, 0, (old < bytes ? old : bytes) - from);
	}
	poison(start + size, bytes - size);
	block->used += bytes;
	if (block->used > block->dirty)
		block->dirty = block->used;
	return start;
}

struct arena *
arena_new(void) {
	struct arena *arena = calloc(1, sizeof(*arena));
	if (arena == NULL)
		die_of_memory();
	/* The header counts too, so that malloc is asked for round sizes. */
	arena->next_size = FIRST_BLOCK - sizeof(struct block);
	return arena;
}

struct arena *
arena_below(struct arena *parent) {
	struct arena *arena = arena_new();
	arena->beside = parent->below;
	parent->below = arena;
	return arena;
}

void
arena_free(struct arena *arena) {
	if (arena == NULL)
		return;
	for (struct arena *next, *below = arena->below; below != NULL; below = next) {
		next = below->beside;
		arena_free(below);
	}
	settle(arena); /* a block may be used again, and must know how much of it was written */
	while (arena->newest != NULL)
		drop_block(arena);
	free(arena);
}

/* SIZE bytes, of which the caller fills the first FILLED; the others are zero. */
static void *
hand_out(struct arena *arena, size_t size, size_t filled) {
	size_t bytes = rounded(size) + GAP;
	if (bytes <= (size_t)(arena->fresh.end - arena->fresh.next)) {
		arena->fresh.next += bytes;
		return arena->fresh.next - bytes;
	}
	settle(arena);
	struct block *block = arena->newest;
#ifdef ARENA_MALLOC
	block = add_block(arena, size);
	block->used = size;
	unpoison(block_bytes(block), size);
	(void)bytes;
	(void)filled;
	(void)take;
	return block_bytes(block);
#else
	if (block == NULL || block->size - block->used < bytes)
		block = add_block(arena, bytes);
	void *start = take(block, size, bytes, filled);
	open_fresh(arena);
	return start;
#endif
}

void *
arena_alloc_any(struct arena *arena, size_t size) {
	return hand_out(arena, size, 0);
}

void *
arena_array_any(struct arena *arena, size_t n, size_t size) {
	return hand_out(arena, product(n, size), 0);
}

#ifndef ARENA_MALLOC
/* Lengthen the last allocation of the newest block from OLD to NEW bytes; false if ITEMS is not
 * the last one or the block is full. */
static bool
extend(struct block *block, char *items, size_t old, size_t new) {
	size_t was = rounded(old) + GAP, want = rounded(new) + GAP;
	if (items + was != block_bytes(block) + block->used)
		return false;
	size_t start = block->used - was;
	if (block->size - start < want)
		return false;
	/* Give back only what lies behind the old bytes, so that they are not zeroed. */
	block->used = start + rounded(old);
	take(block, rounded(new) - rounded(old), want - rounded(old), 0);
	unpoison(items, new);
	poison(items + new, want - new);
	return true;
}
#endif

void *
arena_grow(struct arena *arena, void *items, size_t n_old, size_t n_new, size_t size) {
	assert(n_new >= n_old);
	size_t old = product(n_old, size), new = product(n_new, size);
#ifndef ARENA_MALLOC
	settle(arena);
	bool is_extended =
		items != NULL && arena->newest != NULL && extend(arena->newest, items, old, new);
	open_fresh(arena);
	if (is_extended)
		return items;
#endif
	void *copy = arena_alloc(arena, new);
	if (items != NULL)
		memcpy(copy, items, old);
	return copy;
}

char *
arena_strndup(struct arena *arena, const char *text, size_t len) {
	char *copy = hand_out(arena, product(len, 1) + 1, len);
	if (len != 0)
		memcpy(copy, text, len);
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *text) {
	return arena_strndup(arena, text, strlen(text));
}

char *
arena_printf(struct arena *arena, const char *fmt, ...) {
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	char small[256];
	int n = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	if (n < 0)
		die_of_memory();
	char *text = arena_alloc(arena, (size_t)n + 1);
	if ((size_t)n < sizeof(small))
		memcpy(text, small, (size_t)n);
	else
		vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

char *
arena_join(struct arena *arena, const char *first, ...) {
	va_list args;
	size_t n = 0;
	va_start(args, first);
	for (const char *s = first; s != NULL; s = va_arg(args, const char *))
		n += strlen(s);
	va_end(args);
	char *text = hand_out(arena, product(n, 1) + 1, n), *end = text;
	va_start(args, first);
	for (const char *s = first; s != NULL; s = va_arg(args, const char *))
		end = stpcpy(end, s);
	va_end(args);
	return text;
}

char *
arena_decimal(struct arena *arena, uint64_t value) {
	char digits[20], *d = digits + sizeof(digits);
	do
		*--d = (char)('0' + value % 10);
	while (value /= 10);
	return arena_strndup(arena, d, (size_t)(digits + sizeof(digits) - d));
}

struct arena_mark
arena_mark(const struct arena *arena) {
	struct arena_mark mark = {.block = arena->newest};
	if (arena->fresh.next != NULL)
		mark.used = (size_t)(arena->fresh.next - block_bytes(arena->newest));
	else if (arena->newest != NULL)
		mark.used = arena->newest->used;
	return mark;
}

/* Clear what was handed out from byte FROM on, so that the header may hand it out again by itself: not where that is much, or where
 * there are other old bytes behind it. */
static void
clear_from(struct block *block, size_t from) {
	size_t n = block->used - from;

	if (n == 0 || n > CLEARED_AT_ONCE || block->used != block->dirty)
		return;
	unpoison(block_bytes(block) + from, n);
	memset(block_bytes(block) + from, 0, n);
	block->dirty = from;
}

void
arena_rewind(struct arena *arena, struct arena_mark mark) {
	settle(arena);
	while (arena->newest != NULL && arena->newest != mark.block)
		drop_block(arena);
	struct block *block = arena->newest;
	assert(block == mark.block);
	if (block == NULL)
		return;
	assert(mark.used <= block->used);
	clear_from(block, mark.used);
	block->used = mark.used;
#ifndef ARENA_MALLOC
	poison(block_bytes(block) + block->used, block->size - block->used);
#endif
	open_fresh(arena);
}

void *
xreallocarray(void *old, size_t n, size_t size) {
	if (n == 0 || size == 0)
		n = size = 1; /* realloc to nothing would free and give NULL */
	void *new = realloc(old, product(n, size));
	if (new == NULL)
		die_of_memory();
	return new;
}
