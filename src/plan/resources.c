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
		[ACT_COPY] = "copy",
		[ACT_START] = "start",
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

/* What a resource is found by. */
static const char *
index_key(struct ctx *ctx, enum kind kind, const char *name) {
	return arena_join(ctx->mem, kind_name(kind), "/", name, NULL);
}

void
resources_push(struct ctx *ctx, struct resources *list, struct resource *r) {
	const char *key = index_key(ctx, r->kind, r->name);

	if (list->n == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 16;
		list->v = arena_grow(ctx->mem, list->v, list->n, cap, sizeof(struct resource *));
		list->cap = cap;
	}
	if (!list->index)
		list->index = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	if (!node_find(list->index, key))
		node_add(ctx->mem, list->index, key, (struct pos){0},
			node_int(ctx->mem, (int64_t)list->n, (struct pos){0}));
	list->v[list->n++] = r;
}

struct resource *
resources_find(struct ctx *ctx, const struct resources *list, enum kind kind, const char *name) {
	struct arena_mark mark = arena_mark(ctx->mem);
	const struct node *n = list ? node_find(list->index, index_key(ctx, kind, name)) : NULL;
	int64_t i;

	arena_rewind(ctx->mem, mark);
	return n && node_to_int(n, &i) ? list->v[i] : NULL;
}
