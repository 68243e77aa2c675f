/* yaml.c - libyaml's events become node trees.
 *
 * Read yaml_read() first, then on_event(). Nodes are put together by yaml_build.c, aliases
 * followed by yaml_alias.c, merge keys applied by yaml_merge.c; what a plain scalar means is in
 * yaml_scalar.c, a tag in yaml_tag.c; syntax errors are worded in yaml_error.c. Nothing recurses
 * but the copying of an alias, which the limit of depth bounds. */
#include "data_int.h"

#include <stackplan/arena.h>
#include <string.h>

enum {
	DEPTH_MAX = 100,
	NODES_MAX = 2000000,
	SHARED_SLOTS = 512, /* short texts seen last, so that equal ones are kept once */
	SHARED_LEN = 24,
};

struct shared {
	const char *text;
	size_t n;
};

struct reader {
	struct builder b;
	struct cursor text; /* at the beginning */
	struct cursor here;
	bool has_odd_breaks;
	yaml_parser_t parser;
	struct long_quote quote;
	struct shared shared[SHARED_SLOTS];
};

/* Keep a text, short equal ones only once. */
static const char *
keep(struct reader *r, const char *text, size_t n) {
	struct shared *s;
	unsigned hash;

	if (n == 0)
		return "";
	if (n > SHARED_LEN)
		return arena_strndup(r->b.ctx->mem, text, n);
	/* a few characters tell most texts apart; the others take turns in one slot */
	hash = (unsigned)n;
	for (size_t i = 0; i < 4; i++)
		hash = hash * 67 + (unsigned char)text[i * (n - 1) / 3];
	s = &r->shared[(hash ^ hash >> 9) % SHARED_SLOTS];
	if (s->n != n || memcmp(s->text, text, n) != 0)
		*s = (struct shared){arena_strndup(r->b.ctx->mem, text, n), n};
	return s->text;
}

/* The place where an event begins, LEN characters long, by libyaml's own count. */
static struct pos
mark_pos(const struct reader *r, const yaml_event_t *ev, size_t len) {
	return (struct pos){.line = (uint32_t)ev->start_mark.line + 1,
		.col = (uint32_t)ev->start_mark.column + 1,
		.src = r->text.src,
		.len = len < UINT16_MAX ? (uint16_t)len : UINT16_MAX};
}

/* The place of what an event begins, behind its anchor and tag. A container's place is its first
 * character, a scalar's reaches to its end or that of its first line. */
static struct pos
place(struct reader *r, const yaml_event_t *ev, bool has_properties) {
	bool is_scalar = ev->type == YAML_SCALAR_EVENT || ev->type == YAML_ALIAS_EVENT;
	size_t end = is_scalar ? ev->end_mark.index : SIZE_MAX;

	if (!r->has_odd_breaks && !has_properties &&
		(!is_scalar || ev->start_mark.line == ev->end_mark.line))
		return mark_pos(r, ev, is_scalar ? end - ev->start_mark.index : 1);
	cursor_to(&r->here, ev->start_mark.index);
	if (has_properties)
		cursor_skip_properties(&r->here, end);
	return cursor_pos(&r->here, is_scalar ? end : r->here.index + 1);
}

/* Remember the anchor of an event, if it has one; its place plus 1, or 0. */
static size_t
set_anchor(
	struct reader *r, const yaml_char_t *anchor, struct pos at, struct node *n, bool is_open) {
	const char *name = (const char *)anchor;

	if (name == NULL)
		return 0;
	at.len = (uint16_t)(1 + (strlen(name) < 1000 ? strlen(name) : 1000));
	return build_anchor(&r->b, keep(r, name, strlen(name)), at, n, is_open);
}

/* Remember a quoted scalar that spans lines. */
static void
note_quote(struct reader *r, const yaml_event_t *ev, struct pos at) {
	yaml_scalar_style_t style = ev->data.scalar.style;

	if ((style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
		    style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) &&
		ev->start_mark.line != ev->end_mark.line)
		r->quote = (struct long_quote){at, ev->end_mark.line};
}

/* Make a scalar into *n; false when reading must stop. */
static bool
read_scalar(struct reader *r, const yaml_event_t *ev, struct node *n) {
	const char *text = (const char *)ev->data.scalar.value,
		   *tag = (const char *)ev->data.scalar.tag;
	size_t len = ev->data.scalar.length;

	if (memchr(text, '\0', len) != NULL) {
		diag(r->b.ctx, SEV_ERROR, n->at, "nul-byte",
			"this text holds a NUL character; nothing may hold one");
		return false;
	}
	n->u.s.str = keep(r, text, len);
	n->flags = tag_flags(tag) & NODE_FLAGS;
	r->b.docs->flags |= n->flags != 0 ? NODE_TAGGED : 0;
	note_quote(r, ev, n->at);
	if (tag_scalar(n, len, tag, ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE))
		return true;
	diag(r->b.ctx, SEV_ERROR, n->at, "bad-tag", "'%s' does not fit the tag '!!%s'", n->u.s.str,
		strrchr(tag, ':') + 1);
	return build_error(&r->b);
}

