/* values.c - the value that the spec wants for a key that differs, as people write it; what the engine has is in values_had.c.
 * Secret ones are never told (behaviour.md, "Secrets"): a variable whose value came from outside the spec, now or then, or whose name says
 * so. Where the engine's answer can't be laid beside the key, nothing is said of what it has. */
#include "plan_int.h"
#include "values_int.h"
#include <inttypes.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

const char value_redacted[] = "<redacted>";

enum { LONGEST_BYTES = 80, NS_A_MS = 1000000 };

static const struct pos nowhere = {0};

/* Is a secret in it: by the variable that it came from, or as the password of a URL? */
static bool
is_secret(const struct node *n) {
	struct word w = node_word(n);

	for (size_t i = 0; i < w.nspan; i++)
		if (w.span[i].ref->from != REF_FOLDER && str_is_secret_name(w.span[i].ref->name))
			return true;
	return str_has_url_password(node_text(n));
}

bool
value_has_secret(const struct node *n) {
	if (!n || node_is_scalar(n))
		return n && n->type != NODE_NULL && is_secret(n);
	for (size_t i = 0; i < n->n; i++)
		if (value_has_secret(n->type == NODE_LIST ? n->u.item[i] : n->u.member[i].val))
			return true;
	return false;
}

/* Append a tree in one line. */
static void
add_flow(struct buf *b, const struct node *n) {
	const char *between = "";

	if (node_is_scalar(n)) {
		bool quoted = n->type == NODE_STR;
		if (n->type == NODE_NULL)
			buf_adds(b, "null");
		else if (is_secret(n))
			buf_adds(b, value_redacted);
		else
			buf_printf(b, quoted ? "\"%s\"" : "%s", node_text(n));
		return;
	}
	buf_adds(b, n->type == NODE_LIST ? "[" : "{");
	for (size_t i = 0; i < n->n && b->n < LONGEST_BYTES; i++, between = ", ") {
		buf_adds(b, between);
		if (n->type == NODE_LIST) {
			add_flow(b, n->u.item[i]);
			continue;
		}
		buf_printf(b, "%s: ", n->u.member[i].key);
		if (str_is_secret_name(n->u.member[i].key))
			buf_adds(b, value_redacted);
		else
			add_flow(b, n->u.member[i].val);
	}
	buf_adds(b, n->type == NODE_LIST ? "]" : "}");
}

/* The text, cut where it is long. */
static const char *
take_short(struct ctx *ctx, struct buf *b) {
	if (b->n > LONGEST_BYTES) {
		b->n = LONGEST_BYTES;
		while (b->n && ((unsigned char)b->s[b->n] & 0xc0) == 0x80) /* no half character */
			b->n--;
		b->s[b->n] = '\0';
		buf_adds(b, "...");
	}
	return arena_take_buf(ctx->mem, b);
}

const char *
value_flow(struct ctx *ctx, const struct node *n) {
	struct buf b = {0};

	add_flow(&b, n);
	return take_short(ctx, &b);
}

const char *
value_size(struct ctx *ctx, int64_t bytes) {
	static const char units[] = "bkmg";
	size_t i = 0;

	for (; bytes && bytes % 1024 == 0 && units[i + 1]; i++)
		bytes /= 1024;
	return arena_printf(ctx->mem, "%" PRId64 "%c", bytes, units[i]);
}

const char *
value_duration(struct ctx *ctx, int64_t ns) {
	int64_t ms = ns / NS_A_MS;

	if (ns % NS_A_MS)
		return str_from_duration(ctx->mem, ns);
	return ms % 1000 ? arena_printf(ctx->mem, "%" PRId64 "ms", ms)
			 : arena_printf(ctx->mem, "%" PRId64 "s", ms / 1000);
}

const char *
value_quoted(struct ctx *ctx, const char *text) {
	struct buf b = {0};

	if (!text)
		return NULL;
	buf_printf(&b, "\"%s\"", text);
	return take_short(ctx, &b);
}

const char *
value_mount(
	struct ctx *ctx, const char *type, const char *source, bool read_only, int64_t size_bytes) {
	return arena_join(ctx->mem, type, *source ? " " : "", source,
		size_bytes > 0 ? ", size " : "", size_bytes > 0 ? value_size(ctx, size_bytes) : "",
		read_only ? ", read-only" : "", NULL);
}

const char *
value_network(struct ctx *ctx, const char *name, const struct node *options) {
	bool any = options && options->type == NODE_MAP && options->n;

	return arena_join(ctx->mem, "network ", name, any ? ", " : "",
		any ? value_flow(ctx, options) : "", NULL);
}

