/* observe.c - what the engine has, asked with a handful of reading commands at once, whatever the size of the stack.
 * Every object on the engine is listed, ours or not, so that a name that somebody else took is seen as well. */
#include "plan_int.h"
#include <errno.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/proc.h>
#include <stackplan/str.h>
#include <string.h>
#include <sys/wait.h>

#define LABEL(name, label) "\"" name "\":{{json (.Label \"" label "\")}}"
#define LABELS                                               \
	LABEL("project", "com.docker.compose.project")       \
	"," LABEL("own", "dev.stackplan.project") "," LABEL( \
		"digest", "dev.stackplan.digest") "," LABEL("keys", "dev.stackplan.keys")

static const char ps_format[] =
	"{\"id\":{{json .ID}},\"name\":{{json .Names}},\"state\":{{json .State}},"
	"\"status\":{{json .Status}},\"ports\":{{json .Ports}},\"networks\":{{json "
	".Networks}},\"image\":{{json .Image}},\"mounts\":{{json .Mounts}}," LABEL(
		"key", "com.docker.compose.service") "," LABEL("number",
		"com.docker.compose.container-number") "," LABEL("oneoff",
		"com.docker.compose.oneoff") "," LABEL("needs",
		"com.docker.compose.depends_on") "," LABEL("folder",
		"com.docker.compose.project.working_dir") "," LABEL("files",
		"com.docker.compose.project.config_files") "," LABEL("carried",
		LABEL_CARRIED) "," LABELS "}";
static const char network_format[] = "{\"id\":{{json .ID}},\"name\":{{json .Name}}," LABEL(
	"key", "com.docker.compose.network") "," LABELS "}";
static const char volume_format[] = "{\"id\":{{json .Name}},\"name\":{{json .Name}}," LABEL(
	"key", "com.docker.compose.volume") "," LABELS "}";
static const char image_format[] =
	"{\"id\":{{json .Id}},\"tags\":{{json .RepoTags}},\"digests\":{{json .RepoDigests}},"
	"\"tagged\":{{json .Metadata.LastTagTime}}}";

static const char version_format[] =
	"{\"program\":{{json .Client.Version}},\"engine\":{{json .Server.Version}}}";

/* The reading commands. */
enum ask {
	ASK_PS,
	ASK_NETWORK,
	ASK_VOLUME,
	ASK_IMAGE,
	ASK_VERSION,
	ASK_FACTS,
	ASK_NETWORK_FACTS,
	ASK_VOLUME_FACTS,
	ASK_THINGS,
	NASK
};

/* Those that are asked, all at once. */
struct questions {
	char *const *words[NASK];
	enum ask what[NASK];
	size_t n;
	const struct wanted_images *images;
	struct things *things;
	struct first *first; /* or NULL: the first answer settles nothing */
};

/* Is it asked about things by name, which may not be there? */
static bool
may_lack(enum ask what) {
	return what == ASK_IMAGE || what >= ASK_FACTS;
}

/* One line of an answer. False if it does not agree with the others. */
static bool
take_line(struct ctx *ctx, struct resources *had, enum ask what, struct node *line,
	const struct questions *q) {
	static const enum kind kinds[NASK] = {[ASK_PS] = KIND_CONTAINER,
		[ASK_NETWORK] = KIND_NETWORK,
		[ASK_VOLUME] = KIND_VOLUME,
		[ASK_NETWORK_FACTS] = KIND_NETWORK,
		[ASK_VOLUME_FACTS] = KIND_VOLUME};

	if (what == ASK_IMAGE)
		wanted_images_add(ctx, had, q->images, line);
	else if (what == ASK_FACTS)
		return facts_add(had, line);
	else if (what == ASK_THINGS)
		things_add(ctx, q->things, line);
	else if (what > ASK_FACTS)
		facts_add_named(had, kinds[what], line);
	else
		observe_add(ctx, had, kinds[what], line);
	return true;
}

/* A line of JSON for each object; anything else means that the answer is not whole. */
static bool
read_lines(struct ctx *ctx, struct resources *had, const struct buf *b, enum ask what,
	const struct questions *q) {
	static const char *const names[] = {"containers", "networks", "volumes",
		"images", [ASK_FACTS] = "facts about containers",
		[ASK_NETWORK_FACTS] = "facts about networks",
		[ASK_VOLUME_FACTS] = "facts about volumes",
		[ASK_THINGS] = "networks, volumes and images"};
	const char *p = buf_str(b), *why;

	while (*p) {
		size_t n = strcspn(p, "\n");
		struct node *line;
		if (n == 0 && may_lack(what)) { /* all that is said when it knows none of them */
			p++;
			continue;
		}
		line = json_read(ctx->mem, p, n, &why);
		if (p[n] != '\n' || !line || line->type != NODE_MAP) {
			diag(ctx, SEV_ERROR, (struct pos){0}, "engine-answer",
				"the engine's list of %s is not whole: nothing was changed",
				names[what]);
			return false;
		}
		if (!take_line(ctx, had, what, line, q)) {
			diag(ctx, SEV_ERROR, (struct pos){0}, "engine-answer",
				"the engine's list of containers lacks one that it tells of: "
				"nothing was changed; try again");
			return false;
		}
		p += n + 1;
	}
	return true;
}

