/* cmd_help.c - `help`, and the hidden verb that makes the man page and the completion scripts
 * from the rows. */
#include <stackplan/diag.h>
#include <stackplan/str.h>
#include <stackplan/view.h>

#include "explain_int.h"

/* Help on stackplan, or on the verb that is named. */
static int
run_help(struct cli *cli, const void *args) {
	(void)args;
	if (!cli->noperand) {
		help_all(&cli->out, commands, ncommands);
		return EXIT_DONE;
	}
	const struct command *c = command_find(commands, ncommands, cli->operand[0]);
	if (c && !c->hidden && !c->later) {
		help_command(cli->ctx, &cli->out, c);
		return EXIT_DONE;
	}
	diag(cli->ctx, SEV_ERROR, (struct pos){0}, "usage",
		c && c->later ? "'%s' is not supported by this version yet" : "unknown verb '%s'",
		cli->operand[0]);
	diag_note(cli->ctx, (struct pos){0}, "see 'stackplan --help'");
	return EXIT_USAGE;
}

const struct command cmd_help = {
	.name = "help",
	.args = "[VERB]",
	.doc = "Tell about stackplan, or about a verb.",
	.operand = WORD_VERB,
	.run = run_help,
};

/* Render a built-in template over the tree of rows. */
static int
run_generate(struct cli *cli, const void *args) {
	(void)args;
	for (size_t i = 0; i < cli->noperand; i++)
		if (!render_named(cli->ctx, &cli->out, cli->operand[i],
			    str_eq(cli->operand[i], "keys.md")
				    ? keys_tree(cli->ctx)
				    : rows_tree(cli->ctx, commands, ncommands)))
			return EXIT_USAGE;
	return EXIT_DONE;
}

const struct command cmd_generate = {
	.name = "__generate",
	.args = "NAME...",
	.doc = "Print a file that is made from the rows: completion.bash, completion.zsh, "
	       "completion.fish, man.1, keys.md.",
	.run = run_generate,
	.hidden = true,
};
