/* plan_lower.c - the steps that one change takes, before they are tied to those of other changes: for a network, a volume, a
 * container; images are in lower_image.c. The words come from the wanted resources. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Fails for a container that has never been started: nothing has a member 0. */
#define HAS_RUN "{{if eq .State.Status \"created\"}}{{index 0 0}}{{end}}"

/* A network or volume. */
static void
lower_named(struct lowering *l, const struct change *c, struct lowered *low) {
	struct ctx *ctx = l->ctx;

	if (c->kind != CHANGE_CREATE || c->want->external)
		return;
	low->made = step_new(ctx, l->plan, ACT_CREATE, c->want);
	step_push_all(ctx, low->made, &c->want->create);
	low->made->labels_at = low->made->argv.n;
	step_push(ctx, low->made, c->want->name, c->want->at);
	low->made->argv.v[low->made->argv.n - 1].starts = true;
	low->made->why = c->why;
	low->made->is_usual = true;
}

/* The words of `docker run -d`, or of `docker create`. The options of the plan have a word in them. */
static struct words
container_words(struct lowering *l, const struct resource *r, enum action act) {
	struct words w = r->command, copy = {0};
	size_t verb = act == ACT_RUN ? 3 : 2;

	if (act == ACT_CREATE) { /* one word less than "run -d" */
		w = (struct words){.v = r->command.v + 1, .n = r->command.n - 1};
		w.v[0] = r->command.v[0];
		w.v[1].s = "create";
	}
	if (!image_must_be_there(l, r))
		return w;
	words_push_all(l->ctx->mem, &copy, &(struct words){.v = w.v, .n = verb + 2});
	words_push(l->ctx->mem, &copy, "--pull", r->at);
	words_push(l->ctx->mem, &copy, "never", r->at);
	words_push_all(
		l->ctx->mem, &copy, &(struct words){.v = w.v + verb + 2, .n = w.n - verb - 2});
	return copy;
}

/* `docker run -d` or `docker create`. */
static struct step *
container_step(struct lowering *l, const struct change *c, enum action act) {
	struct ctx *ctx = l->ctx;
	struct resource *r = c->want;
	struct step *s = step_new(ctx, l->plan, act, r);

	s->argv = container_words(l, r, act);
	s->labels_at = s->argv.n - r->tail.n;
	s->pass = r->pass;
	s->npass = r->npass;
	s->why = c->why;
	s->yields_id = true;
	s->is_usual = true;
	return s;
}

/* Does the comma list of `docker ps` hold the network of a connect command (its last word but one)? */
static bool
is_connected(const struct resource *had, const struct words *connect) {
	const char *name = connect->v[connect->n - 2].s, *p = had ? had->networks : NULL;
	size_t n = strlen(name);

	for (; p && (p = strstr(p, name)); p += n)
		if ((p == had->networks || p[-1] == ',') && (!p[n] || p[n] == ','))
			return true;
	return false;
}

/* What is copied in, for people: "'a' gets /run/secrets/x, and 2 more files". */
static const char *
copy_why(struct ctx *ctx, const struct resource *r) {
	size_t more = r->files->nfile - 1;
	const char *path = r->files->file[0].path;

	if (more)
		return arena_printf(ctx->mem, "'%s' gets %s and %zu more file%s before it starts",
			r->key, path, more, more == 1 ? "" : "s");
	return arena_printf(ctx->mem, "'%s' gets %s before it starts", r->key, path);
}

/* Its files, by a tar on standard input: they are in no argv, and folders are made as needed. One that has never run may have
 * been left without them. */
static void
lower_files(struct lowering *l, const struct change *c, struct lowered *low) {
	const struct resource *r = c->want;
	struct step *s;

	if (!r->files || (c->kind == CHANGE_START && !str_eq(c->had->state, "created")))
		return;
	s = step_new(l->ctx, l->plan, ACT_COPY, r);
	step_text(l->ctx, s, "cp -");
	step_push(l->ctx, s, arena_printf(l->ctx->mem, "%s:/", r->name), r->at);
	s->feed = r->files;
	s->at = r->files_at;
	s->why = copy_why(l->ctx, r);
	s->guard = words_of(l->ctx, l->plan, "container inspect -f", HAS_RUN);
	words_push(l->ctx->mem, &s->guard, r->name, r->at);
	step_need(l->ctx, s, low->connect);
	low->connect = s;
}

