#!/bin/sh
# install.sh - make install puts binary, man page, completions and templates where they belong, and uninstall removes them.
# Takes MAKE and B (the build folder) from the environment.
set -eu
cd "$(dirname "$0")/.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
passed=0

there() {
	[ -e "$root/usr/$1" ] || { echo "install: missing usr/$1"; exit 1; }
	passed=$((passed + 1))
}

"${MAKE:-make}" -s B="${B:-build}" PREFIX=/usr DESTDIR="$root" install
for f in bin/stackplan share/man/man1/stackplan.1 share/bash-completion/completions/stackplan \
	share/zsh/site-functions/_stackplan share/fish/vendor_completions.d/stackplan.fish \
	share/stackplan/templates/script.sh.mustache share/stackplan/stacks/todo-app/compose.yaml \
	share/stackplan/stacks/todo-app/src/index.js share/doc/stackplan/LICENSE share/doc/stackplan/keys.md; do
	there "$f"
done
[ "$(readlink "$root/usr/libexec/docker/cli-plugins/docker-stackplan")" = /usr/bin/stackplan ] || {
	echo "install: docker would not find its plugin"
	exit 1
}
"$root/usr/bin/stackplan" --version | grep -q '^stackplan [0-9]' || { echo "install: the binary does not say its version"; exit 1; }
(cd "$root/usr/share/stackplan/stacks/todo-app" && "$root/usr/bin/stackplan" show --labels none) | grep -q 'docker network create todo-app'
passed=$((passed + 3))
"${MAKE:-make}" -s B="${B:-build}" PREFIX=/usr DESTDIR="$root" uninstall
left=$(find "$root" ! -type d)
[ -z "$left" ] || { echo "install: left after uninstall: $left"; exit 1; }
passed=$((passed + 1))
echo "install: $passed passed, 0 failed"
