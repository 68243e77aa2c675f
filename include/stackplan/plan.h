/* plan.h - the plan: an ordered list of commands, each with its reason, its place and what it needs.
 *
 * The plan is constant once made: it is printed, exported or run. What happens to a step while it runs is kept beside it
 * (run.c). */
#ifndef STACKPLAN_PLAN_H
#define STACKPLAN_PLAN_H

#include <stackplan/resource.h>

struct ctx;
struct engine;
struct project;

enum change_kind {
	CHANGE_KEEP, /* it is there as wanted */
	CHANGE_CREATE,
	CHANGE_REPAIR, /* a container, the right one: its name, its networks or its state are not */
	CHANGE_REPLACE,  /* ours, with other keys: a new one takes its place */
	CHANGE_REMOVE,   /* it is there and not wanted */
	CHANGE_CONFLICT, /* the name is taken by something that is not ours */
	CHANGE_BLOCKED,  /* ours, with other keys, and it can't be replaced */
	CHANGE_MISSING,  /* external, and not there */
};

/* One key in which what is wanted and what is there are not the same. */
struct difference {
	const char *key; /* "environment.DEBUG"; "" where it is not known */
	const char *want,
		*had; /* as people write it, secrets as "<redacted>"; NULL: not set, or not known */
	bool is_new, is_gone; /* the key was not in the spec then, or is not now */
	bool by_hand;         /* the spec has not changed: somebody has changed what is there */
	bool was_outside; /* the value came from outside the spec files when the thing was made */
	struct pos at;    /* of the key in the spec; nowhere when it is gone */
};

struct change {
	enum change_kind kind : 8;
	bool restart : 1; /* a container that stays is restarted, for CAUSE */
	uint32_t nleave;
	struct resource *want; /* NULL: it is not wanted */
	struct resource *had;  /* NULL: it is not there */
	struct resource *
		aside; /* what an apply that did not end has left beside HAD: the container that it was replacing */
	const char *why; /* one sentence */
	struct pos at;
	const struct difference *diff; /* of a replaced one, in the order of the keys' names */
	size_t ndiff;
	const struct change *cause; /* it is replaced or restarted because that one is; or NULL */
	const char **leave;         /* networks of ours that a container was connected to by hand */
	struct step *
		unless; /* while a plan is made: it is replaced unless this reading step goes well */
};

struct changes {
	struct change *v; /* one for each wanted resource, in that order */
	size_t n;
	struct change *gone; /* what is there and is to be removed */
	size_t ngone;
	bool observed; /* the engine was asked */
};

struct diff_options {
	bool recreate; /* containers are replaced even if nothing has changed (--force-recreate) */
	bool keep;     /* and never because something has (--no-recreate) */
	bool remove_orphans; /* containers and networks of ours that the spec does not know go */
	bool ignore_orphans; /* and nobody is told of them */
};

/* wanted x had (NULL: nothing is there). Same order as WANT (diff.c). OPTIONS may be NULL. Warns of orphans, and of volumes that
 * are kept although the spec has changed. */
struct changes *diff_make(struct ctx *, const struct project *, const struct resources *want,
	const struct resources *had, const struct diff_options *);

/* The name under which a container is kept while another one takes its place. */
const char *aside_name(struct ctx *, const char *name);

enum action {
	ACT_PULL,
	ACT_BUILD,
	ACT_QUERY,  /* a reading command whose output later steps use */
	ACT_CREATE, /* networks, volumes; containers in the long form */
	ACT_RUN,    /* docker run -d: created and started by one command */
	ACT_CONNECT,
	ACT_DISCONNECT, /* from a network of ours that the spec does not give it */
	ACT_COPY,       /* files into a container that has not been started yet */
	ACT_RENAME,     /* a container is set aside, or gets back its name */
	ACT_START,
	ACT_RESTART,
	ACT_WAIT, /* a gate */
	ACT_EXEC, /* a hook */
	ACT_CHECK,
	ACT_STOP,
	ACT_REMOVE,
};

/* "pull", "create" ... as in JSON */
const char *action_name(enum action);

/* What a command must say to be right. */
enum expect_how { EXPECT_ANY, EXPECT_EQUAL, EXPECT_HOLDS, EXPECT_REGEX };

/* A file of FEED_FILES. */
struct feed_file {
	const char *path; /* in the container, absolute */
	struct word content;
	int64_t uid, gid;
	uint32_t mode; /* permission bits */
};

/* What a command reads on its standard input: a text as it is, or a tar stream of files. */
enum feed_kind { FEED_TEXT, FEED_FILES };
struct feed {
	enum feed_kind kind;
	struct word text; /* FEED_TEXT */
	const struct feed_file *file;
	size_t nfile;
};

/* A reading command that says more about a failure. */
struct remark {
	const char *about; /* a heading for what it says: "the end of its log:" */
	struct words argv;
};

