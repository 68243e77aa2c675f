/* find.c - which compose file, which project folder, which settings: what is known before the spec
 * is read.
 *
 * Starts at find_files(). The order is Compose's: a first look at the env files (they may name the
 * compose file), the compose file, its folder, the env files again with that folder, then name and
 * profiles. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

static const char *const searched[] = {
	"compose.yaml",
	"compose.yml",
	"docker-compose.yml",
	"docker-compose.yaml",
};
static const char *const overrides[] = {
	"compose.override.yml",
	"compose.override.yaml",
	"docker-compose.override.yml",
	"docker-compose.override.yaml",
};

/* Report without a place. Always false. */
static bool
fail(struct ctx *ctx, const char *code, const char *message) {
	diag(ctx, SEV_ERROR, (struct pos){0}, code, "%s", message);
	return false;
}

/* The first of NAMES that is a file in the folder, or NULL; *MORE gets a second one, or NULL. */
static const char *
first_of(struct ctx *ctx, const char *folder, const char *const *names, size_t n,
	const char **more) {
	const char *found = NULL;

	*more = NULL;
	for (size_t i = 0; i < n && !*more; i++) {
		if (!path_is_file(path_resolve(ctx->mem, folder, names[i], NULL)))
			continue;
		if (found)
			*more = names[i];
		else
			found = names[i];
	}
	return found;
}

/* Add a file by its absolute path; there is room. */
static void
add_file(struct found *out, const char *path, const char *shown) {
	out->file[out->nfile++] = (struct spec_file){.path = path, .shown = shown};
}

/* A file was found by the search: add it, and the override file beside it. */
static void
add_found(struct ctx *ctx, struct found *out, const char *folder, const char *name,
	const char *more) {
	const char *path = path_resolve(ctx->mem, folder, name, NULL), *two;
	const char *over = first_of(ctx, folder, overrides, countof(overrides), &two);

	if (more)
		diag(ctx, SEV_WARNING, (struct pos){0}, "several-files",
			"both '%s' and '%s' are here: '%s' is used", name, more, name);
	if (two)
		diag(ctx, SEV_WARNING, (struct pos){0}, "several-files",
			"both '%s' and '%s' are here: '%s' is used", over, two, over);
	out->file = arena_array(ctx->mem, 2, sizeof(*out->file));
	add_file(out, path, path_relative(ctx->mem, out->cwd, path));
	if (!over)
		return;
	path = path_resolve(ctx->mem, folder, over, NULL);
	add_file(out, path, path_relative(ctx->mem, out->cwd, path));
}

/* Search FOLDER and those above it. */
static bool
search(struct ctx *ctx, struct found *out, const char *folder) {
	const char *name, *more;

	while (!(name = first_of(ctx, folder, searched, countof(searched), &more)) &&
		!str_eq(folder, "/"))
		folder = path_dirname(ctx->mem, folder);
	if (!name) {
		out->file_missing = true;
		return fail(ctx, "no-file",
			"no compose file found here or above: looked for compose.yaml, "
			"compose.yml, docker-compose.yml, "
			"docker-compose.yaml");
	}
	add_found(ctx, out, folder, name, more);
	return true;
}

/* Is it an address rather than a file? */
static bool
is_remote(const char *name) {
	return strstr(name, "://") || str_starts(name, "oci:") || str_starts(name, "git@") ||
	       str_starts(name, "github.com/");
}

bool
check_local(struct ctx *ctx, const char *name, const struct node *node) {
	if (!is_remote(name))
		return true;
	diag(ctx, SEV_ERROR, node ? node->at : (struct pos){0}, "remote-file",
		"remote files are not supported, and '%s' is an address: fetch it, and name the "
		"file on this machine",
		hint_text(ctx, node, name));
	return false;
}

/* A file that -f or COMPOSE_FILE names. */
static bool
take_named(struct ctx *ctx, struct found *out, const char *name) {
	if (!check_local(ctx, name, NULL))
		return false;
	for (size_t i = 0; str_eq(name, "-") && i < out->nfile; i++)
		if (str_eq(out->file[i].path, "-"))
			return fail(ctx, "several-files",
				"standard input can be read once, and '-' is named twice");
	if (str_eq(name, "-"))
		add_file(out, name, "<stdin>");
	else
		add_file(out, path_resolve(ctx->mem, out->cwd, name, NULL), name);
	return true;
}

/* The files of COMPOSE_FILE. */
static bool
take_listed(struct ctx *ctx, struct found *out, const char *list) {
	const char *separator = env_value(out->env, "COMPOSE_PATH_SEPARATOR");
	bool good = true;

	if (!separator || !*separator)
		separator = ":";
	out->file = arena_array(ctx->mem, strlen(list) + 1, sizeof(*out->file));
	while (*list) {
		const char *at = strstr(list, separator);
		size_t n = at ? (size_t)(at - list) : strlen(list);

		if (n)
			good = take_named(ctx, out, arena_strndup(ctx->mem, list, n)) && good;
		list += n + (at ? strlen(separator) : 0);
	}
	return good;
}

