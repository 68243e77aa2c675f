#!/bin/sh
# saved.sh - a saved plan is run as it was printed, or refused with the fact that is not so any more
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=saved
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox

write_spec() {
	cat >compose.yaml <<-END
		name: $prefix
		services:
		  a: {image: $image, init: true, command: sleep 600, environment: {V: "\${V:-1}", API_TOKEN: "\${TOKEN:-x}"}, networks: [net], volumes: ['data:/data']}
		  b: {image: $image, init: true, command: sleep $1, networks: [net]}
		networks: {net: {}}
		volumes: {data: {}}
	END
}

# stale WHAT WORD...: the plan is refused with 3, each word is named, and nothing is done
stale() {
	what=$1
	shift
	containers >"$work/before"
	logging_docker
	run "$sp" apply --plan "$work/plan"
	containers >"$work/after"
	expect "$what: exit code 3" exited 3
	expect "$what: it is named" tells "$@"
	expect "$what: nothing is done" only_reads
	expect "$what: all is as it was" cmp "$work/before" "$work/after"
}

# saved: the plan for another command of b
saved() {
	"$sp" apply -q 2>"$work/stderr" && write_spec $((count = count + 1)) && "$sp" show --out "$work/plan" >"$work/shown"
}

mkdir "$work/app"
cd "$work/app"
image="$prefix-image"
"$docker" tag busybox "$image"
count=600
write_spec 600
TOKEN="t0ps3cret-$prefix"
export TOKEN
logging_docker # from the first on: another program would be another engine

expect 'a plan is saved' "$sp" show --out "$work/plan"
expect 'its file is private' same "$(stat -c %a "$work/plan")" 600
expect 'it holds no secret' not grep -q "$TOKEN" "$work/plan"
# but for the folder, which stands for itself there
"$sp" show --current | grep -v project.working_dir | grep -v project.config_files >"$work/current"
"$sp" show --plan "$work/plan" | grep -v project.working_dir | grep -v project.config_files >"$work/shown"
expect 'show --plan prints it' cmp "$work/current" "$work/shown"
cd "$work"
run "$sp" apply --plan "$work/plan" --progress plain
cd "$work/app"
expect 'apply runs it, wherever it is called' exited 0
run "$sp" apply
expect 'then there is nothing to do' tells 'nothing to do'
stale 'it was run already' "the container '$prefix-"

expect 'b changes, and that is saved' saved
"$docker" stop -t 0 "$prefix-b-1" >"$work/stdout"
stale 'a container stopped' "$prefix-b-1" exited
"$docker" start "$prefix-b-1" >"$work/stdout"
"$docker" rename "$prefix-b-1" "$prefix-other"
stale 'a container renamed' "$prefix-b-1" "$prefix-other"
"$docker" rename "$prefix-other" "$prefix-b-1"
"$docker" update --memory 64m --memory-swap 64m "$prefix-b-1" >"$work/stdout"
stale 'a container changed' "$prefix-b-1" Memory 67108864
"$docker" rm -f "$prefix-b-1" >"$work/stdout"
stale 'a container removed' "$prefix-b-1"

expect 'made again, and saved' saved
printf 'FROM %s\nLABEL other=1\n' busybox | "$docker" build -q -t "$image" - >"$work/stdout" 2>&1
stale 'an image retagged' "the image '$image'"
expect 'made again, and saved' saved
"$docker" rm -f "$prefix-a-1" "$prefix-b-1" >"$work/stdout"
"$sp" show --out "$work/plan" >"$work/shown"
"$docker" network rm "${prefix}_net" >"$work/stdout"
stale 'a network removed' "the network '${prefix}_net'"
"$sp" show --out "$work/plan" >"$work/shown"
"$docker" volume rm "${prefix}_data" >"$work/stdout"
stale 'a volume removed' "the volume '${prefix}_data'"

expect 'made again, and saved' saved
V=2
export V
stale 'a variable changed' 'variable'
unset V
expect 'made again, and saved' saved
echo '# a comment' >>compose.yaml
stale 'the spec edited' "'compose.yaml'"
"$sp" show --out "$work/plan" >"$work/shown"
sed 's/running/runnin0/' "$work/plan" >"$work/other" && chmod 600 "$work/other"
run "$sp" apply --plan "$work/other"
expect 'a plan that was altered: exit code 3' exited 3
chmod 666 "$work/other"
run "$sp" apply --plan "$work/other"
expect 'a plan that others may write: refused' exited 66
run "$sp" apply --plan "$work/plan" --progress plain
expect 'the plan itself still runs' exited 0

