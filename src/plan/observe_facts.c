/* observe_facts.c - what `docker container inspect` says of containers: their image, networks, mounts and limits, which no list
 * tells. Those with wanted names are asked about together with the lists; what turns out to be ours under another name is asked about
 * once more. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

/* The question for N things of a kind; the caller appends them. */
static char **
begin(struct ctx *ctx, enum kind kind, size_t n, size_t *first) {
	const char *const words[] = {kind_name(kind), "inspect", "--format", "{{json .}}"};
	char **argv = arena_array(ctx->mem, n + countof(words) + 1, sizeof(char *));

	for (size_t i = 0; i < countof(words); i++)
		argv[i] = arena_strdup(ctx->mem, words[i]);
	*first = countof(words);
	return argv;
}

char *const *
facts_question(struct ctx *ctx, const struct resources *want) {
	size_t first, n;
	char **argv = begin(ctx, KIND_CONTAINER, want->n, &first);

	n = first;
	for (size_t i = 0; i < want->n; i++)
		if (want->v[i]->kind == KIND_CONTAINER)
			argv[n++] = arena_strdup(ctx->mem, want->v[i]->name);
	return n > first ? argv : NULL;
}

/* Is it one that the spec may want, of which nothing is known but what the list says? */
static bool
is_unknown(const struct project *p, const struct resource *r) {
	const struct service *s;

	if (r->kind != KIND_CONTAINER || r->facts || r->one_off || !str_eq(r->project, p->name))
		return false;
	s = project_service(p, r->had_key);
	return s && s->enabled;
}

char *const *
facts_rest(struct ctx *ctx, const struct project *p, const struct resources *had) {
	size_t first, n;
	char **argv = begin(ctx, KIND_CONTAINER, had->n, &first);

	n = first;
	for (size_t i = 0; i < had->n; i++)
		if (is_unknown(p, had->v[i]))
			argv[n++] = arena_strdup(ctx->mem, had->v[i]->id);
	return n > first ? argv : NULL;
}

char *const *
facts_differing(struct ctx *ctx, const struct project *p, const struct resources *want,
	const struct resources *had, enum kind kind) {
	size_t first, n;
	char **argv = begin(ctx, kind, want->n, &first);

	n = first;
	for (size_t i = 0; i < want->n; i++) {
		const struct resource *w = want->v[i];
		const struct resource *r =
			w->kind == kind ? resources_find(had, kind, w->name) : NULL;
		if (r && r->ours && !r->facts && !w->external && str_eq(r->project, p->name) &&
			!str_eq(r->had_digest, resource_digest(ctx, p, w)->all))
			argv[n++] = arena_strdup(ctx->mem, r->id);
	}
	return n > first ? argv : NULL;
}

void
facts_add_named(const struct resources *had, enum kind kind, const struct node *line) {
	struct resource *r = resources_find(had, kind, node_text(node_find(line, "Name")));

	if (r)
		r->facts = line;
}

bool
facts_add(const struct resources *had, const struct node *line) {
	const char *name = node_text(node_find(line, "Name"));
	struct resource *r = resources_find(had, KIND_CONTAINER, *name == '/' ? name + 1 : name);

	if (r && str_eq(r->id, node_text(node_find(line, "Id"))))
		r->facts = line;
	return r != NULL;
}

const struct node *
facts_at(const struct resource *r, const char *path) {
	const struct node *n = r ? r->facts : NULL;
	char key[64];

	while (n && *path) {
		size_t len = strcspn(path, ".");
		if (n->type != NODE_MAP || len >= sizeof(key))
			return NULL;
		memcpy(key, path, len);
		key[len] = '\0';
		n = node_find(n, key);
		path += len + (path[len] == '.');
	}
	return n;
}

/* Is one of the containers that are known in this network? */
static bool
is_used(const struct resources *had, const struct resource *net) {
	for (size_t i = 0; i < had->n; i++) {
		const struct node *nets = facts_at(had->v[i], "NetworkSettings.Networks");
		const struct node *n = nets ? node_find(nets, net->name) : NULL;
		if (n && str_eq(node_text(node_find(n, "NetworkID")), net->id))
			return true;
	}
	return false;
}

void
facts_twins(struct ctx *ctx, struct resources *had) {
	struct node *first = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	struct resource **at = arena_array(ctx->mem, had->n, sizeof(struct resource *));
	size_t n = 0;

	for (size_t i = 0; i < had->n; i++) {
		struct resource *r = had->v[i], *other;
		const struct node *seen;
		int64_t k = 0;
		if (r->kind != KIND_NETWORK || !r->ours)
			continue;
		seen = node_find(first, r->name);
		if (!seen) {
			node_set(ctx->mem, first, r->name, (struct pos){0},
				node_int(ctx->mem, (int64_t)n, (struct pos){0}));
			at[n++] = r;
			continue;
		}
		node_to_int(seen, &k);
		other = is_used(had, r) && !is_used(had, at[k]) ? at[k] : r;
		if (other != r) {
			at[k] = r;
			resources_prefer(had, r);
		}
		other->is_twin = true;
		other->name = other->id;
	}
}
