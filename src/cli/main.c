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
	if (cli->plugin->metadata) {
		buf_adds(&cli->out, cli->plugin->metadata);
		return EXIT_DONE;
	}
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
	struct parsed parsed = {0};
	struct plugin plugin;
	bool understood = plugin_begin(&ctx, &plugin, argc, argv) &&
			  opts_parse(&ctx, &parsed, commands, ncommands, plugin.argv);
	struct cli cli = {
		.ctx = &ctx,
		.plugin = &plugin,
		.g = &parsed.g,
		.operand = parsed.operand,
		.noperand = parsed.noperand,
		.own = parsed.own,
		.environ = environ,
		.colour = cli_wants_colour(&parsed.g, STDERR_FILENO),
	};
	int code = understood ? run_parsed(&cli, &parsed) : EXIT_USAGE;
	lock_release(&cli);
	code = cli_close(&cli, cli_end(&cli, code));
	cli_print_diags(&cli);
	buf_free(&cli.out);
	int sig = cli.die_of;
	arena_free(mem);
	if (sig && !plugin.called) /* docker tells no such end from another */
		sig_die(sig);
	return code;
}
