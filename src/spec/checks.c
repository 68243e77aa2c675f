/* checks.c - x-stackplan: what the stack and its services are for, and what "it works" means.
 *
 * The extension has rows of its own, held against the tree by the same keys_canon() as the rest of
 * the file. Then checks_file() makes a struct check of each item; those of services that are not
 * wanted now are left out. */
#include <regex.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/keys.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

enum { MAX_RETRIES = 100000 };

static const struct key run_rows[] = {
	{.name = "command",
		.shape = SHAPE_COMMAND,
		.doc = "The command, instead of the image's own."},
	{.name = "image", .shape = SHAPE_IMAGE, .doc = "The image of the container."},
	{.name = "network",
		.shape = SHAPE_STRING,
		.doc = "The network it joins, as the file names it."},
};
static const struct schema run_schema = {.what = "run", .key = run_rows, .n = countof(run_rows)};

static const struct key check_rows[] = {
	{.name = "exec",
		.shape = SHAPE_TEXTS,
		.doc = "A service, then a command to run in its container."},
	{.name = "expect",
		.shape = SHAPE_TEXT,
		.doc = "What the output must hold: a text, or /an extended regex/."},
	{.name = "expect_exit",
		.shape = SHAPE_INT,
		.min = 0,
		.max = 255,
		.doc = "The exit status that is right; 0 by default."},
	{.name = "interval",
		.shape = SHAPE_DURATION,
		.doc = "The pause between tries; 1s by default."},
	{.name = "logs", .shape = SHAPE_STRING, .doc = "A service whose log is looked at."},
	{.name = "name", .shape = SHAPE_TEXT, .doc = "What is checked, for people."},
	{.name = "retries",
		.shape = SHAPE_INT,
		.min = 0,
		.max = MAX_RETRIES,
		.doc = "Further tries after the first."},
	{.name = "run",
		.shape = SHAPE_MAP,
		.sub = &run_schema,
		.doc = "A container that is made for the check."},
};
static const struct schema check_schema = {
	.what = "a check", .key = check_rows, .n = countof(check_rows)};

static const struct key file_rows[] = {
	{.name = "about",
		.shape = SHAPE_STRING,
		.doc = "What the stack is for; documents begin with it."},
	{.name = "checks",
		.shape = SHAPE_LIST,
		.sub = &check_schema,
		.doc = "What shows that the stack works."},
};
const struct schema schema_stackplan = {
	.what = "x-stackplan", .key = file_rows, .n = countof(file_rows)};

static const struct key service_rows[] = {
	{.name = "about", .shape = SHAPE_STRING, .doc = "What the service is for."},
};
const struct schema schema_stackplan_service = {
	.what = "x-stackplan of a service", .key = service_rows, .n = countof(service_rows)};

/* Hold an x-stackplan against its rows; NULL when there is none or it is wrong. */
static struct node *
checked(struct ctx *ctx, const struct making *m, const struct node *under,
	const struct schema *schema) {
	struct node *tree = node_find(under, "x-stackplan");
	const struct canon canon = {
		.folder = m->in->folder,
		.project_folder = m->in->folder,
		.folder_ref = m->in->folder_ref,
		.home = env_value(m->in->env, "HOME"),
	};

	return tree && keys_canon(ctx, tree, schema, &canon) ? tree : NULL;
}

/* The text of .about, or NULL. */
static const char *
about(const struct node *tree) {
	const char *text = node_text(node_find(tree, "about"));

	return *text ? text : NULL;
}

void
checks_service(struct ctx *ctx, const struct making *m, struct service *service) {
	service->about = about(checked(ctx, m, service->tree, &schema_stackplan_service));
}

/* The service that a check names. */
static struct service *
service_of(struct ctx *ctx, const struct making *m, const struct node *name) {
	struct service *service = project_service(m->project, node_text(name));

	if (!service)
		diag(ctx, SEV_ERROR, name->at, "unknown-service",
			"this check is about '%s', which is no service of this file%s",
			hint_text(ctx, name, node_text(name)),
			hint_key(ctx, node_find(m->in->doc, "services"), node_text(name)));
	return service;
}

/* Append the texts of a list to the command, from item FROM on. */
static void
take_words(struct ctx *ctx, struct check *check, const struct node *list, size_t from) {
	for (size_t i = from; list && list->type == NODE_LIST && i < list->n; i++)
		words_push_word(ctx->mem, &check->argv, node_word(list->u.item[i]));
}

/* The network a check's container joins: by its key, or by the engine's name of it. */
static void
take_network(
	struct ctx *ctx, const struct making *m, struct check *check, const struct node *name) {
	const struct node *networks = node_find(m->in->doc, "networks");
	const char *text = node_text(name);
	bool external;

	if (str_eq(text, "default") || node_member(networks, text)) {
		check->network = text;
		return;
	}
	for (size_t i = 0; networks && i < networks->n && !check->network; i++) {
		const char *key = networks->u.member[i].key;

		if (str_eq(project_resource_name(ctx, m->project, "networks", key, &external),
			    text))
			check->network = key;
	}
	if (!check->network)
		diag(ctx, SEV_ERROR, name->at, "undefined-network",
			"this check uses the network '%s', which is not declared%s",
			hint_text(ctx, name, text), hint_key(ctx, networks, text));
}

