/* report_both.c - one reporter that tells two others all it is told. */
#include "report_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>

struct report_both {
	struct reporter reporter;
	const struct reporter *to[2];
};

/* Call MEMBER of both, where they have it. */
#define TELL(both, member, ...)                          \
	for (size_t i = 0; i < countof((both)->to); i++) \
		if ((both)->to[i]->member)               \
	(both)->to[i]->member((both)->to[i]->arg, __VA_ARGS__)

static void
both_begun(void *arg, const struct plan *plan) {
	struct report_both *r = arg;

	TELL(r, begun, plan);
}

static void
both_started(void *arg, const struct step *s) {
	struct report_both *r = arg;

	TELL(r, started, s);
}

static void
both_line(void *arg, const struct step *s, const char *text, bool err) {
	struct report_both *r = arg;

	TELL(r, line, s, text, err);
}

static void
both_ended(void *arg, const struct step *s, const struct outcome *o) {
	struct report_both *r = arg;

	TELL(r, ended, s, o);
}

static void
both_summary(void *arg, const struct plan *plan, const struct outcome *o, bool ok) {
	struct report_both *r = arg;

	TELL(r, summary, plan, o, ok);
}

static void
both_signal(void *arg, int sig) {
	struct report_both *r = arg;

	TELL(r, signal, sig);
}

/* Is one of them enough to go on? No: what nobody reads is what was asked for. */
static bool
both_is_gone(void *arg) {
	struct report_both *r = arg;
	bool is_gone = false;

	for (size_t i = 0; i < countof(r->to); i++)
		is_gone |= r->to[i]->is_gone && r->to[i]->is_gone(r->to[i]->arg);
	return is_gone;
}

/* The sooner of what both want. */
static int64_t
both_tick(void *arg) {
	struct report_both *r = arg;
	int64_t first = -1;

	for (size_t i = 0; i < countof(r->to); i++) {
		int64_t ms = r->to[i]->tick ? r->to[i]->tick(r->to[i]->arg) : -1;
		if (ms >= 0 && (first < 0 || ms < first))
			first = ms;
	}
	return first;
}

struct reporter *
report_both(struct ctx *ctx, const struct reporter *first, const struct reporter *second) {
	struct report_both *r = arena_make(ctx->mem, struct report_both);

	*r = (struct report_both){.to = {first, second}};
	r->reporter = (struct reporter){.begun = both_begun,
		.started = both_started,
		.line = first->line || second->line ? both_line : NULL,
		.ended = both_ended,
		.summary = both_summary,
		.tick = both_tick,
		.is_gone = both_is_gone,
		.signal = both_signal,
		.arg = r};
	return &r->reporter;
}
