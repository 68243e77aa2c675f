/* crew.c - the containers of one project, for the everyday verbs.
 *
 * Starts at crew_find(). Where only the project's name is given (-p, COMPOSE_PROJECT_NAME) and no file, a spec is used if
 * one is found that made these containers; otherwise their labels say all that is known. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

#include "verbs_int.h"

static const struct pos nowhere = {0};

/* A variable of the environment; NULL when it is empty or not there. */
static const char *
variable(const char *name) {
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

/* The project's name as it was given, if no file was; NULL otherwise. */
static const char *
name_alone(const struct cli *cli) {
	const char *name =
		cli->g->project_name ? cli->g->project_name : variable("COMPOSE_PROJECT_NAME");
	return cli->g->file.n || variable("COMPOSE_FILE") || !name || !*name ? NULL : name;
}

struct ctx *
ctx_quiet(const struct ctx *loud) {
	struct ctx *quiet = arena_make(loud->mem, struct ctx);
	*quiet = (struct ctx){.mem = loud->mem, .diags = diags_new(loud->mem)};
	return quiet;
}

/* Load all of the spec. A name alone will do without one, and then nobody hears why there is none. */
static int
load(struct cli *cli, struct crew *c) {
	struct ctx *loud = cli->ctx;
	size_t noperand = cli->noperand;
	int code = EXIT_DONE;
	cli->noperand = 0;
	if (name_alone(cli)) {
		cli->ctx = ctx_quiet(loud);
		code = stack_load(cli, &c->stack, false);
		cli->ctx = loud;
	}
	c->has_spec = code == EXIT_DONE;
	if (!c->has_spec && !c->stack.loaded.file_missing)
		cli_say(cli,
			"the spec at hand has errors, which '%s' tells: only the labels of the "
			"containers are used",
			cli_again(cli, "config -q", false));
	if (c->has_spec)
		code = stack_load(cli, &c->stack, false);
	else
		code = EXIT_DONE;
	if (!c->has_spec)
		stack_begin(cli, &c->stack);
	cli->noperand = noperand;
	return code;
}

/* Is it a container of the project? */
static bool
is_member(const struct resource *r, const char *project) {
	return r->kind == KIND_CONTAINER && str_eq(r->project, project);
}

/* Were the containers made from another folder's spec? Then the one at hand says nothing of them. */
static bool
is_foreign(const struct cli *cli, const struct crew *c) {
	const struct resources *had = c->stack.had;
	size_t n = 0;
	for (size_t i = 0; i < had->n; i++) {
		if (!is_member(had->v[i], c->stack.project->name))
			continue;
		n++;
		if (str_eq(had->v[i]->had_folder, c->stack.loaded.folder))
			return false;
	}
	return n && name_alone(cli);
}

/* The place of a container in the list: services in their order, then what has none, then those of "run". */
static uint64_t
rank(const struct resource *r) {
	uint64_t place = r->service ? r->service->place : UINT32_MAX - 1;
	return r->one_off ? UINT32_MAX : place;
}

/* The order of the list. */
static int
compare(const void *a, const void *b) {
	const struct resource *x = *(struct resource *const *)a, *y = *(struct resource *const *)b;
	if (rank(x) != rank(y))
		return rank(x) < rank(y) ? -1 : 1;
	if (!str_eq(x->key, y->key))
		return strcmp(x->key, y->key);
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Take the project's containers out of all that there are. */
static void
collect(struct cli *cli, struct crew *c) {
	const struct resources *had = c->stack.had;
	struct project *p = c->stack.project;
	c->v = arena_array(cli->ctx->mem, had->n, sizeof(struct resource *));
	for (size_t i = 0; i < had->n; i++) {
		struct resource *r = had->v[i];
		if (!is_member(r, p->name))
			continue;
		r->service = project_service(p, r->key);
		c->v[c->n++] = r;
	}
	if (c->n)
		qsort(c->v, c->n, sizeof(struct resource *), compare);
}

/* Is there a service or a container of this name? It is diagnosed when not. */
static bool
name_is_known(struct cli *cli, const struct crew *c, const char *name) {
	const struct project *p = c->stack.project;
	if (project_service(p, name))
		return true;
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->v[i]->key, name))
			return true;
	const char **names = arena_array(cli->ctx->mem, p->nservice + 1, sizeof(*names));
	for (size_t i = 0; i < p->nservice; i++)
		names[i] = p->service[i].name;
	const char *near = str_nearest(name, names, p->nservice);
	if (near)
		diag(cli->ctx, SEV_ERROR, nowhere, "no-service",
			"there is no service '%s'; did you mean '%s'?", name, near);
	else if (!c->has_spec && !c->n)
		diag(cli->ctx, SEV_ERROR, nowhere, "no-service",
			"there is no service '%s': the project '%s' has no containers, and no "
			"spec of it is at hand",
			name, p->name);
	else
		diag(cli->ctx, SEV_ERROR, nowhere, "no-service", "there is no service '%s'", name);
	return false;
}

