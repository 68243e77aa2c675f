/* load.c - from files, variables and flags to one canonical document: the pipeline, to be read from
 * load_spec() up.
 *
 * Find the files, read them, name the project, make one tree of them (model.c), drop what is reset,
 * hold the whole against the rows. Steps go on as long as what comes next makes sense, so that one
 * run names all problems. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/keys.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <string.h>

#include "load_int.h"

static const char wants_service[] =
	"this file %s; a compose file has at least 'services:' with one service below it";

/* Report a document without content. */
static void
say_empty(struct ctx *ctx, uint16_t src) {
	diag(ctx, SEV_ERROR, (struct pos){.line = 1, .col = 1, .src = src}, "empty-file",
		wants_service, "is empty");
}

/* Is there a service, or something else that Compose takes for a project without one? */
static bool
has_content(struct ctx *ctx, struct node *doc) {
	const struct node *services = node_find(doc, "services");
	struct pos at = {.line = 1, .col = 1, .src = doc->at.src};
	bool only_version = true;

	if (services && services->n)
		return true;
	for (size_t i = 0; i < doc->n; i++)
		only_version = only_version && str_eq(doc->u.member[i].key, "version");
	if (only_version) {
		diag(ctx, SEV_ERROR, at, "empty-file", wants_service, "has no services");
		return false;
	}
	if (!diag_unfit(ctx, at, "empty-file", wants_service, "has no services"))
		return false;
	if (!services)
		node_add(ctx->mem, doc, "services", doc->at, node_new(ctx->mem, NODE_MAP, doc->at));
	return true;
}

/* Read all files; a file without content beside others is nothing to speak of. False: nothing can
 * be made of them. */
static bool
read_files(struct loading *run, const struct found *found, struct node **docs) {
	const struct node *empty = NULL;
	bool any = false, all = true;

	for (size_t k = 0; k < found->nfile; k++) {
		docs[k] = file_read(run, &found->file[k], (struct pos){0});
		all = all && docs[k];
		for (size_t i = 0; docs[k] && i < docs[k]->n; i++)
			if (docs[k]->u.item[i]->type != NODE_NULL)
				any = true;
			else if (!empty)
				empty = docs[k]->u.item[i];
	}
	if (all && !any && empty)
		say_empty(run->ctx, empty->at.src);
	return any;
}

/* The project's name by the file's own `name:`, in normal form; NULL when there is none, or it
 * could not be read. */
static const char *
name_of_file(struct ctx *ctx, const struct node *doc, const struct env *env) {
	const struct node *node = node_find(doc, "name");
	struct word in = node_word(node), out;
	const char *name;

	if (!node || node->type != NODE_STR || !interp_word(ctx, &in, node->flags, env, &out))
		return NULL;
	if (!*out.s && *in.s)
		diag(ctx, SEV_ERROR, node->at, "bad-project-name",
			"the project's name comes out empty: give the variable a value or a "
			"default, or use -p NAME");
	if (!*out.s)
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

/* The last document that names the project, or NULL. */
static const struct node *
naming_document(const struct found *found, struct node *const *docs) {
	const struct node *last = NULL;

	for (size_t k = 0; k < found->nfile; k++)
		for (size_t i = 0; docs[k] && i < docs[k]->n; i++)
			if (node_find(docs[k]->u.item[i], "name"))
				last = docs[k]->u.item[i];
	return last;
}

/* The project's name; "" after an error. Also puts it into the environment. */
static const char *
name_project(struct ctx *ctx, struct node *const *docs, const struct found *found) {
	size_t errors = diag_errors(ctx);
	const char *name = found->name
				   ? found->name
				   : name_of_file(ctx, naming_document(found, docs), found->env);

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

/* Make one tree of the documents; NULL after errors. */
static struct node *
make_document(struct loading *run, const struct found *found, struct node *const *docs) {
	struct ctx *ctx = run->ctx;
	struct model model = {
		.run = run,
		.env = found->env,
		.canon = {.folder = found->folder,
			.project_folder = found->folder,
			.folder_ref = found->folder_ref,
			.home = env_value(found->env, "HOME")},
		.file = found->file,
		.nfile = found->nfile,
		.good = true,
	};
	struct node *doc = model_merge(&model, docs);

	if (!doc || !model.good)
		return NULL;
	if (run->tagged && reset_drop(ctx, doc, false))
		model.complete = false;
	model.canon.partial = false;
	/* what is missing, and what stands for it, is known now */
	if (!model.complete && !keys_canon(ctx, doc, &schema_file, &model.canon))
		return NULL;
	return has_content(ctx, doc) ? doc : NULL;
}

/* The list of files read, with their folder as a reference where they lie below it. */
static void
note_files(struct ctx *ctx, const struct found *found, struct loaded *out) {
	struct canon canon = {
		.folder = found->folder,
		.project_folder = found->folder,
		.folder_ref = found->folder_ref,
	};

	out->file = arena_array(ctx->mem, found->nfile, sizeof(*out->file));
	out->nfile = found->nfile;
	for (size_t i = 0; i < found->nfile; i++) {
		struct word path = {.s = found->file[i].path};

		out->file[i] = str_eq(path.s, "-") ? path : canon_path(ctx, &canon, &path);
	}
}

/* Find and read; the documents of each file, or NULL when nothing can be made of them. */
static struct node **
find_and_read(struct loading *run, struct found *found, struct loaded *out) {
	struct node **docs = NULL;
	bool any = false;

	if (find_files(run->ctx, run->options, found)) {
		docs = arena_array(run->ctx->mem, found->nfile, sizeof(struct node *));
		run->cwd = found->cwd;
		any = read_files(run, found, docs);
	}
	out->file_missing = found->file_missing || run->file_missing;
	out->env = found->env; /* on failure too: `env` tells what is there */
	return any ? docs : NULL;
}

bool
load_spec(struct ctx *ctx, const struct load_options *options, struct loaded *out) {
	struct load_options given = *options;
	struct loading run = {.ctx = ctx, .options = &given};
	size_t errors = diag_errors(ctx);
	struct found found = {0};
	struct node **docs, *doc;

	*out = (struct loaded){0};
	if (!given.max_bytes)
		given.max_bytes = (size_t)32 << 20;
	if (!(docs = find_and_read(&run, &found, out)))
		return false;
	out->name = name_project(ctx, docs, &found);
	doc = make_document(&run, &found, docs);
	if (!doc || diag_errors(ctx) > errors)
		return false;
	note_files(ctx, &found, out);
	out->doc = doc;
	out->folder = found.folder;
	out->folder_ref = found.folder_ref;
	out->profile = found.profile;
	out->nprofile = found.nprofile;
	return true;
}
