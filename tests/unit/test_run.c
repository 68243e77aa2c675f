/* test_run.c - the loop, with /bin/sh as the engine: order, parallelism, failure, tries, time, signals, what children get. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "run_help.h"

static void
test_empty(void **state) {
	struct fixture *f = *state;
	assert_true(go(f));
	assert_true(f->result.ok);
}

static void
test_order_and_output(void **state) {
	struct fixture *f = *state;
	f->options.parallel = 1;
	add(f, "echo one", NULL);
	add(f, "printf two", NEEDS(1));
	add(f, "exit 0", NEEDS(1, 2));
	assert_true(go(f));
	assert_string_equal(buf_str(&f->events), "+1 .1 +2 .2 +3 .3 ");
	assert_string_equal(buf_str(&f->lines), "1:one|2:two|");
	assert_string_equal(f->result.outcome[0].output, "one");
	assert_string_equal(f->result.outcome[2].output, "");
}

static void
test_parallel(void **state) {
	struct fixture *f = *state;
	f->options.parallel = 3;
	for (int i = 0; i < 8; i++)
		add(f, "sleep 0.1", NULL);
	int64_t begin = clock_ms();
	assert_true(go(f));
	assert_int_equal(f->most, 3);
	assert_in_range(clock_ms() - begin, 290, 2000);
}

static void
test_failure_skips_what_needs_it(void **state) {
	struct fixture *f = *state;
	f->options.parallel = 1;
	add(f, "echo no >&2; exit 3", NULL);
	add(f, "echo never", NEEDS(1));
	add(f, "echo never", NEEDS(2));
	add(f, "echo other", NULL);
	assert_false(go(f));
	assert_string_equal(buf_str(&f->events), "+1 !1 s2 s3 +4 .4 ");
	assert_string_equal(why(f, 1), "exit status 3");
	assert_string_equal(why(f, 3), "step 1 (run title) has failed");
	assert_string_equal(f->result.outcome[0].output, "no");
	assert_int_equal(f->result.outcome[0].code, 3);
	assert_false(f->result.gate_failed);
}

/* A step that stands in for another one runs only when that has failed. */
static void
test_unless(void **state) {
	struct fixture *f = *state;
	f->options.parallel = 1;
	add(f, "exit 1", NULL)->optional = true;
	step_extend(&f->ctx, add(f, "echo instead", NEEDS(1)))->unless = f->step[0];
	add(f, "exit 0", NULL)->optional = true;
	step_extend(&f->ctx, add(f, "echo never", NEEDS(3)))->unless = f->step[2];
	add(f, "echo after", NEEDS(2, 4));
	assert_true(go(f));
	assert_string_equal(buf_str(&f->events), "+1 !1 +2 .2 +3 .3 .4 +5 .5 ");
	assert_string_equal(buf_str(&f->lines), "2:instead|5:after|");
	assert_string_equal(why(f, 4), "not needed");
}

static void
test_stop_starts_nothing_more(void **state) {
	struct fixture *f = *state;
	f->options.parallel = 3;
	f->options.on_failure = ON_FAILURE_STOP;
	add(f, "sleep 0.1; exit 1", NULL);
	add(f, "sleep 0.3", NULL);
	add(f, "sleep 20", NULL)->act = ACT_WAIT;
	add(f, "echo never", NULL);
	add(f, "echo never", NEEDS(1));
	int64_t begin = clock_ms();
	assert_false(go(f));
	assert_string_equal(buf_str(&f->events), "+1 +2 +3 !1 s5 s3 .2 s4 ");
	assert_true(clock_ms() - begin < 3000);
}

static void
test_optional_and_soft(void **state) {
	struct fixture *f = *state;
	f->options.on_failure = ON_FAILURE_STOP;
	f->options.parallel = 1;
	add(f, "exit 1", NULL)->optional = true;
	add(f, "exit 0", NEEDS(1));
	assert_true(go(f));
	assert_true(f->result.ok);
	add(f, "exit 1", NEEDS(2))->soft = true;
	f->step[2]->act = ACT_CHECK;
	add(f, "exit 0", NEEDS(3));
	buf_clear(&f->events);
	assert_false(go(f));
	assert_string_equal(buf_str(&f->events), "+1 !1 +2 .2 +3 !3 +4 .4 ");
	assert_true(f->result.gate_failed);
}

/* An optional step that never came to run holds nobody up. */
static void
test_skipped_optional(void **state) {
	struct fixture *f = *state;
	add(f, "exit 1", NULL);
	add(f, "exit 0", NEEDS(1))->optional = true;
	add(f, "exit 0", NEEDS(2));
	assert_false(go(f));
	assert_string_equal(buf_str(&f->events), "+1 !1 s2 +3 .3 ");
}

