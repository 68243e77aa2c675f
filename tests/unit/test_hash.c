/* test_hash.c - SHA-256 over parts. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/hash.h>
#include <string.h>

/* The hash of two texts. */
static void
hash_two(const char *a, const char *b, char out[65]) {
	struct hash hash;
	hash_start(&hash);
	hash_text(&hash, a);
	hash_text(&hash, b);
	hash_end(&hash, out);
}

static void
test_known(void **state) {
	(void)state;
	struct hash hash;
	char out[65];
	hash_start(&hash);
	hash_end(&hash, out);
	assert_string_equal(
		out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	/* The same as sha256 of 00 00 00 00 00 00 00 03 "abc", by another program. */
	hash_start(&hash);
	hash_text(&hash, "abc");
	hash_end(&hash, out);
	assert_string_equal(
		out, "c3494ca1a2cf8eeb8a11ded316fb55b83c3bbbedb6313cd50415251e5d09e12f");
	char again[65];
	hash_start(&hash);
	hash_part(&hash, "abcdef", 3);
	hash_end(&hash, again);
	assert_string_equal(out, again);
}

static void
test_parts_differ(void **state) {
	(void)state;
	char a[65], b[65], c[65];
	hash_two("ab", "c", a);
	hash_two("a", "bc", b);
	hash_two("abc", "", c);
	assert_string_not_equal(a, b);
	assert_string_not_equal(a, c);
	struct hash hash;
	hash_start(&hash);
	hash_part(&hash, NULL, 0);
	hash_end(&hash, a);
	hash_start(&hash);
	hash_end(&hash, b);
	assert_string_not_equal(a, b);
	assert_int_equal(strlen(a), 64);
}

/* The value is in labels of running containers: it must stay what it is. */
static void
test_short(void **state) {
	char a[9], b[9];
	(void)state;
	hash_short(hash_quick("image", "nginx:1.25"), a);
	assert_string_equal(a, "a550ac7e");
	hash_short(hash_quick("imagen", "ginx:1.25"), b);
	assert_string_not_equal(a, b);
	assert_true(hash_quick("k", "a longer value 1") != hash_quick("k", "a longer value 2"));
	assert_true(hash_quick("k", "") != hash_quick("", "k"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_parts_differ),
		cmocka_unit_test(test_short),
	};
	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
