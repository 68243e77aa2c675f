/* commands.c - the list of verbs, in the order help prints them. */
#include <stackplan/str.h>

#include "cli_int.h"

/* Verbs of the contract that this version refuses. */
/* clang-format off */
#define LATER(verb) &(const struct command){.name = "" verb, .args = "", .doc = "", .later = true}
/* clang-format on */

const struct command *const commands[] = {
	&cmd_show,
	&cmd_apply,
	&cmd_verify,
	&cmd_down,
	&cmd_ps,
	&cmd_logs,
	&cmd_exec,
	&cmd_run,
	&cmd_stop,
	&cmd_start,
	&cmd_restart,
	&cmd_pull,
	&cmd_build,
	&cmd_diff,
	&cmd_check,
	&cmd_export,
	&cmd_config,
	&cmd_env,
	&cmd_explain,
	&cmd_help,
	&cmd_complete,
	&cmd_generate,
	LATER("doc"),
	LATER("import"),
	LATER("init"),
};
/* The rows are pointers, and it is pointers that are counted.
 * NOLINTNEXTLINE(bugprone-sizeof-expression) */
const size_t ncommands = countof(commands);
