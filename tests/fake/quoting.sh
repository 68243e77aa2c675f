#!/bin/sh
# quoting.sh [PROGRAM] - random values in environments, commands, labels, mount paths and secrets, byte for byte through apply,
# `show | sh` and the exported script to a docker that writes down what it gets (quoting.c). QUOTING_STACKS says how many stacks
# of some 13,000 values, QUOTING_SEED which; a failure is had again by its seed.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
program=${1:-$here/../../build/stackplan}
case $program in /*) ;; *) program=$PWD/$program ;; esac
stacks=${QUOTING_STACKS:-8}
seed=${QUOTING_SEED:-$(($(od -An -N3 -tu4 /dev/urandom)))}
command -v "${CC:-cc}" >/dev/null 2>&1 || {
	echo 'quoting: skipped, it takes a C compiler'
	exit 0
}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
"${CC:-cc}" -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -O2 -Wall -Wextra -o "$work/quoting" "$here/quoting.c" || exit 1
mkdir "$work/bin" "$work/stack"
ln "$work/quoting" "$work/bin/docker"
unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_PARALLEL_LIMIT DOCKER_CONTEXT STACKPLAN_DOCKER
PATH=$work/bin:$PATH
# on another machine: there the random paths may be
DOCKER_HOST=tcp://127.0.0.1:1
export PATH RECORDS DOCKER_HOST
values=0
failed=0

# through WHAT COMMAND...: the stack by this command, then the check
through() {
	what=$1
	shift
	RECORDS=$work/records
	rm -rf "$RECORDS"
	mkdir "$RECORDS"
	if ! "$work/quoting" run "$work/stack" "$@" >"$work/out" 2>"$work/err" </dev/null; then
		echo "not ok quoting: stack $stack of seed $seed: $what failed: $(grep -av warning "$work/err" | head -n 3)"
		failed=$((failed + 1))
		return
	fi
	figures=$("$work/quoting" check "$seed" "$stack" "$RECORDS") || {
		echo "not ok quoting: stack $stack of seed $seed by $what: ${figures#* } values came out otherwise"
		failed=$((failed + 1))
	}
	values=$((values + ${figures% *}))
	[ ! -e x ] || {
		echo "not ok quoting: stack $stack of seed $seed by $what: a value was run"
		rm -f x
		failed=$((failed + 1))
	}
}

stack=0
while [ "$stack" -lt "$stacks" ]; do
	stack=$((stack + 1))
	"$work/quoting" make "$seed" "$stack" "$work/stack" || exit 1
	cd "$work/stack" || exit 1
	through apply "$program" apply
	"$work/quoting" run . "$program" show >"$work/show.sh" 2>/dev/null
	through 'show | sh' sh "$work/show.sh"
	# the other shells for some of the stacks
	if [ "$stack" -le 2 ] && command -v busybox >/dev/null 2>&1; then
		through 'show | busybox sh' busybox sh "$work/show.sh"
	fi
	"$work/quoting" run . "$program" export --format sh >"$work/stack.sh" 2>/dev/null
	through 'the script' env "STACK_DIR=$work/stack" sh "$work/stack.sh" up
	if [ "$stack" -le 1 ] && command -v bash >/dev/null 2>&1; then
		through 'show | bash' bash --posix "$work/show.sh"
	fi
done
echo "quoting: $values values as they were, $failed failures (seed $seed)"
[ "$failed" -eq 0 ]
