/* world.c - the facts that a plan rests on, as a tree: files of the spec, variables, the engine, and all of its objects that the plan
 * reads or names.
 *
 * Starts at world_make(). What is said when two worlds differ is world_same.c's matter. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/hash.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/proc.h>
#include <stackplan/str.h>
#include <stackplan/world.h>
#include <string.h>

static const struct pos nowhere = {0};

/* As much of a file is looked at. */
enum { SOURCE_MAX_BYTES = 32 << 20 };

static const char a_variable[] = "the variable '";

/* The making of a world. */
struct looking {
	struct ctx *ctx;
	const struct world_view *view;
	struct node *world;
};

/* A thing, made if it is not there yet. */
static struct node *
thing(struct looking *l, const char *kind, const char *name) {
	const char *key = name ? arena_join(l->ctx->mem, "the ", kind, " '", name, "'", NULL)
			       : arena_join(l->ctx->mem, "the ", kind, NULL);
	struct node *n = node_find(l->world, key);

	if (!n) {
		n = node_new(l->ctx->mem, NODE_MAP, nowhere);
		node_set(l->ctx->mem, l->world, key, nowhere, n);
	}
	return n;
}

/* One fact; nothing is noted for an empty text. */
static void
fact(struct looking *l, struct node *of, const char *name, const char *text) {
	if (text && *text)
		node_set(l->ctx->mem, of, name, nowhere, node_str(l->ctx->mem, text, nowhere));
}

/* The digest of two texts, of which nothing can be told without the salt. */
static const char *
salted(struct looking *l, const char *name, const char *text, size_t n) {
	struct hash hash;
	char out[65];

	hash_start(&hash);
	hash_text(&hash, l->view->salt);
	hash_text(&hash, name);
	hash_part(&hash, text, n);
	hash_end(&hash, out);
	return arena_strdup(l->ctx->mem, out);
}

/* The files of the spec. */
static void
add_files(struct looking *l) {
	for (uint16_t src = 1; src < UINT16_MAX; src++) {
		const char *name = diag_source_name(l->ctx, src);
		size_t n;
		const char *text = diag_source_text(l->ctx, src, &n);
		if (!*name) /* after the last */
			break;
		if (n) /* those of env files are empty: their variables count */
			fact(l, thing(l, "file", name), "digest", salted(l, name, text, n));
	}
}

/* A file that the engine or a command reads later on: what is in it, or that it can't be read. */
static void
add_source(struct looking *l, const char *path) {
	const char *why;
	size_t n;
	const char *text = path_read(l->ctx->mem, path, SOURCE_MAX_BYTES, &n, &why);
	struct node *of = thing(l, "file", path);

	if (text)
		fact(l, of, "digest", salted(l, path, text, n));
	else
		fact(l, of, "content", arena_join(l->ctx->mem, "unreadable (", why, ")", NULL));
}

/* The files of secrets and configs. */
static void
add_sources(struct looking *l) {
	static const char *const sections[] = {"secrets", "configs"};

	for (size_t s = 0; s < countof(sections); s++) {
		const struct node *list = node_find(l->view->project->doc, sections[s]);
		for (size_t i = 0; list && list->type == NODE_MAP && i < list->n; i++) {
			const char *path = node_text(node_find(list->u.member[i].val, "file"));
			if (*path)
				add_source(l, path);
		}
	}
}

/* All variables that were read from one file make its digest: each is mixed into what the earlier ones have made. */
static void
mix_variable(struct looking *l, const struct env_var *v, const char *user) {
	struct node *of = thing(l, "file", v->ref->file);
	const char *before = node_text(node_find(of, user));

	fact(l, of, user,
		salted(l, arena_join(l->ctx->mem, before, " ", v->name, NULL), v->value.s,
			strlen(v->value.s)));
}

