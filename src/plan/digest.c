/* digest.c - what identifies a resource: SHA-256 over quick hashes of the canonical keys that matter to the engine, and a short digest for
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

/* Keys of a service that decide when and where it is made, not what it is; environment is taken resolved. Sorted. */
static const char *const not_identity[] = {"attach", "build", "credential_spec", "depends_on",
	"deploy", "develop", "env_file", "environment", "extends", "image", "label_file",
	"pre_stop", "profiles", "provider", "pull_policy", "pull_refresh_after", "scale"};

/* Keys whose members get a digest each. Sorted. */
static const char *const per_member[] = {
	"annotations", "healthcheck", "labels", "storage_opt", "sysctls", "ulimits"};

/* Longest label of digests that is written: one argument of a program can't be much longer. */
enum { LABEL_MAX_BYTES = 100000 };

/* A digest in the making. The keys and values of all entries stand in TEXT, each with its NUL; until it is complete the
 * entries tell their places there. */
struct entry {
	size_t key, value;
	struct pos at;
};
struct digesting {
	struct ctx *ctx;
	const struct project *project;
	struct entry *entry;
	size_t n;
	struct buf text;
};

/* Begin the entry "KEY" or "KEY.MEMBER"; its value is appended to the text then. */
static void
begin(struct digesting *d, const char *key, const char *member, struct pos at) {
	struct entry *e = &d->entry[d->n++];

	e->at = at;
	e->key = d->text.n;
	buf_adds(&d->text, key);
	if (member) {
		buf_addc(&d->text, '.');
		buf_adds(&d->text, member);
	}
	buf_addc(&d->text, '\0');
	e->value = d->text.n;
}

static void
end(struct digesting *d) {
	buf_addc(&d->text, '\0');
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

/* Append "LENGTH:TEXT". */
static void
add_counted(struct buf *b, const char *text) {
	size_t n = strlen(text), left = n;
	char digits[24], *d = digits + sizeof(digits);

	*--d = ':';
	do
		*--d = (char)('0' + left % 10);
	while (left /= 10);
	buf_add(b, d, (size_t)(digits + sizeof(digits) - d));
	buf_add(b, text, n);
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
			add_counted(b, m[i]->key);
			buf_addc(b, '=');
			canonical_text(mem, b, m[i]->val);
		}
		buf_addc(b, '}');
	} else if (n->type == NODE_NULL) {
		buf_addc(b, '~');
	} else {
		add_counted(b, node_canonical(mem, n));
	}
}

static void
add_node(struct digesting *d, const char *key, const char *member, const struct node *n,
	struct pos at) {
	begin(d, key, member, at);
	canonical_text(d->ctx->mem, &d->text, n);
	end(d);
}

static void
add_members(struct digesting *d, const char *key, const struct node *map) {
	for (size_t i = 0; i < map->n; i++)
		add_node(d, key, map->u.member[i].key, map->u.member[i].val, map->u.member[i].at);
}

/* A mount or an attachment means another thing when its volume or network has another name. */
static void
add_named(struct digesting *d, const char *section, const char *key, const char *member,
	const struct node *n, struct pos at) {
	bool external;
	const char *name = project_resource_name(d->ctx, d->project, section, key, &external);

	begin(d, section, member, at);
	buf_adds(&d->text, name ? name : key);
	buf_addc(&d->text, '\n');
	if (n)
		canonical_text(d->ctx->mem, &d->text, n);
	end(d);
}

static void
add_mounts(struct digesting *d, const struct node *list) {
	for (size_t i = 0; i < list->n; i++) {
		const struct node *m = list->u.item[i];
		const char *target = node_text(node_find(m, "target"));
		if (str_eq(node_text(node_find(m, "type")), "volume"))
			add_named(
				d, "volumes", node_text(node_find(m, "source")), target, m, m->at);
		else
			add_node(d, "volumes", target, m, m->at);
	}
}

/* Secrets and configs by their place in the container, with what they are made of. */
static void
add_grants(struct digesting *d, const struct member *m) {
	size_t n;
	struct grant *g = grants_of(d->ctx, d->project, m->key, m->val, &n);

	for (size_t i = 0; i < n; i++) {
		if (g[i].by)
			continue;
		begin(d, m->key, g[i].target, g[i].item->at);
		buf_adds(&d->text, grant_identity(d->ctx, &g[i]));
		end(d);
	}
}

static void
add_networks(struct digesting *d, const struct node *map) {
	for (size_t i = 0; i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		const struct node *opts = m->val->type == NODE_MAP && m->val->n ? m->val : NULL;
		add_named(d, "networks", m->key, m->key, opts, m->at);
	}
}

static int
by_key(const void *a, const void *b) {
	return strcmp(((const struct keysum *)a)->key, ((const struct keysum *)b)->key);
}

