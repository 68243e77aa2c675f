#!/bin/sh
# names.sh [PROGRAM] - hostile names: each is refused at its place, or arrives as one word and never as an option.
# For each kind of name there is a spec in which it is "benign"; what `show | sh` makes of it is written down by a docker that
# pretends (quoting.c). With another name in its place the words must be the same but for the name, nothing of it may be run, and
# a word that begins with the name may stand only where an option takes a value, if it begins with a dash.
# shellcheck disable=SC2016 # the names are not for this shell
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
program=${1:-$here/../../build/stackplan}
case $program in /*) ;; *) program=$PWD/$program ;; esac
command -v "${CC:-cc}" >/dev/null 2>&1 || {
	echo 'names: skipped, it takes a C compiler'
	exit 0
}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/bin" "$work/stack"
"${CC:-cc}" -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -O2 -Wall -Wextra -o "$work/bin/docker" "$here/quoting.c" || exit 1
unset COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_PARALLEL_LIMIT STACKPLAN_DOCKER RECORDS
PATH=$work/bin:$PATH
WORDS=$work/words
export PATH WORDS
cd "$work/stack" || exit 1

# The names, as they stand between double quotes of YAML
cat >"$work/names" <<'END'
$(touch x)
`touch x`
; touch x
a\ntouch x
'; touch x; '
\"; touch x; \"
a b
 
-rf
--privileged
-
--
--name=x
-v/:/h
-v=/:/h
.
..
../x
/etc/passwd
a/b
a'b
a\"b
a\\b
a:b
a::ro
a=b
a,b
a,readonly
*
[a]
~
~x
#a
!a
a|b
a&b
a>b
a%s
{{.Id}}
${HOME}
é
日本
a@b
@a
a\tb
:
=
,
END

# The specs of the kinds, with the word benign for the name
spec() {
	case $1 in
	service) echo 'services: {"benign": {image: i, command: [c]}, other: {image: i, depends_on: ["benign"]}}' ;;
	container) echo 'services: {a: {image: i, container_name: "benign", networks: [n, m]}}
networks: {n: , m: }' ;;
	image) echo 'services: {a: {image: "benign"}}' ;;
	network) echo 'services: {a: {image: i, networks: ["benign", other]}}
networks: {"benign": , other: }' ;;
	network-name) echo 'services: {a: {image: i, networks: [other, n]}}
networks: {other: , n: {name: "benign"}}' ;;
	network-external) echo 'services: {a: {image: i, networks: [other, n]}}
networks: {other: , n: {name: "benign", external: true}}' ;;
	network-mode) echo 'services: {a: {image: i, network_mode: "benign"}}' ;;
	alias) echo 'services: {a: {image: i, networks: {n: {aliases: ["benign"]}, m: {aliases: ["benign"]}}}}
networks: {n: , m: }' ;;
	volume) echo 'services: {a: {image: i, volumes: [{type: volume, source: "benign", target: /d}]}}
volumes: {"benign": }' ;;
	volume-name) echo 'services: {a: {image: i, volumes: ["vol:/d"]}}
volumes: {vol: {name: "benign"}}' ;;
	volume-external) echo 'services: {a: {image: i, volumes: ["vol:/d"]}}
volumes: {vol: {name: "benign", external: true}}' ;;
	hostname) echo 'services: {a: {image: i, hostname: "benign"}}' ;;
	user) echo 'services: {a: {image: i, user: "benign"}}' ;;
	command) echo 'services: {a: {image: i, command: ["benign"]}}' ;;
	entrypoint) echo 'services: {a: {image: i, entrypoint: ["benign", "benign"]}}' ;;
	grant) echo 'services: {a: {image: i, secrets: ["benign"]}}
secrets: {"benign": {file: /f}}' ;;
	driver) echo 'services: {a: {image: i, volumes: ["vol:/d"]}}
volumes: {vol: {driver: "benign", driver_opts: {o: "benign"}}}' ;;
	esac
}

failed=0
refused=0
arrived=0

fail() {
	failed=$((failed + 1))
	printf 'not ok names: %s called %s: %s\n' "$1" "$2" "$3"
}

# Put NAME into the place of benign in the text on standard input. What follows --alias is a record of CSV.
replace() {
	NAME=$1 awk '
	# TEXT with each OLD as NEW, which are plain
	function swap(text, old, new,   out, i) {
		while (i = index(text, old)) {
			out = out substr(text, 1, i - 1) new
			text = substr(text, i + length(old))
		}
		return out text
	}
	BEGIN {
		name = field = ENVIRON["NAME"]
		quote = "\\\""
		if (name ~ /^ | $|,|\\n|\\"/)
			field = quote swap(name, quote, quote quote) quote
	}
	{ print swap($0, "benign", last == "--alias" ? field : name); last = $0 }'
}

# A word that the name makes begin with a dash must come after an option, or after the image
no_option() {
	awk '
	NR == FNR { before[FNR] = $0; next }
	FNR == 1 || $0 == "" { image = 0 }
	/^-/ && before[FNR] !~ /^-/ && !image && last !~ /^-/ { print "an option by its name: " $0; bad = 1 }
	$0 == "i" { image = 1 }
	{ last = before[FNR] }
	END { exit bad }' "$work/benign" "$WORDS"
}

# A name in the present kind
try() {
	name=$2
	spec "$1" | replace "$(printf '%s\n' "$name" | sed 's/\$/$$/g')" >compose.yaml
	if ! "$program" show --labels none >"$work/show.sh" 2>"$work/err"; then
		if grep -q '^compose\.yaml:[0-9]*:[0-9]*: error: ' "$work/err"; then
			refused=$((refused + 1))
		else
			fail "$1" "$name" "refused without a place: $(head -n 1 "$work/err")"
		fi
		return
	fi
	: >"$WORDS"
	sh "$work/show.sh" >/dev/null 2>"$work/err" </dev/null || fail "$1" "$name" "$(head -n 1 "$work/err")"
	replace "$name" <"$work/benign" >"$work/wanted"
	cmp -s "$work/wanted" "$WORDS" || fail "$1" "$name" "other words came: $(diff "$work/wanted" "$WORDS" | head -n 3)"
	why=$(no_option) || fail "$1" "$name" "$why"
	[ ! -e x ] || {
		rm -f x
		fail "$1" "$name" 'it was run'
	}
	arrived=$((arrived + 1))
}

for kind in service container image network network-name network-external network-mode alias volume volume-name \
	volume-external hostname user command entrypoint grant driver; do
	spec "$kind" >compose.yaml
	: >"$WORDS"
	"$program" show --labels none 2>"$work/err" | sh >/dev/null 2>&1
	mv "$WORDS" "$work/benign"
	grep -q benign "$work/benign" || {
		fail "$kind" benign "it does not arrive: $(head -n 1 "$work/err")"
		continue
	}
	while IFS= read -r name; do
		try "$kind" "$name"
	done <"$work/names"
done
echo "names: $refused refused at their place, $arrived as one word, $failed otherwise"
[ "$failed" -eq 0 ]
