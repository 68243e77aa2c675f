#!/bin/sh
# corpus.sh [PROGRAM] - every stack of the corpus, with a docker that only writes down (recorder):
# what shows, compares and exports runs reading commands alone, or none at all;
# what `apply` and `down` run is, word for word, what is printed, and what the exported script runs.
# The stacks are no part of this repository: where they are not at hand ($CORPUS, by default ../shared), the test is skipped.
# Where the tools are at hand beside it, the models are held against those of Compose, and the bad files are tried, too.
# What is run is looked at for each 4th stack, another one each day; CORPUS_STEP=1: for all
# Lists of words are meant to be split; what fails is counted, not acted on
# shellcheck disable=SC2016,SC2086,SC2046,SC2015
# shellcheck source=tests/fake/lib.sh
. "$(dirname "$0")/lib.sh"

corpus=${CORPUS:-$here/../../../shared}/corpus/open
step=${CORPUS_STEP:-4}
today=$(($(date +%j | sed 's/^0*//') % step))
export STACKPLAN_DOCKER="$here/recorder" RECORD="$work/record"
passed=0
if [ ! -d "$corpus" ]; then
	echo "corpus: 0 passed, 0 failed, 185 skipped: there is no corpus in $corpus"
	exit 0
fi
mkdir "$work/bin" "$work/copy"
ln -s "$here/recorder" "$work/bin/docker"
PATH="$work/bin:$PATH"

# The texts of a list, or "NAME=VALUE" of the members of a map, of meta.json, a line each
meta() {
	awk -v key="$1" '
		index($0, " \"" key "\": ") == 1 { on = 1; if (/[]}],?$/) exit; next }
		on && /^ []}]/ { exit }
		on { sub(/^ *"/, ""); sub(/"?,?$/, ""); sub(/": "/, "="); print }' "$folder/meta.json"
}

# wrong WHAT: tell it once
wrong() {
	test_ok=no
	echo "    $name: $1"
}

# reads WORD...: run it; only reading commands may come of it. 0, 2 or a failure that was told
reads() {
	rm -f "$RECORD" "$RECORD.reads" "$RECORD.images"
	code=0
	READS_ONLY=1 "$program" $options "$@" >"$work/out" 2>"$work/err" || code=$?
	[ ! -e "$RECORD" ] || wrong "$* ran: $(head -n 1 "$RECORD")"
	case $code in
	0 | 2 | 65 | 1) ;;
	*) wrong "$*: exit status $code: $(head -n 1 "$work/err")" ;;
	esac
}

# never WORD...: run it; docker may not be called at all
never() {
	reads "$@"
	[ ! -e "$RECORD.reads" ] || wrong "$* asked docker: $(head -n 1 "$RECORD.reads")"
	[ "$code" -eq 0 ] || [ "$code" -eq 65 ] || wrong "$*: exit status $code"
}

# same_deeds WHAT COMMAND...: it runs the same commands as are in $work/deed
same_deeds() {
	what=$1
	shift
	rm -f "$RECORD" "$RECORD.images"
	"$@" >"$work/out" 2>"$work/err" </dev/null || wrong "$what: exit status $?: $(tail -n 1 "$work/err")"
	cmp -s "$RECORD" "$work/deed" || {
		wrong "$what runs other commands:"
		tr '\0' '\n' <"$work/deed" >"$work/a"
		[ ! -e "$RECORD" ] || tr '\0' '\n' <"$RECORD" | diff "$work/a" - | head -n 6
	}
}

