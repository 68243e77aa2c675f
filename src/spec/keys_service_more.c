/* keys_service_more.c - the rows below further keys of a service: hooks, develop, provider, extends,
 * models, credential_spec.
 * Pure data. What becomes of such a key stands at its own row (keys_service.c). */
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>

#include "spec_int.h"

/* Rows are laid out by hand: a paragraph each. */
/* clang-format off */

/* post_start, pre_stop, and exec of develop.watch. */
static const struct key hook_rows[] = {
	{.name = "command", .shape = SHAPE_COMMAND, .merge = MERGE_REPLACE, .required = true,
		.doc = "The command to run; a string is split into words, no shell is involved."},
	{.name = "environment", .shape = SHAPE_PAIRS, .form = FORM_ENV, .flag = "-e",
		.doc = "Variables for the command, beside those of the container."},
	{.name = "privileged", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE, .form = FORM_SWITCH,
		.flag = "--privileged",
		.doc = "Run the command with all privileges."},
	{.name = "user", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--user",
		.doc = "The user that runs the command."},
	{.name = "working_dir", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "-w",
		.doc = "The folder in which the command runs."},
};

const struct schema schema_hook = {.what = "a hook", .key = hook_rows, .n = countof(hook_rows)};

static const struct key pre_start_rows[] = {
	{.name = "command", .shape = SHAPE_COMMAND, .merge = MERGE_REPLACE,
		.doc = "The command to run; a string is split into words, no shell is involved."},
	{.name = "environment", .shape = SHAPE_PAIRS, .form = FORM_ENV, .flag = "-e",
		.doc = "Variables for the command, beside those of the container."},
	{.name = "image", .shape = SHAPE_IMAGE, .merge = MERGE_REPLACE,
		.doc = "The image of the container that runs the command; that of the service by "
			"default."},
	{.name = "per_replica", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE,
		.doc = "Run the command for each container of the service, instead of once."},
	{.name = "privileged", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE, .form = FORM_SWITCH,
		.flag = "--privileged",
		.doc = "Run the command with all privileges."},
	{.name = "user", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "--user",
		.doc = "The user that runs the command."},
	{.name = "working_dir", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .form = FORM_VALUE,
		.flag = "-w",
		.doc = "The folder in which the command runs."},
};

const struct schema schema_pre_start = {
	.what = "a hook", .key = pre_start_rows, .n = countof(pre_start_rows)};

/* develop. */
static const struct key watch_rows[] = {
	{.name = "action", .shape = SHAPE_CHOICE, .merge = MERGE_REPLACE,
		.one_of = "rebuild restart sync sync+exec sync+restart", .required = true,
		.doc = "What follows a change."},
	{.name = "exec", .shape = SHAPE_MAP, .sub = &schema_hook,
		.doc = "The command that runs in the container after files were copied."},
	{.name = "ignore", .shape = SHAPE_ONE_OR_MORE, .merge = MERGE_APPEND,
		.doc = "Patterns of files whose changes do not count."},
	{.name = "include", .shape = SHAPE_ONE_OR_MORE, .merge = MERGE_APPEND,
		.doc = "Patterns of the only files whose changes count."},
	{.name = "initial_sync", .shape = SHAPE_BOOL, .merge = MERGE_REPLACE,
		.doc = "Copy everything once at the start."},
	{.name = "path", .shape = SHAPE_PATH, .merge = MERGE_REPLACE, .required = true,
		.doc = "The file or folder to watch."},
	{.name = "target", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "Where changed files go in the container."},
};

static const struct schema schema_watch = {
	.what = "a watched path", .key = watch_rows, .n = countof(watch_rows)};

static const struct key develop_rows[] = {
	{.name = "watch", .shape = SHAPE_LIST, .merge = MERGE_APPEND, .sub = &schema_watch,
		.doc = "Paths to watch while developing, and what to do when something changes."},
};

const struct schema schema_develop = {
	.what = "develop", .key = develop_rows, .n = countof(develop_rows)};

static const struct key provider_rows[] = {
	{.name = "options", .shape = SHAPE_ANY,
		.doc = "Options handed to the program."},
	{.name = "type", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .required = true,
		.doc = "The program that provides the service."},
};

const struct schema schema_provider = {
	.what = "a provider", .key = provider_rows, .n = countof(provider_rows)};

static const struct key extends_rows[] = {
	{.name = "file", .shape = SHAPE_PATH, .merge = MERGE_REPLACE,
		.doc = "The file of the other service; this file by default."},
	{.name = "service", .shape = SHAPE_STRING, .merge = MERGE_REPLACE, .required = true,
		.doc = "The service to start from."},
};

const struct schema schema_extends = {
	.what = "extends", .key = extends_rows, .n = countof(extends_rows)};

static const struct key model_use_rows[] = {
	{.name = "endpoint_var", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The variable that gets the address of the model."},
	{.name = "model_var", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The variable that gets the name of the model."},
};

const struct schema schema_model_use = {
	.what = "a model of a service", .key = model_use_rows, .n = countof(model_use_rows)};

static const struct key credential_spec_rows[] = {
	{.name = "config", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The config that holds the specification."},
	{.name = "file", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The file that holds the specification, in the folder of the engine."},
	{.name = "registry", .shape = SHAPE_STRING, .merge = MERGE_REPLACE,
		.doc = "The value in the registry of the engine that holds the specification."},
};

const struct schema schema_credential_spec = {
	.what = "credential_spec", .key = credential_spec_rows,
	.n = countof(credential_spec_rows)};
