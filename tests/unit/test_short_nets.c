/* test_short_nets.c - networks, depends_on, env_file, secrets, extends and build. */
#include "canon.h"

/* The canonical value of one key of this shape and rows, alone. */
static const char *
nets_of(const char *yaml, enum shape shape, const struct schema *sub) {
	const char *json = value_of(yaml, (struct key){.shape = shape, .sub = sub});
	size_t n = strlen("{\"k\":");

	return *json == '\0' ? "" : arena_strndup(ctx.mem, json + n, strlen(json + n) - 1);
}

static const struct key use_rows[] = {
	{.name = "aliases", .shape = SHAPE_STRINGS}, {.name = "priority", .shape = SHAPE_INT}};
static const struct schema use = {.what = "a use", .key = use_rows, .n = 2};
static const struct key dep_rows[] = {{.name = "condition",
					      .shape = SHAPE_CHOICE,
					      .one_of = "service_healthy service_started",
					      .required = true},
	{.name = "required", .shape = SHAPE_BOOL}, {.name = "restart", .shape = SHAPE_BOOL}};
static const struct schema dep = {.what = "a dependency", .key = dep_rows, .n = 3};
static const struct key file_rows[] = {{.name = "format", .shape = SHAPE_STRING},
	{.name = "path", .shape = SHAPE_PATH, .required = true},
	{.name = "required", .shape = SHAPE_BOOL}};
static const struct schema file = {.what = "a file of variables", .key = file_rows, .n = 3};
static const struct key grant_rows[] = {{.name = "mode", .shape = SHAPE_MODE},
	{.name = "source", .shape = SHAPE_STRING, .required = true}};
static const struct schema grant = {.what = "a secret", .key = grant_rows, .n = 2};
static const struct key extends_rows[] = {{.name = "file", .shape = SHAPE_PATH},
	{.name = "service", .shape = SHAPE_STRING, .required = true}};
static const struct schema extends = {.what = "extends", .key = extends_rows, .n = 2};
static const struct key build_rows[] = {{.name = "additional_contexts", .shape = SHAPE_PAIRS},
	{.name = "args", .shape = SHAPE_PAIRS}, {.name = "context", .shape = SHAPE_CONTEXT},
	{.name = "ssh", .shape = SHAPE_PAIRS}};
static const struct schema build = {.what = "build", .key = build_rows, .n = 4};

static void
networks(void **state) {
	(void)state;
	assert_string_equal(nets_of("[a, b]", SHAPE_NETWORKS, &use), "{\"a\":null,\"b\":null}");
	assert_string_equal(nets_of("[a, b, a]", SHAPE_NETWORKS, &use), "");
	assert_said(
		"1:11: error: \"a\" stands twice in 'k' [twice]\n1:5: note: it stands here too\n");
	assert_string_equal(nets_of("{a: , b: {}, c: {priority: \"5\"}}", SHAPE_NETWORKS, &use),
		"{\"a\":null,\"b\":{},\"c\":{\"priority\":5}}");
	assert_said("");
	assert_string_equal(nets_of("a", SHAPE_NETWORKS, &use), "");
	assert_said(
		"1:4: error: 'k' wants a list of names or a mapping, not a string [wrong-type]\n");
	assert_string_equal(nets_of("{a: 1}", SHAPE_NETWORKS, &use), "");
	assert_said("1:8: error: 'a' in 'k' wants a mapping, not 1 [wrong-type]\n");
	assert_string_equal(nets_of("[1]", SHAPE_NETWORKS, &use), "");
	assert_error("1:5", "wrong-type");
	assert_string_equal(nets_of("[\"\"]", SHAPE_NETWORKS, &use), "");
	assert_error("1:5", "bad-name");
	assert_string_equal(nets_of("{a: {aliase: []}}", SHAPE_NETWORKS, &use), "");
	assert_said("1:9: error: unknown key 'aliase' in a use, did you mean 'aliases'? "
		    "[unknown-key]\n");
}

static void
depends(void **state) {
	(void)state;
	assert_string_equal(nets_of("[db]", SHAPE_DEPENDS, &dep),
		"{\"db\":{\"condition\":\"service_started\",\"required\":true}}");
	assert_string_equal(nets_of("{db: {condition: service_healthy, restart: \"true\"}}",
				    SHAPE_DEPENDS, &dep),
		"{\"db\":{\"condition\":\"service_healthy\",\"restart\":true,\"required\":true}}");
	assert_string_equal(
		nets_of("{db: {condition: service_healthy, required: false}}", SHAPE_DEPENDS, &dep),
		"{\"db\":{\"condition\":\"service_healthy\",\"required\":false}}");
	assert_string_equal(nets_of("{db: {required: true}}", SHAPE_DEPENDS, &dep), "");
	assert_said("1:5: error: a dependency wants the key 'condition' [missing-key]\n");
	assert_string_equal(nets_of("{db: }", SHAPE_DEPENDS, &dep), "");
	assert_said("1:5: error: 'db' in 'k' wants a mapping, not null [wrong-type]\n");
	assert_string_equal(nets_of("{db: {condition: healthy}}", SHAPE_DEPENDS, &dep), "");
	assert_error("1:21", "bad-choice");
}

