#!/bin/sh
# rollback.sh [PROGRAM] - what a failed run leaves and takes back, against a docker that pretends (tests/fake/docker) and keeps, beside
# the log, which containers and networks there are. Prints a line a test; exit status 1 if any failed.
# shellcheck disable=SC2016
# shellcheck source=tests/fake/lib.sh
. "$(dirname "$0")/lib.sh"

# The engine remembers: have/KIND.NAME is a line of its list
remembers() {
	mkdir -p have
	answers list.ps 'cat "$FAKE_DIR"/have/container.* 2>/dev/null; :'
	answers list.network 'cat "$FAKE_DIR"/have/network.* 2>/dev/null; :'
	for s; do
		answers "run.demo-$s-1" "made demo-$s-1 0123456789a$s running; $(cat "do/fail.$s" 2>/dev/null || :)
			echo 0123456789a$s"
		answers "rm.demo-$s-1" "rm -f \"\$FAKE_DIR/have/container.demo-$s-1\""
	done
	answers network-create.demo_default 'printf "%s\n" "{\"id\":\"aa\",\"name\":\"demo_default\",$labels}" >"$FAKE_DIR/have/network.demo_default"'
}

# What each answer may use
cat >"$work/answers" <<'END'
labels='"project":"demo","own":"demo","digest":"d","keys":"","key":"x","number":"1"'
made() {
	printf '%s\n' "{\"id\":\"$2\",\"name\":\"$1\",\"state\":\"$3\",\"status\":\"\",\"networks\":\"\",\"ports\":\"\",$labels}" \
		>"$FAKE_DIR/have/container.$1"
}
END
export FAKE_ANSWERS="$work/answers"

# The commands that change something, in order
changes() {
	grep '^argv' log | grep -vE '^argv (ps|network ls|volume ls|image|inspect|version|container inspect)' | sed 's/^argv //; s/ --label.*//; s/^run -d --name \([^ ]*\) .*/run \1/; s/^network create .*/network create/; s/^volume create .*/volume create/'
}

same() { [ "$1" = "$2" ] || { printf '    got:\n%s\n' "$1"; return 1; }; }

spec='name: demo
services:
  a: {image: busybox, volumes: ["data:/d"]}
  b: {image: busybox, depends_on: [a]}
  c: {image: busybox, depends_on: [b]}
volumes: {data: {}}'

begin 'rollback takes back the last step first, and keeps data' <<SPEC
$spec
SPEC
echo 'echo "no such command" >&2; echo 0123456789ac; return 127' >do/fail.c
remembers a b c
sp --parallel 1 apply --on-failure rollback
check 'exit status 1' [ "$code" -eq 1 ]
check 'the commands' same "$(changes | tail -n 6)" 'run demo-c-1
rm -f -v demo-c-1
rm -f -v demo-b-1
stop demo-a-1
rm -f -v demo-a-1
network rm demo_default'
check 'the volume is not removed' lacks log 'argv volume rm'
check 'it is told of' has err "the volume 'demo_data' stays, for it may hold data: docker volume rm demo_data removes it"
check 'each with its step' has err 'remove b: undoes step [0-9]*, run b'
check 'the end' has err '^rolled back, in 5 steps'
check 'how to try again' has err '^to try again: stackplan apply --on-failure rollback$'
check 'not how to remove what is not there' lacks err 'to remove what was made'
end

begin 'a failed step that made nothing needs no undoing' <<SPEC
$spec
SPEC
remembers a b c
answers run.demo-c-1 'echo "no room" >&2; return 125'
sp --parallel 1 apply --on-failure rollback
check 'exit status 1' [ "$code" -eq 1 ]
check 'c is not touched' lacks log 'argv rm -f -v demo-c-1'
check 'b is' has log 'argv rm -f -v demo-b-1'
end

begin 'a name that somebody else took is let be' <<SPEC
$spec
SPEC
remembers a b c
answers run.demo-c-1 'labels="\"project\":\"\",\"own\":\"\",\"digest\":\"\",\"keys\":\"\",\"key\":\"\",\"number\":\"\""
	made demo-c-1 ffffffffffff running; echo "Conflict. The container name is already in use" >&2; return 125'
sp --parallel 1 apply --on-failure rollback
check 'exit status 1' [ "$code" -eq 1 ]
check 'c is not touched' lacks log 'argv rm -f -v demo-c-1'
check 'it is there' [ -e have/container.demo-c-1 ]
check 'b is removed' [ ! -e have/container.demo-b-1 ]
end

begin 'an undo that fails is told of, with its command' <<SPEC
$spec
SPEC
echo 'echo "no such command" >&2; echo 0123456789ac; return 127' >do/fail.c
remembers a b c
answers rm.demo-b-1 'echo "is in use" >&2; return 1'
sp --parallel 1 apply --on-failure rollback
check 'exit status 1' [ "$code" -eq 1 ]
check 'what needs it is not undone' lacks log 'argv network rm'
check 'how far it came' has err '^the rollback is not complete: 1 of its 5 steps done$'
check 'what is left' has err '^    docker rm -f -v demo-b-1$'
check 'and all of it' has err '^    docker network rm demo_default$'
end

begin 'a signal ends a rollback' <<SPEC
$spec
SPEC
echo 'echo "no such command" >&2; echo 0123456789ac; return 127' >do/fail.c
remembers a b c
answers rm.demo-b-1 'echo x >"$FAKE_DIR/up"; exec sleep 60'
ended_by TERM '[ -e up ]' --parallel 1 apply --on-failure rollback
# whatever went wrong before: whoever sent the signal is told that it ended the run
check 'exit status 143' [ "$code" -eq 143 ]
check 'it is told' has err '^the rollback was stopped by SIGTERM: 1 of its 5 steps done$'
check 'what is left' has err '^    docker rm -f -v demo-a-1$'
check 'in no time' took_at_most 5
check 'no process is left' all_gone
end