int
crew_find(struct cli *cli, struct crew *c, const char *const *names, size_t n) {
	*c = (struct crew){.only = names, .nonly = n};
	int code = stack_needs_labels(cli, "this verb");
	if (!code)
		code = load(cli, c);
	if (!code)
		code = stack_observe_again(cli, &c->stack);
	if (code)
		return code;
	if (c->has_spec && is_foreign(cli, c)) {
		if (cli->g->verbose)
			cli_say(cli, "the spec at hand is not the one of the project '%s'",
				c->stack.project->name);
		c->has_spec = false;
	}
	if (!c->has_spec)
		c->stack.project = project_had(cli->ctx, name_alone(cli), c->stack.had);
	collect(cli, c);
	bool ok = true;
	for (size_t i = 0; i < n; i++)
		ok = name_is_known(cli, c, names[i]) && ok;
	return ok ? EXIT_DONE : EXIT_USAGE;
}

bool
crew_is_chosen(const struct crew *c, const char *service) {
	for (size_t i = 0; i < c->nonly; i++)
		if (str_eq(c->only[i], service))
			return true;
	return c->nonly == 0;
}

bool
crew_is_up(const struct resource *r) {
	return str_in("running paused restarting", r->state);
}

/* Say that a service has no container that would do. */
static void
complain(struct cli *cli, const char *service, int64_t number, bool any) {
	if (any && !number)
		diag(cli->ctx, SEV_ERROR, nowhere, "not-running",
			"no container of '%s' is running: start it with '%s'", service,
			cli_again(cli, arena_join(cli->ctx->mem, "start ", service, NULL), false));
	else if (any)
		diag(cli->ctx, SEV_ERROR, nowhere, "not-running",
			"'%s' has no container %lld: '%s' lists those that there are", service,
			(long long)number, cli_again(cli, "ps --all", false));
	else
		diag(cli->ctx, SEV_ERROR, nowhere, "not-running",
			"'%s' has no container yet: make it with '%s'", service,
			cli_again(cli, arena_join(cli->ctx->mem, "apply ", service, NULL), false));
}

struct resource *
crew_one(struct cli *cli, const struct crew *c, const char *service, int64_t number, int *code) {
	bool any = false;
	*code = EXIT_DONE;
	for (size_t i = 0; i < c->n; i++) {
		struct resource *r = c->v[i];
		if (!str_eq(r->key, service) || r->one_off)
			continue;
		any = true;
		if (number ? r->number == number : crew_is_up(r))
			return r;
	}
	complain(cli, service, number, any);
	*code = EXIT_STEP;
	return NULL;
}

const char *
crew_label(const struct crew *c, const struct resource *r) {
	const char *project = c->stack.project->name;
	size_t n = strlen(project);
	return str_starts(r->name, project) && r->name[n] == '-' && r->name[n + 1] ? r->name + n + 1
										   : r->name;
}
