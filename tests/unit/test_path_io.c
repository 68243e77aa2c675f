/* test_path_io.c - whole files in and out. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/path.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for each test, and the arena. */
struct room {
	struct arena *mem;
	char folder[40];
};

static int
enter(void **state) {
	struct room *room = calloc(1, sizeof(*room));
	room->mem = arena_new();
	strcpy(room->folder, "/tmp/stackplan-io-XXXXXX");
	*state = room;
	return mkdtemp(room->folder) != NULL ? 0 : -1;
}

static int
leave(void **state) {
	struct room *room = *state;
	/* Whatever a test left behind makes this fail: no temporary file may stay. */
	int result = rmdir(room->folder);
	arena_free(room->mem);
	free(room);
	return result;
}

static char *
in_folder(struct room *room, const char *name) {
	return arena_printf(room->mem, "%s/%s", room->folder, name);
}

static void
test_round_trip(void **state) {
	struct room *room = *state;
	const char *why = "unset";
	char *path = in_folder(room, "f");
	size_t len;
	mode_t mask = umask(0);
	assert_true(path_write(room->mem, path, "a\0b", 3, 0600, &why));
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_memory_equal(path_read(room->mem, path, 3, &len, &why), "a\0b", 4);
	assert_int_equal(len, 3);
	umask(077);
	assert_true(path_write(room->mem, path, "", 0, 0755, &why));
	umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_string_equal(path_read(room->mem, path, 0, &len, &why), "");
	assert_int_equal(len, 0);
	assert_true(path_is_file(path));
	assert_false(path_is_folder(path));
	assert_true(path_is_folder(room->folder));
	assert_false(path_is_file(room->folder));
	unlink(path);
	assert_false(path_is_file(path));
}

static void
test_limits(void **state) {
	struct room *room = *state;
	const char *why = NULL;
	char *path = in_folder(room, "f");
	size_t len, size = 3 * 1024;
	char *bytes = arena_alloc(room->mem, size);
	memset(bytes, 'x', size);
	assert_true(path_write(room->mem, path, bytes, size, 0600, &why));
	assert_non_null(path_read(room->mem, path, size, &len, &why));
	assert_int_equal(len, size);
	assert_null(path_read(room->mem, path, 2048, &len, &why));
	assert_string_equal(why, "larger than 2 KiB");
	assert_null(path_read(room->mem, path, 10, &len, &why));
	assert_string_equal(why, "larger than 10 bytes");
	assert_int_equal(truncate(path, 40 * 1024 * 1024), 0);
	assert_null(path_read(room->mem, path, 32 * 1024 * 1024, &len, &why));
	assert_string_equal(why, "larger than 32 MiB");
	unlink(path);
}

static void
test_no_files(void **state) {
	struct room *room = *state;
	const char *why = NULL;
	size_t len;
	assert_null(path_read(room->mem, in_folder(room, "none"), 9, &len, &why));
	assert_string_equal(why, "no such file or directory");
	assert_null(path_read(room->mem, room->folder, 9, &len, &why));
	assert_string_equal(why, "is a directory");
	assert_null(path_read(room->mem, "/dev/zero", 9, &len, &why));
	assert_string_equal(why, "not a regular file");
	char *fifo = in_folder(room, "fifo");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_null(path_read(room->mem, fifo, 9, &len, &why)); /* and does not wait */
	assert_string_equal(why, "not a regular file");
	assert_false(path_write(room->mem, fifo, "x", 1, 0600, &why));
	assert_string_equal(why, "not a regular file");
	unlink(fifo);
}

static void
test_kernel_file(void **state) {
	struct room *room = *state;
	const char *why = NULL;
	size_t len = 0;
	if (access("/proc/self/status", R_OK) != 0)
		skip();
	assert_non_null(path_read(room->mem, "/proc/self/status", 65536, &len, &why));
	assert_true(len > 10);
}

static void
test_descriptor(void **state) {
	struct room *room = *state;
	const char *why = NULL;
	size_t len;
	int fd[2];
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "12345", 5), 5);
	close(fd[1]);
	assert_string_equal(path_read_fd(room->mem, fd[0], 5, &len, &why), "12345");
	close(fd[0]);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "123456", 6), 6);
	close(fd[1]);
	assert_null(path_read_fd(room->mem, fd[0], 5, &len, &why));
	assert_string_equal(why, "larger than 5 bytes");
	close(fd[0]);
	assert_null(path_read_fd(room->mem, 999, 5, &len, &why));
	assert_string_equal(why, "bad file descriptor");
	fd[0] = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	assert_null(path_read_fd(room->mem, fd[0], 1024 * 1024, &len, &why)); /* and ends */
	assert_string_equal(why, "larger than 1 MiB");
	close(fd[0]);
}

static void
test_refused_targets(void **state) {
	struct room *room = *state;
	const char *why = NULL;
	char *target = in_folder(room, "target"), *link = in_folder(room, "link");
	assert_int_equal(symlink(target, link), 0);
	assert_false(path_write(room->mem, link, "x", 1, 0600, &why));
	assert_string_equal(why, "is a symbolic link");
	assert_false(path_is_file(target));
	assert_false(path_write(room->mem, room->folder, "x", 1, 0600, &why));
	assert_string_equal(why, "is a directory");
	assert_false(path_write(room->mem, in_folder(room, "no/f"), "x", 1, 0600, &why));
	assert_string_equal(why, "no such file or directory");
	unlink(link);
}

static void
test_failed_write_leaves_nothing(void **state) {
	struct room *room = *state;
	const char *why = NULL;
	size_t len;
	char *path = in_folder(room, "f");
	assert_true(path_write(room->mem, path, "old", 3, 0600, &why));
	/* The disk is full after ten bytes. */
	struct rlimit before, small;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 10;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	bool is_written = path_write(room->mem, path, "more than ten bytes", 19, 0600, &why);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_false(is_written);
	assert_string_equal(why, "file too large");
	assert_string_equal(path_read(room->mem, path, 9, &len, &why), "old");
	unlink(path);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, enter, leave),
		cmocka_unit_test_setup_teardown(test_limits, enter, leave),
		cmocka_unit_test_setup_teardown(test_no_files, enter, leave),
		cmocka_unit_test_setup_teardown(test_kernel_file, enter, leave),
		cmocka_unit_test_setup_teardown(test_descriptor, enter, leave),
		cmocka_unit_test_setup_teardown(test_refused_targets, enter, leave),
		cmocka_unit_test_setup_teardown(test_failed_write_leaves_nothing, enter, leave),
	};
	return cmocka_run_group_tests_name("path_io", tests, NULL, NULL);
}
