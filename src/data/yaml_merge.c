/* yaml_merge.c - merge keys: "<<: *defaults" and "<<: [*one, *other]".
 *
 * What was written out wins, then the earlier mapping of a list. The values were made by the
 * reader, as copies where they are aliases, so members are moved here, never copied. */
#include "data_int.h"

#include <stackplan/arena.h>

const char yaml_merge_key[] = "<<";

struct merge {
	struct ctx *ctx;
	const struct node *own; /* what was written out */
	struct node *out;       /* what the mapping will hold */
};

/* Add the members of FROM that are not there yet. */
static void
bring_in(struct merge *m, const struct node *from) {
	for (size_t i = 0; i < from->n; i++) {
		const struct member *one = &from->u.member[i];
		if (node_member(m->own, one->key) == NULL && node_member(m->out, one->key) == NULL)
			node_add(m->ctx->mem, m->out, one->key, one->at, one->val);
	}
}

/* Apply one merge key's value. */
static void
apply(struct merge *m, const struct node *value) {
	const struct node *bad = value;

	if (value->type == NODE_MAP) {
		bring_in(m, value);
		return;
	}
	if (value->type == NODE_LIST) {
		bad = NULL;
		for (size_t i = 0; i < value->n && bad == NULL; i++) {
			if (value->u.item[i]->type == NODE_MAP)
				bring_in(m, value->u.item[i]);
			else
				bad = value->u.item[i];
		}
	}
	if (bad != NULL)
		diag(m->ctx, SEV_ERROR, bad->at, "bad-merge",
			"'<<' wants a mapping or a list of mappings, not a %s",
			node_type_name(bad));
}

void
yaml_merge(struct ctx *ctx, struct node *own, const struct member *all, size_t n) {
	struct merge m = {ctx, own, node_new(ctx->mem, NODE_MAP, own->at)};

	for (size_t i = 0; i < n; i++) {
		bool is_own = all[i].key != yaml_merge_key && all[i].key != yaml_bad_key;
		const struct member *here = is_own ? node_member(own, all[i].key) : NULL;

		if (all[i].key == yaml_merge_key)
			apply(&m, all[i].val);
		else if (here != NULL && here->val == all[i].val)
			node_add(ctx->mem, m.out, here->key, here->at, here->val);
	}
	own->n = m.out->n;
	own->cap = m.out->cap;
	own->u = m.out->u;
}
