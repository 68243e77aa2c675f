#!/bin/sh
# same.sh - `show | sh` on an empty engine makes what `apply` makes: compared by docker inspect, without IDs, times and addresses
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=same
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin mysql:5.7 node:12-alpine nicolaka/netshoot busybox
has node || skip_all 'node is not here to compare with'

inspect() {
	DOCKER=$docker node "$live/inspect.js" "$prefix"
}

# alike A B: no difference but in the lines
alike() {
	diff "$1" "$2" && [ "$(wc -l <"$1")" -gt 20 ]
}

# compare WHAT SHELL: the stack in this folder, by apply and by show | SHELL
compare() {
	run "$sp" apply
	expect "$1: apply exits 0" exited 0
	inspect >"$work/applied"
	note_anonymous
	run "$sp" down -v
	expect "$1: down -v leaves nothing" nothing_left
	"$sp" show >"$work/shown"
	run "$2" <"$work/shown"
	expect "$1: show | $2 exits 0" exited 0
	inspect >"$work/piped"
	expect "$1: both make the same ($(grep -c . "$work/applied") lines of docker inspect)" alike "$work/applied" "$work/piped"
	run "$sp" apply
	expect "$1: apply after show | $2 has nothing to do" tells 'nothing to do'
	note_anonymous
	run "$sp" down -v
	expect "$1: down -v leaves nothing of it" nothing_left
}

todo_stack "$work/app"
cd "$work/app"
compare 'the tutorial' sh
wide_stack "$work/it's wide"
cd "$work/it's wide"
compare 'a wider stack' sh

live_end
