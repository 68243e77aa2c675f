/* act_int.h - what the files of the act room show each other. */
#ifndef STACKPLAN_ACT_INT_H
#define STACKPLAN_ACT_INT_H

#include <stackplan/plan.h>
#include <stackplan/quote.h>
#include <stackplan/view.h>

struct ctx;
struct node;

/* Which members of a step a template asks for. */
struct step_uses {
	bool why_sh, about, at, place, argv, command, lines, env, script, test, guard, needs, gate,
		undo, undo_command;
	bool act[ACT_REMOVE + 1], kind[KIND_CONTAINER + 1];
};

/* The making of steps as trees. */
struct step_view {
	const struct project *project;
	struct quote_refs refs;
	bool redact; /* mark secret literals of the spec */
	struct step_uses uses;
};
/* TEMPLATE as in view_options.uses. */
void view_step_uses(struct step_view *, const char *template);
struct node *view_step(struct ctx *, const struct step_view *, const struct step *);

/* Of a step (view_script.c): its variables; command and variables as a shell runs them, from the LINES of the command; shell text
 * that is true when its outcome is right. */
struct node *view_env(struct ctx *, const struct step *, const struct quote_refs *, bool redact);
struct node *view_script(struct ctx *, const struct step *, const struct node *lines,
	const struct node *env, const struct quote_refs *, bool redact);
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
