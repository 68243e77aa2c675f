/* test_plan_down.c - the plan that removes a stack: the same edges, reversed. */
#include "plan_help.h"

static const char spec[] = "services:\n  a: {image: x, depends_on: [b], volumes: ['data:/d']}\n"
			   "  b: {image: y, networks: [n]}\n"
			   "networks: {n: }\nvolumes: {data: }\n";

static const struct down_options keep = {.timeout_s = -1};

/* The plan that removes what HAD holds of the spec, or of all that is wanted when it is NULL. */
static struct plan *
down(const struct resources *want, const struct resources *had, const struct down_options *o) {
	return plan_down(&world.ctx, world.project, engine_find("docker"), want, had, o);
}

static void
for_printing(void **state) {
	struct plan *p = down(want_text(spec), NULL, &keep);

	(void)state;
	assert_true(p->down);
	assert_string_equal(commands(p),
		"docker stop myapp-a-1\ndocker rm myapp-a-1\ndocker stop myapp-b-1\ndocker rm "
		"myapp-b-1\n"
		"docker network rm myapp_n\ndocker network rm myapp_default\n");
	assert_true(comes_after(
		step_of(p, ACT_STOP, "myapp-b-1"), step_of(p, ACT_REMOVE, "myapp-a-1")));
	assert_true(comes_after(
		step_of(p, ACT_REMOVE, "myapp_n"), step_of(p, ACT_REMOVE, "myapp-b-1")));
	assert_true(comes_after(
		step_of(p, ACT_REMOVE, "myapp_default"), step_of(p, ACT_REMOVE, "myapp-a-1")));
}

static void
with_data(void **state) {
	struct plan *p = down(want_text(spec), NULL,
		&(struct down_options){.volumes = true, .anonymous = true, .timeout_s = 3});
	const char *text = commands(p);

	(void)state;
	assert_non_null(strstr(text, "docker stop -t 3 myapp-a-1\n"));
	assert_non_null(strstr(text, "docker rm -v myapp-a-1\n"));
	assert_true(comes_after(
		step_of(p, ACT_REMOVE, "myapp_data"), step_of(p, ACT_REMOVE, "myapp-a-1")));
	p = down(
		want_text(spec), NULL, &(struct down_options){.images_all = true, .timeout_s = -1});
	assert_true(comes_after(step_of(p, ACT_REMOVE, "x"), step_of(p, ACT_REMOVE, "myapp-a-1")));
	assert_true(step_of(p, ACT_REMOVE, "x")->optional);
}

/* --rmi local: what a build made and nobody named. */
static void
images_local(void **state) {
	static const char built[] = "services: {a: {build: .}, b: {image: b:1, build: .}, c: "
				    "{image: c}, d: {image: myapp-a}}";
	const struct down_options local = {.images_local = true, .timeout_s = -1};
	struct resources *want = want_text(built);
	const struct plan *p = down(want, NULL, &local);

	(void)state;
	assert_non_null(find_step(p, ACT_REMOVE, "myapp-a"));
	assert_null(find_step(p, ACT_REMOVE, "b:1"));
	assert_null(find_step(p, ACT_REMOVE, "c"));
	p = down(want, had_all(want, "exited"), &local);
	assert_true(comes_after(
		step_of(p, ACT_REMOVE, "myapp-a"), step_of(p, ACT_REMOVE, "myapp-d-1")));
	assert_null(find_step(p, ACT_REMOVE, "b:1"));
	assert_int_equal(down(want, arena_make(world.ctx.mem, struct resources), &local)->nstep, 0);
}

static void
only_what_is_there(void **state) {
	struct resources *want = want_text(spec),
			 *had = arena_make(world.ctx.mem, struct resources);

	(void)state;
	assert_int_equal(down(want, had, &keep)->nstep, 0);
	put_had(had, wanted(want, KIND_CONTAINER, "myapp-a-1"), "exited");
	assert_string_equal(commands(down(want, had, &keep)), "docker rm myapp-a-1\n");
}

static void
only_ours(void **state) {
	struct resources *want = want_text(spec), *had = had_all(want, "running");

	(void)state;
	for (size_t i = 0; i < had->n; i++)
		had->v[i]->ours = false;
	assert_int_equal(down(want, had, &keep)->nstep, 0);
	for (size_t i = 0; i < had->n; i++) {
		had->v[i]->ours = true;
		had->v[i]->project = "other";
	}
	assert_int_equal(down(want, had, &keep)->nstep, 0);
}

/* What the spec knows no more, or has changed, may use anything: all else goes after it. */
static void
strangers(void **state) {
	struct resources *want = want_text(spec), *had = had_all(want, "running");
	struct resource old = *wanted(want, KIND_CONTAINER, "myapp-a-1");
	struct plan *p;

	(void)state;
	old.name = "myapp-old-1";
	old.key = "old";
	put_had(had, &old, "running");
	wanted(had, KIND_CONTAINER, "myapp-b-1")->had_digest = "changed";
	p = down(want, had, &(struct down_options){.volumes = true, .timeout_s = -1});
	assert_true(comes_after(
		step_of(p, ACT_REMOVE, "myapp_data"), step_of(p, ACT_REMOVE, "myapp-old-1")));
	assert_true(comes_after(
		step_of(p, ACT_REMOVE, "myapp_n"), step_of(p, ACT_REMOVE, "myapp-old-1")));
	assert_true(comes_after(
		step_of(p, ACT_REMOVE, "myapp_data"), step_of(p, ACT_REMOVE, "myapp-b-1")));
}

static void
external_stays(void **state) {
	struct resources *want = want_text(
		"services: {a: {image: x, networks: [net], volumes: ['data:/d']}}\n"
		"networks: {net: {external: true}}\nvolumes: {data: {external: true, name: d1}}");
	struct plan *p = down(want, had_all(want, "running"),
		&(struct down_options){.volumes = true, .timeout_s = -1});

	(void)state;
	assert_string_equal(commands(p), "docker stop myapp-a-1\ndocker rm myapp-a-1\n");
}

static void
some_services(void **state) {
	static const char *const only[] = {"b"};
	struct plan *p = down(want_text(spec), NULL,
		&(struct down_options){.timeout_s = -1, .volumes = true, .only = only, .nonly = 1});

	(void)state;
	assert_string_equal(commands(p), "docker stop myapp-b-1\ndocker rm myapp-b-1\n");
}

/* Containers that nobody waits for are stopped by one command, and a chain stays one. */
static void
at_once(void **state) {
	struct resources *want =
		want_text("services: {a: {image: x}, b: {image: x}, c: {image: x}, "
			  "d: {image: x, depends_on: [e]}, e: {image: x}}");
	const struct plan *p = down(want, had_all(want, "running"), &keep);
	const struct step *net = step_of(p, ACT_REMOVE, "myapp_default");

	(void)state;
	assert_string_equal(commands(p), "docker stop myapp-d-1\ndocker rm myapp-d-1\n"
					 "docker stop myapp-e-1\ndocker rm myapp-e-1\n"
					 "docker stop myapp-a-1 myapp-b-1 myapp-c-1\n"
					 "docker rm myapp-a-1 myapp-b-1 myapp-c-1\n"
					 "docker network rm myapp_default\n");
	assert_int_equal(net->nneed, 3); /* each once */
	assert_true(net->tries > 1);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(for_printing),
		world_test(at_once),
		world_test(with_data),
		world_test(images_local),
		world_test(only_what_is_there),
		world_test(only_ours),
		world_test(strangers),
		world_test(external_stays),
		world_test(some_services),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
