/* observe_image.c - which of the wanted images a line of `docker image inspect` answers for: by tag, by digest, or by ID,
 * however many are wanted. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The wanted images, to be found by what an engine calls them. */
struct wanted_images {
	const struct resources *want;
	struct node *by_name;   /* listed name, NAME@DIGEST, ID: list of positions in want */
	struct node *short_ids; /* positions of those that may be the beginning of an ID */
};

/* The ':' of a tag in a reference whose digest begins at AT, or NULL. */
static const char *
tag_colon(const char *name, const char *at) {
	const char *found = NULL;

	for (const char *p = name; p < at; p++)
		found = *p == ':' ? p : *p == '/' ? NULL : found;
	return found;
}

/* The reference as the engine lists it: without the default registry, with a tag. */
static const char *
listed_name(struct ctx *ctx, const char *image) {
	const char *last, *name = image;

	if (str_starts(name, "docker.io/"))
		name += strlen("docker.io/");
	if (str_starts(name, "library/"))
		name += strlen("library/");
	last = strrchr(name, '/');
	if (strchr(name, '@') || strchr(last ? last : name, ':'))
		return name;
	return arena_printf(ctx->mem, "%s:latest", name);
}

/* Put a wanted image under one of its names. */
static void
add_name(struct ctx *ctx, struct wanted_images *w, const char *name, size_t i) {
	struct node *list = node_find(w->by_name, name);

	if (!list) {
		list = node_new(ctx->mem, NODE_LIST, (struct pos){0});
		node_add(ctx->mem, w->by_name, name, (struct pos){0}, list);
	}
	node_append(ctx->mem, list, node_int(ctx->mem, (int64_t)i, (struct pos){0}));
}

/* By digest where there is one (a tag beside it says nothing), else by tag, and by ID. */
static void
index_image(struct ctx *ctx, struct wanted_images *w, const char *image, size_t i) {
	const char *name = listed_name(ctx, image), *at = strchr(name, '@');
	const char *colon = at ? tag_colon(name, at) : NULL;
	size_t len = strlen(image);

	if (at) {
		add_name(ctx, w,
			arena_printf(
				ctx->mem, "%.*s%s", (int)((colon ? colon : at) - name), name, at),
			i);
		return;
	}
	add_name(ctx, w, name, i);
	if (!str_eq(name, image))
		add_name(ctx, w, image, i);
	if (len >= 12 && strspn(image, "0123456789abcdef") == len)
		node_append(
			ctx->mem, w->short_ids, node_int(ctx->mem, (int64_t)i, (struct pos){0}));
}

struct wanted_images *
wanted_images(struct ctx *ctx, const struct resources *want) {
	struct wanted_images *w = arena_make(ctx->mem, struct wanted_images);

	*w = (struct wanted_images){.want = want,
		.by_name = node_new(ctx->mem, NODE_MAP, (struct pos){0}),
		.short_ids = node_new(ctx->mem, NODE_LIST, (struct pos){0})};
	for (size_t i = 0; i < want->n; i++)
		if (want->v[i]->kind == KIND_IMAGE)
			index_image(ctx, w, want->v[i]->name, i);
	return w;
}

/* Take a number of N digits, and the character AFTER behind it, if that is not NUL; false when it is not there. */
static bool
take_number(const char **p, size_t n, char after, int *out) {
	*out = 0;
	for (size_t i = 0; i < n; i++, ++*p) {
		if (**p < '0' || **p > '9')
			return false;
		*out = 10 * *out + (**p - '0');
	}
	if (after && *(*p)++ != after)
		return false;
	return true;
}

/* A time such as "2026-11-24T16:45:03.1+01:00" in seconds of UTC; 0 for what is none, or before 1970: never. */
static int64_t
time_s(const char *text) {
	struct tm tm = {0};
	int hours, minutes;
	const char *p = text;
	int64_t at;

	if (!take_number(&p, 4, '-', &tm.tm_year) || !take_number(&p, 2, '-', &tm.tm_mon) ||
		!take_number(&p, 2, 'T', &tm.tm_mday) || !take_number(&p, 2, ':', &tm.tm_hour) ||
		!take_number(&p, 2, ':', &tm.tm_min) || !take_number(&p, 2, '\0', &tm.tm_sec))
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	p += *p == '.' ? 1 + strspn(p + 1, "0123456789") : 0;
	at = timegm(&tm);
	if (*p == '+' || *p == '-') {
		const char *zone = p + 1;
		if (take_number(&zone, 2, ':', &hours) && take_number(&zone, 2, '\0', &minutes))
			at += (*p == '+' ? -1 : 1) *
			      ((int64_t)hours * 3600 + (int64_t)minutes * 60);
	}
	return at > 0 ? at : 0;
}

/* What the engine says of one image. */
struct told {
	const char *id;
	int64_t tagged_s;
};

/* The wanted images at these positions are there, under the engine's ID; each is noted once. */
static void
add_found(struct ctx *ctx, struct resources *had, const struct wanted_images *w,
	const struct node *list, const struct told *told) {
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		int64_t k;
		const char *name;
		struct resource *r;
		if (!node_to_int(list->u.item[i], &k))
			continue;
		name = w->want->v[k]->name;
		if (resources_find(had, KIND_IMAGE, name))
			continue;
		r = arena_make(ctx->mem, struct resource);
		*r = (struct resource){.kind = KIND_IMAGE,
			.name = name,
			.key = name,
			.id = told->id,
			.tagged_s = told->tagged_s,
			.state = "",
			.project = "",
			.had_digest = "",
			.had_sums = ""};
		resources_push(ctx, had, r);
	}
}

void
wanted_images_add(struct ctx *ctx, struct resources *had, const struct wanted_images *w,
	const struct node *n) {
	static const char *const names[] = {"tags", "digests"};
	const char *id = node_text(node_find(n, "id"));
	const struct told told = {id, time_s(node_text(node_find(n, "tagged")))};

	for (size_t i = 0; i < countof(names); i++) {
		const struct node *list = node_find(n, names[i]);
		for (size_t k = 0; list && list->type == NODE_LIST && k < list->n; k++)
			add_found(ctx, had, w, node_find(w->by_name, node_text(list->u.item[k])),
				&told);
	}
	add_found(ctx, had, w, node_find(w->by_name, id), &told);
	for (size_t i = 0; i < w->short_ids->n; i++) {
		struct node one = {.type = NODE_LIST, .n = 1, .u.item = &w->short_ids->u.item[i]};
		int64_t k;
		if (node_to_int(w->short_ids->u.item[i], &k) && str_starts(id, "sha256:") &&
			str_starts(id + 7, w->want->v[k]->name))
			add_found(ctx, had, w, &one, &told);
	}
}
