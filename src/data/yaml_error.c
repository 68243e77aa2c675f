/* yaml_error.c - say what is wrong with a text that is no YAML, and where it has to be mended.
 *
 * Two doors: yaml_prescan() looks at the bytes before libyaml does, yaml_syntax_error() words
 * what libyaml found. libyaml's own words are kept where they are clear. */
#include "data_int.h"

#include <stackplan/arena.h>
#include <stackplan/str.h>
#include <string.h>

/* libyaml compares each directive with all before it. */
enum { DIRECTIVES_MAX = 16 };

/* Report that byte OFF can't be here. */
static bool
bad_byte(struct ctx *ctx, struct cursor at, size_t off, const char *code, const char *what) {
	struct pos pos;

	cursor_to_byte(&at, off);
	pos = cursor_pos(&at, at.index + 1);
	diag(ctx, SEV_ERROR, pos, code, "%s", what);
	return false;
}

/* Are there few enough lines that begin with '%'? */
static bool
has_few_directives(struct ctx *ctx, struct cursor text) {
	size_t count = 0;

	for (const char *p = text.s, *end = text.s + text.n; p != NULL && p < end;) {
		if (*p == '%' && ++count > DIRECTIVES_MAX)
			return bad_byte(ctx, text, (size_t)(p - text.s), "yaml-syntax",
				"more than 16 lines that begin with '%'");
		p = memchr(p, '\n', (size_t)(end - p));
		p = p != NULL ? p + 1 : NULL;
	}
	return true;
}

/* How many bytes at the beginning are ASCII, or a few less. */
static size_t
ascii_run(const char *s, size_t n) {
	size_t i = 0;

	for (uint64_t w; i + sizeof(w) <= n; i += sizeof(w)) {
		memcpy(&w, s + i, sizeof(w));
		if ((w & 0x8080808080808080u) != 0)
			break;
	}
	return i;
}

/* Is the text UTF-8? *bad gets the offset of the first wrong byte. */
static bool
is_utf8(const struct cursor *text, size_t *bad) {
	size_t skip = ascii_run(text->s, text->n);

	if (str_is_utf8(text->s + skip, text->n - skip, bad))
		return true;
	*bad += skip;
	return false;
}

bool
yaml_prescan(struct ctx *ctx, struct cursor text) {
	const char *nul;
	size_t bad;

	if (text.n >= 2 &&
		(memcmp(text.s, "\xff\xfe", 2) == 0 || memcmp(text.s, "\xfe\xff", 2) == 0))
		return bad_byte(ctx, text, 0, "bad-utf8", "this is UTF-16; save the file as UTF-8");
	nul = text.n > 0 ? memchr(text.s, '\0', text.n) : NULL;
	if (!is_utf8(&text, &bad) && (nul == NULL || bad < (size_t)(nul - text.s)))
		return bad_byte(
			ctx, text, bad, "bad-utf8", "this is not UTF-8; save the file as UTF-8");
	if (nul != NULL)
		return bad_byte(ctx, text, (size_t)(nul - text.s), "nul-byte",
			"a NUL byte stands here; no text of a spec may hold one");
	return has_few_directives(ctx, text);
}

/* Words for one of libyaml's problems. */
struct wording {
	const char *problem, *text;
	bool at_context; /* what must be mended is where the context began, not where it was noticed */
};

static const struct wording wordings[] = {
	{"did not find expected key",
		"no key where one should be: the indentation fits no open mapping, or something "
		"before lacks "
		"a closing quote",
		false},
	{"could not find expected ':'", "no ': ' behind this key: a key needs a ':' and a blank",
		true},
	{"did not find expected '-' indicator",
		"no '- ' where a list goes on: the indentation fits neither the list nor what "
		"holds it",
		false},
	{"block sequence entries are not allowed in this context",
		"a list item '- ' cannot stand here: begin the list on a line of its own", false},
	{"did not find expected <document start>",
		"this line belongs to nothing: it is indented less than the first line, or a ':' "
		"is missing "
		"above",
		false},
	{"did not find expected alphabetic or numeric character",
		"'*' and '&' begin an alias or an anchor: put the value in quotes", true},
	{"found unknown escape character",
		"no such escape in double quotes: write '\\\\' for a backslash, or use single "
		"quotes",
		false},
	{"did not find expected node content",
		"a key or a value is missing here, or it begins with a character that needs quotes",
		false},
	{"did not find expected comment or line break",
		"'|' and '>' begin a text on the next line: put a value that begins so in quotes",
		true},
	{"mapping keys are not allowed in this context",
		"a '?' cannot stand here: put the value in quotes", false},
	{"found undefined tag handle", "no such tag: a value that begins with '!' needs quotes",
		false},
	{"did not find expected ',' or ']'",
		"no ',' or ']' where a list in brackets goes on or ends", false},
	{"did not find expected ',' or '}'",
		"no ',' or '}' where a mapping in braces goes on or ends", false},
};

/* Words for libyaml's contexts, in a note at the place where they began. */
static const struct wording contexts[] = {
	{"while parsing a block mapping", "the mapping begins here", false},
	{"while parsing a block collection", "the list begins here", false},
	{"while parsing a flow sequence", "the list begins here", false},
	{"while parsing a flow mapping", "the mapping begins here", false},
	{"while scanning a simple key", NULL, false},
	{"while scanning for the next token", NULL, false},
	{"while scanning a plain scalar", "the value begins here", false},
	{"while scanning a block scalar", "the text begins here", false},
	{"while parsing a quoted scalar", "the quoted text begins here", false},
	{"while parsing a flow node", NULL, false},
	{"while parsing a block node", NULL, false},
	{"while parsing a node", NULL, false},
};

