/* node.h - the one tree: YAML becomes one, the engine's JSON becomes one, a plan is turned
 * into one before it is printed. Every node knows where it came from. */
#ifndef STACKPLAN_NODE_H
#define STACKPLAN_NODE_H

#include <stackplan/words.h>
#include <string.h>

struct arena;
struct buf;
struct ctx;

enum node_type { NODE_NULL, NODE_BOOL, NODE_INT, NODE_FLOAT, NODE_STR, NODE_LIST, NODE_MAP };

enum {
	NODE_QUOTED = 1 << 0,   /* a scalar that was quoted, a block scalar, or had a !!str tag */
	NODE_RESET = 1 << 1,    /* tagged !reset */
	NODE_OVERRIDE = 1 << 2, /* tagged !override */
	NODE_SECRET = 1 << 3,   /* a value that JSON documents print as "<redacted>" */
	NODE_MADE =
		1 << 5, /* its items or members are made when they are asked for (node_made_list) */
	NODE_TAGGED =
		1
		<< 6, /* the list of a file's documents: something in them is tagged !reset or !override */
	NODE_TIME = 1 << 4, /* a plain scalar that Compose reads as a timestamp */
};

#define NODE_FLAGS 0xffffffu /* all that have room */

/* Maps of more members than this have an index. */
enum { NODE_SMALL = 16 };

struct node;

struct member {
	const char *key;
	struct pos at; /* of the key */
	uint32_t sig;  /* key_sig of the key; node_add sets it */
	struct node *val;
};

struct node {
	enum node_type type : 8;
	unsigned flags : 24;
	struct pos at;
	uint32_t n;   /* items, members; for scalars the number of spans */
	uint32_t cap; /* for how many there is room */
	union {
		struct {
			const char *
				str; /* a scalar's text as it stood in the source: 1.10 stays "1.10" */
			const struct span *span; /* which bytes of it came from outside (words.h) */
		} s;
		struct node **item;
		struct node_maker *maker; /* of a NODE_MADE list or map */
		struct {
			struct member *member; /* in source order */
			/* How members are found; for node.c alone. */
			union {
				struct node_index *index; /* of more than NODE_SMALL members */
				uint64_t
					mask; /* of others: a bit for each signature that is there */
			};
		};
	} u;
};

/* Make one. Texts are not copied. Lists and maps grow by node_append, node_set and node_add only: large maps have an index. Values may be replaced in place, members not be reordered. */
struct node *node_new(struct arena *, enum node_type, struct pos at);
struct node *node_str(struct arena *, const char *text, struct pos at);
struct node *node_bool(struct arena *, bool, struct pos at);
struct node *node_int(struct arena *, int64_t, struct pos at);
/* The same for a list or map, with room for so many items or members: where it is known how many there will be. */
struct node *node_new_for(struct arena *, enum node_type, struct pos at, size_t n);
/* A string with the word's text, spans and place. */
struct node *node_from_word(struct arena *, struct word);
/* The text of a scalar as a word; for other types an empty word. */
static inline struct word node_word(const struct node *);

void node_append(struct arena *, struct node *list, struct node *item);

/* A long list of which only one item need be there at a time: MAKE gives the item of an index, which is valid until the next one
 * is asked for. Read it with node_item, between node_open and node_close. Only printers know such lists: the other functions here
 * must not be given one. */
struct node_maker {
	struct node *(*make)(struct node_maker *, size_t i);
	struct node *(*find)(struct node_maker *, const char *key); /* of a map */
	/* Of a map, or NULL: append the text of a member without making a node of it. False, and nothing is appended, where that is not
	 * possible: then FIND is asked. */
	bool (*print)(struct node_maker *, const char *key, struct buf *out);
	unsigned readers; /* node_open without node_close: more than one must not lose its item */
};
struct node *node_made_list(struct arena *, struct node_maker *, size_t n);
/* A map whose members are made when node_find or node_at asks for them; FIND gives NULL for what it has not. */
struct node *node_made_map(struct arena *, struct node_maker *);
/* The item of any list; open and close do nothing for ordinary ones. */
struct node *node_item(const struct node *list, size_t i);
void node_open(const struct node *list);
void node_close(const struct node *list);

/* Set a member; an existing one of this key is replaced in its place (and gets the new key place). */
void node_set(
	struct arena *, struct node *map, const char *key, struct pos key_at, struct node *val);
/* Add a member known to be new: no search. */
void node_add(
	struct arena *, struct node *map, const char *key, struct pos key_at, struct node *val);
/* Remove a member if it is there. */
void node_unset(struct node *map, const char *key);

#ifdef __clang_analyzer__
#define NODE_INLINE extern
#else
#define NODE_INLINE static inline
#endif
/* Look up; NULL when MAP is NULL, no map, or has no such key. Large maps are searched by an index. */
NODE_INLINE struct member *node_member(const struct node *map, const char *key);
NODE_INLINE struct node *node_find(const struct node *map, const char *key);
/* Several keys down: node_at(n, "State", "Health", "Status", NULL). */
struct node *node_at(const struct node *map, const char *key, ...) __attribute__((sentinel));

