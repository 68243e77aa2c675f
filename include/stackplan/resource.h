/* resource.h - a thing that is wanted, or a thing that the engine has.
 *
 * Desired and observed state are lists of the same struct; a change is a pair of them and a reason. */
#ifndef STACKPLAN_RESOURCE_H
#define STACKPLAN_RESOURCE_H

#include <stackplan/words.h>

struct ctx;
struct engine;
struct feed;
struct node;
struct project;
struct service;

enum kind { KIND_IMAGE, KIND_NETWORK, KIND_VOLUME, KIND_CONTAINER };

/* "image", "network" ... */
const char *kind_name(enum kind);

/* A variable handed to a docker process by its environment or by an env file on descriptor 3, so that its value stands in no argv. */
struct passed {
	const char *name;
	struct word value;
	bool unset;   /* the variable must be absent from the child's environment */
	bool by_file; /* docker itself would read it: it goes through "--env-file /dev/fd/3" */
};

/* When an image is pulled, from the one that asks least; an image that several services use is got as the one that asks most wants. */
enum pulling { PULLING_NEVER, PULLING_MISSING, PULLING_OLD, PULLING_ALWAYS };

/* How a wanted image is got. */
struct image_wish {
	enum pulling pulling;
	int64_t old_s; /* PULLING_OLD: the age from which it is pulled again */
	struct pos policy_at;
	const struct service *builder; /* whose `build` makes it; NULL: it is only pulled */
	bool is_own;  /* no 'image:' gives it its name: it is made here, and no registry has it */
	bool is_anew; /* built each time ('pull_policy: build') */
	struct pos build_at;
	const struct feed *feed; /* the Dockerfile, where the spec has its text */
	const char *buildkit;    /* the key for which only BuildKit has an option, or NULL */
	struct pos buildkit_at;
};

/* How far a resource must be before what needs it may go on. */
enum ready { READY_MADE, READY_STARTED, READY_HEALTHY, READY_COMPLETED };

struct edge {
	struct resource *to;
	enum ready until;
	struct pos at;
	bool required;
};

/* One canonical key ("image", "environment.DEBUG") with a short digest, so that a reason can name it. */
struct keysum {
	const char *key;
	const char *value; /* its canonical text */
	uint64_t quick;    /* hash of both (hash.h) */
	char sum[9];       /* 8 hexadecimal digits and NUL */
	struct pos at;
};

/* What identifies a resource. */
struct digest {
	struct keysum *sum; /* of the keys that matter to the engine, sorted by key */
	size_t n;
	char all[65]; /* SHA-256 over their quick hashes */
};

struct resource {
	enum kind kind;
	const char *name;              /* the engine's name, or the image reference */
	const char *key;               /* the spec's name: service, network, volume key */
	int64_t number;                /* container number, from 1 */
	const struct service *service; /* of containers, else NULL */
	struct pos at;

	/* wanted */
	bool external;           /* only used: must be there, never made nor removed */
	const struct node *tree; /* networks and volumes: their entry in the spec, or NULL */
	struct words
		command; /* containers: all words of the `run -d` that makes it, but for our labels */
	struct words
		create; /* words that make it, after the program; of containers the options: a part of COMMAND */
	struct words tail; /* containers: image and command, the end of COMMAND */
	struct words *
		connect; /* containers: further "network connect" commands, words after the program */
	size_t nconnect;
	struct passed *pass;
	size_t npass;
	struct feed
		*files; /* containers: what is copied in before the first start; NULL: nothing */
	struct pos files_at; /* the first of them in the spec */
	const struct ref *
		image_id; /* containers: the output reference of the image's ID, for a label; may be NULL */
	const struct ref *
		image_command; /* images: the output reference of their command, where a container repeats it */
	struct resource *image; /* containers: their image */
	struct edge *edge;      /* what must be ready before it is made or started */
	size_t nedge;
	struct image_wish *wish; /* images: how they are got */

	/* had */
	const char *id;
	const char *state; /* "running", "exited" ...; volumes, networks, images: "" */
	const char *status, *ports, *networks; /* as `docker ps` words them */
	int64_t exit_code;
	const char *project; /* its labels; "" when absent */
	const char *had_digest, *had_sums, *had_key, *had_number;
	const char *had_image, *had_needs, *had_folder, *had_files; /* containers: likewise */
	bool one_off;     /* containers: made by a verb "run" */
	bool ours;        /* carries dev.stackplan labels of this project */
	int64_t tagged_s; /* images: when they were last pulled, built or tagged here; 0: never */

	uint32_t mark; /* scratch for one pass over a list */
};

struct resources {
	struct resource **v;
	size_t n, cap;
	struct by_name {
		struct node *names;    /* a map with them */
		struct resource **v;   /* by position in it */
	} by_name[KIND_CONTAINER + 1]; /* by kind; for resources_find alone */
	struct node *names; /* of the shell variables for images' IDs; for want_container.c alone */
	struct words scratch; /* for want_container.c alone */
};

/* All that the project wants, in an order where what is needed comes first and source order decides otherwise: images, networks,
 * volumes, containers (want.c). LABELS: with bookkeeping labels. NULL after errors. */
struct resources *want_make(
	struct ctx *, const struct project *, const struct engine *, bool labels);

/* Digest the keys of a wanted network, volume or container (digest.c). Made anew at each call, in the arena. */
const struct digest *resource_digest(struct ctx *, const struct project *, const struct resource *);

struct resource *resources_find(const struct resources *, enum kind, const char *name);
void resources_push(struct ctx *, struct resources *, struct resource *);

/* Ask the engine what it has of the project and under the wanted names: a handful of reading docker commands whatever the size
 * (observe.c). NULL after errors; *unreachable tells that the engine did not answer. */
struct docker;
struct resources *observe(struct ctx *, const struct docker *, const struct project *,
	const struct resources *want, bool *unreachable);
/* Only its containers, asked again after a run. */
struct resources *observe_containers(struct ctx *, const struct docker *, bool *unreachable);

#endif
