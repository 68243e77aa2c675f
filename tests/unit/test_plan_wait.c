/* test_plan_wait.c - what --wait adds: which gates, after what, and none where all is as wanted. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "plan_help.h"

static const struct plan_options waits = {.wait = true};

static const char spec[] =
	"services:\n"
	"  app: {image: x, depends_on: {db: {condition: service_healthy}, task: {condition: "
	"service_completed_successfully}}}\n"
	"  db: {image: x, healthcheck: {test: t}}\n"
	"  cache: {image: x, healthcheck: {interval: 1s}}\n"
	"  task: {image: x}\n"
	"  off: {image: x, healthcheck: {disable: true}}\n"
	"  none: {image: x, healthcheck: {test: [NONE]}}\n";

/* What the container's gate expects; how many gates it has must be N. */
static const char *
expects(const struct plan *p, const char *name, size_t n) {
	const char *expect = "no gate";
	size_t found = 0;

	for (size_t i = 0; i < p->nstep; i++) {
		if (p->step[i]->act != ACT_WAIT || strcmp(p->step[i]->name, name) != 0)
			continue;
		expect = step_extra(p->step[i])->expect;
		found++;
	}
	assert_int_equal(found, n);
	return expect;
}

static const char runs[] = "^(running( healthy)?|exited 0)$";

static void
kinds(void **state) {
	struct plan *p = plan_text(spec, NULL, &waits);
	const struct step *gate = step_of(p, ACT_WAIT, "myapp-app-1");

	(void)state;
	assert_string_equal(expects(p, "myapp-db-1", 1), "running healthy");
	assert_string_equal(expects(p, "myapp-cache-1", 1), "running healthy");
	assert_string_equal(expects(p, "myapp-task-1", 1), "0");
	assert_string_equal(expects(p, "myapp-off-1", 1), runs);
	assert_string_equal(expects(p, "myapp-none-1", 1), runs);
	assert_string_equal(expects(p, "myapp-app-1", 1), runs);
	assert_true(comes_after(gate, step_of(p, ACT_RUN, "myapp-app-1")));
	assert_true(step_extra(gate)->delay_ms > 0);
	assert_true(gate->together);
	assert_string_equal(step_extra(gate)->goal, "running");
	for (size_t i = 0; i < p->nstep; i++)
		assert_false(p->step[i]->optional);
	assert_string_equal(expects(plan_text(spec, NULL, &plain), "myapp-app-1", 0), "no gate");
}

/* What depends_on can do without, --wait can not. */
static void
optional(void **state) {
	struct plan *p = plan_text("services:\n  a: {image: x, depends_on: {b: {condition: "
				   "service_healthy, required: false}}}\n"
				   "  b: {image: x, healthcheck: {test: t}}\n",
		NULL, &waits);

	(void)state;
	expects(p, "myapp-b-1", 2);
	assert_true(step_of(p, ACT_WAIT, "myapp-b-1")->optional);
	assert_false(p->step[p->nstep - 1]->optional);
}

static void
hooks(void **state) {
	struct plan *p = plan_text(
		"services: {a: {image: x, post_start: [{command: [run]}]}}", NULL, &waits);

	(void)state;
	assert_true(
		comes_after(step_of(p, ACT_WAIT, "myapp-a-1"), step_of(p, ACT_EXEC, "myapp-a-1")));
}

/* The plan for what is there with these states. */
static struct plan *
plan_had(const char *state, const char *status, int64_t exit_code) {
	static const char text[] =
		"services:\n  a: {image: x, healthcheck: {test: t}}\n  b: {image: x}\n";
	struct resources *want = want_text(text), *had = had_all(want, "running");

	resources_find(had, KIND_CONTAINER, "myapp-a-1")->status = "Up 1 second (healthy)";
	resources_find(had, KIND_CONTAINER, "myapp-b-1")->status = status;
	resources_find(had, KIND_CONTAINER, "myapp-b-1")->state = state;
	resources_find(had, KIND_CONTAINER, "myapp-b-1")->exit_code = exit_code;
	return plan_text(text, had, &waits);
}

static void
kept(void **state) {
	struct plan *p = plan_had("running", "Up 1 second", 0);

	(void)state;
	assert_int_equal(p->nstep, 0);
	/* an image's own healthcheck */
	assert_int_equal(plan_had("running", "Up 1 second (healthy)", 0)->nstep, 0);
	p = plan_had("running", "Up 1 second (health: starting)", 0);
	assert_int_equal(p->nstep, 1);
	assert_int_equal(step_extra(p->step[0])->delay_ms, 0);
	assert_int_equal(plan_had("restarting", "Restarting (1) 1 second ago", 0)->nstep, 1);
	/* something is done: all is looked at again */
	p = plan_had("exited", "Exited (1) 1 second ago", 1);
	assert_int_equal(p->nstep, 3);
	assert_string_equal(commands(p),
		"docker start myapp-b-1\n"
		"docker inspect -f {{.State.Status}} "
		"{{.State.Health.Status}} myapp-a-1\n"
		"docker inspect -f {{.State.Status}}{{if not .State.Running}} "
		"{{.State.ExitCode}}{{else if .State.Health}} "
		"{{.State.Health.Status}}{{end}} myapp-b-1\n");
}

int
main(void) {
	static const struct CMUnitTest tests[] = {
		world_test(kinds),
		world_test(optional),
		world_test(hooks),
		world_test(kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
