/* find_env.c - the env files of a project: which ones, in which order, and how their names are
 * shown.
 *
 * Named ones (--env-file, else COMPOSE_ENV_FILES) must be there; the default ones (.env of the base
 * folder, then of the project folder) may be missing. stackplan's own variables beat them all. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <string.h>
#include <unistd.h>

#include "spec_int.h"

/* What is being gathered. */
struct gather {
	struct ctx *ctx;
	const struct load_options *options;
	struct env *env;
	const char *cwd;
	bool missing, good;
};

/* Read one file by its absolute path; SHOWN is its name for people. */
static void
read_one(struct gather *g, const char *path, const char *shown) {
	struct env_input file = {0};
	struct lookup in = {{g->env}};
	const char *why = NULL;

	/* the usual way to say "no file" */
	if (str_eq(path, "/dev/null"))
		return;
	file.text = path_read(g->ctx->mem, path, g->options->max_bytes, &file.len, &why);
	if (!file.text) {
		diag(g->ctx, SEV_ERROR, (struct pos){0}, "cannot-read", "cannot read '%s': %s",
			shown, why);
		g->missing = true;
		g->good = false;
		return;
	}
	file.src = diag_source(g->ctx, shown, "", 0);
	file.path = path;
	if (!envfile_parse(g->ctx, g->env, &file, REF_DOTENV, &in))
		g->good = false;
}

/* A file that the user named. */
static void
read_named(struct gather *g, const char *name) {
	read_one(g, path_resolve(g->ctx->mem, g->cwd, name, NULL), name);
}

/* FOLDER/.env, if there is one. */
static void
read_default(struct gather *g, const char *folder) {
	char *path = path_resolve(g->ctx->mem, folder, ".env", NULL);

	if (access(path, F_OK) == 0 && !path_is_folder(path))
		read_one(g, path, path_shown(g->ctx, g->cwd, folder, path));
}

/* The files of the comma list in COMPOSE_ENV_FILES. */
static void
read_list(struct gather *g, const char *list) {
	while (*list) {
		size_t n = strcspn(list, ",");

		if (n)
			read_named(g, arena_strndup(g->ctx->mem, list, n));
		list += n + (list[n] == ',');
	}
}

struct env *
find_env(struct ctx *ctx, const struct load_options *options, const char *cwd, const char *base,
	const char *folder, bool *file_missing) {
	struct gather g = {.ctx = ctx,
		.options = options,
		.env = env_new(ctx, NULL),
		.cwd = cwd,
		.good = true};
	const char *list, *off;
	bool disabled = false;

	env_keep_names(g.env, env_names_new(ctx));
	env_add_own(ctx, g.env, options->environ);
	list = env_value(g.env, "COMPOSE_ENV_FILES");
	off = env_value(g.env, "COMPOSE_DISABLE_ENV_FILE");
	if (off && !str_bool(off, &disabled))
		disabled = str_eq(off, "1");
	if (options->nenv_file) {
		for (size_t i = 0; i < options->nenv_file; i++)
			read_named(&g, options->env_file[i]);
	} else if (list && *list) {
		read_list(&g, list);
	} else if (!disabled) {
		/* the base folder's wins, so it comes last */
		if (folder && !str_eq(folder, base))
			read_default(&g, folder);
		read_default(&g, base);
	}
	if (g.missing)
		*file_missing = true;
	return g.good ? g.env : NULL;
}

const char *
path_shown(struct ctx *ctx, const char *cwd, const char *folder, const char *path) {
	if (str_eq(cwd, "/"))
		return path;
	if (path_below(path, cwd) || (path_below(path, folder) && path_below(cwd, folder)))
		return path_relative(ctx->mem, cwd, path);
	return path;
}
