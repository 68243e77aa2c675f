/* rows.c - the rows of options and verbs as a node tree, for the man page and the completion
 * scripts.
 *
 * The tree: {version, date, globals: [OPTION], verbs: [VERB], exits: [{code, lines}], variables:
 * [{name, lines}], valued: "-f|--file|..."}
 * VERB: {name, alias, match ("name|alias"), args, doc, lines, any (has options), options:
 * [OPTION], services, verbs_too (what its operands are), words (all its option words,
 * blank-separated), entry and alias_entry ("name:doc", for zsh)}
 * OPTION: {long, letter, arg, doc, lines, choices, repeat, file, folder, ask (stackplan must be
 * asked), plain (a value of no known kind), value (takes one), match ("-f|--file"), zsh:
 * [{spec}]}
 * All global option words and verbs are in .global_words and .verb_words, options with a value
 * in .valued_words. What this version refuses is not in the tree. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "cli_int.h"

static const struct pos nowhere = {0};

/* Set a text member; nothing is set for NULL. */
static void
set_text(struct ctx *ctx, struct node *map, const char *key, const char *text) {
	if (text)
		node_set(ctx->mem, map, key, nowhere, node_str(ctx->mem, text, nowhere));
}

/* Set a truth. */
static void
set_bool(struct ctx *ctx, struct node *map, const char *key, bool value) {
	node_set(ctx->mem, map, key, nowhere, node_bool(ctx->mem, value, nowhere));
}

/* Make a list and set it as a member. */
static struct node *
set_list(struct ctx *ctx, struct node *map, const char *key) {
	struct node *list = node_new(ctx->mem, NODE_LIST, nowhere);
	node_set(ctx->mem, map, key, nowhere, list);
	return list;
}

/* Append an empty map to a list. */
static struct node *
append_map(struct ctx *ctx, struct node *list) {
	struct node *map = node_new(ctx->mem, NODE_MAP, nowhere);
	node_append(ctx->mem, list, map);
	return map;
}

/* Set a list of {line} of at most 76 bytes, a new one after each sentence, as roff sources are
 * written. */
static void
set_lines(struct ctx *ctx, struct node *map, const char *key, const char *text) {
	enum { LINE_WIDTH = 76 };
	struct node *list = set_list(ctx, map, key);
	while (*text) {
		size_t end = 0, len = 0;
		while (text[len] && (end == 0 || len <= LINE_WIDTH)) {
			len += strcspn(text + len, " ");
			if (end == 0 || len <= LINE_WIDTH)
				end = len;
			if (end == len && text[end - 1] == '.')
				break;
			len += strspn(text + len, " ");
		}
		set_text(ctx, append_map(ctx, list), "line", arena_strndup(ctx->mem, text, end));
		text += end;
		text += strspn(text, " ");
	}
}

/* Append TEXT with a backslash before each character that zsh's _arguments reads itself. */
static void
add_zsh_text(struct buf *b, const char *text) {
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			buf_addc(b, '\\');
		buf_addc(b, *text);
	}
}

/* Append what completes the option's value in zsh: ":FILE:_files". */
static void
add_zsh_value(struct buf *b, const struct option *row) {
	static const char *const action[] = {
		[WORD_OTHER] = " ",
		[WORD_FILE] = "_files",
		[WORD_FOLDER] = "_files -/",
		[WORD_SERVICE] = "_stackplan_ask",
		[WORD_PROFILE] = "_stackplan_ask",
		[WORD_VERB] = " ",
		[WORD_KEY] = "_stackplan_ask",
	};
	buf_printf(b, ":%s:", row->arg);
	if (row->choices)
		buf_printf(b, "(%s)", row->choices);
	else
		buf_adds(b, action[row->word]);
}

/* One spelling of an option as a spec of zsh's _arguments. */
static const char *
zsh_spec(struct ctx *ctx, const struct option *row, bool letter) {
	struct buf b = {0};
	if (row->kind == OPTION_LIST)
		buf_addc(&b, '*');
	else if (row->letter)
		buf_printf(&b, "(-%c --%s)", row->letter, row->name);
	if (letter)
		buf_printf(&b, "-%c%s", row->letter, option_takes_value(row) ? "+" : "");
	else
		buf_printf(&b, "--%s%s", row->name, option_takes_value(row) ? "=" : "");
	buf_addc(&b, '[');
	add_zsh_text(&b, row->doc);
	buf_addc(&b, ']');
	if (option_takes_value(row))
		add_zsh_value(&b, row);
	return arena_take_buf(ctx->mem, &b);
}

/* One option. */
static void
add_option(struct ctx *ctx, struct node *list, const struct option *row) {
	struct node *map = append_map(ctx, list);
	const char *letter = row->letter ? arena_printf(ctx->mem, "%c", row->letter) : NULL;
	bool value = option_takes_value(row);
	bool ask = row->word == WORD_SERVICE || row->word == WORD_PROFILE;
	set_text(ctx, map, "long", row->name);
	set_text(ctx, map, "letter", letter);
	set_text(ctx, map, "arg", row->arg);
	set_text(ctx, map, "doc", row->doc);
	set_text(ctx, map, "choices", row->choices);
	set_bool(ctx, map, "value", value);
	set_bool(ctx, map, "repeat", row->kind == OPTION_LIST);
	set_bool(ctx, map, "file", row->word == WORD_FILE);
	set_bool(ctx, map, "folder", row->word == WORD_FOLDER);
	set_bool(ctx, map, "ask", ask);
	set_bool(ctx, map, "plain", value && row->word == WORD_OTHER && !row->choices);
	set_lines(ctx, map, "lines", arena_printf(ctx->mem, "%s.", row->doc));
	set_text(ctx, map, "match",
		letter ? arena_printf(ctx->mem, "-%s|--%s", letter, row->name)
		       : arena_printf(ctx->mem, "--%s", row->name));
	struct node *zsh = set_list(ctx, map, "zsh");
	if (letter)
		set_text(ctx, append_map(ctx, zsh), "spec", zsh_spec(ctx, row, true));
	set_text(ctx, append_map(ctx, zsh), "spec", zsh_spec(ctx, row, false));
}

