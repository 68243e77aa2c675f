#!/bin/sh
# tutorial.sh - the tutorial's stack on a real engine: apply, apply again, down, apply once more, down -v
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=tutorial
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin mysql:5.7 node:12-alpine nicolaka/netshoot
todo_stack "$work/app"
cd "$work/app"

# row SERVICE STATE PORTS: the closing table has the service with its container, the digits of its ID, state and ports
row() {
	id=$("$docker" ps -q --no-trunc --filter "name=^/?$prefix-$1-1\$" | cut -c 1-12)
	awk -v service="$1" -v name="$prefix-$1-1" -v id="$id" -v state="$2" -v ports="$3" '
		$1 == service && $2 == name && $3 == id && length(id) == 12 && index($0, state) && index($0, ports) { found = 1 }
		END { exit !found }' "$work/stdout" || {
		cat "$work/stdout"
		return 1
	}
}

# label KIND NAME KEY: the value of a label
label() {
	"$docker" "$1" inspect --format "{{index .Labels \"$2\"}}" "$3"
}

# The to-dos, as the page's server gives them
fetch_items() {
	if has wget; then
		wget -qO- "http://127.0.0.1:$port/items"
	else
		curl -fsS "http://127.0.0.1:$port/items"
	fi
}

fetched() {
	fetch_items | grep -F -- "$1"
}

# Does `docker compose ls` have our project once, with both containers?
listed_once() {
	tr '{' '\n' <"$work/ls" | grep -F "\"Name\":\"$prefix\"" >"$work/ls.ours"
	[ "$(wc -l <"$work/ls.ours")" -eq 1 ] && grep -F 'running(2)' "$work/ls.ours"
}

# Docker Compose v2, if it is or can be had here; prints the version
compose_v2() {
	"$docker" compose version --short 2>/dev/null && return
	[ -x "$repo/../shared/tools/compose-v2" ] || return 1
	cache=${COMPOSE_V2_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/compose-v2}
	COMPOSE_V2_CACHE=$cache HOME=$work/home "$repo/../shared/tools/compose-v2" >/dev/null 2>"$work/compose.err" || return 1
	DOCKER_CONFIG=$work/home/.docker
	export DOCKER_CONFIG
	"$docker" compose version --short 2>/dev/null
}

begun=$(date +%s)
run "$sp" apply
expect "apply exits 0 (after $(($(date +%s) - begun)) s)" exited 0
expect 'the table has the column heads' grep -qE '^SERVICE +CONTAINER +ID +STATE +PORTS$' "$work/stdout"
expect 'the table has mysql, running and healthy' row mysql 'running (healthy)' ''
expect 'the table has the app, its port published' row app running "127.0.0.1:$port->3000/tcp"
expect 'the table has two rows' same "$(grep -c "$prefix" "$work/stdout")" 2
expect "all $(grep -c -- '- name:' compose.yaml) checks have run" \
	same "$(grep -c 'check' "$work/stderr")" "$(grep -c -- '- name:' compose.yaml)"
if has wget || has curl; then
	expect 'the page answers on its port, with the item of the check' fetched 'See whether it works'
else
	skip 'the page answers on its port: neither wget nor curl is here'
fi
items >"$work/items"
expect "the database has the item ($(wc -l <"$work/items") row)" grep -qxF 'See whether it works' "$work/items"
expect 'verify exits 0' "$sp" verify

expect 'the network carries the labels of Compose' same \
	"$(label network com.docker.compose.project "$prefix-net") $(label network com.docker.compose.network "$prefix-net")" \
	"$prefix todo-app"
expect 'the volume carries the labels of Compose' same \
	"$(label volume com.docker.compose.project "$prefix-data") $(label volume com.docker.compose.volume "$prefix-data")" \
	"$prefix todo-mysql-data"
saved_config=${DOCKER_CONFIG:-}
if version=$(compose_v2); then
	[ ! -d "$work/home/.docker" ] || export DOCKER_CONFIG="$work/home/.docker"
	"$docker" compose ls --all --format json >"$work/ls"
	expect "docker compose ls ($version) has it as one project" listed_once
	expect "docker compose ps ($version) has both services" same \
		"$("$docker" compose -p "$prefix" ps --format '{{.Service}}' | sort | tr '\n' ' ')" 'app mysql '
	[ -n "$saved_config" ] || unset DOCKER_CONFIG
else
	skip 'docker compose ls: no Docker Compose v2 is here'
	skip 'docker compose ps: no Docker Compose v2 is here'
fi
if has docker-compose && version=$(docker-compose version --short 2>/dev/null); then
	# It cannot read our file, for it knows no 'name:'; what it lists depends on the labels and the names of services only
	printf 'version: "3"\nservices: {mysql: {image: mysql:5.7}, app: {image: node:12-alpine}}\n' >"$work/old.yml"
	expect "docker-compose ps ($version) has both containers" same \
		"$(docker-compose -p "$prefix" -f "$work/old.yml" ps -q 2>"$work/stderr" | sort)" \
		"$("$docker" ps -q --no-trunc --filter "name=$prefix" | sort)"
else
	skip 'docker-compose ps: no docker-compose is here'
fi

containers >"$work/before"
logging_docker
begun=$(date +%s%N)
run "$sp" apply
took_ms=$((($(date +%s%N) - begun) / 1000000))
unset STACKPLAN_DOCKER
expect "apply again exits 0 (after $took_ms ms)" exited 0
expect 'it says that there is nothing to do' tells 'nothing to do'
expect "it only reads ($(wc -l <"$work/argv") docker commands)" only_reads
containers >"$work/after"
expect 'the containers were left alone' cmp -s "$work/before" "$work/after"

run "$sp" down
expect 'down exits 0' exited 0
expect 'down leaves the volume, and nothing else' same "$(objects | sort -u)" "volume $prefix-data"
run "$sp" apply
expect 'apply after down exits 0' exited 0
expect 'the items are there again' same "$(items | sort | tr '\n' ' ')" "$(sort "$work/items" | tr '\n' ' ')"
run "$sp" down -v
expect 'down -v exits 0' exited 0
expect 'down -v leaves nothing' nothing_left
run "$sp" down -v
expect 'down -v of nothing exits 0' exited 0

live_end
