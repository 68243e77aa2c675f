/* model.c - from the documents of a few files to one tree: each is made canonical, gets what it
 * includes and extends below it, and is laid over those before it.
 *
 * Starts at model_merge(). Used for the project's own files and for each include. Goes on after
 * errors as long as what comes next makes sense, so that one run names all problems. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/keys.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <unistd.h>

#include "load_int.h"

/* Read the file as a source; 0 after an error. */
static uint16_t
read_source(struct loading *run, const struct spec_file *file, struct pos at) {
	struct ctx *ctx = run->ctx;
	size_t len = 0;
	const char *why = NULL, *text;

	if (str_eq(file->path, "-"))
		text = path_read_fd(ctx->mem, STDIN_FILENO, run->options->max_bytes, &len, &why);
	else
		text = path_read(ctx->mem, file->path, run->options->max_bytes, &len, &why);
	run->nbytes += len;
	if (text && run->nbytes > MAX_BYTES)
		why = "with it, all files together are larger than 64 MiB";
	else if (text)
		return diag_source(ctx, file->shown, text, len);
	diag(ctx, SEV_ERROR, at, "cannot-read", "cannot read '%s': %s", file->shown, why);
	run->nunread++;
	run->file_missing = run->file_missing || !at.line;
	return 0;
}

struct node *
file_read(struct loading *run, const struct spec_file *file, struct pos at) {
	uint16_t src;

	if (run->nfile++ >= MAX_FILES) {
		if (run->nfile == MAX_FILES + 1)
			diag(run->ctx, SEV_ERROR, at, "too-many-files",
				"more than %d files make up this spec", MAX_FILES);
		run->nunread++;
		return NULL;
	}
	src = read_source(run, file, at);
	struct node *docs = src ? yaml_read(run->ctx, src, (struct yaml_limits){0}) : NULL;
	run->tagged = run->tagged || (docs && docs->flags & NODE_TAGGED);
	return docs;
}

bool
document_prepare(struct model *model, struct node *doc) {
	struct ctx *ctx = model->run->ctx;
	bool good = interp_tree(ctx, doc, model->env);

	if (model->run->tagged)
		reset_drop(ctx, doc, true);
	good = include_long(ctx, doc) && good;
	/* what failed was left out: nothing may be called missing then */
	model->canon.partial = !model->complete || !good || node_find(doc, "include");
	return keys_canon(ctx, doc, &schema_file, &model->canon) && good;
}

/* One document, ready to be laid over those before it; NULL after an error. */
static struct node *
document_make(struct model *model, struct node *doc) {
	bool good = document_prepare(model, doc);

	if (doc->type == NODE_MAP)
		good = include_apply(model, doc) && good;
	good = good && extends_apply(model, doc);
	model->good = model->good && good;
	return good ? doc : NULL;
}

/* Lay one document over the others. */
static struct node *
lay(struct model *model, struct node *base, struct node *doc) {
	if (!base || !doc)
		return doc ? doc : base;
	if (!merge_over(model->run->ctx, base, doc, &schema_file, "of an earlier file"))
		model->good = false;
	return base;
}

struct node *
model_merge(struct model *model, struct node *const *docs) {
	struct node *all = NULL;

	model->complete = !model->outer && model->nfile == 1 && docs[0] && docs[0]->n == 1;
	for (size_t k = 0; k < model->nfile; k++) {
		model->good = model->good && docs[k];
		for (size_t i = 0; docs[k] && i < docs[k]->n; i++)
			if (docs[k]->u.item[i]->type != NODE_NULL)
				all = lay(model, all, document_make(model, docs[k]->u.item[i]));
	}
	return all;
}
