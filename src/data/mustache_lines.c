/* mustache_lines.c - standalone tags: which blanks and line ends of a template are output, which
 * are layout.
 *
 * Starts at template_end_line(), called when all tokens of a line are there. A line with one tag
 * on it, apart from blanks, is no output unless the tag prints a value; what its partial or block
 * puts there is indented like the tag. The tags of inheritance may share such a line:
 * "{{<page}}{{$title}}". */
#include "mustache_int.h"
#include <string.h>

/* How many blanks the text begins with. */
static size_t
leading_blanks(const char *s, size_t n) {
	size_t i = 0;
	while (i < n && (s[i] == ' ' || s[i] == '\t')) {
		i++;
	}
	return i;
}

/* How many bytes of the text's end are the end of the line. */
static size_t
line_end(const char *s, size_t n) {
	if (n == 0 || s[n - 1] != '\n') {
		return 0;
	}
	return n > 1 && s[n - 2] == '\r' ? 2 : 1;
}

/* Are there only blanks before the end of the line? */
static bool
is_blank(const struct token *text) {
	return leading_blanks(text->s, text->n) + line_end(text->s, text->n) == text->n;
}

/* Is it a tag of inheritance, opening or closing? */
static bool
is_inheritance(const struct template *t, const struct token *token) {
	enum token_kind kind =
		token->kind == TOKEN_CLOSE ? t->token[token->pair].kind : token->kind;
	return kind == TOKEN_PARENT || kind == TOKEN_BLOCK;
}

/* Is it a block that is an argument of a parent tag, and not a place where something is put? */
static bool
is_argument(const struct template *t, const struct token *token) {
	return token->kind == TOKEN_BLOCK && token->within != NO_TOKEN &&
	       t->token[token->within].kind == TOKEN_PARENT;
}

/* The token after I at the level of the line: what a parent tag holds that is closed on the line
 * doesn't count. */
static size_t
next_on_line(const struct template *t, size_t i) {
	const struct token *token = &t->token[i];
	bool is_whole = token->kind == TOKEN_PARENT && token->pair != NO_TOKEN;
	return is_whole ? token->pair + 1 : i + 1;
}

/* Are there only tags on the line that are no output, and not too many? */
static bool
is_standalone(const struct template *t, size_t first) {
	size_t ntags = 0, ninheritance = 0, nplaces = 0;
	for (size_t i = first + 1; i < t->n; i = next_on_line(t, i)) {
		const struct token *token = &t->token[i];
		if (token->kind == TOKEN_VALUE || token->kind == TOKEN_RAW) {
			return false;
		}
		if (token->kind == TOKEN_TEXT) {
			if (!is_blank(token)) {
				return false;
			}
			continue;
		}
		ntags++;
		if (is_inheritance(t, token)) {
			ninheritance++;
			nplaces += token->kind != TOKEN_CLOSE && !is_argument(t, token);
		}
	}
	return ntags == 1 || (ntags > 0 && ninheritance == ntags && nplaces <= 1);
}

/* The first line with something on it within the block: its blanks are the margin. NULL if there
 * is none. */
static const struct token *
first_line(const struct template *t, const struct token *block) {
	const struct token *line = NULL;
	for (size_t i = (size_t)(block - t->token) + 1; i < block->pair; i++) {
		const struct token *token = &t->token[i];
		if (token->kind == TOKEN_LINE) {
			line = token;
		} else if (token->kind != TOKEN_TEXT || !is_blank(token)) {
			return line;
		}
	}
	return NULL;
}

/* A block that began with a line of its own has been closed: its margin, and by what it indents. */
static void
measure_block(const struct template *t, struct token *block) {
	const struct token *line = first_line(t, block);
	if (line != NULL) {
		block->nmargin = line->n;
		block->indent = line->s;
		block->nindent = line->n;
	}
}

/* The line is no output: its tags take over the blanks and the line end. */
static void
take_line(struct template *t, size_t first) {
	struct token *line = &t->token[first], *last = &t->token[t->n - 1];
	size_t nnewline = last->kind == TOKEN_TEXT ? line_end(last->s, last->n) : 0;
	const char *newline = nnewline > 0 ? last->s + last->n - nnewline : "";
	for (size_t i = first + 1; i < t->n; i = next_on_line(t, i)) {
		struct token *token = &t->token[i];
		token->is_standalone = true;
		token->indent = line->s;
		token->nindent = line->n;
		if (token->kind == TOKEN_TEXT) {
			token->n = 0;
		} else if (token->kind == TOKEN_BLOCK) {
			token->opens_line = token->pair == NO_TOKEN;
		} else if (token->kind == TOKEN_CLOSE) {
			struct token *open = &t->token[token->pair];
			open->newline = newline;
			open->nnewline = nnewline;
		}
	}
}

void
template_end_line(struct template *t, size_t first) {
	struct token *line = &t->token[first];
	bool has_text = t->n > first + 1 && line[1].kind == TOKEN_TEXT;
	bool is_empty = t->n == first + 1 || (t->n == first + 2 && has_text && is_blank(&line[1]));
	if (is_empty) {
		return;
	}
	if (has_text) {
		line->s = line[1].s;
		line->n = leading_blanks(line[1].s, line[1].n);
	}
	if (is_standalone(t, first)) {
		take_line(t, first);
	} else {
		line->is_indented = true;
		if (has_text) {
			line[1].s += line->n;
			line[1].n -= line->n;
		}
	}
	for (size_t i = first + 1; i < t->n; i++) {
		const struct token *close = &t->token[i];
		if (close->kind == TOKEN_CLOSE && t->token[close->pair].opens_line) {
			measure_block(t, &t->token[close->pair]);
		}
	}
}
