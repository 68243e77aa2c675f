/* test_plan.c - from changes to steps: which, with what needs, in which order. */
#include "plan_help.h"

static void
one_service(void **state) {
	struct plan *p = plan_text(
		"services: {a: {image: x, volumes: ['data:/v']}}\nvolumes: {data: }", NULL, &plain);
	const struct step *run = step_of(p, ACT_RUN, "myapp-a-1");

	(void)state;
	assert_string_equal(commands(p),
		"docker pull x\ndocker network create myapp_default\ndocker volume create "
		"myapp_data\n"
		"docker run -d --name myapp-a-1 --network myapp_default --network-alias a "
		"-v myapp_data:/v x\n");
	assert_int_equal(run->nneed, 3);
	assert_true(run->yields_id);
	struct words undo = step_undo(&world.ctx, p, run), guard = step_guard(&world.ctx, p, run);
	assert_string_equal(joined(&undo), "docker rm -f -v myapp-a-1");
	assert_string_equal(joined(&guard), "docker container inspect myapp-a-1");
	assert_true(step_of(p, ACT_PULL, "x")->guarded);
}

/* Nothing is made when an image can't be had, be the images few or many; needs grow with the file only. */
static void
pulls_come_first(void **state) {
	struct buf b = {0};
	struct plan *p;
	size_t needs = 0;

	(void)state;
	buf_adds(&b, "services:\n");
	for (int i = 0; i < 200; i++)
		buf_printf(&b, "  s%d: {image: i%d, networks: [n%d]}\n", i, i, i);
	buf_adds(&b, "networks:\n");
	for (int i = 0; i < 200; i++)
		buf_printf(&b, "  n%d:\n", i);
	p = plan_text(buf_str(&b), NULL, &plain);
	buf_free(&b);
	assert_int_equal(p->nstep, 600);
	for (size_t i = 0; i < p->nstep; i++)
		needs += p->step[i]->nneed;
	assert_true(needs < 1000);
	for (size_t i = 200; i < 400; i++)
		assert_true(comes_after(p->step[i], step_of(p, ACT_PULL, "i199")));
}

static void
more_than_one_network(void **state) {
	struct plan *p = plan_text(
		"services: {a: {image: x, networks: [m, n, o], depends_on: [b]}, b: {image: x}}\n"
		"networks: {m: , n: , o: }",
		NULL, &plain);
	const struct step *made = step_of(p, ACT_CREATE, "myapp-a-1");
	const struct step *start = step_of(p, ACT_START, "myapp-a-1");
	const struct step *b = step_of(p, ACT_RUN, "myapp-b-1");

	(void)state;
	assert_non_null(strstr(commands(p),
		"docker create --name myapp-a-1 --network myapp_m --network-alias a x\n"
		"docker network connect --alias a myapp_n myapp-a-1\n"
		"docker network connect --alias a myapp_o myapp-a-1\n"
		"docker start myapp-a-1\n"));
	assert_true(comes_after(start, made));
	assert_true(comes_after(start, b));
	assert_true(start->nneed >= 2);
}

/* A hundred networks of one container lose none. */
static void
very_many_networks(void **state) {
	struct buf b = {0};
	struct plan *p;
	size_t n = 0;

	(void)state;
	buf_adds(&b, "services:\n  a:\n    image: x\n    networks:\n");
	for (int i = 0; i < 100; i++)
		buf_printf(&b, "      n%d:\n", i);
	buf_adds(&b, "networks:\n");
	for (int i = 0; i < 100; i++)
		buf_printf(&b, "  n%d:\n", i);
	p = plan_text(buf_str(&b), NULL, &plain);
	buf_free(&b);
	for (size_t i = 0; i < p->nstep; i++)
		n += p->step[i]->act == ACT_CONNECT;
	assert_int_equal(n, 99);
	assert_int_equal(p->step[p->nstep - 1]->act, ACT_START);
}

static const char gated[] =
	"services:\n  a: {image: x, depends_on: {b: {condition: service_healthy%s}}}\n"
	"  c: {image: x, depends_on: {b: {condition: service_healthy}}}\n"
	"  b: {image: x, healthcheck: {test: t, interval: 20s, timeout: 10s, retries: 2, "
	"start_period: 30s}}\n";

