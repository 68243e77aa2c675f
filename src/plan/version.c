/* version.c - what the engine, or the docker program, is too old for.
 *
 * Which version brought a key stands in its row (.since), and so does what becomes of the key before that. Many engines accept
 * what they do not know and leave it out in silence: therefore it is looked at here, before the first step. */
#include "plan_int.h"
#include <fnmatch.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

/* Deeper than any schema is; an end for one that holds itself. */
enum { MAX_DEPTH = 8 };

/* A look at all that is used. */
struct look {
	struct ctx *ctx;
	const struct engine_version *have; /* NULL: only count */
	size_t nfound;                     /* keys with a .since */
	size_t ndropped;
};

static void look_at(struct look *, struct node *, const struct schema *, size_t depth);

/* The next number of a version, 0 at its end. */
static unsigned long
next_number(const char **p) {
	char *end;
	unsigned long n = strtoul(*p, &end, 10);

	*p = *end == '.' ? end + 1 : "";
	return n;
}

/* Is A older than B? Both are numbers between dots, and what follows them ("-ce", "+dfsg1") counts for nothing; a version that
 * is not known is not older. */
static bool
is_older(const char *a, const char *b) {
	if (!a || *a < '0' || *a > '9')
		return false;
	while (*a || *b) {
		unsigned long x = next_number(&a), y = next_number(&b);
		if (x != y)
			return x < y;
	}
	return false;
}

/* Is either end too old for the key? */
static bool
is_too_new(const struct engine_version *have, const struct key *key) {
	bool engine = is_older(have->engine, key->since),
	     program = is_older(have->program, key->since);

	return key->old == OLD_MIXED ? engine && !program : engine || program;
}

/* Report a key that is too new. True when it is to be left out. */
static bool
too_new(struct look *l, const struct key *key, const struct member *m) {
	bool engine = is_older(l->have->engine, key->since);
	const char *have = engine ? l->have->engine : l->have->program;

	diag(l->ctx, key->old == OLD_DROPS ? SEV_WARNING : SEV_ERROR, m->at, "too-new",
		"'%s'%s needs %s %s or later, and this is %s%s", key->name,
		key->since_like ? arena_printf(l->ctx->mem, " with '%s'", node_text(m->val)) : "",
		engine ? "an engine of version" : "a docker program of version", key->since, have,
		key->old == OLD_DROPS ? ": it is left out, as Compose leaves it out"
				      : ": update it, or leave this out");
	return key->old == OLD_DROPS;
}

/* Does this key, with this value, depend on a version? */
static bool
depends(const struct key *key, const struct node *value) {
	return key->since && !key_is_idle(key, value) &&
	       (!key->since_like || fnmatch(key->since_like, node_text(value), 0) == 0);
}

/* Look into what stands below one key. */
static void
look_below(struct look *l, const struct key *key, struct node *value, size_t depth) {
	bool is_named = key->shape == SHAPE_NAMED || key->shape == SHAPE_NETWORKS ||
			key->shape == SHAPE_DEPENDS || key->shape == SHAPE_ULIMITS;

	if (!key->sub || depth == MAX_DEPTH)
		return;
	if (value->type == NODE_MAP && !is_named)
		look_at(l, value, key->sub, depth + 1);
	for (size_t i = 0; value->type == NODE_MAP && is_named && i < value->n; i++)
		look_at(l, value->u.member[i].val, key->sub, depth + 1);
	for (size_t i = 0; value->type == NODE_LIST && i < value->n; i++)
		look_at(l, value->u.item[i], key->sub, depth + 1);
}

/* One map with rows; what is dropped is taken out of it. */
static void
look_at(struct look *l, struct node *map, const struct schema *schema, size_t depth) {
	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n;) {
		struct member *m = &map->u.member[i];
		const struct key *key = schema_find(schema, m->key);
		bool is_new = false, drop = false;

		if (key && depends(key, m->val)) {
			l->nfound++;
			is_new = l->have && is_too_new(l->have, key);
		}
		drop = is_new && too_new(l, key, m);
		if (key && !is_new)
			look_below(l, key, m->val, depth);
		l->ndropped += drop;
		if (drop)
			node_unset(map, m->key);
		else
			i++;
	}
}

/* Does an enabled service use the network of this key? */
static bool
uses_network(const struct project *p, const char *key) {
	for (size_t i = 0; i < p->nservice; i++) {
		const struct node *nets = node_find(p->service[i].tree, "networks");
		if (!p->service[i].enabled)
			continue;
		if (node_member(nets, key) || (str_eq(key, "default") && (!nets || !nets->n)))
			return true;
	}
	return false;
}

/* All that enabled services use. */
static void
look_around(struct look *l, const struct project *p) {
	const struct node *nets = node_find(p->doc, "networks");

	for (size_t i = 0; i < p->nservice; i++)
		if (p->service[i].enabled)
			look_at(l, p->service[i].tree, &schema_service, 0);
	for (size_t i = 0; nets && nets->type == NODE_MAP && i < nets->n; i++)
		if (uses_network(p, nets->u.member[i].key))
			look_at(l, nets->u.member[i].val, &schema_network, 0);
}

bool
version_matters(struct ctx *ctx, const struct project *p) {
	struct look l = {.ctx = ctx};

	look_around(&l, p);
	return l.nfound > 0;
}

bool
version_check(struct ctx *ctx, const struct project *p, const struct engine_version *have,
	bool *dropped) {
	struct look l = {.ctx = ctx, .have = have};
	size_t errors = diag_errors(ctx);

	look_around(&l, p);
	*dropped = l.ndropped > 0;
	return diag_errors(ctx) == errors;
}
