/* yaml_alias.c - anchors, and the copies that aliases make of them.
 *
 * Each anchor knows how many nodes and levels a copy costs, so a bomb is refused before anything
 * is copied. Everything is copied, since later stages change trees in place; texts are shared. */
#include "data_int.h"

#include <stackplan/arena.h>

enum {
	ALIASED_FREE = 100000, /* nodes that aliases may always make ... */
	ALIASED_FACTOR = 4,    /* ... and how many more for each node that is written out */
};

size_t
build_anchor(struct builder *b, const char *name, struct pos at, struct node *n, bool is_open) {
	size_t i;

	node_set(b->ctx->mem, b->names, name, at, n);
	i = (size_t)(node_member(b->names, name) - b->names->u.member);
	b->anchor = build_room(b->anchor, i, &b->cap_anchor, sizeof(*b->anchor));
	b->anchor[i] = (struct anchor){.at = at, .size = 1, .is_open = is_open};
	return i + 1;
}

void
build_anchor_closed(struct builder *b, const struct frame *f) {
	size_t i = f->anchor - 1;

	/* The name may have been given to a later node since. */
	if (f->anchor != 0 && b->names->u.member[i].val == f->node)
		b->anchor[i] = (struct anchor){b->anchor[i].at, f->height, f->size, false};
}

/* Report a use of anchor A that cannot be followed. */
static void
bad_alias(struct builder *b, struct pos at, const struct anchor *a, const char *code,
	const char *words) {
	diag(b->ctx, SEV_ERROR, at, code, "%s", words);
	diag_note(b->ctx, a->at, "the anchor stands here");
}

/* Is a copy of the anchor within the limits? */
static bool
may_copy(struct builder *b, const char *name, struct pos at, const struct anchor *a) {
	struct arena *mem = b->ctx->mem;

	b->naliased += a->size;
	if (b->naliased > ALIASED_FREE + ALIASED_FACTOR * b->nnode ||
		b->naliased + b->nnode > b->max.nodes) {
		bad_alias(b, at, a, "alias-bomb",
			arena_printf(mem,
				"the alias '*%s' makes the file too large: %zu values come from "
				"aliases",
				name, b->naliased));
		return false;
	}
	if (b->nframe + a->height > b->max.depth) {
		bad_alias(b, at, a, "too-deep",
			arena_printf(mem, "the alias '*%s' nests deeper than %zu levels", name,
				b->max.depth));
		return false;
	}
	return true;
}

/* A node in the place of an alias that was refused, such that nothing else is said of it. */
static struct node *
stand_in(struct builder *b, struct pos at) {
	return build_wants_key(b) ? node_str(b->ctx->mem, yaml_bad_key, at)
				  : node_new(b->ctx->mem, NODE_MAP, at);
}

struct node *
build_alias(struct builder *b, const char *name, struct pos at, struct weight *w) {
	struct arena *mem = b->ctx->mem;
	struct member *m = node_member(b->names, name);
	const struct anchor *a;

	*w = (struct weight){0, 1};
	if (m == NULL) {
		diag(b->ctx, SEV_ERROR, at, "unknown-alias",
			"no anchor '&%s' stands before this alias", name);
		return build_error(b) ? stand_in(b, at) : NULL;
	}
	a = &b->anchor[m - b->names->u.member];
	if (a->is_open) {
		bad_alias(b, at, a, "alias-loop",
			arena_printf(mem, "the alias '*%s' stands inside its own anchor", name));
		return build_error(b) ? stand_in(b, at) : NULL;
	}
	*w = (struct weight){a->height, a->size};
	return may_copy(b, name, at, a) ? node_copy(mem, m->val) : NULL;
}
