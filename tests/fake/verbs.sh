#!/bin/sh
# verbs.sh [PROGRAM] - the everyday verbs of stackplan (default: build/stackplan) against a docker that pretends.
# Prints a line a test; exit status 1 if any failed. Answers are shell text for the fake docker, not for here
# shellcheck disable=SC2016
# shellcheck source=tests/fake/lib.sh
. "$(dirname "$0")/lib.sh"

# The engine has a container: NAME SERVICE NUMBER STATE, and further members of the line that tells it
there_is() {
	[ -e do/list.ps ] || echo 'cat <<END' >do/list.ps
	sed -i '/^END$/d' do/list.ps
	cat >>do/list.ps <<-LINE
		{"id":"0123456789abcdef$3","name":"$1","state":"$4","status":"as $4","ports":"","networks":"","image":"busybox","key":"$2","number":"$3","folder":"$FAKE_DIR","files":"$FAKE_DIR/old.yaml","project":"demo","own":"demo","digest":"x"${5:+,$5}}
		END
	LINE
}

spec='name: demo
services:
  db: {image: busybox, healthcheck: {test: "true"}, pre_stop: [{command: say bye}], post_start: [{command: say hi}]}
  web:
    image: busybox
    environment: {TOKEN: "$OUTSIDE"}
    depends_on: {db: {condition: service_healthy, restart: true}}
  job: {image: busybox}
  last: {image: busybox, depends_on: {job: {condition: service_completed_successfully}}}'
OUTSIDE=s3cretvalue
export OUTSIDE

# What the engine has in most tests
all_there() {
	there_is demo-db-1 db 1 "${1:-running}"
	there_is demo-web-2 web 2 "${1:-running}"
	there_is demo-web-1 web 1 "${1:-running}"
	there_is demo-job-1 job 1 exited '"status":"Exited (0) 1 hour ago"'
	there_is demo-last-1 last 1 "${1:-running}"
	there_is demo-gone-1 gone 1 "${1:-running}"
	there_is demo-web-run-0 web 1 running '"oneoff":"True"'
	there_is other-web-1 web 1 running '"project":"other"'
}

begin 'ps' <<SPEC
$spec
SPEC
all_there
sp ps
check 'exit status 0' [ "$code" -eq 0 ]
check 'services in their order, numbers in theirs' [ "$(awk 'NR > 1 { print $2 }' out | tr '\n' ' ')" = \
	'demo-db-1 demo-web-1 demo-web-2 demo-last-1 demo-gone-1 demo-web-run-0 ' ]
check 'the orphan is told, with its file' has err 'warning:.*demo-gone-1'
check 'that made it' has err 'old.yaml'
check 'what is hidden is counted' has err '^1 more is not running'
sp ps --all --services
check 'each service once' [ "$(tr '\n' ' ' <out)" = 'db web job last gone ' ]
sp ps -q web
check 'IDs' [ "$(tr '\n' ' ' <out)" = '0123456789abcdef1 0123456789abcdef2 0123456789abcdef1 ' ]
sp ps --format json -a job gone
check 'JSON' has out '"exit_code": 0'
check 'an orphan' has out '"orphan": true'
check 'one question' [ "$(grep -c '^argv' log)" -eq 4 ]
sp ps wep
check 'exit status 64' [ "$code" -eq 64 ]
check 'what was meant' has err "did you mean 'web'"
end

begin 'by name alone' <<SPEC
SPEC
rm compose.yaml
all_there
sp ps
check 'a spec is needed' [ "$code" -eq 66 ]
sp -p demo ps
check 'exit status 0' [ "$code" -eq 0 ]
check 'no orphans' lacks err 'orphan'
COMPOSE_PROJECT_NAME=other sp ps --services
check 'the other one' [ "$(cat out)" = web ]
echo 'services: {a: {imag: x}}' >compose.yaml
sp -p demo ps
check 'exit status 0' [ "$code" -eq 0 ]
check 'the spec is of no use' has err 'has errors'
rm compose.yaml
sp -p nothing stop
check 'nothing to do' has err 'nothing to stop'
sp -p nothing logs web
check 'exit status 64' [ "$code" -eq 64 ]
check 'why' has err 'has no containers'
end

