/* test_path.c - paths as text. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/arena.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
test_clean(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	static const struct {
		const char *path, *clean;
	} rows[] = {{"", "."}, {".", "."}, {"/", "/"}, {"//", "/"}, {"a", "a"}, {"a/", "a"},
		{"a//b/./c", "a/b/c"}, {"a/..", "."}, {"a/../b", "b"}, {"/..", "/"},
		{"/../../a", "/a"}, {"../a", "../a"}, {"../../a", "../../a"}, {"a/../../b", "../b"},
		{"../a/..", ".."}, {"./a", "a"}, {"/a/b/../../..", "/"}, {"...", "..."},
		{"a/...", "a/..."}, {"..a", "..a"}, {"a/b/..", "a"}, {"/a/../b/", "/b"},
		{"../..", "../.."}, {"a/b/../../../../c", "../../c"}};
	for (size_t i = 0; i < countof(rows); i++)
		assert_string_equal(path_clean(mem, rows[i].path), rows[i].clean);
	arena_free(mem);
}

static void
test_resolve(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	static const struct {
		const char *path, *home, *want;
	} rows[] = {{"x", "/h", "/b/x"}, {"./x/", "/h", "/b/x"}, {"../x", "/h", "/x"},
		{"/x/../y", "/h", "/y"}, {"~", "/h", "/h"}, {"~/x", "/h", "/h/x"},
		{"~u/x", "/h", "/b/~u/x"}, {"~/x", NULL, "/b/~/x"}, {"", "/h", "/b"},
		{"x/~", "/h", "/b/x/~"}};
	for (size_t i = 0; i < countof(rows); i++)
		assert_string_equal(
			path_resolve(mem, "/b", rows[i].path, rows[i].home), rows[i].want);
	arena_free(mem);
}

static void
test_parts(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	assert_string_equal(path_dirname(mem, "a"), ".");
	assert_string_equal(path_dirname(mem, "/"), "/");
	assert_string_equal(path_dirname(mem, "/a"), "/");
	assert_string_equal(path_dirname(mem, "a/b"), "a");
	assert_string_equal(path_dirname(mem, "/a//b"), "/a");
	assert_string_equal(path_basename("a/b"), "b");
	assert_string_equal(path_basename("b"), "b");
	assert_string_equal(path_basename("/"), "/");
	assert_string_equal(path_basename("/b"), "b");
	assert_string_equal(path_below("/a/b", "/a"), "/b");
	assert_string_equal(path_below("/a", "/a"), "");
	assert_null(path_below("/ab", "/a"));
	assert_null(path_below("/", "/a"));
	assert_string_equal(path_below("/x", "/"), "/x");
	assert_string_equal(path_below("/", "/"), "");
	arena_free(mem);
}

static void
test_relative(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	static const struct {
		const char *base, *path, *want;
	} rows[] = {{"/a", "/a", "."}, {"/a", "/a/b/c", "b/c"}, {"/a/b", "/a", ".."},
		{"/a/b", "/a/c", "../c"}, {"/a/b", "/a/bc", "../bc"}, {"/", "/x", "x"},
		{"/x", "/", ".."}, {"/", "/", "."}, {"/a/b/c", "/x/y", "../../../x/y"},
		{"/a/", "/a/./b", "b"}};
	for (size_t i = 0; i < countof(rows); i++) {
		char *path = path_relative(mem, rows[i].base, rows[i].path);
		assert_string_equal(path, rows[i].want);
		assert_string_equal(
			path_resolve(mem, rows[i].base, path, NULL), path_clean(mem, rows[i].path));
	}
	arena_free(mem);
}

static void
test_cwd(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	char folder[] = "/tmp/stackplan-path-XXXXXX", back[4096];
	assert_non_null(getcwd(back, sizeof(back)));
	assert_non_null(mkdtemp(folder));
	char *link = arena_printf(mem, "%s/link", folder);
	assert_int_equal(symlink(".", link), 0);
	assert_int_equal(chdir(folder), 0);
	setenv("PWD", "/wrong", 1);
	char real[4096];
	assert_non_null(getcwd(real, sizeof(real)));
	assert_string_equal(path_cwd(mem), real);
	setenv("PWD", link, 1); /* a true name, though not the shortest */
	assert_string_equal(path_cwd(mem), link);
	setenv("PWD", arena_printf(mem, "%s/./.", folder), 1);
	assert_string_equal(path_cwd(mem), real);
	unsetenv("PWD");
	assert_string_equal(path_cwd(mem), real);
	unlink(link);
	rmdir(folder);
	assert_null(path_cwd(mem)); /* it is gone */
	assert_int_equal(chdir(back), 0);
	arena_free(mem);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_relative),
		cmocka_unit_test(test_cwd),
	};
	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
