/* sig.c - signals as bytes on a pipe, so that poll() sees them.
 * A handler can reach nothing but what is static: the pipe and the old settings below are the
 * only state of this program that no struct holds. */
#define _GNU_SOURCE /* pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stackplan/sig.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <unistd.h>

static const int caught[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT, SIGPIPE};

/* pipe_fd and cancelled are what the handler may use; both ends are -1 outside sig_enter .. sig_leave. */
static int pipe_fd[2] = {-1, -1};
static volatile sig_atomic_t cancelled; /* the first signal that asks for an end, 0: none */
static unsigned depth;                  /* of sig_enter without its sig_leave */
static struct sigaction before[countof(caught)];
static sigset_t mask_before;

/* Write the signal's number into the pipe. A full pipe holds enough to wake the loop. */
static void
note_signal(int sig) {
	int error = errno;
	unsigned char byte = (unsigned char)sig;
	if (cancelled == 0 && (sig == SIGINT || sig == SIGTERM || sig == SIGHUP))
		cancelled = sig;
	ssize_t n = write(pipe_fd[1], &byte, 1);
	(void)n;
	errno = error;
}

/* Set the disposition of one signal, remembering the old one. One that was ignored when we came
 * (nohup, a background job) stays so, but for CHLD: without it no child could be waited for. */
static void
catch_one(size_t i) {
	struct sigaction action = {.sa_flags = SA_RESTART};
	sigemptyset(&action.sa_mask);
	sigaction(caught[i], NULL, &before[i]);
	bool was_ignored = before[i].sa_handler == SIG_IGN && caught[i] != SIGCHLD;
	action.sa_handler = caught[i] == SIGPIPE || was_ignored ? SIG_IGN : note_signal;
	if (caught[i] == SIGCHLD)
		action.sa_flags |= SA_NOCLDSTOP;
	sigaction(caught[i], &action, NULL);
}

int
sig_enter(void) {
	if (depth > 0) {
		depth++;
		return pipe_fd[0];
	}
	if (pipe2(pipe_fd, O_NONBLOCK | O_CLOEXEC) != 0)
		return -1;
	depth = 1;
	sigset_t ours; /* whoever started us may have blocked them */
	sigemptyset(&ours);
	for (size_t i = 0; i < countof(caught); i++) {
		catch_one(i);
		sigaddset(&ours, caught[i]);
	}
	sigprocmask(SIG_UNBLOCK, &ours, &mask_before);
	return pipe_fd[0];
}

int
sig_next(void) {
	unsigned char byte;
	ssize_t n;
	if (pipe_fd[0] < 0)
		return 0;
	do
		n = read(pipe_fd[0], &byte, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? byte : 0;
}

int
sig_cancelled(void) {
	return cancelled;
}

int
sig_leave(void) {
	if (depth == 0 || --depth > 0)
		return 0;
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
	for (size_t i = 0; i < countof(caught); i++)
		sigaction(caught[i], &before[i], NULL);
	/* No handler runs any more: now the pipe may go. */
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	pipe_fd[0] = pipe_fd[1] = -1;
	int sig = cancelled;
	cancelled = 0;
	return sig;
}

void
sig_die(int sig) {
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t only;
	sigemptyset(&action.sa_mask);
	while (depth > 0)
		sig_leave();
	sigaction(sig, &action, NULL);
	sigemptyset(&only);
	sigaddset(&only, sig);
	raise(sig); /* stays pending while it is blocked */
	sigprocmask(SIG_UNBLOCK, &only, NULL);
	exit(128 + sig);
}
