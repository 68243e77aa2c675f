/* extends.c - put what a service extends below it: a service of the same document, or of another
 * file.
 *
 * Starts at extends_apply(). A base is made whole first (it may extend another one itself), copied,
 * and the service is laid over the copy. Of another file only the services that are asked for are
 * held against the rows; its include is not followed. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/str.h>

#include "load_int.h"

/* So far a chain is followed to see whether it is a circle. */
enum { MAX_FOLLOWED = 10000 };

/* A service that is being made whole, and the one that asked for it. */
struct link {
	const struct node *doc;
	const char *service;
	struct pos at; /* of the name in its extends */
	const struct link *from;
	size_t depth;
};

static bool service_whole(struct model *, const struct canon *, struct node *doc, struct member *,
	const struct link *from);

/* Report the circle that ends at LAST, whose service was met before; the places in order. */
static void
say_circle(struct ctx *ctx, const struct link *last, const char *service, struct pos at,
	const struct node *doc) {
	const struct link *l = last;
	size_t notes = 0;

	diag(ctx, SEV_ERROR, at, "extends-circle",
		"'%s' extends itself in the end: take one of these 'extends' away", service);
	for (; l && notes < 10; l = l->from, notes++) {
		diag_note(ctx, l->at, "'%s' extends another service here", l->service);
		if (l->doc == doc && str_eq(l->service, service))
			break;
	}
}

/* Was this service met before? */
static bool
is_circle(const struct link *last, const struct node *doc, const char *service) {
	for (; last; last = last->from)
		if (last->doc == doc && str_eq(last->service, service))
			return true;
	return false;
}

/* The service of the same document that this one extends, or NULL. */
static const struct member *
base_here(const struct node *services, const struct member *m) {
	const struct node *extends = node_find(m->val, "extends");

	if (extends && extends->type == NODE_MAP)
		extends = node_find(extends, "file") ? NULL : node_find(extends, "service");
	return extends ? node_member(services, node_text(extends)) : NULL;
}

/* A service of the circle that the chain runs into, or NULL: a mark is left behind, ever farther
 * from the last one, until the chain comes by it again. */
static const struct member *
circle_ahead(const struct node *services, const struct member *m) {
	const struct member *mark = m;
	size_t since = 0, most = 1;

	for (size_t n = 0; (m = base_here(services, m)) && m != mark; n++) {
		if (n == MAX_FOLLOWED)
			return NULL;
		if (++since == most) {
			since = 0;
			most *= 2;
			mark = m;
		}
	}
	return m;
}

/* Report a chain that is longer than any should be; often it is a circle. */
static void
say_too_deep(struct ctx *ctx, const struct node *doc, const struct member *m, struct pos at) {
	const struct member *circle = circle_ahead(node_find(doc, "services"), m);

	if (circle) {
		diag(ctx, SEV_ERROR, node_find(circle->val, "extends")->at, "extends-circle",
			"'%s' extends itself in the end, by way of more services than can be "
			"named here: take one of their 'extends' away",
			circle->key);
		diag_note(ctx, at, "this leads into the circle");
	} else
		diag(ctx, SEV_ERROR, at, "extends-too-deep",
			"more than %d services extend one another", MAX_EXTENDS_DEPTH);
}

/* The document of another file, which several documents may make; from what was read before. NULL
 * after an error, which is reported once. */
static struct node *
base_document(struct model *model, struct canon *canon, const char *path, struct pos at) {
	struct ctx *ctx = model->run->ctx;
	struct spec_file file = {
		.path = path, .shown = path_shown(ctx, model->run->cwd, model->canon.folder, path)};
	struct base_file *base;
	struct node *docs;
	size_t unread;

	canon->folder = path_dirname(ctx->mem, path);
	canon->partial = true;
	for (base = model->base; base; base = base->next)
		if (str_eq(base->path, path))
			return base->doc;
	base = arena_make(ctx->mem, struct base_file);
	*base = (struct base_file){.path = path, .next = model->base};
	model->base = base;
	unread = model->run->nunread;
	docs = file_read(model->run, &file, at);
	if (!docs && model->run->nunread == unread)
		diag_note(ctx, at, "this file is named here");
	for (size_t i = 0; docs && i < docs->n; i++) {
		struct node *doc = docs->u.item[i];

		if (doc->type == NODE_NULL)
			continue;
		if (!interp_tree(ctx, doc, model->env))
			return NULL;
		reset_drop(ctx, doc, true);
		if (docs->n > 1 && !keys_canon(ctx, doc, &schema_file, canon))
			return NULL;
		if (base->doc &&
			!merge_over(ctx, base->doc, doc, &schema_file, "of an earlier document"))
			return NULL;
		base->doc = base->doc ? base->doc : doc;
	}
	if (docs && !base->doc)
		base->doc = node_new(ctx->mem, NODE_MAP, at);
	return base->doc;
}

