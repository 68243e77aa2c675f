/* rusage.c - run a command within limits, and tell what it took.
 * rusage MS MIB FILE COMMAND...: writes "MILLISECONDS KIBIBYTES" (elapsed, peak resident) to FILE
 * and exits as the command did: 124 when it took longer than MS and was killed, 125 when its peak
 * was above MIB. For tests of bad input; knows nothing of stackplan. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TOO_LONG = 124, TOO_LARGE = 125, NO_COMMAND = 127 };

static volatile sig_atomic_t child;

/* The time is over: the child ends, and wait4 returns. */
static void
kill_child(int sig) {
	(void)sig;
	kill((pid_t)child, SIGKILL);
}

/* Milliseconds since an arbitrary moment. */
static long
now_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Start the command; does not return in the child. */
static pid_t
start(char **argv) {
	pid_t pid = fork();

	if (pid == 0) {
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(NO_COMMAND);
	}
	return pid;
}

/* Wait for the child, at most LIMIT_MS; its status as a shell tells it. */
static int
await(long limit_ms, struct rusage *usage) {
	struct sigaction action = {.sa_handler = kill_child};
	int status;

	sigaction(SIGALRM, &action, NULL);
	alarm((unsigned)(limit_ms / 1000 + 1));
	while (wait4((pid_t)child, &status, 0, usage) < 0)
		if (errno != EINTR)
			return NO_COMMAND;
	alarm(0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
main(int argc, char **argv) {
	struct rusage usage = {0};
	long limit_ms, limit_kib, took;
	int status;
	FILE *out;

	if (argc < 5) {
		fprintf(stderr, "usage: rusage MS MIB FILE COMMAND...\n");
		return 64;
	}
	limit_ms = strtol(argv[1], NULL, 10);
	limit_kib = strtol(argv[2], NULL, 10) * 1024;
	took = now_ms();
	child = (int)start(argv + 4);
	status = await(limit_ms, &usage);
	took = now_ms() - took;
	out = fopen(argv[3], "w");
	if (!out || fprintf(out, "%ld %ld\n", took, usage.ru_maxrss) < 0 || fclose(out))
		return NO_COMMAND;
	if (took > limit_ms)
		return TOO_LONG;
	return usage.ru_maxrss > limit_kib ? TOO_LARGE : status;
}
