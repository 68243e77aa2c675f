/* digest_label.c - the digests of a resource's keys as the text of a label, and what such a label tells of the keys that have changed
 * since it was written. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/hash.h>
#include <stackplan/node.h>
#include <stdlib.h>
#include <string.h>

/* Longest label of digests that is written: one argument of a program can't be much longer. */
enum { LABEL_MAX_BYTES = 100000, SUM_DIGITS = 8 };

/* Is it written as %XX, or the end of the text? */
static bool
is_escaped(char c) {
	return (unsigned char)c <= ' ' || c == '=' || c == '%' || c == 127;
}

/* A key as it stands in the label: blanks, '=' and '%' as %XX. */
static void
add_escaped(struct buf *b, const char *key) {
	for (size_t n; *key; key += n) {
		for (n = 0; !is_escaped(key[n]); n++)
			continue;
		buf_add(b, key, n);
		if (key[n])
			buf_printf(b, "%%%02X", (unsigned char)key[n++]);
	}
}

/* KEY=DIGEST for each key, sorted, between blanks; '!' marks a value from outside, which must not be shown later. What would be too
 * long to be an argument is left out altogether: then only that something changed is known, not what. */
const char *
digest_label(struct ctx *ctx, const struct digest *d) {
	struct buf b = {0};

	for (size_t i = 0; i < d->n; i++) {
		if (i)
			buf_addc(&b, ' ');
		add_escaped(&b, d->sum[i].key);
		buf_addc(&b, '=');
		buf_adds(&b, d->sum[i].sum);
		if (d->sum[i].from_outside)
			buf_addc(&b, '!');
	}
	if (b.n > LABEL_MAX_BYTES)
		buf_clear(&b);
	return arena_take_buf(ctx->mem, &b);
}

/* A label of digests as a map from escaped key to digest. */
static struct node *
label_read(struct ctx *ctx, const char *label) {
	struct node *map = node_new(ctx->mem, NODE_MAP, (struct pos){0});

	for (const char *p = label + strspn(label, " "); *p; p += strspn(p, " ")) {
		size_t key = strcspn(p, "= "), word = strcspn(p, " ");
		const char *sum =
			key < word ? arena_strndup(ctx->mem, p + key + 1, word - key - 1) : "";
		node_set(ctx->mem, map, arena_strndup(ctx->mem, p, key), (struct pos){0},
			node_str(ctx->mem, sum, (struct pos){0}));
		p += word;
	}
	return map;
}

bool
digest_fits(struct ctx *ctx, const char *key, const struct node *n, const char *label) {
	struct buf b = {0};
	char sum[SUM_DIGITS + 1];
	const char *noted;

	canonical_text(ctx->mem, &b, n);
	hash_short(hash_quick(key, buf_str(&b)), sum);
	buf_free(&b);
	noted = node_text(node_find(label_read(ctx, label), key));
	return strncmp(noted, sum, SUM_DIGITS) == 0;
}

/* A key as it stands in the label. */
static const char *
escaped(struct ctx *ctx, const char *key) {
	struct buf b = {0};

	add_escaped(&b, key);
	return arena_take_buf(ctx->mem, &b);
}

/* A key of the label as it is in the spec. */
static const char *
unescaped(struct ctx *ctx, const char *text) {
	struct buf b = {0};

	for (const char *p = text; *p; p++) {
		char hex[3] = {0};
		if (*p == '%' && p[1] && p[2]) {
			memcpy(hex, p + 1, 2);
			buf_addc(&b, (char)strtol(hex, NULL, 16));
			p += 2;
		} else {
			buf_addc(&b, *p);
		}
	}
	return arena_take_buf(ctx->mem, &b);
}

struct difference *
digest_differences(struct ctx *ctx, const struct digest *want, const char *label, bool may_be_empty,
	size_t *n) {
	const struct node *map = label_read(ctx, label);
	struct node *wanted = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	struct difference *d = arena_array(ctx->mem, want->n + map->n + 1, sizeof(*d));

	*n = 0;
	for (size_t i = 0; (map->n || may_be_empty) && i < want->n; i++) {
		const char *key = escaped(ctx, want->sum[i].key);
		node_set(ctx->mem, wanted, key, (struct pos){0},
			node_bool(ctx->mem, true, (struct pos){0}));
		const char *sum = node_text(node_find(map, key));
		if (strncmp(sum, want->sum[i].sum, SUM_DIGITS) != 0)
			d[(*n)++] = (struct difference){.key = want->sum[i].key,
				.at = want->sum[i].at,
				.is_new = !node_find(map, key),
				.was_outside = strchr(sum, '!') != NULL};
	}
	for (size_t i = 0; i < map->n; i++)
		if (!node_find(wanted, map->u.member[i].key))
			d[(*n)++] = (struct difference){.key = unescaped(ctx, map->u.member[i].key),
				.is_gone = true,
				.was_outside =
					strchr(node_text(map->u.member[i].val), '!') != NULL};
	if (!*n) /* the label tells nothing of the keys */
		d[(*n)++] = (struct difference){.key = ""};
	return d;
}
