/* test_explain_keys.c - src/cli/explain_keys.c: paths of keys, and what a user may type for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/cli/explain_codes.c"
#include "../../src/cli/explain_flags.c"
#include "../../src/cli/explain_keys.c"

static struct ctx ctx;
static struct key_paths paths;

static int
begin(void **state) {
	(void)state;
	ctx.mem = arena_new();
	ctx.diags = diags_new(ctx.mem);
	key_paths(&ctx, &paths);
	return 0;
}

static int
end(void **state) {
	(void)state;
	arena_free(ctx.mem);
	return 0;
}

/* The entry of a path. */
static const struct key_path *
entry(const char *path) {
	for (size_t i = 0; i < paths.n; i++)
		if (str_eq(paths.v[i].path, path))
			return &paths.v[i];
	return NULL;
}

static void
test_paths(void **state) {
	(void)state;
	assert_non_null(entry("services"));
	assert_non_null(entry("services.*.mem_limit"));
	assert_non_null(entry("services.*.ports[].target"));
	assert_non_null(entry("services.*.healthcheck.interval"));
	assert_non_null(entry("services.*.networks.*.aliases"));
	assert_non_null(entry("networks.*.ipam.config[].subnet"));
	assert_null(entry("services.*.nonsense"));
	for (size_t i = 0; i < paths.n; i++)
		for (size_t j = i + 1; j < paths.n; j++)
			assert_string_not_equal(paths.v[i].path, paths.v[j].path);
}

static void
test_standing_is_inherited(void **state) {
	(void)state;
	for (size_t i = 0; i < paths.n; i++) {
		const struct key_path *above = &paths.v[i];
		size_t len = strlen(above->path);
		for (size_t j = 0; above->standing != KEY_MAPPED && j < paths.n; j++)
			if (str_starts(paths.v[j].path, above->path) &&
				strchr(".[", paths.v[j].path[len]))
				assert_int_not_equal(paths.v[j].standing, KEY_MAPPED);
	}
}

static void
test_what_fits(void **state) {
	(void)state;
	bool whole;
	assert_true(key_path_is("services.*.mem_limit", "mem_limit", &whole));
	assert_false(whole);
	assert_true(key_path_is("services.*.mem_limit", "web.mem_limit", &whole));
	assert_false(whole);
	assert_true(key_path_is("services.*.mem_limit", "services.mem_limit", &whole));
	assert_true(whole);
	assert_true(key_path_is("services.*.mem_limit", "services.web.mem_limit", &whole));
	assert_true(whole);
	assert_true(key_path_is("services.*.mem_limit", "services.*.mem_limit", &whole));
	assert_true(
		key_path_is("services.*.ports[].target", "services.web.ports[3].target", &whole));
	assert_true(whole);
	assert_true(key_path_is("networks.*.ipam", "networks.ipam", &whole));
	assert_true(whole);
	assert_true(
		key_path_is("services.*.networks.*.aliases", "web.networks.front.aliases", &whole));
	assert_false(whole);
}

static void
test_what_fits_not(void **state) {
	(void)state;
	bool whole;
	assert_false(key_path_is("services.*.mem_limit", "limit", &whole));
	assert_false(key_path_is("services.*.mem_limit", "volumes.web.mem_limit", &whole));
	assert_false(key_path_is("services.*.mem_limit", "a.services.web.mem_limit", &whole));
	assert_false(key_path_is("services.*.mem_limit", "services.web.mem_limit.x", &whole));
	assert_false(key_path_is("services", "", &whole));
	assert_false(key_path_is("services", ".", &whole));
	assert_false(key_path_is("services", "services.", &whole));
	assert_false(key_path_is("a", "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a", &whole));
	char longest[200];
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_false(key_path_is("a", longest, &whole));
}

static void
test_every_shape_has_words(void **state) {
	(void)state;
	for (size_t i = 0; i < paths.n; i++) {
		struct key key = *paths.v[i].key;
		assert_true((size_t)key.shape < countof(shapes) && shapes[key.shape]);
		assert_non_null(key.doc);
		assert_non_null(merge_words(&key));
		assert_non_null(standing_name(paths.v[i].standing));
		assert_non_null(standing_words(paths.v[i].standing));
	}
	struct key port = {.shape = SHAPE_INT, .min = 1, .max = 65535};
	assert_string_equal(shape_words(&ctx, &port), "an integer from 1 to 65535");
}

static void
test_tables_hold_together(void **state) {
	(void)state;
	for (size_t i = 1; i < code_nrows; i++)
		assert_true(strcmp(code_rows[i - 1].code, code_rows[i].code) < 0);
	for (size_t i = 1; i < flag_nrows; i++)
		assert_true(strcmp(flag_rows[i - 1].flag, flag_rows[i].flag) < 0);
	for (size_t i = 0; i < flag_nrows; i++) {
		char keys[256], *rest = keys, *path;
		assert_true(strlen(flag_rows[i].keys) < sizeof(keys));
		strcpy(keys, flag_rows[i].keys);
		while ((path = strtok_r(rest, " ", &rest)))
			assert_non_null(entry(path));
		assert_true(*flag_rows[i].doc || *flag_rows[i].keys);
	}
}

static void
test_commands(void **state) {
	(void)state;
	assert_string_equal(key_command("services.*.mem_limit"), "docker run");
	assert_string_equal(key_command("services.*.build.args"), "docker build");
	assert_string_equal(key_command("services.*.networks"), "docker run");
	assert_string_equal(key_command("services.*.networks.*.aliases"), "docker network connect");
	assert_string_equal(key_command("volumes.*.driver"), "docker volume create");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_standing_is_inherited),
		cmocka_unit_test(test_what_fits),
		cmocka_unit_test(test_what_fits_not),
		cmocka_unit_test(test_every_shape_has_words),
		cmocka_unit_test(test_tables_hold_together),
		cmocka_unit_test(test_commands),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
