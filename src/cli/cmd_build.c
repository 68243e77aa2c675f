/* cmd_build.c - the images that services build, whether they are there or not. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/run.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

#include "verbs_int.h"

struct build_args {
	bool show, no_cache, pull;
	struct list arg;
	const char *transcript;
};

static const struct option rows[] = {
	{.name = "show",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct build_args, show),
		.doc = "Print the commands instead; no engine is asked"},
	{.name = "no-cache",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct build_args, no_cache),
		.doc = "Use nothing of earlier builds"},
	{.name = "pull",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct build_args, pull),
		.doc = "Pull the images that are built on, even if they are there"},
	{.name = "build-arg",
		.arg = "NAME[=VALUE]",
		.kind = OPTION_LIST,
		.offset = offsetof(struct build_args, arg),
		.doc = "Set an argument of the builds; may be repeated"},
	TRANSCRIPT_OPTION_ROW(struct build_args),
};

/* NAME=VALUE, or NAME with the value that we have. */
static void
set_args(struct cli *cli, struct node *build, const struct list *list) {
	struct arena *mem = cli->ctx->mem;
	struct node *args = node_find(build, "args");
	if (list->n && (!args || args->type != NODE_MAP)) {
		args = node_new(mem, NODE_MAP, build->at);
		node_set(mem, build, "args", build->at, args);
	}
	for (size_t i = 0; i < list->n; i++) {
		const char *equals = strchr(list->v[i], '=');
		const char *name = arena_strndup(mem, list->v[i], strcspn(list->v[i], "="));
		const char *value = equals ? equals + 1 : getenv(name);
		if (value)
			node_set(mem, args, name, build->at, outside_value(cli->ctx, name, value));
	}
}

/* Put what the command line says into the builds. */
static int
change(struct cli *cli, struct project *p, const void *args) {
	const struct build_args *a = args;
	struct arena *mem = cli->ctx->mem;
	for (size_t i = 0; i < p->nservice; i++) {
		struct node *build = node_find(p->service[i].tree, "build");
		if (!p->service[i].enabled || !build || build->type != NODE_MAP)
			continue;
		if (a->no_cache)
			node_set(
				mem, build, "no_cache", build->at, node_bool(mem, true, build->at));
		if (a->pull)
			node_set(mem, build, "pull", build->at, node_bool(mem, true, build->at));
		set_args(cli, build, &a->arg);
	}
	for (size_t i = 0; i < cli->noperand; i++)
		if (!project_service(p, cli->operand[i])->has_build)
			cli_say(cli, "'%s' has no 'build': its image is pulled", cli->operand[i]);
	return EXIT_DONE;
}

/* Plan, then print or run. */
static int
run(struct cli *cli, const void *args) {
	const struct build_args *a = args;
	struct images_wish wish = {.options = {.no_checks = true,
					   .labels = stack_labels(cli),
					   .pull = PULL_NEVER,
					   .build = BUILD_ALWAYS},
		.no_deps = true,
		.printed = a->show,
		.change = change,
		.args = a};
	struct stack s;
	int code;
	struct plan *plan = images_plan(cli, &s, &wish, &code);
	if (!plan)
		return code;
	stack_sources(cli, &s, NULL);
	if (a->show)
		return document_print(cli, &s, plan);
	if (!builds_are_possible(cli->ctx, &s.docker, plan))
		return EXIT_STEP;
	if (plan->nstep)
		return everyday_carry_out(cli, &s, plan, ON_FAILURE_STOP, a->transcript, "build");
	cli_say(cli, "nothing to build");
	return EXIT_DONE;
}

const struct command cmd_build = {
	.name = "build",
	.args = "[SERVICE...]",
	.doc = "Build the images of the services that have a build.",
	.more = "They are built whether they are there or not; containers that use older ones are "
		"left "
		"alone.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct build_args),
	.operand = WORD_SERVICE,
	.run = run,
};
