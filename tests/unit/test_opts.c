/* test_opts.c - reading the command line: src/cli/opts.c with the real global rows and verbs
 * made up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/cli/globals.c"
#include "../../src/cli/opts.c"

struct eat_args {
	bool raw, volumes;
	const char *with;
	struct list side;
	struct number times, wait;
	int how;
};

static const struct option eat_options[] = {
	{.name = "raw",
		.letter = 'r',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct eat_args, raw)},
	{.name = "volumes",
		.letter = 'v',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct eat_args, volumes)},
	{.name = "with",
		.letter = 'w',
		.arg = "TOOL",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct eat_args, with)},
	{.name = "side",
		.arg = "DISH",
		.kind = OPTION_LIST,
		.offset = offsetof(struct eat_args, side)},
	{.name = "times",
		.letter = 'n',
		.arg = "N",
		.kind = OPTION_NUMBER,
		.min = 1,
		.max = 9,
		.offset = offsetof(struct eat_args, times)},
	{.name = "wait",
		.letter = 't',
		.arg = "SECONDS",
		.kind = OPTION_SECONDS,
		.max = 100,
		.offset = offsetof(struct eat_args, wait)},
	{.name = "how",
		.arg = "HOW",
		.kind = OPTION_CHOICE,
		.choices = "fast slow",
		.later_choices = "politely",
		.offset = offsetof(struct eat_args, how)},
	{.name = "twice", .later = true},
};
static const struct command eat = {.name = "eat",
	.alias = "dine",
	.args = "[DISH...]",
	.option = eat_options,
	.noption = countof(eat_options),
	.size = sizeof(struct eat_args)};
static const struct command sleeping = {.name = "sleep", .args = ""};
static const struct command wash = {.name = "wash", .args = "", .later = true};
static const struct command ask = {.name = "__ask", .args = "", .hidden = true, .raw = true};
static const struct command taste = {.name = "taste",
	.args = "FLAG...",
	.option = eat_options,
	.noption = countof(eat_options),
	.size = sizeof(struct eat_args),
	.flags = true};
static const struct command *const rows[] = {&eat, &sleeping, &wash, &ask, &taste};

struct fixture {
	struct ctx ctx;
	struct parsed parsed;
	char said[4096]; /* the diagnostics as text */
};

static int
set_up(void **state) {
	struct fixture *f = calloc(1, sizeof(*f));
	f->ctx.mem = arena_new();
	f->ctx.diags = diags_new(f->ctx.mem);
	*state = f;
	return 0;
}

static int
tear_down(void **state) {
	struct fixture *f = *state;
	arena_free(f->ctx.mem);
	free(f);
	return 0;
}

/* Parse a line of words separated by blanks; "''" is the empty word. */
static bool
parse(struct fixture *f, const char *line) {
	char *argv[32] = {NULL};
	size_t n = 0;
	for (const char *p = line; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		argv[n] = arena_strndup(f->ctx.mem, p, len);
		if (str_eq(argv[n], "''"))
			argv[n][0] = '\0';
		n++;
		p += len;
	}
	char **copy = arena_array(f->ctx.mem, n + 1, sizeof(*copy));
	memcpy(copy, argv, n * sizeof(*copy));
	bool ok = opts_parse(&f->ctx, &f->parsed, rows, countof(rows), copy);
	FILE *out = fmemopen(f->said, sizeof(f->said), "w");
	diags_print(&f->ctx, out, DIAG_TEXT, false);
	fclose(out);
	return ok;
}

/* The line is refused, with these words and a hint. */
static void
refuses(struct fixture *f, const char *line, const char *words, const char *hint) {
	assert_false(parse(f, line));
	if (!strstr(f->said, words) || !strstr(f->said, hint))
		fail_msg("'%s' gave: %s", line, f->said);
}

static void
test_nothing(void **state) {
	struct fixture *f = *state;
	assert_true(parse(f, ""));
	assert_null(f->parsed.command);
	assert_int_equal(f->parsed.noperand, 0);
}

static void
test_global_options_stand_anywhere(void **state) {
	struct fixture *f = *state;
	assert_true(parse(f, "-f a.yml eat soup --file=b.yml -fc.yml -p x -y"));
	assert_ptr_equal(f->parsed.command, &eat);
	assert_int_equal(f->parsed.g.file.n, 3);
	assert_string_equal(f->parsed.g.file.v[0], "a.yml");
	assert_string_equal(f->parsed.g.file.v[1], "b.yml");
	assert_string_equal(f->parsed.g.file.v[2], "c.yml");
	assert_string_equal(f->parsed.g.project_name, "x");
	assert_true(f->parsed.g.yes);
	assert_int_equal(f->parsed.noperand, 1);
	assert_string_equal(f->parsed.operand[0], "soup");
	assert_null(f->parsed.operand[1]);
}

static void
test_alias(void **state) {
	struct fixture *f = *state;
	assert_true(parse(f, "dine"));
	assert_ptr_equal(f->parsed.command, &eat);
}

