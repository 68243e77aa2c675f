/* test_sig.c - signals on a pipe. */
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
#include <stackplan/sig.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_signals_arrive(void **state) {
	(void)state;
	assert_int_equal(sig_next(), 0);
	int fd = sig_enter();
	assert_true(fd >= 0);
	assert_int_equal(sig_enter(), fd);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(sig_next(), 0);
	raise(SIGINT);
	raise(SIGTERM);
	raise(SIGHUP);
	raise(SIGPIPE); /* ignored */
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	assert_int_equal(poll(&ready, 1, 1000), 1);
	assert_int_equal(sig_next(), SIGINT);
	assert_int_equal(sig_next(), SIGTERM);
	assert_int_equal(sig_next(), SIGHUP);
	assert_int_equal(sig_next(), 0);
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	for (int i = 0; i < 100 && poll(&ready, 1, 5000) < 0; i++)
		assert_int_equal(errno, EINTR); /* SA_RESTART does not cover poll */
	assert_int_equal(sig_next(), SIGCHLD);
	waitpid(pid, NULL, 0);
	assert_int_equal(sig_leave(), 0); /* the inner one */
	assert_true(fcntl(fd, F_GETFD) >= 0);
	assert_int_equal(sig_cancelled(), SIGINT);
	raise(SIGTERM);
	assert_int_equal(sig_next(), SIGTERM);
	assert_int_equal(sig_leave(), SIGINT); /* the first one */
	assert_int_equal(sig_next(), 0);
	assert_int_equal(sig_cancelled(), 0);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	sig_leave();
	assert_true(sig_enter() >= 0);
	assert_int_equal(sig_cancelled(), 0);
	raise(SIGWINCH);
	assert_int_equal(sig_cancelled(), 0);
	raise(SIGHUP);
	assert_int_equal(sig_cancelled(), SIGHUP); /* before it is taken */
	sig_leave();
}

static void
test_restored(void **state) {
	(void)state;
	struct sigaction action;
	sigset_t mask, before;
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	signal(SIGHUP, SIG_IGN); /* as nohup does */
	signal(SIGCHLD, SIG_IGN);
	sigprocmask(SIG_BLOCK, &mask, &before);
	assert_true(sig_enter() >= 0);
	raise(SIGHUP);
	raise(SIGTERM); /* not blocked while we are in */
	assert_int_equal(sig_next(), SIGTERM);
	assert_int_equal(sig_next(), 0);
	sigaction(SIGCHLD, NULL, &action);
	assert_true(action.sa_handler != SIG_IGN);
	sig_leave();
	sigaction(SIGHUP, NULL, &action);
	assert_true(action.sa_handler == SIG_IGN);
	sigaction(SIGPIPE, NULL, &action);
	assert_true(action.sa_handler == SIG_DFL);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	assert_true(sigismember(&mask, SIGTERM));
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
}

static void
test_die(void **state) {
	(void)state;
	static const int sigs[] = {SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < sizeof(sigs) / sizeof(*sigs); i++) {
		pid_t pid = fork();
		if (pid == 0) {
			sigset_t mask;
			sigfillset(&mask);
			sig_enter();
			sigprocmask(SIG_BLOCK, &mask, NULL);
			sig_die(sigs[i]);
		}
		int status;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), sigs[i]);
	}
	pid_t pid = fork();
	if (pid == 0)
		sig_die(SIGWINCH); /* kills nobody */
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 128 + SIGWINCH);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_arrive),
		cmocka_unit_test(test_restored),
		cmocka_unit_test(test_die),
	};
	return cmocka_run_group_tests_name("sig", tests, NULL, NULL);
}
