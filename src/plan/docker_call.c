/* docker_call.c - finding the engine's program, and asking it something while planning.
 * docker_read_all() is the only place where the plan room starts a process, and it starts none whose command could
 * write: the list of reading commands stands here. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/engine.h>
#include <stackplan/proc.h>
#include <stackplan/sig.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ANSWER_MAX_BYTES = 64 << 20, /* most that is taken of an answer */
	COMPLAINT_MAX_BYTES = 64 << 10,
	READS_A_TURN =
		64, /* of a pipe, so that one who never stops writing is ended in time, too */
	ANSWER_MAX_MS = 60 * 1000, /* how long one may take */
	KILLED_MS = 1000,          /* from KILL to giving up */
	LONGEST_LIMIT_S = 4000000,
};

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

/* Is it `compose config`? Its options are one word each, and come before the verb; those after it write no file. */
static bool
is_compose_config(char *const *words) {
	size_t i = 1;

	if (!words[0] || !str_eq(words[0], "compose"))
		return false;
	while (words[i] && str_starts(words[i], "--") && strchr(words[i], '='))
		i++;
	if (!words[i] || !str_eq(words[i], "config"))
		return false;
	for (i++; words[i] && !str_eq(words[i], "--"); i++)
		if (!str_starts(words[i], "--format=") && !str_starts(words[i], "--hash="))
			return false;
	return true;
}