const char *
value_limits(struct ctx *ctx, const struct value_limits *v) {
	struct buf b = {0};

	buf_adds(&b, "{");
	if (v->cpus || v->memory || v->pids)
		buf_adds(&b, "limits: {");
	if (v->cpus)
		buf_printf(&b, "cpus: %s", v->cpus);
	if (v->memory)
		buf_printf(&b, "%smemory: %s", v->cpus ? ", " : "", v->memory);
	if (v->pids)
		buf_printf(&b, "%spids: %s", v->cpus || v->memory ? ", " : "", v->pids);
	if (b.n > 1)
		buf_adds(&b, "}");
	if (v->reserved_memory)
		buf_printf(&b, "%sreservations: {memory: %s}", b.n > 1 ? ", " : "",
			v->reserved_memory);
	buf_adds(&b, "}");
	return take_short(ctx, &b);
}

void
value_add_port(struct buf *b, const char *ip, const char *published, const char *target) {
	buf_printf(b, "%s%s%s%s:%s", b->n ? ", " : "[", ip, *ip ? ":" : "", published, target);
}

const char *
value_ports(struct ctx *ctx, struct buf *b) {
	if (!b->n)
		return NULL;
	buf_adds(b, "]");
	return take_short(ctx, b);
}

struct node *
value_device(struct ctx *ctx, const char *source, const char *target, const char *may) {
	return node_str(
		ctx->mem, arena_join(ctx->mem, source, ":", target, ":", may, NULL), nowhere);
}

const char *
value_capability(const char *name) {
	return str_starts(name, "CAP_") ? name + 4 : name;
}

const char *
value_member(const char *key, const char *parent) {
	size_t n = strlen(parent);

	return strncmp(key, parent, n) == 0 && key[n] == '.' ? key + n + 1 : NULL;
}

const struct node *
item_with(const struct node *list, const char *key, const char *text) {
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++)
		if (str_eq(node_text(node_find(list->u.item[i], key)), text))
			return list->u.item[i];
	return NULL;
}

/* What the engine calls a network or volume of the spec. */
static const char *
name_of(const struct diffing *d, const char *section, const char *key) {
	bool external;
	const char *name =
		*key ? project_resource_name(d->ctx, d->project, section, key, &external) : NULL;

	return name ? name : key;
}

static const char *
want_mount(const struct diffing *d, const struct node *m) {
	const char *type = node_text(node_find(m, "type")), *source;
	int64_t size = 0;

	if (!m)
		return NULL;
	source = node_text(node_find(m, "source"));
	node_to_int(node_at(m, "tmpfs", "size", NULL), &size);
	return value_mount(d->ctx, type,
		str_eq(type, "volume") ? name_of(d, "volumes", source) : source,
		node_is_true(node_find(m, "read_only")), size);
}

/* "8080:80/tcp" for each port. */
static const char *
want_ports(struct ctx *ctx, const struct node *list) {
	struct buf b = {0};

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *p = list->u.item[i];
		const char *protocol = node_text(node_find(p, "protocol"));
		value_add_port(&b, node_text(node_find(p, "host_ip")),
			node_text(node_find(p, "published")),
			arena_join(ctx->mem, node_text(node_find(p, "target")), "/",
				*protocol ? protocol : "tcp", NULL));
	}
	return value_ports(ctx, &b);
}

static const char *
want_devices(struct ctx *ctx, const struct node *list) {
	struct node *out = node_new(ctx->mem, NODE_LIST, nowhere);

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *n = list->u.item[i];
		node_append(ctx->mem, out,
			value_device(ctx, node_text(node_find(n, "source")),
				node_text(node_find(n, "target")),
				node_text(node_find(n, "permissions"))));
	}
	return value_flow(ctx, out);
}

static const char *
want_capabilities(struct ctx *ctx, const struct node *list) {
	struct node *out = node_new(ctx->mem, NODE_LIST, nowhere);

	for (size_t i = 0; list->type == NODE_LIST && i < list->n; i++)
		node_append(ctx->mem, out,
			node_str(ctx->mem, value_capability(node_text(list->u.item[i])), nowhere));
	return value_flow(ctx, out);
}

/* A size as people write it, or NULL. */
static const char *
size_at(struct ctx *ctx, const struct node *limits, const char *key) {
	int64_t bytes;

	return node_to_int(node_find(limits, key), &bytes) ? value_size(ctx, bytes) : NULL;
}

