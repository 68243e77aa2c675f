/* test_view_input.c - what a command reads on its standard input, as a tree and as shell text: every shell that is here feeds a
 * command the same bytes as we do. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "../../src/act/act_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/proc.h>
#include <stackplan/str.h>
#include <string.h>

static struct { struct ctx ctx; } world;

static int
set_up(void **state) {
	(void)state;
	world.ctx.mem = arena_new();
	world.ctx.diags = diags_new(world.ctx.mem);
	return 0;
}

static int
tear_down(void **state) {
	(void)state;
	arena_free(world.ctx.mem);
	return 0;
}

static const struct ref token = {.from = REF_ENVIRON, .name = "TOKEN"};
static const struct ref image = {.from = REF_OUTPUT, .name = "image_id"};
static const struct quote_refs refs = {0};

/* A word that is TEXT with a value from outside in the middle. */
static struct word
outside(const char *before, const char *value, const char *after) {
	struct text t = {0};

	text_add(&t, before);
	text_add_ref(&t, value, &token);
	text_add(&t, after);
	return text_take(world.ctx.mem, &t, (struct pos){0});
}

/* A step that is fed; its command shows what it gets. */
static struct step
step_fed(const struct feed *feed) {
	struct step s = {.act = ACT_COPY, .name = "c", .title = "c", .why = "", .feed = feed};

	words_push(world.ctx.mem, &s.argv, "cat", s.at);
	return s;
}

/* The shell text of the step. */
static const char *
script_of(const struct step *s) {
	return node_text(view_script(&world.ctx, s, "cat", &refs, false));
}

/* The function of the templates. */
static const char *
tar_files(void) {
	return render_text(&world.ctx, "tar.sh");
}

/* Run it by a shell; what it wrote. */
static struct capture
run(const char *shell, const char *option, const char *script) {
	char *text =
		arena_printf(world.ctx.mem, "set -e\n%s\n%s", strchr(tar_files(), '\n'), script);
	char path[] = "PATH=/usr/bin:/bin", value[] = "TOKEN=a'b\\\\ $(x) `y` \"z\"\n\n",
	     id[] = "image_id=sha", c[] = "-c";
	char *program = proc_find(world.ctx.mem, shell), *argv[] = {program, c, text, NULL, NULL};
	char *env[] = {path, value, id, NULL};
	struct capture cap = {0};

	if (option) {
		argv[1] = arena_strdup(world.ctx.mem, option);
		argv[2] = c;
		argv[3] = text;
	}
	if (program && !proc_capture(&cap,
			       &(struct proc_spec){.program = program,
				       .argv = argv,
				       .env = env,
				       .in = -1,
				       .extra = -1},
			       1 << 20, 20000))
		fail_msg("cannot run %s", shell);
	return cap;
}

/* All shells write WANT. */
static void
all_write(const char *script, const char *want, size_t n) {
	static const char *const shells[][2] = {{"dash", NULL}, {"bash", "--posix"},
		{"busybox", "sh"}, {"zsh", "-y"}, {"sh", NULL}};
	size_t tried = 0;

	for (size_t i = 0; i < countof(shells); i++) {
		if (!proc_find(world.ctx.mem, shells[i][0]))
			continue;
		struct capture cap = run(shells[i][0], shells[i][1], script);
		if (proc_code(cap.status) != 0 || cap.out.n != n ||
			(n && memcmp(cap.out.s, want, n) != 0))
			fail_msg("%s: %.300s\n%zu bytes instead of %zu, status %d: %.300s",
				shells[i][0], script, cap.out.n, n, proc_code(cap.status),
				buf_str(&cap.err));
		capture_free(&cap);
		tried++;
	}
	assert_true(tried > 0);
}

static const char value[] = "a'b\\\\ $(x) `y` \"z\"\n\n";

static void
texts(void **state) {
	const struct word words[] = {
		{.s = ""},
		{.s = "one line"},
		{.s = "-n"},
		{.s = "%s\\n"},
		{.s = "FROM busybox\nRUN echo $HOME `id` \"\\$x\"\n"},
		{.s = "RUN <<EOF\necho\nEOF\n"},
		{.s = "EOF\nEND_OF_INPUT\nSTACKPLAN_INPUT\n"},
		{.s = "no newline\nat its end"},
		{.s = "\xff\xfe \x01 \t\r\n"},
		{.s = "\n\n\n"},
		outside("", value, ""),
		outside("FROM x\nENV A=", value, "letters\n$HOME `x` \\ \\\n\"\n"),
		outside("EOF\nx", value, "x"),
	};

	(void)state;
	for (size_t i = 0; i < countof(words); i++) {
		struct feed feed = {.kind = FEED_TEXT, .text = words[i]};
		struct step s = step_fed(&feed);
		all_write(script_of(&s), words[i].s, strlen(words[i].s));
		s.guarded = true;
		all_write(arena_printf(world.ctx.mem, "false ||\n    %s", script_of(&s)),
			words[i].s, strlen(words[i].s));
		all_write(arena_printf(world.ctx.mem, "true ||\n    %s", script_of(&s)), "", 0);
	}
}

