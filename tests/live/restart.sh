#!/bin/sh
# restart.sh - apply brings back what was stopped, never started, or removed by hand, and leaves the rest alone
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=restart
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox
mkdir "$work/app"
cd "$work/app"
cat >compose.yaml <<END
name: $prefix
services:
  db: {image: busybox, init: true, command: sleep 600, stop_grace_period: 1s}
  task: {image: busybox, command: 'true'}
  web:
    image: busybox
    init: true
    command: sleep 600
    stop_grace_period: 1s
    depends_on: {db: {condition: service_started}, task: {condition: service_completed_successfully}}
END

id() {
	"$docker" ps -aq --no-trunc --filter "name=^/?$prefix-$1-1\$"
}

# field SERVICE FORMAT: a field of docker inspect
field() {
	"$docker" inspect --format "$2" "$prefix-$1-1"
}

state() {
	field "$1" '{{.State.Status}}'
}

run "$sp" apply --no-start
expect 'apply --no-start exits 0' exited 0
expect 'it makes the containers and starts none' same "$(state db) $(state task) $(state web)" 'created created created'
db=$(id db)
web=$(id web)
run "$sp" apply
expect 'apply exits 0' exited 0
expect 'it starts what was made' same "$(state db) $(state task) $(state web)" 'running exited running'
expect 'and makes no container' same "$(id db) $(id web)" "$db $web"
started=$(field db '{{.State.StartedAt}}')
task_started=$(field task '{{.State.StartedAt}}')

"$docker" stop "$prefix-web-1" >/dev/null
logging_docker
run "$sp" apply
unset STACKPLAN_DOCKER
expect 'apply after docker stop exits 0' exited 0
expect 'it starts that one' same "$(state web) $(id web)" "running $web"
expect 'it says so in its table' grep -qE "^web +$prefix-web-1 +$(echo "$web" | cut -c 1-12) +running" "$work/stdout"
expect 'it starts no other' same "$(field db '{{.State.StartedAt}}') $(field task '{{.State.StartedAt}}')" \
	"$started $task_started"
expect 'one docker command writes' same "$(grep -cE '^((container )?(start|run|create|stop|rm|restart)|network create|volume create) ' "$work/argv")" 1

"$docker" rm -f "$prefix-db-1" >/dev/null
run "$sp" apply
expect 'apply after docker rm exits 0' exited 0
expect 'it makes that one again' not same "$(id db)" "$db"
expect 'it runs' same "$(state db)" running
expect 'it leaves the other alone' same "$(id web)" "$web"

"$docker" pause "$prefix-db-1" >/dev/null
run "$sp" apply
expect 'apply lets a paused container go on' same "$code $(state db)" '0 running'
run "$sp" down -v
expect 'down -v leaves nothing' nothing_left

live_end
