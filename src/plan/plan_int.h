/* plan_int.h - what the files of the plan room show each other. */
#ifndef STACKPLAN_PLAN_INT_H
#define STACKPLAN_PLAN_INT_H

#include <stackplan/engine.h>
#include <stackplan/keys.h>
#include <stackplan/plan.h>
#include <stackplan/project.h>
#include <stackplan/words.h>

struct buf;
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
	emit_devices, emit_hosts, emit_restart, emit_namespace, emit_links, emit_external_links,
	emit_volumes_from, emit_blkio, emit_security, emit_grants, emit_gpus, emit_deploy,
	emit_socket, emit_mac;

/* A connect command for each network of the service, the first one too, into res->connect (emit_net.c). */
void emit_connects(struct emit *);

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

/* The digests of the keys as the text of a label (digest_label.c), and what differs between such a label and the wanted ones, of which the
 * digest over all does not agree: at least one entry, with the key "" where nothing is known of the keys. A label is empty when it was too
 * long to be written, or, where that MAY_BE, when there was no key. */
const char *digest_label(struct ctx *, const struct digest *);
struct difference *digest_differences(
	struct ctx *, const struct digest *want, const char *label, bool may_be_empty, size_t *n);

/* Append a tree so that equal trees, whatever the order of their members, give equal text (digest.c). */
void canonical_text(struct arena *, struct buf *, const struct node *);

/* Is it what the key had when the label was written? */
bool digest_fits(struct ctx *, const char *key, const struct node *, const char *label);

/* The bookkeeping labels of a network, volume, container or built image (labels.c). */
size_t labels_of(
	struct ctx *, const struct plan *, const struct resource *, struct label out[LABELS_MAX]);
const struct shared_labels *labels_shared(struct ctx *, const struct project *);

/* The wanted images by what an engine calls them, and, for one line of `image inspect`, those that it answers for put into HAD
 * (observe_image.c). */
struct wanted_images;
struct wanted_images *wanted_images(struct ctx *, const struct resources *want);
void wanted_images_add(
	struct ctx *, struct resources *had, const struct wanted_images *, const struct node *line);

/* Networks, images and, unless they are many, volumes, asked about by name in one question (observe_things.c): the words; what the
 * answer complains of; one line of it; and, when it is whole, those of a KIND put into HAD, unless something is not known of
 * them: the list of that kind has to be asked for then. Images that are known are put there in any case. */
struct things {
	const struct resources *want;
	struct node *found;  /* list of what `inspect` says of each */
	struct node *absent; /* map of the names that nothing has */
	bool lists_volumes;  /* they are not asked about by name, but containers are */
};
struct things *things_new(struct ctx *, const struct resources *want);
char *const *things_question(struct ctx *, const struct things *);
void things_absent(struct ctx *, struct things *, const char *complaint);
void things_add(struct ctx *, struct things *, struct node *line);
bool things_take(struct ctx *, const struct things *, const struct project *, struct resources *had,
	enum kind);
/* What was said of containers, networks and volumes put to those of HAD as their facts. */
void things_facts(const struct things *, const struct resources *had);
/* One line of ps, network ls or volume ls put into HAD, and the name of what it tells of (observe_line.c). */
void observe_add(struct ctx *, struct resources *had, enum kind, const struct node *line);
const char *line_name(struct ctx *, const struct node *line);

/* Who has an edge to a resource: the services, of which three are named, and whether its end is waited for. */
struct users {
	const char *name[3], *last;
	size_t n;
	bool awaited;
};

/* The containers of the project that stand for a wanted one. */
struct candidates {
	struct resource *now;   /* under its name */
	struct resource *aside; /* set aside while another one was to take its place */
	struct resource *stray; /* with its labels, under another name */
};

/* The making of a list of changes. */
struct diffing {
	struct ctx *ctx;
	const struct project *project;
	const struct resources *want, *had;
	const struct diff_options *options;
	struct changes *changes;
	struct users *users;      /* by resource.mark of what is wanted */
	struct candidates *there; /* by the same */
};

/* Which containers that are there stand for which wanted one (diff_container.c); then one of them beside what is there. */
void diff_begin(struct diffing *);
void diff_container(struct diffing *, struct change *);
bool is_in_network(const struct resource *had, const char *name);
/* Why something that is not there is made (diff.c). */
const char *why_create(const struct diffing *, const struct resource *);
void change_set(struct change *, enum change_kind, const char *why);
/* Same name, not of this project. */
void change_conflict(struct ctx *, struct change *);
/* Does it carry the project's label? Compose's own containers do, too. */
bool is_of_project(const struct project *, const struct resource *had);

