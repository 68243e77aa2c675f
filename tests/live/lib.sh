# shellcheck shell=sh
# lib.sh - what the live tests share: sourced by each, after `subject=NAME`. Start reading at live_begin and live_end.
#
# A test makes all it makes under the random name $prefix, so that nothing of anybody else is touched, and all of it is
# removed at the end, however the end comes. STACKPLAN names the program under test.
set -eu

# shellcheck disable=SC2154 # set by the test that sources this
: "$subject"
live=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$live/../.." && pwd)
sp=${STACKPLAN:-$repo/build/stackplan}
docker=docker
work=
prefix=
code=0
passed=0
failed=0
skipped=0

say() {
	printf '%s: %s\n' "$subject" "$*"
}

pass() {
	passed=$((passed + 1))
	printf 'ok      %s: %s\n' "$subject" "$*"
}

# fail WHAT FILE...: count it, and show the ends of the files
fail() {
	failed=$((failed + 1))
	printf 'FAILED  %s: %s\n' "$subject" "$1"
	shift
	for file; do
		[ ! -s "$file" ] || tail -n 25 "$file" | sed "s|^|        ${file##*/}: |"
	done
}

skip() {
	skipped=$((skipped + 1))
	printf 'skipped %s: %s\n' "$subject" "$*"
}

# expect WHAT COMMAND...: the test passes when the command does; what it said is shown otherwise
expect() {
	expected=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		pass "$expected"
	else
		fail "$expected" "$work/said" "$work/stderr"
	fi
}

# run COMMAND...: run it, keeping its exit code in $code and its streams in $work/stdout and $work/stderr
run() {
	code=0
	"$@" >"$work/stdout" 2>"$work/stderr" || code=$?
}

exited() {
	[ "$code" -eq "$1" ] || {
		echo "it exited $code, not $1"
		return 1
	}
}

# tells TEXT...: standard error of the last run holds each of them
tells() {
	for text; do
		grep -qF -- "$text" "$work/stderr" || {
			echo "standard error does not hold: $text"
			return 1
		}
	done
}

# same A B: the two texts are equal
same() {
	[ "$1" = "$2" ] || {
		printf '%s\nis not\n%s\n' "$1" "$2"
		return 1
	}
}

has() {
	command -v "$1" >/dev/null 2>&1
}

not() {
	! "$@"
}

# The names of what the engine holds under $prefix, or under the name of one of its projects
objects() {
	"$docker" ps -a --filter "name=$prefix" --format 'container {{.Names}}'
	"$docker" network ls --filter "name=$prefix" --format 'network {{.Name}}'
	"$docker" volume ls --filter "name=$prefix" --format 'volume {{.Name}}'
	for label in com.docker.compose.project dev.stackplan.project; do
		"$docker" ps -a --filter "label=$label=$prefix" --format 'container {{.Names}}'
		"$docker" network ls --filter "label=$label=$prefix" --format 'network {{.Name}}'
		"$docker" volume ls --filter "label=$label=$prefix" --format 'volume {{.Name}}'
	done
}

# Note the volumes without a name that our containers have: `down` leaves them, `down -v` must not
note_anonymous() {
	ids=$("$docker" ps -aq --filter "name=$prefix")
	# shellcheck disable=SC2086 # a list of IDs
	[ -z "$ids" ] || "$docker" inspect --format '{{range .Mounts}}{{println .Name}}{{end}}' $ids \
		| grep -E '^[0-9a-f]{64}$' >>"$work/anonymous" || :
}

# Those of the noted ones that are there
anonymous() {
	[ ! -s "$work/anonymous" ] || "$docker" volume ls -q | grep -xF -f "$work/anonymous" || :
}

drop_anonymous() {
	for name in $(anonymous); do
		"$docker" volume rm "$name" >/dev/null 2>&1 || :
	done
}

nothing_left() {
	left=$(objects && anonymous)
	[ -z "$left" ] || {
		printf 'there still is:\n%s\n' "$left"
		return 1
	}
}

# The ID, state and start of each container under $prefix: equal before and after means that none was touched
containers() {
	ids=$("$docker" ps -aq --no-trunc --filter "name=$prefix" | sort)
	# shellcheck disable=SC2086 # a list of IDs
	[ -z "$ids" ] || "$docker" inspect --format '{{.Id}} {{.State.Status}} {{.State.StartedAt}}' $ids
}

