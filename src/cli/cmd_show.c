/* cmd_show.c - the preview: the commands in order, each with its reason. Never touches the
 * engine. */
#include <stackplan/diag.h>
#include <stackplan/str.h>

#include "stack_int.h"

struct show_args {
	struct plan_args plan;
	int format; /* FORMAT_SH ... */
	int on_failure;
	bool current, detailed;
	const char *out, *saved;
};

static const struct option rows[] = {
	PLAN_OPTION_ROWS(struct show_args),
	{.name = "format",
		.arg = "FORMAT",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct show_args, format),
		.choices = FORMAT_CHOICES " text",
		.later_choices = FORMAT_LATER,
		.doc = "What to print (default: text)"},
	{.name = "explain", .kind = OPTION_FLAG, .later = true},
	{.name = "current",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct show_args, current),
		.doc = "Only what must change against what the engine has now"},
	{.name = "out",
		.arg = "FILE",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct show_args, out),
		.word = WORD_FILE,
		.doc = "Save what --current tells in FILE, for apply --plan"},
	{.name = "plan",
		.arg = "FILE",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct show_args, saved),
		.word = WORD_FILE,
		.doc = "Print the plan that is saved in FILE; no engine is asked"},
	{.name = "on-failure",
		.arg = "HOW",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct show_args, on_failure),
		.choices = "stop continue rollback",
		.doc = "Accepted: it changes what apply does after a failure, not the commands"},
	{.name = "detailed-exitcode",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct show_args, detailed),
		.doc = "With --current or --plan: end with 2 when something must change"},
};

/* Do the options fit together? A script can be run again and again, and has the whole stack in it: it can not be made of what
 * differs now. */
static int
check_args(struct cli *cli, const struct show_args *a) {
	const char *why = NULL;
	if (a->format == FORMAT_SH && (a->current || a->out || a->saved))
		why = "'--format sh' makes a script of the whole stack: leave it out to have the "
		      "commands of this plan alone";
	else if (a->saved && (a->current || a->out))
		why = "'--plan' prints a plan that was saved before: leave out '--current' and "
		      "'--out'";
	if (!why)
		return EXIT_DONE;
	diag(cli->ctx, SEV_ERROR, (struct pos){0}, "usage", "%s", why);
	return EXIT_USAGE;
}

/* Print what apply would run now, and save it if wanted. */
static int
show_current(struct cli *cli, const struct show_args *a) {
	struct stack s;
	struct plan *plan;
	int code = stack_needs_labels(cli, "show --current");
	if (!code)
		code = current_look(cli, &s, &a->plan, ERRAND_READ);
	if (!code)
		code = current_plan(cli, &s, &a->plan, &plan);
	if (!code && a->out) {
		code = saved_write(cli, &s, plan, &a->plan, a->out);
		if (!code) /* the words of the first name the engine already */
			code = current_plan(cli, &s, &a->plan, &plan);
	}
	if (code)
		return code;
	bool work = plan_has_work(plan);
	plan_trim(plan, &a->plan);
	code = document_write(cli, &cli->out, &s, plan, a->format, NULL);
	return code || !work || !a->detailed ? code : EXIT_PENDING;
}

/* Print the plan. */
static int
run(struct cli *cli, const void *args) {
	const struct show_args *a = args;
	struct plan_options plan = plan_options_from(&a->plan, stack_labels(cli));
	struct stack s;
	bool pending = false;
	int code = check_args(cli, a);
	if (code)
		return code;
	if (a->current || a->out)
		return show_current(cli, a);
	if (a->saved) {
		code = saved_show(cli, a->saved, &a->plan, a->format, &pending);
		return code || !a->detailed || !pending ? code : EXIT_PENDING;
	}
	code = plan_args_check(cli, &a->plan);
	if (!code)
		code = stack_load_plan(cli, &s, &a->plan);
	if (!code && a->plan.compose_hash)
		code = stack_compose_hashes(cli, &s, NULL);
	if (code)
		return code;
	return document_make(cli, &cli->out, &s, &plan, a->format, NULL);
}

const struct command cmd_show = {
	.name = "show",
	.args = "[SERVICE...]",
	.doc = "Print the commands that would run, and why.",
	.more = "The output is a script for a POSIX shell. It depends on the spec alone, and no "
		"engine is "
		"asked, unless --current wants to know what must change.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct show_args),
	.operand = WORD_SERVICE,
	.run = run,
};
