/* test_mask.c - secret values are hidden, whole, wherever they stand; and spooled output keeps no half of one. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "../../src/act/run_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
	struct arena *mem;
	struct ctx ctx;
};

static int
set_up(void **state) {
	struct fixture *f = calloc(1, sizeof(*f));
	f->mem = arena_new();
	f->ctx = (struct ctx){.mem = f->mem, .diags = diags_new(f->mem)};
	*state = f;
	return 0;
}

static int
tear_down(void **state) {
	struct fixture *f = *state;
	arena_free(f->mem);
	free(f);
	return 0;
}

/* A mask of these values, each passed to a step. */
static struct mask *
mask_of(struct fixture *f, const char *const *values, size_t n) {
	struct passed *pass = arena_array(f->mem, n, sizeof(*pass));
	for (size_t i = 0; i < n; i++)
		pass[i] = (struct passed){.name = "X", .value = {.s = values[i]}};
	struct step step = {.pass = pass, .npass = (uint32_t)n}, *steps[] = {&step};
	struct plan plan = {.step = steps, .nstep = 1};
	return mask_make(&f->ctx, &plan);
}

static void
check(struct fixture *f, struct mask *m, const char *text, const char *want) {
	assert_string_equal(mask_text(&f->ctx, m, text), want);
}

static void
test_anywhere(void **state) {
	struct fixture *f = *state;
	static const char *const values[] = {"hunter22", "hunter2", "pa$s \"word\"", "hunter22"};
	struct mask *m = mask_of(f, values, 4);
	check(f, m, "", "");
	check(f, m, "nothing here", "nothing here");
	check(f, m, "hunter22", "<redacted>");
	check(f, m, "a hunter2 b xhunter22x", "a <redacted> b x<redacted>x");
	check(f, m, "hunter", "hunter");
	check(f, m, "as is: pa$s \"word\"; quoted: \"pa$s \\\"word\\\"\"",
		"as is: <redacted>; quoted: \"<redacted>\"");
}

static void
test_overlapping(void **state) {
	struct fixture *f = *state;
	static const char *const values[] = {"abcd", "cdefgh", "ghij"};
	struct mask *m = mask_of(f, values, 3);
	check(f, m, "-abcdefghij-", "-<redacted>-");
	check(f, m, "abcdabcd", "<redacted><redacted>");
}

static void
test_short_values_on_lines_of_their_own(void **state) {
	struct fixture *f = *state;
	static const char *const values[] = {"a", "xyz", ""};
	struct mask *m = mask_of(f, values, 3);
	check(f, m, "a bad day xyz", "a bad day xyz");
	check(f, m, "a\nbad\nxyz\r\nxyzz\nxyz", "<redacted>\nbad\n<redacted>\r\nxyzz\n<redacted>");
}

static void
test_lines_and_urls(void **state) {
	struct fixture *f = *state;
	static const char *const values[] = {"line one\nline two\r\n\n", "db://me:s3cret@host/x"};
	struct mask *m = mask_of(f, values, 2);
	check(f, m, "log: line two, line one!", "log: <redacted>, <redacted>!");
	check(f, m, "denied: s3cret", "denied: <redacted>");
	check(f, m, "me at host", "me at host");
}

/* Outside values with secret names are hidden; other outside values, the folder and what is unset are not. */
static void
test_what_is_collected(void **state) {
	struct fixture *f = *state;
	static const struct ref secret = {.from = REF_ENVIRON, .name = "API_TOKEN"};
	static const struct ref plain = {.from = REF_ENVIRON, .name = "IMAGE_TAG"};
	static const struct ref folder = {.from = REF_FOLDER, .name = "PWD"};
	struct span spans[] = {{0, 4, &secret}, {5, 4, &plain}, {10, 4, &folder}};
	struct word word = {.s = "tttt-vvvv-ffff", .span = spans, .nspan = 3};
	struct passed unset = {.name = "U", .value = {.s = "uuuu"}, .unset = true};
	struct step step = {.argv = {.v = &word, .n = 1}, .pass = &unset, .npass = 1};
	struct step *steps[] = {&step};
	struct plan plan = {.step = steps, .nstep = 1};
	check(f, mask_make(&f->ctx, &plan), "tttt vvvv ffff uuuu", "<redacted> vvvv ffff uuuu");
}

