/* test_docker_call.c - finding docker, asking it, and never letting it write. */
#include "plan_help.h"

#include <errno.h>
#include <signal.h>
#include <stackplan/proc.h>
#include <stackplan/sig.h>
#include <stackplan/str.h>
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
a_limit(void **state) {
	static const char *const bodies[] = {"sleep 60", "trap '' TERM; sleep 60 & wait; sleep 60",
		"exec yes", "exec yes >&2", "exec >&- 2>&-; sleep 60"};

	(void)state;
	for (size_t i = 0; i < countof(bodies); i++) {
		struct docker d = docker_doing(bodies[i]);
		struct capture c;
		int64_t began = clock_ms();
		d.limit_ms = 200;
		assert_int_equal(docker_answer_ms(&d), 200);
		assert_true(docker_read(&c, &d, asked("ps", NULL)));
		assert_true(c.timed_out || c.cut);
		assert_true(clock_ms() - began < 2200);
		assert_int_equal(proc_code(c.status), 128 + SIGKILL);
		assert_true(c.out.n <= 65 << 20);
		assert_true(c.err.n <= 65 << 10);
		capture_free(&c);
	}
	struct docker d = docker_doing("exec sleep 60");
	assert_int_equal(docker_answer_ms(&d), 60000);
}

/* A signal that asks for the end ends the questions, too. */
static void
a_signal(void **state) {
	struct docker d = docker_doing("kill -INT $PPID; sleep 60");
	char *const *words[] = {asked("ps", NULL), asked("info", NULL)};
	struct capture c[2];
	int64_t began = clock_ms();

	(void)state;
	signal(SIGINT, SIG_DFL); /* a shell's background jobs ignore it, and it would stay so */
	assert_true(sig_enter() >= 0);
	errno = 0;
	assert_false(docker_read_all(c, &d, words, 2));
	assert_int_equal(errno, EINTR);
	assert_true(clock_ms() - began < 10000);
	assert_int_equal(sig_next(), SIGINT); /* nobody has taken it yet */
	sig_leave();
	for (size_t i = 0; i < 2; i++) {
		assert_false(c[i].timed_out);
		capture_free(&c[i]);
	}
}

static void
limits_by_variable(void **state) {
	static const struct {
		const char *text;
		uint32_t ms; /* 0: refused */
	} rows[] = {{"7", 7000}, {"500ms", 500}, {"1m30s", 90000}, {"0", 0}, {"-1", 0}, {"x", 0},
		{"1us", 0}, {"99999999", 0}, {"99999999h", 0}};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		char *env[] = {arena_printf(world.ctx.mem, "STACKPLAN_LIMIT=%s", rows[i].text),
			arena_strdup(world.ctx.mem, "STACKPLAN_DOCKER=/bin/sh"), NULL};
		struct docker d = {0};
		int code = 0;
		bool ok = docker_find(&world.ctx, &d, engine_find("docker"), env, &code);
		assert_int_equal(ok, rows[i].ms != 0);
		assert_int_equal(d.limit_ms, rows[i].ms);
		assert_true(ok || code == 64);
	}
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

/* Is the answer the one that the test expects? */
static bool
is_yes(void *arg, const struct capture *answer) {
	*(size_t *)arg += 1;
	return strcmp(buf_str(&answer->out), "yes\n") == 0;
}

/* The first answer may make some of the others needless: they are not awaited, nor begun. */
static void
first_is_enough(void **state) {
	struct docker d = docker_doing("echo $1 >>begun; case $1 in ps) echo yes ;; info) "
				       "exec sleep 100 ;; *) echo $1 ;; esac");
	char *const *words[] = {asked("ps", NULL), asked("version", NULL), asked("info", NULL)};
	char *const *others[] = {asked("version", NULL), asked("logs", NULL)};
	size_t n = 0;
	struct first first = {.is_enough = is_yes, .arg = &n, .keep = 2};
	struct capture c[3];
	int64_t start = clock_ms();

	(void)state;
	for (d.parallel = 0; d.parallel < 2; d.parallel++) {
		remove("begun");
		assert_true(docker_read_first(c, &d, words, 3, &first));
		assert_true(first.settled);
		assert_string_equal(buf_str(&c[0].out), "yes\n");
		assert_string_equal(buf_str(&c[1].out), "version\n");
		for (size_t i = 0; i < countof(c); i++)
			capture_free(&c[i]);
	}
	assert_true(clock_ms() - start < 50000);
	FILE *f = fopen("begun", "r"); /* by the last round, one at a time */
	char text[32] = "";
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(text, "ps\nversion\n");
	d.parallel = 0;
	assert_true(docker_read_first(c, &d, others, 2, &first));
	assert_false(first.settled);
	assert_string_equal(buf_str(&c[1].out), "logs\n");
	assert_int_equal(n, 3);
	capture_free(&c[0]);
	capture_free(&c[1]);
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
aborts_with(const struct docker *d, char *const *words) {
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct capture c;
		struct rlimit none = {0, 0};
		signal(SIGABRT, SIG_DFL);
		setrlimit(RLIMIT_CORE, &none);
		docker_read(&c, d, words);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static bool
aborts(const struct docker *d, const char *first, const char *second) {
	return aborts_with(d, asked(first, second));
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

/* Of Compose nothing may be started but `config`, and that may write no file. */
static void
compose_reads_only(void **state) {
	static const char *const bad[][6] = {{"compose", "up"}, {"compose", "--file=x", "up"},
		{"compose", "--file", "config"}, {"compose", "config", "--output=x"},
		{"compose", "config", "-o", "x"}, {"compose"}, {"compose", "--file=x"},
		{"compose", "down", "config"}};
	static const char *const good[][6] = {{"compose", "config"},
		{"compose", "--file=x", "--profile=*", "config", "--hash=*"},
		{"compose", "config", "--format=json", "--", "-o"}};
	struct docker d = docker_doing("cat");
	int in = proc_memfile("fed", 3);
	struct capture c;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (!aborts_with(&d, (char *const *)(uintptr_t)bad[i]))
			fail_msg("number %zu was started", i);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_false(aborts_with(&d, (char *const *)(uintptr_t)good[i]));
	assert_true(docker_read_from(&c, &d, (char *const *)(uintptr_t)good[0], in));
	assert_string_equal(buf_str(&c.out), "fed");
	capture_free(&c);
	close(in);
}

/* Readers are told to collect little garbage, unless somebody has said how much. */
static void
quick_readers(void **state) {
	struct docker d = docker_doing("echo $GOGC $GOMAXPROCS $OTHER");
	static char other[] = "OTHER=x", garbage[] = "GOGC=50";
	char *env[] = {other, NULL, NULL};
	struct capture c;

	(void)state;
	d.env = env;
	assert_true(docker_read(&c, &d, asked("ps", NULL)));
	assert_string_equal(buf_str(&c.out), "400 1 x\n");
	capture_free(&c);
	env[1] = garbage;
	assert_true(docker_read(&c, &d, asked("ps", NULL)));
	assert_string_equal(buf_str(&c.out), "50 1 x\n");
	capture_free(&c);
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
		world_test(a_limit),
		world_test(a_signal),
		world_test(limits_by_variable),
		world_test(several_at_once),
		world_test(first_is_enough),
		world_test(long_complaint),
		world_test(cannot_start),
		world_test(writing_aborts),
		world_test(compose_reads_only),
		world_test(quick_readers),
		world_test(finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