/* The env files of an environment, which is that of USER. */
static void
add_env_files(struct looking *l, const struct env *env, const char *user) {
	const struct env_var *v;

	for (size_t i = 0; env && (v = env_nth(env, i)); i++)
		for (; v; v = v->shadows)
			if (v->ref && v->ref->from != REF_ENVIRON && v->ref->file)
				mix_variable(l, v, user);
}

/* A variable of stackplan's own environment, if it is one. */
static void
add_variable(struct looking *l, const char *name) {
	const struct env_var *v = l->view->env ? env_find(l->view->env, name, strlen(name)) : NULL;

	if (v && v->ref && v->ref->from == REF_ENVIRON)
		fact(l, thing(l, "variable", name), "digest",
			salted(l, name, v->value.s, strlen(v->value.s)));
}

/* Those that words hold. */
static void
add_spans(struct looking *l, const struct word *w, size_t n) {
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < w[i].nspan; k++)
			if (w[i].span[k].ref->from == REF_ENVIRON)
				add_variable(l, w[i].span[k].ref->name);
}

/* Those that commands pass on. */
static void
add_passed(struct looking *l) {
	const struct resources *want = l->view->want;

	for (size_t i = 0; i < want->n; i++) {
		const struct resource *r = want->v[i];
		add_spans(l, r->command.v, r->command.n);
		add_spans(l, r->create.v, r->create.n);
		for (size_t k = 0; k < r->npass; k++)
			add_spans(l, &r->pass[k].value, 1);
	}
}

/* The variables that the spec asks for, those that say what is read, and those that aim docker at an engine. */
static void
add_variables(struct looking *l) {
	static const char *const usual[] = {"COMPOSE_FILE", "COMPOSE_PROJECT_NAME",
		"COMPOSE_PROFILES", "COMPOSE_ENV_FILES", "COMPOSE_DISABLE_ENV_FILE",
		"COMPOSE_REMOVE_ORPHANS", "COMPOSE_IGNORE_ORPHANS", "DOCKER_HOST", "DOCKER_CONTEXT",
		"DOCKER_CONFIG"};
	struct uses uses = {0};

	for (size_t i = 0; i < countof(usual); i++)
		add_variable(l, usual[i]);
	uses_find(l->ctx, &uses);
	for (size_t i = 0; i < uses.n; i++)
		add_variable(l, uses.v[i].name);
	if (l->view->want)
		add_passed(l);
	for (size_t i = 0; l->view->was && i < l->view->was->n; i++) {
		const char *key = l->view->was->u.member[i].key;
		if (str_starts(key, a_variable))
			add_variable(l, arena_strndup(l->ctx->mem, key + strlen(a_variable),
						strlen(key + strlen(a_variable)) - 1));
	}
}

/* The env files of the project and of its services. */
static void
add_all_env_files(struct looking *l) {
	const struct project *p = l->view->project;

	add_env_files(l, l->view->env, "digest");
	for (size_t i = 0; p && i < p->nservice; i++)
		add_env_files(l, p->service[i].files, p->service[i].name);
}

/* "running", "exited (3)" */
static const char *
state_of(struct ctx *ctx, const struct resource *r) {
	if (!str_eq(r->state, "exited"))
		return r->state;
	return arena_printf(ctx->mem, "exited (%lld)", (long long)r->exit_code);
}

/* The networks that it is in, each with its ID where that is known. */
static const char *
networks_of(struct ctx *ctx, const struct resource *r) {
	const struct node *nets = facts_at(r, "NetworkSettings.Networks");
	struct buf b = {0};

	if (!nets || nets->type != NODE_MAP)
		return r->networks;
	for (size_t i = 0; i < nets->n; i++)
		buf_printf(&b, "%s%s=%s", i ? " " : "", nets->u.member[i].key,
			node_text(node_find(nets->u.member[i].val, "NetworkID")));
	return arena_take_buf(ctx->mem, &b);
}

