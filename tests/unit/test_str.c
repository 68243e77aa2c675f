/* test_str.c - prefixes, lists, strict integers, did-you-mean. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/str.h>
#include <string.h>

static void
test_parts(void **state) {
	(void)state;
	assert_true(str_eq("", ""));
	assert_false(str_eq("a", "ab"));
	assert_true(str_starts("abc", "ab"));
	assert_true(str_starts("abc", ""));
	assert_false(str_starts("a", "ab"));
	assert_true(str_ends("abc", "bc"));
	assert_false(str_ends("c", "bc"));
	assert_true(str_in("a bb  c", "bb"));
	assert_true(str_in("a bb  c", "c"));
	assert_false(str_in("a bb c", "b"));
	assert_false(str_in("a bb c", ""));
	assert_false(str_in("a bb c", "a bb"));
	assert_false(str_in(NULL, "a"));
	assert_false(str_in("", ""));
}

static void
test_among(void **state) {
	static const char *const names[] = {"a", "ab", "b", "d", "e"};
	(void)state;
	for (size_t i = 0; i < countof(names); i++)
		assert_true(str_among(names, countof(names), names[i]));
	assert_false(str_among(names, countof(names), ""));
	assert_false(str_among(names, countof(names), "aa"));
	assert_false(str_among(names, countof(names), "c"));
	assert_false(str_among(names, countof(names), "f"));
	assert_false(str_among(names, 0, "a"));
}

static void
test_int(void **state) {
	(void)state;
	static const char *const good[] = {
		"0", "7", "-7", "65535", "9223372036854775807", "-9223372036854775808"};
	static const int64_t values[] = {0, 7, -7, 65535, INT64_MAX, INT64_MIN};
	static const char *const bad[] = {"", "-", "-0", "+1", " 8", "8 ", "08", "00", "-08",
		"0x10", "1e3", "1.0", "9223372036854775808", "-9223372036854775809", "1_000",
		"99999999999999999999999", "--1", "18446744073709551617"};
	int64_t out;
	for (size_t i = 0; i < countof(good); i++) {
		assert_true(str_int(good[i], INT64_MIN, INT64_MAX, &out));
		assert_true(out == values[i]);
	}
	for (size_t i = 0; i < countof(bad); i++) {
		out = 42;
		assert_false(str_int(bad[i], INT64_MIN, INT64_MAX, &out));
		assert_int_equal(out, 42);
	}
	assert_true(str_int("1", 1, 65535, &out));
	assert_true(str_int("65535", 1, 65535, &out));
	assert_false(str_int("0", 1, 65535, &out));
	assert_false(str_int("65536", 1, 65535, &out));
}

static const char *const keys[] = {"build", "cap_add", "command", "container_name", "depends_on",
	"dns", "entrypoint", "environment", "healthcheck", "hostname", "image", "init", "labels",
	"mem_limit", "network_mode", "networks", "ports", "privileged", "restart", "tty", "user",
	"volumes", "working_dir"};

static void
test_nearest(void **state) {
	(void)state;
	static const struct {
		const char *word, *name;
	} rows[] = {
		{"mem_limt", "mem_limit"},
		{"privilged", "privileged"},
		{"comand", "command"},
		{"comamnd", "command"},
		{"Image", "image"},
		{"imgae", "image"},
		{"prots", "ports"},
		{"port", "ports"},
		{"volume", "volumes"},
		{"depends-on", "depends_on"},
		{"dependsOn", "depends_on"},
		{"enviroment", "environment"},
		{"environments", "environment"},
		{"network-mode", "network_mode"},
		{"ttyy", "tty"},
		{"foo", NULL},
		{"x", NULL},
		{"", NULL},
		{"replicas", NULL},
		{"secrets", NULL},
		{"configuration", NULL},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		const char *near = str_nearest(rows[i].word, keys, countof(keys));
		if (rows[i].name == NULL)
			assert_null(near);
		else
			assert_string_equal(near != NULL ? near : "(none)", rows[i].name);
	}
	char flood[5000];
	memset(flood, 'a', sizeof(flood) - 1);
	flood[sizeof(flood) - 1] = '\0';
	assert_null(str_nearest(flood, keys, countof(keys)));
	const char *const odd[] = {flood, "image", NULL, "imag"};
	assert_string_equal(str_nearest("imag", odd, countof(odd)), "image");
	assert_null(str_nearest("image", NULL, 0));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_among),
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_nearest),
	};
	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