/* In a file that will be merged nothing is missing yet, and no default may win over an earlier
 * file. */
static void
partial(void **state) {
	struct key row = {.name = "k", .shape = SHAPE_DEPENDS, .sub = &dep};
	const struct schema schema = {.what = "a test", .key = &row, .n = 1};
	struct canon half = canon;
	struct node *tree = tree_of("k: {db: {restart: true}}");

	(void)state;
	half.partial = true;
	assert_true(keys_canon(&ctx, tree, &schema, &half));
	assert_string_equal(json_of(tree), "{\"k\":{\"db\":{\"restart\":true}}}");
}

static void
env_files(void **state) {
	(void)state;
	assert_string_equal(nets_of("a.env", SHAPE_ENV_FILE, &file),
		"[{\"path\":\"/home/me/stack/a.env\",\"required\":true}]");
	assert_string_equal(nets_of("[~/a, {path: ../b, required: false}]", SHAPE_ENV_FILE, &file),
		"[{\"path\":\"/home/me/a\",\"required\":true},{\"path\":\"/home/me/"
		"b\",\"required\":false}]");
	assert_string_equal(nets_of("[{required: true}]", SHAPE_ENV_FILE, &file), "");
	assert_error("1:5", "missing-key");
	assert_string_equal(nets_of("[1]", SHAPE_ENV_FILE, &file), "");
	assert_error("1:5", "wrong-type");
	assert_string_equal(nets_of("{path: a}", SHAPE_ENV_FILE, &file), "");
	assert_error("1:4", "wrong-type");
}

static void
grants(void **state) {
	(void)state;
	assert_string_equal(nets_of("[a, {source: b, mode: \"0440\"}]", SHAPE_GRANTS, &grant),
		"[{\"source\":\"a\"},{\"source\":\"b\",\"mode\":288}]");
	assert_string_equal(nets_of("[{mode: 0440}]", SHAPE_GRANTS, &grant), "");
	assert_error("1:5", "missing-key");
	assert_string_equal(nets_of("a", SHAPE_GRANTS, &grant), "");
	assert_error("1:4", "wrong-type");
}

static void
extending(void **state) {
	(void)state;
	assert_string_equal(nets_of("a", SHAPE_EXTENDS, &extends), "{\"service\":\"a\"}");
	assert_string_equal(nets_of("{service: a, file: f}", SHAPE_EXTENDS, &extends),
		"{\"service\":\"a\",\"file\":\"/home/me/stack/f\"}");
	assert_string_equal(nets_of("{file: f}", SHAPE_EXTENDS, &extends), "");
	assert_error("1:1", "missing-key");
}

static void
building(void **state) {
	(void)state;
	assert_string_equal(
		nets_of("./x", SHAPE_BUILD, &build), "{\"context\":\"/home/me/stack/x\"}");
	assert_string_equal(nets_of("https://a.example/b.git", SHAPE_BUILD, &build),
		"{\"context\":\"https://a.example/b.git\"}");
	assert_string_equal(nets_of("{context: ., additional_contexts: {a: ../z, b: "
				    "\"service:x\"}, ssh: [default, i=k]}",
				    SHAPE_BUILD, &build),
		"{\"context\":\"/home/me/stack\",\"additional_contexts\":{\"a\":\"/home/me/"
		"z\",\"b\":\"service:x\"},"
		"\"ssh\":{\"default\":null,\"i\":\"/home/me/stack/k\"}}");
	assert_string_equal(nets_of("{args: {A: , B: 1}}", SHAPE_BUILD, &build),
		"{\"args\":{\"A\":null,\"B\":\"1\"}}");
	assert_string_equal(nets_of("[a]", SHAPE_BUILD, &build), "");
	assert_error("1:4", "wrong-type");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(networks, begin, end),
		cmocka_unit_test_setup_teardown(depends, begin, end),
		cmocka_unit_test_setup_teardown(partial, begin, end),
		cmocka_unit_test_setup_teardown(env_files, begin, end),
		cmocka_unit_test_setup_teardown(grants, begin, end),
		cmocka_unit_test_setup_teardown(extending, begin, end),
		cmocka_unit_test_setup_teardown(building, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
