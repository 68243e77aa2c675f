/* test_run_words.c - what children get (arguments, environment, descriptor 3), and what is taken from what they print. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "run_help.h"

static void
test_id(void **state) {
	struct fixture *f = *state;
	static const struct pos nowhere;
	add(f, "echo pulled; echo 0123456789abcdef", NULL)->yields_id = true;
	add(f, "echo 0123456789abcdefg", NULL)->yields_id = true;
	add(f, "echo 0123456789abcdef; echo port taken >&2; exit 125", NULL)->yields_id = true;
	words_push(f->mem, &step_extend(&f->ctx, f->step[2])->undo, "docker", nowhere);
	words_push(f->mem, &step_extend(&f->ctx, f->step[2])->undo, "rm", nowhere);
	words_push(f->mem, &step_extend(&f->ctx, f->step[2])->undo, "a b", nowhere);
	assert_false(go(f));
	assert_string_equal(f->result.outcome[0].id, "0123456789abcdef");
	assert_string_equal(why(f, 2), "it printed no container ID");
	assert_string_equal(why(f, 3),
		"exit status 125; it was made nevertheless, and is removed by: docker rm \"a b\"");
	assert_string_equal(f->result.outcome[2].output, "port taken");
}

static void
test_captured_output(void **state) {
	struct fixture *f = *state;
	static const struct ref ref = {.from = REF_OUTPUT, .name = "image_id"};
	struct span span = {.off = 9, .len = 0, .ref = &ref};
	add(f, "printf 'sha256:1\\n\\n'", NULL)->yields = &ref;
	struct step *s = add(f, "echo got ; echo end", NEEDS(1));
	s->argv.v[2].span = &span;
	s->argv.v[2].nspan = 1;
	assert_true(go(f));
	assert_string_equal(f->result.outcome[1].output, "got sha256:1\nend");
	f->step[0]->argv.v[2].s = "exit 0";
	assert_false(go(f));
	assert_string_equal(why(f, 1), "it printed nothing");
}

static void
test_environment(void **state) {
	struct fixture *f = *state;
	struct passed pass[] = {
		{.name = "A", .value = {.s = "new value"}},
		{.name = "GONE", .unset = true},
		{.name = "PATH", .value = {.s = "file secret"}, .by_file = true},
		{.name = "B", .value = {.s = "b"}},
	};
	struct step *s = add(f,
		"test \"$A\" = 'new value' && env | grep -c ^A=; echo ${GONE-gone} $B; cat <&3; "
		"echo $A >&2; ls /proc/$$/fd; :",
		NULL);
	s->pass = pass;
	s->npass = 4;
	add(f, "echo $A; env | grep -c ^A=; ls /proc/$$/fd; :", NULL);
	assert_true(go(f));
	assert_string_equal(
		f->result.outcome[0].output, "1\ngone b\nPATH=<redacted>\n0\n1\n2\n3\n<redacted>");
	assert_string_equal(f->result.outcome[1].output, "base\n1\n0\n1\n2");
	assert_null(strstr(buf_str(&f->lines), "new value"));
	assert_null(strstr(buf_str(&f->lines), "file secret"));
}

/* What docker's own short-lived client is told for itself reaches neither a build nor a container. */
static void
test_brief(void **state) {
	static const char said[] = "echo ${GOGC-none} ${GOMAXPROCS-none}";
	struct fixture *f = *state;
	struct passed pass = {.name = "GOGC", .unset = true};
	add(f, said, NULL);
	add(f, said, NULL)->act = ACT_BUILD;
	add(f, said, NULL)->act = ACT_EXEC;
	struct step *s = add(f, said, NULL);
	s->pass = &pass;
	s->npass = 1;
	assert_true(go(f));
	assert_string_equal(f->result.outcome[0].output, "400 1");
	assert_string_equal(f->result.outcome[1].output, "none none");
	assert_string_equal(f->result.outcome[2].output, "none none");
	assert_string_equal(f->result.outcome[3].output, "none 1");
}

static void
test_input(void **state) {
	struct fixture *f = *state;
	static const struct ref ref = {.from = REF_OUTPUT, .name = "image_id"};
	static const struct ref outside = {.from = REF_ENVIRON, .name = "ORDINARY"};
	struct span span = {.off = 5, .len = 0, .ref = &ref},
		    whole = {.off = 0, .len = 7, .ref = &outside};
	struct feed text = {
		.kind = FEED_TEXT, .text = {.s = "FROM \nRUN x", .span = &span, .nspan = 1}};
	struct feed_file file = {.path = "/a/b",
		.mode = 0444,
		.content = {.s = "hunter2", .span = &whole, .nspan = 1}};
	struct feed files = {.kind = FEED_FILES, .file = &file, .nfile = 1};

	add(f, "echo sha256:1", NULL)->yields = &ref;
	struct step *s =
		add(f, "n=$(cat); echo \"$n\"; test \"$n\" = \"FROM sha256:1\nRUN x\"", NEEDS(1));
	s->feed = &text;
	s = add(f, "tar -xOf - a/b; exit 3", NULL);
	s->feed = &files;
	step_extend(&f->ctx, s)->tries = 2;
	add(f, "cat; echo end", NULL);
	assert_false(go(f));
	assert_string_equal(f->result.outcome[1].output, "FROM sha256:1\nRUN x");
	/* every try reads it anew, and what came from outside is masked whatever its name */
	assert_null(strstr(buf_str(&f->lines), "hunter2"));
	assert_string_equal(f->result.outcome[2].output, "<redacted>");
	assert_string_equal(f->result.outcome[3].output, "end");
}

static void
test_global_words(void **state) {
	struct fixture *f = *state;
	static const struct pos nowhere;
	words_push(f->mem, &f->docker.global, "-f", nowhere);
	add(f, "echo * $-", NULL);
	assert_true(go(f));
	assert_non_null(strstr(f->result.outcome[0].output, "* "));
}

static void
test_cannot_start(void **state) {
	struct fixture *f = *state;
	f->docker.program = "/nonexistent/docker";
	step_extend(&f->ctx, add(f, "exit 0", NULL))->tries = 10;
	add(f, "exit 0", NEEDS(1));
	assert_false(go(f));
	assert_string_equal(buf_str(&f->events), "+1 !1 s2 ");
	assert_string_equal(
		why(f, 1), "cannot start '/nonexistent/docker': No such file or directory");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		T(test_id),
		T(test_captured_output),
		T(test_environment),
		T(test_brief),
		T(test_input),
		T(test_global_words),
		T(test_cannot_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
