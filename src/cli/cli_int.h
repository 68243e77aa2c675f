/* cli_int.h - what the files of the command line show each other: rows of options and commands,
 * what was typed, and the pipeline that the verbs share.
 *
 * Rows are data. Parsing, --help, the man page, __complete and the completion scripts all come
 * from them. */
#ifndef STACKPLAN_CLI_INT_H
#define STACKPLAN_CLI_INT_H

#include <stackplan/buf.h>
#include <stackplan/engine.h>
#include <stackplan/keys.h>
#include <stackplan/load.h>
#include <stackplan/plan.h>

struct cli;
struct ctx;
struct node;
struct project;

/* ---- exit codes: one table, also printed in the man page (exits.c) ---- */

enum exit_code {
	EXIT_DONE = 0,
	EXIT_STEP = 1,
	EXIT_PENDING = 2,
	EXIT_STALE = 3,
	EXIT_GATE = 4,
	EXIT_USAGE = 64,
	EXIT_SPEC = 65,
	EXIT_NO_FILE = 66,
	EXIT_ENGINE = 69,
	EXIT_MEMORY = 71,
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_HUP = 129,
	EXIT_INT = 130,
	EXIT_PIPE = 141,
	EXIT_TERM = 143,
};

struct exit_row {
	enum exit_code code;
	const char *doc;
};
extern const struct exit_row exit_rows[];
extern const size_t exit_nrows;

/* A variable of the environment that stackplan reads, for the man page. */
struct variable_row {
	const char *name, *doc;
};
extern const struct variable_row variable_rows[];
extern const size_t variable_nrows;

/* ---- options ---- */

/* What an option takes, and the type at its offset. */
enum option_kind {
	OPTION_FLAG,    /* nothing; bool */
	OPTION_TEXT,    /* const char *, NULL when not given; the last one wins */
	OPTION_LIST,    /* struct list, in the order given */
	OPTION_NUMBER,  /* struct number, an integer of min..max */
	OPTION_SECONDS, /* struct number, in ms; typed as whole seconds or as "1m30s" */
	OPTION_CHOICE,  /* int: 0 when not given, else the place in .choices from 1 */
};

/* What kind of words a value or an operand is, for completion. */
enum word_kind {
	WORD_OTHER,
	WORD_FILE,
	WORD_FOLDER,
	WORD_SERVICE,
	WORD_PROFILE,
	WORD_VERB,
	WORD_KEY
};

struct list {
	const char **v;
	size_t n;
};

struct number {
	bool given;
	int64_t value;
};

struct option {
	const char *name; /* long, without its dashes */
	const char *arg;  /* how help calls the value; NULL for flags */
	const char *choices;
	const char *later_choices; /* known, and refused by this version */
	const char *doc;
	size_t offset; /* into struct globals, or the command's own struct */
	int64_t min, max;
	enum option_kind kind;
	enum word_kind word;
	char letter; /* 0: none */
	bool later;  /* known, and refused by this version; not offered */
};

/* ---- commands ---- */

struct command {
	const char *name;
	const char *alias; /* NULL: none */
	const char *args;  /* "[SERVICE...]", "" for none */
	const char *doc;   /* one sentence, for lists */
	const char *more;  /* further sentences for its help and the man page, or NULL */
	const struct option *option;
	size_t noption;
	size_t size;            /* of its own struct */
	enum word_kind operand; /* WORD_OTHER with args "": none allowed */
	int (*run)(struct cli *, const void *args);
	bool hidden; /* not offered */
	bool later;  /* known, and refused by this version; not offered */
	bool raw;    /* what follows the verb is operands, whatever it looks like */
	bool ends;   /* its first operand ends the options: what follows is a command */
	bool flags; /* its operands may look like options: only its own rows and --help are options */
};

/* All of them, in the order help prints them. */
extern const struct command *const commands[];
extern const size_t ncommands;

/* By name or alias among N rows; NULL if there is none. */
const struct command *command_find(const struct command *const *rows, size_t n, const char *name);

/* ---- global options ---- */

