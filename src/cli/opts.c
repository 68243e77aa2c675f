/* opts.c - from words typed to the structs of their rows.
 *
 * Starts at opts_parse(). Options of a verb stand after it, in any order with its operands;
 * global ones anywhere; "--" ends options. Knows no option by name. */
#include <assert.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <string.h>

#include "cli_int.h"

static const struct pos nowhere = {0};

/* Reading the words: where we are, and whose rows hold. */
struct reading {
	struct ctx *ctx;
	struct parsed *out;
	const struct command *const *rows;
	size_t nrows;
	char *const *next; /* the word after the present one */
};

/* A row, and the struct that its offset is for. */
struct target {
	const struct option *row;
	char *base;
};

bool
option_takes_value(const struct option *row) {
	return row->kind != OPTION_FLAG;
}

const char *
choice_nth(struct ctx *ctx, const char *list, size_t i) {
	if (!list)
		return NULL;
	for (const char *p = list + strspn(list, " "); *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		if (i-- == 0)
			return arena_strndup(ctx->mem, p, len);
		p += len;
	}
	return NULL;
}

const struct command *
command_find(const struct command *const *rows, size_t n, const char *name) {
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i]->name, name) || (rows[i]->alias && str_eq(rows[i]->alias, name)))
			return rows[i];
	return NULL;
}

/* Add the hint that ends every complaint about what was typed. */
static bool
complain(struct reading *r) {
	const struct command *c = r->out->command;
	diag_note(r->ctx, nowhere, "see 'stackplan%s%s --help'", c ? " " : "", c ? c->name : "");
	return false;
}

/* The row of these options with the long name NAME of LEN bytes. */
static const struct option *
row_by_name(const struct option *row, size_t n, const char *name, size_t len) {
	for (size_t i = 0; i < n; i++)
		if (strlen(row[i].name) == len && memcmp(row[i].name, name, len) == 0)
			return &row[i];
	return NULL;
}

/* The row of these options with the short name LETTER. */
static const struct option *
row_by_letter(const struct option *row, size_t n, char letter) {
	for (size_t i = 0; i < n; i++)
		if (letter && row[i].letter == letter)
			return &row[i];
	return NULL;
}

/* Find an option by its long name, or by LETTER when NAME is NULL: the verb's own first, then
 * the global ones. */
static struct target
find_option(const struct reading *r, const char *name, size_t len, char letter) {
	struct target t = {0};
	const struct command *c = r->out->command;
	if (c)
		t.row = name ? row_by_name(c->option, c->noption, name, len)
			     : row_by_letter(c->option, c->noption, letter);
	t.base = r->out->args;
	if (!t.row) {
		t.row = name ? row_by_name(global_options, nglobal_options, name, len)
			     : row_by_letter(global_options, nglobal_options, letter);
		t.base = (char *)&r->out->g;
	}
	return t;
}

/* Does a verb that was not given have this option? */
static bool
belongs_to_a_verb(const struct reading *r, const char *name, size_t len) {
	for (size_t i = 0; i < r->nrows; i++)
		if (row_by_name(r->rows[i]->option, r->rows[i]->noption, name, len))
			return true;
	return false;
}

/* Diagnose a long option that no row has, with the name that was probably meant. */
static bool
unknown_option(struct reading *r, const char *name, size_t len) {
	const struct command *c = r->out->command;
	const char *typed = arena_strndup(r->ctx->mem, name, len);
	if (!c && belongs_to_a_verb(r, name, len)) {
		diag(r->ctx, SEV_ERROR, nowhere, "usage",
			"option '--%s' belongs to a verb: write it after the verb", typed);
		return complain(r);
	}
	size_t n = 0, max = nglobal_options + (c ? c->noption : 0);
	const char **names = arena_array(r->ctx->mem, max, sizeof(*names));
	for (size_t i = 0; c && i < c->noption; i++)
		if (!c->option[i].later)
			names[n++] = c->option[i].name;
	for (size_t i = 0; i < nglobal_options; i++)
		names[n++] = global_options[i].name;
	const char *near = str_nearest(typed, names, n);
	if (near)
		diag(r->ctx, SEV_ERROR, nowhere, "usage",
			"unknown option '--%s'; did you mean '--%s'?", typed, near);
	else
		diag(r->ctx, SEV_ERROR, nowhere, "usage", "unknown option '--%s'", typed);
	return complain(r);
}

