/* observe_things.c - the networks, volumes and images that are wanted, asked about by name in one question of any kind, so that an apply
 * that finds nothing to do takes three processes of docker.
 *
 * A name may belong to things of two kinds, of which the engine tells one, and two networks may have one name. What is neither
 * answered for nor said to be absent is therefore not known, and the list of its kind is asked for then (observe.c). */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Asking for a volume by its name takes the engine four requests, one after another: the list takes less for more than these. The
 * containers are then asked about together with networks and images, so that there are no more questions than otherwise; that is slower
 * where they are not there yet. */
enum { FEW_VOLUMES = 48 };

static const struct pos nowhere = {0};

struct things *
things_new(struct ctx *ctx, const struct resources *want) {
	struct things *t = arena_make(ctx->mem, struct things);
	size_t volumes = 0;

	for (size_t i = 0; i < want->n; i++)
		volumes += want->v[i]->kind == KIND_VOLUME;
	*t = (struct things){.want = want,
		.found = node_new(ctx->mem, NODE_LIST, nowhere),
		.absent = node_new(ctx->mem, NODE_MAP, nowhere),
		.lists_volumes = volumes > FEW_VOLUMES};
	return t;
}

/* Is it the beginning of an ID, as people write images? */
static bool
is_id(const char *image) {
	size_t n = strlen(image);

	return n >= 12 && strspn(image, "0123456789abcdef") == n;
}

/* The name to ask by. An image gets its tag: no container and no network can be called so. */
static const char *
asked_name(struct ctx *ctx, const struct resource *r) {
	const char *last = strrchr(r->name, '/');

	if (r->kind != KIND_IMAGE || is_id(r->name) || strchr(r->name, '@') ||
		strchr(last ? last : r->name, ':'))
		return r->name;
	return arena_join(ctx->mem, r->name, ":latest", NULL);
}

/* Is the thing asked about by its name? */
static bool
is_asked(const struct things *t, const struct resource *r) {
	return r->kind == KIND_NETWORK || r->kind == KIND_IMAGE ||
	       (r->kind == KIND_VOLUME) != t->lists_volumes;
}

char *const *
things_question(struct ctx *ctx, const struct things *t) {
	static const char *const words[] = {"inspect", "--format", "{{json .}}"};
	char **argv = arena_array(ctx->mem, t->want->n + countof(words) + 1, sizeof(char *));
	size_t n = 0;

	for (; n < countof(words); n++)
		argv[n] = arena_strdup(ctx->mem, words[n]);
	for (size_t i = 0; i < t->want->n; i++)
		if (is_asked(t, t->want->v[i]))
			argv[n++] = arena_strdup(ctx->mem, asked_name(ctx, t->want->v[i]));
	return n > countof(words) ? argv : NULL;
}

void
things_absent(struct ctx *ctx, struct things *t, const char *complaint) {
	static const char words[] = "o such object: ";

	for (const char *p = complaint; (p = strstr(p, words));) {
		p += sizeof(words) - 1;
		node_set(ctx->mem, t->absent, arena_strndup(ctx->mem, p, strcspn(p, "\r\n")),
			nowhere, node_bool(ctx->mem, true, nowhere));
	}
}

void
things_add(struct ctx *ctx, struct things *t, struct node *line) {
	node_append(ctx->mem, t->found, line);
}

/* What kind of thing does a line tell of? KIND_CONTAINER stands for all that is none of the three. */
static enum kind
kind_of(const struct node *line) {
	if (node_find(line, "RepoTags"))
		return KIND_IMAGE;
	if (node_find(line, "IPAM"))
		return KIND_NETWORK;
	return node_find(line, "Mountpoint") ? KIND_VOLUME : KIND_CONTAINER;
}

/* A member of one map as one of another. */
static void
move(struct ctx *ctx, struct node *to, const char *key, const struct node *from, const char *name) {
	struct node *n = from ? node_find(from, name) : NULL;

	if (n)
		node_set(ctx->mem, to, key, nowhere, n);
}