/* The keys in which a change's two sides differ (differences.c): by the digests in its label and, of containers looked at closely, by what
 * the engine says of it now. And the first of them as half a sentence: "'image' is \"b\", not \"a\", and 2 more". */
void differences_find(const struct diffing *, struct change *);
const char *differences_text(struct ctx *, const struct change *);
/* Those that were made by hand: limits and policies that are not as the words of the wanted container have them, while its digest is the
 * right one (diff_hand.c). */
void differences_by_hand(const struct diffing *, struct change *);
/* The networks that a container is in though the spec does not say so: those of this project are to be left; others are left alone, and
 * warned of. */
void networks_by_hand(const struct diffing *, struct change *);
const char *why_disconnect(struct ctx *, const char *container, const char *network);
/* The same of a volume that is kept: "with 'labels' {a: \"1\"}, not {a: \"2\"}". */
const char *differences_of_kept(struct ctx *, const struct change *);

/* The item of a list whose member KEY is TEXT, or NULL (values.c). */
const struct node *item_with(const struct node *list, const char *key, const char *text);

/* The two sides of a key as people write them; NULL: not set, or not known (values.c, values_had.c). Is a value that is a secret in
 * the tree, by the variable that it came from? */
const char *value_wanted(const struct diffing *, const struct resource *, const char *key);
const char *value_had(
	const struct diffing *, const struct resource *had, const struct difference *);
bool value_has_secret(const struct node *);

/* What follows for others when something is replaced or made: those that share its namespaces or its volumes or are in its network are
 * replaced, too, and those that ask for it are restarted. The marks must be the places in the list (diff_more.c). */
void changes_cascade(struct ctx *, struct changes *);
/* What is there and not wanted: too many of a service, orphans, left-overs. */
void diff_gone(struct diffing *);

/* What was renamed in the spec (diff_names.c): a volume that will be made while the data are in another one; the whole project; and
 * why a network of ours is not one of the spec's any more, or NULL. */
void warn_of_renamed_volume(const struct diffing *, const struct change *);
void warn_of_renamed_project(const struct diffing *);
const char *why_orphan_network(const struct diffing *, const struct resource *had);

/* What `container inspect` says (observe_facts.c): the question about all wanted containers, and about those of the project that are
 * still not known; a line of the answer put where it belongs, false when no list has told of that container; and what
 * stands at a path of it ("HostConfig.Memory"), or NULL. */
char *const *facts_question(struct ctx *, const struct resources *want);
char *const *facts_rest(struct ctx *, const struct project *, const struct resources *had);
bool facts_add(const struct resources *had, const struct node *line);
/* The same for networks or volumes of ours of which the spec has changed. */
char *const *facts_differing(struct ctx *, const struct project *, const struct resources *want,
	const struct resources *had, enum kind);
void facts_add_named(const struct resources *had, enum kind, const struct node *line);
const struct node *facts_at(const struct resource *, const char *path);
/* An engine asked twice at a time may make two networks of one name: mark those of ours that are too many, which are called by
 * their IDs from then on. One that is in use stays. */
void facts_twins(struct ctx *, struct resources *had);

/* preflight_ports.c: ports of the host that are taken; HERE: the engine runs on this machine. */
void check_ports(struct ctx *, const struct changes *, const struct resources *had, bool here);

/* refuse.c: report the keys of enabled services that no docker command can do, and their values that it would refuse; false when there
 * is such a key. */
bool refuse_keys(struct ctx *, const struct project *);
/* refuse_values.c: report the values of a service, or of the file's networks, that docker or its engine would refuse only when the
 * command runs. */
void refuse_values(struct ctx *, const struct service *);
void refuse_networks(struct ctx *, const struct project *);

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

/* Steps (steps.c). step_new makes one outside any list, its words begun with the engine's program; plan_append gives it its place.
 * And one without words. */
struct step *step_new(struct ctx *, const struct plan *, enum action, const struct resource *);
struct step *step_bare(struct ctx *, enum action, const struct resource *);
void step_text(struct ctx *, struct step *, const char *words); /* words split at blanks */
/* It removes a network, which the engine may still be taking containers off: it is tried some more times. */
struct extra *step_retries(struct ctx *, struct step *);
void step_push(struct ctx *, struct step *, const char *word, struct pos at);
void step_push_all(struct ctx *, struct step *, const struct words *);
void step_need(struct ctx *, struct step *, struct step *need); /* NULL is left out */
struct words words_of(struct ctx *, const struct plan *, const char *words, const char *last);
void plan_append(struct ctx *, struct plan *, struct step *);

