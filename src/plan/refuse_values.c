/* refuse_values.c - values that docker or its engine would refuse only when the command runs: told at their place, before the
 * first step.
 *
 * What a single key may hold was checked when loading; here are values that are right for Compose and have no form on docker's
 * command line, and keys that exclude one another. Starts at refuse_values(), at the end. */
#include "plan_int.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <regex.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

enum { MEMORY_MIN_BYTES = 6 << 20 };

/* Paths of blkio_config: docker takes devices below /dev/ only. */
static void
check_blkio(struct ctx *ctx, const struct node *tree) {
	const struct node *map = node_find(tree, "blkio_config");

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const struct node *list = map->u.member[i].val;
		for (size_t k = 0; list->type == NODE_LIST && k < list->n; k++) {
			const struct node *path = node_find(list->u.item[k], "path");
			if (path && !str_starts(node_text(path), "/dev/"))
				diag(ctx, SEV_ERROR, path->at, "no-form",
					"docker limits devices below /dev/ only: name the device "
					"so");
		}
	}
}

/* Kernel parameters that docker knows to belong to a container's own namespaces. */
static bool
is_own_sysctl(const char *name) {
	return str_starts(name, "net.") || str_starts(name, "fs.mqueue.") ||
	       str_in("kernel.msgmax kernel.msgmnb kernel.msgmni kernel.sem kernel.shmall "
		      "kernel.shmmax kernel.shmmni kernel.shm_rmid_forced",
		       name);
}

static void
check_sysctls(struct ctx *ctx, const struct node *tree) {
	const struct node *map = node_find(tree, "sysctls");

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++)
		if (!is_own_sysctl(map->u.member[i].key))
			diag(ctx, SEV_ERROR, map->u.member[i].at, "no-form",
				"docker sets no '%s' for a container: only parameters of its own "
				"namespaces, net.*, fs.mqueue.* and those of System V IPC; set it "
				"on "
				"the host",
				map->u.member[i].key);
}

/* Rules of the device cgroup, as docker reads them. */
static void
check_device_rules(struct ctx *ctx, const struct node *tree) {
	const struct node *list = node_find(tree, "device_cgroup_rules");
	regex_t form;

	if (!list || list->type != NODE_LIST)
		return;
	if (regcomp(&form, "^[acb] ([0-9]+|\\*):([0-9]+|\\*) [rwm]{1,3}$", REG_EXTENDED) != 0)
		return;
	for (size_t i = 0; i < list->n; i++)
		if (regexec(&form, node_text(list->u.item[i]), 0, NULL, 0) != 0)
			diag(ctx, SEV_ERROR, list->u.item[i]->at, "no-form",
				"a rule is a type, numbers and rights, such as 'c 1:3 mr'");
	regfree(&form);
}

