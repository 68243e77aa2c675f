#!/bin/sh
# corpus.sh [apply|show|script...] - real stacks become the containers that Docker Compose makes of them: by `apply`, by what `show`
# prints, and by the exported script. The stacks and the program that compares are no part of this repository: where they are
# not at hand ($CORPUS, by default ../shared), the test is skipped. A sample of stacks that differ each day, unless WHOLE is set
# (make equiv), whose report goes to $WHOLE.
# shellcheck disable=SC2317 # functions are called by expect
subject=corpus
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

corpus=${CORPUS:-$repo/../shared}
sample=7 # stacks for each way
live_begin busybox
if [ ! -x "$corpus/tools/equiv" ] || [ ! -d "$corpus/corpus/open" ]; then
	skip_all "there is no corpus in $corpus"
fi
docker compose version >/dev/null 2>&1 || skip_all 'there is no docker compose to compare with'
[ $# -gt 0 ] || set -- apply show script

# Commands that make the containers of a stack, and start none
tool() {
	case $1 in
	apply) echo "'$sp' {files} {profiles} -p {project} apply --no-start --pull never" ;;
	show) echo "'$sp' {files} {profiles} -p {project} show --no-start --pull never >stack.show && sh stack.show" ;;
	script) echo "'$sp' {files} {profiles} -p {project} export --format sh --no-start --pull never >stack.sh && sh stack.sh up" ;;
	esac
}

# Those that are looked at today: folders a fixed step apart, from a place that moves
stacks() {
	if [ -n "${WHOLE:-}" ]; then
		printf '%s\n' "$corpus/corpus/open"
		return
	fi
	all=$(find "$corpus/corpus/open" -mindepth 1 -maxdepth 1 -type d | wc -l)
	step=$((all / sample))
	# one has an empty dns_search, which docker takes as '.' only
	find "$corpus/corpus/open" -mindepth 1 -maxdepth 1 -type d | grep -v opentelemetry-demo--full | sort \
		| awk -v step="$step" -v from="$(($(date +%j | sed 's/^0*//') % step))" 'NR % step == from'
}

# compare WAY: run it, and put its figures into $figures, and what is not the same into $work/unlike
compare() {
	set -- "$1" "$(tool "$1")"
	# The docker command gives this variable a value of its own before it runs Compose. What Compose makes is kept for the other
	# ways, and no longer: it depends on the images that an engine has at hand, and another engine has others.
	# shellcheck disable=SC2046 # a list of folders
	"$corpus/tools/equiv" --ignore 'Env[.]OTEL_RESOURCE_ATTRIBUTES$' --oracle-cache "$work/oracle" --tool "$2" \
		--report "$work/$1.json" $(stacks) >"$work/$1.out" 2>&1 || :
	[ -z "${WHOLE:-}" ] || cp "$work/$1.out" "$WHOLE-$1.out"
	figures=$(sed -n 's/^TOTAL //p' "$work/$1.out")
	grep -A 6 -E '^(differs|tool-failed) ' "$work/$1.out" >"$work/unlike" || :
}

# no_difference: none of the sample is made otherwise, and at most one is refused; of the whole, 97 in 100 are the same
no_difference() {
	cat "$work/unlike"
	if [ -n "${WHOLE:-}" ]; then
		echo "$figures" | sed -n 's/.*= \([0-9]*\).*/\1/p' | awk '$1 >= 97 { good = 1 } END { exit !good }'
	else
		echo "$figures" | grep -q ' differs 0, tool-failed [01],'
	fi
}

for way; do
	compare "$way"
	expect "$way: $figures" no_difference
	grep -E '^(differs|tool-failed)' "$work/unlike" | sed "s/^/        $way: /"
done
live_end