static void
expect(struct fixture *f, struct step *s, enum expect_how how, const char *text) {
	struct extra *own = step_extend(&f->ctx, s);
	own->how = how;
	own->expect = text;
}

static void
test_expectations(void **state) {
	struct fixture *f = *state;
	expect(f, add(f, "echo healthy; echo", NULL), EXPECT_EQUAL, "healthy");
	expect(f, add(f, "echo healthy.", NULL), EXPECT_EQUAL, "healthy");
	expect(f, add(f, "echo so; echo far so good", NULL), EXPECT_HOLDS, "so good");
	expect(f, add(f, "echo so good >&2", NULL), EXPECT_HOLDS, "so good");
	expect(f, add(f, "echo so good >&2", NULL), EXPECT_HOLDS, "so good");
	f->step[4]->both = true;
	expect(f, add(f, "printf 'a\\nb\\n'", NULL), EXPECT_HOLDS, "a\nb");
	expect(f, add(f, "printf 'x\\n10.0.0.1'", NULL), EXPECT_REGEX, "^[0-9.]+$");
	expect(f, add(f, "echo x10.0.0.1", NULL), EXPECT_REGEX, "^[0-9.]+$");
	expect(f, add(f, "echo x", NULL), EXPECT_REGEX, "(");
	step_extend(&f->ctx, add(f, "exit 7", NULL))->expect_exit = 7;
	step_extend(&f->ctx, add(f, "exit 0", NULL))->expect_exit = 7;
	assert_false(go(f));
	static const char states[] = ".!.!...!!.!";
	for (size_t i = 0; i < f->plan.nstep; i++)
		assert_int_equal(
			f->result.outcome[i].state, states[i] == '.' ? STEP_DONE : STEP_FAILED);
	assert_string_equal(why(f, 2), "wanted \"healthy\", got \"healthy.\"");
	assert_string_equal(why(f, 4), "the output does not hold \"so good\"");
	assert_string_equal(why(f, 8), "no line of the output matches /^[0-9.]+$/");
	assert_string_equal(why(f, 9), "/(/ is not an extended regular expression");
	assert_string_equal(why(f, 11), "exit status 0 instead of 7");
}

/* What is looked for may have been said long ago, in the part of the output that is not kept. */
static void
test_expected_in_the_dropped_part(void **state) {
	struct fixture *f = *state;
	static const char script[] = "yes | head -c 100000; echo here it is; yes | head -c 300000";
	expect(f, add(f, script, NULL), EXPECT_HOLDS, "here it is");
	f->reporter.line = NULL;
	assert_true(go(f));
	assert_null(strstr(f->result.outcome[0].output, "here it is"));
	assert_true(strlen(f->result.outcome[0].output) < 90000);
}

static void
test_tries(void **state) {
	struct fixture *f = *state;
	char dir[] = "/tmp/test_run.XXXXXX";
	assert_non_null(mkdtemp(dir));
	const char *count =
		arena_printf(f->mem, "cd %s && echo >>n && wc -l <n && [ $(wc -l <n) -eq 3 ]", dir);
	struct step *s = add(f, count, NULL);
	struct extra *own = step_extend(&f->ctx, s);
	own->tries = 5;
	own->every_ms = 30;
	add(f, arena_printf(f->mem, "cat %s/n | wc -l", dir), NEEDS(1));
	f->options.parallel = 1;
	assert_true(go(f));
	assert_string_equal(f->result.outcome[1].output, "3");
	assert_string_equal(buf_str(&f->events), "+1 .1 +2 .2 ");
	step_extend(&f->ctx, s)->tries = 2;
	assert_int_equal(unlink(arena_printf(f->mem, "%s/n", dir)), 0);
	assert_false(go(f));
	assert_string_equal(why(f, 1), "exit status 1 (tried 2 times)");
	unlink(arena_printf(f->mem, "%s/n", dir));
	rmdir(dir);
}

/* A pause costs no slot: something else runs meanwhile. */
static void
test_pause_frees_the_slot(void **state) {
	struct fixture *f = *state;
	struct step *s = add(f, "exit 1", NULL);
	struct extra *own = step_extend(&f->ctx, s);
	own->tries = 2;
	own->every_ms = 400;
	add(f, "exit 0", NULL);
	f->options.parallel = 1;
	assert_false(go(f));
	assert_string_equal(buf_str(&f->events), "+1 +2 .2 !1 ");
}

