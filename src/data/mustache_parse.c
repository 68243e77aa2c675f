/* mustache_parse.c - a template's text becomes a flat array of tokens.
 *
 * Starts at template_parse(), at the end. Text is cut at tags and line ends; a tag's first
 * character says what it is (read_tag); an opening tag and its end know each other's index, so
 * that nothing later searches. Parsing stops at the first error. The rules about lines are in
 * mustache_lines.c. */
#include "mustache_int.h"
#include <assert.h>
#include <stackplan/arena.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Delimiters are at most this long, which keeps the search for them linear. */
enum { MAX_DELIMITER = 16 };

/* A piece of the template's text. */
struct piece {
	const char *s;
	size_t n;
};

struct parser {
	struct ctx *ctx;
	struct arena *mem;
	struct template *t;
	const char *start, *cur, *end;
	struct pos here;          /* the place of cur */
	struct piece open, close; /* the delimiters in force */
	size_t line;              /* the LINE token of the present line; NO_TOKEN: not begun */
	size_t within;            /* the innermost tag that is open; NO_TOKEN */
};

/* What stands in a precision of printf. */
static int
printed(size_t n) {
	return n < 200 ? (int)n : 200;
}

/* Move on to TO, counting lines and characters. */
static void
advance(struct parser *p, const char *to) {
	for (; p->cur < to; p->cur++) {
		if (*p->cur == '\n') {
			p->here.line++;
			p->here.col = 1;
		} else if (((unsigned char)*p->cur & 0xc0) != 0x80) {
			p->here.col++;
		}
	}
}

/* The first place of WHAT between FROM and the end of the text, or NULL. */
static const char *
find(const struct parser *p, const char *from, struct piece what) {
	while ((size_t)(p->end - from) >= what.n) {
		from = memchr(from, what.s[0], (size_t)(p->end - from) - what.n + 1);
		if (from == NULL || memcmp(from, what.s, what.n) == 0) {
			return from;
		}
		from++;
	}
	return NULL;
}

