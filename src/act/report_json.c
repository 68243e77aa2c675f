/* report_json.c - what happens during a run, as one JSON object a line, for programs.
 *
 *   {"format_version": "1.0", "event": "plan", "steps": N}       first; once more, with "undo": true, when what was done is taken back
 *   {"event": "started", "n", "action", "kind", "name", "title"}
 *   {"event": "line", "n", "stream": "stdout"|"stderr", "text"}  as a command says it, secret values masked
 *   {"event": "ended", "n", ..., "state": "done"|"failed"|"skipped", "ms", "code", "id", "why", "output"}
 *   {"event": "summary", "ok", "done", "failed", "skipped"}      last */
#include "act_int.h"
#include "report_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>

struct report_json {
	struct reporter reporter;
	struct ctx *ctx;
	FILE *out;
	struct arena_mark mark; /* the event that is being made is scratch */
};

static const char *const state_names[] = {
	[STEP_WAITING] = "waiting",
	[STEP_RUNNING] = "running",
	[STEP_DONE] = "done",
	[STEP_FAILED] = "failed",
	[STEP_SKIPPED] = "skipped",
};

/* Begin an event; it ends in event_end. */
static struct node *
event_begin(struct report_json *r, const char *event) {
	r->mark = arena_mark(r->ctx->mem);
	struct node *n = new_map(r->ctx);
	put(r->ctx, n, "event", event);
	return n;
}

/* Write the event and give its memory back. */
static void
event_end(struct report_json *r, const struct node *event) {
	struct buf b = {0};

	json_write(&b, event, 0);
	fwrite(buf_str(&b), 1, b.n, r->out);
	fflush(r->out);
	buf_free(&b);
	arena_rewind(r->ctx->mem, r->mark);
}

/* Which step it is about. */
static void
put_step(struct report_json *r, struct node *n, const struct step *s) {
	put_int(r->ctx, n, "n", s->id);
	put(r->ctx, n, "action", action_name(s->act));
	put(r->ctx, n, "kind", s->act == ACT_CHECK ? "check" : kind_name(s->kind));
	put(r->ctx, n, "name", s->name ? s->name : "");
	put(r->ctx, n, "title", s->title ? s->title : "");
	put(r->ctx, n, "why", s->why);
}

static void
json_begun(void *arg, const struct plan *plan) {
	struct report_json *r = arg;

	r->mark = arena_mark(r->ctx->mem);
	struct node *n = new_map(r->ctx);
	put(r->ctx, n, "format_version", "1.0");
	put(r->ctx, n, "event", "plan");
	put_int(r->ctx, n, "steps", (int64_t)plan->nstep);
	if (plan->undoes)
		put_bool(r->ctx, n, "undo", true);
	event_end(r, n);
}

static void
json_started(void *arg, const struct step *s) {
	struct report_json *r = arg;
	struct node *n = event_begin(r, "started");

	put_step(r, n, s);
	event_end(r, n);
}

static void
json_line(void *arg, const struct step *s, const char *text, bool err) {
	struct report_json *r = arg;
	struct node *n = event_begin(r, "line");

	put_int(r->ctx, n, "n", s->id);
	put(r->ctx, n, "stream", err ? "stderr" : "stdout");
	put(r->ctx, n, "text", text);
	event_end(r, n);
}

static void
json_ended(void *arg, const struct step *s, const struct outcome *o) {
	struct report_json *r = arg;
	struct node *n = event_begin(r, "ended");

	put_step(r, n, s);
	put(r->ctx, n, "state", state_names[o->state]);
	put_int(r->ctx, n, "ms", o->took_ms);
	put_int(r->ctx, n, "code", o->code);
	put(r->ctx, n, "id", o->id ? o->id : "");
	put(r->ctx, n, "why", o->why);
	put(r->ctx, n, "output", o->output);
	event_end(r, n);
}

static void
json_summary(void *arg, const struct plan *plan, const struct outcome *o, bool ok) {
	struct report_json *r = arg;
	struct node *n = event_begin(r, "summary");
	int64_t count[STEP_SKIPPED + 1] = {0};

	for (size_t i = 0; i < plan->nstep; i++)
		count[o[i].state]++;
	put_bool(r->ctx, n, "ok", ok);
	put_int(r->ctx, n, "done", count[STEP_DONE]);
	put_int(r->ctx, n, "failed", count[STEP_FAILED]);
	put_int(r->ctx, n, "skipped", count[STEP_SKIPPED]);
	event_end(r, n);
}

struct reporter *
report_json_make(struct ctx *ctx, FILE *out) {
	struct report_json *r = arena_make(ctx->mem, struct report_json);

	*r = (struct report_json){.ctx = ctx, .out = out};
	r->reporter = (struct reporter){.begun = json_begun,
		.started = json_started,
		.line = json_line,
		.ended = json_ended,
		.summary = json_summary,
		.arg = r};
	return &r->reporter;
}