/* The options of a table that this version has; their words, blank-separated, are appended to
 * WORDS. */
static void
add_options(
	struct ctx *ctx, struct node *list, const struct option *row, size_t n, struct buf *words) {
	for (size_t i = 0; i < n; i++) {
		if (row[i].later)
			continue;
		add_option(ctx, list, &row[i]);
		if (row[i].letter)
			buf_printf(words, "%s-%c", words->n ? " " : "", row[i].letter);
		buf_printf(words, "%s--%s", words->n ? " " : "", row[i].name);
	}
}

/* One verb. */
static void
add_verb(struct ctx *ctx, struct node *list, const struct command *c) {
	struct node *map = append_map(ctx, list);
	struct buf words = {0};
	set_text(ctx, map, "name", c->name);
	set_text(ctx, map, "alias", c->alias);
	set_text(ctx, map, "args", c->args);
	set_text(ctx, map, "doc", c->doc);
	set_lines(ctx, map, "lines",
		c->more ? arena_printf(ctx->mem, "%s %s", c->doc, c->more) : c->doc);
	set_bool(ctx, map, "services", c->operand == WORD_SERVICE || c->operand == WORD_KEY);
	set_bool(ctx, map, "verbs_too", c->operand == WORD_VERB);
	set_text(ctx, map, "match",
		c->alias ? arena_printf(ctx->mem, "%s|%s", c->name, c->alias) : c->name);
	if (c->alias)
		set_text(
			ctx, map, "alias_entry", arena_printf(ctx->mem, "%s:%s", c->alias, c->doc));
	set_text(ctx, map, "entry", arena_printf(ctx->mem, "%s:%s", c->name, c->doc));
	add_options(ctx, set_list(ctx, map, "options"), c->option, c->noption, &words);
	set_bool(ctx, map, "any", words.n > 0);
	set_text(ctx, map, "words", arena_take_buf(ctx->mem, &words));
}

/* All verbs that are offered; their names, blank-separated, in .verb_words. */
static void
add_verbs(struct ctx *ctx, struct node *tree, const struct command *const *rows, size_t n) {
	struct node *list = set_list(ctx, tree, "verbs");
	struct buf words = {0};
	for (size_t i = 0; i < n; i++) {
		if (rows[i]->hidden || rows[i]->later)
			continue;
		add_verb(ctx, list, rows[i]);
		buf_printf(&words, "%s%s", words.n ? " " : "", rows[i]->name);
		if (rows[i]->alias)
			buf_printf(&words, " %s", rows[i]->alias);
	}
	set_text(ctx, tree, "verb_words", arena_take_buf(ctx->mem, &words));
}

/* The global options that take a value in the next word, as a shell pattern. */
static const char *
valued_pattern(struct ctx *ctx, const char *between) {
	struct buf b = {0};
	for (size_t i = 0; i < nglobal_options; i++) {
		const struct option *row = &global_options[i];
		if (row->later || !option_takes_value(row))
			continue;
		if (row->letter)
			buf_printf(&b, "%s-%c", b.n ? between : "", row->letter);
		buf_printf(&b, "%s--%s", b.n ? between : "", row->name);
	}
	return arena_take_buf(ctx->mem, &b);
}

struct node *
rows_tree(struct ctx *ctx, const struct command *const *rows, size_t n) {
	struct node *tree = node_new(ctx->mem, NODE_MAP, nowhere);
	struct buf words = {0};
	set_text(ctx, tree, "version", STACKPLAN_VERSION);
	set_text(ctx, tree, "date", "November 24, 2026");
	add_options(ctx, set_list(ctx, tree, "globals"), global_options, nglobal_options, &words);
	set_text(ctx, tree, "global_words", arena_take_buf(ctx->mem, &words));
	set_text(ctx, tree, "valued", valued_pattern(ctx, "|"));
	set_text(ctx, tree, "valued_words", valued_pattern(ctx, " "));
	add_verbs(ctx, tree, rows, n);
	struct node *exits = set_list(ctx, tree, "exits");
	for (size_t i = 0; i < exit_nrows; i++) {
		struct node *map = append_map(ctx, exits);
		set_text(ctx, map, "code", arena_printf(ctx->mem, "%d", (int)exit_rows[i].code));
		set_lines(ctx, map, "lines", exit_rows[i].doc);
	}
	struct node *variables = set_list(ctx, tree, "variables");
	for (size_t i = 0; i < variable_nrows; i++) {
		struct node *map = append_map(ctx, variables);
		set_text(ctx, map, "name", variable_rows[i].name);
		set_lines(ctx, map, "lines", variable_rows[i].doc);
	}
	return tree;
}
