#!/bin/sh
# verbs.sh - the everyday verbs on a real engine: ps, logs, exec, run, stop, start, restart, pull, build; with the spec and by
# the project's name alone, and on what Compose's labels say.
# shellcheck disable=SC2016,SC2317 # text for the shells of containers; functions are called by expect
subject=verbs
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox

mkdir "$work/stack" "$work/elsewhere"
cd "$work/stack"
cat >compose.yaml <<-END
	name: $prefix
	services:
	  db:
	    image: busybox
	    init: true
	    command: [sh, -c, 'echo "db begins"; i=0; while :; do echo "db \$\$i"; i=\$\$((i+1)); sleep 0.2; done']
	    healthcheck: {test: [CMD, 'true'], interval: 1s}
	    stop_grace_period: 1s
	    volumes: ['log:/log']
	    post_start:
	      - command: [sh, -c, 'echo start >>/log/lines']
	    pre_stop:
	      - command: [sh, -c, 'echo stop >>/log/lines']
	  web:
	    image: busybox
	    init: true
	    command: [sh, -c, 'echo "the token is \$\$TOKEN"; echo to stderr >&2; sleep 600']
	    environment: [TOKEN]
	    stop_grace_period: 1s
	    scale: 2
	    depends_on: {db: {condition: service_healthy, restart: true}}
	  task:
	    image: busybox
	    command: [sh, -c, 'echo task >>/log/lines']
	    volumes: ['log:/log']
	  last:
	    image: busybox
	    init: true
	    command: sleep 600
	    stop_grace_period: 1s
	    depends_on: {task: {condition: service_completed_successfully}}
	volumes: {log: }
END
TOKEN=t0ps3cret
export TOKEN

lines() {
	"$docker" run --rm -v "${prefix}_log:/log" busybox cat /log/lines | tr '\n' ' '
}
out_has() {
	grep -q -e "$1" "$work/stdout" || {
		echo "standard output does not hold: $1"
		head -n 20 "$work/stdout"
		return 1
	}
}
states() {
	"$docker" ps -a --filter "label=com.docker.compose.project=$prefix" --format '{{.Names}} {{.State}}' \
		| sed "s/^$prefix-//" | sort | tr '\n' ' '
}
started() {
	"$docker" inspect -f '{{.State.StartedAt}}' "$prefix-$1"
}
# No docker of ours reads logs any more
no_reader() {
	! pgrep -f "docker logs .*$prefix" >/dev/null
}

run "$sp" apply --progress plain
expect 'the stack is up' exited 0

run "$sp" ps
expect 'ps exits 0' exited 0
expect 'ps shows what runs, in order' same "$(awk 'NR > 1 { print $1 }' "$work/stdout" | tr '\n' ' ')" 'db web web last '
expect 'ps shows health' out_has '^db .*(healthy)'
expect 'ps tells of what is hidden' tells '1 more is not running'
run "$sp" ps -a --format json task
expect 'ps as JSON' out_has '"exit_code": 0'
cd "$work/elsewhere"
run "$sp" -p "$prefix" ps --all --services
expect 'ps without a spec' same "$(sort "$work/stdout" | tr '\n' ' ')" 'db last task web '
cd "$work/stack"
run "$sp" ps -q db
expect 'ps -q gives an ID' same "$(cat "$work/stdout")" "$("$docker" inspect -f '{{.Id}}' "$prefix-db-1")"

run "$sp" logs --tail 3
expect 'logs exits 0' exited 0
expect 'logs of all, padded' out_has '^db-1    | db [0-9]*$'
expect 'logs has standard error' out_has '^web-2   | to stderr$'
expect 'logs masks secrets' out_has '^web-1   | the token is <redacted>$'
run timeout --preserve-status -s INT 4 "$sp" logs -f --tail 1 db web
expect 'Ctrl-C ends logs -f with 130' exited 130
expect 'several are followed' same "$(cut -d' ' -f1 "$work/stdout" | sort -u | tr '\n' ' ')" 'db-1 web-1 web-2 '
expect 'what is said meanwhile is told' not same "$(grep -c '^db-1' "$work/stdout")" 1
expect 'no reader is left' no_reader
run timeout 20 "$sp" logs -f task
expect 'logs -f ends when all have ended' exited 0