/* A text cut anywhere shows no part of a value that reaches over the edge. */
static void
test_ranges(void **state) {
	struct fixture *f = *state;
	static const char *const values[] = {"secret"};
	static const char text[] = "xxsecretyy";
	struct mask *m = mask_of(f, values, 1);
	assert_int_equal(mask_reach(m), 5);
	for (size_t from = 0; from <= 10; from++)
		for (size_t to = from; to <= 10; to++) {
			struct buf b = {0};
			mask_add(m, &b, text, 10, from, to);
			assert_null(strpbrk(
				strstr(buf_str(&b), "<redacted>") ? "" : buf_str(&b), "scrt"));
			buf_free(&b);
		}
}

/* Many lines: the head and the tail are kept, and no secret value is cut into a readable half. */
static void
test_spool_bounds(void **state) {
	struct fixture *f = *state;
	static const char *const values[] = {"0123456789abcdef"};
	struct mask *m = mask_of(f, values, 1);
	struct spool s = {0};
	struct buf b = {0};
	char chunk[] = "0123456789abcdef";
	for (int i = 0; i < 100000; i++)
		spool_add(&s, chunk, 16, NULL, NULL);
	assert_true(s.head.n + s.tail.n <= (16 + 128) << 10);
	assert_int_equal(s.head.n + s.tail.n + s.dropped, 1600000);
	spool_show(&s, m, &b);
	assert_non_null(strstr(buf_str(&b), "bytes are left out here"));
	assert_null(strstr(buf_str(&b), "0123"));
	assert_null(strstr(buf_str(&b), "cdef\n"));
	buf_clear(&b);
	assert_false(spool_join(&s, &b));
	buf_free(&b);
	spool_free(&s);
}

/* Collects lines as "[line]". */
static void
collect(void *arg, char *line, size_t n) {
	assert_int_equal(strlen(line), n);
	buf_printf(arg, "[%s]", line);
}

static void
test_spool_lines(void **state) {
	(void)state;
	struct spool s = {0};
	struct buf lines = {0}, whole = {0};
	static const char text[] = "one\ntw\0o\r\n\nthree\n\n";
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		char c[1] = {text[i]};
		spool_add(&s, c, 1, collect, &lines);
	}
	char rest[] = "last";
	spool_add(&s, rest, 4, collect, &lines);
	spool_end(&s, collect, &lines);
	assert_string_equal(buf_str(&lines), "[one][tw o][][three][][last]");
	assert_true(spool_join(&s, &whole));
	assert_string_equal(buf_str(&whole), "one\ntw o\r\n\nthree\n\nlast");
	buf_free(&lines);
	buf_free(&whole);
	spool_free(&s);
}

/* A line without end takes no more than its bound. */
static void
test_spool_endless_line(void **state) {
	(void)state;
	struct spool s = {0};
	struct buf lines = {0};
	static char chunk[50000];
	for (int i = 0; i < 100; i++) {
		memset(chunk, 'x', sizeof(chunk));
		spool_add(&s, chunk, sizeof(chunk), collect, &lines);
	}
	assert_true(s.line.n <= 64 << 10);
	spool_end(&s, collect, &lines);
	assert_true(lines.n > 50000 && lines.n < 70000);
	buf_free(&lines);
	spool_free(&s);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_anywhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_overlapping, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_short_values_on_lines_of_their_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lines_and_urls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_collected, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ranges, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_spool_bounds, set_up, tear_down),
		cmocka_unit_test(test_spool_lines),
		cmocka_unit_test(test_spool_endless_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
