/* want_container.c - one wanted container: its words, its digest, and what must be ready before it. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* A letter or digit of ASCII, whatever the locale. */
static bool
is_alnum(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* An output reference for something of an image, named so that a shell variable may have the name: "mysql_5_7_id". Two never
 * share one: NAMES has those that are taken. */
static struct ref *
image_ref(struct ctx *ctx, struct node *names, const struct resource *image, const char *of) {
	struct buf b = {0};
	const char *name;
	struct ref *ref;

	if (image->name[0] >= '0' && image->name[0] <= '9')
		buf_addc(&b, '_');
	buf_adds(&b, image->name);
	for (char *c = b.s; *c; c++)
		if (!is_alnum(*c))
			*c = '_';
	name = arena_join(ctx->mem, buf_str(&b), "_", of, NULL);
	for (size_t i = names->n + 1; node_member(names, name); i++)
		name = arena_printf(ctx->mem, "%s_%zu_%s", buf_str(&b), i, of);
	buf_free(&b);
	node_add(ctx->mem, names, name, image->at, NULL);
	ref = arena_make(ctx->mem, struct ref);
	*ref = (struct ref){.from = REF_OUTPUT, .name = name};
	return ref;
}

/* The variables that hold the IDs of images. */
static struct node *
image_names(struct ctx *ctx, struct resources *list) {
	const struct node *images = list->by_name[KIND_IMAGE].names;

	if (!list->names)
		list->names =
			node_new_for(ctx->mem, NODE_MAP, (struct pos){0}, images ? images->n : 0);
	return list->names;
}

/* The reference of an image's ID. */
static const struct ref *
image_id(struct ctx *ctx, struct resources *list, struct resource *image) {
	if (!image->image_id)
		image->image_id = image_ref(ctx, image_names(ctx, list), image, "id");
	return image->image_id;
}

/* Push the words of a list from one on. */
static void
push_list(struct ctx *ctx, struct words *out, const struct node *list, size_t from) {
	for (size_t i = from; list && list->type == NODE_LIST && i < list->n; i++)
		words_push_word(ctx->mem, out, node_word(list->u.item[i]));
}

/* `--entrypoint` takes one word; the others come before the command. */
static void
emit_entrypoint(struct emit *e, const struct service *s) {
	const struct node *entry = node_find(s->tree, "entrypoint");

	if (entry && entry->type == NODE_LIST) {
		struct word first = entry->n ? node_word(entry->u.item[0])
					     : (struct word){.s = "", .at = entry->at};
		emit_option(e, "--entrypoint", first);
	}
}

/* Is the image's entrypoint taken away, and its command not? The flag that does the one does the other, too, so that the command
 * must be repeated. */
static bool
repeats_command(const struct service *s) {
	const struct node *entry = node_find(s->tree, "entrypoint");
	const struct node *command = node_find(s->tree, "command");

	return entry && entry->type == NODE_LIST && !entry->n &&
	       !(command && command->type == NODE_LIST && command->n);
}

/* The image's own command, known once a step has read it. */
static void
push_image_command(struct emit *e, struct resources *list, struct words *w) {
	struct resource *image = e->res->image;
	struct text t = {0};

	if (!image)
		return;
	if (!image->image_command) {
		struct ref *ref = image_ref(e->ctx, image_names(e->ctx, list), image, "command");
		ref->many = true;
		image->image_command = ref;
	}
	text_add_ref(&t, "", image->image_command);
	words_push_word(e->ctx->mem, w, text_take(e->ctx->mem, &t, e->service->at));
}

/* The words before the options: `docker run -d --name NAME`. */
static void
push_head(struct emit *e) {
	struct resource *r = e->res;
	const char *const head[] = {e->engine->program, "run", "-d", "--name", r->name};

	for (size_t i = 0; i < countof(head); i++)
		words_push(e->ctx->mem, &r->create, head[i], r->at);
}

/* A copy that takes no more room than it needs. */
static struct words
trimmed(struct ctx *ctx, const struct words *w) {
	struct words copy = words_with_room(ctx->mem, w->n);

	words_push_all(ctx->mem, &copy, w);
	return copy;
}

/* The whole command; what it is made of are parts of it. It grows in the scratch of the list, which is used for all of them. */
static void
emit_command(struct emit *e, const struct service *s, struct resources *list) {
	struct resource *r = e->res;
	struct words *w = &r->create;
	size_t head, tail;

	*w = list->scratch;
	w->n = 0;
	push_head(e);
	head = w->n;
	if (s->one_off.is_removed)
		emit_flag(e, "--rm", s->at);
	emit_service(e);
	emit_entrypoint(e, s);
	tail = w->n;
	words_push_word(e->ctx->mem, w, s->image);
	w->v[tail].starts = true;
	push_list(e->ctx, w, node_find(s->tree, "entrypoint"), 1);
	push_list(e->ctx, w, node_find(s->tree, "command"), 0);
	if (repeats_command(s))
		push_image_command(e, list, w);
	list->scratch = *w;
	r->command = trimmed(e->ctx, w);
	r->plain = words_are_plain(&r->command);
	r->tail = words_part(&r->command, tail, r->command.n);
	r->create = words_part(&r->command, head, tail);
}

/* Nothing is added for what is not wanted. */
void
resource_edge(struct ctx *ctx, struct resource *r, struct edge edge) {
	if (!edge.to)
		return;
	if (r->nedge == r->cap_edge) {
		uint32_t cap = r->cap_edge ? 2 * r->cap_edge : 4;
		r->edge = arena_grow(ctx->mem, r->edge, r->nedge, cap, sizeof(*r->edge));
		r->cap_edge = cap;
	}
	r->edge[r->nedge++] = edge;
}

/* Edges to the images that pre_start hooks have of their own. */
static void
edges_hooks(struct ctx *ctx, const struct resources *list, struct resource *r) {
	const struct node *hooks = node_find(r->service->tree, "pre_start");

	for (size_t i = 0; hooks && hooks->type == NODE_LIST && i < hooks->n; i++) {
		const struct node *image = node_find(hooks->u.item[i], "image");
		if (image && *node_text(image))
			resource_edge(ctx, r,
				(struct edge){
					.to = resources_find(list, KIND_IMAGE, node_text(image)),
					.at = image->at,
					.required = true});
	}
}

/* Edges to the networks and volumes that the service names. */
static void
edges_named(struct ctx *ctx, const struct project *p, const struct resources *list,
	struct resource *r, enum kind kind, const char *key, struct pos at) {
	bool external;
	const char *name = project_resource_name(
		ctx, p, kind == KIND_NETWORK ? "networks" : "volumes", key, &external);

	if (name)
		resource_edge(ctx, r,
			(struct edge){.to = resources_find(list, kind, name),
				.at = at,
				.required = true});
}

/* Edges to all the networks, volumes and images that the service uses. */
static void
edges_used(struct ctx *ctx, const struct project *p, const struct resources *list,
	struct resource *r) {
	const struct node *nets = node_find(r->service->tree, "networks");
	const struct node *vols = node_find(r->service->tree, "volumes");

	if ((!nets || !nets->n) && !node_find(r->service->tree, "network_mode"))
		edges_named(ctx, p, list, r, KIND_NETWORK, "default", r->at);
	for (size_t i = 0; nets && nets->type == NODE_MAP && i < nets->n; i++)
		edges_named(
			ctx, p, list, r, KIND_NETWORK, nets->u.member[i].key, nets->u.member[i].at);
	for (size_t i = 0; vols && vols->type == NODE_LIST && i < vols->n; i++) {
		const struct node *v = vols->u.item[i];
		const char *type = node_text(node_find(v, "type"));
		if (str_eq(type, "image"))
			resource_edge(ctx, r,
				(struct edge){
					.to = resources_find(list, KIND_IMAGE, mount_image(p, v).s),
					.at = v->at,
					.required = true});
		if (str_eq(type, "volume"))
			edges_named(ctx, p, list, r, KIND_VOLUME, node_text(node_find(v, "source")),
				v->at);
	}
}

void
want_container(struct ctx *ctx, const struct project *p, const struct engine *engine,
	struct resources *list, const struct service *s, int64_t number, bool labels) {
	struct resource *r = arena_make(ctx->mem, struct resource);
	struct emit e = {.ctx = ctx, .project = p, .engine = engine, .service = s, .res = r};

	*r = (struct resource){.kind = KIND_CONTAINER,
		.key = s->name,
		.name = project_container(ctx, p, s, number),
		.number = number,
		.service = s,
		.at = s->at,
		.state = ""};
	r->image = list->image_of[s->place];
	if (labels && r->image)
		r->image_id = image_id(ctx, list, r->image);
	emit_command(&e, s, list);
	resource_edge(ctx, r,
		(struct edge){
			.to = r->image, .until = READY_MADE, .at = s->image.at, .required = true});
	edges_hooks(ctx, list, r);
	edges_used(ctx, p, list, r);
	resources_push(ctx, list, r);
}

/* Edges to every container of the services that this one needs. */
static void
edges_needs(struct ctx *ctx, struct resource *const *first, struct resource *r) {
	static const enum ready ready[] = {
		[UNTIL_STARTED] = READY_STARTED,
		[UNTIL_HEALTHY] = READY_HEALTHY,
		[UNTIL_COMPLETED] = READY_COMPLETED,
	};

	for (size_t i = 0; i < r->service->nneed; i++) {
		const struct need *n = &r->service->need[i];
		struct resource *const *to = first + n->on->mark;
		for (int64_t k = 0; n->on->enabled && k < n->on->scale; k++)
			resource_edge(ctx, r,
				(struct edge){.to = to[k],
					.until = ready[n->until],
					.at = n->at,
					.required = n->required});
	}
}

void
want_edges(struct ctx *ctx, const struct project *p, const struct resources *list) {
	struct resource **first = NULL;

	for (size_t i = 0; i < list->n; i++) {
		struct resource *r = list->v[i];
		if (r->kind != KIND_CONTAINER)
			continue;
		if (!first)
			first = list->v + i;
		if (r->number == 1)
			p->service[r->service - p->service].mark = (uint32_t)(list->v + i - first);
	}
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i]->kind == KIND_CONTAINER)
			edges_needs(ctx, first, list->v[i]);
}
