/* canon.h - for the tests of canonical forms: YAML in, canonical JSON on one line and
 * diagnostics out. */
#ifndef TEST_CANON_H
#define TEST_CANON_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

static struct ctx ctx;
static const struct ref folder_ref = {.from = REF_FOLDER, .name = "PWD"};
static const struct canon canon = {.folder = "/home/me/stack",
	.project_folder = "/home/me/stack",
	.folder_ref = &folder_ref,
	.home = "/home/me"};

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

/* What was reported since the last call, first lines only: "1:2: error: ... [code]". */
static inline const char *
said(void) {
	struct buf out = {0};
	char *text = NULL, *save = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	diags_print(&ctx, f, DIAG_TEXT, false);
	fclose(f);
	for (char *line = strtok_r(text, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save)) {
		if (str_starts(line, "t:"))
			buf_printf(&out, "%s\n", line + 2);
	}
	free(text);
	return arena_take_buf(ctx.mem, &out);
}

/* The text as a tree with its variables filled in (see OWN). */
static inline struct node *
tree_of(const char *yaml) {
	static char a[] = "A=aa", port[] = "PORT=8080", secret[] = "SECRET=s3cret",
		    bad[] = "BAD=nonsense", data[] = "DATA=/data", mapping[] = "MAPPING=81:80";
	char *const own[] = {a, port, secret, bad, data, mapping, NULL};
	struct env *env = env_new(&ctx, NULL);
	struct node *list = yaml_read(
		&ctx, diag_source(&ctx, "t", yaml, strlen(yaml)), (struct yaml_limits){0, 0});

	assert_non_null(list);
	assert_int_equal(list->n, 1);
	env_add_own(&ctx, env, own);
	assert_true(interp_tree(&ctx, list->u.item[0], env));
	return list->u.item[0];
}

/* The tree as JSON on one line, without the blanks after ':' and ','. */
static inline const char *
json_of(const struct node *tree) {
	struct buf out = {0};

	json_write(&out, tree, 0);
	while (out.n > 0 && out.s[out.n - 1] == '\n')
		out.s[--out.n] = '\0';
	return arena_take_buf(ctx.mem, &out);
}

/* The canonical form of the text under the rows, or "" after errors. It must be canonical: a
 * second run changes nothing. */
static inline const char *
canon_of(const char *yaml, const struct schema *schema) {
	struct node *tree = tree_of(yaml);

	if (!keys_canon(&ctx, tree, schema, &canon))
		return "";
	const char *once = json_of(tree);
	assert_true(keys_canon(&ctx, tree, schema, &canon));
	assert_string_equal(json_of(tree), once);
	return once;
}

/* The value of one key of this shape, canonical. */
static inline const char *
value_of(const char *yaml, struct key row) {
	struct schema schema = {.what = "a test", .key = &row, .n = 1};

	row.name = "k";
	return canon_of(arena_printf(ctx.mem, "k: %s", yaml), &schema);
}

/* Check what was said, as a whole. */
#define assert_said(text) assert_string_equal(said(), text)

/* Check that one error with this code was reported at this place. */
static inline void
assert_error(const char *place, const char *code) {
	const char *text = said();
	const char *start = arena_printf(ctx.mem, "%s: error: ", place);
	const char *tail = arena_printf(ctx.mem, " [%s]\n", code);

	if (!str_starts(text, start) || !str_ends(text, tail) || strchr(text, '\n')[1] != '\0')
		fail_msg("wanted %s ...%s said: %s", start, tail, text);
}

#endif