/* What few steps have. */
struct extra {
	/* the outcome wanted */
	enum expect_how how; /* what its output must be, see below */
	uint32_t tries;      /* in all, from 1; more than 1: it is tried again until it is right */
	const char *expect;  /* of stdout, trimmed */
	const char *goal;    /* of a gate: what it waits for, in a word; or NULL */
	const char *fail; /* shell patterns between '|': stdout or stderr like one ends the tries at
			     once; or NULL */
	int64_t expect_exit;
	uint32_t delay_ms;   /* before the first try */
	uint32_t due_ms;     /* of a gate: when an answer can be expected first, from the start */
	uint32_t every_ms;   /* between tries; a gate's grow longer (run.c) */
	uint32_t timeout_ms; /* for all tries together; 0: none */
	uint32_t nremarks;
	const struct remark
		*remarks; /* run one after another when it has failed, for the message */

	/* the commands around it */
	const char *hook; /* the key that it is a hook of ("post_start" ...), or NULL */
	const struct step
		*follows; /* the step that starts the container, without which a hook has no use */
	struct words
		undo; /* the inverse, where it is another than the usual one: step_undo tells */
	struct words
		guard; /* likewise: a reading command that succeeds when there is nothing to do */
	const struct step
		*unless; /* there is nothing to do if this step, which it needs, went well */
	const struct step *undoes; /* of another plan: the step that it takes back; or NULL */
};

/* A large stack has many of them: first what each one has, and that in few bytes. */
struct step {
	uint32_t id; /* its place in the printed order, from 1 */
	enum action act : 8;
	enum kind kind : 8;

	bool is_followed : 1; /* it starts a container, and hooks follow it */
	bool is_usual : 1; /* guard and undo are the usual ones of what it does to such a thing */
	bool guarded : 1;  /* `show` prints the guard too (pulls); scripts print all guards */
	bool both : 1;     /* standard error counts as output too (logs) */
	bool together : 1; /* several such steps, whose words differ in the last one alone, may be asked by
			      one command that names all: it answers with a line for each, in order */
	bool yields_id : 1; /* the last line of stdout is a container's ID */
	bool terminal : 1; /* it reads and writes the terminal: it is for `attend` (follow.h), after all others */
	bool optional : 1; /* its failure is a warning */
	bool asks : 1;     /* its failure is an answer, and no warning either */
	bool soft : 1;     /* its failure skips none of the steps that come after it (checks) */
	bool named : 1; /* NAME is one more word behind ARGV, which other steps have, too: see step_argv */

	struct step **need; /* steps before it in the list */
	uint32_t nneed;
	uint32_t npass;
	const char *name;  /* of the resource, or of the check */
	const char *title; /* what people call it: the service's name, the network's key ... */
	const struct resource *res;    /* NULL for checks */
	const struct service *service; /* or NULL */
	struct words
		argv; /* complete but for our labels, see also NAMED; argv[0] is the engine's program name */
	uint32_t
		batch; /* so many of its last words are names of containers that it acts on; 0: it is for one */
	uint32_t labels_at;      /* before this word our labels go; 0: nowhere */
	struct passed *pass;     /* for the child's environment */
	const struct feed *feed; /* its standard input; NULL: none */
	const char *why;
	const struct ref *yields; /* stdout is the value of this reference */
	struct extra *extra;      /* NULL: none of it; see step_extra and step_extend */
	struct pos at;
};

/* What few steps have, to be read: of the others, one try whose output does not matter, and nothing around it. */
static inline const struct extra *
step_extra(const struct step *s) {
	static const struct extra none = {.tries = 1};

	return s->extra ? s->extra : &none;
}

/* The same to be written. */
struct extra *step_extend(struct ctx *, struct step *);

struct plan {
	const struct project *project;
	const struct engine *engine;
	struct step **step; /* in an order that is safe to run one by one */
	size_t nstep;
	const struct changes *changes; /* what it was made of; NULL in a plan that removes */
	bool labels;                   /* with bookkeeping labels */
	const struct shared_labels *shared_labels; /* those that are the same for all (labels.c) */
	bool down;                                 /* removes the stack */
	const struct plan *undoes; /* takes back what was done of that plan; or NULL */
};

struct plan_options {
	bool no_start; /* create only */
	bool wait;     /* gates for all containers at the end: healthy, completed or running */
	bool no_checks;
	bool only_checks; /* verify */
	bool labels;
	uint32_t gate_timeout_ms; /* 0: what the healthcheck allows, at least 60 s */
	bool has_timeout;         /* of stopping; otherwise the container's own counts */
	int64_t timeout_s;
	enum { PULL_POLICY, PULL_ALWAYS, PULL_MISSING, PULL_NEVER } pull;
	enum { BUILD_POLICY, BUILD_ALWAYS, BUILD_NEVER } build;
	int64_t now_s; /* by which the age of an image is told; 0: unknown */
};

/* The words of a step's command but for our labels (in the arena where NAMED). */
struct words step_argv(struct ctx *, const struct step *);

/* All words of a step's command, our labels among them (in the arena where there are any). */
struct words step_words(struct ctx *, const struct plan *, const struct step *);

