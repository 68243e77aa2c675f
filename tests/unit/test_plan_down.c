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
		had->v[i]->ours = false; /* Compose made it for this project */
	assert_int_equal(
		down(want, had, &keep)->nstep, down(want, had_all(want, "running"), &keep)->nstep);
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

/* A container of a service that is gone from the spec stays until it is asked for, and what it uses with it. */
static void
orphans_stay(void **state) {
	struct down_options o = {.volumes = true, .timeout_s = -1, .keep_orphans = true};
	struct resources *want = want_text(spec), *had = had_all(want, "running");
	struct resource old = *wanted(want, KIND_CONTAINER, "myapp-a-1"), *left;
	const char *text;
	struct plan *p;

	(void)state;
	old.name = "myapp-old-1";
	old.key = "old";
	left = put_had(had, &old, "running");
	left->networks = "bridge,myapp_n";
	left->mounts = "myapp_data";
	left->had_files = "old.yaml";
	p = down(want, had, &o);
	assert_non_null(find_step(p, ACT_REMOVE, "myapp-b-1"));
	assert_non_null(find_step(p, ACT_REMOVE, "myapp_default"));
	assert_null(find_step(p, ACT_STOP, "myapp-old-1"));
	assert_null(find_step(p, ACT_REMOVE, "myapp-old-1"));
	assert_null(find_step(p, ACT_REMOVE, "myapp_n"));
	assert_null(find_step(p, ACT_REMOVE, "myapp_data"));
	text = said();
	assert_non_null(strstr(text, "'myapp-old-1'"));
	assert_non_null(strstr(text, "'myapp_n'"));
	assert_non_null(strstr(text, "'myapp_data'"));
	assert_non_null(strstr(text, "made from old.yaml"));
	o.keep_orphans = false;
	p = down(want, had, &o);
	assert_non_null(find_step(p, ACT_REMOVE, "myapp-old-1"));
	assert_non_null(find_step(p, ACT_REMOVE, "myapp_n"));
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
	assert_true(step_extra(net)->tries > 1);
}

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"

/* Volumes without a name that a container had from another one: the engine does not remove them with it. */
static void
carried_volumes(void **state) {
	struct resources *want = want_text(spec), *had = had_all(want, "running");
	struct down_options all = {.volumes = true, .anonymous = true, .timeout_s = -1};
	const struct step *s;
	const struct plan *p;
	struct words names;

	(void)state;
	wanted(had, KIND_CONTAINER, "myapp-a-1")->had_carried = HEX "1," HEX "2,data,x";
	wanted(had, KIND_CONTAINER, "myapp-b-1")->had_carried = HEX "2";
	assert_null(strstr(commands(down(want, had, &keep)), "volume rm"));
	p = down(want, had, &all);
	assert_non_null(strstr(commands(p), "docker volume rm -f " HEX "1 " HEX "2\n"));
	s = step_of(p, ACT_REMOVE, HEX "1");
	assert_true(comes_after(s, step_of(p, ACT_REMOVE, "myapp-a-1")));
	assert_true(comes_after(s, step_of(p, ACT_REMOVE, "myapp-b-1")));
	assert_true(s->optional);
	names = down_volumes(&world.ctx, world.project, had, &all);
	assert_int_equal(names.n, 2);
	words_push(world.ctx.mem, &all.also, HEX "3", (struct pos){0});
	words_push(world.ctx.mem, &all.also, "myapp_data", (struct pos){0});
	p = down(want, &(struct resources){0}, &all);
	assert_string_equal(commands(p), "docker volume rm -f " HEX "3\n");
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
		world_test(orphans_stay),
		world_test(external_stays),
		world_test(some_services),
		world_test(carried_volumes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
