/* test_proc.c - starting, reading, signalling and reaping children. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/proc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Start sh -c SCRIPT. */
static bool
start(struct proc *p, const char *script, struct proc_spec spec) {
	char sh[] = "sh", option[] = "-c";
	char *argv[] = {sh, option, strdup(script), NULL};
	spec.program = "/bin/sh";
	spec.argv = argv;
	bool result = proc_start(p, &spec);
	free(argv[2]);
	return result;
}

/* What most tests start with: nothing to read, no extra descriptor. */
static const struct proc_spec plain = {.in = -1, .extra = -1};

/* Wait for the exit and read all of stdout. */
static void
finish(struct proc *p, struct buf *out) {
	for (int i = 0; i < 5000 && !proc_reap(p); i++) {
		struct pollfd ready = {.fd = p->out, .events = POLLIN};
		poll(&ready, 1, 2);
		proc_read(&p->out, out);
	}
	assert_true(p->exited);
	while (p->out >= 0 && proc_read(&p->out, out) != 0)
		;
}

/* Run the script; its stdout must be WANT, its status CODE. */
static void
check(const char *script, struct proc_spec spec, const char *want, int code) {
	struct proc p;
	struct buf out = {0};
	assert_true(start(&p, script, spec));
	finish(&p, &out);
	assert_string_equal(buf_str(&out), want);
	assert_int_equal(proc_code(p.status), code);
	proc_close(&p);
	buf_free(&out);
}

static void
test_output_and_status(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct proc p;
	struct buf out = {0}, err = {0};
	assert_true(start(&p, "echo out; echo err >&2; exit 3", plain));
	finish(&p, &out);
	proc_read(&p.err, &err);
	assert_string_equal(buf_str(&out), "out\n");
	assert_string_equal(buf_str(&err), "err\n");
	assert_string_equal(proc_how(mem, p.status), "exit status 3");
	assert_true(proc_reap(&p)); /* again: no harm */
	proc_signal(&p, SIGKILL, false);
	proc_close(&p);
	assert_int_equal(p.pid, 0);
	assert_true(start(&p, "kill -9 $$", plain));
	finish(&p, &out);
	assert_int_equal(proc_code(p.status), 137);
	assert_string_equal(proc_how(mem, p.status), "killed by signal 9 (Killed)");
	proc_close(&p);
	buf_free(&out);
	buf_free(&err);
	arena_free(mem);
}

static void
test_environment_and_folder(void **state) {
	(void)state;
	char variable[] = "A=1 2";
	char *env[] = {variable, NULL};
	check("echo \"$A${HOME-unset}\"; pwd",
		(struct proc_spec){.in = -1, .extra = -1, .env = env, .folder = "/"},
		"1 2unset\n/\n", 0);
	setenv("STACKPLAN_TEST", "own", 1);
	check("echo $STACKPLAN_TEST", plain, "own\n", 0);
	check("cat", plain, "", 0); /* /dev/null */
}

/* How many of our descriptors are open. */
static int
count_descriptors(void) {
	int n = 0;
	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void
test_failures(void **state) {
	(void)state;
	int ndescriptors = count_descriptors();
	struct proc p;
	char name[] = "x";
	char *argv[] = {name, NULL};
	static const struct {
		const char *program, *folder;
		int error;
	} rows[] = {{"/no/such/program", NULL, ENOENT}, {"/etc/passwd", NULL, EACCES},
		{"/", NULL, EACCES}, {"/bin/true", "/no/such/folder", ENOENT}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct proc_spec spec = {.program = rows[i].program,
			.argv = argv,
			.folder = rows[i].folder,
			.in = -1,
			.extra = -1};
		errno = 0;
		assert_false(proc_start(&p, &spec));
		assert_int_equal(errno, rows[i].error);
		assert_int_equal(p.pid, 0);
		assert_int_equal(p.out, -1);
		proc_signal(&p, SIGTERM, true);
		proc_close(&p);
	}
	/* One argument that is larger than the kernel takes. */
	char *huge = malloc(200001);
	memset(huge, 'x', 200000);
	huge[200000] = '\0';
	char *long_argv[] = {name, huge, NULL};
	struct proc_spec spec = {.program = "/bin/true", .argv = long_argv, .in = -1, .extra = -1};
	assert_false(proc_start(&p, &spec));
	assert_int_equal(errno, E2BIG);
	free(huge);
	struct proc_spec bad = plain;
	bad.extra = 999;
	assert_false(start(&p, "true", bad));
	assert_int_equal(errno, EBADF);
	check("exit 0", plain, "", 0);
	assert_int_equal(count_descriptors(), ndescriptors);
	/* No descriptors left for the pipes: refused, and nothing stays open. */
	struct rlimit before, small;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	small = before;
	for (rlim_t room = 0; room < 12; room++) {
		small.rlim_cur = room;
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &small), 0);
		bool is_started = start(&p, "true", plain);
		int error = errno;
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
		if (is_started) {
			struct buf none = {0};
			finish(&p, &none);
			proc_close(&p);
			buf_free(&none);
		} else {
			assert_true(error == EMFILE || error == EINVAL);
		}
		assert_int_equal(count_descriptors(), ndescriptors);
	}
}

