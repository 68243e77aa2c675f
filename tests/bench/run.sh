#!/bin/sh
# run.sh - planning, measured side by side in one run: the tutorial's stack beside `docker compose config -q`, and a file of
# 5,000 services beside a bare libyaml parse and beside Compose; then 500 to 50,000. Prints ratios; figures of one machine alone mean little.
# Takes STACKPLAN, and LIMIT (seconds for one command, 75) from the environment. Exit 1 when the tutorial's stack takes over 10 ms or 8 MiB.
set -eu
cd "$(dirname "$0")/../.."
stackplan=$(cd "$(dirname "${STACKPLAN:-build/stackplan}")" && pwd)/stackplan
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 -D_DEFAULT_SOURCE -o "$work/pair" tests/bench/pair.c
# shellcheck disable=SC2046 # a list of words
cc -O2 -o "$work/parse" tests/bench/parse.c $(pkg-config --cflags --libs yaml-0.1)

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

# Planning: N services against a bare libyaml parse of the same file, and against Compose where it is. A line each; what is
# promised stands in brackets. Nothing runs longer than LIMIT seconds.
PAIR_LIMIT=${LIMIT:-75}
export PAIR_LIMIT
measure() { # N RUNS
	services "$1" >"$work/$1.yaml"
	"$work/pair" "$2" "$work/parse" "$work/$1.yaml" ::: "$stackplan" -f "$work/$1.yaml" config -q ::: \
		"$stackplan" -f "$work/$1.yaml" show >"$work/$1.figures"
}
figure() { sed -n "$2p" "$work/$1.figures" | cut -d ' ' -f "$3"; } # N LINE FIELD
verdict() { awk -v a="$1" -v b="$2" -v how="$3" 'BEGIN { print (how == "most" ? a <= b : a >= b) ? "holds" : "DOES NOT HOLD" }'; }
against() { # NAME LINE: one command on 5,000 services
	times=$(ratio "$(figure 5000 "$2" 1)" "$(figure 5000 1 1)")
	kib=$(figure 5000 "$2" 3)
	[ "$(figure 5000 "$2" 4)" = 0 ] || echo "  $1 ended with $(figure 5000 "$2" 4)"
	echo "  $1: $(figure 5000 "$2" 1) ms, $times times the parse [at most 4: $(verdict "$times" 4 most)], $kib KiB [at most 65536: $(verdict "$kib" 65536 most)]"
}

measure 1 41
measure 500 41
measure 5000 15
measure 50000 7
echo "5,000 services, $(wc -c <"$work/5000.yaml") bytes (medians of 15); a bare libyaml parse: $(figure 5000 1 1) ms"
against "config -q" 2
against "show" 3
if docker compose version >/dev/null 2>&1; then
	compose=$("$work/pair" 1 docker compose -f "$work/5000.yaml" config -q)
	over=
	[ "$(field "$compose" 4)" != 142 ] || over=", ended by the limit of $PAIR_LIMIT s: it takes longer"
	for line in 2 3; do
		times=$(ratio "$(field "$compose" 1)" "$(figure 5000 $line 1)")
		[ $line = 2 ] && name="config -q" || name=show
		echo "  docker compose config -q: $(field "$compose" 1) ms (exit $(field "$compose" 4)$over), $times times $name [at least 40: $(verdict "$times" 40 least)]"
	done
else
	echo "  docker compose: not here, not measured"
fi

# Time of one service, without that of a stack of one: start and end of the process. By the shortest run: what else the machine does only
# ever makes one longer, and the three sizes are not measured at the same moment.
each() { # N LINE
	awk -v a="$(figure "$1" "$2" 2)" -v b="$(figure 1 "$2" 2)" -v n="$1" 'BEGIN { printf "%.2f", (a - b) * 1000 / (n - 1) }'
}
for line in 1 2 3; do
	case $line in 1) name="the parse" ;; 2) name="config -q" ;; *) name=show ;; esac
	spread=$(printf '%s\n' "$(each 500 $line)" "$(each 5000 $line)" "$(each 50000 $line)" | sort -n | sed -n '1p;$p' | tr '\n' ' ' | awk '{ printf "%.2f", $2 / $1 }')
	over=
	[ "$(figure 50000 $line 4)" != 142 ] || over=" (50,000 ended by the limit of $PAIR_LIMIT s)"
	echo "  $name, us a service at 500, 5,000, 50,000 (shortest runs): $(each 500 $line), $(each 5000 $line), $(each 50000 $line)$over; largest to smallest $spread [at most 1.15: $(verdict "$spread" 1.15 most)]"
done
awk -v ms="$(field "$first" 1)" -v kib="$(field "$first" 3)" 'BEGIN { exit !(ms <= 10 && kib <= 8192) }'
