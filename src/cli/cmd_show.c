/* cmd_show.c - the preview: the commands in order, each with its reason. Never touches the
 * engine. */
#include <stackplan/str.h>

#include "cli_int.h"

struct show_args {
	struct plan_args plan;
	int format; /* FORMAT_SH ... */
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
	{.name = "current", .kind = OPTION_FLAG, .later = true},
	{.name = "out", .arg = "FILE", .kind = OPTION_TEXT, .later = true},
	{.name = "plan", .arg = "FILE", .kind = OPTION_TEXT, .later = true},
	{.name = "on-failure", .arg = "HOW", .kind = OPTION_TEXT, .later = true},
	{.name = "detailed-exitcode", .kind = OPTION_FLAG, .later = true},
};

/* Print the plan. */
static int
run(struct cli *cli, const void *args) {
	const struct show_args *a = args;
	struct plan_options plan = plan_options_from(&a->plan, stack_labels(cli));
	struct stack s;
	int code = plan_args_check(cli, &a->plan);
	if (!code)
		code = stack_load_plan(cli, &s, &a->plan);
	if (code)
		return code;
	return document_make(cli, &cli->out, &s, &plan, a->format, NULL);
}

const struct command cmd_show = {
	.name = "show",
	.args = "[SERVICE...]",
	.doc = "Print the commands that would run, and why.",
	.more = "The output is a script for a POSIX shell. It depends on the spec alone: no engine "
		"is asked.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct show_args),
	.operand = WORD_SERVICE,
	.run = run,
};