/* The words of the four questions; images only if any are wanted. */
static char *const *
image_question(struct ctx *ctx, const struct resources *want) {
	char **argv = arena_array(ctx->mem, want->n + 6, sizeof(char *));
	size_t n = 0, first;

	argv[n++] = arena_strdup(ctx->mem, "image");
	argv[n++] = arena_strdup(ctx->mem, "inspect");
	argv[n++] = arena_strdup(ctx->mem, "--format");
	argv[n++] = arena_strdup(ctx->mem, image_format);
	first = n;
	for (size_t i = 0; i < want->n; i++)
		if (want->v[i]->kind == KIND_IMAGE)
			argv[n++] = arena_strdup(ctx->mem, want->v[i]->name);
	return n > first ? argv : NULL;
}

/* One of the other three questions. */
static char *const *
question(struct ctx *ctx, const char *words, const char *format) {
	char **argv = arena_array(ctx->mem, 8, sizeof(char *));
	size_t n = 0;

	for (const char *p = words; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		argv[n++] = arena_strndup(ctx->mem, p, len);
		p += len;
	}
	argv[n++] = arena_strdup(ctx->mem, "--format");
	argv[n] = arena_strdup(ctx->mem, format);
	return argv;
}

/* How many lines of the text hold the part? */
static size_t
count(const char *text, const char *part) {
	size_t n = 0;

	for (; (text = strstr(text, part)); text += strcspn(text, "\n"))
		n++;
	return n;
}

/* How many of the things that were asked about are not there, by what is said of each? Of two networks of one name, neither is told. */
static size_t
count_absent(const char *text, enum ask what) {
	static const char *const lacks[NASK] = {[ASK_IMAGE] = "o such image",
		[ASK_FACTS] = "o such container",
		[ASK_NETWORK_FACTS] = "etwork",
		[ASK_VOLUME_FACTS] = "volume",
		[ASK_THINGS] = "o such object"};

	return count(text, lacks[what]) + (what == ASK_THINGS ? count(text, "is ambiguous") : 0);
}

/* How many things do the words name, after --format and the format? */
static size_t
count_names(char *const *words) {
	size_t n = 0, first = 0;

	for (; words[n]; n++)
		first = !first && str_eq(words[n], "--format") ? n + 2 : first;
	return n - first;
}

/* Is it an answer: all went well, or some of what was asked about is not there, and that is said of each? */
static bool
is_answer(const struct capture *c, enum ask what, char *const *words) {
	size_t absent;

	if (c->timed_out || c->cut)
		return false;
	if (!may_lack(what))
		return c->status == 0;
	if (!WIFEXITED(c->status) || WEXITSTATUS(c->status) > 1)
		return false;
	absent = count_absent(buf_str(&c->err), what);
	return (absent > 0 || c->status == 0) &&
	       count(buf_str(&c->out), "{") + absent >= count_names(words);
}

/* A question that failed: the engine's own words, shortened to their first line. */
static void
complain(struct ctx *ctx, const struct docker *d, const struct capture *c) {
	const char *text = buf_str(&c->err);
	int n = (int)strcspn(text, "\n");

	if (c->timed_out)
		diag(ctx, SEV_ERROR, (struct pos){0}, "engine-unreachable",
			"%s does not answer within %g s: is the engine well?", d->engine->name,
			docker_answer_ms(d) / 1000.0);
	else if (c->cut)
		diag(ctx, SEV_ERROR, (struct pos){0}, "engine-unreachable",
			"%s answers with more than can be an answer", d->engine->name);
	else
		diag(ctx, SEV_ERROR, (struct pos){0}, "engine-unreachable",
			"%s cannot reach its engine: %.*s", d->engine->name, n,
			n ? text : "no reason given");
	diag_note(ctx, (struct pos){0},
		"start it (as root: systemctl start docker, or dockerd), or point DOCKER_HOST or "
		"--context to one "
		"that runs");
}

