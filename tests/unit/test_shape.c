/* test_shape.c - single values: what is taken, what it becomes, and what is said of the rest. */
#include "canon.h"

static void
strings(void **state) {
	struct key row = {.shape = SHAPE_STRING};

	(void)state;
	assert_string_equal(value_of("abc", row), "{\"k\":\"abc\"}");
	assert_string_equal(value_of("\"1000\"", row), "{\"k\":\"1000\"}");
	assert_string_equal(value_of("", row), "");
	assert_said(
		"1:1: error: 'k' has no value: give it one, or leave the key out [wrong-type]\n");
	assert_string_equal(value_of("\"\"", row), "{\"k\":\"\"}");
	assert_string_equal(value_of("1000", row), "");
	assert_said("1:4: error: 'k' wants a string, not a number: write it in quotes, k: \"1000\" "
		    "[wrong-type]\n");
	assert_string_equal(value_of("[a]", row), "");
	assert_said("1:4: error: 'k' wants a string, not a list [wrong-type]\n");
}

static void
texts(void **state) {
	static const char *const pairs[][2] = {{"010", "8"}, {"\"010\"", "010"}, {"1.0", "1"},
		{"1.10", "1.1"}, {"yes", "yes"}, {"True", "true"}, {"12e3", "12000"},
		{"0x10", "16"}};

	(void)state;
	for (size_t i = 0; i < countof(pairs); i++)
		assert_string_equal(value_of(pairs[i][0], (struct key){.shape = SHAPE_TEXT}),
			arena_printf(ctx.mem, "{\"k\":\"%s\"}", pairs[i][1]));
	assert_said("");
	assert_string_equal(value_of("2024-01-01", (struct key){.shape = SHAPE_TEXT}),
		"{\"k\":\"2024-01-01 00:00:00 +0000 UTC\"}");
	assert_non_null(strstr(said(), "warning: Compose reads this as a time"));
}

static void
switches(void **state) {
	struct key row = {.shape = SHAPE_BOOL};

	(void)state;
	assert_string_equal(value_of("True", row), "{\"k\":true}");
	assert_string_equal(value_of("\"false\"", row), "{\"k\":false}");
	assert_said("");
	assert_string_equal(value_of("\"${M:-yes}\"", row), "{\"k\":true}");
	assert_said(
		"1:4: warning: 'k' wants true or false: \"yes\" is taken as true [yaml11-bool]\n");
	assert_string_equal(value_of("maybe", row), "");
	assert_said("1:4: error: 'k' wants true or false, not \"maybe\" [bad-bool]\n");
	assert_string_equal(value_of("1", row), "");
	assert_said("1:4: error: 'k' wants true or false, not 1 [bad-bool]\n");
}

static void
whole_numbers(void **state) {
	struct key row = {.shape = SHAPE_INT},
		   bounded = {.shape = SHAPE_INT, .min = -1, .max = 100};

	(void)state;
	assert_string_equal(value_of("010", row), "{\"k\":8}");
	assert_string_equal(value_of("\"010\"", row), "{\"k\":10}");
	assert_string_equal(value_of("5.0", row), "{\"k\":5}");
	assert_string_equal(value_of("${PORT}", row), "{\"k\":8080}");
	assert_string_equal(value_of("-1", bounded), "{\"k\":-1}");
	assert_string_equal(value_of("\"-0\"", row), "{\"k\":0}");
	assert_string_equal(value_of("101", bounded), "");
	assert_said("1:4: error: 'k' wants a whole number from -1 to 100, not 101 [bad-number]\n");
	assert_string_equal(value_of("\"\"", row), "");
	assert_said("1:4: error: 'k' wants a whole number, not \"\" [bad-number]\n");
	assert_string_equal(value_of("5.5", row), "");
	assert_error("1:4", "bad-number");
	assert_string_equal(value_of("99999999999999999999", row), "");
	assert_error("1:4", "bad-number");
	assert_string_equal(value_of("${BAD}", row), "");
	assert_said("1:4: error: 'k' wants a whole number, not \"${BAD}\" [bad-number]\n");
}

static void
numbers(void **state) {
	struct key row = {.shape = SHAPE_NUMBER};

	(void)state;
	assert_string_equal(value_of("2", row), "{\"k\":2}");
	assert_string_equal(value_of("\"0.50\"", row), "{\"k\":0.5}");
	assert_string_equal(value_of("1.0", row), "{\"k\":1}");
	assert_string_equal(value_of(".inf", row), "");
	assert_error("1:4", "bad-number");
	assert_string_equal(value_of("\"1,5\"", row), "");
	assert_error("1:4", "bad-number");
}

static void
sizes(void **state) {
	struct key row = {.shape = SHAPE_SIZE}, swap = {.shape = SHAPE_SIZE, .one_of = "-1"};

	(void)state;
	assert_string_equal(value_of("100m", row), "{\"k\":\"104857600\"}");
	assert_string_equal(value_of("1.5g", row), "{\"k\":\"1610612736\"}");
	assert_string_equal(value_of("0x10", row), "{\"k\":\"16\"}");
	assert_string_equal(value_of("-1", swap), "{\"k\":\"-1\"}");
	assert_string_equal(value_of("\"-1\"", swap), "{\"k\":\"-1\"}");
	assert_string_equal(value_of("half", row), "");
	assert_said("1:4: error: 'k' wants a size such as 512m, not \"half\" [bad-size]\n");
	assert_string_equal(value_of("-1", row), "");
	assert_error("1:4", "bad-size");
	assert_string_equal(value_of("1e3", row), "");
	assert_error("1:4", "bad-size");
	assert_string_equal(value_of("\"${M:-}\"", row), "");
	assert_error("1:4", "bad-size");
}

