#!/bin/sh
# scripts.sh - what show prints and export --format sh writes is shell that every checker takes.
# For each golden case that shows a plan: its script passes sh -n, and shellcheck where there is one;
# the text of show passes sh -n. Takes names of cases to look at only some. STACKPLAN names the program.
set -u

tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
program=${STACKPLAN:-$tests/../build/stackplan}
case $program in
/*) ;;
*) program=$PWD/$program ;;
esac
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
failed=0
passed=0

fail() {
	failed=$((failed + 1))
	echo "not ok $1: $2"
}

# Write the script of the case in the current folder to the file $1; false when it has none.
make_script() {
	file=$1
	IFS= read -r words <./args
	case $words in
	show*) words=${words#show} ;;
	*) return 1 ;;
	esac
	set -- PATH=/nowhere HOME=/home/user LC_ALL=C.UTF-8
	if [ -e env ]; then
		while IFS= read -r line; do
			set -- "$@" "$line"
		done <./env
	fi
	set -- "$@" "$program" export --format sh
	eval "set -- \"\$@\" $words"
	stdin=/dev/null
	[ ! -e stdin ] || stdin=$PWD/stdin
	(
		[ ! -e cwd ] || cd -- "$(cat cwd)" || exit 1
		exec /usr/bin/env -i "$@"
	) <"$stdin" >"$file" 2>/dev/null
}

# Every shell that is here reads the file $2 of the case $1 without complaint.
check_syntax() {
	for shell in dash 'bash --posix' 'busybox sh' sh; do
		command -v "${shell%% *}" >/dev/null 2>&1 || continue
		$shell -n "$2" 2>"$tmp/err" || {
			fail "$1" "$shell -n: $(head -n 1 "$tmp/err")"
			return 1
		}
	done
}

cd -- "$tests/cases" || exit 1
[ $# -gt 0 ] || set -- */
for name; do
	name=${name%/}
	cd -- "$tests/cases/$name" || exit 1
	[ ! -e want.code ] || continue
	case $(cat args) in
	*--format*) continue ;;
	show*)
		check_syntax "$name" want.out && passed=$((passed + 1))
		make_script "$tmp/$name.sh" || {
			rm -f "$tmp/$name.sh"
			continue
		}
		check_syntax "$name" "$tmp/$name.sh" && passed=$((passed + 1))
		;;
	esac
done
if command -v shellcheck >/dev/null 2>&1; then
	printf '%s\n' "$tmp"/*.sh >"$tmp/list"
	xargs -n 25 -P 2 shellcheck -s sh -f gcc <"$tmp/list" >"$tmp/found" 2>&1 && passed=$((passed + 1))
	[ ! -s "$tmp/found" ] || {
		sed "s,^$tmp/,," "$tmp/found"
		fail shellcheck "$(wc -l <"$tmp/found") remarks"
	}
else
	echo "skipped: shellcheck is not installed"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
