/* test_report_tty.c - the live block, as it is seen on a terminal that is only a struct, at times that are told. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "fake_screen.h"
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/plan.h>
#include <stackplan/run.h>
#include <stdio.h>

enum { NSTEP = 40 };

/* A clock and a screen have no argument in a reporter: these are the test's. */
static int64_t now_ms;
static unsigned now_columns, now_rows;

struct fixture {
	struct arena *mem;
	struct ctx ctx;
	struct step step[NSTEP];
	struct step *list[NSTEP];
	struct plan plan;
	struct outcome outcome[NSTEP];
	char *text;
	size_t len, shown;
	FILE *out;
	struct fake_screen screen;
	struct reporter *r;
};

static int64_t
clock_of_test(void) {
	return now_ms;
}

static void
size_of_test(FILE *out, unsigned *columns, unsigned *rows) {
	(void)out;
	*columns = now_columns;
	*rows = now_rows;
}

static int
set_up(void **state) {
	struct fixture *f = calloc(1, sizeof(*f));
	static char names[NSTEP][8];

	f->mem = arena_new();
	f->ctx = (struct ctx){.mem = f->mem, .diags = diags_new(f->mem)};
	for (unsigned i = 0; i < NSTEP; i++) {
		snprintf(names[i], sizeof(names[i]), "s%u", i + 1);
		f->step[i] = (struct step){.id = i + 1,
			.act = ACT_RUN,
			.kind = KIND_CONTAINER,
			.title = names[i],
			.name = names[i]};
		f->list[i] = &f->step[i];
		f->outcome[i] = (struct outcome){
			.state = STEP_DONE, .output = "", .why = "", .took_ms = 1500};
	}
	f->plan = (struct plan){.step = f->list, .nstep = NSTEP};
	f->out = open_memstream(&f->text, &f->len);
	*state = f;
	return 0;
}

static int
tear_down(void **state) {
	struct fixture *f = *state;

	f->r->summary(f->r->arg, &f->plan, f->outcome, true); /* gives its memory back */
	fclose(f->out);
	free(f->text);
	arena_free(f->mem);
	free(f);
	return 0;
}

/* Begin on a screen of this size; N steps are under way. */
static void
begin(struct fixture *f, unsigned columns, unsigned rows, size_t n, bool utf8) {
	now_ms = 1000;
	now_columns = f->screen.columns = columns;
	now_rows = f->screen.rows = rows;
	f->r = report_make(&f->ctx, &(struct report_options){.progress = PROGRESS_TTY,
					    .out = f->out,
					    .utf8 = utf8,
					    .clock = clock_of_test,
					    .size = size_of_test});
	f->r->begun(f->r->arg, &f->plan);
	for (size_t i = 0; i < n; i++)
		f->r->started(f->r->arg, f->list[i]);
}

/* Bring what was written onto the screen. Returns how many bytes that were. */
static size_t
show(struct fixture *f) {
	fflush(f->out);
	size_t n = f->len - f->shown;
	fake_write(&f->screen, f->text + f->shown, n);
	f->shown = f->len;
	return n;
}

/* Let time go by. */
static size_t
pass(struct fixture *f, int64_t ms) {
	now_ms += ms;
	f->r->tick(f->r->arg);
	return show(f);
}

static void
say(struct fixture *f, size_t i, const char *text) {
	f->r->line(f->r->arg, f->list[i], text, false);
}

static void
finish(struct fixture *f, size_t i) {
	f->r->ended(f->r->arg, f->list[i], &f->outcome[i]);
}

