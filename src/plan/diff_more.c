/* diff_more.c - what follows from changes for other containers, and what is there and not wanted. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

/* Does the service share a namespace of the other one, or its volumes? The key that says so, or NULL. */
static const char *
shares(const struct service *s, const char *other) {
	static const char *const modes[] = {"network_mode", "ipc", "pid"};
	const struct node *from = node_find(s->tree, "volumes_from");

	for (size_t i = 0; i < countof(modes); i++) {
		const char *mode = node_text(node_find(s->tree, modes[i]));
		if (str_starts(mode, "service:") && str_eq(mode + 8, other))
			return modes[i];
	}
	for (size_t i = 0; from && from->type == NODE_LIST && i < from->n; i++) {
		const char *text = node_text(from->u.item[i]);
		size_t n = strcspn(text, ":");
		if (!str_starts(text, "container:") && n == strlen(other) &&
			strncmp(text, other, n) == 0)
			return "volumes_from";
	}
	return NULL;
}

/* Does the service ask to be restarted with the other one? */
static bool
restarts_with(const struct service *s, const struct service *other) {
	for (size_t i = 0; i < s->nneed; i++)
		if (s->need[i].on == other && s->need[i].restart)
			return true;
	return false;
}

/* Is another thing there now, or going to be? */
static bool
is_made(const struct change *c) {
	return c->kind == CHANGE_REPLACE || c->kind == CHANGE_CREATE;
}

/* It is replaced because of another change; when that is one that may turn out to be needless, so is this. */
static void
follow(struct ctx *ctx, struct change *c, const struct change *cause, const char *why) {
	bool was = c->kind == CHANGE_REPLACE;

	c->unless =
		was ? c->unless && c->unless == cause->unless ? c->unless : NULL : cause->unless;
	if (was)
		return;
	change_set(
		c, CHANGE_REPLACE, arena_printf(ctx->mem, "replace '%s': %s", c->want->key, why));
	c->cause = cause;
}

/* What one edge of a container that is there means for it. */
static void
follow_edge(struct ctx *ctx, struct change *c, const struct change *to) {
	const char *key;

	if (to->want->kind == KIND_NETWORK && is_made(to) && is_in_network(c->had, to->want->name))
		follow(ctx, c, to,
			arena_printf(ctx->mem, "the network '%s' is made anew", to->want->key));
	if (to->want->kind != KIND_CONTAINER || !is_made(to))
		return;
	key = shares(c->want->service, to->want->key);
	if (key && to->want->number == 1)
		follow(ctx, c, to,
			arena_printf(ctx->mem, "'%s' ties it to '%s', which is %s", key,
				to->want->key,
				to->kind == CHANGE_CREATE ? "made anew" : "replaced"));
	else if (to->kind == CHANGE_REPLACE && restarts_with(c->want->service, to->want->service)) {
		c->restart = true;
		c->cause = c->cause ? c->cause : to;
	}
}

void
changes_cascade(struct ctx *ctx, struct changes *list) {
	for (size_t i = 0; i < list->n; i++) {
		struct change *c = &list->v[i];
		if (c->want->kind != KIND_CONTAINER || !c->had ||
			(c->kind != CHANGE_KEEP && c->kind != CHANGE_REPAIR &&
				c->kind != CHANGE_REPLACE))
			continue;
		for (size_t k = 0; k < c->want->nedge; k++)
			follow_edge(ctx, c, &list->v[c->want->edge[k].to->mark]);
	}
}

/* For qsort: services as they come, of each the highest number first, and what was set aside before what was not. */
static int
by_number(const void *a, const void *b) {
	const struct change *x = a, *y = b;
	int order = strcmp(x->had->had_key, y->had->had_key);

	if (order)
		return order;
	if (x->had->number != y->had->number)
		return x->had->number < y->had->number ? 1 : -1;
	return strcmp(y->had->name, x->had->name);
}

