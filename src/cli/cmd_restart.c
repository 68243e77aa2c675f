/* cmd_restart.c - stop containers and start them again, in the order of what they depend on. */
#include <stackplan/diag.h>
#include <stackplan/str.h>

#include "verbs_int.h"

static const struct option rows[] = {
	EVERYDAY_TIMEOUT_ROW,
	EVERYDAY_WAIT_ROW,
	EVERYDAY_ROWS,
};

/* As the other two of its kind. */
static int
run(struct cli *cli, const void *args) {
	return everyday_run(cli, &cmd_restart, EVERYDAY_RESTART, args);
}

const struct command cmd_restart = {
	.name = "restart",
	.args = "[SERVICE...]",
	.doc = "Stop containers and start them again.",
	.more = "They go in the order of what they depend on. Services that depend on them with "
		"'restart: true' are restarted too. A task that has ended well and that others "
		"wait for is not run again, unless it is named.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct everyday_args),
	.operand = WORD_SERVICE,
	.run = run,
};
