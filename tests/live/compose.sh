#!/bin/sh
# compose.sh - beside Docker Compose: with --compose-hash it finds nothing to do on what stackplan made, and stackplan nothing on what it
# made; its own verbs see our stacks, and its `down` leaves nothing of them.
# shellcheck disable=SC2317 # functions are called by expect
subject=compose
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox
has docker || skip_all 'docker compose is a plugin of docker'
docker compose version >/dev/null 2>&1 || skip_all 'there is no docker compose'
docker=docker

mkdir "$work/app"
cd "$work/app"
printf 'FROM_FILE=yes\nPRICE=5$\nSHADOWED=no\n' >db.env
echo 'WORD=from the file' >.env
echo settings >conf.txt
echo hush >pw.txt

# spec VALUE: one service has it
spec() {
	cat >compose.yaml <<END
name: $prefix
x-common: &common
  image: busybox
  command: sleep 600
  init: true
  stop_grace_period: 1s
services:
  db:
    <<: *common
    command: sh -c 'echo "\$\$HOSTNAME" >/data/x; exec sleep 600'
    volumes: [data:/data, /scratch]
    networks: {back: {aliases: [database]}}
    healthcheck: {test: ["CMD", "true"], interval: 1s}
    env_file: [db.env]
    environment: {SHADOWED: "yes", GONE: , WORD: "\${WORD}", LINES: "a\nb \$\$x é"}
    labels: {role: "the database"}
  init:
    image: busybox
    command: "true"
    depends_on: {db: {condition: service_healthy}}
    networks: [back]
  api:
    <<: *common
    networks: [front, back]
    environment: [VALUE=$1]
    ports: ["127.0.0.1::80"]
    depends_on: {db: {condition: service_healthy}, init: {condition: service_completed_successfully}}
    deploy: {replicas: 2, resources: {limits: {memory: 64M, cpus: "0.5"}}}
    configs: [{source: conf, target: /etc/conf}]
    secrets: [pw]
  built:
    <<: *common
    image: $prefix-built
    build: {context: ., dockerfile_inline: "FROM busybox\nRUN echo built >/built\n"}
  file:
    <<: *common
    volumes: ["./db.env:/etc/db.env:ro"]
    tmpfs: [/tmp]
    extra_hosts: ["x:127.0.0.9"]
    ulimits: {nofile: {soft: 1000, hard: 2000}}
    restart: unless-stopped
    profiles: [extra]
  side:
    <<: *common
    network_mode: service:file
    profiles: [extra]
networks: {front: {}, back: {driver: bridge, labels: {x: "y"}}}
volumes: {data: {labels: {keep: "1"}}}
configs: {conf: {file: ./conf.txt}}
secrets: {pw: {file: ./pw.txt}}
END
}

compose() {
	docker compose --profile extra "$@"
}

# The containers with their IDs, and of those that run also since when
containers() {
	# shellcheck disable=SC2046 # a list of IDs
	docker inspect -f '{{.Name}} {{.Id}}{{if .State.Running}} {{.State.StartedAt}}{{end}}' \
		$(docker ps -aq --filter "label=com.docker.compose.project=$prefix") | sort
}

# The same without one service
containers_but() {
	containers | grep -v "^/$prefix-$1-"
}

remove_all() {
	"$sp" --profile extra -q --yes down -v >/dev/null 2>&1
	docker image rm "$prefix-built" >/dev/null 2>&1 || :
}

spec 1
run "$sp" --profile extra apply --compose-hash
expect 'apply --compose-hash' exited 0
expect 'what Compose will make anew is told' tells "'docker compose up' will make 'side' anew" '--no-deps side'
run "$sp" --profile extra apply --compose-hash --force-recreate --no-deps side
expect 'and set right as it was told' exited 0
containers >before
run compose up -d
expect 'compose up' exited 0
expect 'it has kept all containers, and started none that ran' same "$(containers)" "$(cat before)"
expect 'it has recreated nothing' not grep -qiE 'recreat|orphan' "$work/stderr"
run "$sp" --profile extra apply --compose-hash
expect 'then there is nothing to do' tells 'nothing to do'
run "$sp" --profile extra apply
expect 'nor is there without the option' tells 'nothing to do'
expect 'compose ps lists all of it' same "$(compose ps -a --format '{{.Service}}' | sort | tr '\n' ' ')" \
	'api api built db file init side '
expect 'compose ls has the project' sh -c "docker compose ls --filter name=$prefix | grep -q 'running(6)'"
docker exec "$prefix-db-1" sh -c 'echo the log >/proc/1/fd/1'
expect 'compose logs' sh -c 'docker compose --profile extra logs db | grep -q "the log"'
run compose down -v -t 1
expect 'compose down' exited 0
expect 'it leaves nothing' same "$(objects)" ''

run compose up -d
expect 'compose makes it' exited 0
containers >before
run "$sp" --profile extra diff --compose-hash --detailed-exitcode
expect 'nothing differs from what Compose made' exited 0
run "$sp" --profile extra diff --detailed-exitcode
expect 'without the option all of it would be made anew, and that is told' exited 2
expect 'container for container' same \
	"$(grep -c 'it was made by Docker Compose, without the labels by which stackplan knows its own' "$work/stdout")" 7
run "$sp" --profile extra apply --compose-hash
expect 'apply finds nothing to do' tells 'nothing to do'
expect 'and keeps all' same "$(containers)" "$(cat before)"

spec 2
containers_but api >before
run "$sp" --profile extra apply --compose-hash
expect 'one service is another one now' exited 0
expect 'the others are kept' same "$(containers_but api)" "$(cat before)"
expect 'and this one is replaced' tells 'Docker Compose made it, and would replace it, too'
expect 'it has the new value' same "$(docker inspect -f '{{.Config.Env}}' "$prefix-api-2" | grep -o 'VALUE=.')" VALUE=2
containers >before
run compose up -d
expect 'compose up agrees' same "$(containers)" "$(cat before)"
docker stop -t 1 "$prefix-db-1" >/dev/null
run "$sp" --profile extra apply --compose-hash
expect 'one that was stopped is started' tells "start db: $prefix-db-1"

run "$sp" --profile extra apply
expect 'without the option the others are taken over' exited 0
containers >before
run "$sp" --profile extra apply
expect 'once' tells 'nothing to do'
run "$sp" --profile extra apply --compose-hash
expect 'then --compose-hash tells what has no digest of Compose' tells "'$prefix-db-1' was made without --compose-hash"
expect 'and makes nothing anew for that' same "$(containers)" "$(cat before)"

run env DOCKER_CONFIG="$work/nowhere" "$sp" --profile extra show --compose-hash
if [ "$code" -eq 0 ]; then
	skip 'the plugin is there for all users'
else
	expect 'without the plugin' exited 69
	expect 'that is told' tells "'--compose-hash' needs the compose plugin"
fi
run sh -c "'$sp' -f - --profile extra show --compose-hash <compose.yaml"
expect 'a spec from standard input' exited 64
run "$sp" --profile extra --labels none show --compose-hash
expect 'without labels' exited 64
"$sp" --profile extra export --compose-hash >script.sh 2>"$work/stderr"
expect 'scripts have the digests, too' grep -qF "com.docker.compose.config-hash=$(docker inspect -f '{{index .Config.Labels "com.docker.compose.config-hash"}}' "$prefix-api-1" | cut -c1-8)" script.sh

remove_all
expect 'down -v leaves nothing' same "$(objects)" ''
live_end
