/* test_shape_list.c - lists of texts and pairs. */
#include "canon.h"

static void
lists(void **state) {
	struct key strings = {.shape = SHAPE_STRINGS},
		   unique = {.shape = SHAPE_STRINGS, .merge = MERGE_UNIQUE},
		   texts = {.shape = SHAPE_TEXTS}, more = {.shape = SHAPE_ONE_OR_MORE},
		   paths = {.shape = SHAPE_PATHS},
		   distinct = {.shape = SHAPE_STRINGS, .distinct = true};

	(void)state;
	assert_string_equal(value_of("[a, b, a]", strings), "{\"k\":[\"a\",\"b\",\"a\"]}");
	assert_string_equal(value_of("[a, b, a]", unique), "{\"k\":[\"a\",\"b\"]}");
	assert_string_equal(value_of("[a, b]", distinct), "{\"k\":[\"a\",\"b\"]}");
	assert_string_equal(value_of("[a, b, a]", distinct), "");
	assert_said(
		"1:11: error: \"a\" stands twice in 'k' [twice]\n1:5: note: it stands here too\n");
	assert_string_equal(value_of("[80, a, 1.50]", texts), "{\"k\":[\"80\",\"a\",\"1.5\"]}");
	assert_string_equal(value_of("a", more), "{\"k\":[\"a\"]}");
	assert_string_equal(value_of("[a]", more), "{\"k\":[\"a\"]}");
	assert_string_equal(
		value_of("[a, ../b]", paths), "{\"k\":[\"/home/me/stack/a\",\"/home/me/b\"]}");
	assert_string_equal(value_of("a", strings), "");
	assert_said("1:4: error: 'k' wants a list, not a string [wrong-type]\n");
	assert_string_equal(value_of("1", more), "");
	assert_error("1:4", "wrong-type");
	assert_string_equal(value_of("[a, [b]]", texts), "");
	assert_error("1:8", "wrong-type");
}

static void
pairs(void **state) {
	struct key env = {.shape = SHAPE_PAIRS},
		   labels = {.shape = SHAPE_PAIRS, .one_of = "null-is-empty"};

	(void)state;
	assert_string_equal(value_of("{A: 010, B: \"010\", C: 1.0, D: yes, E: true, F: ~}", env),
		"{\"k\":{\"A\":\"8\",\"B\":\"010\",\"C\":\"1\",\"D\":\"yes\",\"E\":\"true\",\"F\":"
		"null}}");
	assert_string_equal(value_of("[A, \"B=1=2\", C=, A=x]", env),
		"{\"k\":{\"A\":\"x\",\"B\":\"1=2\",\"C\":\"\"}}");
	assert_string_equal(
		value_of("[a, \"b=1=2\"]", labels), "{\"k\":{\"a\":\"\",\"b\":\"1=2\"}}");
	assert_string_equal(value_of("{a: 1, b: 1.5, c: null}", labels),
		"{\"k\":{\"a\":\"1\",\"b\":\"1.5\",\"c\":\"\"}}");
	assert_said("");
	assert_string_equal(value_of("[\"=x\"]", env), "");
	assert_error("1:5", "bad-pair");
	assert_string_equal(value_of("[\"\"]", env), "");
	assert_error("1:5", "bad-pair");
	assert_string_equal(value_of("[\"A =x\"]", env), "");
	assert_error("1:5", "bad-pair");
	assert_string_equal(value_of("[1]", env), "");
	assert_error("1:5", "wrong-type");
	assert_string_equal(value_of("{A: [x]}", env), "");
	assert_said("1:8: error: 'A' in 'k' wants a text, not a list [wrong-type]\n");
	assert_string_equal(value_of("A=x", env), "");
	assert_error("1:4", "wrong-type");
}

static void
pair_places(void **state) {
	struct key row = {.name = "k", .shape = SHAPE_PAIRS};
	struct schema schema = {.what = "a test", .key = &row, .n = 1};
	struct node *tree = tree_of("k: [\"A=ü\", \"B=x${SECRET}y\"]");

	(void)state;
	assert_true(keys_canon(&ctx, tree, &schema, &canon));
	const struct member *a = node_member(node_find(tree, "k"), "A");
	const struct node *b = node_at(tree, "k", "B", NULL);
	assert_int_equal(a->at.col, 6);
	assert_int_equal(a->at.len, 1);
	assert_int_equal(a->val->at.col, 8);
	assert_string_equal(node_text(b), "xs3crety");
	assert_int_equal(b->n, 1);
	assert_int_equal(b->u.s.span[0].off, 1);
	assert_int_equal(b->u.s.span[0].len, 6);
	assert_int_equal(b->at.col, 12);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lists, begin, end),
		cmocka_unit_test_setup_teardown(pairs, begin, end),
		cmocka_unit_test_setup_teardown(pair_places, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
