/* keys.h - the table of keys: one row is all that is known of one key of the spec.
 *
 * Rows are data: checking, turning short forms to canonical ones, merging, planning, `explain`, the manual and
 * completions read the same row. Adding a key is one row; a new shape or form is an enum name and one function. */
#ifndef STACKPLAN_KEYS_H
#define STACKPLAN_KEYS_H

#include <stackplan/words.h>

struct ctx;
struct node;

/* What may stand at a key. In brackets the canonical form that checking leaves behind (of the node in place). */
enum shape {
	SHAPE_ANY,
	SHAPE_STRING, /* a string; numbers are an error (user: 1000) [STR] */
	SHAPE_TEXT,   /* a string, number or boolean [STR, Compose's text of it] */
	SHAPE_CHOICE, /* one word of .one_of [STR] */
	SHAPE_BOOL,   /* true/false, also as text [BOOL "true"|"false"] */
	SHAPE_INT,    /* an integer, also as text [INT] */
	SHAPE_NUMBER, /* an integer or decimal, also as text [INT or FLOAT] */
	SHAPE_SIZE, /* bytes or "512m" [STR decimal bytes; "-1" where .one_of holds "-1"; .one_of "only-text": no bare number] */
	SHAPE_DURATION, /* "1m30s" [STR as Go prints it: "1m30s"] */
	SHAPE_PATH,     /* a path, relative to the file's folder [STR absolute, REF_FOLDER span] */
	SHAPE_STRINGS,  /* a list of strings [LIST of STR] */
	SHAPE_TEXTS,    /* a list of strings or numbers [LIST of STR] */
	SHAPE_ONE_OR_MORE, /* a string or a list of strings [LIST of STR] */
	SHAPE_PAIRS, /* a map, or a list of K=V [MAP of STR or NULL, source order]; .one_of "null-is-empty" turns null into "",
	              * "only-map" allows no list, and texts and numbers as values only */
	SHAPE_COMMAND, /* null, a string (split into words as Compose does), or a list [NULL, or LIST of STR] */
	SHAPE_MAP,   /* a map with the rows of .sub [MAP] */
	SHAPE_NAMED, /* a map from user's names to what .sub describes; a null member becomes an empty map [MAP of MAP] */
	SHAPE_LIST,  /* a list of maps with the rows of .sub [LIST of MAP] */
	/* short forms of their own; canonical forms as `docker compose config` prints them */
	SHAPE_PORTS, /* [LIST of MAP {mode: ingress, host_ip?, target INT, published? STR, protocol STR, name?, app_protocol?}] */
	SHAPE_MOUNTS, /* [LIST of MAP {type, source?, target, read_only?, bind{create_host_path, ...}, volume{}, tmpfs{}}] */
	SHAPE_NETWORKS, /* list or map [MAP of MAP-or-NULL] */
	SHAPE_DEPENDS,  /* list or map [MAP of MAP {condition, required, restart?}] */
	SHAPE_ENV_FILE, /* string, list of strings or maps [LIST of MAP {path, required, format?}] */
	SHAPE_HOSTS,    /* list "h:ip", "h=ip" or map [LIST of STR "h=ip"] */
	SHAPE_ULIMITS,  /* map name to int or {soft, hard} [MAP of INT or MAP] */
	SHAPE_TEST, /* healthcheck.test: string or list [LIST of STR beginning with CMD, CMD-SHELL or NONE] */
	SHAPE_DEVICES, /* list "h[:c[:rwm]]" or maps [LIST of MAP {source, target, permissions}] */
	SHAPE_GRANTS, /* secrets, configs of a service [LIST of MAP {source, target?, uid?, gid?, mode?}] */
	SHAPE_BUILD,   /* string or map [MAP] */
	SHAPE_EXTENDS, /* string or map [MAP {service, file?}] */
	SHAPE_GPUS,    /* "all" or a list [LIST of MAP] */
	SHAPE_EXTERNAL,
	/* true/false or {name: x} (old form) [BOOL; the name moves to the sibling `name`] */ /* texts with a grammar of their own */
	SHAPE_IMAGE, /* an image reference; what no engine takes is refused [STR] */
	SHAPE_NAME, /* a container's, network's or volume's own name [STR]; .min: its least length, 0 means 2 */
	SHAPE_MODE, /* file permission bits: an integer, or octal text "0440" [INT, decimal text] */
	SHAPE_PATHS,   /* a path or a list of paths [LIST of STR absolute] */
	SHAPE_COUNT,   /* a number of devices, or "all" [INT; -1 for all] */
	SHAPE_CONTEXT, /* a path, or a URL that is left alone (build.context) [STR] */
	SHAPE_MICROS,  /* microseconds, or a duration such as 1400us [INT, microseconds] */
};

/* How a later file's value is laid over an earlier one. */
enum merge { MERGE_DEEP, MERGE_REPLACE, MERGE_APPEND, MERGE_UNIQUE, MERGE_BY_KEY, MERGE_SPECIAL };