static void
test_values(void **state) {
	struct fixture *f = *state;
	assert_true(
		parse(f, "eat --with fork --side=a --side b -n3 -t 1m30s --how slow --with=a=b"));
	const struct eat_args *a = f->parsed.args;
	assert_string_equal(a->with, "a=b");
	assert_int_equal(a->side.n, 2);
	assert_string_equal(a->side.v[1], "b");
	assert_true(a->times.given);
	assert_int_equal(a->times.value, 3);
	assert_int_equal(a->wait.value, 90000);
	assert_int_equal(a->how, 2);
	assert_false(a->raw);
}

static void
test_seconds(void **state) {
	struct fixture *f = *state;
	assert_true(parse(f, "eat -t 10"));
	assert_int_equal(((struct eat_args *)f->parsed.args)->wait.value, 10000);
	assert_true(parse(f, "eat -t 1.2005s"));
	assert_int_equal(((struct eat_args *)f->parsed.args)->wait.value, 1201);
	assert_true(parse(f, "eat -t 0"));
	assert_true(((struct eat_args *)f->parsed.args)->wait.given);
	refuses(f, "eat -t 101", "'-t' wants seconds such as 10 or 1m30s, not \"101\"",
		"eat --help");
	refuses(f, "eat -t 2m", "not \"2m\"", "eat --help");
	refuses(f, "eat -t -1", "not \"-1\"", "eat --help");
}

static void
test_empty_and_dashed_values(void **state) {
	struct fixture *f = *state;
	assert_true(parse(f, "eat --with="));
	assert_string_equal(((struct eat_args *)f->parsed.args)->with, "");
	assert_true(parse(f, "eat --with ''"));
	assert_string_equal(((struct eat_args *)f->parsed.args)->with, "");
	assert_true(parse(f, "eat --with --raw"));
	assert_string_equal(((struct eat_args *)f->parsed.args)->with, "--raw");
	assert_false(((struct eat_args *)f->parsed.args)->raw);
	assert_true(parse(f, "-f - eat -"));
	assert_string_equal(f->parsed.g.file.v[0], "-");
	assert_string_equal(f->parsed.operand[0], "-");
}

static void
test_clusters(void **state) {
	struct fixture *f = *state;
	assert_true(parse(f, "eat -rvqwspoon"));
	const struct eat_args *a = f->parsed.args;
	assert_true(a->raw && a->volumes && f->parsed.g.quiet);
	assert_string_equal(a->with, "spoon");
	assert_true(parse(f, "eat -rw=spoon"));
	assert_string_equal(((struct eat_args *)f->parsed.args)->with, "spoon");
	assert_true(parse(f, "eat -rw spoon"));
	assert_string_equal(((struct eat_args *)f->parsed.args)->with, "spoon");
	refuses(f, "eat -rZ", "unknown option '-Z'", "eat --help");
	refuses(f, "-v eat", "unknown option '-v'", "'stackplan --help'");
}

static void
test_flags_with_values(void **state) {
	struct fixture *f = *state;
	assert_true(parse(f, "eat --raw=true --volumes --volumes=false"));
	const struct eat_args *a = f->parsed.args;
	assert_true(a->raw);
	assert_false(a->volumes);
	refuses(f, "eat --raw=maybe", "'--raw' wants true or false, not \"maybe\"", "eat --help");
}

static void
test_end_of_options(void **state) {
	struct fixture *f = *state;
	assert_true(parse(f, "eat -r -- --raw -- -x"));
	assert_true(f->parsed.ended);
	assert_int_equal(f->parsed.noperand, 3);
	assert_string_equal(f->parsed.operand[0], "--raw");
	assert_string_equal(f->parsed.operand[1], "--");
	assert_string_equal(f->parsed.operand[2], "-x");
}

static void
test_raw_verbs_take_everything(void **state) {
	struct fixture *f = *state;
	assert_true(parse(f, "-q __ask --nonsense -- -f ''"));
	assert_int_equal(f->parsed.noperand, 4);
	assert_string_equal(f->parsed.operand[0], "--nonsense");
	assert_string_equal(f->parsed.operand[1], "--");
	assert_string_equal(f->parsed.operand[3], "");
	assert_int_equal(f->parsed.g.file.n, 0);
}

static void
test_verbs_whose_operands_look_like_options(void **state) {
	struct fixture *f = *state;
	assert_true(parse(f, "-p x taste -p --raw --network-alias -v --with=a -"));
	assert_string_equal(f->parsed.g.project_name, "x");
	assert_int_equal(f->parsed.noperand, 4);
	assert_string_equal(f->parsed.operand[0], "-p");
	assert_string_equal(f->parsed.operand[1], "--network-alias");
	assert_string_equal(f->parsed.operand[2], "-v");
	assert_string_equal(f->parsed.operand[3], "-");
	const struct eat_args *a = f->parsed.args;
	assert_true(a->raw);
	assert_false(a->volumes);
	assert_string_equal(a->with, "a");
	assert_true(parse(f, "taste -p -h"));
	assert_true(f->parsed.g.help);
	assert_true(parse(f, "taste -- --raw --help"));
	assert_int_equal(f->parsed.noperand, 2);
	assert_false(f->parsed.g.help);
	assert_false(((const struct eat_args *)f->parsed.args)->raw);
}

