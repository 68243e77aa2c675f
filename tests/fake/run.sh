#!/bin/sh
# run.sh [PROGRAM] - the run loop of stackplan (default: build/stackplan) against a docker that pretends (tests/fake/docker).
# Prints a line a test; exit status 1 if any failed.
# Answers are shell text for the fake docker, not for here; where the shell knows no ulimit -v, a test is skipped
# shellcheck disable=SC2016,SC3045
# shellcheck source=tests/fake/lib.sh
. "$(dirname "$0")/lib.sh"

# Four services that need nothing of each other
flat() {
	echo 'name: demo'
	echo 'services:'
	for s in a b c d e f; do echo "  $s: {image: busybox}"; done
}

chain='name: demo
services:
  a: {image: busybox, healthcheck: {test: "true"}}
  b: {image: busybox, depends_on: {a: {condition: service_healthy}}}
  c: {image: busybox, depends_on: [b]}
  x: {image: busybox}'

begin 'order, and nothing before what it needs' <<SPEC
$chain
SPEC
sp apply
check 'exit status 0' [ "$code" -eq 0 ]
check 'pull before network' before 'end pull.busybox 0' 'begin network-create.demo_default'
check 'network before a' before 'end network-create.demo_default 0' 'begin run.demo-a-1'
check 'a before its gate' before 'end run.demo-a-1 0' 'begin inspect.demo-a-1'
check 'the gate before b' before 'end inspect.demo-a-1 0' 'begin run.demo-b-1'
check 'b before c' before 'end run.demo-b-1 0' 'begin run.demo-c-1'
check 'a line for each' has err '\[8/8\]'
check 'children have 0, 1, 2 and no other descriptor' lacks fds '[3-9]$'
check 'no process is left' all_gone
end

begin 'no more at once than --parallel' <<SPEC
$(flat)
SPEC
for s in a b c d e f; do answers "run.demo-$s-1" 'sleep 0.3; printf "%064d\n" 1'; done
sp --parallel 2 apply
check 'exit status 0' [ "$code" -eq 0 ]
check 'two at once' [ "$(most_at_once)" -eq 2 ]
: >log
sp --parallel 5 apply
check 'five at once' [ "$(most_at_once)" -eq 5 ]
end

begin 'a failure skips what needs it, and nothing else' <<SPEC
$chain
SPEC
answers run.demo-b-1 'echo "no such thing" >&2; return 125'
sp --parallel 1 apply --on-failure continue
check 'exit status 1' [ "$code" -eq 1 ]
check 'c is not started' lacks log 'begin run.demo-c-1'
check 'x is started' has log 'end run.demo-x-1 0'
check 'the reason is told' has err 'no such thing'
check 'the code is told' has err 'exit status 125'
check 'what is skipped is told' has err 'run c'
end

begin 'after a failure nothing new is started' <<SPEC
$(flat)
SPEC
answers run.demo-a-1 'return 1'
sp --parallel 1 apply --on-failure stop
check 'exit status 1' [ "$code" -eq 1 ]
check 'b is not started' lacks log 'begin run.demo-b-1'
end

begin 'a gate opens after some tries' <<SPEC
$chain
SPEC
answers inspect.demo-a-1 '[ "$n" -ge 3 ] && echo running healthy || echo running starting'
sp apply
check 'exit status 0' [ "$code" -eq 0 ]
check 'three tries' [ "$(wc -l <count.inspect.demo-a-1)" -eq 3 ]
end

begin 'a gate fails at once when it is hopeless' <<SPEC
$chain
SPEC
answers inspect.demo-a-1 'case $* in *Log*) echo "the probe says no" ;; *) echo running unhealthy ;; esac'
answers logs.demo-a-1 'echo "the last words"'
sp apply
check 'exit status 4' [ "$code" -eq 4 ]
check 'in no time' took_at_most 5
check 'the last probe is told' has err 'the probe says no'
check 'the log is told' has err 'the last words'
check 'b is not started' lacks log 'begin run.demo-b-1'
end

begin 'a gate fails at once when its container has ended' <<SPEC
$chain
SPEC
answers inspect.demo-a-1 'case $* in *Log*) echo "the probe says no" ;; *) echo exited starting ;; esac'
sp apply
check 'exit status 4' [ "$code" -eq 4 ]
check 'in no time' took_at_most 3
end

