/* test_plan_verbs.c - stop, start and restart: what is done to which containers, and in which order. */
#include "plan_help.h"

static const char text[] =
	"services:\n"
	"  db:\n    image: x\n    healthcheck: {test: t}\n"
	"    pre_stop: [{command: bye}]\n    post_start: [{command: hi}]\n"
	"  web:\n    image: x\n    scale: 2\n"
	"    depends_on: {db: {condition: service_healthy, restart: true}}\n"
	"  task: {image: x}\n"
	"  last: {image: x, depends_on: {task: {condition: service_completed_successfully}}}\n"
	"  far: {image: x, depends_on: {web: {condition: service_started, restart: true}}}\n";

/* The containers that the engine has, in this state. */
static struct resource **
there(const char *state, size_t *n) {
	struct resources *want = want_text(text);
	struct resource **v = arena_array(world.ctx.mem, want->n, sizeof(*v));
	struct resources *had = arena_make(world.ctx.mem, struct resources);

	*n = 0;
	for (size_t i = 0; i < want->n; i++) {
		if (want->v[i]->kind != KIND_CONTAINER)
			continue;
		v[*n] = put_had(had, want->v[i], state);
		v[(*n)++]->service = want->v[i]->service;
	}
	return v;
}

/* The plan for containers that are in this state, of those the one called NAME in another. */
static struct plan *
planned(enum everyday verb, const char *only, const char *state, const char *name,
	const char *other) {
	size_t n;
	struct resource **v = there(state, &n);
	const char *names[] = {only};
	struct everyday_options o = {.verb = verb,
		.timeout_s = verb == EVERYDAY_STOP ? 7 : -1,
		.only = names,
		.nonly = only != NULL,
		.known = true};
	struct plan *p;

	for (size_t i = 0; i < n; i++)
		if (name && strcmp(v[i]->name, name) == 0)
			v[i]->state = other;
	p = plan_everyday(
		&world.ctx, (struct project *)world.project, engine_find("docker"), v, n, NULL, &o);
	if (!p)
		fail_msg("%s", said());
	return p;
}

/* What needs others is stopped before them, and what nothing sets apart is stopped at once. */
static void
stops(void **state) {
	struct plan *p = planned(EVERYDAY_STOP, NULL, "running", NULL, NULL);

	(void)state;
	assert_string_equal(commands(p), "docker stop -t 7 myapp-far-1\n"
					 "docker stop -t 7 myapp-last-1\n"
					 "docker stop -t 7 myapp-task-1\n"
					 "docker stop -t 7 myapp-web-1 myapp-web-2\n"
					 "docker exec myapp-db-1 bye\n"
					 "docker stop -t 7 myapp-db-1\n");
	for (size_t i = 0; i < p->nstep; i++)
		if (p->step[i]->argv.n == 6) {
			assert_string_equal(joined(&step_extra(p->step[i])->undo),
				"docker start myapp-web-1 myapp-web-2");
			assert_true(comes_after(p->step[i], p->step[0]));
			assert_true(comes_after(p->step[p->nstep - 1], p->step[i]));
		}
}

/* Only what runs is stopped, and hooks run only where commands can. */
static void
stops_what_runs(void **state) {
	struct plan *p = planned(EVERYDAY_STOP, NULL, "exited", "myapp-db-1", "paused");

	(void)state;
	assert_string_equal(commands(p), "docker stop -t 7 myapp-db-1\n");
	p = planned(EVERYDAY_STOP, "web", "running", "myapp-web-1", "created");
	assert_string_equal(commands(p), "docker stop -t 7 myapp-web-2\n");
}

/* A service is started when what it needs is there; a task that is done is not run again, unless it is named. */
static void
starts(void **state) {
	struct plan *p = planned(EVERYDAY_START, NULL, "exited", NULL, NULL);
	const struct step *gate = step_of(p, ACT_WAIT, "myapp-db-1");

	(void)state;
	assert_null(find_step(p, ACT_START, "myapp-task-1"));
	assert_non_null(find_step(p, ACT_WAIT, "myapp-task-1"));
	assert_true(comes_after(gate, step_of(p, ACT_EXEC, "myapp-db-1")));
	assert_true(comes_after(step_of(p, ACT_START, "myapp-web-2"), gate));
	assert_true(comes_after(
		step_of(p, ACT_START, "myapp-far-1"), step_of(p, ACT_START, "myapp-web-1")));
	assert_string_equal(step_of(p, ACT_START, "myapp-db-1")->why, "'db' is exited");
	p = planned(EVERYDAY_START, "task", "exited", NULL, NULL);
	assert_string_equal(commands(p), "docker start myapp-task-1\n");
}

/* What a named service needs is started too; what runs is not. */
static void
starts_needs(void **state) {
	struct plan *p = planned(EVERYDAY_START, "web", "exited", "myapp-web-1", "running");

	(void)state;
	assert_non_null(find_step(p, ACT_START, "myapp-db-1"));
	assert_non_null(find_step(p, ACT_START, "myapp-web-2"));
	assert_null(find_step(p, ACT_START, "myapp-web-1"));
	assert_null(find_step(p, ACT_START, "myapp-far-1"));
	p = planned(EVERYDAY_START, NULL, "running", "myapp-last-1", "paused");
	assert_string_equal(commands(p), "docker wait myapp-task-1\n"
					 "docker unpause myapp-last-1\n");
}

/* Those that must be restarted with a service are, to the end of the chain; gates are awaited only where something was done. */
static void
restarts(void **state) {
	struct plan *p = planned(EVERYDAY_RESTART, "db", "running", NULL, NULL);
	const struct step *db = step_of(p, ACT_RESTART, "myapp-db-1");
	const struct step *gate = step_of(p, ACT_WAIT, "myapp-db-1");

	(void)state;
	assert_string_equal(joined(&p->step[0]->argv), "docker exec myapp-db-1 bye");
	assert_true(comes_after(db, p->step[0]));
	assert_true(comes_after(gate, db));
	assert_true(comes_after(step_of(p, ACT_RESTART, "myapp-web-1"), gate));
	assert_true(comes_after(
		step_of(p, ACT_RESTART, "myapp-far-1"), step_of(p, ACT_RESTART, "myapp-web-2")));
	assert_null(find_step(p, ACT_RESTART, "myapp-last-1"));
	p = planned(EVERYDAY_RESTART, "far", "created", NULL, NULL);
	assert_int_equal(p->nstep, 0);
	p = planned(EVERYDAY_RESTART, "web", "running", "myapp-web-2", "dead");
	assert_null(find_step(p, ACT_WAIT, "myapp-db-1"));
	assert_null(find_step(p, ACT_RESTART, "myapp-db-1"));
	assert_null(find_step(p, ACT_RESTART, "myapp-web-2"));
	assert_non_null(find_step(p, ACT_RESTART, "myapp-far-1"));
}

/* Orphans and what `run` made are left alone. */
static void
leaves_alone(void **state) {
	size_t n;
	struct resource **v = there("running", &n);
	struct everyday_options o = {.verb = EVERYDAY_STOP, .timeout_s = -1, .known = true};
	struct plan *p;

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (i % 2)
			v[i]->service = NULL;
		else
			v[i]->one_off = true;
	p = plan_everyday(
		&world.ctx, (struct project *)world.project, engine_find("docker"), v, n, NULL, &o);
	assert_non_null(p);
	assert_int_equal(p->nstep, 0);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(stops),
		world_test(stops_what_runs),
		world_test(starts),
		world_test(starts_needs),
		world_test(restarts),
		world_test(leaves_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
