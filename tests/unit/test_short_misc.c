/* test_short_misc.c - extra_hosts, ulimits, healthcheck.test, devices, gpus, external. */
#include "canon.h"

static const struct key limit_rows[] = {{.name = "hard", .shape = SHAPE_INT, .required = true},
	{.name = "soft", .shape = SHAPE_INT, .required = true}};
static const struct schema limit = {.what = "a limit", .key = limit_rows, .n = 2};
static const struct key device_rows[] = {{.name = "permissions", .shape = SHAPE_STRING},
	{.name = "source", .shape = SHAPE_STRING, .required = true},
	{.name = "target", .shape = SHAPE_STRING}};
static const struct schema device = {.what = "a device", .key = device_rows, .n = 3};
static const struct key gpu_rows[] = {
	{.name = "count", .shape = SHAPE_COUNT}, {.name = "driver", .shape = SHAPE_STRING}};
static const struct schema gpu = {.what = "a request", .key = gpu_rows, .n = 2};
static const struct key external_rows[] = {{.name = "name", .shape = SHAPE_STRING}};
static const struct schema external_sub = {.what = "external", .key = external_rows, .n = 1};

static void
hosts(void **state) {
	static const char *const wrong[][2] = {{"[h]", "1:5"}, {"[\"a:b=1.2.3.4\"]", "1:6"},
		{"[\"h:x\"]", "1:8"}, {"[\"=1.2.3.4\"]", "1:6"}, {"[\"h=\"]", "1:8"},
		{"{h: x}", "1:8"}, {"[\"a b:1.2.3.4\"]", "1:6"}};
	struct key row = {.shape = SHAPE_HOSTS};

	(void)state;
	assert_string_equal(value_of("[\"h:1.2.3.4\", \"i=host-gateway\", \"j:::1\", \"k=[::1]\", "
				     "\"h=1.2.3.4\"]",
				    row),
		"{\"k\":[\"h=1.2.3.4\",\"i=host-gateway\",\"j=::1\",\"k=::1\"]}");
	assert_string_equal(value_of("{h: 1.2.3.4, i: [1.1.1.1, \"::2\"]}", row),
		"{\"k\":[\"h=1.2.3.4\",\"i=1.1.1.1\",\"i=::2\"]}");
	for (size_t i = 0; i < countof(wrong); i++) {
		assert_string_equal(value_of(wrong[i][0], row), "");
		assert_error(wrong[i][1], "bad-host");
	}
	assert_string_equal(value_of("[\"h:1.2.3.4\", \"h:1.2.3.4\"]", row), "");
	assert_said("1:18: error: \"h:1.2.3.4\" stands twice in 'k' [twice]\n"
		    "1:5: note: it stands here too\n");
	assert_string_equal(value_of("h", row), "");
	assert_error("1:4", "wrong-type");
	assert_string_equal(value_of("[1]", row), "");
	assert_error("1:5", "wrong-type");
}

static void
ulimits(void **state) {
	struct key row = {.shape = SHAPE_ULIMITS, .sub = &limit};

	(void)state;
	assert_string_equal(
		value_of("{nproc: 65535, core: \"-1\", nofile: {soft: 1, hard: \"2\"}}", row),
		"{\"k\":{\"nproc\":65535,\"core\":-1,\"nofile\":{\"soft\":1,\"hard\":2}}}");
	assert_string_equal(value_of("{nofile: {soft: 5, hard: -1}}", row),
		"{\"k\":{\"nofile\":{\"soft\":5,\"hard\":-1}}}");
	assert_string_equal(value_of("{nofile: {soft: 1}}", row), "");
	assert_said("1:5: error: a limit wants the key 'hard' [missing-key]\n");
	assert_string_equal(value_of("{nofile: {soft: 5, hard: 2}}", row), "");
	assert_said("1:20: error: 'nofile' wants a soft limit not above the hard one, not 5 "
		    "[bad-number]\n");
	assert_string_equal(value_of("{nofile: {soft: -1, hard: 2}}", row), "");
	assert_error("1:20", "bad-number");
	assert_string_equal(value_of("{nofile: x}", row), "");
	assert_error("1:13", "bad-number");
	assert_string_equal(value_of("[a]", row), "");
	assert_error("1:4", "wrong-type");
}