/* Diagnose a value that the row does not allow. */
static bool
bad_value(struct reading *r, const char *spelled, const char *wants, const char *value) {
	diag(r->ctx, SEV_ERROR, nowhere, "usage", "'%s' wants %s, not \"%s\"", spelled, wants,
		value);
	return complain(r);
}

/* Diagnose what is known to the contract and not done by this version. */
static bool
refuse_later(struct reading *r, const char *what, const char *value) {
	diag(r->ctx, SEV_ERROR, nowhere, "not-yet",
		value ? "'%s %s' is not supported by this version yet"
		      : "'%s' is not supported by this version yet",
		what, value);
	return complain(r);
}

/* Store one of the row's choices. */
static bool
store_choice(struct reading *r, const struct target *t, const char *spelled, const char *value) {
	const char *choice;
	for (size_t i = 0; (choice = choice_nth(r->ctx, t->row->choices, i)); i++)
		if (str_eq(choice, value)) {
			*(int *)(void *)(t->base + t->row->offset) = (int)i + 1;
			return true;
		}
	if (*value && !strchr(value, ' ') && str_in(t->row->later_choices, value))
		return refuse_later(r, spelled, value);
	const char *wants = arena_printf(r->ctx->mem, "one of: %s", t->row->choices);
	return bad_value(r, spelled, wants, value);
}

/* Store a number, or a time in milliseconds. */
static bool
store_number(struct reading *r, const struct target *t, const char *spelled, const char *value) {
	struct number *to = (struct number *)(void *)(t->base + t->row->offset);
	int64_t min = t->row->min, max = t->row->max, ns;
	to->given = true;
	if (t->row->kind == OPTION_NUMBER) {
		if (str_int(value, min, max, &to->value))
			return true;
		return bad_value(r, spelled,
			arena_printf(r->ctx->mem, "a number from %lld to %lld", (long long)min,
				(long long)max),
			value);
	}
	if (str_int(value, min, max, &to->value)) {
		to->value *= 1000;
		return true;
	}
	if (str_duration(value, &ns) && ns >= min * 1000000000 && ns <= max * 1000000000) {
		to->value = (ns + 999999) / 1000000;
		return true;
	}
	return bad_value(r, spelled, "seconds such as 10 or 1m30s", value);
}

/* Store VALUE by the kind of the row. SPELLED is the option as it was typed. */
static bool
store_value(struct reading *r, const struct target *t, const char *spelled, const char *value) {
	void *to = t->base + t->row->offset;
	struct list *list = to;
	switch (t->row->kind) {
	case OPTION_FLAG:
		if (!str_bool(value, to))
			return bad_value(r, spelled, "true or false", value);
		return true;
	case OPTION_TEXT:
		*(const char **)to = value;
		return true;
	case OPTION_LIST:
		list->v = arena_grow(r->ctx->mem, list->v, list->n, list->n + 1, sizeof(*list->v));
		list->v[list->n++] = value;
		return true;
	case OPTION_CHOICE:
		return store_choice(r, t, spelled, value);
	case OPTION_NUMBER:
	case OPTION_SECONDS:
		return store_number(r, t, spelled, value);
	}
	return false;
}

/* Note an option of the verb as it was typed, for hints that repeat it. A record would be overwritten. */
static void
note_own(struct reading *r, const struct target *t, const char *spelled, const char *value) {
	struct list *own = &r->out->own;
	if (str_eq(t->row->name, "transcript"))
		return;
	own->v = arena_grow(r->ctx->mem, own->v, own->n, own->n + 2, sizeof(*own->v));
	own->v[own->n++] = spelled;
	if (option_takes_value(t->row))
		own->v[own->n++] = value;
}

/* Take the option's value: VALUE if it was attached, else the next word. */
static bool
take_option(struct reading *r, const struct target *t, const char *spelled, const char *value) {
	if (t->row->later)
		return refuse_later(r, spelled, NULL);
	if (!option_takes_value(t->row))
		value = value ? value : "true";
	else if (!value && !*r->next) {
		r->out->wants = t->row;
		diag(r->ctx, SEV_ERROR, nowhere, "usage", "'%s' wants a value: %s %s", spelled,
			spelled, t->row->arg);
		return complain(r);
	}
	if (!value)
		value = *r->next++;
	if (t->base == r->out->args)
		note_own(r, t, spelled, value);
	return store_value(r, t, spelled, value);
}

