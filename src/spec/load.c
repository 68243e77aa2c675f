/* load.c - from files, variables and flags to one canonical document: the pipeline, to be read from
 * load_spec() up.
 *
 * For the file: read, parse, name, interpolate, drop what is reset, short forms to canonical ones.
 * Steps go on as long as what comes next makes sense, so that one run names all problems. */
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

#include "spec_int.h"

/* Read the compose file as a source; 0 after an error. */
static uint16_t
read_source(struct ctx *ctx, const struct load_options *options, struct found *found) {
	size_t len = 0;
	const char *why = NULL, *text;

	if (str_eq(found->path, "-"))
		text = path_read_fd(ctx->mem, STDIN_FILENO, options->max_bytes, &len, &why);
	else
		text = path_read(ctx->mem, found->path, options->max_bytes, &len, &why);
	if (text)
		return diag_source(ctx, found->shown, text, len);
	diag(ctx, SEV_ERROR, (struct pos){0}, "cannot-read", "cannot read '%s': %s", found->shown,
		why);
	found->file_missing = true;
	return 0;
}

/* Report a document without content. */
static void
say_empty(struct ctx *ctx, uint16_t src, const char *lacks) {
	diag(ctx, SEV_ERROR, (struct pos){.line = 1, .col = 1, .src = src}, "empty-file",
		"this file %s; a compose file has at least 'services:' with one service below it",
		lacks);
}

/* Parse the source into its one document; NULL after an error. */
static struct node *
read_document(struct ctx *ctx, uint16_t src) {
	struct node *list = yaml_read(ctx, src, (struct yaml_limits){0});

	if (!list)
		return NULL;
	if (list->n > 1) {
		diag(ctx, SEV_ERROR, list->u.item[1]->at, "later-document",
			"a second YAML document in one file is not supported by this version yet");
		return NULL;
	}
	if (!list->n || list->u.item[0]->type == NODE_NULL) {
		say_empty(ctx, src, "is empty");
		return NULL;
	}
	return list->u.item[0];
}

/* The project's name by the file's own `name:`, in normal form; NULL when there is none, or it
 * could not be read. */
static const char *
name_of_file(struct ctx *ctx, const struct node *doc, const struct env *env) {
	const struct node *node = node_find(doc, "name");
	struct word in = node_word(node), out;
	const char *name;

	if (!node || node->type != NODE_STR || !interp_word(ctx, &in, node->flags, env, &out) ||
		!*out.s)
		return NULL;
	name = name_normal(ctx, out.s);
	if (!*name) {
		diag(ctx, SEV_ERROR, node->at, "bad-project-name",
			"a project name has lower-case letters, digits, '-' and '_': nothing of "
			"this one is left");
		return NULL;
	}
	if (!str_eq(name, out.s))
		diag(ctx, SEV_WARNING, node->at, "bad-project-name",
			"a project name has lower-case letters, digits, '-' and '_': '%s' is used",
			name);
	return name;
}

/* The project's name; "" after an error. Also puts it into the environment. */
static const char *
name_project(struct ctx *ctx, const struct node *doc, const struct found *found) {
	size_t errors = diag_errors(ctx);
	const char *name = found->name ? found->name : name_of_file(ctx, doc, found->env);

	if (!name && diag_errors(ctx) > errors)
		return "";
	if (!name)
		name = name_normal(ctx, path_basename(found->folder));
	if (*name)
		env_set(ctx, found->env, "COMPOSE_PROJECT_NAME", name);
	else
		diag(ctx, SEV_ERROR, (struct pos){0}, "bad-project-name",
			"the folder's name '%s' gives no project name: use -p NAME, or 'name:' in "
			"the file",
			path_basename(found->folder));
	return name;
}

/* Leave out what is tagged !reset. The depth is the parser's. */
static void
drop_reset(struct ctx *ctx, struct node *node) {
	struct node *kept = NULL;

	if (node->type != NODE_MAP && node->type != NODE_LIST)
		return;
	for (size_t i = 0; i < node->n; i++) {
		struct node *below =
			node->type == NODE_MAP ? node->u.member[i].val : node->u.item[i];

		if (below->flags & NODE_RESET)
			kept = kept ? kept : node_new(ctx->mem, node->type, node->at);
		else
			drop_reset(ctx, below);
	}
	if (!kept)
		return;
	for (size_t i = 0; i < node->n; i++) {
		struct node *below =
			node->type == NODE_MAP ? node->u.member[i].val : node->u.item[i];

		if (below->flags & NODE_RESET)
			continue;
		if (node->type == NODE_MAP)
			node_add(
				ctx->mem, kept, node->u.member[i].key, node->u.member[i].at, below);
		else
			node_append(ctx->mem, kept, below);
	}
	kept->flags = node->flags;
	*node = *kept;
}

/* Everything about the document itself, in order. */
static bool
make_document(struct ctx *ctx, const struct found *found, struct node *doc) {
	struct canon canon = {
		.folder = found->folder,
		.project_folder = found->folder,
		.folder_ref = found->folder_ref,
		.home = env_value(found->env, "HOME"),
	};
	bool good = interp_tree(ctx, doc, found->env);

	drop_reset(ctx, doc);
	/* what failed was left out: nothing may be called missing then */
	canon.partial = !good;
	if (!keys_canon(ctx, doc, &schema_file, &canon) || !good)
		return false;
	if (node_find(doc, "services") && node_find(doc, "services")->n)
		return true;
	say_empty(ctx, doc->at.src, "has no services");
	return false;
}

/* The list of files read: one, with its folder as a reference where it lies below it. */
static void
note_files(struct ctx *ctx, const struct found *found, struct loaded *out) {
	struct canon canon = {
		.folder = found->folder,
		.project_folder = found->folder,
		.folder_ref = found->folder_ref,
	};
	struct word path = {.s = found->path};

	out->file = arena_array(ctx->mem, 1, sizeof(*out->file));
	out->nfile = 1;
	out->file[0] = str_eq(found->path, "-") ? path : canon_path(ctx, &canon, &path);
}

bool
load_spec(struct ctx *ctx, const struct load_options *options, struct loaded *out) {
	struct load_options given = *options;
	size_t errors = diag_errors(ctx);
	struct found found = {0};
	uint16_t src = 0;
	struct node *doc = NULL;

	*out = (struct loaded){0};
	if (!given.max_bytes)
		given.max_bytes = (size_t)32 << 20;
	if (find_files(ctx, &given, &found) && (src = read_source(ctx, &given, &found)))
		doc = read_document(ctx, src);
	out->file_missing = found.file_missing;
	out->env = found.env; /* on failure too: `env` tells what is there */
	if (!doc)
		return false;
	out->name = name_project(ctx, doc, &found);
	if (!make_document(ctx, &found, doc) || diag_errors(ctx) > errors)
		return false;
	note_files(ctx, &found, out);
	out->doc = doc;
	out->folder = found.folder;
	out->folder_ref = found.folder_ref;
	out->profile = found.profile;
	out->nprofile = found.nprofile;
	return true;
}
