/* test_report.c - what reporters write: plain lines, nothing but failures, JSON lines. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/plan.h>
#include <stackplan/run.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
	struct arena *mem;
	struct ctx ctx;
	struct step run, wait, check;
	struct extra waiting;
	struct step *list[3];
	struct plan plan;
	char *text;
	size_t len;
	FILE *out;
};

static int
set_up(void **state) {
	struct fixture *f = calloc(1, sizeof(*f));
	f->mem = arena_new();
	f->ctx = (struct ctx){.mem = f->mem, .diags = diags_new(f->mem)};
	uint16_t src = diag_source(&f->ctx, "compose.yaml", "services:\n", 10);
	f->run = (struct step){.id = 1,
		.act = ACT_RUN,
		.kind = KIND_CONTAINER,
		.title = "db",
		.name = "p-db-1",
		.at = {.line = 7, .col = 3, .src = src}};
	f->waiting = (struct extra){.tries = 9, .expect = "healthy"};
	f->wait = (struct step){.id = 2,
		.act = ACT_WAIT,
		.kind = KIND_CONTAINER,
		.title = "db",
		.name = "p-db-1",
		.extra = &f->waiting};
	f->check =
		(struct step){.id = 3, .act = ACT_CHECK, .title = "it \033[31mworks", .name = "x"};
	f->list[0] = &f->run;
	f->list[1] = &f->wait;
	f->list[2] = &f->check;
	f->plan = (struct plan){.step = f->list, .nstep = 3};
	f->out = open_memstream(&f->text, &f->len);
	*state = f;
	return 0;
}

static int
tear_down(void **state) {
	struct fixture *f = *state;
	fclose(f->out);
	free(f->text);
	arena_free(f->mem);
	free(f);
	return 0;
}

static struct reporter *
make(struct fixture *f, enum progress progress, FILE *out, bool colour) {
	return report_make(&f->ctx,
		&(struct report_options){.progress = progress, .out = out, .colour = colour});
}

/* Tell the reporter of a run whose steps end like this. */
static void
tell(struct fixture *f, const struct reporter *r, const struct outcome *o) {
	if (r->begun)
		r->begun(r->arg, &f->plan);
	for (size_t i = 0; i < 3; i++) {
		if (r->started && o[i].state != STEP_SKIPPED)
			r->started(r->arg, f->list[i]);
		if (r->line && o[i].state != STEP_SKIPPED)
			r->line(r->arg, f->list[i], "said \"so\"\t\xff", i == 1);
		if (r->ended)
			r->ended(r->arg, f->list[i], &o[i]);
	}
	if (r->summary)
		r->summary(r->arg, &f->plan, o, o[0].state == STEP_DONE);
	fflush(f->out);
}

static const struct outcome good[3] = {
	{.state = STEP_DONE, .id = "0123456789abcdef", .output = "", .why = "", .took_ms = 432},
	{.state = STEP_DONE, .output = "healthy", .why = "", .took_ms = 12999},
	{.state = STEP_DONE, .output = "yes", .why = "", .took_ms = 0},
};

static const struct outcome bad[3] = {
	{.state = STEP_FAILED, .output = "first\nno \033[2Jway", .why = "exit status 1", .code = 1},
	{.state = STEP_SKIPPED, .output = "", .why = "step 1 (run db) has failed"},
	{.state = STEP_SKIPPED, .output = "", .why = "step 1 (run db) has failed"},
};

static void
test_plain_good(void **state) {
	struct fixture *f = *state;
	tell(f, make(f, PROGRESS_PLAIN, f->out, false), good);
	assert_string_equal(f->text, "[1/3] run db: p-db-1 0123456789ab (0.4 s)\n"
				     "[2/3] wait db: healthy (12.9 s)\n"
				     "[3/3] check it \\x1b[31mworks: ok (0.0 s)\n");
}

static void
test_plain_bad(void **state) {
	struct fixture *f = *state;
	tell(f, make(f, PROGRESS_PLAIN, f->out, false), bad);
	assert_string_equal(f->text, "[1/3] run db: FAILED: exit status 1 (0.0 s)\n"
				     "    wanted by compose.yaml:7:3; it said:\n"
				     "        first\n"
				     "        no way\n"
				     "not done, because step 1 (run db) has failed:\n"
				     "    [2/3] wait db\n"
				     "    [3/3] check it \\x1b[31mworks\n");
}

