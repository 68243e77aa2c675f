/* compose_hash.c - the digests that Docker Compose makes of services, as `docker compose` tells them.
 *
 * With these in the label com.docker.compose.config-hash, `docker compose up` finds nothing to do. Compose is asked twice: what the
 * spec comes to, with the variables of env files in it, and the digests of that. Where a service shares a namespace or volumes of
 * another one, Compose digests the ID of that one's container: it stands in what the second question is asked about. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/compose.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/proc.h>
#include <stackplan/str.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct pos nowhere = {0};

/* The asking. */
struct asking {
	struct ctx *ctx;
	const struct docker *docker;
	struct project *project;
	const struct resources *had;
};

/* Say that Compose does not answer, in its own words where it has some. */
static bool
complain(const struct asking *a, const struct capture *c) {
	const char *text = c ? buf_str(&c->err) : "";
	size_t n;

	if (strstr(text, "unknown command") || strstr(text, "is not a docker command") ||
		strstr(text, "unknown flag: --file") ||
		strstr(text, "unknown flag: --project-name")) {
		diag(a->ctx, SEV_ERROR, nowhere, "compose-hash",
			"'--compose-hash' needs the compose plugin, and '%s compose' is not there: "
			"install it (Debian: apt-get install docker-compose), or leave the option "
			"out",
			a->docker->engine->program);
		return false;
	}
	text += strspn(text, " \n");
	text = *text ? text : "its answer is not whole";
	n = strcspn(text, "\n");
	diag(a->ctx, SEV_ERROR, nowhere, "compose-hash",
		"'%s compose' does not tell its digests: %.*s", a->docker->engine->program, (int)n,
		text);
	return false;
}

/* Put one word "--NAME=VALUE". */
static void
push_option(struct ctx *ctx, struct words *w, const char *name, const char *value) {
	words_push(ctx->mem, w, arena_join(ctx->mem, "--", name, "=", value, NULL), nowhere);
}

/* "compose" and the options that say which spec. */
static struct words
begin(const struct asking *a, const struct compose_spec *spec) {
	struct ctx *ctx = a->ctx;
	struct words w = {0};

	words_push(ctx->mem, &w, "compose", nowhere);
	for (size_t i = 0; i < spec->nfile; i++)
		push_option(ctx, &w, "file", spec->file[i]);
	push_option(ctx, &w, "project-name", a->project->name);
	if (spec->project_directory)
		push_option(ctx, &w, "project-directory", spec->project_directory);
	for (size_t i = 0; i < spec->nprofile; i++)
		push_option(ctx, &w, "profile", spec->profile[i]);
	for (size_t i = 0; i < spec->nenv_file; i++)
		push_option(ctx, &w, "env-file", spec->env_file[i]);
	words_push(ctx->mem, &w, "config", nowhere);
	return w;
}

/* Ask; IN is its standard input or -1. False after a complaint. */
static bool
ask(const struct asking *a, const struct words *w, int in, struct capture *c) {
	char **argv = arena_array(a->ctx->mem, w->n + 1, sizeof(*argv));

	for (size_t i = 0; i < w->n; i++)
		argv[i] = arena_strdup(a->ctx->mem, w->v[i].s);
	if (!docker_read_from(c, a->docker, argv, in))
		return complain(a, NULL);
	if (c->timed_out || c->cut || c->status != 0)
		return complain(a, c);
	return true;
}

/* What the spec comes to, for the enabled services; NULL after a complaint. */
static struct node *
resolved(const struct asking *a, const struct compose_spec *spec) {
	struct words w = begin(a, spec);
	struct capture c = {.status = -1};
	struct node *doc = NULL;
	const char *why;

	push_option(a->ctx, &w, "format", "json");
	words_push(a->ctx->mem, &w, "--", nowhere);
	for (size_t i = 0; i < a->project->nservice; i++)
		if (a->project->service[i].enabled)
			words_push(a->ctx->mem, &w, a->project->service[i].name, nowhere);
	if (ask(a, &w, -1, &c)) {
		doc = json_read(a->ctx->mem, buf_str(&c.out), c.out.n, &why);
		if (!doc || doc->type != NODE_MAP)
			doc = complain(a, &c) ? doc : NULL;
	}
	capture_free(&c);
	return doc;
}

/* The ID of the first container of a service, if it is there and stays; NULL: it is not known yet. */
static const char *
first_id(const struct asking *a, const char *service) {
	const struct service *s = project_service(a->project, service);
	const char *name = s ? project_container(a->ctx, a->project, s, 1) : NULL;
	const struct resource *r = name ? resources_find(a->had, KIND_CONTAINER, name) : NULL;

	return r ? r->id : NULL;
}

