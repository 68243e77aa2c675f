/* outcome.c - running a plan for a verb, and the last words about how it went. */
#include <signal.h>
#include <stackplan/diag.h>
#include <stackplan/follow.h>
#include <stackplan/proc.h>
#include <stackplan/run.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_int.h"

enum { DEFAULT_PARALLEL = 4, MOST_PARALLEL = 1000 };

size_t
outcome_parallel(const struct cli *cli) {
	int64_t n;
	if (cli->g->parallel.given)
		return (size_t)cli->g->parallel.value;
	const char *limit = getenv("COMPOSE_PARALLEL_LIMIT");
	if (!limit || !str_int(limit, -1, MOST_PARALLEL, &n) || n == 0)
		return DEFAULT_PARALLEL;
	return n < 0 ? MOST_PARALLEL : (size_t)n;
}

/* Is standard error a terminal that understands more than lines? */
static bool
is_clever_terminal(void) {
	const char *term = getenv("TERM");
	return term && *term && !str_eq(term, "dumb") && isatty(STDERR_FILENO);
}

/* What --progress and --quiet mean for the reporter. A dumb terminal gets lines, whatever was asked for. */
static enum progress
progress(const struct globals *g) {
	const char *term = getenv("TERM");
	if (g->quiet || g->progress == TYPED_PROGRESS_QUIET)
		return PROGRESS_QUIET;
	if (g->progress == TYPED_PROGRESS_JSON)
		return PROGRESS_JSON;
	if (g->progress == TYPED_PROGRESS_TTY)
		return term && str_eq(term, "dumb") ? PROGRESS_PLAIN : PROGRESS_TTY;
	if (g->progress == TYPED_PROGRESS_PLAIN)
		return PROGRESS_PLAIN;
	return is_clever_terminal() ? PROGRESS_TTY : PROGRESS_PLAIN;
}

/* Does the terminal show UTF-8, by the locale? The console of Linux does, but lacks most characters. */
static bool
shows_utf8(void) {
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	static const char *const spellings[] = {"UTF-8", "utf8", "utf-8", "UTF8"};
	const char *locale = NULL, *term = getenv("TERM");
	bool is_utf8 = false;
	for (size_t i = 0; i < countof(names) && !(locale && *locale); i++)
		locale = getenv(names[i]);
	if (!locale || (term && str_eq(term, "linux")))
		return false;
	for (size_t i = 0; i < countof(spellings); i++)
		is_utf8 |= strstr(locale, spellings[i]) != NULL;
	return is_utf8;
}

const struct reporter *
outcome_reporter(struct cli *cli, const struct reporter *record) {
	struct report_options options = {.progress = progress(cli->g),
		.out = stderr,
		.colour = cli->colour,
		.verbose = cli->g->verbose,
		.utf8 = shows_utf8()};
	const struct reporter *reporter = report_make(cli->ctx, &options);
	return record ? report_both(cli->ctx, reporter, record) : reporter;
}

struct transcript *
outcome_record(
	struct cli *cli, const struct stack *s, const char *path, const char *verb, int *code) {
	struct transcript_options options = {.path = path,
		.verb = verb,
		.folder = stack_folder(cli, s),
		.docker = &s->docker,
		.project = s->project};
	struct transcript *t = path ? transcript_open(cli->ctx, &options) : NULL;
	*code = path && !t ? EXIT_STEP : EXIT_DONE;
	return t;
}

int
outcome_close_record(struct transcript *t, int code) {
	return !t || transcript_close(t) || code ? code : EXIT_STEP;
}

bool
outcome_run(struct cli *cli, const struct stack *s, const struct plan *plan, int on_failure,
	const struct reporter *reporter, struct run_result *result) {
	struct run_options options = {
		.parallel = outcome_parallel(cli),
		.on_failure =
			on_failure == ON_FAILURE_CONTINUE ? ON_FAILURE_CONTINUE : ON_FAILURE_STOP,
		.reporter = reporter ? reporter : outcome_reporter(cli, NULL),
	};
	cli_print_diags(cli);
	return run_plan(cli->ctx, &s->docker, plan, &options, result);
}

int
outcome_attend(struct cli *cli, const struct stack *s, const struct words *command,
	char *const *env, const char *what) {
	int status = 0, sig = 0;
	cli->acts = true;
	cli_flush(cli);
	cli_print_diags(cli);
	if (!attend(cli->ctx, &s->docker, command, env, &status, &sig))
		return EXIT_STEP;
	if (!status)
		return EXIT_DONE;
	if (sig) {
		cli->die_of = sig;
		return 128 + sig;
	}
	cli_say(cli, "%s ended with %s", what, proc_how(cli->ctx->mem, status));
	return EXIT_STEP;
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
	bool makes = str_eq(verb, "apply");
	if (makes && lacks_only_checks(plan, result))
		cli_say(cli, "to check again: %s", cli_again(cli, "verify", false));
	else
		cli_say(cli, "to go on from here: %s", cli_again(cli, verb, true));
	if (makes)
		cli_say(cli, "to remove what was made: %s", cli_again(cli, "down", false));
}
