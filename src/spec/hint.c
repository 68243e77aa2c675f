/* hint.c - how names are put into messages: what was probably meant, and nothing from outside. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

enum {
	MAX_HINTS = 60,   /* nobody reads the suggestions after so many errors */
	MAX_NAMES = 2000, /* names worth comparing */
};

const char *
hint_key(struct ctx *ctx, const struct node *map, const char *name) {
	size_t n = map && map->type == NODE_MAP ? map->n : 0;
	const char **names, *near;

	if (!n || n > MAX_NAMES || diag_errors(ctx) > MAX_HINTS)
		return "";
	names = arena_array(ctx->mem, n, sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[i] = map->u.member[i].key;
	near = str_nearest(name, names, n);
	return near ? arena_printf(ctx->mem, ", did you mean '%s'?", near) : "";
}

const char *
hint_text(struct ctx *ctx, const struct node *node, const char *name) {
	struct word word = node ? node_word(node) : (struct word){0};
	const char *said;

	if (!word_is_outside(&word))
		return name;
	/* without the quotes around it */
	said = say_word(ctx, &word);
	return arena_strndup(ctx->mem, said + 1, strlen(said) - 2);
}