/* What `docker update` can change; 0 and "" are the same as nothing. */
static void
add_limits(struct looking *l, struct node *of, const struct resource *r) {
	static const char *const limits[] = {"Memory", "MemoryReservation", "MemorySwap",
		"KernelMemory", "NanoCpus", "CpuShares", "CpuPeriod", "CpuQuota",
		"CpuRealtimePeriod", "CpuRealtimeRuntime", "CpusetCpus", "CpusetMems", "PidsLimit",
		"BlkioWeight", "RestartPolicy.Name", "RestartPolicy.MaximumRetryCount"};

	for (size_t i = 0; i < countof(limits); i++) {
		const char *path = arena_join(l->ctx->mem, "HostConfig.", limits[i], NULL);
		const char *text = node_text(facts_at(r, path));
		if (!str_eq(text, "0"))
			fact(l, of, limits[i], text);
	}
}

static void
add_container(struct looking *l, const struct resource *r) {
	struct node *of = thing(l, "container", r->name);

	fact(l, of, "id", r->id);
	fact(l, of, "state", state_of(l->ctx, r));
	fact(l, of, "image", node_text(facts_at(r, "Image")));
	fact(l, of, "spec", r->had_digest);
	fact(l, of, "networks", networks_of(l->ctx, r));
	add_limits(l, of, r);
}

/* Is it named by the spec as one that is not the project's ("container:x", external_links)? */
static bool
is_named(const struct project *p, const struct resource *r) {
	static const char *const keys[] = {
		"network_mode", "ipc", "pid", "volumes_from", "external_links"};

	for (size_t i = 0; i < p->nservice; i++)
		for (size_t k = 0; p->service[i].enabled && k < countof(keys); k++) {
			const struct node *n = node_find(p->service[i].tree, keys[k]);
			size_t items = n && n->type == NODE_LIST ? n->n : n ? 1 : 0;
			for (size_t j = 0; j < items; j++) {
				const char *text =
					node_text(n->type == NODE_LIST ? n->u.item[j] : n);
				size_t len = strlen(r->name);
				text = str_starts(text, "container:") ? text + 10 : text;
				if (strncmp(text, r->name, len) == 0 &&
					(!text[len] || text[len] == ':'))
					return true;
			}
		}
	return false;
}

/* Does a plan for the project read or name the container? */
static bool
matters(struct looking *l, const struct resource *r) {
	const struct project *p = l->view->project;
	size_t n = strlen(r->name);

	if (r->one_off)
		return false;
	if (is_of_project(p, r) || resources_find(l->view->want, KIND_CONTAINER, r->name))
		return true;
	if (n > 4 && str_eq(r->name + n - 4, ".old") &&
		resources_find(
			l->view->want, KIND_CONTAINER, arena_strndup(l->ctx->mem, r->name, n - 4)))
		return true;
	return is_named(p, r);
}

static void
add_objects(struct looking *l) {
	const struct resources *want = l->view->want, *had = l->view->had;

	for (size_t i = 0; i < had->n; i++) {
		const struct resource *r = had->v[i];
		bool wanted = resources_find(want, r->kind, r->name) != NULL;
		if (r->kind == KIND_CONTAINER && matters(l, r))
			add_container(l, r);
		if (r->kind == KIND_IMAGE)
			fact(l, thing(l, "image", r->name), "id", r->id);
		if (r->kind == KIND_NETWORK && (wanted || is_of_project(l->view->project, r))) {
			fact(l, thing(l, "network", r->name), "id", r->id);
			fact(l, thing(l, "network", r->name), "project", r->project);
		}
		if (r->kind == KIND_VOLUME && wanted) {
			fact(l, thing(l, "volume", r->name), "project", r->project);
			fact(l, thing(l, "volume", r->name), "spec", r->had_digest);
		}
	}
}

/* So many words of the question about volumes come before their names. */
enum { VOLUME_WORDS = 4 };

