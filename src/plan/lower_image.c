/* lower_image.c - the steps that get one image: a pull, a build, and the question for its ID where labels want it.
 * Starts at lower_image(). An image that a service builds and names by `image:` is pulled if it can be had, and built
 * otherwise; one that has no such name is only built. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

/* What the option --pull, else the services, say of pulling. */
static enum pulling
pulling(const struct lowering *l, const struct image_wish *w) {
	switch (l->options->pull) {
	case PULL_ALWAYS:
		return PULLING_ALWAYS;
	case PULL_MISSING:
		return PULLING_MISSING;
	case PULL_NEVER:
		return PULLING_NEVER;
	case PULL_POLICY:
		break;
	}
	return w->pulling;
}

bool
image_must_be_there(const struct lowering *l, const struct resource *container) {
	const struct service *s = container->service;
	const struct image_wish *w = container->image ? container->image->wish : NULL;
	const char *policy = node_text(node_find(s->tree, "pull_policy"));

	if (!w)
		return false;
	if (w->is_own && l->options->build == BUILD_NEVER)
		return true;
	if (l->options->pull != PULL_POLICY)
		return l->options->pull == PULL_NEVER;
	return str_eq(policy, "never") || (str_eq(policy, "build") && !w->builder);
}

/* Is it built, whether it is there or not? */
static bool
is_built_anew(const struct lowering *l, const struct image_wish *w) {
	return w->builder && l->options->build != BUILD_NEVER &&
	       (w->is_anew || l->options->build == BUILD_ALWAYS);
}

/* Is the image that is there older than its policy wants? */
static bool
is_too_old(const struct lowering *l, const struct change *c) {
	return c->had && l->options->now_s - c->had->tagged_s > c->want->wish->old_s;
}

/* Is it pulled? */
static bool
is_pulled(const struct lowering *l, const struct change *c) {
	const struct image_wish *w = c->want->wish;
	enum pulling how = pulling(l, w);

	if (how == PULLING_NEVER || w->is_own || is_built_anew(l, w))
		return false;
	return how == PULLING_ALWAYS || c->kind == CHANGE_CREATE ||
	       (how == PULLING_OLD && is_too_old(l, c));
}

/* Without an engine nobody knows how old it is. */
static void
note_age(const struct lowering *l, const struct change *c) {
	if (!l->changes->observed && pulling(l, c->want->wish) == PULLING_OLD)
		diag(l->ctx, SEV_WARNING, c->want->wish->policy_at, "age-unknown",
			"only an engine knows how old the image '%s' is: here it is pulled where "
			"it is missing, by apply also when it is too old",
			c->want->name);
}

/* Give a step the words of all steps of its sort, which are in *SHARED once they are made: the program, WORDS and LAST. The name comes
 * behind them. */
static void
share_words(struct lowering *l, struct step *s, struct words *shared, const char *words,
	const char *last) {
	if (!shared->n)
		*shared = words_of(l->ctx, l->plan, words, last);
	s->argv = words_part(shared, 0, shared->n);
	s->named = true;
}

/* `docker pull`. */
static struct step *
pull_step(struct lowering *l, const struct change *c) {
	struct ctx *ctx = l->ctx;
	const struct resource *r = c->want;
	const struct node *platform = r->service ? node_find(r->service->tree, "platform") : NULL;
	struct step *s = step_bare(ctx, ACT_PULL, r);

	share_words(l, s, &l->pull_words, "", "pull");
	if (platform && *node_text(platform)) { /* they become its own */
		step_push(ctx, s, "--platform", platform->at);
		words_push_word(ctx->mem, &s->argv, node_word(platform));
	}
	s->why = c->kind == CHANGE_CREATE
			 ? c->why
			 : arena_printf(ctx->mem, "the newest image '%s'", r->name);
	s->optional = r->wish->builder && l->options->build != BUILD_NEVER;
	if (s->optional)
		s->why = arena_join(ctx->mem, s->why, ", if it can be had", NULL);
	s->guarded = s->is_usual =
		pulling(l, r->wish) != PULLING_ALWAYS && c->kind == CHANGE_CREATE;
	return s;
}

