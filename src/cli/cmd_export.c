/* cmd_export.c - the plan as a document: a script, a tutorial, JSON, a picture. Never touches
 * the engine. */
#include <stackplan/diag.h>
#include <stackplan/path.h>
#include <stackplan/str.h>

#include "stack_int.h"

struct export_args {
	struct plan_args plan;
	int format;
	const char *template, *output;
};

static const struct option rows[] = {
	PLAN_OPTION_ROWS(struct export_args),
	{.name = "format",
		.arg = "FORMAT",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct export_args, format),
		.choices = FORMAT_CHOICES,
		.later_choices = FORMAT_LATER,
		.doc = "What to make (default: sh)"},
	{.name = "template",
		.arg = "FILE",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct export_args, template),
		.word = WORD_FILE,
		.doc = "Render by a Mustache template of your own"},
	{.name = "output",
		.letter = 'o',
		.arg = "FILE",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct export_args, output),
		.word = WORD_FILE,
		.doc = "Write to FILE, whole or not at all, readable by you alone"},
};

/* Make the document and write it where it was wanted. */
static int
run(struct cli *cli, const void *args) {
	const struct export_args *a = args;
	int format = a->format ? a->format : FORMAT_SH;
	struct plan_options plan = plan_options_from(&a->plan, stack_labels(cli));
	struct stack s;
	struct buf b = {0};
	const char *why = NULL;
	int code = stack_load(cli, &s, a->plan.no_deps);
	if (!code && a->plan.compose_hash)
		code = stack_compose_hashes(cli, &s, NULL);
	if (!code)
		code = document_make(cli, &b, &s, &plan, format, a->template);
	if (code)
		goto out;
	if (!a->output || str_eq(a->output, "-")) {
		buf_add(&cli->out, b.s, b.n);
		goto out;
	}
	unsigned mode = format == FORMAT_SH && !a->template ? 0700 : 0600;
	if (!path_write(cli->ctx->mem, a->output, buf_str(&b), b.n, mode, &why)) {
		diag(cli->ctx, SEV_ERROR, (struct pos){0}, NULL, "cannot write '%s': %s", a->output,
			why);
		code = EXIT_STEP;
	}
out:
	buf_free(&b);
	return code;
}

const struct command cmd_export = {
	.name = "export",
	.args = "[SERVICE...]",
	.doc = "Write the plan as a script, a document, JSON or a picture.",
	.more = "It depends on the spec alone: no engine is asked.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct export_args),
	.operand = WORD_SERVICE,
	.run = run,
};
