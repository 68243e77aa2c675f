/* emit_build_values.c - what a build is given beside its context: arguments and secrets.
 * By the secrets rule no value from outside stands in an argv: an argument goes as "--build-arg NAME", a secret as
 * "--secret id=ID,env=NAME", with the value in docker's own environment. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/node.h>
#include <stackplan/quote.h>
#include <stackplan/str.h>
#include <string.h>

/* Would this variable make docker itself do another thing? */
static bool
steers_docker(const char *name) {
	static const char names[] = "PATH HOME TMPDIR GODEBUG DOCKER_HOST DOCKER_CONTEXT "
				    "DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH "
				    "DOCKER_API_VERSION DOCKER_BUILDKIT DOCKER_DEFAULT_PLATFORM "
				    "DOCKER_CONTENT_TRUST DOCKER_CONTENT_TRUST_SERVER "
				    "DOCKER_CUSTOM_HEADERS DOCKER_AUTH_CONFIG BUILDX_BUILDER "
				    "BUILDX_CONFIG BUILDKIT_HOST";

	return str_in(names, name) || str_starts(name, "LD_") || str_starts(name, "SSH_") ||
	       str_starts(name, "DOCKER_CLI_");
}

/* Is this the value that docker's environment has under the name anyway? */
static bool
is_there_already(const char *name, const struct word *w) {
	const struct span *span = w->span;

	return w->nspan == 1 && !span->off && !w->s[span->len] && span->ref->from == REF_ENVIRON &&
	       str_eq(span->ref->name, name);
}

/* Another value under the name, if the command is given one. */
static bool
is_taken(const struct emit *e, const char *name, const struct word *value) {
	for (size_t i = 0; i < e->res->npass; i++)
		if (str_eq(e->res->pass[i].name, name) &&
			!str_eq(e->res->pass[i].value.s, value->s))
			return true;
	return false;
}

/* One argument. A null has been looked up by now. */
static void
emit_arg(struct emit *e, const char *flag, const char *name, struct word value, struct pos at) {
	struct text t = {0};

	value.at = at;
	if (!emit_is_kept_back(name, &value)) {
		text_add(&t, name);
		text_add(&t, "=");
		text_add_word(&t, &value);
		emit_option(e, flag, text_take(e->ctx->mem, &t, at));
		return;
	}
	if ((steers_docker(name) && !is_there_already(name, &value)) || !emit_is_shell_name(name) ||
		is_taken(e, name, &value)) {
		diag(e->ctx, SEV_ERROR, at, "env-not-passable",
			"the value of the build argument '%s' is kept out of the command, and %s: "
			"give the argument another name",
			name,
			!emit_is_shell_name(name) ? "no shell can set a variable of this name"
			: steers_docker(name)     ? "docker itself reads a variable of this name"
						  : "a secret of the build has its name");
		return;
	}
	emit_text(e, flag, name, at);
	emit_pass(e, (struct passed){.name = name, .value = value});
}

void
emit_build_args(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++) {
		const struct member *m = &n->u.member[i];
		const struct env_var *var =
			m->val->type == NODE_NULL
				? env_find(e->project->env, m->key, strlen(m->key))
				: NULL;

		if (m->val->type != NODE_NULL)
			emit_arg(e, flag, m->key, node_word(m->val), m->at);
		else if (var)
			emit_arg(e, flag, m->key, var->value, m->at);
	}
}

/* The variable through which a secret's value goes: its own name where nothing speaks against it. */
static const char *
carrier(struct emit *e, const char *name, const struct word *value) {
	size_t i = e->res->npass;

	if (emit_is_shell_name(name) && !is_taken(e, name, value) &&
		(!str_is_reserved_env(name) || is_there_already(name, value)))
		return name;
	do
		name = arena_printf(e->ctx->mem, "STACKPLAN_SECRET_%zu", ++i);
	while (is_taken(e, name, value));
	return name;
}

/* KEY=VALUE as the last field of an option that is a comma list. */
static void
add_field(struct emit *e, struct text *t, const char *key, const struct word *value) {
	struct text field = {0};
	struct word w;

	text_add(&field, key);
	text_add_word(&field, value);
	w = text_take(e->ctx->mem, &field, value->at);
	if (t->n)
		text_add(t, ",");
	quote_csv(t, &w);
}

/* ",env=NAME" for a secret that is a variable. */
static void
add_variable(struct emit *e, struct text *t, const struct node *name) {
	const struct env_var *var =
		env_find(e->project->env, node_text(name), strlen(node_text(name)));
	struct word carried = node_word(name);

	if (var) {
		carried = (struct word){
			.s = carrier(e, node_text(name), &var->value), .at = name->at};
		emit_pass(e, (struct passed){.name = carried.s, .value = var->value});
	} else {
		diag(e->ctx, SEV_WARNING, name->at, "unset-variable",
			"the variable '%s', which holds a secret of a build, is not set: the "
			"build will miss it",
			node_text(name));
	}
	add_field(e, t, "env=", &carried);
}

/* Keys of a secret that only a mounted one has. */
static void
note_unused(struct emit *e, const struct node *grant) {
	static const char *const keys[] = {"uid", "gid", "mode"};

	for (size_t i = 0; i < countof(keys); i++) {
		const struct member *m = node_member(grant, keys[i]);
		if (m)
			diag(e->ctx, SEV_WARNING, m->at, "no-effect",
				"'%s' of a build's secret has no effect: the Dockerfile says it, "
				"by RUN --mount=type=secret,%s=...",
				keys[i], keys[i]);
	}
}

/* One secret: a file, or a variable. */
static void
emit_secret(struct emit *e, const char *flag, const struct node *grant) {
	const struct node *source = node_find(grant, "source"),
			  *target = node_find(grant, "target");
	const struct node *secret = node_at(e->project->doc, "secrets", node_text(source), NULL);
	const struct node *file = node_find(secret, "file"),
			  *variable = node_find(secret, "environment");
	struct word id = node_word(*node_text(target) ? target : source), path = node_word(file);
	struct text t = {0};

	add_field(e, &t, "id=", &id);
	if (*node_text(file))
		add_field(e, &t, "src=", &path);
	else if (*node_text(variable))
		add_variable(e, &t, variable);
	else
		diag(e->ctx, SEV_ERROR, grant->at, "no-form",
			"a build can only have secrets with a 'file' or an 'environment', and "
			"'%s' has neither",
			node_text(source));
	note_unused(e, grant);
	emit_option(e, flag, text_take(e->ctx->mem, &t, grant->at));
}

void
emit_build_secrets(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; n->type == NODE_LIST && i < n->n; i++)
		emit_secret(e, flag, n->u.item[i]);
}
