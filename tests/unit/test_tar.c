/* test_tar.c - files as a tar stream: the fields of a header, what needs records before it, whole blocks. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "../../src/act/act_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

static struct arena *mem;
static struct ctx ctx;
static struct buf b;

static int
set_up(void **state) {
	(void)state;
	mem = arena_new();
	ctx = (struct ctx){.mem = mem, .diags = diags_new(mem)};
	b = (struct buf){0};
	return 0;
}

static int
tear_down(void **state) {
	(void)state;
	buf_free(&b);
	arena_free(mem);
	return 0;
}

/* The sum that a header says, and the one that it has. */
static void
check_sum(const char *head) {
	unsigned sum = 0;

	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? (unsigned)' ' : (unsigned char)head[i];
	assert_int_equal(strtoul(head + 148, NULL, 8), sum);
	assert_int_equal(head[154], 0);
	assert_int_equal(head[155], ' ');
}

static void
test_header(void **state) {
	struct feed_file f = {.path = "/run/secrets/db", .uid = 5, .gid = 6, .mode = 0440};

	(void)state;
	tar_file(&ctx, &b, &f, "hunter2\n");
	assert_int_equal(b.n, 1024);
	assert_string_equal(b.s, "run/secrets/db");
	assert_string_equal(b.s + 100, "0000440");
	assert_string_equal(b.s + 108, "0000005");
	assert_string_equal(b.s + 116, "0000006");
	assert_string_equal(b.s + 124, "00000000010");
	assert_string_equal(b.s + 136, "00000000000");
	assert_int_equal(b.s[156], '0');
	assert_string_equal(b.s + 257, "ustar");
	assert_memory_equal(b.s + 263, "00", 2);
	check_sum(b.s);
	assert_string_equal(b.s + 512, "hunter2\n");
	tar_end(&b);
	assert_int_equal(b.n, 2048);
}

static void
test_blocks(void **state) {
	static const size_t sizes[] = {0, 1, 511, 512, 513, 100000};

	(void)state;
	for (size_t i = 0; i < countof(sizes); i++) {
		struct feed_file f = {.path = "/x", .mode = 0444};
		char *text = arena_alloc(mem, sizes[i] + 1);
		memset(text, 0xff, sizes[i]);
		text[sizes[i]] = '\0';
		buf_clear(&b);
		tar_file(&ctx, &b, &f, text);
		assert_int_equal(b.n, 512 + (sizes[i] + 511) / 512 * 512);
		assert_int_equal(strtoul(b.s + 124, NULL, 8), sizes[i]);
		check_sum(b.s);
		assert_memory_equal(b.s + 512, text, sizes[i]);
	}
}

static void
test_records(void **state) {
	char path[300] = "/";
	struct feed_file f = {.path = path, .uid = 1000770000, .gid = 07777777, .mode = 0444};

	(void)state;
	memset(path + 1, 'p', 100);
	assert_string_equal(tar_records(&ctx, &f), "18 uid=1000770000\n");
	f.uid = 0;
	assert_string_equal(tar_records(&ctx, &f), "");
	path[101] = 'q';
	assert_string_equal(tar_records(&ctx, &f), arena_printf(mem, "111 path=%s\n", path + 1));
	tar_file(&ctx, &b, &f, "text");
	assert_int_equal(b.n, 2048);
	assert_string_equal(b.s, TAR_RECORDS_NAME);
	assert_int_equal(b.s[156], 'x');
	assert_int_equal(strtoul(b.s + 124, NULL, 8), 111);
	assert_string_equal(b.s + 512, tar_records(&ctx, &f));
	assert_int_equal(b.s[1024 + 156], '0');
	assert_int_equal(strnlen(b.s + 1024, 101), 101 - 1 + (b.s[1024 + 100] != 0));
	check_sum(b.s);
	check_sum(b.s + 1024);
}

/* A record counts its own length, also where that takes one digit more. */
static void
test_record_lengths(void **state) {
	(void)state;
	for (size_t n = 101; n < 1100; n++) {
		char *path = arena_alloc(mem, n + 2);
		memset(path, 'p', n + 1);
		path[0] = '/';
		path[n + 1] = '\0';
		const char *r = tar_records(&ctx, &(struct feed_file){.path = path});
		assert_int_equal(strtoul(r, NULL, 10), strlen(r));
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void) {
	const struct CMUnitTest tests[] = {
		T(test_header),
		T(test_blocks),
		T(test_records),
		T(test_record_lengths),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
