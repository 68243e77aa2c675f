#!/bin/sh
# changes.sh - changes of the spec, and by hand, against what runs: the tables of changes_rows.py, then the options that steer what is
# replaced, orphans and renames. CHANGES=all: every container runs, and `docker compose` does the same beside it (`make changes`)
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=changes
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox

# rows TABLE...: a test of the tables, with what it said
rows() {
	env STACKPLAN_DOCKER="$docker" python3 "$live/changes.py" "$sp" "$@" >"$work/rows" 2>&1
	status=$?
	cat "$work/rows"
	return "$status"
}

if ! has python3; then
	skip 'the tables of changes: they take python3'
elif [ "${CHANGES:-}" = all ]; then
	export COMPOSE=1 CHANGES_START=1
	expect 'every row of the tables, beside docker compose' rows config running
	grep 'differs from Compose' "$work/rows" || :
	unset COMPOSE CHANGES_START
else
	expect 'every row of the tables' rows config running
	if "$docker" compose version >/dev/null 2>&1; then
		export COMPOSE=1 CHANGES_ONLY='image command env-change label-add net-add vol-other depends-on x-own nk-internal vol-name'
		expect 'some of them beside docker compose' rows config
		unset COMPOSE CHANGES_ONLY
	fi
fi

mkdir "$work/app"
cd "$work/app"

# spec TURN [MORE]: two services that depend on each other, in one network, with a volume
spec() {
	cat >compose.yaml <<-END
		name: ${project:-$prefix}
		services:
		  db: {image: busybox, init: true, command: sleep 600, environment: {TURN: '$1'}, volumes: ['data:/data']}
		  web: {image: busybox, init: true, command: sleep 600, environment: {TURN: '$1'}, depends_on: [db]}
		  ${2:-}
		volumes: {data: {}}
	END
}

# mark SERVICE [N]: the ID and the start of its container
mark() {
	seen=$("$docker" inspect -f '{{.Id}} {{.State.StartedAt}}' "${project:-$prefix}-$1-${2:-1}" 2>/dev/null) || seen=none
	echo "$seen"
}

marks() {
	db=$(mark db)
	web=$(mark web)
}

# replaced SERVICE BEFORE, stays SERVICE BEFORE
replaced() {
	now=$(mark "$1")
	[ "$now" != none ] && [ "$now" != "$2" ]
}

stays() {
	same "$(mark "$1")" "$2"
}

# quiet [OPTION...]: a further apply has nothing to do and writes nothing; diff says so, too
quiet() {
	logging_docker
	run "$sp" apply "$@"
	unset STACKPLAN_DOCKER
	exited 0 && tells 'nothing to do' && only_reads && "$sp" diff --detailed-exitcode
}

spec 1
run "$sp" apply
expect 'apply exits 0' exited 0
"$docker" exec "$prefix-db-1" sh -c 'echo kept >/data/file'

marks
network=$("$docker" network inspect -f '{{.Id}}' "${prefix}_default")
run "$sp" apply --force-recreate --progress plain
expect '--force-recreate exits 0' exited 0
expect 'both are replaced' replaced db "$db"
expect 'both are replaced, the second too' replaced web "$web"
expect 'for that reason' tells "replace 'web': --force-recreate"
expect 'the network stays' same "$("$docker" network inspect -f '{{.Id}}' "${prefix}_default")" "$network"
expect 'the data stay' same "$("$docker" exec "$prefix-db-1" cat /data/file)" kept
expect 'then there is nothing to do' quiet

marks
spec 2
run "$sp" apply --no-recreate
expect '--no-recreate exits 0' exited 0
expect 'it says what it leaves' tells "'web' is kept as it is, because of --no-recreate: 'environment.TURN' is \"2\", was \"1\""
expect 'db stays' stays db "$db"
expect 'web stays' stays web "$web"
run "$sp" diff --detailed-exitcode
expect 'diff tells it still' exited 2

run "$sp" apply --no-deps web
expect 'apply --no-deps web exits 0' exited 0
expect 'web is replaced' replaced web "$web"
expect 'db, on which it depends, is not' stays db "$db"
marks
spec 3
run "$sp" apply web
expect 'apply web exits 0' exited 0
expect 'web is replaced, and' replaced web "$web"
expect 'so is what it depends on' replaced db "$db"
expect 'then there is nothing to do any more' quiet