static void
test_block(void **state) {
	struct fixture *f = *state;

	f->step[1].act = ACT_WAIT;
	f->step[1].extra = &(struct extra){.tries = 9, .expect = "healthy", .timeout_ms = 60000};
	begin(f, 80, 24, 3, true);
	say(f, 0, "layer 1: done");
	say(f, 1, "starting");
	assert_int_equal(pass(f, 99), 0); /* what is quick leaves no trace */
	pass(f, 1);
	assert_string_equal(fake_text(&f->screen),
		"\xe2\xa0\x99 [ 1/40] run s1   0.1 s  layer 1: done\n"
		"\xe2\xa0\x99 [ 2/40] wait s2  0.1 s  starting; waits for healthy, at most 1 min\n"
		"\xe2\xa0\x99 [ 3/40] run s3   0.1 s\n"
		"  0 of 40 done, 3 under way, 0.1 s\n");
	finish(f, 0);
	pass(f, 12000);
	assert_string_equal(fake_text(&f->screen),
		"[ 1/40] run s1: done (1.5 s)\n"
		"\xe2\xa0\x99 [ 2/40] wait s2   12 s  starting; waits for healthy, at most 1 min\n"
		"\xe2\xa0\x99 [ 3/40] run s3    12 s\n"
		"  1 of 40 done, 2 under way, 12 s\n");
	f->outcome[1].state = STEP_FAILED;
	f->outcome[1].why = "no \033[2Jway";
	finish(f, 1);
	pass(f, 100);
	assert_string_equal(fake_text(&f->screen),
		"[ 1/40] run s1: done (1.5 s)\n"
		"[ 2/40] wait s2: FAILED: no \\x1b[2Jway (1.5 s)\n"
		"\xe2\xa0\xb9 [ 3/40] run s3   12 s\n"
		"  1 of 40 done, 1 failed, 1 under way, 12 s\n");
	assert_int_equal(f->screen.mistakes, 0);
}

/* In the end nothing of the block is left. */
static void
test_end(void **state) {
	struct fixture *f = *state;

	begin(f, 80, 24, 2, true);
	pass(f, 200);
	finish(f, 0);
	finish(f, 1);
	for (size_t i = 2; i < NSTEP; i++) {
		f->outcome[i].state = STEP_SKIPPED;
		f->outcome[i].why = "step 2 (run s2) has failed";
	}
	f->plan.nstep = 3;
	f->r->summary(f->r->arg, &f->plan, f->outcome, false);
	show(f);
	assert_string_equal(fake_text(&f->screen), "[ 1/40] run s1: done (1.5 s)\n"
						   "[ 2/40] run s2: done (1.5 s)\n"
						   "not done, because step 2 (run s2) has failed:\n"
						   "    [ 3/40] run s3\n");
	assert_int_equal(f->screen.x, 0);
	assert_null(strstr(f->text, "\033[?")); /* the cursor is never hidden */
}

/* At most ten pictures a second, whatever happens; none when nothing goes on. */
static void
test_pace(void **state) {
	struct fixture *f = *state;
	size_t pictures = 0;

	begin(f, 80, 24, 2, true);
	for (int ms = 0; ms < 1000; ms++) {
		say(f, 0, ms % 2 ? "odd" : "even");
		pictures += pass(f, 1) > 0;
	}
	assert_int_equal(pictures, 10);
	assert_int_equal(f->r->tick(f->r->arg), 100);
	now_ms += 60;
	assert_int_equal(f->r->tick(f->r->arg), 40);
	finish(f, 0);
	finish(f, 1);
	assert_int_equal(f->r->tick(f->r->arg), 40); /* there is something to show */
	pass(f, 40);
	assert_int_equal(f->r->tick(f->r->arg), -1);
	assert_int_equal(pass(f, 5000), 0);
}

/* A picture is one write, and does not erase what it draws again. */
static void
test_no_flicker(void **state) {
	struct fixture *f = *state;

	begin(f, 80, 24, 2, true);
	pass(f, 100);
	size_t from = f->len;
	pass(f, 100);
	assert_int_equal(strncmp(f->text + from, "\r\033[3A\xe2\xa0\xb9 [", 10), 0);
	const char *erase = strstr(f->text + from, "\033[J");
	assert_non_null(erase);
	assert_string_equal(erase, "\033[J"); /* last of all */
}

static void
test_narrow(void **state) {
	struct fixture *f = *state;

	f->step[0].title = "a-service-with-a-long-name-that-does-not-fit";
	begin(f, 40, 24, 2, true);
	say(f, 1, "a line that is longer than there is room for");
	pass(f, 100);
	assert_string_equal(fake_text(&f->screen),
		"\xe2\xa0\x99 [ 1/40] run a-service-w\xe2\x80\xa6  0.1 s\n"
		"\xe2\xa0\x99 [ 2/40] run s2            0.1 s  a l\xe2\x80\xa6\n"
		"  0 of 40 done, 2 under way, 0.1 s\n");
	assert_int_equal(f->screen.mistakes, 0);
}

