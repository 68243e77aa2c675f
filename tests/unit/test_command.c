/* test_command.c - command strings to words, as Compose splits them; places and spans of the
 * words. */
#include "canon.h"

/* The words of a string, joined by '|'; "ERROR" when it is refused. */
static const char *
words_of(const char *text) {
	struct word word = {.s = text, .at = {1, 1, 0, 0}};
	struct node *list = node_new(ctx.mem, NODE_LIST, word.at);
	struct buf out = {0};

	if (!command_split(&ctx, &word, list))
		return "ERROR";
	for (size_t i = 0; i < list->n; i++)
		buf_printf(&out, "%s%s", i > 0 ? "|" : "", node_text(list->u.item[i]));
	return list->n > 0 ? arena_take_buf(ctx.mem, &out) : "NONE";
}

static void
words(void **state) {
	static const char *const cases[][2] = {{"", "NONE"}, {"  ", "NONE"}, {"a b", "a|b"},
		{" a\tb\nc\r\n", "a|b|c"}, {"'c'd\"e\"", "cde"}, {"a \"\" b", "a||b"}, {"''", ""},
		{"\"a\\nb\"", "anb"}, {"'a\\nb'", "a\\nb"}, {"a\\ b", "a b"}, {"a\\\nb", "a\nb"},
		{"\"a\\\"b\"", "a\"b"}, {"$(x y) z", "$(x y)|z"}, {"`x y` z", "`x y`|z"},
		{"$VAR #x", "$VAR|#x"}, {"\"(a;b)\"", "(a;b)"}, {"'a \"b\" c'", "a \"b\" c"},
		{"$(a ; b)", "$(a ; b)"}, {"a$(b)c", "a$(b)c"}, {"\\;", ";"},
		{"sh -c \"a && b\"", "sh|-c|a && b"}, {"\"it's\"", "it's"}, {"'$'(x)", "$(x)"}};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(words_of(cases[i][0]), cases[i][1]);
	assert_int_equal(diag_errors(&ctx), 0);
}

static void
refused(void **state) {
	static const char *const cases[] = {
		"'a", "\"a", "a\\", "a(b)", "(a)", "a)", "$(a", "`a", "$(a (b))", "f ()"};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		assert_string_equal(words_of(cases[i]), "ERROR");
		assert_int_equal(diag_errors(&ctx), i + 1);
	}
}

static void
cut_off(void **state) {
	static const char *const cases[][2] = {{"echo a; b", "echo|a"}, {"a 2>&1", "a"},
		{"a b2>x", "a|b2"}, {"a && b", "a"}, {"a|b", "a"}, {"a 2 > x", "a|2"},
		{"; a", "NONE"}, {"a<b", "a"}};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(words_of(cases[i][0]), cases[i][1]);
	assert_int_equal(diag_errors(&ctx), 0);
}

static void
places(void **state) {
	struct node *tree = tree_of("k: echo 'a b' ü x; y\n"), *k = node_find(tree, "k");
	struct node *list = node_new(ctx.mem, NODE_LIST, k->at);
	struct word word = node_word(k);

	(void)state;
	assert_true(command_split(&ctx, &word, list));
	assert_int_equal(list->n, 4);
	assert_int_equal(list->u.item[0]->at.col, 4);
	assert_int_equal(list->u.item[1]->at.col, 9);
	assert_int_equal(list->u.item[1]->at.len, 5);
	assert_int_equal(list->u.item[3]->at.col, 17);
	assert_non_null(strstr(said(),
		"1:18: warning: no shell reads this command: ';' and what follows is dropped"));
}

static void
spans(void **state) {
	struct node *tree = tree_of("k: a ${A} b=${SECRET}\\ ${A}x '${A}' ${A}\n"),
		    *k = node_find(tree, "k");
	struct node *list = node_new(ctx.mem, NODE_LIST, k->at), *b;
	struct word word = node_word(k);

	(void)state;
	assert_true(command_split(&ctx, &word, list));
	assert_int_equal(list->n, 5);
	assert_int_equal(list->u.item[0]->n, 0);
	assert_int_equal(list->u.item[1]->n, 1);
	b = list->u.item[2];
	assert_string_equal(node_text(b), "b=s3cret aax");
	assert_int_equal(b->n, 2);
	assert_int_equal(b->u.s.span[0].off, 2);
	assert_int_equal(b->u.s.span[0].len, 6);
	assert_string_equal(b->u.s.span[0].ref->name, "SECRET");
	assert_int_equal(b->u.s.span[1].off, 9);
	assert_int_equal(list->u.item[3]->n, 1);
	assert_int_equal(list->u.item[4]->n, 1);
	assert_int_equal(list->u.item[4]->u.s.span[0].len, 2);
}

static void
shape(void **state) {
	struct key row = {.shape = SHAPE_COMMAND};

	(void)state;
	assert_string_equal(value_of("echo \"a b\"", row), "{\"k\":[\"echo\",\"a b\"]}");
	assert_string_equal(value_of("", row), "{\"k\":null}");
	assert_string_equal(value_of("\"\"", row), "{\"k\":[]}");
	assert_string_equal(value_of("[]", row), "{\"k\":[]}");
	assert_string_equal(value_of("[a, \"b c\", \"\"]", row), "{\"k\":[\"a\",\"b c\",\"\"]}");
	assert_string_equal(value_of("|\n  echo a\n  echo b\n", row),
		"{\"k\":[\"echo\",\"a\",\"echo\",\"b\"]}");
	assert_said("");
	assert_string_equal(value_of("[a, 1]", row), "");
	assert_said("1:8: error: 'k' wants a string, not a number: write it in quotes, \"1\" "
		    "[wrong-type]\n");
	assert_string_equal(value_of("5", row), "");
	assert_error("1:4", "wrong-type");
	assert_string_equal(value_of("echo \"a", row), "");
	assert_said("1:11: error: the command ends inside of \"...\" [bad-command]\n");
}

/* Time grows with the length, whatever is in the string. */
static void
long_strings(void **state) {
	struct text text = {0};
	struct ref ref = {.from = REF_ENVIRON, .name = "A"};

	(void)state;
	for (size_t i = 0; i < 100000; i++) {
		text_add(&text, "x");
		text_add_ref(&text, "v", &ref);
		text_add(&text, " ");
	}
	struct word word = text_take(ctx.mem, &text, (struct pos){1, 1, 0, 0});
	struct node *list = node_new(ctx.mem, NODE_LIST, word.at);
	assert_true(command_split(&ctx, &word, list));
	assert_int_equal(list->n, 100000);
	assert_int_equal(list->u.item[99999]->n, 1);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(words, begin, end),
		cmocka_unit_test_setup_teardown(refused, begin, end),
		cmocka_unit_test_setup_teardown(cut_off, begin, end),
		cmocka_unit_test_setup_teardown(places, begin, end),
		cmocka_unit_test_setup_teardown(spans, begin, end),
		cmocka_unit_test_setup_teardown(shape, begin, end),
		cmocka_unit_test_setup_teardown(long_strings, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
