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

/* The old network goes before there can be a new one. */
static struct step *
remove_network(struct lowering *l, const struct change *c) {
	struct step *s = step_new(l->ctx, l->plan, ACT_REMOVE, c->want);

	step_text(l->ctx, s, "network rm");
	step_push(l->ctx, s, c->want->name, c->want->at);
	s->at = c->at;
	s->why = c->why;
	step_retries(l->ctx, s);
	return s;
}

/* A network or volume. */
static void
lower_named(struct lowering *l, const struct change *c, struct lowered *low) {
	struct ctx *ctx = l->ctx;

	if ((c->kind != CHANGE_CREATE && c->kind != CHANGE_REPLACE) || c->want->external)
		return;
	if (c->kind == CHANGE_REPLACE)
		low->removed = remove_network(l, c);
	low->made = step_new(ctx, l->plan, ACT_CREATE, c->want);
	step_push_all(ctx, low->made, &c->want->create);
	low->made->labels_at = low->made->argv.n;
	step_push(ctx, low->made, c->want->name, c->want->at);
	low->made->argv.v[low->made->argv.n - 1].starts = true;
	low->made->why = low->removed ? arena_printf(ctx->mem, "network '%s' as it is wanted now",
						c->want->key)
				      : c->why;
	low->made->is_usual = true;
	step_need(ctx, low->made, low->removed);
}

/* The words of `docker run -d`, or of `docker create`. The options of the plan have a word in them. */
static struct words
container_words(struct lowering *l, const struct resource *r, enum action act) {
	struct words w = r->command, copy = {0}, head, rest;
	size_t verb = act == ACT_RUN ? 3 : 2;

	if (act == ACT_CREATE) { /* one word less than "run -d" */
		w = words_part(&r->command, 1, r->command.n);
		w.v[0] = r->command.v[0];
		w.v[1].s = "create";
	}
	if (!image_must_be_there(l, r))
		return w;
	head = words_part(&w, 0, verb + 2);
	rest = words_part(&w, verb + 2, w.n);
	words_push_all(l->ctx->mem, &copy, &head);
	words_push(l->ctx->mem, &copy, "--pull", r->at);
	words_push(l->ctx->mem, &copy, "never", r->at);
	words_push_all(l->ctx->mem, &copy, &rest);
	return copy;
}

/* `docker run -d` or `docker create`. */
static struct step *
container_step(struct lowering *l, const struct change *c, enum action act) {
	struct ctx *ctx = l->ctx;
	struct resource *r = c->want;
	struct step *s = step_bare(ctx, act, r);

	s->argv = container_words(l, r, act);
	s->labels_at = s->argv.n - r->tail.n;
	s->pass = r->pass;
	s->npass = r->npass;
	s->why = c->why;
	s->yields_id = true;
	s->is_usual = true;
	replace_volumes(ctx, c, s);
	return s;
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

	if (!r->files || (c->kind == CHANGE_REPAIR && !str_eq(c->had->state, "created")))
		return;
	s = step_new(l->ctx, l->plan, ACT_COPY, r);
	step_text(l->ctx, s, "cp -");
	step_push(l->ctx, s, arena_printf(l->ctx->mem, "%s:/", r->name), r->at);
	s->feed = r->files;
	s->at = r->files_at;
	s->why = copy_why(l->ctx, r);
	step_extend(l->ctx, s)->guard = words_of(l->ctx, l->plan, "container inspect -f", HAS_RUN);
	words_push(l->ctx->mem, &step_extend(l->ctx, s)->guard, r->name, r->at);
	step_need(l->ctx, s, low->connect);
	low->connect = s;
}

