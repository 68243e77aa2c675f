/* test_diag_print.c - order, limits, text and JSON of diagnostics. */
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

static const char yaml[] = "services:\n  web:\n    mem_limit: half\n    ports: [x]\n";

/* An arena, a context and a source in it. */
struct room {
	struct ctx ctx;
	uint16_t src;
};

static int
enter(void **state) {
	struct room *room = calloc(1, sizeof(*room));
	room->ctx.mem = arena_new();
	room->ctx.diags = diags_new(room->ctx.mem);
	room->src = diag_source(&room->ctx, "compose.yaml", yaml, strlen(yaml));
	*state = room;
	return 0;
}

static int
leave(void **state) {
	struct room *room = *state;
	arena_free(room->ctx.mem);
	free(room);
	return 0;
}

/* What is printed must be WANT. */
static void
check(struct room *room, enum diag_format format, bool colour, const char *want) {
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	diags_print(&room->ctx, out, format, colour);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static struct pos
at(struct room *room, uint32_t line, uint32_t col, uint16_t len) {
	return (struct pos){.line = line, .col = col, .src = room->src, .len = len};
}

static void
test_text(void **state) {
	struct room *room = *state;
	struct ctx *ctx = &room->ctx;
	uint16_t base = diag_source(ctx, "base.yaml", "a:\n  b: 1\n", 10);
	diag(ctx, SEV_ERROR, at(room, 3, 16, 4), "bad-size",
		"'mem_limit' wants a size such as 512m, not \"half\"");
	diag_note(ctx, (struct pos){.line = 2, .col = 3, .src = base},
		"service 'web' extends this one");
	diag_note(ctx, at(room, 3, 5, 0), "on the same line: not shown again");
	diag_note(ctx, (struct pos){0}, "a hint");
	check(room, DIAG_TEXT, false,
		"compose.yaml:3:16: error: 'mem_limit' wants a size such as 512m, not \"half\" "
		"[bad-size]\n"
		" 3 |     mem_limit: half\n"
		"   |                ^~~~\n"
		"base.yaml:2:3: note: service 'web' extends this one\n"
		" 2 |   b: 1\n"
		"   |   ^\n"
		"compose.yaml:3:5: note: on the same line: not shown again\n"
		"note: a hint\n");
}

static void
test_places(void **state) {
	struct room *room = *state;
	struct ctx *ctx = &room->ctx;
	diag(ctx, SEV_ERROR, (struct pos){0}, NULL, "nowhere");
	diag(ctx, SEV_ERROR, at(room, 4, 12, 3), NULL, "last");
	diag(ctx, SEV_WARNING, at(room, 2, 3, 3), NULL, "second");
	diag(ctx, SEV_ERROR, at(room, 2, 3, 3), NULL, "third");
	diag(ctx, SEV_ERROR, at(room, 2, 3, 3), NULL, "third");
	diag(ctx, SEV_ERROR, at(room, 0, 0, 0), NULL, "the file");
	diag(ctx, SEV_ERROR, at(room, 99, 1, 0), NULL, "beyond the end");
	check(room, DIAG_TEXT, false,
		"compose.yaml: error: the file\n"
		"compose.yaml:2:3: error: third\n"
		" 2 |   web:\n"
		"   |   ^~~\n"
		"compose.yaml:4:12: error: last\n"
		" 4 |     ports: [x]\n"
		"   |            ^~~\n"
		"compose.yaml:99:1: error: beyond the end\n"
		"stackplan: error: nowhere\n"
		"compose.yaml:2:3: warning: second\n"
		" 2 |   web:\n"
		"   |   ^~~\n");
}

static void
test_twenty(void **state) {
	struct room *room = *state;
	for (int i = 0; i < 27; i++)
		diag(&room->ctx, SEV_ERROR, (struct pos){0}, NULL, "e%d", i);
	diag(&room->ctx, SEV_WARNING, at(room, 0, 0, 0), NULL, "w");
	char want[2000] = "";
	for (int i = 0; i < 20; i++)
		sprintf(want + strlen(want), "stackplan: error: e%d\n", i);
	strcat(want, "stackplan: 7 more errors, 1 more warning\n");
	check(room, DIAG_TEXT, false, want);
}

static void
test_safe(void **state) {
	struct room *room = *state;
	uint16_t src = diag_source(&room->ctx, "e\033vil", "k: \033[2Jx\n", 9);
	diag(&room->ctx, SEV_ERROR, (struct pos){.line = 1, .col = 8, .src = src}, NULL,
		"bad '\033[2J'\nline two\n%s", "\xff");
	diag_note(&room->ctx, (struct pos){0}, "\r\n");
	check(room, DIAG_TEXT, false,
		"e\\x1bvil:1:8: error: bad '\\x1b[2J'\n    line two\n    \\xff\n"
		" 1 | k: \\x1b[2Jx\n"
		"   |           ^\n"
		"note: \\x0d\n");
}

static void
test_colour(void **state) {
	struct room *room = *state;
	diag(&room->ctx, SEV_ERROR, (struct pos){0}, NULL, "e");
	diag(&room->ctx, SEV_WARNING, (struct pos){0}, NULL, "w");
	diag_note(&room->ctx, (struct pos){0}, "n");
	check(room, DIAG_TEXT, true,
		"stackplan: \033[1;31merror:\033[0m e\nstackplan: \033[1;35mwarning:\033[0m "
		"w\n\033[1mnote:\033[0m n\n");
}

static void
test_many_notes(void **state) {
	struct room *room = *state;
	diag(&room->ctx, SEV_ERROR, (struct pos){0}, NULL, "e");
	char want[2000] = "stackplan: error: e\n";
	for (int i = 0; i < 60; i++) {
		diag_note(&room->ctx, (struct pos){0}, "n%d", i);
		if (i < 50)
			sprintf(want + strlen(want), "note: n%d\n", i);
	}
	strcat(want, "note: 10 more notes\n");
	check(room, DIAG_TEXT, false, want);
}

static void
test_json(void **state) {
	struct room *room = *state;
	struct ctx *ctx = &room->ctx;
	diag(ctx, SEV_ERROR, at(room, 3, 16, 4), "bad-size",
		"\"q\" \\ \n \033 \xc2\x85 \xff gr\xc3\xbc\xc3\x9f");
	diag_note(ctx, at(room, 2, 3, 0), "n1");
	diag_note(ctx, (struct pos){0}, "n2");
	diag(ctx, SEV_WARNING, (struct pos){0}, NULL, "w");
	check(room, DIAG_JSON, true,
		"{\"severity\":\"error\",\"code\":\"bad-size\",\"file\":\"compose.yaml\",\"line\":"
		"3,\"column\":16,"
		"\"length\":4,\"message\":\"\\\"q\\\" \\\\ \\n \\u001b \\u0085 \xef\xbf\xbd "
		"gr\xc3\xbc\xc3\x9f\",\"notes\":["
		"{\"file\":\"compose.yaml\",\"line\":2,\"column\":3,\"message\":\"n1\"},"
		"{\"file\":null,\"line\":0,\"column\":0,\"message\":\"n2\"}]}\n"
		"{\"severity\":\"warning\",\"code\":null,\"file\":null,\"line\":0,\"column\":0,"
		"\"length\":0,\"message\":\"w\","
		"\"notes\":[]}\n");
	for (int i = 0; i < 21; i++)
		diag(ctx, SEV_ERROR, (struct pos){0}, NULL, "%d", i);
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	diags_print(ctx, out, DIAG_JSON, false);
	fclose(out);
	assert_non_null(strstr(text,
		"{\"severity\":\"note\",\"code\":null,\"file\":null,\"line\":0,\"column\":0,"
		"\"length\":0,\"message\":\"1 more error\",\"notes\":[]}\n"));
	free(text);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_text, enter, leave),
		cmocka_unit_test_setup_teardown(test_places, enter, leave),
		cmocka_unit_test_setup_teardown(test_twenty, enter, leave),
		cmocka_unit_test_setup_teardown(test_safe, enter, leave),
		cmocka_unit_test_setup_teardown(test_colour, enter, leave),
		cmocka_unit_test_setup_teardown(test_many_notes, enter, leave),
		cmocka_unit_test_setup_teardown(test_json, enter, leave),
	};
	return cmocka_run_group_tests_name("diag_print", tests, NULL, NULL);
}
