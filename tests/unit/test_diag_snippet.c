/* test_diag_snippet.c - source lines and carets: tabs, wide text, long lines, line breaks. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stdlib.h>
#include <string.h>

/* Print one error at a place of TEXT; the caller frees what follows its first line. */
static char *
snippet(const char *text, size_t len, uint32_t line, uint32_t col, uint16_t length) {
	struct arena *mem = arena_new();
	struct ctx ctx = {mem, diags_new(mem)};
	struct pos at = {
		.line = line, .col = col, .src = diag_source(&ctx, "f", text, len), .len = length};
	char *all = NULL;
	size_t n = 0;
	diag(&ctx, SEV_ERROR, at, NULL, "e");
	FILE *out = open_memstream(&all, &n);
	diags_print(&ctx, out, DIAG_TEXT, false);
	fclose(out);
	char *rest = strdup(strchr(all, '\n') + 1);
	free(all);
	arena_free(mem);
	return rest;
}

static void
check(const char *text, uint32_t line, uint32_t col, uint16_t length, const char *want) {
	char *got = snippet(text, strlen(text), line, col, length);
	assert_string_equal(got, want);
	free(got);
}

static void
test_caret(void **state) {
	(void)state;
	check("abc", 1, 1, 0, " 1 | abc\n   | ^\n");
	check("abc", 1, 2, 1, " 1 | abc\n   |  ^\n");
	check("abc", 1, 2, 2, " 1 | abc\n   |  ^~\n");
	check("abc", 1, 2, 99, " 1 | abc\n   |  ^~\n"); /* clipped */
	check("abc", 1, 4, 0, " 1 | abc\n   |    ^\n");
	check("abc", 1, 400, 9, " 1 | abc\n   |    ^\n");
	check("abc", 1, 0, 9, " 1 | abc\n"); /* the line as a whole */
	check("\n", 1, 1, 0, " 1 |\n   | ^\n");
	check("", 1, 1, 0, "");
	check("a\n", 2, 1, 0, "");
	check("a\n", 0, 0, 0, "");
	check("\n\n\n\n\n\n\n\n\n\n\nx: y", 12, 4, 1, " 12 | x: y\n    |    ^\n");
}

static void
test_wide(void **state) {
	(void)state;
	check("\t\tx: \ty", 1, 7, 1, " 1 | \t\tx: \ty\n   | \t\t   \t^\n");
	check("\xe6\x97\xa5\xe6\x9c\xac: x", 1, 5, 1,
		" 1 | \xe6\x97\xa5\xe6\x9c\xac: x\n   |       ^\n");
	check("\xe6\x97\xa5\xe6\x9c\xac: x", 1, 1, 2,
		" 1 | \xe6\x97\xa5\xe6\x9c\xac: x\n   | ^~~~\n");
	check("e\xcc\x81: x", 1, 5, 1, " 1 | e\xcc\x81: x\n   |    ^\n");
	check("a\001b", 1, 3, 1, " 1 | a\\x01b\n   |      ^\n");
	check("a\xff"
	      "b",
		1, 2, 1, " 1 | a\\xffb\n   |  ^~~~\n");
	check("\xef\xbb\xbf"
	      "ab",
		1, 2, 1, " 1 | ab\n   |  ^\n");
	check("a\tb", 1, 2, 1, " 1 | a\tb\n   |  ^\n");
}

static void
test_breaks(void **state) {
	(void)state;
	check("a\r\nbc\r\n", 2, 2, 1, " 2 | bc\n   |  ^\n");
	check("a\rbc\rd", 3, 1, 1, " 3 | d\n   | ^\n");
	check("a\n\rb", 3, 1, 1, " 3 | b\n   | ^\n");
	char *got = snippet("a\0b\nc", 5, 1, 3, 1);
	assert_string_equal(got, " 1 | a\\x00b\n   |      ^\n");
	free(got);
}

static void
test_long(void **state) {
	(void)state;
	enum { LEN = 500000 };
	char *text = malloc(LEN + 1);
	memset(text, 'x', LEN);
	text[LEN] = '\0';
	static const uint32_t cols[] = {
		1, 2, 59, 60, 61, 62, 161, 5000, LEN - 200, LEN - 1, LEN, LEN + 1};
	for (size_t i = 0; i < sizeof(cols) / sizeof(*cols); i++) {
		if (cols[i] <= LEN)
			text[cols[i] - 1] = '!';
		char *got = snippet(text, LEN, 1, cols[i], 3);
		char *second = strchr(got, '\n') + 1;
		assert_true(second - got <= 5 + 160 + 1);
		assert_true(strlen(second) <= 5 + 160 + 1);
		size_t column = (size_t)(strchr(second, '^') - second);
		if (cols[i] <= LEN) {
			assert_int_equal(got[column], '!');
			text[cols[i] - 1] = 'x';
		}
		free(got);
	}
	/* Wide characters cut at both ends, and bytes that are no characters at all. */
	for (size_t i = 0; i + 3 <= LEN; i += 3)
		memcpy(text + i, "\xe6\x97\xa5", 3);
	char *got = snippet(text, LEN, 1, 80000, 1);
	assert_non_null(strstr(got, "...\xe6"));
	assert_null(strstr(got, "\\x"));
	free(got);
	memset(text, '\x80', LEN);
	got = snippet(text, LEN, 1, 80000, 1);
	assert_true(strlen(got) < 400);
	free(got);
	free(text);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_caret),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_breaks),
		cmocka_unit_test(test_long),
	};
	return cmocka_run_group_tests_name("diag_snippet", tests, NULL, NULL);
}
