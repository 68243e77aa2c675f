/* cmd_ps.c - the containers of the stack: a table, JSON, IDs, or the services that have any. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

#include "verbs_int.h"

enum { PS_UNSET, PS_TABLE, PS_JSON };
enum { ID_DIGITS = 12 };

struct ps_args {
	bool all, quiet, services, no_orphans;
	int format;
};

static const struct option rows[] = {
	{.name = "all",
		.letter = 'a',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct ps_args, all),
		.doc = "Those that are stopped, too, and those of 'run'"},
	{.name = "quiet",
		.letter = 'q',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct ps_args, quiet),
		.doc = "Print IDs alone"},
	{.name = "services",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct ps_args, services),
		.doc = "Print the names of the services that have such a container"},
	{.name = "format",
		.arg = "FORMAT",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct ps_args, format),
		.choices = "table json",
		.doc = "What to print (default: table)"},
	{.name = "no-orphans",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct ps_args, no_orphans),
		.doc = "Leave out containers whose service is not in the spec"},
};

/* Does no service of the spec want it? */
static bool
is_orphan(const struct crew *c, const struct resource *r) {
	return c->has_spec && !r->service;
}

/* Is the container to be shown? */
static bool
is_shown(const struct crew *c, const struct resource *r, const struct ps_args *a) {
	if (!crew_is_chosen(c, r->key) || (a->no_orphans && is_orphan(c, r)))
		return false;
	return a->all || crew_is_up(r);
}

/* IDs, as other commands take them. */
static void
print_ids(struct cli *cli, const struct crew *c, const struct ps_args *a) {
	for (size_t i = 0; i < c->n; i++)
		if (is_shown(c, c->v[i], a))
			buf_printf(&cli->out, "%s\n", c->v[i]->id);
}

/* Each service once: its containers stand together, but for those of "run", which is why all before are looked at. */
static void
print_services(struct cli *cli, const struct crew *c, const struct ps_args *a) {
	struct node *seen = node_new(cli->ctx->mem, NODE_MAP, (struct pos){0});
	for (size_t i = 0; i < c->n; i++) {
		const char *key = c->v[i]->key;
		if (!is_shown(c, c->v[i], a) || node_find(seen, key))
			continue;
		node_add(cli->ctx->mem, seen, key, (struct pos){0},
			node_bool(cli->ctx->mem, true, (struct pos){0}));
		buf_printf(&cli->out, "%s\n", key);
	}
}

/* A text member. */
static void
put(struct ctx *ctx, struct node *map, const char *key, const char *text) {
	const struct pos nowhere = {0};
	node_add(ctx->mem, map, key, nowhere, node_str(ctx->mem, text ? text : "", nowhere));
}

/* One container as JSON. */
static struct node *
tree_of(struct ctx *ctx, const struct crew *c, const struct resource *r) {
	const struct pos nowhere = {0};
	struct node *map = node_new(ctx->mem, NODE_MAP, nowhere);
	put(ctx, map, "name", r->name);
	put(ctx, map, "service", r->key);
	node_add(ctx->mem, map, "number", nowhere, node_int(ctx->mem, r->number, nowhere));
	put(ctx, map, "id", r->id);
	put(ctx, map, "image", r->had_image);
	put(ctx, map, "state", r->state);
	put(ctx, map, "health", container_health(r));
	put(ctx, map, "status", r->status);
	node_add(ctx->mem, map, "exit_code", nowhere,
		str_eq(r->state, "exited") ? node_int(ctx->mem, r->exit_code, nowhere)
					   : node_new(ctx->mem, NODE_NULL, nowhere));
	put(ctx, map, "ports", r->ports);
	node_add(ctx->mem, map, "one_off", nowhere, node_bool(ctx->mem, r->one_off, nowhere));
	node_add(ctx->mem, map, "orphan", nowhere, node_bool(ctx->mem, is_orphan(c, r), nowhere));
	return map;
}

/* All of them as one document. */
static void
print_json(struct cli *cli, const struct crew *c, const struct ps_args *a) {
	const struct pos nowhere = {0};
	struct ctx *ctx = cli->ctx;
	struct node *top = node_new(ctx->mem, NODE_MAP, nowhere);
	struct node *list = node_new(ctx->mem, NODE_LIST, nowhere);
	put(ctx, top, "format_version", "1.0");
	put(ctx, top, "project", c->stack.project->name);
	for (size_t i = 0; i < c->n; i++)
		if (is_shown(c, c->v[i], a))
			node_append(ctx->mem, list, tree_of(ctx, c, c->v[i]));
	node_add(ctx->mem, top, "containers", nowhere, list);
	json_write(&cli->out, top, 2);
}

/* Name the containers that the spec knows nothing of, with the file that made them. */
static void
warn_of_orphans(struct cli *cli, const struct crew *c, const struct ps_args *a) {
	for (size_t i = 0; i < c->n; i++) {
		const struct resource *r = c->v[i];
		if (!is_orphan(c, r) || !is_shown(c, r, a))
			continue;
		diag(cli->ctx, SEV_WARNING, (struct pos){0}, "orphan",
			"'%s' is a container of the project, and the spec has no service '%s'",
			r->name, r->key);
		diag_note(cli->ctx, (struct pos){0},
			"it was made from %s; 'docker rm -f %s' removes it",
			*r->had_files ? r->had_files : "a spec that it does not name", r->name);
	}
}

/* The table. What it leaves out is told. */
static void
print_table(struct cli *cli, const struct crew *c, const struct ps_args *a) {
	static const char *const head[] = {"SERVICE", "CONTAINER", "ID", "STATUS", "PORTS"};
	struct columns table = {.width = countof(head)};
	size_t hidden = 0;
	columns_add(cli->ctx, &table, head);
	for (size_t i = 0; i < c->n; i++) {
		const struct resource *r = c->v[i];
		if (!is_shown(c, r, a)) {
			hidden += crew_is_chosen(c, r->key) && !r->one_off && !crew_is_up(r);
			continue;
		}
		const char *cell[] = {r->key, r->name,
			arena_strndup(cli->ctx->mem, r->id,
				strlen(r->id) < ID_DIGITS ? strlen(r->id) : ID_DIGITS),
			r->status, r->ports};
		columns_add(cli->ctx, &table, cell);
	}
	columns_print(cli->ctx, &table, &cli->out);
	if (hidden)
		cli_say(cli, "%zu more %s not running: ps --all lists %s", hidden,
			hidden == 1 ? "is" : "are", hidden == 1 ? "it, too" : "them, too");
}

/* Ask the engine, and print. */
static int
run(struct cli *cli, const void *args) {
	const struct ps_args *a = args;
	struct crew c;
	int code = crew_find(cli, &c, cli->operand, cli->noperand);
	if (code)
		return code;
	if (a->quiet)
		print_ids(cli, &c, a);
	else if (a->services)
		print_services(cli, &c, a);
	else if (a->format == PS_JSON)
		print_json(cli, &c, a);
	else {
		print_table(cli, &c, a);
		warn_of_orphans(cli, &c, a);
	}
	return EXIT_DONE;
}

const struct command cmd_ps = {
	.name = "ps",
	.args = "[SERVICE...]",
	.doc = "List the containers of the stack.",
	.more = "With --project-name and no file, their labels say all that is shown.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct ps_args),
	.operand = WORD_SERVICE,
	.run = run,
};
