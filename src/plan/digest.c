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

/* A digest in the making. The keys and values of all entries stand in TEXT, each with its NUL; until it is complete the
 * entries tell their places there. */
struct entry {
	size_t key, value;
	struct pos at;
	bool from_outside; /* or it holds a secret */
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

/* Fewer things are put in order by moving each to its place among those before it. */
enum { FEW = 24 };

static bool
is_before(const char *a, const char *b) {
	return a[0] != b[0] ? (unsigned char)a[0] < (unsigned char)b[0] : strcmp(a, b) < 0;
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

	for (size_t i = 0; i < map->n; i++) {
		size_t at = i;
		const struct member *one = &map->u.member[i];
		for (; map->n <= FEW && at > 0 && is_before(one->key, m[at - 1]->key); at--)
			m[at] = m[at - 1];
		m[at] = one;
	}
	if (map->n > FEW)
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
	size_t n = strlen(text);

	if (n < 10)
		buf_addc(b, (char)('0' + n));
	else
		buf_number(b, n);
	buf_addc(b, ':');
	buf_add(b, text, n);
}

void
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
	d->entry[d->n - 1].from_outside = value_has_secret(n);
}

static void
add_members(struct digesting *d, const char *key, const struct node *map) {
	for (size_t i = 0; i < map->n; i++) {
		const struct node *val = map->u.member[i].val;
		add_node(d, key, map->u.member[i].key, val, map->u.member[i].at);
		d->entry[d->n - 1].from_outside |= node_is_scalar(val) && val->n > 0;
	}
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

/* Is it in the default network alone, as it would be if it said nothing of networks? */
static bool
is_in_default(const struct service *s) {
	const struct node *map = node_find(s->tree, "networks");

	if (node_find(s->tree, "network_mode") || (map && map->type != NODE_MAP))
		return false;
	return !map || !map->n ||
	       (map->n == 1 && str_eq(map->u.member[0].key, "default") &&
		       !(map->u.member[0].val->type == NODE_MAP && map->u.member[0].val->n));
}

/* The default network counts when it is called otherwise. */
static void
add_default(struct digesting *d, const struct service *s) {
	bool external;
	const char *name =
		project_resource_name(d->ctx, d->project, "networks", "default", &external);
	size_t n = strlen(d->project->name);

	if (name && (!str_starts(name, d->project->name) || !str_eq(name + n, "_default")))
		add_named(d, "networks", "default", "default", NULL, s->at);
}

static int
by_key(const void *a, const void *b) {
	return strcmp(((const struct keysum *)a)->key, ((const struct keysum *)b)->key);
}

/* Put the digests of keys into the order of the keys. */
static void
sort_sums(struct keysum *sum, size_t n) {
	if (n > FEW)
		qsort(sum, n, sizeof(*sum), by_key);
	for (size_t i = 1; n <= FEW && i < n; i++) {
		struct keysum one = sum[i];
		size_t at = i;
		for (; at > 0 && is_before(one.key, sum[at - 1].key); at--)
			sum[at] = sum[at - 1];
		sum[at] = one;
	}
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
			.at = d->entry[i].at,
			.from_outside = d->entry[i].from_outside};
		s->quick = hash_quick(s->key, s->value);
		hash_short(s->quick, s->sum);
	}
	sort_sums(out->sum, out->n);
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
	size_t n = 2 + (s->env ? s->env->n : 0);

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

/* Lines of /etc/hosts, a map for Compose: their order says nothing. */
static void
add_hosts(struct digesting *d, const struct member *m, const struct node *list) {
	struct node *sorted = node_copy(d->ctx->mem, list);

	node_sort_texts(sorted);
	add_node(d, m->key, NULL, sorted, m->at);
}

/* Is nothing in it, where that is the same as not to write it? No command is another thing than the image's. */
static bool
is_empty(const char *key, const struct node *val) {
	return !node_is_scalar(val) && !val->n && !str_in("command entrypoint", key);
}

/* One key of a service. */
static void
add_key(struct digesting *d, const struct service *s, const struct member *m) {
	const struct key *row = schema_find(&schema_service, m->key);
	bool is_deploy = str_eq(m->key, "deploy");
	const struct node *val;

	if (!row || (str_among(not_identity, countof(not_identity), m->key) && !is_deploy))
		return;
	val = key_tidy(d->ctx->mem, row, m->val);
	if (is_deploy)
		add_deploy(d, val);
	if (is_deploy || key_says_nothing(row, val) || is_empty(m->key, val))
		return;
	if (str_eq(m->key, "volumes") && val->type == NODE_LIST)
		add_mounts(d, val);
	else if (str_eq(m->key, "networks") && is_in_default(s))
		return;
	else if (str_eq(m->key, "networks") && val->type == NODE_MAP)
		add_networks(d, val);
	else if (str_in("secrets configs", m->key) && val->type == NODE_LIST)
		add_grants(d, m);
	else if (str_eq(m->key, "extra_hosts"))
		add_hosts(d, m, val);
	else if (val->type == NODE_MAP && str_among(per_member, countof(per_member), m->key))
		add_members(d, m->key, val);
	else
		add_node(d, m->key, NULL, val, m->at);
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
	if (is_in_default(s))
		add_default(d, s);
	for (size_t i = 0; i < tree->n; i++)
		add_key(d, s, &tree->u.member[i]);
}

/* The keys of a network or volume. */
static void
add_tree(struct digesting *d, const struct node *tree, const struct schema *schema) {
	d->entry = arena_array(d->ctx->mem, tree ? tree->n : 0, sizeof(*d->entry));
	for (size_t i = 0; tree && tree->type == NODE_MAP && i < tree->n; i++) {
		const struct member *m = &tree->u.member[i];
		const struct key *row = schema_find(schema, m->key);
		if (row && !str_eq(m->key, "name") && !key_says_nothing(row, m->val))
			add_node(d, m->key, NULL, key_tidy(d->ctx->mem, row, m->val), m->at);
	}
}

const struct digest *
resource_digest(struct ctx *ctx, const struct project *p, const struct resource *r) {
	struct digesting d = {.ctx = ctx, .project = p};

	buf_reserve(&d.text, 1024);
	if (r->service)
		add_service(&d, r->service);
	else
		add_tree(&d, r->tree, r->kind == KIND_NETWORK ? &schema_network : &schema_volume);
	return seal(&d);
}