/* The further networks of a container, one after another. */
static void
lower_connects(struct lowering *l, const struct change *c, struct lowered *low) {
	for (size_t i = 0; i < c->want->nconnect; i++) {
		struct step *s;
		if (c->kind == CHANGE_START && is_connected(c->had, &c->want->connect[i]))
			continue;
		s = step_new(l->ctx, l->plan, ACT_CONNECT, c->want);
		step_push_all(l->ctx, s, &c->want->connect[i]);
		s->why = arena_printf(l->ctx->mem, "connect '%s' to '%s', too", c->want->key,
			c->want->connect[i].v[c->want->connect[i].n - 2].s);
		s->guard = words_of(l->ctx, l->plan, "container inspect -f",
			arena_printf(l->ctx->mem,
				"{{(index .NetworkSettings.Networks \"%s\").NetworkID}}",
				c->want->connect[i].v[c->want->connect[i].n - 2].s));
		words_push(l->ctx->mem, &s->guard, c->want->name, c->want->at);
		step_need(l->ctx, s, low->connect);
		low->connect = s;
	}
}

/* `docker start`, or `docker unpause`. */
static struct step *
start_step(struct lowering *l, const struct change *c) {
	struct step *s = step_new(l->ctx, l->plan, ACT_START, c->want);
	bool paused = c->had && str_eq(c->had->state, "paused");

	step_text(l->ctx, s, paused ? "unpause" : "start");
	s->terminal = c->want->service->one_off.attached;
	if (s->terminal)
		step_text(l->ctx, s,
			node_is_true(node_find(c->want->service->tree, "stdin_open")) ? "-a -i"
										      : "-a");
	step_push(l->ctx, s, c->want->name, c->want->at);
	s->why = c->kind == CHANGE_START
			 ? c->why
			 : arena_printf(l->ctx->mem, "start '%s', now that %s", c->want->key,
				   c->want->nconnect              ? "it is connected"
				   : c->want->files               ? "it has its files"
				   : c->want->service->one_off.is ? "it is made"
								  : "what comes before is done");
	s->undo = words_of(l->ctx, l->plan, paused ? "pause" : "stop", c->want->name);
	return s;
}

/* One command where that is enough, else create, copy, connect, start. */
static void
lower_container(struct lowering *l, size_t i) {
	const struct change *c = &l->changes->v[i];
	struct lowered *low = &l->low[i];
	bool one = !c->want->service->one_off.is && !c->want->nconnect && !c->want->files &&
		   !l->options->no_start && !hooks_before(l, i);

	if (c->want->number == 1 && !l->options->no_start)
		ports_check(l->ctx, c->want->service);
	if (c->kind == CHANGE_CREATE && one) {
		low->made = low->connect = low->started = container_step(l, c, ACT_RUN);
		return;
	}
	if (c->kind == CHANGE_CREATE)
		low->made = low->connect = container_step(l, c, ACT_CREATE);
	if (c->kind == CHANGE_CREATE || c->kind == CHANGE_START) {
		lower_files(l, c, low);
		lower_connects(l, c, low);
	}
	if (!l->options->no_start && (c->kind == CHANGE_CREATE || c->kind == CHANGE_START)) {
		low->started = start_step(l, c);
		step_need(l->ctx, low->started, low->connect);
	}
}

void
lower_all(struct lowering *l) {
	for (size_t i = 0; i < l->changes->n; i++)
		l->changes->v[i].want->mark = (uint32_t)i;
	for (size_t i = 0; i < l->changes->n; i++)
		if (l->changes->v[i].kind == CHANGE_CREATE && l->changes->v[i].want->image)
			l->low[l->changes->v[i].want->image->mark].is_used = true;
	for (size_t i = 0; i < l->changes->n; i++) {
		const struct change *c = &l->changes->v[i];
		if (c->want->kind == KIND_IMAGE)
			lower_image(l, c, &l->low[i]);
		else if (c->want->kind == KIND_CONTAINER)
			lower_container(l, i);
		else
			lower_named(l, c, &l->low[i]);
	}
	for (size_t i = 0; i < l->changes->n; i++)
		if (l->changes->v[i].want->kind == KIND_CONTAINER)
			hooks_lower(l, i);
}