static void
test_descriptors(void **state) {
	(void)state;
	/* What somebody left open for us does not reach the child. */
	int leak = dup2(1, 77);
	assert_int_equal(leak, 77);
	check("ls /proc/self/fd | grep -c -v '^[012]$'", plain, "1\n", 0); /* ls's own folder */
	int extra = proc_memfile("secret", 6);
	assert_true(extra >= 0);
	assert_true(fcntl(extra, F_GETFD) & FD_CLOEXEC);
	struct proc_spec spec = plain;
	spec.extra = extra;
	check("cat <&3; ls /proc/self/fd | grep -c -v '^[0123]$'", spec, "secret1\n", 0);
	close(extra);
	close(leak);
	spec = plain;
	spec.in = proc_memfile("input", 5);
	check("cat", spec, "input", 0);
	close(spec.in);
}

/* In a child of ours with descriptors 0 .. 3 closed: the new ones take their numbers. */
static void
run_with_low_descriptors(void) {
	struct buf out = {0};
	struct proc p;
	for (int fd = 0; fd < 4; fd++)
		close(fd);
	struct proc_spec spec = plain;
	spec.in = proc_memfile("in", 2);       /* 0 */
	spec.extra = proc_memfile("extra", 5); /* 1 */
	if (spec.in != 0 || spec.extra != 1 || !start(&p, "cat; cat <&3; echo err >&2", spec))
		_exit(2);
	finish(&p, &out);
	_exit(strcmp(buf_str(&out), "inextra") == 0 && p.status == 0 ? 0 : 3);
}

static void
test_low_descriptors(void **state) {
	(void)state;
	pid_t pid = fork();
	if (pid == 0)
		run_with_low_descriptors();
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
test_signal_state(void **state) {
	(void)state;
	sigset_t all, before;
	sigfillset(&all);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGCHLD, SIG_IGN); /* must not cost us the exit status either */
	sigprocmask(SIG_BLOCK, &all, &before);
	check("grep -E 'Sig(Blk|Ign)' /proc/self/status | tr -d '\\t'; exit 5", plain,
		"SigBlk:0000000000000000\nSigIgn:0000000000000000\n", 5);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
}

static void
test_groups(void **state) {
	(void)state;
	struct proc p;
	struct buf out = {0};
	/* The group dies together, the grandchild too: its end of the pipe closes. */
	assert_true(start(&p, "sleep 60 & echo ready; wait", plain));
	while (out.n == 0)
		proc_read(&p.out, &out);
	assert_int_equal(getpgid(p.pid), p.pid);
	assert_false(proc_reap(&p));
	proc_signal(&p, SIGTERM, false);
	finish(&p, &out);
	assert_int_equal(proc_code(p.status), 128 + SIGTERM);
	for (int i = 0; i < 1000 && p.out >= 0; i++) {
		proc_read(&p.out, &out);
		poll(NULL, 0, 2);
	}
	assert_int_equal(p.out, -1);
	proc_close(&p);
	/* What a finished child left behind is reached by force only. */
	assert_true(start(&p, "sleep 60 & exit 0", plain));
	finish(&p, &out);
	proc_signal(&p, SIGTERM, false);
	poll(NULL, 0, 20);
	proc_read(&p.out, &out);
	assert_true(p.out >= 0);
	proc_signal(&p, SIGTERM, true);
	for (int i = 0; i < 1000 && p.out >= 0; i++) {
		proc_read(&p.out, &out);
		poll(NULL, 0, 2);
	}
	assert_int_equal(p.out, -1);
	proc_close(&p);
	buf_free(&out);
}

static void
test_terminal(void **state) {
	(void)state;
	struct proc p;
	struct proc_spec spec = plain;
	spec.terminal = true;
	assert_true(start(&p, "sleep 60", spec));
	assert_int_equal(p.out, -1);
	assert_int_equal(getpgid(p.pid), getpgid(0));
	proc_signal(&p, SIGTERM, true);
	struct buf none = {0};
	finish(&p, &none);
	assert_int_equal(proc_code(p.status), 128 + SIGTERM);
	proc_signal(&p, SIGTERM, true); /* not our own group */
	proc_close(&p);
	buf_free(&none);
}

/* In a process that will be killed: start a child, tell its number, and wait. */
static void
run_until_killed(struct proc_spec spec, int out) {
	struct proc p;
	if (!start(&p, "trap '' TERM HUP INT; exec sleep 60", spec) ||
		write(out, &p.pid, sizeof(p.pid)) != sizeof(p.pid))
		_exit(2);
	for (;;)
		pause();
}

/* Killed with no chance to do anything, we take our children along: with a group of their own, or with the terminal. */
static void
test_death(void **state) {
	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	for (int i = 0; i < 2; i++) {
		struct proc_spec spec = plain;
		spec.terminal = i == 1;
		int fd[2], status;
		pid_t child = 0;
		assert_int_equal(pipe(fd), 0);
		pid_t parent = fork();
		if (parent == 0)
			run_until_killed(spec, fd[1]);
		assert_int_equal(read(fd[0], &child, sizeof(child)), sizeof(child));
		assert_int_equal(kill(child, 0), 0);
		assert_int_equal(kill(parent, SIGKILL), 0);
		assert_int_equal(waitpid(parent, &status, 0), parent);
		alarm(10); /* it would sleep for a minute */
		assert_int_equal(waitpid(child, &status, 0), child);
		alarm(0);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGKILL);
		close(fd[0]);
		close(fd[1]);
	}
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
}

static void
test_clock(void **state) {
	(void)state;
	int64_t before = clock_ms();
	poll(NULL, 0, 20);
	int64_t passed = clock_ms() - before;
	assert_true(passed >= 19 && passed < 2000);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output_and_status),
		cmocka_unit_test(test_environment_and_folder),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_low_descriptors),
		cmocka_unit_test(test_signal_state),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_death),
		cmocka_unit_test(test_clock),
	};
	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
