/* test_yaml.c - YAML to trees: places, documents, anchors, merge keys, limits. */
#include "tree.h"

static void
test_documents(void **state) {
	(void)state;
	struct node *docs;

	assert_string_equal(json(read_bytes("", 0)), "[null]");
	assert_string_equal(json(read_bytes("# only\n\n", 8)), "[null]");
	docs = read_bytes("a: 1\n---\n- x\n---\n---\nz\n", 23);
	assert_string_equal(json(docs), "[{\"a\":1},[\"x\"],null,\"z\"]");
	assert_int_equal(docs->u.item[1]->at.line, 3);
	assert_string_equal(json(tree("\xef\xbb\xbf"
				      "a: b")),
		"{\"a\":\"b\"}");
	assert_place(tree("\xef\xbb\xbf"
			  "a: b")
			     ->u.member[0]
			     .at,
		1, 1, 1);
	assert_string_equal(json(tree("a: b\r\nc: d\r\n")), "{\"a\":\"b\",\"c\":\"d\"}");
}

static void
test_places(void **state) {
	(void)state;
	struct node *n = tree("services:\n"
			      "  web: # here\n"
			      "    image: \"nginx\"\n"
			      "    caf\xc3\xa9: gr\xc3\xbc\xc3\x9f dich\n"
			      "    list: [one, 'two']\n"
			      "    text: |\n"
			      "      some\n"
			      "      lines\n"
			      "    more: one\n"
			      "      two\n"
			      "    none:\n");
	struct node *web = node_at(n, "services", "web", NULL);
	struct member *m = web->u.member;

	assert_place(n->at, 1, 1, 1);
	assert_place(n->u.member[0].at, 1, 1, 8);
	assert_place(web->at, 3, 5, 1);
	assert_place(m[0].at, 3, 5, 5);
	assert_place(m[0].val->at, 3, 12, 7);
	assert_place(m[1].at, 4, 5, 4);
	assert_place(m[1].val->at, 4, 11, 9);
	assert_place(m[2].val->at, 5, 11, 1);
	assert_place(m[2].val->u.item[1]->at, 5, 17, 5);
	assert_place(m[3].val->at, 6, 11, 1);
	assert_place(m[4].val->at, 9, 11, 3);
	assert_int_equal(m[5].val->at.line, 11);
	assert_int_equal(m[0].val->at.src, n->at.src);
	assert_int_not_equal(n->at.src, 0);
}

static void
test_places_behind_anchors_and_tags(void **state) {
	(void)state;
	struct node *n = tree("a: &x one\n"
			      "b: !override\n"
			      "  # a comment\n"
			      "  &y\n"
			      "  c: d\n"
			      "e: !!str &z 'f'\n"
			      "&k g: [&l h, !reset &m ]\n");

	assert_place(node_find(n, "a")->at, 1, 7, 3);
	assert_place(node_find(n, "b")->at, 5, 3, 1);
	assert_place(node_find(n, "e")->at, 6, 13, 3);
	assert_place(node_member(n, "g")->at, 7, 4, 1);
	assert_place(node_find(n, "g")->u.item[0]->at, 7, 11, 1);
	assert_int_equal(node_find(n, "g")->u.item[1]->type, NODE_NULL);
}

static void
test_places_with_odd_line_breaks(void **state) {
	(void)state;
	/* libyaml counts U+0085, U+2028 and a lone CR as ends of lines; diagnostics do not. */
	struct node *n = tree("a: '\xc2\x85\xe2\x80\xa8x'\nb: c\n");

	assert_place(n->u.member[1].at, 2, 1, 1);
	assert_place(n->u.member[1].val->at, 2, 4, 1);
	n = tree("a: b\rc: d\ne: f\n");
	assert_place(node_member(n, "c")->at, 1, 6, 1);
	assert_place(node_member(n, "e")->at, 2, 1, 1);
}

static void
test_long_scalar_length_is_capped(void **state) {
	(void)state;
	size_t n = 70000;
	char *text = arena_alloc(ctx.mem, n + 1);

	memset(text, 'x', n);
	assert_int_equal(tree(text)->at.len, UINT16_MAX);
}

static void
test_aliases_are_copies(void **state) {
	(void)state;
	struct node *n =
		tree("a: &a {x: 1, y: &y [2]}\nb: *a\nc: [*y, *y]\nd: &d s\ne: *d\n*d : f\n");

	assert_string_equal(json(n), "{\"a\":{\"x\":1,\"y\":[2]},\"b\":{\"x\":1,\"y\":[2]},\"c\":[["
				     "2],[2]],\"d\":\"s\",\"e\":\"s\",\"s\":\"f\"}");
	node_unset(node_find(n, "b"), "x");
	assert_non_null(node_at(n, "a", "x", NULL));
	assert_ptr_not_equal(node_find(n, "d"), node_find(n, "e"));
	assert_place(node_at(n, "b", "y", NULL)->at, 1, 20, 1);
	assert_string_equal(json(tree("- &a 1\n- *a\n- &a 2\n- *a\n")), "[1,1,2,2]");
	assert_string_equal(json(tree("&a [&a 1, *a]\n")), "[1,1]");
	assert_string_equal(json(read_bytes("a: &a 1\n---\nb: *a\n", 18)), "[{\"a\":1},{\"b\":1}]");
}

