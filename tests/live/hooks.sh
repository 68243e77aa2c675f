#!/bin/sh
# hooks.sh - hooks on a real engine: they run where and when they should, once, in apply and in a script; one that fails
# fails its step, and what it said is told.
# shellcheck disable=SC2317 # functions are called by expect
subject=hooks
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox

mkdir "$work/stack"
cd "$work/stack"
cat >compose.yaml <<-END
	name: $prefix
	services:
	  app:
	    image: busybox
	    init: true
	    command: sleep 600
	    environment: {WHO: app}
	    volumes: ['log:/log']
	    networks: [one, two]
	    pre_start:
	      - command: [sh, -c, 'echo "pre \$\$WHO \$\$STEP" >>/log/lines']
	        environment: {STEP: first}
	    post_start:
	      - command: [sh, -c, 'echo "post \$\$TOKEN \$\$(id -u) \$\$PWD" >>/log/lines']
	        user: '0:0'
	        working_dir: /tmp
	        environment: [TOKEN]
	    pre_stop:
	      - command: [sh, -c, 'echo stop >>/log/lines']
	  late:
	    image: busybox
	    init: true
	    command: [sh, -c, 'echo late >>/log/lines; sleep 600']
	    volumes: ['log:/log']
	    depends_on: [app]
	volumes: {log: }
	networks: {one: , two: }
END

lines() {
	"$docker" run --rm -v "${prefix}_log:/log" busybox cat /log/lines
}

say_pre='pre app first'
say_post='post t0p 0 /tmp'
TOKEN=t0p
export TOKEN

run "$sp" apply --progress plain
expect 'apply runs the hooks' exited 0
expect 'they run in their order, before what depends on them' same "$(lines)" "$(printf '%s\n' "$say_pre" "$say_post" late)"
expect 'the helper is gone' same "$("$docker" ps -aq --filter "name=prestart" --filter "label=com.docker.compose.project=$prefix")" ''
run "$sp" apply --progress plain
expect 'they are not run again' same "$(lines | wc -l | tr -d ' ')" 3
"$docker" stop -t 0 "$prefix-app-1" >/dev/null
run "$sp" apply --progress plain
expect 'they run again when the container is started again' same "$(lines | tail -n 2)" "$(printf '%s\n' "$say_pre" "$say_post")"
run "$sp" down --progress plain
expect 'down runs pre_stop' same "$(lines | tail -n 1)" stop
"$docker" volume rm "${prefix}_log" >/dev/null

"$sp" export --format sh >stack.sh
run sh stack.sh up
expect 'the script runs them' exited 0
expect 'the script keeps their order' same "$(lines)" "$(printf '%s\n' "$say_pre" "$say_post" late)"
run sh stack.sh up
expect 'the script does not run them again' same "$(lines | wc -l | tr -d ' ')" 3
run sh stack.sh down
expect 'its down runs pre_stop' same "$(lines | tail -n 1)" stop
run sh stack.sh down -v
expect 'it can be run when nothing is there' exited 0

"$sp" show | sh >"$work/stdout" 2>"$work/stderr"
expect 'show piped to a shell runs them' same "$(lines)" "$(printf '%s\n' "$say_pre" "$say_post" late)"
run "$sp" down -v --yes --progress plain

cat >compose.yaml <<-END
	name: $prefix
	services:
	  app:
	    image: busybox
	    init: true
	    command: sleep 600
	    post_start: [{command: [sh, -c, 'echo it is broken >&2; exit 3']}]
	  late: {image: busybox, command: sleep 600, depends_on: [app]}
END
run "$sp" apply --progress plain
expect 'a hook that fails fails the run' exited 1
expect 'what it said is told' tells 'it is broken' 'exit status 3'
expect 'what depends on it is not started' same "$("$docker" ps -aq --filter "name=$prefix-late")" ''
run "$sp" down -v --yes --progress plain

cat >compose.yaml <<-END
	name: $prefix
	services:
	  app:
	    image: busybox
	    command: sleep 600
	    pre_start: [{command: [sh, -c, 'echo not ready; exit 5']}]
END
run "$sp" apply --progress plain
expect 'a pre_start hook that fails fails the run' exited 1
expect 'what it said is told, too' tells 'not ready' 'exit status 5'
expect 'the container was not started' same "$("$docker" inspect -f '{{.State.Status}}' "$prefix-app-1")" created
run "$sp" down -v --yes --progress plain
expect 'nothing is left' nothing_left
live_end
