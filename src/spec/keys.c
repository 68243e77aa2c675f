/* keys.c - hold a tree against the rows: descend, refuse what no row knows, and let each value's
 * shape be judged.
 *
 * Starts at keys_canon(). value_canon() picks the function of a shape from one table; what a
 * shape wants is in shape.c, shape_list.c and short_*.c. Knows no key by name. The descent is as
 * deep as the schema, whatever the input is. What a map lacks is told right behind its own members,
 * when nothing can be added to it any more. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

/* Nobody reads the suggestions after so many errors, and they cost time. */
enum { MAX_HINTS = 60, MAX_HINT_LEN = 64 };

/* Rows that were found before, by where the name and its schema stand in memory: the reader keeps equal short texts once, so that
 * services ask with the same ones. */
enum { SEEN_ROWS = 256 };
static const struct key *seen_rows[SEEN_ROWS];

/* Find the row by halving. */
static const struct key *
find_row(const struct schema *schema, const char *name) {
	size_t from = 0, to = schema->n;

	while (from < to) { /* the rows are sorted */
		size_t middle = from + (to - from) / 2;
		int order = strcmp(name, schema->key[middle].name);
		if (order == 0)
			return &schema->key[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

const struct key *
schema_find(const struct schema *schema, const char *name) {
	size_t slot = ((uintptr_t)name / 8 + (uintptr_t)schema / 8 * 31) % SEEN_ROWS;
	const struct key *key = seen_rows[slot];
	bool is_it = key >= schema->key && key < schema->key + schema->n && str_eq(key->name, name);

	if (!is_it && (key = find_row(schema, name)) != NULL)
		seen_rows[slot] = key;
	return key;
}

/* The name among the rows that NAME was probably meant to be, or NULL. */
static const char *
nearest_key(struct ctx *ctx, const struct schema *schema, const char *name) {
	if (diag_errors(ctx) > MAX_HINTS || strlen(name) > MAX_HINT_LEN)
		return NULL;
	struct arena_mark mark = arena_mark(ctx->mem);
	const char **names = arena_array(ctx->mem, schema->n, sizeof(*names));
	for (size_t i = 0; i < schema->n; i++)
		names[i] = schema->key[i].name;
	const char *near = str_nearest(name, names, schema->n);
	arena_rewind(ctx->mem, mark);
	return near;
}

/* Report a key that no row knows: with the key that was meant, or where it would be right. */
static bool
unknown_key(struct ctx *ctx, const struct schema *schema, const struct member *m) {
	const char *near = nearest_key(ctx, schema, m->key);
	if (near != NULL) {
		diag(ctx, SEV_ERROR, m->at, "unknown-key",
			"unknown key '%s' in %s, did you mean '%s'?", m->key, schema->what, near);
		return false;
	}
	diag(ctx, SEV_ERROR, m->at, "unknown-key", "unknown key '%s' in %s", m->key, schema->what);
	const struct schema *const other[] = {&schema_service, &schema_file, &schema_build};
	for (size_t i = 0; i < countof(other) && diag_errors(ctx) <= MAX_HINTS; i++) {
		if (other[i] != schema && schema_find(other[i], m->key) != NULL) {
			diag_note(ctx, m->at, "'%s' is a key of %s", m->key, other[i]->what);
			break;
		}
	}
	return false;
}

bool
key_is_idle(const struct key *key, const struct node *value) {
	if (value->type == NODE_LIST || value->type == NODE_MAP)
		return value->n == 0;
	if (key->usual != NULL)
		return str_eq(node_text(value), key->usual);
	return value->type == NODE_NULL || (value->type == NODE_BOOL && !node_is_true(value));
}

/* Say that a key has no effect. Refused ones are the planner's to tell. */
static void
note_key(struct ctx *ctx, const struct key *key, const struct member *m) {
	if (key->standing == KEY_NOTED && !key_is_idle(key, m->val))
		diag(ctx, SEV_WARNING, m->at, "noted-key", "'%s': %s", key->name,
			key->note != NULL ? key->note : "has no effect here");
}

/* Anything may stand here. */
static bool
shape_any(const struct shaping *sh, struct node **slot) {
	(void)sh;
	(void)slot;
	return true;
}

/* A map with the rows of .sub. */
static bool
shape_map(const struct shaping *sh, struct node **slot) {
	if ((*slot)->type != NODE_MAP)
		return say_wrong(sh, *slot, "a mapping");
	return sh->key->sub == NULL || map_canon(sh, *slot, sh->key->sub, false);
}

/* One item of a list of maps. */
static bool
list_item(const struct shaping *sh, struct node *item) {
	if (item->type != NODE_MAP)
		return say_wrong(sh, item, "a list of mappings");
	return sh->key->sub == NULL || map_canon(sh, item, sh->key->sub, true);
}

/* A list of maps. */
static bool
shape_list(const struct shaping *sh, struct node **slot) {
	bool is_good = true;

	if (!say_list(sh, slot))
		return false;
	for (size_t i = 0; i < (*slot)->n; i++)
		is_good = list_item(sh, (*slot)->u.item[i]) && is_good;
	return is_good;
}

/* Is the user's own name made of letters, digits, '.', '_' and '-'? */
static bool
is_plain_name(const char *name) {
	for (const char *p = name; *p != '\0'; p++) {
		if (strchr("._-", *p) == NULL && !(*p >= '0' && *p <= '9') &&
			!((*p | 32) >= 'a' && (*p | 32) <= 'z'))
			return false;
	}
	return name[0] != '\0';
}

/* Report the first thing that the schema requires and MAP lacks. */
static bool
has_required(struct ctx *ctx, const struct node *map, const struct schema *schema, struct pos at) {
	bool is_good = true;

	for (size_t i = 0; i < schema->n && !schema->all_optional; i++) {
		if (!schema->key[i].required || node_member(map, schema->key[i].name) != NULL)
			continue;
		diag(ctx, SEV_ERROR, at, "missing-key", "%s wants the key '%s'", schema->what,
			schema->key[i].name);
		is_good = false;
	}
	return is_good;
}

/* The key of the blank-separated list that MAP holds, not as "" if there is another; or NULL. */
static const struct member *
one_of(const struct node *map, const char *need, bool *is_empty) {
	const struct member *found = NULL;

	*is_empty = true;
	for (size_t i = 0; i < map->n && *is_empty; i++) {
		const struct node *val = map->u.member[i].val;
		if (!str_in(need, map->u.member[i].key))
			continue;
		found = &map->u.member[i];
		*is_empty = val->type == NODE_STR && *val->u.s.str == '\0';
	}
	return found;
}

/* "'image', 'build' or 'provider'" from "image build provider". */
static const char *
alternatives(struct arena *mem, const char *need) {
	const char *text = "";

	while (*need != '\0') {
		size_t n = strcspn(need, " "), rest = n + strspn(need + n, " ");
		const char *join = *text == '\0' ? "" : need[rest] == '\0' ? " or " : ", ";
		text = arena_printf(mem, "%s%s'%.*s'", text, join, (int)n, need);
		need += rest;
	}
	return text;
}

/* Report a map that has none of the keys of which it needs one; another service may bring them. */
static bool
has_needed(struct ctx *ctx, const struct node *map, const struct schema *schema, struct pos at) {
	bool is_empty;

	if (schema->need == NULL || node_member(map, "extends"))
		return true;
	const struct member *given = one_of(map, schema->need, &is_empty);
	if (given != NULL && !is_empty)
		return true;
	if (given != NULL && schema != &schema_service)
		return diag_unfit(ctx, given->val->at, "missing-key",
			"%s wants %s, and this '%s' is empty", schema->what,
			alternatives(ctx->mem, schema->need), given->key);
	diag(ctx, SEV_ERROR, at, "missing-key", "%s wants %s", schema->what,
		alternatives(ctx->mem, schema->need));
	return false;
}

/* Has the map all that it needs? Where another file may still add to it nobody can say. */
static bool
is_complete(const struct shaping *sh, const struct node *map, const struct schema *schema,
	struct pos at) {
	return sh->canon->partial ||
	       (has_required(sh->ctx, map, schema, at) && has_needed(sh->ctx, map, schema, at));
}

/* The same for the maps right below one row. Named things (named_member) and items of lists (map_canon) have been looked at. */
static bool
value_complete(const struct shaping *sh, const struct member *m) {
	const struct key *key = sh->key;
	bool is_named = key->shape == SHAPE_NETWORKS || key->shape == SHAPE_DEPENDS ||
			key->shape == SHAPE_ULIMITS;
	bool is_good = true;

	if (key->sub == NULL || m->val->type != NODE_MAP)
		return true;
	if (key->shape == SHAPE_MAP || key->shape == SHAPE_BUILD || key->shape == SHAPE_EXTENDS)
		return is_complete(sh, m->val, key->sub, m->at);
	for (size_t i = 0; is_named && i < m->val->n; i++) {
		const struct member *inner = &m->val->u.member[i];
		if (inner->val->type == NODE_MAP)
			is_good = is_complete(sh, inner->val, key->sub, inner->at) && is_good;
	}
	return is_good;
}

/* One member of a map of named things: null is an empty map, but for what must hold something. */
static bool
named_member(const struct shaping *sh, struct member *m) {
	const struct schema *sub = sh->key->sub;
	const char *what = sub != NULL ? sub->what : "an entry";

	if (!is_plain_name(m->key)) {
		diag(sh->ctx, SEV_ERROR, m->at, "bad-name",
			"the name of %s may hold letters, digits, '.', '_' and '-' only, not '%s'",
			what, m->key);
		return false;
	}
	if (m->val->flags & NODE_RESET)
		return true;
	if (m->val->type == NODE_NULL && (sub == NULL || sub->need == NULL))
		slot_put(&m->val, node_new(sh->ctx->mem, NODE_MAP, m->val->at));
	if (m->val->type == NODE_MAP && sub == NULL)
		return true;
	if (m->val->type == NODE_MAP) {
		bool is_good = map_canon(sh, m->val, sub, false);
		return is_complete(sh, m->val, sub, m->at) && is_good;
	}
	diag(sh->ctx, SEV_ERROR, m->val->type == NODE_NULL ? m->at : m->val->at, "wrong-type",
		"'%s' is %s: it wants a mapping, not %s", m->key, what, say_node(sh->ctx, m->val));
	return false;
}

/* A map from the user's names to what .sub describes. */
static bool
shape_named(const struct shaping *sh, struct node **slot) {
	bool is_good = true;

	if ((*slot)->type != NODE_MAP)
		return say_wrong(sh, *slot, "a mapping of names");
	for (size_t i = 0; i < (*slot)->n; i++)
		is_good = named_member(sh, &(*slot)->u.member[i]) && is_good;
	return is_good;
}

static shape_fn *const shape_fns[] = {
	[SHAPE_ANY] = shape_any,
	[SHAPE_STRING] = shape_string,
	[SHAPE_TEXT] = shape_text,
	[SHAPE_CHOICE] = shape_choice,
	[SHAPE_BOOL] = shape_bool,
	[SHAPE_INT] = shape_int,
	[SHAPE_NUMBER] = shape_number,
	[SHAPE_SIZE] = shape_size,
	[SHAPE_DURATION] = shape_duration,
	[SHAPE_PATH] = shape_path,
	[SHAPE_STRINGS] = shape_strings,
	[SHAPE_TEXTS] = shape_texts,
	[SHAPE_ONE_OR_MORE] = shape_one_or_more,
	[SHAPE_PAIRS] = shape_pairs,
	[SHAPE_COMMAND] = shape_command,
	[SHAPE_MAP] = shape_map,
	[SHAPE_NAMED] = shape_named,
	[SHAPE_LIST] = shape_list,
	[SHAPE_PORTS] = short_ports,
	[SHAPE_MOUNTS] = short_mounts,
	[SHAPE_NETWORKS] = short_networks,
	[SHAPE_DEPENDS] = short_depends,
	[SHAPE_ENV_FILE] = short_env_file,
	[SHAPE_HOSTS] = short_hosts,
	[SHAPE_ULIMITS] = short_ulimits,
	[SHAPE_TEST] = short_test,
	[SHAPE_DEVICES] = short_devices,
	[SHAPE_GRANTS] = short_grants,
	[SHAPE_BUILD] = short_build,
	[SHAPE_EXTENDS] = short_extends,
	[SHAPE_GPUS] = short_gpus,
	[SHAPE_EXTERNAL] = short_external,
	[SHAPE_IMAGE] = shape_image,
	[SHAPE_NAME] = shape_name,
	[SHAPE_MODE] = shape_mode,
	[SHAPE_PATHS] = shape_paths,
	[SHAPE_CONTEXT] = shape_context,
	[SHAPE_COUNT] = shape_count,
	[SHAPE_MICROS] = shape_micros,
};

bool
value_canon(const struct shaping *sh, struct node **slot) {
	return shape_fns[sh->key->shape](sh, slot);
}

/* Does a null stay, because it says something? */
static bool
keeps_null(const struct key *key) {
	return key->shape == SHAPE_COMMAND || key->shape == SHAPE_ANY;
}

/* A null where it says nothing: gone where that is allowed. Another file may give the value, and so may
 * the service that this one extends. */
static bool
null_gone(const struct shaping *sh, const struct node *map, const struct key *key,
	const struct member *m, bool *gone) {
	bool is_override = m->val->flags & NODE_OVERRIDE;
	bool may_come = sh->canon->partial || node_member(map, "extends") != NULL;

	*gone = key->null_ok;
	if (key->null_ok || (may_come && !is_override))
		return true;
	diag(sh->ctx, SEV_ERROR, m->at, "wrong-type",
		is_override ? "nothing overrides '%s': write '!reset null' to take it away"
			    : "'%s' has no value: give it one, or leave the key out",
		m->key);
	return false;
}

/* One member of a map with rows. *GONE: it was null, which is the same as not written. */
static bool
member_canon(const struct shaping *outer, struct node *map, struct member *m,
	const struct schema *schema, bool *gone) {
	const struct key *key = schema_find(schema, m->key);

	if (key == NULL)
		return str_starts(m->key, "x-") || unknown_key(outer->ctx, schema, m);
	if (m->val->flags & NODE_RESET)
		return true;
	if (m->val->type == NODE_NULL && !keeps_null(key))
		return null_gone(outer, map, key, m, gone);
	note_key(outer->ctx, key, m);
	struct shaping sh = {outer->ctx, outer->canon, key, map};
	bool is_good = value_canon(&sh, &m->val);
	return value_complete(&sh, m) && is_good;
}

bool
map_canon(const struct shaping *sh, struct node *map, const struct schema *schema, bool item) {
	bool is_good = true;

	for (size_t i = 0; i < map->n;) {
		bool is_gone = false;
		is_good = member_canon(sh, map, &map->u.member[i], schema, &is_gone) && is_good;
		if (is_gone)
			node_unset(map, map->u.member[i].key);
		else
			i++;
	}
	if (item)
		is_good = has_required(sh->ctx, map, schema, map->at) && is_good;
	return is_good;
}

bool
keys_canon(struct ctx *ctx, struct node *tree, const struct schema *schema,
	const struct canon *canon) {
	struct shaping sh = {ctx, canon, NULL, NULL};

	if (tree->type != NODE_MAP) {
		diag(ctx, SEV_ERROR, tree->at, "wrong-type", "%s wants a mapping, not %s",
			schema->what, say_node(ctx, tree));
		return false;
	}
	bool is_good = map_canon(&sh, tree, schema, false);
	return is_complete(&sh, tree, schema, tree->at) && is_good;
}