/* A scalar's text, "" for NULL pointers and non-scalars; a null scalar gives "". */
static inline const char *node_text(const struct node *);
/* A scalar as Compose writes it where a string is wanted: true/false in lower case, 010 as "8", 1.10 as "1.1", 1e3 as
 * "1000", timestamps in Go's form; strings as they are. */
const char *node_canonical(struct arena *, const struct node *);
/* A true boolean, or a string that str_bool takes for true ("true", "yes" ...). */
bool node_is_true(const struct node *);
/* The integer value of a NODE_INT by YAML's rules (010 is 8, 0x10, 0o10, 0b11, 1_000), or of a decimal string. */
bool node_to_int(const struct node *, int64_t *out);
static inline bool node_is_scalar(const struct node *);

/* "string", "number", "list", "mapping", "null" ...: for messages. */
const char *node_type_name(const struct node *);

/* A deep copy, places and flags kept. */
struct node *node_copy(struct arena *, const struct node *);
/* Put the items of LIST, scalars, into the order of their texts; NULL and what is no list stay as they are. */
void node_sort_texts(struct node *list);
/* Same type and content, whatever the places; maps regardless of order. */
bool node_same(const struct node *, const struct node *);

#ifdef __clang_analyzer__ /* it would take each look at a node for a sign that it may be NULL */
bool node_is_scalar(const struct node *);
const char *node_text(const struct node *);
struct word node_word(const struct node *);
#else
/* ---- those that are asked so often that a call would be felt ---- */

static inline bool
node_is_scalar(const struct node *n) {
	return n != NULL && n->type != NODE_LIST && n->type != NODE_MAP;
}

static inline const char *
node_text(const struct node *n) {
	return node_is_scalar(n) && n->type != NODE_NULL ? n->u.s.str : "";
}

static inline struct word
node_word(const struct node *n) {
	if (!node_is_scalar(n))
		return (struct word){.s = "", .at = n != NULL ? n->at : (struct pos){0}};
	return (struct word){.s = node_text(n),
		.at = n->at,
		.span = n->u.s.span,
		.nspan = n->n & WORD_MAX_SPANS};
}
#endif

/* What two equal keys have in common, and most others don't: length, first and last character. Of a literal the compiler works it
 * out. */
static inline uint32_t
key_sig(const char *key) {
	size_t n = strlen(key);
	unsigned first = (unsigned char)key[0], last = (unsigned char)key[n ? n - 1 : 0];

	return (uint32_t)n << 16 | first << 8 | last;
}

/* The bit of a signature in the mask of a map. */
static inline uint64_t
sig_bit(uint32_t sig) {
	return (uint64_t)1 << (((sig >> 16) * 5 + (sig >> 8) * 3 + sig) & 63);
}

/* May the map have a member with this signature? */
static inline bool
node_may_have(const struct node *map, uint32_t sig) {
	return map != NULL && map->type == NODE_MAP &&
	       (map->n > NODE_SMALL || (map->u.mask & sig_bit(sig)) != 0);
}

/* The search itself, where node_may_have. */
struct member *node_search(const struct node *map, const char *key, uint32_t sig);
struct node *node_search_value(const struct node *map, const char *key, uint32_t sig);

/* NULL. Compilers must not see that: they would warn wherever a caller knows that the key is there. */
extern struct member *const no_member;
extern struct node *const no_node;

#ifndef __clang_analyzer__
/* Most keys that are asked for are not there: the mask tells that without a call. */
static inline struct member *
node_member(const struct node *map, const char *key) {
	uint32_t sig = key_sig(key);

	return node_may_have(map, sig) ? node_search(map, key, sig) : no_member;
}

static inline struct node *
node_find(const struct node *map, const char *key) {
	uint32_t sig = key_sig(key);

	return node_may_have(map, sig) ? node_search_value(map, key, sig) : no_node;
}
#endif

/* ---- readers and writers at the border ---- */

struct yaml_limits {
	size_t depth,
		nodes; /* nesting, nodes after aliases were followed; 0: the defaults (100, 2 000 000) */
};

/* Read all documents of a registered source (diag.h) into a list of trees; an empty document is a null node, and an
 * empty file has one. Duplicate keys, keys that are no text, unknown aliases, NUL bytes, invalid UTF-8, too deep nesting
 * and too many nodes after aliases are diagnosed at their place. NULL when anything was an error. What an alias stands for
 * is copied (within a budget), with the anchor's places; merge keys "<<" are applied. */
struct node *yaml_read(struct ctx *, uint16_t src, struct yaml_limits);

/* Write block-style YAML that reads back as the same tree. */
void yaml_write(struct buf *, const struct node *);

/* Read one JSON value (jansson). Objects keep their order. NULL with *WHY on a syntax error. Places are nowhere. */
struct node *json_read(struct arena *, const char *text, size_t len, const char **why);

/* Write JSON: members in order, strings valid UTF-8 (invalid bytes as U+FFFD), NODE_SECRET scalars as "<redacted>".
 * INDENT 0: one line. Ends in a newline. */
void json_write(struct buf *, const struct node *, int indent);

#endif
