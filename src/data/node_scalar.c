/* node_scalar.c - read a scalar node as text, truth or number, and write it as Compose would. */
#include "data_int.h"

#include <inttypes.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/str.h>
#include <string.h>

bool
node_is_true(const struct node *n) {
	bool value;

	if (n == NULL || (n->type != NODE_BOOL && n->type != NODE_STR))
		return false;
	if (strcmp(n->u.s.str, "true") == 0 || strcmp(n->u.s.str, "false") == 0)
		return n->u.s.str[0] == 't';
	return str_bool(n->u.s.str, &value) && value;
}

bool
node_to_int(const struct node *n, int64_t *out) {
	bool negative;
	uint64_t magnitude;

	if (n == NULL)
		return false;
	if (n->type == NODE_STR)
		return str_int(n->u.s.str, INT64_MIN, INT64_MAX, out);
	if (n->type != NODE_INT ||
		!scalar_int(n->u.s.str, strlen(n->u.s.str), &negative, &magnitude))
		return false;
	if (magnitude > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return false;
	*out = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	return true;
}

/* An integer in decimal digits. */
static const char *
canonical_int(struct arena *mem, const char *text) {
	bool negative;
	uint64_t magnitude;

	if (!scalar_int(text, strlen(text), &negative, &magnitude))
		return text;
	return arena_printf(mem, "%s%" PRIu64, negative && magnitude != 0 ? "-" : "", magnitude);
}

/* A float in as few digits as read back the same. */
static const char *
canonical_float(struct arena *mem, const char *text) {
	double value;

	return scalar_float(text, &value) ? str_from_double(mem, value) : text;
}

const char *
node_canonical(struct arena *mem, const struct node *n) {
	struct stamp stamp;
	const char *text = node_text(n);

	if (!node_is_scalar(n))
		return "";
	if (n->type == NODE_BOOL)
		return node_is_true(n) ? "true" : "false";
	if (n->type == NODE_INT)
		return canonical_int(mem, text);
	if (n->type == NODE_FLOAT)
		return canonical_float(mem, text);
	if ((n->flags & NODE_TIME) && scalar_time(text, strlen(text), &stamp))
		return stamp_text(mem, &stamp);
	return text;
}
