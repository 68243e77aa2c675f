/* words.h - where text came from: places, references, and argument vectors that keep both.
 *
 * A word is a piece of text that will be an argument of a command. It knows the place in the
 * spec that asked for it, and which of its bytes came from outside the spec files: those are
 * spans. A printer may then write the reference ("$PWD", "${DB_PASSWORD:?...}") in the place of
 * the value, while exec uses the value. */
#ifndef STACKPLAN_WORDS_H
#define STACKPLAN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A place in a source text. line and col count from 1, col in characters; line 0 is nowhere.
 * len is the length in characters (0: unknown). src is an index from diag_source (diag.h). */
struct pos {
	uint32_t line, col;
	uint16_t src, len;
};

/* Where text came from, if not from the spec's own letters. */
enum ref_from {
	REF_FOLDER,  /* the project folder's absolute path */
	REF_ENVIRON, /* a variable of stackplan's own environment */
	REF_DOTENV,  /* a variable of .env or --env-file */
	REF_ENVFILE, /* a variable of a service's env_file */
	REF_OUTPUT,  /* what a command prints; known when it has run */
};

/* How a variable stands in its file: on a line that a script can read by a plain rule, or otherwise. */
enum ref_line {
	LINE_OTHER,
	LINE_PLAIN,  /* NAME=value */
	LINE_SPACED, /* NAME=value, and blanks or a comment behind it; no '#' in the value */
	LINE_SINGLE, /* NAME='value' */
	LINE_DOUBLE, /* NAME="value" */
};

struct ref {
	enum ref_from from : 8;
	enum ref_line line : 8;
	bool many : 1; /* REF_OUTPUT: each line is a word of its own; such a span is its word's only text */
	struct pos at;    /* where it is defined, if that is a file */
	const char *name; /* the variable's name; for REF_OUTPUT a name a shell variable may have */
	const char *file; /* for REF_DOTENV and REF_ENVFILE: the file as the user would write it */
	const char *path; /* that file, absolute */
	const char *as;   /* what scripts call the variable where NAME can't be; NULL: NAME */
	const struct word *
		with; /* its value with the spans of the variables that the line uses, each as $NAME or ${NAME}; or NULL */
};

/* What scripts call the variable of a reference. */
const char *ref_shell_name(const struct ref *);

/* Bytes off .. off+len of a text came from ref. Spans of one text are sorted and don't overlap. */
struct span {
	uint32_t off, len;
	const struct ref *ref;
};

#define WORD_MAX_SPANS 0x7fffffffu

struct word {
	const char *s;
	struct pos at;
	uint32_t nspan : 31;
	bool starts : 1; /* begins a new option: a printer breaks long commands before such words */
	const struct span *span;
};

/* Does the word stand for as many as the lines of an output? */
static inline bool
word_is_many(const struct word *word) {
	return word->nspan == 1 && word->span[0].ref->many;
}

/* An argument vector. {0} is a valid empty one. */
struct words {
	struct word *v;
	uint32_t n, cap;
};

/* Append text (not copied) with the place that asked for it. */
static inline void words_push(struct arena *, struct words *, const char *text, struct pos at);
static inline void words_push_word(struct arena *, struct words *, struct word);
void words_push_all(struct arena *, struct words *, const struct words *);

/* Make room for at least one more. */
void words_more(struct arena *, struct words *);

/* An empty one with room for N words. */
struct words words_with_room(struct arena *, size_t n);
/* The words FROM up to the one before TO, where they stand. */
struct words words_part(const struct words *, size_t from, size_t to);

/* Words are put together from parts and moved at once; done without a call the parts go where they belong. */
static inline void
words_push_word(struct arena *mem, struct words *words, struct word word) {
	if (words->n == words->cap)
		words_more(mem, words);
	words->v[words->n++] = word;
}

static inline void
words_push(struct arena *mem, struct words *words, const char *text, struct pos at) {
	words_push_word(mem, words, (struct word){.s = text, .at = at});
}

/* The texts alone, NULL-terminated, in the arena: what exec wants. */
char **words_argv(struct arena *, const struct words *);

/* Does any byte of the word come from REF_ENVIRON, REF_DOTENV or REF_ENVFILE? */
bool word_is_outside(const struct word *);

/* A word in the making, from pieces. {0} is empty. Ends in text_take, which empties it. */
struct text {
	char *s;
	size_t n, cap;
	struct span *span;
	size_t nspan, cap_span;
};
void text_add(struct text *, const char *literal);
void text_addn(struct text *, const char *literal, size_t n);
/* Bytes off .. off+n of WORD with the spans that fall into them. */
void text_add_slice(struct text *, const struct word *, size_t off, size_t n);
void text_add_word(struct text *, const struct word *);
/* VALUE, all of it from REF. An empty value leaves no span, but that of REF_OUTPUT does: there the
 * value is not known yet. */
void text_add_ref(struct text *, const char *value, const struct ref *);
struct word text_take(struct arena *, struct text *, struct pos at);
/* Give up a text that will not be taken. */
void text_free(struct text *);

/* Bytes off .. off+n of WORD as a word of its own. */
struct word word_slice(struct arena *, const struct word *, size_t off, size_t n);

#endif
