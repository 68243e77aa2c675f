/* test_load.c - from files and variables to one document: which step says what, and goes on. */
#include "spec_help.h"

#define ONE "services:\n  a:\n    image: busybox\n"

static void
one_file_becomes_a_document(void **state) {
	const struct word *file;

	(void)state;
	own("TAG=1.2");
	assert_good(load_text("services:\n  a:\n    image: busybox:$TAG\n"));
	assert_string_equal(world.loaded.name, "myapp");
	assert_string_equal(world.loaded.folder, world.folder);
	assert_int_equal(world.loaded.folder_ref->from, REF_FOLDER);
	assert_string_equal(node_text(node_at(world.loaded.doc, "services", "a", "image", NULL)),
		"busybox:1.2");
	assert_int_equal(world.loaded.nfile, 1);
	file = world.loaded.file;
	assert_string_equal(file->s + strlen(world.folder), "/compose.yaml");
	assert_int_equal(file->nspan, 1);
	assert_int_equal(file->span[0].len, strlen(world.folder));
	assert_ptr_equal(file->span[0].ref, world.loaded.folder_ref);
	assert_false(world.loaded.file_missing);
}

static void
empty_files_are_told_apart(void **state) {
	(void)state;
	assert_false(load_text(""));
	assert_said("compose.yaml:1:1: error: this file is empty");
	assert_false(load_text("# only a comment\n"));
	assert_said("compose.yaml:1:1: error: this file is empty");
	assert_false(load_text("name: x\n"));
	assert_said("compose.yaml:1:1: error: this file has no services");
	assert_false(load_text("services: {}\n"));
	assert_said("[empty-file]");
	assert_false(world.loaded.file_missing);
}

static void
several_stages_report_in_one_run(void **state) {
	(void)state;
	assert_false(load_text("services:\n  a:\n    image: ${X:?which}\n    privilged: true\n    "
			       "command: [x, \"${\"]\n"));
	said();
	assert_non_null(strstr(said_text,
		"compose.yaml:3:12: error: required variable 'X' is missing a value: which"));
	assert_non_null(strstr(said_text, "compose.yaml:4:5: error: unknown key 'privilged'"));
	assert_non_null(strstr(said_text, "compose.yaml:5:19: error: '${' is never closed"));
	assert_null(strstr(said_text, "missing-key"));
	assert_int_equal(diag_errors(&world.ctx), 3);
}

static void
the_last_name_counts(void **state) {
	(void)state;
	assert_good(load_text("name: one\n" ONE "---\n---\nname: two\n---\n" ONE));
	assert_string_equal(world.loaded.name, "two");
	assert_false(load_text("---\n---\n"));
	assert_said("this file is empty");
	assert_good(load_text("---\n---\n" ONE));
}

static void
only_the_whole_is_complete(void **state) {
	(void)state;
	assert_good(load_text("services:\n  a:\n    tty: true\n---\n" ONE));
	assert_false(load_text("services:\n  b:\n    tty: true\n---\n" ONE));
	assert_said("compose.yaml:2:3: error: a service wants 'image', 'build' or 'provider'");
	assert_false(load_text("services:\n  b:\n    tty: 3\n---\nservices: [a]\n"));
	said();
	assert_non_null(strstr(said_text, "compose.yaml:3:10: error: 'tty' wants"));
	assert_non_null(strstr(said_text, "compose.yaml:5:11: error: 'services' wants"));
	assert_null(strstr(said_text, "missing-key"));
}

static void
the_name_in_the_file(void **state) {
	(void)state;
	own("WHO=web");
	assert_good(load_text("name: ${WHO}-x\n" ONE "    hostname: $COMPOSE_PROJECT_NAME\n"));
	assert_string_equal(world.loaded.name, "web-x");
	assert_string_equal(
		node_text(node_at(world.loaded.doc, "services", "a", "hostname", NULL)), "web-x");
	assert_string_equal(said(), "");
	assert_good(load_text("name: -My.Stack\n" ONE));
	assert_string_equal(world.loaded.name, "mystack");
	assert_said("compose.yaml:1:7: warning: a project name has lower-case letters");
	assert_false(load_text("name: '...'\n" ONE));
	assert_said("compose.yaml:1:7: error:");
	world.options.project_name = "given";
	assert_good(load_text("name: other\n" ONE));
	assert_string_equal(world.loaded.name, "given");
	assert_string_equal(env_value(world.loaded.env, "COMPOSE_PROJECT_NAME"), "given");
}

static void
reset_takes_a_key_away(void **state) {
	(void)state;
	assert_good(load_text(ONE "    ports: !reset null\n    command: [x, !reset y, z]\n"));
	assert_null(node_at(world.loaded.doc, "services", "a", "ports", NULL));
	assert_int_equal(node_at(world.loaded.doc, "services", "a", "command", NULL)->n, 2);
}

static void
a_syntax_error_stops_early(void **state) {
	(void)state;
	assert_false(load_text("services:\n  a: \"open\n"));
	assert_int_equal(diag_errors(&world.ctx), 1);
	assert_said("compose.yaml:2:6: error:");
}

static void
a_file_may_not_be_endless(void **state) {
	(void)state;
	world.options.max_bytes = 10;
	assert_false(load_text(ONE));
	assert_true(world.loaded.file_missing);
	assert_said("cannot read 'compose.yaml': larger than");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(one_file_becomes_a_document),
		world_test(empty_files_are_told_apart),
		world_test(several_stages_report_in_one_run),
		world_test(the_last_name_counts),
		world_test(only_the_whole_is_complete),
		world_test(the_name_in_the_file),
		world_test(reset_takes_a_key_away),
		world_test(a_syntax_error_stops_early),
		world_test(a_file_may_not_be_endless),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
