/* report_tty.c - what happens during a run, on a terminal: a block of lines with what is under way, and above it, staying, a line
 * for each step that has ended, as report.c prints it.
 * What comes is noted; draw() shows it, called by tty_tick() ten times a second at most. How lines get onto the screen is
 * screen.c's. Nothing is drawn in the first tenth of a second, so what is quick leaves no trace. */
#include "report_int.h"
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

enum {
	FRAME_MS = 100,
	ABOVE_BYTES = 64 << 10, /* so much to be shown does not wait for the next frame */
	SAID_BYTES = 1000,      /* of a line that a step says: more than fits */
	NAME_LEAST = 10,        /* cells */
	TIME_CELLS = 6,
	DIM = 2,
	RED = 31,
	YELLOW = 33,
	CYAN = 36,
};

/* A step that is under way. */
struct under_way {
	const struct step *step;
	int64_t since_ms;
	struct buf said; /* the last line, as it came */
};

struct report_tty {
	struct reporter reporter;
	struct wording wording;
	struct screen screen;
	bool verbose;
	int64_t (*clock)(void);
	struct under_way *run; /* in the order of starting */
	size_t nrun, ndone, nfailed;
	struct buf above; /* to be shown above the block */
	int64_t begun_ms, next_ms;
	int stopping; /* the signal that ends the run, 0 if none came */
};

/* ---- one line of the block ---- */

/* The picture that shows that it lives. */
static const char *
spinner(const struct report_tty *t, int64_t now) {
	static const char *const ascii[] = {"|", "/", "-", "\\"};
	static const char *const braille[] = {"\xe2\xa0\x8b", "\xe2\xa0\x99", "\xe2\xa0\xb9",
		"\xe2\xa0\xb8", "\xe2\xa0\xbc", "\xe2\xa0\xb4", "\xe2\xa0\xa6", "\xe2\xa0\xa7",
		"\xe2\xa0\x87", "\xe2\xa0\x8f"};
	size_t frame = (size_t)((now - t->begun_ms) / FRAME_MS);

	return t->screen.utf8 ? braille[frame % countof(braille)] : ascii[frame % countof(ascii)];
}

/* "4.2 s", "12 s", "3 min 5 s", "2 h 5 min" */
static void
add_elapsed(struct buf *b, int64_t ms) {
	long long s = (long long)(ms / 1000);

	if (s < 10)
		buf_printf(b, "%lld.%lld s", s, (long long)(ms % 1000 / 100));
	else if (s < 60)
		buf_printf(b, "%lld s", s);
	else if (s < 3600)
		buf_printf(b, "%lld min %lld s", s / 60, s % 60);
	else
		buf_printf(b, "%lld h %lld min", s / 3600, s / 60 % 60);
}

/* What it waits for. */
static void
add_gate(struct buf *b, const struct step *s) {
	const struct extra *x = step_extra(s);

	if (x->tries > 1) {
		buf_adds(b, "waits for ");
		str_safe(b, wording_goal(s), strlen(wording_goal(s)), false);
	} else {
		buf_adds(b, "waits until it has ended");
	}
	if (x->timeout_ms % 60000)
		buf_printf(b, ", at most %g s", x->timeout_ms / 1000.0);
	else if (x->timeout_ms)
		buf_printf(b, ", at most %u min", x->timeout_ms / 60000);
}

/* What is known of a step besides its name and time. */
static void
add_detail(struct buf *b, const struct under_way *u) {
	const char *said = buf_str(&u->said), *blank = strrchr(said, ' ');

	if (u->step->act == ACT_WAIT && step_extra(u->step)->tries > 1 && blank)
		said = blank + 1; /* "starting" of "running starting" */
	wording_tidy(b, said, strlen(said));
	if (u->step->act != ACT_WAIT)
		return;
	if (b->n)
		buf_adds(b, "; ");
	add_gate(b, u->step);
}

