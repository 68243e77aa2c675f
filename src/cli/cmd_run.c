/* cmd_run.c - a container of a service that is run once, for a command of its own.
 *
 * Starts at run(). The plan is made as for apply, of the service and what it depends on; its last step, which has the
 * terminal, is run when all others are done. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/project.h>
#include <stackplan/run.h>
#include <stackplan/str.h>
#include <time.h>

#include "verbs_int.h"

#define AT(member) offsetof(struct run_args, member)

static const struct option rows[] = {
	{.name = "show",
		.kind = OPTION_FLAG,
		.offset = AT(show),
		.doc = "Print the commands instead; no engine is asked"},
	{.name = "rm",
		.kind = OPTION_FLAG,
		.offset = AT(rm),
		.doc = "Remove the container when it ends"},
	{.name = "detach",
		.letter = 'd',
		.kind = OPTION_FLAG,
		.offset = AT(detach),
		.doc = "Leave it running, and print its name"},
	{.name = "env",
		.letter = 'e',
		.arg = "NAME[=VALUE]",
		.kind = OPTION_LIST,
		.offset = AT(env),
		.doc = "Give it a variable; may be repeated"},
	{.name = "volume",
		.letter = 'v',
		.arg = "SOURCE:TARGET[:ro]",
		.kind = OPTION_LIST,
		.offset = AT(volume),
		.doc = "Mount a path or a volume of the spec, too; may be repeated"},
	{.name = "user",
		.letter = 'u',
		.arg = "USER",
		.kind = OPTION_TEXT,
		.offset = AT(user),
		.doc = "Run it as this user"},
	{.name = "workdir",
		.letter = 'w',
		.arg = "FOLDER",
		.kind = OPTION_TEXT,
		.offset = AT(workdir),
		.doc = "Run it in this folder of the container"},
	{.name = "entrypoint",
		.arg = "WORDS",
		.kind = OPTION_TEXT,
		.offset = AT(entrypoint),
		.doc = "Another entrypoint; the spec's command goes with the old one"},
	{.name = "name",
		.arg = "NAME",
		.kind = OPTION_TEXT,
		.offset = AT(name),
		.doc = "Its name (default: PROJECT-SERVICE-run-DIGITS)"},
	{.name = "no-TTY",
		.letter = 'T',
		.kind = OPTION_FLAG,
		.offset = AT(no_tty),
		.doc = "Give it no terminal (default where stackplan has none)"},
	{.name = "interactive",
		.letter = 'i',
		.kind = OPTION_FLAG,
		.offset = AT(interactive),
		.doc = "Accepted: its standard input is always stackplan's"},
	{.name = "service-ports",
		.kind = OPTION_FLAG,
		.offset = AT(service_ports),
		.doc = "Publish the ports of the service"},
	{.name = "use-aliases",
		.kind = OPTION_FLAG,
		.offset = AT(use_aliases),
		.doc = "Let it answer to the service's names in its networks"},
	{.name = "no-deps",
		.kind = OPTION_FLAG,
		.offset = AT(no_deps),
		.doc = "Don't start what the service depends on"},
	{.name = "pull",
		.arg = "WHEN",
		.kind = OPTION_CHOICE,
		.offset = AT(pull),
		.choices = "always missing never",
		.doc = "When to pull images"},
	{.name = "wait-timeout",
		.arg = "SECONDS",
		.kind = OPTION_SECONDS,
		.offset = AT(wait_timeout),
		.min = 1,
		.max = 4000000,
		.doc = "Limit of each gate (default: what its healthcheck allows, at least 60)"},
};

/* Load the service with what it depends on, and make it one that is run once. */
static int
load(struct cli *cli, struct stack *s, const struct run_args *a) {
	size_t noperand = cli->noperand;
	cli->noperand = 1;
	int code = stack_load(cli, s, a->no_deps);
	cli->noperand = noperand;
	if (!code)
		code = one_off_make(
			cli, s->project, project_service(s->project, cli->operand[0]), a);
	return code ? code : stack_want(cli, s, stack_labels(cli));
}

/* What the service depends on is used as it is, even where it was made from an older spec. */
static void
accept_older(struct cli *cli, struct changes *changes) {
	for (size_t i = 0; i < changes->n; i++) {
		struct change *c = &changes->v[i];
		c->restart = false;
		if (c->kind != CHANGE_REPLACE)
			continue;
		bool start = c->want->kind == KIND_CONTAINER && !crew_is_up(c->had);
		c->kind = start ? CHANGE_REPAIR : CHANGE_KEEP;
		c->why = arena_printf(
			cli->ctx->mem, "container '%s' is %s", c->want->name, c->had->state);
	}
	changes->ngone = 0;
}

