/* diff.c - wanted x had: what must change, each with a sentence why. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

/* Who has an edge to a resource: the services, of which three are named, and whether its end is waited for. */
struct users {
	const char *name[3], *last;
	size_t n;
	bool awaited;
};

struct diffing {
	struct ctx *ctx;
	const struct project *project;
	struct users *users; /* by resource.mark */
};

/* Note that the service of C, a container or a built image, uses what one of its edges leads to. */
static void
note_user(struct users *u, const struct resource *c) {
	const char *name = c->kind == KIND_IMAGE ? c->wish->builder->name : c->key;

	if ((c->kind != KIND_IMAGE && c->number != 1) || u->last == name)
		return;
	u->last = name;
	if (u->n < countof(u->name))
		u->name[u->n] = name;
	u->n++;
}

/* The users of all that is wanted, in one pass. */
static struct users *
users_of(struct ctx *ctx, const struct resources *want) {
	struct users *users = arena_array(ctx->mem, want->n, sizeof(*users));

	for (size_t i = 0; i < want->n; i++)
		want->v[i]->mark = (uint32_t)i;
	for (size_t i = 0; i < want->n; i++)
		for (size_t k = 0; k < want->v[i]->nedge; k++) {
			struct users *u = &users[want->v[i]->edge[k].to->mark];
			if (want->v[i]->kind != KIND_IMAGE || want->v[i]->edge[k].required)
				note_user(u, want->v[i]);
			u->awaited = u->awaited || want->v[i]->edge[k].until == READY_COMPLETED;
		}
	return users;
}

/* "'a'", "'a' and 'b'", "'a', 'b' and 3 more"; "a check" when no service uses it. */
static const char *
users_text(struct ctx *ctx, const struct users *u) {
	struct buf b = {0};

	if (!u->n)
		return "a check";
	if (u->n == 1)
		return arena_join(ctx->mem, "'", u->name[0], "'", NULL);
	for (size_t i = 0; i < u->n && i < 2; i++)
		buf_printf(&b, "%s'%s'", i == 0 ? "" : u->n == 2 ? " and " : ", ", u->name[i]);
	if (u->n == 3)
		buf_printf(&b, " and '%s'", u->name[2]);
	else if (u->n > 3)
		buf_printf(&b, " and %zu more", u->n - 2);
	return arena_take_buf(ctx->mem, &b);
}

/* Why something that is not there is made. */
static const char *
why_create(const struct diffing *d, const struct resource *r) {
	struct ctx *ctx = d->ctx;
	const char *users = r->kind == KIND_CONTAINER ? "" : users_text(ctx, &d->users[r->mark]);

	switch (r->kind) {
	case KIND_IMAGE:
		return arena_join(ctx->mem, "image for ", users, NULL);
	case KIND_NETWORK:
		return arena_join(ctx->mem, "network of ", users, NULL);
	case KIND_VOLUME:
		return arena_join(ctx->mem, "volume that keeps data of ", users, NULL);
	case KIND_CONTAINER:
		break;
	}
	if (r->number > 1 || (r->service && r->service->scale > 1))
		return arena_printf(
			ctx->mem, "container %lld of service '%s'", (long long)r->number, r->key);
	return arena_join(ctx->mem, "service '", r->key, "'", NULL);
}

/* Has it done what it is for: something waits for its end, and it ended well? */
static bool
is_done(const struct diffing *d, const struct resource *r, const struct resource *had) {
	return str_eq(had->state, "exited") && had->exit_code == 0 && d->users[r->mark].awaited;
}

/* What becomes of it, and why. */
static void
set(struct change *c, enum change_kind kind, const char *why) {
	c->kind = kind;
	c->why = why;
}

