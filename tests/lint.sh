#!/bin/sh
# lint.sh - static analysis: cppcheck, gcc -fanalyzer, clang-tidy, shellcheck, mandoc, the format of the sources.
# Usage: lint.sh BUILD-FOLDER. A tool that is missing is said and counted as skipped.
# LINT_NODES: how far clang's analyzer follows each function, in nodes of its graph (its own default: 225,000).
set -eu
cd "$(dirname "$0")/.."
build=$1
passed=0 failed=0 skipped=0

mkdir -p "$build"
echo '#define STACKPLAN_VERSION "0"' >"$build/version.h" # the Makefile gives it as an option, whose quotes no list here survives
flags="-std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -include $build/version.h -Iinclude $(pkg-config --cflags libbsd libmd yaml-0.1 jansson)"

# NAME PROGRAM COMMAND...: run it, if the program is there
try() {
	name=$1 program=$2
	shift 2
	if ! command -v "$program" >/dev/null 2>&1; then
		echo "lint: skipped $name: no $program"
		skipped=$((skipped + 1))
	elif "$@" >"$build/lint.log" 2>&1; then
		passed=$((passed + 1))
	else
		cat "$build/lint.log"
		echo "lint: failed: $name"
		failed=$((failed + 1))
	fi
}

each_analyzed() {
	# shellcheck disable=SC2086 # a list of words
	printf '%s\n' src/*/*.c | xargs -P 2 -n 1 gcc $flags -O1 -fanalyzer -Werror -Wno-analyzer-too-complex -c -o /dev/null
}
tidy() {
	far=${LINT_NODES:+-Xclang -analyzer-config -Xclang max-nodes=$LINT_NODES}
	# shellcheck disable=SC2086,SC2046 # lists of words
	printf '%s\n' src/*/*.c | xargs -P 2 -n 12 sh -c 'clang-tidy --quiet "$@" -- '"$flags $far"' 2>/dev/null' sh
}
scripts() {
	git ls-files '*.sh' tests/fake/docker .ci/run | xargs shellcheck -x
}

try format clang-format clang-format --dry-run -Werror include/stackplan/*.h src/*/*.[ch] tests/unit/*.[ch]
try cppcheck cppcheck cppcheck --quiet --std=c11 --enable=warning,performance,portability --error-exitcode=1 \
	--inline-suppr -j2 -Iinclude -D_DEFAULT_SOURCE --suppress=missingIncludeSystem --suppress=varFuncNullUB src # POSIX: NULL is a pointer
try "gcc -fanalyzer" gcc each_analyzed
try clang-tidy clang-tidy tidy
try shellcheck shellcheck scripts
try mandoc mandoc mandoc -Tlint -Wwarning "$build/stackplan.1"
echo "lint: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
