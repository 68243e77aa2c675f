/* test_node.c - making, growing, finding, removing, copying and comparing nodes. */
#include "tree.h"

static const struct pos nowhere;

/* Key number I. */
static char *
key(int i) {
	return arena_printf(ctx.mem, "key-%d", i);
}

/* A map of N members, each its number. */
static struct node *
numbers(int n) {
	struct node *map = node_new(ctx.mem, NODE_MAP, nowhere);

	for (int i = 0; i < n; i++)
		node_add(ctx.mem, map, key(i), nowhere, node_int(ctx.mem, i, nowhere));
	return map;
}

static void
test_makes(void **state) {
	(void)state;
	struct pos at = {.line = 3, .col = 4, .src = 1, .len = 5};

	assert_place(node_new(ctx.mem, NODE_NULL, at)->at, 3, 4, 5);
	assert_string_equal(node_text(node_new(ctx.mem, NODE_NULL, at)), "");
	assert_string_equal(node_text(node_str(ctx.mem, "x", at)), "x");
	assert_string_equal(node_text(node_bool(ctx.mem, false, at)), "false");
	assert_string_equal(node_text(node_int(ctx.mem, INT64_MIN, at)), "-9223372036854775808");
	assert_string_equal(node_text(node_new(ctx.mem, NODE_LIST, at)), "");
	assert_string_equal(node_text(NULL), "");
}

static void
test_word_keeps_spans(void **state) {
	(void)state;
	static const struct ref ref = {.from = REF_ENVIRON, .name = "N"};
	static const struct span span = {.off = 1, .len = 2, .ref = &ref};
	struct word w = {.s = "abcd", .at = {.line = 9}, .span = &span, .nspan = 1};
	struct node *n = node_from_word(ctx.mem, w);
	struct word back = node_word(n);

	assert_string_equal(back.s, "abcd");
	assert_int_equal(back.nspan, 1);
	assert_ptr_equal(back.span, &span);
	assert_int_equal(back.at.line, 9);
	assert_string_equal(node_word(NULL).s, "");
	assert_int_equal(node_word(numbers(2)).nspan, 0);
}

static void
test_list_grows(void **state) {
	(void)state;
	struct node *list = node_new(ctx.mem, NODE_LIST, nowhere);

	for (int i = 0; i < 1000; i++) {
		node_append(ctx.mem, list, node_int(ctx.mem, i, nowhere));
		arena_strdup(ctx.mem, "something in the way");
	}
	assert_int_equal(list->n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_string_equal(node_text(list->u.item[i]), arena_printf(ctx.mem, "%d", i));
}

static void
test_finds_in_maps_of_all_sizes(void **state) {
	(void)state;
	static const int sizes[] = {0, 1, 2, 15, 16, 17, 18, 33, 100, 5000};

	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		struct node *map = numbers(sizes[s]);
		assert_null(node_find(map, "key"));
		assert_null(node_find(map, ""));
		assert_null(node_find(map, key(sizes[s])));
		for (int i = 0; i < sizes[s]; i++) {
			struct member *m = node_member(map, key(i));
			assert_ptr_equal(m, &map->u.member[i]);
			assert_string_equal(node_text(m->val), arena_printf(ctx.mem, "%d", i));
		}
	}
	assert_null(node_find(NULL, "x"));
	assert_null(node_find(node_str(ctx.mem, "x", nowhere), "x"));
}

static void
test_set_replaces_in_place(void **state) {
	(void)state;
	struct pos at = {.line = 7};

	for (int n = 3; n < 60; n += 28) {
		struct node *map = numbers(n);
		node_set(ctx.mem, map, "key-1", at, node_str(ctx.mem, "new", nowhere));
		assert_int_equal(map->n, n);
		assert_string_equal(node_text(map->u.member[1].val), "new");
		assert_int_equal(map->u.member[1].at.line, 7);
		node_set(ctx.mem, map, "other", at, node_str(ctx.mem, "x", nowhere));
		assert_int_equal(map->n, n + 1);
		assert_string_equal(map->u.member[n].key, "other");
	}
}

