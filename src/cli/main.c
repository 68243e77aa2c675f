/* main.c - one run: make the arena, read the command line, run the verb, say what went wrong,
 * and end with the right code. */
#include <fcntl.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/sig.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli_int.h"

extern char **environ;

/* Descriptors 0, 1 and 2 that are closed become /dev/null, so that no file of ours gets their
 * number. */
static void
open_standard_descriptors(void) {
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			_exit(EXIT_STEP);
}

/* What was typed decides: help, version, or the verb. */
static int
run_parsed(struct cli *cli, const struct parsed *parsed) {
	const struct command *c = parsed->command;
	if (parsed->g.version) {
		buf_adds(&cli->out, "stackplan " STACKPLAN_VERSION "\n");
		return EXIT_DONE;
	}
	if (parsed->g.help) {
		if (c && !c->raw)
			help_command(cli->ctx, &cli->out, c);
		else
			help_all(&cli->out, commands, ncommands);
		return EXIT_DONE;
	}
	if (!c) {
		struct buf b = {0};
		help_short(&b, commands, ncommands);
		fputs(buf_str(&b), stderr);
		buf_free(&b);
		return EXIT_USAGE;
	}
	return c->run(cli, parsed->args);
}

int
main(int argc, char **argv) {
	open_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	struct arena *mem = arena_new();
	struct ctx ctx = {.mem = mem, .diags = diags_new(mem)};
	struct parsed parsed;
	static char *no_words[] = {NULL};
	bool understood =
		opts_parse(&ctx, &parsed, commands, ncommands, argc > 0 ? argv + 1 : no_words);
	struct cli cli = {
		.ctx = &ctx,
		.g = &parsed.g,
		.operand = parsed.operand,
		.noperand = parsed.noperand,
		.environ = environ,
		.colour = cli_wants_colour(&parsed.g, STDERR_FILENO),
	};
	int code = understood ? run_parsed(&cli, &parsed) : EXIT_USAGE;
	code = cli_close(&cli, code);
	cli_print_diags(&cli);
	buf_free(&cli.out);
	int sig = cli.die_of;
	arena_free(mem);
	if (sig)
		sig_die(sig);
	return code;
}
