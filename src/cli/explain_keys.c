/* explain_keys.c - the rows of keys as people read them: every place where a key may stand, what
 * may stand there, and what becomes of it; and all of that as a tree for JSON and templates. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/engine.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "explain_int.h"

/* Deeper than any schema is; an end for one that holds itself. */
enum { MAX_DEPTH = 8, MAX_PARTS = 16, MAX_PART = 64 };

static const struct pos nowhere = {0};

/* What stands between a key and the keys below it. */
static const char *
below(enum shape shape) {
	static const enum shape named[] = {
		SHAPE_NAMED, SHAPE_NETWORKS, SHAPE_DEPENDS, SHAPE_ULIMITS};
	static const enum shape listed[] = {SHAPE_LIST, SHAPE_PORTS, SHAPE_MOUNTS, SHAPE_ENV_FILE,
		SHAPE_DEVICES, SHAPE_GRANTS, SHAPE_GPUS};
	for (size_t i = 0; i < countof(named); i++)
		if (shape == named[i])
			return ".*.";
	for (size_t i = 0; i < countof(listed); i++)
		if (shape == listed[i])
			return "[].";
	return ".";
}

/* Add the keys of a schema, and below each the keys that may stand there. */
static void
add_paths(struct ctx *ctx, struct key_paths *out, const struct schema *schema, const char *prefix,
	size_t depth, enum standing above) {
	for (size_t i = 0; i < schema->n; i++) {
		const struct key *key = &schema->key[i];
		const char *path = arena_printf(ctx->mem, "%s%s", prefix, key->name);
		if (out->n == out->cap) {
			size_t cap = out->cap ? out->cap * 2 : 512;
			out->v = arena_grow(ctx->mem, out->v, out->n, cap, sizeof(*out->v));
			out->cap = cap;
		}
		enum standing standing = key->standing == KEY_MAPPED ? above : key->standing;
		out->v[out->n++] = (struct key_path){path, key, standing};
		if (key->sub && depth < MAX_DEPTH)
			add_paths(ctx, out, key->sub,
				arena_printf(ctx->mem, "%s%s", path, below(key->shape)), depth + 1,
				standing);
	}
}

/* The extension of our own, which stands beside the rows of the specification. */
static const struct key own_row[] = {{.name = "x-stackplan",
	.shape = SHAPE_MAP,
	.sub = &schema_stackplan,
	.doc = "What stackplan adds to the specification: what the stack is for, and what shows "
	       "that it works."}};
static const struct key own_row_of_service[] = {{.name = "x-stackplan",
	.shape = SHAPE_MAP,
	.sub = &schema_stackplan_service,
	.doc = "What stackplan adds to the specification of a service."}};
static const struct schema ours = {.what = "the file", .key = own_row, .n = countof(own_row)};
static const struct schema ours_of_service = {
	.what = "a service", .key = own_row_of_service, .n = countof(own_row_of_service)};

void
key_paths(struct ctx *ctx, struct key_paths *out) {
	*out = (struct key_paths){0};
	add_paths(ctx, out, &schema_file, "", 0, KEY_MAPPED);
	add_paths(ctx, out, &ours, "", 0, KEY_MAPPED);
	add_paths(ctx, out, &ours_of_service, "services.*.", 1, KEY_MAPPED);
}

/* A path taken apart at its dots, without what stands in brackets. */
struct parts {
	char v[MAX_PARTS][MAX_PART];
	size_t n;
};

/* Take a path apart; false when it is longer than any path of a key. */
static bool
split(const char *path, struct parts *out) {
	out->n = 0;
	for (;;) {
		size_t len = strcspn(path, "."), name = strcspn(path, ".[");
		if (out->n == MAX_PARTS || name == 0 || name >= MAX_PART)
			return false;
		memcpy(out->v[out->n], path, name);
		out->v[out->n++][name] = '\0';
		if (!path[len])
			return true;
		path += len + 1;
	}
}

/* Do the first N parts of a name fit the end of the first M of a path? A "*" of the path takes any
 * name of the user's, or none. *WHOLE: from the top on. */
static bool
fits(const struct parts *name, size_t n, const struct parts *path, size_t m, bool *whole) {
	for (; n > 0; n--, m--) {
		if (m == 0)
			return false;
		if (str_eq(path->v[m - 1], "*"))
			return fits(name, n, path, m - 1, whole) ||
			       fits(name, n - 1, path, m - 1, whole);
		if (!str_eq(name->v[n - 1], path->v[m - 1]))
			return false;
	}
	*whole = m == 0;
	return true;
}

