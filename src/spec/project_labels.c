/* project_labels.c - the labels of a service: those of its label_file below its own.
 *
 * A label file is a part of the spec: what it says stands in commands as labels do, and only
 * variables in it are values from outside. Its grammar is that of env files. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>

#include "spec_int.h"

/* Read one file into ENV. */
static void
read_label_file(struct ctx *ctx, struct making *m, const struct node *path, struct env *env) {
	const struct env_source *s = project_source(ctx, m, node_text(path));
	struct lookup in = {{m->in->env}};
	struct env_input file = s->in;
	struct word shown = node_word(path);

	file.is_spec = true;
	if (file.text)
		envfile_parse(ctx, env, &file, REF_ENVFILE, &in);
	else
		diag(ctx, SEV_ERROR, path->at, "cannot-read", "cannot read the label file '%s': %s",
			hint_text(ctx, path, path_shown(ctx, m->cwd, m->in->folder, shown.s)),
			s->why);
}

/* The service's own labels, then those that only the files have, at the place AT of their key. */
static struct node *
joined(struct ctx *ctx, const struct node *own, const struct env *env, struct pos at) {
	struct node *labels = node_new(ctx->mem, NODE_MAP, own ? own->at : at);
	const struct env_var *var;

	for (size_t i = 0; own && own->type == NODE_MAP && i < own->n; i++)
		node_add(ctx->mem, labels, own->u.member[i].key, own->u.member[i].at,
			own->u.member[i].val);
	for (size_t i = 0; (var = env_nth(env, i)); i++) {
		struct node *value = node_from_word(ctx->mem, var->value);
		value->at = at;
		if (!node_member(own, var->name))
			node_add(ctx->mem, labels, var->name, at, value);
	}
	return labels;
}

void
project_labels(struct ctx *ctx, struct making *m, struct service *service) {
	const struct member *files = node_member(service->tree, "label_file");
	const struct member *own = node_member(service->tree, "labels");
	struct pos at = files ? files->at : service->at;
	struct env *env;

	if (!files || files->val->type != NODE_LIST)
		return;
	env = env_new(ctx, NULL);
	for (size_t i = 0; i < files->val->n; i++)
		read_label_file(ctx, m, files->val->u.item[i], env);
	node_set(ctx->mem, service->tree, "labels", own ? own->at : at,
		joined(ctx, own ? own->val : NULL, env, at));
	node_unset(service->tree, "label_file");
}
