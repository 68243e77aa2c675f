/* engine.h - the program that runs containers: a row and its differences from docker.
 *
 * And the one function through which planning may ask it something: docker_read refuses every command that could write. */
#ifndef STACKPLAN_ENGINE_H
#define STACKPLAN_ENGINE_H

#include <stackplan/words.h>

struct capture;
struct ctx;
struct flag_rule;

struct engine {
	const char *name;
	const char *program;          /* looked up on PATH */
	const struct flag_rule *rule; /* how it differs from docker (plan_int.h) */
	size_t nrule;
	bool is_asked; /* its lists are known: it can be observed, and steps be run by it */
	bool no_connect; /* no `network connect`: all networks stand in the command that makes the container */
	bool json_test; /* --health-cmd takes the words of a test as a list in JSON */
};

/* The row by name ("docker"); NULL if there is none. */
const struct engine *engine_find(const char *name);
const struct engine *engine_nth(size_t i);
/* Why the engine can't do what a key asks for, or NULL. KEY: its path as `explain --list` has it. */
const char *engine_why_not(const struct engine *, const char *key);

/* How old the two ends are: "20.10.24"; "" where it is not known. */
struct engine_version {
	const char *program; /* the docker command itself */
	const char *engine;
};

/* How to call it: resolved once. */
struct docker {
	const struct engine *engine;
	const char *program; /* absolute path */
	struct words global; /* words between program and command: --context X, --host X */
	char *const *env;    /* of the children */
	size_t parallel;     /* how many questions at a time; 0: all at once */
	uint32_t limit_ms;   /* how long a command may take, whatever it does; 0: as its kind may */
	struct engine_version
		*version; /* observe asks for it, too, and puts it there; NULL: it does not */
};

/* Does anything that enabled services use depend on how old the engine is (version.c)? */
struct project;
bool version_matters(struct ctx *, const struct project *);

/* Hold what enabled services use against the version. What an older engine or program would leave out in silence, or refuse, is an
 * error at its place, or where its row says so a warning; it is then taken out of the trees, and *DROPPED tells so. False after
 * errors. A version that is not known fits everything. */
bool version_check(
	struct ctx *, const struct project *, const struct engine_version *, bool *dropped);

/* Find the engine's program: STACKPLAN_DOCKER in ENV, or the engine's own on PATH; and the limit of commands that ENV sets in
 * STACKPLAN_LIMIT. On failure a diagnostic with what to do, and *EXIT_CODE 126, 127 or 64. */
bool docker_find(
	struct ctx *, struct docker *, const struct engine *, char *const *env, int *exit_code);

/* Run one reading command (words after the program) and capture its output. Only the verbs of a fixed list are started
 * (ps, inspect, X inspect, X ls, version, info, logs, compose config): anything else is a bug and aborts. It may take 60 s, or
 * docker.limit_ms. */
bool docker_read(struct capture *, const struct docker *, char *const *words);
/* With something on its standard input, from a descriptor; -1: nothing. */
bool docker_read_from(struct capture *, const struct docker *, char *const *words, int in);

/* How long an answer may take. */
uint32_t docker_answer_ms(const struct docker *);

/* The environment of a command that lives for a moment: the list is the caller's to free, its entries are not. docker is a Go program: it
 * spends a quarter of its time on collecting garbage and on threads, unless it is told to let some lie, and to do with one. Whoever
 * sets these variables is heard. */
char **docker_brief_env(char *const *env);

/* Several, docker.parallel of them at a time; all are awaited. False with errno if one could not be started; EINTR: after a signal that asks for
 * the end (sig_cancelled) they were ended. */
bool docker_read_all(struct capture *, const struct docker *, char *const *const *words, size_t n);

/* Likewise, but the answer to the first question may make others needless, those from KEEP on: they are ended then, or not asked at all, and
 * what they have said is of no use. */
struct first {
	bool (*is_enough)(void *arg, const struct capture *answer);
	void *arg;
	size_t keep;  /* at least 1 */
	bool settled; /* out: it was */
};
bool docker_read_first(struct capture *, const struct docker *, char *const *const *words, size_t n,
	struct first *);

#endif