static void
text_forms(void **state) {
	struct feed feed = {.kind = FEED_TEXT, .text = {.s = "FROM x\n"}};
	struct step s = step_fed(&feed);

	(void)state;
	assert_string_equal(script_of(&s), "cat <<'EOF'\nFROM x\nEOF");
	feed.text = outside("FROM ", "x", "\n");
	assert_string_equal(
		script_of(&s), "cat <<EOF\nFROM ${TOKEN:?set it in the environment}\nEOF");
	feed.text = outside("", "x", "y");
	assert_string_equal(script_of(&s),
		": \"${TOKEN:?set it in the environment}\"\nprintf %s \"${TOKEN}y\" |\n    cat");
}

static void
captured_output(void **state) {
	struct text t = {0};
	struct feed feed = {.kind = FEED_TEXT};
	struct step s = step_fed(&feed);

	(void)state;
	text_add(&t, "FROM ");
	text_add_ref(&t, "", &image);
	text_add(&t, "x\n");
	feed.text = text_take(world.ctx.mem, &t, s.at);
	all_write(script_of(&s), "FROM shax\n", 10);
}

/* What we feed the command ourselves. */
static void
files_alike(struct feed_file *file, size_t n) {
	struct feed feed = {.kind = FEED_FILES, .file = file, .nfile = n};
	struct step s = step_fed(&feed);
	struct buf b = {0};

	for (size_t i = 0; i < n; i++)
		tar_file(&world.ctx, &b, &file[i], file[i].content.s);
	tar_end(&b);
	all_write(script_of(&s), b.s, b.n);
	buf_free(&b);
}

static void
files(void **state) {
	char long_path[200] = "/", big[2000];
	struct feed_file f[] = {
		{.path = "/run/secrets/a",
			.content = outside("", value, ""),
			.mode = 0440,
			.uid = 5,
			.gid = 6},
		{.path = "/etc/it's \xc3\xa4 $x\n`y`",
			.content = {.s = "-e \\n%s\xff\n\n"},
			.mode = 07777},
		{.path = "/empty", .content = {.s = ""}},
		{.path = long_path,
			.content = outside("a", value, "b!"),
			.uid = 1000770000,
			.gid = 4294967295},
		{.path = "/whole", .content = {.s = big}, .mode = 0444},
		{.path = "/-n", .content = {.s = "x"}, .mode = 010, .uid = 07777777, .gid = 0},
	};

	(void)state;
	memset(long_path + 1, 'p', 150);
	long_path[151] = '\0';
	memset(big, 'b', 1024);
	big[1024] = '\0';
	files_alike(f, countof(f));
	for (size_t i = 0; i < countof(f); i++)
		files_alike(f + i, 1);
}

static void
without_variable(void **state) {
	struct feed_file f = {.path = "/a", .content = outside("", "x", "")};
	struct feed feed = {.kind = FEED_FILES, .file = &f, .nfile = 1};
	struct step s = step_fed(&feed);

	(void)state;
	struct capture cap =
		run("sh", NULL, arena_printf(world.ctx.mem, "unset TOKEN\n%s", script_of(&s)));
	assert_int_not_equal(proc_code(cap.status), 0);
	assert_int_equal(cap.out.n, 0);
	assert_non_null(strstr(buf_str(&cap.err), "set it in the environment"));
	capture_free(&cap);
}

static void
as_tree(void **state) {
	struct feed_file f = {
		.path = "/a", .content = outside("<", "hunter2", ">"), .mode = 0440, .uid = 7};
	struct feed feed = {.kind = FEED_FILES, .file = &f, .nfile = 1};
	struct step s = step_fed(&feed);
	struct buf b = {0};

	(void)state;
	json_write(&b, view_input(&world.ctx, &s, false), 0);
	assert_string_equal(buf_str(&b),
		"{\"kind\":\"files\",\"files\":[{\"path\":\"/a\",\"mode\":\"0440\","
		"\"uid\":7,\"gid\":0,\"content\":\"<${TOKEN}>\"}]}\n");
	buf_clear(&b);
	json_write(&b, view_input(&world.ctx, &s, true), 0);
	assert_non_null(strstr(buf_str(&b), "\"<redacted>\""));
	s.feed = &(struct feed){.kind = FEED_TEXT, .text = f.content};
	buf_clear(&b);
	json_write(&b, view_input(&world.ctx, &s, false), 0);
	assert_string_equal(buf_str(&b), "{\"kind\":\"text\",\"text\":\"<${TOKEN}>\"}\n");
	s.feed = NULL;
	assert_int_equal(view_input(&world.ctx, &s, false)->type, NODE_NULL);
	buf_free(&b);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void) {
	const struct CMUnitTest tests[] = {
		TEST(texts),
		TEST(text_forms),
		TEST(captured_output),
		TEST(files),
		TEST(without_variable),
		TEST(as_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
