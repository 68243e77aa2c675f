/* cmd_apply.c - make what the spec wants: observe, take the difference, run only that. */
#include <stackplan/diag.h>
#include <stackplan/path.h>
#include <stackplan/run.h>
#include <stackplan/sig.h>
#include <stackplan/str.h>

#include "stack_int.h"

enum { TYPED_STOP = 1, TYPED_CONTINUE, TYPED_ROLLBACK };

struct apply_args {
	struct plan_args plan;
	int on_failure;
	bool detach, detailed;
	const char *transcript, *file;
	struct saved *saved; /* what stands in the file */
};

static const struct option rows[] = {
	PLAN_OPTION_ROWS(struct apply_args),
	{.name = "on-failure",
		.arg = "HOW",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct apply_args, on_failure),
		.choices = "stop continue rollback",
		.doc = "After a failed step start nothing more, go on with what does not need it, "
		       "or take back what was done"},
	{.name = "detach",
		.letter = 'd',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct apply_args, detach),
		.doc = "Accepted: containers always run in the background"},
	{.name = "plan",
		.arg = "FILE",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct apply_args, file),
		.word = WORD_FILE,
		.doc = "Run the plan that show --out has saved in FILE, if nothing that it rests "
		       "on has "
		       "changed"},
	TRANSCRIPT_OPTION_ROW(struct apply_args),
	{.name = "detailed-exitcode",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct apply_args, detailed),
		.doc = "End with 2 instead of 0 when something was changed"},
};

/* How many containers are wanted. */
static size_t
count_containers(const struct resources *want) {
	size_t n = 0;
	for (size_t i = 0; i < want->n; i++)
		n += want->v[i]->kind == KIND_CONTAINER;
	return n;
}

/* Run the plan and tell what became of it. Where the engine was still at work on something, look, plan and run again. */
static int
carry_out(struct cli *cli, struct stack *s, struct plan *plan, const struct apply_args *a,
	const struct reporter *record) {
	struct run_result result = {0};
	bool ok;
	if (a->on_failure == TYPED_ROLLBACK && !networks_look(cli->ctx, &s->docker, plan->changes))
		return EXIT_STEP;
	cli_act(cli);
	for (unsigned attempt = 0;; attempt++) {
		int code = s->lean ? EXIT_DONE : stack_prove(cli, s);
		if (code)
			return code;
		ok = outcome_run(cli, s, plan,
			a->on_failure == TYPED_CONTINUE   ? ON_FAILURE_CONTINUE
			: a->on_failure == TYPED_ROLLBACK ? ON_FAILURE_UNDO
							  : ON_FAILURE_STOP,
			outcome_reporter(cli, record), &result);
		if (ok || a->saved || a->on_failure == TYPED_ROLLBACK ||
			!outcome_looks_again(cli, plan, &result, attempt))
			break;
		struct plan *next = NULL;
		code = stack_observe_fit(cli, s);
		if (!code)
			code = current_plan(cli, s, &a->plan, &next);
		if (code) {
			result.signal = sig_cancelled();
			outcome_say(cli, plan, &result, "apply");
			return code;
		}
		plan = next;
	}
	int code = outcome_code(cli, &result);
	if (!ok && a->on_failure == TYPED_ROLLBACK && !result.signal)
		rollback(cli, s, plan, &result, record);
	else if (!ok)
		outcome_say(cli, plan, &result, "apply");
	if (!ok)
		return code ? code : EXIT_STEP;
	code = cli->g->quiet ? EXIT_DONE : stack_observe_again(cli, s);
	if (code && sig_cancelled())
		cli_say(cli, "all is done; stopped by %s while asking how the containers are",
			signal_words(sig_cancelled()));
	return code;
}

/* Run the plan if there is work in it. */
static int
run_or_not(struct cli *cli, struct stack *s, struct plan *plan, const struct apply_args *a,
	const struct reporter *record) {
	if (plan_has_work(plan) || plan_only_waits(plan, &a->plan))
		return carry_out(cli, s, plan, a, record);
	size_t n = count_containers(s->want);
	cli_say(cli, "nothing to do: %zu container%s as the spec wants %s", n,
		n == 1 ? " is" : "s are", n == 1 ? "it" : "them");
	return EXIT_DONE;
}

/* Look and plan; a saved plan must come out the same. */
static int
look_and_plan(struct cli *cli, struct stack *s, const struct apply_args *a, struct plan **plan) {
	int code = a->saved ? saved_look(cli, s, &a->plan, a->saved)
			    : current_look(cli, s, &a->plan, ERRAND_APPLY);
	if (code)
		return code;
	return a->saved ? saved_plan(cli, s, &a->plan, a->saved, plan)
			: current_plan(cli, s, &a->plan, plan);
}

/* Observe, plan, run, and print the table. */
static int
apply(struct cli *cli, const struct apply_args *a) {
	struct stack s;
	struct plan *plan;
	int code = look_and_plan(cli, &s, a, &plan);
	if (code)
		return code;
	struct transcript *record = outcome_record(cli, &s, a->transcript, "apply", &code);
	if (code)
		return code;
	code = run_or_not(cli, &s, plan, a, record ? transcript_reporter(record) : NULL);
	code = outcome_close_record(record, code);
	if (!code && !cli->g->quiet)
		table_containers(cli, s.want, s.had);
	return code || !a->detailed || !plan_has_work(plan) ? code : EXIT_PENDING;
}

/* With --plan, the options are those of the file. */
static int
run(struct cli *cli, const void *args) {
	const struct apply_args *typed = args;
	struct apply_args a = *typed;
	struct arena *mem = cli->ctx->mem;
	int code = stack_needs_labels(cli, "apply");
	if (a.file && a.transcript)
		a.transcript = path_resolve(mem, path_cwd(mem), a.transcript, NULL);
	if (!code && a.file)
		a.saved = saved_begin(cli, a.file, &a.plan, &code);
	return code ? code : apply(cli, &a);
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