begin 'the spec of another folder is not used' <<SPEC
$spec
SPEC
there_is demo-web-1 web 1 running '"folder":"/elsewhere"'
sp -p demo --verbose stop
check 'exit status 0' [ "$code" -eq 0 ]
check 'it is said' has err 'not the one'
check 'it is stopped' has log 'argv stop demo-web-1'
end

begin 'logs' <<SPEC
$spec
SPEC
all_there
answers logs.demo-db-1 'sleep 0.3; echo one; echo two >&2; printf three'
answers logs.demo-web-1 'echo "the token is s3cretvalue"; printf "\033[31mred\033]0;x\007\n"'
sp logs
check 'exit status 0' [ "$code" -eq 0 ]
check 'in the order of services' [ "$(cut -d'|' -f1 out | uniq | tr -d ' ' | tr '\n' ' ')" = 'db-1 web-1 ' ]
check 'padded' has out '^db-1    | one$'
check 'what has no end' has out '^db-1    | three$'
check 'no secret' has out 'is <redacted>'
check 'a file gets all bytes' has out "$(printf '\033')]0;x"
check 'those of run are left out' lacks log 'logs demo-web-run'
sp logs --no-log-prefix --tail 3 -t --since 1m db
check 'no prefix' has out '^one$'
check 'the words' has log 'argv logs --timestamps --tail 3 --since 1m demo-db-1'
answers logs.demo-web-2 'echo no such thing >&2; exit 1'
sp logs web
check 'exit status 1' [ "$code" -eq 1 ]
check 'which' has err "the log of 'demo-web-2' could not be read"
sp --color always logs db
check 'colours' has out "^$(printf '\033')\[36mdb-1  | $(printf '\033')\[0mone"
sp --color always logs --no-color db
check 'none' has out '^db-1  | one$'
end

begin 'logs: a line as long as ten pipes, with secrets' <<SPEC
$spec
SPEC
there_is demo-web-1 web 1 running
answers logs.demo-web-1 'i=0; while [ $i -lt 40000 ]; do printf "%s" "0123456789s3cretvalue"; i=$((i+1)); done'
sp logs --no-log-prefix
check 'exit status 0' [ "$code" -eq 0 ]
check 'no secret, nor a part of one' [ "$(tr -d '\n' <out | sed 's/0123456789//g; s/<redacted>//g' | wc -c)" -eq 0 ]
check 'all of it' [ "$(grep -o 0123456789 out | wc -l)" -eq 40000 ]
[ $test_ok = yes ] || cut -c1-100 out >short
[ $test_ok = yes ] || mv short out
end

begin 'logs --follow' <<SPEC
$spec
SPEC
all_there
answers logs.demo-db-1 'echo one; sleep 0.6; echo three'
answers logs.demo-web-1 'sleep 0.3; echo two'
sp logs -f
check 'exit status 0' [ "$code" -eq 0 ]
check 'as they come' [ "$(awk '{ print $3 }' out | tr '\n' ' ')" = 'one two three ' ]
check 'no process is left' all_gone
end

begin 'logs --follow: Ctrl-C' <<SPEC
$spec
SPEC
all_there
answers logs.demo-db-1 'echo one; exec sleep 60'
answers logs.demo-web-1 'trap "" TERM INT; echo deaf; while :; do sleep 0.1; done'
ended_by INT "[ \"\$(grep -c 'one\$\|deaf\$' out)\" -eq 2 ]" logs -f
check 'they were heard' [ "$(grep -c 'one$\|deaf$' out)" -eq 2 ]
check 'exit status 130' [ "$code" -eq 130 ]
check 'soon' took_at_most 5
check 'no process is left' all_gone
end

begin 'logs --follow: nobody reads any more' <<SPEC
$spec
SPEC
there_is demo-db-1 db 1 running
answers logs.demo-db-1 'while :; do echo more; done'
"$program" logs -f 2>err | head -n 3 >out
check 'three lines' [ "$(wc -l <out)" -eq 3 ]
check 'no process is left' all_gone
code=0
end