/* One of our labels: "--label KEYVALUE" among the words. The key ends in '=' and means nothing to a shell. */
struct label {
	const char *key;
	struct word value;
};
enum { LABELS_MAX = 16 };
/* Our labels of a step, which stand before its word LABELS_AT; how many there are, 0 for most steps. */
size_t step_labels(
	struct ctx *, const struct plan *, const struct step *, struct label out[LABELS_MAX]);

/* Is it known that the step's words hold no value but that of the project's folder? False where that must be looked for. */
bool step_is_plain(const struct step *);

/* The inverse of a step, and its guard; empty when there is none. */
struct words step_undo(struct ctx *, const struct plan *, const struct step *);
struct words step_guard(struct ctx *, const struct plan *, const struct step *);

/* Report all that can be known to fail before anything is done; asks the engine for the addresses of its networks, where the spec chooses
 * some. HERE: the engine runs on this machine, so that its ports can be tried. False when something was found (preflight.c). */
struct docker;
bool preflight(struct ctx *, const struct docker *, const struct changes *,
	const struct resources *had, const struct plan_options *, bool here);

/* Lower the changes to steps. NULL after errors. */
struct plan *plan_make(struct ctx *, const struct project *, const struct engine *,
	const struct changes *, const struct plan_options *);

enum everyday { EVERYDAY_STOP, EVERYDAY_START, EVERYDAY_RESTART };

struct everyday_options {
	enum everyday verb;
	int64_t timeout_s;        /* of stopping; -1: the container's own */
	uint32_t gate_timeout_ms; /* as in plan_options */
	const char *const *only;  /* services; none: all */
	size_t nonly;
	bool known; /* what runs was looked at; otherwise all is as it must be for there to be something to do */
};

/* The plan that stops, starts or restarts containers of the project that are there (plan_verbs.c): V, those of a service
 * together, each with its .service. WANT, which may be NULL, has what one is made of that has never been started. What is needed is
 * started too, and what must be restarted with another is. NULL after errors. */
struct plan *plan_everyday(struct ctx *, struct project *, const struct engine *,
	struct resource *const *v, size_t n, const struct resources *want,
	const struct everyday_options *);

/* A project made of what the labels of its containers say, for verbs that are called without a spec (project_had.c). */
struct project *project_had(struct ctx *, const char *name, const struct resources *had);

struct down_options {
	bool volumes;   /* named volumes, too */
	bool anonymous; /* and the containers' anonymous ones */
	bool images_local, images_all;
	int64_t timeout_s;       /* of `docker stop`; -1: the container's own */
	const char *const *only; /* services to remove, without networks and volumes; none: all */
	size_t nonly;
	struct words also; /* anonymous volumes that are to go, too: see down_volumes */
	bool keep_orphans; /* containers whose service the spec does not know stay, with their networks */
	bool ignore_orphans; /* and nobody is told of them */
};

/* Does the volume have no name of its own, but 64 hexadecimal digits? */
bool is_nameless(const char *volume);
/* The anonymous volumes that the engine will not remove with the containers that a down removes, since they were carried over from others:
 * what it is told to remove after them, and what a down that is killed in between leaves without a trace. */
struct words down_volumes(struct ctx *, const struct project *, const struct resources *had,
	const struct down_options *);

/* The plan that removes what HAD holds of the project (NULL: all that is wanted, for printing). */
struct plan *plan_down(struct ctx *, const struct project *, const struct engine *,
	const struct resources *want, const struct resources *had, const struct down_options *);

/* What became of a step of a run that has failed. */
enum deed_how {
	DEED_NONE, /* it was not run */
	DEED_DONE,
	DEED_UNSURE, /* it has failed: what it has done all the same is not known */
};
struct deed {
	enum deed_how how;
	const char *id; /* of the container that it has made, where it is known; or NULL */
};
/* Steps whose effect stays. */
struct left {
	const struct step **v;
	size_t n;
};

/* The plan that takes back what was done of another one, the last step first (plan_undo.c). DEED has what became of each step, HAD what
 * the engine has now. *LEFT is told what can't be taken back, or is kept: volumes and what was run. */
struct plan *plan_undo(struct ctx *, const struct plan *, const struct deed *deed,
	const struct resources *had, struct left *left);

/* Before a run that may be taken back: ask what the networks are that it makes anew, so that these can be made again
 * (network_again.c). False when the engine does not tell; that has been diagnosed. */
struct docker;
bool networks_look(struct ctx *, const struct docker *, const struct changes *);

/* Can this docker do the plan's builds? Asks it only where a build needs BuildKit; what it can't do is an error at the key
 * that needs it (buildkit.c). */
bool builds_are_possible(struct ctx *, const struct docker *, const struct plan *);

/* Put steps into an order where needs come first and the present order decides otherwise (graph.c). The needs must have no
 * circle. Numbers the steps. */
void plan_order(struct ctx *, struct plan *);

#endif
