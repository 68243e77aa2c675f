/* verbs_int.h - what the everyday verbs (ps, logs, exec, run, stop, start, restart, pull, build) share. */
#ifndef STACKPLAN_VERBS_INT_H
#define STACKPLAN_VERBS_INT_H

#include "stack_int.h"

struct project;
struct service;

/* ---- the containers of a project (crew.c) ---- */

/* The containers of one project, as the everyday verbs see them: with the spec, or by their labels alone, where only the
 * project's name is known (crew.c). */
struct crew {
	struct stack stack; /* .project is always there; of .want nothing is made */
	bool has_spec;
	struct resource **v; /* by service, then by number; orphans and those of "run" last */
	size_t n;
	const char *const *only; /* the services that were named; none: all */
	size_t nonly;
};
/* Load the spec, if there is one, and ask the engine for its containers. NAMES are the services that were named: one that
 * neither the spec nor the engine knows is an error. Each container's .service is set, NULL if it has none in the spec. An exit
 * code. */
int crew_find(struct cli *, struct crew *, const char *const *names, size_t n);
/* A context of the same memory, whose diagnostics nobody reads. */
struct ctx *ctx_quiet(const struct ctx *);
/* Is its service among those that were named, or was none? */
bool crew_is_chosen(const struct crew *, const char *service);
/* Running, paused or about to be started again by the engine. */
bool crew_is_up(const struct resource *);
/* Of the containers of a service, the one with this number; NUMBER 0: the first that is up. NULL after a diagnostic, with *CODE. */
struct resource *crew_one(
	struct cli *, const struct crew *, const char *service, int64_t number, int *code);
/* "web-1" of "PROJECT-web-1"; other names as they are. */
const char *crew_label(const struct crew *, const struct resource *);

/* ---- stop, start and restart (everyday.c) ---- */

struct everyday_args {
	bool show;
	struct number timeout, wait_timeout;
	const char *transcript;
};
#define EVERYDAY_TIMEOUT_ROW                                                                \
	{                                                                                   \
		.name = "timeout", .letter = 't', .arg = "SECONDS", .kind = OPTION_SECONDS, \
		.offset = offsetof(struct everyday_args, timeout), .max = 4000000,          \
		.doc = "Kill a container that has not stopped by then"                      \
	}
#define EVERYDAY_WAIT_ROW                                                                         \
	{                                                                                         \
		.name = "wait-timeout", .arg = "SECONDS", .kind = OPTION_SECONDS,                 \
		.offset = offsetof(struct everyday_args, wait_timeout), .min = 1, .max = 4000000, \
		.doc = "Limit of each gate (default: what its healthcheck allows, at least 60)"   \
	}
#define EVERYDAY_ROWS                                                     \
	{.name = "show",                                                  \
		.kind = OPTION_FLAG,                                      \
		.offset = offsetof(struct everyday_args, show),           \
		.doc = "Print the commands instead; no engine is asked"}, \
		TRANSCRIPT_OPTION_ROW(struct everyday_args)
/* Print the plan, or run it. An exit code. */
int everyday_run(struct cli *, const struct command *, enum everyday, const struct everyday_args *);
/* Run a plan, on the record at PATH if that is not NULL, and tell what became of it. */
int everyday_carry_out(struct cli *, const struct stack *, const struct plan *, int on_failure,
	const char *path, const char *verb);

/* ---- run (one_off.c) ---- */

struct run_args {
	bool show, detach, no_tty, rm, service_ports, use_aliases, no_deps, interactive;
	const char *user, *workdir, *entrypoint, *name;
	struct list env, volume;
	struct number wait_timeout;
	int pull;
};
/* Make of the service a one-off one: one container, with what the command line says of it. An exit code. */
int one_off_make(struct cli *, const struct project *, struct service *, const struct run_args *);

/* ---- pull and build (images.c) ---- */

struct images_wish {
	struct plan_options options;
	bool no_deps; /* only the services that were named */
	bool printed; /* the plan will only be printed: no engine is asked */
	int (*change)(
		struct cli *, struct project *, const void *args); /* after loading; or NULL */
	const void *args;
};
/* The plan for the images of the services that were named, or of all. NULL with *CODE after a diagnostic. */
struct plan *images_plan(struct cli *, struct stack *, const struct images_wish *, int *code);

/* ---- words of commands ---- */

/* A scalar that came from the command line under the name of a variable: no command will hold its value. */
struct node *outside_value(struct ctx *, const char *name, const char *value);

#endif
