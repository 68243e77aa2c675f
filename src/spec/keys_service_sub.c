/* keys_service_sub.c - the rows below keys of a service: ports, mounts, networks, healthcheck and others.
 * Pure data. Where one function makes the words of a whole block (ports, healthcheck, logging ...),
 * the rows here have no form of their own; their flag is what that function writes for them, for
 * manuals and `explain`. */
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

#include "spec_int.h"

/* Rows are laid out by hand: a paragraph each. */
/* clang-format off */

/* ports, in its long form. */
static const struct key port_rows[] = {
	{.name = "app_protocol", .shape = SHAPE_STRING, .standing = KEY_SILENT,
		.merge = MERGE_REPLACE,
		.doc = "What speaks on the port, such as http; information for other tools."},
	{.name = "host_ip", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The address of the host on which the port is published; all of them by "
			"default."},
	{.name = "mode", .shape = SHAPE_CHOICE, .standing = KEY_SILENT, .merge = MERGE_REPLACE,
		.one_of = "host ingress", .open = true,
		.doc = "How a swarm publishes the port: on each node, or on all through its "
			"routing mesh."},
	{.name = "name", .shape = SHAPE_STRING, .standing = KEY_SILENT, .merge = MERGE_REPLACE,
		.doc = "A name of the port, for people and other tools."},
	{.name = "protocol", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "tcp (the default), udp or sctp."},
	{.name = "published", .shape = SHAPE_TEXT, .merge = MERGE_REPLACE,
		.doc = "The port on the host, or a range to choose from; none or 0 takes any free "
			"one."},
	{.name = "target", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .min = 1, .max = 65535,
		.required = true,
		.doc = "The port inside the container."},
};

const struct schema schema_port = {.what = "a port", .key = port_rows, .n = countof(port_rows)};

/* The blocks of a long mount, one for each type. */
static const struct key mount_bind_rows[] = {
	{.name = "create_host_path", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE,
		.doc = "Make the folder on the host if nothing is there; the default."},
	{.name = "propagation", .shape = SHAPE_CHOICE, .merge = MERGE_REPLACE,
		.one_of = "private rprivate rshared rslave shared slave",
		.doc = "Whether mounts made later on one side appear on the other."},
	{.name = "recursive", .shape = SHAPE_CHOICE, .merge = MERGE_REPLACE,
		.one_of = "disabled enabled readonly writable", .flag = "--mount",
		.usual = "enabled", .since = "25.0",
		.doc = "What becomes of mounts below the source: read-only as well, left out, or "
			"as they are."},
	{.name = "selinux", .shape = SHAPE_CHOICE, .merge = MERGE_REPLACE, .one_of = "Z z",
		.doc = "Relabel the source for SELinux: z to be shared, Z for this container "
			"alone."},
};

static const struct schema schema_mount_bind = {
	.what = "a bind mount", .key = mount_bind_rows, .n = countof(mount_bind_rows)};

