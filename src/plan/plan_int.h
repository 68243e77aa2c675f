/* plan_int.h - what the files of the plan room show each other. */
#ifndef STACKPLAN_PLAN_INT_H
#define STACKPLAN_PLAN_INT_H

#include <stackplan/engine.h>
#include <stackplan/keys.h>
#include <stackplan/plan.h>
#include <stackplan/project.h>
#include <stackplan/words.h>

struct ctx;
struct key;
struct member;
struct node;

/* One difference of an engine from docker: another flag or form for a key, or the reason why it can't be done. KEY is its
 * path as `explain --list` has it. */
struct flag_rule {
	const char *key;
	const char *flag;
	enum form form;
	const char *why_not;
};
const struct flag_rule *engine_rule(const struct engine *, const char *key);

/* The tree without what the engine can't do, each thing with a warning at its place; the tree itself if there is nothing of that
 * kind in it. PREFIX: the path of the tree, "services.*." (engine.c). */
const struct node *engine_prune(
	struct ctx *, const struct engine *, const char *prefix, const struct node *tree);

/* The making of one container's words: passed to every form. */
struct emit {
	struct ctx *ctx;
	const struct project *project;
	const struct engine *engine;
	const struct service *service;
	const struct node *tree; /* of the service, without what the engine can't do */
	struct resource *res;    /* while it is made, its CREATE is the whole command so far */
	const struct node *env;  /* the variables of a hook; NULL: those of the service */
	bool env_done, by_file_done;
	struct feed_file *file; /* those of res->files */
	struct node *
		places; /* grants.c: what stands at a path of the container, a scalar of its place */
};

/* Words of one service's keys, in the order in which the file gives them (emit.c). */
void emit_service(struct emit *);

/* Words of one map that has rows of its own, such as a hook (emit.c). */
void emit_map(struct emit *, const struct schema *, const struct node *map);

/* The words of one key by its row alone: its flag and form. */
void emit_by_row(struct emit *, const struct key *, const struct node *);

/* FLAG and TEXT (or WORD) as one option of the command (emit.c). */
void emit_option(struct emit *, const char *flag, struct word value);
void emit_text(struct emit *, const char *flag, const char *text, struct pos at);
/* The flag alone. */
void emit_flag(struct emit *, const char *flag, struct pos at);
/* A further option that stays on the line of the one before. */
void emit_more(struct emit *, const char *flag, struct word value);
/* KEY=VALUE with the value's spans. */
struct word emit_pair(struct emit *, const char *key, const struct node *val);

/* The forms that need thought, one function each (emit_*.c). */
typedef void emit_fn(struct emit *, const struct key *, const char *flag, const struct node *);
emit_fn emit_env, emit_ports, emit_mounts, emit_networks, emit_health, emit_logging, emit_ulimits,
	emit_devices, emit_hosts, emit_restart, emit_namespace, emit_links, emit_volumes_from,
	emit_blkio, emit_security, emit_grants, emit_gpus, emit_deploy, emit_socket, emit_mac;

/* A secret or config that a service is granted (grants.c). */
enum grant_from { GRANT_FILE, GRANT_VARIABLE, GRANT_TEXT, GRANT_NOTHING };
struct grant {
	const struct node *item, *top; /* of the service, and at the top of the file */
	const char *name;
	bool secret; /* else a config */
	enum grant_from from;
	const struct node *source; /* that names the file or variable, or is the text */
	bool set;                  /* false: the variable is not */
	struct word content;       /* what the container gets; of GRANT_FILE the path */
	const char *target;        /* in the container, absolute */
	const struct node *by;     /* a later item at the same target that replaces it, or NULL */
};
/* Those of a service's list "secrets" or "configs", taken apart. Says nothing. */
struct grant *grants_of(struct ctx *, const struct project *, const char *section,
	const struct node *list, size_t *n);
/* What the container gets, as text without the value: the file's path, or a digest with owner and permissions. */
const char *grant_identity(struct ctx *, const struct grant *);

/* The image of a mount of type image: its source may be a service, whose image is meant then (emit_mounts.c). */
struct word mount_image(const struct project *, const struct node *mount);

