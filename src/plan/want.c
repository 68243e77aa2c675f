/* want.c - from the project to what is wanted: images, networks, volumes, containers, with what each needs.
 * Starts at want_make(). Only what an enabled service uses is wanted; source order decides wherever need does not. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Put something new at the end of the list. */
static struct resource *
add(struct ctx *ctx, struct resources *list, enum kind kind, const char *key, const char *name,
	struct pos at) {
	struct resource *r = arena_make(ctx->mem, struct resource);

	*r = (struct resource){.kind = kind, .key = key, .name = name, .at = at, .state = ""};
	resources_push(ctx, list, r);
	return r;
}

/* The images that a service mounts. */
static void
want_mounted(struct ctx *ctx, const struct project *p, const struct engine *engine,
	struct resources *list, const struct service *s) {
	const struct node *v = node_find(s->tree, "volumes");

	for (size_t i = 0; v && v->type == NODE_LIST && i < v->n; i++)
		if (str_eq(node_text(node_find(v->u.item[i], "type")), "image"))
			want_image(ctx, p, engine, list, mount_image(p, v->u.item[i]),
				project_service(p, node_text(node_find(v->u.item[i], "source"))));
}

/* FLAG VALUE at the end of a command. */
static void
option(struct ctx *ctx, struct words *w, const char *flag, struct word value) {
	words_push(ctx->mem, w, flag, value.at);
	w->v[w->n - 1].starts = true;
	words_push_word(ctx->mem, w, value);
}

/* FLAG and a scalar that is set. */
static void
option_node(struct ctx *ctx, struct words *w, const char *flag, const struct node *n) {
	if (n && *node_text(n))
		option(ctx, w, flag, node_word(n));
}

/* FLAG K=V for each. */
static void
option_pairs(struct ctx *ctx, struct words *w, const char *flag, const struct node *map) {
	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		struct text t = {0};
		struct word v = node_word(map->u.member[i].val);
		text_add(&t, map->u.member[i].key);
		text_add(&t, "=");
		text_add_word(&t, &v);
		option(ctx, w, flag, text_take(ctx->mem, &t, map->u.member[i].at));
	}
}

/* FLAG or FLAG=false, when given. */
static void
option_switch(struct ctx *ctx, struct words *w, const char *flag, const struct node *n) {
	if (!n || n->type == NODE_NULL)
		return;
	words_push(ctx->mem, w, node_is_true(n) ? flag : arena_printf(ctx->mem, "%s=false", flag),
		n->at);
	w->v[w->n - 1].starts = true;
}

/* A switch whose absence and false are the same for the engine. */
static void
option_if(struct ctx *ctx, struct words *w, const char *flag, const struct node *n) {
	if (node_is_true(n))
		option_switch(ctx, w, flag, n);
}

/* One subnet of ipam with what belongs to it. */
static void
subnet(struct ctx *ctx, struct words *w, const struct node *c) {
	option_node(ctx, w, "--subnet", node_find(c, "subnet"));
	option_node(ctx, w, "--gateway", node_find(c, "gateway"));
	option_node(ctx, w, "--ip-range", node_find(c, "ip_range"));
	option_pairs(ctx, w, "--aux-address", node_find(c, "aux_addresses"));
}

/* The words that make a network, up to its name. */
static void
network_words(struct ctx *ctx, struct resource *r, const struct node *n) {
	struct words *w = &r->create;
	const struct node *config = node_at(n, "ipam", "config", NULL);

	words_push(ctx->mem, w, "network", r->at);
	words_push(ctx->mem, w, "create", r->at);
	option_node(ctx, w, "--driver", node_find(n, "driver"));
	option_pairs(ctx, w, "--opt", node_find(n, "driver_opts"));
	option_if(ctx, w, "--attachable", node_find(n, "attachable"));
	option_if(ctx, w, "--internal", node_find(n, "internal"));
	option_switch(ctx, w, "--ipv6", node_find(n, "enable_ipv6"));
	if (!node_is_true(node_find(n,
		    "enable_ipv4"))) /* true is how engines are, and older ones don't know the flag */
		option_switch(ctx, w, "--ipv4", node_find(n, "enable_ipv4"));
	option_node(ctx, w, "--ipam-driver", node_at(n, "ipam", "driver", NULL));
	option_pairs(ctx, w, "--ipam-opt", node_at(n, "ipam", "options", NULL));
	for (size_t i = 0; config && config->type == NODE_LIST && i < config->n; i++)
		subnet(ctx, w, config->u.item[i]);
	option_pairs(ctx, w, "--label", node_find(n, "labels"));
}

/* The words that make a volume, up to its name. */
static void
volume_words(struct ctx *ctx, struct resource *r, const struct node *n) {
	struct words *w = &r->create;

	words_push(ctx->mem, w, "volume", r->at);
	words_push(ctx->mem, w, "create", r->at);
	option_node(ctx, w, "--driver", node_find(n, "driver"));
	option_pairs(ctx, w, "--opt", node_find(n, "driver_opts"));
	option_pairs(ctx, w, "--label", node_find(n, "labels"));
}

/* The network or volume KEY of the file's SECTION, once. */
static void
want_named(struct ctx *ctx, const struct project *p, const struct engine *engine,
	struct resources *list, enum kind kind, const char *key, struct pos used_at) {
	const char *section = kind == KIND_NETWORK ? "networks" : "volumes";
	const struct member *m = node_member(node_find(p->doc, section), key);
	bool external = false;
	const char *name = project_resource_name(ctx, p, section, key, &external);
	struct resource *r;

	if (!name || resources_find(list, kind, name))
		return;
	r = add(ctx, list, kind, key, name, m ? m->at : used_at);
	r->external = external;
	if (external)
		return;
	r->tree = m ? m->val : NULL;
	if (kind == KIND_NETWORK)
		network_words(ctx, r, engine_prune(ctx, engine, "networks.*.", r->tree));
	else
		volume_words(ctx, r, engine_prune(ctx, engine, "volumes.*.", r->tree));
}

