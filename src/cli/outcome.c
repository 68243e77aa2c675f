/* outcome.c - running a plan for a verb, and the last words about how it went. */
#include <signal.h>
#include <stackplan/diag.h>
#include <stackplan/run.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli_int.h"

enum { DEFAULT_PARALLEL = 4, MOST_PARALLEL = 1000 };

/* How many children at a time: --parallel, COMPOSE_PARALLEL_LIMIT (-1: as many as there are), or
 * the default. */
static size_t
parallel(const struct cli *cli) {
	int64_t n;
	if (cli->g->parallel.given)
		return (size_t)cli->g->parallel.value;
	const char *limit = getenv("COMPOSE_PARALLEL_LIMIT");
	if (!limit || !str_int(limit, -1, MOST_PARALLEL, &n) || n == 0)
		return DEFAULT_PARALLEL;
	return n < 0 ? MOST_PARALLEL : (size_t)n;
}

/* What --progress and --quiet mean for the reporter. */
static enum progress
progress(const struct globals *g) {
	if (g->quiet || g->progress == TYPED_PROGRESS_QUIET)
		return PROGRESS_QUIET;
	return g->progress == TYPED_PROGRESS_JSON ? PROGRESS_JSON : PROGRESS_PLAIN;
}

bool
outcome_run(struct cli *cli, const struct stack *s, const struct plan *plan, int on_failure,
	const struct reporter *reporter, struct run_result *result) {
	if (!reporter)
		reporter = report_make(cli->ctx, progress(cli->g), stderr, cli->colour);
	struct run_options options = {
		.parallel = parallel(cli),
		.on_failure =
			on_failure == ON_FAILURE_CONTINUE ? ON_FAILURE_CONTINUE : ON_FAILURE_STOP,
		.reporter = reporter,
	};
	cli_print_diags(cli);
	return run_plan(cli->ctx, &s->docker, plan, &options, result);
}

int
outcome_code(struct cli *cli, const struct run_result *result) {
	if (result->signal) {
		cli->die_of = result->signal;
		return 128 + result->signal;
	}
	if (result->ok)
		return EXIT_DONE;
	return result->gate_failed ? EXIT_GATE : EXIT_STEP;
}

/* Append "3 steps" or "1 step". */
static void
add_steps(struct buf *b, size_t n) {
	buf_printf(b, "%zu step%s", n, n == 1 ? "" : "s");
}

/* Is all done but some checks? */
static bool
lacks_only_checks(const struct plan *plan, const struct run_result *result) {
	for (size_t i = 0; i < plan->nstep; i++)
		if (plan->step[i]->act != ACT_CHECK && result->outcome[i].state != STEP_DONE)
			return false;
	return true;
}

void
outcome_say(struct cli *cli, const struct plan *plan, const struct run_result *result,
	const char *verb) {
	size_t n[STEP_SKIPPED + 1] = {0};
	cli_print_diags(cli);
	for (size_t i = 0; i < plan->nstep; i++)
		n[result->outcome[i].state]++;
	struct buf b = {0};
	add_steps(&b, n[STEP_DONE]);
	buf_printf(&b, " of %zu done", plan->nstep);
	if (n[STEP_FAILED])
		buf_printf(&b, ", %zu failed", n[STEP_FAILED]);
	size_t rest = n[STEP_WAITING] + n[STEP_RUNNING] + n[STEP_SKIPPED];
	if (rest)
		buf_printf(&b, ", %zu not done", rest);
	if (result->signal)
		buf_printf(&b, "; stopped by %s",
			result->signal == SIGINT    ? "an interrupt"
			: result->signal == SIGTERM ? "SIGTERM"
						    : "a signal");
	cli_say(cli, "%s", buf_str(&b));
	buf_free(&b);
	if (!plan->down && lacks_only_checks(plan, result))
		cli_say(cli, "to check again: %s", cli_again(cli, "verify", false));
	else
		cli_say(cli, "to go on from here: %s", cli_again(cli, verb, true));
	if (!plan->down)
		cli_say(cli, "to remove what was made: %s", cli_again(cli, "down", false));
}
