#!/bin/sh
# cli.sh - the command line from outside: exit codes, streams, help, what is refused. Needs no engine and no docker.
# The program is $STACKPLAN (default: build/stackplan).
# shellcheck disable=SC2012,SC2016,SC2086 # modes by ls; text that must not expand; lists of words
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
stackplan=${STACKPLAN:-$root/build/stackplan}
stackplan=$(cd "$(dirname "$stackplan")" && pwd)/$(basename "$stackplan")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$work/project/below" "$work/out of the way" "$work/bin"
cd "$work/project"
cat > compose.yaml <<'END'
name: shop
services:
  web:
    image: web:1
    volumes: [".:/srv"]
    depends_on: [database]
  database: {image: "database:1"}
  tool: {image: "tool:1", profiles: [debugging]}
volumes: {data: }
END
cat > "$work/bin/docker" <<'END'
#!/bin/sh
echo "Cannot connect to the Docker daemon. Is the docker daemon running?" >&2
exit 1
END
chmod +x "$work/bin/docker"
PATH=$work/bin:/usr/bin:/bin
export PATH
unset DOCKER_HOST DOCKER_CONTEXT STACKPLAN_DOCKER COMPOSE_FILE COMPOSE_PROFILES COMPOSE_PROJECT_NAME NO_COLOR CLICOLOR_FORCE

passed=0 failed=0