begin 'a gate fails at once where there is no healthcheck' <<SPEC
$chain
SPEC
answers inspect.demo-a-1 'echo "template parsing error: at <.State.Health.Status>: map has no entry for key Health" >&2; return 1'
sp apply
check 'exit status 4' [ "$code" -eq 4 ]
check 'in no time' took_at_most 3
end

begin '--wait asks for all with one command' <<SPEC
$(flat)
SPEC
for s in a b c d e f; do
	answers "inspect.demo-$s-1" '[ "$n" -ge 2 ] && echo "exited 0" || echo "created 0"'
done
sp --parallel 6 apply --wait
check 'exit status 0' [ "$code" -eq 0 ]
check 'a line for each' has err 'wait f: exited 0'
check 'all started before' before 'end run.demo-f-1 0' 'begin inspect.demo-a-1'
check 'few questions' [ "$(grep -c '^together' log)" -le 4 ]
check 'two for each' [ "$(wc -l <count.inspect.demo-f-1)" -eq 2 ]
end

begin '--wait fails at once for what has ended' <<SPEC
$(flat)
SPEC
for s in a b c d e f; do answers "inspect.demo-$s-1" 'echo running'; done
answers inspect.demo-c-1 'case $* in *Log*) return 1 ;; esac; echo "exited 3"'
answers logs.demo-c-1 'echo "the last words"'
sp apply --wait
check 'exit status 4' [ "$code" -eq 4 ]
check 'in no time' took_at_most 4
check 'why' has err 'wait c: FAILED: it is not running: "exited 3"'
check 'its log' has err 'the last words'
end

begin '--wait waits for what is there already, too' <<SPEC
name: demo
services: {a: {image: busybox, healthcheck: {test: "true"}}}
SPEC
sp apply
check 'exit status 0' [ "$code" -eq 0 ]
answers list.image 'echo "{\"id\":\"sha256:01\",\"tags\":[\"busybox:latest\"],\"digests\":[],\"tagged\":\"\"}"'
answers list.network "printf '%s\n' '{\"id\":\"aa\",\"name\":\"demo_default\",\"project\":\"demo\",\"own\":\"demo\",\"digest\":\"$(sed -n '/network create/s/.*--label dev.stackplan.digest=\([^ ]*\) .*/\1/p' log)\",\"keys\":\"\",\"key\":\"default\"}'"
label() { sed -n "s/.*--label dev.stackplan.$1=\([^ ]*\) .*/\1/p" log | tail -n 1; }
answers list.ps "printf '%s\n' '{\"id\":\"$(printf %064d 1)\",\"name\":\"demo-a-1\",\"state\":\"running\",\"status\":\"Up 1 second (health: starting)\",\"networks\":\"demo_default\",\"ports\":\"\",\"image\":\"busybox\",\"project\":\"demo\",\"own\":\"demo\",\"digest\":\"$(label digest)\",\"keys\":\"$(label keys)\",\"key\":\"a\",\"number\":\"1\"}'"
: >log
sp apply
check 'nothing to do' has err 'nothing to do'
sp apply --wait
check 'exit status 0' [ "$code" -eq 0 ]
check 'it is waited for' has err 'wait a: healthy'
end

begin 'a gate is over after its time' <<SPEC
$chain
SPEC
answers inspect.demo-a-1 'echo running starting'
sp apply --wait-timeout 2
check 'exit status 4' [ "$code" -eq 4 ]
check 'in two seconds' took_at_most 4
check 'the limit is told' has err 'limit of 2 s'
end

begin 'a poll that hangs is ended with the gate' <<SPEC
$chain
SPEC
answers inspect.demo-a-1 'sleep 60'
sp apply --wait-timeout 2
check 'exit status 4' [ "$code" -eq 4 ]
check 'in time' took_at_most 6
check 'no process is left' all_gone
end

begin 'checks are tried again' <<SPEC
name: demo
x-stackplan:
  checks:
    - {name: first, exec: [a, "true"], expect: yes it is, retries: 5, interval: 100ms}
    - {name: second, logs: a, expect: "/^up [0-9]+\$/"}
    - {name: third, exec: [a, "false"], expect_exit: 3}
