/* differences.c - in which keys do what is wanted and what is there differ, and how is that said.
 * The label of digests that a thing carries tells which keys have changed in the spec since it was made. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

/* For qsort. */
static int
by_key(const void *a, const void *b) {
	return strcmp(((const struct difference *)a)->key, ((const struct difference *)b)->key);
}

void
differences_find(const struct diffing *d, struct change *c) {
	const struct digest *digest = resource_digest(d->ctx, d->project, c->want);
	struct difference *diff;

	c->ndiff = 0;
	if (str_eq(c->had->had_digest, digest->all)) {
		if (c->want->kind == KIND_CONTAINER && c->had->facts)
			differences_by_hand(d, c);
		return;
	}
	diff = digest_differences(
		d->ctx, digest, c->had->had_sums, c->want->kind != KIND_CONTAINER, &c->ndiff);
	for (size_t i = 0; i < c->ndiff; i++) {
		if (!diff[i].is_gone)
			diff[i].want = value_wanted(d, c->want, diff[i].key);
		if (!diff[i].is_new)
			diff[i].had = value_had(d, c->had, &diff[i]);
	}
	if (c->ndiff > 1)
		qsort(diff, c->ndiff, sizeof(*diff), by_key);
	c->diff = diff;
}

/* One key: "'image' is "b", was "a"". */
static void
say(struct buf *b, const struct difference *d) {
	if (!*d->key)
		buf_adds(b, "its settings are others");
	else if (d->by_hand && d->want)
		buf_printf(b, "'%s' was changed by hand: it is %s, and the spec has %s", d->key,
			d->had, d->want);
	else if (d->by_hand)
		buf_printf(b, "'%s' was set by hand: it is %s, and the spec does not set it",
			d->key, d->had);
	else if (d->is_gone)
		buf_printf(b, "'%s' is gone%s%s", d->key, d->had ? ", was " : " from the spec",
			d->had ? d->had : "");
	else if (d->is_new && d->want)
		buf_printf(b, "'%s' is %s, was not set", d->key, d->want);
	else if (d->is_new)
		buf_printf(b, "'%s' is new in the spec", d->key);
	else if (d->want && d->had && !str_eq(d->want, d->had))
		buf_printf(b, "'%s' is %s, was %s", d->key, d->want, d->had);
	else if (d->want)
		buf_printf(b, "'%s' has changed to %s", d->key, d->want);
	else
		buf_printf(b, "'%s' has changed", d->key);
}

const char *
differences_text(struct ctx *ctx, const struct change *c) {
	struct buf b = {0};

	for (size_t i = 0; i < c->ndiff && i < 3; i++) {
		buf_adds(&b, i == 0 ? "" : i + 1 == c->ndiff ? " and " : ", ");
		say(&b, &c->diff[i]);
	}
	if (c->ndiff > 3)
		buf_printf(&b, " and %zu more", c->ndiff - 3);
	return arena_take_buf(ctx->mem, &b);
}

const char *
differences_of_kept(struct ctx *ctx, const struct change *c) {
	struct buf b = {0};

	for (size_t i = 0; i < c->ndiff; i++) {
		const struct difference *d = &c->diff[i];
		buf_adds(&b, i == 0 ? "" : i + 1 == c->ndiff ? " and " : ", ");
		if (!*d->key)
			buf_adds(&b, "with other settings");
		else if (d->is_new)
			buf_printf(&b, "without '%s', which is %s now", d->key,
				d->want ? d->want : "set");
		else if (d->is_gone)
			buf_printf(&b, "with '%s'%s%s, which is gone from the spec", d->key,
				d->had ? " " : "", d->had ? d->had : "");
		else
			buf_printf(&b, "with '%s' %s, not %s", d->key,
				d->had ? d->had : "of another value",
				d->want ? d->want : "what it is now");
	}
	return arena_take_buf(ctx->mem, &b);
}
