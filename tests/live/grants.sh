#!/bin/sh
# grants.sh - secrets and configs on a real engine: by apply, by the script and by `show | sh` the containers have the same files,
# and no value is in any command line
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=grants
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox
random=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
canary="can'ary \"\$x\" \\ $random"
watch=
printf '%s\n' "$random" >"$work/random"
mkdir "$work/app"
cd "$work/app"
printf 'from a file\n' >key.pem
chmod 600 key.pem
cat >compose.yaml <<END
name: $prefix
services:
  a:
    image: busybox
    init: true
    command: sleep 600
    stop_grace_period: 1s
    secrets:
      - password
      - key
      - {source: password, target: /etc/app/token, uid: "5", gid: "6", mode: 0440}
    configs:
      - text
      - {source: filled, target: "/etc/it's \$\$odd", mode: "0600", uid: "1000770000"}
      - {source: text, target: /etc/a-folder-with-a-long-name-to-fill-the-header/another-folder-with-a-long-name/a-file-with-a-long-name}
  b:
    image: busybox
    init: true
    command: sleep 600
    stop_grace_period: 1s
    networks: [front, back]
    secrets: [{source: password, target: p}]
    depends_on: [a]
secrets:
  password: {environment: GRANTED_PASSWORD}
  key: {file: ./key.pem}
configs:
  text: {content: "line\n\n\n"}
  filled: {content: "password=\${GRANTED_PASSWORD}\nend"}
networks: {front: , back: }
END
export GRANTED_PASSWORD="$canary

"

# What the containers have: owners, permissions, sizes, and the bytes
files() {
	"$docker" exec "$prefix-a-1" sh -c '
		set -- /run/secrets/password /run/secrets/key /etc/app/token /text "/etc/it'"'"'s \$odd" \
			/etc/a-folder*/*/a-file-with-a-long-name
		for f; do ls -ln "$f" | awk "{ print \$1, \$3, \$4, \$5 }"; done; sha256sum "$@"'
	"$docker" exec "$prefix-b-1" sh -c 'ls -ln /run/secrets/p | awk "{ print \$1, \$3, \$4, \$5 }"; sha256sum /run/secrets/p'
}

# The same from what the spec says
wanted_files() {
	size=$(($(printf %s "$GRANTED_PASSWORD" | wc -c)))
	cat <<-END
		-r--r--r-- 0 0 $size
		-rw------- $(id -u) $(id -g) 12
		-r--r----- 5 6 $size
		-r--r--r-- 0 0 7
		-rw------- 1000770000 0 $((size + 13))
		-r--r--r-- 0 0 7
	END
	long=/etc/a-folder-with-a-long-name-to-fill-the-header/another-folder-with-a-long-name/a-file-with-a-long-name
	printf %s "$GRANTED_PASSWORD" | sha256sum | sed 's| -| /run/secrets/password|'
	sha256sum <key.pem | sed 's| -| /run/secrets/key|'
	printf %s "$GRANTED_PASSWORD" | sha256sum | sed 's| -| /etc/app/token|'
	printf 'line\n\n\n' | sha256sum | sed 's| -| /text|'
	printf 'password=%s\nend' "$GRANTED_PASSWORD" | sha256sum | sed "s| -| /etc/it's \$odd|"
	printf 'line\n\n\n' | sha256sum | sed "s| -| $long|"
	echo "-r--r--r-- 0 0 $size"
	printf %s "$GRANTED_PASSWORD" | sha256sum | sed 's| -| /run/secrets/p|'
}

# all_there WHAT: the files are as the spec has them
all_there() {
	wanted_files >"$work/wanted" 2>&1
	files >"$work/have" 2>&1 || :
	expect "$1: bytes, owners and permissions are as the spec has them" diff "$work/wanted" "$work/have"
}

# none_in FILE...: none holds the value
none_in() {
	! grep -nF -f "$work/random" "$@"
}