/* Spinner, name, time, and what it said last. */
static void
make_line(const struct report_tty *t, struct screen_line *line, const struct under_way *u,
	unsigned name_cells, int64_t now) {
	const struct screen *s = &t->screen;
	struct buf head = {0}, time = {0}, detail = {0};

	wording_head(&t->wording, &head, u->step);
	add_elapsed(&time, now - u->since_ms);
	add_detail(&detail, u);
	screen_add(s, line, spinner(t, now), 1, CYAN);
	screen_add(s, line, " ", 1, 0);
	screen_add(s, line, buf_str(&head), name_cells, 0);
	screen_pad(s, line, 2 + name_cells + 1);
	if (time.n < TIME_CELLS)
		screen_pad(s, line, line->width + TIME_CELLS - (unsigned)time.n);
	screen_add(s, line, buf_str(&time), (unsigned)time.n, DIM);
	if (detail.n)
		screen_add(s, line, "  ", 2, 0);
	screen_add(s, line, buf_str(&detail), s->columns, DIM);
	buf_free(&head);
	buf_free(&time);
	buf_free(&detail);
}

/* How wide the names of the first N are, within what the screen allows. */
static unsigned
widest_name(const struct report_tty *t, size_t n) {
	unsigned widest = NAME_LEAST, most = t->screen.columns * 3 / 5;

	for (size_t i = 0; i < n; i++) {
		struct buf head = {0};
		wording_head(&t->wording, &head, t->run[i].step);
		unsigned wide = (unsigned)str_width(buf_str(&head), head.n);
		widest = wide > widest ? wide : widest;
		buf_free(&head);
	}
	return widest < most ? widest : most;
}

/* ---- the block ---- */

/* The last line: how far the whole run is. */
static void
make_status(const struct report_tty *t, struct screen_line *line, int64_t now) {
	const struct screen *s = &t->screen;
	struct buf b = {0};

	screen_add(s, line, "  ", 2, 0);
	if (t->stopping)
		screen_add(s, line,
			t->stopping == SIGINT ? "stopping what runs; Ctrl-C once more kills it: "
					      : "stopping what runs: ",
			s->columns, YELLOW);
	buf_printf(&b, "%zu of %zu done", t->ndone, t->wording.nstep);
	screen_add(s, line, buf_str(&b), s->columns, DIM);
	buf_clear(&b);
	if (t->nfailed) {
		buf_printf(&b, ", %zu failed", t->nfailed);
		screen_add(s, line, buf_str(&b), s->columns, RED);
		buf_clear(&b);
	}
	buf_printf(&b, ", %zu under way, ", t->nrun);
	add_elapsed(&b, now - t->begun_ms);
	screen_add(s, line, buf_str(&b), s->columns, DIM);
	buf_free(&b);
}

/* How many of the running steps have a line of their own. */
static size_t
count_shown(const struct report_tty *t) {
	size_t room = screen_room(&t->screen) - 1; /* the last one is the status */

	if (t->nrun <= room)
		return t->nrun;
	return room ? room - 1 : 0;
}

/* Make all lines of the block; returns how many. */
static size_t
make_block(const struct report_tty *t, struct screen_line *line, int64_t now) {
	size_t nshown = count_shown(t), n = 0;
	unsigned name_cells = widest_name(t, nshown);
	struct buf more = {0};

	while (n < nshown) {
		make_line(t, &line[n], &t->run[n], name_cells, now);
		n++;
	}
	if (nshown < t->nrun && screen_room(&t->screen) > 1) {
		buf_printf(&more, "  ... and %zu more", t->nrun - nshown);
		screen_add(&t->screen, &line[n++], buf_str(&more), t->screen.columns, DIM);
		buf_free(&more);
	}
	make_status(t, &line[n++], now);
	return n;
}

/* Bring the screen up to date. */
static void
draw(struct report_tty *t) {
	int64_t now = t->clock();
	size_t n = 0;

	screen_measure(&t->screen);
	size_t cap = count_shown(t) + 2;
	struct screen_line *line = xreallocarray(NULL, cap, sizeof(*line));
	memset(line, 0, cap * sizeof(*line));
	if (t->nrun)
		n = make_block(t, line, now);
	screen_draw(&t->screen, &t->above, line, n);
	free(line);
	buf_clear(&t->above);
	t->next_ms = now + FRAME_MS;
}

/* ---- what is told ---- */

static void
tty_begun(void *arg, const struct plan *plan) {
	struct report_tty *t = arg;

	t->wording.nstep = plan->nstep;
	t->run = arena_array(t->wording.ctx->mem, plan->nstep, sizeof(*t->run));
	t->begun_ms = t->clock();
	t->next_ms = t->begun_ms + FRAME_MS;
}

