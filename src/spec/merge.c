/* merge.c - lay one canonical tree over another, each key by the rule of its row.
 *
 * Starts at merge_over(). What is laid over wins; a merged value keeps its own place. A value tagged
 * !reset or !override takes the place of what lies below it, and keeps the tag, since it may be laid
 * over a further file yet. The depth is the parser's. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "load_int.h"

/* One merge: WHAT names the lower tree in messages. */
struct merging {
	struct ctx *ctx;
	const char *what;
	bool good;
	bool foreign; /* below an x- key: nobody knows what stands there */
};

static void merge_map(struct merging *, struct node *, struct node *, const struct schema *);
static void merge_any(struct merging *, struct node **, struct node *);

/* Report values of which one cannot be laid over the other. */
static void
cannot_merge(struct merging *m, const struct node *base, const struct node *over) {
	diag(m->ctx, SEV_ERROR, over->at, "cannot-merge",
		"a %s cannot be laid over the %s %s: write it the same way, or tag it !override",
		node_type_name(over), node_type_name(base), m->what);
	diag_note(m->ctx, base->at, "the %s stands here", node_type_name(base));
	m->good = false;
}

/* Does the value take the place of whatever lies below it? */
static bool
replaces(const struct node *base, const struct node *over) {
	return (over->flags & (NODE_RESET | NODE_OVERRIDE)) || (base->flags & NODE_RESET) ||
	       base->type == NODE_NULL;
}

/* Has the value no effect on the one below it? A null where the key had to be mentioned; a command of
 * null is the image's own again. */
static bool
says_nothing(const struct key *key, const struct node *over) {
	return over->type == NODE_NULL && !(key && key->shape == SHAPE_COMMAND);
}

/* Put a member over the map, whatever is there. */
static void
put_member(struct merging *m, struct node *base, const struct member *over) {
	node_set(m->ctx->mem, base, over->key, over->at, over->val);
}

/* Lay each item behind those of the base. */
static void
append(struct merging *m, struct node *base, const struct node *over) {
	for (size_t i = 0; i < over->n; i++)
		node_append(m->ctx->mem, base, over->u.item[i]);
}

/* Lay a map of values without rows over another; a null says something only in pairs. */
static void
merge_members(struct merging *m, struct node *base, struct node *over, bool whole) {
	for (size_t i = 0; i < over->n; i++) {
		struct member *now = &over->u.member[i];
		struct member *old = node_member(base, now->key);

		if (!old || whole || replaces(old->val, now->val))
			put_member(m, base, now);
		else if (now->val->type != NODE_NULL)
			merge_any(m, &old->val, now->val);
	}
}

/* Lay values of which no row knows anything over one another. */
static void
merge_any(struct merging *m, struct node **base, struct node *over) {
	bool scalars = node_is_scalar(*base) && node_is_scalar(over);

	if (scalars || ((*base)->type != over->type && m->foreign))
		*base = over;
	else if ((*base)->type != over->type)
		cannot_merge(m, *base, over);
	else if (over->type == NODE_MAP)
		merge_members(m, *base, over, false);
	else
		append(m, *base, over);
}

/* One member of an item as text, or what stands for it when it is not there. */
static const char *
item_part(const struct merging *m, const struct key *key, const struct node *item, const char *name,
	size_t len) {
	const char *text = node_text(node_find(item, arena_strndup(m->ctx->mem, name, len)));

	if (*text)
		return text;
	if (key->shape == SHAPE_GRANTS && len == strlen("target"))
		return arena_printf(m->ctx->mem, "%s%s",
			str_eq(key->name, "secrets") ? "/run/secrets/" : "/",
			node_text(node_find(item, "source")));
	return key->shape == SHAPE_PORTS && len == strlen("host_ip") && name[0] == 'h' ? "0.0.0.0"
										       : "";
}

/* What tells an item from the others of its list. */
static const char *
item_key(const struct merging *m, const struct key *key, const struct node *item) {
	const char *text = "", *by = key->by ? key->by : "";

	if (item->type != NODE_MAP)
		return *by == '=' ? arena_strndup(m->ctx->mem, node_text(item),
					    strcspn(node_text(item), "="))
				  : node_text(item);
	while (*by) {
		size_t n = strcspn(by, " ");

		text = arena_printf(m->ctx->mem, "%s%s\n", text, item_part(m, key, item, by, n));
		by += n + strspn(by + n, " ");
	}
	if (key->shape == SHAPE_GRANTS && text[0] != '/' && str_eq(key->name, "secrets"))
		text = arena_printf(m->ctx->mem, "/run/secrets/%s", text);
	return text;
}