/* The files of -f. */
static bool
take_given(struct ctx *ctx, const struct load_options *options, struct found *out) {
	bool good = true;

	out->file = arena_array(ctx->mem, options->nfile, sizeof(*out->file));
	for (size_t i = 0; i < options->nfile; i++)
		good = take_named(ctx, out, options->file[i]) && good;
	return good;
}

/* Find the compose files: -f, COMPOSE_FILE, or the search. */
static bool
find_compose(
	struct ctx *ctx, const struct load_options *options, struct found *out, const char *base) {
	const char *list = env_value(out->env, "COMPOSE_FILE");

	if (options->nfile)
		return take_given(ctx, options, out);
	if (list && *list && !take_listed(ctx, out, list))
		return false;
	return out->nfile || search(ctx, out, base);
}

/* The folder of the first file that has one. */
static const char *
folder_of(struct ctx *ctx, const struct found *found) {
	for (size_t i = 0; i < found->nfile; i++)
		if (!str_eq(found->file[i].path, "-"))
			return path_dirname(ctx->mem, found->file[i].path);
	return found->cwd;
}

char *
name_normal(struct ctx *ctx, const char *name) {
	char *out = arena_strdup(ctx->mem, name);
	size_t n = 0;

	for (const char *p = name; *p; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
		bool alnum = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (alnum || (n && (c == '_' || c == '-')))
			out[n++] = c;
	}
	out[n] = '\0';
	return out;
}

/* The name from -p or COMPOSE_PROJECT_NAME, which must be right as it stands. */
static bool
find_name(struct ctx *ctx, const struct load_options *options, struct found *out) {
	const char *name = options->project_name;

	if (!name || !*name)
		name = env_value(out->env, "COMPOSE_PROJECT_NAME");
	if (!name || !*name)
		return true;
	out->name = name;
	if (str_eq(name, name_normal(ctx, name)))
		return true;
	diag(ctx, SEV_ERROR, (struct pos){0}, "bad-project-name",
		"a project name has lower-case letters, digits, '-' and '_', and begins with a "
		"letter or digit, unlike '%s'",
		name);
	return false;
}

/* The active profiles: --profile, else COMPOSE_PROFILES. */
static void
find_profiles(struct ctx *ctx, const struct load_options *options, struct found *out) {
	const char *list = env_value(out->env, "COMPOSE_PROFILES");
	const char **made;

	out->profile = options->profile;
	out->nprofile = options->nprofile;
	if (options->nprofile)
		return;
	if (!list || !*list) {
		/* a profile whose name comes out empty is active when none is asked for */
		static const char *const none[] = {""};
		out->profile = none;
		out->nprofile = countof(none);
		return;
	}
	made = arena_array(ctx->mem, strlen(list) / 2 + 1, sizeof(*made));
	while (*list) {
		size_t n = strcspn(list, ","), from = strspn(list, " \t"), to = n;

		while (to > from && (list[to - 1] == ' ' || list[to - 1] == '\t'))
			to--;
		if (to > from)
			made[out->nprofile++] = arena_strndup(ctx->mem, list + from, to - from);
		list += n + (list[n] == ',');
	}
	out->profile = made;
}

/* The folder that is known before the compose file is. */
static const char *
base_folder(struct ctx *ctx, const struct load_options *options, const char *cwd) {
	if (options->project_directory && *options->project_directory)
		return path_resolve(ctx->mem, cwd, options->project_directory, NULL);
	for (size_t i = 0; i < options->nfile; i++)
		if (!str_eq(options->file[i], "-") && !is_remote(options->file[i]))
			return path_dirname(
				ctx->mem, path_resolve(ctx->mem, cwd, options->file[i], NULL));
	return cwd;
}

bool
find_files(struct ctx *ctx, const struct load_options *options, struct found *out) {
	struct ref *ref = arena_make(ctx->mem, struct ref);
	const char *base;

	*out = (struct found){.cwd = path_cwd(ctx->mem), .folder_ref = ref};
	*ref = (struct ref){.from = REF_FOLDER, .name = "PWD"};
	if (!out->cwd)
		return fail(ctx, "cannot-read", "the working directory is gone");
	base = base_folder(ctx, options, out->cwd);
	out->env = find_env(ctx, options, out->cwd, base, NULL, &out->file_missing);
	if (!out->env || !find_compose(ctx, options, out, base))
		return false;
	out->folder = base;
	if (!options->project_directory || !*options->project_directory)
		out->folder = folder_of(ctx, out);
	if (!str_eq(out->folder, base))
		out->env = find_env(ctx, options, out->cwd, base, out->folder, &out->file_missing);
	if (!out->env || !find_name(ctx, options, out))
		return false;
	find_profiles(ctx, options, out);
	return true;
}
