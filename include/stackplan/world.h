/* world.h - what a saved plan was made for: facts about the spec, its variables and the engine, by which it can be told later whether
 * something has moved.
 *
 * A world is a tree: {THING: {FACT: text}}. A thing is named as people would ("the container 'web-1'"), and it has the fact "id" or
 * "digest" where there is one that no other thing has. Values of variables and contents of files are there as salted digests only. */
#ifndef STACKPLAN_WORLD_H
#define STACKPLAN_WORLD_H

#include <stdbool.h>
#include <stddef.h>

struct ctx;
struct docker;
struct env;
struct node;
struct project;
struct resources;

struct world_view {
	const char *salt;
	const struct env *env; /* of the project; NULL: not known */
	const struct project *
		project; /* NULL: the spec could not be read, and only files and variables are looked at */
	const struct resources *want, *had;
	const struct docker *docker;
	const struct node *was; /* an earlier world, whose variables are looked at, too; or NULL */
};

/* Look at all of it; the engine is asked who it is. NULL after a diagnostic, when it does not answer. */
struct node *world_make(struct ctx *, const struct world_view *);

/* Report as an error each difference between what WAS and what IS, in plain words. True when there is none. Where PARTLY, IS is the
 * world of a spec that could not be read: what only a whole one tells is left out. */
bool world_is_same(struct ctx *, const struct node *was, const struct node *is, bool partly);

#endif
