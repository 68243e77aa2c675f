#!/bin/sh
# streams.sh [PROGRAM] - children that hang, flood, die or leave something behind; readers that go away; descriptors and processes: the
# run loop of stackplan (default: build/stackplan) against a docker that pretends. Prints a line a test; exit status 1 if any failed.
# Answers are shell text for the fake docker, not for here
# shellcheck disable=SC2016
# shellcheck source=tests/fake/lib.sh
. "$(dirname "$0")/lib.sh"

one='name: demo
services:
  a: {image: busybox}'
two='name: demo
services:
  a: {image: busybox}
  b: {image: busybox, depends_on: [a]}'

# The engine has a container of the project, as far as "ps" tells: there_is SERVICE
there_is() {
	answers list.ps 'echo "{\"id\":\"0123456789ab\",\"name\":\"demo-'"$1"'-1\",\"state\":\"running\",\"status\":\"Up\",\"ports\":\"\",\"networks\":\"\",\"image\":\"busybox\",\"key\":\"'"$1"'\",\"number\":\"1\",\"project\":\"demo\",\"own\":\"demo\",\"digest\":\"x\"}"'
}

# ---- time ----

for key in pull.busybox network-create.demo_default run.demo-a-1; do
	begin "a command that hangs: $key" <<SPEC
$two
SPEC
	answers "$key" 'trap "" TERM; echo >up; sleep 60 & echo $! >>pids; wait; sleep 60 & echo $! >>pids; wait'
	STACKPLAN_LIMIT=1 sp apply
	check 'exit status 1' [ "$code" -eq 1 ]
	check 'in time' took_at_most 4
	check 'why' has err 'FAILED: it did not end in time and was stopped'
	check 'what comes after is not done' lacks log 'begin run.demo-b-1'
	check 'no process is left' all_gone
	end
done

for key in list.ps list.network list.volume list.image list.container; do
	begin "a question that hangs: $key" <<SPEC
name: demo
services:
  a: {image: busybox, volumes: [vol:/v]}
volumes: {vol: }
SPEC
	answers "$key" 'trap "" TERM; sleep 60 & echo $! >>pids; wait; sleep 60 & echo $! >>pids; wait'
	STACKPLAN_LIMIT=700ms sp apply
	check 'exit status 69' [ "$code" -eq 69 ]
	check 'in time' took_at_most 3
	check 'why' has err 'does not answer within 0.7 s'
	check 'nothing is changed' lacks log 'argv network create'
	check 'no process is left' all_gone
	end
done

begin 'questions that hang when a stack is removed, or looked at' <<SPEC
$one
SPEC
answers list.ps 'exec sleep 60'
export STACKPLAN_LIMIT=300ms
for verb in down ps 'show --current' diff check start stop 'exec a true' logs 'run a' verify pull; do
	# shellcheck disable=SC2086 # words
	[ "$verb" = verify ] || [ "$verb" = pull ] || sp $verb
	check "exit status 69: $verb" [ "$code" -eq 69 ]
done
unset STACKPLAN_LIMIT
check 'in time' took_at_most 12
check 'no process is left' all_gone
end

begin 'a limit that is none' <<SPEC
$one
SPEC
STACKPLAN_LIMIT=soon sp apply
check 'exit status 64' [ "$code" -eq 64 ]
check 'what would be right' has err 'STACKPLAN_LIMIT wants seconds'
end

begin 'killed by a signal' <<SPEC
$two
SPEC
for sig in KILL SEGV TERM; do
	answers run.demo-a-1 "kill -$sig \$\$"
	sp apply
	check 'exit status 1' [ "$code" -eq 1 ]
	check 'how' has err 'run a: FAILED: killed by signal'
	check 'what it may have made' has err 'what it may have made is removed by: docker rm'
done
check 'what comes after is not done' lacks log 'begin run.demo-b-1'
end

