/* tree.h - for the tests of trees: YAML in, one line of JSON or the diagnostics out. */
#ifndef TEST_TREE_H
#define TEST_TREE_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ctx ctx;

static inline int
begin(void **state) {
	(void)state;
	ctx.mem = arena_new();
	ctx.diags = diags_new(ctx.mem);
	return 0;
}

static inline int
end(void **state) {
	(void)state;
	arena_free(ctx.mem);
	return 0;
}

/* Read bytes as documents. */
static inline struct node *
read_bytes(const char *text, size_t n) {
	char *kept = arena_strndup(ctx.mem, text, n);

	return yaml_read(&ctx, diag_source(&ctx, "f", kept, n), (struct yaml_limits){0});
}

/* Read a text that must be right; its first document. */
static inline struct node *
tree(const char *text) {
	struct node *docs = read_bytes(text, strlen(text));

	if (docs == NULL)
		diags_print(&ctx, stderr, DIAG_TEXT, false);
	assert_non_null(docs);
	return docs->u.item[0];
}

/* A tree as JSON without the line's end. */
static inline const char *
json(const struct node *n) {
	struct buf b = {0};

	json_write(&b, n, 0);
	b.s[b.n - 1] = '\0';
	return arena_take_buf(ctx.mem, &b);
}

/* What is said of bytes that must be wrong: the lines with places, without the file's name, one
 * diagnostic or note a line. */
static inline const char *
said_of(const char *text, size_t n) {
	struct buf out = {0};
	char *all = NULL, *save = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&all, &len);

	assert_null(read_bytes(text, n));
	diags_print(&ctx, f, DIAG_TEXT, false);
	fclose(f);
	for (char *line = strtok_r(all, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save))
		if (strncmp(line, "f:", 2) == 0)
			buf_printf(&out, "%s\n", line + 2);
	free(all);
	return arena_take_buf(ctx.mem, &out);
}

/* Assert that the first line said of TEXT begins with PLACE and ": error: " and ends in [CODE]. */
static inline void
assert_said_of(const char *text, size_t n, const char *place, const char *code) {
	const char *said = said_of(text, n);
	char first[512], want[64];

	snprintf(first, sizeof(first), "%.*s", (int)strcspn(said, "\n"), said);
	snprintf(want, sizeof(want), "%s: error: ", place);
	if (strncmp(first, want, strlen(want)) != 0)
		assert_string_equal(first, want);
	snprintf(want, sizeof(want), " [%s]", code);
	if (strlen(first) < strlen(want) || strcmp(first + strlen(first) - strlen(want), want) != 0)
		assert_string_equal(first, want);
}

#define assert_said(text, place, code) assert_said_of((text), strlen(text), (place), (code))

/* Assert that a place is line:col+len. */
#define assert_place(at, want_line, want_col, want_len)   \
	do {                                              \
		assert_int_equal((at).line, (want_line)); \
		assert_int_equal((at).col, (want_col));   \
		assert_int_equal((at).len, (want_len));   \
	} while (0)

#define tree_test(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