static void
gates(void **state) {
	struct plan *p = plan_text(arena_printf(world.ctx.mem, gated, ""), NULL, &plain);
	const struct step *gate = step_of(p, ACT_WAIT, "myapp-b-1");

	(void)state;
	assert_non_null(gate);
	assert_true(comes_after(gate, step_of(p, ACT_RUN, "myapp-b-1")));
	assert_true(comes_after(step_of(p, ACT_RUN, "myapp-a-1"), gate));
	assert_true(comes_after(step_of(p, ACT_RUN, "myapp-c-1"), gate));
	assert_int_equal(p->nstep, 6); /* one gate for both */
	assert_string_equal(step_extra(gate)->expect, "running healthy");
	assert_int_equal(step_extra(gate)->due_ms, 5050); /* the start period's own interval */
	assert_int_equal(step_extra(gate)->every_ms, 250);
	assert_int_equal(step_extra(gate)->timeout_ms, 120000);
	assert_false(gate->optional);
	p = plan_text(arena_printf(world.ctx.mem, gated, ""), NULL,
		&(struct plan_options){.gate_timeout_ms = 5000});
	assert_int_equal(step_extra(step_of(p, ACT_WAIT, "myapp-b-1"))->timeout_ms, 5000);
}

/* A gate may fail only if all who wait for it can do without. */
static void
optional_gates(void **state) {
	struct plan *p =
		plan_text(arena_printf(world.ctx.mem, gated, ", required: false"), NULL, &plain);

	(void)state;
	assert_false(step_of(p, ACT_WAIT, "myapp-b-1")->optional);
	p = plan_text("services:\n  a: {image: x, depends_on: {b: {condition: service_healthy, "
		      "required: false}}}\n"
		      "  b: {image: x, healthcheck: {test: t}}\n",
		NULL, &plain);
	assert_true(step_of(p, ACT_WAIT, "myapp-b-1")->optional);
}

static void
completed(void **state) {
	static const char text[] = "services:\n  a: {image: x, depends_on: {b: {condition: "
				   "service_completed_successfully}}}\n  b: {image: x}\n";
	struct plan *p = plan_text(text, NULL, &plain);
	const struct step *gate = step_of(p, ACT_WAIT, "myapp-b-1");

	(void)state;
	assert_string_equal(joined(&gate->argv), "docker wait myapp-b-1");
	assert_string_equal(step_extra(gate)->expect, "0");
	assert_int_equal(step_extra(gate)->tries, 1);
}

/* Shared namespaces need the other container to be made first, even when nothing is started. */
static void
no_start(void **state) {
	struct plan *p =
		plan_text("services: {a: {image: x, network_mode: 'service:b', pid: 'service:c'}, "
			  "b: {image: x}, c: {image: x}}",
			NULL, &(struct plan_options){.no_start = true});
	const struct step *a = step_of(p, ACT_CREATE, "myapp-a-1");

	(void)state;
	assert_true(comes_after(a, step_of(p, ACT_CREATE, "myapp-b-1")));
	assert_true(comes_after(a, step_of(p, ACT_CREATE, "myapp-c-1")));
	for (size_t i = 0; i < p->nstep; i++)
		assert_true(p->step[i]->act != ACT_RUN && p->step[i]->act != ACT_START);
}

static void
pulling(void **state) {
	static const char text[] =
		"services: {a: {image: x, pull_policy: %s, platform: linux/arm64}}";
	struct plan *p = plan_text(arena_printf(world.ctx.mem, text, "never"), NULL, &plain);

	(void)state;
	assert_null(find_step(p, ACT_PULL, "x"));
	assert_non_null(strstr(commands(p), "--name myapp-a-1 --pull never "));
	p = plan_text(arena_printf(world.ctx.mem, text, "always"), NULL, &plain);
	assert_false(step_of(p, ACT_PULL, "x")->guarded);
	assert_non_null(strstr(commands(p), "docker pull --platform linux/arm64 x\n"));
	p = plan_text(arena_printf(world.ctx.mem, text, "never"), NULL,
		&(struct plan_options){.pull = PULL_ALWAYS});
	assert_non_null(step_of(p, ACT_PULL, "x"));
}