begin 'its output closed, it lives on' <<SPEC
$two
SPEC
answers run.demo-a-1 'printf "%064d\n" 1; exec >&- 2>&-; sleep 1; echo x >done.a'
answers run.demo-b-1 '[ -e done.a ] || return 1; printf "%064d\n" 2'
sp apply
check 'exit status 0' [ "$code" -eq 0 ]
check 'it was waited for' [ -e done.a ]
end

# ---- memory ----

if command -v "${CC:-cc}" >/dev/null 2>&1 && "${CC:-cc}" -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -O1 -o "$work/rusage" "$here/../rusage.c"; then
	begin 'two hundred megabytes on both streams, in 20 MiB' <<SPEC
$one
SPEC
	for flood in 'yes "a line of a flood" | head -c 100000000' 'head -c 100000000 /dev/zero | tr "\0" x' 'head -c 100000000 /dev/zero'; do
		answers run.demo-a-1 "$flood & $flood >&2; wait; echo >&2; echo the end >&2; return 1"
		for how in plain tty quiet; do
			code=0
			"$work/rusage" 120000 "${LIMIT_MIB:-20}" took "$program" --progress $how apply >out 2>err || code=$?
			check "exit status 1: $how, $flood" [ "$code" -eq 1 ]
		done
		"$program" apply >out 2>err
		check "the end is told: $flood" has err '^ *the end'
	done
	echo "    of one flood: $(cut -d' ' -f2 took) KiB"
	end
fi

# ---- readers that go away ----

begin 'nobody reads standard output' <<SPEC
$two
SPEC
{ "$program" apply 2>err; echo $? >status; } | true
check 'exit status 0' [ "$(cat status)" -eq 0 ]
check 'all is done' has log 'end run.demo-b-1 0'
"$program" verify >out 2>err
code=0
"$program" apply >/dev/full 2>err || code=$?
check 'a full disk: exit status 1' [ "$code" -eq 1 ]
check 'a full disk: why' has err 'cannot write standard output: No space left'
end

begin 'nobody reads the progress' <<SPEC
$two
SPEC
for how in plain tty json quiet; do
	: >log
	rm -f status
	{ { "$program" --progress $how apply 2>&1; echo $? >status; } 3>&1 | head -n 1 >out; } 2>err
	check "exit status 0: $how" [ "$(cat status)" -eq 0 ]
	check "all is done: $how" has log 'end run.demo-b-1 0'
	: >log
	code=0
	"$program" --progress $how apply >out 2>/dev/full || code=$?
	check "a full disk: exit status 0: $how" [ "$code" -eq 0 ]
	check "a full disk: all is done: $how" has log 'end run.demo-b-1 0'
done
end

begin 'descriptors that are closed' <<SPEC
$two
SPEC
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '>&- 2>&-' '<&- >&- 2>&-'; do
	: >log
	: >fds
	code=0
	eval "\"\$program\" apply $closed" >/dev/null 2>&1 || code=$?
	check "exit status 0: $closed" [ "$code" -eq 0 ]
	check "all is done: $closed" has log 'end run.demo-b-1 0'
	check "children have 0, 1, 2: $closed" [ "$(cut -d' ' -f2- fds | sort -u)" = '0 1 2' ]
done
end

begin 'checks end when nobody reads of them any more' <<SPEC
name: demo
x-stackplan:
  checks:
    - {name: first, exec: [a, "true"]}
    - {name: second, exec: [a, "true"], retries: 100, interval: 300ms, expect: never}
    - {name: third, exec: [a, "false"]}
services: {a: {image: busybox}}
SPEC
answers exec.demo-a-1 'case $* in *false) sleep 1 ;; esac'
{ "$program" --parallel 1 verify 2>err; echo $? >status; } | true
check 'exit status 141' [ "$(cat status)" -eq 141 ]
check 'in no time' took_at_most 8
check 'no process is left' all_gone
end

# ---- descriptors and processes ----

