#!/bin/sh
# run.sh - run the golden cases: every folder beside this file, or the folders named.
# A case has 'args' (the words after 'stackplan') and what is expected: want.out, want.err, want.code
# (no file: nothing, nothing, 0). Beside them lie the spec and other files that it needs, and at will
#   env     NAME=value lines; nothing else is set but PATH, HOME and a UTF-8 locale
#   stdin   what is fed to standard input
#   cwd     the folder below the case to run in; by default the case itself
# PATH leads nowhere: what these cases show needs no docker. The folder of the cases is written /CASES, the program's version VERSION.
# UPDATE=1 writes the wanted files anew. STACKPLAN names the program to test.
set -u

cases=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
program=${STACKPLAN:-$cases/../../build/stackplan}
case $program in
/*) ;;
*) program=$PWD/$program ;;
esac
[ -x "$program" ] || {
	echo "run.sh: no program '$program'; build it, or name it in STACKPLAN" >&2
	exit 1
}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
: >"$tmp/none"
version=$("$program" --version | sed 's/.* //; s/[.]/[.]/g')
mask="s,$cases,/CASES,g; s,\\(stackplan \\|version=\\|\"version\": \"\\)$version,\\1VERSION,g"
passed=0
failed=0

# Run the case in the current folder; leaves out, err and code in $tmp.
run_case() {
	set -- PATH=/nowhere HOME=/home/user LC_ALL=C.UTF-8
	if [ -e env ]; then
		while IFS= read -r line; do
			set -- "$@" "$line"
		done <./env
	fi
	set -- "$@" "$program"
	IFS= read -r words <args
	eval "set -- \"\$@\" $words"
	stdin=/dev/null
	[ ! -e stdin ] || stdin=$PWD/stdin
	(
		[ ! -e cwd ] || cd -- "$(cat cwd)" || exit 1
		exec /usr/bin/env -i "$@"
	) <"$stdin" >"$tmp/raw.out" 2>"$tmp/raw.err"
	echo $? >"$tmp/code"
	sed "$mask" "$tmp/raw.out" >"$tmp/out"
	sed "$mask" "$tmp/raw.err" >"$tmp/err"
}

# What the current case wants: the file, or what stands for a missing one.
wanted() {
	if [ -e "want.$1" ]; then
		want=want.$1
	elif [ "$1" = code ]; then
		want=$tmp/zero
	else
		want=$tmp/none
	fi
}
echo 0 >"$tmp/zero"

# Write what came out as what is wanted.
update() {
	for part in out err code; do
		rm -f "want.$part"
		wanted "$part"
		cmp -s "$want" "$tmp/$part" || cp "$tmp/$part" "want.$part"
	done
}

# Compare; print the differences under the name of the case.
compare() {
	good=true
	for part in out err code; do
		wanted "$part"
		cmp -s "$want" "$tmp/$part" && continue
		$good && echo "not ok $1"
		good=false
		diff -u -L "$1/want.$part" -L "$1: what came" "$want" "$tmp/$part"
	done
	$good
}

cd -- "$cases" || exit 1
[ $# -gt 0 ] || set -- */
for name; do
	name=${name%/}
	cd -- "$cases/$name" || {
		failed=$((failed + 1))
		continue
	}
	[ -e args ] || {
		echo "not ok $name: no file 'args'"
		failed=$((failed + 1))
		continue
	}
	run_case
	[ -z "${UPDATE:-}" ] || update
	if compare "$name"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
