/* sources.c - what the services need of this machine's disk and is not there: sources of bind mounts,
 * folders of builds, files of secrets and configs.
 *
 * Starts at project_sources(). Only looks, and only warns where things can still go right: docker
 * makes a folder of most missing sources, which is seldom what was meant. */
#include <errno.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>
#include <unistd.h>

#include "spec_int.h"

/* So many folders that will be made are named one by one. */
enum { MAX_NAMED = 5 };

/* One look over the project. */
struct look {
	struct ctx *ctx;
	const struct project *project;
	const struct source_rules *rules;
	const char *cwd;
	struct node *told; /* what was reported, each once: a word for it, and the path */
	struct node *made; /* paths that docker will make folders of */
	const char *gone;  /* the last folder that was found missing; NULL: none yet */
	size_t ngone;      /* its length */
	size_t nmade;      /* of them: folders that docker will make */
	struct pos more;   /* the first one of these that is not named */
	bool good;
};

/* Does the system know of nothing there? */
static bool
is_nothing(const char *path) {
	return access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* Is there surely nothing? Nothing is in a folder that is not there: of many things in one the disk is asked once. */
static bool
is_missing(struct look *l, const char *path) {
	const char *slash = path[0] == '/' ? strrchr(path, '/') : NULL;
	size_t n = slash ? (size_t)(slash - path) : 0;

	if (!slash)
		return false;
	if (n && n == l->ngone && memcmp(path, l->gone, n) == 0)
		return true;
	if (!is_nothing(path))
		return false;
	const char *folder = arena_strndup(l->ctx->mem, path, n);
	if (n && is_nothing(folder)) {
		l->gone = folder;
		l->ngone = n;
	}
	return true;
}

/* Is the text new to the list? It is in it then. */
static bool
is_new(struct look *l, struct node **list, const char *text) {
	if (!*list)
		*list = node_new(l->ctx->mem, NODE_MAP, (struct pos){0});
	if (node_member(*list, text))
		return false;
	node_add(l->ctx->mem, *list, text, (struct pos){0}, NULL);
	return true;
}

/* Was this said of the path before? */
static bool
was_told(struct look *l, const char *what, const char *path) {
	return !is_new(l, &l->told, arena_join(l->ctx->mem, what, path, NULL));
}

/* The path as the user would write it. */
static const char *
shown(const struct look *l, const struct node *path) {
	return hint_text(
		l->ctx, path, path_shown(l->ctx, l->cwd, l->project->folder, node_text(path)));
}

/* Warn of something other than a mount. */
static void
say_missing(struct look *l, const struct node *path, const char *what, const char *name) {
	if (!is_missing(l, node_text(path)) || was_told(l, what, node_text(path)))
		return;
	diag(l->ctx, SEV_WARNING, path->at, "source-missing", "the %s '%s' is not there: '%s'",
		what, name, shown(l, path));
}

/* Report a source that docker makes a folder of. */
static void
say_made(struct look *l, const struct node *source) {
	if (!is_new(l, &l->made, node_text(source)))
		return;
	if (l->nmade++ < MAX_NAMED)
		diag(l->ctx, SEV_WARNING, source->at, "bind-missing",
			"'%s' is not there: docker will make an empty folder of it; if a file is "
			"meant, make it first",
			shown(l, source));
	else if (l->nmade == MAX_NAMED + 1)
		l->more = source->at;
}

/* Report a source that must be there. */
static void
say_needed(struct look *l, const struct node *source, bool may_be_made) {
	if (was_told(l, "needed ", node_text(source)))
		return;
	diag(l->ctx, l->rules->strict ? SEV_ERROR : SEV_WARNING, source->at, "bind-missing",
		may_be_made
			? "'%s' is not there, and docker makes no folder for a mount like this "
			  "one: make it first"
			: "'%s' is not there, and 'create_host_path: false' says that it must be: "
			  "make it first",
		shown(l, source));
	l->good = l->good && !l->rules->strict;
}

/* Does the path name the engine's own socket? It is there where the engine is. */
static bool
is_socket(const char *path) {
	return str_eq(path, "/var/run/docker.sock") || str_eq(path, "/run/docker.sock");
}

/* One mount. Docker makes a folder for "-v" alone (emit_mounts.c). */
static void
look_mount(struct look *l, const struct node *mount) {
	if (!str_eq(node_text(node_find(mount, "type")), "bind"))
		return;
	const struct node *source = node_find(mount, "source"), *bind = node_find(mount, "bind");
	const struct node *create = node_find(bind, "create_host_path");
	const char *path = node_text(source);
	bool may_be_made = !create || node_is_true(create);

	if (!is_missing(l, path) || is_socket(path))
		return;
	if (may_be_made && !node_find(bind, "recursive") && !strchr(path, ':'))
		say_made(l, source);
	else
		say_needed(l, source, may_be_made);
}

/* The files of the secrets or configs in a list of grants. */
static void
look_grants(struct look *l, const struct node *list, const char *section, const char *what) {
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const char *name = node_text(node_find(list->u.item[i], "source"));
		const struct node *file = node_at(l->project->doc, section, name, "file", NULL);

		if (file)
			say_missing(l, file, what, name);
	}
}

