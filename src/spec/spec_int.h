/* spec_int.h - what the files of this room show only one another. */
#ifndef SPEC_INT_H
#define SPEC_INT_H

#include <stackplan/words.h>

struct schema;

/* Rows below a key, where the row that needs them stands in another file.
 * keys_build.c */
extern const struct schema schema_build;
/* keys_deploy.c */
extern const struct schema schema_deploy, schema_gpu;
/* keys_service_sub.c */
extern const struct schema schema_blkio, schema_depends, schema_device, schema_env_file,
	schema_grant, schema_healthcheck, schema_logging, schema_mount, schema_network_use,
	schema_port, schema_ulimit;
/* keys_service_more.c */
extern const struct schema schema_credential_spec, schema_develop, schema_extends, schema_hook,
	schema_model_use, schema_pre_start, schema_provider;

struct canon;
struct ctx;
struct env;
struct env_var;
struct load_options;
struct loaded;
struct node;
struct project;
struct ref;
struct service;
struct text;

/* ---- env.c ---- */

/* Where a name is looked up: in[0] first. A NULL is skipped. */
struct lookup {
	const struct env *in[3];
};
const struct env_var *lookup_find(const struct lookup *, const char *name, size_t len);

/* Set NAME. Program over own environment over files; of equals the later one wins; who loses stays
 * in .shadows. */
void env_put(struct ctx *, struct env *, const char *name, struct word value, const struct ref *);

/* ---- interp.c ---- */

/* One run of interpolation: where names are looked up, and which unset ones were warned of. */
struct interp {
	struct lookup in;
	struct env *warned; /* from env_new */
	size_t nplaced; /* exact places looked for so far: finding one takes time, so there is an end to it */
	size_t nbytes; /* put in for variables so far: nested ones could grow beyond all bounds */
};
bool interp_text(struct ctx *, struct interp *, const struct word *in, unsigned node_flags,
	struct word *out);

/* ---- interp_place.c ---- */

/* The place of byte OFF of a text that stands at AT: exact where the source shows the same bytes
 * there, else AT. */
struct pos interp_place(const struct ctx *, struct pos at, const char *text, size_t off);

/* ---- env_names.c ---- */

/* Which file each name of a shell variable belongs to: variables of one name that come from several files are told apart in
 * scripts. */
struct env_names;
struct env_names *env_names_new(struct ctx *);
/* What scripts call the variable NAME of the file PATH; NULL: NAME. */
const char *env_names_take(struct ctx *, struct env_names *, const char *name, const char *path);

/* The names of all that is read for an environment, NULL when nobody keeps them (env.c). */
struct env_names *env_names(const struct env *);
void env_keep_names(struct env *, struct env_names *);

/* ---- envfile.c ---- */

/* The text of an env file. Its source is registered without it: a message never shows a line, for
 * the values in it may be secret. */
struct env_input {
	const char *path; /* absolute; NULL: it is no file */
	uint16_t src;
	const char *text;
	size_t len;
	bool is_spec; /* a part of the spec: only variables in it are values from outside */
};
/* envfile_read and envfile_read_raw with a text of its own, and more than one place to look names
 * up. */
bool envfile_parse(
	struct ctx *, struct env *, const struct env_input *, enum ref_from, const struct lookup *);
bool envfile_parse_raw(struct ctx *, struct env *, const struct env_input *, const struct lookup *);

/* ---- envfile_quote.c ---- */

/* The quote that ends the value begun before FROM, or NULL. A backslash hides the byte after it. */
const char *quote_close(const char *from, const char *end, char quote);
/* What stands between the quotes, its escapes replaced; in double quotes "\$" becomes "$$". */
char *quote_inside(struct ctx *, const char *from, const char *close, char quote);

/* ---- find.c, find_env.c ---- */

/* One file of the spec. */
struct spec_file {
	const char *path;  /* absolute; "-" is standard input */
	const char *shown; /* as the user would write it */
};

/* Which files, folder and variables: what is known before the spec is read. */
struct found {
	const char *cwd;
	const char *folder; /* the project folder, absolute */
	const struct ref *folder_ref;
	struct spec_file *file; /* the first is the lowest */
	size_t nfile;
	struct env *env;
	const char *name; /* of the project, from -p or COMPOSE_PROJECT_NAME; NULL: neither */
	const char *const *profile;
	size_t nprofile;
	bool file_missing;
};
/* Refuse NAME when it is an address rather than a file. NODE: where it stands, or NULL. */
bool check_local(struct ctx *, const char *name, const struct node *);
bool find_files(struct ctx *, const struct load_options *, struct found *);

/* Read the env files of a project whose files live in BASE (and once known in FOLDER, NULL before
 * that) into a new environment, on top of stackplan's own variables. NULL after errors. */
struct env *find_env(struct ctx *, const struct load_options *, const char *cwd, const char *base,
	const char *folder, bool *file_missing);

/* An absolute path as the user would write it: relative to CWD when it or FOLDER lies below that.
 */
const char *path_shown(struct ctx *, const char *cwd, const char *folder, const char *path);

/* The normal form of a project name: lower case, only [a-z0-9_-], beginning with a letter or digit;
 * may be "". */
char *name_normal(struct ctx *, const char *name);

/* ---- project_*.c, consist*.c, checks.c: the steps of project_make ---- */

