#!/bin/sh
# browser.sh URL - run browser.test.js against the to-do page at URL; installs Debian's chromium where it is missing and can be
# had. Exits 0 passed, 1 failed, 77 skipped; SCREENSHOT=FILE and SCREENSHOT_PHONE=FILE make pictures of the page
set -eu

skip() {
	printf 'browser: skipped: %s\n' "$*"
	exit 77
}

[ $# -eq 1 ] || {
	sed -n '2,3s/^# /usage: /p' "$0" >&2
	exit 64
}
here=$(cd "$(dirname "$0")" && pwd)

command -v node >/dev/null 2>&1 || skip 'node is not here to run it'
if [ -z "${CHROMIUM:-}" ]; then
	for program in chromium chromium-browser google-chrome; do
		CHROMIUM=$(command -v "$program") && break
	done
fi
if [ -z "${CHROMIUM:-}" ]; then
	command -v apt-get >/dev/null 2>&1 || skip 'no chromium, and no apt-get to install it with'
	[ "$(id -u)" -eq 0 ] || skip 'no chromium, and only root can install it'
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	echo 'browser: installing the Debian package chromium'
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-dejavu-core >"$log" 2>&1 || {
		tail -n 3 "$log"
		skip 'chromium cannot be installed here'
	}
	CHROMIUM=$(command -v chromium) || skip 'chromium was installed, and is not found'
	rm -f "$log"
fi
export CHROMIUM
exec node "$here/browser.test.js" "$1"
