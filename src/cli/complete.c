/* complete.c - `__complete WORD... PARTIAL`: what the last word may become.
 *
 * Prints "candidate<TAB>description" lines, then ":N" (0: file names as well, 4: no file names,
 * 16: folder names), as docker's plugins do. Starts at run(). Reads the spec at hand quietly;
 * never touches an engine, never reports an error. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "explain_int.h"
#include "stack_int.h"

enum { FILES = 0, NO_FILES = 4, FOLDERS = 16 };

/* What is being completed. */
struct completion {
	struct cli *cli;
	struct ctx quiet; /* its diagnostics are never printed */
	struct parsed parsed;
	const char *partial;
	int directive;
};

/* Offer a candidate if it begins as the partial word does. */
static void
offer(struct completion *c, const char *word, const char *doc) {
	if (!str_starts(word, c->partial) || strpbrk(word, "\t\n\r"))
		return;
	struct buf *b = &c->cli->out;
	buf_adds(b, word);
	if (doc && *doc) {
		buf_addc(b, '\t');
		str_safe(b, doc, strlen(doc), false);
	}
	buf_addc(b, '\n');
}

/* Offer verbs. */
static void
offer_verbs(struct completion *c) {
	for (size_t i = 0; i < ncommands; i++) {
		if (commands[i]->hidden || commands[i]->later)
			continue;
		offer(c, commands[i]->name, commands[i]->doc);
		if (commands[i]->alias)
			offer(c, commands[i]->alias, commands[i]->doc);
	}
}

/* Offer the options of a table. */
static void
offer_options(struct completion *c, const struct option *row, size_t n) {
	for (size_t i = 0; i < n; i++) {
		if (row[i].later)
			continue;
		if (row[i].letter)
			offer(c, arena_printf(c->quiet.mem, "-%c", row[i].letter), row[i].doc);
		offer(c, arena_printf(c->quiet.mem, "--%s", row[i].name), row[i].doc);
	}
}

/* The services of the spec at hand; NULL if it cannot be read, or would be read from standard
 * input. */
static const struct node *
services(struct completion *c) {
	const struct globals *g = &c->parsed.g;
	for (size_t i = 0; i < g->file.n; i++)
		if (str_eq(g->file.v[i], "-"))
			return NULL;
	struct load_options options = stack_load_options(g, c->cli->environ);
	struct loaded loaded = {0};
	diags_lenient(&c->quiet);
	load_spec(&c->quiet, &options, &loaded);
	const struct node *map = node_find(loaded.doc, "services");
	return map && map->type == NODE_MAP ? map : NULL;
}

/* Is the service on the line already? */
static bool
is_given(const struct completion *c, const char *name) {
	for (size_t i = 0; i < c->parsed.noperand; i++)
		if (str_eq(c->parsed.operand[i], name))
			return true;
	return false;
}

/* Offer the services that are not on the line yet. */
static void
offer_services(struct completion *c) {
	const struct node *map = services(c);
	for (size_t i = 0; map && i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		if (!is_given(c, m->key))
			offer(c, m->key, node_text(node_find(m->val, "image")));
	}
}

/* Offer the profiles that services name, each once. */
static void
offer_profiles(struct completion *c) {
	const struct node *map = services(c);
	struct list seen = {0};
	for (size_t i = 0; map && i < map->n; i++) {
		const struct node *list = node_find(map->u.member[i].val, "profiles");
		for (size_t j = 0; list && list->type == NODE_LIST && j < list->n; j++) {
			const char *name = node_text(list->u.item[j]);
			bool is_new = true;
			for (size_t k = 0; k < seen.n; k++)
				is_new = is_new && !str_eq(seen.v[k], name);
			if (!is_new)
				continue;
			seen.v = arena_grow(
				c->quiet.mem, seen.v, seen.n, seen.n + 1, sizeof(*seen.v));
			seen.v[seen.n++] = name;
			offer(c, name, "");
		}
	}
}

