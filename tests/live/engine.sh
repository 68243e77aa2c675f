#!/bin/sh
# engine.sh start DIR - see that a docker engine answers: where none does, start a private one in DIR and print DOCKER_HOST=...
# engine.sh stop DIR - end the one that was started in DIR, with all that it ran, and remove DIR; does nothing where there is none
set -eu

start_limit_s=60
stop_limit_s=40
mark=.stackplan-engine
PATH=$PATH:/usr/sbin:/sbin

say() {
	printf 'engine: %s\n' "$*" >&2
}

die() {
	say "$*"
	exit 1
}

has() {
	command -v "$1" >/dev/null 2>&1
}

# The words of process PID; nothing where it is gone
command_line() {
	{ tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null || :
}

# Is process PID one that was started for DIR?
is_ours() {
	command_line "$1" | grep -Fq -- "$2/"
}

# The process that the file FILE names, if it is one of DIR; else nothing
running_pid() {
	[ -r "$1" ] || return 0
	pid=$(cat "$1")
	case $pid in
	'' | *[!0-9]*) ;;
	*) ! is_ours "$pid" "$2" || printf '%s\n' "$pid" ;;
	esac
}

# Wait until process PID is gone, LIMIT seconds at most
wait_gone() {
	tenths=0
	while is_ours "$1" "$2"; do
		[ "$tenths" -lt "$(($3 * 10))" ] || return 1
		nap
		tenths=$((tenths + 1))
	done
}

nap() {
	sleep 0.1 2>/dev/null || sleep 1
}

answers() {
	timeout 10 docker --host "unix://$1/docker.sock" version >/dev/null 2>&1
}

# Can an overlay be mounted on what DIR is on? Else the engine copies whole trees
storage_driver() {
	probe=$1/probe
	mkdir -p "$probe/lower" "$probe/upper" "$probe/work" "$probe/merged"
	if mount -t overlay overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" \
		"$probe/merged" 2>/dev/null; then
		umount "$probe/merged"
		echo overlay2
	else
		echo vfs
	fi
	rm -rf "$probe"
}

# All that can be known to be missing before the engine is tried, at once
check_machine() {
	missing=
	[ "$(uname -s)" = Linux ] || missing="$missing; Linux"
	[ "$(id -u)" -eq 0 ] || missing="$missing; root (this is user $(id -un))"
	for program in dockerd containerd runc; do
		has "$program" || missing="$missing; the program $program (Debian package docker.io)"
	done
	grep -q cgroup /proc/self/mountinfo 2>/dev/null || missing="$missing; cgroups (none are mounted)"
	[ -d /proc/sys/net ] || missing="$missing; network support in the kernel"
	[ -z "$missing" ] || die "no docker engine answers, and none can be started here, for lack of: ${missing#; }"
	if ! has iptables; then
		say 'iptables is not there: containers will reach each other, but nothing outside'
	elif ! iptables -t nat -L -n >/dev/null 2>&1; then
		say 'iptables does not work here: containers will reach each other, but nothing outside'
	else
		return 0
	fi
	network_options='--iptables=false --ip-masq=false'
}

# What the engine said when it died: the errors, else the end of the log
tell_log() {
	grep -E 'level=(fatal|error)|^failed|^Error' "$1" >"$1.short" || tail -n 5 "$1" >"$1.short"
	tail -n 5 "$1.short" | sed 's/^/  /' >&2
}

