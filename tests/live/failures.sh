#!/bin/sh
# failures.sh - what goes wrong while the plan runs: the exit code, and a message that tells which service and what the engine said
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=failures
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox
mkdir "$work/app"
cd "$work/app"

# spec: standard input is the rest of a spec with our name
spec() {
	{
		printf 'name: %s\n' "$prefix"
		cat
	} >compose.yaml
}

ran_within() {
	[ "$took_s" -le "$1" ] || {
		echo "it took $took_s s, not $1 at most"
		return 1
	}
}

timed() {
	begun=$(date +%s)
	run "$@"
	took_s=$(($(date +%s) - begun))
}

exists() {
	"$docker" container inspect "$1" >/dev/null
}

spec <<'END'
services:
  db:
    image: busybox
    init: true
    command: sleep 600
    stop_grace_period: 1s
    healthcheck: {test: echo the disk is on fire >&2; exit 1, interval: 1s, timeout: 2s, retries: 2}
  web:
    image: busybox
    command: sleep 600
    depends_on: {db: {condition: service_healthy}}
END
timed "$sp" apply
expect "a gate that fails: apply exits 4 (after $took_s s)" exited 4
expect 'a gate that fails: it does not wait for the whole of its time limit' ran_within 30
expect 'a gate that fails: the message names the service' tells 'wait db: FAILED' unhealthy
expect 'a gate that fails: the message has what the last probe said' tells 'the disk is on fire'
expect 'a gate that fails: what depends on it is not there' not exists "$prefix-web-1"
expect 'a gate that fails: how to go on and how to remove it is told' tells 'stackplan' apply down
run "$sp" down -v
expect 'a gate that fails: down removes what was made' nothing_left

spec <<'END'
services:
  task: {image: busybox, command: "sh -c 'echo no room left; exit 7'"}
  web:
    image: busybox
    command: sleep 600
    depends_on: {task: {condition: service_completed_successfully}}
END
timed "$sp" apply
expect 'a task that fails: apply exits 4' exited 4
expect 'a task that fails: the message has the service and its exit code' tells 'wait task: FAILED' 'exit status 7'
expect 'a task that fails: the message has the end of its log' tells 'no room left'
expect 'a task that fails: what depends on it is not there' not exists "$prefix-web-1"
run "$sp" down -v

spec <<'END'
services:
  db:
    image: busybox
    command: sh -c 'echo I cannot go on; exit 3'
    healthcheck: {test: 'true', interval: 1s}
  web:
    image: busybox
    command: sleep 600
    depends_on: {db: {condition: service_healthy}}
END
timed "$sp" apply
expect "a container that ends before it is healthy: apply exits 4 (after $took_s s)" exited 4
expect 'a container that ends before it is healthy: it does not wait for the whole of its time limit' ran_within 20
expect 'a container that ends before it is healthy: the message has its last words' tells 'wait db: FAILED' 'I cannot go on'
run "$sp" down -v

spec <<'END'
services:
  db:
    image: busybox
    init: true
    command: sleep 600
    healthcheck: {test: exit 1, interval: 1s, start_period: 600s}
  web:
    image: busybox
    command: sleep 600
    depends_on: {db: {condition: service_healthy}}
END
timed "$sp" apply --wait-timeout 2
expect "a gate whose time is over: apply exits 4 (after $took_s s)" exited 4
expect 'a gate whose time is over: it ends in time' ran_within 10
run "$sp" down -v

# busybox has no healthcheck, and nobody can know before
spec <<'END'
services:
  db: {image: busybox, init: true, command: sleep 600, stop_grace_period: 1s, healthcheck: {interval: 30s}}
  web: {image: busybox, command: sleep 600, depends_on: {db: {condition: service_healthy}}}
END
timed "$sp" apply
expect "a gate without a healthcheck: apply exits 4 (after $took_s s)" exited 4
expect 'a gate without a healthcheck: it fails at once' ran_within 10
expect 'a gate without a healthcheck: what depends on it is not there' not exists "$prefix-web-1"
run "$sp" down -v

