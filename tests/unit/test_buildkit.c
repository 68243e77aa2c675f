/* test_buildkit.c - whether a docker can do the builds of a plan, asked only where that matters. */
#include "plan_help.h"

/* A docker in the folder that answers so, and notes that it was asked. */
static struct docker
docker_saying(const char *answer) {
	struct docker d = {.engine = engine_find("docker"), .env = world.environ};

	put("answer", answer);
	put("docker",
		arena_printf(world.ctx.mem, "#!/bin/sh\necho x >>%s/asked\n/bin/cat %s/answer\n",
			world.folder, world.folder));
	chmod("docker", 0700);
	d.program = arena_printf(world.ctx.mem, "%s/docker", world.folder);
	return d;
}

static const char needy[] = "services: {a: {build: {ssh: [default]}}, b: {build: {sbom: true}}}";

static bool
possible(const char *spec, const char *answer) {
	struct docker d = docker_saying(answer);

	return builds_are_possible(&world.ctx, &d, plan_text(spec, NULL, &plain));
}

static void
with_it(void **state) {
	(void)state;
	assert_true(possible(needy, "{\"Version\":\"28.2.2\",\"Plugins\":[{\"Name\":\"compose\"},"
				    "{\"Name\":\"buildx\"}]}\n"));
	assert_true(possible(needy, "{\"Version\":\"20.10.24\",\"Plugins\":[]}\n"));
	assert_true(possible(needy, "{\"Plugins\":[]}\n"));
	assert_true(possible(needy, "what?\n"));
	assert_true(possible(needy, ""));
	assert_string_equal(said(), "");
}

static void
without_it(void **state) {
	(void)state;
	assert_false(possible(needy, "{\"Version\":\"28.2.2\",\"Plugins\":[{\"Name\":\"x\"}]}\n"));
	assert_said("error: 'ssh' of a build needs BuildKit");
	assert_non_null(strstr(said_text, "error: 'sbom' of a build needs BuildKit"));
	assert_int_equal(access("asked", F_OK), 0);
	assert_false(possible(needy, "{\"Version\":\"23.0.0\",\"Plugins\":null}\n"));
}

static void
not_asked(void **state) {
	(void)state;
	assert_true(possible("services: {a: {build: .}}", "{\"Version\":\"28\",\"Plugins\":[]}\n"));
	assert_int_not_equal(access("asked", F_OK), 0);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(with_it),
		world_test(without_it),
		world_test(not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
