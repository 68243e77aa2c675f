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
	CHANGE_START,    /* it is there, and stopped */
	CHANGE_DIFFERS,  /* ours, with other keys */
	CHANGE_CONFLICT, /* the name is taken by something that is not ours */
	CHANGE_MISSING,  /* external, and not there */
};

struct change {
	enum change_kind kind;
	struct resource *want, *had;
	const char *why; /* one sentence */
	struct pos at;
};

struct changes {
	struct change *v;
	size_t n;
	bool observed; /* the engine was asked */
};

/* wanted x had (NULL: nothing is there). Same order as WANT (diff.c). */
struct changes *diff_make(struct ctx *, const struct project *, const struct resources *want,
	const struct resources *had);

enum action {
	ACT_PULL,
	ACT_BUILD,
	ACT_QUERY,  /* a reading command whose output later steps use */
	ACT_CREATE, /* networks, volumes; containers in the long form */
	ACT_RUN,    /* docker run -d: created and started by one command */
	ACT_CONNECT,
	ACT_COPY, /* files into a container that has not been started yet */
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

struct step {
	uint32_t id; /* its place in the printed order, from 1 */
	enum action act;
	enum kind kind;
	const char *name;  /* of the resource, or of the check */
	const char *title; /* what people call it: the service's name, the network's key ... */
	const struct resource *res;    /* NULL for checks */
	const struct service *service; /* or NULL */
	struct words argv;   /* complete but for our labels; argv[0] is the engine's program name */
	size_t labels_at;    /* before this word our labels go; 0: nowhere */
	struct passed *pass; /* for the child's environment */
	size_t npass;
	const struct feed *feed; /* its standard input; NULL: none */
	const char *why;
	struct pos at;
	struct step **need; /* steps before it in the list */
	size_t nneed;
	const char *hook; /* the key that it is a hook of ("post_start" ...), or NULL */
	const struct step
		*follows; /* the step that starts the container, without which a hook has no use */
	bool is_followed; /* it starts a container, and hooks follow it */
	bool is_usual;    /* guard and undo are the usual ones of what it does to such a thing */
	struct words
		undo; /* the inverse, where it is another than the usual one: step_undo tells */
	struct words
		guard; /* likewise: a reading command that succeeds when there is nothing to do */
	bool guarded;  /* `show` prints the guard too (pulls); scripts print all guards */

	/* the outcome wanted */
	enum expect_how how;
	const char *expect; /* of stdout, trimmed */
	bool both;          /* standard error counts as output too (logs) */
	const char *fail; /* shell patterns between '|': stdout or stderr like one ends the tries at
			     once; or NULL */
	int64_t expect_exit;
	uint32_t tries;      /* in all, from 1; more than 1: it is tried again until it is right */
	uint32_t due_ms;     /* of a gate: when an answer can be expected first, from the start */
	uint32_t every_ms;   /* between tries; a gate's grow longer (run.c) */
	uint32_t timeout_ms; /* for all tries together; 0: none */
	const struct ref *yields; /* stdout is the value of this reference */
	bool yields_id;           /* the last line of stdout is a container's ID */
	bool terminal; /* it reads and writes the terminal: it is for `attend` (follow.h), after all others */
	bool optional; /* its failure is a warning */
	const struct step
		*unless; /* there is nothing to do if this step, which it needs, went well */
	const struct remark
		*remarks; /* run one after another when it has failed, for the message */
	size_t nremarks;
	bool soft; /* its failure skips none of the steps that come after it (checks) */
};

struct plan {
	const struct project *project;
	const struct engine *engine;
	struct step **step; /* in an order that is safe to run one by one */
	size_t nstep;
	const struct changes *changes; /* what it was made of; NULL in a plan that removes */
	bool labels;                   /* with bookkeeping labels */
	const struct shared_labels *shared_labels; /* those that are the same for all (labels.c) */
	bool down;                                 /* removes the stack */
};

struct plan_options {
	bool no_start; /* create only */
	bool no_checks;
	bool only_checks; /* verify */
	bool labels;
	uint32_t gate_timeout_ms; /* 0: what the healthcheck allows, at least 60 s */
	enum { PULL_POLICY, PULL_ALWAYS, PULL_MISSING, PULL_NEVER } pull;
	enum { BUILD_POLICY, BUILD_ALWAYS, BUILD_NEVER } build;
	int64_t now_s; /* by which the age of an image is told; 0: unknown */
};

/* All words of a step's command, our labels among them (in the arena where there are any). */
struct words step_words(struct ctx *, const struct plan *, const struct step *);

/* The inverse of a step, and its guard; empty when there is none. */
struct words step_undo(struct ctx *, const struct plan *, const struct step *);
struct words step_guard(struct ctx *, const struct plan *, const struct step *);

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
};

/* The plan that removes what HAD holds of the project (NULL: all that is wanted, for printing). */
struct plan *plan_down(struct ctx *, const struct project *, const struct engine *,
	const struct resources *want, const struct resources *had, const struct down_options *);

/* Can this docker do the plan's builds? Asks it only where a build needs BuildKit; what it can't do is an error at the key
 * that needs it (buildkit.c). */
struct docker;
bool builds_are_possible(struct ctx *, const struct docker *, const struct plan *);

/* Put steps into an order where needs come first and the present order decides otherwise (graph.c). The needs must have no
 * circle. Numbers the steps. */
void plan_order(struct ctx *, struct plan *);

#endif
