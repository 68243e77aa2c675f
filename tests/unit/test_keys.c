/* test_keys.c - holding a tree against rows: unknown keys, standings, nulls, names, what is
 * missing. */
#include "canon.h"

static const struct key inner_rows[] = {{.name = "build", .shape = SHAPE_STRING},
	{.name = "command", .shape = SHAPE_COMMAND}, {.name = "develop", .shape = SHAPE_ANY},
	{.name = "image", .shape = SHAPE_STRING}, {.name = "mem_limit", .shape = SHAPE_SIZE},
	{.name = "noted",
		.shape = SHAPE_INT,
		.standing = KEY_NOTED,
		.note = "does nothing here",
		.usual = "7"},
	{.name = "refused", .shape = SHAPE_INT, .standing = KEY_REFUSED, .note = "cannot be done"},
	{.name = "silent", .shape = SHAPE_INT, .standing = KEY_SILENT}};
static const struct schema inner = {
	.what = "a thing", .key = inner_rows, .n = countof(inner_rows), .need = "image build"};
static const struct key plain_rows[] = {{.name = "may", .shape = SHAPE_STRING, .null_ok = true},
	{.name = "must", .shape = SHAPE_STRING, .required = true}};
static const struct schema plain = {
	.what = "a plain one", .key = plain_rows, .n = countof(plain_rows)};
static const struct schema loose = {.what = "a loose one", .key = plain_rows, .n = 1};
static const struct key outer_rows[] = {{.name = "any", .shape = SHAPE_ANY},
	{.name = "list", .shape = SHAPE_LIST, .sub = &plain},
	{.name = "one", .shape = SHAPE_MAP, .sub = &plain},
	{.name = "things", .shape = SHAPE_NAMED, .sub = &inner},
	{.name = "volumes", .shape = SHAPE_NAMED, .sub = &loose}};
static const struct schema outer = {
	.what = "the file", .key = outer_rows, .n = countof(outer_rows)};

static void
finding(void **state) {
	(void)state;
	assert_ptr_equal(schema_find(&outer, "one"), &outer_rows[2]);
	assert_null(schema_find(&outer, "on"));
	assert_null(schema_find(&outer, ""));
	assert_non_null(schema_find(&schema_service, "image"));
}

static void
unknown(void **state) {
	(void)state;
	assert_string_equal(canon_of("things: {a: {image: x, mem_limt: 1}}", &outer), "");
	assert_said("1:24: error: unknown key 'mem_limt' in a thing, did you mean 'mem_limit'? "
		    "[unknown-key]\n");
	assert_string_equal(canon_of("entrypoint: x", &outer), "");
	assert_said("1:1: error: unknown key 'entrypoint' in the file [unknown-key]\n"
		    "1:1: note: 'entrypoint' is a key of a service\n");
	assert_string_equal(canon_of("x-foo: 1\nthings: {a: {image: x, x-y: [1]}}", &outer),
		"{\"x-foo\":1,\"things\":{\"a\":{\"image\":\"x\",\"x-y\":[1]}}}");
	/* names are the user's own: x- is no extension there */
	assert_string_equal(canon_of("things: {x-a: 1}", &outer), "");
	assert_error("1:15", "wrong-type");
}

static void
standings(void **state) {
	(void)state;
	assert_string_equal(canon_of("things: {a: {image: x, silent: 1}}", &outer),
		"{\"things\":{\"a\":{\"image\":\"x\",\"silent\":1}}}");
	assert_said("");
	assert_string_not_equal(canon_of("things: {a: {image: x, noted: 1}}", &outer), "");
	assert_said("1:24: warning: 'noted': does nothing here [noted-key]\n");
	/* whoever plans says so */
	assert_string_equal(canon_of("things: {a: {image: x, refused: 1}}", &outer),
		"{\"things\":{\"a\":{\"image\":\"x\",\"refused\":1}}}");
	assert_said("");
	/* what asks for nothing needs no note */
	assert_string_not_equal(canon_of("things: {a: {image: x, noted: 7}}", &outer), "");
	assert_said("");
	assert_string_equal(canon_of("things: {a: {image: x, develop: {}}}", &outer),
		"{\"things\":{\"a\":{\"image\":\"x\",\"develop\":{}}}}");
	assert_said("");
}