bool
key_path_is(const char *path, const char *name, bool *whole) {
	struct parts a, b;
	*whole = false;
	return split(name, &a) && split(path, &b) && fits(&a, a.n, &b, b.n, whole);
}

static const char *const shapes[] = {
	[SHAPE_ANY] = "anything",
	[SHAPE_STRING] = "a text",
	[SHAPE_TEXT] = "a text, number or boolean",
	[SHAPE_CHOICE] = "one of the words below",
	[SHAPE_BOOL] = "true or false",
	[SHAPE_INT] = "an integer",
	[SHAPE_NUMBER] = "a number",
	[SHAPE_SIZE] = "a size in bytes, such as 512m or 1.5g (powers of 1024)",
	[SHAPE_DURATION] = "a duration such as 1m30s",
	[SHAPE_PATH] = "a path; a relative one starts from the folder of the file",
	[SHAPE_STRINGS] = "a list of texts",
	[SHAPE_TEXTS] = "a list of texts or numbers",
	[SHAPE_ONE_OR_MORE] = "a text, or a list of texts",
	[SHAPE_PAIRS] = "a mapping NAME: VALUE, or a list of NAME=VALUE",
	[SHAPE_COMMAND] = "a list of words, or a text that is split into words",
	[SHAPE_MAP] = "a mapping",
	[SHAPE_NAMED] = "a mapping from names of your own to mappings",
	[SHAPE_LIST] = "a list of mappings",
	[SHAPE_PORTS] = "a list of [[ADDRESS:]HOST:]CONTAINER[/PROTOCOL], or of mappings",
	[SHAPE_MOUNTS] = "a list of [SOURCE:]TARGET[:OPTIONS], or of mappings",
	[SHAPE_NETWORKS] = "a list of names, or a mapping from names to mappings",
	[SHAPE_DEPENDS] = "a list of services, or a mapping from services to mappings",
	[SHAPE_ENV_FILE] = "a path, a list of paths, or a list of mappings",
	[SHAPE_HOSTS] = "a list of NAME=ADDRESS, or a mapping",
	[SHAPE_ULIMITS] = "a mapping from limits to a number, or to soft and hard",
	[SHAPE_TEST] = "a text for the shell, or a list that begins with CMD, CMD-SHELL or NONE",
	[SHAPE_DEVICES] = "a list of HOST[:CONTAINER[:rwm]], or of mappings",
	[SHAPE_GRANTS] = "a list of names, or of mappings",
	[SHAPE_BUILD] = "the path of the context, or a mapping",
	[SHAPE_EXTENDS] = "the name of a service, or a mapping",
	[SHAPE_GPUS] = "the word all, or a list of mappings",
	[SHAPE_EXTERNAL] = "true or false",
	[SHAPE_IMAGE] = "an image reference such as nginx:1.27",
	[SHAPE_NAME] = "a name that the engine takes: letters, digits, '_', '.', '-'",
	[SHAPE_COUNT] = "a number, or all",
	[SHAPE_MODE] = "permission bits such as 0440",
	[SHAPE_PATHS] = "a path, or a list of paths",
	[SHAPE_CONTEXT] = "a path, or a URL",
	[SHAPE_MICROS] = "microseconds, or a duration such as 1400us",
};

const char *
shape_words(struct ctx *ctx, const struct key *key) {
	const char *words = (size_t)key->shape < countof(shapes) ? shapes[key->shape] : NULL;
	words = words ? words : "a value";
	if (key->shape != SHAPE_INT || key->max <= key->min)
		return words;
	if (key->max == INT64_MAX)
		return arena_printf(ctx->mem, "%s, %lld or more", words, (long long)key->min);
	return arena_printf(
		ctx->mem, "%s from %lld to %lld", words, (long long)key->min, (long long)key->max);
}

const char *
merge_words(const struct key *key) {
	static const char *const words[] = {
		[MERGE_DEEP] = "key by key",
		[MERGE_REPLACE] = "a later file's value takes the place of the earlier one",
		[MERGE_APPEND] = "a later file's items come after the earlier ones",
		[MERGE_UNIQUE] = "a later file's items come after the earlier ones, each once",
		[MERGE_BY_KEY] = "a later file's item takes the place of one that is the same",
		[MERGE_SPECIAL] = "by a rule of its own",
	};
	return (size_t)key->merge < countof(words) ? words[key->merge] : words[MERGE_REPLACE];
}

