/* one_off.c - a service as the verb `run` has it: one container of its own name, with what the command line says.
 *
 * Starts at one_off_make(). The service's tree is changed before anything is planned, so that all else is as for any other
 * container. */
#include <bsd/stdlib.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verbs_int.h"

static const struct pos nowhere = {0};

struct node *
outside_value(struct ctx *ctx, const char *name, const char *value) {
	struct ref *ref = arena_make(ctx->mem, struct ref);
	struct text t = {0};
	*ref = (struct ref){.from = REF_ENVIRON, .name = name};
	text_add_ref(&t, value, ref);
	return node_from_word(ctx->mem, text_take(ctx->mem, &t, nowhere));
}

/* Set a text of the service. */
static void
set_text(struct cli *cli, struct service *s, const char *key, const char *text) {
	if (text)
		node_set(cli->ctx->mem, s->tree, key, s->at, node_str(cli->ctx->mem, text, s->at));
}

/* Set a truth of the service. */
static void
set_bool(struct cli *cli, struct service *s, const char *key, bool value) {
	node_set(cli->ctx->mem, s->tree, key, s->at, node_bool(cli->ctx->mem, value, s->at));
}

/* What a container that is run once has not: it is never started again by itself, ports belong to the service, and what
 * runs around its life is for containers that stay. */
static void
drop_keys(struct service *s, const struct run_args *a) {
	struct node *deploy = node_find(s->tree, "deploy");
	if (!a->service_ports)
		node_unset(s->tree, "ports");
	node_unset(s->tree, "container_name");
	node_unset(s->tree, "restart");
	node_unset(s->tree, "post_start");
	node_unset(s->tree, "pre_stop");
	node_unset(s->tree, "scale");
	if (deploy && deploy->type == NODE_MAP) {
		node_unset(deploy, "restart_policy");
		node_unset(deploy, "replicas");
	}
}

/* -e NAME=VALUE, or -e NAME with the value that we have. */
static void
set_env(struct cli *cli, struct service *s, const struct list *list) {
	struct arena *mem = cli->ctx->mem;
	struct node *own = node_find(s->tree, "environment");
	if (list->n && (!own || own->type != NODE_MAP)) {
		own = node_new(mem, NODE_MAP, s->at);
		node_set(mem, s->tree, "environment", s->at, own);
	}
	for (size_t i = 0; i < list->n; i++) {
		const char *equals = strchr(list->v[i], '=');
		const char *name = arena_strndup(mem, list->v[i], strcspn(list->v[i], "="));
		const char *value = equals ? equals + 1 : getenv(name);
		if (!s->env)
			s->env = node_new(mem, NODE_MAP, s->at);
		if (!value)
			continue;
		node_set(mem, s->env, name, s->at, outside_value(cli->ctx, name, value));
		node_set(mem, own, name, s->at, outside_value(cli->ctx, name, value));
	}
}

/* Diagnose a volume of the command line. */
static int
bad_volume(struct cli *cli, const char *text, const char *why) {
	diag(cli->ctx, SEV_ERROR, nowhere, "usage", "'--volume %s' %s", text, why);
	return EXIT_USAGE;
}

/* The source of a mount: a path, or a volume of the spec. */
static int
set_source(struct cli *cli, const struct project *p, struct node *map, const char *source,
	const char *text) {
	struct arena *mem = cli->ctx->mem;
	bool bind = strchr("./~", source[0]) != NULL;
	if (bind) {
		struct node *how = node_new(mem, NODE_MAP, nowhere);
		const char *here = path_cwd(mem);
		source = path_resolve(mem, here ? here : "/", source, getenv("HOME"));
		node_set(mem, how, "create_host_path", nowhere, node_bool(mem, true, nowhere));
		node_set(mem, map, "bind", nowhere, how);
	} else if (!node_find(node_find(p->doc, "volumes"), source))
		return bad_volume(cli, text,
			"names a volume that the spec has not: declare it below 'volumes:', or "
			"begin a path with './'");
	node_set(mem, map, "type", nowhere, node_str(mem, bind ? "bind" : "volume", nowhere));
	node_set(mem, map, "source", nowhere, node_str(mem, source, nowhere));
	return EXIT_DONE;
}

