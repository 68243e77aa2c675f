/* test_shape_name.c - image references, names of engine objects, paths and contexts. */
#include "canon.h"

static void
images(void **state) {
	static const char *const good[] = {"a", "nginx:1.27", "node:12-alpine", "library/a_b--c.d",
		"localhost/x", "h:5000/a/b:T", "Reg.Example/a", "UPPER/a",
		"a@sha256:0123456789012345678901234567890123456789012345678901234567890123",
		"h:5000/a:1@sha256:01", "sha256:0123", "[::1]:5000/a", "a:_x", ""};
	static const char *const bad[] = {"-a", "Nginx", "a b", "a;b", "a:", ":a", "a//b", "/a",
		"a/", "a@", "a:-x", "a$(x)", "h:5000/A", "a_", "a:b:c", "a@x y", "a\\n"};
	struct key row = {.shape = SHAPE_IMAGE};

	(void)state;
	for (size_t i = 0; i < countof(good); i++)
		assert_string_equal(value_of(arena_printf(ctx.mem, "'%s'", good[i]), row),
			arena_printf(ctx.mem, "{\"k\":\"%s\"}", good[i]));
	assert_said("");
	for (size_t i = 0; i < countof(bad); i++) {
		assert_string_equal(value_of(arena_printf(ctx.mem, "'%s'", bad[i]), row), "");
		assert_error("1:4", "bad-image");
	}
	assert_string_equal(value_of("Nginx", row), "");
	assert_said("1:4: error: 'k' wants a repository's name in lower case, not \"Nginx\" "
		    "[bad-image]\n");
	assert_string_equal(value_of("5", row), "");
	assert_error("1:4", "wrong-type");
}

static void
names(void **state) {
	static const char *const bad[] = {"a", "-ab", "a b", "_ab", "a/b", "a;b", "aä"};
	struct key row = {.shape = SHAPE_NAME}, one = {.shape = SHAPE_NAME, .min = 1};

	(void)state;
	assert_string_equal(value_of("a.b_c-D9", row), "{\"k\":\"a.b_c-D9\"}");
	assert_string_equal(value_of("a", one), "{\"k\":\"a\"}");
	assert_string_equal(value_of("\"\"", row), "{\"k\":\"\"}");
	for (size_t i = 0; i < countof(bad); i++) {
		assert_string_equal(value_of(arena_printf(ctx.mem, "'%s'", bad[i]), row), "");
		assert_error("1:4", "bad-name");
	}
}

static void
contexts(void **state) {
	static const char *const left[] = {"https://x.example/a", "git@h:a/b", "github.com/a/b",
		"service:x", "docker-image://a", "foo://bar"};
	struct key row = {.shape = SHAPE_CONTEXT};

	(void)state;
	assert_string_equal(value_of("./a/..", row), "{\"k\":\"/home/me/stack\"}");
	for (size_t i = 0; i < countof(left); i++)
		assert_string_equal(value_of(arena_printf(ctx.mem, "'%s'", left[i]), row),
			arena_printf(ctx.mem, "{\"k\":\"%s\"}", left[i]));
	assert_string_equal(value_of("[a]", row), "");
	assert_error("1:4", "wrong-type");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(images, begin, end),
		cmocka_unit_test_setup_teardown(names, begin, end),
		cmocka_unit_test_setup_teardown(contexts, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