static void
test_unset_keeps_order_and_index(void **state) {
	(void)state;
	enum { N = 300 };
	struct node *map = numbers(N);

	node_unset(map, "absent");
	for (int i = 0; i < N; i += 3)
		node_unset(map, key(i));
	for (int i = 0; i < N; i++)
		assert_int_equal(node_find(map, key(i)) != NULL, i % 3 != 0);
	for (size_t i = 1; i < map->n; i++)
		assert_true(atoi(map->u.member[i - 1].key + 4) < atoi(map->u.member[i].key + 4));
	/* Removing and adding again and again must not fill the index with what is gone. */
	for (int i = 0; i < 5000; i++) {
		node_add(ctx.mem, map, "again", nowhere, node_int(ctx.mem, i, nowhere));
		assert_string_equal(
			node_text(node_find(map, "again")), arena_printf(ctx.mem, "%d", i));
		node_unset(map, "again");
		assert_null(node_find(map, "again"));
	}
	for (int i = 0; i < N; i++)
		node_unset(map, key(i));
	assert_int_equal(map->n, 0);
	node_add(ctx.mem, map, "a", nowhere, node_int(ctx.mem, 1, nowhere));
	assert_non_null(node_find(map, "a"));
}

static void
test_at_goes_down(void **state) {
	(void)state;
	struct node *n = tree("State: {Health: {Status: healthy}, List: [1]}");

	assert_string_equal(node_text(node_at(n, "State", "Health", "Status", NULL)), "healthy");
	assert_null(node_at(n, "State", "Nothing", "Status", NULL));
	assert_null(node_at(n, "State", "List", "Status", NULL));
	assert_null(node_at(NULL, "State", NULL));
}

static void
test_copy_is_deep(void **state) {
	(void)state;
	struct node *n = tree("a: !override [1, {b: 010}]\nc: !reset\n"),
		    *copy = node_copy(ctx.mem, n);
	struct node *large = numbers(40), *large_copy = node_copy(ctx.mem, large);

	assert_string_equal(json(copy), json(n));
	assert_int_equal(node_find(copy, "a")->flags, NODE_OVERRIDE);
	assert_true(node_find(copy, "c")->flags & NODE_RESET);
	assert_place(copy->u.member[1].at, 2, 1, 1);
	node_set(ctx.mem, node_find(copy, "a")->u.item[1], "b", nowhere,
		node_int(ctx.mem, 9, nowhere));
	assert_string_equal(json(n), "{\"a\":[1,{\"b\":8}],\"c\":null}");
	node_unset(large, "key-20");
	assert_non_null(node_find(large_copy, "key-20"));
	assert_non_null(node_find(large_copy, "key-39"));
	node_append(ctx.mem, node_find(copy, "a"), node_int(ctx.mem, 3, nowhere));
	assert_string_equal(json(node_find(copy, "a")), "[1,{\"b\":9},3]");
}

/* Do the two texts read as the same tree? */
static bool
same(const char *a, const char *b) {
	return node_same(tree(a), tree(b));
}

static void
test_same(void **state) {
	(void)state;
	assert_true(same("{a: 1, b: [x, y]}", "b:\n- x\n- 'y'\na: 1\n"));
	assert_true(same("010", "8"));
	assert_true(same("1.10", "1.1"));
	assert_true(same("-0", "0"));
	assert_true(same("True", "true"));
	assert_true(same("~", "null"));
	assert_false(same("8", "'8'"));
	assert_false(same("8", "-8"));
	assert_false(same("1.1", "1.2"));
	assert_false(same("a", "b"));
	assert_false(same("true", "false"));
	assert_false(same("2024-01-01", "'2024-01-01'"));
	assert_false(same("[a, b]", "[b, a]"));
	assert_false(same("[a]", "[a, b]"));
	assert_false(same("{a: 1}", "{b: 1}"));
	assert_false(same("{a: 1}", "{a: 1, b: 1}"));
	assert_false(same("[]", "{}"));
	assert_true(node_same(NULL, NULL));
	assert_false(node_same(NULL, tree("x")));
}

static void
test_type_names(void **state) {
	(void)state;
	assert_string_equal(node_type_name(NULL), "nothing");
	assert_string_equal(node_type_name(tree("~")), "null");
	assert_string_equal(node_type_name(tree("1.5")), "number");
	assert_string_equal(node_type_name(tree("x")), "string");
	assert_string_equal(node_type_name(tree("2024-01-01")), "timestamp");
	assert_string_equal(node_type_name(tree("[]")), "list");
	assert_string_equal(node_type_name(tree("{}")), "mapping");
	assert_false(node_is_scalar(NULL));
	assert_true(node_is_scalar(tree("~")));
	assert_false(node_is_scalar(tree("[]")));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		tree_test(test_makes),
		tree_test(test_word_keeps_spans),
		tree_test(test_list_grows),
		tree_test(test_finds_in_maps_of_all_sizes),
		tree_test(test_set_replaces_in_place),
		tree_test(test_unset_keeps_order_and_index),
		tree_test(test_at_goes_down),
		tree_test(test_copy_is_deep),
		tree_test(test_same),
		tree_test(test_type_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
