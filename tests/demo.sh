#!/bin/sh
# demo.sh - the tutorial's stack from the first command to the last, for somebody who sees stackplan for the first time.
# Says what it does before it does it, and removes all of it again, after a failure or Ctrl-C too. Takes about a minute.
# STACKPLAN names the program; KEEP_IMAGES=1 keeps the images that the demo fetched or built. Run it by `make demo`.
set -eu

tests=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$tests/.." && pwd)
sp=${STACKPLAN:-$repo/build/stackplan}
demo=$repo/build/demo
app=$demo/todo-app
images='mysql:5.7 node:12-alpine nicolaka/netshoot'
project=todo-app
port=3000
port_is_free=yes
work=
new_images=
applied=
begun=$(date +%s)

say() {
	printf '%s\n' "$*"
}

# A heading, and a sentence or two on what comes now
chapter() {
	printf '\n=== %s\n' "$1"
	shift
	[ $# -eq 0 ] || printf '    %s\n' "$@"
	echo
}

# Say a command of stackplan as a person would type it, then run it
run() {
	printf '$ stackplan %s\n' "$*"
	"$sp" "$@" 2>&1
}

has() {
	command -v "$1" >/dev/null 2>&1
}

remove_images() {
	[ -z "${KEEP_IMAGES:-}" ] || return 0
	for image in $new_images; do
		docker image rm "$image" >/dev/null 2>&1 || :
	done
}

# Remove the stack, the images that were not there before, the engine, and the copies
clean_up() {
	status=$?
	trap '' HUP INT TERM
	cd "$repo"
	if [ -n "$applied" ]; then
		say 'Removing what the demo has made ...'
		(cd "$app" && "$sp" --quiet --yes down -v -t 3) || status=1
	fi
	if [ -n "$work" ]; then
		remove_images
		"$tests/live/engine.sh" stop "$work/engine"
		rm -rf "$work"
	fi
	rm -rf "$demo"
	[ "$status" -eq 0 ] || printf '\nThe demo did not get to its end (exit code %d). What it made is removed.\n' "$status" >&2
	exit "$status"
}

# Is anything there already that is called as the stack would be?
name_is_taken() {
	docker network inspect todo-app >/dev/null 2>&1 || docker volume inspect todo-mysql-data >/dev/null 2>&1 \
		|| [ -n "$(docker ps -aq --filter label=com.docker.compose.project=todo-app)" ] \
		|| [ -n "$(docker ps -aq --filter 'name=^/?todo-app-')" ]
}

port_is_taken() {
	grep -qi ":$(printf '%04X' "$1") .* 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null \
		|| docker ps --format '{{.Ports}}' | grep -q ":$1->"
}

# Give the copy names or a port of its own, where those of the tutorial are taken
adapt_copy() {
	if name_is_taken; then
		project=stackplan-demo
		say "The engine has a 'todo-app' already, which is not ours to touch: the demo calls its own '$project'."
		sed -e "s/^name: todo-app\$/name: $project/" -e "s/^    name: todo-app\$/    name: $project/" \
			-e "s/^    name: todo-mysql-data\$/    name: $project-data/" "$app/compose.yaml" >"$demo/new"
		mv "$demo/new" "$app/compose.yaml"
	fi
	while port_is_taken "$port"; do
		port_is_free=
		port=$((port + 1))
	done
	if [ -z "$port_is_free" ]; then
		say "Port 3000 is taken by something else: the demo publishes port $port instead."
		sed "s/\"3000:3000\"/\"$port:3000\"/" "$app/compose.yaml" >"$demo/new"
		mv "$demo/new" "$app/compose.yaml"
	fi
}

# The images that the engine does not have yet
missing_images() {
	for image in $images; do
		docker image inspect "$image" >/dev/null 2>&1 || printf '%s ' "$image"
	done
}

copy_stack() {
	rm -rf "$demo"
	mkdir -p "$demo"
	cp -R "$repo/templates/stacks/todo-app" "$app"
}

show_plan() {
	chapter 'The plan' \
		'What would run, in which order, and why. Nothing has run yet, and no engine was asked.' \
		"(The labels by which Docker's own tools know the stack are left out here, for reading.)"
	run show --labels none
}

next_steps() {
	chapter 'Where to go next'
	cat <<-END
		    cd templates/stacks/todo-app     the stack of this demo, to try by hand:
		    stackplan show                   the plan, as commands
		    stackplan apply                  run it
		    stackplan export --format sh     a script that does it without stackplan
		    stackplan export --format markdown
		                                     a tutorial that does it by hand
		    stackplan down -v                remove it again, with its data
		    README.md                        what stackplan is, and how it compares
	END
}

# What can be shown where no engine can run: the plan, and documents
without_engine() {
	say 'None can be had here; the end says what is missing. The demo shows the plan and exports it, and runs none of it.'
	cd "$app"
	show_plan
	chapter 'The documents' 'The same plan as a script, and as a tutorial with a picture of the stack.'
	run export --format sh -o stack.sh
	run export --format markdown -o stack.md
	say '$ wc -l stack.sh stack.md'
	wc -l stack.sh stack.md
	say '$ head -n 20 stack.md'
	head -n 20 stack.md
	chapter 'What is missing to run it'
	say "$1"
	next_steps
	exit 0
}

[ -x "$sp" ] || {
	say "There is no $sp: run 'make' first." >&2
	exit 1
}
sp=$(cd "$(dirname "$sp")" && pwd)/$(basename "$sp")
unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_ENV_FILES COMPOSE_DISABLE_ENV_FILE STACKPLAN_DOCKER
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

chapter 'A demo of stackplan' \
	'A to-do list: a Node app, its MySQL database, a network between them, a volume for the items.' \
	'First the plan is printed, then it is run and checked; at the end all of it is removed again.'
copy_stack
if [ -x "$tests/deps.sh" ] && ! "$tests/deps.sh" demo; then
	without_engine "The packages that it takes to run an engine are not all here (see above)."
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/stackplan-demo.XXXXXX")
say 'Looking for a docker engine; where none answers, a private one is started and ended again ...'
if ! line=$("$tests/live/engine.sh" start "$work/engine" 2>"$work/said"); then
	without_engine "$(cat "$work/said")"
fi
sed 's/^/    /' "$work/said"
[ -z "$line" ] || export "${line?}"
new_images=$(missing_images)
if [ -n "$new_images" ]; then
	say "Making the images available: $new_images"
	# shellcheck disable=SC2086 # a list of names
	"$tests/live/images.sh" $new_images 2>&1 | sed 's/^/    /'
	[ -z "$(missing_images)" ] || without_engine "These images can neither be pulled nor built here: $(missing_images)"
fi
adapt_copy
cd "$app"
if has npm; then
	say "Fetching the app's packages with npm, into the copy in build/demo/ ..."
	npm ci >"$work/npm" 2>&1 || say '    That failed; the container will try for itself.'
fi

show_plan

chapter 'The run' \
	'Networks and volumes first, then the database; the app follows when the database is healthy.' \
	'The checks of the spec come last. The table shows what runs then.'
applied=yes
run apply

chapter 'The checks' 'The same checks can be run at any time.'
run verify

chapter 'The rows of todo_items' "What the app has written into its database. Its page is at http://localhost:$port/ now."
say "\$ docker exec $project-mysql-1 mysql ... -e 'select * from todo_items'"
# shellcheck disable=SC2016 # for the shell of the container
docker exec "$project-mysql-1" sh -c 'MYSQL_PWD=$MYSQL_ROOT_PASSWORD exec mysql -t -u root todos -e "select * from todo_items"'

chapter 'A second run' 'What is there as the spec wants it is left alone.'
run apply

chapter 'The end' 'Containers, network, and with -v the volume and its data.'
run --yes down -v -t 3
applied=
left=$(docker ps -aq --filter "label=com.docker.compose.project=$project"
	docker network ls -q --filter "label=com.docker.compose.project=$project"
	docker volume ls -q --filter "label=com.docker.compose.project=$project")
[ -z "$left" ] || {
	say "Something is still there: $left" >&2
	exit 1
}
say 'Nothing of it is left in the engine.'
next_steps
printf '\nThe demo took %d s.\n' "$(($(date +%s) - begun))"
