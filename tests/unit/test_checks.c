/* test_checks.c - x-stackplan: its grammar, its defaults, and which checks are wanted. */
#include "spec_help.h"

#define SERVICES                                                                              \
	"services:\n  db: {image: x, networks: [back]}\n  app: {image: x}\nnetworks: {back: " \
	"{name: the-back}}\n"

static void
all_kinds_are_read(void **state) {
	const struct check *c;

	(void)state;
	own("SAY=hi");
	assert_good(
		make_text(SERVICES "x-stackplan:\n  about: A stack.\n  checks:\n"
				   "    - {name: one, exec: [db, echo, $SAY, 3306], expect: hi, "
				   "retries: 3, interval: 500ms}\n"
				   "    - {run: {image: \"probe:1\", network: the-back, command: "
				   "dig +short db}, expect: '/^[0-9]+/', expect_exit: 2}\n"
				   "    - {name: three, logs: app, expect: ready}\n",
			NULL));
	assert_string_equal(world.project->about, "A stack.");
	assert_int_equal(world.project->ncheck, 3);
	c = world.project->check;
	assert_string_equal(c[0].name, "one");
	assert_int_equal(c[0].kind, CHECK_EXEC);
	assert_string_equal(c[0].service->name, "db");
	assert_int_equal(c[0].argv.n, 3);
	assert_string_equal(c[0].argv.v[1].s, "hi");
	assert_int_equal(c[0].argv.v[1].nspan, 1);
	assert_string_equal(c[0].argv.v[2].s, "3306");
	assert_int_equal(c[0].retries, 3);
	assert_int_equal(c[0].interval_ms, 500);
	assert_false(c[0].is_regex);
	assert_string_equal(c[1].name, "check 2");
	assert_int_equal(c[1].kind, CHECK_RUN);
	assert_string_equal(c[1].image.s, "probe:1");
	assert_string_equal(c[1].network, "back");
	assert_int_equal(c[1].argv.n, 3);
	assert_true(c[1].is_regex);
	assert_string_equal(c[1].expect, "^[0-9]+");
	assert_int_equal(c[1].expect_exit, 2);
	assert_int_equal(c[1].retries, 0);
	assert_int_equal(c[1].interval_ms, 1000);
	assert_int_equal(c[2].kind, CHECK_LOGS);
	assert_string_equal(c[2].service->name, "app");
	assert_int_equal(c[2].at.line, 9 + 1);
}

static void
what_is_wrong_has_its_place(void **state) {
	static const struct {
		const char *item, *want;
	} rows[] = {
		{"{exect: [db, x]}", "compose.yaml:7:8: error: unknown key 'exect' in a check, did "
				     "you mean 'exec'?"},
		{"{name: x}", "compose.yaml:7:7: error: a check has one of 'exec', 'run' and "
			      "'logs' [bad-check]"},
		{"{exec: [db, x], logs: db}", "compose.yaml:7:7: error: a check has one of"},
		{"{exec: [db]}",
			"compose.yaml:7:14: error: 'exec' is a list of a service and the words"},
		{"{exec: [dbb, x]}", "compose.yaml:7:15: error: this check is about 'dbb', which "
				     "is no service of this file, did"},
		{"{logs: nobody}", "compose.yaml:7:14: error: this check is about 'nobody'"},
		{"{run: {network: back}}", "compose.yaml:7:13: error: 'run' wants the 'image'"},
		{"{run: {image: --privileged}}", "error: 'image' wants"},
		{"{run: {image: x, network: bak}}",
			"compose.yaml:7:33: error: this check uses the network 'bak'"},
		{"{logs: db, expect: '/(/'}",
			"compose.yaml:7:26: error: this is no extended regular expression: "},
		{"{logs: db, retries: -1}", "compose.yaml:7:27: error: 'retries' wants"},
		{"{logs: db, interval: soon}", "compose.yaml:7:28: error: 'interval' wants"},
		{"{logs: db, expect_exit: 300}", "compose.yaml:7:31: error: 'expect_exit' wants"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[512];

		sprintf(text, "%sx-stackplan:\n  checks:\n    - %s\n", SERVICES, rows[i].item);
		if (make_text(text, NULL))
			fail_msg("accepted: %s", rows[i].item);
		assert_said(rows[i].want);
	}
	assert_null(make_text(SERVICES "x-stackplan: {abuot: x}\n", NULL));
	assert_said("unknown key 'abuot' in x-stackplan, did you mean 'about'?");
	assert_null(make_text("services:\n  a: {image: x, x-stackplan: {checks: []}}\n", NULL));
	assert_said("unknown key 'checks' in x-stackplan of a service");
}

static void
checks_of_others_are_left_out(void **state) {
	static const char text[] =
		SERVICES "x-stackplan:\n  checks:\n    - {logs: db}\n    - {logs: app}\n"
			 "    - {run: {image: x, network: back}}\n    - {run: {image: x, network: "
			 "default}}\n"
			 "    - {run: {image: x}}\n";

	(void)state;
	assert_good(make_text(text, NULL));
	assert_int_equal(world.project->ncheck, 5);
	assert_good(make_text(text, "db"));
	assert_int_equal(world.project->ncheck, 3);
	assert_string_equal(world.project->check[0].service->name, "db");
	assert_string_equal(world.project->check[1].network, "back");
	assert_null(world.project->check[2].network);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(all_kinds_are_read),
		world_test(what_is_wrong_has_its_place),
		world_test(checks_of_others_are_left_out),
	};

	return cmocka_run_group_tests_name("checks", tests, NULL, NULL);
}
