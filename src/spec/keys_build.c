/* keys_build.c - the rows of `build`, sorted by name.
 * Pure data. Flags are those of docker build; those without a form (context, dockerfile, platforms,
 * privileged, ssh) need more than one key or a list in one word. */
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

#include "spec_int.h"

/* Rows are laid out by hand: a paragraph each. */
/* clang-format off */

static const struct key build_rows[] = {
	{.name = "additional_contexts", .shape = SHAPE_PAIRS, .form = FORM_PAIRS,
		.flag = "--build-context", .one_of = "null-is-empty",
		.doc = "Further folders, images or services that the Dockerfile can name; needs "
			"BuildKit."},
	{.name = "args", .shape = SHAPE_PAIRS, .form = FORM_PAIRS, .flag = "--build-arg",
		.doc = "Build arguments; one without a value is taken from where stackplan runs, "
			"if it is there."},
	{.name = "cache_from", .shape = SHAPE_STRINGS, .merge = MERGE_APPEND, .form = FORM_EACH,
		.flag = "--cache-from",
		.doc = "Where to look for layers that need not be built again."},
	{.name = "cache_to", .shape = SHAPE_STRINGS, .merge = MERGE_APPEND, .form = FORM_EACH,
		.flag = "--cache-to",
		.doc = "Where to keep built layers for the next time; needs BuildKit."},
	{.name = "context", .shape = SHAPE_CONTEXT, .merge = MERGE_REPLACE,
		.doc = "The folder that the build may copy from, or the address of a repository."},
	{.name = "dockerfile", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .flag = "-f",
		.doc = "The Dockerfile, relative to the context; it may lie outside."},
	{.name = "dockerfile_inline", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .flag = "-f",
		.doc = "The text of the Dockerfile, instead of a file."},
	{.name = "entitlements", .shape = SHAPE_STRINGS, .merge = MERGE_APPEND, .form = FORM_EACH,
		.flag = "--allow",
		.doc = "What the build may do beyond the usual, such as network.host; needs "
			"BuildKit."},
	{.name = "extra_hosts", .shape = SHAPE_HOSTS, .merge = MERGE_UNIQUE, .form = FORM_HOSTS,
		.flag = "--add-host",
		.doc = "Further lines of /etc/hosts during the build, as NAME=ADDRESS."},
	{.name = "isolation", .shape = SHAPE_STRING, .standing = KEY_NOTED, .merge = MERGE_REPLACE,
		.flag = "--isolation",
		.note = "only a Windows engine has isolation modes",
		.doc = "How a Windows engine keeps the steps of the build apart."},
	{.name = "labels", .shape = SHAPE_PAIRS, .form = FORM_LABELS, .flag = "--label",
		.one_of = "null-is-empty",
		.doc = "Labels for the image."},
	{.name = "network", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--network",
		.doc = "The network of the steps of the build: default, none, host, or one by name."},
	{.name = "no_cache", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE, .form = FORM_SWITCH,
		.flag = "--no-cache",
		.doc = "Build every step again."},
	{.name = "no_cache_filter", .shape = SHAPE_ONE_OR_MORE, .merge = MERGE_APPEND,
		.form = FORM_EACH, .flag = "--no-cache-filter",
		.doc = "Stages whose steps are all built again; needs BuildKit."},
	{.name = "platforms", .shape = SHAPE_STRINGS, .merge = MERGE_APPEND, .flag = "--platform",
		.doc = "Platforms to build for, such as linux/arm64; of several, the service's or the "
			"engine's own."},
	{.name = "privileged", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE, .flag = "--allow",
		.doc = "Run the steps of the build with all privileges; needs BuildKit."},
	{.name = "provenance", .shape = SHAPE_TEXT, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--provenance",
		.doc = "Whether and how the image says where it came from; needs BuildKit."},
	{.name = "pull", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE, .form = FORM_SWITCH,
		.flag = "--pull",
		.doc = "Pull the base images even if they are there."},
	{.name = "sbom", .shape = SHAPE_TEXT, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--sbom",
		.doc = "Whether and how the image lists what it is made of; needs BuildKit."},
	{.name = "secrets", .shape = SHAPE_GRANTS, .merge = MERGE_BY_KEY, .form = FORM_GRANTS,
		.flag = "--secret", .by = "target", .sub = &schema_grant,
		.doc = "Secrets that the steps of the build can read, from a file or a variable; needs "
			"BuildKit."},
	{.name = "shm_size", .shape = SHAPE_SIZE, .merge = MERGE_REPLACE, .form = FORM_NONZERO,
		.flag = "--shm-size",
		.doc = "The size of /dev/shm during the build; 0 is the usual 64 MiB."},
	{.name = "ssh", .shape = SHAPE_PAIRS, .flag = "--ssh",
		.doc = "SSH agents or keys that the build can use, as default or ID=PATH; needs "
			"BuildKit."},
	{.name = "tags", .shape = SHAPE_STRINGS, .merge = MERGE_UNIQUE, .form = FORM_EACH,
		.flag = "-t",
		.doc = "Further names of the image."},
	{.name = "target", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--target",
		.doc = "The stage of the Dockerfile to build."},
	{.name = "ulimits", .shape = SHAPE_ULIMITS, .merge = MERGE_SPECIAL, .form = FORM_ULIMITS,
		.flag = "--ulimit", .sub = &schema_ulimit,
		.doc = "Limits of the processes of the build, one number or soft and hard."},
};

const struct schema schema_build = {.what = "build", .key = build_rows, .n = countof(build_rows)};
