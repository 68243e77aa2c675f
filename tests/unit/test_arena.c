/* test_arena.c - alignment, zeroing, growth and rewinding of the arena. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/arena.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) && !defined(ARENA_MALLOC)
#include <sanitizer/asan_interface.h>
#define IS_POISONED(p) __asan_address_is_poisoned(p)
#endif

/* Are all N bytes 0? */
static bool
is_zero(const char *bytes, size_t n) {
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

static void
test_aligned_and_zeroed(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	static const size_t sizes[] = {0, 1, 7, 16, 17, 4000, 65536, 70000, 3000000};
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			char *p = arena_alloc(mem, sizes[i]);
			assert_non_null(p);
			assert_int_equal((uintptr_t)p % 8, 0);
			assert_true(is_zero(p, sizes[i]));
			memset(p, 0xff, sizes[i]);
		}
	}
	arena_free(mem);
	arena_free(NULL);
}

static void
test_rewind_zeroes_again(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	char *kept = arena_strdup(mem, "kept");
	for (int round = 0; round < 3; round++) {
		struct arena_mark mark = arena_mark(mem);
		for (size_t i = 1; i < 200; i++) {
			char *p = arena_alloc(mem, i * 13);
			assert_true(is_zero(p, i * 13));
			memset(p, 0xaa, i * 13);
		}
		memset(arena_alloc(mem, 500000), 0x55, 500000);
		arena_rewind(mem, mark);
	}
	char *p = arena_alloc(mem, 30000);
	assert_true(is_zero(p, 30000));
	assert_string_equal(kept, "kept");
	arena_free(mem);
}

static void
test_rewind_to_empty(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct arena_mark mark = arena_mark(mem);
	memset(arena_alloc(mem, 100), 1, 100);
	arena_rewind(mem, mark);
	arena_rewind(mem, mark);
	assert_true(is_zero(arena_alloc(mem, 100), 100));
	arena_free(mem);
}

/* Large blocks are used again by the next arena: what was written into them is gone. */
static void
test_zeroed_in_a_used_block(void **state) {
	enum { SIZE = 1000, N = 12000 };
	(void)state;
	struct arena *first = arena_new();
	for (size_t i = 0; i < N; i++)
		memset(arena_alloc(first, SIZE), 0xff, SIZE);
	arena_free(first);
	struct arena *second = arena_new();
	for (size_t i = 0; i < N; i++) {
		const char *bytes = arena_alloc(second, SIZE);
		for (size_t k = 0; k < SIZE; k++)
			assert_int_equal(bytes[k], 0);
	}
	arena_free(second);
}

static void
test_grow(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	int *v = NULL;
	size_t cap = 0;
	for (int i = 0; i < 20000; i++) {
		if ((size_t)i == cap) {
			size_t more = cap == 0 ? 1 : cap * 2;
			v = arena_grow(mem, v, cap, more, sizeof(*v));
			assert_true(is_zero((const char *)(v + cap), (more - cap) * sizeof(*v)));
			cap = more;
		}
		v[i] = i;
		if (i % 1000 == 0) /* now it is not the last one */
			memset(arena_alloc(mem, 3), 0xff, 3);
	}
	for (int i = 0; i < 20000; i++)
		assert_int_equal(v[i], i);
	arena_free(mem);
}

static void
test_grow_in_place_after_rewind(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	arena_alloc(mem, 1);
	struct arena_mark mark = arena_mark(mem);
	memset(arena_alloc(mem, 5000), 0xff, 5000);
	arena_rewind(mem, mark);
	char *small = arena_alloc(mem, 10);
	memset(small, 'x', 10);
	char *large = arena_grow(mem, small, 10, 4000, 1);
	assert_memory_equal(large, "xxxxxxxxxx", 10);
	assert_true(is_zero(large + 10, 3990));
	arena_free(mem);
}

static void
test_text(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	assert_string_equal(arena_strdup(mem, ""), "");
	char *cut = arena_strndup(mem, "a\0bcd", 4);
	assert_memory_equal(cut, "a\0bc", 5);
	assert_string_equal(arena_strndup(mem, NULL, 0), "");
	assert_string_equal(arena_printf(mem, "%s-%d", "x", 7), "x-7");
	char *wide = arena_printf(mem, "%1000d", 5);
	assert_int_equal(strlen(wide), 1000);
	assert_int_equal(wide[999], '5');
	assert_int_equal(strlen(arena_printf(mem, "%255d", 5)), 255);
	assert_int_equal(strlen(arena_printf(mem, "%256d", 5)), 256);
	arena_free(mem);
}

static void
test_poisoned(void **state) {
	(void)state;
#ifdef IS_POISONED
	struct arena *mem = arena_new();
	for (size_t size = 1; size < 200; size++) {
		struct arena_mark mark = arena_mark(mem);
		char *p = arena_alloc(mem, size);
		assert_false(IS_POISONED(p + size - 1));
		assert_true(IS_POISONED(p + size));
		p = arena_grow(mem, p, size, size + 20, 1);
		assert_false(IS_POISONED(p + size + 19));
		assert_true(IS_POISONED(p + size + 20));
		arena_alloc(mem, 1);
		assert_true(IS_POISONED(p + size + 20));
		if (size % 2 == 0)
			continue;
		arena_rewind(mem, mark);
		if (mark.block != NULL)
			assert_true(IS_POISONED(p));
	}
	arena_free(mem);
#else
	print_message("skipped: not built with AddressSanitizer\n");
	skip();
#endif
}

/* Run in a child what must end it with status 71. */
static int
status_of(void (*run)(void)) {
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(2);
		run();
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct arena *volatile held; /* so that the leak checker of the child still sees it */

static void
overflow_array(void) {
	held = arena_new();
	arena_array(held, SIZE_MAX / 2, 3);
}

static void
overflow_alloc(void) {
	held = arena_new();
	arena_alloc(held, SIZE_MAX - 5);
}

static void
overflow_realloc(void) {
	xreallocarray(NULL, SIZE_MAX / 2, 3);
}

static void
test_out_of_memory(void **state) {
	(void)state;
	assert_int_equal(status_of(overflow_array), 71);
	assert_int_equal(status_of(overflow_alloc), 71);
	assert_int_equal(status_of(overflow_realloc), 71);
	void *nothing = xreallocarray(NULL, 0, 8);
	assert_non_null(nothing);
	free(nothing);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aligned_and_zeroed),
		cmocka_unit_test(test_rewind_zeroes_again),
		cmocka_unit_test(test_rewind_to_empty),
		cmocka_unit_test(test_zeroed_in_a_used_block),
		cmocka_unit_test(test_grow),
		cmocka_unit_test(test_grow_in_place_after_rewind),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_poisoned),
		cmocka_unit_test(test_out_of_memory),
	};
	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