marks
run "$sp" apply --scale web=3
expect '--scale makes more' same "$code $("$docker" ps -q --filter "name=$prefix-web-" | wc -l)" '0 3'
run "$sp" apply --scale web=2
expect '--scale removes the highest' same "$code $(mark web 3)" '0 none'
expect '--scale leaves the first' stays web "$web"
run "$sp" apply
expect 'without it there is one again' same "$code $(mark web 2)" '0 none'

# ---- orphans ----
spec 3 "old: {image: busybox, init: true, command: sleep 600, networks: [side], volumes: ['other:/d']}"
printf 'networks: {side: {}}\n' >>compose.yaml
sed -i 's/^volumes: .*/volumes: {data: {}, other: {}}/' compose.yaml
run "$sp" apply
expect 'one more service' exited 0
spec 3
marks
run "$sp" apply
expect 'an orphan stays' same "$code $("$docker" inspect -f '{{.State.Status}}' "$prefix-old-1")" '0 running'
expect 'it is named' tells "has a container that the spec does not know: '$prefix-old-1'"
expect 'and the file that made it' tells "made from $work/app/compose.yaml"
run "$sp" apply --remove-orphans --progress plain
expect '--remove-orphans exits 0' exited 0
expect 'the orphan is gone' same "$(mark old)" none
expect 'its network, too' not "$docker" network inspect "${prefix}_side"
expect 'its volume stays' "$docker" volume inspect "${prefix}_other"
expect 'db is left alone' stays db "$db"
expect 'web is left alone' stays web "$web"
expect 'nothing more is said' quiet

# ---- another one has the name ----
"$docker" rm -f "$prefix-web-1" >/dev/null
"$docker" create --name "$prefix-web-1" busybox >/dev/null
containers >"$work/before"
logging_docker
spec 4
run "$sp" apply
unset STACKPLAN_DOCKER
expect 'a container of nobody is in the way: exit 1' exited 1
expect 'it is named' tells "the container '$prefix-web-1' is there already and belongs to no project"
expect 'nothing is done' only_reads
containers >"$work/after"
expect 'nothing has changed' cmp "$work/before" "$work/after"
"$docker" rm "$prefix-web-1" >/dev/null
run "$sp" apply
expect 'once it is gone apply goes on' exited 0

# ---- the project is called otherwise ----
marks
project=$prefix-new
spec 4
run "$sp" apply
expect 'a renamed project is made' exited 0
expect 'the old one is named, and what removes it' tells "the project '$prefix' was made from the same file and is still there, with 2 containers" \
	"'stackplan -p $prefix down' removes the old one" "volumes stay, and those of '$prefix-new' begin empty"
run "$sp" apply
expect 'it is said once' not tells 'is still there'
expect 'the new one has nothing to do' quiet
project=$prefix
expect 'the old db is as it was' stays db "$db"
expect 'the old web is as it was' stays web "$web"
run "$sp" -p "$prefix" down
expect 'that removes the old one' same "$code $(mark db) $(mark web)" '0 none none'
expect 'but for its data' "$docker" volume inspect "${prefix}_data"
run "$sp" down -v
run "$sp" -p "$prefix" down -v
expect 'nothing is left' nothing_left

# ---- the same in other words, and from another folder ----
wide_stack "$work/wide"
cd "$work/wide"
run "$sp" apply --no-start
expect 'a wider stack is made' exited 0
"$sp" config >"$work/merged.yaml"
logging_docker
run "$sp" -f "$work/merged.yaml" --project-directory "$work/wide" apply --no-start
unset STACKPLAN_DOCKER
expect 'its merged form: exit 0' exited 0
expect 'its merged form has nothing to do' tells 'nothing to do'
expect 'and only reads' only_reads
cp -R "$work/wide" "$work/moved"
cd "$work/moved"
run "$sp" show --current --no-start
sed -n 's/^# [0-9]*\. replace \(.*\) ([^)]*)$/replace \1/p' "$work/stdout" | sort -u >"$work/replaced"
expect 'moved to another folder: one is replaced' same "$(grep -c . "$work/replaced")" 1
expect 'for what is bound from there' \
	grep -qF "'volumes./etc/file' is bind $work/moved/etc/file, read-only, was bind $work/wide/etc/file, read-only" "$work/replaced"
run "$sp" down -v
expect 'nothing of it is left' nothing_left

live_end
