/* emit_net.c - networks and links: how a container is reached.
 * One network stands in the `docker run` itself; further ones become `docker network connect` commands. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/quote.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

/* A network of the service with its rank. */
struct attach {
	const char *key;
	struct pos at;
	const struct node *opts; /* map, or NULL or null */
	int64_t priority;
};

/* Higher priority first, then by name: the first one is the primary network. */
static int
by_priority(const void *a, const void *b) {
	const struct attach *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	return strcmp(x->key, y->key);
}

/* Each option of one attachment through ADD, whatever command they stand in. */
struct sink {
	struct emit *e;
	struct words *out;
	const char *alias_flag;
	bool connects; /* for `docker network connect`: each option may begin a line, lists are split at commas */
};

/* One option of the attachment. */
static void
sink_add(struct sink *s, const char *flag, struct word value) {
	words_push(s->e->ctx->mem, s->out, flag, value.at);
	s->out->v[s->out->n - 1].starts = s->connects && !str_eq(flag, s->alias_flag);
	words_push_word(s->e->ctx->mem, s->out, value);
}

/* A value in a flag that docker reads as a comma list. */
static struct word
csv_word(struct emit *e, struct word w) {
	struct text t = {0};

	quote_csv(&t, &w);
	return text_take(e->ctx->mem, &t, w.at);
}

/* The aliases of the file in their order, then the service's own name, each once. */
static void
sink_aliases(struct sink *s, const struct node *aliases, struct pos at) {
	struct arena *mem = s->e->ctx->mem;
	struct node *seen = aliases ? node_new(mem, NODE_MAP, at) : NULL;
	const char *own = s->e->service->name;

	const char *why = engine_why_not(s->e->engine, "services.*.networks.*.aliases");

	if (s->e->service->one_off.no_alias)
		return;
	if (why) {
		diag(s->e->ctx, SEV_WARNING, s->e->service->at, "engine-can-not", "%s", why);
		return;
	}
	for (size_t i = 0; aliases && aliases->type == NODE_LIST && i < aliases->n; i++) {
		struct word w = node_word(aliases->u.item[i]);
		if (node_find(seen, w.s))
			continue;
		node_add(mem, seen, w.s, at, aliases->u.item[i]);
		sink_add(s, s->alias_flag, s->connects ? csv_word(s->e, w) : w);
	}
	if (!node_find(seen, own))
		sink_add(s, s->alias_flag, (struct word){.s = own, .at = at});
}

/* The option FLAG for a key of the entry that is set. */
static void
sink_address(struct sink *s, const struct node *opts, const char *key, const char *flag) {
	const struct node *n = node_find(opts, key);

	if (n && *node_text(n))
		sink_add(s, flag, node_word(n));
}

/* What one network's entry asks for, but for its name. */
static void
sink_options(struct sink *s, const struct attach *a) {
	const struct node *list = node_find(a->opts, "link_local_ips");

	sink_aliases(s, node_find(a->opts, "aliases"), a->at);
	sink_address(s, a->opts, "ipv4_address", "--ip");
	sink_address(s, a->opts, "ipv6_address", "--ip6");
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++)
		sink_add(s, "--link-local-ip",
			s->connects ? csv_word(s->e, node_word(list->u.item[i]))
				    : node_word(list->u.item[i]));
}

/* Every container of each linked service under its alias and the two names that Compose adds. */
static void
sink_links(struct sink *s, const struct node *n) {
	struct emit *e = s->e;
	long long own = (long long)e->res->number;

	for (size_t i = 0; n && n->type == NODE_LIST && i < n->n; i++) {
		struct pos at = n->u.item[i]->at;
		const char *link = node_text(n->u.item[i]), *colon = strchr(link, ':');
		const char *name = arena_strndup(e->ctx->mem, link, strcspn(link, ":"));
		const struct service *to = project_service(e->project, name);
		const char *const alias[] = {colon ? colon + 1 : name,
			arena_printf(e->ctx->mem, "%s-%lld", name, own),
			arena_printf(e->ctx->mem, "%s-%s-%lld", e->project->name, name, own)};

		for (int64_t k = 1; to && k <= to->scale; k++)
			for (size_t j = 0; j < countof(alias); j++)
				sink_add(s, "--link",
					(struct word){.s = arena_printf(e->ctx->mem, "%s:%s",
							      project_container(
								      e->ctx, e->project, to, k),
							      alias[j]),
						.at = at});
	}
}

/* Containers outside the project. As Compose does, the alias is always said. */
static void
sink_external_links(struct sink *s, const struct node *n) {
	struct arena *mem = s->e->ctx->mem;

	for (size_t i = 0; n && n->type == NODE_LIST && i < n->n; i++) {
		struct word link = node_word(n->u.item[i]);
		struct text t = {0};

		text_add_word(&t, &link);
		if (!strchr(link.s, ':')) {
			text_add(&t, ":");
			text_add_word(&t, &link);
		}
		sink_add(s, "--link", text_take(mem, &t, link.at));
	}
}

