/* pair.c - time commands side by side: pair RUNS COMMAND... [::: COMMAND...]
 * They take turns, their output goes to /dev/null. Prints a line each: median and smallest milliseconds, peak KiB, and the exit
 * status of the last run; 142 when it took longer than PAIR_LIMIT seconds of the environment (then it had one run only). */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 8, RUNS_MAX = 1000 };

struct command {
	char **argv;
	double ms[RUNS_MAX];
	long kib;
	int status;
};

/* Was the command ended by its limit? */
static int
over_limit(const struct command *c) {
	return WIFSIGNALED(c->status) && WTERMSIG(c->status) == SIGKILL;
}

static pid_t child;

/* The time is over: end the command and all that it started. */
static void
kill_child(int sig) {
	(void)sig;
	kill(-child, SIGKILL);
}

static double
now_ms(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* One run, timed from before the fork to after the wait. */
static void
run(struct command *c, int i) {
	const char *limit = getenv("PAIR_LIMIT");
	struct rusage usage;
	if (i > 0 && over_limit(c)) {
		c->ms[i] = c->ms[0];
		return;
	}
	double start = now_ms();
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		setpgid(0, 0);
		execvp(c->argv[0], c->argv);
		_exit(127);
	}
	child = pid;
	signal(SIGALRM, kill_child);
	alarm(limit ? (unsigned)atoi(limit) : 0);
	wait4(pid, &c->status, 0, &usage);
	alarm(0);
	c->ms[i] = now_ms() - start;
	if (usage.ru_maxrss > c->kib)
		c->kib = usage.ru_maxrss;
}

static int
by_size(const void *a, const void *b) {
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int
main(int argc, char **argv) {
	static struct command c[MOST];
	int n = 0, runs = argc > 2 ? atoi(argv[1]) : 0;

	if (runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: pair RUNS COMMAND... [::: COMMAND...]\n");
		return 64;
	}
	c[n++].argv = argv + 2;
	for (int i = 2; i < argc && n < MOST; i++)
		if (strcmp(argv[i], ":::") == 0) {
			argv[i] = NULL;
			c[n++].argv = argv + i + 1;
		}
	for (int i = 0; i < runs; i++)
		for (int k = 0; k < n; k++)
			run(&c[k], i);
	for (int k = 0; k < n; k++) {
		qsort(c[k].ms, (size_t)runs, sizeof(double), by_size);
		printf("%.3f %.3f %ld %d\n", c[k].ms[runs / 2], c[k].ms[0], c[k].kib,
			WIFEXITED(c[k].status) ? WEXITSTATUS(c[k].status)
			: over_limit(&c[k])    ? 142
					       : 128);
	}
	return 0;
}
