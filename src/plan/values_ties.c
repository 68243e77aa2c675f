/* values_ties.c - what the engine has for the keys that tie a container to others, and for those of networks and volumes; and what all
 * questions of values_had.c are made of. */
#include "plan_int.h"
#include "values_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

static const struct pos nowhere = {0};

const struct node *
had_fact(const struct asked *a, const char *path) {
	return facts_at(a->had, path);
}

struct node *
had_list(const struct asked *a) {
	return node_new(a->ctx->mem, NODE_LIST, nowhere);
}

void
had_add(const struct asked *a, struct node *list, const char *text) {
	node_append(a->ctx->mem, list, node_str(a->ctx->mem, text, nowhere));
}

struct node *
had_map(const struct asked *a) {
	return node_new(a->ctx->mem, NODE_MAP, nowhere);
}

bool
had_something(const struct node *n) {
	return n && n->type != NODE_NULL && (node_is_scalar(n) ? *node_text(n) != '\0' : n->n > 0);
}

void
had_put(const struct asked *a, struct node *map, const char *key, const struct node *val) {
	if (had_something(val))
		node_set(a->ctx->mem, map, key, nowhere, node_copy(a->ctx->mem, val));
}

const char *
had_by_row(const struct asked *a, const struct schema *schema, const char *key) {
	const struct key *row = schema_find(schema, key);
	const struct node *n = row && row->inspect ? had_fact(a, row->inspect) : NULL;
	int64_t v;

	if (!n || n->type == NODE_NULL)
		return NULL;
	if (row->shape == SHAPE_SIZE && node_to_int(n, &v))
		return value_size(a->ctx, v);
	if (row->shape == SHAPE_DURATION && node_to_int(n, &v))
		return value_duration(a->ctx, str_starts(key, "stop") ? v * 1000000000 : v);
	return value_flow(a->ctx, n);
}

/* The engine's name for the network KEY when the container was made: it may be another one now. */
static const char *
network_name(const struct asked *a, const char *key) {
	const struct node *nets = had_fact(a, "NetworkSettings.Networks");
	bool external;

	for (size_t i = 0; i < a->d->had->n; i++) {
		const struct resource *r = a->d->had->v[i];
		if (r->kind == KIND_NETWORK && str_eq(r->had_key, key) &&
			is_of_project(a->d->project, r) && node_find(nets, r->name))
			return r->name;
	}
	return project_resource_name(a->ctx, a->d->project, "networks", key, &external);
}

/* The aliases that the spec gave; the service's name and the container's ID are always among them. */
static const struct node *
aliases(const struct asked *a, const struct node *net) {
	const struct node *all = node_find(net, "Aliases");
	struct node *out = had_list(a);

	for (size_t i = 0; all && all->type == NODE_LIST && i < all->n; i++) {
		const char *name = node_text(all->u.item[i]);
		if (!str_eq(name, a->had->had_key) && !str_starts(a->had->id, name) &&
			!str_eq(name, a->had->name))
			had_add(a, out, name);
	}
	return out;
}

const char *
had_network(const struct asked *a, const char *key) {
	const char *name = network_name(a, key);
	const struct node *net =
		node_find(had_fact(a, "NetworkSettings.Networks"), name ? name : key);
	const struct node *ipam = node_find(net, "IPAMConfig");
	struct node *out = had_map(a);

	if (!net)
		return NULL;
	had_put(a, out, "aliases", aliases(a, net));
	had_put(a, out, "ipv4_address", node_find(ipam, "IPv4Address"));
	had_put(a, out, "ipv6_address", node_find(ipam, "IPv6Address"));
	had_put(a, out, "link_local_ips", node_find(ipam, "LinkLocalIPs"));
	had_put(a, out, "driver_opts", node_find(net, "DriverOpts"));
	return value_network(a->ctx, name, out);
}

/* The service of a container that is there, by its ID or name; NULL if it is none of ours. */
static const char *
service_of(const struct asked *a, const char *container) {
	for (size_t i = 0; i < a->d->had->n; i++) {
		const struct resource *r = a->d->had->v[i];
		if (r->kind == KIND_CONTAINER && is_of_project(a->d->project, r) &&
			(str_eq(r->id, container) || str_eq(r->name, container)))
			return r->had_key;
	}
	return NULL;
}

