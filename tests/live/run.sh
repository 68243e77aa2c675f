#!/bin/sh
# run.sh [TEST...] - run the live tests, or those that are named (conflicts, tutorial ...); one engine, one set of images and one
# set of npm packages for all. STACKPLAN names the program. Exits 1 when a test failed; the last line has the figures.
set -eu

live=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$live/../.." && pwd)
work=
all_passed=0
all_failed=0
all_skipped=0

clean_up() {
	status=$?
	trap '' HUP INT TERM
	if [ -n "$work" ]; then
		"$live/engine.sh" stop "$work/engine"
		rm -rf "$work"
	fi
	return "$status"
}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
work=$(mktemp -d "${TMPDIR:-/tmp}/stackplan-live.XXXXXX")

# Each test skips for itself where this fails
if line=$("$live/engine.sh" start "$work/engine"); then
	[ -z "$line" ] || export "${line?}"
	"$live/images.sh" || :
fi
if command -v npm >/dev/null 2>&1; then
	cp "$repo"/templates/stacks/todo-app/package*.json "$repo/templates/stacks/todo-app/.npmrc" "$work/"
	if (cd "$work" && npm ci >npm.log 2>&1); then
		export LIVE_MODULES="$work"
	fi
fi

[ $# -gt 0 ] || set -- noengine document keys conflicts restart builds failures rollback replaced tutorial secrets grants same script hooks verbs check saved \
	changes twice compose kill corpus page
begun_all=$(date +%s)
for name; do
	begun=$(date +%s)
	status=0
	"$live/$name.sh" >"$work/output" 2>&1 || status=$?
	cat "$work/output"
	figures=$(sed -n "s/^$name: \([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped\$/\1 \2 \3/p" "$work/output" | tail -n 1)
	if [ -z "$figures" ]; then
		printf 'FAILED  %s: it ended early, with exit code %d\n' "$name" "$status"
		figures='0 1 0'
	fi
	printf '        %s: %d s\n' "$name" "$(($(date +%s) - begun))"
	read -r passed failed skipped <<-END
		$figures
	END
	all_passed=$((all_passed + passed))
	all_failed=$((all_failed + failed))
	all_skipped=$((all_skipped + skipped))
done
printf 'live tests, in %d s: %d passed, %d failed, %d skipped\n' "$(($(date +%s) - begun_all))" \
	"$all_passed" "$all_failed" "$all_skipped"
[ "$all_failed" -eq 0 ]