/* Ask WORDS, unless there are none. */
static void
ask(struct questions *q, enum ask what, char *const *words) {
	if (!words)
		return;
	q->what[q->n] = what;
	q->words[q->n++] = words;
}

/* What the engine says of its age, and docker of its own. */
static bool
read_version(struct ctx *ctx, const struct docker *d, const struct capture *c) {
	const char *why;
	const struct node *n = json_read(ctx->mem, buf_str(&c->out), c->out.n, &why);

	*d->version = (struct engine_version){
		.program = node_text(node_find(n, "program")),
		.engine = node_text(node_find(n, "engine")),
	};
	if (!n || n->type != NODE_MAP)
		diag(ctx, SEV_ERROR, (struct pos){0}, "engine-answer",
			"the engine does not say its version: nothing was changed");
	return n && n->type == NODE_MAP;
}

/* One answer. */
static bool
read_answer(struct ctx *ctx, const struct docker *d, struct resources *had, enum ask what,
	const struct capture *c, const struct questions *q) {
	if (what == ASK_THINGS)
		things_absent(ctx, q->things, buf_str(&c->err));
	if (what != ASK_VERSION)
		return read_lines(ctx, had, &c->out, what, q);
	return read_version(ctx, d, c);
}

/* Ask all at once, and put the answers into the list. */
static bool
ask_all(struct ctx *ctx, const struct docker *d, const struct questions *q, struct resources *had,
	bool *unreachable) {
	struct capture c[NASK] = {{{0}, {0}, 0, false, false}};
	bool ok = q->first ? docker_read_first(c, d, q->words, q->n, q->first)
			   : docker_read_all(c, d, q->words, q->n);
	size_t n = q->first && q->first->settled ? q->first->keep : q->n;

	if (!ok && errno != EINTR)
		diag(ctx, SEV_ERROR, (struct pos){0}, "engine-program", "cannot run '%s': %s",
			d->program, strerror(errno));
	for (size_t i = 0; i < n && ok; i++) {
		if (!is_answer(&c[i], q->what[i], q->words[i])) {
			complain(ctx, d, &c[i]);
			*unreachable = true;
			ok = false;
		} else {
			ok = read_answer(ctx, d, had, q->what[i], &c[i], q);
		}
	}
	for (size_t i = 0; i < q->n; i++)
		capture_free(&c[i]);
	return ok;
}

/* Does the spec want, or may the project have, things of this kind? */
static bool
has_kind(const struct resources *want, enum kind kind) {
	for (size_t i = 0; i < want->n; i++)
		if (want->v[i]->kind == kind)
			return true;
	return false;
}

/* The list of networks or of volumes. */
static char *const *
list_question(struct ctx *ctx, enum kind kind) {
	return kind == KIND_NETWORK ? question(ctx, "network ls --no-trunc", network_format)
				    : question(ctx, "volume ls", volume_format);
}

/* What networks and volumes are like of which the spec has changed. */
static void
ask_differing(struct ctx *ctx, struct questions *q, const struct project *p,
	const struct resources *want, const struct resources *had) {
	ask(q, ASK_NETWORK_FACTS, facts_differing(ctx, p, want, had, KIND_NETWORK));
	ask(q, ASK_VOLUME_FACTS, facts_differing(ctx, p, want, had, KIND_VOLUME));
}

/* What is to be made, and the list of containers that may tell that nothing of it is there. */
struct fresh {
	struct ctx *ctx;
	const struct project *project;
	const struct resources *want;
};

/* Has the project no container, and nobody else one of those names? Then hardly anything is there, and the lists tell that faster than
 * questions by name: docker looks for each name that is absent among things of every kind. */
static bool
is_fresh(void *arg, const struct capture *c) {
	const struct fresh *f = arg;
	const char *p = buf_str(&c->out), *why;

	if (!is_answer(c, ASK_PS, NULL))
		return false;
	for (size_t n; *p; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		const struct node *line = json_read(f->ctx->mem, p, n, &why);
		if (!line || str_eq(node_text(node_find(line, "project")), f->project->name) ||
			resources_find(f->want, KIND_CONTAINER, line_name(f->ctx, line)))
			return false;
	}
	return true;
}

/* The lists of networks, volumes and images. */
static void
ask_lists(struct ctx *ctx, struct questions *q, const struct resources *want, bool all) {
	ask(q, ASK_NETWORK, list_question(ctx, KIND_NETWORK));
	if (all || has_kind(want, KIND_VOLUME))
		ask(q, ASK_VOLUME, list_question(ctx, KIND_VOLUME));
	ask(q, ASK_IMAGE, image_question(ctx, want));
}