/* Words that are too long for a program are errors, secrets among them are warned of (plan_words.c). */
void plan_check_words(struct ctx *, const struct plan *);
/* Is none of the words long, with a value from outside the spec or of a command, or one that docker would read otherwise? It is told while they are made, and need
 * not be looked for again. */
bool words_are_plain(const struct words *);

enum gate { GATE_HEALTHY, GATE_COMPLETED, GATE_RUNNING };

/* The steps of one change. */
struct lowered {
	struct step *pull, *build, *query, *command; /* images */
	struct step *made;                           /* the step after which it exists */
	struct step *connect; /* the last of the steps between: files copied in, networks */
	struct step *started; /* the step that starts it */
	struct chain before;  /* hooks between the last connect and the start */
	struct chain after;   /* hooks that follow the start */
	struct step *gate[3]; /* by enum gate: made when somebody needs them */
	struct chain away;    /* what makes room for it: the old one is set aside and stopped */
	const char *old;      /* the name under which the old one is kept, or NULL */
	struct step *settled; /* the gate after which the old one is needed no more */
	struct step *goes;    /* the removal of the old one, among the last */
	struct step *same; /* images: goes well if it is the one that containers were made from */
	struct step *removed; /* networks: the old one is removed */
	bool is_used;         /* images: a container that will be made comes from it */
};

/* The making of a plan. */
struct lowering {
	struct ctx *ctx;
	struct plan *plan;
	const struct plan_options *options;
	struct changes *changes;
	struct lowered *low; /* parallel to the changes; resource.mark is the index */
	struct words pull_words,
		query_words; /* those of all such steps, but for the image's name */
	struct step **pull;  /* all pulls */
	size_t npull;
	struct step *first; /* the first network or volume that is made */
	struct chain last;  /* removals, one after another, when all else is well */
	struct step *twin;  /* the last removal of a network that stands in the way of its name */
	struct step **
		stopped; /* the last steps that stop those that go, NULL for one that does not run */
	size_t nstopped;
};

/* The steps that each change takes, put into LOW (plan_lower.c). */
void lower_all(struct lowering *);
/* Those of an image (lower_image.c). */
void lower_image(struct lowering *, const struct change *, struct lowered *);
/* Is the image pulled or built? */
bool image_is_got(const struct lowering *, const struct change *);
/* Must a container be made without pulling its image? */
bool image_must_be_there(const struct lowering *, const struct resource *container);

/* One container in the place of another (plan_replace.c): the steps before the new one is made; those after it has been started; the
 * anonymous volumes of the old one into the words of the new one; what is not wanted; what must be stopped before what; and the removals
 * at the end of the list. */
void replace_before(struct lowering *, const struct change *, struct lowered *);
void replace_after(struct lowering *, const struct change *, struct lowered *);
/* The one of two that is not gone on from, out of the way. */
void replace_clear(struct lowering *, const struct change *, struct lowered *);
void replace_volumes(struct ctx *, const struct change *, struct step *);
/* The label of a container for the anonymous volumes that it has from the one whose place it took: names with commas between. */
#define LABEL_CARRIED "dev.stackplan.volumes"
void lower_gone(struct lowering *);
void tie_away(struct lowering *);
void append_last(struct lowering *);

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

/* network_again.c: the words that make a network as it was, by its facts (none: no words), and that put the container HAD, which is
 * called NAME now, back into it. */
struct words network_again(struct ctx *, const struct plan *, const struct resource *had);
struct words connect_again(struct ctx *, const struct plan *, const struct resource *had,
	const char *net, const char *name);

/* Append a step that needs the one before it (plan_hook.c). */
void chain_add(struct ctx *, struct chain *, struct step *);

/* The steps of container R for hook I of LIST, its pre_start (plan_helper.c); and the images that such hooks want. */
void helper_add(struct lowering *, struct chain *, const struct resource *r,
	const struct node *list, size_t i);
void hooks_images(struct ctx *, const struct project *, const struct engine *, struct resources *,
	const struct service *);

/* Gates (plan_gate.c): the step that waits until a container is healthy or completed, or, for READY_STARTED, runs. */
struct step *gate_new(struct ctx *, const struct plan *, const struct resource *, enum ready,
	const struct plan_options *);

/* Does the spec give it a healthcheck, or say that its image brings one (plan_gate.c)? */
bool has_healthcheck(const struct service *);

/* With --wait: append the gates of all containers that have none yet (plan_wait.c). */
void waits_append(struct lowering *);

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
