/* plan_hook.c - hooks: commands that run around the life of a container.
 * post_start and pre_stop run in the container (`docker exec`), pre_start in a container of its own (plan_helper.c). Start at
 * hooks_lower(). Knows the three keys by name, and what is in a hook from the rows. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

const struct node *
hook_list(const struct service *s, const char *key) {
	const struct node *list = node_find(s->tree, key);

	return list && list->type == NODE_LIST && list->n ? list : NULL;
}

bool
hook_is_each(const struct node *hook) {
	return node_is_true(node_find(hook, "per_replica"));
}

void
hook_variables(
	struct ctx *ctx, const struct project *p, const struct node *hook, struct node *out) {
	const struct node *own = node_find(hook, "environment");

	for (size_t i = 0; own && own->type == NODE_MAP && i < own->n; i++) {
		const struct member *m = &own->u.member[i];
		const struct env_var *var = m->val->type == NODE_NULL && p->env
						    ? env_find(p->env, m->key, strlen(m->key))
						    : NULL;
		struct node *val = var ? node_from_word(ctx->mem, var->value) : m->val;

		if (!*m->key || strpbrk(m->key, "= \t\r\n"))
			diag(ctx, SEV_ERROR, m->at, "bad-env-name",
				"a variable's name is neither empty nor holds '=' or blanks, "
				"unlike '%s'",
				m->key);
		if (var)
			val->at = m->at;
		node_set(ctx->mem, out, m->key, m->at, val);
	}
}

const char *
hook_called(const struct service *s, const struct resource *r) {
	return s->scale > 1 ? r->name : s->name;
}

const char *
hook_why(struct ctx *ctx, const char *key, const char *what, size_t i, size_t n) {
	if (n < 2)
		return arena_printf(ctx->mem, "%s hook of '%s'", key, what);
	return arena_printf(ctx->mem, "%s hook %zu of %zu of '%s'", key, i + 1, n, what);
}

void
hook_command(struct ctx *ctx, struct step *s, const struct node *hook, const char *key) {
	const struct node *command = node_find(hook, "command");

	if (command && command->type == NODE_LIST)
		for (size_t i = 0; i < command->n; i++)
			words_push_word(ctx->mem, &s->argv, node_word(command->u.item[i]));
	if ((!command || !command->n) && !str_eq(key, "pre_start"))
		diag(ctx, SEV_ERROR, hook->at, "hook-without-command",
			"this hook of '%s' has no command to run: give it one, or remove the hook",
			key);
}

struct step *
hook_step(struct ctx *ctx, const struct plan *p, enum action act, const struct resource *r,
	const struct node *hook, const char *key) {
	struct step *s = step_new(ctx, p, act, r);

	s->at = hook->at;
	step_extend(ctx, s)->hook = key;
	return s;
}

void
hook_options(struct ctx *ctx, struct step *s, const struct resource *r) {
	step_push_all(ctx, s, &r->create);
	s->pass = r->pass;
	s->npass = r->npass;
}

/* `docker exec` of one hook. */
static struct step *
exec_step(struct ctx *ctx, const struct plan *p, const struct resource *r,
	const struct service *service, const struct node *hook, const char *key) {
	struct resource own = {.kind = KIND_CONTAINER, .name = r->name, .at = hook->at};
	struct node *env = node_new(ctx->mem, NODE_MAP, hook->at);
	struct emit e = {.ctx = ctx,
		.project = p->project,
		.engine = p->engine,
		.service = service,
		.res = &own,
		.env = env};
	struct step *s = hook_step(ctx, p, ACT_EXEC, r, hook, key);

	hook_variables(ctx, p->project, hook, env);
	emit_map(&e, schema_find(&schema_service, key)->sub, hook);
	step_text(ctx, s, "exec");
	hook_options(ctx, s, &own);
	step_push(ctx, s, r->name, s->at);
	s->argv.v[s->argv.n - 1].starts = own.create.n > 0;
	hook_command(ctx, s, hook, key);
	return s;
}

