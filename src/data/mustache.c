/* mustache.c - rendering: a compiled template is walked over a tree of nodes.
 *
 * Starts at mustache_render(), at the end; put_token() is the middle, one case a kind of token.
 * What a stretch of tokens is rendered with (the stack of contexts, arguments of parents,
 * indentation) is a struct scene, copied with changes and never written to. Templates nest and
 * repeat by their own will and the data's, so depth and work are bounded. */
#include "mustache_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/mustache.h>
#include <stackplan/node.h>
#include <string.h>

enum {
	MAX_DEPTH = 1000, /* sections, blocks, partials and parents within each other */
	TOKEN_WORK = 16,  /* what a token counts as, in bytes of output */
};

/* More output, or more work, than this is a mistake, or malice. */
#define MAX_WORK ((size_t)1 << 30)

/* ---- names and values ---- */

/* The member of a context by the first part of the token's name. */
static const struct node *
context_find(const struct context *c, const struct token *token) {
	return node_may_have(c->node, token->sig)
		       ? node_search_value(c->node, token->path, token->sig)
		       : NULL;
}

const struct node *
scene_find(const struct scene *scene, const struct token *token) {
	if (token->nparts == 0) {
		return scene->context->node;
	}
	const char *part = token->path;
	const struct node *node = NULL;
	for (const struct context *c = scene->context; c != NULL && node == NULL; c = c->outer) {
		node = context_find(c, token);
	}
	for (size_t i = 1; i < token->nparts && node != NULL; i++) {
		part += strlen(part) + 1;
		node = node_find(node, part);
	}
	return node;
}

/* Does a section of this value have content? */
static bool
is_truthy(const struct node *node) {
	if (node == NULL) {
		return false;
	}
	switch (node->type) {
	case NODE_NULL:
		return false;
	case NODE_BOOL:
		return node_is_true(node);
	case NODE_STR:
		return node_text(node)[0] != '\0';
	case NODE_LIST:
		return node->n > 0;
	case NODE_INT:
	case NODE_FLOAT:
	case NODE_MAP:
		return true;
	}
	return false;
}

const char *
scene_text(struct arena *mem, const struct node *node) {
	if (node == NULL || !node_is_scalar(node) || node->type == NODE_NULL) {
		return "";
	}
	if ((node->flags & NODE_SECRET) != 0) {
		return "<redacted>";
	}
	return node->type == NODE_STR ? node_text(node) : node_canonical(mem, node);
}

/* Print a value in a style. The empty text is one too (a shell wants '' for it), null is none. */
static void
put_value(struct render *r, const struct node *node, enum quote escape) {
	struct arena_mark mark = arena_mark(r->mem);
	size_t before = r->out->n;
	const char *text = scene_text(r->mem, node);
	if (text[0] != '\0' || (node != NULL && node->type == NODE_STR)) {
		quote_text(r->out, escape, text);
	}
	r->work += r->out->n - before;
	arena_rewind(r->mem, mark);
}

/* Let the map that has the value print it as it is, where it can do that sooner than make a node of it. */
static bool
is_printed(struct render *r, const struct scene *scene, const struct token *token) {
	size_t before = r->out->n;

	if (token->nparts != 1)
		return false;
	for (const struct context *c = scene->context; c != NULL; c = c->outer) {
		const struct node *map = c->node;
		bool is_made = map != NULL && map->type == NODE_MAP && (map->flags & NODE_MADE);
		if (is_made && map->u.maker->print != NULL) {
			bool is_done = map->u.maker->print(map->u.maker, token->path, r->out);
			r->work += r->out->n - before;
			return is_done;
		}
		if (context_find(c, token) != NULL)
			return false;
	}
	return false;
}

bool
render_refuse(struct render *r, const struct token *token, const char *what) {
	diag(r->ctx, SEV_ERROR, token->at, "bad-template", "%s", what);
	return false;
}

/* ---- lines and sections ---- */

/* A line begins. */
static void
put_line(struct render *r, const struct scene *scene, const struct token *line) {
	if (!line->is_indented) {
		return;
	}
	size_t n = line->n > scene->nmargin ? line->n - scene->nmargin : 0;
	if (!r->is_midline) {
		buf_adds(r->out, scene->indent);
	}
	r->is_midline = false;
	buf_add(r->out, line->s + line->n - n, n);
	r->work += strlen(scene->indent) + n;
}

