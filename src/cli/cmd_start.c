/* cmd_start.c - start containers that are there, in the order of what they depend on. */
#include <stackplan/diag.h>
#include <stackplan/str.h>

#include "verbs_int.h"

static const struct option rows[] = {
	EVERYDAY_WAIT_ROW,
	EVERYDAY_ROWS,
};

/* As the other two of its kind. */
static int
run(struct cli *cli, const void *args) {
	return everyday_run(cli, &cmd_start, EVERYDAY_START, args);
}

const struct command cmd_start = {
	.name = "start",
	.args = "[SERVICE...]",
	.doc = "Start containers that are there and stopped.",
	.more = "What they depend on is started first, and gates are awaited. A task that has "
		"ended well and that others wait for is not run again, unless it is named.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct everyday_args),
	.operand = WORD_SERVICE,
	.run = run,
};
