#!/bin/sh
# conflicts.sh - what is in the way is named with its owner, or the key that differs; nothing is changed then
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=conflicts
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox

# The spec with the command of 'web', and what else belongs to it
write_spec() {
	cat >"$work/app/compose.yaml" <<-END
		name: $prefix
		services:
		  db: {image: busybox, init: true, command: sleep 600, networks: [net], volumes: ['data:/data']}
		  web: {image: busybox, init: true, command: sleep $1, networks: [net], environment: {MODE: $2}}
		networks: {net: {}}
		volumes: {data: {}}
	END
}

# refused WHAT WORD...: apply exits 1, names each of the words, and leaves all as it was
refused() {
	what=$1
	shift
	objects >"$work/objects.before"
	containers >"$work/containers.before"
	logging_docker
	run "$sp" apply
	unset STACKPLAN_DOCKER
	objects >"$work/objects.after"
	containers >"$work/containers.after"
	expect "$what: apply exits 1" exited 1
	expect "$what: the message has $(echo "$*" | sed "s/$prefix/NAME/g")" tells "$@"
	expect "$what: nothing is changed (only reading docker commands)" only_reads
	expect "$what: what was there is there" cmp "$work/objects.before" "$work/objects.after"
	expect "$what: what ran is running" cmp "$work/containers.before" "$work/containers.after"
}

mkdir "$work/app"
cd "$work/app"
write_spec 600 one

"$docker" create --name "$prefix-web-1" --label "com.docker.compose.project=stranger" busybox true >/dev/null
refused 'a foreign container of the name' "$prefix-web-1" "project 'stranger'"
run "$sp" down -v
expect 'down leaves the foreign container' same "$("$docker" ps -aq --filter "name=^/?$prefix-web-1\$" | wc -l)" 1
wipe
"$docker" network create "${prefix}_net" >/dev/null
refused 'a foreign network of the name' "${prefix}_net" 'no project'
run "$sp" down -v
expect 'down leaves the foreign network' same "$("$docker" network ls -q --filter "name=^${prefix}_net\$" | wc -l)" 1
wipe
"$docker" volume create --label "com.docker.compose.project=$prefix-other" "${prefix}_data" >/dev/null
refused 'a foreign volume of the name' "${prefix}_data" "project '$prefix-other'"
run "$sp" down -v
expect 'down -v leaves the foreign volume' same "$("$docker" volume ls -q --filter "name=^${prefix}_data\$" | wc -l)" 1
wipe

run "$sp" apply
expect 'apply exits 0 when nothing is in the way' exited 0
web=$("$docker" inspect -f '{{.Id}}' "$prefix-web-1")
write_spec 601 one
run "$sp" apply
expect 'another command: apply exits 0' exited 0
expect 'another command: the container is replaced' not same "$("$docker" inspect -f '{{.Id}}' "$prefix-web-1")" "$web"
expect 'another command: nothing of the old one is left' same "$("$docker" ps -aq --filter "name=$prefix-web-1.old")" ''
write_spec 600 one
run "$sp" apply
expect 'the spec as it was: it is replaced again' tells 'rename web'
"$docker" run -d --init --name "$prefix-guest" --network "${prefix}_net" busybox sleep 600 >/dev/null
run "$sp" down
expect 'somebody is in the network: down exits 1' exited 1
expect 'somebody is in the network: he is named' tells 'in this network there is:' "$prefix-guest"
"$docker" rm -f "$prefix-guest" >/dev/null
sed "s/volumes: {data: {}}/volumes: {data: {external: true, name: ${prefix}_data}}/" compose.yaml >new.yaml
mv new.yaml compose.yaml
run "$sp" down -v
expect 'down -v exits 0' exited 0
expect 'down -v leaves the external volume' same "$(objects | sort -u)" "volume ${prefix}_data"
wipe
refused 'an external volume that is not there' "'${prefix}_data'" "docker volume create ${prefix}_data"

live_end
