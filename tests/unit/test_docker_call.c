/* test_docker_call.c - finding docker, asking it, and never letting it write. */
#include "plan_help.h"

#include <stackplan/proc.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* A docker in the folder whose body is this. */
static struct docker
docker_doing(const char *body) {
	struct docker d = {.engine = engine_find("docker"), .env = world.environ};

	put("docker", arena_printf(world.ctx.mem, "#!/bin/sh\n%s\n", body));
	chmod("docker", 0700);
	d.program = arena_printf(world.ctx.mem, "%s/docker", world.folder);
	return d;
}

/* Words that end in NULL, for one question. */
static char *const *
asked(const char *first, const char *second) {
	char **v = arena_array(world.ctx.mem, 3, sizeof(char *));

	v[0] = arena_strdup(world.ctx.mem, first);
	v[1] = second ? arena_strdup(world.ctx.mem, second) : NULL;
	return v;
}

static void
an_answer(void **state) {
	struct docker d = docker_doing("echo \"$0:$*\"; echo bad >&2; exit 3");
	struct capture c;

	(void)state;
	words_push(world.ctx.mem, &d.global, "--context", (struct pos){0});
	words_push(world.ctx.mem, &d.global, "far", (struct pos){0});
	assert_true(docker_read(&c, &d, asked("volume", "ls")));
	assert_non_null(strstr(buf_str(&c.out), ":--context far volume ls\n"));
	assert_string_equal(buf_str(&c.err), "bad\n");
	assert_int_equal(proc_code(c.status), 3);
	assert_false(c.timed_out || c.cut);
	capture_free(&c);
}

static void
several_at_once(void **state) {
	struct docker d = docker_doing("echo $1; i=0; while [ $i -lt 3000 ]; do echo "
				       "0123456789012345678901234567890; i=$((i+1)); done");
	char *const *words[] = {asked("ps", NULL), asked("info", NULL), asked("version", NULL)};
	static const char *const begins[] = {"ps\n", "info\n", "version\n"};
	struct capture c[3];

	(void)state;
	assert_true(docker_read_all(c, &d, words, 3));
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(strncmp(buf_str(&c[i].out), begins[i], strlen(begins[i])), 0);
		assert_int_equal(c[i].out.n, strlen(begins[i]) + 3000 * 32);
		capture_free(&c[i]);
	}
	assert_true(docker_read_all(c, &d, words, 0));
}

/* Much of a complaint is dropped, its beginning is kept. */
static void
long_complaint(void **state) {
	struct docker d = docker_doing(
		"echo first >&2; head -c 5000000 /dev/zero | tr '\\0' x >&2; echo out");
	struct capture c;

	(void)state;
	assert_true(docker_read(&c, &d, asked("ps", NULL)));
	assert_true(c.err.n <= 64 << 10);
	assert_int_equal(strncmp(buf_str(&c.err), "first\n", 6), 0);
	assert_string_equal(buf_str(&c.out), "out\n");
	capture_free(&c);
}

static void
cannot_start(void **state) {
	struct docker d = {.engine = engine_find("docker"),
		.program = "/nowhere/docker",
		.env = world.environ};
	struct capture c;

	(void)state;
	assert_false(docker_read(&c, &d, asked("ps", NULL)));
	assert_int_equal(errno, ENOENT);
	capture_free(&c);
}

/* Does asking for this end the program? */
static bool
aborts(const struct docker *d, const char *first, const char *second) {
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct capture c;
		struct rlimit none = {0, 0};
		signal(SIGABRT, SIG_DFL);
		setrlimit(RLIMIT_CORE, &none);
		docker_read(&c, d, asked(first, second));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
writing_aborts(void **state) {
	static const char *const writing[][2] = {{"run", "x"}, {"rm", "x"}, {"volume", "rm"},
		{"network", NULL}, {"image", "prune"}, {"container", "ls"}, {"psx", NULL},
		{"--context", "ps"}, {"start", "x"}, {"exec", "x"}, {"wait", "x"}};
	struct docker d = docker_doing("touch written");

	(void)state;
	for (size_t i = 0; i < sizeof(writing) / sizeof(*writing); i++)
		if (!aborts(&d, writing[i][0], writing[i][1]))
			fail_msg("'%s %s' was started", writing[i][0],
				writing[i][1] ? writing[i][1] : "");
	assert_int_equal(access("written", F_OK), -1);
	assert_false(aborts(&d, "image", "inspect"));
	assert_int_equal(access("written", F_OK), 0);
}

static void
finding(void **state) {
	struct docker d = {0};
	char *env[] = {NULL, NULL};
	int code = 0;

	(void)state;
	docker_doing("true");
	env[0] = arena_printf(world.ctx.mem, "STACKPLAN_DOCKER=%s/docker", world.folder);
	assert_true(docker_find(&world.ctx, &d, engine_find("docker"), env, &code));
	assert_string_equal(d.program, env[0] + strlen("STACKPLAN_DOCKER="));
	chmod("docker", 0600);
	assert_false(docker_find(&world.ctx, &d, engine_find("docker"), env, &code));
	assert_int_equal(code, 126);
	assert_said("is not executable");
	env[0] = arena_strdup(world.ctx.mem, "STACKPLAN_DOCKER=no-such-program-at-all");
	assert_false(docker_find(&world.ctx, &d, engine_find("docker"), env, &code));
	assert_int_equal(code, 127);
	assert_said("no program 'no-such-program-at-all'");
	assert_null(engine_find("dokcer"));
	assert_null(engine_nth(99));
	assert_ptr_equal(engine_nth(0), engine_find("docker"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(an_answer),
		world_test(several_at_once),
		world_test(long_complaint),
		world_test(cannot_start),
		world_test(writing_aborts),
		world_test(finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
