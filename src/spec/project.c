/* project.c - the document as services that need one another: from project_make() down, step by
 * step.
 *
 * The steps are here in their order; what they do is in project_needs.c, project_cycle.c,
 * project_env.c, project_labels.c, consist.c, consist_top.c and checks.c. Only services that a profile (or a name)
 * enables are looked at closely, as in Compose. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

enum {
	MAX_SCALE = 1000,
	MAX_HINTS = 60, /* nobody reads the suggestions after so many errors */
};

/* The services of the document, in source order; service I is member I. */
static const struct node *
services_of(const struct project *project) {
	return node_find(project->doc, "services");
}

/* Letters, digits, '.', '_', '-', and neither '.' nor '-' in front (they would read as an option or
 * a hidden name). */
static bool
is_service_name(const char *name) {
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return *name && *name != '-' && *name != '.' && strspn(name, allowed) == strlen(name);
}

/* The number of containers that the command line wants of a service, or NULL. */
static const struct scale_wish *
wish_of(const struct loaded *in, const char *service) {
	for (size_t i = in->nscale; i > 0; i--) /* the last one counts */
		if (str_eq(in->scale[i - 1].service, service))
			return &in->scale[i - 1];
	return NULL;
}

/* How many containers: scale, or deploy.replicas, which may not differ. */
static int64_t
read_scale(struct ctx *ctx, const struct service *service) {
	const struct node *scale = node_find(service->tree, "scale");
	const struct node *replicas = node_at(service->tree, "deploy", "replicas", NULL);
	int64_t n = 1, r = 1;

	if (replicas && node_to_int(replicas, &r))
		n = r;
	if (scale && node_to_int(scale, &n) && replicas && n != r)
		diag(ctx, SEV_ERROR, scale->at, "scale-differs",
			"'scale' and 'deploy.replicas' of '%s' say different numbers",
			service->name);
	if (n < 0 || n > MAX_SCALE) {
		diag(ctx, SEV_ERROR, (scale ? scale : replicas)->at, "bad-scale",
			"a service has from 0 to %d containers", (int)MAX_SCALE);
		n = 1;
	}
	return n;
}

/* Requests for devices: all of them, where neither a number nor the very ones are given. */
static void
fill_requests(struct ctx *ctx, struct node *list) {
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		struct node *one = list->u.item[i];

		if (!node_find(one, "count") && !node_find(one, "device_ids"))
			node_add(ctx->mem, one, "count", one->at, node_int(ctx->mem, -1, one->at));
	}
}

/* Fill in one service from its member. */
static void
read_service(struct ctx *ctx, const struct loaded *in, struct project *project,
	struct service *service, const struct member *m) {
	const struct node *image = node_find(m->val, "image"),
			  *name = node_find(m->val, "container_name");
	const struct scale_wish *wish = wish_of(in, m->key);

	service->name = m->key;
	service->at = m->at;
	service->tree = m->val;
	fill_requests(ctx, node_find(m->val, "gpus"));
	fill_requests(ctx, node_at(m->val, "deploy", "resources", "reservations", "devices", NULL));
	service->has_build = node_find(m->val, "build") != NULL;
	service->env = node_new(ctx->mem, NODE_MAP, m->at);
	if (!is_service_name(m->key))
		diag(ctx, SEV_ERROR, m->at, "bad-service-name",
			"a service's name has letters, digits, '.', '_' and '-', and begins with a "
			"letter, digit or '_', unlike '%s'",
			m->key);
	if (*node_text(image))
		service->image = node_word(image);
	else
		service->image = (struct word){
			.s = arena_printf(ctx->mem, "%s-%s", project->name, m->key), .at = m->at};
	if (name)
		service->container_name = node_text(name);
	service->scale = read_scale(ctx, service);
	if (wish)
		service->scale = wish->n;
}

