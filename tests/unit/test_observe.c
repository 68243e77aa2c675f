/* test_observe.c - what the engine answers, by a program of our own in docker's place. */
#include "plan_help.h"

static const char spec[] = "services: {a: {image: x}, b: {image: 'r.example/y:1'}}";

/* The answers of docker, by the first word of the question. */
struct answers {
	const char *ps, *network, *volume, *image;
	int image_rc;
};

static const struct answers empty = {.ps = "", .network = "", .volume = "", .image = ""};

/* Write a file of the folder without what cmocka would say. */
static const char *
file_with(const char *name, const char *text) {
	put(name, text);
	return name;
}

/* Put a docker into the folder that says this. */
static struct docker
docker_saying(const struct answers *a) {
	struct docker d = {.engine = engine_find("docker")};

	file_with("ps", a->ps);
	file_with("network", a->network);
	file_with("volume", a->volume);
	file_with("image", a->image);
	put("docker", arena_printf(world.ctx.mem,
			      "#!/bin/sh\ncat '%s'/$1\n[ \"$1\" != image ] || exit %d\n",
			      world.folder, a->image_rc));
	chmod("docker", 0700);
	d.program = arena_printf(world.ctx.mem, "%s/docker", world.folder);
	d.env = world.environ;
	return d;
}

static struct resources *
observed(const struct answers *a, struct resources **want) {
	struct docker d = docker_saying(a);
	bool unreachable = false;

	*want = want_text(spec);
	return observe(&world.ctx, &d, world.project, *want, &unreachable);
}

#define LABELS "\"project\":\"myapp\",\"own\":\"myapp\",\"digest\":\"d\",\"keys\":\"k=1\"}\n"
#define PS(name, state, status)                                                             \
	"{\"id\":\"12\",\"name\":\"" name "\",\"state\":\"" state "\",\"status\":\"" status \
	"\",\"ports\":\"p\",\"networks\":\"n\",\"key\":\"a\",\"number\":\"1\"," LABELS

static void
what_is_there(void **state) {
	struct answers a = empty;
	struct resources *want, *had;
	struct resource *r;

	(void)state;
	a.ps = PS("myapp-a-1", "exited", "Exited (3) 2 minutes ago")
		PS("other", "running", "Up 2 minutes (healthy)");
	a.network = "{\"id\":\"1\",\"name\":\"n\",\"key\":\"\",\"project\":\"\",\"own\":\"\","
		    "\"digest\":\"\",\"keys\":\"\"}\n";
	a.image = "{\"id\":\"sha256:aa\",\"tags\":[\"x:latest\",\"z:1\"],\"digests\":[]}\n";
	a.image_rc = 1;
	had = observed(&a, &want);
	if (!had) {
		fail_msg("%s", said());
		abort();
	}
	assert_int_equal(had->n, 4);
	r = wanted(had, KIND_CONTAINER, "myapp-a-1");
	assert_true(r->ours);
	assert_int_equal(r->exit_code, 3);
	assert_int_equal(r->number, 1);
	assert_string_equal(r->had_sums, "k=1");
	assert_int_equal(wanted(had, KIND_CONTAINER, "other")->exit_code, -1);
	assert_false(wanted(had, KIND_NETWORK, "n")->ours);
	assert_string_equal(wanted(had, KIND_NETWORK, "n")->key, "n");
	assert_string_equal(wanted(had, KIND_IMAGE, "x")->id, "sha256:aa");
	assert_null(resources_find(had, KIND_IMAGE, "r.example/y:1"));
}

/* No answer is taken for a whole one that ends in mid-line, is no JSON, or came with a failure. */
static void
broken_answers(void **state) {
	static const char whole[] = PS("myapp-a-1", "running", "Up");
	struct answers a = empty;
	struct resources *want;

	(void)state;
	for (size_t n = 1; n + 1 < sizeof(whole); n += 7) {
		a.ps = arena_strndup(world.ctx.mem, whole, n);
		assert_null(observed(&a, &want));
		assert_said("[engine-answer]");
		world.ctx.diags = diags_new(world.ctx.mem);
	}
	a.ps = "[]\n";
	assert_null(observed(&a, &want));
	a.ps = "\n";
	assert_null(observed(&a, &want));
	a = empty;
	a.image_rc = 3;
	assert_null(observed(&a, &want));
	assert_said("[engine-unreachable]");
	world.ctx.diags = diags_new(world.ctx.mem);
	a.image_rc = 1;
	assert_non_null(observed(&a, &want));
	assert_string_equal(said(), "");
}

static void
no_engine(void **state) {
	struct resources *want = want_text(spec);
	struct docker d = docker_saying(&empty);
	bool unreachable = false;

	(void)state;
	put("docker", "#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n");
	assert_null(observe(&world.ctx, &d, world.project, want, &unreachable));
	assert_true(unreachable);
	assert_said("docker cannot reach its engine: Cannot connect to the Docker daemon");
	world.ctx.diags = diags_new(world.ctx.mem);
	d.program = "/nowhere/docker";
	assert_null(observe(&world.ctx, &d, world.project, want, &unreachable));
	assert_said("cannot run '/nowhere/docker': No such file");
}

/* The version is asked for only where somebody wants it, and an answer that cannot be read is no version. */
static void
versions(void **state) {
	static const struct {
		const char *answer, *program, *engine;
	} m[] = {
		{"{\"program\":\"28.2.2\",\"engine\":\"20.10.24\"}\n", "28.2.2", "20.10.24"},
		{"podman version 4\n", "", ""},
		{"", "", ""},
	};
	struct resources *want = want_text(spec);
	struct docker d = docker_saying(&empty);
	struct engine_version v = {NULL, NULL};
	bool unreachable;

	(void)state;
	assert_non_null(observe(&world.ctx, &d, world.project, want, &unreachable));
	assert_null(v.engine);
	d.version = &v;
	for (size_t i = 0; i < sizeof(m) / sizeof(*m); i++) {
		file_with("version", m[i].answer);
		assert_non_null(observe(&world.ctx, &d, world.project, want, &unreachable));
		assert_string_equal(v.program, m[i].program);
		assert_string_equal(v.engine, m[i].engine);
	}
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(what_is_there),
		world_test(broken_answers),
		world_test(no_engine),
		world_test(versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
