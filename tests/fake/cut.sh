#!/bin/sh
# cut.sh [PROGRAM] - an answer of the engine that is cut anywhere, with exit status 0: an error, and nothing is changed; or what is
# missing changes nothing in what is done. CUT_STEP=1: at every byte; by default at the ends of lines and at each 29th byte.
# Lists of words are meant to be split
# shellcheck disable=SC2016,SC2086
# shellcheck source=tests/fake/lib.sh
. "$(dirname "$0")/lib.sh"

step=${CUT_STEP:-29}
first=$(($(date +%j | sed 's/^0*//') % step))
cat >"$work/docker" <<'END'
#!/bin/sh
# answers from files, one of them cut
case "$1 ${2-}" in
'ps '*) f=ps ;;
'network ls' | 'volume ls') f=$1 ;;
'image inspect') f=image ;;
'container inspect') f=facts ;;
'network inspect') f=networks ;;
'version '*) f=version ;;
'info '*) f=info ;;
'inspect --format') f=things ;;
'inspect '*) echo running healthy; exit ;;
'logs '*) exit ;;
*)
	printf '%s\n' "$*" >>"$FAKE_DIR/writes"
	case $1 in
	run | create) printf '%064d\n' 9 ;;
	esac
	exit
	;;
esac
[ "$f" != image ] || [ "$3" != -f ] || { echo sha256:07; exit; }
case $* in *--filter*) f=$f.twice ;; esac
if [ "$f" = "$CUT_WHAT" ]; then head -c "$CUT_AT" "$FAKE_DIR/$f"; else cat "$FAKE_DIR/$f"; fi
END
chmod +x "$work/docker"

begin 'an answer that is cut anywhere' <<'SPEC'
name: demo
services:
  a: {image: busybox, volumes: ["data:/d"]}
  b: {image: busybox, command: new, depends_on: [a], healthcheck: {test: "true", start_period: 1s, start_interval: 1s}}