static void
test_alias_errors(void **state) {
	(void)state;
	assert_said("a: *nope\n", "1:4", "unknown-alias");
	assert_said("a: &a\n  b: *a\n", "2:6", "alias-loop");
	assert_non_null(strstr(said_of("a: &a\n  b: *a\n", 14), "1:4: note:"));
	assert_string_equal(said_of("<<: *nope\n", 10),
		"1:5: error: no anchor '&nope' stands before this alias [unknown-alias]\n");
	assert_string_equal(said_of("*no : a\n", 8),
		"1:1: error: no anchor '&no' stands before this alias [unknown-alias]\n");
	assert_said("- &l [x]\n- *l : y\n", "1:6", "bad-key");
}

/* Nine lists of nine aliases each. */
static void
test_alias_bomb(void **state) {
	(void)state;
	struct buf b = {0};
	const char *said;

	buf_adds(&b, "a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 9; i++) {
		buf_printf(&b, "a%d: &a%d [", i, i);
		for (int j = 0; j < 9; j++)
			buf_printf(&b, "*a%d,", i - 1);
		buf_adds(&b, "]\n");
	}
	said = said_of(buf_str(&b), b.n);
	assert_non_null(strstr(said, "[alias-bomb]"));
	assert_non_null(strstr(said, "'*a4'"));
	assert_non_null(strstr(said, "5:5: note: the anchor stands here"));
	buf_free(&b);
}

static void
test_merge_bomb(void **state) {
	(void)state;
	struct buf b = {0};

	buf_adds(&b, "a0: &a0 {k: v}\n");
	for (int i = 1; i < 25; i++)
		buf_printf(&b, "a%d: &a%d {<<: [*a%d, *a%d], k%d: v}\n", i, i, i - 1, i - 1, i);
	assert_non_null(strstr(said_of(buf_str(&b), b.n), "[alias-bomb]"));
	buf_free(&b);
}

static void
test_many_honest_aliases(void **state) {
	(void)state;
	struct buf b = {0};

	buf_adds(&b, "x: &x {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8}\nservices:\n");
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "  s%d:\n    <<: *x\n    image: y\n    z: w\n", i);
	assert_non_null(read_bytes(buf_str(&b), b.n));
	buf_free(&b);
}

static void
test_merge_keys(void **state) {
	(void)state;
	assert_string_equal(json(tree("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n  z: 4\n")),
		"{\"a\":{\"x\":1,\"y\":2},\"b\":{\"x\":1,\"y\":3,\"z\":4}}");
	assert_string_equal(
		json(tree("- &a {x: 1, y: 1}\n- &b {y: 2, z: 2}\n- {w: 0, <<: [*a, *b], v: 0}\n")
				->u.item[2]),
		"{\"w\":0,\"x\":1,\"y\":1,\"z\":2,\"v\":0}");
	assert_string_equal(json(tree("<<: {a: 1}\nb: 2\n")), "{\"a\":1,\"b\":2}");
	assert_string_equal(json(tree("<<: []\nb: 2\n")), "{\"b\":2}");
	assert_string_equal(json(tree("'<<': x\n")), "{\"<<\":\"x\"}");
	/* Anchored mappings carry what was merged into them; lists are not merged. */
	assert_string_equal(
		json(tree("- &a {x: [1]}\n- &b {<<: *a, y: 2}\n- {<<: *b, x: [3]}\n")->u.item[2]),
		"{\"y\":2,\"x\":[3]}");
	assert_int_equal(node_find(tree("<<: {a: !reset null}\n"), "a")->flags, NODE_RESET);
}

static void
test_merge_large_maps(void **state) {
	(void)state;
	struct buf b = {0};
	struct node *n;

	buf_adds(&b, "a: &a\n");
	for (int i = 0; i < 50; i++)
		buf_printf(&b, "  k%d: %d\n", i, i);
	buf_adds(&b, "b:\n  <<: *a\n  k30: x\n  new: y\n");
	n = node_find(tree(buf_str(&b)), "b");
	assert_int_equal(n->n, 51);
	assert_string_equal(node_text(node_find(n, "k30")), "x");
	assert_string_equal(node_text(node_find(n, "k49")), "49");
	assert_string_equal(node_text(node_find(n, "new")), "y");
	buf_free(&b);
}

static void
test_merge_errors(void **state) {
	(void)state;
	assert_said("<<: x\n", "1:5", "bad-merge");
	assert_said("<<:\n", "1:4", "bad-merge");
	assert_said("<<: [{a: 1}, 2]\n", "1:14", "bad-merge");
	assert_said("a: &a {x: 1}\nb: {<<: *a, <<: *a}\n", "2:13", "duplicate-key");
}

