/* test_plan_hook.c - hooks: which commands, in which place, and when they are not run again. */
#include "plan_help.h"

static const char simple[] =
	"services:\n"
	"  a: {image: x, depends_on: [b]}\n"
	"  b:\n    image: x\n"
	"    post_start: [{command: [one, two words], user: u, working_dir: /w, privileged: true},"
	" {command: three}]\n"
	"    pre_stop: [{command: bye}]\n";

static void
post_start(void **state) {
	struct plan *p = plan_text(simple, NULL, &plain);
	const struct step *start = step_of(p, ACT_RUN, "myapp-b-1");
	const struct step *hook = step_of(p, ACT_EXEC, "myapp-b-1");

	(void)state;
	assert_string_equal(joined(&hook->argv),
		"docker exec --user u -w /w --privileged myapp-b-1 one two words");
	assert_string_equal(hook->argv.v[hook->argv.n - 1].s, "two words");
	assert_string_equal(step_extra(hook)->hook, "post_start");
	assert_ptr_equal(step_extra(hook)->follows, start);
	assert_true(start->is_followed);
	assert_true(comes_after(hook, start));
	assert_string_equal(joined(&p->step[hook->id]->argv), "docker exec myapp-b-1 three");
	assert_true(comes_after(p->step[hook->id], hook));
	assert_true(comes_after(step_of(p, ACT_RUN, "myapp-a-1"), p->step[hook->id]));
}

/* A gate opens only when the hooks are done. */
static void
before_gates(void **state) {
	struct plan *p = plan_text(
		"services:\n  a: {image: x, depends_on: {b: {condition: service_healthy}}}\n"
		"  b: {image: x, healthcheck: {test: t}, post_start: [{command: c}]}\n",
		NULL, &plain);

	(void)state;
	assert_true(
		comes_after(step_of(p, ACT_WAIT, "myapp-b-1"), step_of(p, ACT_EXEC, "myapp-b-1")));
}

static void
variables(void **state) {
	struct plan *p;
	const struct step *hook;

	(void)state;
	own("HOOK_TOKEN=hunter2");
	own("GIVEN=outside");
	p = plan_text("services: {a: {image: x, environment: {OWN: 1}, post_start: [{command: c, "
		      "environment: [A=b, HOOK_TOKEN, GIVEN, UNSET]}]}}",
		NULL, &plain);
	hook = step_of(p, ACT_EXEC, "myapp-a-1");
	assert_string_equal(joined(&hook->argv),
		"docker exec -e A=b -e HOOK_TOKEN -e GIVEN -e UNSET myapp-a-1 c");
	assert_int_equal(hook->npass, 3);
	assert_string_equal(hook->pass[0].value.s, "hunter2");
	assert_true(hook->pass[2].unset);
}

/* The state decides: what runs has had its hooks, what is started has them again. */
static void
not_again(void **state) {
	struct resources *want = want_text(simple);
	struct plan *p = plan_text(simple, had_all(want, "running"), &plain);

	(void)state;
	assert_int_equal(p->nstep, 0);
	p = plan_text(simple, had_all(want_text(simple), "exited"), &plain);
	assert_true(
		comes_after(step_of(p, ACT_EXEC, "myapp-b-1"), step_of(p, ACT_START, "myapp-b-1")));
	p = plan_text(simple, had_all(want_text(simple), "paused"), &plain);
	assert_null(find_step(p, ACT_EXEC, "myapp-b-1"));
	p = plan_text(simple, NULL, &(struct plan_options){.no_start = true});
	assert_null(find_step(p, ACT_EXEC, "myapp-b-1"));
}

static const char task[] =
	"services:\n"
	"  a:\n    image: x\n    scale: 2\n    environment: {E: svc, F: svc}\n"
	"    depends_on: [b]\n"
	"    pre_start: [{command: [c], environment: {E: hook}}, {image: y, per_replica: true}]\n"
	"  b: {image: x}\n";