/* The Dockerfile, when its folder is there. */
static void
look_dockerfile(struct look *l, const struct service *service, const struct node *build,
	const struct node *context) {
	const struct node *file = node_find(build, "dockerfile");
	const char *name = *node_text(file) ? node_text(file) : "Dockerfile";
	struct arena *mem = l->ctx->mem;

	if (node_find(build, "dockerfile_inline") || !path_is_folder(node_text(context)) ||
		!is_missing(l, path_resolve(mem, node_text(context), name, NULL)) ||
		(!file &&
			!is_missing(l, path_resolve(mem, node_text(context), "dockerfile", NULL))))
		return;
	diag(l->ctx, SEV_WARNING, file ? file->at : context->at, "source-missing",
		"the build of '%s' has no '%s' in its folder '%s'", service->name,
		hint_text(l->ctx, file, name), shown(l, context));
}

/* What a build reads. */
static void
look_build(struct look *l, const struct service *service) {
	const struct node *build = node_find(service->tree, "build");
	const struct node *context = node_find(build, "context");
	const struct node *more = node_find(build, "additional_contexts");

	if (context && *node_text(context) == '/') {
		say_missing(l, context, "folder to build", service->name);
		look_dockerfile(l, service, build, context);
	}
	for (size_t i = 0; more && more->type == NODE_MAP && i < more->n; i++)
		say_missing(l, more->u.member[i].val, "build context", more->u.member[i].key);
	look_grants(l, node_find(build, "secrets"), "secrets", "file of the secret");
}

/* All that one service needs. */
static void
look_service(struct look *l, const struct service *service) {
	const struct node *mounts = node_find(service->tree, "volumes");

	for (size_t i = 0; !l->rules->engine_elsewhere && mounts && i < mounts->n; i++)
		look_mount(l, mounts->u.item[i]);
	if (service->has_build)
		look_build(l, service);
	look_grants(l, node_find(service->tree, "secrets"), "secrets", "file of the secret");
	look_grants(l, node_find(service->tree, "configs"), "configs", "file of the config");
}

bool
project_sources(struct ctx *ctx, const struct project *p, const struct source_rules *rules) {
	struct look l = {.ctx = ctx, .project = p, .rules = rules, .good = true};

	l.cwd = path_cwd(ctx->mem);
	l.cwd = l.cwd ? l.cwd : "/";
	for (size_t i = 0; i < p->nservice; i++) {
		project_ahead(p, i);
		if (p->service[i].enabled && p->service[i].scale &&
			(!rules->only || rules->only[p->service[i].place]))
			look_service(&l, &p->service[i]);
	}
	if (l.nmade > MAX_NAMED)
		diag(ctx, SEV_WARNING, l.more, "bind-missing",
			l.nmade == MAX_NAMED + 1
				? "%zu further source of mounts is not there either"
				: "%zu further sources of mounts, this one and others, are not "
				  "there either",
			l.nmade - MAX_NAMED);
	return l.good;
}
