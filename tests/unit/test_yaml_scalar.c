/* test_yaml_scalar.c - types and canonical texts of plain and tagged scalars, as Compose has them. */
#include "tree.h"

struct row {
	const char *text;
	enum node_type type;
	const char *canonical;
};

/* Each text as an item of a list: its source text is kept, its type and canonical text are right. */
static void
check_rows(const struct row *rows, size_t n) {
	for (size_t i = 0; i < n; i++) {
		struct node *node = tree(arena_printf(ctx.mem, "- %s\n", rows[i].text))->u.item[0];
		if (node->type != rows[i].type ||
			strcmp(node_canonical(ctx.mem, node), rows[i].canonical) != 0)
			fail_msg("%s: type %d, canonical %s", rows[i].text, node->type,
				node_canonical(ctx.mem, node));
		assert_string_equal(node->u.s.str, rows[i].text);
		assert_false(node->flags & NODE_QUOTED);
	}
}

#define CHECK(rows) check_rows((rows), sizeof(rows) / sizeof(*(rows)))

static void
test_words(void **state) {
	(void)state;
	static const struct row rows[] = {
		{"true", NODE_BOOL, "true"},
		{"True", NODE_BOOL, "true"},
		{"TRUE", NODE_BOOL, "true"},
		{"FALSE", NODE_BOOL, "false"},
		{"tRUE", NODE_STR, "tRUE"},
		{"yes", NODE_STR, "yes"},
		{"no", NODE_STR, "no"},
		{"on", NODE_STR, "on"},
		{"off", NODE_STR, "off"},
		{"y", NODE_STR, "y"},
		{"n", NODE_STR, "n"},
		{"null", NODE_NULL, ""},
		{"Null", NODE_NULL, ""},
		{"NULL", NODE_NULL, ""},
		{"~", NODE_NULL, ""},
		{"", NODE_NULL, ""},
		{"nULL", NODE_STR, "nULL"},
		{"~x", NODE_STR, "~x"},
		{"nullish", NODE_STR, "nullish"},
		{"true false", NODE_STR, "true false"},
	};

	CHECK(rows);
}

static void
test_integers(void **state) {
	(void)state;
	static const struct row rows[] = {
		{"0", NODE_INT, "0"},
		{"-0", NODE_INT, "0"},
		{"00", NODE_INT, "0"},
		{"+5", NODE_INT, "5"},
		{"010", NODE_INT, "8"},
		{"0777", NODE_INT, "511"},
		{"-010", NODE_INT, "-8"},
		{"0o10", NODE_INT, "8"},
		{"-0o10", NODE_INT, "-8"},
		{"0x10", NODE_INT, "16"},
		{"-0x1F", NODE_INT, "-31"},
		{"0XfF", NODE_INT, "255"},
		{"0b11", NODE_INT, "3"},
		{"-0b11", NODE_INT, "-3"},
		{"1_000", NODE_INT, "1000"},
		{"0x_ff_", NODE_INT, "255"},
		{"0_10", NODE_INT, "8"},
		{"9223372036854775807", NODE_INT, "9223372036854775807"},
		{"9223372036854775808", NODE_INT, "9223372036854775808"},
		{"18446744073709551615", NODE_INT, "18446744073709551615"},
		{"-9223372036854775808", NODE_INT, "-9223372036854775808"},
		{"0o8", NODE_STR, "0o8"},
		{"0b2", NODE_STR, "0b2"},
		{"0x", NODE_STR, "0x"},
		{"0xg", NODE_STR, "0xg"},
		{"1a", NODE_STR, "1a"},
		{"+", NODE_STR, "+"},
		{"--1", NODE_STR, "--1"},
		{"0x10000000000000000", NODE_STR, "0x10000000000000000"},
		{"22:22", NODE_STR, "22:22"},
		{"56:56:56", NODE_STR, "56:56:56"},
		{"127.0.0.1", NODE_STR, "127.0.0.1"},
		{"1,000", NODE_STR, "1,000"},
		{"10m", NODE_STR, "10m"},
	};

	CHECK(rows);
}

