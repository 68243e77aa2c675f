#!/bin/sh
# noengine.sh - no docker, or no engine behind it: the exit codes, and a message that says what to do. Needs no engine
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=noengine
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_folder
cp -R "$repo/templates/stacks/todo-app" "$work/app"
cd "$work/app"

one_line_error() {
	[ "$(grep -cE '(^|: )error: ' "$work/stderr")" -eq 1 ]
}

# told CODE WHAT WORD...: the last run exited so, and its one error holds the words
told() {
	expect "$2: exits $1" exited "$1"
	what=$2
	shift 2
	expect "$what: says what is wrong, and what to do" tells "$@"
	expect "$what: it is one error" one_line_error
}

mkdir "$work/empty"
run env PATH="$work/empty" "$sp" apply
told 127 'apply without docker on PATH' docker STACKPLAN_DOCKER
run env STACKPLAN_DOCKER="$work/none" "$sp" apply
told 127 'apply with a program that is not there' "$work/none"
run env STACKPLAN_DOCKER="$work/none" "$sp" down
told 127 'down with a program that is not there' "$work/none"
run env STACKPLAN_DOCKER="$work/none" "$sp" verify
told 127 'verify with a program that is not there' "$work/none"
echo 'no program' >"$work/plain"
run env STACKPLAN_DOCKER="$work/plain" "$sp" apply
told 126 'apply with a file that is no program' "$work/plain"
run env PATH="$work/empty" "$sp" show
expect 'show needs no docker' exited 0
run env PATH="$work/empty" "$sp" down --show
expect 'down --show needs no docker' exited 0
run env PATH="$work/empty" "$sp" export --format sh
expect 'export needs no docker' exited 0
if has docker; then
	run env DOCKER_HOST="unix://$work/none.sock" "$sp" apply
	told 69 'apply with no engine at the host' engine DOCKER_HOST "$work/none.sock"
	run env -u DOCKER_HOST "$sp" -H "unix://$work/none.sock" apply
	told 69 'apply with no engine at --host' --host "$work/none.sock"
	run env DOCKER_HOST="unix://$work/none.sock" "$sp" down -v
	told 69 'down with no engine at the host' engine DOCKER_HOST
	run env DOCKER_HOST=tcp://127.0.0.1:1 "$sp" verify
	told 69 'verify with no engine at a port' engine DOCKER_HOST
else
	for what in 'apply with no engine at the host' 'apply with no engine at --host' 'down with no engine at the host' \
		'verify with no engine at a port'; do
		skip "$what: docker is not here"
	done
fi

live_end