# Four ways to one end. Descriptors have the same numbers here; what is asked is not compared
deeds() {
	rm -f "$RECORD" "$RECORD.images"
	"$program" $options --parallel 1 apply >"$work/out" 2>"$work/err" || {
		refused=$((refused + 1))
		return
	}
	mv "$RECORD" "$work/deed" 2>/dev/null || return
	"$program" $options show >"$work/show.sh" 2>/dev/null
	same_deeds 'what show prints' sh "$work/show.sh"
	"$program" $options show --current >"$work/show.sh" 2>/dev/null
	same_deeds 'what show --current prints' sh "$work/show.sh"
	"$program" $options export --format sh -o "$work/stack.sh" 2>/dev/null
	STACK_DIR=$PWD same_deeds 'the exported script' sh "$work/stack.sh" up
	# a saved one is run with what stands in the folder
	"$program" $options show --current --out "$work/plan" >/dev/null 2>"$work/err" || wrong "it can't be saved: $(tail -n 1 "$work/err")"
	same_deeds 'apply --plan' "$program" --parallel 1 apply --plan "$work/plan"
	"$program" show --plan "$work/plan" >"$work/show.sh" 2>/dev/null
	# a saved plan has no values of secrets: it asks for them. Where one is a word of a command, the words can't be the same
	set -- $(sed -n 's/.*${\([A-Za-z0-9_]*\):?its value is kept out of here}.*/\1=x/p
		s/.*${\(INPUT_[0-9]*\):?the file.*/\1=\/dev\/null/p' "$work/show.sh")
	if grep -q '${SECRET_[0-9]' "$work/show.sh"; then
		sh -n "$work/show.sh" || wrong 'what show --plan prints is no shell text'
	else
		same_deeds 'what show --plan prints' env "$@" sh "$work/show.sh"
	fi
}

begin 'the rig finds what is not allowed' <<END
name: demo
services: {a: {image: busybox}}
END
name=rig
options=
test_ok=yes
reads apply >"$work/found"
[ "$test_ok" = no ] && grep -q 'apply ran: pull busybox' "$work/found" || {
	echo 'FAILED  the rig finds nothing'
	failed=$((failed + 1))
}
test_ok=yes
never diff >"$work/found"
[ "$test_ok" = no ] && grep -q 'diff asked docker' "$work/found" || {
	echo 'FAILED  the rig does not find what was asked'
	failed=$((failed + 1))
}
begin 'the corpus' </dev/null
: >out
: >err
refused=0
n=0
for folder in "$corpus"/*/; do
	n=$((n + 1))
	folder=${folder%/}
	name=${folder##*/}
	was_ok=$test_ok
	test_ok=yes
	cd "$folder/$(sed -n 's/^ "dir": "\(.*\)",$/\1/p' "$folder/meta.json")" || exit 1
	options=
	for word in $(meta files); do options="$options -f $word"; done
	for word in $(meta profiles); do options="$options --profile $word"; done
	(
		for word in $(meta env); do export "${word?}"; done
		for verb in 'show' 'show --labels none' 'show --format json' 'config' 'config --format json' 'config -q' 'config --services' \
			'config --images' 'config --hash *' 'config --origins' 'export --format sh' 'export --format markdown' \
			'export --format json' 'export --format dot' 'export --format mermaid' 'down --show' 'down --show -v --rmi all' env; do
			set -f
			never $verb
		done
		for verb in 'show --current' diff check 'show --current --format json'; do reads $verb; done
		[ $((n % step)) -ne "$today" ] || deeds
		[ "$test_ok" = yes ] && echo "$refused" >"$work/refused"
		[ "$test_ok" = yes ]
	) || test_ok=no
	if [ "$test_ok" = yes ]; then
		passed=$((passed + 1))
		all_refused=$((${all_refused:-0} + $(cat "$work/refused")))
	else
		failed=$((failed + 1))
	fi
	test_ok=$was_ok
done
# nearly_all WHAT: of the fractions in the last line on standard input ("1 of 2", "1/2") none may be less than 98 in 100
nearly_all() {
	last=$(tail -n 1)
	printf '%s' "$last" | sed 's| of |/|g' | grep -o '[0-9][0-9]*/[0-9][0-9]*' |
		awk -F / '$1 * 100 < $2 * 98 { bad = 1 } END { exit bad || NR == 0 }' || {
		echo "    $1: $last"
		return 1
	}
	passed=$((passed + 1))
}
tools=$corpus/../../tools
if [ -x "$tools/same-config" ]; then
	tool="$program {files} {profiles} -p {project}"
	"$tools/same-config" --quiet --tool "$tool config --format json" "$corpus" >"$work/same" 2>&1 || :
	nearly_all 'the models' <"$work/same" || failed=$((failed + 1))
	# it says "of 63 mutated and refused, 62 give the very line"
	"$tools/reject" --tool "$tool config -q" "$corpus/../rejected-open" 2>&1 | sed 's/of \([0-9]* mutated and refused\), \([0-9]*\)/\2 of \1,/' >"$work/bad"
	nearly_all 'the bad files' <"$work/bad" || failed=$((failed + 1))
fi
echo "corpus: $passed passed, $failed failed, 0 skipped; apply refused $((${all_refused:-0}))"
[ "$failed" -eq 0 ]
