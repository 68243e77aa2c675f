/* explain_flags.c - flags of docker that a plan uses beside those of the rows of keys, and the
 * flags that have a second name.
 *
 * A flag that a row of a key has needs no text here: the row's own is told. */
#include <stackplan/str.h>

#include "explain_int.h"

const struct flag_row flag_rows[] = {
	{"--alias", NULL, "services.*.networks.*.aliases",
		"A further name of the container on a network that it is connected to. Service "
		"names are aliases without being written."},
	{"--attach", "-a", "",
		"Show what the container prints. A plan starts containers detached."},
	{"--cap-add", NULL, "services.*.cap_add", ""},
	{"--cpu-shares", "-c", "services.*.cpu_shares", ""},
	{"--detach", "-d", "",
		"Start the container and come back at once, printing its ID. Every "
		"container of a plan is run so."},
	{"--env", "-e", "services.*.environment services.*.env_file",
		"A variable for the container. NAME alone takes the value from docker's own "
		"environment: so a secret value stands in no command line."},
	{"--env-file", NULL, "services.*.env_file",
		"A file of variables for the container. A plan reads such files itself, since "
		"docker knows neither quotes nor ${...} in them; it uses this flag for names that "
		"docker would read for itself, with a file that never touches a disk."},
	{"--filter", "-f", "", "Which objects are listed; plans find their own ones by labels."},
	{"--force", "-f", "", "Remove a container that runs."},
	{"--format", NULL, "", "How docker prints what it finds."},
	{"--health-cmd", NULL, "services.*.healthcheck.test", ""},
	{"--hostname", "-h", "services.*.hostname", ""},
	{"--interactive", "-i", "services.*.stdin_open", ""},
	{"--label", "-l", "services.*.labels networks.*.labels volumes.*.labels",
		"A label of the object. Plans add their own: those of com.docker.compose for "
		"Docker's tools, those of dev.stackplan for deciding what is there already; "
		"'--labels none' shows a plan without them."},
	{"--memory", "-m", "services.*.mem_limit", ""},
	{"--mount", NULL, "services.*.volumes services.*.tmpfs",
		"A volume, folder or memory disk inside the container, as type=...,source=..., "
		"target=... . Used where -v cannot say it."},
	{"--name", NULL, "services.*.container_name",
		"The name of the container; PROJECT-SERVICE-NUMBER where the spec gives none."},
	{"--network", "--net", "services.*.networks services.*.network_mode",
		"The network that the container is in from its start. Further ones follow by "
		"docker "
		"network connect."},
	{"--network-alias", "--net-alias", "services.*.networks.*.aliases",
		"A name by which other containers on the network find this one. The service's name "
		"is one without being written."},
	{"--publish", "-p", "services.*.ports",
		"Make a port of the container reachable at a port of the host, as "
		"[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]."},
	{"--publish-all", "-P", "services.*.expose",
		"Publish every exposed port at a free port of the host. No key does that; ports "
		"without a host port do it one by one."},
	{"--pull", NULL, "services.*.pull_policy",
		"When to fetch the image: always, missing or never."},
	{"--quiet", "-q", "", "Print less: IDs only, or no progress."},
	{"--rm", NULL, "", "Remove the container when it ends: checks of kind run use it."},
	{"--tmpfs", NULL, "services.*.tmpfs", ""},
	{"--tty", "-t", "services.*.tty", ""},
	{"--user", "-u", "services.*.user", ""},
	{"--volume", "-v", "services.*.volumes",
		"A named volume or a folder of the host inside the container, as "
		"SOURCE:TARGET[:OPTIONS]. With docker rm: the anonymous volumes, too."},
	{"--volumes", NULL, "", "With docker rm: the container's anonymous volumes, too."},
	{"--workdir", "-w", "services.*.working_dir", ""},
};
const size_t flag_nrows = countof(flag_rows);
