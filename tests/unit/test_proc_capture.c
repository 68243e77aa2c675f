/* test_proc_capture.c - short runs from start to end. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <errno.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/proc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* Capture sh -c SCRIPT. Returns how long it took, in ms; the caller frees. */
static int64_t
run(struct capture *capture, const char *script, size_t max, uint32_t timeout_ms) {
	char *text = strdup(script);
	char sh[] = "sh", option[] = "-c";
	char *argv[] = {sh, option, text, NULL};
	struct proc_spec spec = {.program = "/bin/sh", .argv = argv, .in = -1, .extra = -1};
	int64_t before = clock_ms();
	assert_true(proc_capture(capture, &spec, max, timeout_ms));
	free(text);
	return clock_ms() - before;
}

static void
test_both_streams(void **state) {
	(void)state;
	struct capture c;
	run(&c, "echo out; echo err >&2; exit 4", 1000, 5000);
	assert_string_equal(buf_str(&c.out), "out\n");
	assert_string_equal(buf_str(&c.err), "err\n");
	assert_int_equal(proc_code(c.status), 4);
	assert_false(c.timed_out);
	assert_false(c.cut);
	capture_free(&c);
	run(&c, "true", 0, 0);
	assert_string_equal(buf_str(&c.out), "");
	assert_int_equal(c.status, 0);
	capture_free(&c);
}

static void
test_flood(void **state) {
	(void)state;
	struct capture c;
	/* More than both pipes hold, on both at once. */
	run(&c, "head -c 3000000 /dev/zero & head -c 3000000 /dev/zero >&2; wait", 100000, 20000);
	assert_int_equal(c.out.n, 100000);
	assert_int_equal(c.err.n, 100000);
	assert_true(c.cut);
	assert_int_equal(c.status, 0);
	capture_free(&c);
	run(&c, "head -c 300000 /dev/zero", 300000, 20000);
	assert_int_equal(c.out.n, 300000);
	assert_false(c.cut);
	capture_free(&c);
}

static void
test_grandchild_keeps_pipe(void **state) {
	(void)state;
	struct capture c;
	int64_t took_ms = run(&c, "echo here; sleep 5 & exit 0", 1000, 20000);
	assert_string_equal(buf_str(&c.out), "here\n");
	assert_int_equal(c.status, 0);
	assert_true(took_ms < 2000);
	capture_free(&c);
	/* One that never stops writing does not keep us either. */
	took_ms = run(&c, "(trap '' PIPE; yes) & exit 0", 1000, 20000);
	assert_true(took_ms < 2000);
	assert_true(c.cut || c.out.n <= 1000);
	capture_free(&c);
}

static void
test_child_closes_output(void **state) {
	(void)state;
	struct capture c;
	int64_t took_ms = run(&c, "echo a; exec >&- 2>&-; sleep 0.3; exit 6", 1000, 20000);
	assert_string_equal(buf_str(&c.out), "a\n");
	assert_int_equal(proc_code(c.status), 6);
	assert_true(took_ms >= 290);
	capture_free(&c);
}

static void
test_timeout(void **state) {
	(void)state;
	struct capture c;
	int64_t took_ms = run(&c, "echo a; sleep 30", 1000, 200);
	assert_true(c.timed_out);
	assert_string_equal(buf_str(&c.out), "a\n");
	assert_int_equal(proc_code(c.status), 128 + SIGTERM);
	assert_true(took_ms >= 200 && took_ms < 1100);
	capture_free(&c);
	took_ms = run(&c, "trap '' TERM; while :; do sleep 0.1; done", 1000, 100);
	assert_true(c.timed_out);
	assert_int_equal(proc_code(c.status), 128 + SIGKILL);
	assert_true(took_ms >= 1000 && took_ms < 3000);
	capture_free(&c);
}

static void
test_not_started(void **state) {
	(void)state;
	struct capture c;
	char name[] = "x";
	char *argv[] = {name, NULL};
	struct proc_spec spec = {.program = "/no/such", .argv = argv, .in = -1, .extra = -1};
	assert_false(proc_capture(&c, &spec, 10, 10));
	assert_int_equal(errno, ENOENT);
	capture_free(&c);
}

static void
test_prompt(void **state) {
	(void)state;
	/* Twenty runs of nothing: were there a tick, it would show. */
	int64_t before = clock_ms();
	for (int i = 0; i < 20; i++) {
		struct capture c;
		run(&c, "exit 0", 10, 5000);
		capture_free(&c);
	}
	int64_t each_us = (clock_ms() - before) * 50;
	print_message("a run of sh takes %d us\n", (int)each_us);
	assert_true(each_us < 100000);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_streams),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_grandchild_keeps_pipe),
		cmocka_unit_test(test_child_closes_output),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_not_started),
		cmocka_unit_test(test_prompt),
	};
	return cmocka_run_group_tests_name("proc_capture", tests, NULL, NULL);
}
