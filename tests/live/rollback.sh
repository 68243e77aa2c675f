#!/bin/sh
# rollback.sh - on the engine: --wait, and what a failed run takes back or leaves behind; the data that was there is there afterwards
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=rollback
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox
mkdir "$work/app"
cd "$work/app"

# spec NAME: standard input is the rest of a spec with our name
spec() {
	{
		printf 'name: %s\n' "$prefix"
		cat
	} >"$1.yaml"
}

# What there is, but for volumes
running() {
	containers
	"$docker" network ls --filter "name=$prefix" --format '{{.ID}}' | sort
}

exists() {
	"$docker" container inspect "$1" >/dev/null
}

state() {
	"$docker" inspect -f '{{.State.Status}}' "$1"
}

# What is there before each of the failures: one service with data of two kinds
spec base <<'END'
services:
  db:
    image: busybox
    init: true
    command: sleep 600
    stop_grace_period: 1s
    volumes: ['data:/data', /anonymous]
volumes: {data: {}}
END
run "$sp" -f base.yaml apply
expect 'the stack is up' exited 0
"$docker" exec "$prefix-db-1" sh -c 'echo kept >/data/file; echo kept >/anonymous/file'
note_anonymous
running >"$work/before"

unchanged() {
	running | diff "$work/before" - || return 1
	"$docker" exec "$prefix-db-1" cat /data/file /anonymous/file >/dev/null
}

# failing NAME CODE: apply the spec NAME with rollback; it fails with that code and leaves no trace
failing() {
	run "$sp" -f "$1.yaml" apply --on-failure rollback
	expect "$1: exit status $2" exited "$2"
	expect "$1: all is as it was" unchanged
	expect "$1: how to try again is told" tells 'to try again: stackplan' '--on-failure rollback'
}

more='services:
  db: {image: busybox, init: true, command: sleep 600, stop_grace_period: 1s, volumes: ["data:/data", /anonymous]}
  new: {image: busybox, init: true, command: sleep 600, networks: [default, two], volumes: ["more:/more", /other]}'
end='volumes: {data: {}, more: {}}
networks: {two: {}}'

# Port 1 of this machine: a registry that certainly does not answer
spec image-missing <<END
$more
  bad: {image: '127.0.0.1:1/none:1', depends_on: [new]}
$end
END
failing image-missing 1
spec command-not-found <<END
$more
  bad: {image: busybox, command: no-such-program, depends_on: [new]}
$end
END
failing command-not-found 1
expect 'command-not-found: the volume that was made stays, and is told of' tells "the volume '${prefix}_more' stays"
"$docker" volume rm "${prefix}_more" >"$work/said"
expect 'command-not-found: it is there to be removed' same "$(cat "$work/said")" "${prefix}_more"
port=$(free_port)
running >"$work/before"
spec port-taken <<END
$more
  bad: {image: busybox, command: sleep 600, ports: ['127.0.0.1:$port:80'], depends_on: [new]}
$end
END
sed -i "s/^  new: {/&post_start: [{command: sleep 2}], /" port-taken.yaml

# A port that is taken before anything is done is told before; so it is taken while the first service starts
take_port() {
	until exists "$prefix-new-1" 2>"$work/waiting"; do sleep 0.1; done
	"$docker" run -d --name "$prefix-other" --init -p "127.0.0.1:$port:80" busybox sleep 600
}
free_the_port() {
	wait "$taker"
	"$docker" rm -f "$prefix-other" >"$work/said"
}

take_port >"$work/taken" 2>&1 &
taker=$!
run "$sp" -f port-taken.yaml apply --on-failure rollback
free_the_port
expect 'port-taken: exit status 1' exited 1
expect 'port-taken: all is as it was' unchanged
spec unhealthy <<END
$more
  bad: {image: busybox, init: true, command: sleep 600, healthcheck: {test: exit 1, interval: 1s, retries: 1}, depends_on: [new]}
  last: {image: busybox, command: sleep 600, depends_on: {bad: {condition: service_healthy}}}
$end
END
failing unhealthy 4
spec exits <<END
$more
  bad: {image: busybox, command: sh -c 'echo my last words; exit 1', depends_on: [new]}
$end
END
run "$sp" -f exits.yaml apply --wait --on-failure rollback
expect 'exits: with --wait exit status 4' exited 4
expect 'exits: why' tells 'wait bad: FAILED' 'exited 1' 'my last words'
expect 'exits: all is as it was' unchanged

# The old one comes back under its name, running, with its data
spec replaced <<'END'
services:
  db: {image: busybox, command: sh -c 'echo spoilt >/data/file; exit 1', volumes: ['data:/data', /anonymous]}
volumes: {data: {}}
END
run "$sp" -f replaced.yaml apply --on-failure rollback
expect 'replaced: exit status 4' exited 4
expect 'replaced: the old one is there again' same "$(state "$prefix-db-1")" running
expect 'replaced: under its name alone' not exists "$prefix-db-1.old"
expect 'replaced: with its anonymous volume' same "$("$docker" exec "$prefix-db-1" cat /anonymous/file)" kept

# Without rollback what was made stays, and the next apply goes on with it
take_port >"$work/taken" 2>&1 &
taker=$!
run "$sp" -f port-taken.yaml apply
free_the_port
expect 'resumed: exit status 1' exited 1
expect 'resumed: what was made and does not run is told' tells "made but not running: $prefix-bad-1"
expect 'resumed: what removes it is told' tells 'to remove the new containers: stackplan' 'down new bad'
expect 'resumed: it is there' same "$(state "$prefix-bad-1")" created
id=$("$docker" inspect -f '{{.Id}}' "$prefix-bad-1")
run "$sp" -f port-taken.yaml apply --wait
expect 'resumed: once the port is free, apply starts it' same "$(state "$prefix-bad-1")" running
expect 'resumed: the same container' same "$("$docker" inspect -f '{{.Id}}' "$prefix-bad-1")" "$id"
expect 'resumed: on its port' same "$("$docker" port "$prefix-bad-1")" "80/tcp -> 127.0.0.1:$port"
run "$sp" -f port-taken.yaml apply --wait
expect 'resumed: then there is nothing to do' tells 'nothing to do'
run "$sp" -f command-not-found.yaml apply
expect 'made anew: exit status 1' exited 1
run "$sp" -f port-taken.yaml apply
expect 'made anew: what could not start is replaced when the spec has changed' same "$(state "$prefix-bad-1")" running
run "$sp" -f port-taken.yaml --yes down -v
expect 'down removes all of it' nothing_left

# A gate that can never open fails at once
spec never <<'END'
services:
  a: {image: busybox, init: true, command: sleep 600, healthcheck: {}}
END
begun=$(date +%s)
run "$sp" -f never.yaml apply --wait
expect 'no such healthcheck: exit status 4' exited 4
expect 'no such healthcheck: at once' [ $(($(date +%s) - begun)) -le 5 ]
run "$sp" -f never.yaml down

live_end
