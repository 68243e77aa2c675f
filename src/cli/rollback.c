/* rollback.c - `apply --on-failure rollback`: what a run has done that has failed is taken back, and the last words about that.
 * The engine is asked first what is there: a command that failed may have done its work all the same. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/quote.h>
#include <stackplan/run.h>
#include <stackplan/sig.h>
#include <stackplan/str.h>

#include "stack_int.h"

/* A command as it can be typed. */
static const char *
command_text(struct cli *cli, const struct words *argv) {
	static const struct quote_refs refs = {0};
	struct words global = stack_global_words(cli);
	struct buf b = {0};
	for (size_t i = 0; i < argv->n; i++) {
		buf_adds(&b, i ? " " : "");
		quote_word(&b, &argv->v[i], &refs);
		for (size_t k = 0; i == 0 && k < global.n; k++) {
			buf_addc(&b, ' ');
			quote_word(&b, &global.v[k], &refs);
		}
	}
	return arena_take_buf(cli->ctx->mem, &b);
}

/* What stays on purpose, and what can't be taken back. */
static void
say_left(struct cli *cli, const struct plan *plan, const struct left *left) {
	for (size_t i = 0; i < left->n; i++) {
		const struct step *s = left->v[i];
		struct words undo = step_undo(cli->ctx, plan, s);
		if (s->kind == KIND_VOLUME && s->act == ACT_CREATE)
			cli_say(cli, "the volume '%s' stays, for it may hold data: %s removes it",
				s->name, command_text(cli, &undo));
		else
			cli_say(cli, "step %u can't be taken back: %s", s->id, s->why);
	}
}

/* Images that were got stay. */
static void
say_images(struct cli *cli, const struct plan *plan, const struct run_result *result) {
	size_t n = 0;
	for (size_t i = 0; i < plan->nstep; i++)
		n += (plan->step[i]->act == ACT_PULL || plan->step[i]->act == ACT_BUILD) &&
		     outcome_was_done(&result->outcome[i]);
	if (n)
		cli_say(cli, "the image%s that %s got stay%s", n == 1 ? "" : "s",
			n == 1 ? "was" : "were", n == 1 ? "s" : "");
}

/* How far it came, and the commands that do the rest. */
static void
say_result(struct cli *cli, const struct plan *undo, const struct run_result *result) {
	size_t done = 0;
	for (size_t i = 0; i < undo->nstep; i++)
		done += result->outcome[i].state == STEP_DONE;
	struct buf b = {0};
	add_steps(&b, undo->nstep);
	if (result->ok && !result->signal)
		cli_say(cli, "rolled back, in %s", buf_str(&b));
	else if (result->signal)
		cli_say(cli, "the rollback was stopped by %s: %zu of its %s done",
			signal_words(result->signal), done, buf_str(&b));
	else
		cli_say(cli, "the rollback is not complete: %zu of its %s done", done, buf_str(&b));
	buf_free(&b);
	for (size_t i = 0, told = 0; i < undo->nstep; i++) {
		if (result->outcome[i].state == STEP_DONE || undo->step[i]->optional)
			continue;
		if (!told++)
			cli_say(cli, "what is left is done by:");
		cli_say(cli, "    %s", command_text(cli, &undo->step[i]->argv));
	}
}

/* Take back what can be; false when not all was. */
static bool
carry_out(
	struct cli *cli, struct stack *s, const struct plan *undo, const struct reporter *record) {
	struct run_result result = {0};
	cli_say(cli, "taking back what was done:");
	bool ok = outcome_run(
		cli, s, undo, ON_FAILURE_CONTINUE, outcome_reporter(cli, record), &result);
	cli_print_diags(cli);
	say_result(cli, undo, &result);
	return ok;
}

void
rollback(struct cli *cli, struct stack *s, const struct plan *plan, const struct run_result *result,
	const struct reporter *record) {
	const struct deed *deed = outcome_deeds(cli, plan, result);
	struct left left;
	cli_print_diags(cli);
	if (stack_observe(cli, s, LOOK_WIDE) != EXIT_DONE || stack_prove(cli, s) != EXIT_DONE) {
		cli_print_diags(cli);
		if (sig_cancelled())
			cli_say(cli, "nothing was taken back: it was stopped by %s",
				signal_words(sig_cancelled()));
		else
			cli_say(cli,
				"nothing was taken back: the engine does not tell what is there");
		outcome_say(cli, plan, result, "apply");
		return;
	}
	const struct plan *undo = plan_undo(cli->ctx, plan, deed, s->had, &left);
	if (undo->nstep)
		carry_out(cli, s, undo, record);
	else
		cli_say(cli, left.n ? "there is nothing that can be taken back"
				    : "nothing was changed, so nothing is taken back");
	say_left(cli, plan, &left);
	say_images(cli, plan, result);
	cli_say(cli, "to try again: %s", cli_once_more(cli, "apply"));
}
