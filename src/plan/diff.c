/* diff.c - wanted x had: what must change, each with a sentence why. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

/* "'a'", "'a' and 'b'", "'a', 'b' and 3 more": the services whose containers have an edge to R. */
static const char *
users(struct ctx *ctx, const struct resources *want, const struct resource *r)
{
	const char *name[3] = {0};
	size_t n = 0;
	struct buf b = {0};

	for (size_t i = 0; i < want->n; i++) {
		const struct resource *c = want->v[i];
		if (c->kind != KIND_CONTAINER || c->number != 1)
			continue;
		for (size_t k = 0; k < c->nedge; k++)
			if (c->edge[k].to == r) {
				if (n < countof(name))
					name[n] = c->key;
				n++;
				break;
			}
	}
	if (!n)
		return "a check";
	for (size_t i = 0; i < n && i < 2; i++)
		buf_printf(&b, "%s'%s'", i == 0 ? "" : n == 2 ? " and " : ", ", name[i]);
	if (n == 3)
		buf_printf(&b, " and '%s'", name[2]);
	else if (n > 3)
		buf_printf(&b, " and %zu more", n - 2);
	return arena_take_buf(ctx->mem, &b);
}

static const char *
why_create(struct ctx *ctx, const struct resources *want, const struct resource *r)
{
	switch (r->kind) {
	case KIND_IMAGE:
		return arena_printf(ctx->mem, "image for %s", users(ctx, want, r));
	case KIND_NETWORK:
		return arena_printf(ctx->mem, "network of %s", users(ctx, want, r));
	case KIND_VOLUME:
		return arena_printf(ctx->mem, "volume that keeps data of %s", users(ctx, want, r));
	case KIND_CONTAINER:
		break;
	}
	if (r->number > 1 || (r->service && r->service->scale > 1))
		return arena_printf(ctx->mem, "container %lld of service '%s'", (long long)r->number, r->key);
	return arena_printf(ctx->mem, "service '%s'", r->key);
}

/* Is it a one-shot: something waits for its end, or it is not to be restarted and ended well? */
static bool
is_done(const struct resources *want, const struct resource *r, const struct resource *had)
{
	if (!str_eq(had->state, "exited") || had->exit_code != 0)
		return false;
	for (size_t i = 0; i < want->n; i++)
		for (size_t k = 0; k < want->v[i]->nedge; k++)
			if (want->v[i]->edge[k].to == r && want->v[i]->edge[k].until == READY_COMPLETED)
				return true;
	return false;
}

static void
set(struct change *c, enum change_kind kind, const char *why)
{
	c->kind = kind;
	c->why = why;
}

/* Same name, not made by us for this project. */
static void
set_conflict(struct ctx *ctx, struct change *c)
{
	const struct resource *had = c->had;
	const char *owner = *had->project
				    ? arena_printf(ctx->mem, "project '%s' (made by another tool)", had->project)
				    : "no project";

	if (had->ours || *had->had_digest)
		owner = arena_printf(ctx->mem, "project '%s'", had->project);
	set(c, CHANGE_CONFLICT,
		arena_printf(ctx->mem,
			"the %s '%s' is there already and belongs to %s: remove it, give this one another name, "
			"or declare it external",
			kind_name(c->want->kind), c->want->name, owner));
}

/* Ours: is it as wanted? */
static bool
set_if_different(struct ctx *ctx, struct change *c)
{
	const char *gone;
	const struct keysum *sum;

	if (str_eq(c->had->had_digest, c->want->digest))
		return false;
	sum = digest_differs(ctx, c->want, c->had->had_sums, &gone);
	if (sum && sum->at.line)
		c->at = sum->at;
	set(c, CHANGE_DIFFERS,
		arena_printf(ctx->mem,
			"the %s '%s' was made with %s; replacing it is not supported by this version yet: remove it "
			"with 'stackplan down' and apply again",
			kind_name(c->want->kind), c->want->name,
			sum    ? arena_printf(ctx->mem, "another '%s'", sum->key)
			: gone ? arena_printf(ctx->mem, "'%s', which is gone from the spec", gone)
			       : "other settings"));
	return true;
}

static void
diff_container(struct ctx *ctx, const struct resources *want, struct change *c)
{
	const char *state = c->had->state;

	if (str_eq(state, "running") || str_eq(state, "restarting") || is_done(want, c->want, c->had))
		set(c, CHANGE_KEEP, arena_printf(ctx->mem, "'%s' is as wanted", c->want->name));
	else if (str_eq(state, "dead") || str_eq(state, "removing"))
		set(c, CHANGE_DIFFERS,
			arena_printf(ctx->mem, "the container '%s' is %s: remove it with 'docker rm -f %s'",
				c->want->name, state, c->want->name));
	else
		set(c, CHANGE_START,
			arena_printf(ctx->mem, "container '%s' is %s", c->want->name, state));
}

static void
diff_one(struct ctx *ctx, const struct project *p, const struct resources *want, struct change *c)
{
	struct resource *r = c->want;

	if (!c->had && r->external)
		set(c, CHANGE_MISSING,
			arena_printf(ctx->mem, "the external %s '%s' is not there: make it with 'docker %s create %s'",
				kind_name(r->kind), r->name, kind_name(r->kind), r->name));
	else if (!c->had)
		set(c, CHANGE_CREATE, why_create(ctx, want, r));
	else if (r->external || r->kind == KIND_IMAGE)
		set(c, CHANGE_KEEP, "it is there");
	else if (!c->had->ours || !str_eq(c->had->project, p->name))
		set_conflict(ctx, c);
	else if (set_if_different(ctx, c))
		return;
	else if (r->kind == KIND_CONTAINER)
		diff_container(ctx, want, c);
	else
		set(c, CHANGE_KEEP, "it is there");
}

struct changes *
diff_make(struct ctx *ctx, const struct project *p, const struct resources *want,
	const struct resources *had)
{
	struct changes *list = arena_make(ctx->mem, struct changes);

	list->v = arena_array(ctx->mem, want->n, sizeof(*list->v));
	list->n = want->n;
	for (size_t i = 0; i < want->n; i++) {
		struct change *c = &list->v[i];
		c->want = want->v[i];
		c->at = c->want->at;
		c->had = resources_find(ctx, had, c->want->kind, c->want->name);
		if (!had && c->want->external)
			set(c, CHANGE_KEEP, "it must be there already");
		else
			diff_one(ctx, p, want, c);
	}
	return list;
}