start() {
	dir=$1
	has docker || die "'docker' is not found: it takes the docker program (Debian package docker.io)"
	# Bounded, for an engine that hangs is none
	if timeout 20 docker version >/dev/null 2>&1; then
		say 'an engine answers already'
		return 0
	fi
	network_options=
	check_machine
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd -P)
	# The path of a socket has room for 107 bytes; the longest one is that of containerd
	[ "${#dir}" -le 70 ] || die "'$dir' is too long a name for a folder with sockets: 70 characters at most"
	if [ -e "$dir/$mark" ]; then
		if [ -n "$(running_pid "$dir/dockerd.pid" "$dir")" ] && answers "$dir"; then
			say "it runs in $dir already"
			printf 'DOCKER_HOST=unix://%s/docker.sock\n' "$dir"
			return 0
		fi
		stop "$dir"
		mkdir -p "$dir"
	fi
	[ -z "$(ls -A "$dir")" ] || die "'$dir' is not empty: name a new folder"
	: >"$dir/$mark"
	[ ! -e /sys/class/net/docker0 ] || : >"$dir/bridge-was-there"
	driver=$(storage_driver "$dir")

	# shellcheck disable=SC2086 # a list of options
	setsid nohup dockerd --host "unix://$dir/docker.sock" --data-root "$dir/data" --exec-root "$dir/exec" \
		--pidfile "$dir/dockerd.pid" --storage-driver "$driver" --shutdown-timeout 5 $network_options \
		>"$dir/dockerd.log" 2>&1 </dev/null &
	child=$!
	tenths=0
	until answers "$dir"; do
		if ! kill -0 "$child" 2>/dev/null; then
			say 'the engine does not start here; it said:'
			tell_log "$dir/dockerd.log"
			stop "$dir"
			exit 1
		fi
		if [ "$tenths" -ge "$((start_limit_s * 10))" ]; then
			say "the engine does not answer within $start_limit_s s; it said:"
			tell_log "$dir/dockerd.log"
			[ -s "$dir/dockerd.pid" ] || kill "$child" 2>/dev/null || :
			stop "$dir"
			exit 1
		fi
		nap
		tenths=$((tenths + 1))
	done
	say "started in $dir (storage driver $driver)"
	printf 'DOCKER_HOST=unix://%s/docker.sock\n' "$dir"
}

# Remove the containers and networks, so that no interface and no packet filter rule of theirs stays behind
remove_all() {
	containers=$(timeout 20 docker --host "unix://$1/docker.sock" ps --all --quiet 2>/dev/null) || return 0
	# shellcheck disable=SC2086 # a list of IDs
	[ -z "$containers" ] || timeout 60 docker --host "unix://$1/docker.sock" rm --force $containers >/dev/null 2>&1 || :
	timeout 30 docker --host "unix://$1/docker.sock" network prune --force >/dev/null 2>&1 || :
}

# End process PID of DIR: kindly, then by force
end_process() {
	kill "$1" 2>/dev/null || :
	wait_gone "$1" "$2" "$3" || {
		say "process $1 does not end: killing it"
		kill -KILL "$1" 2>/dev/null || :
		wait_gone "$1" "$2" 5 || say "process $1 is still there"
	}
}

# End the shim PID of a container, and first its child, the container's process 1
end_shim() {
	for status in /proc/[0-9]*/status; do
		child=${status#/proc/}
		! grep -Eq "^PPid:[[:space:]]+$1\$" "$status" 2>/dev/null || kill -KILL "${child%/status}" 2>/dev/null || :
	done
	end_process "$1" "$2" 5
}

stop() {
	[ -d "$1" ] || return 0
	dir=$(cd "$1" && pwd -P)
	[ -e "$dir/$mark" ] || die "'$dir' was not made by this script: left alone"
	pid=$(running_pid "$dir/dockerd.pid" "$dir")
	if [ -n "$pid" ]; then
		remove_all "$dir"
		end_process "$pid" "$dir" "$stop_limit_s"
	fi
	# What a dockerd that was killed leaves running: its containerd, and a shim for each container
	pid=$(running_pid "$dir/exec/containerd/containerd.pid" "$dir")
	[ -z "$pid" ] || end_process "$pid" "$dir" 10
	for process in /proc/[0-9]*; do
		case $(command_line "${process#/proc/}") in
		*containerd-shim*" $dir/exec/"*) end_shim "${process#/proc/}" "$dir" ;;
		esac
	done
	awk -v dir="$dir/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r mounted; do
		mounted=$(printf '%b' "$mounted")
		umount "$mounted" 2>/dev/null || umount -l "$mounted" 2>/dev/null || :
	done
	if grep -Fq " $dir/" /proc/self/mountinfo; then
		die "something is still mounted under $dir: left alone"
	fi
	# Its bridge, unless it was there before or somebody else's containers are on it
	if [ ! -e "$dir/bridge-was-there" ] && [ -d /sys/class/net/docker0/brif ] \
		&& [ -z "$(ls /sys/class/net/docker0/brif)" ] && has ip; then
		ip link delete docker0 2>/dev/null || :
	fi
	rm -rf "$dir"
}

case "$#:${1:-}" in
2:start) start "$2" ;;
2:stop) stop "$2" ;;
*)
	sed -n '2,3s/^# /usage: /p' "$0" >&2
	exit 64
	;;
esac
