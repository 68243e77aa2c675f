/* mustache.h - logic-less templates over the node tree, by the Mustache specification. */
#ifndef STACKPLAN_MUSTACHE_H
#define STACKPLAN_MUSTACHE_H

#include <stackplan/quote.h>

struct buf;
struct ctx;
struct node;

/* Find a partial's text by name; NULL when there is none (it then renders as nothing). The text
 * must live as long as ctx->mem. The name may come from the view ({{>*name}}): it is no path to
 * trust. */
typedef const char *mustache_partial(void *arg, const char *name);

struct mustache {
	uint16_t src;      /* a registered source (diag.h) that holds the template */
	enum quote escape; /* used for {{name}}; {{{name}}} and {{&name}} are never escaped */
	mustache_partial *partial;
	void *arg;
};

/* Render over VIEW. A first line "{{! escape: NAME }}" in the template overrides .escape; a
 * partial's own decides about that partial. Syntax errors (unclosed tags, sections that don't
 * match) are diagnosed at their place; returns false then, and OUT may hold a part of the text.
 * The empty string, false, null, empty lists and missing names are false. Missing names, null,
 * lists and maps are printed as nothing, a NODE_SECRET scalar as "<redacted>". Partials may
 * recurse; more than 64 levels are an error, as is output beyond 1 GiB. Of the specification's
 * optional modules there are inheritance ({{<parent}}, {{$block}}) and dynamic names; lambdas are
 * no data. */
bool mustache_render(
	struct ctx *, struct buf *out, const struct mustache *, const struct node *view);

#endif
