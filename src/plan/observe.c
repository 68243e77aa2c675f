/* observe.c - what the engine has, asked with four reading commands at once, whatever the size of the stack.
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
	".Networks}},\"image\":{{json .Image}}," LABEL(
		"key", "com.docker.compose.service") "," LABEL("number",
		"com.docker.compose.container-number") "," LABEL("oneoff",
		"com.docker.compose.oneoff") "," LABEL("needs",
		"com.docker.compose.depends_on") "," LABEL("folder",
		"com.docker.compose.project.working_dir") "," LABEL("files",
		"com.docker.compose.project.config_files") "," LABELS "}";
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
enum ask { ASK_PS, ASK_NETWORK, ASK_VOLUME, ASK_IMAGE, ASK_VERSION, NASK };

/* Those that are asked, all at once. */
struct questions {
	char *const *words[NASK];
	enum ask what[NASK];
	size_t n;
};

/* "Exited (3) 2 minutes ago" */
static int64_t
exit_code_of(const char *status) {
	const char *open = strchr(status, '(');
	int64_t code = -1;
	char text[8] = {0};
	size_t n = open ? strcspn(open + 1, ")") : 0;

	if (open && n < sizeof(text)) {
		memcpy(text, open + 1, n);
		if (!str_int(text, 0, 255, &code))
			return -1;
	}
	return code;
}

/* One line of ps, network ls or volume ls. */
static void
add_line(struct ctx *ctx, struct resources *had, enum kind kind, const struct node *n) {
	struct resource *r = arena_make(ctx->mem, struct resource);

	*r = (struct resource){.kind = kind,
		.name = node_text(node_find(n, "name")),
		.key = node_text(node_find(n, "key")),
		.id = node_text(node_find(n, "id")),
		.state = node_text(node_find(n, "state")),
		.status = node_text(node_find(n, "status")),
		.ports = node_text(node_find(n, "ports")),
		.networks = node_text(node_find(n, "networks")),
		.project = node_text(node_find(n, "project")),
		.had_digest = node_text(node_find(n, "digest")),
		.had_sums = node_text(node_find(n, "keys")),
		.had_number = node_text(node_find(n, "number")),
		.had_key = node_text(node_find(n, "key")),
		.had_image = node_text(node_find(n, "image")),
		.had_needs = node_text(node_find(n, "needs")),
		.had_folder = node_text(node_find(n, "folder")),
		.had_files = node_text(node_find(n, "files")),
		.one_off = str_eq(node_text(node_find(n, "oneoff")), "True")};
	r->exit_code = exit_code_of(r->status);
	r->ours = *r->had_digest && str_eq(node_text(node_find(n, "own")), r->project);
	if (!str_int(r->had_number, 1, INT64_MAX, &r->number))
		r->number = 0;
	if (!*r->key)
		r->key = r->name;
	resources_push(ctx, had, r);
}

/* A line of JSON for each object; anything else means that the answer is not whole. */
static bool
read_lines(struct ctx *ctx, struct resources *had, const struct buf *b, enum kind kind,
	const struct wanted_images *want) {
	const char *p = buf_str(b), *why;

	while (*p) {
		size_t n = strcspn(p, "\n");
		struct node *line;
		if (n == 0 &&
			kind == KIND_IMAGE) { /* all that is said when it knows none of the images */
			p++;
			continue;
		}
		line = json_read(ctx->mem, p, n, &why);
		if (p[n] != '\n' || !line || line->type != NODE_MAP) {
			diag(ctx, SEV_ERROR, (struct pos){0}, "engine-answer",
				"the engine's list of %ss is not whole: nothing was changed",
				kind_name(kind));
			return false;
		}
		if (kind == KIND_IMAGE)
			wanted_images_add(ctx, had, want, line);
		else
			add_line(ctx, had, kind, line);
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

/* Is it an answer: all went well, or, of images, some are not there? */
static bool
is_answer(const struct capture *c, bool images) {
	if (c->timed_out || c->cut)
		return false;
	return c->status == 0 || (images && WIFEXITED(c->status) && WEXITSTATUS(c->status) == 1);
}

/* A question that failed: the engine's own words, shortened to their first line. */
static void
complain(struct ctx *ctx, const struct docker *d, const struct capture *c) {
	const char *text = buf_str(&c->err);
	int n = (int)strcspn(text, "\n");

	if (c->timed_out)
		diag(ctx, SEV_ERROR, (struct pos){0}, "engine-unreachable",
			"%s does not answer within a minute: is the engine well?", d->engine->name);
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

/* What the engine says of its age, and docker of its own. An answer that cannot be read tells nothing. */
static void
read_version(struct ctx *ctx, const struct docker *d, const struct capture *c) {
	const char *why;
	const struct node *n = json_read(ctx->mem, buf_str(&c->out), c->out.n, &why);

	*d->version = (struct engine_version){
		.program = node_text(node_find(n, "program")),
		.engine = node_text(node_find(n, "engine")),
	};
}

/* One answer. */
static bool
read_answer(struct ctx *ctx, const struct docker *d, struct resources *had, enum ask what,
	const struct capture *c, const struct wanted_images *wanted) {
	static const enum kind kinds[] = {KIND_CONTAINER, KIND_NETWORK, KIND_VOLUME, KIND_IMAGE};

	if (what != ASK_VERSION)
		return read_lines(ctx, had, &c->out, kinds[what], wanted);
	read_version(ctx, d, c);
	return true;
}

/* Ask all at once, and make one list of the answers. */
static struct resources *
ask_all(struct ctx *ctx, const struct docker *d, const struct questions *asked,
	const struct wanted_images *wanted, bool *unreachable) {
	struct resources *had = arena_make(ctx->mem, struct resources);
	struct questions q = *asked;
	struct capture c[NASK] = {{{0}, {0}, 0, false, false}};
	bool ok = docker_read_all(c, d, q.words, q.n);

	if (!ok)
		diag(ctx, SEV_ERROR, (struct pos){0}, "engine-program", "cannot run '%s': %s",
			d->program, strerror(errno));
	for (size_t i = 0; i < q.n && ok; i++) {
		if (!is_answer(&c[i], q.what[i] == ASK_IMAGE)) {
			complain(ctx, d, &c[i]);
			*unreachable = true;
			ok = false;
		} else {
			ok = read_answer(ctx, d, had, q.what[i], &c[i], wanted);
		}
	}
	for (size_t i = 0; i < q.n; i++)
		capture_free(&c[i]);
	return ok ? had : NULL;
}

struct resources *
observe(struct ctx *ctx, const struct docker *d, const struct project *p,
	const struct resources *want, bool *unreachable) {
	struct questions q = {.n = 0};

	(void)p;
	ask(&q, ASK_PS, question(ctx, "ps -a --no-trunc", ps_format));
	ask(&q, ASK_NETWORK, question(ctx, "network ls --no-trunc", network_format));
	ask(&q, ASK_VOLUME, question(ctx, "volume ls", volume_format));
	ask(&q, ASK_IMAGE, image_question(ctx, want));
	ask(&q, ASK_VERSION, d->version ? question(ctx, "version", version_format) : NULL);
	return ask_all(ctx, d, &q, wanted_images(ctx, want), unreachable);
}

struct resources *
observe_containers(struct ctx *ctx, const struct docker *d, bool *unreachable) {
	struct questions q = {.n = 0};

	ask(&q, ASK_PS, question(ctx, "ps -a --no-trunc", ps_format));
	return ask_all(ctx, d, &q, NULL, unreachable);
}