begin 'exec' <<SPEC
$spec
SPEC
all_there
answers exec.-i 'echo "$* TOKEN=${TOKEN-} in=$(cat)"; exit 3'
echo words >in
sp exec -e TOKEN=t0pp -e PATH=/x -u 7 --workdir /w --index 2 web sh -c 'a b' --flag -e <in
check 'exit status 1' [ "$code" -eq 1 ]
check 'its own status is told' has err '^the command ended with exit status 3$'
check 'its words' has log 'argv exec -i --user 7 --workdir /w --env TOKEN --env PATH=/x demo-web-2 sh -c a b --flag -e$'
check 'its variable, and its input' has out 'TOKEN=t0pp in=words$'
check 'no value in the words' lacks log t0pp
sp exec -d job ls
check 'exit status 1' [ "$code" -eq 1 ]
check 'why' has err "no container of 'job' is running"
sp exec -d --privileged db ls
check 'exit status 0' [ "$code" -eq 0 ]
check 'the words' has log 'argv exec --detach --privileged demo-db-1 ls$'
end

begin 'exec: TERM is passed on' <<SPEC
$spec
SPEC
all_there
answers exec.-i 'echo begun; trap "exit 9" TERM; while :; do sleep 0.1; done'
ended_by TERM 'grep -q begun out' exec db wait
check 'exit status 143' [ "$code" -eq 143 ]
check 'no process is left' all_gone
end

begin 'stop' <<SPEC
$spec
SPEC
all_there
sp stop -t 3
check 'exit status 0' [ "$code" -eq 0 ]
check 'those that need it first, at once' before 'argv stop -t 3 demo-web-1 demo-web-2$' 'argv exec demo-db-1 say bye'
check 'its hook before it' before 'argv exec demo-db-1 say bye' 'argv stop -t 3 demo-db-1'
check 'not the task that has ended' lacks log 'demo-job-1'
check 'not the orphan' lacks log 'stop.*demo-gone-1'
check 'which is said' has err "demo-gone-1. is left alone"
check 'not those of run' lacks log 'demo-web-run'
check 'not the other project' lacks log 'other-web'
end

begin 'stop: one that fails' <<SPEC
$spec
SPEC
all_there
answers stop.demo-web-1 'echo no >&2; exit 1'
answers stop.demo-web-2 'echo no >&2; exit 1'
sp stop web
check 'exit status 1' [ "$code" -eq 1 ]
check 'how to go on' has err 'to go on from here: stackplan stop web'
check 'nothing of removing' lacks err 'to remove what was made'
end

begin 'start' <<SPEC
$spec
SPEC
all_there exited
sp start
check 'exit status 0' [ "$code" -eq 0 ]
check 'what is needed first' before 'end start.demo-db-1 0' 'begin inspect.demo-db-1'
check 'its hook' before 'argv exec demo-db-1 say hi' 'begin inspect.demo-db-1'
check 'the gate before the others' before 'end inspect.demo-db-1 0' 'begin start.demo-web-1'
check 'both' has log 'begin start.demo-web-2'
check 'not what is done' lacks log 'begin start.demo-job-1'
check 'but its gate' before 'end wait.demo-job-1 0' 'begin start.demo-last-1'
check 'not the orphan' lacks log 'start.*demo-gone'
: >log
sp start job
check 'what is named is run again' has log 'begin start.demo-job-1'
end

begin 'start: nothing to start' <<SPEC
$spec
SPEC
there_is demo-web-1 web 1 exited
there_is demo-db-1 db 1 exited
sp start web
check 'its needs are started' before 'begin start.demo-db-1' 'begin start.demo-web-1'
sp start job
check 'exit status 1' [ "$code" -eq 1 ]
check 'how to make it' has err "'job' has no container yet: make it with 'stackplan apply job'"
sp start
check 'the others are told of' has err "'last' has no container yet"
end

begin 'start: one that was never started has its files before' <<SPEC
name: demo
services:
  a: {image: busybox, secrets: [s]}
secrets: {s: {environment: OUTSIDE}}
SPEC
there_is demo-a-1 a 1 created
answers cp.demo-a-1:_ 'cat >fed'
sp start
check 'exit status 0' [ "$code" -eq 0 ]
check 'files' before 'begin cp.demo-a-1' 'begin start.demo-a-1'
check 'they are there' has fed s3cretvalue
end

