/* test_observe_image.c - under which names a wanted image is known to the engine. */
#include "../../src/plan/plan_int.h"
#include "plan_help.h"

#define HEX12 "0123456789ab"
#define DIGEST "sha256:0123456789ab0123456789ab0123456789ab0123456789ab0123456789ab0123"

/* Does a line of `image inspect` with these names answer for IMAGE? */
static bool
answers(const char *image, const char *tags, const char *digests) {
	struct resources want = {0}, had = {0};
	struct resource r = {.kind = KIND_IMAGE, .name = image, .key = image};
	const char *why,
		*text = arena_printf(world.ctx.mem,
			"{\"id\":\"" DIGEST "\",\"tags\":[%s],\"digests\":[%s]}", tags, digests);
	struct node *line = json_read(world.ctx.mem, text, strlen(text), &why);

	resources_push(&world.ctx, &want, &r);
	wanted_images_add(&world.ctx, &had, wanted_images(&world.ctx, &want), line);
	return had.n == 1 && strcmp(had.v[0]->id, DIGEST) == 0;
}

static void
names(void **state) {
	(void)state;
	assert_true(answers("x", "\"x:latest\"", ""));
	assert_true(answers("docker.io/library/x:1", "\"y:2\",\"x:1\"", ""));
	assert_true(answers("docker.io/me/x", "\"me/x:latest\"", ""));
	assert_true(answers("r:5000/x", "\"r:5000/x:latest\"", ""));
	assert_false(answers("x:2", "\"x:1\"", ""));
	assert_false(answers("x", "", ""));
	assert_true(answers("x@sha256:aa", "", "\"x@sha256:aa\""));
	assert_true(answers("x:1@sha256:aa", "", "\"x@sha256:aa\""));
	assert_true(answers("r:5000/x:1@sha256:aa", "", "\"r:5000/x@sha256:aa\""));
	assert_true(answers("r:5000/x@sha256:aa", "", "\"r:5000/x@sha256:aa\""));
	assert_false(answers("x:1@sha256:ab", "\"x:1\"", "\"x@sha256:aa\""));
	assert_true(answers(DIGEST, "", ""));
	assert_true(answers(HEX12, "", ""));
	assert_false(answers("0123456789", "", ""));
	assert_false(answers("123456789abc", "", ""));
}

/* Two spellings of one image are both there, each once. */
static void
two_spellings(void **state) {
	struct resources want = {0}, had = {0};
	struct resource r[2] = {{.kind = KIND_IMAGE, .name = "x"},
		{.kind = KIND_IMAGE, .name = "docker.io/x:latest"}};
	static const char text[] =
		"{\"id\":\"i\",\"tags\":[\"x:latest\",\"x:latest\"],\"digests\":null}";
	const char *why;
	struct node *line = json_read(world.ctx.mem, text, strlen(text), &why);

	(void)state;
	resources_push(&world.ctx, &want, &r[0]);
	resources_push(&world.ctx, &want, &r[1]);
	wanted_images_add(&world.ctx, &had, wanted_images(&world.ctx, &want), line);
	assert_int_equal(had.n, 2);
	assert_non_null(resources_find(&had, KIND_IMAGE, "docker.io/x:latest"));
}

/* When the image whose LastTagTime is this text was tagged. */
static int64_t
tagged(const char *text) {
	struct resources want = {0}, had = {0};
	struct resource r = {.kind = KIND_IMAGE, .name = "x"};
	const char *why,
		*line = arena_printf(world.ctx.mem,
			"{\"id\":\"i\",\"tags\":[\"x:latest\"],\"digests\":[],\"tagged\":\"%s\"}",
			text);

	resources_push(&world.ctx, &want, &r);
	wanted_images_add(&world.ctx, &had, wanted_images(&world.ctx, &want),
		json_read(world.ctx.mem, line, strlen(line), &why));
	return had.v[0]->tagged_s;
}

static void
times(void **state) {
	(void)state;
	assert_int_equal(tagged("2033-05-18T03:33:20Z"), 2000000000);
	assert_int_equal(tagged("2033-05-18T03:33:20.123456789Z"), 2000000000);
	assert_int_equal(tagged("2033-05-18T05:33:20.5+02:00"), 2000000000);
	assert_int_equal(tagged("2033-05-17T22:03:20-05:30"), 2000000000);
	assert_int_equal(tagged("0001-01-01T00:00:00Z"), 0);
	assert_int_equal(tagged(""), 0);
	assert_int_equal(tagged("yesterday"), 0);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(names), world_test(two_spellings), world_test(times)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
