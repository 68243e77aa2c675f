/* test_extends.c - services that start from others: of the document, of other files, in chains and
 * circles. */
#include "spec_help.h"

/* The text at a service's key. */
static const char *
at(const char *service, const char *key) {
	return node_text(node_at(world.loaded.doc, "services", service, key, NULL));
}

static void
a_chain_in_one_file(void **state) {
	(void)state;
	assert_good(load_text("services:\n"
			      "  a: {extends: b, hostname: a}\n"
			      "  b: {extends: {service: c}, hostname: b, user: b}\n"
			      "  c: {image: c, hostname: c, user: c, domainname: c}\n"));
	assert_string_equal(at("a", "image"), "c");
	assert_string_equal(at("a", "hostname"), "a");
	assert_string_equal(at("a", "user"), "b");
	assert_string_equal(at("a", "domainname"), "c");
	assert_string_equal(at("c", "hostname"), "c");
	assert_null(node_at(world.loaded.doc, "services", "a", "extends", NULL));
}

static void
places_are_kept(void **state) {
	struct node *a;

	(void)state;
	assert_good(
		load_text("services:\n  a:\n    extends: b\n    user: x\n  b:\n    image: c\n"));
	a = node_at(world.loaded.doc, "services", "a", NULL);
	assert_int_equal(a->at.line, 3);
	assert_int_equal(node_member(a, "image")->at.line, 6);
	assert_int_equal(node_member(a, "user")->at.line, 4);
}

static void
another_file_has_its_own_folder(void **state) {
	struct node *list;

	(void)state;
	assert_int_equal(mkdir("sub", 0700), 0);
	own("TAG=1");
	put("sub/b.yaml",
		"include: [none.yaml]\nservices:\n  b: {extends: c, volumes: ['./b:/b']}\n"
		"  c: {image: \"c:$TAG\", volumes: ['./c:/c']}\n  d: {bad: key}\n");
	assert_good(load_text("services:\n  a: {extends: {file: sub/b.yaml, service: b}}\n"
			      "  z: {extends: {file: sub/b.yaml, service: b}}\n"));
	assert_string_equal(at("a", "image"), "c:1");
	assert_string_equal(at("z", "image"), "c:1");
	list = node_at(world.loaded.doc, "services", "a", "volumes", NULL);
	assert_int_equal(list->n, 2);
	assert_string_equal(
		node_text(node_find(list->u.item[0], "source")) + strlen(world.folder), "/sub/c");
	assert_int_equal(world.loaded.nfile, 1);
}

static void
other_documents_are_laid_over_first(void **state) {
	(void)state;
	put("b.yaml", "---\nservices: {b: {image: x, user: x}}\n---\nservices: {b: {user: y}}\n");
	assert_good(load_text("services: {a: {extends: {file: b.yaml, service: b}}}\n"));
	assert_string_equal(at("a", "image"), "x");
	assert_string_equal(at("a", "user"), "y");
	put("b.yaml", "# nothing\n");
	assert_false(load_text("services: {a: {extends: {file: b.yaml, service: b}}}\n"));
	assert_said("'extends' wants a service of b.yaml, and 'b' is not one");
}

static void
addresses_are_refused(void **state) {
	(void)state;
	own("TOKEN=t0ken");
	assert_false(load_text("services:\n"
			       "  a: {extends: {file: 'https://x/y.yaml', service: b}}\n"
			       "  b: {extends: {file: 'git@x:y', service: b}}\n"
			       "  c: {extends: {file: 'oci://u:$TOKEN@x/y', service: b}}\n"));
	assert_said("2:23: error: remote files are not supported, and 'https://x/y.yaml' is");
	assert_non_null(strstr(said_text, "3:23: error: remote files are not supported"));
	assert_non_null(strstr(said_text, "'oci://u:${TOKEN}@x/y' is an address"));
	assert_null(strstr(said_text, "t0ken"));
}

/* Load services of which each extends the next one, and the last one the service LAST. */
static bool
load_chain(int n, int last) {
	static char text[32768];
	size_t used = (size_t)sprintf(text, "services:\n");

	for (int i = 0; i < n; i++)
		used += (size_t)sprintf(text + used, "  s%d: {extends: s%d, image: x}\n", i,
			i < n - 1 ? i + 1 : last);
	sprintf(text + used, "  end: {image: x}\n  s%d: {image: x}\n", n);
	return load_text(text);
}

static void
a_large_circle_is_told_from_a_long_chain(void **state) {
	(void)state;
	assert_false(load_chain(150, 0));
	assert_said("extends itself in the end, by way of more services than can be named");
	assert_null(strstr(said_text, "too-deep"));
	assert_false(load_chain(180, 170));
	assert_said("[extends-circle]");
	assert_false(load_chain(150, 150));
	assert_said("more than 100 services extend one another");
	assert_null(strstr(said_text, "itself"));
	assert_good(load_chain(90, 90));
}

