/* attend.c - one command that has the terminal, while stackplan does nothing but wait for it. */
#include "run_int.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/follow.h>
#include <stackplan/sig.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

char **
call_argv(struct ctx *ctx, const struct docker *d, const struct words *command) {
	struct words all = {0};

	words_push(ctx->mem, &all, d->engine->program, (struct pos){0});
	words_push_all(ctx->mem, &all, &d->global);
	words_push_all(ctx->mem, &all, command);
	return words_argv(ctx->mem, &all);
}

bool
call_refused(struct ctx *ctx, const struct docker *d) {
	diag(ctx, SEV_ERROR, (struct pos){0}, "engine-program", "cannot run '%s': %s", d->program,
		strerror(errno));
	return false;
}

/* What docker gives a container to stop; a second signal makes an end of it. */
enum { LOOK_MS = 1000, GRACE_MS = 10 * 1000 };

/* A signal that somebody sent to stackplan is passed on; docker may hand it on to the container, which may not heed it. */
static void
pass_on(struct proc *p, int sig, unsigned *npassed, int64_t *kill_ms) {
	proc_signal(p, ++*npassed == 1 ? sig : SIGKILL, false);
	if (*npassed == 1)
		*kill_ms = clock_ms() + GRACE_MS;
}

/* Wait for the child. What the keys of the terminal send it gets by itself. */
static void
wait_for(struct proc *p, int sig_fd, int *signal) {
	int64_t kill_ms = NEVER_MS;
	unsigned npassed = 0;

	while (!proc_reap(p)) {
		struct pollfd fd = {.fd = sig_fd, .events = POLLIN};
		poll(&fd, 1, LOOK_MS);
		for (int sig; (sig = sig_next());) {
			if (sig != SIGINT && sig != SIGTERM && sig != SIGHUP)
				continue;
			*signal = sig;
			if (sig != SIGINT)
				pass_on(p, sig, &npassed, &kill_ms);
		}
		if (clock_ms() >= kill_ms)
			proc_signal(p, SIGKILL, false);
	}
}

bool
attend(struct ctx *ctx, const struct docker *d, const struct words *command, char *const *env,
	int *status, int *signal) {
	struct proc_spec spec = {.program = d->program,
		.argv = call_argv(ctx, d, command),
		.env = env,
		.in = -1,
		.extra = -1,
		.terminal = true};
	struct proc p;
	struct termios mode;
	bool is_terminal = tcgetattr(STDIN_FILENO, &mode) == 0;
	int sig_fd = sig_enter();

	*signal = 0;
	bool ok = proc_start(&p, &spec) || call_refused(ctx, d);
	if (ok) {
		wait_for(&p, sig_fd, signal);
		*status = p.status;
		if (is_terminal && WIFSIGNALED(p.status)) /* it had no time to do so itself */
			tcsetattr(STDIN_FILENO, TCSANOW, &mode);
		proc_close(&p);
	}
	sig_leave();
	return ok;
}
