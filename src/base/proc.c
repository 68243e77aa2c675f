/* proc.c - starting child processes, reading what they say, signalling and reaping them.
 * Start at proc_start(). What the child does before exec is proc_child.c, capturing a short run proc_capture.c, finding programs
 * proc_find.c. */
#define _GNU_SOURCE /* pipe2, memfd_create */
#include "base_int.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/path.h>
#include <stackplan/proc.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The first number that is none of the child's own 0 .. 3. Every descriptor that goes to a child
 * is moved up here, so that no dup2 in the child overwrites the source of a later one or copies
 * a descriptor onto itself (which would leave it close-on-exec). */
enum { FIRST_FREE = 4 };

enum { CHUNK = 64 * 1024 };

/* What is open in the parent while a child is being started. -1: nothing. */
struct ends {
	int out[2], err[2]; /* pipes: read, write */
	int in, extra;      /* copies of the spec's descriptors */
};

/* Close and forget. */
static void
shut(int *fd) {
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Move a descriptor of ours up to FIRST_FREE or beyond; false with errno. */
static bool
lift(int *fd) {
	if (*fd >= FIRST_FREE)
		return true;
	int high = fcntl(*fd, F_DUPFD_CLOEXEC, FIRST_FREE);
	if (high < 0)
		return false;
	close(*fd);
	*fd = high;
	return true;
}

/* A pipe out of the child's way, read end non-blocking. */
static bool
open_pipe(int fd[2]) {
	if (pipe2(fd, O_CLOEXEC) != 0) {
		fd[0] = fd[1] = -1;
		return false;
	}
	return lift(&fd[0]) && lift(&fd[1]) && fcntl(fd[0], F_SETFL, O_NONBLOCK) == 0;
}

/* A copy of somebody else's descriptor; none of none. */
static bool
copy_fd(int fd, int *copy) {
	if (fd < 0)
		return true;
	*copy = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE);
	return *copy >= 0;
}

/* What it reads: a copy, or nothing at all. */
static bool
open_input(int fd, int *input) {
	if (fd >= 0)
		return copy_fd(fd, input);
	*input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return *input >= 0 && lift(input);
}

/* Open all that the child shall get. */
static bool
open_ends(struct ends *ends, const struct proc_spec *spec) {
	*ends = (struct ends){{-1, -1}, {-1, -1}, -1, -1};
	if (!copy_fd(spec->extra, &ends->extra))
		return false;
	if (spec->terminal)
		return true;
	return open_input(spec->in, &ends->in) && open_pipe(ends->out) && open_pipe(ends->err);
}

/* Close all of it. */
static void
close_ends(struct ends *ends) {
	shut(&ends->out[0]);
	shut(&ends->out[1]);
	shut(&ends->err[0]);
	shut(&ends->err[1]);
	shut(&ends->in);
	shut(&ends->extra);
}

/* Ours are all close-on-exec, but whoever started us may have left others open: mark them too. */
static void
mark_inherited(void) {
#ifdef SYS_close_range
	enum { MARK = 1U << 2 }; /* CLOSE_RANGE_CLOEXEC, which older headers lack */
	if (syscall(SYS_close_range, 3U, ~0U, MARK) == 0)
		return;
#endif
	for (int fd = 3; fd < 256; fd++) {
		int flags = fcntl(fd, F_GETFD);
		if (flags >= 0 && (flags & FD_CLOEXEC) == 0)
			fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
	}
}

/* Start the child with all that; returns an error number or 0. */
static int
spawn(pid_t *pid, const struct ends *ends, const struct proc_spec *spec) {
	struct child child = {
		.spec = spec, .fd = {ends->in, ends->out[1], ends->err[1], ends->extra}};
	mark_inherited();
	return child_start(pid, &child);
}

/* A parent that ignored SIGCHLD left us so too, and then nothing can be waited for. */
static void
expect_children(void) {
	struct sigaction action;
	if (sigaction(SIGCHLD, NULL, &action) != 0 || action.sa_handler != SIG_IGN)
		return;
	action.sa_handler = SIG_DFL;
	sigaction(SIGCHLD, &action, NULL);
}

bool
proc_start(struct proc *p, const struct proc_spec *spec) {
	struct ends ends;
	pid_t pid = 0;
	*p = (struct proc){.out = -1, .err = -1, .terminal = spec->terminal};
	expect_children();
	int error = open_ends(&ends, spec) ? spawn(&pid, &ends, spec) : errno;
	if (error == 0) {
		p->pid = pid;
		p->out = ends.out[0];
		p->err = ends.err[0];
		ends.out[0] = ends.err[0] = -1;
	}
	close_ends(&ends);
	errno = error;
	return error == 0;
}

bool
proc_reap(struct proc *p) {
	pid_t pid;
	if (p->exited || p->pid == 0)
		return p->exited;
	do
		pid = waitpid(p->pid, &p->status, WNOHANG);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		p->status = 255 << 8; /* somebody else reaped it: how it ended is lost */
	p->exited = pid != 0;
	return p->exited;
}

void
proc_signal(struct proc *p, int sig, bool force_group) {
	if (p->pid <= 0)
		return;
	if (p->terminal && !p->exited)
		kill(p->pid, sig);
	else if (!p->terminal && (!p->exited || force_group))
		kill(-p->pid, sig);
}

void
proc_close(struct proc *p) {
	assert(p->exited || p->pid == 0);
	/* An empty struct has 0 for both: not ours. */
	if (p->pid != 0) {
		shut(&p->out);
		shut(&p->err);
	}
	*p = (struct proc){.out = -1, .err = -1, .exited = p->exited, .status = p->status};
}

size_t
proc_read(int *fd, struct buf *b) {
	ssize_t n;
	if (*fd < 0)
		return 0;
	char *room = buf_room(b, CHUNK);
	do
		n = read(*fd, room, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		shut(fd);
	if (n < 0)
		n = 0;
	b->n += (size_t)n;
	b->s[b->n] = '\0';
	return (size_t)n;
}

char *
proc_how(struct arena *mem, int status) {
	if (!WIFSIGNALED(status))
		return arena_printf(mem, "exit status %d", WEXITSTATUS(status));
	int sig = WTERMSIG(status);
	return arena_printf(mem, "killed by signal %d (%s)", sig, strsignal(sig));
}

int
proc_code(int status) {
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int64_t
clock_ms(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
proc_memfile(const char *bytes, size_t n) {
	int fd = memfd_create("stackplan", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	if (!write_all(fd, bytes, n) || lseek(fd, 0, SEEK_SET) != 0) {
		int error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}
