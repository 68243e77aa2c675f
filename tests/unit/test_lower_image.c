/* test_lower_image.c - the steps that get an image: pull, build, both, or neither, by policy, by option, and by what is there. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define NOW 2000000000

/* The pulls and builds of a plan: "pull x; build y". */
static const char *
got(const struct plan *p) {
	struct buf b = {0};

	for (size_t i = 0; i < p->nstep; i++) {
		const struct step *s = p->step[i];
		if (s->act == ACT_PULL || s->act == ACT_BUILD)
			buf_printf(&b, "%s%s %s%s", b.n ? "; " : "", action_name(s->act), s->name,
				s->optional             ? "?"
				: step_extra(s)->unless ? "!"
							: "");
	}
	return arena_take_buf(world.ctx.mem, &b);
}

/* The reading command before a step; "" for none. */
static const char *
guard_of(const struct plan *p, const struct step *s) {
	struct words w = step_guard(&world.ctx, p, s);

	return joined(&w);
}

static const char spec[] = "services: {own: {build: ./own}, both: {image: both:1, build: ./both}, "
			   "not: {image: not:1}}";

static void
options(void **state) {
	static const struct {
		struct plan_options o;
		const char *none, *all; /* on an empty engine; where all is there */
	} m[] = {
		{{.pull = PULL_POLICY}, "build myapp-own; pull both:1?; build both:1!; pull not:1",
			""},
		{{.pull = PULL_NEVER}, "build myapp-own; build both:1", ""},
		{{.pull = PULL_MISSING}, "build myapp-own; pull both:1?; build both:1!; pull not:1",
			""},
		{{.pull = PULL_ALWAYS}, "build myapp-own; pull both:1?; build both:1!; pull not:1",
			"pull both:1?; pull not:1"},
		{{.build = BUILD_ALWAYS}, "build myapp-own; build both:1; pull not:1",
			"build myapp-own; build both:1"},
		{{.build = BUILD_NEVER}, "pull both:1; pull not:1", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(m); i++) {
		assert_string_equal(got(plan_text(spec, NULL, &m[i].o)), m[i].none);
		assert_string_equal(
			got(plan_text(spec, had_all(want_text(spec), "exited"), &m[i].o)),
			m[i].all);
	}
}

/* The build waits for the pull that it stands in for, the containers for the build; guards ask for the image. */
static void
needs(void **state) {
	const struct plan *p = plan_text(spec, NULL, &plain);
	const struct step *build = step_of(p, ACT_BUILD, "both:1");

	(void)state;
	assert_ptr_equal(step_extra(build)->unless, step_of(p, ACT_PULL, "both:1"));
	assert_true(comes_after(build, step_extra(build)->unless));
	assert_true(comes_after(step_of(p, ACT_CREATE, "myapp_default"), build));
	assert_true(comes_after(step_of(p, ACT_RUN, "myapp-both-1"), build));
	assert_true(build->guarded);
	assert_string_equal(guard_of(p, build), "docker image inspect both:1");
	assert_string_equal(build->title, "both");
}

static void
policy_build(void **state) {
	static const char text[] =
		"services: {a: {image: x, build: ., pull_policy: build}, b: {image: x}}";
	const struct plan *p = plan_text(text, NULL, &plain);

	(void)state;
	assert_string_equal(got(p), "build x");
	assert_false(p->step[0]->guarded);
	assert_int_equal(strlen(guard_of(p, p->step[0])), 0);
	p = plan_text(text, had_all(want_text(text), "running"), &plain);
	assert_string_equal(got(p), "build x");
	assert_string_equal(p->step[0]->why, "image of 'a', built anew");
}

/* By age: only with an engine, and only what is too old. */
static void
policy_age(void **state) {
	static const char text[] = "services: {a: {image: x, pull_policy: every_1h}}";
	struct resources *had = had_all(want_text(text), "running");
	struct resource *x = resources_find(had, KIND_IMAGE, "x");
	const struct plan_options now = {.now_s = NOW};

	(void)state;
	x->tagged_s = NOW - 3600;
	assert_string_equal(got(plan_text(text, had, &now)), "");
	x->tagged_s = NOW - 3601;
	assert_string_equal(got(plan_text(text, had, &now)), "pull x");
	assert_false(plan_text(text, had, &now)->step[0]->guarded);
	x->tagged_s = 0;
	assert_string_equal(got(plan_text(text, had, &now)), "pull x");
	assert_null(strstr(said(), "[age-unknown]"));
	assert_string_equal(got(plan_text(text, NULL, &now)), "pull x");
	assert_said("[age-unknown]");
}

/* What no step gets must be there: docker is told not to pull it. */
static void
never_pulled(void **state) {
	const struct plan_options no_build = {.build = BUILD_NEVER};
	struct resources *want;

	(void)state;
	assert_non_null(strstr(commands(plan_text("services: {a: {build: .}}", NULL, &no_build)),
		"--name myapp-a-1 --pull never "));
	assert_null(
		strstr(commands(plan_text("services: {a: {build: .}}", NULL, &plain)), "--pull"));
	assert_non_null(strstr(
		commands(plan_text("services: {a: {image: x, pull_policy: build}}", NULL, &plain)),
		"--pull never"));
	want = want_text("services: {a: {build: .}}");
	assert_null(plan_make(&world.ctx, world.project, engine_find("docker"),
		diff_make(&world.ctx, world.project, want,
			arena_make(world.ctx.mem, struct resources), NULL),
		&no_build));
	assert_said("[not-built]");
}

/* A container that stays is replaced if its image, which is got anew, turns out to be another one. */
static void
doubtful_images(void **state) {
	static const char text[] = "services: {a: {build: .}, b: {image: x, network_mode: "
				   "'service:a'}, c: {image: x}}";
	const struct plan_options anew = {.build = BUILD_ALWAYS};
	struct resources *had = had_all(want_text(text), "running");
	const struct plan *p;
	const char *why;

	(void)state;
	for (size_t i = 0; i < had->n; i++) {
		had->v[i]->networks = "myapp_default";
		if (had->v[i]->kind == KIND_CONTAINER)
			had->v[i]->facts =
				json_read(world.ctx.mem, "{\"Image\":\"0123456789ab\"}", 24, &why);
	}
	p = plan_text(text, had, &anew);
	const struct step *asks = find_step(p, ACT_QUERY, "myapp-a");
	assert_true(asks && asks->asks);
	assert_true(comes_after(asks, step_of(p, ACT_BUILD, "myapp-a")));
	assert_ptr_equal(step_extra(step_of(p, ACT_RENAME, "myapp-a-1"))->unless, asks);
	assert_ptr_equal(step_extra(step_of(p, ACT_RUN, "myapp-a-1"))->unless, asks);
	assert_ptr_equal(step_extra(step_of(p, ACT_RUN, "myapp-b-1"))->unless, asks);
	assert_ptr_equal(step_extra(step_of(p, ACT_REMOVE, "myapp-a-1"))->unless, asks);
	assert_null(find_step(p, ACT_RUN, "myapp-c-1"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(options),
		world_test(needs),
		world_test(policy_build),
		world_test(policy_age),
		world_test(never_pulled),
		world_test(doubtful_images),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
