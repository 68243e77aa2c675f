/* yaml_build.c - the containers that are open while a file is read, and what they hold so far. */
#include "data_int.h"

#include <stackplan/arena.h>
#include <stdlib.h>
#include <string.h>

enum { ERRORS_MAX = 100 }; /* after so many the rest is not read */

const char yaml_bad_key[] = "?";

void *
build_room(void *items, size_t n, size_t *cap, size_t size) {
	if (n < *cap)
		return items;
	*cap = *cap == 0 ? 64 : 2 * *cap;
	return xreallocarray(items, *cap, size);
}

bool
build_error(struct builder *b) {
	return ++b->nerror < ERRORS_MAX;
}

bool
build_count(struct builder *b, struct pos at) {
	if (++b->nnode + b->naliased <= b->max.nodes)
		return true;
	diag(b->ctx, SEV_ERROR, at, "too-large", "more than %zu values in one file", b->max.nodes);
	return false;
}

/* The innermost open container, or NULL. */
static struct frame *
innermost(const struct builder *b) {
	return b->nframe > 0 ? &b->frame[b->nframe - 1] : NULL;
}

bool
build_wants_key(const struct builder *b) {
	const struct frame *f = innermost(b);

	return f != NULL && f->node->type == NODE_MAP && f->key.key == NULL;
}

void
build_merge_key(struct builder *b, struct pos at) {
	b->frame[b->nframe - 1].key = (struct member){.key = yaml_merge_key, .at = at};
}

/* Take N as the key of the next member: it must be text. */
static bool
take_key(struct builder *b, struct frame *f, const struct node *n) {
	f->key = (struct member){.key = node_text(n), .at = n->at};
	if (n->type == NODE_STR && !(n->flags & NODE_TIME))
		return true;
	f->key.key = yaml_bad_key;
	if (node_is_scalar(n))
		diag(b->ctx, SEV_ERROR, n->at, "bad-key",
			"a key must be text, '%s' is a %s: put it in quotes", n->u.s.str,
			node_type_name(n));
	else
		diag(b->ctx, SEV_ERROR, n->at, "bad-key",
			"a key must be text, not a %s; a value such as {{...}} needs quotes",
			node_type_name(n));
	return build_error(b);
}

bool
build_attach(struct builder *b, struct node *n, struct weight w) {
	struct frame *f = innermost(b);

	if (f == NULL) {
		node_append(b->ctx->mem, b->docs, n);
		return true;
	}
	f->size += w.size;
	if (f->height < w.height + 1)
		f->height = w.height + 1;
	if (f->node->type == NODE_LIST) {
		b->item = build_room(b->item, b->nitem, &b->cap_item, sizeof(*b->item));
		b->item[b->nitem++] = n;
		return true;
	}
	if (f->key.key == NULL)
		return take_key(b, f, n);
	f->key.val = n;
	b->member = build_room(b->member, b->nmember, &b->cap_member, sizeof(*b->member));
	b->member[b->nmember++] = f->key;
	f->key.key = NULL;
	return true;
}

bool
build_open(struct builder *b, struct node *n, size_t anchor) {
	if (b->nframe >= b->max.depth) {
		diag(b->ctx, SEV_ERROR, n->at, "too-deep", "nested deeper than %zu levels",
			b->max.depth);
		return false;
	}
	b->frame = build_room(b->frame, b->nframe, &b->cap_frame, sizeof(*b->frame));
	b->frame[b->nframe++] = (struct frame){.node = n,
		.base = n->type == NODE_MAP ? b->nmember : b->nitem,
		.size = 1,
		.anchor = anchor};
	return build_count(b, n->at);
}

/* Move the items of the frame from the stack into its node. */
static void
close_list(struct builder *b, const struct frame *f) {
	f->node->n = f->node->cap = (uint32_t)(b->nitem - f->base);
	f->node->u.item = arena_array(b->ctx->mem, f->node->n, sizeof(*b->item));
	if (f->node->n > 0)
		memcpy(f->node->u.item, b->item + f->base, f->node->n * sizeof(*b->item));
	b->nitem = f->base;
}

/* Report a key that was given before. */
static bool
duplicate(struct builder *b, const struct member *m, const struct member *first) {
	diag(b->ctx, SEV_ERROR, m->at, "duplicate-key", "key '%s' is already given", m->key);
	diag_note(b->ctx, first->at, "it was given here first");
	return build_error(b);
}

/* Move the members of the frame from the stack into its node; of equal keys only the first. */
static bool
close_map(struct builder *b, const struct frame *f) {
	size_t n = b->nmember - f->base;
	const struct member *all = n > 0 ? &b->member[f->base] : NULL, *merge = NULL, *first;
	bool go_on = true;

	f->node->u.member = arena_array(b->ctx->mem, n, sizeof(*all));
	f->node->cap = (uint32_t)n;
	for (size_t i = 0; i < n && go_on; i++) {
		const struct member *m = &all[i];
		if (m->key == yaml_bad_key)
			continue;
		first = m->key == yaml_merge_key ? merge : node_member(f->node, m->key);
		if (first != NULL)
			go_on = duplicate(b, m, first);
		else if (m->key == yaml_merge_key)
			merge = m;
		else
			node_put(b->ctx->mem, f->node, *m);
	}
	if (go_on && merge != NULL)
		yaml_merge(b->ctx, f->node, all, n);
	b->nmember = f->base;
	return go_on;
}

bool
build_close(struct builder *b) {
	struct frame f = b->frame[--b->nframe];

	if (f.node->type == NODE_LIST)
		close_list(b, &f);
	else if (!close_map(b, &f))
		return false;
	build_anchor_closed(b, &f);
	return build_attach(b, f.node, (struct weight){f.height, f.size});
}

void
build_free(struct builder *b) {
	free(b->frame);
	free(b->item);
	free(b->member);
	free(b->anchor);
}
