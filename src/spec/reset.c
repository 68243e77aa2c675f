/* reset.c - leave out what is tagged !reset, when nothing will be laid over something else any more;
 * !override has had its effect then, too. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>

#include "load_int.h"

/* The value of the member, or the item. */
static struct node *
below(const struct node *node, size_t i) {
	return node->type == NODE_MAP ? node->u.member[i].val : node->u.item[i];
}

/* A copy of the map or list without what is tagged. */
static struct node *
without(struct ctx *ctx, const struct node *node) {
	struct node *kept = node_new(ctx->mem, node->type, node->at);

	for (size_t i = 0; i < node->n; i++) {
		if (below(node, i)->flags & NODE_RESET)
			continue;
		if (node->type == NODE_MAP)
			node_add(ctx->mem, kept, node->u.member[i].key, node->u.member[i].at,
				below(node, i));
		else
			node_append(ctx->mem, kept, below(node, i));
	}
	kept->flags = node->flags;
	return kept;
}

/* The depth is the parser's. */
bool
reset_drop(struct ctx *ctx, struct node *node, bool items_only) {
	bool any = false, deep = false, here = node->type == NODE_LIST || !items_only;

	if (!items_only)
		node->flags &= NODE_FLAGS ^ NODE_OVERRIDE;
	if (node->type != NODE_MAP && node->type != NODE_LIST)
		return false;
	for (size_t i = 0; i < node->n; i++) {
		if (!(below(node, i)->flags & NODE_RESET))
			deep = reset_drop(ctx, below(node, i), !here) || deep;
		else if (here)
			any = true;
	}
	if (any)
		*node = *without(ctx, node);
	return any || deep;
}