begin 'restart' <<SPEC
$spec
SPEC
all_there
sp restart db
check 'exit status 0' [ "$code" -eq 0 ]
check 'its hook before' before 'argv exec demo-db-1 say bye' 'argv restart demo-db-1'
check 'its hook after' before 'argv restart demo-db-1' 'argv exec demo-db-1 say hi'
check 'a gate' before 'argv exec demo-db-1 say hi' 'begin inspect.demo-db-1'
check 'what must go with it, after the gate' before 'end inspect.demo-db-1' 'begin restart.demo-web-1'
check 'no other' lacks log 'restart.demo-last'
sp -p demo restart -t 1 web
check 'one alone' has log 'argv restart -t 1 demo-web-2'
end

begin 'by labels: the order of depends_on, even in a circle' <<SPEC
SPEC
rm compose.yaml
there_is demo-a-1 a 1 running '"needs":"b:service_healthy:true"'
there_is demo-b-1 b 1 running '"needs":"c:service_started:false,gone:service_started:false"'
there_is demo-c-1 c 1 running
there_is demo-x-1 x 1 running '"needs":"y:service_started:false"'
there_is demo-y-1 y 1 running '"needs":"x:service_started:false"'
sp -p demo stop
check 'exit status 0' [ "$code" -eq 0 ]
check 'a before b' before 'end stop.demo-a-1' 'begin stop.demo-b-1'
check 'b before c' before 'end stop.demo-b-1' 'begin stop.demo-c-1'
check 'x and y, too' has log 'argv stop.* demo-x-1'
: >log
sp -p demo restart b
check 'exit status 0' [ "$code" -eq 0 ]
check 'what goes with it' before 'end inspect.demo-b-1' 'begin restart.demo-a-1'
end

begin 'run' <<SPEC
$spec
SPEC
sp run --rm -e MORE=m0re -v ./x:/x web say 'a b' --rm
name=$(sed -n 's/^argv create --name \(demo-web-run-[0-9a-f]*\) .*/\1/p' log)
check 'exit status 0' [ "$code" -eq 0 ]
check 'its name' [ ${#name} -eq 25 ]
check 'what it needs is made, and its gate awaited' before 'end inspect.demo-db-1 0' "begin start.$name"
check 'it is a one-off' has log 'argv create.*oneoff=True.* busybox say a b --rm$'
check 'no alias of the service' lacks log "argv create.*--network-alias"
check 'it ends with itself' has log 'argv create --name [^ ]* --rm'
check 'values stay out' lacks log 'm0re'
check 'it has the terminal' has log "argv start -a -i $name"
end

begin 'run: how it ends' <<SPEC
name: demo
services: {a: {image: busybox, ports: ["80:80"], restart: always}}
SPEC
answers start.one 'echo "says $(cat)"; exit 5'
echo hear >in
sp -q run --name one a <in
check 'exit status 1' [ "$code" -eq 1 ]
check 'what it says' [ "$(cat out)" = 'says hear' ]
check 'no ports, no restart' lacks log 'argv create.*\(-p \|--restart\)'
sp run --name one -d a
check 'exit status 1' [ "$code" -eq 1 ]
check 'how to remove it' has err 'docker rm -f one'
answers start.one true
sp run --name one -d a
check 'its name' [ "$(cat out)" = one ]
end

begin 'pull and build' <<SPEC
name: demo
services:
  a: {image: first}
  b: {image: second, build: .}
  c: {build: .}
  d: {image: fourth, pull_policy: never}
SPEC
answers pull.second 'exit 1'
sp pull
check 'exit status 0' [ "$code" -eq 0 ]
check 'pulled' has log 'argv pull first'
check 'what can be built need not be had' has err 'pull second'
check 'not what is only built' lacks log 'pull demo-c'
check 'not by its policy' lacks log 'pull fourth'
answers pull.first 'exit 1'
sp pull a
check 'exit status 1' [ "$code" -eq 1 ]
sp pull --ignore-pull-failures a
check 'exit status 0' [ "$code" -eq 0 ]
: >log
sp build --build-arg TOKEN=t0pp --no-cache
check 'exit status 0' [ "$code" -eq 0 ]
check 'both' [ "$(grep -c '^argv build' log)" -eq 2 ]
check 'the words' has log 'argv build -t demo-c --no-cache --build-arg TOKEN --label'
check 'no value' lacks log t0pp
sp build a
check 'nothing' has err 'nothing to build'
end

cd / || exit 1
[ $failed -eq 0 ] || echo "verbs.sh: $failed failed"
[ $failed -eq 0 ]
