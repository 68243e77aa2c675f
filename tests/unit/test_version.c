/* test_version.c - what an old engine, or an old docker, is too old for. */
#include "plan_help.h"

#include <stackplan/engine.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* A service's body, and both versions. */
static bool
fits(const char *body, const char *program, const char *engine, bool *dropped) {
	const struct engine_version have = {.program = program, .engine = engine};
	const char *spec = arena_printf(world.ctx.mem,
		"services: {a: {image: x, %s}}\nnetworks: {n: {enable_ipv4: false}}\n"
		"volumes: {vol: }",
		body);

	world.ctx.diags = diags_new(world.ctx.mem);
	if (!make_text(spec, NULL))
		fail_msg("%s", said());
	return version_check(&world.ctx, world.project, &have, dropped);
}

static void
matters(void **state) {
	(void)state;
	assert_false(version_matters(&world.ctx, make_text("services: {a: {image: x}}", NULL)));
	assert_false(version_matters(&world.ctx,
		make_text("services: {a: {image: x, annotations: {}, networks: {n: {gw_priority: "
			  "0}}}, b: {image: x, annotations: {k: v}, profiles: [off]}}\n"
			  "networks: {n: {enable_ipv4: true}, unused: {enable_ipv4: false}}",
			NULL)));
	assert_true(version_matters(
		&world.ctx, make_text("services: {a: {image: x, annotations: {k: v}}}", NULL)));
	assert_true(version_matters(&world.ctx,
		make_text("services: {a: {image: x}}\nnetworks: {default: {enable_ipv4: false}}",
			NULL)));
}

/* Keys with the last version that is too old for them, and the first that is not. */
static void
too_old(void **state) {
	static const struct {
		const char *body, *old, *new, *said;
	} m[] = {
		{"healthcheck: {start_interval: 1s, start_period: 1s}", "24.0.9", "25.0",
			"'start_interval' needs an engine of version 25.0 or later, and this is "
			"24.0.9: update it"},
		{"volumes: [{type: volume, source: vol, target: /t, volume: {subpath: p}}]",
			"25.0.5", "26.0.0", "'subpath' needs"},
		{"volumes: [{type: image, source: i, target: /t}]", "27.5.1", "28.0.0",
			"'type' with 'image' needs"},
		{"volumes: [{type: bind, source: /s, target: /t, bind: {recursive: disabled}}]",
			"20.10.24+dfsg1", "25.0.0-rc.1", "'recursive' needs"},
		{"devices: ['v.com/c=d']", "24.0", "25.0", "'source' with 'v.com/c=d' needs"},
		{"networks: [n]", "27", "28", "'enable_ipv4' needs"},
	};
	bool dropped;

	(void)state;
	for (size_t i = 0; i < COUNT(m); i++) {
		assert_false(fits(m[i].body, "29.0.0", m[i].old, &dropped));
		assert_said(m[i].said);
		assert_non_null(strstr(said_text, "[too-new]"));
		assert_false(fits(m[i].body, m[i].old, "29.0.0", &dropped));
		assert_said("needs a docker program of version");
		if (!fits(m[i].body, m[i].new, m[i].new, &dropped))
			fail_msg("%s: %s", m[i].body, said());
		assert_false(dropped);
	}
}

/* What is left out with a warning is gone from the tree then. */
static void
left_out(void **state) {
	bool dropped;

	(void)state;
	assert_true(fits("annotations: {k: v}, user: u", "28.2.2", "20.10.24", &dropped));
	assert_true(dropped);
	assert_said("1:26: warning: 'annotations' needs an engine of version 24.0 or later, and "
		    "this is 20.10.24: it is left out, as Compose leaves it out [too-new]");
	assert_null(node_find(world.project->service[0].tree, "annotations"));
	assert_non_null(node_find(world.project->service[0].tree, "user"));
	assert_true(fits("networks: {default: {gw_priority: 3, interface_name: e7, aliases: [x]}}",
		"28.2.2", "28.0.4", &dropped));
	assert_true(dropped);
	assert_said("'interface_name' needs an engine of version 28.1");
	assert_null(strstr(said_text, "gw_priority'"));
}

/* A hardware address is refused by a new docker beside an old engine alone. */
static void
mixed(void **state) {
	static const char mac[] = "mac_address: '02:42:ac:11:65:43'";
	bool dropped;

	(void)state;
	assert_false(fits(mac, "28.2.2", "20.10.24", &dropped));
	assert_true(fits(mac, "20.10.24", "20.10.24", &dropped));
	assert_true(fits(mac, "24.0.0", "28.0.0", &dropped));
	assert_true(fits(mac, "28.0.0", "28.0.0", &dropped));
}

/* What is no version is none that is too old. */
static void
unknown(void **state) {
	static const char *const text[] = {"", "dev", NULL, "v25"};
	bool dropped;

	(void)state;
	for (size_t i = 0; i < COUNT(text); i++)
		assert_true(fits("annotations: {k: v}", text[i], text[i], &dropped));
	assert_false(dropped);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(matters),
		world_test(too_old),
		world_test(left_out),
		world_test(mixed),
		world_test(unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
