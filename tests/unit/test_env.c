/* test_env.c - who wins, who is shadowed, where values came from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>

static struct ctx
new_ctx(void) {
	struct arena *mem = arena_new();

	return (struct ctx){.mem = mem, .diags = diags_new(mem)};
}

/* Read a text as an env file. */
static bool
add_file(struct ctx *ctx, struct env *env, const char *name, const char *text) {
	return envfile_read(ctx, env, diag_source(ctx, name, text, strlen(text)), REF_DOTENV, env);
}

static void
own_variables_carry_their_name(void **state) {
	struct ctx ctx = new_ctx();
	struct env *env = env_new(&ctx, NULL);
	char own0[] = "A=1";
	char own1[] = "EMPTY=";
	char own2[] = "A=2";
	char own3[] = "odd";
	char own4[] = "=x";
	char own5[] = "B=x=y";
	char *const own[] = {own0, own1, own2, own3, own4, own5, NULL};
	const struct env_var *var;

	(void)state;
	env_add_own(&ctx, env, own);
	assert_string_equal(env_value(env, "A"), "1");
	assert_string_equal(env_value(env, "EMPTY"), "");
	assert_string_equal(env_value(env, "B"), "x=y");
	assert_null(env_value(env, "odd"));
	assert_null(env_value(env, ""));
	var = env_find(env, "Bxx", 1);
	assert_non_null(var);
	assert_int_equal(var->value.nspan, 1);
	assert_int_equal(var->value.span[0].len, 3);
	assert_int_equal(var->ref->from, REF_ENVIRON);
	assert_string_equal(var->ref->name, "B");
	assert_ptr_equal(var->ref, var->value.span[0].ref);
	assert_string_equal(env_nth(env, 0)->name, "A");
	assert_string_equal(env_nth(env, 2)->name, "B");
	assert_null(env_nth(env, 3));
	arena_free(ctx.mem);
}

static void
own_beats_files_and_the_program_beats_all(void **state) {
	struct ctx ctx = new_ctx();
	struct env *env = env_new(&ctx, NULL);
	char own0[] = "A=own";
	char *const own[] = {own0, NULL};
	const struct env_var *var;

	(void)state;
	assert_true(add_file(&ctx, env, "first.env", "A=f1\nB=f1\n"));
	env_add_own(&ctx, env, own);
	assert_string_equal(
		env_value(env, "A"), "f1"); /* added later, and a second entry of the name */
	arena_free(ctx.mem);

	ctx = new_ctx();
	env = env_new(&ctx, NULL);
	env_add_own(&ctx, env, own);
	assert_true(add_file(&ctx, env, "first.env", "A=f1\nB=f1\n"));
	assert_true(add_file(&ctx, env, "second.env", "A=f2\nB=f2\n"));
	var = env_find(env, "A", 1);
	assert_string_equal(var->value.s, "own");
	assert_string_equal(var->shadows->value.s, "f2");
	assert_string_equal(var->shadows->shadows->value.s, "f1");
	assert_null(var->shadows->shadows->shadows);
	var = env_find(env, "B", 1);
	assert_string_equal(var->value.s, "f2");
	assert_string_equal(var->ref->file, "second.env");
	assert_int_equal(var->ref->at.line, 2);
	assert_string_equal(var->shadows->value.s, "f1");
	env_set(&ctx, env, "A", "set");
	var = env_find(env, "A", 1);
	assert_string_equal(var->value.s, "set");
	assert_null(var->ref);
	assert_int_equal(var->value.nspan, 0);
	assert_string_equal(var->shadows->value.s, "own");
	assert_true(add_file(&ctx, env, "third.env", "A=f3\n"));
	assert_string_equal(env_value(env, "A"), "set");
	assert_string_equal(var->shadows->shadows->value.s, "f3");
	assert_string_equal(env_nth(env, 1)->name, "B");
	assert_null(env_nth(env, 2));
	arena_free(ctx.mem);
}

static void
what_is_under_is_asked_last(void **state) {
	struct ctx ctx = new_ctx();
	struct env *low = env_new(&ctx, NULL), *high = env_new(&ctx, low);

	(void)state;
	env_set(&ctx, low, "A", "low");
	env_set(&ctx, low, "B", "low");
	env_set(&ctx, high, "A", "high");
	assert_string_equal(env_value(high, "A"), "high");
	assert_string_equal(env_value(high, "B"), "low");
	assert_null(env_value(high, "C"));
	assert_null(env_find(NULL, "A", 1));
	arena_free(ctx.mem);
}

static void
ten_thousand_are_found(void **state) {
	struct ctx ctx = new_ctx();
	struct env *env = env_new(&ctx, NULL);

	(void)state;
	for (int i = 0; i < 10000; i++)
		env_set(&ctx, env, arena_printf(ctx.mem, "N%d", i),
			arena_printf(ctx.mem, "v%d", i));
	for (int i = 0; i < 10000; i++) {
		assert_string_equal(env_value(env, arena_printf(ctx.mem, "N%d", i)),
			arena_printf(ctx.mem, "v%d", i));
		assert_string_equal(env_nth(env, (size_t)i)->name, arena_printf(ctx.mem, "N%d", i));
	}
	assert_null(env_value(env, "N10000"));
	arena_free(ctx.mem);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_variables_carry_their_name),
		cmocka_unit_test(own_beats_files_and_the_program_beats_all),
		cmocka_unit_test(what_is_under_is_asked_last),
		cmocka_unit_test(ten_thousand_are_found),
	};

	return cmocka_run_group_tests_name("env", tests, NULL, NULL);
}
