/* act_int.h - what the files of the act room show each other. */
#ifndef STACKPLAN_ACT_INT_H
#define STACKPLAN_ACT_INT_H

#include <stackplan/plan.h>
#include <stackplan/quote.h>
#include <stackplan/view.h>

struct ctx;
struct node;

/* One step as a tree (view_step.c); REDACT marks secret literals of the spec. */
struct node *view_step(struct ctx *, const struct project *, const struct step *, const struct quote_refs *,
	bool redact);

/* The stack as a picture: its nodes and edges (view_graph.c). */
struct node *view_graph(struct ctx *, const struct plan *);

/* Small hands for building trees. */
void put(struct ctx *, struct node *map, const char *key, const char *text);
void put_int(struct ctx *, struct node *map, const char *key, int64_t);
void put_bool(struct ctx *, struct node *map, const char *key, bool);
void put_node(struct ctx *, struct node *map, const char *key, struct node *);
struct node *new_map(struct ctx *);
struct node *new_list(struct ctx *);
/* Text on one line: line breaks and control characters as blanks. */
const char *one_line(struct ctx *, const char *text);

#endif