watch_end() {
	kill "$watch"
	wait "$watch" || :
	watch=
}

# The watcher found none of the words
no_hits() {
	grep -q '^hits=0 ' "$work/watched" || {
		cat "$work/watched"
		return 1
	}
}

if has "${CC:-cc}" && "${CC:-cc}" -D_POSIX_C_SOURCE=200809L -std=c17 -O2 -o "$work/argv_watch" "$live/argv_watch.c" \
	2>"$work/cc.err"; then
	"$work/argv_watch" <"$work/random" >"$work/watched" &
	watch=$!
	sleep 0.5
fi

# The first copy fails: the container is there, and without its files
cat >"$work/no-cp" <<END
#!/bin/sh
[ "\$1" != cp ] || { cat >/dev/null; cat "$work/random" >&2; exit 1; }
exec $docker "\$@"
END
chmod +x "$work/no-cp"
run env STACKPLAN_DOCKER="$work/no-cp" "$sp" apply
expect 'apply whose copy fails exits 1' exited 1
expect 'and names the step' tells 'copy a'
run "$sp" apply
expect 'the next apply exits 0' exited 0
all_there 'apply after a copy that failed'
"$sp" down >"$work/stdout" 2>&1
run "$sp" --verbose apply
expect 'apply exits 0' exited 0
all_there 'apply'
expect 'it does not print the value' none_in "$work/stdout" "$work/stderr"
run "$sp" apply
expect 'again there is nothing to do' tells 'nothing to do'
"$docker" restart -t 1 "$prefix-a-1" "$prefix-b-1" >"$work/stdout"
all_there 'docker restart'
"$docker" stop -t 1 "$prefix-a-1" "$prefix-b-1" >"$work/stdout"
run "$sp" --verbose apply
expect 'apply of stopped containers exits 0' exited 0
expect 'and copies nothing' not grep -q ' copy ' "$work/stderr"
all_there 'apply of stopped containers'
GRANTED_PASSWORD="other-$random"
run "$sp" apply --progress json
GRANTED_PASSWORD="$canary

"
expect 'with another value apply replaces what has it' exited 0
expect 'it names what, without the value' tells secrets./run/secrets/p "configs./etc/it's \$odd"
expect 'neither of the values' none_in "$work/stdout" "$work/stderr"
"$sp" down >"$work/stdout" 2>&1

for format in sh markdown json; do
	"$sp" export --format "$format" >"$work/paper.$format" 2>"$work/stderr"
done
"$sp" show >"$work/paper.show" 2>"$work/stderr"
expect 'no document has the value' none_in "$work/paper.sh" "$work/paper.markdown" "$work/paper.json" "$work/paper.show"
for shell in dash 'busybox sh' 'bash --posix'; do
	if ! has "${shell%% *}"; then
		skip "$shell: it is not here"
		continue
	fi
	run $shell "$work/paper.show"
	expect "show by $shell exits 0" exited 0
	all_there "show by $shell"
	"$sp" down >"$work/stdout" 2>&1
	cp "$work/paper.sh" stack.sh
	run $shell ./stack.sh up
	expect "the script by $shell exits 0" exited 0
	all_there "the script by $shell"
	run $shell ./stack.sh up
	expect "up again by $shell exits 0" exited 0
	all_there "up again by $shell"
	run $shell ./stack.sh down -v
done
run env -u GRANTED_PASSWORD sh ./stack.sh up
expect 'without the variable the script fails' not exited 0
expect 'and asks for it' tells 'GRANTED_PASSWORD: set it in the environment'
"$sp" down >"$work/stdout" 2>&1
if [ -n "$watch" ]; then
	watch_end
	expect "no value was in a command line of the machine ($(tail -n 1 "$work/watched"))" no_hits
else
	skip 'no value was in a command line of the machine: it takes a C compiler'
fi
run "$sp" down -v
expect 'nothing is left' nothing_left

live_end