static void
tty_started(void *arg, const struct step *s) {
	struct report_tty *t = arg;

	t->run[t->nrun++] = (struct under_way){.step = s, .since_ms = t->clock()};
}

/* The step's place among those under way; nrun if it is none of them. */
static size_t
place_of(const struct report_tty *t, const struct step *s) {
	size_t i = 0;

	while (i < t->nrun && t->run[i].step != s)
		i++;
	return i;
}

/* Much to be shown is shown now. */
static void
draw_if_much(struct report_tty *t) {
	if (t->above.n > ABOVE_BYTES)
		draw(t);
}

/* Keep the line that is shown: what a carriage return overwrites is no part of it. */
static void
keep(struct buf *said, const char *text) {
	size_t n = strlen(text), from, to;

	while (n && strchr("\r\n\t ", text[n - 1]))
		n--;
	for (from = n; from && text[from - 1] != '\r'; from--)
		continue;
	if (from == n) /* nothing to see */
		return;
	to = n - from > SAID_BYTES ? from + SAID_BYTES : n;
	buf_clear(said);
	buf_add(said, text + from, to - from);
}

static void
tty_line(void *arg, const struct step *s, const char *text, bool err) {
	struct report_tty *t = arg;
	size_t i = place_of(t, s);

	(void)err;
	if (i < t->nrun)
		keep(&t->run[i].said, text);
	if (!t->verbose)
		return;
	wording_line(&t->wording, &t->above, s, text);
	draw_if_much(t);
}

static void
tty_ended(void *arg, const struct step *s, const struct outcome *o) {
	struct report_tty *t = arg;
	size_t i = place_of(t, s);

	t->ndone += o->state == STEP_DONE;
	t->nfailed += o->state == STEP_FAILED;
	if (i < t->nrun) {
		buf_free(&t->run[i].said);
		t->nrun--;
		memmove(&t->run[i], &t->run[i + 1], (t->nrun - i) * sizeof(*t->run));
	}
	wording_ended(&t->wording, &t->above, s, o);
	draw_if_much(t);
}

/* The end: the block goes. */
static void
tty_summary(void *arg, const struct plan *plan, const struct outcome *o, bool ok) {
	struct report_tty *t = arg;

	(void)ok;
	while (t->nrun)
		buf_free(&t->run[--t->nrun].said);
	wording_skipped(&t->wording, &t->above, plan, o);
	draw(t);
	buf_free(&t->above);
	screen_free(&t->screen);
}

/* Is there anything that the screen does not show yet, or that goes on? */
static bool
is_busy(const struct report_tty *t) {
	return t->nrun > 0 || t->above.n > 0 || t->screen.ndrawn > 0;
}

/* Draw when it is time. */
static int64_t
tty_tick(void *arg) {
	struct report_tty *t = arg;
	int64_t now = t->clock();

	if (now >= t->next_ms && is_busy(t))
		draw(t);
	return is_busy(t) ? t->next_ms - now : -1;
}

/* The size has changed, the shell has written between, or the run is stopped: all to be seen at once. */
static void
tty_signal(void *arg, int sig) {
	struct report_tty *t = arg;

	if (sig == SIGCONT)
		screen_forget(&t->screen);
	else if (sig != SIGWINCH && !t->stopping)
		t->stopping = sig;
	t->next_ms = 0;
}

struct reporter *
report_tty_make(struct ctx *ctx, const struct report_options *o) {
	struct report_tty *t = arena_make(ctx->mem, struct report_tty);

	*t = (struct report_tty){.wording = {.ctx = ctx, .colour = o->colour},
		.screen = {.out = o->out, .size = o->size, .utf8 = o->utf8, .colour = o->colour},
		.verbose = o->verbose,
		.clock = o->clock ? o->clock : clock_ms};
	t->reporter = (struct reporter){.begun = tty_begun,
		.started = tty_started,
		.line = tty_line,
		.ended = tty_ended,
		.summary = tty_summary,
		.tick = tty_tick,
		.signal = tty_signal,
		.arg = t};
	return &t->reporter;
}