static void
tests_of_health(void **state) {
	struct key row = {.shape = SHAPE_TEST};

	(void)state;
	assert_string_equal(
		value_of("curl x || exit 1", row), "{\"k\":[\"CMD-SHELL\",\"curl x || exit 1\"]}");
	assert_string_equal(value_of("[CMD, a, \"b c\"]", row), "{\"k\":[\"CMD\",\"a\",\"b c\"]}");
	assert_string_equal(value_of("[NONE]", row), "{\"k\":[\"NONE\"]}");
	assert_string_equal(value_of("[]", row), "{\"k\":[]}");
	assert_string_equal(value_of("[curl, x]", row), "");
	assert_said("1:5: error: 'k' wants a list that begins with CMD, CMD-SHELL or NONE, not "
		    "\"curl\" [bad-test]\n");
	assert_string_equal(value_of("[CMD, 1]", row), "");
	assert_error("1:10", "wrong-type");
	assert_string_equal(value_of("1", row), "");
	assert_error("1:4", "wrong-type");
}

#define DEVICE(source, target, permissions)                       \
	"{\"k\":[{\"source\":\"" source "\",\"target\":\"" target \
	"\",\"permissions\":\"" permissions "\"}]}"

static void
devices(void **state) {
	static const char *const cases[][2] = {{"[/dev/a]", DEVICE("/dev/a", "/dev/a", "rwm")},
		{"[\"/dev/a:/dev/b\"]", DEVICE("/dev/a", "/dev/b", "rwm")},
		{"[\"/dev/a:/dev/b:r\"]", DEVICE("/dev/a", "/dev/b", "r")},
		{"[\"/dev/b:r\"]", DEVICE("/dev/b", "/dev/b", "r")},
		{"[{source: /dev/a}]", DEVICE("/dev/a", "/dev/a", "rwm")},
		{"[vendor.com/class=name]",
			DEVICE("vendor.com/class=name", "vendor.com/class=name", "rwm")},
		{"[\"/dev/a:/x\", \"/dev/b:/x\"]", DEVICE("/dev/b", "/x", "rwm")}};
	static const char *const wrong[][2] = {{"[\"\"]", "1:6"}, {"[\":/x\"]", "1:6"},
		{"[\"/a:/b:r:w\"]", "1:14"}, {"[\"/a:/b:x\"]", "1:12"},
		{"[{source: /a, permissions: q}]", "1:31"}, {"[\"/a:\"]", "1:9"}};
	struct key row = {.shape = SHAPE_DEVICES, .sub = &device};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(value_of(cases[i][0], row), cases[i][1]);
	for (size_t i = 0; i < countof(wrong); i++) {
		assert_string_equal(value_of(wrong[i][0], row), "");
		assert_error(wrong[i][1], "bad-device");
	}
	assert_string_equal(value_of("[{target: /a}]", row), "");
	assert_error("1:5", "missing-key");
}

static void
gpus(void **state) {
	struct key row = {.shape = SHAPE_GPUS, .sub = &gpu};

	(void)state;
	assert_string_equal(value_of("all", row), "{\"k\":[{\"count\":-1}]}");
	assert_string_equal(value_of("[{count: all}, {count: \"2\"}, {driver: x}]", row),
		"{\"k\":[{\"count\":-1},{\"count\":2},{\"driver\":\"x\"}]}");
	assert_string_equal(value_of("[{count: many}]", row), "");
	assert_error("1:13", "bad-number");
	assert_string_equal(value_of("2", row), "");
	assert_error("1:4", "wrong-type");
}

static void
externals(void **state) {
	static const struct key rows[] = {
		{.name = "external", .shape = SHAPE_EXTERNAL, .sub = &external_sub},
		{.name = "name", .shape = SHAPE_NAME}};
	static const struct schema schema = {.what = "a volume", .key = rows, .n = 2};

	(void)state;
	assert_string_equal(canon_of("external: \"true\"", &schema), "{\"external\":true}");
	assert_string_equal(
		canon_of("external: {name: foo}", &schema), "{\"external\":true,\"name\":\"foo\"}");
	assert_string_equal(canon_of("external: {name: foo}\nname: foo", &schema),
		"{\"external\":true,\"name\":\"foo\"}");
	assert_string_equal(canon_of("external: {}", &schema), "{\"external\":true}");
	assert_string_equal(canon_of("external: {name: foo}\nname: bar", &schema), "");
	assert_non_null(strstr(said(),
		"1:12: error: 'external' has another name than 'name' [conflict]\n2:1: note:"));
	assert_string_equal(canon_of("external: {name: \"a b\"}", &schema), "");
	assert_error("1:18", "bad-name");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(hosts, begin, end),
		cmocka_unit_test_setup_teardown(ulimits, begin, end),
		cmocka_unit_test_setup_teardown(tests_of_health, begin, end),
		cmocka_unit_test_setup_teardown(devices, begin, end),
		cmocka_unit_test_setup_teardown(gpus, begin, end),
		cmocka_unit_test_setup_teardown(externals, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
