/* cmd_config.c - the merged, resolved spec, or lists of what it holds. Never touches the engine. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

#include "stack_int.h"

enum { CONFIG_UNSET, CONFIG_YAML, CONFIG_JSON };

struct config_args {
	bool services, images, volumes, networks, profiles, variables, origins;
	const char *hash;
	int format;
};

static const struct option rows[] = {
	{.name = "services",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct config_args, services),
		.doc = "List the services that profiles enable"},
	{.name = "images",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct config_args, images),
		.doc = "List their images"},
	{.name = "volumes",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct config_args, volumes),
		.doc = "List the named volumes"},
	{.name = "networks",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct config_args, networks),
		.doc = "List the networks"},
	{.name = "profiles",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct config_args, profiles),
		.doc = "List all profiles"},
	{.name = "format",
		.arg = "FORMAT",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct config_args, format),
		.choices = "yaml json",
		.doc = "How to print the spec (default: yaml)"},
	{.name = "variables",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct config_args, variables),
		.doc = "List the variables that the spec asks for, and their defaults"},
	{.name = "hash",
		.arg = "SERVICES",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct config_args, hash),
		.word = WORD_SERVICE,
		.doc = "Print the digest of each of these services, separated by commas; '*' is "
		       "all"},
	{.name = "origins",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct config_args, origins),
		.doc = "List every value's path, and the place that it came from"},
};

/* Names collected for a list, each once. */
struct names {
	const char **v;
	size_t n;
};

/* Add a name unless it is there. */
static void
add_name(struct ctx *ctx, struct names *names, const char *name) {
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->v[i], name))
			return;
	names->v = arena_grow(ctx->mem, names->v, names->n, names->n + 1, sizeof(*names->v));
	names->v[names->n++] = name;
}

/* Add the keys of a mapping of the document. */
static void
add_keys(struct ctx *ctx, struct names *names, const struct node *map) {
	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++)
		add_name(ctx, names, map->u.member[i].key);
}

/* Add the profiles that a service names. */
static void
add_profiles(struct ctx *ctx, struct names *names, const struct node *list) {
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++)
		add_name(ctx, names, node_text(list->u.item[i]));
}

/* The list that was asked for. */
static struct names
collect(struct ctx *ctx, const struct config_args *a, const struct stack *s) {
	struct names names = {0};
	const struct project *p = s->project;
	for (size_t i = 0; i < p->nservice; i++) {
		const struct service *service = &p->service[i];
		if (a->profiles)
			add_profiles(ctx, &names, node_find(service->tree, "profiles"));
		if (!service->enabled)
			continue;
		if (a->services)
			add_name(ctx, &names, service->name);
		if (a->images)
			add_name(ctx, &names, service->image.s);
	}
	/* those that are used, as they are printed */
	const struct node *doc = a->volumes || a->networks ? project_normal(ctx, p) : NULL;
	if (a->volumes)
		add_keys(ctx, &names, node_find(doc, "volumes"));
	if (a->networks)
		add_keys(ctx, &names, node_find(doc, "networks"));
	return names;
}

/* Write every "$" of the tree's texts as "$$", so that what is printed is a spec again. The tree
 * is as shallow as the loader lets one be. */
static void
escape_dollars(struct ctx *ctx, struct node *node) {
	const char *text = node_text(node);
	if (node->type == NODE_MAP) {
		for (size_t i = 0; i < node->n; i++)
			escape_dollars(ctx, node->u.member[i].val);
	} else if (node->type == NODE_LIST) {
		for (size_t i = 0; i < node->n; i++)
			escape_dollars(ctx, node->u.item[i]);
	} else if (node->type == NODE_STR && strchr(text, '$')) {
		struct buf b = {0};
		for (; *text; text++) {
			buf_addc(&b, *text);
			if (*text == '$')
				buf_addc(&b, '$');
		}
		node->n = 0;
		node->u.s.span = NULL;
		node->u.s.str = arena_take_buf(ctx->mem, &b);
	}
}

/* Print the document, a copy. */
static void
print_document(struct cli *cli, struct node *doc, bool json) {
	escape_dollars(cli->ctx, doc);
	if (json)
		json_write(&cli->out, doc, 2);
	else
		yaml_write(&cli->out, doc);
}

/* Load, then print what was asked for. */
static int
run(struct cli *cli, const void *args) {
	const struct config_args *a = args;
	struct stack s;
	if (!a->hash) /* digests are those of commands */
		diags_lenient(cli->ctx);
	int code = stack_load(cli, &s, false);
	/* what the spec asks for is known even where it is not given */
	if (a->variables && !cli->g->quiet)
		config_variables(cli, a->format == CONFIG_JSON);
	if (!code)
		stack_sources(cli, &s, NULL);
	if (code || cli->g->quiet || a->variables)
		return code;
	if (a->hash)
		return config_hash(cli, &s, a->hash);
	if (a->origins) {
		config_origins(cli, s.loaded.doc);
		return EXIT_DONE;
	}
	if (a->services || a->images || a->volumes || a->networks || a->profiles) {
		struct names names = collect(cli->ctx, a, &s);
		for (size_t i = 0; i < names.n; i++)
			buf_printf(&cli->out, "%s\n", names.v[i]);
	} else
		print_document(cli, project_normal(cli->ctx, s.project), a->format == CONFIG_JSON);
	return EXIT_DONE;
}

const struct command cmd_config = {
	.name = "config",
	.args = "[SERVICE...]",
	.doc = "Print the spec, merged and resolved; with -q only check it.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct config_args),
	.run = run,
};