/* `docker build`, unless PULL went well. */
static struct step *
build_step(const struct lowering *l, const struct change *c, struct step *pull) {
	struct ctx *ctx = l->ctx;
	const struct resource *r = c->want;
	const struct image_wish *w = r->wish;
	struct step *s = step_new(ctx, l->plan, ACT_BUILD, r);

	step_text(ctx, s, "build");
	step_push_all(ctx, s, &r->create);
	s->labels_at = s->argv.n - 1;
	s->service = w->builder;
	s->title = w->builder->name;
	s->at = w->build_at;
	s->pass = r->pass;
	s->npass = r->npass;
	s->feed = w->feed;
	s->why = arena_printf(ctx->mem, "image of '%s', built %s%s%s%s", w->builder->name,
		is_built_anew(l, w) ? "anew"
		: pull              ? "here where it could not be had"
				    : "here",
		w->buildkit ? "; '" : "", w->buildkit ? w->buildkit : "",
		w->buildkit ? "' needs BuildKit" : "");
	s->guarded = s->is_usual = !is_built_anew(l, w);
	step_extend(ctx, s)->unless = pull;
	step_need(ctx, s, pull);
	return s;
}

/* The reading command for its ID. */
static struct step *
query_step(struct lowering *l, const struct resource *r) {
	struct ctx *ctx = l->ctx;
	struct step *s = step_bare(ctx, ACT_QUERY, r);

	share_words(l, s, &l->query_words, "image inspect -f", "{{.Id}}");
	s->why = arena_join(ctx->mem, "the ID of image '", r->name,
		"', for the label by which Compose knows it", NULL);
	s->yields = r->image_id;
	return s;
}

/* The reading command for its own command, a word a line; it fails where a word is empty or holds a line break, which no line
 * could tell. */
static struct step *
command_step(const struct lowering *l, const struct resource *r) {
	static const char words[] =
		"{{range .Config.Cmd}}{{if or (eq . \"\") (gt (len (split . \"\\n\")) 1)}}"
		"{{index 0 0}}{{end}}{{println .}}{{end}}";
	struct ctx *ctx = l->ctx;
	struct step *s = step_new(ctx, l->plan, ACT_QUERY, r);

	step_text(ctx, s, "image inspect -f");
	step_push(ctx, s, words, r->at);
	step_push(ctx, s, r->name, r->at);
	s->why = arena_join(ctx->mem, "the command of image '", r->name,
		"', which must be repeated where its entrypoint is taken away", NULL);
	s->yields = r->image_command;
	return s;
}

/* It is not there, and may be neither built nor pulled. */
static void
refuse_absent(const struct lowering *l, const struct change *c) {
	const struct image_wish *w = c->want->wish;

	if (l->changes->observed && c->kind == CHANGE_CREATE && w->is_own &&
		l->options->build == BUILD_NEVER)
		diag(l->ctx, SEV_ERROR, w->build_at, "not-built",
			"the image '%s' of '%s' is not there, and --no-build forbids to build it: "
			"leave that option out",
			c->want->name, w->builder->name);
}

/* Is it built here? */
static bool
is_built(const struct lowering *l, const struct change *c) {
	const struct image_wish *w = c->want->wish;

	return w->builder && l->options->build != BUILD_NEVER &&
	       (c->kind == CHANGE_CREATE || is_built_anew(l, w));
}

bool
image_is_got(const struct lowering *l, const struct change *c) {
	return is_pulled(l, c) || is_built(l, c);
}

void
lower_image(struct lowering *l, const struct change *c, struct lowered *low) {
	note_age(l, c);
	refuse_absent(l, c);
	if (is_pulled(l, c))
		low->pull = pull_step(l, c);
	if (is_built(l, c))
		low->build = build_step(l, c, low->pull);
	low->made = low->build ? low->build : low->pull;
	if (low->same)
		step_need(l->ctx, low->same, low->made);
	if (c->want->image_id && low->is_used) {
		low->query = query_step(l, c->want);
		step_need(l->ctx, low->query, low->made);
		low->made = low->query;
	}
	if (c->want->image_command && low->is_used) {
		low->command = command_step(l, c->want);
		step_need(l->ctx, low->command, low->made);
		low->made = low->command;
	}
}