/* Is C a blank between the parts of a tag? */
static bool
is_space(char c) {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The text between FROM and TO without blanks at its ends. */
static struct piece
trimmed(const char *from, const char *to) {
	while (from < to && is_space(*from)) {
		from++;
	}
	while (to > from && is_space(to[-1])) {
		to--;
	}
	return (struct piece){from, (size_t)(to - from)};
}

/* Append a token as it is. */
static struct token *
push_raw(struct parser *p, struct token token) {
	struct template *t = p->t;
	if (t->n == t->cap) {
		size_t cap = t->cap == 0 ? 64 : t->cap * 2;
		t->token = arena_grow(p->mem, t->token, t->cap, cap, sizeof(*t->token));
		t->cap = cap;
	}
	token.within = p->within;
	token.pair = NO_TOKEN;
	t->token[t->n] = token;
	return &t->token[t->n++];
}

/* Append a token, before it that of the line if it is the line's first. */
static struct token *
push(struct parser *p, struct token token) {
	if (p->line == NO_TOKEN) {
		p->line = p->t->n;
		push_raw(p, (struct token){.kind = TOKEN_LINE, .s = "", .at = token.at});
	}
	return push_raw(p, token);
}

/* The line is complete. */
static void
end_line(struct parser *p) {
	if (p->line != NO_TOKEN) {
		template_end_line(p->t, p->line);
		p->line = NO_TOKEN;
	}
}

/* Append the text up to TO, one token a line. */
static void
read_text(struct parser *p, const char *to) {
	while (p->cur < to) {
		const char *newline = memchr(p->cur, '\n', (size_t)(to - p->cur));
		const char *next = newline != NULL ? newline + 1 : to;
		push(p, (struct token){.kind = TOKEN_TEXT,
				.s = p->cur,
				.n = (size_t)(next - p->cur),
				.at = p->here});
		advance(p, next);
		if (newline != NULL) {
			end_line(p);
		}
	}
}

/* Give the token its name, and the path it is if it is looked up in the view. */
static bool
set_name(struct parser *p, struct token *token, struct piece name) {
	if (name.n == 0) {
		diag(p->ctx, SEV_ERROR, token->at, "bad-template", "tag has no name");
		return false;
	}
	token->s = arena_strndup(p->mem, name.s, name.n);
	token->n = name.n;
	if (name.n == 1 && name.s[0] == '.') {
		return true;
	}
	char *path = arena_strndup(p->mem, name.s, name.n);
	token->path = path;
	token->nparts = 1;
	for (size_t i = 0; i < name.n; i++) {
		if (path[i] == '.') {
			path[i] = '\0';
			token->nparts++;
		}
	}
	return true;
}

/* A tag with a name, of any kind but the closing one. */
static bool
read_named(struct parser *p, enum token_kind kind, struct piece name, struct pos at) {
	struct token token = {.kind = kind, .at = at};
	if ((kind == TOKEN_PARTIAL || kind == TOKEN_PARENT) && name.n > 0 && name.s[0] == '*') {
		token.is_dynamic = true;
		name = trimmed(name.s + 1, name.s + name.n);
	}
	if (!set_name(p, &token, name)) {
		return false;
	}
	push(p, token);
	if (kind >= TOKEN_SECTION && kind <= TOKEN_PARENT) {
		p->within = p->t->n - 1;
	}
	return true;
}

/* A closing tag: its pair is the innermost open one, and has the same name. */
static bool
read_close(struct parser *p, struct piece name, struct pos at) {
	if (p->within == NO_TOKEN) {
		diag(p->ctx, SEV_ERROR, at, "bad-template", "'%.*s' is closed, but not open",
			printed(name.n), name.s);
		return false;
	}
	size_t open = p->within;
	struct token *begin = &p->t->token[open];
	if (begin->is_dynamic && name.n > 0 && name.s[0] == '*') {
		name = trimmed(name.s + 1, name.s + name.n);
	}
	if (name.n != begin->n || memcmp(name.s, begin->s, name.n) != 0) {
		diag(p->ctx, SEV_ERROR, at, "bad-template", "'%.*s' is closed, but '%s' is open",
			printed(name.n), name.s, begin->s);
		diag_note(p->ctx, begin->at, "'%s' was opened here", begin->s);
		return false;
	}
	p->within = begin->within;
	size_t close =
		(size_t)(push(p, (struct token){.kind = TOKEN_CLOSE, .at = at}) - p->t->token);
	p->t->token[close].pair = open;
	p->t->token[open].pair = close;
	return true;
}

/* New delimiters: two of them, without '=' and blanks. */
static bool
read_delimiters(struct parser *p, struct piece both, struct pos at) {
	const char *end = both.s + both.n, *gap = both.s;
	while (gap < end && !is_space(*gap)) {
		gap++;
	}
	const char *next = gap;
	while (next < end && is_space(*next)) {
		next++;
	}
	struct piece open = {both.s, (size_t)(gap - both.s)}, close = {next, (size_t)(end - next)};
	bool is_one = true;
	for (size_t i = 0; i < close.n; i++) {
		is_one = is_one && !is_space(close.s[i]);
	}
	if (open.n == 0 || close.n == 0 || !is_one || memchr(both.s, '=', both.n) != NULL) {
		diag(p->ctx, SEV_ERROR, at, "bad-template",
			"'%.*s' is no pair of delimiters, which is written such as {{=<%% %%>=}}",
			printed(both.n), both.s);
		return false;
	}
	if (open.n > MAX_DELIMITER || close.n > MAX_DELIMITER) {
		diag(p->ctx, SEV_ERROR, at, "bad-template", "delimiter has more than %d bytes",
			MAX_DELIMITER);
		return false;
	}
	push(p, (struct token){.kind = TOKEN_SILENT, .at = at});
	p->open = open;
	p->close = close;
	return true;
}

/* A comment. At the very beginning of the text it may name the style for all values. */
static bool
read_comment(struct parser *p, struct piece text, struct pos at, bool is_first) {
	static const char word[] = "escape:";
	push(p, (struct token){.kind = TOKEN_SILENT, .at = at});
	if (!is_first || text.n < strlen(word) || memcmp(text.s, word, strlen(word)) != 0) {
		return true;
	}
	struct piece style = trimmed(text.s + strlen(word), text.s + text.n);
	p->t->has_escape = quote_by_name(arena_strndup(p->mem, style.s, style.n), &p->t->escape);
	if (!p->t->has_escape) {
		diag(p->ctx, SEV_ERROR, at, "bad-template",
			"no escape is named '%.*s': use sh, html, markdown, dot, mermaid, json, "
			"roff or none",
			printed(style.n), style.s);
	}
	return p->t->has_escape;
}

/* The end of a tag whose content begins at FROM: the delimiter, with BEFORE (if not NUL) in front
 * of it. NULL if there is none. */
static const char *
find_close(const struct parser *p, const char *from, char before) {
	const char *close = find(p, from, p->close);
	while (before != '\0' && close != NULL && (close == from || close[-1] != before)) {
		close = find(p, close + 1, p->close);
	}
	return close;
}

/* The place of a tag that began at AT and has just been read. */
static struct pos
tag_place(const struct parser *p, struct pos at) {
	uint32_t len = p->here.line == at.line ? p->here.col - at.col : 0;
	at.len = len < UINT16_MAX ? (uint16_t)len : UINT16_MAX;
	return at;
}

/* The kind of tag that begins with this character; TOKEN_VALUE when the name does. */
static enum token_kind
kind_of(char sigil) {
	static const struct {
		char sigil;
		enum token_kind kind;
	} kinds[] = {
		{'#', TOKEN_SECTION},
		{'$', TOKEN_BLOCK},
		{'&', TOKEN_RAW},
		{'/', TOKEN_CLOSE},
		{'<', TOKEN_PARENT},
		{'>', TOKEN_PARTIAL},
		{'^', TOKEN_INVERTED},
		{'{', TOKEN_RAW},
		{'!', TOKEN_SILENT},
		{'=', TOKEN_SILENT},
	};
	for (size_t i = 0; i < countof(kinds); i++) {
		if (kinds[i].sigil == sigil) {
			return kinds[i].kind;
		}
	}
	return TOKEN_VALUE;
}

/* Read the tag that begins at p->cur. */
static bool
read_tag(struct parser *p) {
	const char *from = p->cur + p->open.n;
	struct pos at = p->here;
	bool is_first = p->cur == p->start;
	while (from < p->end && is_space(*from)) {
		from++;
	}
	char sigil = from < p->end ? *from : '\0';
	enum token_kind kind = kind_of(sigil);
	from += kind != TOKEN_VALUE;
	const char *close = find_close(p, from, sigil == '{' ? '}' : sigil == '=' ? '=' : '\0');
	if (close == NULL) {
		at.len = (uint16_t)p->open.n;
		diag(p->ctx, SEV_ERROR, at, "bad-template", "tag is not closed by '%s%.*s'",
			sigil == '{'   ? "}"
			: sigil == '=' ? "="
				       : "",
			(int)p->close.n, p->close.s);
		return false;
	}
	struct piece content = trimmed(from, sigil == '{' || sigil == '=' ? close - 1 : close);
	advance(p, close + p->close.n);
	at = tag_place(p, at);
	if (kind == TOKEN_CLOSE) {
		return read_close(p, content, at);
	}
	if (kind == TOKEN_SILENT) {
		return sigil == '=' ? read_delimiters(p, content, at)
				    : read_comment(p, content, at, is_first);
	}
	return read_named(p, kind, content, at);
}

/* Report every tag that is still open at the end of the text. */
static bool
all_closed(struct parser *p) {
	for (size_t i = p->within; i != NO_TOKEN; i = p->t->token[i].within) {
		diag(p->ctx, SEV_ERROR, p->t->token[i].at, "bad-template", "'%s' is not closed",
			p->t->token[i].s);
	}
	return p->within == NO_TOKEN;
}

/* Is the token nothing when it is rendered? */
static bool
is_nothing(const struct token *token) {
	return token->kind == TOKEN_SILENT || token->kind == TOKEN_CLOSE ||
	       (token->kind == TOKEN_LINE && !token->is_indented) ||
	       (token->kind == TOKEN_TEXT && token->n == 0);
}

/* Work out what is asked of each token again and again. */
static void
prepare_tokens(struct template *t) {
	size_t live = t->n;
	for (size_t i = t->n; i-- > 0;) {
		struct token *token = &t->token[i];
		live = is_nothing(token) ? live : i;
		token->live = live;
		token->sig = token->nparts > 0 ? key_sig(token->path) : 0;
	}
}

struct template *
template_parse(struct ctx *ctx, struct arena *mem, uint16_t src) {
	size_t len = 0;
	const char *text = diag_source_text(ctx, src, &len);
	assert(text != NULL);
	struct parser p = {.ctx = ctx, .mem = mem, .t = arena_make(mem, struct template)};
	p.start = p.cur = text;
	p.end = text + len;
	p.here = (struct pos){.line = 1, .col = 1, .src = src};
	p.open = (struct piece){"{{", 2};
	p.close = (struct piece){"}}", 2};
	p.line = p.within = NO_TOKEN;
	for (;;) {
		const char *tag = find(&p, p.cur, p.open);
		read_text(&p, tag != NULL ? tag : p.end);
		if (tag == NULL) {
			break;
		}
		if (!read_tag(&p)) {
			return NULL;
		}
	}
	end_line(&p);
	if (!all_closed(&p)) {
		return NULL;
	}
	prepare_tokens(p.t);
	return p.t;
}
