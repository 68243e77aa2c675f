# shellcheck shell=sh
# lib.sh - what the tests with the docker that pretends share: sourced by each, with the program's path as $1.
# Names the folder of the test in hand $FAKE_DIR, and counts in $failed
# shellcheck disable=SC2034 # the tests read them
set -u
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../build/stackplan}
case $program in /*) ;; *) program=$PWD/$program ;; esac
[ -x "$program" ] || { echo "run.sh: there is no program $program" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export STACKPLAN_DOCKER="$here/docker"
export FAKE_DIR="$work/now"
# Locks of our own: somebody else may run a project of the same name
mkdir -m 700 "$work/run"
export XDG_RUNTIME_DIR="$work/run"
unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_PARALLEL_LIMIT DOCKER_HOST DOCKER_CONTEXT
failed=0

# Begin a test: an empty folder with the spec on standard input
begin() {
	test_name=$1
	test_ok=yes
	rm -rf "$FAKE_DIR"
	mkdir -p "$FAKE_DIR/do"
	cd "$FAKE_DIR" || exit 1
	: >log
	cat >compose.yaml
	began=$(date +%s)
}

# How the fake docker answers KEY
answers() {
	printf '%s\n' "$2" >"do/$1"
}

# Run a verb; output in out and err, exit status in $code
sp() {
	code=0
	"$program" "$@" >out 2>err || code=$?
}

# ended_by SIGNAL FACT ARGS...: run a verb, and send it the signal once the command FACT is true; the rest as with sp
ended_by() {
	signal=$1
	fact=$2
	shift 2
	env --default-signal=INT,TERM,HUP "$program" "$@" >out 2>err & # a shell's child in the background ignores Ctrl-C
	pid=$!
	wait_until "$fact"
	kill -s "$signal" "$pid"
	code=0
	wait "$pid" 2>/dev/null || code=$?
}

# check WHAT COMMAND...: the command must succeed
check() {
	what=$1
	shift
	"$@" && return
	test_ok=no
	echo "    not true: $what"
}

has() { grep -q -e "$2" "$1"; }
lacks() { ! grep -q -e "$2" "$1"; }
# Is the line FIRST in the log before the line SECOND?
before() {
	awk -v a="$1" -v b="$2" '$0 ~ "^" a { if (!x) x = NR } $0 ~ "^" b { if (!y) y = NR } END { exit !(x && y && x < y) }' log
}
took_at_most() { [ $(($(date +%s) - began)) -le "$1" ]; }

# The most commands that were under way at once, without those that list
most_at_once() {
	awk '$2 ~ /^list/ { next } $1 == "begin" { if (++now > most) most = now } $1 == "end" { now-- } END { print most + 0 }' log
}

# Is a process alive? One that only waits to be reaped is not.
is_alive() {
	kill -0 "$1" 2>/dev/null && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

# Is none of the processes alive, after a moment at most?
all_gone() {
	for moment in 1 2 3 4 5; do
		alive=
		while read -r pid; do
			! is_alive "$pid" || alive="$alive $pid"
		done <pids
		[ -n "$alive" ] || return 0
		sleep 0.1
	done
	echo "    alive after $moment moments:$alive"
	return 1
}

end() {
	if [ "$test_ok" = yes ]; then
		echo "ok      $test_name"
		return
	fi
	echo "FAILED  $test_name (exit status $code)"
	sed 's/^/    out: /' out | head -20
	sed 's/^/    err: /' err | tail -20
	failed=$((failed + 1))
}

# Until the command FACT is true; at most ten seconds
wait_until() {
	tenths=0
	until eval "$1"; do
		[ "$tenths" -lt 100 ] || return 1
		sleep 0.1
		tenths=$((tenths + 1))
	done
}

wait_for() {
	wait_until "[ -e '$1' ]"
}