/* Offer the names of keys, each once, and the codes of diagnostics. */
static void
offer_keys(struct completion *c) {
	struct key_paths paths;
	key_paths(&c->quiet, &paths);
	for (size_t i = 0; i < paths.n; i++) {
		const struct key *key = paths.v[i].key;
		bool is_new = true;
		for (size_t j = 0; j < i; j++)
			is_new = is_new && !str_eq(paths.v[j].key->name, key->name);
		if (is_new)
			offer(c, key->name, key->doc);
	}
	for (size_t i = 0; i < code_nrows; i++)
		offer(c, code_rows[i].code, code_rows[i].doc);
}

/* Offer what a word of this kind may be. */
static void
offer_kind(struct completion *c, enum word_kind kind) {
	switch (kind) {
	case WORD_SERVICE:
		offer_services(c);
		break;
	case WORD_PROFILE:
		offer_profiles(c);
		break;
	case WORD_VERB:
		if (!c->parsed.noperand)
			offer_verbs(c);
		break;
	case WORD_KEY:
		offer_keys(c);
		break;
	case WORD_FILE:
		c->directive = FILES;
		break;
	case WORD_FOLDER:
		c->directive = FOLDERS;
		break;
	case WORD_OTHER:
		break;
	}
}

/* Offer values of an option. */
static void
offer_value(struct completion *c, const struct option *row) {
	const char *choice;
	for (size_t i = 0; (choice = choice_nth(&c->quiet, row->choices, i)); i++)
		offer(c, choice, "");
	offer_kind(c, row->word);
}

/* The row of "--name=" at the beginning of WORD, if it takes a value; LEN is the name's length. */
static const struct option *
attached(const struct command *command, const char *name, size_t len) {
	for (size_t i = 0; command && i < command->noption; i++)
		if (strlen(command->option[i].name) == len &&
			memcmp(command->option[i].name, name, len) == 0)
			return &command->option[i];
	for (size_t i = 0; i < nglobal_options; i++)
		if (strlen(global_options[i].name) == len &&
			memcmp(global_options[i].name, name, len) == 0)
			return &global_options[i];
	return NULL;
}

/* Offer what the partial word may become. */
static void
offer_all(struct completion *c) {
	const struct command *command = c->parsed.command;
	if (c->parsed.wants) {
		offer_value(c, c->parsed.wants);
		return;
	}
	bool ended = c->parsed.ended || (command && command->ends && c->parsed.noperand);
	const char *equals = strchr(c->partial, '=');
	if (!ended && equals && str_starts(c->partial, "--")) {
		const char *name = c->partial + 2;
		const struct option *row = attached(command, name, (size_t)(equals - name));
		c->partial = equals + 1;
		if (row && !row->later)
			offer_value(c, row);
		return;
	}
	if (!ended && c->partial[0] == '-') {
		if (command)
			offer_options(c, command->option, command->noption);
		offer_options(c, global_options, nglobal_options);
		return;
	}
	if (!command)
		offer_verbs(c);
	else if (command->ends && c->parsed.noperand)
		c->directive = FILES;
	else if (!command->hidden)
		offer_kind(c, command->operand);
}

/* Understand the words before the last one, then offer. */
static int
run(struct cli *cli, const void *args) {
	(void)args;
	struct arena *mem = cli->ctx->mem;
	struct completion c = {
		.cli = cli,
		.quiet = {.mem = mem, .diags = diags_new(mem)},
		.partial = cli->noperand ? cli->operand[cli->noperand - 1] : "",
		.directive = NO_FILES,
	};
	char **before = arena_array(mem, cli->noperand + 1, sizeof(*before));
	for (size_t i = 0; i + 1 < cli->noperand; i++)
		before[i] = arena_strdup(mem, cli->operand[i]);
	bool understood = opts_parse(&c.quiet, &c.parsed, commands, ncommands, before);
	if (understood || c.parsed.wants)
		offer_all(&c);
	buf_printf(&cli->out, ":%d\n", c.directive);
	return EXIT_DONE;
}

const struct command cmd_complete = {
	.name = "__complete",
	.args = "",
	.doc = "Print what the last word may become.",
	.run = run,
	.hidden = true,
	.raw = true,
};