/* Of a long output the last lines are shown. */
static void
test_plain_long_output(void **state) {
	struct fixture *f = *state;
	struct outcome o[3] = {bad[0], bad[1], bad[2]};
	struct buf b = {0};
	for (int i = 1; i <= 100; i++)
		buf_printf(&b, "line %d%s", i, i < 100 ? "\n" : "");
	o[0].output = arena_take_buf(f->mem, &b);
	tell(f, make(f, PROGRESS_PLAIN, f->out, false), o);
	assert_null(strstr(f->text, "line 80\n"));
	assert_non_null(strstr(f->text, "        line 81\n"));
	assert_non_null(strstr(f->text, "        line 100\n"));
}

static void
test_colour(void **state) {
	struct fixture *f = *state;
	tell(f, make(f, PROGRESS_PLAIN, f->out, true), bad);
	assert_non_null(strstr(f->text, "\033[31mFAILED\033[0m"));
	assert_null(strstr(f->text, "\033[2J"));
}

static void
test_quiet(void **state) {
	struct fixture *f = *state;
	tell(f, make(f, PROGRESS_QUIET, f->out, false), good);
	assert_int_equal(f->len, 0);
	tell(f, make(f, PROGRESS_QUIET, f->out, false), bad);
	assert_int_equal(strncmp(f->text, "[1/3] run db: FAILED", 20), 0);
	assert_null(strstr(f->text, "not done"));
}

/* The N-th line (from 0) as a tree. */
static struct node *
event(struct fixture *f, size_t n) {
	const char *p = f->text, *why = NULL;
	while (n-- > 0)
		p = strchr(p, '\n') + 1;
	return json_read(f->mem, p, strcspn(p, "\n"), &why);
}

static void
test_json(void **state) {
	struct fixture *f = *state;
	tell(f, make(f, PROGRESS_JSON, f->out, false), good);
	struct node *n = event(f, 0);
	assert_string_equal(n->u.member[0].key, "format_version");
	assert_string_equal(node_text(node_find(n, "event")), "plan");
	assert_string_equal(node_text(node_find(n, "steps")), "3");
	n = event(f, 1);
	assert_string_equal(node_text(node_find(n, "event")), "started");
	assert_string_equal(node_text(node_find(n, "action")), "run");
	assert_string_equal(node_text(node_find(n, "title")), "db");
	n = event(f, 2);
	assert_string_equal(node_text(node_find(n, "text")), "said \"so\"\t\xef\xbf\xbd");
	assert_string_equal(node_text(node_find(n, "stream")), "stdout");
	n = event(f, 3);
	assert_string_equal(node_text(node_find(n, "state")), "done");
	assert_string_equal(node_text(node_find(n, "id")), "0123456789abcdef");
	assert_string_equal(node_text(node_find(n, "ms")), "432");
	assert_string_equal(node_text(node_find(event(f, 5), "stream")), "stderr");
	assert_string_equal(node_text(node_find(event(f, 9), "kind")), "check");
	n = event(f, 10);
	assert_string_equal(node_text(node_find(n, "event")), "summary");
	assert_true(node_is_true(node_find(n, "ok")));
	assert_string_equal(node_text(node_find(n, "done")), "3");
}

static void
test_json_bad(void **state) {
	struct fixture *f = *state;
	tell(f, make(f, PROGRESS_JSON, f->out, false), bad);
	assert_null(strchr(f->text, '\033'));
	struct node *n = event(f, 3);
	assert_string_equal(node_text(node_find(n, "why")), "exit status 1");
	assert_string_equal(node_text(node_find(n, "code")), "1");
	assert_string_equal(node_text(node_find(n, "output")), "first\nno \033[2Jway");
	n = event(f, 6);
	assert_false(node_is_true(node_find(n, "ok")));
	assert_string_equal(node_text(node_find(n, "skipped")), "2");
}

/* Events are scratch: a flood of lines takes no memory. */
static void
test_json_keeps_nothing(void **state) {
	struct fixture *f = *state;
	FILE *null = fopen("/dev/null", "we");
	struct reporter *r = make(f, PROGRESS_JSON, null, false);
	r->line(r->arg, &f->run, "x", false);
	size_t used = arena_mark(f->mem).used;
	for (int i = 0; i < 1000; i++)
		r->line(r->arg, &f->run, "a line of output that is not so short", false);
	assert_int_equal(arena_mark(f->mem).used, used);
	fclose(null);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void) {
	const struct CMUnitTest tests[] = {
		T(test_plain_good),
		T(test_plain_bad),
		T(test_plain_long_output),
		T(test_colour),
		T(test_quiet),
		T(test_json),
		T(test_json_bad),
		T(test_json_keeps_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
