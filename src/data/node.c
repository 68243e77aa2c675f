/* node.c - the tree: make, grow, find, copy, compare.
 *
 * Large maps are searched by node_index.c. Reading scalars is node_scalar.c's work. */
#include "data_int.h"

#include <assert.h>
#include <inttypes.h>
#include <stackplan/arena.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct node *
node_new(struct arena *mem, enum node_type type, struct pos at) {
	struct node *n = arena_make(mem, struct node);

	n->type = type;
	n->at = at;
	if (type != NODE_LIST && type != NODE_MAP)
		n->u.s.str = "";
	return n;
}

struct node *
node_str(struct arena *mem, const char *text, struct pos at) {
	struct node *n = node_new(mem, NODE_STR, at);

	n->u.s.str = text;
	return n;
}

struct node *
node_bool(struct arena *mem, bool value, struct pos at) {
	struct node *n = node_new(mem, NODE_BOOL, at);

	n->u.s.str = value ? "true" : "false";
	return n;
}

struct node *
node_int(struct arena *mem, int64_t value, struct pos at) {
	struct node *n = node_new(mem, NODE_INT, at);

	n->u.s.str = value < 0 ? arena_printf(mem, "%" PRId64, value)
			       : arena_decimal(mem, (uint64_t)value);
	return n;
}

struct node *
node_from_word(struct arena *mem, struct word word) {
	struct node *n = node_str(mem, word.s, word.at);

	n->u.s.span = word.span;
	n->n = word.nspan;
	return n;
}

struct node *
node_new_for(struct arena *mem, enum node_type type, struct pos at, size_t n) {
	struct node *node = node_new(mem, type, at);

	assert(n < UINT32_MAX);
	if (type == NODE_LIST)
		node->u.item = arena_array(mem, n, sizeof(*node->u.item));
	else
		node->u.member = arena_array(mem, n, sizeof(*node->u.member));
	node->cap = (uint32_t)n;
	return node;
}

/* Twice the room, and some at first. */
static uint32_t
more_room(const struct node *n) {
	assert(n->cap < UINT32_MAX / 2);
	return n->cap < 2 ? 2 : 2 * n->cap;
}

struct node *
node_made_list(struct arena *mem, struct node_maker *maker, size_t n) {
	struct node *list = node_new(mem, NODE_LIST, (struct pos){0});
	list->flags |= NODE_MADE;
	assert(n < UINT32_MAX);
	list->n = (uint32_t)n;
	list->u.maker = maker;
	return list;
}

struct node *
node_made_map(struct arena *mem, struct node_maker *maker) {
	struct node *map = node_new(mem, NODE_MAP, (struct pos){0});
	map->flags |= NODE_MADE;
	map->u.maker = maker;
	map->u.mask = UINT64_MAX; /* whatever is asked for, the maker knows */
	return map;
}

struct node *
node_item(const struct node *list, size_t i) {
	if (list->flags & NODE_MADE)
		return list->u.maker->make(list->u.maker, i);
	return list->u.item[i];
}

void
node_open(const struct node *list) {
	if ((list->flags & NODE_MADE) && list->type == NODE_LIST)
		list->u.maker->readers++;
}

void
node_close(const struct node *list) {
	if ((list->flags & NODE_MADE) && list->type == NODE_LIST)
		list->u.maker->readers--;
}

void
node_append(struct arena *mem, struct node *list, struct node *item) {
	assert(list->type == NODE_LIST);
	if (list->n == list->cap) {
		uint32_t cap = more_room(list);
		list->u.item = arena_grow(mem, list->u.item, list->n, cap, sizeof(*list->u.item));
		list->cap = cap;
	}
	list->u.item[list->n++] = item;
}

void
node_put(struct arena *mem, struct node *map, struct member m) {
	m.sig = key_sig(m.key);
	map->u.member[map->n++] = m;
	if (map->n <= NODE_SMALL)
		map->u.mask |= sig_bit(m.sig);
	else
		index_add(mem, map);
}

void
node_add(
	struct arena *mem, struct node *map, const char *key, struct pos key_at, struct node *val) {
	assert(map->type == NODE_MAP);
	if (map->n == map->cap) {
		uint32_t cap = more_room(map);
		map->u.member = arena_grow(mem, map->u.member, map->n, cap, sizeof(*map->u.member));
		map->cap = cap;
	}
	node_put(mem, map, (struct member){.key = key, .at = key_at, .val = val});
}

void
node_set(
	struct arena *mem, struct node *map, const char *key, struct pos key_at, struct node *val) {
	struct member *m = node_member(map, key);

	if (m == NULL) {
		node_add(mem, map, key, key_at, val);
		return;
	}
	m->at = key_at;
	m->val = val;
}

