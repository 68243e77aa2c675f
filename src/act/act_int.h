/* act_int.h - what the files of the act room show each other. */
#ifndef STACKPLAN_ACT_INT_H
#define STACKPLAN_ACT_INT_H

#include <stackplan/plan.h>
#include <stackplan/quote.h>
#include <stackplan/view.h>

struct buf;
struct ctx;
struct node;

/* ---- tar.c: files as docker reads them from standard input ---- */

#define TAR_RECORDS_NAME "records"

/* What stands in the header of one file: cut and 0 where records say the whole. */
struct tar_head {
	const char *name; /* at most 100 bytes, not absolute */
	uint32_t mode, uid, gid;
};
struct tar_head tar_head(struct ctx *, const struct feed_file *);
/* What stands in records before the header, as a file of type x called TAR_RECORDS_NAME; "" for most files. */
const char *tar_records(struct ctx *, const struct feed_file *);
/* Append a file that holds CONTENT, captured outputs in their places; after the last one the end. */
void tar_file(struct ctx *, struct buf *, const struct feed_file *, const char *content);
void tar_end(struct buf *);

/* ---- steps as trees ---- */

/* Where names were found in the table of a step's members, by the address of the name. Names live as long as the view. */
struct member_cache {
	const char *name[64];
	size_t place[64];
	/* the source of the last step's place, and what it is called */
	const char *file, *file_shown;
	size_t nfile_shown;
};

/* The making of steps as trees. */
struct step_view {
	const struct project *project;
	struct quote_refs refs;
	bool redact;             /* mark secret literals of the spec */
	bool whole;              /* steps are ordinary maps, not made of what is asked for */
	const struct plan *plan; /* that the steps belong to */
	struct view_options options;
	struct member_cache *cache;
	struct arena *mem; /* for what outlives a step */
};
struct node *view_step(struct ctx *, const struct step_view *, const struct step *);

/* The words of a command as shell text: all of it, and where each word begins in it. */
struct quoted {
	const char *text;
	size_t *at; /* one more than there are words: the last is the length plus one */
};

struct quoted *view_quote(struct ctx *, const struct words *, const struct quote_refs *);
/* Text that may stand between single quotes of a shell. */
const char *single_quoted(struct ctx *, const char *);
/* A command as text of several lines, and as a list of lines {text, first, last} (view_command.c). */
const char *view_broken(struct ctx *, const struct words *, const struct quoted *);
struct node *view_lines(struct ctx *, const struct words *, const struct quoted *);
/* The same at once, appended to OUT: some words on one line; the command of a step on one line, or, if BROKEN, on several where it is
 * long. */
void view_put_words(struct buf *, const struct words *, const struct quote_refs *);
void view_put_command(struct ctx *, struct buf *, const struct plan *, const struct step *,
	const struct quote_refs *, bool broken);
/* Words as a list; REDACT marks those that hold secrets of the spec. */
struct node *view_argv(struct ctx *, const struct words *, bool redact);

/* Of a step (view_script.c): its variables; the COMMAND, broken into lines, and its variables as a shell runs them; shell text that is
 * true when its outcome is right. */
struct node *view_env(struct ctx *, const struct step *, const struct quote_refs *, bool redact);
struct node *view_script(struct ctx *, const struct step *, const char *command,
	const struct quote_refs *, bool redact);
/* Has the script nothing but the command, broken into lines? */
bool script_is_command(const struct step *);
const char *view_test(struct ctx *, const struct step *, const char *command);

/* A step's standard input (view_input.c): as a tree, null for none; and the shell text around its command: what stands before it,
 * what stands behind it, and what follows on the next lines. */
struct node *view_input(struct ctx *, const struct step *, bool redact);
/* Does it hold text of the spec, which may be secret by what it says? */
bool input_has_literal(const struct feed *);
/* Does the spec itself say a part of the text? */
bool word_has_literal(const struct word *);
void add_input_before(struct ctx *, struct buf *, const struct step *, const struct quote_refs *);
void add_input_after(struct buf *, const struct step *, const struct quote_refs *);
void add_input_end(struct ctx *, struct buf *, const struct step *, const struct quote_refs *);
/* Append a text to a here-document that expands references; VALUE with its references (view_script.c). */
void add_heredoc_text(struct buf *, const char *text, size_t n);
void add_heredoc_value(struct buf *, const struct word *value, const struct quote_refs *);

/* The values that scripts of the steps read from env files; FILLS: is one of them made of others (view_reads.c). */
struct node *view_reads(struct ctx *, const struct plan *, const struct step_view *, bool *fills);

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
/* The words of the step of this number without such secrets, for JSON. */
const struct words *without_literals(struct ctx *, const struct words *, uint32_t step);
/* What x-stackplan says the thing is about ("" for nothing), from the map that holds x-stackplan. */
const char *about_of(struct ctx *, const struct node *);
/* Text on one line: line breaks and control characters as blanks. */
const char *one_line(struct ctx *, const char *text);

#endif
