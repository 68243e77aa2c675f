/* include.c - put what a document includes below it: each entry is a model of its own, with its own
 * folder and variables.
 *
 * Starts at include_apply(). Files that include one another in a circle are found by their paths. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/keys.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <string.h>
#include <unistd.h>

#include "load_int.h"

static const char taken[] = "services networks volumes secrets configs models";

/* Is none of the paths an address? */
static bool
check_paths(struct ctx *ctx, const struct node *path) {
	bool good = true;

	if (!path || path->type != NODE_LIST)
		return check_local(ctx, node_text(path), path);
	for (size_t i = 0; i < path->n; i++)
		good = check_local(ctx, node_text(path->u.item[i]), path->u.item[i]) && good;
	return good;
}

/* The long form of an entry; NULL after an error. */
static struct node *
entry_long(struct ctx *ctx, struct node *entry) {
	struct node *map = entry;

	if (entry->type == NODE_STR) {
		map = node_new(ctx->mem, NODE_MAP, entry->at);
		node_add(ctx->mem, map, "path", entry->at, entry);
	}
	if (map->type == NODE_MAP)
		return check_paths(ctx, node_find(map, "path")) ? map : NULL;
	diag(ctx, SEV_ERROR, entry->at, "wrong-type",
		"'include' wants a file, or a mapping with 'path', not a %s",
		node_type_name(entry));
	return NULL;
}

bool
include_long(struct ctx *ctx, struct node *doc) {
	struct member *m = node_member(doc, "include");
	struct node *list;

	if (!m || m->val->type != NODE_LIST)
		return true;
	reset_drop(ctx, m->val, true);
	list = node_new(ctx->mem, NODE_LIST, m->val->at);
	list->flags = m->val->flags;
	for (size_t i = 0; i < m->val->n; i++) {
		struct node *entry = entry_long(ctx, m->val->u.item[i]);

		if (entry)
			node_append(ctx->mem, list, entry);
	}
	bool good = list->n == m->val->n;
	m->val = list;
	return good;
}

/* Report a file that includes itself in the end. */
static bool
check_circle(struct model *outer, const struct node *path) {
	struct ctx *ctx = outer->run->ctx;
	size_t depth = 0;

	for (const struct model *m = outer; m; m = m->outer, depth++)
		for (size_t i = 0; i < m->nfile; i++) {
			if (!str_eq(m->file[i].path, node_text(path)))
				continue;
			diag(ctx, SEV_ERROR, path->at, "include-circle",
				"'%s' includes itself in the end: take one of these includes away",
				m->file[i].shown);
			return false;
		}
	if (depth <= MAX_INCLUDE_DEPTH)
		return true;
	diag(ctx, SEV_ERROR, path->at, "include-too-deep", "more than %d files include one another",
		MAX_INCLUDE_DEPTH);
	return false;
}

/* Read one env file of an include, named at the node. */
static bool
read_env(struct model *outer, struct env *env, const char *path, struct pos at) {
	struct loading *run = outer->run;
	struct env_input in = {0};
	struct lookup look = {{outer->env, env}};
	const char *why = NULL, *shown = path_shown(run->ctx, run->cwd, outer->canon.folder, path);

	if (str_eq(path, "/dev/null"))
		return true;
	in.text = path_read(run->ctx->mem, path, run->options->max_bytes, &in.len, &why);
	if (!in.text) {
		diag(run->ctx, SEV_ERROR, at, "cannot-read", "cannot read '%s': %s", shown, why);
		return false;
	}
	in.src = diag_source(run->ctx, shown, "", 0);
	in.path = path;
	return envfile_parse(run->ctx, env, &in, REF_DOTENV, &look);
}

/* The variables of an entry: those of its files, and over them those of the including file. NULL
 * after an error. */
static struct env *
entry_env(struct model *outer, const struct node *entry, const char *folder) {
	struct ctx *ctx = outer->run->ctx;
	const struct node *list = node_find(entry, "env_file");
	const char *dotenv = path_resolve(ctx->mem, folder, ".env", NULL);
	struct env *files = env_new(ctx, NULL), *all = env_new(ctx, NULL);
	const struct env_var *var;
	bool good = true;

	env_keep_names(all, env_names(outer->env));
	for (size_t i = 0; list && i < list->n; i++)
		good = read_env(outer, files, node_text(list->u.item[i]), list->u.item[i]->at) &&
		       good;
	if (!list && access(dotenv, F_OK) == 0 && !path_is_folder(dotenv))
		good = read_env(outer, files, dotenv, entry->at);
	for (size_t i = 0; (var = env_nth(files, i)); i++)
		env_put(ctx, all, var->name, var->value, var->ref);
	for (size_t i = 0; (var = env_nth(outer->env, i)); i++)
		env_put(ctx, all, var->name, var->value, var->ref);
	return good ? all : NULL;
}

