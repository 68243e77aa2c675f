/* engine.c - the rows of engines: a program and its differences from docker.
 *
 * A difference is a rule for a key: another flag, or the reason why the engine can't do it. Those that can't be done are taken out
 * of a tree by engine_prune() before words are made of it. The differences of podman were looked up in its version 4.3. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Rules are laid out by hand. */
/* clang-format off */

static const struct flag_rule podman_rules[] = {
	{.key = "networks.*.attachable", .why_not = "podman has no swarm whose networks need to be attachable"},
	{.key = "networks.*.enable_ipv4", .why_not = "podman gives every network IPv4 addresses that has an IPv4 subnet"},
	{.key = "networks.*.ipam.config[].aux_addresses", .why_not = "podman has no addresses that it leaves out: narrow 'ip_range' instead"},
	{.key = "networks.*.ipam.options", .why_not = "podman's address drivers take no options"},
	{.key = "services.*.deploy.resources.reservations.devices", .why_not = "podman reaches GPUs by their CDI names: write 'devices: [nvidia.com/gpu=all]'"},
	{.key = "services.*.domainname", .why_not = "podman has no domain name apart from the host name: write it into 'hostname'"},
	{.key = "services.*.external_links", .why_not = "podman has no links: containers of one network find each other by name"},
	{.key = "services.*.gpus", .why_not = "podman reaches GPUs by their CDI names: write 'devices: [nvidia.com/gpu=all]'"},
	{.key = "services.*.healthcheck.start_interval", .why_not = "podman has one interval for all probes"},
	{.key = "services.*.links", .why_not = "podman has no links: containers of one network find each other by name"},
	{.key = "services.*.networks.*.driver_opts", .why_not = "podman takes no options of the driver for one container"},
	{.key = "services.*.networks.*.gw_priority", .why_not = "podman cannot choose the network of the default gateway"},
	{.key = "services.*.networks.*.interface_name", .why_not = "podman's 'network connect' cannot name the interface"},
	{.key = "services.*.networks.*.link_local_ips", .why_not = "podman adds no link-local addresses"},
	{.key = "services.*.runtime", .why_not = "podman takes the runtime before the command: set it in containers.conf"},
	{.key = "services.*.storage_opt", .why_not = "podman takes storage options for all containers: set them in storage.conf"},
	{.key = "services.*.volumes[].bind.create_host_path", .why_not = "podman makes no missing folder of the host: make it first"},
};

static const struct flag_rule nerdctl_rules[] = {
	{.key = "networks.*.attachable", .why_not = "nerdctl has no swarm whose networks need to be attachable"},
	{.key = "services.*.device_cgroup_rules", .why_not = "nerdctl has no rules of the device cgroup: name the devices in 'devices'"},
	{.key = "services.*.external_links", .why_not = "nerdctl has no links: containers of one network find each other by name"},
	{.key = "services.*.healthcheck.start_interval", .why_not = "nerdctl has one interval for all probes"},
	{.key = "services.*.links", .why_not = "nerdctl has no links: containers of one network find each other by name"},
	{.key = "services.*.networks.*.aliases", .why_not = "nerdctl has no aliases: containers find each other by their names, such as PROJECT-SERVICE-1"},
	{.key = "services.*.networks.*.driver_opts", .why_not = "nerdctl takes no options of the driver for one container"},
	{.key = "services.*.networks.*.gw_priority", .why_not = "nerdctl cannot choose the network of the default gateway"},
	{.key = "services.*.networks.*.interface_name", .why_not = "nerdctl cannot name the interface"},
	{.key = "services.*.networks.*.link_local_ips", .why_not = "nerdctl adds no link-local addresses"},
	{.key = "services.*.storage_opt", .why_not = "nerdctl has no storage options for one container"},
	{.key = "services.*.use_api_socket", .why_not = "containerd has no socket that docker's tools can talk to"},
	{.key = "volumes.*.driver", .why_not = "nerdctl has local volumes only"},
	{.key = "volumes.*.driver_opts", .why_not = "nerdctl's volumes take no options: mount what they name on the host, and bind it"},
};
/* clang-format on */

static const struct engine engines[] = {
	{.name = "docker", .program = "docker", .is_asked = true},
	{.name = "podman",
		.program = "podman",
		.rule = podman_rules,
		.nrule = countof(podman_rules),
		.json_test = true},
	{.name = "nerdctl",
		.program = "nerdctl",
		.rule = nerdctl_rules,
		.nrule = countof(nerdctl_rules),
		.no_connect = true},
};

const struct engine *
engine_find(const char *name) {
	for (size_t i = 0; i < countof(engines); i++)
		if (str_eq(engines[i].name, name))
			return &engines[i];
	return NULL;
}

const struct engine *
engine_nth(size_t i) {
	return i < countof(engines) ? &engines[i] : NULL;
}

const struct flag_rule *
engine_rule(const struct engine *e, const char *key) {
	for (size_t i = 0; i < e->nrule; i++)
		if (str_eq(e->rule[i].key, key))
			return &e->rule[i];
	return NULL;
}

const char *
engine_why_not(const struct engine *e, const char *key) {
	const struct flag_rule *rule = engine_rule(e, key);

	return rule ? rule->why_not : NULL;
}

/* The place where the rest of a path stands in a tree, or nowhere. The part "*" of a path is any name; of lists all items count. */
static struct pos
place_of(const struct node *n, const char *path) {
	size_t len = strcspn(path, ".["), part = strcspn(path, "."), count = n ? n->n : 0;
	bool last = !path[part];
	struct pos at = {0};

	for (size_t i = 0; n && n->type == NODE_MAP && i < count && !at.line; i++) {
		const struct member *m = &n->u.member[i];
		if (len == 1 && *path == '*' && !last)
			at = place_of(m->val, path + part + 1);
		else if (strlen(m->key) == len && memcmp(m->key, path, len) == 0)
			at = last ? m->at : place_of(m->val, path + part + 1);
	}
	for (size_t i = 0; n && n->type == NODE_LIST && i < count && !at.line; i++)
		at = place_of(n->u.item[i], path);
	return at;
}

/* Take what stands at the rest of a path out of a tree. */
static void
take_out(struct node *n, const char *path) {
	size_t len = strcspn(path, ".["), part = strcspn(path, ".");
	bool last = !path[part];

	for (size_t i = 0; n->type == NODE_MAP && i < n->n; i++) {
		struct member *m = &n->u.member[i];
		bool is_it = strlen(m->key) == len && memcmp(m->key, path, len) == 0;
		if (is_it && last) {
			node_unset(n, m->key);
			return;
		}
		if (!last && (is_it || (len == 1 && *path == '*')))
			take_out(m->val, path + part + 1);
	}
	for (size_t i = 0; n->type == NODE_LIST && i < n->n; i++)
		take_out(n->u.item[i], path);
}

const struct node *
engine_prune(struct ctx *ctx, const struct engine *e, const char *prefix, const struct node *tree) {
	struct node *pruned = NULL;

	for (size_t i = 0; tree && i < e->nrule; i++) {
		const struct flag_rule *rule = &e->rule[i];
		const char *path = rule->key + strlen(prefix);
		struct pos at = {0};
		if (rule->why_not && str_starts(rule->key, prefix))
			at = place_of(tree, path);
		if (!at.line)
			continue;
		diag(ctx, SEV_WARNING, at, "engine-can-not", "left out: %s", rule->why_not);
		if (!pruned)
			pruned = node_copy(ctx->mem, tree);
		take_out(pruned, path);
	}
	return pruned ? pruned : tree;
}