static void
pre_start(void **state) {
	struct plan *p = plan_text(task, NULL, &plain);
	const struct step *once = step_of(p, ACT_EXEC, "myapp-a-prestart-1");
	const struct step *first = step_of(p, ACT_EXEC, "myapp-a-prestart-2-1");
	const struct step *second = step_of(p, ACT_EXEC, "myapp-a-prestart-2-2");

	(void)state;
	assert_string_equal(joined(&once->argv),
		"docker run --rm --name myapp-a-prestart-1 --network myapp_default "
		"--network-alias a --volumes-from myapp-a-1 -e E=hook -e F=svc x c");
	assert_string_equal(joined(&second->argv),
		"docker run --rm --name myapp-a-prestart-2-2 --network myapp_default "
		"--network-alias a --volumes-from myapp-a-2 -e E=svc -e F=svc y");
	assert_string_equal(joined(&step_extra(once)->guard), "docker top myapp-a-1");
	assert_true(comes_after(once, step_of(p, ACT_CREATE, "myapp-a-1")));
	assert_true(comes_after(once, step_of(p, ACT_RUN, "myapp-b-1")));
	assert_true(comes_after(first, once));
	assert_true(comes_after(step_of(p, ACT_START, "myapp-a-1"), first));
	assert_true(comes_after(second, once)); /* once for all, and before all */
	assert_true(comes_after(step_of(p, ACT_CREATE, "myapp-a-1"), step_of(p, ACT_PULL, "y")));
	assert_null(find_step(p, ACT_EXEC, "myapp-a-prestart-1-2"));
}

/* A container that is added to one that runs has only what each of them has. */
static void
pre_start_beside(void **state) {
	struct resources *want = want_text(task), *had = had_all(want, "running");
	struct plan *p;

	(void)state;
	resources_find(had, KIND_CONTAINER, "myapp-a-2")->state = "exited";
	p = plan_text(task, had, &plain);
	assert_null(find_step(p, ACT_EXEC, "myapp-a-prestart-1"));
	assert_non_null(find_step(p, ACT_EXEC, "myapp-a-prestart-2-2"));
	resources_find(had, KIND_CONTAINER, "myapp-a-1")->state = "exited";
	p = plan_text(task, had, &plain);
	assert_non_null(find_step(p, ACT_EXEC, "myapp-a-prestart-1"));
}

static void
pre_start_networks(void **state) {
	struct plan *p = plan_text("services: {a: {image: x, networks: [m, n], pre_start: "
				   "[{command: c}]}}\nnetworks: {m: , n: }",
		NULL, &plain);
	const char *text = commands(p);

	(void)state;
	assert_non_null(strstr(text,
		"docker rm -f myapp-a-prestart-1\n"
		"docker create --rm --name myapp-a-prestart-1 --network myapp_m --network-alias a "
		"--volumes-from myapp-a-1 x c\n"
		"docker network connect --alias a myapp_n myapp-a-prestart-1\n"
		"docker start -a myapp-a-prestart-1\n"
		"docker start myapp-a-1\n"));
	p = plan_text("services: {a: {image: x, network_mode: none, pre_start: [{command: c}]}}",
		NULL, &plain);
	assert_non_null(strstr(commands(p), "prestart-1 --network none --volumes-from"));
}

static void
pre_stop(void **state) {
	static const struct down_options keep = {.timeout_s = -1};
	struct resources *want = want_text(simple), *had;
	struct plan *p =
		plan_down(&world.ctx, world.project, engine_find("docker"), want, NULL, &keep);
	const struct step *hook = step_of(p, ACT_EXEC, "myapp-b-1");

	(void)state;
	assert_string_equal(joined(&hook->argv), "docker exec myapp-b-1 bye");
	assert_string_equal(joined(&step_extra(hook)->guard), "docker top myapp-b-1");
	assert_true(comes_after(step_of(p, ACT_STOP, "myapp-b-1"), hook));
	assert_true(comes_after(hook, step_of(p, ACT_REMOVE, "myapp-a-1")));
	had = had_all(want, "running");
	p = plan_down(&world.ctx, world.project, engine_find("docker"), want, had, &keep);
	assert_non_null(find_step(p, ACT_EXEC, "myapp-b-1"));
	resources_find(had, KIND_CONTAINER, "myapp-b-1")->state = "paused";
	p = plan_down(&world.ctx, world.project, engine_find("docker"), want, had, &keep);
	assert_null(find_step(p, ACT_EXEC, "myapp-b-1"));
	assert_non_null(find_step(p, ACT_STOP, "myapp-b-1"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(post_start),
		world_test(before_gates),
		world_test(variables),
		world_test(not_again),
		world_test(pre_start),
		world_test(pre_start_beside),
		world_test(pre_start_networks),
		world_test(pre_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