struct env_source {
	const char *path;
	struct env_input in; /* .text NULL: cannot be read */
	const char *why;
};
struct making {
	const struct loaded *in;
	struct project *project;
	bool *profiled; /* by service: an active profile, or named on the command line */
	size_t *needed_by; /* by service: the last service (its place plus 1) that was found to need it */
	const char *cwd;
	struct env_source *source; /* env files read so far */
	size_t nsource, cap_source;
};

/* The needs of every profiled service. */
void project_needs(struct ctx *, struct making *);
/* Report every circle; true when there is none. */
bool project_cycles(struct ctx *, const struct making *);
/* The variables of one service into .env. */
void project_environment(struct ctx *, struct making *, struct service *);
/* A file of variables or labels as a source, read at most once; what is wrong is in .why. */
struct env_source *project_source(struct ctx *, struct making *, const char *path);
/* The labels of label_file below those of `labels`, which takes its place in the tree. */
void project_labels(struct ctx *, struct making *, struct service *);
/* What belongs together: consist.c of each service, consist_top.c of the file as a whole. */
void consist_service(struct ctx *, const struct making *, const struct service *);
void consist_service_more(struct ctx *, const struct node *doc, const struct service *);
void consist_top(struct ctx *, const struct making *);
/* x-stackplan of a service and of the file. */
void checks_service(struct ctx *, const struct making *, struct service *);
void checks_file(struct ctx *, struct making *);

/* "did you mean" as the tail of a message, or "": the key of MAP nearest to NAME. */
const char *hint_key(struct ctx *, const struct node *map, const char *name);
/* NAME for a message; but when NODE, a scalar it was taken from, holds values of variables, the
 * text of the node with ${...} in their place. NODE may be NULL. */
const char *hint_text(struct ctx *, const struct node *, const char *name);

/* ---- normal_*.c: the steps of project_normal ---- */

/* One service as it is printed; COPY may be changed. */
struct node *normal_service(
	struct ctx *, const struct project *, const struct service *, struct node *copy);
/* Drop what is the same as not written. */
void normal_tidy(struct node *doc);

/* ---- keys.c, shape*.c, short_*.c: canonical forms ---- */

struct key;

/* What a shape's function is told: whose value it is, and the map that holds it. */
struct shaping {
	struct ctx *ctx;
	const struct canon *canon;
	const struct key *key;
	struct node *parent;
};
/* Check the value in the slot and put its canonical form there. Scalars are replaced, never
 * changed: aliases share them. */
typedef bool shape_fn(const struct shaping *, struct node **);

/* A list being made whose items are told apart by a text: a later item takes the place of the
 * earlier one. */
struct unique {
	struct node *list;
	const char *text[8]; /* of the first items */
	struct node *
		place; /* of a longer list: a map with the texts; each stands where its item stands */
};

/* keys.c: one map against rows. ITEM: it stands in a list, so nothing of it can come from another
 * file. */
bool map_canon(const struct shaping *, struct node *map, const struct schema *, bool item);
/* The same for the value of one key. */
bool value_canon(const struct shaping *, struct node **);

/* shape_say.c: wordings and places. */
const char *say_word(
	struct ctx *, const struct word *); /* in double quotes, values from outside as ${NAME} */
const char *say_node(
	struct ctx *, const struct node *); /* the same; "a list" for what is no scalar */
bool say_wrong(
	const struct shaping *, const struct node *, const char *wanted); /* [wrong-type]; false */
bool say_bad(const struct shaping *, struct pos, const char *code, const char *wanted,
	const char *got); /* false */
bool say_unfit(const struct shaping *, struct pos, const char *code, const char *wanted,
	const char *got); /* what Compose loads and no engine takes, as diag_unfit() */
bool say_twice(const struct shaping *, const struct node *item, struct pos first); /* false */
bool say_list(const struct shaping *, struct node **);        /* is it a list? */
bool say_string(const struct shaping *, const struct node *); /* is it a string? */
struct pos word_pos(const struct word *, size_t off, size_t n);
struct word word_part(
	struct ctx *, const struct word *, size_t off, size_t n); /* word_slice at its own place */
/* The same, but a reference of which only a part lies in it is forgotten: what stands for it would
 * be the whole value. */
struct word word_piece(struct ctx *, const struct word *, size_t off, size_t n);

/* Put NEW into the slot with the old one's place and merge tags. */
void slot_put(struct node **slot, struct node *new);
/* The same for a scalar of this type; its spans stay when the text does. */
void slot_scalar(struct ctx *, struct node **slot, enum node_type, const char *text);
void unique_begin(struct ctx *, struct unique *, struct pos at, size_t n); /* for about N items */
/* The item of this text, or NULL. */
struct node *unique_get(const struct unique *, const char *text);
void unique_add(struct ctx *, struct unique *, const char *text, struct node *item);
/* Does the word hold a character of SET, and where: else SIZE_MAX. Searches off .. off+n. */
size_t word_find(const struct word *, size_t off, size_t n, const char *set);

shape_fn shape_string, shape_text, shape_choice, shape_bool, shape_int, shape_number, shape_size,
	shape_duration, shape_path, shape_image, shape_name, shape_mode, shape_context, shape_count,
	shape_micros;
shape_fn shape_strings, shape_texts, shape_one_or_more, shape_paths, shape_pairs, shape_command;
shape_fn short_ports, short_mounts, short_networks, short_depends, short_env_file, short_grants,
	short_extends, short_build, short_hosts, short_ulimits, short_test, short_devices,
	short_gpus, short_external;

/* canon_path.c: lexically clean, spans kept ("/a/../b//c" is "/b/c"). */
struct word word_clean(struct ctx *, const struct word *);

#endif
