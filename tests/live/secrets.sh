#!/bin/sh
# secrets.sh - a value from outside the spec is in no command line, no output and no document; and in the container it is
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=secrets
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin mysql:5.7 node:12-alpine nicolaka/netshoot
todo_stack "$work/app"
cd "$work/app"
# The password of the app differs from that of root, as far as the spec says; both are root's, so that it works
random=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
canary=canary-$random
watch=

# watch_begin WORD...: watch all command lines of the machine for the words, from now on
watch_begin() {
	rm -f "$work/watched"
	printf '%s\n' "$@" | "$work/argv_watch" >"$work/watched" &
	watch=$!
	tenths=0
	until [ -s "$work/watched" ] || [ "$tenths" -ge 50 ]; do
		sleep 0.1
		tenths=$((tenths + 1))
	done
}

watch_end() {
	kill "$watch"
	wait "$watch" || :
	watch=
}

# The figures of the watcher
figures() {
	tail -n 1 "$work/watched"
}

no_hits() {
	grep -q '^hits=0 ' "$work/watched" || {
		cat "$work/watched"
		return 1
	}
}

# holds_none FILE...: none of the files has the value; each is there and not empty
holds_none() {
	for file; do
		[ -s "$file" ] || {
			echo "$file is empty"
			return 1
		}
		! grep -nF -- "$random" "$file" || return 1
	done
}

# in_container SERVICE NAME: the value of the variable, as docker inspect has it
in_container() {
	"$docker" inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$prefix-$1-1" | sed -n "s/^$2=//p"
}

# All that is printed without an engine, into $work/paper.*
print_all() {
	rm -f "$work"/paper.*
	"$sp" show >"$work/paper.show" 2>"$work/paper.show.err"
	"$sp" show --labels none >"$work/paper.none" 2>>"$work/paper.show.err"
	for format in sh markdown json mermaid dot; do
		"$sp" export --format "$format" >"$work/paper.$format" 2>>"$work/paper.show.err" || echo "$format" >>"$work/refused"
	done
	find "$work" -name 'paper.*' -size 0 -exec rm -f {} +
}

if has "${CC:-cc}" && "${CC:-cc}" -D_POSIX_C_SOURCE=200809L -std=c17 -O2 -o "$work/argv_watch" "$live/argv_watch.c" \
	2>"$work/cc.err"; then
	watch_begin "$canary-control"
	sh -c 'sleep 0.3; :' "$canary-control"
	watch_end
	expect "the watcher sees what stands in a command line ($(figures))" not no_hits
	watch_begin "$canary"
else
	skip 'the watcher sees what stands in a command line: it takes a C compiler'
fi
logging_docker
export MYSQL_ROOT_PASSWORD="$canary"
begun=$(date +%s)
run "$sp" --verbose apply
took_s=$(($(date +%s) - begun))
unset STACKPLAN_DOCKER
cp "$work/stderr" "$work/apply.err"
expect "apply with a password from the environment exits 0 (after $took_s s)" exited 0
if [ -n "$watch" ]; then
	watch_end
	cp "$work/watched" "$work/watched.apply"
	expect "the passwords were in no command line of the machine ($(figures))" no_hits
else
	skip 'the passwords were in no command line of the machine: it takes a C compiler'
fi
expect "no docker command had it among its arguments ($(wc -l <"$work/argv") commands)" holds_none "$work/argv"
expect 'docker inspect has it in the environment of mysql' same "$(in_container mysql MYSQL_ROOT_PASSWORD)" "$canary"
expect 'docker inspect has it in the environment of the app' same "$(in_container app MYSQL_PASSWORD)" "$canary"
expect 'apply --verbose does not print it' holds_none "$work/stdout" "$work/apply.err"
run "$sp" --verbose verify
expect 'verify does not print it' holds_none "$work/stdout"
print_all
expect "show and export do not print it ($(find "$work" -name 'paper.*' | wc -l) documents)" holds_none "$work"/paper.*
unset MYSQL_ROOT_PASSWORD

printf 'MYSQL_ROOT_PASSWORD=%s\n' "$canary" >.env
print_all
expect 'neither do they when it comes from .env' holds_none "$work"/paper.*
run "$sp" apply
expect 'apply with the same value from .env has nothing to do' tells 'nothing to do'
# What a command in a container says is shown when a check fails, and may hold anything
sed "s/expect: todos/expect: \"never said\"/; s/show databases/show variables/; s/exec mysql -u root/env; exec mysql -u root/; s/retries: 10/retries: 1/" \
	compose.yaml >"$work/leaky.yaml"
run "$sp" --project-directory "$PWD" -f "$work/leaky.yaml" verify
expect 'a check that fails and says the value exits 4' exited 4
expect 'and the value is masked in what is shown of it' holds_none "$work/stdout"
run "$sp" down -v
expect 'down -v exits 0' exited 0
expect 'nothing is left' nothing_left

live_end
