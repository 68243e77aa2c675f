/* digest.c - what identifies a resource: SHA-256 over the canonical keys that matter to the engine, and a short digest for
 * each key, so that a reason can name the key that changed. A stackplan that spells the same thing in other words
 * makes the same digests. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/hash.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

/* Keys of a service that decide when and where it is made, not what it is; environment is taken resolved. */
static const char not_identity[] = "attach build depends_on deploy develop env_file environment "
				   "extends image pull_policy pull_refresh_after "
				   "pre_stop profiles scale label_file provider";

/* Keys whose members get a digest each. */
static const char per_member[] = "labels healthcheck sysctls annotations ulimits storage_opt";

/* Longest label of digests that is written: one argument of a program can't be much longer. */
enum { LABEL_MAX_BYTES = 100000 };

/* A short digest of one key and its value. */
static void
add_sum(struct ctx *ctx, struct resource *r, const char *key, const char *value, struct pos at) {
	struct keysum *s;

	r->sum = grown(ctx, r->sum, r->nsum, sizeof(*r->sum));
	s = &r->sum[r->nsum++];
	s->key = key;
	s->value = arena_strdup(ctx->mem, value);
	s->at = at;
	hash_short(key, value, s->sum);
}

/* For qsort: pointers to members, by key. */
static int
by_member_key(const void *a, const void *b) {
	const struct member *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

/* The members of a map in the order of their keys. */
static const struct member **
sorted_members(struct arena *mem, const struct node *map) {
	const struct member **m = arena_array(mem, map->n, sizeof(*m));

	for (size_t i = 0; i < map->n; i++)
		m[i] = &map->u.member[i];
	if (map->n)
		qsort(m, map->n, sizeof(*m), by_member_key);
	return m;
}

/* Is it as good as not written? A long form may leave out what a short one leaves empty. */
static bool
says_nothing(const struct node *n) {
	return n->type == NODE_MAP && n->n == 0;
}

/* Append a tree so that equal trees, whatever the order of their members, give equal text. */
static void
canonical_text(struct arena *mem, struct buf *b, const struct node *n) {
	const struct member **m;

	if (n->type == NODE_LIST) {
		buf_addc(b, '[');
		for (size_t i = 0; i < n->n; i++)
			canonical_text(mem, b, n->u.item[i]);
		buf_addc(b, ']');
	} else if (n->type == NODE_MAP) {
		m = sorted_members(mem, n);
		buf_addc(b, '{');
		for (size_t i = 0; i < n->n; i++) {
			if (says_nothing(m[i]->val))
				continue;
			buf_printf(b, "%zu:%s=", strlen(m[i]->key), m[i]->key);
			canonical_text(mem, b, m[i]->val);
		}
		buf_addc(b, '}');
	} else if (n->type == NODE_NULL) {
		buf_addc(b, '~');
	} else {
		const char *text = node_canonical(mem, n);
		buf_printf(b, "%zu:%s", strlen(text), text);
	}
}

static void
add_node(
	struct ctx *ctx, struct resource *r, const char *key, const struct node *n, struct pos at) {
	struct buf b = {0};

	canonical_text(ctx->mem, &b, n);
	add_sum(ctx, r, key, buf_str(&b), at);
	buf_free(&b);
}

static void
add_members(struct ctx *ctx, struct resource *r, const char *key, const struct node *map) {
	for (size_t i = 0; i < map->n; i++)
		add_node(ctx, r, arena_printf(ctx->mem, "%s.%s", key, map->u.member[i].key),
			map->u.member[i].val, map->u.member[i].at);
}

/* A mount or an attachment means another thing when its volume or network has another name. */
static void
add_named(struct ctx *ctx, const struct project *p, struct resource *r, const char *section,
	const char *key, const char *title, const struct node *n, struct pos at) {
	struct buf b = {0};
	bool external;
	const char *name = project_resource_name(ctx, p, section, key, &external);

	buf_printf(&b, "%s\n", name ? name : key);
	if (n)
		canonical_text(ctx->mem, &b, n);
	add_sum(ctx, r, title, buf_str(&b), at);
	buf_free(&b);
}

static void
add_mounts(struct ctx *ctx, const struct project *p, struct resource *r, const struct node *list) {
	for (size_t i = 0; i < list->n; i++) {
		const struct node *m = list->u.item[i];
		const char *title =
			arena_printf(ctx->mem, "volumes.%s", node_text(node_find(m, "target")));
		if (str_eq(node_text(node_find(m, "type")), "volume"))
			add_named(ctx, p, r, "volumes", node_text(node_find(m, "source")), title, m,
				m->at);
		else
			add_node(ctx, r, title, m, m->at);
	}
}

static void
add_networks(struct ctx *ctx, const struct project *p, struct resource *r, const struct node *map) {
	for (size_t i = 0; i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		const struct node *opts = m->val->type == NODE_MAP && m->val->n ? m->val : NULL;
		add_named(ctx, p, r, "networks", m->key,
			arena_printf(ctx->mem, "networks.%s", m->key), opts, m->at);
	}
}

static int
by_key(const void *a, const void *b) {
	return strcmp(((const struct keysum *)a)->key, ((const struct keysum *)b)->key);
}

/* Sort the keys and put one digest over them all. */
static void
seal(struct resource *r) {
	struct hash h;

	if (r->nsum)
		qsort(r->sum, r->nsum, sizeof(*r->sum), by_key);
	hash_start(&h);
	for (size_t i = 0; i < r->nsum; i++) {
		hash_text(&h, r->sum[i].key);
		hash_text(&h, r->sum[i].value);
	}
	hash_end(&h, r->digest);
}

void
digest_service(
	struct ctx *ctx, const struct project *p, const struct service *s, struct resource *r) {
	const struct node *tree = s->tree;

	add_sum(ctx, r, "image", s->image.s, s->image.at);
	if (s->env)
		add_members(ctx, r, "environment", s->env);
	for (size_t i = 0; i < tree->n; i++) {
		const struct member *m = &tree->u.member[i];
		if (str_in(not_identity, m->key) || str_starts(m->key, "x-"))
			continue;
		if (str_eq(m->key, "volumes") && m->val->type == NODE_LIST)
			add_mounts(ctx, p, r, m->val);
		else if (str_eq(m->key, "networks") && m->val->type == NODE_MAP)
			add_networks(ctx, p, r, m->val);
		else if (str_in(per_member, m->key) && m->val->type == NODE_MAP)
			add_members(ctx, r, m->key, m->val);
		else
			add_node(ctx, r, m->key, m->val, m->at);
	}
	seal(r);
}

void
digest_tree(struct ctx *ctx, const struct node *tree, struct resource *r) {
	for (size_t i = 0; tree && tree->type == NODE_MAP && i < tree->n; i++) {
		const struct member *m = &tree->u.member[i];
		if (!str_starts(m->key, "x-") && !str_eq(m->key, "name"))
			add_node(ctx, r, m->key, m->val, m->at);
	}
	seal(r);
}

/* A key as it stands in the label: blanks, '=' and '%' as %XX. */
static void
add_escaped(struct buf *b, const char *key) {
	for (; *key; key++) {
		unsigned char c = (unsigned char)*key;
		if (c <= ' ' || c == '=' || c == '%' || c == 127)
			buf_printf(b, "%%%02X", c);
		else
			buf_addc(b, *key);
	}
}

/* KEY=DIGEST for each key, sorted, between blanks. What would be too long to be an argument is left out altogether: then only
 * that something changed is known, not what. */
const char *
digest_label(struct ctx *ctx, const struct resource *r) {
	struct buf b = {0};

	for (size_t i = 0; i < r->nsum; i++) {
		if (i)
			buf_addc(&b, ' ');
		add_escaped(&b, r->sum[i].key);
		buf_printf(&b, "=%s", r->sum[i].sum);
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

/* The first key of the label that is not wanted any more, or NULL. */
static const char *
first_gone(struct ctx *ctx, const struct resource *want, const struct node *map) {
	struct node *wanted = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	struct buf b = {0};

	for (size_t i = 0; i < want->nsum; i++) {
		add_escaped(&b, want->sum[i].key);
		node_set(ctx->mem, wanted, arena_take_buf(ctx->mem, &b), (struct pos){0},
			node_bool(ctx->mem, true, (struct pos){0}));
	}
	for (size_t i = 0; i < map->n; i++)
		if (!node_find(wanted, map->u.member[i].key))
			return map->u.member[i].key;
	return NULL;
}

const struct keysum *
digest_differs(struct ctx *ctx, const struct resource *want, const char *label, const char **gone) {
	const struct node *map = label_read(ctx, label);

	/* A network or volume may have been made without any key; a container never is, its label
	 * is lost then */
	bool is_known = map->n || want->kind != KIND_CONTAINER;

	*gone = NULL;
	for (size_t i = 0; is_known && i < want->nsum; i++) {
		struct buf b = {0};
		add_escaped(&b, want->sum[i].key);
		const char *sum = node_text(node_find(map, buf_str(&b)));
		buf_free(&b);
		if (!str_eq(sum, want->sum[i].sum))
			return &want->sum[i];
	}
	*gone = first_gone(ctx, want, map);
	return NULL;
}
