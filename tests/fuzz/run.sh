#!/bin/sh
# run.sh - build each fuzzer and let it run for FUZZ_S seconds on its kept seeds and the golden cases.
# Takes CC (clang), B (a build folder with libstackplan.a built for fuzzing) and FUZZ_S from the environment.
set -eu
cd "$(dirname "$0")/../.."
CC=${CC:-clang} B=${B:-build/fuzz} FUZZ_S=${FUZZ_S:-60}
flags="-std=c17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all"
passed=0 failed=0 skipped=0

if ! echo 'int LLVMFuzzerTestOneInput(const char *b, long n) { (void)b; return n < 0; }' |
	"$CC" -fsanitize=fuzzer,address -x c -o "$B/probe" - 2>/dev/null; then
	echo "fuzz: skipped: $CC cannot link libFuzzer here"
	echo "0 passed, 0 failed, $(find tests/fuzz -name 'fuzz_*.c' | wc -l) skipped"
	exit 0
fi
# the words of the spec, from the rows of keys
sed -n 's/.*[.]name = \("[a-z0-9_]*"\).*/\1/p' src/spec/keys_*.c | sort -u >"$B/spec.dict"
# shellcheck disable=SC2016 # text of the spec
printf '"%s"\n' 'services:' '${A:-' '<<: *' '!reset ' '!override ' ': {' ', ' ': [' 'service_healthy' '/tcp' >>"$B/spec.dict"
# the golden cases, for the fuzzers that take a whole spec
mkdir -p "$B/corpus/cases"
for f in tests/cases/*/compose.yaml; do
	cp "$f" "$B/corpus/cases/$(basename "$(dirname "$f")")"
done
for src in tests/fuzz/fuzz_*.c; do
	name=$(basename "$src" .c)
	seeds=tests/fuzz/seeds/$name
	work=$B/corpus/$name
	mkdir -p "$work"
	# shellcheck disable=SC2086,SC2046 # lists of words
	"$CC" $flags -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Iinclude $(pkg-config --cflags libbsd libmd) \
		-o "$B/$name" "$src" "$B/libstackplan.a" $(pkg-config --libs yaml-0.1 libbsd libmd jansson)
	set -- "$work"
	[ ! -d "$seeds" ] || set -- "$@" "$seeds"
	case $name in
	fuzz_load | fuzz_yaml) set -- "-dict=$B/spec.dict" "$@" "$B/corpus/cases" ;;
	fuzz_short) set -- "-dict=$B/spec.dict" "$@" ;;
	esac
	if "$B/$name" -max_total_time="$FUZZ_S" -timeout=2 -rss_limit_mb=512 -max_len=65536 \
		-artifact_prefix="$B/" "$@" >"$B/$name.log" 2>&1; then
		passed=$((passed + 1))
		tail -n 1 "$B/$name.log" | sed "s/^/$name: /"
	else
		failed=$((failed + 1))
		tail -n 40 "$B/$name.log"
		echo "fuzz: failed: $name; the input is under $B/"
	fi
done
echo "fuzz: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