static void
tags_act_on_the_base(void **state) {
	(void)state;
	assert_good(load_text("services:\n"
			      "  a: {extends: b, user: !reset , cap_add: !override [Z]}\n"
			      "  b: {image: c, user: b, cap_add: [A], hostname: !reset x}\n"));
	assert_null(node_at(world.loaded.doc, "services", "a", "user", NULL));
	assert_null(node_at(world.loaded.doc, "services", "a", "hostname", NULL));
	assert_int_equal(node_at(world.loaded.doc, "services", "a", "cap_add", NULL)->n, 1);
	assert_string_equal(at("b", "user"), "b");
	/* and on an earlier document */
	assert_good(
		load_text("services: {a: {image: x, user: x}}\n---\n"
			  "services: {a: {extends: b, user: !reset }, b: {user: y, image: y}}"));
	assert_null(node_at(world.loaded.doc, "services", "a", "user", NULL));
	assert_string_equal(at("a", "image"), "y");
}

static void
circles_are_told_once(void **state) {
	(void)state;
	assert_false(load_text("services:\n  a: {extends: b}\n  b: {extends: a}\n"));
	assert_int_equal(diag_errors(&world.ctx), 1);
	assert_said("'a' extends itself in the end");
	assert_false(load_text("services:\n  a: {extends: a}\n"));
	assert_said("'a' extends itself in the end");
	assert_false(load_text("services:\n  a: {extends: {file: compose.yaml, service: a}}\n"));
	assert_said("'a' extends itself in the end");
}

static void
a_chain_has_an_end(void **state) {
	char text[8192] = "services:\n  s0: {image: x}\n";

	(void)state;
	for (int i = 1; i <= 99; i++)
		sprintf(text + strlen(text), "  s%d: {extends: s%d}\n", i, i - 1);
	assert_good(load_text(text));
	strcpy(text, "services:\n");
	for (int i = 200; i > 0; i--)
		sprintf(text + strlen(text), "  s%d: {extends: s%d}\n", i, i - 1);
	strcat(text, "  s0: {image: x}\n");
	assert_false(load_text(text));
	assert_said("more than 100 services extend one another");
}

static void
copies_do_not_grow_beyond_bounds(void **state) {
	struct text text = {0};
	char line[64];

	(void)state;
	text_add(&text, "services:\n  b:\n    image: x\n    x-list: [0");
	for (int i = 0; i < 30000; i++)
		text_add(&text, ",1");
	text_add(&text, "]\n");
	for (int i = 0; i < 90; i++) {
		sprintf(line, "  a%d: {extends: b}\n", i);
		text_add(&text, line);
	}
	assert_false(load_text(text_take(world.ctx.mem, &text, (struct pos){0}).s));
	assert_int_equal(diag_errors(&world.ctx), 1);
	assert_said("what is extended adds up to more than 2000000 values");
}

static void
what_is_wrong_is_said(void **state) {
	(void)state;
	assert_false(load_text("services: {a: {extends: webb}, web: {image: x}}\n"));
	assert_said(
		"'extends' wants a service of the same file, and 'webb' is not one, did you mean");
	assert_false(load_text("services: {a: {extends: b}, b: !reset }\n"));
	assert_said("'b' is not one");
	assert_false(load_text("services: {a: {image: !reset x}}\n"));
	assert_said("a service wants 'image'");
	assert_false(load_text("services: {a: {extends: {file: no.yaml, service: b}}}\n"));
	assert_said("compose.yaml:1:32: error: cannot read 'no.yaml'");
	assert_false(world.loaded.file_missing);
	put("b.yaml", "services: {b: [\n");
	assert_false(load_text("services: {a: {extends: {file: b.yaml, service: b}}}\n"));
	assert_said("note: this file is named here");
	put("b.yaml", "services: {b: {imag: x}}\n");
	assert_false(load_text("services: {a: {extends: {file: b.yaml, service: b}}}\n"));
	assert_said("b.yaml:1:16: error: unknown key 'imag'");
	assert_non_null(strstr(said_text, "compose.yaml:1:49: note: it is extended here"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(a_chain_in_one_file),
		world_test(places_are_kept),
		world_test(another_file_has_its_own_folder),
		world_test(other_documents_are_laid_over_first),
		world_test(addresses_are_refused),
		world_test(a_large_circle_is_told_from_a_long_chain),
		world_test(tags_act_on_the_base),
		world_test(circles_are_told_once),
		world_test(a_chain_has_an_end),
		world_test(copies_do_not_grow_beyond_bounds),
		world_test(what_is_wrong_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
