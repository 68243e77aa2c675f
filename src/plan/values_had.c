/* values_had.c - the value that the engine has for a key that differs, in the spec's words, so that it can be laid beside the wanted one.
 * Starts at value_had(): by the key, else by the row of the key, which tells where an engine reports it and in which unit. NULL where the
 * engine does not tell. Secrets as in values.c. */
#include "plan_int.h"
#include "values_int.h"
#include <inttypes.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* The value of a variable among "NAME=VALUE", or NULL. */
static const char *
variable(const struct asked *a, const char *name) {
	const struct node *list = had_fact(a, "Config.Env");
	size_t n = strlen(name);
	const char *value = NULL;

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n && !value; i++) {
		const char *text = node_text(list->u.item[i]);
		if (strncmp(text, name, n) == 0 && text[n] == '=')
			value = text + n + 1;
	}
	if (value && (a->diff->was_outside || str_is_secret_name(name)))
		return value_redacted;
	return value_quoted(a->ctx, value);
}

static const char *
ports(const struct asked *a) {
	const struct node *map = had_fact(a, "HostConfig.PortBindings");
	struct buf b = {0};

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const struct node *list = map->u.member[i].val;
		for (size_t k = 0; list->type == NODE_LIST && k < list->n; k++)
			value_add_port(&b, node_text(node_find(list->u.item[k], "HostIp")),
				node_text(node_find(list->u.item[k], "HostPort")),
				map->u.member[i].key);
	}
	return value_ports(a->ctx, &b);
}

/* What is mounted at a path. Of a tmpfs the size stands apart from the other mounts. */
static const char *
mount(const struct asked *a, const char *target) {
	const struct node *m = item_with(had_fact(a, "Mounts"), "Destination", target);
	const struct node *asked = item_with(had_fact(a, "HostConfig.Mounts"), "Target", target);
	const struct node *from = m ? m : asked;
	const char *type = node_text(node_find(from, "Type"));
	const char *source = node_text(node_find(m, str_eq(type, "volume") ? "Name" : "Source"));
	int64_t size = 0;
	bool read_only =
		m ? !node_is_true(node_find(m, "RW")) : node_is_true(node_find(asked, "ReadOnly"));

	if (!from)
		return NULL;
	node_to_int(node_at(asked, "TmpfsOptions", "SizeBytes", NULL), &size);
	if (str_eq(type, "tmpfs"))
		source = "";
	return value_mount(a->ctx, type, source, read_only, size);
}

/* A secret or config: the file that is mounted; of what was copied in nothing is known, and of secrets nothing is told. */
static const char *
grant(const struct asked *a, const char *section, const char *target) {
	const struct node *m = item_with(had_fact(a, "Mounts"), "Destination", target);

	if (m)
		return value_mount(a->ctx, "bind", node_text(node_find(m, "Source")), false, 0);
	return str_eq(section, "secrets") ? value_redacted : NULL;
}

/* "Test" for "test", "StartPeriod" for "start_period". */
static const char *
health(const struct asked *a, const char *key) {
	static const struct {
		const char *key, *member;
	} names[] = {{"test", "Test"}, {"interval", "Interval"}, {"timeout", "Timeout"},
		{"start_period", "StartPeriod"}, {"start_interval", "StartInterval"},
		{"retries", "Retries"}};
	const struct node *all = had_fact(a, "Config.Healthcheck");
	int64_t v;

	for (size_t i = 0; i < countof(names); i++) {
		const struct node *n = node_find(all, names[i].member);
		if (!str_eq(key, names[i].key) || !had_something(n))
			continue;
		if (str_in("test retries", key) || !node_to_int(n, &v))
			return value_flow(a->ctx, n);
		return value_duration(a->ctx, v);
	}
	return NULL;
}

/* "on-failure:3" */
static const char *
restart(const struct asked *a) {
	const struct node *policy = had_fact(a, "HostConfig.RestartPolicy");
	const char *name = node_text(node_find(policy, "Name"));
	int64_t count = 0;

	node_to_int(node_find(policy, "MaximumRetryCount"), &count);
	if (!count)
		return value_quoted(a->ctx, *name ? name : "no");
	return arena_printf(a->ctx->mem, "\"%s:%" PRId64 "\"", name, count);
}

