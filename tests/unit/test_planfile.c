/* test_planfile.c - a saved plan as text, and back: what is written is what is read, whatever has been changed in it is refused, and it is
 * read from what was opened, if only we can have written it. */
#include "spec_help.h"

#include <fcntl.h>
#include <stackplan/buf.h>
#include <stackplan/node.h>
#include <stackplan/planfile.h>
#include <sys/stat.h>
#include <unistd.h>

static struct node *
json(const char *text) {
	const char *why;

	return json_read(world.ctx.mem, text, strlen(text), &why);
}

/* A plan of some length, as text. */
static struct buf
saved(void) {
	struct planfile p = {.version = "1.2.3",
		.folder = "/a/folder",
		.salt = "00112233445566778899aabbccddeeff",
		.world = json("{\"the engine\":{\"id\":\"X\"},\"the file "
			      "'compose.yaml'\":{\"digest\":\"1\"}}"),
		.plan = json("{\"format_version\":\"1.0\",\"steps\":[{\"n\":1,\"argv\":[\"docker\","
			     "\"run\","
			     "\"-d\",\"--name\",\"a-1\",\"busybox\",\"a\\nb\",\"\\u00e9\"],"
			     "\"needs\":[]}]}")};
	struct buf b = {0};

	words_push(world.ctx.mem, &p.options, "--file=compose.yaml", (struct pos){0});
	words_push(world.ctx.mem, &p.options, "--scale=a=2", (struct pos){0});
	planfile_text(&world.ctx, &b, &p);
	return b;
}

/* The same bytes once more from what was read of them. */
static bool
is_same_again(const struct planfile *p, const struct buf *text) {
	struct buf again = {0};

	planfile_text(&world.ctx, &again, p);
	bool same = again.n == text->n && memcmp(again.s, text->s, text->n) == 0;
	buf_free(&again);
	return same;
}

static void
there_and_back(void **state) {
	struct buf b = saved();
	const char *why = NULL;
	struct planfile *p = planfile_parse(&world.ctx, b.s, b.n, &why);

	(void)state;
	assert_non_null(p);
	assert_string_equal(p->version, "1.2.3");
	assert_string_equal(p->folder, "/a/folder");
	assert_int_equal(p->options.n, 2);
	assert_string_equal(p->options.v[1].s, "--scale=a=2");
	assert_string_equal(node_text(node_at(p->world, "the engine", "id", NULL)), "X");
	assert_true(is_same_again(p, &b));
	assert_string_not_equal(planfile_salt(&world.ctx), planfile_salt(&world.ctx));
	buf_free(&b);
}

/* Each single bit of it, and the first ones again. */
static void
flipped_bits(void **state) {
	struct buf b = saved();

	(void)state;
	for (size_t i = 0; i < 10000; i++) {
		struct arena_mark mark = arena_mark(world.ctx.mem);
		const char *why = NULL;
		size_t at = i % (8 * b.n);
		b.s[at / 8] ^= (char)(1 << at % 8);
		if (planfile_parse(&world.ctx, b.s, b.n, &why) || !why)
			fail_msg("bit %zu flipped: it is read all the same", at);
		b.s[at / 8] ^= (char)(1 << at % 8);
		arena_rewind(world.ctx.mem, mark);
	}
	buf_free(&b);
}

/* Cut off anywhere, or with something behind it. */
static void
cut_off(void **state) {
	struct buf b = saved();
	const char *why = NULL;

	(void)state;
	for (size_t n = 0; n < b.n; n++)
		if (planfile_parse(&world.ctx, b.s, n, &why))
			fail_msg("%zu of %zu bytes are read as a plan", n, b.n);
	buf_addc(&b, '\n');
	assert_null(planfile_parse(&world.ctx, b.s, b.n, &why));
	buf_free(&b);
}

/* The text under the name, with these permissions. */
static void
put_file(const char *name, const struct buf *b, mode_t mode) {
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, b->s, b->n), b->n);
	close(fd);
	assert_int_equal(chmod(name, mode), 0);
}

static struct planfile *
read_it(const char *name) {
	const char *text;
	size_t n;

	world.ctx.diags = diags_new(world.ctx.mem);
	return planfile_read(&world.ctx, name, &text, &n);
}

static void
trusted(void **state) {
	struct buf b = saved();

	(void)state;
	put_file("plan", &b, 0600);
	assert_non_null(read_it("plan"));
	put_file("plan", &b, 0644);
	assert_non_null(read_it("plan"));
	put_file("plan", &b, 0620);
	assert_null(read_it("plan"));
	assert_said("other users may write to it");
	put_file("plan", &b, 0602);
	assert_null(read_it("plan"));
	assert_said("other users may write to it");
	assert_null(read_it("nowhere"));
	assert_said("No such file");
	assert_null(read_it("."));
	assert_said("not a regular file");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_null(read_it("pipe")); /* at once: nobody writes into it */
	assert_said("not a regular file");
	if (geteuid() == 0) {
		put_file("plan", &b, 0600);
		assert_int_equal(chown("plan", 12345, (gid_t)-1), 0);
		assert_null(read_it("plan"));
		assert_said("it belongs to another user");
	}
	buf_free(&b);
}

int
main(void) {
	static const struct CMUnitTest tests[] = {
		world_test(there_and_back),
		world_test(flipped_bits),
		world_test(cut_off),
		world_test(trusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
