/* act_int.h - what the files of the act room show each other. */
#ifndef STACKPLAN_ACT_INT_H
#define STACKPLAN_ACT_INT_H

#include <stackplan/plan.h>
#include <stackplan/quote.h>
#include <stackplan/view.h>

struct ctx;
struct node;

/* The making of steps as trees. */
struct step_view {
	const struct project *project;
	struct quote_refs refs;
	bool redact;             /* mark secret literals of the spec */
	bool whole;              /* steps are ordinary maps, not made of what is asked for */
	const struct plan *plan; /* that the steps belong to */
	struct view_options options;
};
struct node *view_step(struct ctx *, const struct step_view *, const struct step *);

/* Of a step (view_script.c): its variables; the COMMAND, broken into lines, and its variables as a shell runs them; shell text that is
 * true when its outcome is right. */
struct node *view_env(struct ctx *, const struct step *, const struct quote_refs *, bool redact);
struct node *view_script(struct ctx *, const struct step *, const char *command,
	const struct quote_refs *, bool redact);
const char *view_test(struct ctx *, const struct step *, const char *command);

/* The stack as a picture: its nodes and edges (view_graph.c). */
struct node *view_graph(struct ctx *, const struct plan *);

/* Small hands for building trees. */
void put(struct ctx *, struct node *map, const char *key, const char *text);
void put_int(struct ctx *, struct node *map, const char *key, int64_t);
void put_bool(struct ctx *, struct node *map, const char *key, bool);
void put_node(struct ctx *, struct node *map, const char *key, struct node *);
struct node *new_map(struct ctx *);
struct node *new_list(struct ctx *);
/* The text of a word for people and programs: values of secret variables, and URLs with a password that came from outside, as
 * ${NAME}; the value itself where it may be known. */
const char *masked(struct ctx *, const struct word *);
/* Does a word hold a secret that the spec itself spells out: NAME=VALUE with a secret name, or a URL with a password? */
bool is_literal_secret(const struct word *);
/* What x-stackplan says the thing is about ("" for nothing), from the map that holds x-stackplan. */
const char *about_of(struct ctx *, const struct node *);
/* Text on one line: line breaks and control characters as blanks. */
const char *one_line(struct ctx *, const char *text);

#endif