static void
nulls(void **state) {
	(void)state;
	assert_string_equal(
		canon_of("things: {a: {image: x, command: }}\nany: \nvolumes: {v: }", &outer),
		"{\"things\":{\"a\":{\"image\":\"x\",\"command\":null}},\"any\":null,\"volumes\":{"
		"\"v\":{}}}");
	assert_string_equal(canon_of("things: {a: {image: x, build: }}", &outer), "");
	assert_said("1:24: error: 'build' has no value: give it one, or leave the key out "
		    "[wrong-type]\n");
	assert_string_equal(
		canon_of("one: {may: , must: x}", &outer), "{\"one\":{\"must\":\"x\"}}");
	assert_string_equal(canon_of("things: {a: }", &outer), "");
	assert_said("1:10: error: 'a' is a thing: it wants a mapping, not null [wrong-type]\n");
}

static void
missing(void **state) {
	(void)state;
	assert_string_equal(canon_of("things: {a: {}}", &outer), "");
	assert_said("1:10: error: a thing wants 'image' or 'build' [missing-key]\n");
	assert_string_equal(canon_of("things: {a: {image: \"\"}}", &outer), "");
	assert_error("1:21", "missing-key");
	assert_string_equal(canon_of("one: {may: x}", &outer), "");
	assert_said("1:1: error: a plain one wants the key 'must' [missing-key]\n");
	assert_string_equal(canon_of("list: [{must: a}, {may: x}]", &outer), "");
	assert_said("1:19: error: a plain one wants the key 'must' [missing-key]\n");
}

/* A file that is to be merged may lack what another one gives, but not inside of lists. */
static void
partial(void **state) {
	struct canon half = canon;

	(void)state;
	half.partial = true;
	assert_true(keys_canon(&ctx, tree_of("things: {a: {}}\none: {}"), &outer, &half));
	assert_false(keys_canon(&ctx, tree_of("list: [{}]"), &outer, &half));
}

static void
shapes(void **state) {
	static const char *const wrong[][3] = {{"things: []", "1:9", "wrong-type"},
		{"one: x", "1:6", "wrong-type"}, {"list: {}", "1:7", "wrong-type"},
		{"list: [x]", "1:8", "wrong-type"}, {"volumes: {\"a b\": {}}", "1:11", "bad-name"},
		{"volumes: {\"\": {}}", "1:11", "bad-name"}, {"[a]", "1:1", "wrong-type"},
		{"x", "1:1", "wrong-type"}};

	(void)state;
	for (size_t i = 0; i < countof(wrong); i++) {
		assert_string_equal(canon_of(wrong[i][0], &outer), "");
		assert_error(wrong[i][1], wrong[i][2]);
	}
}

/* What is tagged !reset is left alone, whatever stands there. */
static void
resets(void **state) {
	struct node *tree = tree_of(
		"things: {a: {image: x, mem_limit: !reset half, develop: !reset }, b: !reset 1}");

	(void)state;
	assert_true(keys_canon(&ctx, tree, &outer, &canon));
	assert_true(node_at(tree, "things", "a", "mem_limit", NULL)->flags & NODE_RESET);
	assert_said("");
}

/* All problems of a tree are told at once. */
static void
all_at_once(void **state) {
	(void)state;
	assert_string_equal(
		canon_of("things: {a: {mem_limit: x, foo: 1}, b: {image: 1}}\none: []", &outer),
		"");
	assert_int_equal(diag_errors(&ctx), 5);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finding, begin, end),
		cmocka_unit_test_setup_teardown(unknown, begin, end),
		cmocka_unit_test_setup_teardown(standings, begin, end),
		cmocka_unit_test_setup_teardown(nulls, begin, end),
		cmocka_unit_test_setup_teardown(missing, begin, end),
		cmocka_unit_test_setup_teardown(partial, begin, end),
		cmocka_unit_test_setup_teardown(shapes, begin, end),
		cmocka_unit_test_setup_teardown(resets, begin, end),
		cmocka_unit_test_setup_teardown(all_at_once, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