/* Is the scalar a merge key? */
static bool
is_merge_key(const struct reader *r, const yaml_event_t *ev) {
	return ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && ev->data.scalar.length == 2 &&
	       memcmp(ev->data.scalar.value, yaml_merge_key, 2) == 0 && build_wants_key(&r->b);
}

/* Read a scalar. A key gets no node, unless an alias may ask for it. */
static bool
on_scalar(struct reader *r, const yaml_event_t *ev) {
	const yaml_char_t *anchor = ev->data.scalar.anchor;
	struct pos begin = place(r, ev, false);
	struct node key = {.type = NODE_STR, .at = begin}, *n = &key;

	if (anchor != NULL || ev->data.scalar.tag != NULL)
		key.at = place(r, ev, true);
	if (anchor != NULL || !build_wants_key(&r->b))
		n = node_new(r->b.ctx->mem, NODE_STR, key.at);
	if (!read_scalar(r, ev, n))
		return false;
	set_anchor(r, anchor, begin, n, false);
	if (is_merge_key(r, ev)) {
		build_merge_key(&r->b, n->at);
		return true;
	}
	return build_count(&r->b, n->at) && build_attach(&r->b, n, (struct weight){0, 1});
}

/* Read an alias. */
static bool
on_alias(struct reader *r, const yaml_event_t *ev) {
	struct weight w;
	struct node *n =
		build_alias(&r->b, (const char *)ev->data.alias.anchor, place(r, ev, false), &w);

	return n != NULL && build_attach(&r->b, n, w);
}

/* Open a list or a mapping. */
static bool
on_start(struct reader *r, const yaml_event_t *ev, enum node_type type) {
	bool is_map = type == NODE_MAP;
	const yaml_char_t *anchor =
		is_map ? ev->data.mapping_start.anchor : ev->data.sequence_start.anchor;
	const yaml_char_t *tag = is_map ? ev->data.mapping_start.tag : ev->data.sequence_start.tag;
	struct pos begin = place(r, ev, false), at = begin;
	struct node *n;

	if (anchor != NULL || tag != NULL)
		at = place(r, ev, true);
	n = node_new(r->b.ctx->mem, type, at);
	n->flags = tag_flags((const char *)tag) & NODE_FLAGS;
	r->b.docs->flags |= n->flags != 0 ? NODE_TAGGED : 0;
	return build_open(&r->b, n, set_anchor(r, anchor, begin, n, true));
}

/* Take one event; false when reading must stop, with the reason told. */
static bool
on_event(struct reader *r, const yaml_event_t *ev) {
	switch (ev->type) {
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	case YAML_SCALAR_EVENT:
		return on_scalar(r, ev);
	case YAML_ALIAS_EVENT:
		return on_alias(r, ev);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(r, ev, NODE_LIST);
	case YAML_MAPPING_START_EVENT:
		return on_start(r, ev, NODE_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return build_close(&r->b);
	case YAML_NO_EVENT:
	default:
		diag(r->b.ctx, SEV_ERROR, cursor_pos(&r->here, 0), "yaml-syntax",
			"the YAML reader stopped here");
		return false;
	}
}

/* Read events to the end of the stream, or to the first that stops it. */
static void
read_events(struct reader *r) {
	bool go_on = true, is_end = false;

	while (go_on && !is_end) {
		yaml_event_t ev;
		if (!yaml_parser_parse(&r->parser, &ev)) {
			yaml_syntax_error(r->b.ctx, r->text, &r->parser, &r->quote);
			return;
		}
		is_end = ev.type == YAML_STREAM_END_EVENT;
		go_on = on_event(r, &ev);
		yaml_event_delete(&ev);
	}
}

/* Set up libyaml and read. */
static void
read_text(struct reader *r) {
	if (!yaml_parser_initialize(&r->parser)) {
		r->parser.error = YAML_MEMORY_ERROR;
		yaml_syntax_error(r->b.ctx, r->text, &r->parser, &r->quote);
		return;
	}
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)r->text.s, r->text.n);
	read_events(r);
	yaml_parser_delete(&r->parser);
	build_free(&r->b);
}

struct node *
yaml_read(struct ctx *ctx, uint16_t src, struct yaml_limits max) {
	size_t n, errors = diag_errors(ctx);
	const char *text = diag_source_text(ctx, src, &n);
	size_t skip =
		n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* a byte order mark */
	struct reader *r = arena_make(ctx->mem, struct reader);
	struct pos begin = {.line = 1, .col = 1, .src = src};

	r->text = r->here = cursor_at_start(src, text + skip, n - skip);
	r->b = (struct builder){.ctx = ctx,
		.max = {max.depth != 0 ? max.depth : DEPTH_MAX,
			max.nodes != 0 ? max.nodes : NODES_MAX},
		.docs = node_new(ctx->mem, NODE_LIST, begin),
		.names = node_new(ctx->mem, NODE_MAP, begin)};
	if (!yaml_prescan(ctx, r->text))
		return NULL;
	r->has_odd_breaks = cursor_has_odd_breaks(&r->text);
	read_text(r);
	if (diag_errors(ctx) != errors)
		return NULL;
	if (r->b.docs->n == 0)
		node_append(ctx->mem, r->b.docs, node_new(ctx->mem, NODE_NULL, begin));
	return r->b.docs;
}
