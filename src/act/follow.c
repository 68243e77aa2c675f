/* follow.c - several reading commands at once, their lines passed on as they come, or in the order of the commands.
 * Starts at follow_all(). One poll for all pipes and signals, as in run.c; nothing is kept but lines that have not ended. */
#include "run_int.h"
#include <poll.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/follow.h>
#include <stackplan/sig.h>
#include <string.h>

enum {
	PIECE_BYTES = 256 << 10, /* a line that is longer comes in pieces */
	KILL_AFTER_MS = 1000,    /* from TERM to KILL */
	DRAIN_READS = 64,        /* of a pipe whose process has ended */
};

/* One stream: what of its last line has come so far. */
struct stream {
	struct buf line;
	size_t shown; /* so much of it has been passed on, and is kept for what it may be a part of */
};

struct source {
	struct proc proc;
	struct stream out, err;
	bool begun, over;
};

struct following {
	struct ctx *ctx;
	const struct follow *what;
	struct follow_result *result;
	struct mask *mask; /* or NULL */
	struct source *v;
	struct pollfd *fd;
	size_t first; /* all before it are over */
	size_t next;  /* to be started */
	size_t nactive;
	bool stopping;
	int nsent; /* TERM, KILL */
	int64_t kill_ms;
	struct buf chunk, text; /* scratch */
};

/* Pass on bytes FROM .. TO of what there is of a line. */
static void
tell(struct following *f, struct source *s, const char *text, size_t n, size_t from, size_t to) {
	if (f->stopping)
		return;
	buf_clear(&f->text);
	if (f->mask)
		mask_add(f->mask, &f->text, text, n, from, to);
	else
		buf_add(&f->text, text + from, to - from);
	if (f->text.n && f->text.s[f->text.n - 1] == '\r')
		f->text.s[--f->text.n] = '\0';
	f->what->line(f->what->arg, (size_t)(s - f->v), buf_str(&f->text), f->text.n);
}

/* The line has ended. */
static void
end_line(struct following *f, struct source *s, struct stream *in) {
	tell(f, s, buf_str(&in->line), in->line.n, in->shown, in->line.n);
	buf_clear(&in->line);
	in->shown = 0;
}

/* It grows and grows: pass on what no secret value can reach beyond, and keep what one may reach back to. */
static void
tell_piece(struct following *f, struct source *s, struct stream *in) {
	size_t reach = f->mask ? mask_reach(f->mask) : 0;
	if (in->line.n < PIECE_BYTES + in->shown + reach)
		return;
	size_t end = in->line.n - reach, from = end > reach ? end - reach : 0;
	tell(f, s, in->line.s, in->line.n, in->shown, end);
	memmove(in->line.s, in->line.s + from, in->line.n - from + 1);
	in->line.n -= from;
	in->shown = end - from;
}

/* Take what came through a pipe. */
static void
take(struct following *f, struct source *s, struct stream *in, const char *bytes, size_t n) {
	for (const char *end = bytes + n; bytes < end;) {
		const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
		buf_add(&in->line, bytes, (size_t)((stop ? stop : end) - bytes));
		if (!stop) {
			tell_piece(f, s, in);
			return;
		}
		end_line(f, s, in);
		bytes = stop + 1;
	}
}

/* One read of one pipe. */
static bool
read_once(struct following *f, struct source *s, int *fd, struct stream *in) {
	buf_clear(&f->chunk);
	size_t n = proc_read(fd, &f->chunk);
	if (n)
		take(f, s, in, f->chunk.s, n);
	return n != 0;
}

/* The process has ended: read what it left, and clear it away. */
static void
finish(struct following *f, struct source *s) {
	size_t i = (size_t)(s - f->v);
	for (int k = 0; k < DRAIN_READS && read_once(f, s, &s->proc.out, &s->out); k++)
		continue;
	for (int k = 0; k < DRAIN_READS && read_once(f, s, &s->proc.err, &s->err); k++)
		continue;
	if (s->out.line.n > s->out.shown)
		end_line(f, s, &s->out);
	if (s->err.line.n > s->err.shown)
		end_line(f, s, &s->err);
	if (s->proc.status && !f->stopping) {
		if (!f->result->nfailed++ || i < f->result->failed) {
			f->result->failed = i;
			f->result->status = s->proc.status;
		}
	}
	if (f->stopping)
		proc_signal(&s->proc, SIGKILL, true);
	proc_close(&s->proc);
	buf_free(&s->out.line);
	buf_free(&s->err.line);
	s->over = true;
	f->nactive--;
	while (f->first < f->what->n && f->v[f->first].over)
		f->first++;
}

