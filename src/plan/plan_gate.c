/* plan_gate.c - gates: a step that waits until a container is healthy, runs, or has ended well. Which containers get one is plan.c's, and
 * with --wait plan_wait.c's.
 * An engine forgets what the probes said when it starts a container, so that "running healthy" is never told of probes before
 * that: fill_healthy() asks for both words. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

enum {
	GATE_MIN_MS = 60 * 1000,        /* shortest limit of a gate that the spec does not set */
	COMPLETED_MAX_MS = 3600 * 1000, /* a one-shot may take its time: migrations do */
	/* between two questions, once a probe is due: a part of the probes' interval */
	POLL_PARTS = 20,
	POLL_MIN_MS = 50,
	POLL_MAX_MS = 1000,
	PROBE_MS = 50,   /* a quick probe takes about so long */
	SETTLE_MS = 500, /* what ends at once has ended by then: a start alone says little */
	START_INTERVAL_MS = 5000, /* between probes in the start period, where it is not told */
	/* what an engine takes where the healthcheck says nothing */
	DEFAULT_INTERVAL_MS = 30 * 1000,
	DEFAULT_TIMEOUT_MS = 30 * 1000,
	DEFAULT_RETRIES = 3,
};

static int64_t
duration_ms(const struct node *health, const char *key, int64_t otherwise) {
	int64_t ns;
	const struct node *n = node_find(health, key);

	return n && str_duration(node_text(n), &ns) && ns > 0 ? ns / 1000000 : otherwise;
}

bool
has_healthcheck(const struct service *s) {
	const struct node *health = node_find(s->tree, "healthcheck"),
			  *test = node_find(health, "test");

	if (!health || node_is_true(node_find(health, "disable")))
		return false;
	return !test || !test->n || !str_eq(node_text(test->u.item[0]), "NONE");
}

/* How long a container may take until its healthcheck has decided. */
static int64_t
health_limit_ms(const struct service *s) {
	const struct node *h = node_find(s->tree, "healthcheck");
	int64_t retries = DEFAULT_RETRIES, limit;

	if (!node_to_int(node_find(h, "retries"), &retries) || retries < 1)
		retries = DEFAULT_RETRIES;
	if (retries > 100000)
		retries = 100000;
	limit = duration_ms(h, "start_period", 0) +
		(retries + 1) * (duration_ms(h, "interval", DEFAULT_INTERVAL_MS) +
					duration_ms(h, "timeout", DEFAULT_TIMEOUT_MS));
	return limit < GATE_MIN_MS ? GATE_MIN_MS : limit > UINT32_MAX ? UINT32_MAX : limit;
}

/* The service, or the container where there are several. */
static const char *
called(const struct step *s) {
	return s->service && s->service->scale > 1 ? s->name : s->title;
}

/* Ask often once the first probe is due: probes come by the healthcheck's interval, so that is what the times follow. */
static void
set_pace(struct extra *x, const struct node *health) {
	int64_t interval = duration_ms(health, "interval", DEFAULT_INTERVAL_MS), part;

	if (duration_ms(health, "start_period", 0) > 0) {
		int64_t at_start = duration_ms(health, "start_interval", START_INTERVAL_MS);
		interval = at_start < interval ? at_start : interval;
	}
	part = interval / POLL_PARTS;
	part = part < POLL_MIN_MS ? POLL_MIN_MS : part > POLL_MAX_MS ? POLL_MAX_MS : part;
	x->every_ms = (uint32_t)part;
	x->due_ms = (uint32_t)(interval < GATE_MIN_MS ? interval : GATE_MIN_MS) + PROBE_MS;
	x->tries = x->timeout_ms / x->every_ms + 2;
}