run "$sp" exec -e MORE=m0re -w /tmp -u 7 --index 2 web sh -c 'echo "$MORE $(pwd) $(id -u) $HOSTNAME"; exit 3'
expect 'exec exits 1 when its command fails' exited 1
expect 'exec tells how' tells 'the command ended with exit status 3'
expect 'exec heeds its options' out_has "^m0re /tmp 7 $("$docker" inspect -f '{{.Config.Hostname}}' "$prefix-web-2")\$"
echo 'some words' >"$work/in"
run sh -c '"$1" exec db cat <"$2"' sh "$sp" "$work/in"
expect 'exec reads standard input' same "$(cat "$work/stdout")" 'some words'
if has script; then
	run script -qec "$sp exec db tty" /dev/null
	expect 'exec hands the terminal over' out_has '/dev/pts/'
else
	skip 'exec hands the terminal over: there is no script(1)'
fi
run "$sp" exec task ls
expect 'exec needs a container that runs' exited 1

run "$sp" run --rm -e MORE=m0re web sh -c 'echo "$MORE $TOKEN"; nslookup db >/dev/null && echo found; exit 4'
expect 'run exits 1 when its container fails' exited 1
expect 'run tells how' tells 'the container ended with exit status 4'
expect 'run has the variables' out_has '^m0re t0ps3cret$'
expect 'run is in the networks' out_has '^found$'
expect 'run --rm leaves nothing' same "$("$docker" ps -aq --filter "name=$prefix-web-run")" ''
run "$sp" run -d --name "$prefix-one" last
expect 'run -d prints the name' same "$(cat "$work/stdout")" "$prefix-one"
expect 'it is a one-off for Compose' same "$("$docker" inspect -f '{{index .Config.Labels "com.docker.compose.oneoff"}}' "$prefix-one")" True

before=$(lines)
run "$sp" stop -t 1 --progress plain
expect 'stop exits 0' exited 0
expect 'all but the one-off are stopped' same "$(states)" "db-1 exited last-1 exited one running task-1 exited web-1 exited web-2 exited "
expect 'the pre_stop hook ran' same "$(lines)" "${before}stop "
run "$sp" stop
expect 'stopping again does nothing' tells 'nothing to stop'
run "$sp" start --progress plain
expect 'start exits 0' exited 0
expect 'all run' same "$(states)" "db-1 running last-1 running one running task-1 exited web-1 running web-2 running "
expect 'the hook ran, the task did not run again' same "$(lines)" "${before}stop start "
db=$(started db-1)
web=$(started web-1)
last=$(started last-1)
run "$sp" restart -t 1 db --progress plain
expect 'restart exits 0' exited 0
expect 'it is restarted' not same "$(started db-1)" "$db"
expect 'so is what asks for that' not same "$(started web-1)" "$web"
expect 'nothing else is' same "$(started last-1)" "$last"
expect 'hooks ran around it' same "$(lines)" "${before}stop start stop start "

cd "$work/elsewhere"
run "$sp" -p "$prefix" stop -t 1
expect 'stop without a spec' exited 0
expect 'all are stopped' same "$(states)" "db-1 exited last-1 exited one running task-1 exited web-1 exited web-2 exited "
run "$sp" -p "$prefix" start web
expect 'start without a spec, with what is needed' same "$(states)" \
	"db-1 running last-1 exited one running task-1 exited web-1 running web-2 running "
cd "$work/stack"

sed -i "s/^  last:/  renamed:/" compose.yaml
run "$sp" ps -a
expect 'an orphan is told' tells "$prefix-last-1" "$work/stack/compose.yaml"
sed -i "s/^  renamed:/  last:/" compose.yaml

run "$sp" apply --progress plain
expect 'apply finds it all as it wants it' exited 0
run "$sp" down -v --yes --progress plain
expect 'down takes the one-off, too' nothing_left
run "$sp" run --rm web echo anew
expect 'run on nothing makes what it needs' out_has '^anew$'
expect 'and nothing else' same "$(states)" "db-1 running "
run "$sp" down -v --yes --progress plain

mkdir build
printf 'FROM busybox\nARG WHO\nRUN echo "built for $WHO" >/who\n' >build/Dockerfile
cat >compose.yaml <<-END
	name: $prefix
	services:
	  own: {build: build, command: cat /who}
	  never: {image: "$prefix-not-there", pull_policy: never}
END
run "$sp" build --build-arg WHO=them --no-cache --progress plain
expect 'build exits 0' exited 0
run "$sp" run --rm own
expect 'the argument was there' out_has '^built for them$'
id=$("$docker" image inspect -f '{{.Id}}' "$prefix-own")
run "$sp" build --no-cache --build-arg WHO=us own
expect 'build builds again' not same "$("$docker" image inspect -f '{{.Id}}' "$prefix-own")" "$id"
run "$sp" pull
expect 'pull leaves out what is built or never pulled' tells 'nothing to pull' "pull_policy: never"
run "$sp" down -v --yes --rmi local --progress plain
expect 'nothing is left' nothing_left

live_end