enum { COLOR_UNSET, COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum {
	TYPED_PROGRESS_UNSET,
	TYPED_PROGRESS_AUTO,
	TYPED_PROGRESS_TTY,
	TYPED_PROGRESS_PLAIN,
	TYPED_PROGRESS_JSON,
	TYPED_PROGRESS_QUIET
};
enum { LABELS_UNSET, LABELS_FULL, LABELS_NONE };
enum { TYPED_DIAG_UNSET, TYPED_DIAG_TEXT, TYPED_DIAG_JSON };

struct globals {
	struct list file, env_file, profile;
	const char *project_name, *project_directory;
	int engine;
	const char *context, *host;
	struct number parallel;
	int progress, color, labels, diagnostics;
	bool yes, quiet, verbose, help, version;
};
extern const struct option global_options[];
extern const size_t nglobal_options;

/* ---- what was typed (opts.c) ---- */

struct parsed {
	struct globals g;
	const struct command *command; /* NULL: none was given */
	void *args;                    /* its struct */
	const char **operand;          /* NULL-terminated */
	size_t noperand;
	struct list own;            /* the verb's own options and their values, as typed */
	const struct option *wants; /* the last word was this option, and its value is missing */
	bool ended;                 /* "--" was among the words: no options any more */
};

/* Read the words after the program's name against the rows. Problems are diagnosed (one, with a
 * hint where to look), false then; *OUT holds what was understood until there. */
bool opts_parse(struct ctx *, struct parsed *out, const struct command *const *rows, size_t nrows,
	char *const *argv);

/* Does the row take a value? */
bool option_takes_value(const struct option *);
/* Word I (from 0) of a blank-separated list as a copy, NULL after the last. */
const char *choice_nth(struct ctx *, const char *list, size_t i);

/* ---- docker's plugin (plugin.c) ---- */

struct plugin {
	bool called;          /* by docker, as `docker stackplan` */
	const char *metadata; /* docker wants to know who we are: this, and nothing else; or NULL */
	const char *call;     /* how hints call the program: "stackplan" */
	struct words words;   /* docker's options, for the commands that are run */
	char **argv;          /* the words that are ours, NULL-terminated */
};
/* How the program was called. From here on, where it was by docker, a signal ends it with exit status 128+n, and so does docker's
 * end. False after a diagnostic. */
bool plugin_begin(struct ctx *, struct plugin *, int argc, char **argv);

/* ---- one run of the program ---- */

struct cli {
	struct ctx *ctx;
	const struct globals *g;
	const struct plugin *plugin;
	const char **operand;
	size_t noperand;
	struct list own; /* the verb's own options and their values, as typed */
	char *const *environ;
	struct buf out; /* for standard output; written by cli_flush */
	int out_errno;  /* of the first write that failed */
	bool acts;      /* it changes the engine: its exit code stands when stdout has no reader */
	bool attended;  /* a command has had the terminal, and its keys */
	bool is_tame;   /* what is in .out may go to a terminal as it is */
	bool colour;    /* on standard error */
	int die_of;     /* a signal that ended the command: main raises it again */
	const char *lock; /* the file of the lock that is held, or NULL (lock.c) */
	int lock_fd;
	struct words doomed; /* volumes that stand in it: see lock_doom */
};

/* Keep others from changing the project until lock_release; one that does is waited for, which *WAITED (may be NULL) tells: what was
 * seen before may not be so any more. An exit code. */
int lock_project(struct cli *, const struct project *, bool *waited);
void lock_release(struct cli *);
/* Volumes without a name that `down -v` is about to remove, and that nothing leads to once their containers are gone: their names are kept
 * in the file of the lock, which stays when stackplan is killed. lock_project puts those that it finds there into cli->doomed, and
 * they are kept until lock_doom is called with none. */
void lock_doom(struct cli *, const struct words *volumes);

/* From here on the engine is changed: no signal ends the program in the middle, it is told by sig_cancelled or by a run's result.
 * cli_end gives the exit code when all has been said: CODE, or that of such a signal. */
void cli_act(struct cli *);
int cli_end(struct cli *, int code);
/* Write what is in .out by as few writes as possible. After an error further output is dropped. */
void cli_flush(struct cli *);
/* Decide the exit code once standard output is complete: CODE, or that it could not be written. */
int cli_close(struct cli *, int code);
/* A line of our own words on standard error, made safe for terminals. Nothing where JSON or quiet
 * was asked for. */
void cli_say(const struct cli *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Print the problems and warnings reported so far. */
void cli_print_diags(struct cli *);
/* Are colours wanted on this descriptor? */
bool cli_wants_colour(const struct globals *, int fd);
/* A command line that calls stackplan as this call did, with another verb, and with the same
 * OPERANDS if wanted: for hints. */
const char *cli_again(const struct cli *, const char *verb, bool operands);
/* The same command line once more: with the options of its VERB, too. */
const char *cli_once_more(const struct cli *, const char *verb);

/* ---- help and the tree of rows ---- */

void help_all(struct buf *, const struct command *const *rows, size_t n);
void help_short(struct buf *, const struct command *const *rows, size_t n);
void help_command(struct ctx *, struct buf *, const struct command *);
/* Append TEXT broken at blanks into 80 columns; lines after the first begin in column INDENT, where
 * the first one is already. */
void help_wrapped(struct buf *, const char *text, size_t indent);

/* The rows as a node tree, for templates (its members are listed in rows.c). */
struct node *rows_tree(struct ctx *, const struct command *const *rows, size_t n);

/* ---- text in columns (columns.c) ---- */

/* Start with .width, the number of columns. Cells are not copied; NULL is an empty one. */
struct columns {
	size_t width;
	const char **cell;
	size_t n, cap; /* rows */
};
void columns_add(struct ctx *, struct columns *, const char *const *cell);
/* Every row a line; what a terminal would obey is written as \xNN. */
void columns_print(struct ctx *, const struct columns *, struct buf *out);

/* A place as file:line:col; "" when it is nowhere. */
const char *place_text(struct ctx *, struct pos);

/* ---- the pipeline of the verbs (stack.c) ---- */

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
/* What stopped a run: "an interrupt" ... */
const char *signal_words(int sig);
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

/* ---- the rows of keys as a tree for templates, and what is known of codes (explain_*.c) ---- */

/* One diagnostic code, in plain words. */
struct code_row {
	const char *code, *doc;
};
extern const struct code_row code_rows[];
extern const size_t code_nrows;

/* A flag of docker that no row of a key has, or that has a second name. */
struct flag_row {
	const char *flag, *other; /* other: "-p", or NULL */
	const char *keys;         /* paths of keys that do the same, blank-separated; "" for none */
	const char *doc;
};
extern const struct flag_row flag_rows[];
extern const size_t flag_nrows;

/* One key and the way to it from the top: "services.*.ports[].target". */
struct key_path {
	const char *path;
	const struct key *key;
	enum standing standing; /* its own, or that of the key above it */
};
struct key_paths {
	struct key_path *v;
	size_t n, cap;
};
/* All keys of the specification, each once at every place where it may stand. */
void key_paths(struct ctx *, struct key_paths *out);
/* Could the user mean this key by NAME: its name, or an end of its path ("web.mem_limit")?
 * *WHOLE: it is the path from the top. */
bool key_path_is(const char *path, const char *name, bool *whole);
/* The command that gets the flag of the key at PATH. */
const char *key_command(const char *path);
/* What may stand there, how a later file's value is laid over it, and how it stands: in words. */
const char *shape_words(struct ctx *, const struct key *);
const char *merge_words(const struct key *);
const char *standing_words(enum standing);
/* Which engine and docker program have it, and what becomes of it before; NULL: all have it. */
const char *since_words(struct ctx *, const struct key *);
const char *standing_name(enum standing);
/* {format_version, keys: [...], codes: [...]} */
struct node *keys_tree(struct ctx *);

extern const struct command cmd_show, cmd_apply, cmd_down, cmd_export, cmd_verify, cmd_config,
	cmd_env, cmd_explain, cmd_help, cmd_complete, cmd_generate, cmd_ps, cmd_logs, cmd_exec,
	cmd_stop, cmd_start, cmd_restart, cmd_run, cmd_pull, cmd_build, cmd_diff, cmd_check;

#endif