/* Fill in all services. */
static void
read_services(struct ctx *ctx, const struct loaded *in, struct project *project) {
	const struct node *services = services_of(project);

	project->nservice = services->n;
	project->service = arena_array(ctx->mem, services->n, sizeof(*project->service));
	for (size_t i = 0; i < services->n; i++) {
		project->service[i].place = (uint32_t)i;
		read_service(ctx, in, project, &project->service[i], &services->u.member[i]);
	}
}

/* Is one of the service's profiles in this list? */
static bool
has_profile(const struct service *service, const char *const *list, size_t n) {
	const struct node *own = node_find(service->tree, "profiles");

	if (!own || !own->n)
		return true;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(list[i], "*"))
			return true;
		for (size_t j = 0; j < own->n; j++)
			if (str_eq(list[i], node_text(own->u.item[j])))
				return true;
	}
	return false;
}

/* The active profiles, and those of the services named; *N gets their number. */
static const char *const *
active_profiles(struct ctx *ctx, const struct making *m, const char *const *names, size_t nnames,
	size_t *n) {
	size_t room = m->in->nprofile;
	const char **list;

	for (size_t i = 0; i < nnames; i++) {
		const struct node *own =
			node_at(services_of(m->project), names[i], "profiles", NULL);

		room += own ? own->n : 0;
	}
	list = arena_array(ctx->mem, room, sizeof(*list));
	*n = 0;
	for (size_t i = 0; i < m->in->nprofile; i++)
		list[(*n)++] = m->in->profile[i];
	for (size_t i = 0; i < nnames; i++) {
		const struct node *own =
			node_at(services_of(m->project), names[i], "profiles", NULL);

		for (size_t j = 0; own && j < own->n; j++)
			list[(*n)++] = node_text(own->u.item[j]);
	}
	return list;
}

/* Which services the profiles and names enable. */
static void
mark_profiled(struct ctx *ctx, struct making *m, const char *const *names, size_t nnames) {
	size_t n;
	const char *const *profile = active_profiles(ctx, m, names, nnames, &n);

	for (size_t i = 0; i < m->project->nservice; i++)
		m->profiled[i] = has_profile(&m->project->service[i], profile, n);
}

/* Enable the services named, and unless NO_DEPS what they need; all that profiles enable when none
 * is named. */
static void
select_services(
	struct ctx *ctx, struct making *m, const char *const *names, size_t nnames, bool no_deps) {
	struct project *p = m->project;
	struct service **todo = arena_array(ctx->mem, p->nservice, sizeof(struct service *));
	size_t n = 0;

	for (size_t i = 0; i < p->nservice && !nnames; i++)
		p->service[i].enabled = m->profiled[i];
	for (size_t i = 0; i < nnames; i++) {
		struct service *service = project_service(p, names[i]);

		if (!service) {
			diag(ctx, SEV_ERROR, (struct pos){0}, "unknown-service",
				"there is no service '%s'%s", names[i],
				hint_key(ctx, services_of(p), names[i]));
		} else if (!service->enabled) {
			service->enabled = true;
			todo[n++] = service;
		}
	}
	while (n > 0 && !no_deps) {
		struct service *service = todo[--n];

		for (size_t i = 0; i < service->nneed; i++) {
			if (service->need[i].on->enabled)
				continue;
			service->need[i].on->enabled = true;
			todo[n++] = service->need[i].on;
		}
	}
}

/* What each service that counts says about itself. */
static void
look_closely(struct ctx *ctx, struct making *m) {
	struct project *p = m->project;

	/* all of one service while its memory is near */
	for (size_t i = 0; i < p->nservice; i++) {
		struct service *s = &p->service[i];
		project_ahead(p, i);
		if (s->enabled)
			project_labels(ctx, m, s);
		if (m->profiled[i])
			consist_service(ctx, m, s);
		checks_service(ctx, m, s);
		if (s->enabled && diag_errors(ctx) <= MAX_HINTS)
			project_environment(ctx, m, s);
	}
	consist_top(ctx, m);
	checks_file(ctx, m);
}

