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
};

/* The row by name ("docker"); NULL if there is none. */
const struct engine *engine_find(const char *name);
const struct engine *engine_nth(size_t i);

/* How to call it: resolved once. */
struct docker {
	const struct engine *engine;
	const char *program; /* absolute path */
	struct words global; /* words between program and command: --context X, --host X */
	char *const *env;    /* of the children */
};

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