const char *
had_namespace(const struct asked *a, const char *path) {
	const char *text = node_text(had_fact(a, path)), *service;

	if (!*text)
		return NULL;
	service = str_starts(text, "container:") ? service_of(a, text + 10) : NULL;
	return value_quoted(
		a->ctx, service ? arena_join(a->ctx->mem, "service:", service, NULL) : text);
}

/* One of a container's links: "/app-db-1:/app-web-1/alias" on the bridge, "app-db-1:alias" in a network. A link brings the
 * service's own names as further aliases, which are not told of. */
static void
add_link(const struct asked *a, struct node *out, const char *text) {
	const char *slash = strrchr(text, '/'), *alias = strrchr(text, ':');
	const char *name = text + (*text == '/'), *service;
	const struct node *last = out->n ? out->u.item[out->n - 1] : NULL;

	alias = slash > text ? slash : alias;
	name = arena_strndup(a->ctx->mem, name, strcspn(name, ":"));
	service = service_of(a, name);
	service = service ? service : name;
	if (!alias || str_eq(alias + 1, service) || str_ends(name, alias + 1)) {
		if (!last || !str_starts(node_text(last), service))
			had_add(a, out, service);
		return;
	}
	had_add(a, out, arena_join(a->ctx->mem, service, ":", alias + 1, NULL));
}

const char *
had_links(const struct asked *a) {
	const struct node *list = had_fact(a, "HostConfig.Links");
	const struct node *nets = had_fact(a, "NetworkSettings.Networks");
	struct node *out = had_list(a);

	for (size_t i = 0; nets && nets->type == NODE_MAP && i < nets->n && !had_something(list);
		i++)
		list = node_find(nets->u.member[i].val, "Links");
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++)
		add_link(a, out, node_text(list->u.item[i]));
	return value_flow(a->ctx, out);
}

const char *
had_volumes_from(const struct asked *a) {
	const struct node *list = had_fact(a, "HostConfig.VolumesFrom");
	struct node *out = had_list(a);

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const char *text = node_text(list->u.item[i]);
		size_t n = strcspn(text, ":");
		const char *name = arena_strndup(a->ctx->mem, text, n);
		const char *service = service_of(a, name);
		had_add(a, out, service ? arena_join(a->ctx->mem, service, text + n, NULL) : text);
	}
	return value_flow(a->ctx, out);
}

/* What `network inspect` says in other words than the spec. */
static const char *
ipam(const struct asked *a) {
	static const struct {
		const char *key, *member;
	} names[] = {{"subnet", "Subnet"}, {"gateway", "Gateway"}, {"ip_range", "IPRange"},
		{"aux_addresses", "AuxiliaryAddresses"}};
	const struct node *list = had_fact(a, "IPAM.Config");
	struct node *out = had_map(a), *configs = had_list(a);

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		struct node *one = had_map(a);
		for (size_t k = 0; k < countof(names); k++)
			had_put(a, one, names[k].key, node_find(list->u.item[i], names[k].member));
		if (one->n)
			node_append(a->ctx->mem, configs, one);
	}
	if (!str_eq(node_text(had_fact(a, "IPAM.Driver")), "default"))
		had_put(a, out, "driver", had_fact(a, "IPAM.Driver"));
	had_put(a, out, "options", had_fact(a, "IPAM.Options"));
	had_put(a, out, "config", configs);
	return value_flow(a->ctx, out);
}

/* The labels of the spec; ours and Compose's are not among them. */
static const char *
own_labels(const struct asked *a) {
	const struct node *all = had_fact(a, "Labels");
	struct node *out = had_map(a);

	for (size_t i = 0; all && all->type == NODE_MAP && i < all->n; i++)
		if (!str_starts(all->u.member[i].key, "com.docker.compose.") &&
			!str_starts(all->u.member[i].key, "dev.stackplan."))
			had_put(a, out, all->u.member[i].key, all->u.member[i].val);
	return value_flow(a->ctx, out);
}

const char *
had_of_named(const struct asked *a, const char *key) {
	if (str_eq(key, "labels"))
		return own_labels(a);
	if (str_eq(key, "ipam"))
		return ipam(a);
	return had_by_row(a, a->had->kind == KIND_NETWORK ? &schema_network : &schema_volume, key);
}
