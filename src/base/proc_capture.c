/* proc_capture.c - one short child process from start to end, its output in two buffers.
 * It is over when the process has exited and what lay in its pipes is read: not when the pipes
 * close, which a grandchild may keep open, and not before, when the child closed them itself. */
#include "base_int.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stackplan/proc.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	GRACE_MS = 1000, /* from TERM to KILL, and from KILL to giving up */
	DRAIN_MS = 100,  /* for a grandchild that goes on writing */
	TICK_MS = 5,     /* where the kernel cannot tell us of an exit */
};

/* A run under way. */
struct run {
	struct proc p;
	struct capture *capture;
	struct buf chunk; /* what one read gave */
	size_t max;
	int pidfd;        /* readable once the process has exited; -1: not to be had */
	int64_t alarm_ms; /* when to do the next harsher thing; -1: never */
	int nsignals;     /* TERM and KILL sent so far */
};

/* A descriptor that becomes readable when the process exits, or -1. */
static int
open_pidfd(pid_t pid) {
#ifdef SYS_pidfd_open
	return (int)syscall(SYS_pidfd_open, pid, 0U); /* close-on-exec by itself */
#else
	(void)pid;
	return -1;
#endif
}

/* Read once from a pipe; what is beyond the limit is dropped. Returns whether there was anything. */
static bool
read_once(struct run *run, int *fd, struct buf *into) {
	buf_clear(&run->chunk);
	size_t n = proc_read(fd, &run->chunk);
	size_t room = into->n < run->max ? run->max - into->n : 0;
	if (n > room)
		run->capture->cut = true;
	buf_add(into, run->chunk.s != NULL ? run->chunk.s : "", n < room ? n : room);
	return n != 0;
}

/* Read from both pipes. */
static bool
read_both(struct run *run) {
	bool got_out = read_once(run, &run->p.out, &run->capture->out);
	bool got_err = read_once(run, &run->p.err, &run->capture->err);
	return got_out || got_err;
}

/* How long poll may sleep. */
static int
patience_ms(const struct run *run) {
	int64_t left = run->alarm_ms < 0 ? -1 : run->alarm_ms - clock_ms();
	if (run->alarm_ms >= 0 && left < 0)
		left = 0;
	if (run->pidfd < 0 && (left < 0 || left > TICK_MS))
		left = TICK_MS;
	return left > 60000 ? 60000 : (int)left;
}

/* Time is over: TERM, later KILL, later still give up. False when there is nothing left to do. */
static bool
get_harsher(struct run *run) {
	if (run->alarm_ms < 0 || clock_ms() < run->alarm_ms)
		return true;
	if (run->nsignals == 2)
		return false;
	proc_signal(&run->p, run->nsignals == 0 ? SIGTERM : SIGKILL, false);
	run->nsignals++;
	run->capture->timed_out = true;
	run->alarm_ms = clock_ms() + GRACE_MS;
	return true;
}

/* Wait for the exit, reading all the while. */
static void
follow(struct run *run) {
	while (!proc_reap(&run->p) && get_harsher(run)) {
		struct pollfd fds[] = {
			{.fd = run->p.out, .events = POLLIN},
			{.fd = run->p.err, .events = POLLIN},
			{.fd = run->pidfd, .events = POLLIN},
		};
		if (poll(fds, 3, patience_ms(run)) < 0) {
			if (errno != EINTR && errno != EAGAIN && run->nsignals == 0) {
				run->nsignals = 1; /* we are blind: KILL at once */
				run->alarm_ms = 0;
			}
			continue;
		}
		if (fds[0].revents != 0)
			read_once(run, &run->p.out, &run->capture->out);
		if (fds[1].revents != 0)
			read_once(run, &run->p.err, &run->capture->err);
	}
}

/* Read what the process left in its pipes. */
static void
drain(struct run *run) {
	int64_t end_ms = clock_ms() + DRAIN_MS;
	while (read_both(run) && clock_ms() < end_ms)
		;
}

bool
proc_capture(struct capture *capture, const struct proc_spec *spec, size_t max_bytes,
	uint32_t timeout_ms) {
	struct run run = {.capture = capture, .max = max_bytes, .alarm_ms = -1};
	*capture = (struct capture){0};
	if (!proc_start(&run.p, spec))
		return false;
	run.pidfd = open_pidfd(run.p.pid);
	if (timeout_ms != 0)
		run.alarm_ms = clock_ms() + timeout_ms;
	follow(&run);
	if (!run.p.exited) { /* not even KILL ended it: it hangs in the kernel */
		run.p.exited = true;
		run.p.status = SIGKILL;
	}
	if (capture->timed_out)
		proc_signal(&run.p, SIGKILL, true);
	drain(&run);
	capture->status = run.p.status;
	proc_close(&run.p);
	if (run.pidfd >= 0)
		close(run.pidfd);
	buf_free(&run.chunk);
	return true;
}

void
capture_free(struct capture *capture) {
	buf_free(&capture->out);
	buf_free(&capture->err);
}