static bool
is_address(const char *text) {
	struct in6_addr address;

	return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

/* PORT, FIRST-LAST, or one of them with /PROTOCOL. */
static bool
is_port_range(const char *text) {
	const char *end = text + strspn(text, "0123456789");

	if (end == text)
		return false;
	if (*end == '-' && isdigit((unsigned char)end[1]))
		end += 1 + strspn(end + 1, "0123456789");
	return !*end || (*end == '/' && isalpha((unsigned char)end[1]));
}

static bool
is_ipc(const char *text) {
	return str_in("host none private shareable", text) || str_starts(text, "service:") ||
	       str_starts(text, "container:");
}

static bool
is_pid(const char *text) {
	return str_eq(text, "host") || str_starts(text, "service:") ||
	       str_starts(text, "container:");
}

static bool
is_rooted(const char *text) {
	return *text == '/' || (isalpha((unsigned char)*text) && text[1] == ':'); /* of Windows */
}

/* Values, or members of lists, that docker or its engine reads in one form only. */
static const struct value_form {
	const char *key;
	bool (*is_good)(const char *text);
	const char *wish;
} forms[] = {
	{"dns", is_address, "an IP address"},
	{"expose", is_port_range, "a port such as 8080, 53/udp or 8000-8010"},
	{"ipc", is_ipc, "host, none, private, shareable or service:NAME"},
	{"pid", is_pid, "host or service:NAME"},
	{"tmpfs", is_rooted, "an absolute path"},
	{"working_dir", is_rooted, "an absolute path"},
};

static void
check_form(struct ctx *ctx, const struct value_form *form, const struct node *value) {
	const char *text = node_text(value);

	if (*text && !form->is_good(text))
		diag(ctx, SEV_ERROR, value->at, "no-form", "'%s' wants %s", form->key, form->wish);
}

static void
check_forms(struct ctx *ctx, const struct node *tree) {
	for (size_t i = 0; i < countof(forms); i++) {
		const struct node *value = node_find(tree, forms[i].key);

		if (value && node_is_scalar(value))
			check_form(ctx, &forms[i], value);
		for (size_t k = 0; value && value->type == NODE_LIST && k < value->n; k++)
			check_form(ctx, &forms[i], value->u.item[k]);
	}
}

/* Kinds of limits that docker knows (getrlimit(2), without the prefix). */
static void
check_ulimits(struct ctx *ctx, const struct node *tree) {
	static const char known[] = "core cpu data fsize locks memlock msgqueue nice nofile nproc "
				    "rss rtprio rttime sigpending stack";
	const struct node *map = node_find(tree, "ulimits");

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++)
		if (!str_in(known, map->u.member[i].key))
			diag(ctx, SEV_ERROR, map->u.member[i].at, "no-form",
				"docker knows no limit '%s', only %s", map->u.member[i].key, known);
}

/* Is the key set to something? */
static const struct member *
set_member(const struct node *tree, const char *name) {
	const struct member *m = node_member(tree, name);
	const struct key *key = m ? schema_find(&schema_service, name) : NULL;

	if (!m || !key || key_is_idle(key, m->val) ||
		(node_is_scalar(m->val) && !*node_text(m->val)))
		return NULL;
	return m;
}

/* Keys that have no place in another container's network, and in the host's namespace of names. */
static void
check_shared(struct ctx *ctx, const struct node *tree) {
	static const char *const key[] = {"dns", "expose", "external_links", "extra_hosts",
		"hostname", "links", "mac_address", "ports"};
	const char *mode = node_text(node_find(tree, "network_mode"));
	const struct member *hostname = set_member(tree, "hostname");

	bool shares = str_starts(mode, "service:") || str_starts(mode, "container:");

	for (size_t i = 0; shares && i < countof(key); i++) {
		const struct member *m = set_member(tree, key[i]);
		if (m)
			diag(ctx, SEV_ERROR, m->at, "keys-exclude",
				"'%s' has no place beside 'network_mode: %s': the network is the "
				"other container's, so give it there",
				key[i], mode);
	}
	if (hostname && str_eq(node_text(node_find(tree, "uts")), "host"))
		diag(ctx, SEV_ERROR, hostname->at, "keys-exclude",
			"'hostname' has no place beside 'uts: host', where the name is the host's");
}

/* A limit of the service, else the one of deploy; 0 for none. */
static int64_t
limit(const struct node *tree, const char *own, const char *group, const char *name,
	const struct node **at) {
	const struct node *n = node_find(tree, own);
	const struct node *there = node_at(tree, "deploy", "resources", group, NULL);
	int64_t value = 0;

	if (!n || !str_int(node_text(n), INT64_MIN, INT64_MAX, &value) || value == 0)
		n = node_find(there, name);
	*at = n;
	return n && str_int(node_text(n), INT64_MIN, INT64_MAX, &value) ? value : 0;
}

