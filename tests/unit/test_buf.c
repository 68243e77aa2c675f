/* test_buf.c - the growing buffer. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stdlib.h>
#include <string.h>

static void
test_empty(void **state) {
	(void)state;
	struct buf b = {0};
	assert_string_equal(buf_str(&b), "");
	buf_clear(&b);
	buf_add(&b, NULL, 0);
	assert_string_equal(buf_str(&b), "");
	buf_free(&b);
	buf_free(&b);
	char *stolen = buf_steal(&b);
	assert_string_equal(stolen, "");
	free(stolen);
}

static void
test_append(void **state) {
	(void)state;
	struct buf b = {0};
	buf_adds(&b, "ab");
	buf_addc(&b, 'c');
	buf_add(&b, "d\0e", 3);
	assert_int_equal(b.n, 6);
	assert_memory_equal(b.s, "abcd\0e", 7);
	buf_clear(&b);
	assert_int_equal(b.n, 0);
	for (int i = 0; i < 100000; i++)
		buf_addc(&b, (char)('a' + i % 26));
	assert_int_equal(strlen(buf_str(&b)), 100000);
	assert_int_equal(b.s[99999], 'a' + 99999 % 26);
	buf_free(&b);
	assert_null(b.s);
}

static void
test_printf(void **state) {
	(void)state;
	struct buf b = {0};
	buf_printf(&b, "%s", "");
	assert_string_equal(buf_str(&b), "");
	for (int width = 100; width < 140; width++) {
		buf_clear(&b);
		buf_adds(&b, "<");
		buf_printf(&b, "%*d>", width, 1);
		assert_int_equal(b.n, width + 2);
		assert_int_equal(strlen(b.s), b.n);
		assert_string_equal(b.s + b.n - 2, "1>");
	}
	buf_free(&b);
}

static void
test_take(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct buf b = {0};
	assert_string_equal(arena_take_buf(mem, &b), "");
	buf_add(&b, "x\0y", 3);
	char *kept = arena_take_buf(mem, &b);
	assert_memory_equal(kept, "x\0y", 4);
	assert_null(b.s);
	buf_adds(&b, "again");
	char *stolen = buf_steal(&b);
	assert_string_equal(stolen, "again");
	assert_int_equal(b.n, 0);
	free(stolen);
	arena_free(mem);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_printf),
		cmocka_unit_test(test_take),
	};
	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
