/* help.c - the texts of --help, from the rows, in 80 columns. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <string.h>

#include "cli_int.h"

enum { HELP_WIDTH = 80, DOC_COLUMN = 30 };

void
help_wrapped(struct buf *b, const char *text, size_t indent) {
	size_t column = indent;
	for (const char *p = text; *p;) {
		size_t len = strcspn(p, " ");
		if (column > indent && column + 1 + len > HELP_WIDTH) {
			buf_printf(b, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			buf_addc(b, ' ');
			column++;
		}
		buf_add(b, p, len);
		column += len;
		p += len;
		p += strspn(p, " ");
	}
	buf_addc(b, '\n');
}

/* Append one line of a list: what on the left, its meaning from DOC_COLUMN on. */
static void
add_line(struct buf *b, const char *left, const char *doc) {
	size_t len = strlen(left);
	buf_adds(b, left);
	if (len + 2 > DOC_COLUMN)
		buf_printf(b, "\n%*s", DOC_COLUMN, "");
	else
		buf_printf(b, "%*s", DOC_COLUMN - (int)len, "");
	help_wrapped(b, doc, DOC_COLUMN);
}

/* Append the words of a list: ": a, b, c". */
static void
add_choices(struct buf *b, const char *choices) {
	buf_adds(b, ": ");
	for (; *choices; choices++)
		buf_adds(b, *choices == ' ' ? ", " : (char[]){*choices, '\0'});
}

/* Append the options of a table that this version has. */
static void
add_options(struct buf *b, const struct option *row, size_t n) {
	struct buf left = {0}, doc = {0};
	for (size_t i = 0; i < n; i++) {
		if (row[i].later)
			continue;
		buf_adds(&left, "  ");
		if (row[i].letter)
			buf_printf(&left, "-%c, ", row[i].letter);
		else
			buf_adds(&left, "    ");
		buf_printf(&left, "--%s", row[i].name);
		if (row[i].arg)
			buf_printf(&left, " %s", row[i].arg);
		buf_adds(&doc, row[i].doc);
		if (row[i].choices && strchr(row[i].choices, ' '))
			add_choices(&doc, row[i].choices);
		add_line(b, buf_str(&left), buf_str(&doc));
		buf_clear(&left);
		buf_clear(&doc);
	}
	buf_free(&left);
	buf_free(&doc);
}

/* Append the verbs that are offered. */
static void
add_verbs(struct buf *b, const struct command *const *rows, size_t n) {
	struct buf left = {0};
	for (size_t i = 0; i < n; i++) {
		if (rows[i]->hidden || rows[i]->later)
			continue;
		buf_printf(&left, "  %s", rows[i]->name);
		if (rows[i]->alias)
			buf_printf(&left, ", %s", rows[i]->alias);
		if (*rows[i]->args)
			buf_printf(&left, " %s", rows[i]->args);
		add_line(b, buf_str(&left), rows[i]->doc);
		buf_clear(&left);
	}
	buf_free(&left);
}

void
help_short(struct buf *b, const struct command *const *rows, size_t n) {
	buf_adds(b, "Usage: stackplan [OPTIONS] VERB [ARGUMENTS]\n\nVerbs:\n");
	add_verbs(b, rows, n);
	buf_adds(b, "\n'stackplan --help' tells more, 'stackplan VERB --help' the options of a "
		    "verb.\n");
}

void
help_all(struct buf *b, const struct command *const *rows, size_t n) {
	buf_adds(b, "Usage: stackplan [OPTIONS] VERB [ARGUMENTS]\n\n"
		    "Plans, prints, exports and runs plain docker commands from a Compose file.\n\n"
		    "Verbs:\n");
	add_verbs(b, rows, n);
	buf_adds(b, "\nOptions (before or after the verb):\n");
	add_options(b, global_options, nglobal_options);
	buf_adds(b, "\nExamples:\n");
	add_line(b, "  stackplan show", "What would be run, and why; needs no docker");
	add_line(b, "  stackplan apply", "Run what is missing, then look with 'stackplan verify'");
	buf_adds(b, "\n'stackplan VERB --help' tells the options of a verb, 'man stackplan' "
		    "everything.\n");
}

void
help_command(struct ctx *ctx, struct buf *b, const struct command *c) {
	bool own = false;
	for (size_t i = 0; i < c->noption; i++)
		own = own || !c->option[i].later;
	buf_printf(b, "Usage: stackplan %s%s%s%s\n\n", c->name, own ? " [OPTIONS]" : "",
		*c->args ? " " : "", c->args);
	help_wrapped(b, c->more ? arena_printf(ctx->mem, "%s %s", c->doc, c->more) : c->doc, 0);
	if (c->alias)
		buf_printf(b, "\nAlso called: %s\n", c->alias);
	if (own) {
		buf_adds(b, "\nOptions:\n");
		add_options(b, c->option, c->noption);
	}
	buf_adds(b, "\nGlobal options such as -f, -p and --profile: see 'stackplan --help'.\n");
}
