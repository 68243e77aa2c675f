/* test_env_names.c - variables of one name from several files are told apart in scripts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>

#include "../../src/spec/spec_int.h"

static struct ctx ctx;

static int
begin(void **state) {
	(void)state;
	ctx.mem = arena_new();
	ctx.diags = diags_new(ctx.mem);
	return 0;
}

static int
end(void **state) {
	(void)state;
	arena_free(ctx.mem);
	return 0;
}

static void
first_come(void **state) {
	struct env_names *n = env_names_new(&ctx);

	(void)state;
	assert_null(env_names_take(&ctx, n, "PORT", "/p/.env"));
	assert_null(env_names_take(&ctx, n, "PORT", "/p/.env"));
	assert_string_equal(env_names_take(&ctx, n, "PORT", "/p/b.env"), "PORT_b_env");
	assert_string_equal(env_names_take(&ctx, n, "PORT", "/p/b.env"), "PORT_b_env");
	assert_string_equal(env_names_take(&ctx, n, "PORT", "/q/b.env"), "PORT_b_env_2");
	assert_string_equal(env_names_take(&ctx, n, "PORT", "/q/.env"), "PORT_env");
	assert_null(env_names_take(&ctx, n, "HOST", "/p/b.env"));
	assert_string_equal(env_names_take(&ctx, n, "PORT_b_env", "/r/.env"), "PORT_b_env_env");
}

/* What a shell or docker reads is left alone. */
static void
names_that_mean_something(void **state) {
	struct env_names *n = env_names_new(&ctx);

	(void)state;
	assert_string_equal(env_names_take(&ctx, n, "PATH", "/p/a.env"), "PATH_a_env");
	assert_string_equal(env_names_take(&ctx, n, "IFS", "/p/.env"), "IFS_env");
	assert_string_equal(
		env_names_take(&ctx, n, "DOCKER_HOST", "/p/x-1.env"), "DOCKER_HOST_x_1_env");
}

/* What no shell can set is called otherwise, and so that nothing else is called so. */
static void
names_of_no_shell(void **state) {
	struct env_names *n = env_names_new(&ctx);

	(void)state;
	assert_null(env_names_take(&ctx, n, "", "/p/a.env"));
	assert_string_equal(env_names_take(&ctx, n, "a.b", "/p/a.env"), "a_b");
	assert_string_equal(env_names_take(&ctx, n, "a.b", "/p/a.env"), "a_b");
	assert_string_equal(env_names_take(&ctx, n, "a-b", "/p/a.env"), "a_b_a_env");
	assert_string_equal(env_names_take(&ctx, n, "a_b", "/p/a.env"), "a_b_a_env_2");
	assert_string_equal(env_names_take(&ctx, n, "a.b", "/p/b.env"), "a_b_b_env");
	assert_string_equal(env_names_take(&ctx, n, "1A", "/p/b.env"), "_1A");
	assert_string_equal(env_names_take(&ctx, n, "I.FS", "/p/b.env"), "I_FS");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(first_come, begin, end),
		cmocka_unit_test_setup_teardown(names_that_mean_something, begin, end),
		cmocka_unit_test_setup_teardown(names_of_no_shell, begin, end),
	};

	return cmocka_run_group_tests_name("env_names", tests, NULL, NULL);
}