static const char *
want_limits(struct ctx *ctx, const struct node *resources) {
	const struct node *limits = node_find(resources, "limits");
	const struct node *cpus = node_find(limits, "cpus"), *pids = node_find(limits, "pids");
	const struct value_limits v = {
		.cpus = cpus ? node_text(cpus) : NULL,
		.memory = size_at(ctx, limits, "memory"),
		.pids = pids ? node_text(pids) : NULL,
		.reserved_memory = size_at(ctx, node_find(resources, "reservations"), "memory"),
	};

	return value_limits(ctx, &v);
}

/* A secret or config: the file that is mounted; what is copied in is told only of a config whose text stands in the spec. */
static const char *
want_grant(
	const struct diffing *d, const struct service *s, const char *section, const char *target) {
	size_t n;
	const struct grant *g =
		grants_of(d->ctx, d->project, section, node_find(s->tree, section), &n);

	for (size_t i = 0; i < n; i++) {
		if (g[i].by || !str_eq(g[i].target, target))
			continue;
		if (g[i].from == GRANT_FILE)
			return value_mount(d->ctx, "bind", g[i].content.s, false, 0);
		if (g[i].secret || g[i].from != GRANT_TEXT || g[i].content.nspan)
			return value_redacted;
		return value_quoted(d->ctx, g[i].content.s);
	}
	return NULL;
}

/* A time: "90s", whatever the spec's words for it. */
static const char *
want_duration(struct ctx *ctx, const struct node *n) {
	int64_t ns;

	return str_duration(node_text(n), &ns) ? value_duration(ctx, ns) : value_flow(ctx, n);
}

/* A service's key; the parts of "a.b" are looked for one in the other. */
static const char *
want_of_tree(
	struct ctx *ctx, const struct schema *schema, const struct node *tree, const char *key) {
	const char *dot = strchr(key, '.');
	const struct node *n = node_find(tree, key);
	const struct key *row = schema_find(schema, key);
	int64_t bytes;

	if (!n && dot && tree) {
		const char *first = arena_strndup(ctx->mem, key, (size_t)(dot - key));
		const struct key *parent = schema_find(schema, first);
		n = node_find(node_find(tree, first), dot + 1);
		row = parent && parent->sub ? schema_find(parent->sub, dot + 1) : NULL;
	}
	if (!n)
		return NULL;
	if (row && row->shape == SHAPE_SIZE && node_to_int(n, &bytes))
		return value_size(ctx, bytes);
	if (row && row->shape == SHAPE_DURATION)
		return want_duration(ctx, n);
	return value_flow(ctx, n);
}

/* One variable. */
static const char *
want_variable(struct ctx *ctx, const struct service *s, const char *name) {
	const struct node *n = s->env ? node_find(s->env, name) : NULL;

	if (n && (n->n || str_is_secret_name(name)))
		return value_redacted;
	return n && n->type != NODE_NULL ? value_quoted(ctx, node_text(n)) : NULL;
}

const char *
value_wanted(const struct diffing *d, const struct resource *r, const char *key) {
	const struct service *s = r->service;
	struct ctx *ctx = d->ctx;
	const struct node *n;
	const char *name;

	if (!s)
		return r->tree ? want_of_tree(ctx,
					 r->kind == KIND_NETWORK ? &schema_network : &schema_volume,
					 r->tree, key)
			       : NULL;
	n = node_find(s->tree, key);
	if (str_eq(key, "image"))
		return value_quoted(ctx, s->image.s);
	if ((name = value_member(key, "environment")))
		return want_variable(ctx, s, name);
	if ((name = value_member(key, "secrets")))
		return want_grant(d, s, "secrets", name);
	if ((name = value_member(key, "configs")))
		return want_grant(d, s, "configs", name);
	if ((name = value_member(key, "volumes")))
		return want_mount(d, item_with(node_find(s->tree, "volumes"), "target", name));
	if ((name = value_member(key, "networks")))
		return value_network(ctx, name_of(d, "networks", name),
			node_find(node_find(s->tree, "networks"), name));
	if (str_eq(key, "deploy.resources"))
		return want_limits(ctx, node_at(s->tree, "deploy", "resources", NULL));
	if (str_eq(key, "ports"))
		return want_ports(ctx, n);
	if (n && str_eq(key, "devices"))
		return want_devices(ctx, n);
	if (n && str_in("cap_add cap_drop", key))
		return want_capabilities(ctx, n);
	return want_of_tree(ctx, &schema_service, s->tree, key);
}