/* Lay the items behind those of the base, each in the place of one that it is the same as. */
static struct node *
unite(struct merging *m, const struct key *key, const struct node *base, const struct node *over) {
	const struct node *const from[] = {base, over};
	struct unique unique;

	unique_begin(m->ctx, &unique, over->at, base->n + over->n);
	for (size_t k = 0; k < countof(from); k++)
		for (size_t i = 0; i < from[k]->n; i++)
			unique_add(m->ctx, &unique, item_key(m, key, from[k]->u.item[i]),
				from[k]->u.item[i]);
	unique.list->flags = base->flags;
	return unique.list;
}

/* Lay a list over another by the rule of the row. */
static void
merge_list(struct merging *m, const struct key *key, struct node **base, struct node *over) {
	if (key->merge == MERGE_UNIQUE || key->merge == MERGE_BY_KEY)
		*base = unite(m, key, *base, over);
	else
		append(m, *base, over);
}

/* A map from the user's names to maps with rows, or to nothing. */
static void
merge_named(struct merging *m, struct node *base, struct node *over, const struct schema *sub) {
	for (size_t i = 0; i < over->n; i++) {
		struct member *now = &over->u.member[i];
		struct member *old = node_member(base, now->key);

		if (!old || replaces(old->val, now->val))
			put_member(m, base, now);
		else if (now->val->type == NODE_MAP && old->val->type == NODE_MAP)
			merge_map(m, old->val, now->val, sub);
		else if (now->val->type != NODE_NULL)
			merge_any(m, &old->val, now->val);
	}
}

/* Are both there, and not the same? Options of one driver mean nothing to another. */
static bool
other_driver(const struct node *base, const struct node *over) {
	const char *a = node_text(node_find(base, "driver"));
	const char *b = node_text(node_find(over, "driver"));

	return *a && *b && !str_eq(a, b);
}

/* Lay a map over another: what its members are is the shape's to say. */
static void
merge_shape(struct merging *m, const struct key *key, struct node **base, struct node *over) {
	switch ((int)key->shape) {
	case SHAPE_PAIRS:
	case SHAPE_ULIMITS:
		merge_members(m, *base, over, true);
		break;
	case SHAPE_NAMED:
	case SHAPE_NETWORKS:
	case SHAPE_DEPENDS:
		if (key->sub)
			merge_named(m, *base, over, key->sub);
		else
			merge_members(m, *base, over, false);
		break;
	default:
		if (key->merge == MERGE_SPECIAL && other_driver(*base, over))
			*base = over;
		else if (key->sub)
			merge_map(m, *base, over, key->sub);
		else
			merge_members(m, *base, over, false);
	}
}

/* Lay one value over another by its row; NULL: no row knows it. */
static void
merge_value(struct merging *m, const struct key *key, struct node **base, struct node *over) {
	m->foreign = !key;
	if (!key)
		merge_any(m, base, over);
	else if (key->merge == MERGE_REPLACE)
		*base = over;
	else if ((*base)->type == NODE_MAP && over->type == NODE_MAP)
		merge_shape(m, key, base, over);
	else if ((*base)->type == NODE_LIST && over->type == NODE_LIST)
		merge_list(m, key, base, over);
	else
		merge_any(m, base, over);
}

/* Lay a map with rows over another. */
static void
merge_map(struct merging *m, struct node *base, struct node *over, const struct schema *schema) {
	for (size_t i = 0; i < over->n; i++) {
		struct member *now = &over->u.member[i];
		struct member *old = node_member(base, now->key);
		struct node *was = old ? old->val : NULL;

		if (!old || replaces(old->val, now->val)) {
			put_member(m, base, now);
			continue;
		}
		const struct key *key = schema_find(schema, now->key);
		if (says_nothing(key, now->val))
			continue;
		merge_value(m, key, &old->val, now->val);
		if (old->val != was)
			old->at = now->at;
	}
}

bool
merge_over(struct ctx *ctx, struct node *base, struct node *over, const struct schema *schema,
	const char *what) {
	struct merging m = {.ctx = ctx, .what = what, .good = true};

	merge_map(&m, base, over, schema);
	return m.good;
}