/* One network that the container is connected to: WORDS without the program. */
static void
lower_connect(struct lowering *l, const struct change *c, const struct words *words,
	struct lowered *low) {
	const struct resource *r = c->want;
	const char *name = words->v[words->n - 2].s;
	struct step *s = step_new(l->ctx, l->plan, ACT_CONNECT, r);

	step_push_all(l->ctx, s, words);
	s->why = arena_printf(l->ctx->mem,
		c->kind == CHANGE_REPAIR && c->had->facts
			? "'%s' is not in the network '%s' any more"
			: "connect '%s' to '%s', too",
		r->key, name);
	step_extend(l->ctx, s)->guard = words_of(l->ctx, l->plan, "container inspect -f",
		arena_printf(l->ctx->mem, "{{(index .NetworkSettings.Networks \"%s\").NetworkID}}",
			name));
	words_push(l->ctx->mem, &step_extend(l->ctx, s)->guard, r->name, r->at);
	step_extend(l->ctx, s)->undo = words_of(l->ctx, l->plan, "network disconnect", name);
	words_push(l->ctx->mem, &step_extend(l->ctx, s)->undo, r->name, r->at);
	step_need(l->ctx, s, low->connect);
	low->connect = s;
}

/* The networks of a container that it is not in: of a new one all but the first, of one that is there whichever it has lost. */
static void
lower_connects(struct lowering *l, const struct change *c, struct lowered *low) {
	struct resource all = {.name = c->want->name, .at = c->want->at};
	struct emit e = {.ctx = l->ctx,
		.project = l->plan->project,
		.engine = l->plan->engine,
		.service = c->want->service,
		.tree = c->want->service->tree,
		.res = &all};

	if (c->kind != CHANGE_REPAIR) {
		for (size_t i = 0; i < c->want->nconnect; i++)
			lower_connect(l, c, &c->want->connect[i], low);
		return;
	}
	if (!c->had->facts && (!c->want->nconnect || str_in("running restarting", c->had->state)))
		return;
	emit_connects(&e);
	for (size_t i = 0; i < all.nconnect; i++)
		if (!is_in_network(c->had, all.connect[i].v[all.connect[i].n - 2].s))
			lower_connect(l, c, &all.connect[i], low);
}