static void
test_floats(void **state) {
	(void)state;
	static const struct row rows[] = {
		{"08", NODE_FLOAT, "8"},
		{"09.5", NODE_FLOAT, "9.5"},
		{"1.10", NODE_FLOAT, "1.1"},
		{"1.0", NODE_FLOAT, "1"},
		{".5", NODE_FLOAT, "0.5"},
		{"-.5", NODE_FLOAT, "-0.5"},
		{"5.", NODE_FLOAT, "5"},
		{"+5.", NODE_FLOAT, "5"},
		{"12e3", NODE_FLOAT, "12000"},
		{"12e+3", NODE_FLOAT, "12000"},
		{"1_0.5", NODE_FLOAT, "10.5"},
		{"0.00001", NODE_FLOAT, "1e-05"},
		{"1e10", NODE_FLOAT, "1e+10"},
		{"100000000.0", NODE_FLOAT, "1e+08"},
		{"1234567.0", NODE_FLOAT, "1.234567e+06"},
		{"123456.5", NODE_FLOAT, "123456.5"},
		{"18446744073709551616", NODE_FLOAT, "1.8446744073709552e+19"},
		{"-9223372036854775809", NODE_FLOAT, "-9.223372036854776e+18"},
		{"1e-400", NODE_FLOAT, "0"},
		{"1e999", NODE_STR, "1e999"},
		{".5e999", NODE_STR, ".5e999"},
		{"1e", NODE_STR, "1e"},
		{".", NODE_STR, "."},
		{"._5", NODE_STR, "._5"},
		{".1_0", NODE_STR, ".1_0"},
		{".env", NODE_STR, ".env"},
		{"1.2.3", NODE_STR, "1.2.3"},
		{"1e5x", NODE_STR, "1e5x"},
	};

	CHECK(rows);
	assert_int_equal(tree(".inf")->type, NODE_FLOAT);
	assert_int_equal(tree("-.INF")->type, NODE_FLOAT);
	assert_int_equal(tree("+.Inf")->type, NODE_FLOAT);
	assert_int_equal(tree(".NaN")->type, NODE_FLOAT);
	assert_int_equal(tree(".nAn")->type, NODE_STR);
}

static void
test_long_numbers(void **state) {
	(void)state;
	char text[4000];

	memset(text, '0', sizeof(text));
	text[sizeof(text) - 2] = '7';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(tree(text)->type, NODE_INT);
	assert_string_equal(node_canonical(ctx.mem, tree(text)), "7");
	memset(text, '9', sizeof(text) - 1);
	assert_int_equal(tree(text)->type, NODE_STR);
}

static void
test_timestamps(void **state) {
	(void)state;
	static const struct row rows[] = {
		{"2024-01-01", NODE_STR, "2024-01-01 00:00:00 +0000 UTC"},
		{"2024-1-2", NODE_STR, "2024-01-02 00:00:00 +0000 UTC"},
		{"2024-02-29", NODE_STR, "2024-02-29 00:00:00 +0000 UTC"},
		{"2024-01-01T00:00:00Z", NODE_STR, "2024-01-01 00:00:00 +0000 UTC"},
		{"2024-01-01t1:2:3.50Z", NODE_STR, "2024-01-01 01:02:03.5 +0000 UTC"},
		{"2024-01-01 01:02:03", NODE_STR, "2024-01-01 01:02:03 +0000 UTC"},
		{"2024-01-01 01:02:03.123456789123", NODE_STR,
			"2024-01-01 01:02:03.123456789 +0000 UTC"},
		{"2024-01-01T01:02:03+02:00", NODE_STR, "2024-01-01 01:02:03 +0200 +0200"},
		{"2024-01-01T01:02:03-00:30", NODE_STR, "2024-01-01 01:02:03 -0030 -0030"},
	};
	static const char *const texts[] = {"2024-13-01", "2023-02-29", "2024-00-01", "2024-01-32",
		"2024-01", "2024-01-", "2024-01-01T00:00:00", "2024-01-01 24:00:00",
		"2024-01-01 00:60:00", "2024-01-01x", "2024-01-01 00:00:00Z",
		"2024-01-01T00:00:00+2:00", "20240-01-01", "202-01-01", "2024-01-01 00:00",
		"2024-01-01 00:00:00."};

	CHECK(rows);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(tree(rows[i].text)->flags, NODE_TIME);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct node *n = tree(arena_printf(ctx.mem, "- %s\n", texts[i]))->u.item[0];
		if (n->type != NODE_STR || n->flags != 0)
			fail_msg("%s is taken for a timestamp or number", texts[i]);
		assert_string_equal(node_canonical(ctx.mem, n), texts[i]);
	}
	assert_int_equal(tree("'2024-01-01'")->flags, NODE_QUOTED);
	assert_string_equal(node_canonical(ctx.mem, tree("'2024-01-01'")), "2024-01-01");
}