/* The question about the wanted volumes that are there, or NULL. */
static char *const *
volume_question(struct looking *l) {
	static const char format[] = "{\"name\":{{json .Name}},\"made\":{{json .CreatedAt}},"
				     "\"driver\":{{json .Driver}}}";
	static const char *const words[VOLUME_WORDS] = {"volume", "inspect", "--format", format};
	const struct resources *had = l->view->had;
	char **argv = arena_array(l->ctx->mem, had->n + countof(words) + 1, sizeof(char *));
	size_t n = 0;

	for (; n < countof(words); n++)
		argv[n] = arena_strdup(l->ctx->mem, words[n]);
	for (size_t i = 0; i < had->n; i++)
		if (had->v[i]->kind == KIND_VOLUME &&
			resources_find(l->view->want, KIND_VOLUME, had->v[i]->name))
			argv[n++] = arena_strdup(l->ctx->mem, had->v[i]->name);
	return n > countof(words) ? argv : NULL;
}

/* Who the engine is: its answer is one line of JSON. */
static bool
take_engine(struct looking *l, const struct capture *c) {
	const char *why;
	const struct node *n = json_read(l->ctx->mem, buf_str(&c->out), c->out.n, &why);
	struct node *of = thing(l, "engine", NULL);

	fact(l, of, "id", node_text(node_find(n, "id")));
	fact(l, of, "version", node_text(node_find(n, "version")));
	fact(l, of, "program", l->view->docker->program);
	return c->status == 0 && !c->timed_out && *node_text(node_find(n, "id"));
}

/* When each of the volumes that WORDS ask about was made, a line of JSON each. */
static bool
take_volumes(struct looking *l, const struct capture *c, char *const *words) {
	const char *why, *p = buf_str(&c->out);
	size_t asked = 0, told = 0;

	while (*p) {
		size_t n = strcspn(p, "\n");
		const struct node *line = json_read(l->ctx->mem, p, n, &why);
		struct node *of;
		if (!line || line->type != NODE_MAP || p[n] != '\n')
			return false;
		of = thing(l, "volume", node_text(node_find(line, "name")));
		fact(l, of, "time of making", node_text(node_find(line, "made")));
		fact(l, of, "driver", node_text(node_find(line, "driver")));
		p += n + 1;
		told++;
	}
	while (words[asked])
		asked++;
	return c->status == 0 && !c->timed_out && !c->cut && told + VOLUME_WORDS == asked;
}

/* What the lists do not tell. */
static bool
ask_more(struct looking *l) {
	static const char format[] = "{\"id\":{{json .ID}},\"version\":{{json .ServerVersion}}}";
	struct arena *mem = l->ctx->mem;
	char *info[] = {arena_strdup(mem, "info"), arena_strdup(mem, "--format"),
		arena_strdup(mem, format), NULL};
	char *const *words[2] = {info, volume_question(l)};
	size_t n = words[1] ? 2 : 1;
	struct capture c[2] = {{.status = -1}, {.status = -1}};
	bool ok = docker_read_all(c, l->view->docker, words, n) && take_engine(l, &c[0]) &&
		  (n == 1 || take_volumes(l, &c[1], words[1]));

	for (size_t i = 0; i < n; i++)
		capture_free(&c[i]);
	if (!ok)
		diag(l->ctx, SEV_ERROR, nowhere, "engine-answer",
			"the engine does not say who it is, or what its volumes are: nothing was "
			"changed");
	return ok;
}

struct node *
world_make(struct ctx *ctx, const struct world_view *view) {
	struct looking l = {
		.ctx = ctx, .view = view, .world = node_new(ctx->mem, NODE_MAP, nowhere)};

	add_files(&l);
	add_all_env_files(&l);
	add_variables(&l);
	if (!view->project)
		return l.world;
	fact(&l, thing(&l, "project", NULL), "name", view->project->name);
	fact(&l, thing(&l, "project", NULL), "folder", view->project->folder);
	add_sources(&l);
	add_objects(&l);
	return ask_more(&l) ? l.world : NULL;
}