/* The networks that it was connected to by hand. */
static void
lower_disconnects(struct lowering *l, const struct change *c, struct lowered *low) {
	struct ctx *ctx = l->ctx;

	for (size_t i = 0; i < c->nleave; i++) {
		struct step *s = step_new(ctx, l->plan, ACT_DISCONNECT, c->want);
		step_text(ctx, s, "network disconnect");
		step_push(ctx, s, c->leave[i], c->want->at);
		step_push(ctx, s, c->want->name, c->want->at);
		s->why = why_disconnect(ctx, c->want->key, c->leave[i]);
		step_extend(l->ctx, s)->undo =
			words_of(ctx, l->plan, "network connect", c->leave[i]);
		words_push(ctx->mem, &step_extend(l->ctx, s)->undo, c->want->name, c->want->at);
		step_need(ctx, s, low->connect);
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
	s->why = c->kind == CHANGE_REPAIR
			 ? c->why
			 : arena_printf(l->ctx->mem, "start '%s', now that %s", c->want->key,
				   c->want->nconnect              ? "it is connected"
				   : c->want->files               ? "it has its files"
				   : c->want->service->one_off.is ? "it is made"
								  : "what comes before is done");
	step_extend(l->ctx, s)->undo =
		words_of(l->ctx, l->plan, paused ? "pause" : "stop", c->want->name);
	return s;
}

/* A container of ours that is called otherwise gets its name. */
static void
lower_rename(struct lowering *l, const struct change *c, struct lowered *low) {
	struct ctx *ctx = l->ctx;
	struct step *s;

	if (str_eq(c->had->name, c->want->name))
		return;
	if (c->aside && str_eq(c->aside->name, c->want->name)) /* the one that was to replace it */
		replace_clear(l, c, low);
	s = step_new(ctx, l->plan, ACT_RENAME, c->want);
	if (low->away.n)
		step_need(ctx, s, low->away.v[low->away.n - 1]);
	step_text(ctx, s, "rename");
	step_push(ctx, s, c->had->name, c->want->at);
	step_push(ctx, s, c->want->name, c->want->at);
	s->why = c->why;
	step_extend(l->ctx, s)->undo = words_of(ctx, l->plan, "rename", c->want->name);
	words_push(ctx->mem, &step_extend(l->ctx, s)->undo, c->had->name, c->want->at);
	low->made = low->connect = s;
}

/* What sets a container right that is the wanted one. */
static void
lower_repair(struct lowering *l, const struct change *c, struct lowered *low) {
	bool starts = !str_in("running restarting", c->had->state);

	lower_rename(l, c, low);
	lower_files(l, c, low);
	lower_connects(l, c, low);
	lower_disconnects(l, c, low);
	if (l->options->no_start || !starts)
		return;
	low->started = start_step(l, c);
	step_need(l->ctx, low->started, low->connect);
}

/* It is the wanted one and runs, and is restarted because of another. */
static void
lower_restart(struct lowering *l, const struct change *c, struct lowered *low) {
	struct step *s = step_new(l->ctx, l->plan, ACT_RESTART, c->want);

	step_text(l->ctx, s, "restart");
	if (l->options->has_timeout)
		step_text(l->ctx, s,
			arena_printf(l->ctx->mem, "-t %lld", (long long)l->options->timeout_s));
	step_push(l->ctx, s, c->want->name, c->want->at);
	s->why = arena_printf(l->ctx->mem,
		"restart '%s': 'restart: true' ties it to '%s', which is replaced", c->want->key,
		c->cause->want->key);
	step_need(l->ctx, s, low->connect);
	low->started = s;
}

/* A new one: one command where that is enough, else create, copy, connect, start. */
static void
lower_new(struct lowering *l, size_t i) {
	const struct change *c = &l->changes->v[i];
	struct lowered *low = &l->low[i];
	bool one = !c->want->service->one_off.is && !c->want->nconnect && !c->want->files &&
		   !l->options->no_start && !hooks_before(l, i);

	low->made = low->connect = container_step(l, c, one ? ACT_RUN : ACT_CREATE);
	if (low->away.n)
		step_need(l->ctx, low->made, low->away.v[low->away.n - 1]);
	if (one) {
		low->started = low->made;
		return;
	}
	lower_files(l, c, low);
	lower_connects(l, c, low);
	if (l->options->no_start)
		return;
	low->started = start_step(l, c);
	step_need(l->ctx, low->started, low->connect);
}

/* The steps of one container, but for its hooks. */
static void
lower_container(struct lowering *l, size_t i) {
	const struct change *c = &l->changes->v[i];
	struct lowered *low = &l->low[i];

	if (c->want->number == 1 && !l->options->no_start)
		ports_check(l->ctx, c->want->service);
	if (c->kind == CHANGE_REPLACE)
		replace_before(l, c, low);
	if (c->kind == CHANGE_REPLACE || c->kind == CHANGE_CREATE)
		lower_new(l, i);
	else if (c->kind == CHANGE_REPAIR)
		lower_repair(l, c, low);
	if (c->restart && !low->started && !l->options->no_start &&
		(c->kind == CHANGE_KEEP || c->kind == CHANGE_REPAIR))
		lower_restart(l, c, low);
}

/* There is nothing to do if the reading step goes well. */
static void
unless(struct ctx *ctx, struct step *s, struct step *reading) {
	if (!s || step_extra(s)->unless)
		return;
	struct extra *own = step_extend(ctx, s);
	own->unless = reading;
	own->guard = reading->argv;
	s->guarded = true;
	step_need(ctx, s, reading);
}

/* Every step of a container that may turn out to be needless. */
static void
set_unless(struct lowering *l, const struct change *c, const struct lowered *low) {
	const struct chain *chains[] = {&low->away, &low->before, &low->after};

	for (size_t i = 0; i < countof(chains); i++)
		for (size_t k = 0; k < chains[i]->n; k++)
			unless(l->ctx, chains[i]->v[k], c->unless);
	for (struct step *s = low->connect; s && s != low->made; s = s->need[0])
		unless(l->ctx, s, c->unless);
	unless(l->ctx, low->made, c->unless);
	unless(l->ctx, low->started, c->unless);
	unless(l->ctx, low->settled, c->unless);
	unless(l->ctx, low->goes, c->unless);
}

/* A container stays, and its image is got anew: it is replaced unless that turns out to be the image that it has. */
static void
doubt(struct lowering *l, struct change *c) {
	struct ctx *ctx = l->ctx;
	const struct resource *image = c->want->image;
	const char *id = node_text(facts_at(c->had, "Image"));
	struct lowered *low = &l->low[image->mark];

	if (!low->same) {
		struct step *s = step_new(ctx, l->plan, ACT_QUERY, image);
		step_text(ctx, s, "image inspect -f");
		step_push(ctx, s,
			arena_printf(ctx->mem, "{{if ne .Id \"%s\"}}{{index 0 0}}{{end}}", id),
			image->at);
		step_push(ctx, s, image->name, image->at);
		s->why = arena_join(ctx->mem, "is '", image->name,
			"' still the image of what was made from it?", NULL);
		s->optional = s->asks = true;
		low->same = s;
	}
	c->why = arena_printf(ctx->mem, "replace '%s' if '%s' has become another image",
		c->want->key, image->name);
	c->unless = str_in("running restarting", c->had->state) ? low->same : NULL;
	c->kind = CHANGE_REPLACE;
}

/* The containers that stay, and whose image is got anew. */
static void
doubt_all(struct lowering *l) {
	struct changes *list = l->changes;
	bool any = false;

	for (size_t i = 0; list->observed && i < list->n; i++) {
		struct change *c = &list->v[i];
		if (c->want->kind != KIND_CONTAINER || !c->want->image || !c->had ||
			!c->had->facts || (c->kind != CHANGE_KEEP && c->kind != CHANGE_REPAIR) ||
			!image_is_got(l, &list->v[c->want->image->mark]))
			continue;
		doubt(l, c);
		any = true;
	}
	if (any)
		changes_cascade(l->ctx, list);
}

/* Is a container made? */
static bool
is_made_anew(const struct change *c) {
	return c->kind == CHANGE_CREATE || c->kind == CHANGE_REPLACE;
}

/* A pass over the changes is at I: what comes next is fetched. */
static void
changes_ahead(const struct changes *list, size_t i) {
	enum { AHEAD = 8 };

	if (i + AHEAD < list->n)
		memory_ahead(list->v[i + AHEAD].want, sizeof(struct resource));
}

void
lower_all(struct lowering *l) {
	for (size_t i = 0; i < l->changes->n; i++) {
		changes_ahead(l->changes, i);
		l->changes->v[i].want->mark = (uint32_t)i;
	}
	doubt_all(l);
	for (size_t i = 0; i < l->changes->n; i++) {
		changes_ahead(l->changes, i);
		if (is_made_anew(&l->changes->v[i]) && l->changes->v[i].want->image)
			l->low[l->changes->v[i].want->image->mark].is_used = true;
	}
	for (size_t i = 0; i < l->changes->n; i++) {
		const struct change *c = &l->changes->v[i];
		changes_ahead(l->changes, i);
		if (c->want->kind == KIND_IMAGE)
			lower_image(l, c, &l->low[i]);
		else if (c->want->kind == KIND_CONTAINER)
			lower_container(l, i);
		else
			lower_named(l, c, &l->low[i]);
	}
	for (size_t i = 0; i < l->changes->n; i++)
		if (l->changes->v[i].want->kind == KIND_CONTAINER) {
			hooks_lower(l, i);
			replace_after(l, &l->changes->v[i], &l->low[i]);
			if (l->changes->v[i].unless)
				set_unless(l, &l->changes->v[i], &l->low[i]);
		}
	lower_gone(l);
	tie_away(l);
}
