/* proc_child.c - from the fork to the program: what a child does before exec.
 * Starts at child_start(). It is vfork, as in posix_spawn, which costs the same whatever our size: the child borrows our memory and
 * stack while we stand still, so it may call nothing that is not async-signal-safe, and writes to nothing but its struct child. What
 * posix_spawn can't do is to bind the child's life to ours: killed, we would leave commands behind that race with the next run's. */
#include "base_int.h"
#include <errno.h>
#include <signal.h>
#include <stackplan/proc.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
	LAST_SIGNAL = 64,
	LIBC_FIRST =
		32, /* two signals that the C library keeps for itself: sigaction refuses them */
	LIBC_LAST = 33,
};

/* Default dispositions, whatever we or our parent have set: ignored ones would stay so through exec. */
static void
reset_signals(void) {
	static const unsigned char
		zeros[128]; /* the kernel's own form of SIG_DFL, no flags, no mask */
	struct sigaction action;
	memset(&action, 0, sizeof(action)); /* SIG_DFL */
	for (int sig = 1; sig <= LAST_SIGNAL; sig++)
		if (sig >= LIBC_FIRST && sig <= LIBC_LAST)
			syscall(SYS_rt_sigaction, sig, zeros, NULL, 8);
		else
			sigaction(sig, &action, NULL);
}

/* Have the kernel end the child when we end. It is KILL, for docker passes others on to the container and stays. False when we have
 * ended already. */
static bool
bind_to(pid_t parent) {
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return getppid() == parent;
}

/* Put the descriptors where the program looks for them. */
static bool
place_descriptors(const struct child *c) {
	for (int fd = 0; fd < 4; fd++)
		if (c->fd[fd] >= 0 && dup2(c->fd[fd], fd) < 0)
			return false;
	return true;
}

/* In the child: all up to exec, after which nothing of ours is left. */
_Noreturn static void
become(struct child *c) {
	const struct proc_spec *spec = c->spec;
	sigset_t none;
	sigemptyset(&none);
	reset_signals();
	bool ok = spec->terminal || setpgid(0, 0) == 0;
	if (!bind_to(c->parent))
		_exit(127);
	ok = ok && (spec->folder == NULL || chdir(spec->folder) == 0) && place_descriptors(c);
	if (ok) {
		sigprocmask(SIG_SETMASK, &none, NULL);
		execve(spec->program, spec->argv, spec->env != NULL ? spec->env : environ);
	}
	c->error = errno;
	_exit(127);
}

int
child_start(pid_t *pid, struct child *c) {
	sigset_t all, before;
	/* No handler of ours may run in the child. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	c->parent = getpid();
	c->error = 0;
	pid_t child = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): see above */
	if (child == 0)
		become(c); /* NOLINT(clang-analyzer-unix.Vfork): it never returns */
	int error = child < 0 ? errno : c->error;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (child > 0 && error != 0)
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			continue;
	*pid = child;
	return error;
}