static void
test_suggestions(void **state) {
	struct fixture *f = *state;
	refuses(f, "sleap", "unknown verb 'sleap'; did you mean 'sleep'?", "'stackplan --help'");
	refuses(f, "xyzzy", "unknown verb 'xyzzy'", "'stackplan --help'");
	assert_null(strstr(f->said, "did you mean"));
	refuses(f, "__as", "unknown verb '__as'", "--help");
	assert_null(strstr(f->said, "did you mean"));
	refuses(f, "eat --volume", "'--volume'; did you mean '--volumes'?", "stackplan eat --help");
	refuses(f, "eat --profil x", "did you mean '--profile'?", "stackplan eat --help");
	refuses(f, "eat --twise", "unknown option '--twise'", "eat --help");
	assert_null(strstr(f->said, "did you mean"));
	refuses(f, "--with fork eat", "option '--with' belongs to a verb", "'stackplan --help'");
	refuses(f, "''", "unknown verb ''", "--help");
}

static void
test_missing_value(void **state) {
	struct fixture *f = *state;
	refuses(f, "eat --with", "'--with' wants a value: --with TOOL", "eat --help");
	assert_string_equal(f->parsed.wants->name, "with");
	refuses(f, "eat -rw", "'-w' wants a value: -w TOOL", "eat --help");
	refuses(f, "--file", "'--file' wants a value: --file FILE", "'stackplan --help'");
	assert_null(f->parsed.command);
}

static void
test_bad_values(void **state) {
	struct fixture *f = *state;
	refuses(f, "eat -n 0", "'-n' wants a number from 1 to 9, not \"0\"", "eat --help");
	refuses(f, "eat --times=1x", "not \"1x\"", "eat --help");
	refuses(f, "eat --times=", "not \"\"", "eat --help");
	refuses(f, "eat --how neatly", "'--how' wants one of: fast slow, not \"neatly\"",
		"eat --help");
	refuses(f, "eat --how=", "wants one of", "eat --help");
	refuses(f, "--parallel 0 eat", "wants a number from 1 to 1000", "--help");
	refuses(f, "sleep now", "'sleep' takes no argument such as \"now\"", "sleep --help");
}

static void
test_later(void **state) {
	struct fixture *f = *state;
	refuses(f, "wash --anything", "'wash' is not supported by this version yet", "--help");
	refuses(f, "eat --twice", "'--twice' is not supported by this version yet", "eat --help");
	refuses(f, "eat --twice=x", "'--twice' is not supported by this version yet", "eat --help");
	refuses(f, "eat --how politely", "'--how politely' is not supported by this version yet",
		"eat --help");
	refuses(f, "--engine swarm eat", "'--engine swarm' is not supported", "--help");
	refuses(f, "--engine podman,swarm eat", "wants one of", "--help");
}

static void
test_choice_nth(void **state) {
	struct fixture *f = *state;
	assert_string_equal(choice_nth(&f->ctx, "a  bc d ", 0), "a");
	assert_string_equal(choice_nth(&f->ctx, "a  bc d ", 1), "bc");
	assert_string_equal(choice_nth(&f->ctx, "a  bc d ", 2), "d");
	assert_null(choice_nth(&f->ctx, "a  bc d ", 3));
	assert_null(choice_nth(&f->ctx, "", 0));
	assert_null(choice_nth(&f->ctx, NULL, 0));
}

/* Names and letters of global rows are unique, and every row can be shown. */
static void
test_global_rows(void **state) {
	(void)state;
	for (size_t i = 0; i < nglobal_options; i++) {
		assert_non_null(global_options[i].doc);
		assert_true(!option_takes_value(&global_options[i]) == !global_options[i].arg);
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(global_options[i].name, global_options[j].name);
			assert_true(!global_options[i].letter ||
				    global_options[i].letter != global_options[j].letter);
		}
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void) {
	const struct CMUnitTest tests[] = {
		TEST(test_nothing),
		TEST(test_global_options_stand_anywhere),
		TEST(test_alias),
		TEST(test_values),
		TEST(test_seconds),
		TEST(test_empty_and_dashed_values),
		TEST(test_clusters),
		TEST(test_flags_with_values),
		TEST(test_end_of_options),
		TEST(test_raw_verbs_take_everything),
		TEST(test_verbs_whose_operands_look_like_options),
		TEST(test_suggestions),
		TEST(test_missing_value),
		TEST(test_bad_values),
		TEST(test_later),
		TEST(test_choice_nth),
		TEST(test_global_rows),
	};
	return cmocka_run_group_tests_name("opts", tests, NULL, NULL);
}