/* exec, run or logs: exactly one of them. False when it is none, or not right. */
static bool
take_kind(struct ctx *ctx, const struct making *m, struct check *check, const struct node *item) {
	const struct node *exec = node_find(item, "exec"), *run = node_find(item, "run"),
			  *logs = node_find(item, "logs");

	if (!exec + !run + !logs != 2) {
		diag(ctx, SEV_ERROR, item->at, "bad-check",
			"a check has one of 'exec', 'run' and 'logs'");
		return false;
	}
	if (exec && exec->n < 2) {
		diag(ctx, SEV_ERROR, exec->at, "bad-check",
			"'exec' is a list of a service and the words of a command");
		return false;
	}
	if (run && !*node_text(node_find(run, "image"))) {
		diag(ctx, SEV_ERROR, run->at, "bad-check",
			"'run' wants the 'image' of a container");
		return false;
	}
	check->kind = exec ? CHECK_EXEC : run ? CHECK_RUN : CHECK_LOGS;
	if (run) {
		check->image = node_word(node_find(run, "image"));
		take_words(ctx, check, node_find(run, "command"), 0);
		if (node_find(run, "network"))
			take_network(ctx, m, check, node_find(run, "network"));
		return true;
	}
	take_words(ctx, check, exec, 1);
	check->service = service_of(ctx, m, exec ? exec->u.item[0] : logs);
	return check->service != NULL;
}

/* A text, or a regular expression between slashes. */
static void
take_expect(struct ctx *ctx, struct check *check, const struct node *node) {
	const char *text = node_text(node);
	size_t len = strlen(text);
	char why[200];
	regex_t regex;
	int code;

	check->expect = *text ? text : NULL;
	if (len < 2 || text[0] != '/' || text[len - 1] != '/')
		return;
	check->is_regex = true;
	check->expect = arena_strndup(ctx->mem, text + 1, len - 2);
	code = regcomp(&regex, check->expect, REG_EXTENDED | REG_NOSUB | REG_NEWLINE);
	if (code == 0) {
		regfree(&regex);
		return;
	}
	regerror(code, &regex, why, sizeof(why));
	diag(ctx, SEV_ERROR, node->at, "bad-regex", "this is no extended regular expression: %s",
		why);
}

/* Retries, interval, exit status. */
static void
take_numbers(struct ctx *ctx, struct check *check, const struct node *item) {
	const struct node *interval = node_find(item, "interval");
	int64_t ns = 0;

	check->interval_ms = 1000;
	if (node_find(item, "retries"))
		node_to_int(node_find(item, "retries"), &check->retries);
	if (node_find(item, "expect_exit"))
		node_to_int(node_find(item, "expect_exit"), &check->expect_exit);
	if (!interval || !str_duration(node_text(interval), &ns))
		return;
	if (ns / 1000000 > UINT32_MAX)
		diag(ctx, SEV_ERROR, interval->at, "bad-duration",
			"a pause between tries is shorter than 49 days");
	check->interval_ms = (uint32_t)(ns / 1000000);
}

/* Does a service that is wanted join the network? */
static bool
is_joined(const struct making *m, const char *network) {
	for (size_t i = 0; i < m->project->nservice; i++) {
		const struct service *s = &m->project->service[i];
		const struct node *networks = node_find(s->tree, "networks");

		if (!s->enabled)
			continue;
		if (networks && networks->n
				? node_member(networks, network) != NULL
				: str_eq(network, "default") && !node_find(s->tree, "network_mode"))
			return true;
	}
	return false;
}

/* Can the check be made with the services that are wanted now? */
static bool
is_wanted(const struct making *m, const struct check *check) {
	if (check->service)
		return check->service->enabled;
	return !check->network || is_joined(m, check->network);
}

void
checks_file(struct ctx *ctx, struct making *m) {
	const struct node *tree = checked(ctx, m, m->in->doc, &schema_stackplan),
			  *list = node_find(tree, "checks");
	struct project *p = m->project;

	p->about = about(tree);
	if (!list || list->type != NODE_LIST)
		return;
	p->check = arena_array(ctx->mem, list->n, sizeof(*p->check));
	for (size_t i = 0; i < list->n; i++) {
		const struct node *item = list->u.item[i];
		struct check *check = &p->check[p->ncheck];

		*check = (struct check){.name = node_text(node_find(item, "name")), .at = item->at};
		if (!*check->name)
			check->name = arena_printf(ctx->mem, "check %zu", i + 1);
		take_expect(ctx, check, node_find(item, "expect"));
		take_numbers(ctx, check, item);
		if (take_kind(ctx, m, check, item) && is_wanted(m, check))
			p->ncheck++;
	}
}
