/* load.h - from files, variables and flags to one canonical document. */
#ifndef STACKPLAN_LOAD_H
#define STACKPLAN_LOAD_H

#include <stackplan/words.h>

struct ctx;
struct env;
struct node;

struct load_options {
	const char *const *file; /* -f, in order; "-" is standard input */
	size_t nfile;
	const char *const *env_file;
	size_t nenv_file;
	const char *project_name;      /* -p, or NULL */
	const char *project_directory; /* --project-directory, or NULL */
	const char *const *profile;
	size_t nprofile;
	char *const *environ; /* stackplan's own variables */
	size_t max_bytes;     /* of one file; 0: 32 MiB */
};

/* The document and what belongs to it. All in the arena. */
/* So many containers of a service, whatever the file says. */
struct scale_wish {
	const char *service;
	int64_t n;
};

struct loaded {
	struct node *doc;             /* canonical, interpolated, merged, checked */
	const char *name;             /* of the project */
	const char *folder;           /* the project folder, absolute */
	const struct ref *folder_ref; /* of the spans that stand for it */
	struct word *file; /* the files read, absolute, with their spans; "-" for standard input */
	size_t nfile;
	struct env *env; /* the project environment; on failure too, as soon as it is known */
	const char *const *profile; /* the active ones */
	size_t nprofile;
	const struct scale_wish *scale; /* from the command line; they win over the file */
	size_t nscale;
	bool file_missing; /* on failure: a named file could not be read (exit 66, not 65) */
};

/* Load the spec by the rules of the Compose Specification. False after errors. */
bool load_spec(struct ctx *, const struct load_options *, struct loaded *);

#endif
