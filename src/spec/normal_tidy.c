/* normal_tidy.c - drop from a printed document what is the same as not written: empty texts, false
 * where that is the default, zeros that mean unset, and foreign x- keys below the file's own.
 *
 * The rows say what each value is. The descent is as deep as they are. */
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

#include "spec_int.h"

static void tidy_map(struct node *, const struct schema *);

bool
key_says_nothing(const struct key *key, const struct node *value) {
	static const char kept[] = "attach create_host_path enable_ipv4 enable_ipv6 init required";
	static const char zeros[] = "cpu_count cpu_percent oom_score_adj"; /* 0 is unset */

	if (value->type == NODE_STR)
		return !*node_text(value) ||
		       (key->form == FORM_NONZERO && str_eq(node_text(value), "0"));
	if (value->type == NODE_BOOL)
		return key->shape == SHAPE_BOOL || key->shape == SHAPE_EXTERNAL
			       ? !node_is_true(value) && !str_in(kept, key->name)
			       : false;
	return value->type == NODE_INT && str_eq(node_text(value), "0") &&
	       (key->form == FORM_NONZERO || str_in(zeros, key->name));
}

/* What stands below one row. */
static void
tidy_value(struct node *value, const struct key *key) {
	bool is_named = key->shape == SHAPE_NAMED || key->shape == SHAPE_NETWORKS ||
			key->shape == SHAPE_DEPENDS || key->shape == SHAPE_ULIMITS;

	if (!key->sub)
		return;
	if (value->type == NODE_MAP && !is_named) {
		tidy_map(value, key->sub);
	} else if (value->type == NODE_MAP) {
		for (size_t i = 0; i < value->n; i++)
			tidy_map(value->u.member[i].val, key->sub);
	} else if (value->type == NODE_LIST) {
		for (size_t i = 0; i < value->n; i++)
			tidy_map(value->u.item[i], key->sub);
	}
}

/* One mapping with rows. */
static void
tidy_map(struct node *map, const struct schema *schema) {
	for (size_t i = 0; map->type == NODE_MAP && i < map->n;) {
		struct member *m = &map->u.member[i];
		const struct key *key = schema_find(schema, m->key);
		bool drop = key ? key_says_nothing(key, m->val)
				: schema != &schema_file && !str_eq(m->key, "x-stackplan");

		if (key && !drop)
			tidy_value(m->val, key);
		if (drop)
			node_unset(map, m->key);
		else
			i++;
	}
}

static bool is_untidy(const struct node *map, const struct schema *);

/* Would something below one row be dropped? */
static bool
has_untidy(const struct node *value, const struct key *key) {
	bool is_named = key->shape == SHAPE_NAMED || key->shape == SHAPE_NETWORKS ||
			key->shape == SHAPE_DEPENDS || key->shape == SHAPE_ULIMITS;

	if (!key->sub || node_is_scalar(value))
		return false;
	if (value->type == NODE_MAP && !is_named)
		return is_untidy(value, key->sub);
	for (size_t i = 0; i < value->n; i++)
		if (is_untidy(value->type == NODE_MAP ? value->u.member[i].val : value->u.item[i],
			    key->sub))
			return true;
	return false;
}

/* Is there anything in the mapping that would be dropped? */
static bool
is_untidy(const struct node *map, const struct schema *schema) {
	for (size_t i = 0; map->type == NODE_MAP && i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		const struct key *key = schema_find(schema, m->key);
		if (!key || key_says_nothing(key, m->val) || has_untidy(m->val, key))
			return true;
	}
	return false;
}

const struct node *
key_tidy(struct arena *mem, const struct key *key, const struct node *value) {
	struct node *copy;

	if (!has_untidy(value, key))
		return value;
	copy = node_copy(mem, value);
	tidy_value(copy, key);
	return copy;
}

void
normal_tidy(struct node *doc) {
	tidy_map(doc, &schema_file);
}