/* Where there is hardly a screen at all, nothing breaks. */
static void
test_tiny(void **state) {
	struct fixture *f = *state;

	for (unsigned columns = 1; columns < 20; columns++) {
		memset(&f->screen, 0, sizeof(f->screen));
		begin(f, columns, 1 + columns % 4, 5, columns % 2);
		f->shown = f->len;
		say(f, 0, "something");
		pass(f, 100);
		pass(f, 100);
		for (size_t i = 0; i < 5; i++)
			finish(f, i);
		f->r->summary(f->r->arg, &f->plan, f->outcome, true);
	}
}

static void
test_ascii(void **state) {
	struct fixture *f = *state;

	f->step[0].title = "caf\xc3\xa9";
	begin(f, 40, 24, 2, false);
	say(f, 0, "na\xc3\xafve \xe2\x9c\x93");
	say(f, 1, "a line that is longer than there is room for");
	pass(f, 100);
	assert_string_equal(fake_text(&f->screen), "/ [ 1/40] run caf?  0.1 s  na?ve ?\n"
						   "/ [ 2/40] run s2    0.1 s  a line th...\n"
						   "  0 of 40 done, 2 under way, 0.1 s\n");
	finish(f, 0);
	pass(f, 100);
	for (size_t i = 0; i < f->len; i++)
		assert_true((unsigned char)f->text[i] < 0x80);
}

/* More steps than rows: as many as fit, and how many are left. */
static void
test_low_screen(void **state) {
	struct fixture *f = *state;

	begin(f, 80, 8, 12, true);
	pass(f, 100);
	const char *text = fake_text(&f->screen);
	assert_non_null(strstr(text, "[ 4/40]"));
	assert_null(strstr(text, "[ 5/40]"));
	assert_non_null(strstr(text, "  ... and 8 more\n  0 of 40 done, 12 under way"));
	for (size_t i = 0; i < 12; i++) {
		finish(f, i);
		pass(f, 100);
	}
	assert_string_equal(f->screen.gone, "[ 1/40] run s1: done (1.5 s)\n"
					    "[ 2/40] run s2: done (1.5 s)\n"
					    "[ 3/40] run s3: done (1.5 s)\n"
					    "[ 4/40] run s4: done (1.5 s)\n"
					    "[ 5/40] run s5: done (1.5 s)\n"
					    "[ 6/40] run s6: done (1.5 s)\n");
	assert_non_null(strstr(fake_text(&f->screen), "[12/40] run s12: done (1.5 s)\n"));
	assert_null(strstr(fake_text(&f->screen), "under way"));
}

/* A narrower terminal has broken the old lines: all their rows go, and nothing else. */
static void
test_resize(void **state) {
	struct fixture *f = *state;

	begin(f, 100, 24, 3, true);
	say(f, 1, "a line that is so long that it takes more than one row on a narrow screen");
	finish(f, 0);
	pass(f, 100);
	now_columns = 40;
	fake_resize(&f->screen, 40, 24);
	f->r->signal(f->r->arg, SIGWINCH);
	assert_true(pass(f, 1) > 0); /* at once */
	assert_string_equal(fake_text(&f->screen),
		"[ 1/40] run s1: done (1.5 s)\n"
		"\xe2\xa0\x99 [ 2/40] run s2  0.1 s  a line that i\xe2\x80\xa6\n"
		"\xe2\xa0\x99 [ 3/40] run s3  0.1 s\n"
		"  1 of 40 done, 2 under way, 0.1 s\n");
	now_columns = 100;
	fake_resize(&f->screen, 100, 24);
	pass(f, 100);
	assert_string_equal(fake_text(&f->screen), "[ 1/40] run s1: done (1.5 s)\n"
						   "\xe2\xa0\xb9 [ 2/40] run s2  0.2 s  a line "
						   "that is so long that it takes more than "
						   "one row on a narrow screen\n"
						   "\xe2\xa0\xb9 [ 3/40] run s3  0.2 s\n"
						   "  1 of 40 done, 2 under way, 0.2 s\n");
}

