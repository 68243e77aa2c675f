/* cmd_down.c - remove the stack: the plan that does it, run or printed. */
#include <stackplan/diag.h>
#include <stackplan/project.h>
#include <stackplan/run.h>
#include <stackplan/sig.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <unistd.h>

#include "stack_int.h"

enum { RMI_UNSET, RMI_LOCAL, RMI_ALL };

struct down_args {
	bool show, volumes, remove_orphans;
	int rmi;
	struct number timeout;
	const char *transcript;
};

static const struct option rows[] = {
	{.name = "show",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct down_args, show),
		.doc = "Print the commands instead; no engine is asked"},
	{.name = "volumes",
		.letter = 'v',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct down_args, volumes),
		.doc = "Remove the volumes too, with all that is in them"},
	{.name = "rmi",
		.arg = "WHICH",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct down_args, rmi),
		.choices = "local all",
		.doc = "Remove images too: those built here, or all"},
	{.name = "timeout",
		.letter = 't',
		.arg = "SECONDS",
		.kind = OPTION_SECONDS,
		.offset = offsetof(struct down_args, timeout),
		.max = 4000000,
		.doc = "Kill a container that has not stopped by then"},
	TRANSCRIPT_OPTION_ROW(struct down_args),
	{.name = "remove-orphans",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct down_args, remove_orphans),
		.doc = "Remove containers of the project that the spec does not know, too"},
};

/* What the options mean for the planner. */
static struct down_options
down_options_from(const struct cli *cli, const struct down_args *a) {
	return (struct down_options){
		.volumes = a->volumes,
		.anonymous = a->volumes,
		.images_local = a->rmi == RMI_LOCAL,
		.images_all = a->rmi == RMI_ALL,
		.keep_orphans = !a->remove_orphans && !is_yes("COMPOSE_REMOVE_ORPHANS"),
		.ignore_orphans = is_yes("COMPOSE_IGNORE_ORPHANS"),
		.timeout_s = a->timeout.given ? (a->timeout.value + 999) / 1000 : -1,
		.only = cli->operand,
		.nonly = cli->noperand,
	};
}

/* Print what would remove all that the spec wants. */
static int
print_plan(struct cli *cli, struct stack *s, const struct down_options *options) {
	struct plan *plan = plan_down(cli->ctx, s->project, s->engine, s->want, NULL, options);
	return plan ? document_print(cli, s, plan) : EXIT_SPEC;
}

/* On a terminal, data is removed only after a yes. Elsewhere --volumes says it all. */
static bool
is_agreed(const struct cli *cli, const struct plan *plan) {
	struct buf names = {0};
	char answer[16];
	for (size_t i = 0; i < plan->nstep; i++)
		if (plan->step[i]->kind == KIND_VOLUME)
			buf_printf(&names, "%s%s", names.n ? ", " : "", plan->step[i]->name);
	bool asks = names.n && !cli->g->yes && isatty(STDIN_FILENO);
	if (asks)
		fprintf(stderr, "this removes all data in: %s\ngo on? [y/N] ", buf_str(&names));
	buf_free(&names);
	return !asks ||
	       (fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y'));
}

/* Run the plan, on the record if there is one, and tell what became of it. Where the engine was still at work on something, look, plan
 * and run again. */
static int
run_plan_of(struct cli *cli, struct stack *s, struct plan *plan, const struct down_options *o,
	const char *transcript) {
	int code;
	struct transcript *record = outcome_record(cli, s, transcript, "down", &code);
	if (code)
		return code;
	struct run_result result = {0};
	struct words doomed = down_volumes(cli->ctx, s->project, s->had, o);
	bool ok;
	cli_act(cli);
	if (o->anonymous)
		lock_doom(cli, &doomed);
	for (unsigned attempt = 0;; attempt++) {
		code = stack_prove(cli, s);
		if (code)
			return outcome_close_record(record, code);
		ok = outcome_run(cli, s, plan, ON_FAILURE_CONTINUE,
			outcome_reporter(cli, record ? transcript_reporter(record) : NULL),
			&result);
		if (ok || !outcome_looks_again(cli, plan, &result, attempt))
			break;
		code = stack_observe(cli, s, LOOK_WIDE);
		if (code) {
			result.signal = sig_cancelled();
			outcome_say(cli, plan, &result, "down");
			return outcome_close_record(record, code);
		}
		plan = plan_down(cli->ctx, s->project, s->engine, s->want, s->had, o);
	}
	code = outcome_code(cli, &result);
	if (ok && o->anonymous)
		lock_doom(cli, &(struct words){0});
	if (!ok)
		outcome_say(cli, plan, &result, "down");
	return outcome_close_record(record, ok || code ? code : EXIT_STEP);
}

/* Remove what is there. */
static int
carry_out(struct cli *cli, struct stack *s, struct down_options *options, const char *transcript) {
	int code = lock_project(cli, s->project, NULL);
	options->also = cli->doomed;
	if (!code)
		code = stack_observe(cli, s, LOOK_WIDE);
	if (code)
		return code;
	struct plan *plan = plan_down(cli->ctx, s->project, s->engine, s->want, s->had, options);
	if (!plan)
		return EXIT_STEP;
	if (plan->nstep == 0) {
		struct transcript *record = outcome_record(cli, s, transcript, "down", &code);
		if (!code)
			cli_say(cli, "nothing to remove in the project '%s'", s->project->name);
		return outcome_close_record(record, code);
	}
	if (!is_agreed(cli, plan)) {
		cli_say(cli, "nothing was removed");
		return EXIT_STEP;
	}
	return run_plan_of(cli, s, plan, options, transcript);
}

/* Load the spec, then print or run the plan that removes the stack. */
static int
run(struct cli *cli, const void *args) {
	const struct down_args *a = args;
	bool labels = stack_labels(cli);
	struct down_options options = down_options_from(cli, a);
	struct stack s;
	int code = a->show ? EXIT_DONE : stack_needs_labels(cli, "down");
	if (!code)
		code = stack_load(cli, &s, true);
	if (!code)
		code = stack_want(cli, &s, labels);
	if (code)
		return code;
	return a->show ? print_plan(cli, &s, &options)
		       : carry_out(cli, &s, &options, a->transcript);
}

const struct command cmd_down = {
	.name = "down",
	.args = "[SERVICE...]",
	.doc = "Remove containers and networks of the stack.",
	.more = "Volumes stay unless --volumes is given. With services named, only their "
		"containers are "
		"removed.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct down_args),
	.operand = WORD_SERVICE,
	.run = run,
};
