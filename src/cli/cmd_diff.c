/* cmd_diff.c - what differs between the spec and the engine: thing by thing, and key by key. Only reads. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>

#include "stack_int.h"

enum { DIFF_TEXT, DIFF_TEXT_TOO, DIFF_JSON };

struct diff_args {
	struct plan_args plan;
	int format;
	bool detailed;
};

static const struct option rows[] = {
	{.name = "format",
		.arg = "FORMAT",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct diff_args, format),
		.choices = "text json",
		.doc = "What to print (default: text)"},
	{.name = "detailed-exitcode",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct diff_args, detailed),
		.doc = "End with 2 when something differs"},
	{.name = "no-deps",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct diff_args, plan.no_deps),
		.doc = "Leave out what the named services depend on"},
	{.name = "remove-orphans",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct diff_args, plan.remove_orphans),
		.doc = "Count what the spec does not know any more as to be removed"},
	{.name = "compose-hash",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct diff_args, plan.compose_hash),
		.doc = "Ask Docker Compose for its digests: what it made and would keep does not "
		       "differ"},
	{.name = "scale",
		.arg = "SERVICE=N",
		.kind = OPTION_LIST,
		.offset = offsetof(struct diff_args, plan.scale),
		.word = WORD_SERVICE,
		.doc = "Have N containers of a service, whatever the spec says; may be repeated"},
};

/* How a kind of change is written. */
static const struct {
	const char *sign, *word;
} kinds[] = {
	[CHANGE_KEEP] = {" ", "keep"},
	[CHANGE_CREATE] = {"+", "create"},
	[CHANGE_REPAIR] = {">", "repair"},
	[CHANGE_REPLACE] = {"~", "replace"},
	[CHANGE_REMOVE] = {"-", "remove"},
	[CHANGE_CONFLICT] = {"!", "conflict"},
	[CHANGE_BLOCKED] = {"!", "blocked"},
	[CHANGE_MISSING] = {"!", "missing"},
};

/* A container that stays and is restarted differs, too. */
static bool
is_shown(const struct change *c) {
	return c->kind != CHANGE_KEEP || c->restart;
}

/* What the change is called. */
static const char *
word_of(const struct change *c) {
	return c->kind == CHANGE_KEEP ? "restart" : kinds[c->kind].word;
}

/* Why; of a restart the cause says it. */
static const char *
why_of(struct ctx *ctx, const struct change *c) {
	if (c->kind != CHANGE_KEEP)
		return c->why;
	return arena_printf(ctx->mem,
		"restart '%s': 'restart: true' ties it to '%s', which is replaced", c->want->key,
		c->cause->want->key);
}

static const struct resource *
thing(const struct change *c) {
	return c->want ? c->want : c->had;
}

/* What the value of one side is called: itself, or why there is none. */
static const char *
side(const char *value, bool absent) {
	return value ? value : absent ? "(not set)" : "(not known)";
}

/* One line a key. */
static void
print_keys(struct cli *cli, const struct change *c) {
	for (size_t i = 0; i < c->ndiff; i++) {
		const struct difference *d = &c->diff[i];
		const char *place = place_text(cli->ctx, d->at);
		if (!*d->key)
			continue;
		buf_printf(&cli->out, "    %s: ", d->key);
		buf_printf(&cli->out, "%s -> %s%s", side(d->had, d->is_new),
			side(d->want, d->is_gone), d->by_hand ? ", changed by hand" : "");
		buf_printf(&cli->out, "%s%s%s\n", *place ? "  (" : "", place, *place ? ")" : "");
	}
}

/* One heading line, and its keys. */
static void
print_change(struct cli *cli, const struct change *c) {
	const struct resource *r = thing(c);
	buf_printf(&cli->out, "%s %s %s: %s\n", c->kind == CHANGE_KEEP ? ">" : kinds[c->kind].sign,
		kind_name(r->kind), r->name, why_of(cli->ctx, c));
	print_keys(cli, c);
}

/* A text, or null. */
static void
put_side(struct ctx *ctx, struct node *map, const char *key, const char *value) {
	node_set(ctx->mem, map, key, (struct pos){0},
		value ? node_str(ctx->mem, value, (struct pos){0})
		      : node_new(ctx->mem, NODE_NULL, (struct pos){0}));
}