/* `deploy.restart_policy`; how long it waits is a swarm's matter. */
static const char *
restart_policy(const struct asked *a) {
	const struct node *policy = had_fact(a, "HostConfig.RestartPolicy");
	const char *name = node_text(node_find(policy, "Name"));
	int64_t count = 0;

	node_to_int(node_find(policy, "MaximumRetryCount"), &count);
	name = str_eq(name, "always") ? "any" : str_eq(name, "no") || !*name ? "none" : name;
	if (!count)
		return arena_printf(a->ctx->mem, "{condition: \"%s\"}", name);
	return arena_printf(
		a->ctx->mem, "{condition: \"%s\", max_attempts: %" PRId64 "}", name, count);
}

/* A size that is set, or NULL. */
static const char *
size_at(const struct asked *a, const char *path) {
	int64_t v;

	return node_to_int(had_fact(a, path), &v) && v ? value_size(a->ctx, v) : NULL;
}

/* Processors, which the engine counts in thousand millionths. */
static const char *
cpus(const struct asked *a) {
	int64_t v;

	return node_to_int(had_fact(a, "HostConfig.NanoCpus"), &v)
		       ? arena_printf(a->ctx->mem, "%g", (double)v / 1e9)
		       : NULL;
}

static const char *
limits(const struct asked *a) {
	const char *n = cpus(a);
	int64_t pids;
	bool few = node_to_int(had_fact(a, "HostConfig.PidsLimit"), &pids) && pids > 0;
	const struct value_limits v = {
		.cpus = n && !str_eq(n, "0") ? n : NULL,
		.memory = size_at(a, "HostConfig.Memory"),
		.pids = few ? arena_printf(a->ctx->mem, "%" PRId64, pids) : NULL,
		.reserved_memory = size_at(a, "HostConfig.MemoryReservation"),
	};

	return value_limits(a->ctx, &v);
}

static const char *
ulimit(const struct asked *a, const char *name) {
	const struct node *n = item_with(had_fact(a, "HostConfig.Ulimits"), "Name", name);
	const char *soft = node_text(node_find(n, "Soft")), *hard = node_text(node_find(n, "Hard"));

	if (!n)
		return NULL;
	return str_eq(soft, hard)
		       ? soft
		       : arena_join(a->ctx->mem, "{soft: ", soft, ", hard: ", hard, "}", NULL);
}

/* Ports that are exposed without being published. */
static const char *
expose(const struct asked *a) {
	const struct node *map = had_fact(a, "Config.ExposedPorts");
	const struct node *published = had_fact(a, "HostConfig.PortBindings");
	struct node *out = had_list(a);

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const char *port = map->u.member[i].key;
		if (published && published->type == NODE_MAP && node_find(published, port))
			continue;
		had_add(a, out,
			str_ends(port, "/tcp") ? arena_strndup(a->ctx->mem, port, strlen(port) - 4)
					       : port);
	}
	return value_flow(a->ctx, out);
}

static const char *
extra_hosts(const struct asked *a) {
	const struct node *list = had_fact(a, "HostConfig.ExtraHosts");
	struct node *out = had_list(a);

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		char *text = arena_strdup(a->ctx->mem, node_text(list->u.item[i]));
		char *colon = strchr(text, ':');
		if (colon)
			*colon = '=';
		had_add(a, out, text);
	}
	return value_flow(a->ctx, out);
}

static const char *
logging(const struct asked *a) {
	struct node *out = had_map(a);

	had_put(a, out, "driver", had_fact(a, "HostConfig.LogConfig.Type"));
	had_put(a, out, "options", had_fact(a, "HostConfig.LogConfig.Config"));
	return value_flow(a->ctx, out);
}

static const char *
tmpfs(const struct asked *a) {
	const struct node *map = had_fact(a, "HostConfig.Tmpfs");
	struct node *out = had_list(a);

	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const char *options = node_text(map->u.member[i].val);
		had_add(a, out,
			arena_join(a->ctx->mem, map->u.member[i].key, *options ? ":" : "", options,
				NULL));
	}
	return value_flow(a->ctx, out);
}

static const char *
devices(const struct asked *a) {
	const struct node *list = had_fact(a, "HostConfig.Devices");
	struct node *out = had_list(a);

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *n = list->u.item[i];
		node_append(a->ctx->mem, out,
			value_device(a->ctx, node_text(node_find(n, "PathOnHost")),
				node_text(node_find(n, "PathInContainer")),
				node_text(node_find(n, "CgroupPermissions"))));
	}
	return value_flow(a->ctx, out);
}