static void
test_quoted_are_strings(void **state) {
	(void)state;
	static const char *const texts[] = {
		"'010'", "\"010\"", "!!str 010", "|-\n  010", ">-\n  010", "! 010"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct node *n = tree(arena_printf(ctx.mem, "a: %s\n", texts[i]))->u.member[0].val;
		assert_int_equal(n->type, NODE_STR);
		assert_int_equal(n->flags, NODE_QUOTED);
		assert_string_equal(node_canonical(ctx.mem, n), "010");
	}
}

static void
test_tags(void **state) {
	(void)state;
	assert_string_equal(
		json(tree("[!!int '10', !!float 1, !!bool 'true', !!null '', !!str true]")),
		"[10,1,true,null,\"true\"]");
	assert_int_equal(tree("!!float 1")->type, NODE_FLOAT);
	assert_int_equal(tree("!!timestamp '2024-01-01'")->flags, NODE_TIME);
	assert_string_equal(
		json(tree("[!foo bar, !foo 010, !foo {a: 1}]")), "[\"bar\",\"010\",{\"a\":1}]");
	assert_int_equal(tree("!override 010")->type, NODE_INT);
	assert_int_equal(tree("!override 010")->flags, NODE_OVERRIDE);
	assert_int_equal(tree("!reset '1'")->flags, NODE_RESET | NODE_QUOTED);
	assert_int_equal(tree("!reset {a: 1}")->flags, NODE_RESET);
	assert_int_equal(tree("!override [a]")->flags, NODE_OVERRIDE);
	assert_said("a: !!int foo\n", "1:10", "bad-tag");
	assert_said("a: !!binary aGk=\n", "1:13", "bad-tag");
}

static void
test_readers(void **state) {
	(void)state;
	int64_t i = 5;

	assert_true(node_to_int(tree("0x10"), &i));
	assert_int_equal(i, 16);
	assert_true(node_to_int(tree("'12'"), &i));
	assert_int_equal(i, 12);
	assert_true(node_to_int(tree("-9223372036854775808"), &i));
	assert_true(i == INT64_MIN);
	i = 5;
	assert_false(node_to_int(tree("9223372036854775808"), &i));
	assert_false(node_to_int(tree("'0x10'"), &i));
	assert_false(node_to_int(tree("1.0"), &i));
	assert_false(node_to_int(tree("[1]"), &i));
	assert_false(node_to_int(NULL, &i));
	assert_int_equal(i, 5);
	assert_true(node_is_true(tree("True")));
	assert_true(node_is_true(tree("'true'")));
	assert_true(node_is_true(tree("yes")));
	assert_false(node_is_true(tree("false")));
	assert_false(node_is_true(tree("1")));
	assert_false(node_is_true(tree("[true]")));
	assert_false(node_is_true(NULL));
	assert_string_equal(node_canonical(ctx.mem, tree("[a]")), "");
	assert_string_equal(node_canonical(ctx.mem, NULL), "");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		tree_test(test_words),
		tree_test(test_integers),
		tree_test(test_floats),
		tree_test(test_long_numbers),
		tree_test(test_timestamps),
		tree_test(test_quoted_are_strings),
		tree_test(test_tags),
		tree_test(test_readers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
