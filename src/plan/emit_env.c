/* emit_env.c - a container's environment, by the secrets rule: a value that came from outside the spec, or whose
 * name says that it is a secret, stands in no argv. It goes as "-e NAME" with the value in docker's own environment, or,
 * where docker would read that variable itself, by an env file on descriptor 3. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Longest line that docker reads from an env file, and longest string that the kernel passes to a program. */
enum { ENV_FILE_LINE_MAX = 65534, ENV_STRING_MAX = 131071 };

bool
emit_is_kept_back(const char *name, const struct word *w) {
	if (!*w->s)
		return false;
	return word_is_outside(w) || str_is_secret_name(name) || str_has_url_password(w->s);
}

void
emit_pass(struct emit *e, struct passed p) {
	struct resource *r = e->res;

	r->pass = grown(e->ctx, r->pass, r->npass, sizeof(*r->pass));
	r->pass[r->npass++] = p;
}

/* Asked by letters, whatever the locale. */
bool
emit_is_shell_name(const char *name) {
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	return *name && (*name < '0' || *name > '9') && strspn(name, letters) == strlen(name);
}

/* NAME=value through the env file: one line, so the value must be one. */
static void
pass_by_file(struct emit *e, const char *name, struct word value) {
	size_t n = strlen(name) + 1 + strlen(value.s);

	if (strpbrk(name, " \t\r\n") || name[0] == '#') {
		diag(e->ctx, SEV_ERROR, value.at, "env-not-passable",
			"the value of '%s' is kept out of the command, and no other way to docker "
			"takes a variable of this "
			"name",
			name);
		return;
	}
	if (strpbrk(value.s, "\r\n") || n > ENV_FILE_LINE_MAX) {
		diag(e->ctx, SEV_ERROR, value.at, "env-not-passable",
			"%s '%s', so its value must go through an env file, which holds no line "
			"breaks and at most %d "
			"bytes a line",
			emit_is_shell_name(name) ? "docker itself reads" : "no shell can set", name,
			ENV_FILE_LINE_MAX);
		return;
	}
	if (!e->by_file_done)
		emit_text(e, "--env-file", "/dev/fd/3", value.at);
	e->by_file_done = true;
	emit_pass(e, (struct passed){.name = name, .value = value, .by_file = true});
}

/* One variable, by the way that its name and value ask for. */
static void
emit_variable(struct emit *e, const char *flag, const struct member *m) {
	struct word w = node_word(m->val);

	w.at = m->at;
	if (strlen(m->key) + 1 + strlen(w.s) > ENV_STRING_MAX) {
		diag(e->ctx, SEV_ERROR, m->at, "env-too-long",
			"'%s' and its value take more than %d bytes, which no program can be given",
			m->key, ENV_STRING_MAX);
		return;
	}
	if (m->val->type == NODE_NULL) {
		emit_text(e, flag, m->key, m->at);
		emit_pass(e, (struct passed){.name = m->key, .value = w, .unset = true});
	} else if (!emit_is_kept_back(m->key, &w)) {
		emit_option(e, flag, emit_pair(e, m->key, m->val));
	} else if (str_is_reserved_env(m->key) || !emit_is_shell_name(m->key)) {
		pass_by_file(e, m->key, w);
	} else {
		emit_text(e, flag, m->key, m->at);
		emit_pass(e, (struct passed){.name = m->key, .value = w});
	}
}

/* All variables at the first of `environment` and `env_file`. */
void
emit_env(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	const struct node *env = e->env ? e->env : e->service->env;

	(void)row;
	(void)n;
	if (e->env_done || !env)
		return;
	e->env_done = true;
	for (size_t i = 0; i < env->n; i++)
		emit_variable(e, flag, &env->u.member[i]);
}