static void
test_gate(void **state) {
	struct fixture *f = *state;
	static const struct pos nowhere;
	struct remark remarks[2] = {{.about = "its log:"}, {.about = "nothing:"}};
	for (int i = 0; i < 2; i++) {
		words_push(f->mem, &remarks[i].argv, "sh", nowhere);
		words_push(f->mem, &remarks[i].argv, "-c", nowhere);
		words_push(f->mem, &remarks[i].argv, i ? "exit 1" : "echo bad luck", nowhere);
	}
	struct step *s = add(f, "echo starting", NULL);
	s->act = ACT_WAIT;
	expect(f, s, EXPECT_EQUAL, "healthy");
	struct extra *own = step_extend(&f->ctx, s);
	own->fail = "unhealthy";
	own->tries = 1000;
	own->every_ms = 50;
	own->timeout_ms = 300;
	own->remarks = remarks;
	own->nremarks = 2;
	add(f, "echo never", NEEDS(1));
	int64_t begin = clock_ms();
	assert_false(go(f));
	assert_in_range(clock_ms() - begin, 290, 5000);
	assert_true(f->result.gate_failed);
	assert_string_equal(
		why(f, 1), "wanted \"healthy\", got \"starting\" (within the limit of 0.3 s)");
	assert_string_equal(f->result.outcome[0].output, "starting\nits log:\nbad luck");
	s->argv.v[2].s = "echo unhealthy";
	step_extend(&f->ctx, s)->timeout_ms = 30000;
	begin = clock_ms();
	assert_false(go(f));
	assert_in_range(clock_ms() - begin, 0, 5000);
	assert_string_equal(why(f, 1), "wanted \"healthy\", got \"unhealthy\"");
}

/* A grandchild that holds the pipes does not hold up the step. */
static void
test_grandchild(void **state) {
	struct fixture *f = *state;
	add(f, "sleep 8 & echo done", NULL);
	add(f, "exec >&- 2>&-; sleep 0.2", NULL);
	int64_t begin = clock_ms();
	assert_true(go(f));
	assert_in_range(clock_ms() - begin, 190, 6000);
	assert_string_equal(f->result.outcome[0].output, "done");
}

static void
test_time_limit(void **state) {
	struct fixture *f = *state;
	struct step *s = add(f, "sleep 20 & wait", NULL);
	s->act = ACT_WAIT;
	step_extend(&f->ctx, s)->timeout_ms = 200;
	int64_t begin = clock_ms();
	assert_false(go(f));
	assert_in_range(clock_ms() - begin, 190, 6000);
	assert_string_equal(
		why(f, 1), "it did not end in time and was stopped (within the limit of 0.2 s)");
}

static void
test_interrupt(void **state) {
	struct fixture *f = *state;
	add(f, "trap 'echo told; exit 9' TERM; echo up; sleep 20 & wait", NULL);
	add(f, "sleep 20", NULL);
	add(f, "echo never", NEEDS(1));
	f->kill_self = SIGINT;
	int64_t begin = clock_ms();
	assert_false(go(f));
	assert_true(clock_ms() - begin < 2000);
	assert_int_equal(f->result.signal, SIGINT);
	assert_string_equal(why(f, 1), "stopped by an interrupt: exit status 9");
	assert_string_equal(why(f, 3), "the run was stopped by an interrupt");
	assert_int_equal(f->result.outcome[1].state, STEP_FAILED);
	assert_false(f->result.gate_failed);
}

/* Signals that children ignore: the second one kills them. */
static void
test_second_signal(void **state) {
	struct fixture *f = *state;
	add(f, "trap 'echo told' TERM; echo up; while :; do sleep 0.1; done", NULL);
	add(f, "echo never", NULL);
	f->options.parallel = 1;
	f->kill_self = f->kill_again = SIGTERM;
	int64_t begin = clock_ms();
	assert_false(go(f));
	assert_in_range(clock_ms() - begin, 200, 3000);
	assert_int_equal(f->result.signal, SIGTERM);
	assert_int_equal(f->result.outcome[0].code, 128 + SIGKILL);
	assert_string_equal(why(f, 2), "the run was stopped by SIGTERM");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		T(test_empty),
		T(test_order_and_output),
		T(test_parallel),
		T(test_failure_skips_what_needs_it),
		T(test_unless),
		T(test_stop_starts_nothing_more),
		T(test_optional_and_soft),
		T(test_skipped_optional),
		T(test_expectations),
		T(test_expected_in_the_dropped_part),
		T(test_tries),
		T(test_pause_frees_the_slot),
		T(test_gate),
		T(test_grandchild),
		T(test_time_limit),
		T(test_interrupt),
		T(test_second_signal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
