/* test_canon_path.c - paths made absolute and clean, with the spans of their bytes. */
#include "canon.h"
#include <stackplan/path.h>

/* The private part: word_clean. */
struct word word_clean(struct ctx *, const struct word *);

static const char *
path_of(const char *text) {
	return canon_path(&ctx, &canon, &(struct word){.s = text}).s;
}

static void
texts(void **state) {
	static const char *const cases[][2] = {{"a", "/home/me/stack/a"}, {".", "/home/me/stack"},
		{"..", "/home/me"}, {"../../../../../x", "/x"},
		{"a//b/./c/", "/home/me/stack/a/b/c"}, {"/", "/"}, {"~", "/home/me"},
		{"~/a", "/home/me/a"}, {"~user/q", "/home/me/user/q"},
		{"a/../b", "/home/me/stack/b"}, {"", ""}, {"c:\\x", "c:\\x"},
		{"\\\\host\\x", "\\\\host\\x"}, {"a:b", "/home/me/stack/a:b"},
		{"...", "/home/me/stack/..."}, {"/home/me/stack/", "/home/me/stack/"},
		{"/a/b/", "/a/b/"}};
	/* absolute ones stay as they are written, as in Compose */
	static const char *const kept[] = {"/a/../..", "/a/./b//", "//", "/..", "/a/.", "/a//b"};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		assert_string_equal(path_of(cases[i][0]), cases[i][1]);
		if (cases[i][1][0] == '/' && cases[i][0][0] != '~' &&
			cases[i][1][strlen(cases[i][1]) - 1] != '/')
			assert_string_equal(path_resolve(ctx.mem, canon.folder, cases[i][0], NULL),
				cases[i][1]);
	}
	for (size_t i = 0; i < countof(kept); i++)
		assert_string_equal(path_of(kept[i]), kept[i]);
}

static void
folder_span(void **state) {
	struct word below = canon_path(&ctx, &canon, &(struct word){.s = "./a"}),
		    beside = canon_path(&ctx, &canon, &(struct word){.s = "../stack2"}),
		    same = canon_path(&ctx, &canon, &(struct word){.s = "/home/me/stack"}),
		    home = canon_path(&ctx, &canon, &(struct word){.s = "~/x"}),
		    again = canon_path(&ctx, &canon, &below);

	(void)state;
	assert_int_equal(below.nspan, 1);
	assert_int_equal(below.span[0].off, 0);
	assert_int_equal(below.span[0].len, 14);
	assert_ptr_equal(below.span[0].ref, &folder_ref);
	assert_int_equal(beside.nspan, 0);
	assert_int_equal(same.nspan, 1);
	assert_int_equal(home.nspan, 1);
	assert_string_equal(home.s, "/home/me/x");
	assert_string_equal(again.s, below.s);
	assert_int_equal(again.nspan, 1);
}

static void
cleaning(void **state) {
	static const char *const cases[][2] = {{"/a/../b//c/", "/b/c"}, {"a/./b", "a/b"},
		{"../a", "../a"}, {"a/..", "."}, {"a/../../b", "../b"}, {"/..", "/"}};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(
			word_clean(&ctx, &(struct word){.s = cases[i][0]}).s, cases[i][1]);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(texts, begin, end),
		cmocka_unit_test_setup_teardown(folder_span, begin, end),
		cmocka_unit_test_setup_teardown(cleaning, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