/* The engine's name of a declared network or volume. */
static const char *
name_of(struct ctx *ctx, const struct project *project, const struct member *m) {
	const char *name = node_text(node_find(m->val, "name"));

	if (*name)
		return name;
	return node_is_true(node_find(m->val, "external"))
		       ? m->key
		       : arena_join(ctx->mem, project->name, "_", m->key, NULL);
}

/* The sections whose resources have their names made once, in the order of project.resource_name. */
static const char *const named_once[] = {"networks", "volumes"};

/* Make the names of what the file declares, for project_resource_name. */
static void
name_resources(struct ctx *ctx, struct project *p) {
	p->default_network = arena_join(ctx->mem, p->name, "_default", NULL);
	for (size_t k = 0; k < countof(named_once); k++) {
		const struct node *map = node_find(p->doc, named_once[k]);
		if (!map || map->type != NODE_MAP)
			continue;
		p->resource_name[k] = arena_array(ctx->mem, map->n, sizeof(const char *));
		p->nresource_name[k] = map->n;
		for (size_t i = 0; i < map->n; i++)
			p->resource_name[k][i] = name_of(ctx, p, &map->u.member[i]);
	}
}

struct project *
project_make(struct ctx *ctx, const struct loaded *in, const char *const *names, size_t nnames,
	bool no_deps) {
	struct project *p = arena_make(ctx->mem, struct project);
	struct making m = {.in = in, .project = p, .cwd = path_cwd(ctx->mem)};
	size_t errors = diag_errors(ctx);

	*p = (struct project){
		.name = in->name,
		.folder = in->folder,
		.folder_ref = in->folder_ref,
		.file = in->file,
		.nfile = in->nfile,
		.doc = in->doc,
		.env = in->env,
	};
	if (!m.cwd)
		m.cwd = "/";
	read_services(ctx, in, p);
	m.profiled = arena_array(ctx->mem, p->nservice, sizeof(*m.profiled));
	m.needed_by = arena_array(ctx->mem, p->nservice, sizeof(*m.needed_by));
	mark_profiled(ctx, &m, names, nnames);
	name_resources(ctx, p);
	project_needs(ctx, &m);
	project_cycles(ctx, &m);
	select_services(ctx, &m, names, nnames, no_deps);
	look_closely(ctx, &m);
	return diag_errors(ctx) > errors ? NULL : p;
}

void
project_ahead(const struct project *project, size_t i) {
	enum { NEAR = 4, FAR = 8, USUAL_MEMBERS = 8 };

	if (i + FAR >= project->nservice)
		return;
	const struct node *near = project->service[i + NEAR].tree;
	memory_ahead(project->service[i + FAR].tree, sizeof(*near));
	memory_ahead(near->u.member, USUAL_MEMBERS * sizeof(*near->u.member));
}

struct service *
project_service(const struct project *project, const char *name) {
	const struct node *services = services_of(project);
	const struct member *m = node_member(services, name);

	return m ? &project->service[m - services->u.member] : NULL;
}

const char *
project_container(struct ctx *ctx, const struct project *project, const struct service *service,
	int64_t number) {
	if (service->container_name)
		return service->container_name;
	if (number == 1)
		return arena_join(ctx->mem, project->name, "-", service->name, "-1", NULL);
	return arena_printf(
		ctx->mem, "%s-%s-%lld", project->name, service->name, (long long)number);
}

const char *
project_resource_name(struct ctx *ctx, const struct project *project, const char *section,
	const char *key, bool *external) {
	const struct node *map = node_find(project->doc, section);
	const struct member *m = node_member(map, key);
	size_t place;

	*external = m && node_is_true(node_find(m->val, "external"));
	if (!m && (!str_eq(key, "default") || !str_eq(section, "networks")))
		return NULL;
	if (!m)
		return project->default_network
			       ? project->default_network
			       : arena_join(ctx->mem, project->name, "_", key, NULL);
	place = (size_t)(m - map->u.member);
	for (size_t k = 0; k < countof(named_once); k++)
		if (str_eq(section, named_once[k]) && place < project->nresource_name[k])
			return project->resource_name[k][place];
	return name_of(ctx, project, m);
}
