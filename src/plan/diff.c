/* diff.c - wanted x had: what must change, each with a sentence why.
 * Starts at diff_make(): networks, volumes and images here, containers in diff_container.c, what follows from a change for others and
 * what is there and not wanted in diff_more.c. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

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
users_of(struct arena *mem, const struct resources *want) {
	struct users *users = arena_array(mem, want->n, sizeof(*users));

	for (size_t i = 0; i < want->n; i++) {
		resources_ahead(want, i);
		want->v[i]->mark = (uint32_t)i;
	}
	for (size_t i = 0; i < want->n; i++) {
		resources_ahead(want, i);
		for (size_t k = 0; k < want->v[i]->nedge; k++) {
			struct users *u = &users[want->v[i]->edge[k].to->mark];
			if (want->v[i]->kind != KIND_IMAGE || want->v[i]->edge[k].required)
				note_user(u, want->v[i]);
			u->awaited = u->awaited || want->v[i]->edge[k].until == READY_COMPLETED;
		}
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

const char *
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

void
change_set(struct change *c, enum change_kind kind, const char *why) {
	c->kind = kind;
	c->why = why;
}

bool
is_of_project(const struct project *p, const struct resource *had) {
	return *had->project && str_eq(had->project, p->name);
}

void
change_conflict(struct ctx *ctx, struct change *c) {
	const struct resource *had = c->had;
	const char *owner = *had->project
				    ? arena_printf(ctx->mem, "project '%s' (made by another tool)",
					      had->project)
				    : "no project";

	if (had->ours || *had->had_digest)
		owner = arena_printf(ctx->mem, "project '%s'", had->project);
	change_set(c, CHANGE_CONFLICT,
		arena_printf(ctx->mem,
			"the %s '%s' is there already and belongs to %s: remove it, give this one "
			"another name, "
			"or declare it external",
			kind_name(c->want->kind), c->want->name, owner));
}

/* A volume that was made with other settings holds data: it is kept, and that is said. */
static void
keep_volume(const struct diffing *d, struct change *c) {
	struct ctx *ctx = d->ctx;

	diag(ctx, SEV_WARNING, c->at, "volume-kept",
		"the volume '%s' was made %s; it is kept as it is, since another one would be "
		"empty: to have that, save its data, then 'docker volume rm %s' and apply again",
		c->want->name, differences_of_kept(ctx, c), c->want->name);
	c->ndiff = 0;
	change_set(c, CHANGE_KEEP, "it is there");
}

/* Ours: a network, which can be made anew, or a volume, which can't. */
static void
diff_named(const struct diffing *d, struct change *c) {
	struct ctx *ctx = d->ctx;

	change_set(c, CHANGE_KEEP, "it is there");
	if (!c->had->ours) /* Compose made it, and said nothing of how */
		return;
	differences_find(d, c);
	if (!c->ndiff)
		return;
	if (c->diff[0].at.line)
		c->at = c->diff[0].at;
	if (c->want->kind == KIND_VOLUME) {
		keep_volume(d, c);
		return;
	}
	change_set(c, CHANGE_REPLACE,
		arena_printf(ctx->mem, "network '%s' is made anew: %s", c->want->key,
			differences_text(ctx, c)));
}

/* Nothing is there under its name. */
static void
diff_new(const struct diffing *d, struct change *c) {
	change_set(c, CHANGE_CREATE, why_create(d, c->want));
	if (c->want->kind == KIND_VOLUME)
		warn_of_renamed_volume(d, c);
}

/* One wanted resource beside what is there under its name. */
static void
diff_one(struct diffing *d, struct change *c) {
	struct ctx *ctx = d->ctx;
	struct resource *r = c->want;

	c->had = resources_find(d->had, r->kind, r->name);
	if (r->kind == KIND_CONTAINER)
		diff_container(d, c);
	else if (!c->had && r->external)
		change_set(c, CHANGE_MISSING,
			arena_printf(ctx->mem,
				"the external %s '%s' is not there: make it with 'docker %s create "
				"%s'",
				kind_name(r->kind), r->name, kind_name(r->kind), r->name));
	else if (!c->had)
		diff_new(d, c);
	else if (r->external || r->kind == KIND_IMAGE)
		change_set(c, CHANGE_KEEP, "it is there");
	else if (!is_of_project(d->project, c->had))
		change_conflict(ctx, c);
	else
		diff_named(d, c);
}

/* Everything, where no engine was asked: what is wanted is made. */
static void
diff_nothing(struct diffing *d, struct change *c) {
	if (c->want->external)
		change_set(c, CHANGE_KEEP, "it must be there already");
	else
		change_set(c, CHANGE_CREATE, why_create(d, c->want));
}

struct changes *
diff_make(struct ctx *ctx, const struct project *p, const struct resources *want,
	const struct resources *had, const struct diff_options *options) {
	static const struct diff_options usual = {0};
	struct changes *list = arena_make(ctx->mem, struct changes);
	struct arena *scratch = arena_new();
	struct diffing d = {.ctx = ctx,
		.project = p,
		.want = want,
		.had = had,
		.options = options ? options : &usual,
		.changes = list,
		.users = users_of(scratch, want)};

	list->v = arena_array(ctx->mem, want->n, sizeof(*list->v));
	list->n = want->n;
	list->observed = had != NULL;
	if (had)
		diff_begin(&d);
	for (size_t i = 0; i < want->n; i++) {
		struct change *c = &list->v[i];
		resources_ahead(want, i);
		c->want = want->v[i];
		c->at = c->want->at;
		if (had)
			diff_one(&d, c);
		else
			diff_nothing(&d, c);
	}
	if (had) {
		changes_cascade(ctx, list);
		diff_gone(&d);
		warn_of_renamed_project(&d);
	}
	arena_free(scratch);
	return list;
}