/* The engine's name of a network of the file. */
static const char *
network_name(struct emit *e, const char *key) {
	bool external;
	const char *name = project_resource_name(e->ctx, e->project, "networks", key, &external);

	return name ? name : key;
}

/* The option of a network's driver that names the interface. */
static const char ifname[] = "com.docker.network.endpoint.ifname";

/* Options that only `docker network connect` has. */
static void
sink_connect_options(struct sink *s, const struct attach *a) {
	const struct node *opts = node_find(a->opts, "driver_opts");
	const struct node *gw = node_find(a->opts, "gw_priority");
	const struct node *interface = node_find(a->opts, "interface_name");

	for (size_t i = 0; opts && opts->type == NODE_MAP && i < opts->n; i++)
		sink_add(s, "--driver-opt",
			csv_word(s->e,
				emit_pair(s->e, opts->u.member[i].key, opts->u.member[i].val)));
	if (interface && *node_text(interface))
		sink_add(s, "--driver-opt", csv_word(s->e, emit_pair(s->e, ifname, interface)));
	if (gw && !str_eq(node_text(gw), "0"))
		sink_add(s, "--gw-priority", node_word(gw));
}

/* A further field of the long form of --network. */
static void
add_field(struct emit *e, struct text *t, const char *name, struct word value) {
	struct text field = {0};
	struct word w;

	text_add(&field, name);
	text_add_word(&field, &value);
	w = text_take(e->ctx->mem, &field, value.at);
	text_add(t, ",");
	quote_csv(t, &w);
}

/* name=NET,driver-opt=K=V,...: for what --network can only say so. It turns all of it to lower case. */
static struct word
long_form(struct emit *e, const struct attach *a) {
	const struct node *opts = node_find(a->opts, "driver_opts");
	const struct node *gw = node_find(a->opts, "gw_priority");
	const struct node *interface = node_find(a->opts, "interface_name");
	struct text t = {0};

	text_add(&t, "name=");
	text_add(&t, network_name(e, a->key));
	for (size_t i = 0; opts && opts->type == NODE_MAP && i < opts->n; i++)
		add_field(e, &t,
			"driver-opt=", emit_pair(e, opts->u.member[i].key, opts->u.member[i].val));
	if (interface && *node_text(interface))
		add_field(e, &t, "driver-opt=", emit_pair(e, ifname, interface));
	if (gw && !str_eq(node_text(gw), "0"))
		add_field(e, &t, "gw-priority=", node_word(gw));
	return text_take(e->ctx->mem, &t, a->at);
}

/* Does the attachment ask for what only the long form of --network can say? */
static bool
needs_long(const struct attach *a) {
	const struct node *opts = node_find(a->opts, "driver_opts"),
			  *gw = node_find(a->opts, "gw_priority");

	return (opts && opts->n) || (gw && !str_eq(node_text(gw), "0")) ||
	       *node_text(node_find(a->opts, "interface_name"));
}

