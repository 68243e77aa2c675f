#!/bin/sh
# reads.sh - a script gets the values that it does not contain: it reads them from the env files, byte for byte as apply passes
# them on. Runs what show prints for a spec with all kinds of lines in its env files, in every shell that is here, with a docker
# that tells what it was given. STACKPLAN names the program.
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
passed=0
failed=0

# same WHAT WANTED GOT
same() {
	if cmp -s "$2" "$3"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok $1"
		diff -u "$2" "$3"
	fi
}

mkdir "$tmp/bin" "$tmp/app"
cat >"$tmp/bin/docker" <<'END'
#!/bin/sh
# tells the variables that a container would get, by name
case "$1 $2" in
create*) ;;
image*) exec echo sha256:0 ;;
*inspect) exit 1 ;;
*) exit 0 ;;
esac
{
	while [ $# -gt 0 ]; do
		case $1,${2:-} in
		-e,*=*) printf '%s\n' "$2" ;;
		-e,*) eval "printf '%s\n' \"$2=\$$2\"" ;;
		--env-file,*) cat <&3 ;;
		--label,url=*) printf '%s\n' "$2" ;;
		esac
		shift
	done
} | sort >>"$OUT"
echo 0123456789ab
END
chmod +x "$tmp/bin/docker"
cd "$tmp/app" || exit 1
cat >.env <<'END'
# a comment, and NAME=none
HOST=db.example
PORT=5432
DB_PASSWORD="s3 cr&et"
ADMIN_TOKEN='it is $5 \n "so"'
NOTE_KEY=abc # the value ends before this
DATABASE_URL=postgres://app:${DB_PASSWORD}@${HOST}:$PORT/a"b\`c#'d
TZ=Europe/Berlin
DEEP_URL="x-${DATABASE_URL}-y"
AMP=a&b\1|c/d\\e
SPACES=a  b	c
END
cat >a.env <<'END'
FULL_TOKEN=${DB_PASSWORD}-${LEVEL:-0}
LEVEL=1
TZ=UTC
PATH=/a/b
HOST=other
JOINED=$HOST-$LEVEL
LESS=${LEVEL}<$PORT
END
printf 'LEVEL=2 \r\nEXTRA=x#y\n' >b.env
cat >compose.yaml <<'END'
services:
  a:
    image: busybox
    depends_on: [b]
    env_file: a.env
    environment: [DB_PASSWORD, ADMIN_TOKEN, NOTE_KEY, DATABASE_URL, DEEP_URL, AMP, SPACES]
    labels: {url: "http://u:${DB_PASSWORD}@x"}
  b: {image: busybox, env_file: [b.env], environment: {PLAIN: "1"}}
END
cat >wanted <<'END'
EXTRA=x#y
LEVEL=2
PLAIN=1
ADMIN_TOKEN=it is $5 \n "so"
AMP=a&b\1|c/d\\e
DATABASE_URL=postgres://app:s3 cr&et@db.example:5432/a"b\`c#'d
DB_PASSWORD=s3 cr&et
DEEP_URL=x-postgres://app:s3 cr&et@db.example:5432/a"b\`c#'d-y
FULL_TOKEN=s3 cr&et-0
HOST=other
JOINED=db.example-1
LESS=1<5432
LEVEL=1
NOTE_KEY=abc
PATH=/a/b
SPACES=a  b	c
TZ=UTC
url=http://u:s3 cr&et@x
END
env="PATH=$tmp/bin:$PATH HOME=$tmp OUT=$tmp/got LC_ALL=C"

# shellcheck disable=SC2086 # a list of words
env -i $env "$program" show --no-start >show.sh 2>/dev/null
# shellcheck disable=SC2086
env -i $env "$program" export --format sh --no-start >stack.sh 2>/dev/null
for shell in dash 'bash --posix' 'busybox sh' sh; do
	command -v "${shell%% *}" >/dev/null 2>&1 || continue
	for script in show.sh 'stack.sh up'; do
		: >"$tmp/got"
		# the one value that no plain line gives is asked for
		# shellcheck disable=SC2086
		env -i $env FULL_TOKEN='s3 cr&et-0' $shell $script >"$tmp/out" 2>"$tmp/err" || tail -n 3 "$tmp/err"
		same "$shell $script" wanted "$tmp/got"
	done
done
: >"$tmp/got"
# shellcheck disable=SC2086
env -i $env DB_PASSWORD=mine FULL_TOKEN=x sh show.sh >"$tmp/out" 2>&1
grep '^D' "$tmp/got" >"$tmp/mine"
printf '%s\n' "DATABASE_URL=postgres://app:mine@db.example:5432/a\"b\\\`c#'d" DB_PASSWORD=mine \
	"DEEP_URL=x-postgres://app:mine@db.example:5432/a\"b\\\`c#'d-y" >"$tmp/mine.wanted"
same 'the environment goes before .env' "$tmp/mine.wanted" "$tmp/mine"
rm .env
# shellcheck disable=SC2086
if env -i $env FULL_TOKEN=x sh show.sh >/dev/null 2>"$tmp/err"; then echo 0; fi >"$tmp/asked"
grep -o 'DB_PASSWORD: set it.*' "$tmp/err" >>"$tmp/asked"
echo 'DB_PASSWORD: set it in the environment, as in .env' >"$tmp/asked.wanted"
same 'without its file a value is asked for' "$tmp/asked.wanted" "$tmp/asked"
echo "reads: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