/* Give the variables without a value theirs, as long as the entry's own are known. */
static void
fill_environment(struct ctx *ctx, const struct env *env, struct node *doc) {
	struct node *services = node_find(doc, "services");

	for (size_t i = 0; services && i < services->n; i++) {
		struct node *map = node_find(services->u.member[i].val, "environment");

		for (size_t k = 0; map && map->type == NODE_MAP && k < map->n; k++) {
			struct member *m = &map->u.member[k];
			const struct env_var *var = env_find(env, m->key, strlen(m->key));
			struct word word;

			if (m->val->type != NODE_NULL || (m->val->flags & NODE_RESET) || !var)
				continue;
			word = var->value;
			word.at = m->val->at;
			m->val = node_from_word(ctx->mem, word);
		}
	}
}

/* The files of the entry; false when one may not be read. */
static bool
entry_files(struct model *outer, struct model *inner, const struct node *paths) {
	struct ctx *ctx = outer->run->ctx;
	struct spec_file *file = arena_array(ctx->mem, paths->n, sizeof(*file));
	bool good = true;

	inner->file = file;
	inner->nfile = paths->n;
	for (size_t i = 0; i < paths->n; i++) {
		const char *path = node_text(paths->u.item[i]);

		good = check_circle(outer, paths->u.item[i]) && good;
		file[i] = (struct spec_file){.path = path,
			.shown = path_shown(ctx, outer->run->cwd, outer->canon.folder, path)};
	}
	return good;
}

/* What an entry gives: a tree with the kinds of things that are taken from it; NULL after an
 * error. */
static struct node *
entry_make(struct model *outer, const struct node *entry) {
	struct ctx *ctx = outer->run->ctx;
	struct model inner = {.run = outer->run,
		.canon = outer->canon,
		.outer = outer,
		.at = entry->at,
		.good = true};
	const struct node *paths = node_find(entry, "path");
	const struct node *folder = node_find(entry, "project_directory");
	struct node **docs, *all, *out;
	size_t errors = diag_errors(ctx), unread = outer->run->nunread;

	if (!entry_files(outer, &inner, paths))
		return NULL;
	inner.canon.folder =
		folder ? node_text(folder) : path_dirname(ctx->mem, inner.file[0].path);
	inner.env = entry_env(outer, entry, inner.canon.folder);
	if (!inner.env)
		return NULL;
	docs = arena_array(ctx->mem, inner.nfile, sizeof(struct node *));
	for (size_t i = 0; i < inner.nfile; i++)
		docs[i] = file_read(outer->run, &inner.file[i], paths->u.item[i]->at);
	all = model_merge(&inner, docs);
	if (diag_errors(ctx) > errors && outer->run->nunread == unread)
		diag_note(ctx, entry->at, "this file is included here");
	if (!inner.good)
		return NULL;
	out = node_new(ctx->mem, NODE_MAP, entry->at);
	if (all)
		reset_drop(ctx, all, false);
	for (size_t i = 0; all && i < all->n; i++)
		if (str_in(taken, all->u.member[i].key))
			node_add(ctx->mem, out, all->u.member[i].key, all->u.member[i].at,
				all->u.member[i].val);
	fill_environment(ctx, inner.env, out);
	return out;
}

/* Is the entry one that can be followed? */
static bool
is_entry(struct ctx *ctx, const struct node *entry) {
	const struct node *paths = node_find(entry, "path");

	if (entry->type != NODE_MAP)
		return false;
	if (paths && paths->type == NODE_LIST && paths->n)
		return true;
	diag(ctx, SEV_ERROR, entry->at, "missing-key", "an included file wants the key 'path'");
	return false;
}

bool
include_apply(struct model *model, struct node *doc) {
	struct ctx *ctx = model->run->ctx;
	struct node *list = node_find(doc, "include");
	bool good = true;

	if (!list)
		return true;
	node_unset(doc, "include");
	model->complete = false;
	if (list->type != NODE_LIST || (list->flags & NODE_RESET))
		return true;
	for (size_t i = 0; i < list->n; i++) {
		struct pos at = doc->at;
		struct node *from =
			is_entry(ctx, list->u.item[i]) ? entry_make(model, list->u.item[i]) : NULL;

		if (from && merge_over(ctx, from, doc, &schema_file, "of the included file"))
			*doc = *from;
		else
			good = false;
		doc->at = at;
	}
	return good;
}