static const struct key mount_image_rows[] = {
	{.name = "subpath", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The path inside the image that is mounted instead of its root."},
};

static const struct schema schema_mount_image = {
	.what = "an image mount", .key = mount_image_rows, .n = countof(mount_image_rows)};

static const struct key mount_tmpfs_rows[] = {
	{.name = "mode", .shape = SHAPE_MODE, .merge = MERGE_REPLACE,
		.doc = "Permissions of its root: an octal number such as 0o1777, or the same as "
			"text."},
	{.name = "size", .shape = SHAPE_SIZE, .merge = MERGE_REPLACE,
		.doc = "How much it may hold; as much as half of the memory by default."},
};

static const struct schema schema_mount_tmpfs = {
	.what = "a tmpfs mount", .key = mount_tmpfs_rows, .n = countof(mount_tmpfs_rows)};

static const struct key mount_volume_rows[] = {
	{.name = "labels", .shape = SHAPE_PAIRS, .one_of = "null-is-empty",
		.doc = "Labels for an anonymous volume that is made for this mount."},
	{.name = "nocopy", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE,
		.doc = "Leave a new volume empty, instead of filling it with what the image has "
			"there."},
	{.name = "subpath", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.flag = "--mount", .since = "26.0",
		.doc = "The path inside the volume that is mounted instead of its root."},
};

static const struct schema schema_mount_volume = {
	.what = "a volume mount", .key = mount_volume_rows, .n = countof(mount_volume_rows)};

/* volumes of a service, in their long form. */
static const struct key mount_rows[] = {
	{.name = "bind", .shape = SHAPE_MAP, .sub = &schema_mount_bind,
		.doc = "What only a bind mount can have."},
	{.name = "consistency", .shape = SHAPE_STRING, .standing = KEY_SILENT,
		.merge = MERGE_REPLACE,
		.doc = "How strictly both sides must agree; without effect on Linux."},
	{.name = "image", .shape = SHAPE_MAP, .sub = &schema_mount_image,
		.doc = "What only an image mount can have."},
	{.name = "read_only", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE,
		.doc = "The container may not write there."},
	{.name = "source", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The path on the host, the volume or the image; an anonymous volume has "
			"none."},
	{.name = "target", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .required = true,
		.doc = "The path inside the container."},
	{.name = "tmpfs", .shape = SHAPE_MAP, .sub = &schema_mount_tmpfs,
		.doc = "What only a tmpfs mount can have."},
	{.name = "type", .shape = SHAPE_CHOICE, .merge = MERGE_REPLACE,
		.one_of = "bind cluster image npipe tmpfs volume", .required = true, .open = true,
		.flag = "--mount", .since = "28.0", .since_like = "image",
		.doc = "What is mounted."},
	{.name = "volume", .shape = SHAPE_MAP, .sub = &schema_mount_volume,
		.doc = "What only a volume mount can have."},
};

const struct schema schema_mount = {.what = "a mount", .key = mount_rows, .n = countof(mount_rows)};

/* networks of a service, with the flags of docker create or docker network connect. */
static const struct key network_use_rows[] = {
	{.name = "aliases", .shape = SHAPE_STRINGS, .merge = MERGE_UNIQUE,
		.flag = "--network-alias", .inspect = "NetworkSettings.Networks.*.Aliases",
		.doc = "Further names by which other containers of the network find this one."},
	{.name = "driver_opts", .shape = SHAPE_PAIRS, .flag = "--driver-opt",
		.inspect = "NetworkSettings.Networks.*.DriverOpts", .one_of = "only-map",
		.doc = "Options for the network driver about this one end."},
	{.name = "gw_priority", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .flag = "--gw-priority",
		.usual = "0", .since = "28.0", .old = OLD_DROPS,
		.inspect = "NetworkSettings.Networks.*.GwPriority",
		.doc = "The network with the highest number gives the container its default "
			"gateway."},
	{.name = "interface_name", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.flag = "--driver-opt", .since = "28.1", .old = OLD_DROPS,
		.doc = "What the network interface is called inside the container."},
	{.name = "ipv4_address", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .flag = "--ip",
		.inspect = "NetworkSettings.Networks.*.IPAMConfig.IPv4Address",
		.doc = "A fixed IPv4 address; the network needs a subnet that holds it."},
	{.name = "ipv6_address", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .flag = "--ip6",
		.inspect = "NetworkSettings.Networks.*.IPAMConfig.IPv6Address",
		.doc = "A fixed IPv6 address; the network needs a subnet that holds it."},
	{.name = "link_local_ips", .shape = SHAPE_STRINGS, .merge = MERGE_UNIQUE,
		.flag = "--link-local-ip",
		.inspect = "NetworkSettings.Networks.*.IPAMConfig.LinkLocalIPs",
		.doc = "Further addresses that are valid only on this link."},
	{.name = "mac_address", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.flag = "--mac-address", .inspect = "NetworkSettings.Networks.*.MacAddress",
		.since = "25.0", .old = OLD_MIXED,
		.doc = "The hardware address on this network."},
	{.name = "priority", .shape = SHAPE_INT, .merge = MERGE_REPLACE,
		.doc = "The network with the highest number is the one that the container is "
			"created on."},
};

const struct schema schema_network_use = {
	.what = "a network of a service", .key = network_use_rows, .n = countof(network_use_rows)};

/* depends_on, in its long form. */
static const struct key depends_rows[] = {
	{.name = "condition", .shape = SHAPE_CHOICE, .merge = MERGE_REPLACE,
		.one_of = "service_completed_successfully service_healthy service_started",
		.required = true,
		.doc = "How far the other service must be before this one starts."},
	{.name = "required", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE,
		.doc = "false makes it a warning when the other service is missing or fails."},
	{.name = "restart", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE,
		.doc = "Start this service again after the other one was replaced."},
};

const struct schema schema_depends = {
	.what = "a dependency", .key = depends_rows, .n = countof(depends_rows)};

static const struct key healthcheck_rows[] = {
	{.name = "disable", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE, .flag = "--no-healthcheck",
		.inspect = "Config.Healthcheck.Test",
		.doc = "Do without the healthcheck that the image brings."},
	{.name = "interval", .shape = SHAPE_DURATION, .merge = MERGE_REPLACE,
		.flag = "--health-interval", .inspect = "Config.Healthcheck.Interval",
		.doc = "The pause between two probes."},
	{.name = "retries", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .flag = "--health-retries",
		.inspect = "Config.Healthcheck.Retries", .min = 0, .max = INT32_MAX,
		.doc = "Probes that must fail in a row before the container counts as unhealthy."},
	{.name = "start_interval", .shape = SHAPE_DURATION, .merge = MERGE_REPLACE,
		.flag = "--health-start-interval", .inspect = "Config.Healthcheck.StartInterval",
		.since = "25.0",
		.doc = "The pause between two probes during the start period."},
	{.name = "start_period", .shape = SHAPE_DURATION, .merge = MERGE_REPLACE,
		.flag = "--health-start-period", .inspect = "Config.Healthcheck.StartPeriod",
		.doc = "Time to come up, during which failing probes do not count."},
	{.name = "test", .shape = SHAPE_TEST, .merge = MERGE_REPLACE, .flag = "--health-cmd",
		.inspect = "Config.Healthcheck.Test",
		.doc = "The probe: a shell command, or a list that begins with CMD, CMD-SHELL or "
			"NONE."},
	{.name = "timeout", .shape = SHAPE_DURATION, .merge = MERGE_REPLACE,
		.flag = "--health-timeout", .inspect = "Config.Healthcheck.Timeout",
		.doc = "A probe that takes longer has failed."},
};

const struct schema schema_healthcheck = {
	.what = "a healthcheck", .key = healthcheck_rows, .n = countof(healthcheck_rows)};

static const struct key logging_rows[] = {
	{.name = "driver", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .flag = "--log-driver",
		.inspect = "HostConfig.LogConfig.Type",
		.doc = "Where the output goes, such as json-file, journald or none."},
	{.name = "options", .shape = SHAPE_PAIRS, .flag = "--log-opt",
		.inspect = "HostConfig.LogConfig.Config", .one_of = "null-is-empty only-map",
		.doc = "Options for the logging driver, such as max-size."},
};

const struct schema schema_logging = {
	.what = "logging", .key = logging_rows, .n = countof(logging_rows)};

/* One of ulimits, in its long form. */
static const struct key ulimit_rows[] = {
	{.name = "hard", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .min = -1, .max = INT64_MAX,
		.required = true,
		.doc = "The upper bound, up to which the process may raise it; -1 is none."},
	{.name = "soft", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .min = -1, .max = INT64_MAX,
		.required = true,
		.doc = "The limit in force; -1 is none."},
};

const struct schema schema_ulimit = {
	.what = "a limit", .key = ulimit_rows, .n = countof(ulimit_rows)};

/* devices, in its long form. */
static const struct key device_rows[] = {
	{.name = "permissions", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "What the container may do with it: r (read), w (write), m (make nodes); "
			"rwm by default."},
	{.name = "source", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .required = true,
		.since = "25.0", .since_like = "[!/]*=*",
		.doc = "The device on the host, or a CDI name such as vendor.com/class=name."},
	{.name = "target", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The device inside the container; the same path by default."},
};

const struct schema schema_device = {
	.what = "a device", .key = device_rows, .n = countof(device_rows)};

static const struct key env_file_rows[] = {
	{.name = "format", .shape = SHAPE_CHOICE, .merge = MERGE_REPLACE, .one_of = "raw",
		.doc = "raw takes every line as it is: no quotes, no variables."},
	{.name = "path", .shape = SHAPE_PATH, .merge = MERGE_REPLACE, .required = true,
		.doc = "The file, relative to the project folder."},
	{.name = "required", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE,
		.doc = "false lets the file be missing."},
};

const struct schema schema_env_file = {
	.what = "a file of variables", .key = env_file_rows, .n = countof(env_file_rows)};

/* secrets and configs of a service, in their long form. */
static const struct key grant_rows[] = {
	{.name = "gid", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The group that owns the file in the container, by its number; a mounted file "
			"keeps its own."},
	{.name = "mode", .shape = SHAPE_MODE, .merge = MERGE_REPLACE,
		.doc = "Permissions of a file that is copied in: an octal number such as 0o440, or "
			"such a text."},
	{.name = "source", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .required = true,
		.doc = "The key of the secret or config at the top of the file."},
	{.name = "target", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The file in the container, or its name at the usual place."},
	{.name = "uid", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The user that owns the file in the container, by its number; a mounted file "
			"keeps its own."},
};

const struct schema schema_grant = {
	.what = "a secret or config of a service", .key = grant_rows, .n = countof(grant_rows)};

/* blkio_config. */
static const struct key bps_rows[] = {
	{.name = "path", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .required = true,
		.doc = "The device on the host."},
	{.name = "rate", .shape = SHAPE_SIZE, .merge = MERGE_REPLACE, .required = true,
		.doc = "Bytes per second."},
};

static const struct schema schema_bps = {
	.what = "a limit of a device", .key = bps_rows, .n = countof(bps_rows)};

static const struct key iops_rows[] = {
	{.name = "path", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .required = true,
		.doc = "The device on the host."},
	{.name = "rate", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .min = 0, .max = INT64_MAX,
		.required = true,
		.doc = "Operations per second."},
};

static const struct schema schema_iops = {
	.what = "a limit of a device", .key = iops_rows, .n = countof(iops_rows)};

static const struct key blkio_weight_rows[] = {
	{.name = "path", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .required = true,
		.doc = "The device on the host."},
	{.name = "weight", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .min = 0, .max = 1000,
		.required = true,
		.doc = "Its share of the device time, from 10 to 1000."},
};

static const struct schema schema_blkio_weight = {
	.what = "a weight of a device", .key = blkio_weight_rows, .n = countof(blkio_weight_rows)};

static const struct key blkio_rows[] = {
	{.name = "device_read_bps", .shape = SHAPE_LIST, .merge = MERGE_APPEND,
		.flag = "--device-read-bps", .inspect = "HostConfig.BlkioDeviceReadBps",
		.sub = &schema_bps,
		.doc = "Upper bounds for reading from devices, in bytes per second."},
	{.name = "device_read_iops", .shape = SHAPE_LIST, .merge = MERGE_APPEND,
		.flag = "--device-read-iops", .inspect = "HostConfig.BlkioDeviceReadIOps",
		.sub = &schema_iops,
		.doc = "Upper bounds for reading from devices, in operations per second."},
	{.name = "device_write_bps", .shape = SHAPE_LIST, .merge = MERGE_APPEND,
		.flag = "--device-write-bps", .inspect = "HostConfig.BlkioDeviceWriteBps",
		.sub = &schema_bps,
		.doc = "Upper bounds for writing to devices, in bytes per second."},
	{.name = "device_write_iops", .shape = SHAPE_LIST, .merge = MERGE_APPEND,
		.flag = "--device-write-iops", .inspect = "HostConfig.BlkioDeviceWriteIOps",
		.sub = &schema_iops,
		.doc = "Upper bounds for writing to devices, in operations per second."},
	{.name = "weight", .shape = SHAPE_INT, .merge = MERGE_REPLACE, .flag = "--blkio-weight",
		.inspect = "HostConfig.BlkioWeight", .min = 0, .max = 1000,
		.doc = "The share of device time against other containers, from 10 to 1000; 0 is "
			"unset."},
	{.name = "weight_device", .shape = SHAPE_LIST, .merge = MERGE_APPEND,
		.flag = "--blkio-weight-device", .inspect = "HostConfig.BlkioWeightDevice",
		.sub = &schema_blkio_weight,
		.doc = "Shares of the time of single devices."},
};

const struct schema schema_blkio = {
	.what = "blkio_config", .key = blkio_rows, .n = countof(blkio_rows)};
