/* cmd_explain.c - one key of the spec, one flag of docker, or one diagnostic code, in plain words.
 *
 * Everything told comes from tables: the rows of keys, explain_flags.c, explain_codes.c. Reads no
 * spec and asks no engine. Starts at run(). */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/engine.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "explain_int.h"

enum { EXPLAIN_UNSET, EXPLAIN_TEXT, EXPLAIN_JSON };
enum { LABEL_COLUMN = 12, IN_FULL = 4 };

struct explain_args {
	bool list;
	int format;
};

static const struct option rows[] = {
	{.name = "list",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct explain_args, list),
		.doc = "List all keys, how each stands, and its flag"},
	{.name = "format",
		.arg = "FORMAT",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct explain_args, format),
		.choices = "text json",
		.doc = "How to print the list (default: text)"},
};

static const struct pos nowhere = {0};

/* What explanations are written with. */
struct teller {
	struct cli *cli;
	struct buf *out;
	struct key_paths paths;
};

/* A blank line between explanations. */
static void
part(struct teller *t, const char *title) {
	buf_printf(t->out, "%s%s\n  ", t->out->n ? "\n" : "", title);
}

/* One line with its label. */
static void
line(struct teller *t, const char *label, const char *text) {
	if (!text || !*text)
		return;
	buf_printf(t->out, "  %-*s", LABEL_COLUMN - 2, label);
	help_wrapped(t->out, text, LABEL_COLUMN);
}