# What is new: a container of the project, an image where there was none, a network, a volume
rm -f .env
"$sp" show --out "$work/plan" >"$work/shown"
"$docker" run -d --name "$prefix-more" --init --label "com.docker.compose.project=$prefix" busybox sleep 600 >"$work/stdout"
stale 'a container made' "$prefix-more"
"$docker" rm -f "$prefix-more" >"$work/stdout"
"$sp" down -v -y -q
"$docker" rmi -f "$image" >"$work/stdout" 2>&1
"$sp" show --out "$work/plan" >"$work/shown"
"$docker" tag busybox "$image"
stale 'an image that was absent' "the image '$image'" 'was not there'
"$sp" show --out "$work/plan" >"$work/shown"
"$docker" rmi -f "$image" >"$work/stdout" 2>&1
stale 'an image removed' "the image '$image'" 'not there now'
"$docker" tag busybox "$image"
"$sp" show --out "$work/plan" >"$work/shown"
"$docker" network create "${prefix}_net" >"$work/stdout"
stale 'a network made' "the network '${prefix}_net'" 'was not there'
"$docker" network rm "${prefix}_net" >"$work/stdout"
"$docker" volume create "${prefix}_data" >"$work/stdout"
stale 'a volume made' "the volume '${prefix}_data'" 'was not there'
"$docker" volume rm "${prefix}_data" >"$work/stdout"
expect 'made again, and saved' saved
"$docker" rm -f "$prefix-a-1" "$prefix-b-1" >"$work/stdout"
"$sp" show --out "$work/plan" >"$work/shown"
"$docker" network rm "${prefix}_net" >"$work/stdout"
"$docker" network create --label "com.docker.compose.project=$prefix" "${prefix}_net" >"$work/stdout"
stale 'a network made anew' "the network '${prefix}_net'" 'another one'
"$docker" network rm "${prefix}_net" >"$work/stdout"
"$sp" show --out "$work/plan" >"$work/shown"
"$docker" volume rm "${prefix}_data" >"$work/stdout"
"$docker" volume create --label "com.docker.compose.project=$prefix" "${prefix}_data" >"$work/stdout"
stale 'a volume made anew' "the volume '${prefix}_data'"
"$docker" volume rm "${prefix}_data" >"$work/stdout"

# All that the spec is made of
cat >compose.yaml <<-END
	name: $prefix
	include: [more.yaml]
	services:
	  a: {image: $image, init: true, command: sleep 600, env_file: a.env, environment: {V: "\${W:-1}"}, secrets: [s]}
	  b: {extends: {file: base.yaml, service: b}}
	secrets: {s: {file: ./s.txt}}
END
printf 'services: {c: {image: %s, init: true, command: sleep 600}}\n' "$image" >more.yaml
printf 'services: {b: {image: %s, init: true, command: sleep 600}}\n' "$image" >base.yaml
echo "E=env-$prefix" >a.env
echo "secret-$prefix" >s.txt
echo "W=dot-$prefix" >.env
for edited in .env a.env more.yaml base.yaml s.txt; do
	"$sp" show --out "$work/plan" >"$work/shown" 2>"$work/stderr"
	cp "$edited" "$work/kept"
	case $edited in
	*.yaml) echo '# edited' >>"$edited" ;;
	*) echo 'X=1' >>"$edited" ;;
	esac
	stale "$edited edited" "$edited"
	cp "$work/kept" "$edited"
	mv "$edited" "$work/kept"
	stale "$edited removed" "$edited"
	mv "$work/kept" "$edited"
done
"$sp" show --out "$work/plan" >"$work/shown" 2>"$work/stderr"
expect 'it holds no value from outside' not grep -q -e "secret-$prefix" "$work/plan"
rm s.txt && mkdir s.txt
stale 'a secret that is a folder now' s.txt
rmdir s.txt && echo "secret-$prefix" >s.txt

# Another engine, or another way to it
elsewhere() {
	what=$1
	shift
	run "$@" "$sp" apply --plan "$work/plan"
	expect "$what: exit code 3" exited 3
	# shellcheck disable=SC2154 # the caller sets it
	expect "$what: it is named" tells "$named"
}
named='DOCKER_HOST' elsewhere 'DOCKER_HOST' env "DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}x"
sed 's|exec |case $1 in info) echo "{\\"id\\":\\"OTHER\\",\\"version\\":\\"1\\"}"; exit ;; esac; exec |' "$work/docker" >"$work/other-docker"
chmod +x "$work/other-docker"
named='the engine' elsewhere 'another engine, another program' env STACKPLAN_DOCKER="$work/other-docker"
mv "$work/docker" "$work/docker.kept" && mv "$work/other-docker" "$work/docker"
named='the engine' elsewhere 'another engine by the same program' env
mv "$work/docker.kept" "$work/docker"
cp "$work/docker" "$work/same-docker"
named='program' elsewhere 'another program' env STACKPLAN_DOCKER="$work/same-docker"

"$sp" down -v -y -q
"$docker" rmi -f "$image" >"$work/stdout" 2>&1 || :

live_end
