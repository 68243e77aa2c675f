/* exits.c - the table of exit codes and the table of variables, as the man page prints them. */
#include <stackplan/str.h>

#include "cli_int.h"

const struct exit_row exit_rows[] = {
	{EXIT_DONE, "Done; also when there was nothing to do."},
	{EXIT_STEP, "A step failed, the engine holds something that is in the way, or output could "
		    "not be written."},
	{EXIT_PENDING, "Changes are pending."},
	{EXIT_STALE, "The saved plan is stale; nothing was done."},
	{EXIT_GATE, "A gate or a check failed."},
	{EXIT_USAGE, "The command line is wrong, or asks for what this version cannot do."},
	{EXIT_SPEC, "The spec is invalid."},
	{EXIT_NO_FILE, "A named file cannot be read."},
	{EXIT_ENGINE, "The engine cannot be reached."},
	{EXIT_MEMORY, "Out of memory."},
	{EXIT_NOT_EXECUTABLE, "The engine's program is not executable."},
	{EXIT_NOT_FOUND, "The engine's program was not found."},
	{EXIT_HUP, "The terminal was closed (SIGHUP)."},
	{EXIT_INT, "Interrupted (SIGINT)."},
	{EXIT_PIPE, "The reader of standard output left."},
	{EXIT_TERM, "Terminated (SIGTERM)."},
};
const size_t exit_nrows = countof(exit_rows);

const struct variable_row variable_rows[] = {
	{"COMPOSE_FILE", "The files, where no -f is given, separated by COMPOSE_PATH_SEPARATOR "
			 "(default: a colon)."},
	{"COMPOSE_PATH_SEPARATOR", "What separates the files in COMPOSE_FILE."},
	{"COMPOSE_PROJECT_NAME", "The project's name, where no -p is given."},
	{"COMPOSE_PROFILES", "Active profiles, separated by commas, where no --profile is given."},
	{"COMPOSE_ENV_FILES",
		"Files of variables, separated by commas, where no --env-file is given."},
	{"COMPOSE_DISABLE_ENV_FILE", "When true, .env is not read."},
	{"COMPOSE_PARALLEL_LIMIT",
		"How many commands run at a time, where no --parallel is given."},
	{"STACKPLAN_DOCKER", "The engine's program (default: docker, found along PATH)."},
	{"STACKPLAN_LIMIT",
		"How many seconds a command of docker may take (default: 60 for one that reads, "
		"600 for one that changes something, six hours for a pull, a build or a command in "
		"a container)."},
	{"DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG", "Passed through to docker untouched."},
	{"NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM",
		"Whether messages are coloured, where no --color is given."},
};
const size_t variable_nrows = countof(variable_rows);
