/* env.h - the project environment: variables, their values, and where each came from.
 *
 * Order of precedence (Compose): stackplan's own environment, then env files (--env-file or .env), a later
 * file over an earlier one. The same type holds the variables of a service's env_file. */
#ifndef STACKPLAN_ENV_H
#define STACKPLAN_ENV_H

#include <stackplan/words.h>

struct ctx;
struct env;
struct node;

struct env_var {
	const char *name;
	struct word
		value; /* its spans: REF_* of this variable as a whole, plus those of variables used in it */
	const struct ref *ref;
	const struct env_var *shadows; /* the next one of this name that lost, or NULL */
};

/* An empty environment; UNDER is asked for names that are not in it (may be NULL). */
struct env *env_new(struct ctx *, const struct env *under);

/* Add stackplan's own variables: a NULL-terminated "NAME=value" list. */
void env_add_own(struct ctx *, struct env *, char *const *environ);

/* Set a variable from the command line or the program itself (COMPOSE_PROJECT_NAME): no reference, beats all others. */
void env_set(struct ctx *, struct env *, const char *name, const char *value);

/* Look up a name of LEN bytes; NULL when it is unset. */
const struct env_var *env_find(const struct env *, const char *name, size_t len);
/* Its value, or NULL. */
const char *env_value(const struct env *, const char *name);

/* All variables in the order they were added, for `env` and env_file: i from 0; NULL after the last. */
const struct env_var *env_nth(const struct env *, size_t i);

/* Read a registered source in the dotenv grammar (Compose's, reference: compose-go's dotenv rules as listed in the manual) into ENV.
 * Values are interpolated: LOOKUP first, then variables set before in ENV. A variable that ENV itself already has from an earlier file
 * is replaced (and kept in .shadows). FROM is REF_DOTENV or REF_ENVFILE. Problems are diagnosed at their line; false then. */
bool envfile_read(
	struct ctx *, struct env *, uint16_t src, enum ref_from from, const struct env *lookup);

/* The same for `format: raw`: NAME=VALUE lines, no quotes, no interpolation. */
bool envfile_read_raw(struct ctx *, struct env *, uint16_t src, const struct env *lookup);

/* Interpolate $NAME and ${NAME...} in every string scalar of TREE, in place (values only, never keys). A scalar that held
 * a reference becomes a NODE_STR whose spans tell the bytes that came from variables; text of a default (${X:-default}) is the spec's
 * own. An unset variable warns once a name. Wrong forms and ${X:?message} are errors at the '$' where the place allows. */
bool interp_tree(struct ctx *, struct node *tree, const struct env *);

/* One text. AT is the place of its first character; FLAGS as of the node (a quoted or block scalar has no exact inner places).
 * False after an error. */
bool interp_word(struct ctx *, const struct word *in, unsigned node_flags, const struct env *,
	struct word *out);

/* A place where the spec asks for a variable: $NAME, or ${NAME} with what follows the name. */
struct use {
	const char *name;
	struct pos at;    /* of the '$' */
	char sign;        /* '-' a default, '+' an alternate, '?' a message; 0: nothing follows */
	bool or_empty;    /* ":-" and friends: an empty value counts as none */
	const char *text; /* what follows the sign, as it is written; NULL without one */
};
struct uses {
	struct use *v; /* in the order of the files, and of each file */
	size_t n, cap;
};

/* All uses in the sources that were registered so far and hold YAML, whether they were put in or
 * not. */
void uses_find(struct ctx *, struct uses *);

#endif