# Remove whatever is there under $prefix
wipe() {
	[ -n "$prefix" ] || return 0
	note_anonymous 2>/dev/null || :
	for id in $("$docker" ps -aq --filter "name=$prefix" 2>/dev/null); do
		"$docker" rm -f -v "$id" >/dev/null 2>&1 || :
	done
	for id in $("$docker" network ls -q --filter "name=$prefix" 2>/dev/null); do
		"$docker" network rm "$id" >/dev/null 2>&1 || :
	done
	for name in $("$docker" volume ls -q --filter "name=$prefix" 2>/dev/null); do
		"$docker" volume rm "$name" >/dev/null 2>&1 || :
	done
	for name in $("$docker" images --filter "reference=$prefix*" --format '{{.Repository}}:{{.Tag}}' 2>/dev/null); do
		"$docker" image rm "$name" >/dev/null 2>&1 || :
	done
	drop_anonymous
}

clean_up() {
	status=$?
	trap '' HUP INT TERM
	[ -z "${watch:-}" ] || kill "$watch" 2>/dev/null || :
	if [ -n "$work" ]; then
		wipe
		"$live/engine.sh" stop "$work/engine"
		# What a container wrote into a mounted folder is root's, like the engine
		rm -rf "$work"
	fi
	return "$status"
}

# A port of 127.0.0.1 that nobody listens on
free_port() {
	port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000))
	while grep -qi ":$(printf '%04x' "$port") " /proc/net/tcp /proc/net/tcp6 2>/dev/null; do
		port=$((port + 1))
	done
	printf '%s\n' "$port"
}

# skip_all WHY: none of this file's tests can run; each is counted
skip_all() {
	skipped=$(grep -cE '^[[:space:]]*expect ' "$0")
	say "skipped, all of it: $*"
	live_end
}

# A temporary folder and a name of our own, both gone at the end
live_folder() {
	[ -x "$sp" ] || {
		say "there is no $sp: make it first, or set STACKPLAN" >&2
		exit 1
	}
	sp=$(cd "$(dirname "$sp")" && pwd)/$(basename "$sp")
	trap clean_up EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	work=$(mktemp -d "${TMPDIR:-/tmp}/stackplan-live.XXXXXX")
	work=$(cd "$work" && pwd -P)
	exec </dev/null # nobody is asked anything
	# The environment of whoever runs the tests must not decide what comes out
	for name in COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_ENV_FILES COMPOSE_DISABLE_ENV_FILE \
		COMPOSE_PARALLEL_LIMIT STACKPLAN_DOCKER MYSQL_ROOT_PASSWORD CLICOLOR_FORCE; do
		unset "$name"
	done
}

