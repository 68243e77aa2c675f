#!/bin/sh
# twice.sh - two applies of one project at once, on an engine: the stack is right, made or replaced once, and who waits says for whom.
# PAIRS=10: so many of them (4 by default)
# shellcheck disable=SC2317 # functions are called by expect
subject=twice
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox
mkdir "$work/app"
cd "$work/app"
cat >compose.yaml <<END
name: $prefix
x-usual: &usual
  image: busybox
  init: true
  command: sleep 600
  stop_grace_period: 1s
  labels: {round: "\${ROUND:-0}"}
services:
  db: {<<: *usual, volumes: ["data:/data"]}
  api:
    <<: *usual
    healthcheck: {test: ["CMD", "test", "-f", /data/kept], interval: 1s}
    volumes: ["data:/data"]
    depends_on: [db]
  web: {<<: *usual, depends_on: {api: {condition: service_healthy}}}
volumes: {data: {}}
END

# The stack's containers, one a line: name, state, round
there() {
	"$docker" ps -a --filter "label=com.docker.compose.project=$prefix" --format '{{.Names}} {{.State}} {{.Label "round"}}' | sort
}

# is_right ROUND: each service has one container, of that round, there is one network, and the volume has what was put into it
is_right() {
	same "$(there)" "$(printf "$prefix-%s-1 running $1\n" api db web)" || return 1
	same "$("$docker" network ls --filter "name=$prefix" --format '{{.Name}}')" "${prefix}_default" || return 1
	same "$("$docker" exec "$prefix-db-1" cat /data/kept)" precious || return 1
	"$sp" apply --detailed-exitcode >"$work/said" 2>&1 # 2: there was something left to do
}

# names_other FILE PID: who had to wait says for which process
names_other() {
	! grep -q 'waiting for process' "$1" || grep -q "waiting for process $2, which is changing the project" "$1"
}

"$docker" volume create --label com.docker.compose.project="$prefix" --label com.docker.compose.volume=data "${prefix}_data" >/dev/null
"$docker" run --rm -v "${prefix}_data:/data" busybox sh -c 'echo precious >/data/kept'

waited=0
pair=0
while [ "$pair" -lt "${PAIRS:-4}" ]; do
	pair=$((pair + 1))
	how=replaced
	[ $((pair % 2)) -eq 0 ] || how=made
	[ "$how" = replaced ] || "$sp" down >"$work/said" 2>&1
	export ROUND="$pair"
	"$sp" apply >"$work/out.1" 2>"$work/err.1" &
	one=$!
	[ $((pair % 4)) -lt 2 ] || sleep "0.$((pair % 5))"
	"$sp" apply >"$work/out.2" 2>"$work/err.2" &
	two=$!
	code=0
	wait "$one" || code=$?
	code2=0
	wait "$two" || code2=$?
	cat "$work/err.1" "$work/err.2" >"$work/stderr"
	expect "pair $pair: both exit 0" same "$code $code2" '0 0'
	expect "pair $pair: $how, once, and the data is there" is_right "$pair"
	expect "pair $pair: who waits names the other" names_other "$work/err.1" "$two"
	expect "pair $pair: and so does the other" names_other "$work/err.2" "$one"
	waited=$((waited + $(cat "$work/err.1" "$work/err.2" | grep -c 'waiting for process' || :)))
done
expect 'some have waited' [ "$waited" -gt 0 ]
run "$sp" down -v
expect 'down -v leaves nothing' nothing_left

live_end
