/* data_int.h - what the files of the data room share and no other room sees. */
#ifndef STACKPLAN_DATA_INT_H
#define STACKPLAN_DATA_INT_H

#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <yaml.h>

/* ---- node_index.c: finding members of large maps ---- */

/* Put a member known to be new behind the others; the array must have room. */
void node_put(struct arena *, struct node *map, struct member);

/* The member's position, or SIZE_MAX; the map must have an index. */
size_t index_find(const struct node *map, const char *key);
/* The last member of a map of more than NODE_SMALL has just been added: note it, and make the index when the map became that large. */
void index_add(struct arena *, struct node *map);
/* Member AT is about to go, those behind it move up. */
void index_remove(struct node *map, size_t at);

/* ---- yaml_scalar.c: what a plain scalar is ---- */

/* The type Compose gives a plain scalar. A timestamp is a string with NODE_TIME put into *flags. */
enum node_type scalar_type(const char *text, size_t n, unsigned *flags);

/* An integer by YAML's rules, as sign and magnitude; false when it is none or too large. */
bool scalar_int(const char *text, size_t n, bool *negative, uint64_t *magnitude);

/* A float by YAML's rules; false when it is none. Infinities and "not a number" are floats. */
bool scalar_float(const char *text, double *out);

/* ---- scalar_time.c: timestamps ---- */

struct stamp {
	int year, month, day, hour, minute, second;
	long nanosecond;
	int zone_minutes; /* east of UTC */
};

/* Read what Compose takes for a timestamp; false when it is none. */
bool scalar_time(const char *text, size_t n, struct stamp *out);
/* A timestamp as Go prints it: "2024-01-01 00:00:00 +0000 UTC". */
char *stamp_text(struct arena *, const struct stamp *);

/* ---- yaml_place.c: where libyaml's marks are in the source ---- */

/* A reading position in a source text; moves forward in step with libyaml's marks. */
struct cursor {
	const char *s;      /* the text, behind a byte order mark */
	size_t n;           /* its length in bytes */
	size_t off, index;  /* where we are, in bytes and in characters */
	uint32_t line, col; /* the same, from 1 */
	uint16_t src;
};

struct cursor cursor_at_start(uint16_t src, const char *text, size_t n);
/* Has the text line breaks that libyaml counts and others don't? */
bool cursor_has_odd_breaks(const struct cursor *);
/* Move to the character INDEX of the text. */
void cursor_to(struct cursor *, size_t index);
/* Move to the byte OFF of the text. */
void cursor_to_byte(struct cursor *, size_t off);
/* Move over anchors and tags, and the blanks behind each, but not behind the character END. */
void cursor_skip_properties(struct cursor *, size_t end);
/* The place here; len reaches up to the character END, or to the end of the line. */
struct pos cursor_pos(const struct cursor *, size_t end);

/* ---- yaml_error.c: saying what is wrong with a text that is no YAML ---- */

/* The last quoted scalar that spanned lines: an unclosed quote often ends at the next one. */
struct long_quote {
	struct pos at;
	size_t end_line; /* as libyaml counts; 0: there was none */
};

/* What libyaml must not get to see: bytes that are no text, too many directives. */
bool yaml_prescan(struct ctx *, struct cursor);
/* Report why libyaml stopped. */
void yaml_syntax_error(
	struct ctx *, struct cursor, const yaml_parser_t *, const struct long_quote *);

/* Report a ':' that libyaml did not expect at the character INDEX (yaml_colon.c). */
void yaml_bad_colon(struct ctx *, struct cursor, size_t index);

/* ---- yaml_build.c, yaml_alias.c, yaml_tag.c: nodes from events ---- */

/* An open list or mapping. */
struct frame {
	struct node *node;
	size_t base;       /* where its items or members begin on the stack */
	struct member key; /* the key that waits for its value; .key is NULL when none does */
	size_t height;     /* levels below it */
	size_t size;       /* nodes in it, itself included */
	size_t anchor;     /* its place among the anchors plus 1; 0: none */
};

/* What is known of an anchor beside its node. */
struct anchor {
	struct pos at; /* of the anchor itself */
	size_t height, size;
	bool is_open; /* the container it names has not ended yet */
};

/* What a finished node costs whoever holds it. */
struct weight {
	size_t height, size;
};

/* A file being read. Open containers are frames; what they hold so far lies on two more stacks. */
struct builder {
	struct ctx *ctx;
	struct yaml_limits max;
	size_t nnode;    /* nodes written out so far, keys included */
	size_t naliased; /* nodes that came from aliases */
	size_t nerror;
	struct node *docs;

	struct frame *frame;
	size_t nframe, cap_frame;
	struct node **item;
	size_t nitem, cap_item;
	struct member *member;
	size_t nmember, cap_member;

	struct node *names; /* anchor names and their nodes; they stay known in later documents */
	struct anchor *anchor; /* by position in names */
	size_t cap_anchor;
};

/* Those that return bool give false when reading must stop; the reason has been told. */

/* Count an error; too many end the reading. */
bool build_error(struct builder *);
/* Count a node that is written out. */
bool build_count(struct builder *, struct pos at);
/* Does the open mapping wait for a key? */
bool build_wants_key(const struct builder *);
/* Take a merge key as the open mapping's next key. */
void build_merge_key(struct builder *, struct pos at);
/* Put a finished node into the container that is open, or among the documents. Of a key only the
 * text and place are taken. */
bool build_attach(struct builder *, struct node *, struct weight);
/* Open a list or mapping; ANCHOR is from build_anchor, or 0. */
bool build_open(struct builder *, struct node *, size_t anchor);
/* Close the innermost one and attach it. */
bool build_close(struct builder *);
void build_free(struct builder *);

/* Room for one more on a stack. */
void *build_room(void *items, size_t n, size_t *cap, size_t size);

/* Remember an anchor by its NAME (not copied); an earlier one of that name is forgotten. Returns
 * its place plus 1. */
size_t build_anchor(struct builder *, const char *name, struct pos at, struct node *, bool is_open);
/* The container that the frame's anchor names has ended. */
void build_anchor_closed(struct builder *, const struct frame *);
/* What the alias NAME stands for, as a copy of its own; a stand-in when it is wrong but
 * reading may go on; NULL when it may not. */
struct node *build_alias(struct builder *, const char *name, struct pos at, struct weight *);

/* !reset and !override as flags; other tags of the file's own say nothing. */
unsigned tag_flags(const char *tag);
/* Find a scalar's type by its style and tag; false, silently, when its text does not fit the tag. */
bool tag_scalar(struct node *, size_t len, const char *tag, bool is_plain);

/* ---- yaml_merge.c: merge keys ---- */

/* The key of a member that is a merge key is this very pointer, that of one whose key is no text
 * (which has been told) the other. */
extern const char yaml_merge_key[], yaml_bad_key[];

/* OWN holds the members of a mapping that were written out. Add what the merge keys among its ALL
 * members bring in, each at the place of its merge key. */
void yaml_merge(struct ctx *, struct node *own, const struct member *all, size_t n);

#endif
