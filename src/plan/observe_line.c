/* observe_line.c - a line of `docker ps`, `network ls` or `volume ls`, in the format that observe.c asks for, as a resource that is there. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* "Exited (3) 2 minutes ago" */
static int64_t
exit_code_of(const char *status) {
	const char *open = strchr(status, '(');
	int64_t code = -1;
	char text[8] = {0};
	size_t n = open ? strcspn(open + 1, ")") : 0;

	if (open && n < sizeof(text)) {
		memcpy(text, open + 1, n);
		if (!str_int(text, 0, 255, &code))
			return -1;
	}
	return code;
}

/* The name among those that `ps` lists: a container that others link to has one of each of theirs, too ("web/db"). */
static const char *
own_name(struct ctx *ctx, const char *names) {
	for (const char *p = names; *p;) {
		size_t n = strcspn(p, ",");
		if (!memchr(p, '/', n))
			return arena_strndup(ctx->mem, p, n);
		p += n + (p[n] == ',');
	}
	return names;
}

const char *
line_name(struct ctx *ctx, const struct node *line) {
	return own_name(ctx, node_text(node_find(line, "name")));
}

void
observe_add(struct ctx *ctx, struct resources *had, enum kind kind, const struct node *n) {
	struct resource *r = arena_make(ctx->mem, struct resource);

	*r = (struct resource){.kind = kind,
		.name = line_name(ctx, n),
		.key = node_text(node_find(n, "key")),
		.id = node_text(node_find(n, "id")),
		.state = node_text(node_find(n, "state")),
		.status = node_text(node_find(n, "status")),
		.ports = node_text(node_find(n, "ports")),
		.networks = node_text(node_find(n, "networks")),
		.mounts = node_text(node_find(n, "mounts")),
		.project = node_text(node_find(n, "project")),
		.had_digest = node_text(node_find(n, "digest")),
		.had_sums = node_text(node_find(n, "keys")),
		.had_number = node_text(node_find(n, "number")),
		.had_key = node_text(node_find(n, "key")),
		.had_image = node_text(node_find(n, "image")),
		.had_needs = node_text(node_find(n, "needs")),
		.had_folder = node_text(node_find(n, "folder")),
		.had_files = node_text(node_find(n, "files")),
		.had_carried = node_text(node_find(n, "carried")),
		.one_off = str_eq(node_text(node_find(n, "oneoff")), "True")};
	r->exit_code = exit_code_of(r->status);
	r->ours = *r->had_digest && str_eq(node_text(node_find(n, "own")), r->project);
	if (!str_int(r->had_number, 1, INT64_MAX, &r->number))
		r->number = 0;
	if (!*r->key)
		r->key = r->name;
	resources_push(ctx, had, r);
}
