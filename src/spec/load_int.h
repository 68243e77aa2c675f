/* load_int.h - what the files that load the spec show only one another: load.c, model.c, merge.c,
 * reset.c, extends.c, include.c. */
#ifndef LOAD_INT_H
#define LOAD_INT_H

#include <stackplan/keys.h>
#include <stackplan/words.h>

#include "spec_int.h"

struct load_options;

/* How deep and how many: a spec beyond that is a mistake, or made to do harm. */
enum {
	MAX_INCLUDE_DEPTH = 32,
	MAX_FILES = 100,
	MAX_EXTENDS_DEPTH = 100,
	MAX_BYTES = 64 << 20, /* of all files */
	MAX_COPIED = 2000000, /* nodes of services that others extend */
};

/* What a run of loading has in common, whatever file is being read. */
struct loading {
	struct ctx *ctx;
	const struct load_options *options;
	const char *cwd;
	size_t nfile;   /* read so far, for MAX_FILES */
	size_t nbytes;  /* of them, for MAX_BYTES */
	size_t nunread; /* that could not be read at all */
	size_t ncopied; /* nodes, for MAX_COPIED */
	bool file_missing;
	bool tagged; /* something is tagged !reset or !override */
};

/* A file whose service another one extends. */
struct base_file {
	const char *path;
	struct node *doc; /* NULL: it could not be read */
	struct base_file *next;
};

/* Files that together are one model: the project's own, or those of one entry of an include. */
struct model {
	struct loading *run;
	struct env *env;
	struct canon canon;
	const struct spec_file *file;
	size_t nfile;
	const struct model *outer; /* the one that includes it; NULL: the project's own */
	struct pos at;             /* of the entry of that include */
	struct base_file *base;    /* read so far */
	bool good;                 /* no error in it so far */
	bool complete;             /* all of it is one document: what it lacks is said already */
};

/* ---- model.c ---- */

/* Read and parse one file: its documents; NULL after an error. AT: what asks for it, or nowhere. What
 * is wrong inside gets a note of that place. */
struct node *file_read(struct loading *, const struct spec_file *, struct pos at);
/* Interpolate a document and turn it to canonical form. */
bool document_prepare(struct model *, struct node *doc);
/* Lay the documents over one another, each with what it includes and extends; DOCS has one list for
 * each file, or NULL for one that could not be read. NULL without any content. */
struct node *model_merge(struct model *, struct node *const *docs);

/* ---- merge.c ---- */

/* Lay OVER over BASE by the rules of the rows; BASE is changed, and parts of OVER become its own.
 * Tags for merging stay in it. */
bool merge_over(struct ctx *, struct node *base, struct node *over, const struct schema *,
	const char *what);

/* ---- reset.c ---- */

/* Leave out what is tagged !reset, and forget !override; with ITEMS_ONLY only items of lists and what
 * stands in them, which have nothing to remove. Was there any? */
bool reset_drop(struct ctx *, struct node *, bool items_only);

/* ---- extends.c ---- */

/* Put what the services of DOC extend below them. */
bool extends_apply(struct model *, struct node *doc);

/* ---- include.c ---- */

/* Turn the texts in `include:` to mappings, before the document is held against the rows. False after
 * errors: what is wrong is not in it any more. */
bool include_long(struct ctx *, struct node *doc);
/* Put what DOC includes below it. */
bool include_apply(struct model *, struct node *doc);

#endif
