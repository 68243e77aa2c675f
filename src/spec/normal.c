/* normal.c - the document as `config` prints it: with all that goes without saying said, and
 * without what counts for nothing.
 *
 * Starts at project_normal(), which works on a copy: planning reads the document itself. Services
 * that are not enabled go, and resources that no other uses; the rest get their names.
 * normal_service.c does one service, normal_tidy.c drops what is the same as not written. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>

#include "spec_int.h"

static const struct pos nowhere = {0};

/* Mark the name of a resource as used. */
static void
use(struct ctx *ctx, struct node *used, const char *name) {
	if (*name && !node_find(used, name))
		node_add(ctx->mem, used, name, nowhere, node_new(ctx->mem, NODE_NULL, nowhere));
}

/* The members MEMBER of a list of mappings; where the list is a mapping, its keys. */
static void
use_each(struct ctx *ctx, struct node *used, const struct node *list, const char *member) {
	for (size_t i = 0; list && i < list->n; i++) {
		if (list->type == NODE_MAP)
			use(ctx, used, list->u.member[i].key);
		else if (list->type == NODE_LIST)
			use(ctx, used, node_text(node_find(list->u.item[i], member)));
	}
}

/* What the services of SERVICES use of a section; a bind mount's source is no volume's name, and
 * begins with a slash. */
static struct node *
used_of(struct ctx *ctx, const struct node *services, const char *section) {
	struct node *used = node_new(ctx->mem, NODE_MAP, nowhere);

	for (size_t i = 0; services && i < services->n; i++) {
		const struct node *s = services->u.member[i].val;
		use_each(ctx, used, node_find(s, section), "source");
		if (str_eq(section, "secrets"))
			use_each(ctx, used, node_at(s, "build", "secrets", NULL), "source");
	}
	return used;
}

/* The name that an engine knows the resource by. */
static void
put_name(struct ctx *ctx, const struct project *p, const char *section, struct member *m) {
	bool external = false;
	const char *name = project_resource_name(ctx, p, section, m->key, &external);

	if (m->val->type == NODE_MAP && name && !*node_text(node_find(m->val, "name")))
		node_set(ctx->mem, m->val, "name", m->at, node_str(ctx->mem, name, m->at));
}

/* One section of resources: used ones only, each with its name; NULL when none is left. */
static struct node *
section_of(struct ctx *ctx, const struct project *p, const char *section, const struct node *from,
	const struct node *used) {
	struct node *out = node_new(ctx->mem, NODE_MAP, from ? from->at : nowhere);

	for (size_t i = 0; from && from->type == NODE_MAP && i < from->n; i++) {
		const struct member *m = &from->u.member[i];
		if (node_member(used, m->key))
			node_add(ctx->mem, out, m->key, m->at, m->val);
	}
	if (str_eq(section, "networks") && node_member(used, "default") &&
		!node_member(out, "default"))
		node_add(ctx->mem, out, "default", nowhere, node_new(ctx->mem, NODE_MAP, nowhere));
	for (size_t i = 0; i < out->n; i++) {
		struct node *one = out->u.member[i].val, *file = node_find(one, "file");
		put_name(ctx, p, section, &out->u.member[i]);
		/* an empty path is the folder that paths begin at */
		if (file && !*node_text(file) && str_in("secrets configs", section))
			node_set(ctx->mem, one, "file", file->at,
				node_str(ctx->mem, p->folder, file->at));
	}
	return out->n ? out : NULL;
}

/* The enabled services, each as it is printed. FROM is the copy of the document's. */
static struct node *
services_of(struct ctx *ctx, const struct project *p, const struct node *from) {
	struct node *out = node_new(ctx->mem, NODE_MAP, from->at);

	for (size_t i = 0; i < p->nservice; i++) {
		const struct member *m = &from->u.member[i];
		if (p->service[i].enabled)
			node_add(ctx->mem, out, m->key, m->at,
				normal_service(ctx, p, &p->service[i], m->val));
	}
	return out;
}

/* Put a section into the printed document in the place where the file has it. */
static void
put_section(struct ctx *ctx, const struct project *p, struct node *doc, const char *section) {
	struct node *used = used_of(ctx, node_find(doc, "services"), section);
	struct node *made = section_of(ctx, p, section, node_find(doc, section), used);

	if (made)
		node_set(ctx->mem, doc, section, made->at, made);
	else
		node_unset(doc, section);
}

struct node *
project_normal(struct ctx *ctx, const struct project *p) {
	static const char *const section[] = {"networks", "volumes", "secrets", "configs"};
	struct node *copy = node_copy(ctx->mem, p->doc);
	struct node *doc = node_new(ctx->mem, NODE_MAP, copy->at);

	node_add(ctx->mem, doc, "name", copy->at, node_str(ctx->mem, p->name, copy->at));
	for (size_t i = 0; i < copy->n; i++) {
		const struct member *m = &copy->u.member[i];
		if (str_eq(m->key, "services"))
			node_add(ctx->mem, doc, m->key, m->at, services_of(ctx, p, m->val));
		else if (!str_in("name version", m->key))
			node_add(ctx->mem, doc, m->key, m->at, m->val);
	}
	for (size_t i = 0; i < countof(section); i++)
		put_section(ctx, p, doc, section[i]);
	normal_tidy(doc);
	return doc;
}
