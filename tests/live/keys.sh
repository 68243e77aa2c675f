#!/bin/sh
# keys.sh - deploy, label files, devices and networks arrive at the engine, and what the engine is too old for is told before
# the first step
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other programs
subject=keys
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox

# value CONTAINER TEMPLATE WANTED: what the engine says of it
value() {
	same "$("$docker" inspect --format "$2" "$prefix-$1")" "$3"
}

# is_before A B: is version A older than B?
is_before() {
	[ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

mkdir "$work/app"
cd "$work/app"
printf 'from.file=yes\nown=file\n' >labels
cat >compose.yaml <<-END
	name: $prefix
	services:
	  app:
	    image: busybox
	    command: sleep 300
	    stop_grace_period: 0s
	    annotations: {kind: test}
	    label_file: labels
	    labels: {own: mine}
	    deploy:
	      replicas: 2
	      resources:
	        limits: {cpus: "0.5", memory: 64m, pids: 20}
	        reservations: {memory: 32m}
	      restart_policy: {condition: on-failure, max_attempts: 3}
	    networks:
	      lan: {driver_opts: {com.example.speed: fast}}
	      wan: {driver_opts: {com.example.Speed: "Fast,er"}}
	networks: {lan: , wan: }
END

run "$sp" apply
expect 'apply exits 0' exited 0
expect 'limits of deploy' value app-1 '{{.HostConfig.NanoCpus}} {{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}' '500000000 67108864 20'
expect 'reservations of deploy' value app-2 '{{.HostConfig.MemoryReservation}}' 33554432
expect 'restart_policy of deploy' value app-1 '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}' 'on-failure 3'
expect 'labels of the file, below those of the service' value app-1 '{{index .Config.Labels "from.file"}} {{index .Config.Labels "own"}}' 'yes mine'
expect 'driver options of the first network' value app-1 "{{json (index .NetworkSettings.Networks \"${prefix}_lan\").DriverOpts}}" '{"com.example.speed":"fast"}'
expect 'driver options of the second network, in their case' value app-1 "{{json (index .NetworkSettings.Networks \"${prefix}_wan\").DriverOpts}}" '{"com.example.Speed":"Fast,er"}'
engine=$("$docker" version --format '{{.Server.Version}}')
run "$sp" apply
expect 'apply again has nothing to do' tells 'nothing to do'
if is_before "$engine" 24.0; then
	expect "the engine $engine has no annotations, and apply says so" tells "'annotations' needs an engine of version 24.0"
else
	expect 'annotations' value app-1 '{{index .HostConfig.Annotations "kind"}}' test
fi
run "$sp" apply --scale app=3
expect 'apply --scale app=3 exits 0' exited 0
expect 'and starts a third one' value app-3 '{{.State.Status}}' running
run "$sp" down -v
expect 'down -v removes it, too' nothing_left

cat >compose.yaml <<-END
	name: $prefix
	services:
	  app:
	    image: busybox
	    volumes: [{type: volume, source: data, target: /data, volume: {subpath: below}}]
	volumes: {data: }
END
if is_before "$engine" 26.0; then
	run "$sp" apply
	expect "subpath on the engine $engine is an error" exited 65
	expect 'it says which version it takes' tells "'subpath' needs an engine of version 26.0 or later, and this is $engine"
	expect 'nothing was made' nothing_left
else
	skip 'the engine knows subpaths'
fi

live_end
