/* test_interp.c - ${...} in all its forms, where the bytes came from, and what is wrong where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/node.h>

static struct ctx ctx;
static struct env *env;

static int
begin(void **state) {
	char own0[] = "A=aa";
	char own1[] = "E=";
	char own2[] = "SECRET=s3cret";
	char own3[] = "DOLLAR=$A";
	char *const own[] = {own0, own1, own2, own3, NULL};

	(void)state;
	ctx.mem = arena_new();
	ctx.diags = diags_new(ctx.mem);
	env = env_new(&ctx, NULL);
	env_add_own(&ctx, env, own);
	return 0;
}

static int
end(void **state) {
	(void)state;
	arena_free(ctx.mem);
	return 0;
}

/* The diagnostics so far, as text. */
static char *
said(void) {
	static char text[8192];
	FILE *f = fmemopen(text, sizeof(text), "w");

	memset(text, 0, sizeof(text));
	diags_print(&ctx, f, DIAG_TEXT, false);
	fclose(f);
	return text;
}

static bool
run(const char *text, struct word *out) {
	struct word in = {.s = text,
		.at = {.line = 1, .col = 1, .src = diag_source(&ctx, "f", text, strlen(text))}};

	return interp_word(&ctx, &in, 0, env, out);
}

static void
forms(void **state) {
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"", ""},
		{"plain", "plain"},
		{"$A", "aa"},
		{"x$A-y", "xaa-y"},
		{"${A}", "aa"},
		{"$$A", "$A"},
		{"$$$A", "$aa"},
		{"$$$$", "$$"},
		{"$", "$"},
		{"a$", "a$"},
		{"$1", "$1"},
		{"$ A", "$ A"},
		{"$.", "$."},
		{"$AB", ""},
		{"${AB}", ""},
		{"$A$A", "aaaa"},
		{"${E}", ""},
		{"${A-d}", "aa"},
		{"${E-d}", ""},
		{"${X-d}", "d"},
		{"${A:-d}", "aa"},
		{"${E:-d}", "d"},
		{"${X:-d}", "d"},
		{"${X:-}", ""},
		{"${X-}", ""},
		{"${A+r}", "r"},
		{"${E+r}", "r"},
		{"${X+r}", ""},
		{"${A:+r}", "r"},
		{"${E:+r}", ""},
		{"${X:+r}", ""},
		{"${A?e}", "aa"},
		{"${E?e}", ""},
		{"${A:?e}", "aa"},
		{"${X-a:-b}", "a:-b"},
		{"${X:-x}}", "x}"},
		{"${X:-${E:-x}y}", "xy"},
		{"${X:-${A}${A}}", "aaaa"},
		{"${X:-$$y}", "$y"},
		{"${X:-{\"k\": 1}}", "{\"k\": 1}"},
		{"${X:-{}}", "{}"},
		{"${A:-${X:?no}}", "aa"},
		{"${X:-$A}", "aa"},
		{"$DOLLAR", "$A"},
		{"${X--}", "-"},
		{"${X:-?}", "?"},
		{"${_x1:-u}", "u"},
		{"\xc3\xa4$A\xc3\xb6", "\xc3\xa4"
				       "aa\xc3\xb6"},
		{"${E:-\xe2\x82\xac}", "\xe2\x82\xac"},
	};
	struct word out;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!run(rows[i].in, &out) || strcmp(out.s, rows[i].out) != 0)
			fail_msg("\"%s\" gave \"%s\", not \"%s\"", rows[i].in, out.s, rows[i].out);
	}
	assert_int_equal(diag_errors(&ctx), 0);
}

static void
wrong_forms_are_named_at_the_dollar(void **state) {
	static const struct {
		const char *in, *first;
	} rows[] = {
		{"ab${A", "f:1:3: error: '${' is never closed"},
		{"${}", "f:1:1: error: '${' wants a name"},
		{"${1x}", "f:1:1: error: '${' wants a name"},
		{"\xc3\xa4${a b}", "f:1:2: error: a name in '${...}'"},
		{"${A:}", "f:1:1: error: a name in '${...}'"},
		{"${A!x}", "f:1:1: error: a name in '${...}'"},
		{"${X:-a\nb}", "f:1:1: error: '${...}' cannot hold a line break"},
		{"${X:?give it}", "f:1:1: error: required variable 'X' is missing a value: give it "
				  "[required-variable]"},
		{"x ${X?}", "f:1:3: error: required variable 'X' is missing a value ["},
		{"${E:?none}", "f:1:1: error: required variable 'E' is missing a value: none"},
		{"${X:-${Y:?deep}}",
			"f:1:6: error: required variable 'Y' is missing a value: deep"},
		{"${X:?see $A}",
			"f:1:1: error: required variable 'X' is missing a value: see $A ["},
		{"${X:?${SECRET}}",
			"f:1:1: error: required variable 'X' is missing a value: ${SECRET} ["},
		{"${X:?${}}", "f:1:6: error: '${' wants a name"},
	};
	struct word out;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *text;

		assert_false(run(rows[i].in, &out));
		text = said();
		if (strncmp(text, rows[i].first, strlen(rows[i].first)) != 0)
			fail_msg("\"%s\" said: %s", rows[i].in, text);
		assert_null(strstr(text, "s3cret"));
	}
}

