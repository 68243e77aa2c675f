#!/bin/sh
# page.sh - the to-do page in a real browser, on the stack that was applied: browser.sh does the browsing
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=page
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin mysql:5.7 node:12-alpine nicolaka/netshoot
todo_stack "$work/app"
cd "$work/app"
run "$sp" apply
expect 'apply exits 0' exited 0
begun=$(date +%s)
run "$live/browser.sh" "http://127.0.0.1:$port/"
cat "$work/stdout"
if [ "$code" -eq 77 ]; then
	skip "add, tick, reload and delete in a browser: $(tail -n 1 "$work/stdout")"
else
	expect "add, tick, reload and delete in a browser (after $(($(date +%s) - begun)) s)" exited 0
fi
run "$sp" down -v
expect 'down -v leaves nothing' nothing_left

live_end
