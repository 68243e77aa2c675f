/* cmd_exec.c - a command in a container that runs, with the terminal handed over. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <string.h>
#include <unistd.h>

#include "verbs_int.h"

static const struct pos nowhere = {0};

struct exec_args {
	bool detach, no_tty, privileged, interactive, tty;
	const char *user, *workdir;
	struct list env;
	struct number index;
};

static const struct option rows[] = {
	{.name = "detach",
		.letter = 'd',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct exec_args, detach),
		.doc = "Don't wait for the command"},
	{.name = "no-TTY",
		.letter = 'T',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct exec_args, no_tty),
		.doc = "Give it no terminal (default where stackplan has none)"},
	{.name = "user",
		.letter = 'u',
		.arg = "USER",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct exec_args, user),
		.doc = "Run it as this user"},
	{.name = "workdir",
		.letter = 'w',
		.arg = "FOLDER",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct exec_args, workdir),
		.doc = "Run it in this folder of the container"},
	{.name = "env",
		.letter = 'e',
		.arg = "NAME[=VALUE]",
		.kind = OPTION_LIST,
		.offset = offsetof(struct exec_args, env),
		.doc = "Give it a variable; may be repeated"},
	{.name = "index",
		.arg = "N",
		.kind = OPTION_NUMBER,
		.offset = offsetof(struct exec_args, index),
		.min = 1,
		.max = 1000000,
		.doc = "In container N of the service (default: the first that runs)"},
	{.name = "privileged",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct exec_args, privileged),
		.doc = "Give it all capabilities"},
	{.name = "interactive",
		.letter = 'i',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct exec_args, interactive),
		.doc = "Accepted: its standard input is always stackplan's"},
	{.name = "tty",
		.letter = 't',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct exec_args, tty),
		.doc = "Accepted: a terminal is handed over where there is one"},
};

/* Append a word. */
static void
push(struct cli *cli, struct words *w, const char *text) {
	words_push(cli->ctx->mem, w, text, nowhere);
}

/* OPTION VALUE, if it was given. */
static void
push_option(struct cli *cli, struct words *w, const char *option, const char *value) {
	if (value)
		push(cli, w, option);
	if (value)
		push(cli, w, value);
}

/* The variables: their values go to docker in ENV, where nobody else can read them, but for those that docker itself would heed. */
static void
push_env(struct cli *cli, struct words *w, const struct list *list, char **env, size_t n) {
	for (size_t i = 0; i < list->n; i++) {
		const char *text = list->v[i];
		const char *name = arena_strndup(cli->ctx->mem, text, strcspn(text, "="));
		bool beside = strchr(text, '=') && *name && !str_is_reserved_env(name);
		push_option(cli, w, "--env", beside ? name : text);
		size_t len = strlen(name), k = 0;
		while (beside && k < n && !(strncmp(env[k], text, len) == 0 && env[k][len] == '='))
			k++;
		if (beside)
			env[k] = arena_strdup(cli->ctx->mem, text);
		n += beside && k == n;
	}
}

/* Our environment, with room for what is added. */
static char **
copy_env(struct cli *cli, size_t more, size_t *n) {
	for (*n = 0; cli->environ[*n];)
		++*n;
	char **env = arena_array(cli->ctx->mem, *n + more + 1, sizeof(*env));
	memcpy(env, cli->environ, *n * sizeof(*env));
	return env;
}

/* `docker exec`, as far as the container's name. */
static struct words
command_of(struct cli *cli, const struct exec_args *a, const struct resource *r, char **env,
	size_t n) {
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	struct words w = {0};
	push(cli, &w, "exec");
	if (a->detach)
		push(cli, &w, "--detach");
	else
		push(cli, &w, terminal && !a->no_tty ? "-it" : "-i");
	push_option(cli, &w, "--user", a->user);
	push_option(cli, &w, "--workdir", a->workdir);
	if (a->privileged)
		push(cli, &w, "--privileged");
	push_env(cli, &w, &a->env, env, n);
	push(cli, &w, r->name);
	return w;
}

/* Find the container, then hand over. */
static int
run(struct cli *cli, const void *args) {
	const struct exec_args *a = args;
	struct crew c;
	if (cli->noperand < 2) {
		diag(cli->ctx, SEV_ERROR, nowhere, "usage",
			cli->noperand ? "'exec' wants a command after the service '%s'"
				      : "'exec' wants a service, and a command for it%s",
			cli->noperand ? cli->operand[0] : "");
		return EXIT_USAGE;
	}
	int code = crew_find(cli, &c, cli->operand, 1);
	struct resource *r = code ? NULL
				  : crew_one(cli, &c, cli->operand[0],
					    a->index.given ? a->index.value : 0, &code);
	if (!r)
		return code;
	size_t n;
	char **env = copy_env(cli, a->env.n, &n);
	struct words w = command_of(cli, a, r, env, n);
	for (size_t i = 1; i < cli->noperand; i++)
		push(cli, &w, cli->operand[i]);
	return outcome_attend(cli, &c.stack, &w, env, "the command");
}

const struct command cmd_exec = {
	.name = "exec",
	.args = "SERVICE COMMAND [ARG...]",
	.doc = "Run a command in a container that is running.",
	.more = "Options stand before the service. How the command ended is told in a message; "
		"stackplan's own exit code is 1 when it failed.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct exec_args),
	.operand = WORD_SERVICE,
	.ends = true,
	.run = run,
};
