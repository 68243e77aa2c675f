/* render.c - find a template and render the view by it: the user's own first, then the built-in one. */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/mustache.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

enum { TEMPLATE_MAX_BYTES = 8 << 20 };

static const char *
built_in(const char *name) {
	for (size_t i = 0; i < embedded_ntemplates; i++)
		if (str_eq(embedded_templates[i].name, name))
			return embedded_templates[i].text;
	return NULL;
}

/* $XDG_CONFIG_HOME/stackplan/templates/NAME.mustache, or NULL when there is no such file. */
static const char *
users_own(struct ctx *ctx, const char *name) {
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME"), *path;

	if (config && *config == '/')
		path = arena_printf(ctx->mem, "%s/stackplan/templates/%s.mustache", config, name);
	else if (home && *home == '/')
		path = arena_printf(
			ctx->mem, "%s/.config/stackplan/templates/%s.mustache", home, name);
	else
		return NULL;
	return path_is_file(path) ? path : NULL;
}

static const char *
partial(void *arg, const char *name) {
	struct ctx *ctx = arg;
	const char *path = users_own(ctx, name), *why;
	size_t len;

	if (path)
		return path_read(ctx->mem, path, TEMPLATE_MAX_BYTES, &len, &why);
	return built_in(name);
}

static bool
render(struct ctx *ctx, struct buf *out, const char *name, const char *text, size_t len,
	const struct node *view) {
	struct mustache m = {.src = diag_source(ctx, name, text, len),
		.escape = QUOTE_HTML,
		.partial = partial,
		.arg = ctx};

	return mustache_render(ctx, out, &m, view);
}

bool
render_file(struct ctx *ctx, struct buf *out, const char *path, const struct node *view) {
	size_t len;
	const char *why, *text = path_read(ctx->mem, path, TEMPLATE_MAX_BYTES, &len, &why);

	if (!text) {
		diag(ctx, SEV_ERROR, (struct pos){0}, "unreadable", "cannot read '%s': %s", path,
			why);
		return false;
	}
	return render(ctx, out, path, text, len, view);
}

const char *
render_text(struct ctx *ctx, const char *name) {
	const char *text = partial(ctx, name), *all = text;

	for (const char *tag = text; all && (tag = strstr(tag, "{{>")); tag += 3) {
		const char *part = tag + 3 + strspn(tag + 3, " ");
		const char *named = arena_strndup(ctx->mem, part, strcspn(part, " }"));
		const char *more = partial(ctx, named);
		all = more && !strstr(more, "{{>") ? arena_join(ctx->mem, all, more, NULL) : NULL;
	}
	return all && !strstr(all, "{{<") ? all : NULL;
}

bool
render_named(struct ctx *ctx, struct buf *out, const char *name, const struct node *view) {
	const char *own = users_own(ctx, name), *text;

	if (own)
		return render_file(ctx, out, own, view);
	text = built_in(name);
	if (!text) {
		diag(ctx, SEV_ERROR, (struct pos){0}, "no-template", "there is no template '%s'",
			name);
		return false;
	}
	return render(ctx, out, name, text, strlen(text), view);
}
