/* explain_int.h - what is known of keys, of docker's flags and of diagnostic codes, in words (explain_*.c). */
#ifndef STACKPLAN_EXPLAIN_INT_H
#define STACKPLAN_EXPLAIN_INT_H

#include <stackplan/keys.h>

#include "cli_int.h"

/* One diagnostic code, in plain words. */
struct code_row {
	const char *code, *doc;
};
extern const struct code_row code_rows[];
extern const size_t code_nrows;

/* A flag of docker that no row of a key has, or that has a second name. */
struct flag_row {
	const char *flag, *other; /* other: "-p", or NULL */
	const char *keys;         /* paths of keys that do the same, blank-separated; "" for none */
	const char *doc;
};
extern const struct flag_row flag_rows[];
extern const size_t flag_nrows;

/* One key and the way to it from the top: "services.*.ports[].target". */
struct key_path {
	const char *path;
	const struct key *key;
	enum standing standing; /* its own, or that of the key above it */
};
struct key_paths {
	struct key_path *v;
	size_t n, cap;
};
/* All keys of the specification, each once at every place where it may stand. */
void key_paths(struct ctx *, struct key_paths *out);
/* Could the user mean this key by NAME: its name, or an end of its path ("web.mem_limit")?
 * *WHOLE: it is the path from the top. */
bool key_path_is(const char *path, const char *name, bool *whole);
/* The command that gets the flag of the key at PATH. */
const char *key_command(const char *path);
/* What may stand there, how a later file's value is laid over it, and how it stands: in words. */
const char *shape_words(struct ctx *, const struct key *);
const char *merge_words(const struct key *);
const char *standing_words(enum standing);
/* Which engine and docker program have it, and what becomes of it before; NULL: all have it. */
const char *since_words(struct ctx *, const struct key *);
const char *standing_name(enum standing);
/* {format_version, keys: [...], codes: [...]} */
struct node *keys_tree(struct ctx *);

#endif
