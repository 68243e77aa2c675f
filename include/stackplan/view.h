/* view.h - the plan as a tree: the published contract for templates and JSON; and rendering it.
 *
 * JSON output is this tree, every template sees this tree. Values from outside the spec are references in both; secret
 * literals of the spec itself stand in scripts, which must run as they are, and are "<redacted>" in JSON. */
#ifndef STACKPLAN_VIEW_H
#define STACKPLAN_VIEW_H

#include <stackplan/words.h>

struct buf;
struct ctx;
struct node;
struct plan;

struct view_options {
	const char *
		folder; /* what stands for the project folder in commands: "$PWD", "$dir"; NULL: its path */
	const struct plan
		*down; /* for scripts and documents: the plan that removes the stack, or NULL */
	struct words global; /* the words after the program's name in every command */
	const char *
		uses; /* the text of the template: what it does not name need not be made; NULL: all is */
	void (*between)(
		void *arg); /* called before each step is made, when what was printed so far may go; or NULL */
	void *arg;
	bool redact; /* mark secret literals NODE_SECRET: for JSON, which then prints "<redacted>" */
};

/* The tree (its members are listed in the manual from the comments in view.c). */
struct node *view_make(struct ctx *, const struct plan *, const struct view_options *);

/* Render VIEW by the named built-in template ("show.sh", "script.sh", "doc.md" ...), which a file of that name in the user's template
 * folder replaces. False after errors. */
bool render_named(struct ctx *, struct buf *out, const char *name, const struct node *view);
/* The text of that template and of those it puts into itself, for view_options.uses; NULL when it can not be told which those are. */
const char *render_text(struct ctx *, const char *name);
/* Render by a template file of the user's. */
bool render_file(struct ctx *, struct buf *out, const char *path, const struct node *view);

/* Built-in templates (made from templates/ by embed.awk). */
struct embedded {
	const char *name;
	const char *text;
};
extern const struct embedded embedded_templates[];
extern const size_t embedded_ntemplates;

#endif