/* How a key becomes words of a docker command. */
enum form {
	FORM_NONE,     /* not by itself: the planner reads it, or it has no words */
	FORM_VALUE,    /* FLAG VALUE */
	FORM_SWITCH,   /* FLAG when true */
	FORM_TRISTATE, /* FLAG or FLAG=false, when given */
	FORM_EACH,     /* FLAG ITEM for each item */
	FORM_PAIRS,    /* FLAG K=V for each member; null value: FLAG K= */
	FORM_SECONDS,  /* FLAG N: whole seconds, rounded up */
	FORM_NONZERO,  /* FLAG VALUE unless it is 0 */
	FORM_ENV,
	FORM_PORTS,
	FORM_MOUNTS,
	FORM_NETWORKS, /* networks and network_mode */
	FORM_HEALTH,
	FORM_LOGGING,
	FORM_ULIMITS,
	FORM_DEVICES,
	FORM_HOSTS,
	FORM_RESTART,
	FORM_NAMESPACE, /* FLAG VALUE, where service:S becomes container:NAME */
	FORM_LINKS,
	FORM_EXTERNAL_LINKS, /* FLAG CONTAINER:ALIAS */
	FORM_VOLUMES_FROM,
	FORM_BLKIO,
	FORM_GPUS,
	FORM_SECURITY, /* --security-opt, seccomp files made absolute */
	FORM_GRANTS,
	FORM_LABELS,
	FORM_DOMAINS, /* FLAG ITEM for each; an empty one is '.', which is how docker spells no domain */
	FORM_ONE_OF, /* FLAG VALUE; docker takes the words of .one_of only */
	FORM_DEPLOY, /* resources and restart_policy of `deploy` */
	FORM_MAC,    /* FLAG VALUE, beside the network that it belongs to */
	FORM_SOCKET, /* use_api_socket: the engine's socket as a mount */
};

/* What becomes of a key: it is mapped, noted or refused. */
enum standing {
	KEY_MAPPED, /* it has its effect */
	KEY_NOTED,  /* accepted; a note at its place says (.note) why it has no effect here */
	KEY_SILENT, /* mapped, and has no effect on containers by its meaning (version, attach) */
	KEY_REFUSED, /* loads and is printed; planning what has it is an error that says (.note) why, and what to do */
};

/* What becomes of a key with an engine or a docker program older than .since. */
enum old {
	OLD_FAILS, /* an error at its place: without it the containers would not be what the spec wants */
	OLD_DROPS, /* a warning at its place, and it is left out, as Compose leaves it out */
	OLD_MIXED, /* an error only with a docker program of .since or later beside an older engine: it no longer has the old way */
};

struct schema;

struct key {
	const char *name;
	enum shape shape;
	enum standing standing;
	enum merge merge;
	enum form form;
	const char *flag;    /* "--memory"; NULL when the form has none */
	const char *inspect; /* where an engine reports it: "HostConfig.Memory"; NULL: nowhere */
	const char *by;      /* MERGE_BY_KEY: members that tell items apart */
	const char *one_of;  /* "always missing never", or NULL */
	const char *note;    /* for KEY_NOTED, KEY_REFUSED */
	const char *usual;   /* the value that asks for no more than its absence does, or NULL */
	const char
		*since; /* the first engine and docker program that know it ("25.0"); NULL: all */
	const char *
		since_like; /* a pattern for fnmatch: only values like this need .since; NULL: any */
	enum old old;       /* for .since */
	const char *doc;    /* one sentence, for people */
	const struct schema *sub;
	int64_t min, max; /* for SHAPE_INT when max > min */
	bool required;
	bool null_ok; /* a null is the same as not written; else only SHAPE_COMMAND and SHAPE_ANY take one */
	bool distinct; /* equal items of the list are an error */
	bool open;     /* SHAPE_CHOICE: Compose takes any text, only what runs it does not */
};

struct schema {
	const char *what;      /* "a service", "the file": for messages */
	const struct key *key; /* sorted by name */
	size_t n;
	bool all_optional; /* no row is required; said where the rows are many */
	const char *need;  /* blank-separated keys of which one must be there, or NULL */
};

extern const struct schema schema_file;    /* the whole document */
extern const struct schema schema_service; /* one service */
extern const struct schema schema_network, schema_volume, schema_secret, schema_config;
/* What may stand in x-stackplan, at the top and in a service; not among the rows above. */
extern const struct schema schema_stackplan, schema_stackplan_service;

/* The row of a key, or NULL. */
const struct key *schema_find(const struct schema *, const char *name);

/* Does a value say no more than its absence would: empty, false, 0 where that means unset? And a value without what says nothing in it: the
 * value itself where there is nothing of that kind (normal_tidy.c). */
bool key_says_nothing(const struct key *, const struct node *value);
const struct node *key_tidy(struct arena *, const struct key *, const struct node *value);

/* What turning short forms to canonical ones needs to know. */
struct canon {
	const char *folder; /* the file's folder, absolute: relative paths are relative to it */
	const char *project_folder;   /* absolute; paths below it get a REF_FOLDER span ... */
	const struct ref *folder_ref; /* ... with this reference */
	const char *home;             /* for "~"; NULL: not expanded */
	bool partial; /* a file that will be merged or extended: required keys may still come */
};

/* Check TREE against the rows and turn it to canonical form, in place. What is canonical stays as it is, so that a merged
 * tree can be checked once more, with .partial false. Empty texts stay ("" means not set, as in Compose). Everything wrong is diagnosed at its place ("did you
 * mean"), and false returned if anything was. Members whose key starts with "x-" are left alone where rows allow them. */
bool keys_canon(struct ctx *, struct node *tree, const struct schema *, const struct canon *);

/* Does the value ask for no more than leaving out the key would: null, false, nothing in it, or the row's .usual? */
bool key_is_idle(const struct key *, const struct node *value);

/* Split a command string into words as Compose does (no shell is involved); an unquoted ; & | < > ends it, which is warned of. */
bool command_split(struct ctx *, const struct word *, struct node *list);

/* An absolute path with its REF_FOLDER span, from a path of the spec. */
struct word canon_path(struct ctx *, const struct canon *, const struct word *path);

#endif