services: {a: {image: busybox}}
SPEC
answers exec.demo-a-1 'case $* in *false) return 3 ;; esac; [ "$n" -ge 3 ] && echo "yes it is"'
answers logs.demo-a-1 'echo "up 17" >&2'
sp apply
check 'exit status 0' [ "$code" -eq 0 ]
check 'ok is told' has err 'check first: ok'
answers logs.demo-a-1 'echo "up x"'
sp apply
check 'exit status 4' [ "$code" -eq 4 ]
check 'the failure is told' has err 'check second: FAILED'
check 'the others are done' has err 'check third: ok'
end

begin 'a step that prints no ID has failed' <<SPEC
$(flat)
SPEC
answers run.demo-a-1 'echo "all well"'
sp apply
check 'exit status 1' [ "$code" -eq 1 ]
check 'it is told' has err 'no container ID'
end

secret_spec='name: demo
services:
  a:
    image: busybox
    environment: {DB_PASSWORD: "${CANARY}", HTTP_PROXY: "http://u:${CANARY}@proxy"}'

begin 'a transcript has the commands and what they printed, and no secret' <<SPEC
name: demo
services:
  a:
    image: busybox
    environment: {DB_PASSWORD: "\${CANARY}", TOKEN: literal-canary}
    command: ["x\`\`\`y"]
SPEC
answers run.demo-a-1 'echo "it is $DB_PASSWORD" >&2; echo "\`\`\`\`"; printf "%064d\n" 1'
export CANARY=canary-7f3a
sp apply --transcript t.md
check 'exit status 0' [ "$code" -eq 0 ]
check 'the title' has t.md '^# demo: stackplan apply'
check 'the command' has t.md '^docker run -d --name demo-a-1'
check 'a reference in place of a value' has t.md '^TOKEN="[$]{TOKEN:?'
check 'what it said, masked' has t.md 'it is <redacted>'
check 'a fence that output cannot end' has t.md '^`````$'
check 'how it ended' has t.md '^Done .* demo-a-1 is 000000000000'
check 'no secret from outside' lacks t.md "$CANARY"
check 'no secret of the spec' lacks t.md literal-canary
check 'for its owner alone' [ "$(stat -c %a t.md)" = 600 ]
sp down --transcript t.md
check 'a new one each time' has t.md '^# demo: stackplan down'
sp apply --transcript /dev/full
check 'exit status 1' [ "$code" -eq 1 ]
check 'all is done all the same' has err '4/4'
check 'it is told' has err "cannot write the transcript '/dev/full': No space left"
check 'once' [ "$(grep -c 'cannot write' err)" -eq 1 ]
sp apply --transcript nowhere/t.md
check 'exit status 1' [ "$code" -eq 1 ]
check 'nothing is run' has err 'nothing was run'
unset CANARY
end

begin 'verbose shows every line' <<SPEC
$chain
SPEC
answers pull.busybox 'printf "one\n\033[31mtwo\n"'
sp --verbose --progress plain apply
check 'first' has err 'pull busybox | one'
check 'second, without escapes' has err 'pull busybox | two'
end

begin 'a secret goes by the environment and by file, never by argv' <<SPEC
$secret_spec
SPEC
answers run.demo-a-1 'printf %s "$DB_PASSWORD" >got; cat /dev/fd/3 >got3; cat "/proc/$$/cmdline" >cmdline
	echo "it is $DB_PASSWORD" >&2; return 1'
export CANARY=canary-5f3a9
sp apply
unset CANARY
check 'the environment has it' has got '^canary-5f3a9$'
check 'descriptor 3 has it' has got3 '^HTTP_PROXY=http://u:canary-5f3a9@proxy$'
check 'no argv has it' lacks cmdline canary
check 'no argv had it' lacks log canary
check 'descriptors 0 1 2 3' has fds '^run.demo-a-1 0 1 2 3$'
check 'the others had 0 1 2' has fds '^pull.busybox 0 1 2$'
check 'the output has it not' lacks err canary
check 'but a mark' has err 'it is <redacted>'
end