/* -v TARGET, -v SOURCE:TARGET, -v SOURCE:TARGET:ro. */
static int
add_volume(struct cli *cli, const struct project *p, struct service *s, const char *text) {
	struct arena *mem = cli->ctx->mem;
	struct node *list = node_find(s->tree, "volumes"), *map = node_new(mem, NODE_MAP, s->at);
	char *source = arena_strdup(mem, text), *target = strchr(source, ':'), *mode = NULL;
	int code = EXIT_DONE;
	if (target) {
		*target++ = '\0';
		mode = strchr(target, ':');
	}
	if (mode)
		*mode++ = '\0';
	if (mode && !str_in("ro rw", mode))
		return bad_volume(cli, text, "ends in neither ':ro' nor ':rw'");
	if (*(target ? target : source) != '/')
		return bad_volume(cli, text, "has no absolute path of the container");
	if (target)
		code = set_source(cli, p, map, source, text);
	else
		node_set(mem, map, "type", nowhere, node_str(mem, "volume", nowhere));
	node_set(mem, map, "target", nowhere, node_str(mem, target ? target : source, nowhere));
	if (mode && str_eq(mode, "ro"))
		node_set(mem, map, "read_only", nowhere, node_bool(mem, true, nowhere));
	if (!list) {
		list = node_new(mem, NODE_LIST, s->at);
		node_set(mem, s->tree, "volumes", s->at, list);
	}
	node_append(mem, list, map);
	return code;
}

/* The command of the command line, and the entrypoint before it: that one takes the spec's command away. */
static void
set_command(struct cli *cli, struct service *s, const char *entrypoint) {
	struct arena *mem = cli->ctx->mem;
	struct node *command = node_new(mem, NODE_LIST, s->at);
	for (size_t i = 1; i < cli->noperand; i++)
		node_append(mem, command, node_str(mem, cli->operand[i], s->at));
	if (entrypoint) {
		struct node *list = node_new(mem, NODE_LIST, s->at);
		struct word w = {.s = entrypoint, .at = s->at};
		command_split(cli->ctx, &w, list);
		node_set(mem, s->tree, "entrypoint", s->at, list);
	}
	if (entrypoint || command->n)
		node_set(mem, s->tree, "command", s->at, command);
}

/* PROJECT-SERVICE-run-0123456789ab. Where nothing is run the name has no digits: the same input gives the same output. */
static const char *
name_of(struct cli *cli, const struct project *p, const struct service *s,
	const struct run_args *a) {
	unsigned char bytes[6];
	struct buf b = {0};
	if (a->name)
		return a->name;
	buf_printf(&b, "%s-%s-run", p->name, s->name);
	if (!a->show) {
		arc4random_buf(bytes, sizeof(bytes));
		buf_addc(&b, '-');
		for (size_t i = 0; i < sizeof(bytes); i++)
			buf_printf(&b, "%02x", bytes[i]);
	}
	return arena_take_buf(cli->ctx->mem, &b);
}

/* Is there a terminal at both ends? */
static bool
has_terminal(void) {
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

int
one_off_make(
	struct cli *cli, const struct project *p, struct service *s, const struct run_args *a) {
	int code = EXIT_DONE;
	drop_keys(s, a);
	s->scale = 1;
	s->container_name = name_of(cli, p, s, a);
	s->one_off = (struct one_off){.is = true,
		.attached = !a->detach,
		.is_removed = a->rm,
		.no_alias = !a->use_aliases};
	set_text(cli, s, "user", a->user);
	set_text(cli, s, "working_dir", a->workdir);
	set_env(cli, s, &a->env);
	set_command(cli, s, a->entrypoint);
	if (!a->detach) {
		set_bool(cli, s, "stdin_open", true);
		set_bool(cli, s, "tty", !a->no_tty && has_terminal());
	}
	for (size_t i = 0; !code && i < a->volume.n; i++)
		code = add_volume(cli, p, s, a->volume.v[i]);
	return code;
}
