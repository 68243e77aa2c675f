/* cmd_stop.c - stop containers, those that depend on others first. */
#include <stackplan/diag.h>
#include <stackplan/str.h>

#include "verbs_int.h"

static const struct option rows[] = {
	EVERYDAY_TIMEOUT_ROW,
	EVERYDAY_ROWS,
};

/* As the other two of its kind. */
static int
run(struct cli *cli, const void *args) {
	return everyday_run(cli, &cmd_stop, EVERYDAY_STOP, args);
}

const struct command cmd_stop = {
	.name = "stop",
	.args = "[SERVICE...]",
	.doc = "Stop containers; they stay, with all that is in them.",
	.more = "A container is stopped after those that depend on it. Containers of services that "
		"the spec does not have are left alone.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct everyday_args),
	.operand = WORD_SERVICE,
	.run = run,
};