begin 'two hundred megabytes of output' <<SPEC
name: demo
services: {a: {image: busybox}}
SPEC
answers run.demo-a-1 'yes "a line of a flood" | head -c 100000000; yes "and its other half" | head -c 100000000 >&2
	echo "the end" >&2; return 1'
if (ulimit -v 150000 && "$program" --version) >/dev/null 2>&1; then
	code=0
	(ulimit -v 150000 && exec "$program" apply) >out 2>err || code=$?
	check 'exit status 1' [ "$code" -eq 1 ]
	check 'the end is told' has err 'the end'
	check 'not all of it is' [ "$(wc -c <err)" -lt 20000 ]
	end
else
	echo 'skipped two hundred megabytes of output: this build or this machine allows no limit of memory'
fi

begin 'a grandchild that holds the pipes holds nobody up' <<SPEC
name: demo
services: {a: {image: busybox}}
SPEC
answers run.demo-a-1 'sleep 20 & echo $! >grandchild; printf "%064d\n" 1'
sp apply
check 'exit status 0' [ "$code" -eq 0 ]
check 'in no time' took_at_most 5
kill "$(cat grandchild)" 2>/dev/null
end

for sig in INT TERM HUP; do
	begin "SIG$sig ends all children" <<SPEC
$(flat)
SPEC
	for s in a b c d; do
		answers "run.demo-$s-1" "sleep 60 & echo \$! >>pids; echo x >up.$s; wait"
	done
	case $sig in INT) want=130 ;; TERM) want=143 ;; HUP) want=129 ;; esac
	ended_by "$sig" '[ -e up.a ] && [ -e up.b ] && [ -e up.c ] && [ -e up.d ]' --parallel 4 apply
	check "exit status $want" [ "$code" -eq "$want" ]
	check 'they had started' [ -e up.a ]
	check 'in no time' took_at_most 4
	check 'nothing more is started' lacks log 'begin run.demo-e-1'
	check 'no process is left' all_gone
	end
done

begin 'the second signal kills' <<SPEC
$(flat)
SPEC
answers run.demo-a-1 'trap "" TERM; echo x >up; while :; do sleep 0.2; done'
"$program" --parallel 1 apply >out 2>err &
pid=$!
wait_for up
kill -TERM $pid
sleep 0.6
check 'the first one does not' kill -0 $pid
kill -TERM $pid
code=0
wait $pid || code=$?
check 'exit status 143' [ "$code" -eq 143 ]
check 'in no time' took_at_most 5
sleep 0.3
check 'no process is left' all_gone
end

begin 'an engine that hangs is ended by a signal' <<SPEC
$(flat)
SPEC
answers pull.busybox 'echo x >up; sleep 60'
ended_by TERM '[ -e up ]' apply
check 'exit status 143' [ "$code" -eq 143 ]
check 'in no time' took_at_most 4
check 'nothing is made' lacks log 'begin network-create'
check 'no process is left' all_gone
end

begin 'progress as JSON' <<SPEC
$chain
SPEC
answers run.demo-b-1 'echo "no \"such\" thing" >&2; return 1'
sp --progress json apply
check 'the first line' has err '^{"format_version": *"1.0", *"event": *"plan", *"steps": *8}$'
check 'a failure' has err '"state": *"failed"'
check 'its output' has err 'no \\"such\\" thing'
check 'a summary' has err '"event": *"summary", *"ok": *false'
end

begin 'quiet' <<SPEC
$chain
SPEC
sp -q apply
check 'exit status 0' [ "$code" -eq 0 ]
check 'nothing is said' [ ! -s err ]
end

begin 'a source of a mount that must be there' <<SPEC
name: demo
services:
  a: {image: busybox, volumes: [{type: bind, source: ./no, target: /a, bind: {create_host_path: false}}]}
SPEC
sp apply
check 'exit status 65' [ "$code" -eq 65 ]
check 'the place is told' has err '^compose.yaml:3:54: error: .no. is not there'
check 'nothing is made' lacks log 'begin network-create'
mkdir no
sp apply
check 'exit status 0' [ "$code" -eq 0 ]
check 'nothing is told' lacks err 'not there'
end

cd / || exit 1
[ $failed -eq 0 ] || echo "run.sh: $failed failed"
[ $failed -eq 0 ]
