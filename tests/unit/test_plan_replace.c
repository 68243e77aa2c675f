/* test_plan_replace.c - anonymous volumes of a container that another one takes the place of. */
#include "plan_help.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"

static const char spec[] =
	"services:\n  a: {image: x, volumes: [/scratch, 'data:/data']}\nvolumes: {data: }\n";

/* What the replacing makes, of a container with these mounts. */
static const char *
made(const char *mounts) {
	struct resources *want = want_text(spec), *had = had_all(want, "running");
	struct resource *r = wanted(had, KIND_CONTAINER, "myapp-a-1");
	const char *why, *facts = arena_printf(world.ctx.mem, "{\"Mounts\":[%s]}", mounts);
	const struct plan *p;

	r->had_digest = "another";
	r->facts = json_read(world.ctx.mem, facts, strlen(facts), &why);
	p = plan_make(&world.ctx, world.project, engine_find("docker"),
		diff_make(&world.ctx, world.project, want, had, NULL), &plain);
	return p ? joined(&step_of(p, ACT_RUN, "myapp-a-1")->argv) : said();
}

#define VOLUME(name, at) "{\"Type\":\"volume\",\"Name\":\"" name "\",\"Destination\":\"" at "\"}"

static void
volumes_move(void **state) {
	const char *text = made(VOLUME(HEX "1", "/scratch") "," VOLUME(
		"myapp_data", "/data") "," VOLUME(HEX "2",
		"/of-the-image") ",{\"Type\":\"bind\",\"Name\":\"\",\"Destination\":\"/b\"}");

	(void)state;
	if (!strstr(text, "type=volume,src=" HEX "1,dst=/scratch"))
		fail_msg("%s", text);
	assert_non_null(strstr(text, " --mount type=volume,src=" HEX "2,dst=/of-the-image "));
	assert_non_null(strstr(text, " --label dev.stackplan.volumes=" HEX "1," HEX "2 "));
	assert_null(strstr(made(VOLUME("myapp_data", "/data")), "dev.stackplan.volumes"));
	assert_null(strstr(made(VOLUME(HEX "3", "/data")), HEX)); /* the spec puts another there */
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(volumes_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
