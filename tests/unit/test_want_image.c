/* test_want_image.c - the wanted images: how the wishes of several services meet, who builds, what is built before what. */
#include "plan_help.h"

static struct resource *
image(const char *text, const char *name) {
	return wanted(want_text(text), KIND_IMAGE, name);
}

/* The service that asks most decides, and the smaller age. */
static void
wishes_meet(void **state) {
	const struct resource *r;

	(void)state;
	r = image("services: {a: {image: x, pull_policy: never}, b: {image: x, pull_policy: "
		  "weekly}, c: {image: x, pull_policy: daily}, d: {image: x}}",
		"x");
	assert_int_equal(r->wish->pulling, PULLING_OLD);
	assert_int_equal(r->wish->old_s, 86400);
	assert_string_equal(r->service->name, "c");
	assert_null(r->wish->builder);
	r = image("services: {a: {image: x, pull_policy: never}}", "x");
	assert_int_equal(r->wish->pulling, PULLING_NEVER);
}

static void
builders(void **state) {
	const struct resource *r;

	(void)state;
	r = image("services: {a: {build: .}, b: {image: myapp-a}}", "myapp-a");
	assert_true(r->wish->is_own);
	assert_string_equal(r->wish->builder->name, "a");
	assert_int_equal(r->wish->build_at.col, 16);
	r = image("services: {b: {image: y}, a: {image: y, build: ., pull_policy: build}}", "y");
	assert_false(r->wish->is_own);
	assert_true(r->wish->is_anew);
	assert_string_equal(r->wish->builder->name, "a");
	r = image("services: {a: {image: z, build: .}, b: {image: z, build: .}}", "z");
	assert_string_equal(r->wish->builder->name, "a");
	assert_string_equal(said(), "");
	r = image("services: {a: {image: z, build: ./a, secrets: []}, b: {image: z, build: ./b}}",
		"z");
	assert_string_equal(r->wish->builder->name, "b");
	assert_null(strstr(joined(&r->create), "/a"));
	assert_said("warning: 'a' and 'b' build the image 'z' in different ways");
}

/* What a later service builds takes nothing over from the build that it replaces. */
static void
replaced(void **state) {
	const struct resource *r = image(
		"services: {a: {image: z, build: {dockerfile_inline: 'FROM x', args: {TOKEN: t}, "
		"provenance: 'false'}}, b: {image: z, build: ./b}}",
		"z");

	(void)state;
	assert_int_equal(r->npass, 0);
	assert_null(r->wish->feed);
	assert_null(r->wish->buildkit);
}

static void
bases(void **state) {
	const struct resources *want;
	const struct resource *r;

	(void)state;
	want = want_text("services: {a: {build: {additional_contexts: {x: 'service:b', y: "
			 "'service:c'}}}, b: {build: ./b, profiles: [off]}, c: {image: c:1, "
			 "profiles: [off]}}");
	r = wanted(want, KIND_IMAGE, "myapp-a");
	assert_int_equal(r->nedge, 2);
	assert_ptr_equal(r->edge[0].to, wanted(want, KIND_IMAGE, "myapp-b"));
	assert_ptr_equal(r->edge[1].to, wanted(want, KIND_IMAGE, "c:1"));
	assert_null(resources_find(want, KIND_CONTAINER, "myapp-b-1"));
}

static void
circles(void **state) {
	(void)state;
	assert_null(want_text("services: {a: {build: {additional_contexts: {x: 'service:a'}}}}"));
	assert_said("the build of 'a' starts from that of 'a', which in turn waits for it");
	world.ctx.diags = diags_new(world.ctx.mem);
	assert_null(want_text(
		"services: {a: {build: {additional_contexts: {x: 'service:b'}}}, b: {build: "
		"{additional_contexts: {x: 'service:c', y: 'service:d'}}}, c: {build: "
		"{additional_contexts: {x: 'service:b'}}}, d: {build: .}}"));
	assert_said("the build of 'c' starts from that of 'b', which in turn waits for it");
	world.ctx.diags = diags_new(world.ctx.mem);
	assert_non_null(want_text("services: {a: {build: {additional_contexts: {x: 'service:b', y: "
				  "'service:b'}}}, b: {build: .}}"));
}

/* Builds follow depends_on, unless they would wait for one another. */
static void
after_needs(void **state) {
	const struct resources *want;
	const struct resource *a;

	(void)state;
	want = want_text(
		"services: {a: {build: ., depends_on: [b, c]}, b: {build: .}, c: {image: c}}");
	a = wanted(want, KIND_IMAGE, "myapp-a");
	assert_int_equal(a->nedge, 1);
	assert_ptr_equal(a->edge[0].to, wanted(want, KIND_IMAGE, "myapp-b"));
	want = want_text("services: {a: {build: ., depends_on: [b]}, b: {build: "
			 "{additional_contexts: {x: 'service:a'}}}}");
	assert_int_equal(wanted(want, KIND_IMAGE, "myapp-a")->nedge, 0);
	assert_int_equal(wanted(want, KIND_IMAGE, "myapp-b")->nedge, 1);
	want = want_text("services: {a: {image: x, build: ., depends_on: [b]}, b: {build: ./b, "
			 "depends_on: [c]}, c: {image: x, build: .}}");
	assert_int_equal(wanted(want, KIND_IMAGE, "x")->nedge, 0);
	assert_string_equal(said(), "");
}

/* Images that a service uses beside its own: a hook's is not what the service builds, that of another service is. */
static void
beside(void **state) {
	const struct resources *want;

	(void)state;
	want = want_text(
		"services: {a: {build: ., pre_start: [{image: h, command: x}], volumes: "
		"[{type: image, source: b, target: /b}]}, b: {build: ./b, profiles: [off]}}");
	assert_null(wanted(want, KIND_IMAGE, "h")->wish->builder);
	assert_int_equal(wanted(want, KIND_IMAGE, "h")->wish->pulling, PULLING_MISSING);
	assert_string_equal(wanted(want, KIND_IMAGE, "myapp-b")->wish->builder->name, "b");
	assert_true(wanted(want, KIND_IMAGE, "myapp-b")->wish->is_own);
}

static void
build_without(void **state) {
	(void)state;
	assert_non_null(want_text("services: {a: {image: x, pull_policy: build}}"));
	assert_said("warning: no service has a 'build' for the image 'x'");
	world.ctx.diags = diags_new(world.ctx.mem);
	assert_non_null(want_text(
		"services: {a: {image: x, pull_policy: build}, b: {image: x, build: .}}"));
	assert_string_equal(said(), "");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(wishes_meet),
		world_test(builders),
		world_test(replaced),
		world_test(bases),
		world_test(circles),
		world_test(after_needs),
		world_test(beside),
		world_test(build_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
