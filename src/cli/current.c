/* current.c - the plan against what the engine has now: what apply runs, and `show --current` and `diff` tell. */
#include <stackplan/diag.h>
#include <stackplan/project.h>

#include "stack_int.h"

bool
plan_has_work(const struct plan *plan) {
	for (size_t i = 0; i < plan->nstep; i++) {
		enum action act = plan->step[i]->act;
		if (act != ACT_CHECK && act != ACT_WAIT && act != ACT_QUERY)
			return true;
	}
	return false;
}

bool
plan_only_waits(const struct plan *plan, const struct plan_args *args) {
	for (size_t i = 0; args->wait && i < plan->nstep; i++)
		if (plan->step[i]->act == ACT_WAIT)
			return true;
	return false;
}

void
plan_trim(struct plan *plan, const struct plan_args *args) {
	if (!plan_has_work(plan) && !plan_only_waits(plan, args))
		plan->nstep = 0;
}

int
current_look(struct cli *cli, struct stack *s, const struct plan_args *args, enum errand errand) {
	int code = plan_args_check(cli, args);
	if (!code)
		code = stack_load_plan(cli, s, args);
	if (!code && errand != ERRAND_READ)
		code = lock_project(cli, s->project, NULL);
	/* orphans are found in lists, and a saved plan was made from them */
	s->lean = errand == ERRAND_APPLY && !diff_options_from(args).remove_orphans;
	if (!code)
		code = stack_want(cli, s, true);
	if (!code)
		code = stack_observe_fit(cli, s);
	return code || !args->compose_hash ? code : stack_hashes_of_had(cli, s);
}

int
current_changes(
	struct cli *cli, struct stack *s, const struct plan_args *args, struct changes **out) {
	struct diff_options diff = diff_options_from(args);
	*out = diff_make(cli->ctx, s->project, s->want, s->had, &diff);
	return *out ? EXIT_DONE : EXIT_SPEC;
}

int
current_plan(struct cli *cli, struct stack *s, const struct plan_args *args, struct plan **out) {
	struct plan_options options = plan_options_from(args, true);
	struct changes *changes;
	int code = current_changes(cli, s, args, &changes);
	if (!code && args->compose_hash)
		code = stack_hashes_of_changes(cli, s, changes);
	if (code)
		return code;
	/* all that is wrong is told at once */
	bool is_free = stack_way_is_free(cli, changes);
	bool is_fit =
		preflight(cli->ctx, &s->docker, changes, s->had, &options, stack_is_here(cli));
	code = stack_sources(cli, s, changes);
	if (code || !is_free || !is_fit)
		return is_free && is_fit ? code : EXIT_STEP;
	*out = plan_make(cli->ctx, s->project, s->engine, changes, &options);
	if (!*out)
		return EXIT_SPEC;
	return builds_are_possible(cli->ctx, &s->docker, *out) ? EXIT_DONE : EXIT_STEP;
}