/* The names of the keys below, or words of a list, with commas. */
static const char *
members_of(struct teller *t, const struct schema *sub) {
	struct buf b = {0};
	for (size_t i = 0; sub && i < sub->n; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", sub->key[i].name);
	return arena_take_buf(t->cli->ctx->mem, &b);
}

/* The words of a list separated by blanks, with commas. */
static const char *
with_commas(struct teller *t, const char *list) {
	struct buf b = {0};
	for (; list && *list; list++)
		buf_adds(&b, *list == ' ' ? ", " : (char[]){*list, '\0'});
	return arena_take_buf(t->cli->ctx->mem, &b);
}

/* Explain one key. */
static void
tell_key(struct teller *t, const struct key_path *p) {
	const struct key *key = p->key;
	struct arena *mem = t->cli->ctx->mem;
	bool is_switch = key->form == FORM_SWITCH || key->form == FORM_TRISTATE;
	part(t, p->path);
	help_wrapped(t->out, key->doc, 2);
	line(t, "value", shape_words(t->cli->ctx, key));
	line(t, "choices", key->shape == SHAPE_CHOICE ? with_commas(t, key->one_of) : NULL);
	line(t, "keys", members_of(t, key->sub));
	line(t, "required", key->required ? "yes" : NULL);
	line(t, "merging", merge_words(key));
	line(t, "docker",
		key->flag ? arena_printf(mem, "%s %s%s", key_command(p->path), key->flag,
				    is_switch ? "" : " ...")
			  : NULL);
	line(t, "engine", key->inspect);
	line(t, "standing", standing_words(p->standing));
	line(t, "note", key->note);
	line(t, "since", since_words(t->cli->ctx, key));
	for (size_t i = 0; engine_nth(i); i++)
		line(t, engine_nth(i)->name, engine_why_not(engine_nth(i), p->path));
}

/* How many keys does NAME fit, and how many of them from the top on? */
static size_t
count_keys(const struct teller *t, const char *name, size_t *nwhole) {
	size_t n = 0;
	*nwhole = 0;
	for (size_t i = 0; i < t->paths.n; i++) {
		bool whole;
		if (!key_path_is(t->paths.v[i].path, name, &whole))
			continue;
		n++;
		*nwhole += whole;
	}
	return n;
}

/* Explain every key that NAME fits; when they are many the rest is named only. */
static bool
tell_keys(struct teller *t, const char *name) {
	size_t nwhole, n = count_keys(t, name, &nwhole), told = 0;
	bool only_whole = nwhole && strchr(name, '.');
	struct buf rest = {0};
	for (size_t i = 0; n && i < t->paths.n; i++) {
		const struct key_path *p = &t->paths.v[i];
		bool whole;
		if (!key_path_is(p->path, name, &whole) || (only_whole && !whole))
			continue;
		if (told++ < IN_FULL)
			tell_key(t, p);
		else
			buf_printf(&rest, "%s%s", rest.n ? ", " : "", p->path);
	}
	if (rest.n) {
		buf_adds(t->out, "\nAlso: ");
		help_wrapped(t->out, rest.s, 6);
	}
	buf_free(&rest);
	return n > 0;
}

/* The row of a flag by either of its names, or NULL. */
static const struct flag_row *
find_flag(const char *flag) {
	for (size_t i = 0; i < flag_nrows; i++)
		if (str_eq(flag_rows[i].flag, flag) ||
			(flag_rows[i].other && str_eq(flag_rows[i].other, flag)))
			return &flag_rows[i];
	return NULL;
}

/* Does the key at I have the flag, by one of its names? */
static bool
has_flag(const struct teller *t, size_t i, const char *flag, const struct flag_row *row) {
	const char *own = t->paths.v[i].key->flag;
	if (!own)
		return false;
	return str_eq(own, flag) || (row && str_eq(own, row->flag)) ||
	       (row && row->other && str_eq(own, row->other));
}

/* Explain one flag: by its row, by the keys that have it, or both. */
static bool
tell_flag(struct teller *t, const char *flag) {
	const struct flag_row *row = find_flag(flag);
	struct arena *mem = t->cli->ctx->mem;
	size_t n = 0;
	for (size_t i = 0; i < t->paths.n; i++)
		n += has_flag(t, i, flag, row);
	if (!n && !row)
		return false;
	buf_printf(t->out, "%s%s\n", t->out->n ? "\n" : "",
		row && row->other ? arena_printf(mem, "%s, %s", row->other, row->flag) : flag);
	if (row && *row->doc) {
		buf_adds(t->out, "  ");
		help_wrapped(t->out, row->doc, 2);
	}
	if (row && !n)
		line(t, "keys", with_commas(t, row->keys));
	for (size_t i = 0; i < t->paths.n; i++) {
		const struct key_path *p = &t->paths.v[i];
		if (!has_flag(t, i, flag, row))
			continue;
		buf_printf(t->out, "  %s, for %s\n    ", p->path, key_command(p->path));
		help_wrapped(t->out, p->key->doc, 4);
	}
	return true;
}

/* Explain one code. */
static bool
tell_code(struct teller *t, const char *code) {
	size_t len = strlen(code);
	if (len > 2 && code[0] == '[' && code[len - 1] == ']')
		code = arena_strndup(t->cli->ctx->mem, code + 1, len - 2);
	for (size_t i = 0; i < code_nrows; i++) {
		if (!str_eq(code_rows[i].code, code))
			continue;
		part(t, arena_printf(t->cli->ctx->mem, "[%s]", code));
		help_wrapped(t->out, code_rows[i].doc, 2);
		return true;
	}
	return false;
}

/* The key, code or flag that WORD was probably meant to be, or NULL. */
static const char *
nearest(struct teller *t, const char *word) {
	const char **v = arena_array(
		t->cli->ctx->mem, t->paths.n * 2 + code_nrows + flag_nrows * 2, sizeof(*v));
	size_t n = 0;
	for (size_t i = 0; i < t->paths.n; i++) {
		v[n++] = t->paths.v[i].key->name;
		if (t->paths.v[i].key->flag)
			v[n++] = t->paths.v[i].key->flag;
	}
	for (size_t i = 0; i < code_nrows; i++)
		v[n++] = code_rows[i].code;
	for (size_t i = 0; i < flag_nrows; i++)
		v[n++] = flag_rows[i].flag;
	return str_nearest(word, v, n);
}

/* Explain one operand. */
static bool
tell(struct teller *t, const char *word) {
	bool known = word[0] == '-' ? tell_flag(t, word) : tell_code(t, word);
	if (word[0] != '-')
		known = tell_keys(t, word) || known;
	if (known)
		return true;
	const char *near = nearest(t, word);
	diag(t->cli->ctx, SEV_ERROR, nowhere, "usage",
		near ? "'%s' is no key of the spec, flag of docker or code of a diagnostic; did "
		       "you "
		       "mean '%s'?"
		     : "'%s' is no key of the spec, flag of docker or code of a diagnostic",
		word, near);
	diag_note(t->cli->ctx, nowhere, "'stackplan explain --list' lists the keys");
	return false;
}

/* Print the table of keys. */
static void
print_list(struct teller *t) {
	struct columns c = {.width = 3};
	columns_add(t->cli->ctx, &c, (const char *const[]){"KEY", "STANDING", "FLAG"});
	for (size_t i = 0; i < t->paths.n; i++)
		columns_add(t->cli->ctx, &c,
			(const char *const[]){t->paths.v[i].path,
				standing_name(t->paths.v[i].standing), t->paths.v[i].key->flag});
	columns_print(t->cli->ctx, &c, t->out);
}

/* Print the list, or explain each operand. */
static int
run(struct cli *cli, const void *args) {
	const struct explain_args *a = args;
	struct teller t = {.cli = cli, .out = &cli->out};
	bool good = true;
	key_paths(cli->ctx, &t.paths);
	if (a->list && a->format == EXPLAIN_JSON)
		json_write(&cli->out, keys_tree(cli->ctx), 2);
	else if (a->list)
		print_list(&t);
	for (size_t i = 0; i < cli->noperand; i++)
		good = tell(&t, cli->operand[i]) && good;
	if (!a->list && !cli->noperand) {
		diag(cli->ctx, SEV_ERROR, nowhere, "usage",
			"'explain' wants a key of the spec, a flag of docker, or the code of a "
			"diagnostic");
		diag_note(cli->ctx, nowhere, "'stackplan explain --list' lists the keys");
		good = false;
	}
	return good ? EXIT_DONE : EXIT_USAGE;
}

const struct command cmd_explain = {
	.name = "explain",
	.args = "KEY|FLAG|CODE...",
	.doc = "Tell about a key of the spec, a flag of docker, or a diagnostic.",
	.more = "A key may be given by its name or its path, such as services.web.mem_limit; a "
		"flag "
		"as docker has it, such as -p; a code as it stands in brackets after a message.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct explain_args),
	.operand = WORD_KEY,
	.run = run,
	.flags = true,
};
