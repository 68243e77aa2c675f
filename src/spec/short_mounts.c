/* short_mounts.c - volumes of a service: "[SOURCE:]TARGET[:OPTIONS]" to a mapping, and the
 * defaults of long ones.
 *
 * Starts at short_mounts(). What makes a source a path and what a drive letter does are
 * Compose's rules. Of two mounts at one target the later one stays, at the place of the earlier. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

/* Where the fields of the text begin and how long they are. */
struct field {
	size_t off, n;
};

struct fields {
	struct field v[3];
	size_t n;
};

/* Is it an ASCII letter? */
static bool
is_letter(char c) {
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Report a mount at bytes OFF .. OFF+N of its text. */
static bool
bad_mount(
	const struct shaping *sh, const struct word *word, size_t off, size_t n, const char *why) {
	diag(sh->ctx, SEV_ERROR, word_pos(word, off, n), "bad-mount", "%s, not %s", why,
		say_word(sh->ctx, word));
	return false;
}

/* Cut the text at its colons; the one after a single letter belongs to a drive. */
static bool
cut_fields(const struct shaping *sh, const struct word *word, struct fields *out) {
	const char *s = word->s;
	size_t start = 0;

	for (size_t i = 0;; i++) {
		if (s[i] == ':' && i == start + 1 && is_letter(s[start]))
			continue;
		if (s[i] != ':' && s[i] != '\0')
			continue;
		if (i == start)
			return bad_mount(sh, word, start, 0,
				"'volumes' wants [SOURCE:]TARGET[:OPTIONS] without empty parts");
		if (out->n == countof(out->v))
			return bad_mount(sh, word, start, strlen(s) - start,
				"'volumes' wants at most three parts, [SOURCE:]TARGET[:OPTIONS]");
		out->v[out->n++] = (struct field){start, i - start};
		if (s[i] == '\0')
			return true;
		start = i + 1;
	}
}

/* Does a source of these bytes name a path, and no volume? */
static bool
is_path(const char *s, size_t n) {
	if (n > 0 && strchr("./~", s[0]) != NULL)
		return true;
	return n > 1 && ((is_letter(s[0]) && s[1] == ':') || (s[0] == '\\' && s[1] == '\\'));
}

/* The inner map of this name, made if it is not there. */
static struct node *
inner_map(struct ctx *ctx, struct node *map, const char *name, struct pos at) {
	struct node *inner = node_find(map, name);

	if (inner == NULL) {
		inner = node_new_for(ctx->mem, NODE_MAP, at, str_eq(name, "bind"));
		node_add(ctx->mem, map, name, at, inner);
	}
	return inner;
}

/* One word of the options. Those that nobody knows are left out, as Compose does, but said. */
static void
add_option(const struct shaping *sh, struct node *map, const struct word *word, struct field f) {
	static const char propagation[] = "shared rshared slave rslave private rprivate";
	struct arena *mem = sh->ctx->mem;
	char *name = arena_strndup(mem, word->s + f.off, f.n);
	struct pos at = word_pos(word, f.off, f.n);

	if (str_eq(name, "ro"))
		node_set(mem, map, "read_only", at, node_bool(mem, true, at));
	else if (str_eq(name, "rw"))
		node_unset(map, "read_only");
	else if (str_eq(name, "nocopy"))
		node_set(mem, inner_map(sh->ctx, map, "volume", at), "nocopy", at,
			node_bool(mem, true, at));
	else if (str_in(propagation, name))
		node_set(mem, inner_map(sh->ctx, map, "bind", at), "propagation", at,
			node_str(mem, name, at));
	else if (str_eq(name, "z") || str_eq(name, "Z"))
		node_set(mem, inner_map(sh->ctx, map, "bind", at), "selinux", at,
			node_str(mem, name, at));
	else if (!str_in("consistent cached delegated", name)) /* of no effect on Linux */
		diag(sh->ctx, SEV_WARNING, at, "unknown-option",
			"this mount option is not known and left out, as Compose does: ro, rw, z, "
			"Z, nocopy, "
			"shared, slave, private, rshared, rslave, rprivate are");
}

/* All words of the options. */
static void
add_options(
	const struct shaping *sh, struct node *map, const struct word *word, struct field options) {
	size_t off = options.off, end = options.off + options.n;

	while (off <= end) {
		size_t comma = word_find(word, off, end - off, ",");
		size_t n = (comma == SIZE_MAX ? end : comma) - off;
		add_option(sh, map, word, (struct field){off, n});
		off += n + 1;
	}
}

/* The target, clean; it has to be absolute. */
static bool
add_target(const struct shaping *sh, struct node *map, const struct word *word, struct field f) {
	const char *s = word->s + f.off;
	bool is_drive =
		f.n > 1 && is_letter(s[0]) && s[1] == ':' && f.n > 2 && strchr("/\\", s[2]) != NULL;

	if (s[0] != '/' && !is_drive &&
		!diag_unfit(sh->ctx, word_pos(word, f.off, f.n), "bad-mount", "%s, not %s",
			f.off >= 4 && is_letter(word->s[0]) && word->s[1] == ':'
				? "a single letter before ':' is a drive of Windows: a volume's "
				  "name has two "
				  "or more letters"
				: "'volumes' wants an absolute path as the target",
			say_word(sh->ctx, word)))
		return false;
	struct word part = word_piece(sh->ctx, word, f.off, f.n);
	if (!is_drive)
		part = word_clean(sh->ctx, &part);
	node_add(sh->ctx->mem, map, "target", part.at, node_from_word(sh->ctx->mem, part));
	return true;
}

/* The source: a path is made absolute, a volume's name stays. */
static void
add_source(const struct shaping *sh, struct node *map, const struct word *word, struct field f,
	bool path) {
	struct word part = word_piece(sh->ctx, word, f.off, f.n);

	if (path)
		part = canon_path(sh->ctx, sh->canon, &part);
	node_add(sh->ctx->mem, map, "source", part.at, node_from_word(sh->ctx->mem, part));
}

/* The mapping of a mount written short; NULL after an error. */
static struct node *
short_mount(const struct shaping *sh, const struct word *word) {
	struct arena *mem = sh->ctx->mem;
	struct fields f = {.n = 0};
	struct node *map;

	if (strlen(word->s) <= 2 && word->s[0] != '\0')
		f = (struct fields){{{0, strlen(word->s)}}, 1};
	else if (!cut_fields(sh, word, &f))
		return NULL;
	bool path = f.n > 1 && is_path(word->s + f.v[0].off, f.v[0].n);
	map = node_new_for(mem, NODE_MAP, word->at, f.n + 2);
	node_add(mem, map, "type", word->at, node_str(mem, path ? "bind" : "volume", word->at));
	if (f.n > 1)
		add_source(sh, map, word, f.v[0], path);
	if (!add_target(sh, map, word, f.v[f.n > 1]))
		return NULL;
	if (f.n > 2)
		add_options(sh, map, word, f.v[2]);
	struct node *inner = inner_map(sh->ctx, map, path ? "bind" : "volume", word->at);
	if (path)
		node_add(mem, inner, "create_host_path", word->at, node_bool(mem, true, word->at));
	return map;
}

/* A bind mount written long: its source, and that a missing one is made unless it says otherwise. What
 * nobody wrote has no place. */
static bool
long_bind(const struct shaping *sh, struct node *map, struct member *source) {
	struct word word = node_word(source != NULL ? source->val : NULL);
	struct node *bind = node_find(map, "bind");

	if (source == NULL) {
		diag(sh->ctx, SEV_ERROR, map->at, "bad-mount",
			"a mount of type 'bind' wants a 'source'");
		return false;
	}
	if (word.s[0] == '\0') {
		if (!diag_unfit(sh->ctx, source->val->at, "bad-mount",
			    "a mount of type 'bind' wants a 'source', and this one is empty"))
			return false;
		word = (struct word){.s = ".", .at = word.at};
	}
	slot_put(&source->val, node_from_word(sh->ctx->mem, canon_path(sh->ctx, sh->canon, &word)));
	if (bind != NULL && node_find(bind, "create_host_path") == NULL)
		node_add(sh->ctx->mem, bind, "create_host_path", bind->at,
			node_bool(sh->ctx->mem, true, (struct pos){0}));
	return true;
}

/* A mount written long: paths made absolute, and the map of its type as Compose prints it. */
static bool
long_mount(const struct shaping *sh, struct node *map) {
	if (!map_canon(sh, map, sh->key->sub, true))
		return false;
	struct member *source = node_member(map, "source"), *target = node_member(map, "target");
	const char *type = node_text(node_find(map, "type"));
	struct word word = node_word(target != NULL ? target->val : NULL);

	if (word.s[0] != '/' && !(is_letter(word.s[0]) && word.s[1] == ':') &&
		!str_eq(type, "npipe") &&
		!diag_unfit(sh->ctx, target != NULL ? target->val->at : map->at, "bad-mount",
			"a mount wants an absolute path as 'target'%s%s",
			target != NULL ? ", not " : "",
			target != NULL ? say_word(sh->ctx, &word) : ""))
		return false;
	if (word.s[0] == '/')
		slot_put(&target->val, node_from_word(sh->ctx->mem, word_clean(sh->ctx, &word)));
	return !str_eq(type, "bind") || long_bind(sh, map, source);
}

/* The mapping of one item; NULL after an error. */
static struct node *
mount_item(const struct shaping *sh, struct node *item) {
	struct word word = node_word(item);

	if (item->type == NODE_MAP)
		return long_mount(sh, item) ? item : NULL;
	if (item->type == NODE_STR)
		return short_mount(sh, &word);
	say_wrong(sh, item, "mounts such as \"./data:/data\"");
	return NULL;
}

bool
short_mounts(const struct shaping *sh, struct node **slot) {
	struct unique out;
	bool is_good = true;

	if (!say_list(sh, slot))
		return false;
	unique_begin(sh->ctx, &out, (*slot)->at, (*slot)->n);
	for (size_t i = 0; i < (*slot)->n; i++) {
		if ((*slot)->u.item[i]->flags & NODE_RESET)
			continue;
		struct node *map = mount_item(sh, (*slot)->u.item[i]);
		if (map != NULL)
			unique_add(sh->ctx, &out, node_text(node_find(map, "target")), map);
		else
			is_good = false;
	}
	if (is_good)
		slot_put(slot, out.list);
	return is_good;
}
