/* yaml_tag.c - what tags say: !reset, !override, !!str and the other core types. */
#include "data_int.h"

#include <stackplan/str.h>
#include <string.h>

#define CORE "tag:yaml.org,2002:"

unsigned
tag_flags(const char *tag) {
	if (tag == NULL)
		return 0;
	if (str_eq(tag, "!reset"))
		return NODE_RESET;
	return str_eq(tag, "!override") ? NODE_OVERRIDE : 0;
}

/* Give a scalar the core type NAME; false when its text does not fit. */
static bool
set_core_type(struct node *n, const char *name, size_t len) {
	static const struct {
		const char *name;
		enum node_type type;
	} types[] = {
		{"null", NODE_NULL},
		{"bool", NODE_BOOL},
		{"int", NODE_INT},
		{"float", NODE_FLOAT},
		{"timestamp", NODE_STR},
	};
	unsigned flags = 0;
	enum node_type found = scalar_type(n->u.s.str, len, &flags);

	for (size_t i = 0; i < countof(types); i++) {
		if (!str_eq(types[i].name, name))
			continue;
		n->type = types[i].type;
		n->flags = ((n->flags & (NODE_FLAGS ^ NODE_QUOTED)) | flags) & NODE_FLAGS;
		if (n->type == NODE_STR)
			return flags != 0;
		return found == n->type || (found == NODE_INT && n->type == NODE_FLOAT);
	}
	return str_eq(name, "str");
}

bool
tag_scalar(struct node *n, size_t len, const char *tag, bool is_plain) {
	if (is_plain && (tag == NULL || n->flags != 0)) {
		unsigned flags = n->flags;
		n->type = scalar_type(n->u.s.str, len, &flags);
		n->flags = flags & NODE_FLAGS;
		return true;
	}
	n->flags |= NODE_QUOTED;
	return tag == NULL || !str_starts(tag, CORE) || set_core_type(n, tag + strlen(CORE), len);
}
