/* test_proc_find.c - the search for a program along PATH. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <errno.h>
#include <stackplan/arena.h>
#include <stackplan/path.h>
#include <stackplan/proc.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_find(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	char folder[] = "/tmp/stackplan-find-XXXXXX", back[4096];
	const char *why;
	assert_non_null(getcwd(back, sizeof(back)));
	assert_non_null(mkdtemp(folder));
	char *one = arena_printf(mem, "%s/one", folder), *two = arena_printf(mem, "%s/two", folder);
	mkdir(one, 0700);
	mkdir(two, 0700);
	char *plain = arena_printf(mem, "%s/prog", one), *good = arena_printf(mem, "%s/prog", two);
	char *dir = arena_printf(mem, "%s/dir", one);
	mkdir(dir, 0700);
	assert_true(path_write(mem, plain, "#!", 2, 0600, &why));
	assert_true(path_write(mem, good, "#!", 2, 0700, &why));
	setenv("PATH", arena_printf(mem, "/no/such:%s:%s", one, two), 1);
	assert_string_equal(proc_find(mem, "prog"), good);
	setenv("PATH", one, 1);
	assert_null(proc_find(mem, "prog"));
	assert_int_equal(errno, EACCES);
	assert_null(proc_find(mem, "dir"));
	assert_int_equal(errno, ENOENT);
	assert_null(proc_find(mem, "none"));
	assert_int_equal(errno, ENOENT);
	assert_null(proc_find(mem, ""));
	/* Empty and relative entries mean nothing here. */
	assert_int_equal(chdir(two), 0);
	setenv("PATH", ":.:../two::", 1);
	assert_null(proc_find(mem, "prog"));
	setenv("PATH", "", 1);
	assert_null(proc_find(mem, "prog"));
	unsetenv("PATH");
	assert_non_null(proc_find(mem, "sh"));
	/* A slash means a path. */
	assert_string_equal(proc_find(mem, good), good);
	const char *near = proc_find(mem, "./prog");
	assert_non_null(near);
	assert_int_equal(near[0], '/');
	assert_true(str_ends(near, "/two/./prog"));
	assert_null(proc_find(mem, "./none"));
	assert_int_equal(errno, ENOENT);
	assert_null(proc_find(mem, plain));
	assert_int_equal(errno, EACCES);
	assert_null(proc_find(mem, dir));
	assert_int_equal(errno, EACCES);
	assert_int_equal(chdir(back), 0);
	unlink(plain);
	unlink(good);
	rmdir(dir);
	rmdir(one);
	rmdir(two);
	assert_int_equal(rmdir(folder), 0);
	arena_free(mem);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
	};
	return cmocka_run_group_tests_name("proc_find", tests, NULL, NULL);
}
