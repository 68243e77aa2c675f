/* keys_top.c - the rows of the file, and of its networks, volumes, secrets, configs and models.
 * Pure data, the innermost first. Forms and flags are those of docker network create and docker
 * volume create. */
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

#include "spec_int.h"

/* Rows are laid out by hand: a paragraph each. */
/* clang-format off */

/* The old long form of external. */
static const struct key external_rows[] = {
	{.name = "name", .shape = SHAPE_NAME, .merge = MERGE_REPLACE, .min = 1,
		.doc = "The name that the engine knows it by; the old way to write `name` beside "
			"it."},
};

static const struct schema schema_external = {
	.what = "external", .key = external_rows, .n = countof(external_rows)};

static const struct key ipam_pool_rows[] = {
	{.name = "aux_addresses", .shape = SHAPE_PAIRS, .form = FORM_PAIRS, .flag = "--aux-address",
		.inspect = "IPAM.Config[].AuxiliaryAddresses", .one_of = "only-map",
		.doc = "Addresses of the subnet that the engine must not hand out, as "
			"NAME=ADDRESS."},
	{.name = "gateway", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--gateway", .inspect = "IPAM.Config[].Gateway",
		.doc = "The address of the gateway of the subnet."},
	{.name = "ip_range", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--ip-range", .inspect = "IPAM.Config[].IPRange",
		.doc = "The part of the subnet that containers get their addresses from."},
	{.name = "subnet", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--subnet", .inspect = "IPAM.Config[].Subnet",
		.doc = "The subnet, such as 172.28.0.0/16."},
};

static const struct schema schema_ipam_pool = {
	.what = "a subnet", .key = ipam_pool_rows, .n = countof(ipam_pool_rows)};

static const struct key ipam_rows[] = {
	{.name = "config", .shape = SHAPE_LIST, .merge = MERGE_BY_KEY, .inspect = "IPAM.Config",
		.by = "subnet", .sub = &schema_ipam_pool,
		.doc = "The subnets of the network."},
	{.name = "driver", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--ipam-driver", .inspect = "IPAM.Driver",
		.doc = "The driver that hands out addresses."},
	{.name = "options", .shape = SHAPE_PAIRS, .form = FORM_PAIRS, .flag = "--ipam-opt",
		.inspect = "IPAM.Options", .one_of = "only-map",
		.doc = "Options for that driver."},
};

static const struct schema schema_ipam = {
	.what = "ipam", .key = ipam_rows, .n = countof(ipam_rows)};

static const struct key network_rows[] = {
	{.name = "attachable", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE, .form = FORM_SWITCH,
		.flag = "--attachable", .inspect = "Attachable",
		.doc = "Containers that are not services of a swarm may join."},
	{.name = "driver", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--driver", .inspect = "Driver",
		.doc = "The driver of the network; bridge by default."},
	{.name = "driver_opts", .shape = SHAPE_PAIRS, .form = FORM_PAIRS, .flag = "--opt",
		.inspect = "Options", .one_of = "only-map",
		.doc = "Options for the driver."},
	{.name = "enable_ipv4", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE, .form = FORM_TRISTATE,
		.flag = "--ipv4", .inspect = "EnableIPv4", .usual = "true", .since = "28.0",
		.doc = "false gives the network no IPv4 addresses."},
	{.name = "enable_ipv6", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE, .form = FORM_TRISTATE,
		.flag = "--ipv6", .inspect = "EnableIPv6",
		.doc = "Give the network IPv6 addresses."},
	{.name = "external", .shape = SHAPE_EXTERNAL, .merge = MERGE_REPLACE,
		.sub = &schema_external,
		.doc = "The network exists already, is only used, and never made or removed."},
	{.name = "internal", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE, .form = FORM_SWITCH,
		.flag = "--internal", .inspect = "Internal",
		.doc = "No way from the network to the outside."},
	{.name = "ipam", .shape = SHAPE_MAP, .inspect = "IPAM", .sub = &schema_ipam,
		.doc = "How addresses are handed out."},
	{.name = "labels", .shape = SHAPE_PAIRS, .form = FORM_LABELS, .flag = "--label",
		.inspect = "Labels", .one_of = "null-is-empty",
		.doc = "Labels for the network."},
	{.name = "name", .shape = SHAPE_NAME, .merge = MERGE_REPLACE, .inspect = "Name", .min = 1,
		.doc = "The name that the engine knows it by, instead of PROJECT_KEY."},
};