/* Does the long form keep it as it is: is all of it in lower case? */
static bool
fits_long(struct emit *e, const struct attach *a) {
	for (const char *c = long_form(e, a).s; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			return false;
	return true;
}

/* The hardware address of the attachment; that of the service is meant for the FIRST one. */
static const struct member *
mac_of(const struct emit *e, const struct attach *a, bool first) {
	const struct member *own = node_member(a->opts, "mac_address");

	return own || !first ? own : node_member(e->tree, "mac_address");
}

/* Which of the attachments does the container begin with? The first one in Compose's order, unless that one has a wish that only
 * `docker network connect` can be told, or another one has a hardware address, which only the beginning takes. */
static size_t
choose_primary(struct emit *e, const struct attach *a, size_t n) {
	for (size_t i = 0; i < n; i++)
		if (mac_of(e, &a[i], i == 0))
			return i;
	for (size_t i = 0; i < n; i++)
		if (!needs_long(&a[i]) || fits_long(e, &a[i]))
			return i;
	return 0;
}

/* The network that the container is created in. */
static void
attach_primary(struct emit *e, const char *flag, const struct attach *a, const struct member *mac) {
	struct sink s = {e, &e->res->create, "--network-alias", false};
	bool is_long = needs_long(a);

	if (is_long && !fits_long(e, a))
		diag(e->ctx, SEV_ERROR, a->at, "no-form",
			"docker would turn the options of this network to lower case, since the "
			"container begins in it: write them in lower case, or give the service "
			"another network that has none");
	if (is_long)
		emit_option(e, flag, long_form(e, a));
	else
		emit_text(e, flag, network_name(e, a->key), a->at);
	sink_options(&s, a);
	if (mac && *node_text(mac->val))
		emit_more(e, "--mac-address", node_word(mac->val));
}

/* A command for each other network. Links are said once more, since they count for one network only. */
static void
attach_further(struct emit *e, const struct attach *a, const struct member *mac) {
	struct resource *r = e->res;
	struct words *w;

	if (mac)
		diag(e->ctx, SEV_ERROR, mac->at, "no-form",
			"'docker network connect' takes no hardware address: only one network of a "
			"service can have a 'mac_address'");
	r->connect = grown(e->ctx, r->connect, r->nconnect, sizeof(*r->connect));
	w = &r->connect[r->nconnect++];
	words_push(e->ctx->mem, w, "network", a->at);
	words_push(e->ctx->mem, w, "connect", a->at);
	struct sink s = {e, w, "--alias", true};
	sink_options(&s, a);
	sink_connect_options(&s, a);
	sink_links(&s, node_find(e->tree, "links"));
	sink_external_links(&s, node_find(e->tree, "external_links"));
	words_push(e->ctx->mem, w, network_name(e, a->key), a->at);
	w->v[w->n - 1].starts = true;
	words_push(e->ctx->mem, w, r->name, a->at);
}

/* All networks in the command itself, for an engine that connects no container later. Addresses and the like count for the first. */
static void
attach_at_once(struct emit *e, const char *flag, const struct attach *a, size_t n) {
	for (size_t i = 0; i < n; i++) {
		struct sink s = {e, &e->res->create, "--network-alias", false};
		const struct member *mac = mac_of(e, &a[i], i == 0);
		bool has_wishes = node_find(a[i].opts, "ipv4_address") ||
				  node_find(a[i].opts, "ipv6_address") || mac;
		emit_text(e, flag, network_name(e, a[i].key), a[i].at);
		if (i > 0 && has_wishes)
			diag(e->ctx, SEV_ERROR, a[i].at, "no-form",
				"%s gives addresses on the first network only: give this one the "
				"highest 'priority', or leave its addresses out",
				e->engine->name);
		if (i > 0)
			continue;
		sink_options(&s, &a[i]);
		if (mac && *node_text(mac->val))
			emit_more(e, "--mac-address", node_word(mac->val));
	}
}

/* network_mode: service:S is container:NAME for docker. */
static void
emit_mode(struct emit *e, const char *flag, const struct node *n) {
	const char *mode = node_text(n), *name;

	if (str_starts(mode, "service:") && (name = emit_container_of(e, mode + 8)))
		emit_text(e, flag, arena_printf(e->ctx->mem, "container:%s", name), n->at);
	else if (*mode)
		emit_option(e, flag, node_word(n));
}

/* Most services have no more networks. */
enum { FEW_ATTACHMENTS = 4 };

/* The attachments of a service in the order in which Compose makes them, FEW where they fit; N networks are listed, none is the default
 * one. */
static struct attach *
attachments(
	struct emit *e, const struct node *n, struct attach few[FEW_ATTACHMENTS], size_t *count) {
	struct attach *a = few;

	*count = n && n->n ? n->n : 1;
	if (*count > FEW_ATTACHMENTS)
		a = arena_array(e->ctx->mem, *count, sizeof(*a));
	a[0] = (struct attach){.key = "default", .at = e->service->at};
	for (size_t i = 0; n && i < n->n; i++) {
		const struct member *m = &n->u.member[i];
		a[i] = (struct attach){.key = m->key, .at = m->at, .opts = m->val};
		const struct node *p = node_find(m->val, "priority");
		if (p && !node_to_int(p, &a[i].priority))
			a[i].priority = 0;
	}
	qsort(a, *count, sizeof(*a), by_priority);
	return a;
}

void
emit_connects(struct emit *e) {
	const struct node *n = node_find(e->tree, "networks");
	struct attach few[FEW_ATTACHMENTS], *a;
	size_t count;

	/* an empty mode says nothing beside networks, and takes the default one away */
	if ((n && n->type != NODE_MAP) || *node_text(node_find(e->tree, "network_mode")) ||
		((!n || !n->n) && node_find(e->tree, "network_mode")))
		return;
	a = attachments(e, n, few, &count);
	for (size_t i = 0; i < count; i++)
		attach_further(e, &a[i], NULL);
}

/* `networks`, `network_mode`, or NULL for the default network. */
void
emit_networks(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	struct attach few[FEW_ATTACHMENTS], *a;
	size_t first, count;

	(void)row;
	if (n && n->type != NODE_MAP) {
		emit_mode(e, flag, n);
		return;
	}
	a = attachments(e, n, few, &count);
	if (e->engine->no_connect) {
		attach_at_once(e, flag, a, count);
		return;
	}
	first = choose_primary(e, a, count);
	attach_primary(e, flag, &a[first], mac_of(e, &a[first], first == 0));
	for (size_t i = 0; i < count; i++)
		if (i != first)
			attach_further(e, &a[i], mac_of(e, &a[i], i == 0));
}

/* The hardware address of a service that has no networks of its own; emit_networks sees to it otherwise. */
void
emit_mac(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	if (*node_text(n) && *node_text(node_find(e->tree, "network_mode")))
		emit_option(e, flag, node_word(n));
}

void
emit_links(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	struct sink s = {e, &e->res->create, "--network-alias", true};

	(void)row;
	(void)flag;
	sink_links(&s, n);
}

void
emit_external_links(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	struct sink s = {e, &e->res->create, "--network-alias", true};

	(void)row;
	(void)flag;
	sink_external_links(&s, n);
}
