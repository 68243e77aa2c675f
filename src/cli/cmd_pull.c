/* cmd_pull.c - the images of the stack, as new as their registries have them. */
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/run.h>
#include <stackplan/str.h>

#include "verbs_int.h"

struct pull_args {
	bool show, ignore, deps;
	const char *transcript;
};

static const struct option rows[] = {
	{.name = "show",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct pull_args, show),
		.doc = "Print the commands instead; no engine is asked"},
	{.name = "ignore-pull-failures",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct pull_args, ignore),
		.doc = "An image that cannot be pulled is a warning"},
	{.name = "include-deps",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct pull_args, deps),
		.doc = "The images of what the named services depend on, too"},
	TRANSCRIPT_OPTION_ROW(struct pull_args),
};

/* Why the image is not pulled by this verb, or NULL. */
static const char *
why_not(const struct step *s, bool there) {
	const struct image_wish *w = s->res->wish;
	const struct service *service = s->res->service;
	const char *policy = service ? node_text(node_find(service->tree, "pull_policy")) : "";
	if (w->is_anew)
		return "it is built ('pull_policy: build')";
	if (w->pulling == PULLING_NEVER)
		return "'pull_policy: never'";
	if (str_in("missing if_not_present", policy) && there)
		return "it is there, and 'pull_policy' asks for no more";
	return NULL;
}

/* Leave out what its policy keeps from being pulled; what can be built need not be had. */
static void
choose(struct cli *cli, const struct stack *s, struct plan *plan, const struct pull_args *a) {
	size_t n = 0;
	for (size_t i = 0; i < plan->nstep; i++) {
		struct step *step = plan->step[i];
		bool there = s->had && resources_find(s->had, KIND_IMAGE, step->name);
		const char *why = why_not(step, there);
		if (why) {
			cli_say(cli, "'%s' is not pulled: %s", step->name, why);
			continue;
		}
		step->optional = a->ignore || step->res->wish->builder;
		step->id = (uint32_t)n + 1;
		plan->step[n++] = step;
	}
	plan->nstep = n;
}

/* Plan, then print or run. */
static int
run(struct cli *cli, const void *args) {
	const struct pull_args *a = args;
	struct images_wish wish = {
		.options = {.no_checks = true, .pull = PULL_ALWAYS, .build = BUILD_NEVER},
		.no_deps = !a->deps,
		.printed = a->show};
	struct stack s;
	int code;
	struct plan *plan = images_plan(cli, &s, &wish, &code);
	if (!plan)
		return code;
	choose(cli, &s, plan, a);
	if (a->show)
		return document_print(cli, &s, plan);
	if (plan->nstep)
		return everyday_carry_out(
			cli, &s, plan, ON_FAILURE_CONTINUE, a->transcript, "pull");
	cli_say(cli, "nothing to pull");
	return EXIT_DONE;
}

const struct command cmd_pull = {
	.name = "pull",
	.args = "[SERVICE...]",
	.doc = "Pull the images of the services.",
	.more = "Images that are only built here are left out, and so are those whose pull_policy "
		"says "
		"so. Where an image can be built as well, a pull that fails is a warning.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct pull_args),
	.operand = WORD_SERVICE,
	.run = run,
};
