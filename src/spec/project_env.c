/* project_env.c - the variables of a service: env_file below environment, empty ones looked up
 * outside.
 *
 * Starts at project_environment(). Every value keeps its reference; no value is ever part of a
 * message. */
#include <errno.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>
#include <unistd.h>

#include "spec_int.h"

enum {
	MAX_FILE = 32 << 20,
	MAX_VARIABLE = 131071, /* bytes of NAME=VALUE that Linux hands to a program */
};

struct env_source *
project_source(struct ctx *ctx, struct making *m, const char *path) {
	struct env_source *s;

	/* most services of a file share one, so the last comes first */
	for (size_t i = m->nsource; i > 0; i--)
		if (str_eq(m->source[i - 1].path, path))
			return &m->source[i - 1];
	if (m->nsource == m->cap_source) {
		size_t cap = m->cap_source ? m->cap_source * 2 : 8;

		m->source = arena_grow(ctx->mem, m->source, m->cap_source, cap, sizeof(*m->source));
		m->cap_source = cap;
	}
	s = &m->source[m->nsource++];
	s->path = path;
	s->in.path = path;
	s->in.text = path_read(ctx->mem, path, MAX_FILE, &s->in.len, &s->why);
	if (s->in.text)
		s->in.src = diag_source(ctx, path_shown(ctx, m->cwd, m->in->folder, path), "", 0);
	return s;
}

/* The path of an env file for a message. */
static const char *
shown_path(struct ctx *ctx, const struct making *m, const struct node *path) {
	struct word word = node_word(path);

	return hint_text(ctx, path, path_shown(ctx, m->cwd, m->in->folder, word.s));
}

/* Read one entry of env_file into ENV. */
static void
read_entry(struct ctx *ctx, struct making *m, const struct node *entry, struct env *env,
	const struct lookup *in) {
	const struct node *path = node_find(entry, "path"),
			  *required = node_find(entry, "required");
	const char *name = node_text(path), *format = node_text(node_find(entry, "format"));
	const struct env_source *s;

	if (!*name || str_eq(name, "/dev/null"))
		return;
	if (required && !node_is_true(required) && access(name, F_OK) != 0 && errno == ENOENT)
		return;
	s = project_source(ctx, m, name);
	if (!s->in.text)
		diag(ctx, SEV_ERROR, path->at, "cannot-read", "cannot read the env file '%s': %s",
			shown_path(ctx, m, path), s->why);
	else if (str_eq(format, "raw"))
		envfile_parse_raw(ctx, env, &s->in, in);
	else
		envfile_parse(ctx, env, &s->in, REF_ENVFILE, in);
}

/* The variables of the service's env files; NULL when it has none. */
static struct env *
read_files(
	struct ctx *ctx, struct making *m, const struct service *service, const struct node *own) {
	const struct node *list = node_find(service->tree, "env_file");
	struct env *files, *written;
	struct lookup in;

	if (!list || list->type != NODE_LIST || !list->n)
		return NULL;
	/* values in the files may use the service's own variables, after those of the project */
	files = env_new(ctx, NULL);
	written = env_new(ctx, NULL);
	for (size_t i = 0; own && i < own->n; i++)
		if (own->u.member[i].val->type != NODE_NULL)
			env_put(ctx, written, own->u.member[i].key, node_word(own->u.member[i].val),
				NULL);
	in = (struct lookup){{m->in->env, written}};
	for (size_t i = 0; i < list->n; i++)
		read_entry(ctx, m, list->u.item[i], files, &in);
	return files;
}

/* Is the name one that a container can have, and the pair short enough? */
static bool
check_pair(struct ctx *ctx, const char *name, const char *value, struct pos at) {
	if (!*name || strpbrk(name, "= \t\r\n"))
		return diag_unfit(ctx, at, "bad-env-name",
			"a variable's name is neither empty nor holds '=' or blanks, unlike '%s'",
			name);
	if (strlen(name) + 1 + strlen(value) > MAX_VARIABLE) {
		diag(ctx, SEV_ERROR, at, "env-too-long",
			"variable '%s' and its value are longer than the %d bytes that a program "
			"can be given",
			name, (int)MAX_VARIABLE);
		return false;
	}
	return true;
}

/* The value of one entry of environment: as written, else that of the project, else null (take it
 * away). */
static struct node *
value_of(struct ctx *ctx, const struct making *m, const struct member *entry) {
	const struct env_var *var;
	struct node *node;

	if (entry->val->type != NODE_NULL)
		return entry->val;
	var = env_find(m->in->env, entry->key, strlen(entry->key));
	if (!var)
		return entry->val;
	node = node_from_word(ctx->mem, var->value);
	node->at = entry->at;
	return node;
}

/* Has each variable a value of its own? */
static bool
is_whole(const struct node *own) {
	for (size_t i = 0; i < own->n; i++)
		if (own->u.member[i].val->type == NODE_NULL)
			return false;
	return true;
}

/* The mapping itself will do then. */
static void
take_whole(struct ctx *ctx, struct service *service, struct node *own) {
	for (size_t i = 0; i < own->n; i++) {
		const struct member *entry = &own->u.member[i];
		check_pair(ctx, entry->key, node_text(entry->val), entry->at);
	}
	service->env = own;
}

void
project_environment(struct ctx *ctx, struct making *m, struct service *service) {
	struct node *own = node_find(service->tree, "environment");
	const struct env_var *var;
	struct env *files;

	if (own && own->type != NODE_MAP)
		own = NULL;
	service->files = files = read_files(ctx, m, service, own);
	if (own && !files && is_whole(own)) {
		take_whole(ctx, service, own);
		return;
	}
	for (size_t i = 0; own && i < own->n; i++) {
		const struct member *entry = &own->u.member[i];
		struct node *value = value_of(ctx, m, entry);

		if (check_pair(ctx, entry->key, node_text(value), entry->at))
			node_add(ctx->mem, service->env, entry->key, entry->at, value);
	}
	for (size_t i = 0; files && (var = env_nth(files, i)); i++) {
		struct pos at =
			var->ref && var->ref->from == REF_ENVFILE ? var->ref->at : var->value.at;

		if (!node_member(own, var->name) && check_pair(ctx, var->name, var->value.s, at))
			node_add(ctx->mem, service->env, var->name, at,
				node_from_word(ctx->mem, var->value));
	}
}
