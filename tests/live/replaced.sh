#!/bin/sh
# replaced.sh - on the engine: a container whose replacement is no good comes back, under its name, running, with its data; and
# where nothing is taken back, what is left is what was said, and both the old spec and a better one go on from there
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=replaced
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox
mkdir "$work/app" "$work/app/bound"
cd "$work/app"

# spec NAME WORDS [OTHER]: db has these keys besides its own, and web, which is otherwise as it was, those; standard input is the rest
spec() {
	cat >"$1.yaml" <<-END
		name: $prefix
		services:
		  db: {init: true, stop_grace_period: 1s, volumes: ['data:/data', /anonymous, './bound:/bound'], $2}
		  web: {init: true, image: busybox, command: sleep 600, stop_grace_period: 1s, depends_on: [db], ${3:-networks: [default]}}
	END
	cat >>"$1.yaml"
}

rest='volumes: {data: {}}
networks: {default: {labels: {tier: one}}}'
good='image: busybox, command: sleep 600'

spec base "$good" <<END
$rest
END
"$sp" -f base.yaml -q apply 2>"$work/stderr" || fail 'the stack is up' "$work/stderr"
"$docker" exec "$prefix-db-1" sh -c 'for f in data anonymous bound; do echo kept >/$f/kept; done'
note_anonymous

# The containers and networks that there are, each with what it is in
all() {
	for name in $("$docker" ps -a --filter "name=$prefix" --format '{{.Names}}' | sort); do
		"$docker" inspect -f '{{.Name}} {{.Id}} {{.State.Status}} {{range .NetworkSettings.Networks}}{{.NetworkID}} {{.Aliases}}{{end}}' "$name"
	done
	"$docker" network ls --filter "name=$prefix" --format '{{.Name}} {{.ID}}' | sort
}

data() {
	"$docker" exec "$prefix-db-1" cat /data/kept /anonymous/kept /bound/kept
}

data_is_kept() {
	same "$(data)" "$(printf 'kept\nkept\nkept')"
}

unchanged() {
	all >"$work/after"
	diff "$work/before" "$work/after" && data_is_kept
}

state() {
	"$docker" inspect -f '{{.State.Status}}' "$1" 2>/dev/null || echo none
}

# The port that the new db wants is taken while the old one is asked to end
take_port() {
	until [ -e "$work/app/bound/stopping" ]; do sleep 0.1; done
	"$docker" run -d --name "$prefix-other" --init -p "127.0.0.1:$port:80" busybox sleep 600
}

before_run() {
	rm -f bound/stopping
	[ "$1" = port-taken ] || return 0
	take_port >"$work/taken" 2>&1 &
	taker=$!
}

after_run() {
	[ "$1" = port-taken ] || return 0
	wait "$taker" || :
	"$docker" rm -f "$prefix-other" >"$work/said"
}

# back NAME CODE: with rollback, all is as it was
back() {
	all >"$work/before"
	before_run "$1"
	run "$sp" -f "$1.yaml" apply --on-failure rollback
	after_run "$1"
	expect "$1: exit status $2" exited "$2"
	expect "$1: the old ones are there again, with their data" unchanged
	expect "$1: how to try again is told" tells 'to try again: stackplan' '--on-failure rollback'
}

# What is said to be made, kept, or not running is so
said_is_so() {
	for name in $(sed -n 's/.*kept until what replaces [a-z]* is good: //p' "$work/stderr" | tr -d ,); do
		[ "$(state "$name")" != none ] || { echo "there is no $name"; return 1; }
	done
	for name in $("$docker" ps -a --filter "name=$prefix" --format '{{.Names}}' | grep '\.old$'); do
		grep -q "kept until .*$name" "$work/stderr" || { echo "nothing is said of $name"; return 1; }
	done
	for name in $(sed -n 's/.*made but not running: \([^;]*\);.*/\1/p' "$work/stderr" | tr -d ,); do
		[ "$(state "$name")" = created ] || { echo "$name is $(state "$name")"; return 1; }
	done
	for name in $("$docker" ps -a --filter "name=$prefix" --filter status=created --format '{{.Names}}'); do
		grep -q "made but not running: .*$name" "$work/stderr" || { echo "nothing is said of $name"; return 1; }
	done
}

# reaches CONTAINER NAME: the one is found by the other under that name. On a busy machine an answer may come late.
reaches() {
	for try in 1 2 3; do
		"$docker" exec "$1" ping -c 1 -W 2 "$2" && return
		sleep "$try"
	done
	"$docker" exec "$1" sh -c "cat /etc/resolv.conf; nslookup $2"
	all
	return 1
}

converged() {
	run "$sp" -f "$1" apply --detailed-exitcode
	exited 0 && tells 'nothing to do' && not grep -q '\.old' "$work/stdout" &&
		same "$("$docker" ps -a --filter "name=$prefix" --format '{{.Names}} {{.State}}' | sort)" \
			"$(printf '%s-db-1 running\n%s-web-1 running' "$prefix" "$prefix")"
}

