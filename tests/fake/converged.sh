#!/bin/sh
# converged.sh [PROGRAM] - an apply that finds nothing to do asks three things, however many services there are, and nothing else; against a
# docker that tells of a stack as stackplan made it. Prints a line a test; exit status 1 if any failed.
# shellcheck disable=SC2016
# shellcheck source=tests/fake/lib.sh
. "$(dirname "$0")/lib.sh"

# An engine that keeps what the words of the commands say: containers, networks and volumes by name, with their labels
cat >"$work/docker" <<'END'
#!/bin/sh
set -u
cd "$FAKE_DIR" || exit 1
echo "$*" >>log
objects() { awk -f "$ENGINE" -v verb="$1" made; }
case "$1 ${2-}" in
'ps '*) objects ps ;;
'network ls' | 'volume ls') objects "$1" ;;
'container inspect')
	shift 4
	printf '%s\n' "$@" >names
	objects facts
	;;
'inspect --format')
	shift 3
	: >things
	for thing; do
		case $thing in
		busybox:*) echo '{"Id":"sha256:01","RepoTags":["busybox:latest"],"RepoDigests":[]}' ;;
		*) echo "$thing" >>things ;;
		esac
	done
	objects things
	;;
'run -d' | 'network create' | 'volume create')
	line=$(printf '%s\t' "$@")
	printf '%s\n' "$line" >>made
	printf '%064d\n' 1
	;;
'image inspect')
	case $3 in
	--format) echo '{"id":"sha256:01","tags":["busybox:latest"],"digests":[]}' ;;
	*) echo sha256:01 ;;
	esac
	;;
'version '*) echo '{"program":"28.0.0","engine":"28.0.0"}' ;;
'inspect -f') shift 3; for thing; do echo running healthy; done ;;
esac
END
cat >"$work/engine.awk" <<'AWK'
# Lines of `made`: the words of a command, tabs between
BEGIN {
	FS = "\t"
	file = verb == "facts" ? "names" : "things"
	while ((verb == "facts" || verb == "things") && (getline name <file) > 0)
		asked[name] = 1
}
{
	split("", label)
	name = net = ""
	for (i = 1; i < NF; i++) {
		if ($i == "--name") name = $(i + 1)
		if ($i == "--network") net = $(i + 1)
		if ($i == "--label") { split($(i + 1), kv, "="); label[kv[1]] = substr($(i + 1), length(kv[1]) + 2) }
	}
	kind = $1 == "run" ? "container" : $1
	if (kind != "container") name = $(NF - 1)
	own = "\"own\":\"" label["dev.stackplan.project"] "\",\"project\":\"" label["com.docker.compose.project"] \
		"\",\"digest\":\"" label["dev.stackplan.digest"] "\",\"keys\":\"" label["dev.stackplan.keys"] "\""
	labels = "\"Labels\":{\"dev.stackplan.project\":\"" label["dev.stackplan.project"] "\",\"com.docker.compose.project\":\"" \
		label["com.docker.compose.project"] "\",\"dev.stackplan.digest\":\"" label["dev.stackplan.digest"] \
		"\",\"dev.stackplan.keys\":\"" label["dev.stackplan.keys"] "\"}"
	if (verb == "ps" && kind == "container")
		printf "{\"id\":\"%s\",\"name\":\"%s\",\"state\":\"running\",\"status\":\"Up\",\"networks\":\"%s\",\"ports\":\"\",\"image\":\"busybox\",\"key\":\"%s\",\"number\":\"%s\",%s}\n", \
			"c" NR, name, net, label["com.docker.compose.service"], label["com.docker.compose.container-number"], own
	if (verb == kind && kind != "container")
		printf "{\"id\":\"%s\",\"name\":\"%s\",\"key\":\"\",%s}\n", name, name, own
	if (!(name in asked))
		next
	delete asked[name]
	if (kind == "container")
		printf "{\"Id\":\"%s\",\"Name\":\"/%s\",\"Image\":\"sha256:01\",\"NetworkSettings\":{\"Networks\":{\"%s\":{\"NetworkID\":\"%s\"}}}}\n", "c" NR, name, net, net
	if (kind == "network")
		printf "{\"Id\":\"%s\",\"Name\":\"%s\",\"IPAM\":{},%s}\n", name, name, labels
	if (kind == "volume")
		printf "{\"Name\":\"%s\",\"Mountpoint\":\"/m\",%s}\n", name, labels
}
END {
	for (name in asked)
		print "Error: No such " (verb == "facts" ? "container" : "object") ": " name >"/dev/stderr"
}
AWK
chmod +x "$work/docker"
export STACKPLAN_DOCKER="$work/docker" ENGINE="$work/engine.awk"

# A stack of N services with the keys $3, V volumes, the networks front and back
stack() {
	echo 'name: demo'
	echo 'services:'
	i=0
	while [ "$i" -lt "$1" ]; do
		echo "  s$i: {image: busybox, $3networks: [$([ $((i % 2)) = 0 ] && echo front || echo back)], volumes: ['v$((i % $2)):/data']}"
		i=$((i + 1))
	done
	echo 'networks: {front: {}, back: {}}'
	echo 'volumes:'
	i=0
	while [ "$i" -lt "$2" ]; do
		echo "  v$i: {}"
		i=$((i + 1))
	done
}

# What an apply asks and does when it has been applied before: N services, V volumes; so many questions, so often the version before; keys
asks() {
	begin "$1 services, $2 volumes: $3 questions" <<-SPEC
	$(stack "$1" "$2" "$5")
	SPEC
	: >made
	sp --parallel 8 -q apply
	check 'it is made' [ "$code" -eq 0 ]
	check 'the version is asked for' [ "$(grep -c '^version' log)" -eq "$4" ]
	check 'all of it' [ "$(grep -c '^run' made)" -eq "$1" ]
	: >log
	sp apply
	check 'exit status 0' [ "$code" -eq 0 ]
	check 'nothing is to be done' has err "nothing to do: $1 containers are as the spec wants them"
	check 'so many questions' [ "$(wc -l <log)" -eq "$3" ]
	check 'all of which only read' lacks log -v '^\(ps -a\|inspect --format\|container inspect\|volume ls\) '
	end
}

asks 20 5 3 0 ''
asks 200 5 3 0 ''
asks 200 200 3 0 ''
# how old the engine is matters for what is made, not for what is there
asks 4 2 3 1 'annotations: {a: b}, '

begin 'a volume that is gone is looked for in the list, and made' <<SPEC
$(stack 3 2 '')
SPEC
: >made
sp -q apply
grep -v '^volume.*demo_v1' made >rest
mv rest made
: >log
sp apply
check 'exit status 0' [ "$code" -eq 0 ]
check 'the list is asked for' [ "$(grep -c '^volume ls' log)" -eq 1 ]
check 'it is made' [ "$(grep -c '^volume create' log)" -eq 1 ]
check 'and nothing else' [ "$(grep -cE '^(run|create|network create|rm)' log)" -eq 0 ]
end

[ "$failed" -eq 0 ] || echo "converged.sh: $failed failed"
exit $((failed > 0))
