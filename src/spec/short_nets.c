/* short_nets.c - lists of names that are mappings in truth: networks and depends_on; and what
 * points to other things: env_file, secrets and configs, extends, build. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

/* Turn the list of names in the slot into a mapping, each with a value from MAKE. A mapping
 * stays. */
static bool
names_to_map(const struct shaping *sh, struct node **slot,
	struct node *(*make)(struct ctx *, struct pos)) {
	struct node *list = *slot;
	bool is_good = true;

	if (list->type == NODE_MAP)
		return true;
	if (list->type != NODE_LIST)
		return say_wrong(sh, list, "a list of names or a mapping");
	struct node *map = node_new_for(sh->ctx->mem, NODE_MAP, list->at, list->n);
	for (size_t i = 0; i < list->n; i++) {
		const struct node *item = list->u.item[i];
		if (item->flags & NODE_RESET)
			continue;
		if (node_is_scalar(item) && node_find(map, node_text(item)))
			is_good = say_twice(sh, item, node_member(map, node_text(item))->at);
		else if (say_string(sh, item) && *node_text(item) != '\0')
			node_set(sh->ctx->mem, map, node_text(item), item->at,
				make(sh->ctx, item->at));
		else
			is_good = item->type == NODE_STR &&
				  say_bad(sh, item->at, "bad-name", "a name", "\"\"");
	}
	if (is_good)
		slot_put(slot, map);
	return is_good;
}

/* A network, used without more said. */
static struct node *
make_null(struct ctx *ctx, struct pos at) {
	return node_new(ctx->mem, NODE_NULL, at);
}

/* The dependency that a bare name means. */
static struct node *
make_dependency(struct ctx *ctx, struct pos at) {
	struct node *map = node_new_for(ctx->mem, NODE_MAP, at, 2);

	node_add(ctx->mem, map, "condition", at, node_str(ctx->mem, "service_started", at));
	node_add(ctx->mem, map, "required", at, node_bool(ctx->mem, true, at));
	return map;
}

/* Report a member that should be a mapping. */
static bool
wrong_member(const struct shaping *sh, const struct member *m) {
	diag(sh->ctx, SEV_ERROR, m->val->type == NODE_NULL ? m->at : m->val->at, "wrong-type",
		"'%s' in '%s' wants a mapping, not %s", m->key, sh->key->name,
		say_node(sh->ctx, m->val));
	return false;
}

bool
short_networks(const struct shaping *sh, struct node **slot) {
	bool is_good = true;

	if (!names_to_map(sh, slot, make_null))
		return false;
	for (size_t i = 0; i < (*slot)->n; i++) {
		struct member *m = &(*slot)->u.member[i];
		if (m->val->type == NODE_NULL || (m->val->flags & NODE_RESET))
			continue;
		is_good = (m->val->type == NODE_MAP ? map_canon(sh, m->val, sh->key->sub, false)
						    : wrong_member(sh, m)) &&
			  is_good;
	}
	return is_good;
}

bool
short_depends(const struct shaping *sh, struct node **slot) {
	struct arena *mem = sh->ctx->mem;
	bool is_good = true;

	if (!names_to_map(sh, slot, make_dependency))
		return false;
	for (size_t i = 0; i < (*slot)->n; i++) {
		struct member *m = &(*slot)->u.member[i];
		if (m->val->flags & NODE_RESET)
			continue;
		if (m->val->type != NODE_MAP || !map_canon(sh, m->val, sh->key->sub, false)) {
			is_good = m->val->type == NODE_MAP ? false : wrong_member(sh, m);
			continue;
		}
		/* A default may not win over what an earlier file says. */
		if (!sh->canon->partial && node_find(m->val, "required") == NULL)
			node_add(mem, m->val, "required", m->at, node_bool(mem, true, m->at));
	}
	return is_good;
}

/* A mapping with one member, for a short form that says just that. */
static struct node *
one_member(struct ctx *ctx, const char *key, struct node *value) {
	struct node *map = node_new(ctx->mem, NODE_MAP, value->at);

	node_add(ctx->mem, map, key, value->at, value);
	return map;
}

/* One file of variables. */
static bool
env_file_item(const struct shaping *sh, struct node **item) {
	struct arena *mem = sh->ctx->mem;

	if ((*item)->type == NODE_STR)
		slot_put(item, one_member(sh->ctx, "path", *item));
	else if ((*item)->type != NODE_MAP)
		return say_wrong(sh, *item, "paths, or mappings with 'path'");
	if (!map_canon(sh, *item, sh->key->sub, true))
		return false;
	if (node_find(*item, "required") == NULL)
		node_add(mem, *item, "required", (*item)->at, node_bool(mem, true, (*item)->at));
	return true;
}

/* Shape each item of a list; !reset ones are left alone. */
static bool
each_item(const struct shaping *sh, struct node *list, shape_fn *fn) {
	bool is_good = true;

	for (size_t i = 0; i < list->n; i++) {
		if (!(list->u.item[i]->flags & NODE_RESET))
			is_good = fn(sh, &list->u.item[i]) && is_good;
	}
	return is_good;
}

bool
short_env_file(const struct shaping *sh, struct node **slot) {
	struct node *value = *slot;

	if (value->type == NODE_STR) {
		slot_put(slot, node_new(sh->ctx->mem, NODE_LIST, value->at));
		node_append(sh->ctx->mem, *slot, value);
	} else if (value->type != NODE_LIST) {
		return say_wrong(sh, value, "a path or a list of paths");
	}
	return each_item(sh, *slot, env_file_item);
}

/* One secret or config that the service may read. */
static bool
grant_item(const struct shaping *sh, struct node **item) {
	if ((*item)->type == NODE_STR)
		slot_put(item, one_member(sh->ctx, "source", *item));
	else if ((*item)->type != NODE_MAP)
		return say_wrong(sh, *item, "names, or mappings with 'source'");
	return map_canon(sh, *item, sh->key->sub, true);
}

bool
short_grants(const struct shaping *sh, struct node **slot) {
	return say_list(sh, slot) && each_item(sh, *slot, grant_item);
}

bool
short_extends(const struct shaping *sh, struct node **slot) {
	if ((*slot)->type == NODE_STR)
		slot_put(slot, one_member(sh->ctx, "service", *slot));
	else if ((*slot)->type != NODE_MAP)
		return say_wrong(
			sh, *slot, "a service's name, or a mapping with 'service' and 'file'");
	/* before the path is made absolute: that would hide the address */
	const struct node *file = node_find(*slot, "file");
	if (!check_local(sh->ctx, node_text(file), file))
		return false;
	return map_canon(sh, *slot, sh->key->sub, sh->canon->partial);
}

/* Shape the values of a mapping inside `build` that name folders or other places. */
static bool
contexts(const struct shaping *sh, struct node *map) {
	bool is_good = true;

	for (size_t i = 0; map != NULL && map->type == NODE_MAP && i < map->n; i++) {
		if (map->u.member[i].val->type == NODE_STR)
			is_good = shape_context(sh, &map->u.member[i].val) && is_good;
	}
	return is_good;
}

bool
short_build(const struct shaping *sh, struct node **slot) {
	if ((*slot)->type == NODE_STR)
		slot_put(slot, one_member(sh->ctx, "context", *slot));
	else if ((*slot)->type != NODE_MAP)
		return say_wrong(sh, *slot, "a folder, or a mapping");
	return map_canon(sh, *slot, sh->key->sub, false) &&
	       contexts(sh, node_find(*slot, "additional_contexts")) &&
	       contexts(sh, node_find(*slot, "ssh"));
}