/* The row for a text of libyaml's, or NULL. */
static const struct wording *
find_wording(const struct wording *rows, size_t n, const char *problem) {
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].problem, problem))
			return &rows[i];
	return NULL;
}

/* The place of one of libyaml's marks. */
static struct pos
place(struct cursor at, yaml_mark_t mark) {
	cursor_to(&at, mark.index);
	return cursor_pos(&at, mark.index + 1);
}

/* Report a tab among the blanks that begin the line of MARK, if there is one. */
static bool
is_tab_indent(struct ctx *ctx, struct cursor at, yaml_mark_t mark) {
	size_t begin, i;

	cursor_to(&at, mark.index);
	begin = at.off;
	while (begin > 0 && at.s[begin - 1] != '\n')
		begin--;
	for (i = begin; i < at.n && at.s[i] == ' ';)
		i++;
	if (i >= at.n || at.s[i] != '\t')
		return false;
	bad_byte(ctx, at, i, "tab-indent",
		"a tab in the indentation; indent with blanks, not with tabs");
	return true;
}

/* Report a quote that was never closed, if that is what libyaml ran into. */
static bool
is_unclosed_quote(
	struct ctx *ctx, struct cursor at, const yaml_parser_t *p, const struct long_quote *quote) {
	struct pos begin;

	if (p->context != NULL && str_eq(p->context, "while scanning a quoted scalar") &&
		str_starts(p->problem, "found unexpected"))
		begin = place(at, p->context_mark);
	else if (quote->end_line > 0 && quote->end_line == p->problem_mark.line)
		begin = quote->at;
	else
		return false;
	begin.len = 1;
	diag(ctx, SEV_ERROR, begin, "unclosed-quote", "the quote that begins here is not closed");
	diag_note(ctx, place(at, p->problem_mark), "noticed here");
	return true;
}

/* Report a character that begins nothing. */
static bool
is_bad_start(struct ctx *ctx, struct cursor at, const yaml_parser_t *p) {
	struct pos pos = place(at, p->problem_mark);

	if (!str_eq(p->problem, "found character that cannot start any token"))
		return false;
	cursor_to(&at, p->problem_mark.index);
	if (at.off < at.n && at.s[at.off] == '\t')
		diag(ctx, SEV_ERROR, pos, "tab-indent", "a tab cannot stand here; use blanks");
	else
		diag(ctx, SEV_ERROR, pos, "yaml-syntax",
			"a value cannot begin with '%c': put it in quotes",
			at.off < at.n ? at.s[at.off] : '?');
	return true;
}

/* Report something behind a closing quote. */
static bool
is_behind_quote(struct ctx *ctx, struct cursor at, const yaml_parser_t *p) {
	bool is_anchor =
		str_eq(p->problem, "did not find expected alphabetic or numeric character");
	yaml_mark_t mark = is_anchor ? p->context_mark : p->problem_mark;
	struct pos pos = place(at, mark);
	size_t i;

	cursor_to(&at, mark.index);
	for (i = at.off; i > 0 && at.s[i - 1] == ' ';)
		i--;
	if ((!is_anchor && !str_eq(p->problem, "did not find expected key")) || i == 0 ||
		at.off >= at.n || at.s[at.off] == '\n' ||
		(at.s[i - 1] != '"' && at.s[i - 1] != '\''))
		return false;
	diag(ctx, SEV_ERROR, pos, "yaml-syntax",
		"nothing may follow a closing quote: put the whole value in quotes");
	return true;
}

/* Report by the tables. */
static void
report(struct ctx *ctx, struct cursor at, const yaml_parser_t *p) {
	const struct wording *w = find_wording(wordings, countof(wordings), p->problem);
	const struct wording *c =
		p->context != NULL ? find_wording(contexts, countof(contexts), p->context) : NULL;
	bool is_at_context = w != NULL && w->at_context && p->context != NULL;

	diag(ctx, SEV_ERROR, place(at, is_at_context ? p->context_mark : p->problem_mark),
		"yaml-syntax", "%s", w != NULL ? w->text : p->problem);
	if (is_at_context && p->context_mark.line != p->problem_mark.line)
		diag_note(ctx, place(at, p->problem_mark), "noticed here");
	else if (!is_at_context && c != NULL && c->text != NULL)
		diag_note(ctx, place(at, p->context_mark), "%s", c->text);
	else if (!is_at_context && c == NULL && p->context != NULL)
		diag_note(ctx, place(at, p->context_mark), "%s", p->context);
}

void
yaml_syntax_error(struct ctx *ctx, struct cursor text, const yaml_parser_t *p,
	const struct long_quote *quote) {
	/* libyaml asked for memory and got none, the only failure that has no words: end as the
	 * allocators do, by asking for too much. */
	if (p->error == YAML_MEMORY_ERROR || p->problem == NULL)
		xreallocarray(NULL, SIZE_MAX, 2);
	if (p->error == YAML_READER_ERROR) {
		bad_byte(ctx, text, p->problem_offset, "control-char",
			"a control character stands here; write it as an escape in double quotes");
		return;
	}
	if (is_tab_indent(ctx, text, p->problem_mark) || is_unclosed_quote(ctx, text, p, quote) ||
		is_bad_start(ctx, text, p) || is_behind_quote(ctx, text, p))
		return;
	if (str_eq(p->problem, "mapping values are not allowed in this context"))
		yaml_bad_colon(ctx, text, p->problem_mark.index);
	else
		report(ctx, text, p);
}
