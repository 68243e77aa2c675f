/* test_diag.c - collecting diagnostics: sources, counting, notes, the limit of what is kept. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stdlib.h>
#include <string.h>

/* What diags_print writes, malloc'ed. */
static char *
printed(struct ctx *ctx, enum diag_format format) {
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	diags_print(ctx, out, format, false);
	fclose(out);
	return text;
}

static void
test_sources(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct ctx ctx = {mem, diags_new(mem)};
	size_t len = 9;
	char name[] = "a.yaml";
	uint16_t a = diag_source(&ctx, name, "xyz", 3);
	name[0] = '?'; /* the name is copied */
	assert_int_equal(a, 1);
	assert_int_equal(diag_source(&ctx, "b.yaml", "", 0), 2);
	assert_string_equal(diag_source_name(&ctx, a), "a.yaml");
	assert_memory_equal(diag_source_text(&ctx, a, &len), "xyz", 3);
	assert_int_equal(len, 3);
	assert_string_equal(diag_source_name(&ctx, 0), "");
	assert_string_equal(diag_source_name(&ctx, 77), "");
	assert_string_equal(diag_source_text(&ctx, 77, &len), "");
	assert_int_equal(len, 0);
	for (int i = 0; i < 66000; i++)
		a = diag_source(&ctx, "more", "", 0);
	assert_int_equal(a, 65535);
	arena_free(mem);
}

static void
test_counting(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct ctx ctx = {mem, diags_new(mem)};
	struct pos nowhere = {0};
	assert_int_equal(diag_errors(&ctx), 0);
	diag_note(&ctx, nowhere, "belongs to nothing");
	diag(&ctx, SEV_WARNING, nowhere, NULL, "w");
	diag(&ctx, SEV_NOTE, nowhere, NULL, "n");
	assert_int_equal(diag_errors(&ctx), 0);
	diag(&ctx, SEV_ERROR, nowhere, "code", "e %d", 1);
	assert_int_equal(diag_errors(&ctx), 1);
	char *text = printed(&ctx, DIAG_TEXT);
	assert_string_equal(
		text, "stackplan: error: e 1 [code]\nstackplan: warning: w\nstackplan: note: n\n");
	free(text);
	/* Printed once; still counted. */
	text = printed(&ctx, DIAG_TEXT);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(diag_errors(&ctx), 1);
	diag_note(&ctx, nowhere, "too late");
	text = printed(&ctx, DIAG_TEXT);
	assert_string_equal(text, "");
	free(text);
	arena_free(mem);
}

static void
test_flood(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct ctx ctx = {mem, diags_new(mem)};
	uint16_t src = diag_source(&ctx, "f", "", 0);
	for (uint32_t i = 0; i < 50000; i++) {
		diag(&ctx, SEV_WARNING, (struct pos){.line = i + 1, .src = src}, NULL, "w");
		diag_note(&ctx, (struct pos){0}, "note");
	}
	/* Warnings in their thousands hide no error. */
	diag(&ctx, SEV_ERROR, (struct pos){.line = 90000, .col = 1, .src = src}, NULL, "e");
	diag_note(&ctx, (struct pos){0}, "of the error");
	char *text = printed(&ctx, DIAG_TEXT);
	assert_non_null(strstr(text, "f:90000:1: error: e\nnote: of the error\n"));
	assert_non_null(strstr(text, "\nstackplan: 49981 more warnings\n"));
	free(text);
	diag(&ctx, SEV_WARNING, (struct pos){0}, NULL, "the next print starts anew");
	text = printed(&ctx, DIAG_TEXT);
	assert_string_equal(text, "stackplan: warning: the next print starts anew\n");
	free(text);
	arena_free(mem);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_counting),
		cmocka_unit_test(test_flood),
	};
	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
