/* shape_list.c - lists of texts, pairs, and commands: what may be written in more than one way
 * without being a short form of a mapping. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

/* Longer lists are not compared item by item to the end. */
enum { MAX_DISTINCT = 1000 };

/* Report the first item that stands twice. */
static bool
all_distinct(const struct shaping *sh, const struct node *list) {
	for (size_t i = 1; i < list->n; i++) {
		for (size_t j = 0; j < i && i < MAX_DISTINCT; j++) {
			if (!str_eq(node_text(list->u.item[i]), node_text(list->u.item[j])))
				continue;
			return say_twice(sh, list->u.item[i], list->u.item[j]->at);
		}
	}
	return true;
}

/* Shape each item of the list in the slot as FN says; where the row asks for it equal ones are
 * dropped, or an error. */
static bool
each_item(const struct shaping *sh, struct node **slot, shape_fn *fn) {
	struct node *list = *slot;
	struct unique unique;
	bool is_good = true;

	unique_begin(sh->ctx, &unique, list->at, list->n);
	for (size_t i = 0; i < list->n; i++) {
		struct node **item = &list->u.item[i];
		if ((*item)->flags & NODE_RESET)
			continue;
		if (!fn(sh, item))
			is_good = false;
		else if (sh->key->merge == MERGE_UNIQUE)
			unique_add(sh->ctx, &unique, node_text(*item), *item);
		else
			node_append(sh->ctx->mem, unique.list, *item);
	}
	if (is_good && sh->key->distinct)
		is_good = all_distinct(sh, unique.list);
	if (is_good)
		slot_put(slot, unique.list);
	return is_good;
}

bool
shape_strings(const struct shaping *sh, struct node **slot) {
	return say_list(sh, slot) && each_item(sh, slot, shape_string);
}

bool
shape_texts(const struct shaping *sh, struct node **slot) {
	return say_list(sh, slot) && each_item(sh, slot, shape_text);
}

/* A string alone, or a list, as a list of what FN makes. */
static bool
one_or_more(const struct shaping *sh, struct node **slot, shape_fn *fn) {
	struct node *value = *slot;

	if (value->type != NODE_LIST) {
		if (value->type != NODE_STR)
			return say_wrong(sh, value, "a string or a list of strings");
		slot_put(slot, node_new(sh->ctx->mem, NODE_LIST, value->at));
		node_append(sh->ctx->mem, *slot, value);
	}
	return each_item(sh, slot, fn);
}

bool
shape_one_or_more(const struct shaping *sh, struct node **slot) {
	return one_or_more(sh, slot, shape_string);
}

bool
shape_paths(const struct shaping *sh, struct node **slot) {
	return one_or_more(sh, slot, shape_path);
}

/* A pair without a value: null, or "" where the row says so. */
static struct node *
no_value(const struct shaping *sh, struct pos at) {
	if (str_in(sh->key->one_of, "null-is-empty"))
		return node_str(sh->ctx->mem, "", at);
	return node_new(sh->ctx->mem, NODE_NULL, at);
}

/* The value of one pair of a mapping. */
static bool
pair_value(const struct shaping *sh, struct member *m) {
	const char *may = sh->key->one_of != NULL ? sh->key->one_of : "";

	if (m->val->flags & NODE_RESET)
		return true;
	if (m->val->type == NODE_NULL && str_eq(may, "only-map") && !sh->canon->partial) {
		diag(sh->ctx, SEV_ERROR, m->at, "wrong-type",
			"'%s' in '%s' wants a text, and has no value", m->key, sh->key->name);
		return false;
	}
	if (m->val->type == NODE_NULL) {
		slot_put(&m->val, no_value(sh, m->val->at));
		return true;
	}
	if (node_is_scalar(m->val) && !(m->val->type == NODE_BOOL && str_in(may, "only-map")))
		return shape_text(sh, &m->val);
	diag(sh->ctx, SEV_ERROR, m->val->at, "wrong-type", "'%s' in '%s' wants a text, not %s",
		m->key, sh->key->name, say_node(sh->ctx, m->val));
	return false;
}

/* One item NAME or NAME=value of a list. */
static bool
pair_item(const struct shaping *sh, struct node *item, struct node *map) {
	struct word word = node_word(item);

	if (!say_string(sh, item))
		return false;
	size_t n = strcspn(word.s, "=");
	if ((n == 0 || strchr(" \t", word.s[n - 1]) != NULL) &&
		!say_unfit(sh, item->at, "bad-pair", "NAME=value", say_node(sh->ctx, item)))
		return false;
	struct pos at = word_pos(&word, 0, n);
	struct node *value =
		word.s[n] == '\0' ? no_value(sh, at)
				  : node_from_word(sh->ctx->mem, word_part(sh->ctx, &word, n + 1,
									 strlen(word.s + n + 1)));
	node_set(sh->ctx->mem, map, arena_strndup(sh->ctx->mem, word.s, n), at, value);
	return true;
}

bool
shape_pairs(const struct shaping *sh, struct node **slot) {
	struct node *value = *slot;
	bool is_good = true;

	if (value->type == NODE_MAP) {
		for (size_t i = 0; i < value->n; i++)
			is_good = pair_value(sh, &value->u.member[i]) && is_good;
		return is_good;
	}
	if (value->type == NODE_LIST && str_in(sh->key->one_of, "only-map"))
		return say_wrong(sh, value, "a mapping");
	if (value->type != NODE_LIST)
		return say_wrong(sh, value, "a mapping or a list of NAME=value");
	struct node *map = node_new_for(sh->ctx->mem, NODE_MAP, value->at, value->n);
	for (size_t i = 0; i < value->n; i++) {
		if (!(value->u.item[i]->flags & NODE_RESET))
			is_good = pair_item(sh, value->u.item[i], map) && is_good;
	}
	if (is_good)
		slot_put(slot, map);
	return is_good;
}

bool
shape_command(const struct shaping *sh, struct node **slot) {
	struct node *value = *slot;

	if (value->type == NODE_NULL)
		return true;
	if (value->type == NODE_LIST)
		return each_item(sh, slot, shape_string);
	if (value->type != NODE_STR)
		return say_wrong(sh, value, "a string or a list of strings");
	struct word word = node_word(value);
	struct node *list = node_new(sh->ctx->mem, NODE_LIST, value->at);
	if (!command_split(sh->ctx, &word, list))
		return false;
	slot_put(slot, list);
	return true;
}