/* A section: its content for each item of a list, or once. */
static bool
put_section(struct render *r, const struct scene *scene, size_t at) {
	const struct token *tag = &scene->t->token[at];
	const struct node *value = scene_find(scene, tag);
	if (!is_truthy(value)) {
		return true;
	}
	struct context context = {value, scene->context};
	struct scene inner = *scene;
	inner.context = &context;
	size_t n = value->type == NODE_LIST ? value->n : 1;
	bool is_good = true;
	node_open(value);
	for (size_t i = 0; i < n && is_good; i++) {
		r->work += TOKEN_WORK;
		context.node = value->type == NODE_LIST ? node_item(value, i) : value;
		is_good = render_inside(r, &inner, tag, at + 1, tag->pair);
	}
	node_close(value);
	return is_good;
}

/* ---- all of it ---- */

/* Render one token. */
static bool
put_token(struct render *r, const struct scene *scene, size_t at) {
	const struct token *token = &scene->t->token[at];
	switch (token->kind) {
	case TOKEN_LINE:
		put_line(r, scene, token);
		return true;
	case TOKEN_TEXT:
		buf_add(r->out, token->s, token->n);
		r->work += token->n;
		return true;
	case TOKEN_VALUE:
		if (scene->escape != QUOTE_NONE || !is_printed(r, scene, token))
			put_value(r, scene_find(scene, token), scene->escape);
		return true;
	case TOKEN_RAW:
		if (!is_printed(r, scene, token))
			put_value(r, scene_find(scene, token), QUOTE_NONE);
		return true;
	case TOKEN_SECTION:
		return put_section(r, scene, at);
	case TOKEN_INVERTED:
		return is_truthy(scene_find(scene, token)) ||
		       render_inside(r, scene, token, at + 1, token->pair);
	case TOKEN_PARTIAL:
		return render_partial(r, scene, token, scene->arguments);
	case TOKEN_PARENT:
		return render_parent(r, scene, at);
	case TOKEN_BLOCK:
		return render_block(r, scene, at);
	case TOKEN_SILENT:
	case TOKEN_CLOSE:
		return true;
	}
	return true;
}

/* The index of the first token from I on that is some output, or the number of all. */
static size_t
live_from(const struct template *t, size_t i) {
	return i < t->n ? t->token[i].live : t->n;
}

/* Render the tokens FROM up to TO; what stands between a tag and its pair is the tag's business. */
static bool
walk(struct render *r, const struct scene *scene, size_t from, size_t to) {
	const struct template *t = scene->t;
	for (size_t i = live_from(t, from); i < to;) {
		const struct token *token = &t->token[i];
		r->work += TOKEN_WORK;
		if (r->work > MAX_WORK) {
			return render_refuse(r, token, "output is more than 1 GiB");
		}
		if (!put_token(r, scene, i)) {
			return false;
		}
		i = live_from(t, (token->pair != NO_TOKEN ? token->pair : i) + 1);
	}
	return true;
}

bool
render_inside(struct render *r, const struct scene *scene, const struct token *tag, size_t from,
	size_t to) {
	if (r->depth == MAX_DEPTH) {
		return render_refuse(r, tag, "sections and blocks are more than 1000 levels deep");
	}
	r->depth++;
	bool is_good = walk(r, scene, from, to);
	r->depth--;
	return is_good;
}

bool
mustache_render(
	struct ctx *ctx, struct buf *out, const struct mustache *how, const struct node *view) {
	struct render r = {.ctx = ctx, .mem = arena_new(), .out = out, .how = how};
	const struct template *t = template_parse(ctx, r.mem, how->src);
	bool is_good = t != NULL;
	if (is_good) {
		struct context context = {view, NULL};
		struct scene scene = {.t = t, .context = &context, .indent = ""};
		scene.escape = t->has_escape ? t->escape : how->escape;
		is_good = walk(&r, &scene, 0, t->n);
	}
	arena_free(r.mem);
	return is_good;
}
