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
	struct pos at;
	enum ready until : 8;
	bool required : 1;
};

/* One canonical key ("image", "environment.DEBUG") with a short digest, so that a reason can name it. */
struct keysum {
	const char *key;
	const char *value; /* its canonical text */
	uint64_t quick;    /* hash of both (hash.h) */
	char sum[9];       /* 8 hexadecimal digits and NUL */
	struct pos at;
	bool from_outside; /* a variable whose value came from outside the spec files */
};

/* What identifies a resource. */
struct digest {
	struct keysum *sum; /* of the keys that matter to the engine, sorted by key */
	size_t n;
	char all[65]; /* SHA-256 over their quick hashes */
};

struct resource {
	/* first what each pass over a list looks at */
	enum kind kind;
	uint32_t mark;                 /* scratch for one pass over a list */
	const char *name;              /* the engine's name, or the image reference */
	const char *key;               /* the spec's name: service, network, volume key */
	const struct service *service; /* of containers, else NULL */
	struct edge *edge;             /* what must be ready before it is made or started */
	uint32_t nedge, cap_edge;
	struct pos at;
	bool external : 1; /* only used: must be there, never made nor removed */
	bool plain : 1; /* no word of COMMAND, or of an image its name, wants a closer look (plan_words.c) */
	bool one_off : 1; /* had, containers: made by a verb "run" */
	bool is_twin : 1; /* had, networks: another one of ours has the same name; it goes by its ID */
	bool ours : 1;    /* had: carries dev.stackplan labels of this project */
	int64_t number; /* container number, from 1 */

	/* wanted */
	const struct node *tree; /* networks and volumes: their entry in the spec, or NULL */
	struct words
		command; /* containers: all words of the `run -d` that makes it, but for our labels */
	struct words
		create; /* words that make it, after the program; of containers the options: a part of COMMAND */
	struct words tail; /* containers: image and command, the end of COMMAND */
	struct words *
		connect; /* containers: further "network connect" commands, words after the program */
	struct passed *pass;
	uint32_t nconnect, npass;
	struct feed
		*files; /* containers: what is copied in before the first start; NULL: nothing */
	struct pos files_at; /* the first of them in the spec */
	const struct ref *
		image_id; /* containers: the output reference of the image's ID, for a label; may be NULL */
	const struct ref *
		image_command; /* images: the output reference of their command, where a container repeats it */
	struct resource *image;  /* containers: their image */
	struct image_wish *wish; /* images: how they are got */

	/* had */
	const char *id;
	const char *state; /* "running", "exited" ...; volumes, networks, images: "" */
	const char *status, *ports, *networks, *mounts; /* as `docker ps` words them */
	int64_t exit_code;
	const char *project; /* its labels; "" when absent */
	const char *had_digest, *had_sums, *had_key, *had_number;
	const char *had_image, *had_needs, *had_folder, *had_files,
		*had_carried; /* containers: likewise */
	const struct node *
		facts; /* containers, looked at closely: what `container inspect` says of it; else NULL */
	int64_t tagged_s; /* images: when they were last pulled, built or tagged here; 0: never */
};

struct resources {
	struct resource **v;
	size_t n, cap;
	struct by_name {
		struct node *names;    /* a map with them */
		struct resource **v;   /* by position in it */
		size_t cap;            /* of V */
	} by_name[KIND_CONTAINER + 1]; /* by kind; for resources_find alone */
	struct node *names; /* of the shell variables for images' IDs; for want_container.c alone */
	struct resource *
		*image_of;    /* by the place of a service; for want.c and want_container.c alone */
	struct words scratch; /* for want_container.c alone */
	bool is_part;         /* had: networks that are not wanted may be missing */
};

/* All that the project wants, in an order where what is needed comes first and source order decides otherwise: images, networks,
 * volumes, containers (want.c). LABELS: with bookkeeping labels. NULL after errors. */
struct resources *want_make(
	struct ctx *, const struct project *, const struct engine *, bool labels);

/* Digest the keys of a wanted network, volume or container (digest.c). Made anew at each call, in the arena. */
const struct digest *resource_digest(struct ctx *, const struct project *, const struct resource *);

/* A pass over the list is at I: what comes next is fetched (memory_ahead). */
void resources_ahead(const struct resources *, size_t i);
struct resource *resources_find(const struct resources *, enum kind, const char *name);
void resources_push(struct ctx *, struct resources *, struct resource *);
/* There will be about N more of a kind: make room for them at once. */
void resources_expect(struct ctx *, struct resources *, enum kind, size_t n);
/* From now on resources_find finds R by its name, instead of one that was pushed before. */
void resources_prefer(struct resources *, struct resource *r);

/* How closely the engine is looked at: for what is wanted; for all that the project may have left; for what is wanted, down to
 * the settings of each container; or so with as few questions as that takes, where networks that nobody wants don't matter. */
enum closeness { LOOK_PLAIN, LOOK_WIDE, LOOK_CLOSE, LOOK_LEAN };

/* Ask the engine what it has of the project and under the wanted names: a handful of reading docker commands whatever the size
 * (observe.c). NULL after errors; *unreachable tells that the engine did not answer. */
struct docker;
struct resources *observe(struct ctx *, const struct docker *, const struct project *,
	const struct resources *want, enum closeness, bool *unreachable);
/* Before something is removed: ask once more for what the project has, and hold it against HAD, of which a part may have got lost on the
 * way (observe_twice.c). False when something is missing in HAD; that has been diagnosed. */
bool observe_twice(
	struct ctx *, const struct docker *, const struct project *, const struct resources *had);
/* The version alone, which LOOK_LEAN leaves out, put where docker.version points; and is that needless, since all that is wanted is there
 * with its digest? */
bool observe_version(struct ctx *, const struct docker *, bool *unreachable);
bool is_all_there(struct ctx *, const struct project *, const struct resources *want,
	const struct resources *had);
/* Only its containers, asked again after a run. */
struct resources *observe_containers(struct ctx *, const struct docker *, bool *unreachable);

#endif