/* Does the command only read? */
static bool
is_reading(char *const *words) {
	if (is_compose_config(words))
		return true;
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

/* The limit of STACKPLAN_LIMIT, in ms; 0: there is none. */
static bool
read_limit(struct ctx *ctx, char *const *env, uint32_t *limit_ms) {
	const char *text = variable(env, "STACKPLAN_LIMIT");
	int64_t n;

	*limit_ms = 0;
	if (!text)
		return true;
	if (str_int(text, 1, LONGEST_LIMIT_S, &n)) {
		*limit_ms = (uint32_t)(n * 1000);
	} else if (str_duration(text, &n) && n >= 1000000 && n / 1000000000 <= LONGEST_LIMIT_S) {
		*limit_ms = (uint32_t)(n / 1000000);
	} else {
		diag(ctx, SEV_ERROR, (struct pos){0}, "usage",
			"STACKPLAN_LIMIT wants seconds, or a duration such as \"1m30s\", not "
			"\"%s\"",
			text);
		return false;
	}
	return true;
}

bool
docker_find(struct ctx *ctx, struct docker *d, const struct engine *engine, char *const *env,
	int *exit_code) {
	const char *own = variable(env, "STACKPLAN_DOCKER");
	const char *name = own ? own : engine->program;

	d->engine = engine;
	d->env = env;
	*exit_code = 64;
	if (!read_limit(ctx, env, &d->limit_ms))
		return false;
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

char **
docker_brief_env(char *const *env) {
	static char garbage[] = "GOGC=400", threads[] = "GOMAXPROCS=1";
	size_t n = 0;
	char **out;

	while (env && env[n])
		n++;
	out = xreallocarray(NULL, n + 3, sizeof(*out));
	for (size_t i = 0; i < n; i++)
		out[i] = env[i];
	if (!variable(env, "GOGC"))
		out[n++] = garbage;
	if (!variable(env, "GOMAXPROCS"))
		out[n++] = threads;
	out[n] = NULL;
	return out;
}

/* Read what both pipes of a running process hold now; true once it has exited and they are drained. */
static bool
pump(struct proc *p, struct capture *c) {
	bool exited = proc_reap(p);

	for (int i = 0; i < READS_A_TURN && proc_read(&p->out, &c->out) > 0; i++) {
		c->cut = c->cut || c->out.n > ANSWER_MAX_BYTES;
		if (c->cut)
			buf_clear(&c->out);
	}
	for (int i = 0; i < READS_A_TURN; i++) {
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

uint32_t
docker_answer_ms(const struct docker *d) {
	return d->limit_ms ? d->limit_ms : ANSWER_MAX_MS;
}

/* One question under way. */
struct asking {
	struct proc p;
	bool done;
	int64_t end_ms; /* when its time is over, or, once killed, when it is given up */
	bool killed;
};

/* Wait until something happens on any of the pipes, for a short while at most: an exit is seen at the end of file. */
static void
wait_some(const struct asking *a, size_t n) {
	struct pollfd *fd = xreallocarray(NULL, 2 * n, sizeof(*fd));
	nfds_t nfd = 0;

	for (size_t i = 0; i < n; i++) {
		if (!a[i].done && a[i].p.out >= 0)
			fd[nfd++] = (struct pollfd){.fd = a[i].p.out, .events = POLLIN};
		if (!a[i].done && a[i].p.err >= 0)
			fd[nfd++] = (struct pollfd){.fd = a[i].p.err, .events = POLLIN};
	}
	poll(fd, nfd, nfd ? 50 : 1);
	free(fd);
}

/* A command that could write while planning is a mistake in this program. */
static _Noreturn void
refuse(char *const *words) {
	fprintf(stderr, "stackplan: 'docker %s%s%s' is not among the commands that only read\n",
		words[0] ? words[0] : "", words[0] && words[1] ? " " : "",
		words[0] && words[1] ? words[1] : "");
	abort();
}

/* What questions that are asked together have in common. */
struct round {
	const struct docker *docker;
	char *const *env;
	int in; /* their standard input, or -1 */
};

/* Start one. */
static bool
begin(struct asking *a, const struct round *r, char *const *words) {
	char **argv = full_argv(r->docker, words);
	struct proc_spec spec = {.program = r->docker->program,
		.argv = argv,
		.env = r->env,
		.in = r->in,
		.extra = -1};

	*a = (struct asking){.end_ms = clock_ms() + docker_answer_ms(r->docker)};
	bool ok = proc_start(&a->p, &spec);
	int error = errno;
	free_argv(argv);
	errno = error;
	return ok;
}

/* It has a while to be gone, then it is given up. */
static void
kill_it(struct asking *a) {
	a->killed = true;
	a->end_ms = clock_ms() + KILLED_MS;
	proc_signal(&a->p, SIGKILL, true);
}

/* It only reads, so it is killed without further ado: when its time is over, when it says too much, or when nobody wants to know any
 * more. */
static void
end_late(struct asking *a, struct capture *c) {
	bool is_late = clock_ms() >= a->end_ms;

	if (a->killed && is_late) { /* it hangs in the kernel */
		a->p.exited = true;
		a->p.status = SIGKILL;
	} else if (!a->killed && (is_late || c->cut || sig_cancelled())) {
		c->timed_out = is_late;
		kill_it(a);
	}
}

/* See to one of them; true when it is over. */
static bool
attend_to(struct asking *a, struct capture *c) {
	end_late(a, c);
	if (!pump(&a->p, c))
		return false;
	if (a->killed) /* what it started goes with it */
		proc_signal(&a->p, SIGKILL, true);
	proc_close(&a->p);
	a->done = true;
	return true;
}

/* They are needless: end those from FROM on. */
static void
end_from(struct asking *a, size_t from, size_t n) {
	for (size_t i = from; i < n; i++)
		if (!a[i].done)
			kill_it(&a[i]);
}

/* Ask them all, so many at a time; IN is the standard input of each. With FIRST the answer to the first one may be enough. */
static bool
read_all(struct capture *c, const struct docker *d, char *const *const *words, size_t n, int in,
	struct first *first) {
	struct asking *a = xreallocarray(NULL, n ? n : 1, sizeof(*a));
	size_t left = 0, end = n;
	int why = 0;
	char **env = docker_brief_env(d->env);
	const struct round round = {d, d->env ? env : NULL, in};

	for (size_t i = 0; i < n; i++)
		if (!is_reading(words[i]))
			refuse(words[i]);
	for (size_t i = 0; i < n; i++) {
		c[i] = (struct capture){.status = -1};
		a[i] = (struct asking){.done = true};
	}
	for (size_t next = 0; left || next < end;) {
		for (; next < end && (d->parallel == 0 || left < d->parallel); next++) {
			if (sig_cancelled())
				continue;
			a[next].done = !begin(&a[next], &round, words[next]);
			why = a[next].done ? errno : why;
			left += !a[next].done;
		}
		if (left)
			wait_some(a, n);
		for (size_t i = 0; i < n; i++) {
			if (a[i].done || !attend_to(&a[i], &c[i]))
				continue;
			left--;
			if (i > 0 || !first || !first->is_enough(first->arg, &c[0]))
				continue;
			first->settled = true;
			end = first->keep;
			end_from(a, end, n);
		}
	}
	free(a);
	free(env);
	why = sig_cancelled() ? EINTR : why;
	errno = why;
	return why == 0;
}

bool
docker_read(struct capture *c, const struct docker *d, char *const *words) {
	return docker_read_from(c, d, words, -1);
}

bool
docker_read_from(struct capture *c, const struct docker *d, char *const *words, int in) {
	char *const *one[] = {words};

	return read_all(c, d, one, 1, in, NULL);
}

bool
docker_read_all(struct capture *c, const struct docker *d, char *const *const *words, size_t n) {
	return read_all(c, d, words, n, -1, NULL);
}

bool
docker_read_first(struct capture *c, const struct docker *d, char *const *const *words, size_t n,
	struct first *first) {
	first->settled = false;
	return read_all(c, d, words, n, -1, first);
}