begin 'no descriptor but 0, 1, 2 reaches a child' <<SPEC
$two
SPEC
there_is a
open() {
	"$program" "$@" >out 2>err 3</dev/null 5<. 9>other 7</proc/self/status
}
for verb in apply 'apply --force-recreate' 'show --current' diff check down ps logs 'logs -f' 'exec a true' 'exec -T a true' 'run a' 'run -d a' stop start \
	restart pull build; do
	: >fds
	# shellcheck disable=SC2086 # words
	open $verb
	check "there were children: $verb" [ -s fds ]
	check "they have 0, 1, 2: $verb" [ "$(cut -d' ' -f2- fds | sort -u)" = '0 1 2' ]
done
end

begin 'never more children than --parallel, and none that is dead' <<SPEC
name: demo
services:
$(for s in a b c d e f g h; do echo "  $s: {image: busybox}"; done)
SPEC
for s in a b c d e f g; do answers "run.demo-$s-1" 'sleep 0.2; printf "%064d\n" 1'; done
answers run.demo-h-1 'echo >up; sleep 1; printf "%064d\n" 1'
there_is other # else some questions are ended before they write their end
most() {
	awk '$1 == "begin" { if (++now > most) most = now } $1 == "end" { now-- } END { print most + 0 }' log
}
for n in 1 2 3; do
	: >log
	rm -f up
	"$program" --parallel $n apply >out 2>err &
	pid=$!
	wait_for up
	sleep 0.3
	# shellcheck disable=SC2013 # words
	for child in $(cat "/proc/$pid/task/$pid/children" 2>/dev/null); do
		check "no zombie: $n" is_alive "$child"
	done
	code=0
	wait $pid || code=$?
	check "exit status 0: $n" [ "$code" -eq 0 ]
	check "no more than $n, questions too" [ "$(most)" -le $n ]
	check "all of $n" [ "$(most)" -eq $n ]
done
: >log
COMPOSE_PARALLEL_LIMIT=2 sp apply
check 'the limit of Compose' [ "$(most)" -eq 2 ]
end

begin 'killed, stackplan takes its children along' <<SPEC
$one
SPEC
for key in run.demo-a-1 list.ps exec.-i; do
	[ $key != exec.-i ] || there_is a
	rm -f up pids
	answers "$key" 'trap "" TERM INT HUP; echo >up; exec sleep 60'
	case $key in exec*) set -- exec a true ;; *) set -- apply ;; esac
	"$program" "$@" >out 2>err &
	pid=$!
	check "it has begun: $key" wait_for up
	kill -KILL $pid
	wait $pid 2>/dev/null
	check "no process is left: $key" all_gone
	rm -f "do/$key"
done
end

if command -v python3 >/dev/null 2>&1; then
	begin 'a command that has the terminal, and does not heed a signal' <<SPEC
$one
SPEC
	there_is a
	answers exec.-it 'stty raw -echo; trap "" TERM; echo >up; while :; do sleep 0.1; done'
	cat >on_terminal.py <<'END'
import os, pty, signal, subprocess, sys, termios, time
master, slave = pty.openpty()
before = termios.tcgetattr(slave)
child = subprocess.Popen(sys.argv[1:], stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
while not os.path.exists("up"):
    time.sleep(0.05)
raw = termios.tcgetattr(slave) != before
child.send_signal(signal.SIGTERM)
time.sleep(0.5)
lives = child.poll() is None
child.send_signal(signal.SIGTERM)
child.wait(5)
print("raw" if raw else "", "lives" if lives else "", child.returncode, "sane" if termios.tcgetattr(slave) == before else "")
END
	code=0
	timeout 30 python3 on_terminal.py "$program" exec a sh >out 2>err || code=$?
	check 'the second one ends it, and the terminal is as before' [ "$(cat out)" = 'raw lives -15 sane' ]
	check 'no process is left' all_gone
	end
fi

cd / || exit 1
[ $failed -eq 0 ] || echo "streams.sh: $failed failed"
[ $failed -eq 0 ]