/* Mark in SEEN (a map from key to place) the networks or volumes that a service uses. */
static void
mark_used(struct ctx *ctx, struct node *seen, const char *key, struct pos at) {
	if (*key && !node_find(seen, key))
		node_add(ctx->mem, seen, key, at, node_new(ctx->mem, NODE_NULL, at));
}

/* The same for all that one service uses. */
static void
mark_service(struct ctx *ctx, const struct service *s, struct node *nets, struct node *vols) {
	const struct node *n = node_find(s->tree, "networks"), *v = node_find(s->tree, "volumes");

	if ((!n || !n->n) && !node_find(s->tree, "network_mode"))
		mark_used(ctx, nets, "default", s->at);
	for (size_t i = 0; n && n->type == NODE_MAP && i < n->n; i++)
		mark_used(ctx, nets, n->u.member[i].key, n->u.member[i].at);
	for (size_t i = 0; v && v->type == NODE_LIST && i < v->n; i++)
		if (str_eq(node_text(node_find(v->u.item[i], "type")), "volume"))
			mark_used(ctx, vols, node_text(node_find(v->u.item[i], "source")),
				v->u.item[i]->at);
}

/* Declared ones in the order of their declaration; "default" may be undeclared and comes first then. */
static void
want_used(struct ctx *ctx, const struct project *p, const struct engine *engine,
	struct resources *list, enum kind kind, const struct node *used) {
	const struct node *declared =
		node_find(p->doc, kind == KIND_NETWORK ? "networks" : "volumes");
	const struct member *m = node_member(used, "default");

	if (m && kind == KIND_NETWORK && !node_find(declared, "default"))
		want_named(ctx, p, engine, list, kind, "default", m->at);
	for (size_t i = 0; declared && declared->type == NODE_MAP && i < declared->n; i++)
		if ((m = node_member(used, declared->u.member[i].key)))
			want_named(ctx, p, engine, list, kind, m->key, m->at);
}

/* A name is seen by all who may list containers, and stands in every plan: no secret may be in it. */
static void
check_name(struct ctx *ctx, const struct word *name, const char *key) {
	for (size_t i = 0; i < name->nspan; i++) {
		const struct ref *ref = name->span[i].ref;
		if (ref->from == REF_FOLDER || !name->span[i].len || !str_is_secret_name(ref->name))
			continue;
		diag(ctx, SEV_ERROR, name->at, "secret-in-name",
			"'%s' would hold the value of '%s', a secret by its name, and everybody "
			"who lists containers would "
			"read it",
			key, ref->name);
		return;
	}
}

/* The names that networks or volumes of the file give themselves. */
static void
check_names(struct ctx *ctx, const struct node *section) {
	for (size_t i = 0; section && section->type == NODE_MAP && i < section->n; i++) {
		struct word name = node_word(node_find(section->u.member[i].val, "name"));
		check_name(ctx, &name, "name");
	}
}

/* Names of one service. */
static void
check_service(struct ctx *ctx, const struct service *s) {
	struct word name = node_word(node_find(s->tree, "container_name"));

	check_name(ctx, &name, "container_name");
	check_name(ctx, &s->image, "image");
}

/* Images, networks and volumes of all enabled services and of the checks. */
static void
want_shared(struct ctx *ctx, const struct project *p, const struct engine *engine,
	struct resources *list) {
	struct node *nets = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	struct node *vols = node_new(ctx->mem, NODE_MAP, (struct pos){0});

	for (size_t i = 0; i < p->nservice; i++) {
		const struct service *s = &p->service[i];
		project_ahead(p, i);
		if (!s->enabled || s->scale < 1)
			continue;
		check_service(ctx, s);
		list->image_of[s->place] = want_image(ctx, p, engine, list, s->image, s);
		hooks_images(ctx, p, engine, list, s);
		want_mounted(ctx, p, engine, list, s);
		mark_service(ctx, s, nets, vols);
	}
	for (size_t i = 0; i < p->ncheck; i++) {
		if (p->check[i].kind != CHECK_RUN)
			continue;
		check_name(ctx, &p->check[i].image, "image");
		want_image(ctx, p, engine, list, p->check[i].image, NULL);
		if (p->check[i].network)
			mark_used(ctx, nets, p->check[i].network, p->check[i].at);
	}
	want_images_end(ctx, p, engine, list);
	check_names(ctx, node_find(p->doc, "networks"));
	check_names(ctx, node_find(p->doc, "volumes"));
	want_used(ctx, p, engine, list, KIND_NETWORK, nets);
	want_used(ctx, p, engine, list, KIND_VOLUME, vols);
}

struct resources *
want_make(struct ctx *ctx, const struct project *p, const struct engine *engine, bool labels) {
	struct resources *list = arena_make(ctx->mem, struct resources);
	size_t errors = diag_errors(ctx);

	if (!refuse_keys(ctx, p))
		return NULL;
	resources_expect(ctx, list, KIND_IMAGE, p->nservice);
	resources_expect(ctx, list, KIND_CONTAINER, p->nservice);
	list->image_of = arena_array(ctx->mem, p->nservice, sizeof(struct resource *));
	want_shared(ctx, p, engine, list);
	for (size_t i = 0; i < p->nservice; i++) {
		project_ahead(p, i);
		for (int64_t k = 1; p->service[i].enabled && k <= p->service[i].scale; k++)
			want_container(ctx, p, engine, list, &p->service[i], k, labels);
	}
	want_edges(ctx, p, list);
	return diag_errors(ctx) == errors ? list : NULL;
}
