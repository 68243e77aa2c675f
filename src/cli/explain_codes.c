/* explain_codes.c - what each diagnostic code means, and what to do, sorted by code.
 *
 * tests/codes.sh holds this table against the sources: a code without a row fails. */
#include <stackplan/str.h>

#include "explain_int.h"

/* Rows are laid out by hand: a paragraph each. */
/* clang-format off */

const struct code_row code_rows[] = {
	{"age-unknown",
		"The policy pulls an image again when it has a certain age, and only an "
		"engine knows its age. A plan that asks no engine pulls it where it is "
		"missing."},
	{"alias-bomb",
		"Following the aliases of this file would make it larger than any spec is. "
		"Write out what is meant, or use fewer anchors inside anchors."},
	{"alias-loop",
		"An alias stands inside the very thing that its anchor names, so it would "
		"never end."},
	{"bad-bool",
		"The key wants true or false."},
	{"bad-check",
		"A check of x-stackplan is not complete: it has one of exec, run and logs, "
		"and says what to expect."},
	{"bad-choice",
		"The key takes one of a few words; the message names them."},
	{"bad-command",
		"The command cannot be split into words: a quote is not closed, or a "
		"backslash ends it. A list of words needs no splitting."},
	{"bad-device",
		"A device is HOST[:CONTAINER[:PERMISSIONS]], where the permissions are made "
		"of r, w and m."},
	{"bad-duration",
		"A duration has units: 90s, 1m30s, 500ms, 1h. A number alone is none, but for "
		"0."},
	{"bad-env-line",
		"A line of an env file is NAME=value, empty, or a comment that begins with "
		"'#'."},
	{"bad-env-name",
		"The name of a variable is not empty and holds no '=' and no blank."},
	{"bad-host",
		"An extra host is NAME=ADDRESS, where the address is an IP address or "
		"host-gateway."},
	{"bad-image",
		"An image reference is [REGISTRY/]NAME[:TAG][@DIGEST] in lower case, but for "
		"the tag."},
	{"bad-interpolation",
		"A '$' begins a variable: $NAME, ${NAME}, ${NAME:-default}, ${NAME:?message}, "
		"${NAME:+alternate}. A '$' that is meant as such is written '$$'."},
	{"bad-key",
		"A key of a mapping is a text. A number or true needs quotes; so does a "
		"template such as {{...}}."},
	{"bad-label",
		"No docker command can set a label whose name is empty or holds '=' or "
		"blanks."},
	{"bad-limit",
		"Limits of memory do not fit together, or are less than an engine gives."},
	{"bad-merge",
		"'<<' brings in the keys of a mapping, or of a list of mappings; nothing else "
		"fits."},
	{"bad-mode",
		"Permission bits are octal digits such as 0440."},
	{"bad-mount",
		"A mount is [SOURCE:]TARGET[:OPTIONS], where the target is an absolute path "
		"in the container and a source that is no name begins with '.', '/' or '~'."},
	{"bad-name",
		"The engine takes no such name: letters, digits, '_', '.' and '-' are right, "
		"a letter or digit first."},
	{"bad-number",
		"The key wants a number, within the limits that the message gives."},
	{"bad-pair",
		"A list of pairs has NAME=value, or NAME alone, in each item."},
	{"bad-platform",
		"The platform of the service is not among those that its build lists."},
	{"bad-port",
		"A port is [[ADDRESS:]HOST:]CONTAINER[/PROTOCOL] with numbers from 0 to "
		"65535; ranges of both sides are equally long. Write it in quotes."},
	{"bad-project-name",
		"The name of a project has lower-case letters, digits, '-' and '_', and "
		"begins with a letter or digit."},
	{"bad-pull-policy",
		"`pull_policy` wants always, missing, if_not_present, never, build, "
		"daily, weekly, every_ with a time such as every_12h, or refresh with a "
		"`pull_refresh_after` beside it."},
	{"bad-regex",
		"What stands between slashes is an extended regular expression, and this one "
		"cannot be read."},
	{"bad-restart",
		"A restart policy is no, always, unless-stopped, on-failure or on-failure:N."},
	{"bad-scale",
		"How many containers a service has is a number from 0 on; a service with a "
		"container_name has one at most."},
	{"bad-service-name",
		"The name of a service holds what no name of a container can hold."},
	{"bad-size",
		"A size is a number of bytes, or a number with a unit: 512m, 1.5g, 64k, "
		"powers of 1024."},
	{"bad-tag",
		"The tag says that the value is of one type, and its text is of another."},
	{"bad-template",
		"A template cannot be read: a tag is not closed, or a section does not end "
		"where it should."},
	{"bad-test",
		"The test of a healthcheck is a text for the shell, or a list that begins "
		"with CMD, CMD-SHELL or NONE."},
	{"bad-utf8",
		"The file is not UTF-8 here. Save it in that encoding."},
	{"bind-missing",
		"The source of a bind mount is not there. For most mounts docker makes an empty folder "
		"of it, owned by root, even where a file was meant; with create_host_path: false the "
		"container cannot start."},
	{"blocked",
		"The object is there and was made from another spec, and it can't be replaced while "
		"something that is not part of this plan uses it. The message names what does."},
	{"build-circle",
		"Builds that start from one another's images by `additional_contexts: "
		"service:` can never begin."},
	{"built-twice",
		"Two services build one image in different ways. The later one of the "
		"file is built."},
	{"cannot-merge",
		"A mapping, a list and a plain value cannot be laid over one another: write both the "
		"same way, or tag the later one !override so that it takes the place of the earlier."},
	{"cannot-read",
		"A file that was named is not there, is a folder, or may not be read."},
	{"command-cut",
		"A text is split into words without a shell: what follows an operator such as "
		"| or && is dropped, as Compose does it. Write [sh, -c, \"...\"] for a shell."},
	{"compose-hash",
		"With --compose-hash containers carry the digests that 'docker compose config "
		"--hash' tells, so that 'docker compose up' keeps them. Either Compose does not "
		"tell them, or the message names a container that it will make anew all the "
		"same."},
	{"conflict",
		"Something of this name is there already and is not of this project, or two "
		"things that exclude each other are asked for. Remove or rename one."},
	{"control-char",
		"The file holds a character that no YAML text may hold; in double quotes it "
		"is written as an escape."},
	{"copy-read-only",
		"A secret or config without a file of its own is copied into the container, "
		"and a read-only container takes none. Give it a 'file', which is mounted."},
	{"count-and-ids",
		"A request of devices says how many or which ones, not both."},
	{"cycle",
		"Services wait for one another in a circle, so none could start first. The "
		"notes show the chain; take one link away."},
	{"disabled-service",
		"A service needs another one that no active profile enables. Give its "
		"profile, or name the service."},
	{"duplicate-key",
		"A mapping has the same key twice; the second one would hide the first."},
	{"empty-file",
		"The file has no services. A spec has at least 'services:' with one service "
		"below it."},
	{"engine-answer",
		"The engine said something that cannot be right, or its answer is cut. "
		"Nothing was changed."},
	{"engine-can-not",
		"The engine in use cannot do what the key asks; everything else is done."},
	{"engine-program",
		"The engine's program was not found or cannot be run. Install it, or name it "
		"in STACKPLAN_DOCKER."},
	{"engine-unreachable",
		"The engine does not answer: it is not running, its address is wrong, or you "
		"may not use its socket."},
	{"env-not-passable",
		"A variable that docker reads for itself must go through an env file, which "
		"can hold neither this name nor this value."},
	{"env-too-long",
		"A variable and its value are longer than what any program can be given. Put "
		"the text into a file."},
	{"extends-circle",
		"Services extend one another in a circle, so none of them is a beginning: take one "
		"of the extends away."},
	{"extends-too-deep",
		"The chain of services that extend one another is longer than any real one."},
	{"external-grant",
		"External secrets and configs are kept by a swarm; a container without one can "
		"have them from a file, from a variable or, for configs, from the spec."},
	{"external-mixed",
		"What is external is made elsewhere, so no key can say how to make it."},
	{"hidden-file",
		"A file is copied into the container before the start, and a tmpfs is mounted "
		"over it at the start: nobody will see it."},
	{"hook-without-command",
		"A hook is a command that runs in the container of its service. pre_start "
		"alone may leave it out: then the command of its image runs."},
	{"image-absent",
		"A container is to be made from an image that is not there, and the policy forbids to pull it. Get it by hand, or "
		"change the policy."},
	{"include-circle",
		"Files include one another in a circle: take one of the includes away."},
	{"include-too-deep",
		"The chain of files that include one another is longer than any real one."},
	{"kept",
		"The spec has changed, and --no-recreate keeps the container as it was made. Without that "
		"option it is replaced."},
	{"keys-exclude",
		"Two keys exclude one another; the message says which one has no place, and why."},
	{"limit-differs",
		"A limit of the service and the same limit in deploy.resources say different "
		"things."},
	{"lock",
		"One command at a time changes a project. Another one is at it and did not end, or the file by which they "
		"know of each other cannot be made."},
	{"missing",
		"Something external that the spec only uses is not there. Make it first."},
	{"missing-key",
		"A key that is needed here is not there."},
	{"mounted-twice",
		"Two mounts of a service have the same target; only one of them could be "
		"seen."},
	{"name-and-scale",
		"A container with a name of its own can only be there once, and more are "
		"asked for."},
	{"network-by-hand",
		"Somebody has connected the container to a network that is not one of this project's. It is left so, and "
		"a container that takes its place is not in that network: name it in the spec as an external one."},
	{"network-mode",
		"A service is in networks, or shares another network by network_mode: not "
		"both."},
	{"no-base",
		"The service that extends names is not in that file."},
	{"no-buildkit",
		"The key has an option in BuildKit's builds only, and this docker has "
		"no BuildKit: install the buildx plugin."},
	{"no-effect",
		"The key is accepted, and what it says comes to nothing here: the message "
		"tells why."},
	{"no-file",
		"No compose file was found here or in a folder above. Name it with -f."},
	{"no-form",
		"The spec allows this, and no docker command has a form for it."},
	{"no-healthcheck",
		"A service waits until another one is healthy, and that one has no "
		"healthcheck that could tell."},
	{"no-service",
		"The spec has no service of this name."},
	{"no-start-period",
		"start_interval counts during start_period alone, so it needs one."},
	{"no-template",
		"There is no built-in template of this name."},
	{"not-built",
		"An image that only a build can make is not there, and `--no-build` "
		"forbids the build."},
	{"not-running",
		"A verb that works in a container needs one that is there, or is running."},
	{"not-yet",
		"The verb, option or choice is part of the contract, and this version does "
		"not have it yet."},
	{"noted-key",
		"The key is accepted and has no effect here; the message says why. The stack "
		"still does what it says."},
	{"nul-byte",
		"The file holds a NUL byte, which no text may hold."},
	{"one-platform",
		"A stack runs on one platform, so of several in `build.platforms` the "
		"image is built for one: that of the service, or the engine's own."},
	{"orphan",
		"A container bears the project's labels, and no service of the spec wants it: the "
		"spec has changed since, or another one has the same project name. Nothing removes "
		"it unasked."},
	{"orphans",
		"The project has containers of services that the spec does not have any more, or that another "
		"file made under the same project name. --remove-orphans removes them; "
		"COMPOSE_IGNORE_ORPHANS=1 silences this."},
	{"port-and-scale",
		"Each container needs a port of the host for itself, and the spec gives fewer "
		"than there are containers."},
	{"port-taken",
		"A port of the host belongs to one listener at a time. The message names who has it."},
	{"project-renamed",
		"Containers of another project were made from this very file, and none of this project is there: the "
		"project was probably renamed. All is made anew under the new name; the old project stays as it is, "
		"volumes too, until 'down' is called for it."},
	{"quote-in-test",
		"A test given as a list is written as one shell text, where a single quote "
		"beside a value from outside has no place."},
	{"refused-key",
		"No docker command can do what the key asks; the message says what to do "
		"instead."},
	{"remote-file",
		"A file is named by an address on the network; only files on this machine are read. Fetch "
		"it first."},
	{"replaced",
		"Two secrets, or two configs, of a service have the same target. The later "
		"one counts, as in Compose."},
	{"required-variable",
		"The spec says that the variable must be set (${NAME:?message}), and it is "
		"not, or is empty. Set it in the environment or in .env."},
	{"same-container-name",
		"Two services name their container the same; the engine takes each name once."},
	{"same-port",
		"Two services publish the same port of the host; the second one would not "
		"start."},
	{"saved-plan",
		"The file of a saved plan cannot be read or written, or is not one, or was changed. Make it anew with 'show --current "
		"--out FILE'."},
	{"scale-differs",
		"scale and deploy.replicas say how many containers there are, and they "
		"disagree."},
	{"secret-in-command",
		"A secret value stands in the command of a container, where everybody on the "
		"machine can read it. In environment it would not."},
	{"secret-in-name",
		"A name is shown to everybody who lists containers, and this one would hold a "
		"secret."},
	{"several-files",
		"Several files with a default name lie side by side; the message says which "
		"one is used."},
	{"source-missing",
		"A folder to build from, or the file of a secret or config, is not there. Make it "
		"before you apply."},
	{"stale",
		"Something that the saved plan rests on is another thing now, so it is not run: look at 'show --current', and "
		"save it anew."},
	{"subnet-taken",
		"Two networks of an engine cannot have an address in common. The message names both."},
	{"tab-indent",
		"YAML indents by blanks; a tab cannot stand there."},
	{"too-deep",
		"Mappings and lists are nested deeper than any spec needs."},
	{"too-large",
		"The file is larger, or holds more values, than is read."},
	{"too-long",
		"The values of variables make a text longer than is taken."},
	{"too-many-files",
		"The files that are laid over each other, included and extended are more than any "
		"real spec has."},
	{"too-many-ports",
		"A range, or all of them together, holds more ports than one service can "
		"have."},
	{"too-new",
		"The engine, or the docker program, is older than what the key needs. Many "
		"would accept it and do nothing. Bring both up to date, or leave the key out."},
	{"twice",
		"The same item stands twice in a list where that has no meaning. Leave one "
		"out."},
	{"two-dockerfiles",
		"A build has a Dockerfile by its path or by its text, not both."},
	{"two-sources",
		"A secret or config has one source: a file, a variable of the environment, "
		"or, for a config, its content."},
	{"unclosed-quote",
		"A quote is opened and not closed. Everything up to the end of the file would "
		"be text."},
	{"undefined-config",
		"A service uses a config that is not declared below 'configs:' at the top."},
	{"undefined-network",
		"A service uses a network that is not declared below 'networks:' at the top."},
	{"undefined-secret",
		"A service uses a secret that is not declared below 'secrets:' at the top."},
	{"undefined-volume",
		"A service uses a named volume that is not declared below 'volumes:' at the "
		"top. A folder begins with './'."},
	{"unknown-alias",
		"An alias (*name) has no anchor (&name) before it. A text that begins with "
		"'*' needs quotes."},
	{"unknown-key",
		"No such key is known here. The message names the one that was probably "
		"meant, or where it would be right; keys of your own begin with x-."},
	{"unknown-option",
		"An option of a mount is not known, and is left out as Compose does."},
	{"unknown-service",
		"A service is named that the spec does not have."},
	{"unreadable",
		"A template file is not there, or may not be read."},
	{"unset-source",
		"A secret or config is read from a variable that is not set. Set it in the "
		"environment or in .env."},
	{"unset-variable",
		"A variable is used and not set; an empty text takes its place. ${NAME:-} "
		"says that this is meant."},
	{"usage",
		"The command line is wrong; --help tells what is right."},
	{"volume-kept",
		"A volume's settings count when it is made. The spec has others now, and the volume is kept, since "
		"another one would be empty."},
	{"volume-renamed",
		"The spec gives a volume another name than the one that it has on the engine. A new one is made, and the "
		"old one stays with all its data. 'docker run --rm -v OLD:/from:ro -v NEW:/to IMAGE cp -a /from/. /to' "
		"copies them; 'name: OLD' goes on with the old one."},
	{"word-too-long",
		"One argument of a command is longer than the system lets a program have."},
	{"wrong-type",
		"The key wants another type of value: a list instead of a mapping, a text "
		"instead of a number, and so on."},
	{"yaml-syntax",
		"The file is no YAML here. Look at this line and the one before it: "
		"indentation, a missing ':', a value that begins with a special character and "
		"needs quotes."},
	{"yaml-time",
		"YAML reads this as a date or time. Write it in quotes."},
	{"yaml11-bool",
		"Older YAML reads this word as true or false, and newer YAML as a text. Write "
		"true, false, or the word in quotes."},
};
/* clang-format on */
const size_t code_nrows = countof(code_rows);
