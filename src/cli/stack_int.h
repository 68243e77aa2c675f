/* stack_int.h - the pipeline that the verbs share: a stack is loaded, wanted, looked at, planned; its plan is printed, saved, run. */
#ifndef STACKPLAN_STACK_INT_H
#define STACKPLAN_STACK_INT_H

#include <stackplan/engine.h>
#include <stackplan/load.h>
#include <stackplan/plan.h>

#include "cli_int.h"

/* ---- loading and asking (stack.c) ---- */

struct stack {
	struct loaded loaded;
	struct project *project;
	const struct engine *engine;
	struct resources *want;
	struct docker docker;
	struct engine_version version;
	struct resources *had;
	bool lean; /* stack_observe_fit asks as little as it can */
};

/* Empty, but for the engine's row. */
void stack_begin(struct cli *, struct stack *);
/* Each returns an exit code, EXIT_DONE when it went well; the reason is in ctx->diags. */
int stack_load(struct cli *, struct stack *, bool no_deps);
int stack_want(struct cli *, struct stack *, bool labels);
/* Find the engine's program, and ask the engine what it has. */
int stack_observe(struct cli *, struct stack *, enum closeness);
/* The first alone. */
int stack_program(struct cli *, struct stack *);
/* Is the variable of the environment set to a yes? */
bool is_yes(const char *name);
/* Before things are removed that only lists tell of: was nothing lost of the answers? What is made has names that are asked about
 * one by one, so that nothing of it can be lost. */
int stack_prove(struct cli *, const struct stack *);
/* Ask for the containers alone, again after a run. */
int stack_observe_again(struct cli *, struct stack *);
/* The same, and hold what is wanted against the engine's version: what an old one leaves out is left out of what is wanted too, or is
 * an error. */
int stack_observe_fit(struct cli *, struct stack *);
/* --compose-hash (hashes.c): ask Compose for its digests, of what is to be where only these containers are (NULL: none); only if
 * it has made one that is there; or if one is made, where a warning tells of those that stay without such a digest. */
int stack_compose_hashes(struct cli *, struct stack *, const struct resources *there);
int stack_hashes_of_had(struct cli *, struct stack *);
int stack_hashes_of_changes(struct cli *, struct stack *, const struct changes *);
/* Warn of what is missing on this machine's disk. MADE: the containers of these changes are made now, so that what cannot work is
 * an error (EXIT_SPEC); NULL: nothing is done. */
int stack_sources(struct cli *, const struct stack *, const struct changes *made);
/* Diagnose all that is in the way: nothing may run then. True when the way is free. */
bool stack_way_is_free(struct cli *, const struct changes *);
/* Does the engine run on this machine, as far as can be told? */
bool stack_is_here(const struct cli *);
/* Only files and variables, for completion. */
struct load_options stack_load_options(const struct globals *, char *const *environ);

bool stack_labels(const struct cli *);
/* --labels none has no meaning where the engine is asked: EXIT_USAGE then. */
int stack_needs_labels(struct cli *, const char *verb);
/* How commands that are printed here name the project folder: "$PWD", "$PWD/x", or NULL (its
 * path). */
const char *stack_folder(struct cli *, const struct stack *);
/* The words between the engine's program and a command: --context and --host as they were given. */
struct words stack_global_words(struct cli *);

/* Options that shape a plan; first member of the structs of show and apply. */
struct plan_args {
	bool no_start, no_deps, no_build, build, wait;
	bool force_recreate, no_recreate, remove_orphans, compose_hash;
	int pull;
	struct number wait_timeout, timeout;
	struct list scale;
};
/* Do the options fit together? An exit code. */
int plan_args_check(struct cli *, const struct plan_args *);
/* stack_load for a plan that is shaped so. */
int stack_load_plan(struct cli *, struct stack *, const struct plan_args *);
struct plan_options plan_options_from(const struct plan_args *, bool labels);
struct diff_options diff_options_from(const struct plan_args *);