/* Read "--name" or "--name=value". */
static bool
read_long(struct reading *r, const char *word) {
	const char *name = word + 2;
	size_t len = strcspn(name, "=");
	struct target t = find_option(r, name, len, 0);
	if (!t.row)
		return unknown_option(r, name, len);
	const char *spelled = arena_strndup(r->ctx->mem, word, len + 2);
	return take_option(r, &t, spelled, name[len] ? name + len + 1 : NULL);
}

/* Read "-x", "-xVALUE", "-x=VALUE" or several flags in one word. */
static bool
read_short(struct reading *r, const char *word) {
	for (const char *p = word + 1; *p; p++) {
		struct target t = find_option(r, NULL, 0, *p);
		const char *spelled = arena_printf(r->ctx->mem, "-%c", *p);
		if (!t.row) {
			if ((unsigned char)*p >= 0x80)
				spelled = word;
			diag(r->ctx, SEV_ERROR, nowhere, "usage", "unknown option '%s'", spelled);
			return complain(r);
		}
		if (!option_takes_value(t.row)) {
			if (!take_option(r, &t, spelled, NULL))
				return false;
			continue;
		}
		const char *value = p[1] == '=' ? p + 2 : p[1] ? p + 1 : NULL;
		return take_option(r, &t, spelled, value);
	}
	return true;
}

/* Take the verb: find its row and make its struct. */
static bool
read_verb(struct reading *r, const char *word) {
	const struct command *c = command_find(r->rows, r->nrows, word);
	if (c && c->later)
		return refuse_later(r, word, NULL);
	if (c) {
		r->out->command = c;
		r->out->args = arena_alloc(r->ctx->mem, c->size ? c->size : 1);
		return true;
	}
	size_t n = 0;
	const char **names = arena_array(r->ctx->mem, 2 * r->nrows, sizeof(*names));
	for (size_t i = 0; i < r->nrows; i++) {
		if (r->rows[i]->hidden || r->rows[i]->later)
			continue;
		names[n++] = r->rows[i]->name;
		if (r->rows[i]->alias)
			names[n++] = r->rows[i]->alias;
	}
	const char *near = str_nearest(word, names, n);
	if (near)
		diag(r->ctx, SEV_ERROR, nowhere, "usage", "unknown verb '%s'; did you mean '%s'?",
			word, near);
	else
		diag(r->ctx, SEV_ERROR, nowhere, "usage", "unknown verb '%s'", word);
	return complain(r);
}

/* Is the word, which begins with '-', an option of a verb whose operands may look like one? */
static bool
is_own_option(const struct reading *r, const char *word) {
	const struct command *c = r->out->command;
	if (str_starts(word, "--"))
		return str_eq(word, "--help") ||
		       row_by_name(c->option, c->noption, word + 2, strcspn(word + 2, "="));
	return str_eq(word, "-h");
}

/* Take a word that is no option. */
static bool
read_operand(struct reading *r, const char *word) {
	struct parsed *out = r->out;
	if (!out->command)
		return read_verb(r, word);
	if (!*out->command->args && !out->command->raw) {
		diag(r->ctx, SEV_ERROR, nowhere, "usage", "'%s' takes no argument such as \"%s\"",
			out->command->name, word);
		return complain(r);
	}
	out->operand[out->noperand++] = word;
	return true;
}

bool
opts_parse(struct ctx *ctx, struct parsed *out, const struct command *const *rows, size_t nrows,
	char *const *argv) {
	struct reading r = {.ctx = ctx, .out = out, .rows = rows, .nrows = nrows, .next = argv};
	size_t n = 0;
	while (argv[n])
		n++;
	*out = (struct parsed){0};
	out->operand = arena_array(ctx->mem, n + 1, sizeof(*out->operand));
	bool ok = true;
	while (ok && *r.next) {
		const char *word = *r.next++;
		bool raw = out->ended || (out->command && out->command->raw);
		raw = raw || (out->command && out->command->ends && out->noperand);
		if (out->command && out->command->flags && word[0] == '-' && !str_eq(word, "--"))
			raw = raw || !is_own_option(&r, word);
		if (!raw && str_eq(word, "--"))
			out->ended = true;
		else if (!raw && str_starts(word, "--"))
			ok = read_long(&r, word);
		else if (!raw && word[0] == '-' && word[1])
			ok = read_short(&r, word);
		else
			ok = read_operand(&r, word);
	}
	return ok;
}