/* What a command says is shown and not obeyed. */
static void
test_tame(void **state) {
	struct fixture *f = *state;
	static const char *const said[] = {"a\tb", "\033[32mgreen\033[0m", "10%\r20%\r30%",
		"\033]0;title\007text", "\033]0;title\033\\text", "bell \007", "\033[", "\033",
		"30%\r", "\xff"};
	static const char *const seen[] = {
		"a b", "green", "30%", "text", "text", "bell \\x07", "", "", "30%", "\\xff"};

	begin(f, 80, 24, 1, true);
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		char want[200];
		say(f, 0, said[i]);
		pass(f, 1000);
		const char *line = fake_text(&f->screen);
		const char *time = strstr(line, ".0 s");
		snprintf(want, sizeof(want), "%s%s\n", *seen[i] ? "  " : "", seen[i]);
		line = time ? time + 4 : strstr(line, "10 s") + 4;
		if (strncmp(line, want, strlen(want)) != 0)
			fail_msg("wanted \"%s\", got \"%s\"", want, line);
	}
	assert_int_equal(f->screen.mistakes, 0);
}

/* A line of nothing does not hide the one before. */
static void
test_empty_line(void **state) {
	struct fixture *f = *state;

	begin(f, 80, 24, 1, true);
	say(f, 0, "something");
	say(f, 0, "  \r");
	say(f, 0, "");
	pass(f, 100);
	assert_non_null(strstr(fake_text(&f->screen), "0.1 s  something\n"));
}

static void
test_verbose(void **state) {
	struct fixture *f = *state;

	begin(f, 80, 24, 0, true);
	f->r = report_make(&f->ctx, &(struct report_options){.progress = PROGRESS_TTY,
					    .out = f->out,
					    .verbose = true,
					    .clock = clock_of_test,
					    .size = size_of_test});
	f->r->begun(f->r->arg, &f->plan);
	f->r->started(f->r->arg, f->list[0]);
	say(f, 0, "first");
	say(f, 0, "\033[1msecond");
	pass(f, 100);
	assert_string_equal(fake_text(&f->screen), "[ 1/40] run s1 | first\n"
						   "[ 1/40] run s1 | second\n"
						   "/ [ 1/40] run s1  0.1 s  second\n"
						   "  0 of 40 done, 1 under way, 0.1 s\n");
	for (int i = 0; i < 20000; i++)
		say(f, 0, "many of these in no time");
	assert_true(f->len > 500000); /* they are not hoarded until the next picture */
}

/* After a stop the shell has written: the old block is left alone. */
static void
test_continue(void **state) {
	struct fixture *f = *state;

	begin(f, 80, 24, 1, true);
	pass(f, 100);
	fake_write(&f->screen, "$ fg\n", 5);
	f->r->signal(f->r->arg, SIGCONT);
	pass(f, 100);
	assert_string_equal(fake_text(&f->screen), "\xe2\xa0\x99 [ 1/40] run s1  0.1 s\n"
						   "  0 of 40 done, 1 under way, 0.1 s\n"
						   "$ fg\n"
						   "\xe2\xa0\xb9 [ 1/40] run s1  0.2 s\n"
						   "  0 of 40 done, 1 under way, 0.2 s\n");
}

static void
test_interrupt(void **state) {
	struct fixture *f = *state;

	begin(f, 80, 24, 1, true);
	pass(f, 100);
	fake_write(&f->screen, "^C", 2); /* as the terminal echoes it */
	f->r->signal(f->r->arg, SIGINT);
	pass(f, 1);
	assert_string_equal(fake_text(&f->screen),
		"\xe2\xa0\x99 [ 1/40] run s1  0.1 s\n"
		"  stopping what runs; Ctrl-C once more kills it: 0 of 40 done, 1 under way, 0."
		"\xe2\x80\xa6\n");
}

/* No size is known: 80 columns, 24 rows. */
static void
test_unknown_size(void **state) {
	struct fixture *f = *state;

	begin(f, 0, 0, 40, true);
	f->screen.columns = 80;
	f->screen.rows = 24;
	pass(f, 100);
	assert_non_null(strstr(fake_text(&f->screen), "  ... and 20 more\n"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void) {
	const struct CMUnitTest tests[] = {
		T(test_block),
		T(test_end),
		T(test_pace),
		T(test_no_flicker),
		T(test_narrow),
		T(test_tiny),
		T(test_ascii),
		T(test_low_screen),
		T(test_resize),
		T(test_tame),
		T(test_empty_line),
		T(test_verbose),
		T(test_continue),
		T(test_interrupt),
		T(test_unknown_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