#define PLAN_OPTION_ROWS(type)                                                                    \
	{.name = "no-start",                                                                      \
		.kind = OPTION_FLAG,                                                              \
		.offset = offsetof(type, plan.no_start),                                          \
		.doc = "Create the containers, don't start them"},                                \
		{.name = "no-deps",                                                               \
			.kind = OPTION_FLAG,                                                      \
			.offset = offsetof(type, plan.no_deps),                                   \
			.doc = "Leave out what the named services depend on"},                    \
		{.name = "pull",                                                                  \
			.arg = "WHEN",                                                            \
			.kind = OPTION_CHOICE,                                                    \
			.offset = offsetof(type, plan.pull),                                      \
			.choices = "always missing never",                                        \
			.doc = "When to pull images"},                                            \
		{.name = "wait-timeout",                                                          \
			.arg = "SECONDS",                                                         \
			.kind = OPTION_SECONDS,                                                   \
			.offset = offsetof(type, plan.wait_timeout),                              \
			.min = 1,                                                                 \
			.max = 4000000,                                                           \
			.doc = "Limit of each gate (default: what its healthcheck allows, at "    \
			       "least 60)"},                                                      \
		{.name = "no-build",                                                              \
			.kind = OPTION_FLAG,                                                      \
			.offset = offsetof(type, plan.no_build),                                  \
			.doc = "Never build images"},                                             \
		{.name = "build",                                                                 \
			.kind = OPTION_FLAG,                                                      \
			.offset = offsetof(type, plan.build),                                     \
			.doc = "Build images even if they are there"},                            \
		{.name = "force-recreate",                                                        \
			.kind = OPTION_FLAG,                                                      \
			.offset = offsetof(type, plan.force_recreate),                            \
			.doc = "Replace containers even if nothing has changed"},                 \
		{.name = "no-recreate",                                                           \
			.kind = OPTION_FLAG,                                                      \
			.offset = offsetof(type, plan.no_recreate),                               \
			.doc = "Keep containers even if the spec has changed"},                   \
		{.name = "remove-orphans",                                                        \
			.kind = OPTION_FLAG,                                                      \
			.offset = offsetof(type, plan.remove_orphans),                            \
			.doc = "Remove containers and networks that the spec does not know "      \
			       "any more"},                                                       \
		{.name = "compose-hash",                                                          \
			.kind = OPTION_FLAG,                                                      \
			.offset = offsetof(type, plan.compose_hash),                              \
			.doc = "Ask Docker Compose for its digests: what it made and would keep " \
			       "is kept, and 'docker compose up' finds nothing to do"},           \
		{.name = "scale",                                                                 \
			.arg = "SERVICE=N",                                                       \
			.kind = OPTION_LIST,                                                      \
			.offset = offsetof(type, plan.scale),                                     \
			.word = WORD_SERVICE,                                                     \
			.doc = "Have N containers of a service, whatever the spec says; may be "  \
			       "repeated"},                                                       \
		{.name = "wait",                                                                  \
			.kind = OPTION_FLAG,                                                      \
			.offset = offsetof(type, plan.wait),                                      \
			.doc = "In the end wait until all services are healthy or, without a "    \
			       "healthcheck, running"},                                           \
	{                                                                                         \
		.name = "timeout", .letter = 't', .arg = "SECONDS", .kind = OPTION_SECONDS,       \
		.offset = offsetof(type, plan.timeout), .max = 4000000,                           \
		.doc = "Kill a container that has not stopped by then"                            \
	}

/* The plan against what the engine has (current.c). current_look loads and asks, with the project locked if it is to be changed; then
 * the changes alone, or all up to the plan, with what is in its way diagnosed. Exit codes. */
enum errand { ERRAND_READ, ERRAND_APPLY, ERRAND_APPLY_SAVED };
int current_look(struct cli *, struct stack *, const struct plan_args *, enum errand);
int current_changes(struct cli *, struct stack *, const struct plan_args *, struct changes **);
int current_plan(struct cli *, struct stack *, const struct plan_args *, struct plan **);
/* Does it hold a step that changes something? Without one there is nothing to do, and nothing is checked. */
bool plan_has_work(const struct plan *);
/* Nothing is changed, but --wait has something to wait for. */
bool plan_only_waits(const struct plan *, const struct plan_args *);
/* Take all steps out of a plan that has nothing to do. */
void plan_trim(struct plan *, const struct plan_args *);

/* Documents: show and export (document.c). */
enum {
	FORMAT_UNSET,
	FORMAT_SH,
	FORMAT_MARKDOWN,
	FORMAT_JSON,
	FORMAT_MERMAID,
	FORMAT_DOT,
	FORMAT_TEXT
};
#define FORMAT_CHOICES "sh markdown json mermaid dot"
#define FORMAT_LATER "powershell"
/* Append the plan of the stack in FORMAT, or by the user's template file. An exit code. */
int document_make(struct cli *, struct buf *, struct stack *, const struct plan_options *,
	int format, const char *template_file);

/* The same of a plan that is there. */
int document_write(struct cli *, struct buf *, struct stack *, struct plan *, int format,
	const char *template_file);

/* The plan as a tree for a saved plan: whole, without secrets, and the same wherever it is made; NULL after errors. And such a tree
 * in FORMAT on standard output; an exit code. */
struct node *document_tree(struct cli *, struct stack *, struct plan *);
int document_render(struct cli *, const struct node *tree, int format);

/* ---- saved plans (saved.c) ---- */

