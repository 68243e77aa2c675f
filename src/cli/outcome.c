/* outcome.c - running a plan for a verb, and its exit code. The last words about how it went are closing.c's. */
#include <signal.h>
#include <stackplan/diag.h>
#include <stackplan/follow.h>
#include <stackplan/proc.h>
#include <stackplan/run.h>
#include <stackplan/sig.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "stack_int.h"

enum {
	LEAST_DEFAULT = 4, /* an engine waits more than it works */
	MOST_DEFAULT = 8,
	MOST_PARALLEL = 1000,
};

/* Two commands for each processor. */
static size_t
default_parallel(void) {
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	size_t twice = n > 0 ? 2 * (size_t)n : LEAST_DEFAULT;
	return twice < LEAST_DEFAULT ? LEAST_DEFAULT : twice > MOST_DEFAULT ? MOST_DEFAULT : twice;
}

size_t
outcome_parallel_asked(const struct cli *cli) {
	int64_t n;
	if (cli->g->parallel.given)
		return (size_t)cli->g->parallel.value;
	const char *limit = getenv("COMPOSE_PARALLEL_LIMIT");
	if (!limit || !str_int(limit, -1, MOST_PARALLEL, &n))
		return 0;
	return n < 0 ? MOST_PARALLEL : (size_t)n;
}

size_t
outcome_parallel(const struct cli *cli) {
	size_t n = outcome_parallel_asked(cli);
	return n ? n : default_parallel();
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
		.on_failure = (enum on_failure)on_failure,
		.reporter = reporter ? reporter : outcome_reporter(cli, NULL),
	};
	cli_print_diags(cli);
	return run_plan(cli->ctx, &s->docker, plan, &options, result);
}

int
outcome_attend(struct cli *cli, const struct stack *s, const struct words *command,
	char *const *env, const char *what) {
	int status = 0, sig = 0;
	cli_act(cli);
	cli_flush(cli);
	cli_print_diags(cli);
	cli->attended = true;
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
		cli->die_of = result->signal == SIGPIPE ? 0 : result->signal;
		return 128 + result->signal;
	}
	if (result->ok)
		return EXIT_DONE;
	return result->gate_failed ? EXIT_GATE : EXIT_STEP;
}

/* What an engine says that is still busy with an earlier command, one whose client may be gone: what a plan was made for is not so any
 * more, and will be something else in a moment. */
static const char *const busy_words[] = {"is already in use by container", "already exists",
	"is already in progress", "No such container", "o such network", "has active endpoints",
	"is ambiguous", "marked for removal"};

/* Is it such a failure? */
static bool
is_busy(const struct step *s, const struct outcome *o) {
	if ((s->act == ACT_REMOVE || s->act == ACT_STOP) && strstr(o->output, "not found"))
		return true; /* that is gone already */
	for (size_t i = 0; i < countof(busy_words); i++)
		if (strstr(o->output, busy_words[i]))
			return true;
	return false;
}

bool
outcome_looks_again(
	struct cli *cli, const struct plan *plan, struct run_result *result, unsigned attempt) {
	static const long pause_ms[] = {100, 500, 1000};
	if (result->signal || attempt >= countof(pause_ms))
		return false;
	for (size_t i = 0; i < plan->nstep; i++)
		if (result->outcome[i].state == STEP_FAILED && !plan->step[i]->optional &&
			!is_busy(plan->step[i], &result->outcome[i]))
			return false;
	cli_say(cli, "the engine was still at work on an earlier command: looking again");
	nanosleep(&(struct timespec){.tv_sec = pause_ms[attempt] / 1000,
			  .tv_nsec = pause_ms[attempt] % 1000 * 1000000},
		NULL);
	result->signal = sig_cancelled();
	return !result->signal;
}
