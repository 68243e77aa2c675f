#!/bin/sh
# deps.sh - install the Debian packages that are missing, after saying which and what for.
# Usage: deps.sh build | demo | check
set -eu

need=
say() { printf '%s\n' "$*" >&2; }

# package PROBE...: the package is needed unless one of the probes succeeds (a program, a pkg-config module, a file)
want() {
	package=$1
	shift
	for probe; do
		case $probe in
		/*) [ -e "$probe" ] && return 0 ;;
		pc:*) pkg-config --exists "${probe#pc:}" 2>/dev/null && return 0 ;;
		*) command -v "$probe" >/dev/null 2>&1 && return 0 ;;
		esac
	done
	need="$need $package"
}

build() {
	want gcc cc gcc
	want libc6-dev /usr/include/stdio.h
	want make make
	want pkg-config pkg-config
	want libyaml-dev pc:yaml-0.1
	want libbsd-dev pc:libbsd
	want libmd-dev pc:libmd
	want libjansson-dev pc:jansson
}

# A package that only some Debian releases have
want_if_known() {
	if apt-cache show "$1" >/dev/null 2>&1; then
		want "$@"
	fi
}

# The runtime of clang's sanitizers, of the release that `clang` stands for here
sanitizers() {
	for file in /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer*.a; do
		[ ! -e "$file" ] || return 0
	done
	release=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9][0-9]*\)$/\1/p' | head -n 1)
	[ -z "$release" ] || want "libclang-rt-$release-dev"
}

engine() {
	want docker.io dockerd
	want_if_known docker-cli docker # its own package since Debian 13
	want iptables iptables /usr/sbin/iptables
	want mmdebstrap mmdebstrap
	want busybox-static /bin/busybox /usr/bin/busybox
	want nodejs node
	want npm npm
	want curl curl
	want ca-certificates /etc/ssl/certs/ca-certificates.crt
}

# The lists of packages are needed to know names; a machine just made has none
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 && [ -z "$(apt-cache search --names-only '^make$' 2>/dev/null)" ]; then
	say "reading the lists of packages with apt-get update"
	apt-get update -qq
fi

case ${1:-} in
build) build ;;
demo)
	build
	engine
	;;
check)
	build
	engine
	want libcmocka-dev pc:cmocka
	want shellcheck shellcheck
	want clang clang
	sanitizers
	want clang-format clang-format
	want clang-tidy clang-tidy
	want cppcheck cppcheck
	want mandoc mandoc
	want tmux tmux
	want zsh zsh
	want fish fish
	want bash-completion /usr/share/bash-completion/bash_completion
	want cmark cmark
	want chromium chromium
	want docker-compose docker-compose
	;;
*)
	say "usage: deps.sh build | demo | check"
	exit 64
	;;
esac

[ -n "$need" ] || exit 0
say "missing for 'make $1':$need"
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
	say "install them (Debian: apt-get install$need), then try again"
	case $1 in
	demo) exit 0 ;; # the demo shows what it can without them
	esac
	exit 1
fi
say "installing them now with apt-get"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
apt-get install -y -qq --no-install-recommends $need >/dev/null
say "installed:$need"
