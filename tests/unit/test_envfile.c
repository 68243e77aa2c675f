/* test_envfile.c - the dotenv grammar, row by row, and the raw one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>

static struct ctx ctx;
static struct env *outer, *env;

static int
begin(void **state) {
	char own0[] = "OUT=outer";
	char *const own[] = {own0, NULL};

	(void)state;
	ctx.mem = arena_new();
	ctx.diags = diags_new(ctx.mem);
	outer = env_new(&ctx, NULL);
	env_add_own(&ctx, outer, own);
	env = env_new(&ctx, NULL);
	return 0;
}

static int
end(void **state) {
	(void)state;
	arena_free(ctx.mem);
	return 0;
}

static char *
said(void) {
	static char text[4096];
	FILE *f = fmemopen(text, sizeof(text), "w");

	memset(text, 0, sizeof(text));
	diags_print(&ctx, f, DIAG_TEXT, false);
	fclose(f);
	return text;
}

static bool
read_text(const char *text) {
	return envfile_read(
		&ctx, env, diag_source(&ctx, "x.env", text, strlen(text)), REF_ENVFILE, outer);
}

static void
statements(void **state) {
	/* text, then the value of K; NULL: not set */
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"K=v", "v"},
		{"K=v\n", "v"},
		{"K=v\r\n", "v"},
		{"\xef\xbb\xbfK=v", "v"},
		{"\n\n  K=v", "v"},
		{"K=", ""},
		{"K=\nL=1", ""},
		{"K = v ", "v"},
		{"K:v", "v"},
		{"K: v", "v"},
		{"export K=v", "v"},
		{"export\tK=v", "v"},
		{"# K=v", NULL},
		{"K=a#b", "a#b"},
		{"K=a # b", "a"},
		{"K=#b", "#b"},
		{"K=a \t", "a"},
		{"K=a\\nb", "a\\nb"},
		{"K=a b c", "a b c"},
		{"K=a=b:c", "a=b:c"},
		{"K=1\nK=2", "2"},
		{"K=$OUT", "outer"},
		{"K='$OUT \\n'", "$OUT \\n"},
		{"K='it\\'s'", "it's"},
		{"K='a\\\\'", "a\\\\"},
		{"K='a\nb'", "a\nb"},
		{"K=''", ""},
		{"K=\"$OUT\"", "outer"},
		{"K=\"a\\nb\"", "a\nb"},
		{"K=\"a\nb\"", "a\nb"},
		{"K=\"\\$OUT\"", "$OUT"},
		{"K=\"$$OUT\"", "$OUT"},
		{"K=\"\\\"q\\\"\"", "\"q\""},
		{"K=\"\\\\n\"", "\\n"},
		{"K=\"\\q\"", "\\q"},
		{"K=\"\\0101\"", "A"},
		{"K=\"\\0351\"", "\xc3\xa9"},
		{"K=\"\\01\"", "\\01"},
		{"K=\"\\a\\b\\f\\r\\t\\v\"", "\a\b\f\r\t\v"},
		{"K=\"x\" # c", "x"},
		{"K=\"x\"\r\nL=1", "x"},
		{"A=1\nK=${A}2", "12"},
		{"K=${NONE:-d}", "d"},
		{"K=$$x", "$x"},
		{"K.a-b[0]=1\nK=2", "2"},
		{"K.\xc3\xa4=1\nK=2", "2"},
		{"exportK=1\nK=3", "3"},
		{"K=\xc3\xa4", "\xc3\xa4"},
		{"K", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *value;

		env = env_new(&ctx, NULL);
		if (!read_text(rows[i].in))
			fail_msg("\"%s\": %s", rows[i].in, said());
		value = env_value(env, "K");
		if (!value != !rows[i].out || (value && strcmp(value, rows[i].out) != 0))
			fail_msg("\"%s\" gave \"%s\"", rows[i].in, value ? value : "(unset)");
	}
}

