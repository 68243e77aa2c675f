/* plan_helper.c - pre_start hooks: each is a container of its own, with the volumes of the one that is about to start, that runs one
 * command and is gone. One `docker run --rm` does it, but on an engine that can create a container in one network only it takes
 * several steps where the service has more. Start at helper_add(). */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

/* The helper container's bookkeeping labels. */
static void
push_labels(struct ctx *ctx, struct step *s, const struct project *p) {
	const char *const label[][2] = {{"project", p->name}, {"service", s->service->name},
		{"hook", "pre_start"}, {"version", STACKPLAN_VERSION}};

	for (size_t i = 0; i < countof(label); i++) {
		step_push(ctx, s, "--label", s->at);
		s->argv.v[s->argv.n - 1].starts = true;
		step_push(ctx, s,
			arena_printf(
				ctx->mem, "com.docker.compose.%s=%s", label[i][0], label[i][1]),
			s->at);
	}
}

/* The image of a pre_start hook: its own, or that of the service. */
static struct word
image_of(const struct service *s, const struct node *hook) {
	const struct node *own = node_find(hook, "image");

	return own && *node_text(own) ? node_word(own) : s->image;
}

/* Networks, volumes and variables of the helper, and what the hook itself says. */
static void
helper_words(struct emit *e, const struct resource *r, const struct node *hook) {
	const struct node *tree = e->service->tree, *mode = node_find(tree, "network_mode");
	struct node *env = node_new(e->ctx->mem, NODE_MAP, hook->at);

	for (size_t i = 0; e->service->env && i < e->service->env->n; i++) {
		const struct member *m = &e->service->env->u.member[i];
		node_set(e->ctx->mem, env, m->key, m->at, m->val);
	}
	hook_variables(e->ctx, e->project, hook, env);
	e->env = env;
	emit_networks(e, NULL, "--network", mode ? mode : node_find(tree, "networks"));
	emit_text(e, "--volumes-from", r->name, hook->at);
	emit_env(e, NULL, "-e", env);
	emit_map(e, schema_find(&schema_service, "pre_start")->sub, hook);
}

/* The image, and the words in it. */
static void
push_tail(struct lowering *l, struct step *s, const struct node *hook) {
	struct word image = image_of(s->service, hook);

	image.starts = true;
	words_push_word(l->ctx->mem, &s->argv, image);
	hook_command(l->ctx, s, hook, "pre_start");
}

/* `docker run --rm`, or `docker create --rm`, of the helper. */
static struct step *
helper_step(struct lowering *l, const struct resource *r, const struct resource *own,
	const struct node *hook, enum action act) {
	struct ctx *ctx = l->ctx;
	struct step *s = hook_step(ctx, l->plan, act, r, hook, "pre_start");

	s->res = NULL;
	s->name = own->name;
	step_text(ctx, s, act == ACT_EXEC ? "run --rm --name" : "create --rm --name");
	step_push(ctx, s, own->name, s->at);
	if (image_must_be_there(l, r))
		step_text(ctx, s, "--pull never");
	hook_options(ctx, s, own);
	if (l->plan->labels)
		push_labels(ctx, s, l->plan->project);
	push_tail(l, s, hook);
	step_extend(ctx, s)->undo = words_of(ctx, l->plan, "rm -f -v", own->name);
	return s;
}

/* A further step of a helper that has several networks. */
static struct step *
helper_more(struct lowering *l, const struct step *first, enum action act, const char *why) {
	struct step *s = step_new(l->ctx, l->plan, act, NULL);

	s->kind = KIND_CONTAINER;
	s->service = first->service;
	s->name = first->name;
	s->title = first->title;
	step_extend(l->ctx, s)->hook = step_extra(first)->hook;
	s->at = first->at;
	s->why = why;
	return s;
}

/* One command does for several networks what `docker run` can't: make it, connect it, start it and wait for its end. */
static void
helper_chain(struct lowering *l, struct chain *chain, const struct resource *r,
	const struct resource *own, const struct node *hook, const char *why) {
	struct ctx *ctx = l->ctx;
	struct step *made = helper_step(l, r, own, hook, ACT_CREATE), *s;

	s = helper_more(l, made, ACT_REMOVE,
		arena_printf(ctx->mem, "what an earlier try has left of the %s", why));
	s->optional = true;
	step_text(ctx, s, "rm -f");
	step_push(ctx, s, own->name, s->at);
	chain_add(ctx, chain, s);
	made->why = why;
	chain_add(ctx, chain, made);
	for (size_t i = 0; i < own->nconnect; i++) {
		s = helper_more(
			l, made, ACT_CONNECT, arena_printf(ctx->mem, "connect the %s, too", why));
		step_push_all(ctx, s, &own->connect[i]);
		chain_add(ctx, chain, s);
	}
	s = helper_more(
		l, made, ACT_EXEC, arena_printf(ctx->mem, "run the %s and wait for its end", why));
	step_text(ctx, s, "start -a");
	step_push(ctx, s, own->name, s->at);
	chain_add(ctx, chain, s);
}

void
helper_add(struct lowering *l, struct chain *chain, const struct resource *r,
	const struct node *list, size_t i) {
	struct ctx *ctx = l->ctx;
	const struct node *hook = list->u.item[i];
	struct resource own = {.kind = KIND_CONTAINER, .number = r->number, .at = hook->at};
	struct emit e = {.ctx = ctx,
		.project = l->plan->project,
		.engine = l->plan->engine,
		.service = r->service,
		.res = &own};
	const char *why;

	own.name = arena_printf(
		ctx->mem, "%s-%s-prestart-%zu", l->plan->project->name, r->service->name, i + 1);
	if (hook_is_each(hook))
		own.name = arena_printf(ctx->mem, "%s-%lld", own.name, (long long)r->number);
	why = hook_why(ctx, "pre_start", hook_is_each(hook) ? hook_called(r->service, r) : r->key,
		i, list->n);
	helper_words(&e, r, hook);
	if (own.nconnect) {
		helper_chain(l, chain, r, &own, hook, why);
		return;
	}
	chain_add(ctx, chain, helper_step(l, r, &own, hook, ACT_EXEC));
	chain->v[chain->n - 1]->why = why;
}

void
hooks_images(struct ctx *ctx, const struct project *p, const struct engine *engine,
	struct resources *list, const struct service *s) {
	const struct node *hooks = hook_list(s, "pre_start");

	for (size_t i = 0; hooks && i < hooks->n; i++)
		want_image(ctx, p, engine, list, image_of(s, hooks->u.item[i]), s);
}