/* Is it the turn of this one to be heard? */
static bool
is_heard(const struct following *f, size_t i) {
	return f->stopping || !f->what->at_once || i == f->first;
}

/* Start as many as may run. */
static bool
start_some(struct following *f) {
	const struct follow *w = f->what;
	while (!f->stopping && f->next < w->n && (!w->at_once || f->nactive < w->at_once)) {
		struct source *s = &f->v[f->next];
		struct proc_spec spec = {.program = w->docker->program,
			.argv = call_argv(f->ctx, w->docker, &w->command[f->next]),
			.env = w->docker->env,
			.in = -1,
			.extra = -1};
		if (!proc_start(&s->proc, &spec))
			return call_refused(f->ctx, w->docker);
		s->begun = true;
		f->next++;
		f->nactive++;
	}
	return true;
}

/* Send a signal to all that run. */
static void
send_all(struct following *f, int sig) {
	for (size_t i = f->first; i < f->next; i++)
		if (!f->v[i].over)
			proc_signal(&f->v[i].proc, sig, false);
}

/* Nothing more is wanted: end them; when asked again, or when they take too long, kill them. */
static void
stop(struct following *f) {
	f->stopping = true;
	send_all(f, f->nsent ? SIGKILL : SIGTERM);
	f->nsent++;
	f->kill_ms = clock_ms() + KILL_AFTER_MS;
}

/* Take the signals that came. */
static void
take_signals(struct following *f) {
	for (int sig; (sig = sig_next());) {
		if (sig != SIGINT && sig != SIGTERM && sig != SIGHUP)
			continue;
		if (!f->result->signal)
			f->result->signal = sig;
		stop(f);
	}
}

/* Wait until something happens, and take it. */
static void
turn(struct following *f, int sig_fd) {
	nfds_t n = 0;
	f->fd[n++] = (struct pollfd){.fd = sig_fd, .events = POLLIN};
	for (size_t i = f->first; i < f->next; i++) {
		struct source *s = &f->v[i];
		if (s->over || !is_heard(f, i))
			continue;
		if (s->proc.out >= 0)
			f->fd[n++] = (struct pollfd){.fd = s->proc.out, .events = POLLIN};
		if (s->proc.err >= 0)
			f->fd[n++] = (struct pollfd){.fd = s->proc.err, .events = POLLIN};
	}
	poll(f->fd, n, f->stopping ? 50 : 1000);
	take_signals(f);
	if (f->stopping && clock_ms() >= f->kill_ms)
		stop(f);
	for (size_t i = f->first; i < f->next; i++) {
		struct source *s = &f->v[i];
		if (s->over || !is_heard(f, i))
			continue;
		bool exited = proc_reap(&s->proc);
		read_once(f, s, &s->proc.out, &s->out);
		read_once(f, s, &s->proc.err, &s->err);
		if (exited)
			finish(f, s);
	}
	if (!f->stopping && !f->what->turn(f->what->arg))
		stop(f);
}

bool
follow_all(struct ctx *ctx, const struct follow *what, struct follow_result *result) {
	struct following f = {.ctx = ctx,
		.what = what,
		.result = result,
		.mask = what->secrets ? mask_make(ctx, what->secrets) : NULL,
		.v = arena_array(ctx->mem, what->n + 1, sizeof(*f.v)),
		.fd = arena_array(ctx->mem, 2 * what->n + 1, sizeof(*f.fd))};
	int sig_fd = sig_enter();
	bool ok = true;
	*result = (struct follow_result){0};
	while ((!f.stopping && f.first < what->n) || f.nactive) {
		if (ok && !start_some(&f)) {
			ok = false;
			stop(&f);
		}
		turn(&f, sig_fd);
	}
	sig_leave();
	buf_free(&f.chunk);
	buf_free(&f.text);
	return ok;
}
