/* test_project_needs.c - needs, written and implied, gates, and circles. */
#include "spec_help.h"

static void
what_is_written(void **state) {
	const struct need *need;

	(void)state;
	assert_good(make_text(
		"services:\n"
		"  a:\n    image: x\n    depends_on:\n      c: {condition: "
		"service_completed_successfully}\n"
		"      b: {condition: service_healthy, required: false, restart: true}\n      d:\n"
		"        condition: service_started\n"
		"  b: {image: x, healthcheck: {test: [CMD, x]}}\n  c: {image: x}\n  d: {image: "
		"x}\n",
		NULL));
	assert_string_equal(said(), "");
	assert_int_equal(world.project->service[0].nneed, 3);
	need = world.project->service[0].need;
	assert_string_equal(need[0].on->name, "c");
	assert_int_equal(need[0].until, UNTIL_COMPLETED);
	assert_true(need[0].required);
	assert_int_equal(need[0].at.line, 5);
	assert_int_equal(need[0].at.col, 7);
	assert_int_equal(need[1].until, UNTIL_HEALTHY);
	assert_false(need[1].required);
	assert_true(need[1].restart);
	assert_int_equal(need[2].until, UNTIL_STARTED);
	assert_false(need[2].implied);
}

static void
what_is_implied_comes_last(void **state) {
	const struct need *need;

	(void)state;
	assert_good(make_text("services:\n"
			      "  a: {image: x, volumes_from: [\"f:ro\", \"container:x\"], links: "
			      "[\"l:alias\", d], ipc: \"service:i\",\n"
			      "    network_mode: \"service:n\", pid: host, depends_on: [d]}\n"
			      "  d: {image: x}\n  f: {image: x}\n  i: {image: x}\n  l: {image: "
			      "x}\n  n: {image: x}\n",
		NULL));
	assert_int_equal(world.project->service[0].nneed, 5);
	need = world.project->service[0].need;
	assert_string_equal(need[0].on->name, "d");
	assert_false(need[0].implied);
	assert_string_equal(need[1].on->name, "l");
	assert_true(need[1].implied && need[1].restart);
	assert_string_equal(need[2].on->name, "n");
	assert_string_equal(need[3].on->name, "i");
	assert_string_equal(need[4].on->name, "f");
	assert_false(need[4].restart);
}

static void
who_is_not_there(void **state) {
	(void)state;
	assert_null(make_text("services:\n  web: {image: x, depends_on: [databse]}\n  database: "
			      "{image: x, links: [nobody]}\n"
			      "  q: {image: x, ipc: \"service:wep\"}\n",
		NULL));
	said();
	assert_non_null(strstr(said_text, "compose.yaml:2:32: error: service 'web' needs "
					  "'databse', which is no service of this "
					  "file, did you mean 'database'? [unknown-service]"));
	assert_non_null(
		strstr(said_text, "compose.yaml:3:32: error: service 'database' needs 'nobody'"));
	assert_non_null(strstr(said_text, "compose.yaml:4:22: error: service 'q' needs 'wep', "
					  "which is no service of this file, "
					  "did you mean 'web'?"));
}

static void
who_is_not_enabled(void **state) {
	(void)state;
	assert_null(make_text(
		"services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, profiles: [p1]}\n",
		NULL));
	assert_said(
		"compose.yaml:2:30: error: service 'a' needs 'b', which no active profile enables");
	assert_non_null(strstr(said_text, "note: 'b' is enabled by --profile p1"));
	assert_good(make_text("services:\n  a: {image: x, depends_on: {b: {condition: "
			      "service_started, required: false}}}\n"
			      "  b: {image: x, profiles: [p1]}\n",
		NULL));
	assert_int_equal(world.project->service[0].nneed, 0);
	/* what a disabled service needs is nobody's concern */
	assert_good(make_text(
		"services:\n  a: {image: x}\n  b: {image: x, profiles: [p1], depends_on: [nope]}\n",
		NULL));
}

static void
gates_want_a_healthcheck(void **state) {
	static const char *const off[] = {"{disable: true}", "{test: [NONE]}"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char text[256];

		sprintf(text,
			"services:\n  a: {image: x, depends_on: {b: {condition: "
			"service_healthy}}}\n"
			"  b: {image: x, healthcheck: %s}\n",
			off[i]);
		assert_null(make_text(text, NULL));
		assert_said("compose.yaml:2:30: error: service 'a' waits until 'b' is healthy, and "
			    "the healthcheck of 'b' is turned "
			    "off [no-healthcheck]");
		assert_non_null(strstr(said_text, "compose.yaml:3:30: note: turned off here"));
	}
	/* none in the spec: the image may bring one, so that is for the planner to say */
	assert_good(make_text("services:\n  a: {image: x, depends_on: {b: {condition: "
			      "service_healthy}}}\n  b: {image: x}\n",
		NULL));
}

static void
circles_are_told_with_their_places(void **state) {
	(void)state;
	assert_null(make_text(
		"services:\n  z: {image: x, depends_on: [b]}\n  a: {image: x, depends_on: [b]}\n"
		"  b: {image: x, links: [c]}\n  c: {image: x, depends_on: [a]}\n",
		NULL));
	said();
	assert_non_null(strstr(said_text, "compose.yaml:3:30: error: services depend on each other "
					  "in a circle: a -> b -> c -> a [cycle]"));
	assert_non_null(strstr(said_text, "compose.yaml:4:25: note: 'b' depends on 'c' here"));
	assert_non_null(strstr(said_text, "compose.yaml:5:30: note: 'c' depends on 'a' here"));
	assert_int_equal(diag_errors(&world.ctx), 1);
	assert_null(make_text("services:\n  me: {image: x, depends_on: [me]}\n", NULL));
	assert_said("in a circle: me -> me");
	/* a diamond is none */
	assert_good(make_text(
		"services:\n  a: {image: x, depends_on: [b, c]}\n  b: {image: x, depends_on: [d]}\n"
		"  c: {image: x, depends_on: [d, b]}\n  d: {image: x}\n",
		NULL));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(what_is_written),
		world_test(what_is_implied_comes_last),
		world_test(who_is_not_there),
		world_test(who_is_not_enabled),
		world_test(gates_want_a_healthcheck),
		world_test(circles_are_told_with_their_places),
	};

	return cmocka_run_group_tests_name("project_needs", tests, NULL, NULL);
}