static void
what_is_there_already(void **state) {
	static const char text[] =
		"services: {a: {image: x, networks: [m, n], depends_on: [b]}, b: {image: x}}\n"
		"networks: {m: , n: }";
	struct resources *want = want_text(text);

	(void)state;
	assert_int_equal(plan_text(text, had_all(want, "running"), &plain)->nstep, 0);
	assert_string_equal(commands(plan_text(text, had_all(want, "paused"), &plain)),
		"docker network connect --alias a myapp_m myapp-a-1\n"
		"docker network connect --alias a myapp_n myapp-a-1\n"
		"docker unpause myapp-b-1\ndocker unpause myapp-a-1\n");
	want = had_all(want, "exited");
	wanted(want, KIND_CONTAINER, "myapp-a-1")->networks = "myapp_m,myapp_n";
	assert_string_equal(commands(plan_text(text, want, &plain)),
		"docker start myapp-b-1\ndocker start myapp-a-1\n");
}

static const char checked[] =
	"x-stackplan:\n  checks:\n"
	"    - {name: one, exec: [a, echo, hi], expect: hi, retries: 3, interval: 2s}\n"
	"    - {name: two, run: {image: y, network: default, command: [dig]}, expect: '/^[0-9]/'}\n"
	"    - {name: three, logs: a, expect: up}\n"
	"services: {a: {image: x}}\n";

static void
checks(void **state) {
	struct plan *p = plan_text(checked, NULL, &plain);
	const struct step *one = step_of(p, ACT_CHECK, "one"), *two = step_of(p, ACT_CHECK, "two");

	(void)state;
	assert_string_equal(joined(&one->argv), "docker exec myapp-a-1 echo hi");
	assert_string_equal(joined(&two->argv), "docker run --rm --network myapp_default y dig");
	assert_string_equal(joined(&step_of(p, ACT_CHECK, "three")->argv), "docker logs myapp-a-1");
	assert_true(step_of(p, ACT_CHECK, "three")->both);
	assert_int_equal(step_extra(one)->tries, 4);
	assert_int_equal(step_extra(one)->every_ms, 2000);
	assert_int_equal(step_extra(one)->how, EXPECT_HOLDS);
	assert_int_equal(step_extra(two)->how, EXPECT_REGEX);
	assert_true(one->soft);
	assert_true(comes_after(two, one));
	for (size_t i = 0; i < p->nstep && p->step[i] != one; i++)
		assert_true(comes_after(one, p->step[i]));
	p = plan_text(checked, NULL, &(struct plan_options){.only_checks = true});
	assert_int_equal(p->nstep, 4);
	assert_string_equal(p->step[0]->name, "y");
	p = plan_text(checked, NULL, &(struct plan_options){.no_checks = true});
	assert_null(find_step(p, ACT_CHECK, "one"));
	assert_null(find_step(plan_text(checked, had_all(want_text(checked), "running"), &plain),
		ACT_CHECK, "one"));
}

/* The ID of an image is asked for when a container that will be made has it in a label. */
static void
image_ids(void **state) {
	struct project *p = make_text("services: {a: {image: x}, b: {image: y}}", NULL);
	struct resources *want, *had;
	struct plan *plan;

	(void)state;
	assert_non_null(p);
	want = want_make(&world.ctx, p, engine_find("docker"), true);
	had = had_all(want, "running");
	wanted(had, KIND_CONTAINER, "myapp-a-1")->state = "running";
	plan = plan_make(&world.ctx, p, engine_find("docker"),
		diff_make(&world.ctx, p, want, had, NULL), &plain);
	assert_int_equal(plan->nstep, 0);
	plan = plan_make(&world.ctx, p, engine_find("docker"),
		diff_make(&world.ctx, p, want, NULL, NULL), &plain);
	assert_non_null(step_of(plan, ACT_QUERY, "x"));
	assert_true(
		comes_after(step_of(plan, ACT_RUN, "myapp-b-1"), step_of(plan, ACT_QUERY, "y")));
}

/* Of what goes into commands that all may read, secrets are warned of. */
static void
secret_in_command(void **state) {
	(void)state;
	own("DB_PASSWORD=hunter2");
	assert_non_null(plan_text(
		"services: {a: {image: x, command: [serve, '${DB_PASSWORD}']}}", NULL, &plain));
	assert_said("[secret-in-command]");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(one_service),
		world_test(pulls_come_first),
		world_test(more_than_one_network),
		world_test(very_many_networks),
		world_test(gates),
		world_test(optional_gates),
		world_test(completed),
		world_test(no_start),
		world_test(pulling),
		world_test(what_is_there_already),
		world_test(checks),
		world_test(image_ids),
		world_test(secret_in_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