static void
test_duplicate_keys(void **state) {
	(void)state;
	struct buf b = {0};
	const char *said = said_of("a:\n  x: 1\n  y: 2\n  x: 3\n  'y': 4\n", 33);

	assert_string_equal(said, "4:3: error: key 'x' is already given [duplicate-key]\n"
				  "2:3: note: it was given here first\n"
				  "5:3: error: key 'y' is already given [duplicate-key]\n"
				  "3:3: note: it was given here first\n");
	for (int i = 0; i < 5000; i++)
		buf_printf(&b, "k%d: v\n", i);
	assert_int_equal(tree(buf_str(&b))->n, 5000);
	buf_adds(&b, "k77: v\n");
	assert_said(buf_str(&b), "5001:1", "duplicate-key");
	buf_free(&b);
}

static void
test_errors_are_bounded(void **state) {
	(void)state;
	struct buf b = {0};

	for (int i = 0; i < 5000; i++)
		buf_adds(&b, "a: b\n");
	assert_null(read_bytes(buf_str(&b), b.n));
	assert_true(diag_errors(&ctx) <= 100);
	buf_free(&b);
}

static void
test_bad_keys(void **state) {
	(void)state;
	static const char *const texts[] = {"1: a\n", "null: a\n", "~: a\n", "true: a\n",
		"1.5: a\n", "2024-01-01: a\n", "[a]: b\n", "{a: b}: c\n", "? {a: b}\n: c\n",
		"!!int '1': a\n"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (strstr(said_of(texts[i], strlen(texts[i])), "[bad-key]") == NULL)
			fail_msg("%s", texts[i]);
	assert_null(strstr(said_of("1: a\n2: b\n[x]: c\n", 17), "duplicate"));
	assert_string_equal(json(tree("yes: a\n'1': b\n\"null\": c\n!!str 2: d\n")),
		"{\"yes\":\"a\",\"1\":\"b\",\"null\":\"c\",\"2\":\"d\"}");
	assert_said("a: {{x}}\n", "1:5", "bad-key");
}

/* Read with limits of its own; was it refused with CODE? */
static bool
is_refused(const char *text, struct yaml_limits limits, const char *code) {
	char *all = NULL;
	size_t n = 0;
	bool has_code;
	FILE *f = open_memstream(&all, &n);
	struct node *docs = yaml_read(&ctx, diag_source(&ctx, "f", text, strlen(text)), limits);

	diags_print(&ctx, f, DIAG_TEXT, false);
	fclose(f);
	has_code = strstr(all, code) != NULL;
	free(all);
	return docs == NULL && has_code;
}

static void
test_depth_limit(void **state) {
	(void)state;
	struct yaml_limits three = {.depth = 3};
	char text[100001];

	assert_non_null(read_bytes("[[[[x]]]]", 9));
	assert_false(is_refused("[[[x]]]", three, "too-deep"));
	assert_true(is_refused("[[[[x]]]]", three, "too-deep"));
	assert_true(is_refused("a: &a [[x]]\nb: [*a]\n", three, "too-deep"));
	assert_false(is_refused("a: &a [x]\nb: [*a]\n", three, "too-deep"));
	memset(text, '[', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_said(text, "1:101", "too-deep");
	memset(text, ' ', sizeof(text) - 1);
	for (size_t i = 0; i < sizeof(text) - 1; i += 2)
		text[i] = '-';
	assert_said(text, "1:201", "too-deep");
}

static void
test_node_limit(void **state) {
	(void)state;
	assert_false(is_refused("[a, b, c, d]", (struct yaml_limits){.nodes = 5}, "too-large"));
	assert_true(is_refused("[a, b, c, d, e]", (struct yaml_limits){.nodes = 5}, "too-large"));
	assert_true(is_refused(
		"[&a [x, x], *a, *a, *a]", (struct yaml_limits){.nodes = 9}, "alias-bomb"));
}

static void
test_equal_texts_stay_apart_from_others(void **state) {
	(void)state;
	struct buf b = {0};
	struct node *n;

	/* Many short texts, so that slots of the cache are used again. */
	for (int i = 0; i < 4000; i++)
		buf_printf(&b, "- t%d\n", (i * 31) % 2000);
	n = tree(buf_str(&b));
	for (int i = 0; i < 4000; i++)
		assert_string_equal(
			node_text(n->u.item[i]), arena_printf(ctx.mem, "t%d", (i * 31) % 2000));
	buf_free(&b);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		tree_test(test_documents),
		tree_test(test_places),
		tree_test(test_places_behind_anchors_and_tags),
		tree_test(test_places_with_odd_line_breaks),
		tree_test(test_long_scalar_length_is_capped),
		tree_test(test_aliases_are_copies),
		tree_test(test_alias_errors),
		tree_test(test_alias_bomb),
		tree_test(test_merge_bomb),
		tree_test(test_many_honest_aliases),
		tree_test(test_merge_keys),
		tree_test(test_merge_large_maps),
		tree_test(test_merge_errors),
		tree_test(test_duplicate_keys),
		tree_test(test_errors_are_bounded),
		tree_test(test_bad_keys),
		tree_test(test_depth_limit),
		tree_test(test_node_limit),
		tree_test(test_equal_texts_stay_apart_from_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