/* A network or a volume in the form of a line of its list. */
static const struct node *
as_line(struct ctx *ctx, const struct node *n, enum kind kind) {
	const struct node *labels = node_find(n, "Labels");
	struct node *line = node_new(ctx->mem, NODE_MAP, nowhere);

	labels = labels && labels->type == NODE_MAP ? labels : NULL;
	move(ctx, line, "id", n, kind == KIND_NETWORK ? "Id" : "Name");
	move(ctx, line, "name", n, "Name");
	move(ctx, line, "key", labels,
		kind == KIND_NETWORK ? "com.docker.compose.network" : "com.docker.compose.volume");
	move(ctx, line, "project", labels, "com.docker.compose.project");
	move(ctx, line, "own", labels, "dev.stackplan.project");
	move(ctx, line, "digest", labels, "dev.stackplan.digest");
	move(ctx, line, "keys", labels, "dev.stackplan.keys");
	return line;
}

/* An image likewise. */
static const struct node *
as_image(struct ctx *ctx, const struct node *n) {
	struct node *line = node_new(ctx->mem, NODE_MAP, nowhere);

	move(ctx, line, "id", n, "Id");
	move(ctx, line, "tags", n, "RepoTags");
	move(ctx, line, "digests", n, "RepoDigests");
	move(ctx, line, "tagged", node_find(n, "Metadata"), "LastTagTime");
	return line;
}

/* Put what was found of a kind into the list; of two answers to one name the first. */
static void
take_found(struct ctx *ctx, struct resources *had, const struct things *t, enum kind kind) {
	const struct wanted_images *images =
		kind == KIND_IMAGE ? wanted_images(ctx, t->want) : NULL;

	for (size_t i = 0; i < t->found->n; i++) {
		const struct node *n = t->found->u.item[i];
		const char *name = node_text(node_find(n, "Name"));
		if (kind_of(n) != kind)
			continue;
		if (images)
			wanted_images_add(ctx, had, images, as_image(ctx, n));
		else if (!resources_find(had, kind, name))
			observe_add(ctx, had, kind, as_line(ctx, n, kind));
	}
}

/* Is there an answer of this kind for the name? */
static bool
is_found(const struct things *t, const struct resource *r) {
	for (size_t i = 0; i < t->found->n; i++) {
		const struct node *n = t->found->u.item[i];
		if (kind_of(n) == r->kind && str_eq(node_text(node_find(n, "Name")), r->name))
			return true;
	}
	return false;
}

/* Has the project anything that runs, or ran? Then it may have other networks, too. */
static bool
has_containers(const struct project *p, const struct resources *had) {
	for (size_t i = 0; i < had->n; i++)
		if (had->v[i]->kind == KIND_CONTAINER && str_eq(had->v[i]->project, p->name))
			return true;
	return false;
}

/* Is all known that matters of the wanted things of a kind? Where one is absent, another of the project may stand in
 * relation to it: the list tells. */
static bool
is_known(struct ctx *ctx, const struct things *t, const struct project *p,
	const struct resources *had, enum kind kind) {
	bool whole = kind == KIND_VOLUME || (kind == KIND_NETWORK && has_containers(p, had));

	for (size_t i = 0; i < t->want->n; i++) {
		const struct resource *r = t->want->v[i];
		if (r->kind != kind || !is_asked(t, r))
			continue;
		if (kind == KIND_IMAGE ? resources_find(had, kind, r->name) != NULL
				       : is_found(t, r))
			continue;
		if (whole || !node_find(t->absent, asked_name(ctx, r)))
			return false;
	}
	return true;
}

void
things_facts(const struct things *t, const struct resources *had) {
	for (size_t i = 0; i < t->found->n; i++) {
		const struct node *n = t->found->u.item[i];
		enum kind kind = kind_of(n);
		if (kind == KIND_CONTAINER)
			facts_add(had, n);
		else if (kind != KIND_IMAGE)
			facts_add_named(had, kind, n);
	}
}

bool
things_take(struct ctx *ctx, const struct things *t, const struct project *p, struct resources *had,
	enum kind kind) {
	if (kind == KIND_IMAGE)
		take_found(ctx, had, t, kind);
	if (!is_known(ctx, t, p, had, kind))
		return false;
	if (kind != KIND_IMAGE)
		take_found(ctx, had, t, kind);
	return true;
}
