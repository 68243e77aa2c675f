/* uses.c - which variables the spec asks for: every ${...} of its texts, whether set or not.
 *
 * Starts at uses_find(). Reads the sources once more, before anything was put in; so it tells of
 * names that interpolation has replaced, and works where that failed. Forms that interpolation
 * refuses are passed over here. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/node.h>
#include <string.h>

#include "spec_int.h"

enum { MAX_DEPTH = 32 };

/* Where uses are looked for. */
struct search {
	struct ctx *ctx;
	struct uses *out;
	struct word in; /* the text being looked through */
};

static void scan(struct search *, size_t from, size_t to, unsigned depth);

/* How many bytes from FROM on make a variable's name. */
static size_t
name_length(const char *s, size_t from, size_t to) {
	size_t i = from;

	while (i < to && (s[i] == '_' || ((s[i] | 32) >= 'a' && (s[i] | 32) <= 'z') ||
				 (i > from && s[i] >= '0' && s[i] <= '9')))
		i++;
	return i - from;
}

/* The '}' that closes the '{' at OPEN, by counting braces; TO when there is none. */
static size_t
closing(const char *s, size_t open, size_t to) {
	size_t depth = 0;

	for (size_t i = open; i < to; i++) {
		if (s[i] == '{')
			depth++;
		else if (s[i] == '}' && --depth == 0)
			return i;
	}
	return to;
}

/* Add one use; an alias brings the same one again. */
static void
add(struct search *s, struct use use) {
	struct uses *out = s->out;

	for (size_t i = out->n; i > 0 && out->n - i < 64; i--) {
		const struct use *u = &out->v[i - 1];

		if (memcmp(&u->at, &use.at, sizeof(use.at)) == 0 && !strcmp(u->name, use.name))
			return;
	}
	if (out->n == out->cap) {
		size_t cap = out->cap ? out->cap * 2 : 16;

		out->v = arena_grow(s->ctx->mem, out->v, out->n, cap, sizeof(*out->v));
		out->cap = cap;
	}
	out->v[out->n++] = use;
}

/* One ${...} from the '$' at DOLLAR to the '}' at END. */
static void
braced(struct search *s, size_t dollar, size_t end, unsigned depth) {
	const char *t = s->in.s;
	size_t name = dollar + 2, len = name_length(t, name, end), op = name + len;
	struct use use = {.at = interp_place(s->ctx, s->in.at, t, dollar)};
	bool colon = op < end && t[op] == ':';

	if (!len || (op < end && (op + colon >= end || !strchr("-+?", t[op + colon]))))
		return;
	use.name = arena_strndup(s->ctx->mem, t + name, len);
	if (op < end) {
		size_t from = op + colon + 1;

		use.sign = t[op + colon];
		use.or_empty = colon;
		use.text = arena_strndup(s->ctx->mem, t + from, end - from);
		add(s, use);
		scan(s, from, end, depth + 1);
		return;
	}
	add(s, use);
}

/* Look through bytes FROM .. TO of the text. */
static void
scan(struct search *s, size_t from, size_t to, unsigned depth) {
	const char *t = s->in.s;

	while (depth <= MAX_DEPTH && from < to) {
		const char *dollar = memchr(t + from, '$', to - from);
		size_t at = dollar ? (size_t)(dollar - t) : to, len;

		from = at + 1;
		if (from >= to)
			return;
		if (t[from] == '{') {
			size_t end = closing(t, from, to);

			if (end < to)
				braced(s, at, end, depth);
			from = end + 1;
		} else if ((len = name_length(t, from, to)) > 0) {
			add(s, (struct use){.name = arena_strndup(s->ctx->mem, t + from, len),
				       .at = interp_place(s->ctx, s->in.at, t, at)});
			from += len;
		} else if (t[from] == '$') {
			from++;
		}
	}
}

/* Look through all values below a node; the depth is the parser's. */
static void
walk(struct search *s, const struct node *node) {
	if (node->type == NODE_MAP) {
		for (size_t i = 0; i < node->n; i++)
			walk(s, node->u.member[i].val);
	} else if (node->type == NODE_LIST) {
		for (size_t i = 0; i < node->n; i++)
			walk(s, node->u.item[i]);
	} else if (node->type == NODE_STR && strchr(node_text(node), '$')) {
		s->in = node_word(node);
		scan(s, 0, strlen(s->in.s), 0);
	}
}

void
uses_find(struct ctx *ctx, struct uses *out) {
	struct search s = {.ctx = ctx, .out = out};

	*out = (struct uses){0};
	for (uint16_t src = 1; *diag_source_name(ctx, src) && src < UINT16_MAX; src++) {
		size_t len;
		const char *text = diag_source_text(ctx, src, &len);
		struct node *list = len && memchr(text, '$', len)
					    ? yaml_read(ctx, src, (struct yaml_limits){0})
					    : NULL;

		if (list)
			walk(&s, list);
	}
}