/* Same name, not made by us for this project. */
static void
set_conflict(struct ctx *ctx, struct change *c) {
	const struct resource *had = c->had;
	const char *owner = *had->project
				    ? arena_printf(ctx->mem, "project '%s' (made by another tool)",
					      had->project)
				    : "no project";

	if (had->ours || *had->had_digest)
		owner = arena_printf(ctx->mem, "project '%s'", had->project);
	set(c, CHANGE_CONFLICT,
		arena_printf(ctx->mem,
			"the %s '%s' is there already and belongs to %s: remove it, give this one "
			"another name, "
			"or declare it external",
			kind_name(c->want->kind), c->want->name, owner));
}

/* Ours: is it as wanted? */
static bool
set_if_different(struct ctx *ctx, const struct project *p, struct change *c) {
	const struct digest *digest = resource_digest(ctx, p, c->want);
	const char *gone;
	const struct keysum *sum;

	if (str_eq(c->had->had_digest, digest->all))
		return false;
	sum = digest_differs(ctx, digest, c->had->had_sums, c->want->kind != KIND_CONTAINER, &gone);
	if (sum && sum->at.line)
		c->at = sum->at;
	set(c, CHANGE_DIFFERS,
		arena_printf(ctx->mem,
			"the %s '%s' was made with %s; replacing it is not supported by this "
			"version yet: remove it "
			"with 'stackplan down' and apply again",
			kind_name(c->want->kind), c->want->name,
			sum    ? arena_printf(ctx->mem, "another '%s'", sum->key)
			: gone ? arena_printf(ctx->mem, "'%s', which is gone from the spec", gone)
			       : "other settings"));
	return true;
}

/* A container of ours with the wanted keys: does it run? */
static void
diff_container(const struct diffing *d, struct change *c) {
	struct ctx *ctx = d->ctx;
	const char *state = c->had->state;

	if (str_eq(state, "running") || str_eq(state, "restarting") || is_done(d, c->want, c->had))
		set(c, CHANGE_KEEP, arena_printf(ctx->mem, "'%s' is as wanted", c->want->name));
	else if (str_eq(state, "dead") || str_eq(state, "removing"))
		set(c, CHANGE_DIFFERS,
			arena_printf(ctx->mem,
				"the container '%s' is %s: remove it with 'docker rm -f %s'",
				c->want->name, state, c->want->name));
	else
		set(c, CHANGE_START,
			arena_printf(ctx->mem, "container '%s' is %s", c->want->name, state));
}

/* One wanted resource beside what is there under its name. */
static void
diff_one(const struct diffing *d, struct change *c) {
	struct ctx *ctx = d->ctx;
	struct resource *r = c->want;

	if (!c->had && r->external)
		set(c, CHANGE_MISSING,
			arena_printf(ctx->mem,
				"the external %s '%s' is not there: make it with 'docker %s create "
				"%s'",
				kind_name(r->kind), r->name, kind_name(r->kind), r->name));
	else if (!c->had)
		set(c, CHANGE_CREATE, why_create(d, r));
	else if (r->external || r->kind == KIND_IMAGE)
		set(c, CHANGE_KEEP, "it is there");
	else if (!c->had->ours || !str_eq(c->had->project, d->project->name))
		set_conflict(ctx, c);
	else if (set_if_different(ctx, d->project, c))
		return;
	else if (r->kind == KIND_CONTAINER)
		diff_container(d, c);
	else
		set(c, CHANGE_KEEP, "it is there");
}

struct changes *
diff_make(struct ctx *ctx, const struct project *p, const struct resources *want,
	const struct resources *had) {
	struct changes *list = arena_make(ctx->mem, struct changes);
	struct diffing d = {.ctx = ctx, .project = p, .users = users_of(ctx, want)};

	list->v = arena_array(ctx->mem, want->n, sizeof(*list->v));
	list->n = want->n;
	list->observed = had != NULL;
	for (size_t i = 0; i < want->n; i++) {
		struct change *c = &list->v[i];
		c->want = want->v[i];
		c->at = c->want->at;
		c->had = resources_find(had, c->want->kind, c->want->name);
		if (!had && c->want->external)
			set(c, CHANGE_KEEP, "it must be there already");
		else
			diff_one(&d, c);
	}
	return list;
}
