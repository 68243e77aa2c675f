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

/* The way down to a map: the keys above it, the nearest first. */
struct trail {
	const struct trail *up;
	const char *name;
};

/* The trail as text, with a dot after each key. */
static const char *
trail_text(struct ctx *ctx, const struct trail *t) {
	return t ? arena_printf(ctx->mem, "%s%s.", trail_text(ctx, t->up), t->name) : "";
}

/* Report what cannot be planned of one map and the maps in it. The descent is as deep as the rows are; no row below a list is
 * refused (test_every_key.c would notice). */
static void
refuse_map(struct ctx *ctx, const struct node *map, const struct schema *schema,
	const struct trail *up) {
	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		const struct key *key = schema_find(schema, m->key);

		bool refused = key && key->standing == KEY_REFUSED;
		bool inside =
			key && key->standing == KEY_MAPPED && key->shape == SHAPE_MAP && key->sub;
		if ((!refused && !inside) || key_is_idle(key, m->val))
			continue;
		if (refused)
			diag(ctx, SEV_ERROR, m->at, "refused-key", "'%s%s': %s",
				trail_text(ctx, up), m->key,
				key->note ? key->note : "no docker command can do this");
		else
			refuse_map(ctx, m->val, key->sub, &(struct trail){up, key->name});
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
		struct trail top = {NULL, section}, own = {&top, m->key};
		if (is_granted(p, section, m->key))
			refuse_map(ctx, m->val, schema, &own);
	}
}

bool
refuse_keys(struct ctx *ctx, const struct project *p) {
	size_t nrefused = 0;

	for (size_t i = 0; i < p->nservice; i++) {
		const struct service *s = &p->service[i];
		size_t errors = diag_errors(ctx);
		project_ahead(p, i);
		if (!s->enabled)
			continue;
		refuse_map(ctx, s->tree, &schema_service, NULL);
		nrefused += diag_errors(ctx) - errors;
		if (s->scale > 0)
			refuse_values(ctx, s);
	}
	size_t errors = diag_errors(ctx);
	refuse_granted(ctx, p, "secrets", &schema_secret);
	refuse_granted(ctx, p, "configs", &schema_config);
	nrefused += diag_errors(ctx) - errors;
	refuse_networks(ctx, p);
	return nrefused == 0;
}