/* Must the value be kept out of argv; can a shell assign to the name; give docker a variable beside its words (emit_env.c). */
bool emit_is_kept_back(const char *name, const struct word *);
bool emit_is_shell_name(const char *name);
void emit_pass(struct emit *, struct passed);

/* A port of the host is for one container only: report those that the containers of a service would have to share, once they are
 * started (emit_ports.c). */
void ports_check(struct ctx *, const struct service *);

/* The name of service S's first container, for container:NAME and friends; NULL when S is unknown. */
const char *emit_container_of(struct emit *, const char *service);

/* The digests of the keys as the text of a label (digest.c), and the first key that differs between such a label and the wanted
 * ones, or NULL; *GONE is the first key of the label that is not wanted, or NULL. A label is empty when it was too long to be
 * written, or, where that MAY_BE, when there was no key: in the first case nothing is known of the keys. */
const char *digest_label(struct ctx *, const struct digest *);
const struct keysum *digest_differs(struct ctx *, const struct digest *want, const char *label,
	bool may_be_empty, const char **gone);

/* Push "--label KEY=VALUE" for each bookkeeping label of a network, volume, container or built image (labels.c). */
void labels_push(struct ctx *, const struct plan *, const struct resource *, struct words *out);
const struct shared_labels *labels_shared(struct ctx *, const struct project *);

/* The wanted images by what an engine calls them, and, for one line of `image inspect`, those that it answers for put into HAD
 * (observe_image.c). */
struct wanted_images;
struct wanted_images *wanted_images(struct ctx *, const struct resources *want);
void wanted_images_add(
	struct ctx *, struct resources *had, const struct wanted_images *, const struct node *line);

/* refuse.c: report the keys of enabled services that no docker command can do; true when there is none. */
bool refuse_keys(struct ctx *, const struct project *);
/* refuse_values.c: report the values that docker or its engine would refuse only when the command runs. */
void refuse_values(struct ctx *, const struct project *);

/* want.c's parts. */
void want_container(struct ctx *, const struct project *, const struct engine *, struct resources *,
	const struct service *, int64_t number, bool labels);
/* Once all are there: what each container needs. */
void want_edges(struct ctx *, const struct project *, const struct resources *);
/* A resource needs another one. */
void resource_edge(struct ctx *, struct resource *, struct edge);

/* An image (want_image.c); S is the service that uses it, or NULL. NULL when IMAGE is empty. */
struct resource *want_image(struct ctx *, const struct project *, const struct engine *,
	struct resources *, struct word image, const struct service *);
/* When LIST has all images of services: those that others are built on, what is built before what. */
void want_images_end(
	struct ctx *, const struct project *, const struct engine *, struct resources *);

/* What a service's pull_policy asks for; wrong ones are diagnosed (pull_policy.c). S may be NULL. */
struct pull_wish {
	enum pulling pulling;
	int64_t old_s;
	struct pos at;
};
struct pull_wish pulling_of(struct ctx *, const struct service *);

/* The words of `docker build` into CREATE of an image with a builder, up to and with the context (emit_build.c). */
void emit_build(
	struct ctx *, const struct project *, const struct engine *, struct resource *image);
/* The service that a value of additional_contexts names as "service:NAME", or NULL. */
const struct service *build_base(const struct project *, const struct node *value);
/* Arguments and secrets (emit_build_values.c). */
emit_fn emit_build_args, emit_build_secrets;

/* ITEMS with room for one more than N, the capacity being the next power of two, so that it need not be kept (resources.c). */
void *grown(struct ctx *, void *items, size_t n, size_t size);

/* Some steps, one after another. */
struct chain {
	struct step **v;
	size_t n;
};

/* Steps (steps.c). step_new makes one outside any list; plan_append gives it its place. */
struct step *step_new(struct ctx *, const struct plan *, enum action, const struct resource *);
void step_text(struct ctx *, struct step *, const char *words); /* words split at blanks */
void step_push(struct ctx *, struct step *, const char *word, struct pos at);
void step_push_all(struct ctx *, struct step *, const struct words *);
void step_need(struct ctx *, struct step *, struct step *need); /* NULL is left out */
struct words words_of(struct ctx *, const struct plan *, const char *words, const char *last);
void plan_append(struct ctx *, struct plan *, struct step *);