static void
check_memory(struct ctx *ctx, const struct node *tree) {
	const struct node *at, *reserved_at, *swap_at = node_find(tree, "memswap_limit");
	int64_t memory = limit(tree, "mem_limit", "limits", "memory", &at);
	int64_t reserved = limit(tree, "mem_reservation", "reservations", "memory", &reserved_at);
	int64_t swap = 0;

	if (memory > 0 && memory < MEMORY_MIN_BYTES)
		diag(ctx, SEV_ERROR, at->at, "bad-limit",
			"an engine gives a container no less than 6m of memory");
	if (memory > 0 && reserved > memory)
		diag(ctx, SEV_ERROR, reserved_at->at, "bad-limit",
			"more memory is reserved than the limit allows");
	if (!swap_at || !str_int(node_text(swap_at), INT64_MIN, INT64_MAX, &swap) || swap <= 0)
		return;
	if (memory <= 0)
		diag(ctx, SEV_ERROR, swap_at->at, "bad-limit",
			"'memswap_limit' is memory and swap together, and wants a 'mem_limit' as "
			"well");
	else if (swap < memory)
		diag(ctx, SEV_ERROR, swap_at->at, "bad-limit",
			"'memswap_limit' is memory and swap together: it cannot be less than "
			"'mem_limit'");
}

/* Processors are limited in one way. */
static void
check_cpus(struct ctx *ctx, const struct node *tree) {
	const struct node *cpus = node_find(tree, "cpus");
	const struct member *other = node_member(tree, "cpu_quota");
	double n = 0;

	if (!cpus)
		cpus = node_at(tree, "deploy", "resources", "limits", "cpus", NULL);
	if (!other || str_eq(node_text(other->val), "0"))
		other = node_member(tree, "cpu_period");
	if (!cpus || !str_number(node_text(cpus), &n) || n == 0 || !other ||
		str_eq(node_text(other->val), "0"))
		return;
	diag(ctx, SEV_ERROR, other->at, "keys-exclude",
		"'%s' has no place beside 'cpus', which says the same in another way", other->key);
}

static void
check_rest(struct ctx *ctx, const struct node *tree) {
	const struct node *entry = node_find(tree, "entrypoint");
	const struct node *options = node_at(tree, "logging", "options", NULL);

	if (entry && entry->type == NODE_LIST && entry->n && !*node_text(entry->u.item[0]))
		diag(ctx, SEV_ERROR, entry->at, "no-form",
			"docker takes an empty program for none at all: name the program");
	if (options && options->n &&
		str_eq(node_text(node_at(tree, "logging", "driver", NULL)), "none"))
		diag(ctx, SEV_ERROR, options->at, "keys-exclude",
			"the logging driver 'none' takes no options");
}

/* What belongs to a subnet of a network needs one. */
static void
check_pools(struct ctx *ctx, const struct node *network) {
	const struct node *list = node_at(network, "ipam", "config", NULL);

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *pool = list->u.item[i];
		if (pool->type == NODE_MAP && pool->n && !*node_text(node_find(pool, "subnet")))
			diag(ctx, SEV_ERROR, pool->at, "no-form",
				"docker knows no '%s' without a 'subnet': give the subnet that it "
				"belongs to",
				pool->u.member[0].key);
	}
}

void
refuse_values(struct ctx *ctx, const struct service *s) {
	check_blkio(ctx, s->tree);
	check_sysctls(ctx, s->tree);
	check_device_rules(ctx, s->tree);
	check_forms(ctx, s->tree);
	check_ulimits(ctx, s->tree);
	check_shared(ctx, s->tree);
	check_memory(ctx, s->tree);
	check_cpus(ctx, s->tree);
	check_rest(ctx, s->tree);
}

void
refuse_networks(struct ctx *ctx, const struct project *p) {
	const struct node *nets = node_find(p->doc, "networks");

	for (size_t i = 0; nets && nets->type == NODE_MAP && i < nets->n; i++)
		check_pools(ctx, nets->u.member[i].val);
}