volumes: {data: {}}
SPEC
# What containers, networks and volumes are made with, of which the engine then tells
RECORD=$work/record STACKPLAN_DOCKER="$here/recorder" "$program" -q apply
tr '\0' '\n' <"$work/record" >made
label() { awk -v name="$2" -v label="dev.stackplan.$1=" 'index($0, label) == 1 { value = substr($0, length(label) + 1) }
	$0 == name || $0 == "" { if ($0 == name) { on = 1 } } on && $0 == "" { print value; exit }
	$0 == "" { on = 0 }' made; }
id() { printf '%064d' "$1"; }
# line ID NAME REST LABELS-OF
own() { printf '"project":"demo","own":"demo","digest":"%s","keys":"%s"' "$(label digest "$1")" "$(label keys "$1")"; }
foreign='"project":"","own":"","digest":"","keys":""'
container() { printf '{"id":"%s","name":"%s","state":"running","status":"Up 2 hours","ports":"","networks":"%s","image":"busybox","mounts":"","key":"%s","number":"1","oneoff":"","needs":"","folder":"","files":"",%s}\n' "$@"; }
thing() { printf '{"id":"%s","name":"%s","key":"%s",%s}\n' "$@"; }
{
	container "$(id 1)" demo-a-1 demo_default a "$(own demo-a-1)"
	container "$(id 2)" demo-b-1 demo_default b '"project":"demo","own":"demo","digest":"old","keys":"command=00000000"'
	container "$(id 3)" demo-x-1 demo_default x '"project":"demo","own":"demo","digest":"old","keys":""'
	container "$(id 4)" other other '' "$foreign"
	container "$(id 5)" demo-z-1 demo_gone z '"project":"demo","own":"demo","digest":"old","keys":""'
} >"ps"
{
	thing "$(id 11)" bridge '' "$foreign"
	thing "$(id 12)" demo_default default "$(own demo_default)"
	thing "$(id 13)" demo_gone gone '"project":"demo","own":"demo","digest":"old","keys":""'
	thing "$(id 14)" host '' "$foreign"
} >network
{
	thing demo_data demo_data data "$(own demo_data)"
	thing other other '' "$foreign"
} >volume
echo '{"id":"sha256:07","tags":["busybox:latest"],"digests":[],"tagged":"2024-01-01T00:00:00Z"}' >image
fact() { printf '{"Id":"%s","Name":"/%s","Image":"sha256:07","State":{"Status":"running","Running":true},"Mounts":[%s],"HostConfig":{"NetworkMode":"demo_default"},"Config":{},"NetworkSettings":{"Networks":{"demo_default":{"NetworkID":"%s"}}}}\n' "$1" "$2" "$3" "$(id 12)"; }
{
	fact "$(id 1)" demo-a-1 '{"Type":"volume","Name":"demo_data","Destination":"/d"}'
	fact "$(id 2)" demo-b-1 ''
} >facts
# all that is wanted, asked about by name at once
labels() { printf '{"com.docker.compose.project":"demo","dev.stackplan.project":"demo","dev.stackplan.digest":"%s","dev.stackplan.keys":"%s"}' "$(label digest "$1")" "$(label keys "$1")"; }
{
	echo '{"Id":"sha256:07","RepoTags":["busybox:latest"],"RepoDigests":[],"Metadata":{"LastTagTime":"2024-01-01T00:00:00Z"}}'
	printf '{"Name":"demo_default","Id":"%s","IPAM":{},"Labels":%s}\n' "$(id 12)" "$(labels demo_default)"
	printf '{"Name":"demo_data","Mountpoint":"/v","Labels":%s}\n' "$(labels demo_data)"
} >things
echo '{"program":"28.0.0","engine":"28.0.0"}' >version
for f in ps network; do grep '"project":"demo"' "$f" | sed 's/,.*/}/' >"$f.twice"; done
grep '"project":"demo"' volume | sed 's/"id":"[^"]*","name"/"id"/; s/,.*/}/' >volume.twice

export STACKPLAN_DOCKER="$work/docker" CUT_WHAT='' CUT_AT=0
verb='apply --remove-orphans'
try() {
	rm -f writes
	: >writes
	sp --parallel 1 $verb
}

# cut FILE: at its chosen bytes
cut_it() {
	CUT_WHAT=$1
	size=$(wc -c <"$1")
	ends=$(awk '{ at += length($0) + 1; print at - 1; print at; print at + 1 }' "$1")
	for CUT_AT in 0 $ends $(seq "$first" "$step" "$size"); do
		[ "$CUT_AT" -lt "$size" ] || continue
		try
		ncut=$((ncut + 1))
		if [ -s writes ]; then
			nsame=$((nsame + 1))
			cmp -s writes whole || { check "$verb: cut at byte $CUT_AT of $1: nothing else is done" false; diff whole writes | head -n 3; }
		else
			[ "$code" -eq 1 ] || [ "$code" -eq 69 ] || check "$verb: cut at byte $CUT_AT of $1: an error" false
		fi
	done
	CUT_WHAT=
}

ncut=0
for verb in apply 'apply --remove-orphans' 'down -v -y'; do
	nsame=0
	try
	cp writes whole
	check "$verb: exit status 0" [ "$code" -eq 0 ]
	check "$verb: it has work" [ -s whole ]
	case $verb in
	apply) files='ps facts things version' twice= ;;
	apply*) files='ps network volume facts image version' twice='ps.twice network.twice volume.twice' ;;
	*) files='ps network volume' twice='ps.twice network.twice volume.twice' ;;
	esac
	for f in $files; do cut_it "$f"; done
	check "$verb: mostly refused" [ "$((nsame * 2))" -lt "$ncut" ]
	for f in $twice; do cut_it "$f"; done
done
echo "        cut $ncut times"
end
[ "$failed" -eq 0 ]