# live_begin IMAGE...: an engine that answers, with these images; else all tests are skipped
live_begin() {
	live_folder
	prefix=splive-$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
	if ! line=$("$live/engine.sh" start "$work/engine" 2>"$work/engine.err"); then
		skip_all "$(tail -n 1 "$work/engine.err")"
	fi
	[ -z "$line" ] || export "${line?}"
	if [ $# -gt 0 ] && ! "$live/images.sh" "$@" 2>"$work/images.err"; then
		skip_all "$(tail -n 1 "$work/images.err")"
	fi
}

# The closing line, and the exit status
live_end() {
	printf '%s: %d passed, %d failed, %d skipped\n' "$subject" "$passed" "$failed" "$skipped"
	[ "$failed" -eq 0 ] || exit 1
	exit 0
}

# todo_stack DIR: a copy of the tutorial's stack under names of its own and on the free port $port; packages included,
# where npm is there, so that the container need not fetch them
todo_stack() {
	port=$(free_port)
	cp -R "$repo/templates/stacks/todo-app" "$1"
	if [ -d "${LIVE_MODULES:-}/node_modules" ]; then
		cp -R "$LIVE_MODULES/node_modules" "$1/"
	elif has npm; then
		(cd "$1" && npm ci >"$work/npm.log" 2>&1) || say 'npm ci failed: the container has to fetch the packages'
	fi
	rename_todo "$1/compose.yaml"
}

# Give the project, the network, the volume and the port of the file names of their own
rename_todo() {
	sed -e "s/^name: todo-app\$/name: $prefix/" -e "s/^    name: todo-app\$/    name: $prefix-net/" \
		-e "s/^    name: todo-mysql-data\$/    name: $prefix-data/" \
		-e "s/\"3000:3000\"/\"127.0.0.1:$port:3000\"/" "$1" >"$work/renamed.yaml"
	mv "$work/renamed.yaml" "$1"
}

# items: the names of the to-dos, as the database has them
items() {
	# shellcheck disable=SC2016 # for the shell of the container
	"$docker" exec "$prefix-mysql-1" sh -c \
		'MYSQL_PWD=$MYSQL_ROOT_PASSWORD exec mysql -N -u root todos -e "select name from todo_items"'
}

# A docker that writes down what it is called with in $work/argv, a call a line
logging_docker() {
	cat >"$work/docker" <<-END
		#!/bin/sh
		printf '%s ' "\$@" | tr '\n' ' ' >"$work/argv.\$\$"
		echo >>"$work/argv.\$\$"
		cat "$work/argv.\$\$" >>"$work/argv"
		rm -f "$work/argv.\$\$"
		exec "$(command -v docker)" "\$@"
	END
	chmod +x "$work/docker"
	: >"$work/argv"
	STACKPLAN_DOCKER=$work/docker
	export STACKPLAN_DOCKER
}

# Does $work/argv hold nothing but commands that read?
only_reads() {
	writes=$(grep -vE '^(version|info|ps|inspect|logs|port|top|(container|image|network|volume) (ls|list|ps|inspect|logs)) ' \
		"$work/argv") || :
	[ -z "$writes" ] || {
		printf 'it also ran:\n%s\n' "$writes"
		return 1
	}
}

# wide_stack DIR: a stack of small containers with all that the tutorial's lacks: several networks, replicas, a gate on a
# task that ends, one on a container that is merely started, anonymous and read-only mounts, words that need quoting
wide_stack() {
	port=$(free_port)
	mkdir -p "$1/etc"
	echo 'a file of the project' >"$1/etc/file"
	cat >"$1/compose.yaml" <<-END
		name: $prefix
		services:
		  task:
		    image: busybox
		    command: [sh, -c, 'sleep 1; echo done >/data/task']
		    volumes: ['data:/data']
		  cache:
		    image: busybox
		    command: sleep 600
		    init: true
		    networks: [front, back]
		    tmpfs: /scratch
		    volumes: [/anonymous]
		    stop_grace_period: 1s
		  web:
		    image: busybox
		    init: true
		    command: ['sh', '-c', 'echo "it''s \$\$HOME & \$\$GREETING"; exec httpd -f -p 80 -h /data']
		    environment:
		      GREETING: "a 'quoted' \"word\" and \$\$5"
		      EMPTY: ''
		      LINES: "one\ntwo"
		    ports: ['127.0.0.1:$port:80']
		    volumes:
		      - data:/data:ro
		      - ./etc/file:/etc/file:ro
		    networks:
		      front: {aliases: [www]}
		      back:
		    depends_on:
		      task: {condition: service_completed_successfully}
		      cache: {condition: service_started}
		    healthcheck:
		      test: [CMD, wget, -qO-, 'http://127.0.0.1/task']
		      interval: 1s
		      retries: 20
		    labels: {an.own/label: 'with a space'}
		    restart: unless-stopped
		    stop_grace_period: 1s
		    x-stackplan: {about: "What others see."}
		  worker:
		    image: busybox
		    init: true
		    command: sleep 600
		    scale: 3
		    networks: [back]
		    hostname: worker
		    mem_limit: 64m
		    cap_drop: [ALL]
		    stop_grace_period: 1s
		    depends_on:
		      web: {condition: service_healthy}
		networks:
		  front:
		  back: {internal: true, labels: {tier: back}}
		volumes:
		  data: {labels: {keep: 'yes'}}
		x-stackplan:
		  about: A stack for tests.
		  checks:
		    - name: the page is there
		      exec: [web, wget, -qO-, 'http://127.0.0.1/task']
		      expect: done
		      retries: 10
		      interval: 1s
	END
}
