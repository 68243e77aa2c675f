/* mustache_parts.c - partials, parents and blocks: templates within templates.
 *
 * Starts at render_partial(), render_parent() and render_block(). A parent tag's blocks become
 * arguments, which every template below it sees; a block asks them for a replacement. Reindenting
 * is only arithmetic here: a scene says what each line gets and loses, mustache.c does it line by
 * line. */
#include "mustache_int.h"

#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/mustache.h>
#include <string.h>

enum { MAX_PARTIALS = 64 }; /* partials and parents within each other */

/* The scene's indentation and the tag's own. */
static const char *
deeper(struct render *r, const struct scene *scene, const struct token *tag) {
	size_t n = tag->nindent > scene->nmargin ? tag->nindent - scene->nmargin : 0;
	size_t outer = strlen(scene->indent);
	if (n == 0) {
		return scene->indent;
	}
	char *indent = arena_array(r->mem, outer + n + 1, 1);
	memcpy(indent, scene->indent, outer);
	memcpy(indent + outer, tag->indent + tag->nindent - n, n);
	return indent;
}

/* Find a partial, compiled. *OUT stays NULL when there is none; false on a syntax error in it. */
static bool
find_partial(struct render *r, const char *name, struct template **out) {
	*out = r->partials;
	while (*out != NULL && strcmp((*out)->name, name) != 0) {
		*out = (*out)->next;
	}
	if (*out != NULL || r->how->partial == NULL) {
		return true;
	}
	const char *text = r->how->partial(r->how->arg, name);
	if (text == NULL) {
		return true;
	}
	uint16_t src = diag_source(r->ctx, arena_strdup(r->ctx->mem, name), text, strlen(text));
	*out = template_parse(r->ctx, r->mem, src);
	if (*out == NULL) {
		return false;
	}
	(*out)->name = arena_strdup(r->mem, name);
	(*out)->next = r->partials;
	r->partials = *out;
	return true;
}

bool
render_partial(struct render *r, const struct scene *scene, const struct token *tag,
	const struct arguments *arguments) {
	const char *name = tag->is_dynamic ? scene_text(r->mem, scene_find(scene, tag)) : tag->s;
	struct template *t;
	if (!find_partial(r, name, &t)) {
		return false;
	}
	if (t == NULL) {
		return true;
	}
	if (scene->npartial == MAX_PARTIALS) {
		return render_refuse(r, tag, "partials are more than 64 levels deep");
	}
	struct scene inner = *scene;
	inner.t = t;
	inner.arguments = arguments;
	inner.indent = tag->is_standalone ? deeper(r, scene, tag) : "";
	inner.nmargin = 0;
	inner.escape = t->has_escape ? t->escape : scene->escape;
	inner.npartial++;
	return render_inside(r, &inner, tag, 0, t->n);
}

bool
render_parent(struct render *r, const struct scene *scene, size_t at) {
	struct arguments arguments = {scene, at, scene->arguments};
	return render_partial(r, scene, &scene->t->token[at], &arguments);
}

/* The block of this name among the arguments of one parent tag; NULL if there is none. The last of
 * several counts. */
static const struct token *
find_argument(struct render *r, const struct arguments *arguments, const char *name) {
	const struct token *token = arguments->scene->t->token, *found = NULL;
	for (size_t i = arguments->parent + 1; i < token[arguments->parent].pair; i++) {
		r->work++;
		if (token[i].kind == TOKEN_BLOCK && strcmp(token[i].s, name) == 0) {
			found = &token[i];
		}
		if (token[i].kind == TOKEN_BLOCK || token[i].kind == TOKEN_PARENT) {
			i = token[i].pair;
		}
	}
	return found;
}

/* What replaces the block of this name, and whose argument it is: the outermost parent tag
 * decides. */
static const struct token *
find_override(struct render *r, const struct scene *scene, const char *name,
	const struct arguments **whose) {
	const struct token *found = NULL;
	for (const struct arguments *a = scene->arguments; a != NULL; a = a->outer) {
		const struct token *block = find_argument(r, a, name);
		if (block != NULL) {
			found = block;
			*whose = a;
		}
	}
	return found;
}

/* Put the argument BLOCK in the place of the block TAG. It sees the contexts of this place, and
 * its own template's arguments and style. Its lines lose their margin and get the indentation of
 * this place. */
static bool
put_override(struct render *r, const struct scene *scene, const struct token *tag,
	const struct token *block, const struct arguments *whose) {
	struct scene inner = *whose->scene;
	size_t begin = (size_t)(block - inner.t->token);
	if (block->pair == begin + 1) {
		return true;
	}
	inner.context = scene->context;
	inner.npartial = scene->npartial;
	inner.indent = tag->is_standalone ? deeper(r, scene, tag) : scene->indent;
	inner.nmargin = block->nmargin;
	if (!tag->is_standalone) {
		r->is_midline = block->opens_line;
	} else if (!block->opens_line && !r->is_midline) {
		buf_adds(r->out, inner.indent);
	}
	bool is_good = render_inside(r, &inner, tag, begin + 1, block->pair);
	r->is_midline = r->is_midline && tag->is_standalone;
	return is_good;
}

bool
render_block(struct render *r, const struct scene *scene, size_t at) {
	const struct token *tag = &scene->t->token[at];
	const struct arguments *whose = NULL;
	const struct token *block = find_override(r, scene, tag->s, &whose);
	size_t before = r->out->n;
	bool is_good = block != NULL ? put_override(r, scene, tag, block, whose)
				     : render_inside(r, scene, tag, at + 1, tag->pair);
	if (tag->is_standalone && r->out->n > before && r->out->s[r->out->n - 1] != '\n') {
		buf_add(r->out, tag->newline, tag->nnewline);
	}
	return is_good;
}
