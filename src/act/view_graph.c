/* view_graph.c - the stack as a picture: services, networks, volumes, published ports, and the lines between them.
 *
 *   nodes  [{id, label, is_service, is_network, is_volume, is_port}]
 *   edges  [{from, to, label, has_label}] */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>

struct picture {
	struct ctx *ctx;
	const struct project *project;
	struct node *nodes, *edges;
	struct node *seen; /* names of nodes */
};

/* The identifier of a thing: a letter for its kind and its number; made when it is first asked for. */
static const char *
node_id(struct picture *p, char kind, const char *name, const char *label) {
	const char *key = arena_printf(p->ctx->mem, "%c/%s", kind, name), *id;
	struct node *n = node_find(p->seen, key);

	if (n)
		return node_text(n);
	id = arena_printf(p->ctx->mem, "%c%u", kind, p->nodes->n + 1);
	put(p->ctx, p->seen, key, id);
	n = new_map(p->ctx);
	put(p->ctx, n, "id", id);
	put(p->ctx, n, "label", one_line(p->ctx, label));
	put_bool(p->ctx, n, "is_service", kind == 's');
	put_bool(p->ctx, n, "is_network", kind == 'n');
	put_bool(p->ctx, n, "is_volume", kind == 'v');
	put_bool(p->ctx, n, "is_port", kind == 'p');
	node_append(p->ctx->mem, p->nodes, n);
	return id;
}

/* A line between two nodes. */
static void
edge(struct picture *p, const char *from, const char *to, const char *label) {
	struct node *n = new_map(p->ctx);

	put(p->ctx, n, "from", from);
	put(p->ctx, n, "to", to);
	put(p->ctx, n, "label", one_line(p->ctx, label));
	put_bool(p->ctx, n, "has_label", *label != '\0');
	node_append(p->ctx->mem, p->edges, n);
}

/* The node of a service, with its image. */
static const char *
service_id(struct picture *p, const struct service *s) {
	return node_id(p, 's', s->name,
		arena_printf(p->ctx->mem, "%s\n%s", s->name, masked(p->ctx, &s->image)));
}

/* Ports of the host that lead to the service. */
static void
draw_ports(struct picture *p, const struct service *s) {
	const struct node *ports = node_find(s->tree, "ports");

	for (size_t i = 0; ports && ports->type == NODE_LIST && i < ports->n; i++) {
		struct word published = node_word(node_find(ports->u.item[i], "published"));
		struct word target = node_word(node_find(ports->u.item[i], "target"));
		const char *shown = masked(p->ctx, &published);
		if (*published.s)
			edge(p, node_id(p, 'p', shown, arena_printf(p->ctx->mem, "port %s", shown)),
				service_id(p, s), masked(p->ctx, &target));
	}
}

/* Named volumes. */
static void
draw_mounts(struct picture *p, const struct service *s) {
	const struct node *list = node_find(s->tree, "volumes");

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *m = list->u.item[i];
		const char *source = node_text(node_find(m, "source"));
		struct word target = node_word(node_find(m, "target"));
		if (str_eq(node_text(node_find(m, "type")), "volume") && *source)
			edge(p, service_id(p, s), node_id(p, 'v', source, source),
				masked(p->ctx, &target));
	}
}

/* Networks, the default one too. */
static void
draw_networks(struct picture *p, const struct service *s) {
	const struct node *map = node_find(s->tree, "networks");

	if (node_find(s->tree, "network_mode"))
		return;
	if (!map || !map->n)
		edge(p, service_id(p, s), node_id(p, 'n', "default", "default"), "");
	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const char *key = map->u.member[i].key;
		edge(p, service_id(p, s), node_id(p, 'n', key, key), "");
	}
}

/* What it waits for. */
static void
draw_needs(struct picture *p, const struct service *s) {
	static const char *const words[] = {
		[UNTIL_STARTED] = "after it is started",
		[UNTIL_HEALTHY] = "when it is healthy",
		[UNTIL_COMPLETED] = "when it has ended well",
	};

	for (size_t i = 0; i < s->nneed; i++)
		if (s->need[i].on->enabled)
			edge(p, service_id(p, s), service_id(p, s->need[i].on),
				words[s->need[i].until]);
}

struct node *
view_graph(struct ctx *ctx, const struct plan *plan) {
	struct picture p = {ctx, plan->project, new_list(ctx), new_list(ctx), new_map(ctx)};
	struct node *g = new_map(ctx);

	for (size_t i = 0; i < plan->project->nservice; i++) {
		const struct service *s = &plan->project->service[i];
		if (!s->enabled || s->scale < 1)
			continue;
		service_id(&p, s);
		draw_ports(&p, s);
		draw_needs(&p, s);
		draw_networks(&p, s);
		draw_mounts(&p, s);
	}
	put_node(ctx, g, "nodes", p.nodes);
	put_node(ctx, g, "edges", p.edges);
	return g;
}
