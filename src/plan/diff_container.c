/* diff_container.c - one wanted container beside those that are there: is it right, can it be set right, or must another one take its
 * place?
 *
 * An apply replaces a container by setting it aside as NAME.old, and removes it once the new one is good. When that did not
 * come to its end, both or only the old one are found here, and the next plan goes on from there. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/compose.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

static const char aside_end[] = ".old";

const char *
aside_name(struct ctx *ctx, const char *name) {
	return arena_join(ctx->mem, name, aside_end, NULL);
}

/* The wanted container that has been set aside under this name, or NULL. */
static struct resource *
wanted_aside(const struct diffing *d, const char *name) {
	size_t n = strlen(name), end = sizeof(aside_end) - 1;

	if (n <= end || !str_eq(name + n - end, aside_end))
		return NULL;
	return resources_find(d->want, KIND_CONTAINER, arena_strndup(d->ctx->mem, name, n - end));
}

/* The wanted container of which it has the labels, or NULL. */
static struct resource *
wanted_by_labels(const struct diffing *d, const struct resource *had) {
	const struct service *s = project_service(d->project, had->had_key);

	if (!s || s->one_off.is || had->number < 1)
		return NULL;
	return resources_find(
		d->want, KIND_CONTAINER, project_container(d->ctx, d->project, s, had->number));
}

void
diff_begin(struct diffing *d) {
	d->there = arena_array(d->ctx->mem, d->want->n, sizeof(*d->there));
	for (size_t i = 0; i < d->had->n; i++) {
		struct resource *r = d->had->v[i], *w;
		if (r->kind != KIND_CONTAINER || r->one_off || !is_of_project(d->project, r))
			continue;
		if ((w = resources_find(d->want, KIND_CONTAINER, r->name)))
			d->there[w->mark].now = r;
		else if ((w = wanted_aside(d, r->name)))
			d->there[w->mark].aside = r;
		else if ((w = wanted_by_labels(d, r)) && !d->there[w->mark].stray)
			d->there[w->mark].stray = r;
	}
}

/* Has it done what it is for: something waits for its end, and it ended well? */
static bool
is_done(const struct diffing *d, const struct resource *r, const struct resource *had) {
	return str_eq(had->state, "exited") && had->exit_code == 0 && d->users[r->mark].awaited;
}

/* The change of the image of a wanted container, or NULL. */
static const struct change *
image_change(const struct diffing *d, const struct resource *r) {
	return r->image ? &d->changes->v[r->image->mark] : NULL;
}

/* Was it made from another image than the one that has the name now? */
static bool
has_other_image(const struct diffing *d, const struct change *c) {
	const struct change *image = image_change(d, c->want);
	const char *id = node_text(facts_at(c->had, "Image"));

	return *id && image && image->had && !str_eq(image->had->id, id);
}

/* Is it in a network that went away and came back as another one? */
static const char *
stale_network(const struct diffing *d, const struct resource *had) {
	const struct node *nets = facts_at(had, "NetworkSettings.Networks");

	for (size_t i = 0; nets && nets->type == NODE_MAP && i < nets->n; i++) {
		const struct member *m = &nets->u.member[i];
		const char *id = node_text(node_find(m->val, "NetworkID"));
		const struct resource *net = resources_find(d->had, KIND_NETWORK, m->key);
		const struct resource *want = resources_find(d->want, KIND_NETWORK, m->key);
		if (want && *id && (!net || !str_eq(net->id, id)))
			return want->key;
	}
	return NULL;
}

/* Why a container of the right keys can't stay, or NULL. */
static const char *
why_not_stay(const struct diffing *d, const struct change *c) {
	struct ctx *ctx = d->ctx;
	const char *net = stale_network(d, c->had);

	if (!c->had->ours && c->want->service->compose_hash && !compose_keeps(c->want, c->had))
		return "Docker Compose made it, and would replace it, too: its service is another "
		       "one now";
	if (!c->had->ours && !c->want->service->compose_hash)
		return "it was made by Docker Compose, without the labels by which stackplan knows "
		       "its own";
	if (str_in("dead removing", c->had->state))
		return arena_printf(ctx->mem, "it is %s", c->had->state);
	if (has_other_image(d, c))
		return arena_printf(ctx->mem, "'%s' is another image now", c->want->image->name);
	if (net)
		return arena_printf(ctx->mem, "the network '%s' that it was in is gone", net);
	return d->options->recreate ? "--force-recreate" : NULL;
}

/* The service, or the container where there are several. */
static const char *
called(const struct resource *r) {
	return r->service && r->service->scale > 1 ? r->name : r->key;
}

