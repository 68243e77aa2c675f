/* keys_deploy.c - the rows of `deploy` and of device requests, sorted by name.
 * Pure data, the innermost first. What only a swarm can do is noted; its flags are those of docker
 * service create. */
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

#include "spec_int.h"

/* Rows are laid out by hand: a paragraph each. */
/* clang-format off */

static const struct key discrete_rows[] = {
	{.name = "kind", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "What the resource is called."},
	{.name = "value", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .min = 0, .max = INT64_MAX,
		.doc = "How many of it."},
};

static const struct schema schema_discrete = {
	.what = "a countable resource", .key = discrete_rows, .n = countof(discrete_rows)};

static const struct key generic_rows[] = {
	{.name = "discrete_resource_spec", .shape = SHAPE_MAP, .flag = "--generic-resource",
		.sub = &schema_discrete,
		.doc = "A resource that is counted."},
};

static const struct schema schema_generic = {
	.what = "a resource", .key = generic_rows, .n = countof(generic_rows)};

/* gpus of a service. */
static const struct key gpu_rows[] = {
	{.name = "capabilities", .shape = SHAPE_STRINGS, .merge = MERGE_APPEND,
		.doc = "What the devices must be able to do; gpu goes without saying."},
	{.name = "count", .shape = SHAPE_COUNT, .merge = MERGE_REPLACE,
		.doc = "How many devices, or all."},
	{.name = "device_ids", .shape = SHAPE_STRINGS, .merge = MERGE_APPEND,
		.doc = "The very devices, by index or ID."},
	{.name = "driver", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The driver that provides the devices."},
	{.name = "options", .shape = SHAPE_PAIRS, .one_of = "null-is-empty",
		.doc = "Options for the driver."},
};

const struct schema schema_gpu = {
	.what = "a device request", .key = gpu_rows, .n = countof(gpu_rows)};

/* devices of deploy.resources.reservations: the same, but capabilities must be named. */
static const struct key reserved_device_rows[] = {
	{.name = "capabilities", .shape = SHAPE_STRINGS, .merge = MERGE_APPEND, .required = true,
		.doc = "What the devices must be able to do; gpu goes without saying."},
	{.name = "count", .shape = SHAPE_COUNT, .merge = MERGE_REPLACE,
		.doc = "How many devices, or all."},
	{.name = "device_ids", .shape = SHAPE_STRINGS, .merge = MERGE_APPEND,
		.doc = "The very devices, by index or ID."},
	{.name = "driver", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The driver that provides the devices."},
	{.name = "options", .shape = SHAPE_PAIRS, .one_of = "null-is-empty",
		.doc = "Options for the driver."},
};

static const struct schema schema_reserved_device = {
	.what = "a device request", .key = reserved_device_rows,
	.n = countof(reserved_device_rows)};

static const struct key limits_rows[] = {
	{.name = "cpus", .shape = SHAPE_NUMBER, .merge = MERGE_REPLACE, .form = FORM_NONZERO,
		.flag = "--cpus", .inspect = "HostConfig.NanoCpus",
		.doc = "How many processors' worth of time the container may use, such as 0.5."},
	{.name = "memory", .shape = SHAPE_SIZE, .merge = MERGE_REPLACE, .form = FORM_NONZERO,
		.one_of = "only-text", .flag = "--memory", .inspect = "HostConfig.Memory",
		.doc = "Upper bound of memory the container may use."},
	{.name = "pids", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .form = FORM_NONZERO,
		.flag = "--pids-limit", .inspect = "HostConfig.PidsLimit",
		.min = -1, .max = INT64_MAX,
		.doc = "Upper bound of processes and threads; -1 is no limit, 0 is unset."},
};

static const struct schema schema_limits = {
	.what = "limits", .key = limits_rows, .n = countof(limits_rows)};

static const struct key reservations_rows[] = {
	{.name = "cpus", .shape = SHAPE_NUMBER, .standing = KEY_NOTED, .merge = MERGE_REPLACE,
		.flag = "--reserve-cpu",
		.note = "only a swarm reserves processors",
		.doc = "Processors that must be free on the node of a swarm."},
	{.name = "devices", .shape = SHAPE_LIST, .merge = MERGE_APPEND, .form = FORM_GPUS,
		.flag = "--gpus", .inspect = "HostConfig.DeviceRequests",
		.sub = &schema_reserved_device,
		.doc = "Devices that the container gets."},
	{.name = "generic_resources", .shape = SHAPE_LIST, .standing = KEY_NOTED,
		.merge = MERGE_APPEND, .flag = "--generic-resource", .sub = &schema_generic,
		.note = "only a swarm has generic resources",
		.doc = "Other resources that the node of a swarm must offer."},
	{.name = "memory", .shape = SHAPE_SIZE, .merge = MERGE_REPLACE, .form = FORM_NONZERO,
		.one_of = "only-text", .flag = "--memory-reservation", .inspect = "HostConfig.MemoryReservation",
		.doc = "Memory that is left to the container when the host runs short."},
};

static const struct schema schema_reservations = {
	.what = "reservations", .key = reservations_rows, .n = countof(reservations_rows)};

static const struct key resources_rows[] = {
	{.name = "limits", .shape = SHAPE_MAP, .sub = &schema_limits,
		.doc = "What the container cannot exceed."},
	{.name = "reservations", .shape = SHAPE_MAP, .sub = &schema_reservations,
		.doc = "What the container is sure to have."},
};

static const struct schema schema_resources = {
	.what = "resources", .key = resources_rows, .n = countof(resources_rows)};

static const struct key restart_policy_rows[] = {
	{.name = "condition", .shape = SHAPE_CHOICE, .merge = MERGE_REPLACE, .flag = "--restart",
		.inspect = "HostConfig.RestartPolicy.Name",
		.one_of = "always any no none on-failure unless-stopped", .open = true,
		.doc = "When the container is started again: never, after a failure, or always."},
	{.name = "delay", .shape = SHAPE_DURATION, .standing = KEY_NOTED, .merge = MERGE_REPLACE,
		.flag = "--restart-delay",
		.note = "only a swarm waits a set time between restarts",
		.doc = "The pause before the container is started again."},
	{.name = "max_attempts", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .flag = "--restart",
		.inspect = "HostConfig.RestartPolicy.MaximumRetryCount", .min = 0, .max = INT32_MAX,
		.doc = "How often it is tried before giving up; 0 is without end."},
	{.name = "window", .shape = SHAPE_DURATION, .standing = KEY_NOTED, .merge = MERGE_REPLACE,
		.flag = "--restart-window",
		.note = "only a swarm judges restarts by a window",
		.doc = "How long it must have run for a restart to count as a success."},
};

static const struct schema schema_restart_policy = {
	.what = "restart_policy", .key = restart_policy_rows, .n = countof(restart_policy_rows)};

/* update_config and rollback_config. */
static const struct key update_rows[] = {
	{.name = "delay", .shape = SHAPE_DURATION, .merge = MERGE_REPLACE,
		.doc = "The pause between two groups of containers."},
	{.name = "failure_action", .shape = SHAPE_CHOICE, .merge = MERGE_REPLACE,
		.one_of = "continue pause rollback",
		.doc = "What follows when an update fails."},
	{.name = "max_failure_ratio", .shape = SHAPE_NUMBER, .merge = MERGE_REPLACE,
		.doc = "The part of the containers that may fail, from 0 to 1."},
	{.name = "monitor", .shape = SHAPE_DURATION, .merge = MERGE_REPLACE,
		.doc = "How long each container is watched after its update."},
	{.name = "order", .shape = SHAPE_CHOICE, .merge = MERGE_REPLACE,
		.one_of = "start-first stop-first",
		.doc = "Whether the old container stops first, or the new one starts first."},
	{.name = "parallelism", .shape = SHAPE_INT, .merge = MERGE_REPLACE,
		.min = 0, .max = INT64_MAX,
		.doc = "How many containers are replaced at a time; 0 is all."},
};

static const struct schema schema_update = {
	.what = "an update policy", .key = update_rows, .n = countof(update_rows)};

static const struct key preference_rows[] = {
	{.name = "spread", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.flag = "--placement-pref",
		.doc = "The label of nodes over whose values the containers are spread."},
};

static const struct schema schema_preference = {
	.what = "a preference", .key = preference_rows, .n = countof(preference_rows)};

static const struct key placement_rows[] = {
	{.name = "constraints", .shape = SHAPE_STRINGS, .merge = MERGE_APPEND,
		.flag = "--constraint",
		.doc = "Conditions that a node must meet."},
	{.name = "max_replicas_per_node", .shape = SHAPE_INT, .merge = MERGE_REPLACE,
		.flag = "--replicas-max-per-node", .min = 0, .max = INT64_MAX,
		.doc = "How many containers one node may run; 0 is any number."},
	{.name = "preferences", .shape = SHAPE_LIST, .merge = MERGE_APPEND,
		.sub = &schema_preference,
		.doc = "How the containers are spread over the nodes."},
};

static const struct schema schema_placement = {
	.what = "placement", .key = placement_rows, .n = countof(placement_rows)};

static const struct key deploy_rows[] = {
	{.name = "endpoint_mode", .shape = SHAPE_CHOICE, .standing = KEY_NOTED,
		.merge = MERGE_REPLACE, .flag = "--endpoint-mode", .one_of = "dnsrr vip", .open = true,
		.usual = "vip",
		.note = "only a swarm has endpoint modes",
		.doc = "How a swarm spreads connections: one virtual address, or DNS in turn."},
	{.name = "labels", .shape = SHAPE_PAIRS, .standing = KEY_NOTED, .flag = "--label",
		.one_of = "null-is-empty",
		.note = "only a swarm has services that carry labels; 'labels' of the service go "
			"to its containers",
		.doc = "Labels for the service of a swarm, not for its containers."},
	{.name = "mode", .shape = SHAPE_CHOICE, .standing = KEY_NOTED, .merge = MERGE_REPLACE,
		.flag = "--mode", .one_of = "global global-job replicated replicated-job", .open = true,
		.usual = "replicated",
		.note = "only a swarm has nodes and jobs; here there are as many containers as "
			"'replicas' says",
		.doc = "A number of containers, or one on each node; as services or as jobs."},
	{.name = "placement", .shape = SHAPE_MAP, .standing = KEY_NOTED, .sub = &schema_placement,
		.note = "only a swarm has nodes to choose from",
		.doc = "The nodes of a swarm that the containers run on."},
	{.name = "replicas", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .flag = "--replicas",
		.min = 0, .max = INT32_MAX,
		.doc = "How many containers of the service there are."},
	{.name = "resources", .shape = SHAPE_MAP, .sub = &schema_resources,
		.doc = "What the containers may use at most, and are sure to have."},
	{.name = "restart_policy", .shape = SHAPE_MAP, .sub = &schema_restart_policy,
		.doc = "When a container is started again after it exited; wins over `restart`."},
	{.name = "rollback_config", .shape = SHAPE_MAP, .standing = KEY_NOTED,
		.sub = &schema_update,
		.note = "only a swarm rolls updates back",
		.doc = "How a swarm goes back after a failed update."},
	{.name = "update_config", .shape = SHAPE_MAP, .standing = KEY_NOTED, .sub = &schema_update,
		.note = "only a swarm does rolling updates",
		.doc = "How a swarm replaces containers with new ones."},
};

const struct schema schema_deploy = {
	.what = "deploy", .key = deploy_rows, .n = countof(deploy_rows)};
