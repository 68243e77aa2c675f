#!/bin/sh
# run.sh - planning, measured side by side in one run: the tutorial's stack beside `docker compose config -q`, and a file of
# 5,000 services beside a bare libyaml parse. Prints ratios; figures of one machine alone mean little.
# Takes STACKPLAN from the environment. Exit 1 when the tutorial's stack takes over 10 ms or 8 MiB.
set -eu
cd "$(dirname "$0")/../.."
stackplan=$(cd "$(dirname "${STACKPLAN:-build/stackplan}")" && pwd)/stackplan
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 -D_DEFAULT_SOURCE -o "$work/pair" tests/bench/pair.c
cc -O2 -o "$work/parse" tests/bench/parse.c -lyaml

field() { printf '%s\n' "$1" | cut -d ' ' -f "$2"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

# services N: a stack of N services on stdout
services() {
	awk -v n="$1" 'BEGIN {
		print "services:"
		for (i = 1; i <= n; i++) {
			print "  service-" i ":\n    image: registry.example/team/service-" i ":1.0"
			print "    environment:\n      NAME: service-" i "\n      LEVEL: \"${LEVEL:-info}\""
			print "    volumes:\n      - data:/var/lib/data\n      - ./conf/" i ":/etc/conf:ro"
			print "    labels: [\"team=backend\", \"tier=" i % 7 "\"]\n    restart: unless-stopped"
			if (i > 1) print "    depends_on: [service-" i - 1 "]"
		}
		print "volumes:\n  data: {}"
	}'
}

cd templates/stacks/todo-app
if docker compose version >/dev/null 2>&1; then
	out=$("$work/pair" 21 "$stackplan" show ::: docker compose config -q)
	other=$(printf '%s\n' "$out" | sed -n 2p)
else
	out=$("$work/pair" 21 "$stackplan" show)
	other=
fi
first=$(printf '%s\n' "$out" | sed -n 1p)
echo "show of the tutorial's stack: $(field "$first" 1) ms (median of 21), $(field "$first" 3) KiB"
[ -z "$other" ] ||
	echo "  docker compose config -q of the same: $(ratio "$(field "$other" 1)" "$(field "$first" 1)") times as long, $(ratio "$(field "$other" 3)" "$(field "$first" 3)") times the memory"

for n in 500 5000 50000; do
	services "$n" >"$work/$n.yaml"
	out=$("$work/pair" 7 "$work/parse" "$work/$n.yaml" ::: "$stackplan" -f "$work/$n.yaml" config -q ::: "$stackplan" -f "$work/$n.yaml" show)
	bare=$(printf '%s\n' "$out" | sed -n 1p)
	config=$(printf '%s\n' "$out" | sed -n 2p)
	show=$(printf '%s\n' "$out" | sed -n 3p)
	echo "$n services ($(wc -c <"$work/$n.yaml") bytes), against a bare libyaml parse: config -q $(ratio "$(field "$config" 1)" "$(field "$bare" 1)"), show $(ratio "$(field "$show" 1)" "$(field "$bare" 1)"); peak $(field "$config" 3) and $(field "$show" 3) KiB; exits $(field "$config" 4) $(field "$show" 4)"
done
awk -v ms="$(field "$first" 1)" -v kib="$(field "$first" 3)" 'BEGIN { exit !(ms <= 10 && kib <= 8192) }'