# removed_while_waiting: apply waits for one, and somebody removes its container
removed_while_waiting() {
	begun=$(date +%s)
	"$sp" apply >"$work/stdout" 2>"$work/stderr" &
	pid=$!
	for moment in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ -z "$("$docker" ps -q --filter "name=^$prefix-db-1\$")" ] || break
		sleep 0.5
	done
	[ "$moment" -lt 20 ] || echo 'it does not start'
	sleep 1
	"$docker" rm -f "$prefix-db-1" >/dev/null
	code=0
	wait "$pid" || code=$?
	took_s=$(($(date +%s) - begun))
}
for until in healthy completed_successfully; do
	spec <<-END
		services:
		  db: {image: busybox, init: true, command: sleep 600, healthcheck: {test: exit 1, interval: 1s, start_period: 600s}}
		  web: {image: busybox, command: sleep 600, depends_on: {db: {condition: service_$until}}}
	END
	removed_while_waiting
	expect "a container that is removed while it is waited for ($until): apply exits 4 (after $took_s s)" exited 4
	expect "a container that is removed while it is waited for ($until): it fails at once" ran_within 20
	expect "a container that is removed while it is waited for ($until): the message names the service" tells 'wait db: FAILED'
	run "$sp" down -v
done

spec <<'END'
services:
  web: {image: busybox, init: true, command: sleep 600}
x-stackplan:
  checks:
    - {name: it has a file, exec: [web, cat, /no/such/file]}
    - {name: it says hello, exec: [web, echo, good day], expect: hello}
    - {name: it says good day, exec: [web, echo, good day], expect: good day}
END
run "$sp" apply
expect 'a check that fails: apply exits 4' exited 4
expect 'a check that fails: the message has its name and what was said' tells 'it has a file' '/no/such/file' 'it says hello'
run "$sp" verify
expect 'a check that fails: verify exits 4' exited 4
expect 'a check that fails: verify tells them apart' same "$(cut -c 1-8 "$work/stdout" | grep -E '^(ok|FAILED)' | tr -d '\n')" \
	'FAILED  FAILED  ok      '
run "$sp" down -v

spec <<'END'
services:
  web: {image: busybox, command: no-such-program --really}
  other: {image: busybox, command: sleep 600, depends_on: [web]}
END
run "$sp" apply
expect 'a command that is not there: apply exits 1' exited 1
expect 'a command that is not there: the message has the service and what the engine said' tells 'run web: FAILED' no-such-program \
	'executable file not found'
expect 'a command that is not there: what depends on it is not there' not exists "$prefix-other-1"
run "$sp" down -v
expect 'a command that is not there: down removes what was made' nothing_left

# Port 1 of this machine: a registry that certainly does not answer
spec <<'END'
services:
  web: {image: '127.0.0.1:1/none:1', command: sleep 600, volumes: ['data:/data']}
volumes: {data: {}}
END
timed "$sp" apply
expect "an image that cannot be had: apply exits 1 (after $took_s s)" exited 1
expect 'an image that cannot be had: the message names it' tells '127.0.0.1:1/none:1'
expect 'an image that cannot be had: no container is made' not exists "$prefix-web-1"
run "$sp" down -v
expect 'an image that cannot be had: nothing is left' nothing_left

# Two stacks that want the same port
spec <<END
services:
  one: {image: busybox, init: true, command: sleep 600, ports: ['127.0.0.1:$(free_port):80']}
END
run "$sp" apply
expect 'a port: apply exits 0' exited 0
taken=$(sed -n "s/.*'127.0.0.1:\([0-9]*\):80'.*/\1/p" compose.yaml)
spec <<END
services:
  two: {image: busybox, command: sleep 600, ports: ['127.0.0.1:$taken:80']}
END
run "$sp" apply
expect 'a port that is taken: apply exits 1' exited 1
expect 'a port that is taken: the message has the service and the port' tells "port $taken" "'$prefix-one-1'"

live_end