const struct schema schema_network = {
	.what = "a network", .key = network_rows, .n = countof(network_rows)};

static const struct key volume_rows[] = {
	{.name = "driver", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--driver", .inspect = "Driver",
		.doc = "The driver of the volume; local by default."},
	{.name = "driver_opts", .shape = SHAPE_PAIRS, .form = FORM_PAIRS, .flag = "--opt",
		.inspect = "Options", .one_of = "only-map",
		.doc = "Options for the driver."},
	{.name = "external", .shape = SHAPE_EXTERNAL, .merge = MERGE_REPLACE,
		.sub = &schema_external,
		.doc = "The volume exists already, is only used, and never made or removed."},
	{.name = "labels", .shape = SHAPE_PAIRS, .form = FORM_LABELS, .flag = "--label",
		.inspect = "Labels", .one_of = "null-is-empty",
		.doc = "Labels for the volume."},
	{.name = "name", .shape = SHAPE_NAME, .merge = MERGE_REPLACE, .inspect = "Name",
		.doc = "The name that the engine knows it by, instead of PROJECT_KEY."},
};

const struct schema schema_volume = {
	.what = "a volume", .key = volume_rows, .n = countof(volume_rows)};

static const struct key secret_rows[] = {
	{.name = "driver", .shape = SHAPE_STRING, .standing = KEY_REFUSED, .merge = MERGE_REPLACE,
		.flag = "--driver", .inspect = "Spec.Driver.Name",
		.note = "only a swarm has drivers for secrets",
		.doc = "The driver that keeps the secret."},
	{.name = "driver_opts", .shape = SHAPE_PAIRS, .standing = KEY_REFUSED,
		.inspect = "Spec.Driver.Options", .one_of = "only-map",
		.note = "only a swarm has drivers for secrets",
		.doc = "Options for the driver."},
	{.name = "environment", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The variable that holds the secret; its value is copied in before the start."},
	{.name = "external", .shape = SHAPE_EXTERNAL, .merge = MERGE_REPLACE,
		.sub = &schema_external,
		.doc = "The secret is kept by a swarm already; without one no service can have it."},
	{.name = "file", .shape = SHAPE_PATH, .merge = MERGE_REPLACE,
		.doc = "The file that holds the secret; it is mounted read-only."},
	{.name = "labels", .shape = SHAPE_PAIRS, .standing = KEY_NOTED, .flag = "--label",
		.inspect = "Spec.Labels", .one_of = "null-is-empty",
		.note = "without a swarm a secret is a file, and a file has no labels",
		.doc = "Labels for the secret."},
	{.name = "name", .shape = SHAPE_NAME, .merge = MERGE_REPLACE, .inspect = "Spec.Name",
		.min = 1,
		.doc = "The name that a swarm knows it by, instead of PROJECT_KEY."},
	{.name = "template_driver", .shape = SHAPE_STRING, .standing = KEY_REFUSED,
		.merge = MERGE_REPLACE, .flag = "--template-driver",
		.inspect = "Spec.Templating.Name",
		.note = "only a swarm fills in templates",
		.doc = "The driver that fills in the secret as a template."},
};

const struct schema schema_secret = {
	.what = "a secret", .key = secret_rows, .n = countof(secret_rows),
	.need = "file environment external"};

static const struct key config_rows[] = {
	{.name = "content", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The text of the config; it is copied in before the start."},
	{.name = "environment", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The variable that holds the config; its value is copied in before the start."},
	{.name = "external", .shape = SHAPE_EXTERNAL, .merge = MERGE_REPLACE,
		.sub = &schema_external,
		.doc = "The config is kept by a swarm already; without one no service can have it."},
	{.name = "file", .shape = SHAPE_PATH, .merge = MERGE_REPLACE,
		.doc = "The file that holds the config; it is mounted read-only."},
	{.name = "labels", .shape = SHAPE_PAIRS, .standing = KEY_NOTED, .flag = "--label",
		.inspect = "Spec.Labels", .one_of = "null-is-empty",
		.note = "without a swarm a config is a file, and a file has no labels",
		.doc = "Labels for the config."},
	{.name = "name", .shape = SHAPE_NAME, .merge = MERGE_REPLACE, .inspect = "Spec.Name",
		.min = 1,
		.doc = "The name that a swarm knows it by, instead of PROJECT_KEY."},
	{.name = "template_driver", .shape = SHAPE_STRING, .standing = KEY_REFUSED,
		.merge = MERGE_REPLACE, .flag = "--template-driver",
		.inspect = "Spec.Templating.Name",
		.note = "only a swarm fills in templates",
		.doc = "The driver that fills in the config as a template."},
};

const struct schema schema_config = {
	.what = "a config", .key = config_rows, .n = countof(config_rows),
	.need = "file environment content external"};

static const struct key model_rows[] = {
	{.name = "context_size", .shape = SHAPE_INT, .merge = MERGE_REPLACE,
		.flag = "--context-size", .min = 1, .max = INT64_MAX,
		.doc = "How many tokens of context the model gets."},
	{.name = "model", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .required = true,
		.doc = "The model, as an OCI artifact."},
	{.name = "name", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The name of the model, instead of PROJECT_KEY."},
	{.name = "runtime_flags", .shape = SHAPE_STRINGS, .merge = MERGE_APPEND,
		.doc = "Further options for the program that runs the model."},
};

static const struct schema schema_model = {
	.what = "a model", .key = model_rows, .n = countof(model_rows)};

static const struct key include_rows[] = {
	{.name = "env_file", .shape = SHAPE_PATHS, .merge = MERGE_APPEND,
		.doc = "Files of variables for the included file."},
	{.name = "path", .shape = SHAPE_PATHS, .merge = MERGE_APPEND,
		.doc = "The file; further ones are laid over the first."},
	{.name = "project_directory", .shape = SHAPE_PATH, .merge = MERGE_REPLACE,
		.doc = "The folder that its relative paths start from; its own by default."},
};

static const struct schema schema_include = {
	.what = "an included file", .key = include_rows, .n = countof(include_rows)};

static const struct key file_rows[] = {
	{.name = "configs", .shape = SHAPE_NAMED, .sub = &schema_config,
		.doc = "Configs that services can have as files."},
	{.name = "include", .shape = SHAPE_LIST, .merge = MERGE_APPEND,
		.sub = &schema_include,
		.doc = "Other files whose services and resources become part of this one."},
	{.name = "models", .shape = SHAPE_NAMED, .standing = KEY_REFUSED, .sub = &schema_model,
		.note = "where a model answers is known only once it runs, so no command can be "
			"told it",
		.doc = "AI models that services can use."},
	{.name = "name", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The name of the project; that of its folder by default."},
	{.name = "networks", .shape = SHAPE_NAMED, .sub = &schema_network,
		.doc = "Networks that services can be connected to."},
	{.name = "secrets", .shape = SHAPE_NAMED, .sub = &schema_secret,
		.doc = "Secrets that services can have as files."},
	{.name = "services", .shape = SHAPE_NAMED, .sub = &schema_service,
		.doc = "The services: what each of its containers is like."},
	{.name = "version", .shape = SHAPE_STRING, .standing = KEY_SILENT, .merge = MERGE_REPLACE,
		.doc = "The version of the file format; without meaning today."},
	{.name = "volumes", .shape = SHAPE_NAMED, .sub = &schema_volume,
		.doc = "Volumes that services can mount."},
};

const struct schema schema_file = {.what = "the file", .key = file_rows, .n = countof(file_rows)};