/* Report a base that is not there. */
static void
say_no_base(
	struct ctx *ctx, const struct node *services, const struct node *name, const char *where) {
	diag(ctx, SEV_ERROR, name->at, "no-base",
		"'extends' wants a service of %s, and '%s' is not one%s", where,
		hint_text(ctx, name, node_text(name)),
		node_member(services, node_text(name)) ? ""
						       : hint_key(ctx, services, node_text(name)));
	if (services)
		diag_note(ctx, services->at, "the services are these");
}

/* The service that EXTENDS names, whole; NULL after an error. */
static struct node *
find_base(struct model *model, const struct canon *canon, struct node *doc,
	const struct node *extends, const struct link *self) {
	struct ctx *ctx = model->run->ctx;
	const struct node *name = node_find(extends, "service"), *file = node_find(extends, "file");
	struct canon other = *canon;
	struct node *services;
	struct member *m;

	if (file)
		doc = base_document(model, &other, node_text(file), file->at);
	if (!doc)
		return NULL;
	if (file)
		canon = &other;
	services = node_find(doc, "services");
	m = node_member(services, node_text(name));
	if (!m || (m->val->flags & NODE_RESET)) {
		say_no_base(ctx, services, name,
			file ? hint_text(ctx, file, path_basename(node_text(file)))
			     : "the same file");
		return NULL;
	}
	/* the model's own documents were held against the rows as a whole */
	if (canon != &model->canon && m->val->type == NODE_NULL)
		m->val = node_new(ctx->mem, NODE_MAP, m->val->at);
	if (canon != &model->canon && !keys_canon(ctx, m->val, &schema_service, canon)) {
		diag_note(ctx, name->at, "it is extended here");
		return NULL;
	}
	return service_whole(model, canon, doc, m, self) ? m->val : NULL;
}

/* How many nodes the tree has, at most MAX_COPIED and a few. The depth is the parser's. */
static size_t
count_nodes(const struct node *node) {
	size_t n = 1;

	if (node->type != NODE_MAP && node->type != NODE_LIST)
		return n;
	for (size_t i = 0; i < node->n && n <= MAX_COPIED; i++)
		n += count_nodes(node->type == NODE_MAP ? node->u.member[i].val : node->u.item[i]);
	return n;
}

/* A copy of the base that the service can be laid over; NULL when there were too many. */
static struct node *
copy_base(struct loading *run, const struct node *base, struct pos at) {
	struct node *copy;
	bool was_enough = run->ncopied > MAX_COPIED;

	if (!was_enough)
		run->ncopied += count_nodes(base);
	if (run->ncopied > MAX_COPIED) {
		if (!was_enough)
			diag(run->ctx, SEV_ERROR, at, "too-large",
				"what is extended adds up to more than %d values", MAX_COPIED);
		return NULL;
	}
	copy = node_copy(run->ctx->mem, base);
	reset_drop(run->ctx, copy, false);
	return copy;
}

/* Put the base below one service. */
static bool
service_whole(struct model *model, const struct canon *canon, struct node *doc, struct member *m,
	const struct link *from) {
	struct ctx *ctx = model->run->ctx;
	struct node *extends = m->val->flags & NODE_RESET ? NULL : node_find(m->val, "extends");
	struct link self = {.doc = doc, .service = m->key, .from = from};
	struct node *base, *over = m->val;

	if (extends)
		reset_drop(ctx, extends, false);
	if (!extends || extends->type != NODE_MAP || !node_find(extends, "service"))
		return true;
	self.at = node_find(extends, "service")->at;
	self.depth = from ? from->depth + 1 : 0;
	if (is_circle(from, doc, m->key)) {
		say_circle(ctx, from, m->key, self.at, doc);
		return false;
	}
	if (self.depth > MAX_EXTENDS_DEPTH) {
		say_too_deep(ctx, doc, m, self.at);
		return false;
	}
	base = find_base(model, canon, doc, extends, &self);
	/* once is enough, whoever else asks for it */
	node_unset(over, "extends");
	base = base ? copy_base(model->run, base, self.at) : NULL;
	if (!base)
		return false;
	model->complete = false;
	base->at = over->at;
	base->flags = over->flags;
	if (!merge_over(ctx, base, over, &schema_service, "of the extended service"))
		return false;
	m->val = base;
	return true;
}

bool
extends_apply(struct model *model, struct node *doc) {
	struct node *services = node_find(doc, "services");
	bool good = true;

	for (size_t i = 0; services && services->type == NODE_MAP && i < services->n; i++)
		good = service_whole(model, &model->canon, doc, &services->u.member[i], NULL) &&
		       good;
	return good;
}
