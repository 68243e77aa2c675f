/* resources.c - lists of resources, found by kind and name however long they are; and names of kinds and actions. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>

const char *
kind_name(enum kind kind) {
	static const char *const names[] = {
		[KIND_IMAGE] = "image",
		[KIND_NETWORK] = "network",
		[KIND_VOLUME] = "volume",
		[KIND_CONTAINER] = "container",
	};

	return names[kind];
}

const char *
action_name(enum action act) {
	static const char *const names[] = {
		[ACT_PULL] = "pull",
		[ACT_BUILD] = "build",
		[ACT_QUERY] = "query",
		[ACT_CREATE] = "create",
		[ACT_RUN] = "run",
		[ACT_CONNECT] = "connect",
		[ACT_DISCONNECT] = "disconnect",
		[ACT_COPY] = "copy",
		[ACT_RENAME] = "rename",
		[ACT_START] = "start",
		[ACT_RESTART] = "restart",
		[ACT_WAIT] = "wait",
		[ACT_EXEC] = "exec",
		[ACT_CHECK] = "check",
		[ACT_STOP] = "stop",
		[ACT_REMOVE] = "remove",
	};

	return names[act];
}

void *
grown(struct ctx *ctx, void *items, size_t n, size_t size) {
	return n & (n - 1) ? items : arena_grow(ctx->mem, items, n, n ? 2 * n : 1, size);
}

void
resources_expect(struct ctx *ctx, struct resources *list, enum kind kind, size_t n) {
	struct by_name *by = &list->by_name[kind];

	list->v = arena_grow(ctx->mem, list->v, list->n, list->cap + n, sizeof(struct resource *));
	list->cap += n;
	if (by->names)
		return;
	by->names = node_new_for(ctx->mem, NODE_MAP, (struct pos){0}, n);
	by->v = arena_array(ctx->mem, n, sizeof(struct resource *));
	by->cap = n;
}

/* Note the name of something that is the first of that name. */
static void
note_name(struct ctx *ctx, struct by_name *by, struct resource *r) {
	size_t n = by->names->n;

	if (n == by->cap) {
		by->cap = n ? 2 * n : 4;
		by->v = arena_grow(ctx->mem, by->v, n, by->cap, sizeof(struct resource *));
	}
	by->v[n] = r;
	node_add(ctx->mem, by->names, r->name, r->at, NULL);
}

void
resources_push(struct ctx *ctx, struct resources *list, struct resource *r) {
	struct by_name *by = &list->by_name[r->kind];

	if (list->n == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 16;
		list->v = arena_grow(ctx->mem, list->v, list->n, cap, sizeof(struct resource *));
		list->cap = cap;
	}
	if (!by->names)
		by->names = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	if (!node_member(by->names, r->name))
		note_name(ctx, by, r);
	list->v[list->n++] = r;
}

void
resources_ahead(const struct resources *list, size_t i) {
	enum { NEAR = 6, FAR = 12, HOT_BYTES = 128, NAME_BYTES = 16 };

	if (i + FAR >= list->n)
		return;
	memory_ahead(list->v[i + FAR], HOT_BYTES);
	memory_ahead(list->v[i + NEAR]->key, NAME_BYTES);
}

struct resource *
resources_find(const struct resources *list, enum kind kind, const char *name) {
	const struct by_name *by = list ? &list->by_name[kind] : NULL;
	const struct member *m = by ? node_member(by->names, name) : NULL;

	return m ? by->v[m - by->names->u.member] : NULL;
}

void
resources_prefer(struct resources *list, struct resource *r) {
	struct by_name *by = &list->by_name[r->kind];
	const struct member *m = node_member(by->names, r->name);

	if (m)
		by->v[m - by->names->u.member] = r;
}