static void
only_the_variable_is_a_span(void **state) {
	struct word out;

	(void)state;
	assert_true(run("pre-${SECRET}-${X:-own}-${E:-$A}", &out));
	assert_string_equal(out.s, "pre-s3cret-own-aa");
	assert_int_equal(out.nspan, 2);
	assert_int_equal(out.span[0].off, 4);
	assert_int_equal(out.span[0].len, 6);
	assert_string_equal(out.span[0].ref->name, "SECRET");
	assert_int_equal(out.span[1].off, 15);
	assert_int_equal(out.span[1].len, 2);
	assert_true(run("${X:-default}", &out));
	assert_int_equal(out.nspan, 0);
	assert_true(run("${A:+replaced}", &out));
	assert_int_equal(out.nspan, 0);
}

static void
an_unset_name_warns_once_a_tree(void **state) {
	const char *yaml = "a: $NONE\nb:\n- \"${NONE}\"\n- 'x ${NONE} y'\n- a ${OTHER}\n";
	struct node *tree;
	const char *text;

	(void)state;
	tree = yaml_read(&ctx, diag_source(&ctx, "f", yaml, strlen(yaml)), (struct yaml_limits){0});
	assert_non_null(tree);
	assert_true(interp_tree(&ctx, tree, env));
	text = said();
	assert_non_null(strstr(text, "f:1:4: warning: variable 'NONE' is not set"));
	assert_null(strstr(strstr(text, "'NONE'") + 1, "'NONE'"));
	assert_non_null(strstr(text, "f:5:5: warning: variable 'OTHER' is not set"));
	assert_string_equal(node_text(node_find(tree->u.item[0], "b")->u.item[1]), "x  y");
}

static void
values_only_and_aliases_once(void **state) {
	const char *yaml = "x: &x $$A\ny: *x\n$A: 1\nn: 12\nm: &m {k: $A}\nz: *m\n";
	struct node *doc, *tree;

	(void)state;
	tree = yaml_read(&ctx, diag_source(&ctx, "f", yaml, strlen(yaml)), (struct yaml_limits){0});
	assert_true(interp_tree(&ctx, tree, env));
	doc = tree->u.item[0];
	assert_string_equal(node_text(node_find(doc, "x")), "$A");
	assert_string_equal(node_text(node_find(doc, "y")), "$A");
	assert_non_null(node_find(doc, "$A"));
	assert_int_equal(node_find(doc, "n")->type, NODE_INT);
	assert_string_equal(node_text(node_at(doc, "z", "k", NULL)), "aa");
	assert_int_equal(node_word(node_at(doc, "m", "k", NULL)).nspan, 1);
}

static void
what_failed_is_left_out(void **state) {
	const char *yaml = "a: ${X:?no}\nb: ok\nc: [one, \"${\", two]\n";
	struct node *doc, *tree;

	(void)state;
	tree = yaml_read(&ctx, diag_source(&ctx, "f", yaml, strlen(yaml)), (struct yaml_limits){0});
	assert_false(interp_tree(&ctx, tree, env));
	doc = tree->u.item[0];
	assert_null(node_find(doc, "a"));
	assert_string_equal(node_text(node_find(doc, "b")), "ok");
	assert_int_equal(node_find(doc, "c")->n, 2);
	assert_int_equal(diag_errors(&ctx), 2);
	assert_non_null(strstr(said(), "f:3:11: error: '${' is never closed"));
}

static void
nesting_has_an_end(void **state) {
	char text[4096] = "";
	struct word out;

	(void)state;
	for (int i = 0; i < 32; i++)
		strcat(text, "${X:-");
	strcat(text, "end");
	for (int i = 0; i < 32; i++)
		strcat(text, "}");
	assert_true(run(text, &out));
	assert_string_equal(out.s, "end");
	*text = '\0';
	for (int i = 0; i < 33; i++)
		strcat(text, "${X:-");
	for (int i = 0; i < 33; i++)
		strcat(text, "}");
	assert_false(run(text, &out));
	assert_non_null(strstr(said(), "nested more than 32 deep"));
}

static void
growth_has_an_end(void **state) {
	size_t n = 8 << 20;
	char *text = malloc(n + 1);
	char *big = malloc(1 << 16);
	struct word out;

	(void)state;
	memset(big, 'x', (1 << 16) - 1);
	big[(1 << 16) - 1] = '\0';
	env_set(&ctx, env, "BIG", big);
	for (size_t i = 0; i + 4 <= n; i += 4)
		memcpy(text + i, "$BIG", 4);
	text[n] = '\0';
	assert_false(run(text, &out));
	assert_non_null(strstr(said(), "longer than 4 MiB"));
	free(text);
	free(big);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(forms, begin, end),
		cmocka_unit_test_setup_teardown(wrong_forms_are_named_at_the_dollar, begin, end),
		cmocka_unit_test_setup_teardown(only_the_variable_is_a_span, begin, end),
		cmocka_unit_test_setup_teardown(an_unset_name_warns_once_a_tree, begin, end),
		cmocka_unit_test_setup_teardown(values_only_and_aliases_once, begin, end),
		cmocka_unit_test_setup_teardown(what_failed_is_left_out, begin, end),
		cmocka_unit_test_setup_teardown(nesting_has_an_end, begin, end),
		cmocka_unit_test_setup_teardown(growth_has_an_end, begin, end),
	};

	return cmocka_run_group_tests_name("interp", tests, NULL, NULL);
}