# onward NAME CODE: without rollback, and then the old spec, or one that has been corrected
onward() {
	for then in base corrected; do
		before_run "$1"
		run "$sp" -f "$1.yaml" apply
		after_run "$1"
		expect "$1, stop: exit status $2" exited "$2"
		expect "$1, stop: what is left is what is said" said_is_so
		run "$sp" -f "$then.yaml" apply
		expect "$1, stop: then $then: exit status 0" exited 0
		expect "$1, stop: then $then: nothing is left to do" converged "$then.yaml"
		expect "$1, stop: then $then: the data is there" data_is_kept
	done
	"$sp" -f base.yaml -q apply 2>"$work/stderr"
}

spec corrected "$good, environment: {A: corrected}" <<END
$rest
END
port=$(free_port)
spec image-missing 'image: "127.0.0.1:1/none:1", command: sleep 600' <<END
$rest
END
# without tini, which would be found
spec command-not-found 'image: busybox, command: no-such-program' <<END
$rest
END
sed -i '/ db:/s/init: true, //' command-not-found.yaml
spec port-taken "$good, ports: ['127.0.0.1:$port:80'], pre_stop: [{command: sh -c 'echo >/bound/stopping; sleep 3'}]" <<END
$rest
END
spec unhealthy "$good, healthcheck: {test: exit 1, interval: 1s, retries: 1}" <<END
$rest
END
spec exits 'image: busybox, command: sh -c "echo my last words; exit 1"' <<END
$rest
END
spec second-fails "$good, environment: {A: new}" "environment: {B: new}, healthcheck: {test: exit 1, interval: 1s, retries: 1}" <<END
$rest
END
spec both-fail 'image: busybox, command: "false"' 'entrypoint: "false"' <<END
$rest
END
spec network-changed 'image: busybox, command: "false"' <<END
volumes: {data: {}}
networks: {default: {labels: {tier: two}}}
END
spec network-moved 'image: busybox, command: "false", networks: [other]' 'networks: [other]' <<END
volumes: {data: {}}
networks: {other: {}}
END

for name in image-missing command-not-found port-taken; do back "$name" 1; done
for name in unhealthy exits second-fails both-fail network-moved; do back "$name" 4; done
# A network that is made anew is another one even where it is as it was
"$sp" -f base.yaml -q apply
"$docker" network inspect -f '{{.Labels}} {{.IPAM.Config}}' "${prefix}_default" >"$work/network"
run "$sp" -f network-changed.yaml apply --on-failure rollback
expect 'network-changed: exit status 4' exited 4
expect 'network-changed: the network was made anew' tells 'remove network default' 'create network default'
expect 'network-changed: it is as it was' \
	same "$("$docker" network inspect -f '{{.Labels}} {{.IPAM.Config}}' "${prefix}_default")" "$(cat "$work/network")"
expect 'network-changed: the old ones are there again' converged base.yaml
expect 'network-changed: with their data' data_is_kept
expect 'network-changed: in the network' reaches "$prefix-web-1" db

# Nothing has failed yet: what is there stays, and the next apply goes on
spec slow "$good, healthcheck: {test: exit 1, interval: 1s, retries: 60, start_period: 60s}" <<END
$rest
END
"$sp" -f slow.yaml apply --on-failure rollback >"$work/stdout" 2>"$work/stderr" &
pid=$!
until grep -q 'run db' "$work/stderr"; do sleep 0.1; done
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
expect 'interrupted: exit status 143' exited 143
expect 'interrupted: what is left is what is said' said_is_so
expect 'interrupted: the old one is kept' same "$(state "$prefix-db-1.old")" exited
run "$sp" -f base.yaml apply
expect 'interrupted: the old spec goes back' converged base.yaml
expect 'interrupted: with the data' data_is_kept

# The rollback itself fails
cat >"$work/failing" <<END
#!/bin/sh
[ "\$1" != start ] || { echo 'no such luck' >&2; exit 1; }
exec "$(command -v docker)" "\$@"
END
chmod +x "$work/failing"
run env STACKPLAN_DOCKER="$work/failing" "$sp" -f exits.yaml apply --on-failure rollback
expect 'not taken back: exit status 4' exited 4
expect 'not taken back: it is told' tells 'the rollback is not complete' 'no such luck' "    docker start $prefix-db-1"
expect 'not taken back: it has its name' same "$(state "$prefix-db-1")" exited
sed -n 's/^stackplan:     docker/docker/p; s/^    docker/docker/p' "$work/stderr" >"$work/rest"
expect 'not taken back: what is told does it' sh -e "$work/rest"
expect 'not taken back: then all is as it was' converged base.yaml
expect 'not taken back: with the data' data_is_kept

for name in command-not-found port-taken; do onward "$name" 1; done
for name in exits second-fails; do onward "$name" 4; done

run "$sp" -f base.yaml down -v -y
expect 'down removes all of it' nothing_left
live_end
