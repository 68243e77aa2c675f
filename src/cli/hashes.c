/* hashes.c - --compose-hash: Compose's own digests of the services, asked for where they decide on something or are written. */
#include <stackplan/arena.h>
#include <stackplan/compose.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>

#include "stack_int.h"

static const struct pos nowhere = {0};

/* Is the spec, or a part of it, read from standard input? Then Compose can't read it again. */
static bool
is_from_stdin(const struct stack *s) {
	for (size_t i = 0; i < s->loaded.nfile; i++)
		if (str_eq(s->loaded.file[i].s, "-"))
			return true;
	return false;
}

int
stack_compose_hashes(struct cli *cli, struct stack *s, const struct resources *there) {
	const struct globals *g = cli->g;
	const struct compose_spec spec = {
		.file = g->file.v,
		.nfile = g->file.n,
		.profile = g->profile.v,
		.nprofile = g->profile.n,
		.env_file = g->env_file.v,
		.nenv_file = g->env_file.n,
		.project_directory = g->project_directory,
	};
	if (!stack_labels(cli)) {
		diag(cli->ctx, SEV_ERROR, nowhere, "usage",
			"'--compose-hash' is about a label: leave out '--labels none'");
		return EXIT_USAGE;
	}
	if (is_from_stdin(s)) {
		diag(cli->ctx, SEV_ERROR, nowhere, "usage",
			"'--compose-hash' can't have the spec from standard input, which Compose "
			"reads "
			"again: put it into a file");
		return EXIT_USAGE;
	}
	int code = stack_program(cli, s);
	if (code)
		return code;
	return compose_hashes(cli->ctx, &s->docker, &spec, s->project, there) ? EXIT_DONE
									      : EXIT_ENGINE;
}

int
stack_hashes_of_had(struct cli *cli, struct stack *s) {
	for (size_t i = 0; i < s->had->n; i++) {
		const struct resource *r = s->had->v[i];
		if (r->kind == KIND_CONTAINER && str_eq(r->project, s->project->name) &&
			compose_has_made(r))
			return stack_compose_hashes(cli, s, s->had);
	}
	return EXIT_DONE;
}

/* Warn of a container that stays, and that Compose would replace: it has our digest where Compose looks for its own. */
static void
warn_of_ours(struct cli *cli, const struct change *c) {
	const struct node *labels =
		c->had->facts ? node_at(c->had->facts, "Config", "Labels", NULL) : NULL;
	const char *hash = labels ? node_text(node_find(labels, COMPOSE_HASH)) : "";
	if (c->had->ours && *hash && str_eq(hash, c->had->had_digest))
		diag(cli->ctx, SEV_WARNING, c->at, "compose-hash",
			"'%s' was made without --compose-hash, and stays: 'docker compose up' will "
			"make "
			"it anew; --force-recreate, too, gives it the digest",
			c->want->name);
}

/* The containers of the project that stay what they are. */
static struct resources *
staying(struct cli *cli, const struct stack *s, const struct changes *changes) {
	struct resources *stay = arena_make(cli->ctx->mem, struct resources);
	for (size_t i = 0; i < s->had->n; i++)
		s->had->v[i]->mark = 1;
	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].had && changes->v[i].kind == CHANGE_REPLACE)
			changes->v[i].had->mark = 0;
	for (size_t i = 0; i < s->had->n; i++)
		if (s->had->v[i]->kind == KIND_CONTAINER && s->had->v[i]->mark)
			resources_push(cli->ctx, stay, s->had->v[i]);
	return stay;
}

int
stack_hashes_of_changes(struct cli *cli, struct stack *s, const struct changes *changes) {
	bool made = false;
	for (size_t i = 0; i < changes->n; i++) {
		const struct change *c = &changes->v[i];
		bool is_container = c->want->kind == KIND_CONTAINER;
		if (c->kind == CHANGE_CREATE || c->kind == CHANGE_REPLACE)
			made = made || is_container || c->want->kind == KIND_IMAGE;
		if (is_container && (c->kind == CHANGE_KEEP || c->kind == CHANGE_REPAIR))
			warn_of_ours(cli, c);
	}
	return made ? stack_compose_hashes(cli, s, staying(cli, s, changes)) : EXIT_DONE;
}