static const char *
capabilities(const struct asked *a, const char *path) {
	const struct node *list = had_fact(a, path);
	struct node *out = had_list(a);

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++)
		had_add(a, out, value_capability(node_text(list->u.item[i])));
	return value_flow(a->ctx, out);
}

/* docker takes one word for an entrypoint, and what follows stands before the command: where the one ends the digest tells that was noted
 * when the container was made. */
static const char *
command(const struct asked *a, bool entrypoint) {
	const struct node *first = had_fact(a, "Config.Entrypoint"),
			  *cmd = had_fact(a, "Config.Cmd");
	size_t n = cmd && cmd->type == NODE_LIST ? cmd->n : 0;

	for (size_t k = 0; k <= n; k++) {
		struct node *out = had_list(a);
		for (size_t i = 0; entrypoint && first && first->type == NODE_LIST && i < first->n;
			i++)
			had_add(a, out, node_text(first->u.item[i]));
		for (size_t i = entrypoint ? 0 : k; i < (entrypoint ? k : n); i++)
			had_add(a, out, node_text(cmd->u.item[i]));
		if (digest_fits(a->ctx, a->diff->key, out, a->had->had_sums))
			return a->diff->was_outside ? value_redacted : value_flow(a->ctx, out);
	}
	return NULL;
}

/* A member of a map that the engine has as such: "labels.a" */
static const char *
by_parent(const struct asked *a, const char *key) {
	static const char *const parents[] = {"labels", "annotations", "sysctls", "storage_opt"};

	for (size_t i = 0; i < countof(parents); i++) {
		const char *name = value_member(key, parents[i]);
		const struct key *row = name ? schema_find(&schema_service, parents[i]) : NULL;
		const struct node *n = row ? node_find(had_fact(a, row->inspect), name) : NULL;
		if (n)
			return a->diff->was_outside && str_is_secret_name(name)
				       ? value_redacted
				       : value_flow(a->ctx, n);
	}
	return NULL;
}

/* Keys whose whole value takes thought, in alphabetical order. */
static const char *
of_whole(const struct asked *a, const char *key) {
	static const struct {
		const char *key;
		const char *(*value)(const struct asked *);
	} rows[] = {{"cpus", cpus}, {"deploy.resources", limits},
		{"deploy.restart_policy", restart_policy}, {"devices", devices}, {"expose", expose},
		{"extra_hosts", extra_hosts}, {"links", had_links}, {"logging", logging},
		{"ports", ports}, {"restart", restart}, {"tmpfs", tmpfs},
		{"volumes_from", had_volumes_from}};

	for (size_t i = 0; i < countof(rows); i++)
		if (str_eq(rows[i].key, key))
			return rows[i].value(a);
	if (str_in("entrypoint command", key))
		return command(a, *key == 'e');
	if (str_in("cap_add cap_drop", key))
		return capabilities(
			a, str_eq(key, "cap_add") ? "HostConfig.CapAdd" : "HostConfig.CapDrop");
	if (str_in("network_mode ipc pid", key))
		return had_namespace(a, schema_find(&schema_service, key)->inspect);
	return NULL;
}

const char *
value_had(const struct diffing *d, const struct resource *had, const struct difference *diff) {
	const struct asked a = {.ctx = d->ctx, .d = d, .had = had, .diff = diff};
	const char *key = diff->key, *name, *text;

	if (!had->facts)
		return NULL;
	if (had->kind != KIND_CONTAINER)
		return had_of_named(&a, key);
	if ((name = value_member(key, "environment")))
		return variable(&a, name);
	if ((name = value_member(key, "secrets")))
		return grant(&a, "secrets", name);
	if ((name = value_member(key, "configs")))
		return grant(&a, "configs", name);
	if ((name = value_member(key, "volumes")))
		return mount(&a, name);
	if ((name = value_member(key, "networks")))
		return had_network(&a, name);
	if ((name = value_member(key, "healthcheck")))
		return health(&a, name);
	if ((name = value_member(key, "ulimits")))
		return ulimit(&a, name);
	if ((text = by_parent(&a, key)) || (text = of_whole(&a, key)))
		return text;
	if (diff->was_outside)
		return value_redacted;
	return strchr(key, '.') ? NULL : had_by_row(&a, &schema_service, key);
}