static void
durations(void **state) {
	struct key row = {.shape = SHAPE_DURATION};

	(void)state;
	assert_string_equal(value_of("90s", row), "{\"k\":\"1m30s\"}");
	assert_string_equal(value_of("1d", row), "{\"k\":\"24h0m0s\"}");
	assert_string_equal(value_of("90", row), "");
	assert_said("1:4: error: 'k' wants a duration with its unit such as 30s, not 90 "
		    "[bad-duration]\n");
	assert_string_equal(value_of("\"90\"", row), "");
	assert_error("1:4", "bad-duration");
}

static void
microseconds(void **state) {
	struct key row = {.shape = SHAPE_MICROS, .min = 0, .max = 1000000};

	(void)state;
	assert_string_equal(value_of("1400us", row), "{\"k\":1400}");
	assert_string_equal(value_of("1.5ms", row), "{\"k\":1500}");
	assert_string_equal(value_of("950000", row), "{\"k\":950000}");
	assert_string_equal(value_of("\"95\"", row), "{\"k\":95}");
	assert_string_equal(value_of("0", row), "{\"k\":0}");
	assert_string_equal(value_of("-1", row), "");
	assert_error("1:4", "bad-number");
	assert_string_equal(value_of("soon", row), "");
	assert_said("1:4: error: 'k' wants microseconds, or a duration such as 1400us, not "
		    "\"soon\" [bad-duration]\n");
	assert_string_equal(value_of("[]", row), "");
	assert_error("1:4", "wrong-type");
}

static void
choices(void **state) {
	struct key row = {.shape = SHAPE_CHOICE, .one_of = "always missing never"};

	(void)state;
	assert_string_equal(value_of("always", row), "{\"k\":\"always\"}");
	assert_string_equal(value_of("alwasy", row), "");
	assert_said("1:4: error: 'k' wants one of always, missing, never, not \"alwasy\", "
		    "did you mean 'always'? [bad-choice]\n");
	assert_string_equal(value_of("1", row), "");
	assert_said("1:4: error: 'k' wants one of always, missing, never, not 1 [bad-choice]\n");
	assert_string_equal(value_of("{}", row), "");
	assert_error("1:4", "wrong-type");
}

static void
modes(void **state) {
	struct key row = {.shape = SHAPE_MODE};

	(void)state;
	assert_string_equal(value_of("0440", row), "{\"k\":288}");
	assert_string_equal(value_of("\"0440\"", row), "{\"k\":288}");
	assert_string_equal(value_of("\"440\"", row), "{\"k\":288}");
	assert_string_equal(value_of("288", row), "{\"k\":288}");
	assert_string_equal(value_of("\"0980\"", row), "");
	assert_error("1:4", "bad-mode");
	assert_string_equal(value_of("99999", row), "");
	assert_error("1:4", "bad-mode");
}

/* A quoted value never shows what came from outside. */
static void
secrets_in_messages(void **state) {
	(void)state;
	value_of("a${SECRET}b", (struct key){.shape = SHAPE_SIZE});
	assert_said("1:4: error: 'k' wants a size such as 512m, not \"a${SECRET}b\" [bad-size]\n");
	value_of("\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		 "${SECRET}\"",
		(struct key){.shape = SHAPE_SIZE});
	const char *text = said();
	assert_null(strstr(text, "s3cret"));
	assert_non_null(strstr(text, "xxx...\""));
}

/* Aliases share a scalar: one use may not change the other. */
static void
shared_scalars(void **state) {
	static const struct key rows[] = {
		{.name = "a", .shape = SHAPE_SIZE}, {.name = "b", .shape = SHAPE_STRING}};
	static const struct schema schema = {.what = "a test", .key = rows, .n = 2};

	(void)state;
	assert_string_equal(
		canon_of("a: &x 1k\nb: *x\n", &schema), "{\"a\":\"1024\",\"b\":\"1k\"}");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(strings, begin, end),
		cmocka_unit_test_setup_teardown(texts, begin, end),
		cmocka_unit_test_setup_teardown(switches, begin, end),
		cmocka_unit_test_setup_teardown(whole_numbers, begin, end),
		cmocka_unit_test_setup_teardown(numbers, begin, end),
		cmocka_unit_test_setup_teardown(sizes, begin, end),
		cmocka_unit_test_setup_teardown(durations, begin, end),
		cmocka_unit_test_setup_teardown(microseconds, begin, end),
		cmocka_unit_test_setup_teardown(choices, begin, end),
		cmocka_unit_test_setup_teardown(modes, begin, end),
		cmocka_unit_test_setup_teardown(secrets_in_messages, begin, end),
		cmocka_unit_test_setup_teardown(shared_scalars, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