# A test is "true" when its condition is.
result() {
	if [ "$1" = true ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED  $2"
		sed 's/^/        out: /' "$work/out" | head -3
		sed 's/^/        err: /' "$work/err" | head -3
	fi
}

# code WANT WORD...: run stackplan, keep what it says, compare its exit code.
code() {
	want=$1
	shift
	got=0
	"$stackplan" "$@" > "$work/out" 2> "$work/err" < /dev/null || got=$?
	if [ "$got" = "$want" ]; then result true; else result false "'$*' ended with $got, not $want"; fi
}
out_has() {
	if grep -qe "$1" "$work/out"; then result true; else result false "standard output lacks: $1"; fi
}
err_has() {
	if grep -qe "$1" "$work/err"; then result true; else result false "standard error lacks: $1"; fi
}
out_is_empty() {
	if [ ! -s "$work/out" ]; then result true; else result false "standard output is not empty"; fi
}
err_is_empty() {
	if [ ! -s "$work/err" ]; then result true; else result false "standard error is not empty"; fi
}
is() {
	if [ "$1" = "$2" ]; then result true; else result false "$3: '$1', not '$2'"; fi
}

# help and version
code 64
out_is_empty
err_has '^Usage: stackplan'
code 0 --version
out_has '^stackplan [0-9]'
for words in --help -h help; do
	code 0 $words
	out_has '^Examples:'
	err_is_empty
	is "$(awk 'length > 80' "$work/out")" '' "lines of '$words' longer than 80"
done
for verb in show apply up down export verify config help; do
	code 0 $verb --help
	out_has '^Usage: stackplan'
	is "$(awk 'length > 80' "$work/out")" '' "lines of '$verb --help' longer than 80"
	cp "$work/out" "$work/help"
	code 0 help $verb
	is "$(cat "$work/out")" "$(cat "$work/help")" "help $verb"
	is "$(grep -ce 'podman\|powershell' "$work/out")" 0 "refused things offered by $verb"
done
code 64 help doc
err_has 'not supported by this version yet'
code 64 help nothing

# explain takes what looks like an option as a flag of docker; its own options and --help stay options
code 0 explain -p --network-alias
out_has '^-p, --publish$'
out_has 'network-alias$'
code 0 explain --list
out_has '^services[.][*][.]mem_limit  *mapped  *--memory$'
out_has '^services[.][*][.]build[.]args  *mapped  *--build-arg$'
code 0 explain --list --format json
out_has '"format_version": "1.0"'
code 0 --color never explain cycle
code 0 __generate keys.md
out_has '^| `services[.][*][.]mem_limit` |'
code 0 config --hash '*'
out_has '^web [0-9a-f]\{64\}$'

# usage
code 64 shwo
err_has "did you mean 'show'"
code 64 show --formt=sh
err_has "did you mean '--format'"
err_has "see 'stackplan show --help'"
code 64 show --format xml
code 64 show --format
code 64 verify web
code 64 show wbe
err_has "did you mean 'web'"
code 64 apply --labels none
code 64 --diagnostics json shwo
err_has '^{.*"error"'
for verb in doc import init; do
	code 64 $verb
	err_has "'$verb' is not supported by this version yet"
done
for words in '--engine swarm show' 'export --format powershell'; do
	code 64 $words
	err_has 'is not supported by this version yet'
	out_is_empty
done

# files and specs
code 66 -f nowhere.yaml show
code 66 -f /dev/null config
code 65 -f - config
err_has '^<stdin>\|^-'
code 0 config -q
out_is_empty
err_is_empty
code 0 config --services
is "$(tr '\n' ' ' < "$work/out")" 'web database ' 'services'
code 0 --profile debugging config --services
is "$(tr '\n' ' ' < "$work/out")" 'web database tool ' 'services with a profile'
code 0 config --profiles
is "$(cat "$work/out")" debugging profiles
code 0 config --format json
out_has '"services"'

# the project folder in printed commands
code 0 show --labels none
out_has '"$PWD:/srv"'
err_is_empty
cp "$work/out" "$work/here"
code 0 --labels=none show --
is "$(cat "$work/out")" "$(cat "$work/here")" 'options before and after'
cd ..
code 0 -f project/compose.yaml show
out_has '"$PWD/project:/srv"'
cd "out of the way"
code 0 -f ../project/compose.yaml show
out_has "$work/project:/srv"
cd ../project
code 0 -c far show
out_has '^docker --context far run -d'
code 0 down --show -v
out_has '^docker rm'
code 0 down --show web
is "$(grep -c '^docker' "$work/out")" 2 'down of one service'

# files that are written
umask 022
code 0 export -o "$work/stack.sh"
out_is_empty
is "$(ls -l "$work/stack.sh" | cut -c1-10)" -rwx------ 'mode of a script'
code 0 export --format json -o "$work/stack.json"
is "$(ls -l "$work/stack.json" | cut -c1-10)" -rw------- 'mode of a document'
echo kept > "$work/target"
ln -s "$work/target" "$work/link"
code 1 export -o "$work/link"
is "$(cat "$work/target")" kept 'the target of a link'
code 1 export -o "$work/nowhere/stack.sh"

# standard output that takes nothing
got=0
"$stackplan" show > /dev/full 2> "$work/err" || got=$?
is "$got" 1 'exit code with a full device'
err_has 'cannot write standard output'
{
	sleep 0.2
	got=0
	"$stackplan" show 2> "$work/err" || got=$?
	echo "$got" > "$work/code"
} | true
is "$(cat "$work/code")" 141 'exit code without a reader'
err_is_empty
got=0
"$stackplan" show >&- 2>&- <&- || got=$?
is "$got" 0 'exit code with everything closed'

# the engine
code 69 apply
err_has 'daemon'
err_has 'systemctl start docker'
code 69 down
DOCKER_HOST=tcp://203.0.113.1:2375 code 69 apply
err_has '203.0.113.1'
code 69 -H tcp://203.0.113.2:2375 apply
err_has '203.0.113.2'
STACKPLAN_DOCKER=$work/none code 127 apply
STACKPLAN_DOCKER=$work/project/compose.yaml code 126 apply
code 0 verify
err_has 'no checks'

# colours
code 65 --color always -f - show
is "$(grep -c "$(printf '\033')" "$work/err")" 1 'lines with colour'
CLICOLOR_FORCE=1 code 65 -f - show
is "$(grep -c "$(printf '\033')" "$work/err")" 1 'lines with forced colour'
NO_COLOR=1 CLICOLOR_FORCE=1 code 65 -f - show
is "$(grep -c "$(printf '\033')" "$work/err")" 0 'lines with colour forbidden'

# completion by the program itself
code 0 __complete show --format m
is "$(cut -f 1 "$work/out" | tr '\n' ' ')" 'markdown mermaid :4 ' 'choices'
code 0 __complete show web ''
is "$(cut -f 1 "$work/out" | tr '\n' ' ')" 'database tool :4 ' 'services not given yet'
code 0 __complete -f nowhere.yaml show ''
is "$(cat "$work/out")" :4 'no candidates without a file'
err_is_empty
code 0 __complete -f - show ''
is "$(cat "$work/out")" :4 'no candidates from standard input'
code 0 __complete --env-file ''
is "$(cat "$work/out")" :0 'file names'
code 0 __complete --project-directory ''
is "$(cat "$work/out")" :16 'folder names'
code 0 __complete --nonsense ''
is "$(cat "$work/out")" :4 'no candidates for nonsense'
code 0 __complete
out_has '^show'

echo "cli: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