begin 'a signal before a failure takes nothing back' <<SPEC
$spec
SPEC
remembers a b c
answers run.demo-b-1 'echo x >"$FAKE_DIR/up"; exec sleep 60'
ended_by TERM '[ -e up ]' --parallel 1 apply --on-failure rollback
check 'exit status 143' [ "$code" -eq 143 ]
check 'nothing is removed' lacks log 'argv rm'
check 'how to go on' has err '^to go on from here: stackplan apply --on-failure rollback$'
end

begin 'a gate that fails is rolled back, with exit status 4' <<SPEC
name: demo
services:
  a: {image: busybox, healthcheck: {test: "true"}}
  b: {image: busybox, depends_on: {a: {condition: service_healthy}}}
SPEC
remembers a b
answers inspect.demo-a-1 'case $* in *Log*) echo "the probe says no" ;; *) echo running unhealthy ;; esac'
sp apply --on-failure rollback
check 'exit status 4' [ "$code" -eq 4 ]
check 'why' has err 'it is not healthy: "running unhealthy"'
check 'a is removed' [ ! -e have/container.demo-a-1 ]
check 'b was never made' lacks log 'argv run .*demo-b-1'
end

begin 'a check that fails is rolled back, too' <<SPEC
name: demo
services: {a: {image: busybox}}
x-stackplan:
  checks:
    - {name: first, exec: [a, "false"]}
    - {name: second, exec: [a, "true"]}
SPEC
remembers a
answers exec.demo-a-1 'case $* in *false) return 1 ;; esac'
sp apply --on-failure rollback
check 'exit status 4' [ "$code" -eq 4 ]
check 'a is removed' [ ! -e have/container.demo-a-1 ]
check 'nothing more is checked' lacks log 'exec demo-a-1 true'
end

begin 'an engine that does not tell what is there' <<SPEC
$spec
SPEC
remembers a b c
answers run.demo-c-1 'rm -rf "$FAKE_DIR/do/list.ps"; echo "echo gone >&2; return 1" >"$FAKE_DIR/do/list.ps"; return 1'
sp --parallel 1 apply --on-failure rollback
check 'exit status 1' [ "$code" -eq 1 ]
check 'nothing is removed' lacks log 'argv rm'
check 'it is told' has err 'nothing was taken back'
check 'how to remove it' has err 'to remove what was made: stackplan down; with -v the volumes'
end

begin 'without rollback: what is there is told, and what goes on' <<SPEC
$spec
SPEC
echo 'echo "no such command" >&2; echo 0123456789ac; return 127' >do/fail.c
remembers a b c
sp --parallel 1 apply --scale b=1 --wait-timeout=9
check 'exit status 1' [ "$code" -eq 1 ]
check 'nothing is removed' lacks log 'argv rm'
check 'made, not running' has err '^made but not running: demo-c-1; the next apply starts it'
check 'the same options' has err '^to go on from here: stackplan apply --scale .b=1. --wait-timeout 9$'
check 'how to remove it' has err '^to remove what was made: stackplan down; with -v'
end

begin 'nothing was made: nothing is said of removing' <<SPEC
$spec
SPEC
remembers a b c
answers pull.busybox 'return 1'
sp --parallel 1 apply
check 'exit status 1' [ "$code" -eq 1 ]
check 'it is not' lacks err 'to remove'
sp --parallel 1 apply --on-failure rollback
check 'nothing was changed' has err '^nothing was changed, so nothing is taken back$'
end

# A volume without a name, as the engine calls it
nameless=$(printf '%064d' 7)

begin 'down -v that is killed after the container: its volume is not forgotten' <<SPEC
$spec
SPEC
XDG_RUNTIME_DIR=$FAKE_DIR/runtime
export XDG_RUNTIME_DIR
mkdir -m 700 "$XDG_RUNTIME_DIR"
remembers a
answers run.demo-a-1 "labels=\"\$labels,\\\"carried\\\":\\\"$nameless\\\"\"; made demo-a-1 0123456789aa running; echo 0123456789aa"
sp -q apply --no-deps a
check 'exit status 0' [ "$code" -eq 0 ]
answers "volume-rm.$nameless" ': >"$FAKE_DIR/removing"; sleep 100'
"$program" --yes down -v --remove-orphans >out 2>err &
killed=$!
check 'the volume goes after the container' wait_for removing
kill -9 "$killed"
wait "$killed" 2>/dev/null
check 'the container is gone' [ ! -e have/container.demo-a-1 ]
check 'the file of the lock has it' grep -q "^$nameless\$" "$XDG_RUNTIME_DIR"/stackplan/demo-*.lock
while read -r pid; do ! is_alive "$pid" || kill -9 "$pid" 2>/dev/null; done <pids
rm "do/volume-rm.$nameless"
sp -q apply --no-deps a
check 'it is kept there by what does not remove it' grep -q "^$nameless\$" "$XDG_RUNTIME_DIR"/stackplan/demo-*.lock
rm have/container.*
: >log
sp --yes down -v --remove-orphans
check 'exit status 0' [ "$code" -eq 0 ]
check 'it is removed' has log "argv volume rm -f $nameless"
check 'and the file, too' [ -z "$(ls "$XDG_RUNTIME_DIR/stackplan")" ]
unset XDG_RUNTIME_DIR
end

[ "$failed" -eq 0 ]
