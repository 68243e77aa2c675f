/* test_merge.c - one document over another: each rule of the rows, tags, and what cannot be laid
 * over what. Texts are flow YAML; results are compared as JSON. */
#include "spec_help.h"

#include <stackplan/buf.h>

/* The value at a.KEY of two documents that both have this service, as JSON. */
static const char *
merged(const char *key, const char *base, const char *over) {
	static char text[4096];
	struct buf buf = {0};

	assert_good(load_text(arena_printf(world.ctx.mem,
		"services:\n  a:\n    image: busybox\n    %s: %s\n---\nservices:\n  a:\n    %s: "
		"%s\n",
		key, base, key, over)));
	json_write(&buf, node_at(world.loaded.doc, "services", "a", key, NULL), 0);
	snprintf(text, sizeof(text), "%.*s", (int)buf.n - 1, buf.s);
	buf_free(&buf);
	return text;
}

static void
scalars_and_commands_are_replaced(void **state) {
	(void)state;
	assert_string_equal(merged("hostname", "a", "b"), "\"b\"");
	assert_string_equal(merged("pid", "host", ""), "\"host\"");
	assert_string_equal(merged("command", "[a, b]", "c d"), "[\"c\",\"d\"]");
	assert_string_equal(merged("command", "[a, b]", ""), "null"); /* the image's own again */
	assert_string_equal(merged("x-own", "[a, b]", "c"), "\"c\"");
	assert_string_equal(merged("x-own", "{k: [a]}", "{k: {l: m}}"), "{\"k\":{\"l\":\"m\"}}");
	assert_string_equal(merged("healthcheck", "{test: [CMD, a], retries: 3}", "{test: b}"),
		"{\"test\":[\"CMD-SHELL\",\"b\"],\"retries\":3}");
}

static void
pairs_and_maps_are_merged(void **state) {
	(void)state;
	assert_string_equal(merged("environment", "{A: 1, B: 2, C: 3}", "[B=4, C, D=5]"),
		"{\"A\":\"1\",\"B\":\"4\",\"C\":null,\"D\":\"5\"}");
	assert_string_equal(merged("labels", "[a=1]", "{a: 2, b: }"), "{\"a\":\"2\",\"b\":\"\"}");
	assert_string_equal(
		merged("x-mine", "{a: [1], b: {c: d}, e: f}", "{a: [2], b: {g: }, e: }"),
		"{\"a\":[1,2],\"b\":{\"c\":\"d\",\"g\":null},\"e\":\"f\"}");
	assert_string_equal(
		merged("networks", "[n]", "{n: {aliases: [x]}, m: }\nnetworks: {n: , m: }"),
		"{\"n\":{\"aliases\":[\"x\"]},\"m\":null}");
	assert_string_equal(
		merged("ulimits", "{nofile: {soft: 1, hard: 2}, core: 3}", "{nofile: 4}"),
		"{\"nofile\":4,\"core\":3}");
}

static void
logging_of_another_driver_is_replaced(void **state) {
	(void)state;
	assert_string_equal(merged("logging", "{driver: a, options: {x: 1}}", "{options: {y: 2}}"),
		"{\"driver\":\"a\",\"options\":{\"x\":\"1\",\"y\":\"2\"}}");
	assert_string_equal(merged("logging", "{driver: a, options: {x: 1}}", "{driver: b}"),
		"{\"driver\":\"b\"}");
}

static void
lists_grow_by_their_rule(void **state) {
	(void)state;
	assert_string_equal(merged("security_opt", "[a:b]", "[c:d]"), "[\"a:b\",\"c:d\"]");
	assert_string_equal(merged("cap_add", "[A, B]", "[B, C]"), "[\"A\",\"B\",\"C\"]");
	assert_string_equal(
		merged("dns", "1.1.1.1", "[1.1.1.1, 2.2.2.2]"), "[\"1.1.1.1\",\"2.2.2.2\"]");
	assert_string_equal(merged("tmpfs", "[/a, '/run:size=1m']", "[/b, '/run:size=2m']"),
		"[\"/a\",\"/run:size=2m\",\"/b\"]");
}

static void
items_are_told_apart_by_their_key(void **state) {
	const char *text;

	(void)state;
	text = merged("volumes", "['/x:/a', '/y:/b:ro']", "['/z:/b', '/w:/c']");
	assert_non_null(strstr(text, "\"source\":\"/x\",\"target\":\"/a\""));
	assert_null(strstr(text, "/y"));
	assert_true(strstr(text, "/z") < strstr(text, "/w"));
	text = merged("ports", "['80:80']", "['0.0.0.0:80:80', '80:80/udp', '81:80']");
	assert_null(strstr(strstr(text, "tcp") + 1, "\"published\":\"80\",\"protocol\":\"tcp\""));
	assert_non_null(strstr(text, "udp"));
	assert_non_null(strstr(text, "\"81\""));
	text = merged("secrets", "[s]\n    hostname: a",
		"[{source: t, target: /run/secrets/s}]\nsecrets: {s: {file: s}, t: {file: t}}");
	assert_string_equal(text, "[{\"source\":\"t\",\"target\":\"/run/secrets/s\"}]");
}

static void
tags_put_aside_what_lies_below(void **state) {
	(void)state;
	assert_string_equal(merged("cap_add", "[A]", "!override [B]"), "[\"B\"]");
	assert_string_equal(
		merged("environment", "{A: 1, B: 2}", "{A: !reset 3}"), "{\"B\":\"2\"}");
	assert_string_equal(merged("environment", "!reset {A: 1}", "{B: 2}"), "{\"B\":\"2\"}");
	assert_string_equal(merged("cap_add", "[A]", "[!reset A, B]"), "[\"A\",\"B\"]");
	merged("cap_add", "[A]", "!reset []");
	assert_null(node_at(world.loaded.doc, "services", "a", "cap_add", NULL));
	merged("cap_add", "[A]", "!reset");
	assert_null(node_at(world.loaded.doc, "services", "a", "cap_add", NULL));
	merged("cap_add", "[A]", "[B]\n  b: !reset\n---\nservices:\n  a: !override {image: x}");
	assert_null(node_at(world.loaded.doc, "services", "a", "cap_add", NULL));
	assert_null(node_at(world.loaded.doc, "services", "b", NULL));
}

static void
what_wins_keeps_its_place(void **state) {
	struct member *m;

	(void)state;
	merged("hostname", "a", "b");
	m = node_member(node_at(world.loaded.doc, "services", "a", NULL), "hostname");
	assert_int_equal(m->at.line, 8);
	assert_int_equal(m->val->at.line, 8);
	m = node_member(node_find(world.loaded.doc, "services"), "a");
	assert_int_equal(m->at.line, 2);
}

static void
what_cannot_be_laid_over_is_said(void **state) {
	(void)state;
	assert_false(load_text("services: {a: {provider: {type: x, options: {b: [1]}}}}\n---\n"
			       "services: {a: {provider: {options: {b: {c: d}}}}}\n"));
	assert_said(
		"compose.yaml:3:40: error: a mapping cannot be laid over the list of an earlier "
		"file");
	assert_non_null(strstr(said_text, "compose.yaml:1:49: note: the list stands here"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(scalars_and_commands_are_replaced),
		world_test(pairs_and_maps_are_merged),
		world_test(logging_of_another_driver_is_replaced),
		world_test(lists_grow_by_their_rule),
		world_test(items_are_told_apart_by_their_key),
		world_test(tags_put_aside_what_lies_below),
		world_test(what_wins_keeps_its_place),
		world_test(what_cannot_be_laid_over_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
