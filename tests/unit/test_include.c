/* test_include.c - files that include others: folders, variables, what is taken, circles, limits. */
#include "spec_help.h"

/* The text at a service's key. */
static const char *
at(const char *service, const char *key) {
	return node_text(node_at(world.loaded.doc, "services", service, key, NULL));
}

static void
an_included_file_has_its_own_folder_and_env(void **state) {
	struct node *list;

	(void)state;
	assert_int_equal(mkdir("sub", 0700), 0);
	put("sub/.env", "TAG=sub\nBOTH=sub\n");
	put(".env", "BOTH=top\n");
	put("sub/b.yaml", "name: other\nx-mine: 1\nservices:\n  b: {image: \"b:$TAG-$BOTH\", "
			  "environment: [TAG], volumes: ['./d:/d']}\n");
	assert_good(
		load_text("include: [sub/b.yaml]\nx-mine: 2\nservices: {a: {image: x, hostname: "
			  "\"${TAG:-none}\"}}\n"));
	assert_string_equal(at("b", "image"), "b:sub-top");
	assert_string_equal(at("a", "hostname"), "none");
	assert_string_equal(
		node_text(node_at(world.loaded.doc, "services", "b", "environment", "TAG", NULL)),
		"sub");
	list = node_at(world.loaded.doc, "services", "b", "volumes", NULL);
	assert_string_equal(
		node_text(node_find(list->u.item[0], "source")) + strlen(world.folder), "/sub/d");
	assert_string_equal(world.loaded.name, "myapp");
	assert_string_equal(node_text(node_find(world.loaded.doc, "x-mine")), "2");
	assert_null(node_find(world.loaded.doc, "include"));
	assert_null(node_find(world.loaded.doc, "name"));
}

static void
the_including_file_wins(void **state) {
	(void)state;
	put("b.yaml", "services: {b: {image: b, user: b, hostname: b}}\n");
	put("c.yaml", "services: {b: {hostname: c}}\n");
	assert_good(load_text("include: [{path: [b.yaml, c.yaml]}]\n"
			      "services: {b: {user: !reset }, a: {extends: b, image: a}}\n"));
	assert_string_equal(at("b", "image"), "b");
	assert_string_equal(at("b", "hostname"), "c");
	assert_null(node_at(world.loaded.doc, "services", "b", "user", NULL));
	assert_string_equal(at("a", "hostname"), "c");
	assert_good(load_text("include: [b.yaml]\n"));
	assert_string_equal(at("b", "user"), "b");
}

static void
env_files_of_an_entry(void **state) {
	(void)state;
	put("b.yaml", "services: {b: {image: \"x:${V:-none}\"}}\n");
	put(".env", "V=dot\n");
	put("one.env", "V=one\n");
	put("two.env", "V=two\n");
	own("COMPOSE_DISABLE_ENV_FILE=1");
	assert_good(load_text("include: [{path: b.yaml, env_file: [one.env, two.env]}]\n"));
	assert_string_equal(at("b", "image"), "x:two");
	assert_good(load_text("include: [{path: b.yaml, env_file: /dev/null}]\n"));
	assert_string_equal(at("b", "image"), "x:none");
	assert_false(load_text("include: [{path: b.yaml, env_file: no.env}]\n"));
	assert_said("compose.yaml:1:36: error: cannot read 'no.env'");
	assert_false(world.loaded.file_missing);
}

static void
circles_and_depth_have_an_end(void **state) {
	char name[32], text[64];

	(void)state;
	assert_false(load_text("include: [compose.yaml]\n"));
	assert_said("'compose.yaml' includes itself in the end");
	put("b.yaml", "include: [compose.yaml]\n");
	assert_false(load_text("include: [b.yaml]\n"));
	assert_said("b.yaml:1:11: error: 'compose.yaml' includes itself in the end");
	assert_non_null(strstr(said_text, "compose.yaml:1:11: note: this file is included here"));
	for (int i = 0; i < 40; i++) {
		sprintf(name, "n%d.yaml", i);
		sprintf(text, "include: [n%d.yaml]\n", i + 1);
		put(name, text);
	}
	put("n40.yaml", "services: {a: {image: x}}\n");
	assert_false(load_text("include: [n0.yaml]\n"));
	assert_said("more than 32 files include one another");
	assert_good(load_text("include: [n10.yaml]\n"));
}

static void
files_are_counted(void **state) {
	char text[4096] = "include:\n";

	(void)state;
	put("b.yaml", "services: {b: {image: b}}\n");
	for (int i = 0; i < 99; i++)
		strcat(text, "  - b.yaml\n");
	assert_good(load_text(text));
	strcat(text, "  - b.yaml\n");
	assert_false(load_text(text));
	assert_said("more than 100 files make up this spec");
}

static void
what_is_wrong_inside_names_both(void **state) {
	(void)state;
	put("b.yaml", "services: {b: {imag: b}}\n");
	assert_false(load_text("include: [b.yaml]\n"));
	assert_said("b.yaml:1:16: error: unknown key 'imag'");
	assert_non_null(strstr(said_text, "compose.yaml:1:11: note: this file is included here"));
	assert_false(load_text("include: [no.yaml]\n"));
	assert_said("compose.yaml:1:11: error: cannot read 'no.yaml'");
	assert_false(load_text("include: ['https://example.com/x.yaml', {path: ['git@x:y']}]\n"));
	assert_said("1:11: error: remote files are not supported, and 'https://example.com/x.yaml' "
		    "is an address");
	assert_non_null(strstr(said_text, "'git@x:y' is an address"));
	assert_false(load_text("include: [[a]]\n"));
	assert_said("1:11: error: 'include' wants a file, or a mapping with 'path', not a list");
	assert_int_equal(diag_errors(&world.ctx), 5);
	assert_false(load_text("include: [{env_file: x}]\n"));
	assert_said("an included file wants the key 'path'");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(an_included_file_has_its_own_folder_and_env),
		world_test(the_including_file_wins),
		world_test(env_files_of_an_entry),
		world_test(circles_and_depth_have_an_end),
		world_test(files_are_counted),
		world_test(what_is_wrong_inside_names_both),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