void
node_unset(struct node *map, const char *key) {
	struct member *m = node_member(map, key);
	size_t at;

	if (m == NULL)
		return;
	at = (size_t)(m - map->u.member);
	if (map->n > NODE_SMALL)
		index_remove(map, at);
	memmove(m, m + 1, (map->n - at - 1) * sizeof(*m));
	if (map->n-- != NODE_SMALL + 1)
		return;
	map->u.mask = 0; /* it has an index no more */
	for (size_t i = 0; i < map->n; i++)
		map->u.mask |= sig_bit(map->u.member[i].sig);
}

struct member *const no_member = NULL;
struct node *const no_node = NULL;

struct member *
node_search(const struct node *map, const char *key, uint32_t sig) {
	if (map->n > NODE_SMALL) {
		size_t at = index_find(map, key);
		return at != SIZE_MAX ? &map->u.member[at] : NULL;
	}
	for (size_t i = 0; i < map->n; i++)
		if (map->u.member[i].sig == sig && strcmp(map->u.member[i].key, key) == 0)
			return &map->u.member[i];
	return NULL;
}

struct node *
node_search_value(const struct node *map, const char *key, uint32_t sig) {
	struct member *m;

	if ((map->flags & NODE_MADE) != 0)
		return map->u.maker->find(map->u.maker, key);
	m = node_search(map, key, sig);
	return m != NULL ? m->val : NULL;
}

struct node *
node_at(const struct node *map, const char *key, ...) {
	struct node *n = node_find(map, key);
	va_list keys;

	va_start(keys, key);
	while (n != NULL && (key = va_arg(keys, const char *)) != NULL)
		n = node_find(n, key);
	va_end(keys);
	return n;
}

const char *
node_type_name(const struct node *n) {
	static const char *const names[] = {
		[NODE_NULL] = "null",
		[NODE_BOOL] = "boolean",
		[NODE_INT] = "number",
		[NODE_FLOAT] = "number",
		[NODE_STR] = "string",
		[NODE_LIST] = "list",
		[NODE_MAP] = "mapping",
	};

	if (n == NULL)
		return "nothing";
	return n->type == NODE_STR && (n->flags & NODE_TIME) ? "timestamp" : names[n->type];
}

static int
by_text(const void *a, const void *b) {
	const struct node *const *x = a, *const *y = b;

	return strcmp(node_text(*x), node_text(*y));
}

void
node_sort_texts(struct node *list) {
	if (list && list->type == NODE_LIST && list->n > 1)
		qsort(list->u.item, list->n, sizeof(*list->u.item), by_text);
}

struct node *
node_copy(struct arena *mem, const struct node *from) {
	struct node *to = arena_make(mem, struct node);

	*to = *from;
	to->cap = from->n;
	if (from->type == NODE_LIST) {
		to->u.item = arena_array(mem, from->n, sizeof(*to->u.item));
		for (size_t i = 0; i < from->n; i++)
			to->u.item[i] = node_copy(mem, from->u.item[i]);
	} else if (from->type == NODE_MAP) {
		to->n = 0;
		to->u.index = NULL;
		to->u.member = arena_array(mem, from->n, sizeof(*to->u.member));
		for (size_t i = 0; i < from->n; i++) {
			struct member m = from->u.member[i];
			m.val = node_copy(mem, m.val);
			node_put(mem, to, m);
		}
	}
	return to;
}

/* Do two scalars of one type say the same? */
static bool
same_scalar(const struct node *a, const struct node *b) {
	bool negative_a, negative_b;
	uint64_t int_a, int_b;
	double float_a, float_b;

	if (strcmp(node_text(a), node_text(b)) == 0)
		return (a->flags & NODE_TIME) == (b->flags & NODE_TIME);
	if (a->type == NODE_BOOL)
		return node_is_true(a) == node_is_true(b);
	if (a->type == NODE_INT)
		return scalar_int(a->u.s.str, strlen(a->u.s.str), &negative_a, &int_a) &&
		       scalar_int(b->u.s.str, strlen(b->u.s.str), &negative_b, &int_b) &&
		       int_a == int_b && (negative_a == negative_b || int_a == 0);
	if (a->type == NODE_FLOAT && scalar_float(a->u.s.str, &float_a) &&
		scalar_float(b->u.s.str, &float_b))
		return !(float_a < float_b) && !(float_a > float_b);
	return false;
}

bool
node_same(const struct node *a, const struct node *b) {
	if (a == NULL || b == NULL)
		return a == b;
	if (a->type != b->type)
		return false;
	if (node_is_scalar(a))
		return same_scalar(a, b);
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct node *in_a = a->type == NODE_LIST ? a->u.item[i] : a->u.member[i].val;
		const struct node *in_b =
			a->type == NODE_LIST ? b->u.item[i] : node_find(b, a->u.member[i].key);
		if (in_b == NULL || !node_same(in_a, in_b))
			return false;
	}
	return true;
}
