/* consist_top.c - what must fit together in the file as a whole: external resources, sources of
 * secrets, names and ports that two services want.
 *
 * Starts at consist_top(). What several services want is gathered into one list, sorted, and
 * neighbours compared. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

#include "spec_int.h"

/* Report a key of an external resource. Compose refuses it for volumes only; what is said of a network
 * changes nothing. */
static void
say_mixed(struct ctx *ctx, const char *section, const char *name, const struct member *m,
	struct pos external) {
	static const char text[] =
		"'%s' is external, so it is made elsewhere and '%s' has no meaning here";

	if (str_eq(section, "volumes"))
		diag(ctx, SEV_ERROR, m->at, "external-mixed", text, name, m->key);
	else if (str_eq(section, "networks"))
		diag(ctx, SEV_WARNING, m->at, "external-mixed", text, name, m->key);
	else
		diag_unfit(ctx, m->at, "external-mixed", text, name, m->key);
	diag_note(ctx, external, "external here");
}

/* An external resource is only used: nothing but its name can be said of it. */
static void
check_external(struct ctx *ctx, const struct node *doc, const char *section) {
	const struct node *all = node_find(doc, section);

	for (size_t i = 0; all && all->type == NODE_MAP && i < all->n; i++) {
		const struct node *one = all->u.member[i].val;
		const struct node *external = node_find(one, "external");

		for (size_t j = 0; external && node_is_true(external) && j < one->n; j++) {
			const struct member *m = &one->u.member[j];

			if (str_eq(m->key, "external") || str_eq(m->key, "name") ||
				str_starts(m->key, "x-"))
				continue;
			say_mixed(ctx, section, all->u.member[i].key, m, external->at);
		}
	}
}

/* A secret or config has one source. */
static void
check_sources(struct ctx *ctx, const struct node *doc, const char *section) {
	static const char *const sources[] = {"file", "environment", "content"};
	const struct node *all = node_find(doc, section);

	for (size_t i = 0; all && all->type == NODE_MAP && i < all->n; i++) {
		const struct node *first = NULL;

		for (size_t j = 0; j < countof(sources); j++) {
			const struct node *one = node_find(all->u.member[i].val, sources[j]);

			if (one && first) {
				diag(ctx, SEV_ERROR, one->at, "two-sources",
					"'%s' has two sources: one of file, environment%s is right",
					all->u.member[i].key,
					str_eq(section, "configs") ? ", content" : "");
				diag_note(ctx, first->at, "the other one is here");
			}
			first = first ? first : one;
		}
	}
}

/* Something that only one service can have. */
struct claim {
	const char *what;
	const struct node *shown; /* the scalar that says so */
	const struct service *service;
	struct pos at;
	size_t order;
};

struct claims {
	struct claim *v;
	size_t n, cap;
};

/* Append one. */
static void
claim(struct ctx *ctx, struct claims *c, const char *what, const struct node *shown,
	const struct service *service, struct pos at) {
	if (c->n == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 16;

		c->v = arena_grow(ctx->mem, c->v, c->cap, cap, sizeof(*c->v));
		c->cap = cap;
	}
	c->v[c->n] = (struct claim){what, shown, service, at, c->n};
	c->n++;
}

/* By what is claimed, then in the order of the file. */
static int
compare_claims(const void *a, const void *b) {
	const struct claim *x = a, *y = b;
	int by_what = strcmp(x->what, y->what);

	if (by_what)
		return by_what;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Report every claim that is equal to the one before: a warning, or what no engine takes. */
static void
compare(struct ctx *ctx, struct claims *c, bool warn, const char *code, const char *wording) {
	static const char text[] = "services '%s' and '%s' both %s '%s'";

	if (c->n > 1)
		qsort(c->v, c->n, sizeof(*c->v), compare_claims);
	for (size_t i = 1; i < c->n; i++) {
		if (!str_eq(c->v[i].what, c->v[i - 1].what))
			continue;
		const char *one = c->v[i - 1].service->name, *two = c->v[i].service->name;
		const char *what = hint_text(ctx, c->v[i].shown, c->v[i].what);
		if (warn)
			diag(ctx, SEV_WARNING, c->v[i].at, code, text, one, two, wording, what);
		else
			diag_unfit(ctx, c->v[i].at, code, text, one, two, wording, what);
		diag_note(ctx, c->v[i - 1].at, "'%s' has it here", c->v[i - 1].service->name);
	}
}

/* Container names. */
static void
check_names(struct ctx *ctx, const struct making *m) {
	struct claims c = {0};

	for (size_t i = 0; i < m->project->nservice; i++) {
		const struct service *s = &m->project->service[i];
		const struct node *name = node_find(s->tree, "container_name");

		if (m->profiled[i] && name)
			claim(ctx, &c, node_text(name), name, s, name->at);
	}
	compare(ctx, &c, false, "same-container-name", "name their container");
}

/* What one service publishes on fixed ports of the host. */
static void
claim_ports(struct ctx *ctx, struct claims *c, const struct service *service) {
	const struct node *ports = node_find(service->tree, "ports");

	for (size_t i = 0; ports && ports->type == NODE_LIST && i < ports->n; i++) {
		const struct node *port = ports->u.item[i];
		const char *published = node_text(node_find(port, "published")),
			   *ip = node_text(node_find(port, "host_ip"));
		const char *protocol = node_text(node_find(port, "protocol"));

		if (!*published || str_eq(published, "0") || strchr(published, '-'))
			continue;
		claim(ctx, c,
			arena_printf(ctx->mem, "%s:%s/%s", *ip ? ip : "0.0.0.0", published,
				*protocol ? protocol : "tcp"),
			node_find(port, "published"), service, port->at);
	}
}

/* Ports of the host. Two services may share one if they never run together, so this only warns. */
static void
check_ports(struct ctx *ctx, const struct making *m) {
	struct claims c = {0};

	for (size_t i = 0; i < m->project->nservice; i++) {
		const struct service *s = &m->project->service[i];

		if (m->profiled[i] && s->scale &&
			!str_eq(node_text(node_find(s->tree, "network_mode")), "host"))
			claim_ports(ctx, &c, s);
	}
	compare(ctx, &c, true, "same-port", "publish");
}

void
consist_top(struct ctx *ctx, const struct making *m) {
	static const char *const sections[] = {"networks", "volumes", "secrets", "configs"};

	for (size_t i = 0; i < countof(sections); i++)
		check_external(ctx, m->in->doc, sections[i]);
	check_sources(ctx, m->in->doc, "secrets");
	check_sources(ctx, m->in->doc, "configs");
	check_names(ctx, m);
	check_ports(ctx, m);
}
