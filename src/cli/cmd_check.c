/* cmd_check.c - every problem that can be known before the first step, at once. Only reads. */
#include <stackplan/diag.h>
#include <stackplan/project.h>
#include <stackplan/str.h>

#include "stack_int.h"

struct check_args {
	struct plan_args plan;
};

static const struct option rows[] = {
	PLAN_OPTION_ROWS(struct check_args),
};

/* How many steps would change something. */
static size_t
count_work(const struct plan *plan) {
	size_t n = 0;
	for (size_t i = 0; i < plan->nstep; i++) {
		enum action act = plan->step[i]->act;
		n += act != ACT_CHECK && act != ACT_WAIT && act != ACT_QUERY;
	}
	return n;
}

/* Make the plan, and say that nothing is in its way. */
static int
run(struct cli *cli, const void *args) {
	const struct check_args *a = args;
	struct stack s;
	struct plan *plan;
	int code = stack_needs_labels(cli, "check");
	if (!code)
		code = current_look(cli, &s, &a->plan, ERRAND_READ);
	if (!code)
		code = current_plan(cli, &s, &a->plan, &plan);
	if (code)
		return code;
	size_t n = count_work(plan);
	cli_say(cli,
		"nothing is in the way of '%s': names, ports, addresses, images, files and the "
		"engine's "
		"age were looked at; apply has %zu step%s to do",
		s.project->name, n, n == 1 ? "" : "s");
	return EXIT_DONE;
}

const struct command cmd_check = {
	.name = "check",
	.args = "[SERVICE...]",
	.doc = "Tell every problem that can be known before anything is done.",
	.more = "The options are those of apply. It ends with 1 when something is in the way; "
		"nothing is "
		"changed.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct check_args),
	.operand = WORD_SERVICE,
	.run = run,
};