/* One key as JSON. */
static struct node *
key_node(struct ctx *ctx, const struct difference *d) {
	struct node *n = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	put_side(ctx, n, "key", d->key);
	put_side(ctx, n, "want", d->want);
	put_side(ctx, n, "had", d->had);
	put_side(ctx, n, "change",
		d->by_hand   ? "by hand"
		: d->is_new  ? "new"
		: d->is_gone ? "gone"
			     : "changed");
	put_side(ctx, n, "place", place_text(ctx, d->at));
	return n;
}

/* One change as JSON. */
static struct node *
change_node(struct ctx *ctx, const struct change *c) {
	const struct resource *r = thing(c);
	struct node *n = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	struct node *keys = node_new(ctx->mem, NODE_LIST, (struct pos){0});
	put_side(ctx, n, "action", word_of(c));
	put_side(ctx, n, "kind", kind_name(r->kind));
	put_side(ctx, n, "name", r->name);
	put_side(ctx, n, "title", r->key);
	put_side(ctx, n, "why", why_of(ctx, c));
	put_side(ctx, n, "place", place_text(ctx, c->at));
	put_side(ctx, n, "cause", c->cause ? c->cause->want->name : NULL);
	for (size_t i = 0; i < c->ndiff; i++)
		if (*c->diff[i].key)
			node_append(ctx->mem, keys, key_node(ctx, &c->diff[i]));
	node_set(ctx->mem, n, "keys", (struct pos){0}, keys);
	return n;
}

/* All as one document. */
static void
print_json(struct cli *cli, const struct stack *s, const struct changes *changes) {
	struct ctx *ctx = cli->ctx;
	struct node *tree = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	struct node *list = node_new(ctx->mem, NODE_LIST, (struct pos){0});
	put_side(ctx, tree, "format_version", "1.0");
	put_side(ctx, tree, "project", s->project->name);
	for (size_t i = 0; i < changes->n; i++)
		if (is_shown(&changes->v[i]))
			node_append(ctx->mem, list, change_node(ctx, &changes->v[i]));
	for (size_t i = 0; i < changes->ngone; i++)
		node_append(ctx->mem, list, change_node(ctx, &changes->gone[i]));
	node_set(ctx->mem, tree, "changes", (struct pos){0}, list);
	json_write(&cli->out, tree, 2);
}

/* All as text; true if there was any. */
static bool
print_text(struct cli *cli, const struct changes *changes) {
	bool any = changes->ngone > 0;
	for (size_t i = 0; i < changes->n; i++) {
		if (!is_shown(&changes->v[i]))
			continue;
		print_change(cli, &changes->v[i]);
		any = true;
	}
	for (size_t i = 0; i < changes->ngone; i++)
		print_change(cli, &changes->gone[i]);
	return any;
}

/* Does anything differ? */
static bool
differs(const struct changes *changes) {
	for (size_t i = 0; i < changes->n; i++)
		if (is_shown(&changes->v[i]))
			return true;
	return changes->ngone > 0;
}

/* Look, compare, print. */
static int
run(struct cli *cli, const void *args) {
	const struct diff_args *a = args;
	struct stack s;
	struct changes *changes;
	int code = stack_needs_labels(cli, "diff");
	if (!code)
		code = current_look(cli, &s, &a->plan, ERRAND_READ);
	if (!code)
		code = current_changes(cli, &s, &a->plan, &changes);
	if (code)
		return code;
	if (a->format == DIFF_JSON)
		print_json(cli, &s, changes);
	else if (!print_text(cli, changes))
		cli_say(cli, "nothing differs: the engine has what the spec wants");
	return a->detailed && differs(changes) ? EXIT_PENDING : EXIT_DONE;
}

const struct command cmd_diff = {
	.name = "diff",
	.args = "[SERVICE...]",
	.doc = "Tell what differs between the spec and the engine, key by key.",
	.more = "A line for each thing: + is made, ~ replaced, > set right, - removed, ! in the "
		"way. Below it "
		"stand the keys that differ, with what the engine has and what the spec wants. "
		"Nothing is changed.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct diff_args),
	.operand = WORD_SERVICE,
	.run = run,
};