struct saved;
/* Save a plan that was made against what the engine has. An exit code. */
int saved_write(
	struct cli *, struct stack *, struct plan *, const struct plan_args *, const char *path);
/* Print a saved plan, of which ARGS must not say anything more; *PENDING: there are steps in it. */
int saved_show(struct cli *, const char *path, const struct plan_args *, int format, bool *pending);
/* Read the file, go to the folder where it was made, and put its options into ARGS and into those of the program. *CODE is an exit
 * code. */
struct saved *saved_begin(struct cli *, const char *path, struct plan_args *, int *code);
/* As current_look for changes, and as current_plan. EXIT_STALE after diagnostics when something has moved, or the plan comes out
 * otherwise. */
int saved_look(struct cli *, struct stack *, const struct plan_args *, struct saved *);
int saved_plan(
	struct cli *, struct stack *, const struct plan_args *, struct saved *, struct plan **out);

/* Make the commands of a plan that will be printed name the engine that --context or --host
 * chose. */
void document_aim(struct cli *, struct plan *);

/* Print a plan as `show` prints one. An exit code. */
int document_print(struct cli *, const struct stack *, struct plan *);

/* The closing table of containers (table.c). */
void table_containers(struct cli *, const struct resources *want, const struct resources *had);
/* "healthy", "unhealthy", "starting" or "". */
const char *container_health(const struct resource *);

/* The exit code of a run (outcome.c); and the last lines on standard error, where it did not end well: what was done, what was not,
 * and which command goes on or takes it back (closing.c). */
struct reporter;
struct run_result;
int outcome_code(struct cli *, const struct run_result *);
/* Did it fail only because an earlier command was still at work in the engine, so that it helps to look again? Waits a while then, the
 * longer the higher ATTEMPT, from 0; false when there was enough of that, or a signal came, which the result then has. */
bool outcome_looks_again(struct cli *, const struct plan *, struct run_result *, unsigned attempt);
void outcome_say(struct cli *, const struct plan *, const struct run_result *, const char *verb);
/* Has the step been run, and did it go well? */
struct outcome;
bool outcome_was_done(const struct outcome *);
/* What a run has done, for plan_undo. */
struct deed *outcome_deeds(struct cli *, const struct plan *, const struct run_result *);
/* Take back what a run has done that has failed, and say how that went (rollback.c). */
void rollback(struct cli *, struct stack *, const struct plan *, const struct run_result *,
	const struct reporter *record);
/* Append "3 steps" or "1 step". */
void add_steps(struct buf *, size_t n);
/* How many children at a time: --parallel, COMPOSE_PARALLEL_LIMIT (-1: as many as there are), or the default. */
size_t outcome_parallel(const struct cli *);
/* The same, 0 where nobody asked for a number: questions are cheap, and all asked at once then. */
size_t outcome_parallel_asked(const struct cli *);
/* The reporter that --progress asks for; it tells RECORD too, if that is not NULL. */
const struct reporter *outcome_reporter(struct cli *, const struct reporter *record);
/* Run the plan; a reporter that is NULL is the one that was asked for. */
bool outcome_run(struct cli *, const struct stack *, const struct plan *, int on_failure,
	const struct reporter *, struct run_result *);
/* Run one command, the words after the program, that has the terminal. What it is, is called WHAT in the message about how it
 * ended. An exit code. */
int outcome_attend(struct cli *, const struct stack *, const struct words *command,
	char *const *env, const char *what);
/* For --transcript: open the record at PATH, NULL with *CODE if that cannot be; PATH may be NULL, then *CODE is
 * EXIT_DONE. outcome_close_record gives the exit code: CODE, or that the record is not complete. */
struct transcript;
struct transcript *outcome_record(
	struct cli *, const struct stack *, const char *path, const char *verb, int *code);
int outcome_close_record(struct transcript *, int code);
#define TRANSCRIPT_OPTION_ROW(type)                                                               \
	{                                                                                         \
		.name = "transcript", .arg = "FILE", .kind = OPTION_TEXT,                         \
		.offset = offsetof(type, transcript), .word = WORD_FILE,                          \
		.doc = "Write the commands and what they print to FILE, as Markdown and without " \
		       "secrets, while they run"                                                  \
	}

/* ---- what `config` prints beside the document and its lists (cmd_config_more.c) ---- */

/* "SERVICE DIGEST" of the services in WHICH, separated by commas; "*" is all. An exit code. */
int config_hash(struct cli *, struct stack *, const char *which);
/* The variables that the spec asks for, as a table or as JSON. */
void config_variables(struct cli *, bool json);
/* Every value of the document, and the place that it came from. */
void config_origins(struct cli *, const struct node *doc);

#endif
