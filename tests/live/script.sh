#!/bin/sh
# script.sh - the exported script on a real engine, under dash and busybox sh: up, status, up again, down, down -v
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=script
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin mysql:5.7 node:12-alpine nicolaka/netshoot busybox

up_count() {
	"$docker" ps -q --filter "name=$prefix" | wc -l
}

# only_volume NAME: of our objects, the volume alone is there
only_volume() {
	same "$(objects | sort -u)" "volume $1"
}

# walk WHAT CONTAINERS RUNNING VOLUME COMMAND...: the script, called as COMMAND, through all that it can do
walk() {
	what=$1
	all=$2
	running=$3
	volume=$4
	shift 4
	run "$@" up
	expect "$what: up exits 0" exited 0
	expect "$what: $running containers run" same "$(up_count)" "$running"
	run "$@" status
	expect "$what: status lists all $all" same "$(grep -c "$prefix" "$work/stdout")" "$all"
	"$docker" ps -aq --no-trunc --filter "name=$prefix" | sort >"$work/before"
	run "$@" up
	expect "$what: up again exits 0" exited 0
	"$docker" ps -aq --no-trunc --filter "name=$prefix" | sort >"$work/after"
	expect "$what: up again makes no container" cmp "$work/before" "$work/after"
	note_anonymous
	run "$@" down
	expect "$what: down exits 0" exited 0
	expect "$what: down leaves the volume, and nothing else" only_volume "$volume"
	drop_anonymous
	run "$@" up
	expect "$what: up after down exits 0" exited 0
	note_anonymous
	run "$@" down -v
	expect "$what: down -v exits 0" exited 0
	expect "$what: down -v leaves nothing" nothing_left
	run "$@" down -v
	expect "$what: down -v of nothing exits 0" exited 0
}

todo_stack "$work/app"
cd "$work/app"
"$sp" export --format sh -o stack.sh
if has shellcheck; then
	expect 'the script passes shellcheck' shellcheck -s sh stack.sh
else
	skip 'the script passes shellcheck: it is not here'
fi
expect 'it names no folder of this machine' not grep -F "$work" stack.sh
if has dash; then
	walk 'dash, in the project folder' 2 2 "$prefix-data" dash ./stack.sh
else
	skip 'dash: it is not here'
fi
if has busybox; then
	mv stack.sh "$work/elsewhere.sh"
	cd /
	walk 'busybox sh, from elsewhere' 2 2 "$prefix-data" env "STACK_DIR=$work/app" busybox sh "$work/elsewhere.sh"
else
	skip 'busybox sh: it is not here'
fi

wide_stack "$work/it's wide"
cd "$work/it's wide"
"$sp" export --format sh -o stack.sh
if has shellcheck; then
	expect 'the script of the wider stack passes shellcheck' shellcheck -s sh stack.sh
else
	skip 'the script of the wider stack passes shellcheck: it is not here'
fi
if has busybox; then
	cd /
	walk 'busybox sh, a wider stack by the path of its script' 6 5 "${prefix}_data" \
		busybox sh "$work/it's wide/stack.sh"
else
	skip 'busybox sh, a wider stack: it is not here'
fi

live_end
