/* test_str_units.c - numbers, sizes, durations, truth values. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <locale.h>
#include <math.h>
#include <stackplan/arena.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
test_number(void **state) {
	(void)state;
	static const struct {
		const char *text;
		double value;
	} good[] = {{"12", 12}, {"0.5", 0.5}, {"-1.5", -1.5}, {"1e3", 1000}, {".5", .5}, {"5.", 5},
		{"1E-2", 0.01}, {"+2", 2}, {"007", 7}, {"1e-400", 0}};
	static const char *const bad[] = {"", ".", "-", "e3", "1e", "1e+", "0x10", "inf", "nan",
		"1,5", " 1", "1 ", "1e999", "--1", "1.5.2", "1_0"};
	double out;
	for (size_t i = 0; i < countof(good); i++) {
		assert_true(str_number(good[i].text, &out));
		assert_true(out == good[i].value);
	}
	for (size_t i = 0; i < countof(bad); i++) {
		out = 42;
		assert_false(str_number(bad[i], &out));
		assert_true(out == 42);
	}
}

static void
test_from_double(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	static const struct {
		double value;
		const char *text;
	} rows[] = {{0, "0"}, {-0.0, "-0"}, {1.10, "1.1"}, {1.0, "1"}, {.5, "0.5"}, {12e3, "12000"},
		{0.00001, "1e-05"}, {0.0001, "0.0001"}, {0.00012, "0.00012"}, {1e10, "1e+10"},
		{100000000.0, "1e+08"}, {1234567.0, "1.234567e+06"}, {123456.5, "123456.5"},
		{999999, "999999"}, {1000000, "1e+06"}, {-1.5, "-1.5"}, {0.1, "0.1"},
		{1.0 / 3, "0.3333333333333333"}, {18446744073709551616.0, "1.8446744073709552e+19"},
		{5e-324, "5e-324"}, {1.7976931348623157e308, "1.7976931348623157e+308"},
		{100, "100"}, {0.025, "0.025"}};
	for (size_t i = 0; i < countof(rows); i++)
		assert_string_equal(str_from_double(mem, rows[i].value), rows[i].text);
	assert_string_equal(str_from_double(mem, NAN), "NaN");
	assert_string_equal(str_from_double(mem, -INFINITY), "-Inf");
	srand(7);
	for (int i = 0; i < 3000; i++) {
		uint64_t bits = (uint64_t)rand() << 33 ^ (uint64_t)rand() << 16 ^ (uint64_t)rand();
		double value, back;
		memcpy(&value, &bits, sizeof(value));
		if (!isfinite(value))
			continue;
		assert_true(str_number(str_from_double(mem, value), &back));
		assert_true(back == value);
	}
	arena_free(mem);
}

static void
test_locale(void **state) {
	(void)state;
	static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "ru_RU.UTF-8"};
	const char *found = NULL;
	for (size_t i = 0; i < countof(names) && found == NULL; i++)
		found = setlocale(LC_NUMERIC, names[i]);
	if (found == NULL) {
		print_message("skipped: no locale with a decimal comma is installed\n");
		skip();
	}
	struct arena *mem = arena_new();
	double out;
	uint64_t bytes;
	assert_true(str_number("1.5", &out) && out == 1.5);
	assert_false(str_number("1,5", &out));
	assert_string_equal(str_from_double(mem, 0.025), "0.025");
	assert_true(str_size("1.5k", false, &bytes) && bytes == 1536);
	setlocale(LC_NUMERIC, "C");
	arena_free(mem);
}

static void
test_size(void **state) {
	(void)state;
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = {{"100", 100}, {"0", 0}, {"100b", 100}, {"512m", 512U << 20}, {"1gb", 1U << 30},
		{"1gib", 1U << 30}, {"1GiB", 1U << 30}, {"1.5g", 1610612736}, {"64MiB", 64U << 20},
		{"10 MB", 10U << 20}, {"0.5k", 512}, {".5k", 512}, {"2T", 2ULL << 40},
		{"1p", 1ULL << 50}, {"1.1g", 1181116006}, {"8191p", 8191ULL << 50},
		{"9223372036854775807", INT64_MAX}};
	static const char *const bad[] = {"", " ", "m", "1x", "1kk", "1ib", "1bb", "-1", "-5m",
		"+1", "1e3", "0x10", "1.5", "1.5b", "10 ", " 10", "1 0", "8192p",
		"9223372036854775808", "99999999999999999999999p", "1,5g", "1.5.5g", ".", ".g",
		"8191.99999999999999999999p1"};
	uint64_t out;
	for (size_t i = 0; i < countof(good); i++) {
		assert_true(str_size(good[i].text, false, &out));
		assert_true(out == good[i].bytes);
	}
	for (size_t i = 0; i < countof(bad); i++) {
		out = 42;
		assert_false(str_size(bad[i], false, &out));
		assert_int_equal(out, 42);
	}
	assert_true(str_size("-1", true, &out) && out == UINT64_MAX);
	assert_false(str_size("-2", true, &out));
	assert_false(str_size("-1m", true, &out));
}

static void
test_duration(void **state) {
	(void)state;
	static const struct {
		const char *text;
		int64_t ns;
	} good[] = {{"0", 0}, {"0s", 0}, {"1h30m", 5400000000000}, {"500ms", 500000000},
		{"1.5s", 1500000000}, {"1d", 86400000000000}, {"2w", 1209600000000000},
		{"1us", 1000}, {"1\xc2\xb5s", 1000}, {"1\xce\xbcs", 1000}, {"7ns", 7},
		{"0.3s", 300000000}, {"1m0.1s", 60100000000}, {".5s", 500000000},
		{"1s1s", 2000000000}, {"0.123456789s", 123456789}};
	static const char *const bad[] = {"", "90", "1", "-1s", "+1s", "s", "1x", "1 s", "1s ",
		" 1s", "1h30", "1.s.", ".s", "1e3s", "99999999999999999999s",
		"300000h300000h99999999w", "10675199d120000d"};
	int64_t out;
	for (size_t i = 0; i < countof(good); i++) {
		assert_true(str_duration(good[i].text, &out));
		assert_true(out == good[i].ns);
	}
	for (size_t i = 0; i < countof(bad); i++) {
		out = 42;
		assert_false(str_duration(bad[i], &out));
		assert_int_equal(out, 42);
	}
}

static void
test_from_duration(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	static const struct {
		int64_t ns;
		const char *text;
	} rows[] = {{0, "0s"}, {1, "1ns"}, {1500, "1.5\xc2\xb5s"}, {500000000, "500ms"},
		{1000000000, "1s"}, {1500000000, "1.5s"}, {60000000000, "1m0s"},
		{90000000000, "1m30s"}, {3600000000000, "1h0m0s"}, {86400000000000, "24h0m0s"},
		{-1500000000, "-1.5s"}, {1000000001, "1.000000001s"},
		{INT64_MAX, "2562047h47m16.854775807s"}, {INT64_MIN, "-2562047h47m16.854775808s"}};
	for (size_t i = 0; i < countof(rows); i++) {
		int64_t back;
		char *text = str_from_duration(mem, rows[i].ns);
		assert_string_equal(text, rows[i].text);
		if (rows[i].ns >= 0 && rows[i].ns < INT64_MAX)
			assert_true(str_duration(text, &back) && back == rows[i].ns);
	}
	arena_free(mem);
}

static void
test_bool(void **state) {
	(void)state;
	bool out;
	static const char *const yes[] = {"true", "True", "TRUE", "yes", "y", "Y", "on", "ON"};
	static const char *const no[] = {"false", "no", "N", "off"};
	static const char *const bad[] = {"", "1", "0", "tru", "truee", " true", "null"};
	for (size_t i = 0; i < countof(yes); i++)
		assert_true(str_bool(yes[i], &out) && out);
	for (size_t i = 0; i < countof(no); i++)
		assert_true(str_bool(no[i], &out) && !out);
	for (size_t i = 0; i < countof(bad); i++)
		assert_false(str_bool(bad[i], &out));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_from_double),
		cmocka_unit_test(test_locale),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_from_duration),
		cmocka_unit_test(test_bool),
	};
	return cmocka_run_group_tests_name("str_units", tests, NULL, NULL);
}
