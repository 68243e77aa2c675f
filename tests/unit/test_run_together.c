/* test_run_together.c - gates that are asked by one command: how many commands that takes, and what each of the gates makes of its
 * line. The things asked for are files of a folder: what is in one is its answer. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "run_help.h"
#include <sys/stat.h>

/* Answers for each thing, and notes how many it was asked for. */
static const char script[] = "cd \"$DIR\"; echo \"$#\" >>asked; code=0\n"
			     "for x; do if [ -e \"$x\" ]; then cat \"$x\"; else echo \"No such "
			     "thing: $x\" >&2; code=1; fi; "
			     "done\n"
			     "exit $code";

static char folder[64];

/* Empty the folder. */
static void
begin(struct fixture *f) {
	char **env = arena_array(f->mem, 3, sizeof(*env));

	strcpy(folder, "/tmp/stackplan-unit-XXXXXX");
	assert_non_null(mkdtemp(folder));
	env[0] = arena_strdup(f->mem, "PATH=/usr/bin:/bin");
	env[1] = arena_join(f->mem, "DIR=", folder, NULL);
	f->docker.env = env;
}

/* Put a file into the folder. */
static void
put(struct fixture *f, const char *name, const char *text) {
	FILE *file = fopen(arena_join(f->mem, folder, "/", name, NULL), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* How many were asked for, each time, as a text; the folder is removed. */
static const char *
asked(struct fixture *f) {
	struct buf b = {0};
	FILE *file = fopen(arena_join(f->mem, folder, "/asked", NULL), "r");

	for (int c; file && (c = fgetc(file)) != EOF;)
		buf_addc(&b, c == '\n' ? ' ' : (char)c);
	if (file)
		fclose(file);
	assert_int_equal(system(arena_join(f->mem, "rm -r ", folder, NULL)), 0);
	return arena_take_buf(f->mem, &b);
}

/* A gate on one thing. */
static struct step *
gate(struct fixture *f, const char *thing, const uint32_t *needs) {
	static const struct pos nowhere;
	struct step *s = add(f, script, needs);

	words_push(f->mem, &s->argv, "sh", nowhere);
	words_push(f->mem, &s->argv, thing, nowhere);
	s->act = ACT_WAIT;
	s->together = true;
	struct extra *own = step_extend(&f->ctx, s);
	own->how = EXPECT_EQUAL;
	own->expect = "good";
	own->fail = "bad*|*No such*";
	own->every_ms = 20;
	own->tries = 100;
	own->timeout_ms = 2000;
	return s;
}

static void
all_at_once(void **state) {
	struct fixture *f = *state;

	begin(f);
	for (int i = 0; i < 30; i++) {
		char *name = arena_printf(f->mem, "t%d", i);
		put(f, name, "good\n");
		gate(f, name, NULL);
	}
	assert_true(go(f));
	assert_int_equal(f->most, 30); /* told of all, by one child */
	assert_string_equal(asked(f), "30 ");
	assert_int_equal(f->result.outcome[29].state, STEP_DONE);
	assert_string_equal(f->result.outcome[29].output, "good");
	assert_non_null(strstr(buf_str(&f->lines), "17:good|"));
}

static void
more_than_fit(void **state) {
	static struct step *step[250];
	struct fixture *f = *state;

	begin(f);
	f->plan.step = step;
	put(f, "t", "good\n");
	for (int i = 0; i < 250; i++) {
		static const uint32_t none[] = {0};
		f->plan.step = f->step; /* MOST_STEPS at a time */
		f->plan.nstep = 0;
		step[i] = gate(f, "t", none);
		step[i]->id = (uint32_t)i + 1;
	}
	f->plan.step = step;
	f->plan.nstep = 250;
	f->options.parallel = 1;
	assert_true(go(f));
	assert_string_equal(asked(f), "100 100 50 ");
}

/* Those that are not right wait on, together; other questions are asked apart. */
static void
some_wait(void **state) {
	struct fixture *f = *state;

	begin(f);
	f->options.parallel = 1;
	put(f, "a", "good\n");
	put(f, "b", "not yet\n");
	put(f, "c", "not yet\n");
	gate(f, "a", NULL);
	gate(f, "b", NULL);
	gate(f, "c", NULL);
	add(f, arena_join(f->mem, "sleep 0.1; echo good >", folder, "/b", NULL), NEEDS(1));
	add(f, arena_join(f->mem, "sleep 0.1; echo good >", folder, "/c", NULL), NEEDS(4));
	assert_true(go(f));
	const char *times = asked(f);
	assert_int_equal(strncmp(times, "3 2 ", 4), 0);
	assert_null(strchr(times + 2, '3'));
}

/* A failure is that of one step: with its own message, and its own remarks. */
static void
one_is_hopeless(void **state) {
	struct fixture *f = *state;
	static const struct pos nowhere;
	struct remark *r = arena_array(f->mem, 1, sizeof(*r));
	struct step *s;

	begin(f);
	put(f, "a", "good\n");
	put(f, "b", "bad luck\n");
	put(f, "c", "good\n");
	gate(f, "a", NULL);
	s = gate(f, "b", NULL);
	gate(f, "c", NULL);
	r->about = "it says:";
	words_push(f->mem, &r->argv, "sh", nowhere);
	words_push(f->mem, &r->argv, "-c", nowhere);
	words_push(f->mem, &r->argv, "echo more", nowhere);
	struct extra *own = step_extend(&f->ctx, s);
	own->remarks = r;
	own->nremarks = 1;
	assert_false(go(f));
	assert_true(f->result.gate_failed);
	assert_string_equal(why(f, 2), "wanted \"good\", got \"bad luck\" (tried 2 times)");
	assert_string_equal(f->result.outcome[1].output, "bad luck\nit says:\nmore");
	assert_int_equal(f->result.outcome[2].state, STEP_DONE);
	assert_string_equal(asked(f), "3 1 ");
}

/* One is gone: the answer is not whole, so each asks for itself. */
static void
one_is_gone(void **state) {
	struct fixture *f = *state;

	begin(f);
	f->options.parallel = 1;
	put(f, "a", "good\n");
	put(f, "c", "good\n");
	gate(f, "a", NULL);
	gate(f, "b", NULL);
	gate(f, "c", NULL);
	assert_false(go(f));
	assert_int_equal(f->result.outcome[0].state, STEP_DONE);
	assert_int_equal(f->result.outcome[1].state, STEP_FAILED);
	assert_string_equal(f->result.outcome[1].output, "No such thing: b");
	assert_int_equal(f->result.outcome[2].state, STEP_DONE);
	assert_string_equal(asked(f), "3 1 1 1 ");
}

/* With ON_FAILURE_STOP the others are skipped. */
static void
failure_stops(void **state) {
	struct fixture *f = *state;

	begin(f);
	f->options.on_failure = ON_FAILURE_STOP;
	put(f, "a", "not yet\n");
	put(f, "b", "bad luck\n");
	gate(f, "a", NULL);
	gate(f, "b", NULL);
	assert_false(go(f));
	assert_int_equal(f->result.outcome[0].state, STEP_SKIPPED);
	assert_int_equal(f->result.outcome[1].state, STEP_FAILED);
	asked(f);
}

/* The limit of each counts, whoever has the child. */
static void
limits(void **state) {
	struct fixture *f = *state;
	int64_t began = clock_ms();

	begin(f);
	put(f, "a", "not yet\n");
	put(f, "b", "not yet\n");
	step_extend(&f->ctx, gate(f, "a", NULL))->timeout_ms = 60000;
	step_extend(&f->ctx, gate(f, "b", NULL))->timeout_ms = 200;
	step_extend(&f->ctx, f->step[0])->tries = 100000;
	step_extend(&f->ctx, f->step[1])->tries = 100000;
	f->options.on_failure = ON_FAILURE_STOP;
	assert_false(go(f));
	assert_in_range(clock_ms() - began, 190, 3000);
	assert_int_equal(f->result.outcome[1].state, STEP_FAILED);
	assert_non_null(strstr(why(f, 2), "within the limit of 0.2 s"));
	asked(f);
}

/* A question that hangs is ended when the first of them is over. */
static void
hangs(void **state) {
	struct fixture *f = *state;
	int64_t began = clock_ms();

	begin(f);
	for (int i = 0; i < 3; i++) {
		struct step *s = gate(f, "a", NULL);
		s->argv.v[2].s = "sleep 20";
		step_extend(&f->ctx, s)->timeout_ms = i == 1 ? 300 : 10000;
	}
	f->options.on_failure = ON_FAILURE_STOP;
	assert_false(go(f));
	assert_in_range(clock_ms() - began, 290, 5000);
	assert_int_equal(f->result.outcome[1].state, STEP_FAILED);
	asked(f);
}

static void
signalled(void **state) {
	struct fixture *f = *state;

	begin(f);
	for (int i = 0; i < 3; i++)
		gate(f, "a", NULL)->argv.v[2].s = "sleep 20";
	add(f, "echo told; sleep 20", NULL);
	f->kill_self = SIGTERM;
	int64_t began = clock_ms();
	assert_false(go(f));
	assert_in_range(clock_ms() - began, 0, 3000);
	assert_int_equal(f->result.signal, SIGTERM);
	assert_int_equal(f->result.outcome[0].state, STEP_FAILED);
	assert_int_equal(f->result.outcome[1].state, STEP_SKIPPED);
	assert_int_equal(f->result.outcome[2].state, STEP_SKIPPED);
	asked(f);
}

/* What has just started is given a moment. */
static void
settles(void **state) {
	struct fixture *f = *state;
	int64_t began = clock_ms();

	begin(f);
	put(f, "a", "good\n");
	step_extend(&f->ctx, gate(f, "a", NULL))->delay_ms = 300;
	step_extend(&f->ctx, gate(f, "a", NULL))->delay_ms = 300;
	assert_true(go(f));
	assert_in_range(clock_ms() - began, 290, 3000);
	assert_string_equal(asked(f), "2 ");
}

int
main(void) {
	static const struct CMUnitTest tests[] = {
		T(all_at_once),
		T(more_than_fit),
		T(some_wait),
		T(one_is_hopeless),
		T(one_is_gone),
		T(failure_stops),
		T(limits),
		T(hangs),
		T(signalled),
		T(settles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
