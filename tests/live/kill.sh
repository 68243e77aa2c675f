#!/bin/sh
# kill.sh - kill -9, and other signals, in the middle of apply, of replacing and of down: the next command sets it right.
# KILL_TRIALS (8), SIGNAL_TRIALS (4) and KILL_SEED may be set; `make kill` does 200 and 60
# shellcheck disable=SC2317 # functions are called by expect
subject='kill'
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox

trials=${KILL_TRIALS:-8}
if has python3; then
	expect "killed at $trials random moments (seed ${KILL_SEED:=$(date +%s)})" \
		env STACKPLAN_DOCKER="$docker" python3 "$live/kill.py" "$sp" "$trials" "$KILL_SEED"
	expect "interrupted at ${SIGNAL_TRIALS:=4} random moments (seed $KILL_SEED)" \
		env SIGNALS=1 STACKPLAN_DOCKER="$docker" python3 "$live/kill.py" "$sp" "$SIGNAL_TRIALS" "$KILL_SEED"
else
	skip 'killed at random moments: it takes python3'
fi

live_end
