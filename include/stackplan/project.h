/* project.h - the document as what the planner thinks about: services, needs, checks.
 *
 * Only what planning decides on gets a C type here; the other keys stay in the tree of each service and go
 * from there to argument words through their row (keys.h). */
#ifndef STACKPLAN_PROJECT_H
#define STACKPLAN_PROJECT_H

#include <stackplan/words.h>

struct ctx;
struct env;
struct loaded;
struct node;

enum until { UNTIL_STARTED, UNTIL_HEALTHY, UNTIL_COMPLETED };

/* A service depends on another one. */
struct need {
	struct service *on;
	enum until until;
	bool required; /* false: its failure is a warning */
	bool restart;  /* started again after the other one was replaced */
	bool implied;  /* by links, network_mode: service:, volumes_from ... */
	struct pos at;
};

struct service {
	const char *name;
	struct pos at;
	struct node *tree; /* canonical */
	struct word image; /* of the containers: image, or PROJECT-SERVICE for a build */
	bool has_build;
	int64_t scale;              /* containers wanted, from 0 */
	const char *container_name; /* or NULL */
	struct need *need;          /* in source order, implied ones last */
	size_t nneed;
	struct node *
		env; /* MAP name to STR or NULL: env_file below environment, null values resolved; NULL value: removed from the image's */
	const struct env *files; /* the variables of its env_file alone, or NULL */
	const char *about;       /* x-stackplan: about, or NULL */
	bool enabled;            /* by profile or by name */
	struct one_off {
		bool is;         /* its container is made by the verb `run` */
		bool attached;   /* it gets the terminal when it starts */
		bool is_removed; /* when it ends */
		bool no_alias;   /* it does not answer to the service's names */
	} one_off;
	const char
		*compose_hash; /* what Compose would digest it to, where it was asked (compose.h) */
	uint32_t place;        /* position in the file, from 0 */
	uint32_t mark;         /* scratch for one pass over the services */
};

enum check_kind { CHECK_EXEC, CHECK_RUN, CHECK_LOGS };

/* One x-stackplan check: a command, and what it must say. */
struct check {
	const char *name;
	enum check_kind kind;
	struct service *service; /* of exec and logs */
	struct word image;       /* of run */
	const char *network;     /* of run: key of a network of the file, or NULL */
	struct words argv;       /* the command inside the container */
	const char
		*expect; /* text or extended regular expression that stdout must hold; NULL: any */
	bool is_regex;
	int64_t expect_exit;  /* 0 by default */
	int64_t retries;      /* further tries after the first, 0 by default */
	uint32_t interval_ms; /* between tries, 1000 by default */
	struct pos at;
};

struct project {
	const char *name;
	const char *folder;
	const struct ref *folder_ref;
	const struct word *file;
	size_t nfile;
	const struct node *doc;
	const struct env *env;
	struct service *service; /* enabled ones and disabled ones, in source order */
	size_t nservice;
	struct check *check;
	size_t ncheck;
	const char *about; /* x-stackplan: about, or NULL */
	/* The engine's names of networks [0] and volumes [1], by their place in the file's section; for project_resource_name alone. */
	const char **resource_name[2];
	size_t nresource_name[2];
	const char *default_network; /* that of the network "default", where it is not declared */
};

/* Build the project: types, needs, environments (reads env_file), profiles, consistency. NAMES select services (with what they
 * depend on, unless NO_DEPS); none selects all that profiles enable. NULL after errors. */
struct project *project_make(
	struct ctx *, const struct loaded *, const char *const *names, size_t nnames, bool no_deps);

struct service *project_service(const struct project *, const char *name);

/* A pass over all services is at the one of place I: have the processor fetch what the next ones are made of, so that the pass of a
 * large file need not wait for its memory. */
void project_ahead(const struct project *, size_t i);

/* Container NUMBER (from 1) of a service: its name. */
const char *project_container(
	struct ctx *, const struct project *, const struct service *, int64_t number);

/* The engine's name of a network or volume key ("networks", "volumes"): its name:, or PROJECT_KEY. NULL if the key isn't declared
 * (the network "default" always is). *EXTERNAL tells whether it is only used, never made. */
const char *project_resource_name(
	struct ctx *, const struct project *, const char *section, const char *key, bool *external);

/* How strictly the disk is looked at. */
struct source_rules {
	const bool *only;      /* by place: the services that count; NULL: all enabled ones */
	bool engine_elsewhere; /* the engine has another disk: mounts are not looked at */
	bool strict;           /* a mount that cannot work is an error */
};

/* Warn of what the services need of this machine's disk and is not there: sources of bind mounts, folders of builds, files of
 * secrets and configs. False after an error, which only strict rules know. The one function on a project that looks at the disk. */
bool project_sources(struct ctx *, const struct project *, const struct source_rules *);

/* The document as `config` prints it, as a new tree: enabled services and what they use, with names, defaults and implied
 * needs written out, variables resolved and folded into `environment`. */
struct node *project_normal(struct ctx *, const struct project *);

#endif
