#!/bin/sh
# readme.sh - the transcript in README.md is what `show` prints for the tutorial's stack today.
set -eu
cd "$(dirname "$0")/.."
stackplan=$(cd "$(dirname "${STACKPLAN:-build/stackplan}")" && pwd)/stackplan
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sed -n '/^<!-- transcript -->$/,/^<!-- \/transcript -->$/p' README.md | sed '1,2d' | sed '$d' | sed '$d' >"$work/want"
[ -s "$work/want" ] || { echo "readme: no transcript found"; exit 1; }
lines=$(wc -l <"$work/want")
(cd templates/stacks/todo-app && "$stackplan" show --labels none) |
	awk -v first="$(sed -n 1p "$work/want")" -v n="$lines" '$0 == first { on = 1 } on && n-- > 0' >"$work/got"
diff -u "$work/want" "$work/got" || { echo "readme: the transcript is stale"; exit 1; }
echo "readme: 1 passed, 0 failed"
