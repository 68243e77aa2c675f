/* refuse.c - keys that load and are printed, but that this version cannot plan: each is an error at
 * its place, so that none is dropped in silence.
 *
 * Which they are stands in the rows (KEY_LATER); a mapping whose members stand differently is
 * looked into. Only services that are enabled count: what nobody uses asks for nothing. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

/* Does the value ask for nothing but what is done without it? */
static bool
asks_for_nothing(const struct node *value) {
	if (value->type == NODE_BOOL)
		return !node_is_true(value);
	if (value->type == NODE_LIST || value->type == NODE_MAP)
		return value->n == 0;
	return value->type == NODE_NULL || str_eq(node_text(value), "replicated");
}

/* Report what cannot be planned of one map. The descent is as deep as the rows are. */
static void
refuse_map(struct ctx *ctx, const struct node *map, const struct schema *schema, const char *path) {
	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		const struct key *key = schema_find(schema, m->key);

		if (!key || asks_for_nothing(m->val))
			continue;
		if (key->standing == KEY_LATER)
			diag(ctx, SEV_ERROR, m->at, "later-key",
				"'%s%s' is not supported by this version yet", path, m->key);
		else if (key->shape == SHAPE_MAP && key->sub && key->standing == KEY_MAPPED)
			refuse_map(ctx, m->val, key->sub,
				arena_printf(ctx->mem, "%s%s.", path, m->key));
	}
}

/* Report what cannot be planned of the file itself. Named things count where they are used. */
static void
refuse_file(struct ctx *ctx, const struct node *doc) {
	for (size_t i = 0; i < doc->n; i++) {
		const struct member *m = &doc->u.member[i];
		const struct key *key = schema_find(&schema_file, m->key);

		if (key && key->standing == KEY_LATER && key->shape != SHAPE_NAMED)
			diag(ctx, SEV_ERROR, m->at, "later-key",
				"'%s' is not supported by this version yet", m->key);
	}
}

bool
refuse_later(struct ctx *ctx, const struct project *p) {
	size_t errors = diag_errors(ctx);

	refuse_file(ctx, p->doc);
	for (size_t i = 0; i < p->nservice; i++)
		if (p->service[i].enabled)
			refuse_map(ctx, p->service[i].tree, &schema_service, "");
	return diag_errors(ctx) == errors;
}
