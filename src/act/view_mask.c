/* view_mask.c - what of the words of a plan may be shown: values of secret variables become ${NAME}, and secrets that the spec
 * itself spells out are found, so that JSON can leave them out. */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* May the bytes of this span not be shown? */
static bool
is_kept_back(struct ctx *ctx, const struct word *w, const struct span *s) {
	if (s->ref->from == REF_FOLDER)
		return false;
	return s->ref->from == REF_OUTPUT || str_is_secret_name(s->ref->name) ||
	       str_has_url_password(arena_strndup(ctx->mem, w->s + s->off, s->len));
}

const char *
masked(struct ctx *ctx, const struct word *w) {
	struct buf b = {0};
	size_t at = 0;

	if (!w->nspan)
		return w->s;
	for (size_t i = 0; i < w->nspan; i++) {
		const struct span *s = &w->span[i];
		buf_add(&b, w->s + at, s->off - at);
		if (is_kept_back(ctx, w, s))
			buf_printf(&b, "${%s}", s->ref->name);
		else
			buf_add(&b, w->s + s->off, s->len);
		at = s->off + s->len;
	}
	buf_adds(&b, w->s + at);
	return arena_take_buf(ctx->mem, &b);
}

bool
is_literal_secret(const struct word *w) {
	const char *eq = strchr(w->s, '=');
	char name[128];

	if (w->nspan || str_starts(w->s, "dev.stackplan.") ||
		str_starts(w->s, "com.docker.compose."))
		return false;
	if (str_has_url_password(w->s))
		return true;
	if (!eq || !eq[1] || (size_t)(eq - w->s) >= sizeof(name))
		return false;
	memcpy(name, w->s, (size_t)(eq - w->s));
	name[eq - w->s] = '\0';
	return str_is_secret_name(name);
}

/* Such a secret as a reference to a variable that nobody has set: what stands before it remains. */
static struct word
kept_out(struct ctx *ctx, const struct word *w, const char *variable) {
	struct ref *ref = arena_make(ctx->mem, struct ref);
	struct span *span = arena_make(ctx->mem, struct span);
	const char *eq = str_has_url_password(w->s) ? NULL : strchr(w->s, '=');
	uint32_t off = eq ? (uint32_t)(eq + 1 - w->s) : 0;
	struct word out = *w;

	*ref = (struct ref){.from = REF_ENVIRON, .name = variable};
	*span = (struct span){.off = off, .len = (uint32_t)strlen(w->s) - off, .ref = ref};
	out.span = span;
	out.nspan = 1;
	return out;
}

const struct words *
without_literals(struct ctx *ctx, const struct words *w, uint32_t step) {
	struct words *out = arena_make(ctx->mem, struct words);

	for (size_t i = 0; i < w->n; i++)
		words_push_word(ctx->mem, out,
			is_literal_secret(&w->v[i])
				? kept_out(ctx, &w->v[i],
					  arena_printf(ctx->mem, "SECRET_%u_%zu", step, i))
				: w->v[i]);
	return out;
}

const char *
about_of(struct ctx *ctx, const struct node *map) {
	struct word about = node_word(node_at(map, "x-stackplan", "about", NULL));

	return masked(ctx, &about);
}
