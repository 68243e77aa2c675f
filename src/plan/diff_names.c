/* diff_names.c - what is there under the name that it had before: a volume, a network or the whole project was renamed in the spec. Nothing
 * of it is touched, and that is said: what is made under the new name begins empty. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>

/* The volume of this project that had the key before, and is not wanted under another one now; or NULL. */
static const struct resource *
volume_before(const struct diffing *d, const struct resource *want) {
	for (size_t i = 0; i < d->had->n; i++) {
		const struct resource *r = d->had->v[i];
		if (r->kind == KIND_VOLUME && is_of_project(d->project, r) &&
			str_eq(r->had_key, want->key) &&
			!resources_find(d->want, KIND_VOLUME, r->name))
			return r;
	}
	return NULL;
}

void
warn_of_renamed_volume(const struct diffing *d, const struct change *c) {
	const struct resource *old = volume_before(d, c->want);

	if (!old)
		return;
	diag(d->ctx, SEV_WARNING, c->at, "volume-renamed",
		"the volume '%s' is made, and is empty: the data are still in the volume '%s', "
		"which "
		"was '%s' before: copy them, or go on with 'name: %s'",
		c->want->name, old->name, c->want->key, old->name);
}

/* Does the list of files in a label, with commas between, name those of the project? */
static bool
has_files(const struct project *p, const char *files) {
	struct buf b = {0};
	bool same;

	for (size_t i = 0; i < p->nfile; i++)
		buf_printf(&b, "%s%s", i ? "," : "", p->file[i].s);
	same = b.n && str_eq(buf_str(&b), files);
	buf_free(&b);
	return same;
}

void
warn_of_renamed_project(const struct diffing *d) {
	const struct project *p = d->project;
	const char *old = NULL;
	size_t n = 0;

	if (!str_eq(node_text(node_find(p->doc, "name")), p->name))
		return; /* it is called so on the command line: there may be several on purpose */
	for (size_t i = 0; i < d->had->n; i++) {
		const struct resource *r = d->had->v[i];
		if (r->kind != KIND_CONTAINER || r->one_off)
			continue;
		if (is_of_project(p, r))
			return;
		if (!r->had_files || !has_files(p, r->had_files) ||
			(old && !str_eq(old, r->project)))
			continue;
		old = r->project;
		n++;
	}
	if (!old)
		return;
	diag(d->ctx, SEV_WARNING, (struct pos){0}, "project-renamed",
		"the project '%s' was made from the same file and is still there, with %zu "
		"container%s: if '%s' is its new name, 'stackplan -p %s down' removes the old one; "
		"its "
		"volumes stay, and those of '%s' begin empty",
		old, n, n == 1 ? "" : "s", p->name, old, p->name);
}

const char *
why_orphan_network(const struct diffing *d, const struct resource *had) {
	bool external;
	const char *name;

	if (!had->ours)
		return NULL;
	name = project_resource_name(d->ctx, d->project, "networks", had->had_key, &external);
	if (!name)
		return "the spec has no such network";
	if (str_eq(name, had->name))
		return NULL;
	return arena_printf(d->ctx->mem, "the network '%s' is called '%s' now", had->had_key, name);
}
