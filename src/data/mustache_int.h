/* mustache_int.h - what the files of the template renderer share: a compiled template, and its
 * rendering.
 *
 * mustache_parse.c turns a text into one flat array of tokens, mustache_lines.c settles at the end
 * of each line which blanks and line ends of it are output, mustache.c walks the array, and
 * mustache_parts.c puts one template into another. */
#ifndef STACKPLAN_MUSTACHE_INT_H
#define STACKPLAN_MUSTACHE_INT_H

#include <stackplan/diag.h>
#include <stackplan/quote.h>

struct arena;
struct buf;
struct mustache;
struct node;

enum token_kind {
	TOKEN_LINE,     /* a line begins: the place for indentation */
	TOKEN_TEXT,     /* at most one line's literal text */
	TOKEN_SILENT,   /* a comment, or new delimiters */
	TOKEN_VALUE,    /* {{name}} */
	TOKEN_RAW,      /* {{{name}}} and {{&name}} */
	TOKEN_SECTION,  /* {{#name}} */
	TOKEN_INVERTED, /* {{^name}} */
	TOKEN_BLOCK,    /* {{$name}} */
	TOKEN_PARENT,   /* {{<name}} */
	TOKEN_PARTIAL,  /* {{>name}} */
	TOKEN_CLOSE,    /* {{/name}} */
};

/* "Nothing", for indices of tokens. */
#define NO_TOKEN SIZE_MAX

struct token {
	enum token_kind kind;
	bool is_dynamic;    /* {{>*name}}: the partial's name is the value of NAME */
	bool is_standalone; /* has its line for itself, so the line itself is no output */
	bool opens_line;    /* a block whose content begins on the next line */
	bool is_indented;   /* a line that gets indentation: not empty, not standalone */
	const char *s;      /* TEXT: the bytes; LINE: its leading blanks; tags: the name */
	size_t n;
	const char *path; /* the parts of a dotted name behind each other, each with its NUL */
	size_t nparts;    /* how many; 0: "." */
	uint32_t sig;     /* key_sig of the first */
	size_t live;      /* the first token from this one on that is some output */
	size_t pair;      /* the tag that closes this one, or that this one closes; NO_TOKEN */
	size_t within;    /* the innermost tag that is open around this one; NO_TOKEN */
	/* PARTIAL, PARENT, BLOCK: the blanks by which what is put here is indented. */
	const char *indent;
	size_t nindent;
	size_t nmargin; /* BLOCK: leading blanks that its lines lose when they are put elsewhere */
	const char *newline; /* BLOCK: the line end that a standalone one took with it, or "" */
	size_t nnewline;
	struct pos at;
};

struct template {
	const char *name; /* of a partial; NULL for the template itself */
	struct token *token;
	size_t n, cap;
	bool has_escape; /* a comment at its beginning names a style */
	enum quote escape;
	struct template *next;
};

/* Compile a registered source into the arena MEM. NULL when there was a syntax error, which is
 * then reported. */
struct template *template_parse(struct ctx *, struct arena *mem, uint16_t src);

/* The line that begins at the LINE token FIRST has come to its end: decide what of it is output. */
void template_end_line(struct template *, size_t first);

/* The stack of contexts, innermost first. */
struct context {
	const struct node *node;
	const struct context *outer;
};

struct scene;

/* What one parent tag hands to its parent: the blocks between it and its end. */
struct arguments {
	const struct scene *scene; /* where the tag stands */
	size_t parent;             /* the tag's token there */
	const struct arguments *outer;
};

struct scene {
	const struct template *t;
	const struct context *context;
	const struct arguments *arguments;
	const char *indent; /* put before each line */
	size_t nmargin;     /* leading blanks that each line loses */
	enum quote escape;
	unsigned npartial;
};

struct render {
	struct ctx *ctx;
	struct arena *mem; /* freed when done */
	struct buf *out;
	const struct mustache *how;
	struct template *partials; /* compiled so far */
	size_t work;
	unsigned depth;
	bool is_midline; /* the next line continues what stands before a block's tag */
};

/* The value of a tag's name, or NULL: its first part is searched from the innermost context
 * outwards, the others only below that. */
const struct node *scene_find(const struct scene *, const struct token *);

/* The text that a value is printed as; "" for what has none. */
const char *scene_text(struct arena *, const struct node *);

/* Report, at the tag, what went beyond a bound; returns false. */
bool render_refuse(struct render *, const struct token *tag, const char *what);

/* Walk over tokens of the scene's template, one level deeper, on behalf of the tag. False when
 * something was refused. */
bool render_inside(
	struct render *, const struct scene *, const struct token *tag, size_t from, size_t to);

/* Render the partial or parent that the tag names, with these arguments. Only one that has its
 * line for itself is indented: another continues the line it stands in. */
bool render_partial(
	struct render *, const struct scene *, const struct token *tag, const struct arguments *);

/* The parent tag at this index of the scene's tokens: what stands before its end are arguments. */
bool render_parent(struct render *, const struct scene *, size_t at);

/* The block at this index: what an argument replaces it with, or its own content. One that has its
 * lines for itself ends with the end of a line, if it isn't empty. */
bool render_block(struct render *, const struct scene *, size_t at);

#endif
