/* quote.h - writing text so that another language reads it back unchanged. */
#ifndef STACKPLAN_QUOTE_H
#define STACKPLAN_QUOTE_H

#include <stackplan/words.h>
#include <stddef.h>

struct buf;

enum quote {
	QUOTE_NONE,
	QUOTE_SH,
	QUOTE_HTML,
	QUOTE_MARKDOWN,
	QUOTE_DOT,
	QUOTE_MERMAID,
	QUOTE_JSON,
	QUOTE_ROFF,
};

/* Find a style by name ("sh", "html" ...). Returns false if there is none. */
bool quote_by_name(const char *name, enum quote *out);

/* Append TEXT in the given style: for QUOTE_SH one word, which may be the first of a command; for
 * QUOTE_MARKDOWN running text or a table's cell; for QUOTE_DOT, QUOTE_MERMAID and QUOTE_JSON what
 * stands between the double quotes; for QUOTE_ROFF running text. */
void quote_text(struct buf *, enum quote, const char *text);

/* How a printer writes a reference of a word in POSIX shell. */
struct quote_refs {
	/* What stands for the project folder, unquoted shell text such as "$PWD" or "$dir"; NULL: the
	 * value itself. */
	const char *folder;
	/* Outside values are written out; otherwise those of variables with secret names
	 * (str_is_secret_name) and those that are URLs with a password in them are written as
	 * "${NAME:?set it in the environment}". */
	bool values;
	/* The reference for every outside value, whatever its name; VALUES goes before it. */
	bool all_outside;
};

/* Append WORD as one shell word: bare when it is made of safe characters only, single-quoted
 * otherwise, and double-quoted as a whole when it holds a reference. REF_OUTPUT spans are written
 * as "$name", whatever the refs say. The word is taken for an argument: one in the form of an
 * assignment is bare too ("-e NAME=value"); for the first word of a command use quote_text. */
/* How many bytes at the beginning of TEXT a shell takes as they stand in the middle of an argument: all, for a text that needs no
 * quotes. */
size_t quote_bare(const char *text);

void quote_word(struct buf *, const struct word *, const struct quote_refs *);

/* Append a VALUE for an assignment NAME=...: as quote_word, but the empty text gives nothing. */
void quote_value(struct buf *, const struct word *, const struct quote_refs *);

/* Does quote_word write span I of WORD as a reference? */
bool quote_refers(const struct word *, size_t i, const struct quote_refs *);

/* Append what a shell says when the variable of a reference is not set: "set it in the environment",
 * and the file that it is read from now, without its folder, where the name is plain. */
void quote_wish(struct buf *, const struct ref *);

/* Append one RFC 4180 field, as docker's --mount, --network and --gpus want: wrapped in '"' as a
 * whole when it holds a comma, '"', CR, LF or a leading or trailing blank. */
void quote_csv(struct text *, const struct word *field);

#endif