/* Mark what a wanted container accounts for. */
static void
mark_accounted(const struct diffing *d) {
	for (size_t i = 0; i < d->had->n; i++)
		d->had->v[i]->mark = 0;
	for (size_t i = 0; i < d->changes->n; i++) {
		const struct change *c = &d->changes->v[i];
		if (c->had)
			c->had->mark = 1;
		if (c->aside)
			c->aside->mark = 1;
	}
}

/* It is to go. */
static void
add_gone(struct diffing *d, struct resource *had, const char *why) {
	struct changes *list = d->changes;

	list->gone = grown(d->ctx, list->gone, list->ngone, sizeof(*list->gone));
	list->gone[list->ngone++] = (struct change){.kind = CHANGE_REMOVE, .had = had, .why = why};
}

/* A container of ours that no wanted one accounts for: too many, or an orphan. False: an orphan that stays. */
static bool
gone_container(struct diffing *d, struct resource *had) {
	struct ctx *ctx = d->ctx;
	const struct service *s = project_service(d->project, had->had_key);

	if (s && !s->enabled)
		return true;
	if (s) {
		add_gone(d, had,
			had->number > s->scale
				? arena_printf(ctx->mem, "'%s' is to have %lld container%s",
					  s->name, (long long)s->scale, s->scale == 1 ? "" : "s")
				: arena_printf(ctx->mem, "'%s' has another container %lld", s->name,
					  (long long)had->number));
		return true;
	}
	if (!d->options->remove_orphans)
		return false;
	add_gone(d, had, arena_printf(ctx->mem, "the spec has no service '%s'", had->had_key));
	return true;
}

/* Those that stay, while they are looked for. */
struct orphans {
	struct buf names;
	size_t containers, networks;
	const char *files; /* that made the first container */
};

/* Name the orphans that stay, and the file that made the first. */
static void
warn_of_orphans(const struct diffing *d, const struct orphans *o) {
	const char *what = o->containers && o->networks ? "containers and networks"
			   : o->containers == 1         ? "a container"
			   : o->containers              ? "containers"
			   : o->networks == 1           ? "a network"
							: "networks";

	diag(d->ctx, SEV_WARNING, (struct pos){0}, "orphans",
		"the project '%s' has %s that the spec does not know: %s; --remove-orphans removes "
		"%s",
		d->project->name, what, buf_str(&o->names),
		o->containers + o->networks == 1 ? "it" : "them");
	if (o->files && *o->files)
		diag_note(d->ctx, (struct pos){0}, "made from %s", o->files);
}

static void
note_orphan(struct orphans *o, const struct resource *r) {
	buf_printf(&o->names, "%s'%s'", o->names.n ? ", " : "", r->name);
	if (r->kind == KIND_NETWORK) {
		o->networks++;
		return;
	}
	o->containers++;
	o->files = o->files ? o->files : r->had_files;
}

/* A network of the project. */
static void
gone_network(struct diffing *d, struct resource *had, struct orphans *o) {
	const char *why = why_orphan_network(d, had);

	if (had->is_twin)
		add_gone(d, had, "there are two of its name");
	else if (why && d->options->remove_orphans)
		add_gone(d, had, why);
	else if (why)
		note_orphan(o, had);
}

void
diff_gone(struct diffing *d) {
	struct orphans orphans = {.containers = 0};

	mark_accounted(d);
	for (size_t i = 0; i < d->had->n; i++) {
		struct resource *r = d->had->v[i];
		if (!is_of_project(d->project, r))
			continue;
		if (r->kind == KIND_NETWORK)
			gone_network(d, r, &orphans);
		if (r->kind == KIND_CONTAINER && !r->one_off && !r->mark && !gone_container(d, r))
			note_orphan(&orphans, r);
	}
	if (orphans.names.n && !d->options->ignore_orphans)
		warn_of_orphans(d, &orphans);
	buf_free(&orphans.names);
	if (d->changes->ngone)
		qsort(d->changes->gone, d->changes->ngone, sizeof(*d->changes->gone), by_number);
}
