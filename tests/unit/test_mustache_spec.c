/* test_mustache_spec.c - the Mustache specification's own cases, as data.
 *
 * Reads the JSON files of the specification from the folder in MUSTACHE_SPEC, or from the place
 * where this project's references usually are; without them the test says so and is skipped. The
 * required files and two of the optional ones must pass; a data tree holds no code, so lambdas are
 * counted only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/mustache.h>
#include <stackplan/node.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The folder with the files. */
static const char *
spec_folder(void) {
	const char *folder = getenv("MUSTACHE_SPEC");
	return folder != NULL ? folder : "../shared/reference/mustache-spec";
}

/* Read a file of the specification; NULL if it isn't there. */
static struct node *
read_spec(struct arena *mem, const char *name) {
	struct buf text = {0};
	char chunk[4096];
	FILE *file = fopen(arena_printf(mem, "%s/%s.json", spec_folder(), name), "rb");
	if (file == NULL) {
		return NULL;
	}
	for (size_t n; (n = fread(chunk, 1, sizeof(chunk), file)) > 0;) {
		buf_add(&text, chunk, n);
	}
	fclose(file);
	const char *why = NULL;
	struct node *spec = json_read(mem, buf_str(&text), text.n, &why);
	buf_free(&text);
	assert_null(why);
	assert_non_null(spec);
	return spec;
}

/* A partial of the test. */
static const char *
partial(void *arg, const char *name) {
	const struct node *found = node_find(arg, name);
	return found != NULL ? node_text(found) : NULL;
}

/* Run one case; says what is wrong when it fails. */
static bool
passes(const struct node *test) {
	struct ctx ctx = {.mem = arena_new()};
	ctx.diags = diags_new(ctx.mem);
	struct buf out = {0};
	const char *template = node_text(node_find(test, "template"));
	const char *expected = node_text(node_find(test, "expected"));
	struct mustache how = {
		.escape = QUOTE_HTML, .partial = partial, .arg = node_find(test, "partials")};
	how.src = diag_source(&ctx, "test", template, strlen(template));
	bool is_good = mustache_render(&ctx, &out, &how, node_find(test, "data"));
	is_good = is_good && strcmp(buf_str(&out), expected) == 0;
	if (!is_good) {
		print_error("%s:\n--- expected\n%s\n--- got\n%s\n---\n",
			node_text(node_find(test, "name")), expected, buf_str(&out));
		diags_print(&ctx, stderr, DIAG_TEXT, false);
	}
	buf_free(&out);
	arena_free(ctx.mem);
	return is_good;
}

/* Run all cases of a file, which has COUNT of them at least; skips when it isn't there. */
static void
run_file(const char *name, size_t count) {
	struct arena *mem = arena_new();
	const struct node *tests = node_find(read_spec(mem, name), "tests");
	size_t nbad = 0;
	if (tests == NULL) {
		print_message("SKIPPED: no %s/%s.json (set MUSTACHE_SPEC)\n", spec_folder(), name);
		arena_free(mem);
		skip();
	}
	assert_true(tests->n >= count);
	for (size_t i = 0; i < tests->n; i++) {
		nbad += !passes(tests->u.item[i]);
	}
	print_message("%s: %zu of %u cases pass\n", name, tests->n - nbad, tests->n);
	arena_free(mem);
	assert_int_equal(nbad, 0);
}

static void
test_comments(void **state) {
	(void)state;
	run_file("comments", 12);
}

static void
test_delimiters(void **state) {
	(void)state;
	run_file("delimiters", 14);
}

static void
test_interpolation(void **state) {
	(void)state;
	run_file("interpolation", 42);
}

static void
test_inverted(void **state) {
	(void)state;
	run_file("inverted", 22);
}

static void
test_partials(void **state) {
	(void)state;
	run_file("partials", 12);
}

static void
test_sections(void **state) {
	(void)state;
	run_file("sections", 34);
}

static void
test_inheritance(void **state) {
	(void)state;
	run_file("~inheritance", 27);
}

static void
test_dynamic_names(void **state) {
	(void)state;
	run_file("~dynamic-names", 21);
}

/* Lambdas are code in the data; ours has none, and the optional file can't apply. */
static void
test_lambdas(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	const struct node *tests = node_find(read_spec(mem, "~lambdas"), "tests");
	size_t n = tests != NULL ? tests->n : 0;
	arena_free(mem);
	print_message("SKIPPED: %zu cases of ~lambdas, the views are data without code\n", n);
	skip();
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_delimiters),
		cmocka_unit_test(test_interpolation),
		cmocka_unit_test(test_inverted),
		cmocka_unit_test(test_partials),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_inheritance),
		cmocka_unit_test(test_dynamic_names),
		cmocka_unit_test(test_lambdas),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
