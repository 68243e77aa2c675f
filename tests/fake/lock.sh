#!/bin/sh
# lock.sh [PROGRAM] - two applies of one project at once: the stack is right, nothing is made twice, and who waits says for whom.
# PAIRS=50: so many of them (10 by default)
# shellcheck disable=SC2016
# shellcheck source=tests/fake/lib.sh
. "$(dirname "$0")/lib.sh"

pairs=${PAIRS:-10}
export STACKPLAN_DOCKER="$here/engine" ENGINE="$FAKE_DIR/engine"

spec='name: demo
services:
  a: {image: busybox}
  b: {image: busybox, depends_on: [a]}
  c: {image: busybox, depends_on: [b]}'

# The name of the lock's folder is ours: see lib.sh
holder() {
	cat "$XDG_RUNTIME_DIR"/stackplan/demo-*.lock 2>/dev/null
}

begin "two at once, $pairs times" <<SPEC
$spec
SPEC
waited=0
pair=0
while [ "$pair" -lt "$pairs" ]; do
	pair=$((pair + 1))
	rm -rf "$ENGINE"
	mkdir "$ENGINE"
	"$program" apply --detailed-exitcode >out.1 2>err.1 &
	one=$!
	[ $((pair % 3)) -eq 0 ] || sleep "0.0$((pair % 10))"
	"$program" apply --detailed-exitcode >out.2 2>err.2 &
	two=$!
	code=0
	wait "$one" || code=$?
	code2=0
	wait "$two" || code2=$?
	check "pair $pair: one has made it, the other finds it" [ "$((code + code2))" -eq 2 ]
	check "pair $pair: nothing is made twice" [ "$(wc -l <"$ENGINE/log")" -eq 4 ]
	check "pair $pair: it is all there" [ "$(find "$ENGINE" -name '*.demo*' | wc -l)" -eq 4 ]
	for who in 1 2; do
		grep -q 'waiting for process' "err.$who" || continue
		waited=$((waited + 1))
		other=$two
		[ "$who" = 1 ] || other=$one
		check "pair $pair: who waits names the other" \
			has "err.$who" "waiting for process $other, which is changing the project 'demo'"
	done
	[ "$test_ok" = yes ] || break
done
check 'some have waited' [ "$waited" -gt 0 ]
cp err.2 err
end

begin 'another project, or another engine, does not wait' <<SPEC
$spec
SPEC
mkdir "$ENGINE"
ENGINE_TAKES=2 "$program" apply >out.1 2>err.1 &
one=$!
until [ -n "$(holder)" ]; do sleep 0.05; done
mkdir engine-2
ENGINE="$FAKE_DIR/engine-2" DOCKER_HOST=tcp://127.0.0.1:1 "$program" apply >out 2>err
check 'the other engine is not waited for' lacks err waiting
ENGINE="$FAKE_DIR/engine-2" "$program" -p other show --current >out 2>err
check 'who only reads does not wait' lacks err waiting
ENGINE="$FAKE_DIR/engine-2" "$program" show --current >out 2>err
check 'nor in the same project' lacks err waiting
check 'the first one still runs' kill -0 "$one"
wait "$one"
end

begin 'the lock dies with its holder' <<SPEC
$spec
SPEC
mkdir "$ENGINE"
ENGINE_TAKES=5 "$program" apply >out.1 2>err.1 &
one=$!
until [ -s "$ENGINE/log" ]; do sleep 0.05; done
check 'it is held' [ "$(holder)" = "$one" ]
check 'and no child has it' [ "$(find /proc/[0-9]*/fd -lname '*demo-*.lock' 2>/dev/null | cut -d/ -f3 | sort -u)" = "$one" ]
kill -9 "$one"
wait "$one" 2>/dev/null
rm -rf "$ENGINE" && mkdir "$ENGINE" # as if the engine had not gone on
sp apply
check 'exit status 0' [ "$code" -eq 0 ]
check 'nobody is waited for' lacks err waiting
check 'in no time' took_at_most 4
check 'it is let go of' [ -z "$(holder)" ]
end

[ "$failed" -eq 0 ]