static void
errors_have_their_place(void **state) {
	static const struct {
		const char *in, *first;
	} rows[] = {
		{"A=1\nK!=2\n", "x.env:2:2: error: a variable's name is followed by '='"},
		{"A B=1", "x.env:1:3: error: a variable's name is followed"},
		{"=1", "x.env:1:1: error: a line is NAME=VALUE"},
		{"  *\xc3\xa4=1", "x.env:1:3: error: a line is NAME=VALUE"},
		{"K=\"a\nb", "x.env:1:3: error: this quote is never closed"},
		{"A=1\nK='a\\'", "x.env:2:3: error: this quote is never closed"},
		{"A=1\nK=x${A", "x.env:2:4: error: '${' is never closed"},
		{"K=\"ab${A\"", "x.env:1:6: error: '${' is never closed"},
		{"K=${NONE:?why}",
			"x.env:1:3: error: required variable 'NONE' is missing a value: why"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *text;

		env = env_new(&ctx, NULL);
		assert_false(read_text(rows[i].in));
		text = said();
		if (strncmp(text, rows[i].first, strlen(rows[i].first)) != 0)
			fail_msg("\"%s\" said: %s", rows[i].in, text);
	}
}

static void
reading_goes_on_after_an_error(void **state) {
	(void)state;
	assert_false(read_text("bad line\nA=1\nalso bad\nB=2\n"));
	assert_int_equal(diag_errors(&ctx), 2);
	assert_string_equal(env_value(env, "A"), "1");
	assert_string_equal(env_value(env, "B"), "2");
}

static void
a_nul_byte_is_refused(void **state) {
	static const char text[] = "A=1\nB=x\0y\n";

	(void)state;
	assert_false(envfile_read(
		&ctx, env, diag_source(&ctx, "x.env", text, sizeof(text) - 1), REF_DOTENV, outer));
	assert_non_null(strstr(said(), "x.env:2:4: error: a NUL byte"));
}

static void
values_know_their_line(void **state) {
	const struct env_var *var;

	(void)state;
	assert_true(read_text("A=1\n\n  export B=\"x ${OUT} y\"\nOUT\nC=\n"));
	var = env_find(env, "B", 1);
	assert_string_equal(var->value.s, "x outer y");
	assert_int_equal(var->value.nspan, 1);
	assert_int_equal(var->value.span[0].len, 9);
	assert_int_equal(var->ref->from, REF_ENVFILE);
	assert_string_equal(var->ref->file, "x.env");
	assert_int_equal(var->ref->at.line, 3);
	assert_int_equal(var->ref->at.col, 10);
	/* a name alone hands on what is outside */
	var = env_find(env, "OUT", 3);
	assert_string_equal(var->value.s, "outer");
	assert_int_equal(var->ref->from, REF_ENVIRON);
	assert_string_equal(env_nth(env, 3)->name, "C");
}

static void
an_empty_file_is_fine(void **state) {
	(void)state;
	assert_true(read_text(""));
	assert_true(read_text("\xef\xbb\xbf"));
	assert_true(read_text("\n \t\r\n# only a comment"));
	assert_null(env_nth(env, 0));
}

static void
raw_takes_everything_as_it_is(void **state) {
	const char *text = "  A=\"q\" $OUT # x \n# no\n\nOUT\nNONE\nB=\nC=1=2\r\n\tD=\\n";

	(void)state;
	assert_true(
		envfile_read_raw(&ctx, env, diag_source(&ctx, "x.env", text, strlen(text)), outer));
	assert_string_equal(env_value(env, "A"), "\"q\" $OUT # x ");
	assert_string_equal(env_value(env, "OUT"), "outer");
	assert_null(env_value(env, "NONE"));
	assert_string_equal(env_value(env, "B"), "");
	assert_string_equal(env_value(env, "C"), "1=2");
	assert_string_equal(env_value(env, "D"), "\\n");
	text = "A B=1\n=2\n";
	assert_false(
		envfile_read_raw(&ctx, env, diag_source(&ctx, "x.env", text, strlen(text)), outer));
	assert_int_equal(diag_errors(&ctx), 2);
}

static void
doubling_has_an_end(void **state) {
	char text[4096] = "A0=0123456789012345678901234567890123456789\n";

	(void)state;
	for (int i = 1; i < 60; i++)
		sprintf(text + strlen(text), "A%d=$A%d$A%d\n", i, i - 1, i - 1);
	assert_false(read_text(text));
	assert_non_null(strstr(said(), "longer than 4 MiB"));
}

/* How a script could read the value of K. */
static enum ref_line
line_of(const char *text) {
	env = env_new(&ctx, NULL);
	assert_true(read_text(text));
	assert_non_null(env_find(env, "K", 1));
	return env_find(env, "K", 1)->ref->line;
}

static void
lines(void **state) {
	(void)state;
	assert_int_equal(line_of("K=v"), LINE_PLAIN);
	assert_int_equal(line_of("A=1\nK=a b\tc\n"), LINE_PLAIN);
	assert_int_equal(line_of("K=a#b"), LINE_PLAIN);
	assert_int_equal(line_of("K='a $b \\n'"), LINE_SINGLE);
	assert_int_equal(line_of("K=\"a b\"\n"), LINE_DOUBLE);
	assert_int_equal(line_of("K=v # c"), LINE_SPACED);
	assert_int_equal(line_of("K=v \r\n"), LINE_SPACED);
	assert_int_equal(line_of("K=a#b # c"), LINE_OTHER);
	assert_int_equal(line_of("K = v"), LINE_OTHER);
	assert_int_equal(line_of(" K=v"), LINE_OTHER);
	assert_int_equal(line_of("export K=v"), LINE_OTHER);
	assert_int_equal(line_of("K: v"), LINE_OTHER);
	assert_int_equal(line_of("K=v\nK=w"), LINE_OTHER);
	assert_int_equal(line_of("K='it\\'s'"), LINE_OTHER);
	assert_int_equal(line_of("K=\"a\\tb\""), LINE_OTHER);
	assert_int_equal(line_of("K='a\nb'"), LINE_OTHER);
	assert_int_equal(line_of("K='a' # c"), LINE_OTHER);
	assert_int_equal(line_of("K=a$$b"), LINE_OTHER);
	assert_int_equal(line_of("K=${OUT:-x}"), LINE_OTHER);
	assert_int_equal(line_of("K=${UNSET}x"), LINE_OTHER);
}

/* A value that is made of others knows which ones. */
static void
made_of_others(void **state) {
	const struct word *with;

	(void)state;
	assert_int_equal(line_of("A=1\nK=x${OUT}y$A"), LINE_PLAIN);
	with = env_find(env, "K", 1)->ref->with;
	assert_non_null(with);
	assert_string_equal(with->s, "xoutery1");
	assert_int_equal(with->nspan, 2);
	assert_string_equal(with->span[0].ref->name, "OUT");
	assert_string_equal(with->span[1].ref->name, "A");
	assert_int_equal(line_of("K=\"<${OUT}>\""), LINE_DOUBLE);
	assert_non_null(env_find(env, "K", 1)->ref->with);
	assert_int_equal(line_of("A=$OUT\nK=v"), LINE_PLAIN);
	assert_null(env_find(env, "K", 1)->ref->with);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(statements, begin, end),
		cmocka_unit_test_setup_teardown(errors_have_their_place, begin, end),
		cmocka_unit_test_setup_teardown(reading_goes_on_after_an_error, begin, end),
		cmocka_unit_test_setup_teardown(a_nul_byte_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(values_know_their_line, begin, end),
		cmocka_unit_test_setup_teardown(an_empty_file_is_fine, begin, end),
		cmocka_unit_test_setup_teardown(raw_takes_everything_as_it_is, begin, end),
		cmocka_unit_test_setup_teardown(doubling_has_an_end, begin, end),
		cmocka_unit_test_setup_teardown(lines, begin, end),
		cmocka_unit_test_setup_teardown(made_of_others, begin, end),
	};

	return cmocka_run_group_tests_name("envfile", tests, NULL, NULL);
}
