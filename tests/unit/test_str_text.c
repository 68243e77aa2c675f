/* test_str_text.c - UTF-8, safe text and its width. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/buf.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

/* str_safe of TEXT must give WANT. */
static void
check_safe(const char *text, size_t len, bool keep_lines, const char *want) {
	struct buf b = {0};
	str_safe(&b, text, len, keep_lines);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
test_safe(void **state) {
	(void)state;
	check_safe("", 0, false, "");
	check_safe("plain", 5, false, "plain");
	check_safe("a\033[31mb", 7, false, "a\\x1b[31mb");
	check_safe("a\tb\nc\rd", 7, true, "a\tb\nc\\x0dd");
	check_safe("a\tb\nc", 5, false, "a\\x09b\\x0ac");
	check_safe("\0\x7f", 2, false, "\\x00\\x7f");
	check_safe("\xc2\x9b"
		   "31m",
		5, false, "\\xc2\\x9b31m");
	check_safe("\x9b", 1, false, "\\x9b");
	check_safe("Gr\xc3\xbc\xc3\x9f"
		   "e",
		7, false,
		"Gr\xc3\xbc\xc3\x9f"
		"e");
	check_safe("\xc3", 1, false, "\\xc3");
	check_safe("\xe2\x80\xae"
		   "x",
		4, false, "\\xe2\\x80\\xaex");
	check_safe("\xf0\x9f\x90\xb3", 4, false, "\xf0\x9f\x90\xb3");
}

static void
test_safe_is_safe(void **state) {
	(void)state;
	srand(3);
	for (int round = 0; round < 3000; round++) {
		char text[24];
		struct buf b = {0};
		size_t bad;
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = (char)(rand() & 0xff);
		str_safe(&b, text, sizeof(text), false);
		assert_true(str_is_utf8(b.s, b.n, &bad));
		for (size_t i = 0; i < b.n; i++)
			assert_true((unsigned char)b.s[i] >= 0x20 && b.s[i] != 0x7f);
		assert_int_equal(str_width(text, sizeof(text)), str_width(b.s, b.n));
		buf_free(&b);
	}
}

static void
test_width(void **state) {
	(void)state;
	assert_int_equal(str_width("", 0), 0);
	assert_int_equal(str_width("abc", 3), 3);
	assert_int_equal(str_width("\xc3\xbc", 2), 1);
	assert_int_equal(str_width("\xe6\x97\xa5\xe6\x9c\xac", 6), 4);
	assert_int_equal(str_width("e\xcc\x81", 3), 1);
	assert_int_equal(str_width("\xf0\x9f\x90\xb3", 4), 2);
	assert_int_equal(str_width("\xed\x95\x9c", 3), 2);
	assert_int_equal(str_width("\033", 1), 4);
	assert_int_equal(str_width("\xe2\x94\x80", 3), 1);
}

static void
test_utf8(void **state) {
	(void)state;
	static const struct {
		const char *text;
		size_t len, bad; /* bad == len: none */
	} rows[] = {{"", 0, 0}, {"a\0b", 3, 3}, {"\xc3\xbc", 2, 2}, {"a\xc3", 2, 1},
		{"\xc0\x80", 2, 0}, {"\xe0\x80\x80", 3, 0}, {"\xed\xa0\x80", 3, 0},
		{"ab\xf4\x90\x80\x80", 6, 2}, {"\xf4\x8f\xbf\xbf", 4, 4},
		{"\xf0\x80\x80\x80", 4, 0}, {"\xff", 1, 0}, {"\x80", 1, 0}, {"\xe2\x82", 2, 0},
		{"\xe2\x28\xa1", 3, 0}, {"\xef\xbf\xbd", 3, 3}};
	for (size_t i = 0; i < countof(rows); i++) {
		size_t bad = rows[i].len;
		assert_int_equal(
			str_is_utf8(rows[i].text, rows[i].len, &bad), rows[i].bad == rows[i].len);
		assert_int_equal(bad, rows[i].bad);
	}
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe),
		cmocka_unit_test(test_safe_is_safe),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_utf8),
	};
	return cmocka_run_group_tests_name("str_text", tests, NULL, NULL);
}