/* A gate that asks for the container's state in the words of FORMAT, as long as its healthcheck may take. */
static struct extra *
ask_state(struct ctx *ctx, struct step *s, const char *format, const struct plan_options *o) {
	struct extra *x = step_extend(ctx, s);

	step_text(ctx, s, "inspect -f");
	step_push(ctx, s, format, s->at);
	step_push(ctx, s, s->name, s->at);
	s->together = true;
	x->timeout_ms =
		o->gate_timeout_ms ? o->gate_timeout_ms : (uint32_t)health_limit_ms(s->service);
	return x;
}

static void
fill_healthy(struct ctx *ctx, struct step *s, const struct plan_options *o) {
	struct extra *x = ask_state(ctx, s, "{{.State.Status}} {{.State.Health.Status}}", o);

	x->how = EXPECT_EQUAL;
	x->expect = "running healthy";
	x->goal = "healthy";
	x->fail = "* unhealthy|exited *|dead *|*.State.Health.Status*|*No such*";
	set_pace(x, node_find(s->service->tree, "healthcheck"));
	s->why = arena_printf(ctx->mem, "wait until '%s' is healthy, at most %us", called(s),
		x->timeout_ms / 1000);
}

/* One without a healthcheck in the spec: it must run, or, as one that has a task, have ended well. The image may have a healthcheck
 * all the same, which counts then. */
static void
fill_running(struct ctx *ctx, struct step *s, const struct plan_options *o) {
	struct extra *x = ask_state(ctx, s,
		"{{.State.Status}}{{if not .State.Running}} {{.State.ExitCode}}"
		"{{else if .State.Health}} {{.State.Health.Status}}{{end}}",
		o);

	x->how = EXPECT_REGEX;
	x->expect = "^(running( healthy)?|exited 0)$";
	x->goal = "running";
	x->fail = "* unhealthy|exited [1-9]*|dead *|removing *|*No such*";
	set_pace(x, NULL);
	x->due_ms = 0; /* most run from the start */
	x->delay_ms = o->wait ? SETTLE_MS : 0;
	s->why = arena_printf(ctx->mem, "wait until '%s' runs or has ended well, at most %us",
		called(s), x->timeout_ms / 1000);
}

static void
fill_completed(struct ctx *ctx, struct step *s, const struct plan_options *o) {
	struct extra *x = step_extend(ctx, s);

	step_text(ctx, s, "wait");
	step_push(ctx, s, s->name, s->at);
	x->how = EXPECT_EQUAL;
	x->expect = "0";
	x->timeout_ms = o->gate_timeout_ms ? o->gate_timeout_ms : COMPLETED_MAX_MS;
	s->why = arena_printf(ctx->mem, "wait until '%s' has ended with exit status 0", called(s));
}

/* Reading commands for the message of a gate that failed: what the last probe said, and the end of the log. */
static void
fill_remarks(struct ctx *ctx, const struct plan *p, struct step *s, enum ready until) {
	static const char last_probe[] =
		"{{$said:=\"\"}}{{range .State.Health.Log}}{{$said =.Output}}{{end}}{{$said}}";
	struct remark *r = arena_array(ctx->mem, 2, sizeof(*r));
	size_t n = 0;

	if (until != READY_COMPLETED) {
		r[n].about = "its last probe said:";
		r[n].argv = words_of(ctx, p, "inspect -f", last_probe);
		words_push(ctx->mem, &r[n++].argv, s->name, s->at);
	}
	r[n].about = "the end of its log:";
	r[n++].argv = words_of(ctx, p, "logs --tail 10", s->name);
	struct extra *own = step_extend(ctx, s);
	own->remarks = r;
	own->nremarks = (uint32_t)n;
}

struct step *
gate_new(struct ctx *ctx, const struct plan *p, const struct resource *r, enum ready until,
	const struct plan_options *o) {
	struct step *s = step_new(ctx, p, ACT_WAIT, r);

	if (until == READY_HEALTHY)
		fill_healthy(ctx, s, o);
	else if (until == READY_STARTED)
		fill_running(ctx, s, o);
	else
		fill_completed(ctx, s, o);
	fill_remarks(ctx, p, s, until);
	return s;
}
