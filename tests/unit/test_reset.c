/* test_reset.c - what is tagged !reset goes, and nothing else. */
#include "spec_help.h"

#include "../../src/spec/load_int.h"

/* The one document of a text. */
static struct node *
tree(const char *text) {
	uint16_t src = diag_source(&world.ctx, "t.yaml", text, strlen(text));

	return yaml_read(&world.ctx, src, (struct yaml_limits){0})->u.item[0];
}

static void
all_that_is_tagged_goes(void **state) {
	struct node *n =
		tree("a: !reset 1\nb: {c: !reset [], d: [!reset x, y]}\ne: !override {f: g}\n");

	(void)state;
	reset_drop(&world.ctx, n, false);
	assert_true(node_same(n, tree("b: {d: [y]}\ne: {f: g}\n")));
	assert_int_equal(node_find(n, "e")->flags & NODE_OVERRIDE, 0);
	assert_int_equal(node_find(n, "b")->at.line, 2);
	assert_null(node_find(n, "a"));
}

static void
items_alone(void **state) {
	struct node *n = tree("a: !reset 1\nb: [!reset x, y, [!reset z]]\ne: !override {f: g}\n");

	(void)state;
	reset_drop(&world.ctx, n, true);
	assert_int_equal(node_find(n, "a")->flags, NODE_RESET);
	assert_int_equal(node_find(n, "e")->flags, NODE_OVERRIDE);
	assert_true(node_same(node_find(n, "b"), tree("[y, []]")));
}

static void
a_scalar_stays(void **state) {
	struct node *n = tree("x");

	(void)state;
	reset_drop(&world.ctx, n, false);
	assert_string_equal(node_text(n), "x");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(all_that_is_tagged_goes),
		world_test(items_alone),
		world_test(a_scalar_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
