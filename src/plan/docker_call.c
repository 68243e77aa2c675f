/* docker_call.c - finding the engine's program, and asking it something while planning.
 * docker_read_all() is the only place where the plan room starts a process, and it starts none whose command could
 * write: the list of reading commands stands here. */
#include <errno.h>
#include <poll.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/engine.h>
#include <stackplan/proc.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

/* Most that is kept of an answer, and how long one may take. */
enum { ANSWER_MAX_BYTES = 256 << 20, COMPLAINT_MAX_BYTES = 64 << 10, ANSWER_MAX_MS = 60000 };

/* Commands that only read: a verb, or an object and a verb. */
static const char *const reading[][2] = {
	{"ps", NULL},
	{"inspect", NULL},
	{"version", NULL},
	{"info", NULL},
	{"logs", NULL},
	{"container", "inspect"},
	{"network", "inspect"},
	{"network", "ls"},
	{"volume", "inspect"},
	{"volume", "ls"},
	{"image", "inspect"},
	{"image", "ls"},
};

/* Does the command only read? */
static bool
is_reading(char *const *words) {
	for (size_t i = 0; i < countof(reading); i++)
		if (words[0] && str_eq(words[0], reading[i][0]) &&
			(!reading[i][1] || (words[1] && str_eq(words[1], reading[i][1]))))
			return true;
	return false;
}

/* The value of an environment variable, or NULL when it is unset or empty. */
static const char *
variable(char *const *env, const char *name) {
	size_t n = strlen(name);

	for (size_t i = 0; env && env[i]; i++)
		if (strncmp(env[i], name, n) == 0 && env[i][n] == '=' && env[i][n + 1])
			return env[i] + n + 1;
	return NULL;
}

bool
docker_find(struct ctx *ctx, struct docker *d, const struct engine *engine, char *const *env,
	int *exit_code) {
	const char *own = variable(env, "STACKPLAN_DOCKER");
	const char *name = own ? own : engine->program;

	d->engine = engine;
	d->env = env;
	d->program = proc_find(ctx->mem, name);
	if (d->program)
		return true;
	*exit_code = errno == EACCES ? 126 : 127;
	if (errno == EACCES)
		diag(ctx, SEV_ERROR, (struct pos){0}, "engine-program",
			"'%s' is not executable: mend its permissions, or name another program in "
			"STACKPLAN_DOCKER",
			name);
	else
		diag(ctx, SEV_ERROR, (struct pos){0}, "engine-program",
			"there is no program '%s' on PATH: install it (Debian: apt-get install "
			"docker.io), or name "
			"it in STACKPLAN_DOCKER",
			name);
	return false;
}

/* A copy that the caller frees. */
static char *
copy(const char *text) {
	size_t size = strlen(text) + 1;

	return memcpy(xreallocarray(NULL, size, 1), text, size);
}

/* Program, global words, command. */
static char **
full_argv(const struct docker *d, char *const *words) {
	size_t n = 0;
	char **argv;

	while (words[n])
		n++;
	argv = xreallocarray(NULL, n + d->global.n + 2, sizeof(*argv));
	n = 0;
	argv[n++] = copy(d->engine->program);
	for (size_t i = 0; i < d->global.n; i++)
		argv[n++] = copy(d->global.v[i].s);
	for (size_t i = 0; words[i]; i++)
		argv[n++] = copy(words[i]);
	argv[n] = NULL;
	return argv;
}

/* Free what full_argv made. */
static void
free_argv(char **argv) {
	for (size_t i = 0; argv[i]; i++)
		free(argv[i]);
	free(argv);
}

bool
docker_read(struct capture *c, const struct docker *d, char *const *words) {
	char *const *one[] = {words};

	return docker_read_all(c, d, one, 1);
}

/* Read what both pipes of a running process hold now; true once it has exited and they are drained. */
static bool
pump(struct proc *p, struct capture *c) {
	bool exited = proc_reap(p);

	while (p->out >= 0 && proc_read(&p->out, &c->out) > 0) {
		c->cut = c->cut || c->out.n > ANSWER_MAX_BYTES;
		if (c->cut)
			buf_clear(&c->out);
	}
	while (p->err >= 0) {
		size_t room = c->err.n;
		if (!proc_read(&p->err, &c->err))
			break;
		if (c->err.n > COMPLAINT_MAX_BYTES) { /* the beginning says most */
			c->err.n = room;
			c->err.s[room] = '\0';
		}
	}
	if (exited)
		c->status = p->status;
	return exited;
}

/* Wait until something happens on any of the pipes, for a short while at most: an exit is seen at the end of file. */
static void
wait_some(const struct proc *p, size_t n) {
	struct pollfd *fd = xreallocarray(NULL, 2 * n, sizeof(*fd));
	nfds_t nfd = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i].out >= 0)
			fd[nfd++] = (struct pollfd){.fd = p[i].out, .events = POLLIN};
		if (p[i].err >= 0)
			fd[nfd++] = (struct pollfd){.fd = p[i].err, .events = POLLIN};
	}
	poll(fd, nfd, nfd ? 50 : 1);
	free(fd);
}

bool
docker_read_all(struct capture *c, const struct docker *d, char *const *const *words, size_t n) {
	struct proc *p = xreallocarray(NULL, n ? n : 1, sizeof(*p));
	bool *done = xreallocarray(NULL, n ? n : 1, sizeof(*done));
	int64_t end = clock_ms() + ANSWER_MAX_MS;
	size_t left = 0;
	bool ok = true;
	int why = 0;

	for (size_t i = 0; i < n; i++) {
		char **argv;
		if (!is_reading(words[i]))
			abort();
		argv = full_argv(d, words[i]);
		c[i] = (struct capture){.status = -1};
		done[i] = !proc_start(&p[i], &(struct proc_spec){.program = d->program,
						     .argv = argv,
						     .env = d->env,
						     .in = -1,
						     .extra = -1});
		why = done[i] ? errno : why;
		ok = ok && !done[i];
		left += !done[i];
		free_argv(argv);
	}
	while (left) {
		wait_some(p, n);
		for (size_t i = 0; i < n; i++) {
			if (!done[i] && clock_ms() > end && !c[i].timed_out) {
				c[i].timed_out = true;
				proc_signal(&p[i], 9, true);
			}
			if (!done[i] && pump(&p[i], &c[i])) {
				done[i] = true;
				left--;
				proc_close(&p[i]);
			}
		}
	}
	free(p);
	free(done);
	errno = why;
	return ok;
}
