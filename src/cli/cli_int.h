/* cli_int.h - what the files of the command line show each other: rows of options and commands, what was typed, one run of the
 * program. The pipeline that the verbs share is in stack_int.h, what is explained in explain_int.h.
 *
 * Rows are data. Parsing, --help, the man page, __complete and the completion scripts all come
 * from them. */
#ifndef STACKPLAN_CLI_INT_H
#define STACKPLAN_CLI_INT_H

#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/words.h>

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
/* What stopped a run: "an interrupt" ... */
const char *signal_words(int sig);
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

extern const struct command cmd_show, cmd_apply, cmd_down, cmd_export, cmd_verify, cmd_config,
	cmd_env, cmd_explain, cmd_help, cmd_complete, cmd_generate, cmd_ps, cmd_logs, cmd_exec,
	cmd_stop, cmd_start, cmd_restart, cmd_run, cmd_pull, cmd_build, cmd_diff, cmd_check;

#endif
