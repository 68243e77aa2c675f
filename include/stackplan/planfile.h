/* planfile.h - a saved plan: one file of JSON text with the plan, the options and the world that it was made for, and at its end a
 * digest over all of it.
 *
 * It holds no steps that could be run: `apply --plan` plans anew, and goes on only if the text comes out the same, byte for byte. */
#ifndef STACKPLAN_PLANFILE_H
#define STACKPLAN_PLANFILE_H

#include <stackplan/words.h>

struct buf;
struct ctx;
struct node;

struct planfile {
	const char *version;  /* of stackplan */
	const char *folder;   /* the working directory */
	struct words options; /* what was typed and shapes the plan, after the verb */
	const char *salt;     /* of the digests in the world */
	struct node *world;   /* world.h */
	struct node *plan;    /* as JSON shows it (view.h), secrets marked or left out */
};

/* A new salt, in the arena. */
const char *planfile_salt(struct ctx *);
/* Append the text of the file. */
void planfile_text(struct ctx *, struct buf *, const struct planfile *);
/* Take it apart. NULL with *WHY if it is no saved plan, or not as it was written: any byte that is not what it was is noticed. */
struct planfile *planfile_parse(struct ctx *, const char *text, size_t n, const char **why);
/* Read the file, of which only we or root can have written what is in it; *TEXT and *N are its content. NULL after a diagnostic;
 * *TEXT is NULL then if the file could not be read, or not be trusted. */
struct planfile *planfile_read(struct ctx *, const char *path, const char **text, size_t *n);

#endif
