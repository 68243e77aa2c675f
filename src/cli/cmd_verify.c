/* cmd_verify.c - run the checks of the spec, and say of each whether it holds. */
#include <errno.h>
#include <stackplan/diag.h>
#include <stackplan/project.h>
#include <stackplan/run.h>
#include <stackplan/str.h>
#include <string.h>

#include "stack_int.h"

/* One line of the result on standard output, safe for terminals. */
static void
put_line(struct cli *cli, const char *head, const char *text) {
	buf_adds(&cli->out, head);
	str_safe(&cli->out, text, strlen(text), false);
	buf_addc(&cli->out, '\n');
}

/* Put what a command said, a line at a time, indented. */
static void
put_output(struct cli *cli, const char *text) {
	while (*text) {
		size_t len = strcspn(text, "\n");
		buf_adds(&cli->out, "        ");
		str_safe(&cli->out, text, len, false);
		buf_addc(&cli->out, '\n');
		text += len;
		text += *text == '\n';
	}
}

/* A check has ended: say how, at once. */
static void
ended(void *arg, const struct step *step, const struct outcome *outcome) {
	struct cli *cli = arg;
	if (step->act != ACT_CHECK)
		return;
	if (outcome->state == STEP_DONE) {
		if (!cli->g->quiet)
			put_line(cli, "ok      ", step->title);
	} else {
		put_line(
			cli, outcome->state == STEP_SKIPPED ? "skipped " : "FAILED  ", step->title);
		if (outcome->why && *outcome->why)
			put_line(cli, "        ", outcome->why);
		if (outcome->output)
			put_output(cli, outcome->output);
	}
	cli_flush(cli);
}

/* Who does not read how the checks went does not want them. */
static bool
is_gone(void *arg) {
	const struct cli *cli = arg;
	return cli->out_errno == EPIPE;
}

/* Run the checks that the plan holds. */
static int
carry_out(struct cli *cli, struct stack *s, const struct plan *plan) {
	struct reporter reporter = {.ended = ended, .is_gone = is_gone, .arg = cli};
	struct run_result result = {0};
	if (cli->g->progress == TYPED_PROGRESS_JSON && !cli->g->quiet) {
		outcome_run(cli, s, plan, ON_FAILURE_CONTINUE, NULL, &result);
		for (size_t i = 0; i < plan->nstep; i++)
			ended(cli, plan->step[i], &result.outcome[i]);
	} else
		outcome_run(cli, s, plan, ON_FAILURE_CONTINUE, &reporter, &result);
	int code = outcome_code(cli, &result);
	return code == EXIT_STEP ? EXIT_GATE : code;
}

/* Load, observe, and run the checks alone. */
static int
run(struct cli *cli, const void *args) {
	(void)args;
	static const struct diff_options quietly = {.keep = true, .ignore_orphans = true};
	struct plan_options options = {.only_checks = true, .labels = true};
	struct stack s;
	int code = stack_needs_labels(cli, "verify");
	if (!code)
		code = stack_load(cli, &s, false);
	if (code)
		return code;
	if (s.project->ncheck == 0) {
		cli_say(cli, "nothing to verify: the spec has no checks (x-stackplan: checks:)");
		return EXIT_DONE;
	}
	code = stack_want(cli, &s, true);
	if (!code)
		code = stack_observe(cli, &s, LOOK_PLAIN);
	if (code)
		return code;
	struct changes *changes = diff_make(cli->ctx, s.project, s.want, s.had, &quietly);
	struct plan *plan =
		changes ? plan_make(cli->ctx, s.project, s.engine, changes, &options) : NULL;
	return plan ? carry_out(cli, &s, plan) : EXIT_SPEC;
}

const struct command cmd_verify = {
	.name = "verify",
	.args = "",
	.doc = "Run the checks of the spec.",
	.more = "Checks stand under 'x-stackplan: checks:'. One line tells how each went.",
	.run = run,
};
