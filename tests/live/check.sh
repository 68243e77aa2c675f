#!/bin/sh
# check.sh - what can be known beforehand is told beforehand, all at once, and nothing is changed
# shellcheck disable=SC2317 # functions are called by expect
subject=check
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox

mkdir "$work/app"
cd "$work/app"
range="10.$(($$ % 200 + 20)).0"
"$docker" network create --subnet "$range.0/24" "$prefix-foreign" >"$work/stdout"
"$docker" create --name "$prefix-db-1" busybox true >"$work/stdout"
port=$((20000 + $$ % 10000))
"$docker" run -d --init --name "$prefix-taker" -p "127.0.0.1:$port:80" busybox sleep 600 >"$work/stdout"
cat >compose.yaml <<END
name: $prefix
services:
  db: {image: busybox, init: true, command: sleep 600, networks: [net]}
  web: {image: busybox, init: true, command: sleep 600, ports: ["$port:80"]}
  absent: {image: "$prefix-absent:1", pull_policy: never}
networks:
  net: {ipam: {config: [{subnet: $range.128/25}]}}
  out: {name: $prefix-not-there, external: true}
END
sed -i 's/db: {image: busybox, init: true, command: sleep 600, networks: \[net\]/&, labels: {x: y}/; s/networks: \[net\]/networks: [net, out]/' compose.yaml
logging_docker
containers >"$work/before"
for verb in check apply; do
	run "$sp" "$verb"
	expect "$verb: exit code 1" exited 1
	expect "$verb: the name, and whose it is" tells "'$prefix-db-1'" 'no project'
	expect "$verb: the port, and who has it" tells "port $port" "'$prefix-taker'"
	expect "$verb: the addresses, and whose they are" tells "$range.128/25" "'$prefix-foreign'"
	expect "$verb: the image" tells "'$prefix-absent:1'" 'pull_policy: never'
	expect "$verb: the external network" tells "'$prefix-not-there'"
	expect "$verb: their places" tells compose.yaml:3: compose.yaml:4: compose.yaml:5: compose.yaml:7:
	expect "$verb: only reads" only_reads
done
containers >"$work/after"
expect 'all is as it was' cmp "$work/before" "$work/after"
"$docker" rm -f "$prefix-db-1" "$prefix-taker" >"$work/stdout"
"$docker" network rm "$prefix-foreign" >"$work/stdout"

if has python3; then
	python3 -c "import socket, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', $port)); s.listen(1)
open('$work/listens', 'w'); time.sleep(600)" &
	listener=$!
	until [ -e "$work/listens" ]; do sleep 0.1; done
	run "$sp" check web
	kill "$listener"
	expect 'a port that a process has' tells "port $port" 'another process'
else
	skip 'a port that a process has: it takes python3'
fi

sed -i '/  absent:/d; /  out:/d; s/, out\]/]/' compose.yaml
run "$sp" check
expect 'nothing in the way: exit code 0' exited 0
run "$sp" apply
expect 'apply is of the same opinion' exited 0
run "$sp" check
expect 'what runs is not in its own way' exited 0
sed -i "s/sleep 600, ports/sleep 601, ports/" compose.yaml
run "$sp" check
expect 'nor is what is replaced' exited 0
run "$sp" apply -t 0
expect 'and it can be replaced' exited 0
"$sp" down -q -t 0 >"$work/stdout" 2>&1

live_end
