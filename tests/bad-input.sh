#!/bin/sh
# bad-input.sh - specs that are meant to hurt: too large, too deep, too many, not text, not files.
# Each must be refused with exit status 65 (66 where nothing can be read), a first line of the form
# FILE:LINE:COLUMN: error: ..., within LIMIT_MS and LIMIT_MIB, and without a sanitizer's report.
# STACKPLAN names the program, CC the compiler for the helper that measures. Takes names to run only some.
set -u

tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
program=${STACKPLAN:-$tests/../build/stackplan}
case $program in
/*) ;;
*) program=$PWD/$program ;;
esac
LIMIT_MS=${LIMIT_MS:-1000}
LIMIT_MIB=${LIMIT_MIB:-64}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
${CC:-cc} -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -O1 -o "$tmp/rusage" "$tests/rusage.c" || exit 1
passed=0
failed=0
wanted=" $* "

fail() {
	failed=$((failed + 1))
	echo "not ok $name: $1"
	head -n 3 "$tmp/err" | cut -c 1-200 | cat -v
}

# Is this test asked for? Begins it, in a new folder.
begin() {
	name=$1
	case $wanted in
	"  " | *" $name "*) ;;
	*) return 1 ;;
	esac
	mkdir "$tmp/$name" && cd "$tmp/$name" || exit 1
}

# refused CODE PATTERN WORDS...: run the program, hold what it did against what it must do.
refused() {
	code=$1
	pattern=$2
	shift 2
	env -i PATH=/nowhere HOME=/home/user LC_ALL=C.UTF-8 \
		"$tmp/rusage" "$LIMIT_MS" "$LIMIT_MIB" "$tmp/took" "$program" "$@" \
		</dev/null >"$tmp/out" 2>"$tmp/err"
	rc=$?
	took=$(cat "$tmp/took")
	[ "$rc" -ne 124 ] || { fail "too slow: ${took% *} ms" && return; }
	[ "$rc" -ne 125 ] || { fail "too large: ${took#* } KiB" && return; }
	[ "$rc" -eq "$code" ] || { fail "exit status $rc, not $code" && return; }
	[ ! -s "$tmp/out" ] || { fail "wrote to standard output" && return; }
	head -n 1 "$tmp/err" | grep -Eq "$pattern" || { fail "not of the form $pattern" && return; }
	! grep -q 'runtime error:\|Sanitizer' "$tmp/err" || { fail "a sanitizer's report" && return; }
	[ "$(wc -c <"$tmp/err")" -le 20000 ] || { fail "too many words: $(wc -c <"$tmp/err") bytes" && return; }
	passed=$((passed + 1))
	[ -z "${VERBOSE:-}" ] || echo "ok $name: ${took% *} ms, ${took#* } KiB: $(head -n 1 "$tmp/err" | cut -c 1-150)"
}

place='^[^:]+:[0-9]+:[0-9]+: error: '

# compose.yaml is refused.
spec_refused() {
	refused 65 "$place" config -q
}

# repeat N TEXT: the text N times, on one line.
repeat() {
	awk -v n="$1" -v s="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", s }'
}

# numbered N FORMAT: the format (one %d) for 1 to N, a line each.
numbered() {
	awk -v n="$1" -v f="$2\n" 'BEGIN { for (i = 1; i <= n; i++) printf f, i }'
}

# The head of a spec, whose service goes on.
head_of_spec() {
	printf 'services:\n  app:\n    image: alpine\n'
}

# Not text

begin nul-byte && {
	printf 'services:\n  app:\n    image: al\000pine\n' >compose.yaml
	spec_refused
}
begin nul-escape && {
	{ head_of_spec && printf '    hostname: "a\\0b"\n'; } >compose.yaml
	spec_refused
}
begin control-byte && {
	{ head_of_spec && printf '    hostname: a\001b\n'; } >compose.yaml
	spec_refused
}
begin invalid-utf8 && {
	{ head_of_spec && printf '    hostname: caf\351\n'; } >compose.yaml
	spec_refused
}
begin overlong-utf8 && {
	{ head_of_spec && printf '    hostname: "\300\257"\n'; } >compose.yaml
	spec_refused
}
begin surrogate-utf8 && {
	{ head_of_spec && printf '    hostname: "\355\240\200"\n'; } >compose.yaml
	spec_refused
}
begin cut-utf8 && {
	{ head_of_spec && printf '    hostname: \342\202'; } >compose.yaml
	spec_refused
}
begin utf16 && {
	printf '\377\376s\000e\000r\000v\000i\000c\000e\000s\000:\000\n\000' >compose.yaml
	spec_refused
}
begin utf16-big && {
	printf '\376\377\000s\000:\000\n' >compose.yaml
	spec_refused
}
begin utf32 && {
	printf '\377\376\000\000s\000\000\000:\000\000\000' >compose.yaml
	spec_refused
}
begin elf && {
	cp "$tmp/rusage" compose.yaml
	spec_refused
}
begin noise && {
	awk 'BEGIN { srand(1); for (i = 0; i < 20000; i++) printf "%c", 128 + int(rand() * 128) }' >compose.yaml
	spec_refused
}

# Empty

begin empty && {
	: >compose.yaml
	spec_refused
}
begin only-mark && {
	printf '\357\273\277' >compose.yaml
	spec_refused
}
begin only-blanks && {
	repeat 100000 ' ' >compose.yaml
	spec_refused
}
begin only-lines && {
	numbered 100000 '' >compose.yaml
	spec_refused
}
begin only-dashes && {
	echo '---' >compose.yaml
	spec_refused
}
begin null && {
	echo '~' >compose.yaml
	spec_refused
}

# Too much of it

begin large-file && {
	{ head_of_spec && awk 'BEGIN { for (i = 0; i < 1000000; i++) print "# " i " ...........................................................................................  " }'; } |
		head -c 104857600 >compose.yaml
	refused 66 '^stackplan: error: ' config -q
}
begin large-sparse && {
	head_of_spec >compose.yaml
	dd if=/dev/null of=compose.yaml bs=1 seek=104857600 2>"$tmp/err"
	refused 66 '^stackplan: error: ' config -q
}
begin large-scalar && {
	{ head_of_spec && printf '    hostname: "' && repeat 400000 '0123456789' && echo '"'; } >compose.yaml
	refused 65 "$place" show
}
begin many-keys && {
	{ head_of_spec && numbered 200000 '    key%d: x'; } >compose.yaml
	spec_refused
}
begin duplicate-keys && {
	{ head_of_spec && numbered 50000 '    user: u%d'; } >compose.yaml
	spec_refused
}
begin duplicate-services && {
	{ echo services: && repeat 50000 '  app: {image: alpine}
'; } >compose.yaml
	spec_refused
}
begin many-errors && {
	{ echo services: && numbered 20000 '  s%d: {imag: alpine, mem_limit: half}'; } >compose.yaml
	spec_refused
}
begin many-directives && {
	{ numbered 80000 '%%TAG !t%d! tag:example.com,2000:' && echo '---' && head_of_spec; } >compose.yaml
	spec_refused
}
begin many-documents && {
	repeat 50000 '--- {}
' >compose.yaml
	spec_refused
}
begin many-ports && {
	{ head_of_spec && printf '    ports: ["1-65535:1-65535"]\n'; } >compose.yaml
	spec_refused
}
begin many-containers && {
	{ head_of_spec && printf '    scale: 2000000000\n'; } >compose.yaml
	spec_refused
}
begin long-cycle && {
	{ echo services: && awk 'BEGIN { for (i = 0; i < 10000; i++) printf "  s%d: {image: alpine, depends_on: [s%d]}\n", i, (i + 1) % 10000 }'; } >compose.yaml
	spec_refused
}
begin long-value && {
	{ head_of_spec && printf '    environment: {A: "' && repeat 14000 '0123456789' && echo '"}'; } >compose.yaml
	refused 65 "$place" show
}

# Too deep

begin deep-lists && {
	{ printf 'x-a: ' && repeat 100000 '[' && repeat 100000 ']'; } >compose.yaml
	spec_refused
}
begin deep-maps && {
	{ printf 'x-a: ' && repeat 100000 '{a: '; } >compose.yaml
	spec_refused
}
begin deep-blocks && {
	{ printf 'x-a:\n' && repeat 2000 '- ' && echo x; } >compose.yaml
	spec_refused
}
begin deep-indentation && {
	awk 'BEGIN { for (i = 0; i < 1500; i++) printf "%*sa:\n", i, "" }' >compose.yaml
	spec_refused
}
begin deep-variable && {
	# shellcheck disable=SC2016
	{ head_of_spec && printf '    hostname: "' && repeat 20000 '${A:-' && repeat 20000 '}' && echo '"'; } >compose.yaml
	spec_refused
}

# Aliases

begin alias-bomb && {
	{
		echo 'x-0: &a0 [x, x, x, x, x, x, x, x, x, x]'
		awk 'BEGIN { for (i = 1; i < 10; i++) { printf "x-%d: &a%d [", i, i; for (k = 0; k < 10; k++) printf "*a%d, ", i - 1; print "]" } }'
		head_of_spec
	} >compose.yaml
	spec_refused
}
begin merge-bomb && {
	{
		echo 'x-0: &a0 {k: v}'
		awk 'BEGIN { for (i = 1; i < 40; i++) printf "x-%d: &a%d {<<: [*a%d, *a%d], k%d: v}\n", i, i, i - 1, i - 1, i }'
		head_of_spec
		echo '    <<: *a39'
	} >compose.yaml
	spec_refused
}
begin value-bomb && {
	{
		printf 'x-0: &a0 "' && repeat 1000 '0123456789' && echo '"'
		awk 'BEGIN { for (i = 1; i < 9; i++) { printf "x-%d: &a%d {", i, i; for (k = 0; k < 10; k++) printf "k%d: *a%d, ", k, i - 1; print "}" } }'
		head_of_spec
	} >compose.yaml
	spec_refused
}
begin self-alias && {
	{ echo 'x-a: &a [*a]' && head_of_spec; } >compose.yaml
	spec_refused
}
begin self-merge && {
	{ echo 'x-a: &a {<<: *a}' && head_of_spec; } >compose.yaml
	spec_refused
}
begin many-aliases && {
	{ echo 'x-a: &a [x]' && printf 'x-b: [' && repeat 1000000 '*a,' && echo ']' && echo 'services: {app: {imag: alpine}}'; } >compose.yaml
	spec_refused
}

# Not well-formed

begin open-quote && {
	{ head_of_spec && printf '    hostname: "never closed\n' && numbered 50000 '    # line %d'; } >compose.yaml
	spec_refused
}
begin open-bracket && {
	{ head_of_spec && printf '    command: [a, b\n'; } >compose.yaml
	spec_refused
}
begin tab-indentation && {
	printf 'services:\n\tapp:\n\t\timage: alpine\n' >compose.yaml
	spec_refused
}
begin complex-key && {
	{ head_of_spec && printf '    ? [a, b]\n    : c\n'; } >compose.yaml
	spec_refused
}
begin number-as-key && {
	printf 'services:\n  1: {image: alpine}\n' >compose.yaml
	spec_refused
}
begin unknown-variable && {
	# shellcheck disable=SC2016
	{ head_of_spec && echo '    hostname: ${NAME:?say a name}'; } >compose.yaml
	spec_refused
}

# Not files

begin missing-file && {
	refused 66 '^stackplan: error: ' config -q -f missing.yaml
}
begin folder && {
	mkdir compose.yaml
	refused 66 '^stackplan: error: ' config -q -f compose.yaml
}
begin pipe && {
	mkfifo compose.yaml
	refused 66 '^stackplan: error: ' config -q -f compose.yaml
}
begin device && {
	refused 66 '^stackplan: error: ' config -q -f /dev/zero
}
begin dotenv-pipe && {
	head_of_spec >compose.yaml
	mkfifo .env
	refused 66 '^stackplan: error: ' config -q
}
begin dotenv-device && {
	head_of_spec >compose.yaml
	refused 66 '^stackplan: error: ' config -q --env-file /dev/zero
}
begin env-file-device && {
	{ head_of_spec && echo '    env_file: /dev/zero'; } >compose.yaml
	spec_refused
}
begin env-file-pipe && {
	mkfifo pipe
	{ head_of_spec && echo '    env_file: pipe'; } >compose.yaml
	spec_refused
}
begin env-file-folder && {
	{ head_of_spec && echo '    env_file: .'; } >compose.yaml
	spec_refused
}
begin env-file-large && {
	dd if=/dev/null of=large.env bs=1 seek=104857600 2>"$tmp/err"
	{ head_of_spec && echo '    env_file: large.env'; } >compose.yaml
	spec_refused
}
begin env-file-nul && {
	printf 'A=1\nB=x\000y\n' >nul.env
	{ head_of_spec && echo '    env_file: nul.env'; } >compose.yaml
	spec_refused
}
begin env-file-open-quote && {
	{ printf 'A="' && numbered 100000 'line %d'; } >open.env
	{ head_of_spec && echo '    env_file: open.env'; } >compose.yaml
	spec_refused
}

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
