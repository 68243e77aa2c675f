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

/* Find the engine's program: STACKPLAN_DOCKER in ENV, or the engine's own on PATH. On failure a diagnostic with what to do, and
 * *EXIT_CODE 126 or 127. */
bool docker_find(
	struct ctx *, struct docker *, const struct engine *, char *const *env, int *exit_code);

/* Run one reading command (words after the program) and capture its output. Only the verbs of a fixed list are started
 * (ps, inspect, X inspect, X ls, version, info, logs): anything else is a bug and aborts. timeout 60 s. */
bool docker_read(struct capture *, const struct docker *, char *const *words);

/* Several at once, in parallel; all are awaited. False with errno if one could not be started. */
bool docker_read_all(struct capture *, const struct docker *, char *const *const *words, size_t n);

#endif