/* In the place of "service:NAME", what Compose digests; where that can't be known, a warning, and what stood there. */
static struct node *
refer(const struct asking *a, const struct service *s, const char *key, struct node *was,
	const char *name, const char *before) {
	const char *id = first_id(a, name);

	if (id)
		return node_str(a->ctx->mem, arena_join(a->ctx->mem, before, id, NULL), nowhere);
	diag(a->ctx, SEV_WARNING, s->at, "compose-hash",
		"'docker compose up' will make '%s' anew, since '%s' ties it to '%s', and Compose "
		"digests the ID of that container, which is not made yet: afterwards 'apply "
		"--compose-hash --force-recreate --no-deps %s' sets that right",
		s->name, key, name, s->name);
	return was;
}

/* An item of volumes_from. */
static struct node *
refer_volumes(const struct asking *a, const struct service *s, struct node *was) {
	const char *text = node_text(was), *colon = strchr(text, ':');
	struct arena *mem = a->ctx->mem;

	if (colon && str_starts(text, "container:"))
		return node_str(
			mem, arena_strndup(mem, colon + 1, strcspn(colon + 1, ":")), nowhere);
	return refer(a, s, "volumes_from", was, arena_strndup(mem, text, strcspn(text, ":")), "");
}

/* The keys of a service in which another one is named. */
static void
refer_all(const struct asking *a, const struct service *s, struct node *tree) {
	static const char *const modes[] = {"network_mode", "ipc", "pid"};
	const struct node *from = node_find(tree, "volumes_from");

	for (size_t i = 0; i < countof(modes); i++) {
		struct member *m = node_member(tree, modes[i]);
		if (m && str_starts(node_text(m->val), "service:"))
			m->val = refer(a, s, modes[i], m->val, strchr(node_text(m->val), ':') + 1,
				"container:");
	}
	for (size_t i = 0; from && from->type == NODE_LIST && i < from->n; i++)
		from->u.item[i] = refer_volumes(a, s, from->u.item[i]);
}

/* One "NAME DIGEST". */
static bool
take_line(const struct asking *a, const char *line, size_t n) {
	const char *blank = memchr(line, ' ', n);
	size_t name = blank ? (size_t)(blank - line) : n;
	struct service *s = project_service(a->project, arena_strndup(a->ctx->mem, line, name));

	if (!blank || n - name != 65 || strspn(blank + 1, "0123456789abcdef") < 64)
		return false;
	if (s)
		s->compose_hash = arena_strndup(a->ctx->mem, blank + 1, 64);
	return true;
}

/* The answer to the second question: it must tell of each enabled service. */
static bool
take_all(const struct asking *a, const struct capture *c) {
	const char *p = buf_str(&c->out);

	for (size_t n; *p; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		if (n && !take_line(a, p, n))
			return complain(a, c);
	}
	for (size_t i = 0; i < a->project->nservice; i++)
		if (a->project->service[i].enabled && !a->project->service[i].compose_hash)
			return complain(a, c);
	return true;
}

/* The digests of the services in the document. */
static bool
digests(const struct asking *a, const struct node *doc) {
	static const char *const profile[] = {"*"}, *const file[] = {"-"};
	struct words w =
		begin(a, &(struct compose_spec){
				 .file = file, .nfile = 1, .profile = profile, .nprofile = 1});
	struct capture c = {.status = -1};
	struct buf text = {0};
	int in;
	bool ok = false;

	push_option(a->ctx, &w, "hash", "*");
	json_write(&text, doc, 0);
	in = proc_memfile(buf_str(&text), text.n);
	if (in >= 0) {
		ok = ask(a, &w, in, &c) && take_all(a, &c);
		close(in);
	} else {
		complain(a, NULL);
	}
	buf_free(&text);
	capture_free(&c);
	return ok;
}

bool
compose_hashes(struct ctx *ctx, const struct docker *docker, const struct compose_spec *spec,
	struct project *project, const struct resources *had) {
	const struct asking a = {ctx, docker, project, had};
	struct node *doc = resolved(&a, spec), *services = doc ? node_find(doc, "services") : NULL;

	if (!doc)
		return false;
	for (size_t i = 0; i < project->nservice; i++) {
		struct service *s = &project->service[i];
		struct node *tree = services && s->enabled ? node_find(services, s->name) : NULL;
		s->compose_hash = NULL;
		if (tree)
			refer_all(&a, s, tree);
	}
	return digests(&a, doc);
}

bool
compose_has_made(const struct resource *had) {
	const struct node *labels = facts_at(had, "Config.Labels");

	return !had->ours && labels && *node_text(node_find(labels, COMPOSE_HASH));
}

bool
compose_keeps(const struct resource *want, const struct resource *had) {
	const struct node *labels = facts_at(had, "Config.Labels");
	const char *hash = want->service ? want->service->compose_hash : NULL;

	return hash && labels && str_eq(node_text(node_find(labels, COMPOSE_HASH)), hash);
}