/* What the questions by name have left open. */
static void
ask_open(struct ctx *ctx, struct questions *q, const struct things *things, const struct project *p,
	struct resources *had) {
	had->is_part = things_take(ctx, things, p, had, KIND_NETWORK);
	ask(q, ASK_NETWORK, had->is_part ? NULL : list_question(ctx, KIND_NETWORK));
	if (!things_take(ctx, things, p, had, KIND_VOLUME))
		ask(q, ASK_VOLUME, list_question(ctx, KIND_VOLUME));
	if (!things_take(ctx, things, p, had, KIND_IMAGE))
		ask(q, ASK_IMAGE, image_question(ctx, things->want));
	ask(q, ASK_FACTS, facts_rest(ctx, p, had));
}

/* All that is wanted, with few questions; a second round asks what the first has left open. */
static struct resources *
observe_lean(struct ctx *ctx, const struct docker *d, const struct project *p,
	const struct resources *want, bool *unreachable) {
	struct resources *had = arena_make(ctx->mem, struct resources);
	struct things *things = things_new(ctx, want);
	struct fresh fresh = {ctx, p, want};
	struct first first = {.is_enough = is_fresh, .arg = &fresh};
	struct questions q = {.things = things}, more = {.images = wanted_images(ctx, want)},
			 last = {.n = 0};

	ask(&q, ASK_PS, question(ctx, "ps -a --no-trunc", ps_format));
	ask(&q, ASK_FACTS, things->lists_volumes ? NULL : facts_question(ctx, want));
	/* a list of containers that was cut is found out by what is told of one */
	first.keep = q.n;
	q.first = q.n > 1 ? &first : NULL;
	ask(&q, ASK_THINGS, things_question(ctx, things));
	ask(&q, ASK_VOLUME, things->lists_volumes ? list_question(ctx, KIND_VOLUME) : NULL);
	if (!ask_all(ctx, d, &q, had, unreachable))
		return NULL;
	if (first.settled) {
		ask_lists(ctx, &more, want, false);
	} else {
		things_facts(things, had);
		ask_open(ctx, &more, things, p, had);
	}
	if (!ask_all(ctx, d, &more, had, unreachable))
		return NULL;
	things_facts(things, had);
	ask_differing(ctx, &last, p, want, had);
	if (!ask_all(ctx, d, &last, had, unreachable))
		return NULL;
	facts_twins(ctx, had);
	return had;
}

struct resources *
observe(struct ctx *ctx, const struct docker *d, const struct project *p,
	const struct resources *want, enum closeness look, bool *unreachable) {
	struct resources *had = arena_make(ctx->mem, struct resources);
	struct questions q = {.images = wanted_images(ctx, want)}, more = {.n = 0};

	if (look == LOOK_LEAN)
		return observe_lean(ctx, d, p, want, unreachable);
	ask(&q, ASK_PS, question(ctx, "ps -a --no-trunc", ps_format));
	ask_lists(ctx, &q, want, look == LOOK_WIDE);
	ask(&q, ASK_VERSION, d->version ? question(ctx, "version", version_format) : NULL);
	ask(&q, ASK_FACTS, look == LOOK_CLOSE ? facts_question(ctx, want) : NULL);
	if (!ask_all(ctx, d, &q, had, unreachable))
		return NULL;
	if (look == LOOK_CLOSE) {
		ask(&more, ASK_FACTS, facts_rest(ctx, p, had));
		ask_differing(ctx, &more, p, want, had);
	}
	if (!ask_all(ctx, d, &more, had, unreachable))
		return NULL;
	facts_twins(ctx, had);
	return had;
}

bool
observe_version(struct ctx *ctx, const struct docker *d, bool *unreachable) {
	struct questions q = {.n = 0};

	ask(&q, ASK_VERSION, question(ctx, "version", version_format));
	return ask_all(ctx, d, &q, NULL, unreachable);
}

bool
is_all_there(struct ctx *ctx, const struct project *p, const struct resources *want,
	const struct resources *had) {
	for (size_t i = 0; i < want->n; i++) {
		const struct resource *w = want->v[i], *h = resources_find(had, w->kind, w->name);
		if (w->kind == KIND_IMAGE || w->external)
			continue;
		if (!h || !str_eq(h->had_digest, resource_digest(ctx, p, w)->all))
			return false;
	}
	return true;
}

struct resources *
observe_containers(struct ctx *ctx, const struct docker *d, bool *unreachable) {
	struct resources *had = arena_make(ctx->mem, struct resources);
	struct questions q = {.n = 0};

	ask(&q, ASK_PS, question(ctx, "ps -a --no-trunc", ps_format));
	return ask_all(ctx, d, &q, had, unreachable) ? had : NULL;
}
