/* test_diff.c - wanted beside had: what becomes of each thing, and the sentence why. */
#include "plan_help.h"

static const char spec[] =
	"services:\n  a: {image: x, volumes: ['vol:/v'], depends_on: {b: {condition: "
	"service_completed_successfully}}}\n  b: {image: x, environment: {K: v}}\n"
	"volumes: {vol: }\n";

/* The change of the thing of this name. */
static const struct change *
change_of(const struct resources *want, const struct resources *had, const char *name) {
	const struct changes *c = diff_make(&world.ctx, world.project, want, had, NULL);

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].want->name, name) == 0)
			return &c->v[i];
	fail_msg("no %s", name);
	abort();
}

static void
nothing_is_there(void **state) {
	struct resources *want = want_text(spec);

	(void)state;
	assert_int_equal(change_of(want, NULL, "x")->kind, CHANGE_CREATE);
	assert_string_equal(change_of(want, NULL, "x")->why, "image for 'a' and 'b'");
	assert_string_equal(
		change_of(want, NULL, "myapp_vol")->why, "volume that keeps data of 'a'");
	assert_string_equal(change_of(want, NULL, "myapp-a-1")->why, "service 'a'");
}

static void
many_users(void **state) {
	struct resources *want = want_text("services: {a: {image: x, scale: 2, volumes: ['vol:/1', "
					   "'vol:/2']}, b: {image: x}, c: {image: x, "
					   "volumes: ['vol:/1', 'vol:/2']}, d: {image: x, volumes: "
					   "['vol:/1', 'vol:/2']}, e: {image: x, "
					   "volumes: ['vol:/1', 'vol:/2']}}\nvolumes: {vol: }");

	(void)state;
	assert_string_equal(change_of(want, NULL, "x")->why, "image for 'a', 'b' and 3 more");
	assert_string_equal(change_of(want, NULL, "myapp_vol")->why,
		"volume that keeps data of 'a', 'c' and 2 more");
	assert_string_equal(change_of(want, NULL, "myapp-a-2")->why, "container 2 of service 'a'");
}

static void
states_of_containers(void **state) {
	static const struct {
		const char *state;
		enum change_kind kind;
	} m[] = {
		{"running", CHANGE_KEEP},
		{"restarting", CHANGE_KEEP},
		{"created", CHANGE_REPAIR},
		{"exited", CHANGE_REPAIR},
		{"paused", CHANGE_REPAIR},
		{"dead", CHANGE_REPLACE},
		{"removing", CHANGE_REPLACE},
	};
	struct resources *want = want_text(spec);

	(void)state;
	for (size_t i = 0; i < sizeof(m) / sizeof(*m); i++)
		assert_int_equal(
			change_of(want, had_all(want, m[i].state), "myapp-a-1")->kind, m[i].kind);
}

/* What something waits for is done when it has ended well, and only then. */
static void
one_shots(void **state) {
	struct resources *want = want_text(spec), *had = had_all(want, "exited");
	struct resource *b = wanted(had, KIND_CONTAINER, "myapp-b-1");

	(void)state;
	assert_int_equal(change_of(want, had, "myapp-b-1")->kind, CHANGE_KEEP);
	assert_int_equal(change_of(want, had, "myapp-a-1")->kind, CHANGE_REPAIR);
	b->exit_code = 1;
	assert_int_equal(change_of(want, had, "myapp-b-1")->kind, CHANGE_REPAIR);
}

static void
what_differs(void **state) {
	struct resources *want = want_text(spec), *had = had_all(want, "running");
	struct resource *b = wanted(had, KIND_CONTAINER, "myapp-b-1");
	const struct change *c;

	(void)state;
	b->had_digest = "other";
	b->had_sums = "environment.K=00000000 image=00000000 user=00000000";
	c = change_of(want, had, "myapp-b-1");
	assert_int_equal(c->kind, CHANGE_REPLACE);
	assert_int_equal(c->ndiff, 3);
	assert_string_equal(c->diff[0].key, "environment.K");
	assert_true(c->diff[2].is_gone);
	assert_int_equal(c->at.line, 3);
	b->had_sums = "";
	c = change_of(want, had, "myapp-b-1");
	assert_int_equal(c->kind, CHANGE_REPLACE);
	assert_int_equal(c->ndiff, 1);
	assert_string_equal(c->diff[0].key, "");
}

static void
whose_it_is(void **state) {
	struct resources *want = want_text(spec), *had = had_all(want, "running");
	struct resource *v = wanted(had, KIND_VOLUME, "myapp_vol");

	(void)state;
	v->ours = false;
	v->had_digest = v->project = "";
	assert_int_equal(change_of(want, had, "myapp_vol")->kind, CHANGE_CONFLICT);
	assert_non_null(strstr(change_of(want, had, "myapp_vol")->why, "no project"));
	v->project = "myapp"; /* Compose made it: it is used */
	assert_int_equal(change_of(want, had, "myapp_vol")->kind, CHANGE_KEEP);
	v->project = "other";
	assert_non_null(strstr(change_of(want, had, "myapp_vol")->why, "made by another tool"));
	v->ours = true;
	assert_non_null(strstr(change_of(want, had, "myapp_vol")->why, "project 'other':"));
}

static void
external(void **state) {
	struct resources *want =
		want_text("services: {a: {image: x, networks: [n]}}\nnetworks: {n: "
			  "{external: true}}");
	struct resources *had = arena_make(world.ctx.mem, struct resources);

	(void)state;
	assert_int_equal(change_of(want, NULL, "n")->kind, CHANGE_KEEP);
	assert_int_equal(change_of(want, had, "n")->kind, CHANGE_MISSING);
	assert_non_null(strstr(change_of(want, had, "n")->why, "docker network create n"));
	put_had(had, wanted(want, KIND_NETWORK, "n"), "")->ours = false;
	assert_int_equal(change_of(want, had, "n")->kind, CHANGE_KEEP);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(nothing_is_there),
		world_test(many_users),
		world_test(states_of_containers),
		world_test(one_shots),
		world_test(what_differs),
		world_test(whose_it_is),
		world_test(external),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