/* The plan, from what the engine has or, for printing, from nothing. */
static struct plan *
make_plan(struct cli *cli, struct stack *s, struct changes *changes, const struct run_args *a) {
	struct plan_options options = {.no_checks = true,
		.labels = stack_labels(cli),
		.pull = a->pull,
		.gate_timeout_ms = a->wait_timeout.given ? (uint32_t)a->wait_timeout.value : 0,
		.now_s = time(NULL)};
	return plan_make(cli->ctx, s->project, s->engine, changes, &options);
}

/* Take the step that has the terminal out of the plan. Nothing needs it. NULL if there is none. */
static const struct step *
take_last(struct plan *plan) {
	const struct step *taken = NULL;
	size_t n = 0;
	for (size_t i = 0; i < plan->nstep; i++)
		if (plan->step[i]->terminal)
			taken = plan->step[i];
		else
			plan->step[n++] = plan->step[i];
	plan->nstep = n;
	return taken;
}

/* Run what comes before, then hand the terminal over. */
static int
carry_out(struct cli *cli, struct stack *s, struct plan *plan) {
	const struct step *last = take_last(plan);
	const struct service *service = project_service(s->project, cli->operand[0]);
	int code = everyday_carry_out(cli, s, plan, ON_FAILURE_STOP, NULL, "run");
	if (code) {
		cli_say(cli, "if it was made already, this removes it: docker rm -f %s",
			service->container_name);
		return code;
	}
	if (!last) {
		buf_printf(&cli->out, "%s\n", service->container_name);
		return EXIT_DONE;
	}
	lock_release(cli);
	struct words after = words_part(&last->argv, 1, last->argv.n);
	return outcome_attend(cli, s, &after, cli->environ, "the container");
}

/* Observe, plan, run. */
static int
observe_and_run(struct cli *cli, struct stack *s, const struct run_args *a) {
	int code = lock_project(cli, s->project, NULL);
	if (!code)
		code = stack_observe_fit(cli, s);
	if (code)
		return code;
	struct changes *changes = diff_make(cli->ctx, s->project, s->want, s->had,
		&(struct diff_options){.ignore_orphans = true});
	if (!changes)
		return EXIT_SPEC;
	accept_older(cli, changes);
	if (!stack_way_is_free(cli, changes))
		return EXIT_STEP;
	code = stack_sources(cli, s, changes);
	if (code)
		return code;
	struct plan *plan = make_plan(cli, s, changes, a);
	if (!plan)
		return EXIT_SPEC;
	if (!builds_are_possible(cli->ctx, &s->docker, plan))
		return EXIT_STEP;
	return carry_out(cli, s, plan);
}

/* Print the plan of an engine that has nothing. */
static int
show(struct cli *cli, struct stack *s, const struct run_args *a) {
	struct changes *changes = diff_make(cli->ctx, s->project, s->want, NULL, NULL);
	struct plan *plan = changes ? make_plan(cli, s, changes, a) : NULL;
	if (!plan)
		return EXIT_SPEC;
	return document_print(cli, s, plan);
}

/* Load, then print or run. */
static int
run(struct cli *cli, const void *args) {
	const struct run_args *a = args;
	struct stack s;
	if (!cli->noperand) {
		diag(cli->ctx, SEV_ERROR, (struct pos){0}, "usage",
			"'run' wants a service: the container is made as the spec has it");
		return EXIT_USAGE;
	}
	int code = a->show ? EXIT_DONE : stack_needs_labels(cli, "run");
	if (!code)
		code = load(cli, &s, a);
	if (code)
		return code;
	return a->show ? show(cli, &s, a) : observe_and_run(cli, &s, a);
}

const struct command cmd_run = {
	.name = "run",
	.args = "SERVICE [COMMAND [ARG...]]",
	.doc = "Run a command in a container of its own, made as the service's are.",
	.more = "Options stand before the service. What the service depends on is started first. "
		"Ports, "
		"restarts and the hooks post_start and pre_stop are for containers that stay: they "
		"are left out. How the "
		"container ended is told in a message; stackplan's own exit code is 1 when it "
		"failed.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct run_args),
	.operand = WORD_SERVICE,
	.ends = true,
	.run = run,
};