const char *
standing_name(enum standing standing) {
	static const char *const names[] = {
		[KEY_MAPPED] = "mapped",
		[KEY_NOTED] = "noted",
		[KEY_SILENT] = "mapped",
		[KEY_REFUSED] = "refused",
	};
	return (size_t)standing < countof(names) ? names[standing] : "mapped";
}

const char *
standing_words(enum standing standing) {
	static const char *const words[] = {
		[KEY_MAPPED] = "mapped: it has its effect",
		[KEY_NOTED] = "noted: accepted, and a warning says why it has no effect",
		[KEY_SILENT] = "mapped: by its meaning it has no effect on containers",
		[KEY_REFUSED] =
			"refused: planning it is an error, since no docker command can do it",
	};
	return (size_t)standing < countof(words) ? words[standing] : words[KEY_MAPPED];
}

const char *
since_words(struct ctx *ctx, const struct key *key) {
	const char *only =
		key->since_like ? arena_printf(ctx->mem, " for a value like '%s'", key->since_like)
				: "";
	if (key->since && key->old == OLD_MIXED)
		return arena_printf(ctx->mem,
			"engine %s, where docker is %s or later: apply refuses it beside an older "
			"engine",
			key->since, key->since);
	return key->since ? arena_printf(ctx->mem, "engine and docker %s%s; with older ones %s",
				    key->since, only,
				    key->old == OLD_DROPS ? "it is left out, with a warning"
							  : "apply refuses it")
			  : NULL;
}

/* Set a text, if there is one. */
static void
set_text(struct ctx *ctx, struct node *map, const char *key, const char *text) {
	if (text)
		node_set(ctx->mem, map, key, nowhere, node_str(ctx->mem, text, nowhere));
}

/* One key as a mapping. */
static struct node *
key_map(struct ctx *ctx, const struct key_path *p) {
	const struct key *key = p->key;
	struct node *map = node_new(ctx->mem, NODE_MAP, nowhere);
	bool words = key->shape == SHAPE_CHOICE;
	set_text(ctx, map, "path", p->path);
	set_text(ctx, map, "name", key->name);
	set_text(ctx, map, "doc", key->doc);
	set_text(ctx, map, "value", shape_words(ctx, key));
	set_text(ctx, map, "choices", words ? key->one_of : NULL);
	set_text(ctx, map, "merge", merge_words(key));
	set_text(ctx, map, "standing", standing_name(p->standing));
	set_text(ctx, map, "flag", key->flag);
	set_text(ctx, map, "command", key->flag ? key_command(p->path) : NULL);
	set_text(ctx, map, "engine", key->inspect);
	set_text(ctx, map, "note", key->note);
	set_text(ctx, map, "since", key->since);
	for (size_t i = 0; engine_nth(i); i++)
		set_text(ctx, map, engine_nth(i)->name, engine_why_not(engine_nth(i), p->path));
	return map;
}

struct node *
keys_tree(struct ctx *ctx) {
	struct node *tree = node_new(ctx->mem, NODE_MAP, nowhere);
	struct node *keys = node_new(ctx->mem, NODE_LIST, nowhere);
	struct node *codes = node_new(ctx->mem, NODE_LIST, nowhere);
	struct key_paths paths;
	key_paths(ctx, &paths);
	set_text(ctx, tree, "format_version", "1.0");
	node_set(ctx->mem, tree, "keys", nowhere, keys);
	for (size_t i = 0; i < paths.n; i++)
		node_append(ctx->mem, keys, key_map(ctx, &paths.v[i]));
	node_set(ctx->mem, tree, "codes", nowhere, codes);
	for (size_t i = 0; i < code_nrows; i++) {
		struct node *map = node_new(ctx->mem, NODE_MAP, nowhere);
		set_text(ctx, map, "code", code_rows[i].code);
		set_text(ctx, map, "doc", code_rows[i].doc);
		node_append(ctx->mem, codes, map);
	}
	return tree;
}

const char *
key_command(const char *path) {
	static const char *const of[][2] = {
		{"services.*.build", "docker build"},
		{"services.*.deploy.", "docker service create"},
		{"services.*.networks.", "docker network connect"},
		{"services.*.post_start", "docker exec"},
		{"services.*.pre_stop", "docker exec"},
		{"services.", "docker run"},
		{"networks.", "docker network create"},
		{"volumes.", "docker volume create"},
		{"secrets.", "docker secret create"},
		{"configs.", "docker config create"},
		{"models.", "docker model"},
	};
	for (size_t i = 0; i < countof(of); i++)
		if (str_starts(path, of[i][0]))
			return of[i][1];
	return "docker";
}
