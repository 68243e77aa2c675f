#!/bin/sh
# run.sh [PROGRAM] - what a person sees of a run, in tmux: recorded screens of stackplan (default: build/stackplan) against the
# docker that pretends (tests/fake/docker), compared with those in want/. Spinners are written *, times T.T: both move.
# UPDATE=1 records anew: look at the difference. Without tmux, all is skipped, which is said.
# Answers are shell text for the fake docker, not for here
# shellcheck disable=SC2016
set -u
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../build/stackplan}
case $program in /*) ;; *) program=$PWD/$program ;; esac
[ -x "$program" ] || { echo "screens: there is no program $program" >&2; exit 1; }
if ! command -v tmux >/dev/null 2>&1; then
	echo "screens: 0 passed, 0 failed, all skipped: no tmux"
	exit 0
fi
work=$(mktemp -d)
trap 'mux kill-server 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset TMUX COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_PARALLEL_LIMIT DOCKER_HOST DOCKER_CONTEXT
unset NO_COLOR CLICOLOR CLICOLOR_FORCE LC_ALL LC_CTYPE
export STACKPLAN_DOCKER="$here/../fake/docker" FAKE_DIR="$work/now" LANG=C.UTF-8
passed=0
failed=0
nth=0
printf '%s\n' 'set -g status off' 'set -g history-limit 500' \
	'set -g default-terminal screen-256color' 'set -g escape-time 0' >"$work/conf"

mux() {
	tmux -u -S "$work/socket.$nth" -f "$work/conf" "$@"
}

# held NAME TEXT KEY: the fake docker runs the text for the command of this key, and waits until the test lets NAME go on
held() {
	printf "%s\n" "$2" "k=0; until [ -e \"\$FAKE_DIR/go.$1\" ]; do [ \$k -lt 600 ] || exit 1; k=\$((k + 1)); sleep 0.05; done; printf \"%064d\\n\" 1" >"$FAKE_DIR/do/$3"
}

go() {
	: >"$FAKE_DIR/go.$1"
}

# Begin with an empty folder, the spec and the answers
prepare() {
	[ "$nth" -eq 0 ] || mux kill-server
	nth=$((nth + 1)) # a server that is on its way out is no place for the next
	rm -rf "$FAKE_DIR"
	mkdir -p "$FAKE_DIR/do"
	: >"$FAKE_DIR/log"
	cat >"$FAKE_DIR/compose.yaml" <<-'SPEC'
		name: demo
		services:
		  db: {image: mysql, healthcheck: {test: "true", retries: 60, interval: 1s}}
		  cache: {image: redis}
		  app:
		    image: node
		    depends_on: {db: {condition: service_healthy}, cache: {condition: service_started}}
	SPEC
	held mysql 'echo "3f4ca61aafcd: Downloading [=====>          ]  31.2MB/72.9MB"' pull.mysql
	held redis 'printf "\033[32mlatest\033[0m: Pulling from library/redis → 10%%\r20%%\r\033]0;title\007pulling\n"' pull.redis
	held node 'echo "0a1b2c3d4e5f: Verifying Checksum of a layer with a line that is so long that it fits no ordinary terminal"' pull.node
	held network '' network-create.demo_default
	held cache '' run.demo-cache-1
	echo '[ -e "$FAKE_DIR/go.healthy" ] && echo running healthy || echo running starting' >"$FAKE_DIR/do/inspect.demo-db-1"
}

# start COLUMNS ROWS WORDS...: stackplan in a terminal of this size; words before the program are for env
start() {
	columns=$1 rows=$2
	shift 2
	mux new-session -d -x "$columns" -y "$rows" -c "$FAKE_DIR" \
		"trap : INT; exec 3>&2 2>/dev/null; env TERM=screen-256color $* 2>&3 3>&-; echo exit \$?; exec sleep 1000" &&
		return
	echo "screens: tmux does not start"
	exit 1
}

resize() {
	mux resize-window -x "$1" -y "$2"
}

# The screen as it is and what has scrolled out of it, without what moves
capture() {
	mux capture-pane -p -S - ${colours:+-e} | sed -E 's/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/*/g; s/^[-\\|/] \[/* [/; s/[0-9][.][0-9]( s|…)/T.T\1/g' |
		sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# shows NAME MARK: soon the screen has MARK, and is as recorded
shows() {
	want=$here/want/$1.txt
	tries=0
	while [ $tries -lt 100 ]; do
		capture >"$work/got"
		if [ -n "${UPDATE:-}" ] && grep -q -e "$2" "$work/got"; then
			sleep 0.3
			capture >"$want"
		fi
		if grep -q -e "$2" "$work/got" && cmp -s "$want" "$work/got"; then
			passed=$((passed + 1))
			return
		fi
		sleep 0.1
		tries=$((tries + 1))
	done
	echo "not ok $1"
	diff -u -L "$1: wanted" -L "$1: shown" "$want" "$work/got"
	failed=$((failed + 1))
}

# true WHAT COMMAND...
check() {
	what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "not ok $what"
		failed=$((failed + 1))
	fi
}

# Wait for a line of the fake docker's log
logged() {
	tries=0
	until grep -q -e "$1" "$FAKE_DIR/log"; do
		[ $tries -lt 100 ] || { echo "screens: never came: $1"; return 1; }
		sleep 0.05
		tries=$((tries + 1))
	done
}

# From the pulls to the gate, one after the other, so that lines come in one order
to_gate() {
	for image in mysql redis node; do
		logged "begin pull.$image"
		go $image
		logged "end image-inspect.$image"
	done
	go network
	logged 'begin inspect.demo-db-1'
}

# Through the gate to the end
to_end() {
	go cache
	logged 'end run.demo-cache-1'
	go healthy
}

# The whole run, a screen at each stage
stages() {
	shows "$1-pulls" '3 under way'
	to_gate
	shows "$1-gate" 'wait db'
	to_end
	shows "$1-end" '^exit'
}

lang_utf8=LANG=C.UTF-8
for size in '80 24' '40 24' '200 50'; do
	prepare
	# shellcheck disable=SC2086 # two numbers
	start $size $lang_utf8 "$program" apply
	stages "tty-${size% *}"
done

# a terminal that gets narrower, lower and wide again while the block stands there
prepare
start 110 24 $lang_utf8 "$program" apply
shows resize-1-wide '3 under way'
resize 40 24
shows resize-2-narrow '3 under way'
resize 40 8
shows resize-3-low '3 under way'
resize 120 24
shows resize-4-wide '3 under way'
to_gate
resize 60 24
shows resize-5-gate 'wait db'
to_end
shows resize-6-end '^exit'

# more steps than rows
prepare
start 80 5 $lang_utf8 "$program" --parallel 9 apply
shows low '... and'

prepare
start 80 24 $lang_utf8 NO_COLOR=1 "$program" apply
colours=yes
shows no-color-pulls '3 under way'
prepare
start 80 24 $lang_utf8 "$program" apply
shows color-pulls '3 under way'
prepare
start 80 24 $lang_utf8 CLICOLOR=0 "$program" apply
shows no-color-pulls '3 under way'
prepare
printf '%s\n' 'k=0; until [ -e "$FAKE_DIR/go.mysql" ]; do [ $k -lt 600 ] || exit 1; k=$((k + 1)); sleep 0.05; done; echo "no such image" >&2; return 1' >"$FAKE_DIR/do/pull.mysql"
start 80 24 $lang_utf8 TERM=dumb CLICOLOR_FORCE=1 "$program" apply
logged 'begin pull.node'
go mysql
logged 'end pull.mysql'
sleep 0.5
go redis
logged 'end pull.redis'
sleep 0.5
go node
shows dumb-force-color 'FAILED'
colours=

prepare
start 80 24 LANG=C "$program" apply
stages lang-c

prepare
start 80 24 $lang_utf8 TERM=dumb "$program" apply
to_gate
to_end
shows dumb-end '^exit'

# Ctrl-C: the block goes, the terminal is as it was
prepare
start 80 24 $lang_utf8 "$program" --parallel 1 apply
shows interrupt-1 '1 under way'
tty=$(mux display-message -p '#{pane_tty}')
before=$(stty -g <"$tty")
mux send-keys C-c
shows interrupt-2 '^exit 130'
check 'the terminal is as it was' [ "$before" = "$(stty -g <"$tty")" ]
check 'the cursor can be seen' [ "$(mux display-message -p '#{cursor_flag}')" = 1 ]

# killed outright: the cursor can be seen, and stands below
prepare
start 80 24 $lang_utf8 sh -c "'echo \$\$ >pid; exec \"$program\" apply'"
shows tty-80-pulls '3 under way'
kill -9 "$(cat "$FAKE_DIR/pid")"
for image in mysql redis node; do go $image; done
shows killed '^exit 137'
check 'the cursor can be seen after a kill' [ "$(mux display-message -p '#{cursor_flag}')" = 1 ]

echo "screens: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