/* Must another one take its place? The change then says so. */
static bool
set_replace(const struct diffing *d, struct change *c) {
	struct ctx *ctx = d->ctx;
	const char *why = NULL;

	if (c->had->ours)
		differences_find(d, c);
	if (c->ndiff && c->had->ours)
		why = differences_text(ctx, c);
	if (!why)
		why = why_not_stay(d, c);
	if (!why)
		return false;
	if (c->ndiff && c->diff[0].at.line)
		c->at = c->diff[0].at;
	if (d->options->keep && !str_in("dead removing", c->had->state)) {
		diag(ctx, SEV_WARNING, c->at, "kept",
			"'%s' is kept as it is, because of --no-recreate: %s", called(c->want),
			why);
		c->ndiff = 0;
		return false;
	}
	change_set(c, CHANGE_REPLACE,
		arena_printf(ctx->mem, "replace '%s': %s", called(c->want), why));
	return true;
}

bool
is_in_network(const struct resource *had, const char *name) {
	const struct node *nets = facts_at(had, "NetworkSettings.Networks");
	const char *p = had->networks;
	size_t n = strlen(name);

	if (nets && nets->type == NODE_MAP)
		return node_member(nets, name) != NULL;
	for (; p && (p = strstr(p, name)); p += n)
		if ((p == had->networks || p[-1] == ',') && (!p[n] || p[n] == ','))
			return true;
	return false;
}

/* The key of a wanted network that it is not in, or NULL. Without facts this is asked of those that don't run only: they may have been
 * left half made. */
static const char *
missing_network(const struct change *c) {
	bool asked = c->had->facts ||
		     (c->want->nconnect && !str_in("running restarting", c->had->state));

	for (size_t i = 0; asked && i < c->want->nedge; i++) {
		const struct resource *to = c->want->edge[i].to;
		if (to->kind == KIND_NETWORK && !is_in_network(c->had, to->name))
			return to->key;
	}
	return NULL;
}

/* It is the right one. Is it called, connected and running as it should? */
static void
set_repair(const struct diffing *d, struct change *c) {
	struct ctx *ctx = d->ctx;
	const char *state = c->had->state, *lacks = missing_network(c), *name = called(c->want);

	networks_by_hand(d, c);

	if (!str_eq(c->had->name, c->want->name))
		change_set(c, CHANGE_REPAIR,
			arena_printf(ctx->mem, "'%s' is called '%s'", name, c->had->name));
	else if (!str_in("running restarting", state) && !is_done(d, c->want, c->had))
		change_set(c, CHANGE_REPAIR,
			arena_printf(ctx->mem, "container '%s' is %s", c->want->name, state));
	else if (lacks)
		change_set(c, CHANGE_REPAIR,
			arena_printf(
				ctx->mem, "'%s' is not in the network '%s' any more", name, lacks));
	else if (c->nleave)
		change_set(c, CHANGE_REPAIR, why_disconnect(ctx, name, c->leave[0]));
	else
		change_set(
			c, CHANGE_KEEP, arena_printf(ctx->mem, "'%s' is as wanted", c->want->name));
}

/* Two of them: the new one stays if it is what is wanted, or has at least run; else the old one is gone on from. */
static void
choose_of_two(const struct diffing *d, struct change *c, const struct candidates *s) {
	c->had = s->now;
	c->aside = s->aside;
	if (!set_replace(d, c) || str_in("running restarting paused", s->now->state))
		return;
	c->had = s->aside;
	c->aside = s->now;
	c->ndiff = 0;
}

/* Did Compose make it for a project of the same name somewhere else? */
static bool
is_of_another_folder(const struct diffing *d, const struct resource *had) {
	return had->had_folder && *had->had_folder && d->project->folder &&
	       !str_eq(had->had_folder, d->project->folder);
}

void
diff_container(struct diffing *d, struct change *c) {
	const struct candidates *s = &d->there[c->want->mark];

	if (s->now && !s->now->ours && is_of_another_folder(d, s->now)) {
		c->had = s->now;
		change_set(c, CHANGE_CONFLICT,
			arena_printf(d->ctx->mem,
				"the container '%s' is there already, made by Docker Compose for a "
				"project "
				"of this name in %s: give one of the two another name",
				s->now->name, s->now->had_folder));
		return;
	}
	if (c->had && !s->now) {
		change_conflict(d->ctx, c);
		return;
	}
	c->had = s->now ? s->now : s->aside ? s->aside : s->stray;
	if (s->now && s->aside)
		choose_of_two(d, c, s);
	if (!c->had)
		change_set(c, CHANGE_CREATE, why_create(d, c->want));
	else if (!set_replace(d, c))
		set_repair(d, c);
}