void
chain_add(struct ctx *ctx, struct chain *c, struct step *s) {
	if (c->n)
		step_need(ctx, s, c->v[c->n - 1]);
	c->v = grown(ctx, c->v, c->n, sizeof(struct step *));
	c->v[c->n++] = s;
}

struct chain
hooks_exec(struct ctx *ctx, const struct plan *p, const struct resource *r,
	const struct service *service, const char *key) {
	const struct node *list = hook_list(service, key);
	struct chain chain = {0};

	for (size_t i = 0; list && i < list->n; i++) {
		struct step *s = exec_step(ctx, p, r, service, list->u.item[i], key);
		s->why = hook_why(ctx, key, hook_called(service, r), i, list->n);
		if (str_eq(key, "pre_stop")) /* nothing runs in a container that has ended */
			step_extend(ctx, s)->guard = words_of(ctx, p, "top", r->name);
		chain_add(ctx, &chain, s);
	}
	return chain;
}

/* Will this change start its container? */
static bool
starts(const struct change *c) {
	bool paused = c->had && str_eq(c->had->state, "paused");

	return c->kind == CHANGE_CREATE || c->kind == CHANGE_REPLACE ||
	       (c->kind == CHANGE_REPAIR && !paused);
}

/* The change of the service's first container that will be started, NULL when one of them runs already. Those of one service
 * stand together. */
static const struct change *
first_to_start(const struct lowering *l, size_t i) {
	const struct change *c = &l->changes->v[i], *first = NULL;
	const struct change *all = c - (c->want->number - 1);

	for (int64_t k = 0; k < c->want->service->scale; k++) {
		if (all[k].kind != CHANGE_CREATE && all[k].kind != CHANGE_REPLACE && all[k].had &&
			str_in("running paused restarting", all[k].had->state))
			return NULL;
		if (!first && starts(&all[k]))
			first = &all[k];
	}
	return first;
}

/* Does change I have hook H of pre_start? */
static bool
has_helper(const struct lowering *l, size_t i, const struct node *hook) {
	const struct change *first = first_to_start(l, i);

	return hook_is_each(hook) || first == &l->changes->v[i];
}

bool
hooks_before(const struct lowering *l, size_t i) {
	const struct node *list = hook_list(l->changes->v[i].want->service, "pre_start");

	if (l->options->no_start || !starts(&l->changes->v[i]))
		return false;
	for (size_t k = 0; list && k < list->n; k++)
		if (has_helper(l, i, list->u.item[k]))
			return true;
	return false;
}

/* The hooks of pre_start; other containers of the service wait for those that are run once. */
static void
lower_before(struct lowering *l, size_t i) {
	const struct change *c = &l->changes->v[i], *first;
	const struct node *list = hook_list(c->want->service, "pre_start");
	struct lowered *low = &l->low[i];

	for (size_t k = 0; list && k < list->n; k++)
		if (has_helper(l, i, list->u.item[k]))
			helper_add(l, &low->before, c->want, list, k);
	for (size_t k = 0; k < low->before.n; k++)
		step_extend(l->ctx, low->before.v[k])->guard =
			words_of(l->ctx, l->plan, "top", c->want->name);
	if (low->before.n) {
		step_need(l->ctx, low->before.v[0], low->connect);
		step_need(l->ctx, low->started, low->before.v[low->before.n - 1]);
	}
	first = list ? first_to_start(l, i) : NULL;
	if (first && first != c) {
		const struct chain *once = &l->low[first - l->changes->v].before;
		if (once->n)
			step_need(l->ctx, low->before.n ? low->before.v[0] : low->started,
				once->v[once->n - 1]);
	}
}

void
hooks_lower(struct lowering *l, size_t i) {
	const struct change *c = &l->changes->v[i];
	struct lowered *low = &l->low[i];

	if (!low->started || !starts(c))
		return;
	lower_before(l, i);
	low->after = hooks_exec(l->ctx, l->plan, c->want, c->want->service, "post_start");
	low->started->is_followed = low->after.n > 0;
	for (size_t k = 0; k < low->after.n; k++)
		step_extend(l->ctx, low->after.v[k])->follows = low->started;
	if (low->after.n)
		step_need(l->ctx, low->after.v[0], low->started);
}
