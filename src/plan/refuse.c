/* refuse.c - keys that load and are printed, but that no docker command can do: each is an error at
 * its place, so that none is dropped in silence.
 *
 * Which they are stands in the rows (KEY_REFUSED), and so does what to do instead. Only what is used
 * counts: services that are enabled, and the secrets and configs that they name. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

static void refuse_map(
	struct ctx *, const struct node *, const struct schema *, const char *path, size_t depth);

/* Deeper than any schema is; an end for one that holds itself. */
enum { MAX_DEPTH = 8 };

/* Look into what stands below one key: a mapping, a list of them, or one from names to them. */
static void
refuse_below(struct ctx *ctx, const struct key *key, const struct node *value, const char *path,
	size_t depth) {
	bool is_named = key->shape == SHAPE_NAMED || key->shape == SHAPE_NETWORKS ||
			key->shape == SHAPE_DEPENDS || key->shape == SHAPE_ULIMITS;

	if (!key->sub || depth == MAX_DEPTH)
		return;
	if (value->type == NODE_MAP && !is_named)
		refuse_map(ctx, value, key->sub, path, depth + 1);
	for (size_t i = 0; value->type == NODE_MAP && is_named && i < value->n; i++)
		refuse_map(ctx, value->u.member[i].val, key->sub, path, depth + 1);
	for (size_t i = 0; value->type == NODE_LIST && i < value->n; i++)
		refuse_map(ctx, value->u.item[i], key->sub, path, depth + 1);
}

/* Report what cannot be planned of one map. */
static void
refuse_map(struct ctx *ctx, const struct node *map, const struct schema *schema, const char *path,
	size_t depth) {
	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		const struct key *key = schema_find(schema, m->key);

		if (!key || key_is_idle(key, m->val))
			continue;
		if (key->standing == KEY_REFUSED)
			diag(ctx, SEV_ERROR, m->at, "refused-key", "'%s%s': %s", path, m->key,
				key->note ? key->note : "no docker command can do this");
		else if (key->standing == KEY_LATER)
			diag(ctx, SEV_ERROR, m->at, "later-key",
				"'%s%s' is not supported by this version yet", path, m->key);
		else if (key->sub && key->standing == KEY_MAPPED)
			refuse_below(ctx, key, m->val,
				arena_printf(ctx->mem, "%s%s.", path, m->key), depth);
	}
}

/* Does an enabled service have the secret or config? */
static bool
is_granted(const struct project *p, const char *section, const char *name) {
	for (size_t i = 0; i < p->nservice; i++) {
		const struct node *list = node_find(p->service[i].tree, section);
		for (size_t k = 0; p->service[i].enabled && list && k < list->n; k++)
			if (list->type == NODE_LIST &&
				str_eq(node_text(node_find(list->u.item[k], "source")), name))
				return true;
	}
	return false;
}

/* Report what cannot be planned of the secrets or configs that are used. */
static void
refuse_granted(struct ctx *ctx, const struct project *p, const char *section,
	const struct schema *schema) {
	const struct node *map = node_find(p->doc, section);

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		if (is_granted(p, section, m->key))
			refuse_map(ctx, m->val, schema,
				arena_printf(ctx->mem, "%s.%s.", section, m->key), 0);
	}
}

bool
refuse_keys(struct ctx *ctx, const struct project *p) {
	size_t errors = diag_errors(ctx);

	for (size_t i = 0; i < p->nservice; i++)
		if (p->service[i].enabled)
			refuse_map(ctx, p->service[i].tree, &schema_service, "", 0);
	refuse_granted(ctx, p, "secrets", &schema_secret);
	refuse_granted(ctx, p, "configs", &schema_config);
	return diag_errors(ctx) == errors;
}
