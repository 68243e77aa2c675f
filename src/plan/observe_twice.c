/* observe_twice.c - before something is removed the engine is asked once more, for the IDs of the project's objects alone: a list that was cut
 * at the end of a line looks like a whole one, and what is missing in it would be forgotten.
 * What other projects do in the meantime is of no interest here. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/proc.h>
#include <stackplan/project.h>
#include <string.h>

enum { KINDS = 3 };

static const enum kind kinds[KINDS] = {KIND_CONTAINER, KIND_NETWORK, KIND_VOLUME};

/* The words of the question about one kind of things. */
static char *const *
question(struct ctx *ctx, const struct project *p, enum kind kind) {
	static const char *const lists[] = {
		"ps -a --no-trunc", "network ls --no-trunc", "volume ls"};
	struct words w = {0};
	char **argv;

	for (size_t i = 0; i < KINDS; i++)
		for (const char *s = lists[i]; kinds[i] == kind && *s; s += strspn(s, " ")) {
			size_t n = strcspn(s, " ");
			words_push(ctx->mem, &w, arena_strndup(ctx->mem, s, n), (struct pos){0});
			s += n;
		}
	words_push(ctx->mem, &w, "--filter", (struct pos){0});
	words_push(ctx->mem, &w,
		arena_join(ctx->mem, "label=com.docker.compose.project=", p->name, NULL),
		(struct pos){0});
	words_push(ctx->mem, &w, "--format", (struct pos){0});
	words_push(ctx->mem, &w,
		kind == KIND_VOLUME ? "{\"id\":{{json .Name}}}" : "{\"id\":{{json .ID}}}",
		(struct pos){0});
	argv = arena_array(ctx->mem, w.n + 1, sizeof(*argv));
	for (size_t i = 0; i < w.n; i++)
		argv[i] = arena_strdup(ctx->mem, w.v[i].s);
	return argv;
}

/* Is there a thing of this kind and ID among them? */
static bool
is_known(const struct resources *had, enum kind kind, const char *id) {
	for (size_t i = 0; i < had->n; i++)
		if (had->v[i]->kind == kind && strcmp(had->v[i]->id, id) == 0)
			return true;
	return false;
}

/* Is all that the answer tells known? */
static bool
agrees(struct ctx *ctx, const struct resources *had, enum kind kind, const struct capture *c) {
	const char *why;

	if (c->status != 0 || c->timed_out || c->cut)
		return false;
	for (const char *p = buf_str(&c->out); *p; p += strcspn(p, "\n") + 1) {
		size_t n = strcspn(p, "\n");
		const struct node *line = p[n] ? json_read(ctx->mem, p, n, &why) : NULL;
		if (!line || !is_known(had, kind, node_text(node_find(line, "id"))))
			return false;
	}
	return true;
}

bool
observe_twice(struct ctx *ctx, const struct docker *d, const struct project *p,
	const struct resources *had) {
	static const char *const names[KINDS] = {"containers", "networks", "volumes"};
	struct capture c[KINDS] = {{.status = -1}, {.status = -1}, {.status = -1}};
	char *const *words[KINDS];
	const char *wrong = NULL;

	for (size_t i = 0; i < KINDS; i++)
		words[i] = question(ctx, p, kinds[i]);
	if (!docker_read_all(c, d, words, KINDS))
		wrong = names[0];
	for (size_t i = KINDS; i-- > 0;) {
		if (!agrees(ctx, had, kinds[i], &c[i]))
			wrong = names[i];
		capture_free(&c[i]);
	}
	if (wrong)
		diag(ctx, SEV_ERROR, (struct pos){0}, "engine-answer",
			"asked twice, the engine does not tell the same of the %s of the project: "
			"nothing was changed; try again",
			wrong);
	return !wrong;
}
