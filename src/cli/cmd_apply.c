/* cmd_apply.c - make what the spec wants: observe, take the difference, run only that. */
#include <stackplan/diag.h>
#include <stackplan/run.h>
#include <stackplan/str.h>

#include "cli_int.h"

enum { TYPED_STOP = 1, TYPED_CONTINUE };

struct apply_args {
	struct plan_args plan;
	int on_failure;
	bool detach;
	const char *transcript;
};

static const struct option rows[] = {
	PLAN_OPTION_ROWS(struct apply_args),
	{.name = "on-failure",
		.arg = "HOW",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct apply_args, on_failure),
		.choices = "stop continue",
		.later_choices = "rollback",
		.doc = "After a failed step start nothing more, or go on with what does not need "
		       "it"},
	{.name = "detach",
		.letter = 'd',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct apply_args, detach),
		.doc = "Accepted: containers always run in the background"},
	{.name = "plan", .arg = "FILE", .kind = OPTION_TEXT, .later = true},
	TRANSCRIPT_OPTION_ROW(struct apply_args),
	{.name = "detailed-exitcode", .kind = OPTION_FLAG, .later = true},
};

/* Does the plan hold a step that changes something? Without one there is nothing to do, and
 * nothing is checked. */
static bool
has_work(const struct plan *plan) {
	for (size_t i = 0; i < plan->nstep; i++) {
		enum action act = plan->step[i]->act;
		if (act != ACT_CHECK && act != ACT_WAIT && act != ACT_QUERY)
			return true;
	}
	return false;
}

/* How many containers are wanted. */
static size_t
count_containers(const struct resources *want) {
	size_t n = 0;
	for (size_t i = 0; i < want->n; i++)
		n += want->v[i]->kind == KIND_CONTAINER;
	return n;
}

/* Run the plan and tell what became of it. */
static int
carry_out(struct cli *cli, struct stack *s, const struct plan *plan, int on_failure,
	const struct reporter *record) {
	struct run_result result = {0};
	cli->acts = true;
	bool ok = outcome_run(cli, s, plan,
		on_failure == TYPED_CONTINUE ? ON_FAILURE_CONTINUE : ON_FAILURE_STOP,
		outcome_reporter(cli, record), &result);
	int code = outcome_code(cli, &result);
	if (!ok) {
		outcome_say(cli, plan, &result, "apply");
		return code ? code : EXIT_STEP;
	}
	return cli->g->quiet ? EXIT_DONE : stack_observe_again(cli, s);
}

/* Observe, plan, run, and print the table. */
static int
run(struct cli *cli, const void *args) {
	const struct apply_args *a = args;
	struct plan_options options = plan_options_from(&a->plan, true);
	struct stack s;
	int code = plan_args_check(cli, &a->plan);
	if (!code)
		code = stack_needs_labels(cli, "apply");
	if (!code)
		code = stack_load_plan(cli, &s, &a->plan);
	if (!code)
		code = stack_want(cli, &s, true);
	if (!code)
		code = stack_observe_fit(cli, &s);
	if (code)
		return code;
	struct changes *changes = diff_make(cli->ctx, s.project, s.want, s.had);
	if (!changes)
		return EXIT_SPEC;
	if (!stack_way_is_free(cli, changes))
		return EXIT_STEP;
	code = stack_sources(cli, &s, changes);
	if (code)
		return code;
	struct plan *plan = plan_make(cli->ctx, s.project, s.engine, changes, &options);
	if (!plan)
		return EXIT_SPEC;
	if (!builds_are_possible(cli->ctx, &s.docker, plan))
		return EXIT_STEP;
	struct transcript *record = outcome_record(cli, &s, a->transcript, "apply", &code);
	if (code)
		return code;
	if (has_work(plan))
		code = carry_out(
			cli, &s, plan, a->on_failure, record ? transcript_reporter(record) : NULL);
	else {
		size_t n = count_containers(s.want);
		cli_say(cli, "nothing to do: %zu container%s as the spec wants %s", n,
			n == 1 ? " is" : "s are", n == 1 ? "it" : "them");
	}
	code = outcome_close_record(record, code);
	if (!code && !cli->g->quiet)
		table_containers(cli, s.want, s.had);
	return code;
}

const struct command cmd_apply = {
	.name = "apply",
	.alias = "up",
	.args = "[SERVICE...]",
	.doc = "Run what is missing, in parallel where possible.",
	.more = "What is there as the spec wants it is left alone. Gates of depends_on are "
		"awaited, and "
		"the checks of the spec are run at the end.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct apply_args),
	.operand = WORD_SERVICE,
	.run = run,
};
