/* command.c - split a command string into words as Compose does; no shell is involved.
 *
 * Blanks separate words, quotes and backslashes protect, "$(...)" and backquotes hold a word
 * together and stay as they are, and an operator of the shell ends it all. Every word is put
 * together from slices of the string, so that it keeps its place and which of its bytes came
 * from variables. Starts at command_split(). */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <string.h>

#include "spec_int.h"

struct splitter {
	struct ctx *ctx;
	const struct word *in;
	struct word view; /* IN with the spans from the present word on */
	struct node *out;
	struct text text; /* of the word in the making */
	size_t start;     /* its first byte in IN */
	size_t run, nrun; /* bytes of IN that are still to be added to the text */
	char first;       /* first byte of the text */
	char last;        /* its last byte */
	bool in_word;
	char quote; /* ' or ", or 0 */
	bool in_backquotes, in_dollar;
	/* a column is counted from the last one, not from the beginning */
	struct pos at;
	size_t counted;
	bool is_exact;
};

/* The place of bytes OFF .. OFF+N; offsets never go back. */
static struct pos
place(struct splitter *sp, size_t off, size_t n) {
	if (!sp->is_exact)
		return sp->in->at;
	for (; sp->counted < off; sp->counted++)
		sp->at.col += ((unsigned char)sp->in->s[sp->counted] & 0xc0) != 0x80;
	size_t chars = 0;
	for (size_t i = off; i < off + n; i++)
		chars += ((unsigned char)sp->in->s[i] & 0xc0) != 0x80;
	sp->at.len = chars < UINT16_MAX ? (uint16_t)chars : UINT16_MAX;
	return sp->at;
}

/* Add the waiting bytes to the word. Spans that end before them are never looked at again. */
static void
flush(struct splitter *sp) {
	struct word *view = &sp->view;
	size_t end = sp->run + sp->nrun, n = 0;

	while (view->nspan > 0 && (size_t)view->span->off + view->span->len < sp->run) {
		view->span++;
		view->nspan--;
	}
	while (n < view->nspan && view->span[n].off < end)
		n++;
	struct word part = {
		.s = view->s, .at = view->at, .span = view->span, .nspan = n & WORD_MAX_SPANS};
	if (sp->nrun > 0)
		text_add_slice(&sp->text, &part, sp->run, sp->nrun);
	sp->nrun = 0;
}

/* Byte I begins a word, or goes on with it (also as a quote, which adds nothing). */
static void
touch(struct splitter *sp, size_t i) {
	if (!sp->in_word) {
		sp->in_word = true;
		sp->start = i;
		sp->first = '\0';
		sp->last = '\0';
	}
}

/* Byte I is part of the word. */
static void
take(struct splitter *sp, size_t i) {
	touch(sp, i);
	if (sp->nrun > 0 && sp->run + sp->nrun != i)
		flush(sp);
	if (sp->nrun == 0)
		sp->run = i;
	sp->nrun++;
	sp->last = sp->in->s[i];
	if (sp->first == '\0')
		sp->first = sp->last;
}

/* The word ends before byte I. */
static void
finish(struct splitter *sp, size_t i) {
	if (!sp->in_word)
		return;
	flush(sp);
	struct word word = text_take(sp->ctx->mem, &sp->text, place(sp, sp->start, i - sp->start));
	node_append(sp->ctx->mem, sp->out, node_from_word(sp->ctx->mem, word));
	sp->in_word = false;
}

/* The string is no command. */
static bool
refuse(struct splitter *sp, size_t i, const char *why) {
	diag(sp->ctx, SEV_ERROR, place(sp, i, sp->in->s[i] != '\0'), "bad-command", "%s", why);
	return false;
}

/* An operator at byte I ends the command; a number right before '>' goes with it. */
static void
cut(struct splitter *sp, size_t i) {
	char c = sp->in->s[i];

	if (c == '>' && sp->in_word && sp->first >= '0' && sp->first <= '9') {
		sp->nrun = 0;
		text_free(&sp->text);
		sp->in_word = false;
	}
	finish(sp, i);
	diag(sp->ctx, SEV_WARNING, place(sp, i, 1), "command-cut",
		"no shell reads this command: '%c' and what follows is dropped; write [sh, -c, "
		"\"...\"] for a shell",
		c);
}

/* Byte I is a quote of some kind that has a meaning here: note it. False: it is an ordinary
 * byte. */
static bool
is_quote(struct splitter *sp, size_t i) {
	char c = sp->in->s[i], other = c == '"' ? '\'' : '"';

	if ((c != '"' && c != '\'') || sp->quote == other || sp->in_dollar)
		return false;
	touch(sp, i);
	sp->quote = sp->quote == c ? '\0' : c;
	return true;
}

/* Byte I is a parenthesis or backquote outside of quotes. Returns false after an error. */
static bool
bracket(struct splitter *sp, size_t i) {
	char c = sp->in->s[i];

	if (c == '`' && !sp->in_dollar)
		sp->in_backquotes = !sp->in_backquotes;
	if (c == '(' && !sp->in_backquotes) {
		if (sp->in_dollar || sp->last != '$' || !sp->in_word)
			return refuse(sp, i,
				"a '(' of the shell stands here, but no shell reads this command: "
				"write it in quotes");
		sp->in_dollar = true;
	} else if (c == ')' && !sp->in_backquotes) {
		if (!sp->in_dollar)
			return refuse(sp, i, "no '(' belongs to this ')': write it in quotes");
		sp->in_dollar = false;
	}
	take(sp, i);
	return true;
}

/* Is nothing open that keeps blanks and operators in the word? */
static bool
is_bare(const struct splitter *sp) {
	return sp->quote == '\0' && !sp->in_backquotes && !sp->in_dollar;
}

/* Say what is still open at the end. */
static bool
is_closed(struct splitter *sp, size_t i) {
	if (sp->quote != '\0')
		return refuse(sp, i,
			sp->quote == '"' ? "the command ends inside of \"...\""
					 : "the command ends inside of '...'");
	if (sp->in_dollar)
		return refuse(sp, i, "the command ends inside of $(...)");
	return !sp->in_backquotes || refuse(sp, i, "the command ends inside of `...`");
}

/* Go through the string. */
static bool
split(struct splitter *sp) {
	const char *s = sp->in->s;
	size_t i = 0;

	for (; s[i] != '\0'; i++) {
		if (s[i] == '\\' && sp->quote != '\'') {
			touch(sp, i);
			if (s[++i] == '\0')
				return refuse(sp, i, "the command ends in a backslash");
			take(sp, i);
		} else if (strchr(" \t\r\n", s[i]) != NULL && is_bare(sp)) {
			finish(sp, i);
		} else if (is_quote(sp, i)) {
			continue;
		} else if (strchr("()`", s[i]) != NULL && sp->quote == '\0') {
			if (!bracket(sp, i))
				return false;
		} else if (strchr(";&|<>", s[i]) != NULL && is_bare(sp)) {
			cut(sp, i);
			return true;
		} else {
			take(sp, i);
		}
	}
	if (!is_closed(sp, i))
		return false;
	finish(sp, i);
	return true;
}

bool
command_split(struct ctx *ctx, const struct word *in, struct node *list) {
	struct splitter sp = {.ctx = ctx, .in = in, .view = *in, .out = list};
	struct pos first = word_pos(in, 0, 0);

	sp.at = first;
	sp.is_exact = first.len != in->at.len || first.col != in->at.col;
	bool is_good = split(&sp);
	text_free(&sp.text);
	return is_good;
}