/* Words that are too long for a program are errors, secrets among them are warned of (plan_words.c). */
void plan_check_words(struct ctx *, const struct plan *);

/* The steps of one change. */
struct lowered {
	struct step *pull, *build, *query, *command; /* images */
	struct step *made;                           /* the step after which it exists */
	struct step *connect; /* the last of the steps between: files copied in, networks */
	struct step *started; /* the step that starts it */
	struct chain before;  /* hooks between the last connect and the start */
	struct chain after;   /* hooks that follow the start */
	struct step *gate[2]; /* healthy, completed: made when somebody needs them */
	bool is_used;         /* images: a container that will be made comes from it */
};

/* The making of a plan. */
struct lowering {
	struct ctx *ctx;
	struct plan *plan;
	const struct plan_options *options;
	const struct changes *changes;
	struct lowered *low; /* parallel to the changes; resource.mark is the index */
	struct step **pull;  /* all pulls */
	size_t npull;
	struct step *first; /* the first network or volume that is made */
};

/* The steps that each change takes, put into LOW (plan_lower.c). */
void lower_all(struct lowering *);
/* Those of an image (lower_image.c). */
void lower_image(struct lowering *, const struct change *, struct lowered *);
/* Must a container be made without pulling its image? */
bool image_must_be_there(const struct lowering *, const struct resource *container);

/* Hooks (plan_hook.c). hooks_exec: the commands of "post_start" or "pre_stop", which run in a container. hooks_before: does
 * change I carry the hooks of pre_start; only the first container of a service that will be started does. hooks_lower: the hooks of
 * a change whose other steps are there. */
struct chain hooks_exec(struct ctx *, const struct plan *, const struct resource *,
	const struct service *, const char *key);
bool hooks_before(const struct lowering *, size_t i);
void hooks_lower(struct lowering *, size_t i);

/* What both kinds of hooks are made of: the list under a key, or NULL; is it run for each container; its variables laid over
 * OUT, where one without a value has that of the project; "web", or the container where there are several; a reason; a step begun; the
 * options that an emit has made for it; its command. */
const struct node *hook_list(const struct service *, const char *key);
bool hook_is_each(const struct node *hook);
void hook_variables(
	struct ctx *, const struct project *, const struct node *hook, struct node *out);
const char *hook_called(const struct service *, const struct resource *);
const char *hook_why(struct ctx *, const char *key, const char *what, size_t i, size_t n);
struct step *hook_step(struct ctx *, const struct plan *, enum action, const struct resource *,
	const struct node *hook, const char *key);
void hook_options(struct ctx *, struct step *, const struct resource *);
void hook_command(struct ctx *, struct step *, const struct node *hook, const char *key);

/* Append a step that needs the one before it (plan_hook.c). */
void chain_add(struct ctx *, struct chain *, struct step *);

/* The steps of container R for hook I of LIST, its pre_start (plan_helper.c); and the images that such hooks want. */
void helper_add(struct lowering *, struct chain *, const struct resource *r,
	const struct node *list, size_t i);
void hooks_images(struct ctx *, const struct project *, const struct engine *, struct resources *,
	const struct service *);

/* Gates (plan_gate.c): the step that waits until a container is healthy or completed. */
struct step *gate_new(struct ctx *, const struct plan *, const struct resource *, enum ready,
	const struct plan_options *);

/* The steps that remove things, by the position of these in a list; each resource's mark is its position. */
struct removals {
	struct step **stop,
		**rm; /* NULL: nothing to do. Where containers are only stopped there is no list STOP, and RM has the
				     steps that stop them */
	struct chain *hook; /* what runs before the stop */
	size_t n;
};

/* Put the steps of containers together where that delays none (plan_batch.c): those whose work another does become NULL. */
void batch_removals(struct ctx *, const struct removals *);

/* Checks (plan_check.c): one step each, in their order, after all that is in the plan so far. */
void checks_append(struct ctx *, struct plan *);

#endif