/* Sort the keys and put one digest over them all. */
static const struct digest *
seal(struct digesting *d) {
	struct digest *out = arena_make(d->ctx->mem, struct digest);
	const char *text;
	struct hash h;

	text = arena_strndup(d->ctx->mem, buf_str(&d->text), d->text.n);
	out->n = d->n;
	out->sum = arena_array(d->ctx->mem, d->n, sizeof(*out->sum));
	for (size_t i = 0; i < d->n; i++) {
		struct keysum *s = &out->sum[i];
		*s = (struct keysum){.key = text + d->entry[i].key,
			.value = text + d->entry[i].value,
			.at = d->entry[i].at};
		s->quick = hash_quick(s->key, s->value);
		hash_short(s->quick, s->sum);
	}
	if (out->n)
		qsort(out->sum, out->n, sizeof(*out->sum), by_key);
	buf_clear(&d->text);
	for (size_t i = 0; i < out->n; i++)
		for (int bit = 56; bit >= 0; bit -= 8)
			buf_addc(&d->text, (char)(out->sum[i].quick >> bit & 0xff));
	hash_start(&h);
	hash_part(&h, d->text.s, d->text.n);
	hash_end(&h, out->all);
	buf_free(&d->text);
	return out;
}

/* So many digests a service can have: one for each key, or for each member of it. */
static size_t
sums_at_most(const struct service *s) {
	size_t n = 1 + (s->env ? s->env->n : 0);

	for (size_t i = 0; i < s->tree->n; i++) {
		const struct node *val = s->tree->u.member[i].val;
		n += node_is_scalar(val) || val->n == 0 ? 1 : val->n;
	}
	return n;
}

/* What of `deploy` makes a container what it is. */
static void
add_deploy(struct digesting *d, const struct node *deploy) {
	static const char *const part[] = {"resources", "restart_policy"};

	for (size_t i = 0; i < countof(part); i++) {
		const struct member *m = node_member(deploy, part[i]);
		if (m)
			add_node(d, "deploy", part[i], m->val, m->at);
	}
}

/* The keys of a service that make a container what it is. */
static void
add_service(struct digesting *d, const struct service *s) {
	const struct node *tree = s->tree;

	d->entry = arena_array(d->ctx->mem, sums_at_most(s), sizeof(*d->entry));
	begin(d, "image", NULL, s->image.at);
	buf_adds(&d->text, s->image.s);
	end(d);
	if (s->env)
		add_members(d, "environment", s->env);
	for (size_t i = 0; i < tree->n; i++) {
		const struct member *m = &tree->u.member[i];
		if (str_eq(m->key, "deploy"))
			add_deploy(d, m->val);
		if (str_among(not_identity, countof(not_identity), m->key) ||
			str_starts(m->key, "x-"))
			continue;
		if (str_eq(m->key, "volumes") && m->val->type == NODE_LIST)
			add_mounts(d, m->val);
		else if (str_eq(m->key, "networks") && m->val->type == NODE_MAP)
			add_networks(d, m->val);
		else if (str_in("secrets configs", m->key) && m->val->type == NODE_LIST)
			add_grants(d, m);
		else if (m->val->type == NODE_MAP &&
			 str_among(per_member, countof(per_member), m->key))
			add_members(d, m->key, m->val);
		else
			add_node(d, m->key, NULL, m->val, m->at);
	}
}

/* The keys of a network or volume. */
static void
add_tree(struct digesting *d, const struct node *tree) {
	d->entry = arena_array(d->ctx->mem, tree ? tree->n : 0, sizeof(*d->entry));
	for (size_t i = 0; tree && tree->type == NODE_MAP && i < tree->n; i++) {
		const struct member *m = &tree->u.member[i];
		if (!str_starts(m->key, "x-") && !str_eq(m->key, "name"))
			add_node(d, m->key, NULL, m->val, m->at);
	}
}

const struct digest *
resource_digest(struct ctx *ctx, const struct project *p, const struct resource *r) {
	struct digesting d = {.ctx = ctx, .project = p};

	buf_reserve(&d.text, 1024);
	if (r->service)
		add_service(&d, r->service);
	else
		add_tree(&d, r->tree);
	return seal(&d);
}

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

/* KEY=DIGEST for each key, sorted, between blanks. What would be too long to be an argument is left out altogether: then only
 * that something changed is known, not what. */
const char *
digest_label(struct ctx *ctx, const struct digest *d) {
	struct buf b = {0};

	for (size_t i = 0; i < d->n; i++) {
		if (i)
			buf_addc(&b, ' ');
		add_escaped(&b, d->sum[i].key);
		buf_addc(&b, '=');
		buf_adds(&b, d->sum[i].sum);
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
first_gone(struct ctx *ctx, const struct digest *want, const struct node *map) {
	struct node *wanted = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	struct buf b = {0};

	for (size_t i = 0; i < want->n; i++) {
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
digest_differs(struct ctx *ctx, const struct digest *want, const char *label, bool may_be_empty,
	const char **gone) {
	const struct node *map = label_read(ctx, label);
	bool is_known = map->n || may_be_empty;

	*gone = NULL;
	for (size_t i = 0; is_known && i < want->n; i++) {
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
