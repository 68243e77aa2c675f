#!/bin/sh
# plugin.sh [PROGRAM] - stackplan as a plugin of the docker command, called as docker calls it, and by docker itself where there is
# one; its own commands go to a docker that pretends. Prints a line a test; exit status 1 if any failed.
# Answers are shell text for the fake docker, not for here
# shellcheck disable=SC2016
# shellcheck source=tests/fake/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p "$work/home/cli-plugins"
plugin=$work/home/cli-plugins/docker-stackplan
ln -s "$program" "$plugin"
unset DOCKER_CLI_PLUGIN_SOCKET DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND OTEL_RESOURCE_ATTRIBUTES

stack='name: demo
services:
  a: {image: busybox}
  b: {image: busybox, environment: [OTEL_RESOURCE_ATTRIBUTES]}'

# Call the plugin; output in out and err, exit status in $code
call() {
	code=0
	"$plugin" "$@" >out 2>err || code=$?
}

begin 'what docker wants to know' <<SPEC
$stack
SPEC
call docker-cli-plugin-metadata
check 'exit status 0' [ "$code" -eq 0 ]
check 'the version of the protocol' has out '"SchemaVersion": "0.1.0"'
check 'who made it' has out '"Vendor": "[^"]'
check 'its version' has out '"Version": "[0-9]'
check 'what it is for' has out '"ShortDescription": "[^"]'
check 'in one line' [ "$(wc -l <out)" -eq 1 ]
sp docker-cli-plugin-metadata
check 'under its own name it is no verb' [ "$code" -eq 64 ]
end

begin 'the words of docker reach its commands' <<SPEC
$stack
SPEC
for words in '--config /c -D -H unix:///x --tlscacert=/ca' '-DHunix:///x --config=/c --tlscacert /ca' '-D -H=unix:///x --config /c --tlscacert /ca'; do
	# shellcheck disable=SC2086 # words
	call $words stackplan show a
	check "exit status 0: $words" [ "$code" -eq 0 ]
	check "config: $words" has out '^ *docker .*--config[ =]/c .*network create'
	check "debug: $words" has out '^ *docker .*--debug .*network create'
	check "certificate: $words" has out '^ *docker .*--tlscacert[ =]/ca .*network create'
	check "host: $words" has out '^ *docker .*--host unix:///x network create'
done
cat >seen <<'END'
#!/bin/sh
printf '%s ' "$@" >"words.$$"
env >"environ.$$"
exit 1
END
chmod +x seen
DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND=docker DOCKER_CLI_PLUGIN_SOCKET=@nobody-is-there \
	OTEL_RESOURCE_ATTRIBUTES=docker.cli.cobra.command_path=docker%20stackplan,mine=1 \
	STACKPLAN_DOCKER="$FAKE_DIR/seen" call --config /c -c far stackplan -H unix:///y apply
check 'the engine is not reached' [ "$code" -eq 69 ]
cat words.* >words
cat environ.* >environ
check 'really called so' has words '--config /c --context far --host unix:///y ps '
check 'no variable of the plugin' lacks environ 'DOCKER_CLI_PLUGIN'
check 'what is mine stays' has environ '^OTEL_RESOURCE_ATTRIBUTES=mine=1$'
STACKPLAN_DOCKER=/bin/true call --config '/a b' stackplan start a
check 'hints call it as it was called' has err 'docker --config "/a b" stackplan apply a'
for words in '--no-such stackplan show' '-x stackplan show' '--config' 'apply' 'help show' 'help help stackplan'; do
	# shellcheck disable=SC2086 # words
	call $words
	check "exit status 64: $words" [ "$code" -eq 64 ]
	check "what to do: $words" has err "docker stackplan"
done
end

begin 'completion and help' <<SPEC
$stack
SPEC
call __complete stackplan ap
check 'a verb' has out '^apply	'
check 'no files' has out '^:4$'
call __complete stackplan apply ''
check 'services' has out '^b	'
call __complete stackplan apply --on-failure ''
check 'values' has out '^rollback'
call help stackplan apply
check 'help on a verb' has out '^Usage: stackplan apply'
call stackplan apply --help
check 'likewise' has out '^Usage: stackplan apply'
call help stackplan
check 'help' has out '^Verbs:'
end

# What a run that docker ends must look like
check_cancelled() {
	check 'exit status 143' [ "$code" -eq 143 ]
	check 'it is told' has err 'stopped by SIGTERM'
	check 'what to do is told, in its words' has err 'go on from here: docker.* stackplan apply'
	check 'b is not started' lacks log 'begin run.demo-b-1'
	check 'in no time' took_at_most 6
	check 'no process is left' all_gone
	check 'no descriptor beyond 0, 1, 2' lacks fds '[3-9]'
}

# listen ADDRESS: as docker does, until someone has come and "up" is there
listen() {
	python3 - "$1" <<'END' &
import os, socket, sys, time
s = socket.socket(socket.AF_UNIX)
a = sys.argv[1]
s.bind("\0" + a[1:] if a.startswith("@") else a)
s.listen()
open("listening", "w").close()
c, _ = s.accept()
c.sendall(b"?")
while not os.path.exists("up"):
    time.sleep(0.05)
time.sleep(0.2)
END
	wait_for listening
}

if command -v python3 >/dev/null 2>&1; then
	for address in "@stackplan-test-$$" "$work/socket"; do
		begin "the end that docker asks for: ${address%%-*}" <<SPEC
$stack
SPEC
		answers run.demo-a-1 'echo x >"$FAKE_DIR/up"; exec sleep 60'
		listen "$address"
		DOCKER_CLI_PLUGIN_SOCKET=$address call stackplan --parallel 1 apply
		check_cancelled
		end
	done

	begin 'while planning' <<SPEC
$stack
SPEC
	answers list.ps 'echo x >"$FAKE_DIR/up"; exec sleep 60'
	listen "$work/socket2"
	DOCKER_CLI_PLUGIN_SOCKET=$work/socket2 call stackplan apply
	check 'exit status 143' [ "$code" -eq 143 ]
	check 'nothing is made' lacks log 'argv network create'
	check 'in no time' took_at_most 6
	check 'no process is left' all_gone
	end
else
	echo 'skipped the end that docker asks for: it takes python3'
fi

if [ -n "$(DOCKER_CONFIG=$work/home docker stackplan --version 2>/dev/null)" ]; then
	for sig in TERM INT; do
		begin "docker itself gets SIG$sig" <<SPEC
$stack
SPEC
		answers run.demo-a-1 'echo x >"$FAKE_DIR/up"; exec sleep 60'
		DOCKER_CONFIG=$work/home env docker stackplan --parallel 1 apply >out 2>err &
		pid=$!
		wait_for up
		# one in the background ignores INT: it is docker that must not, and it does not
		kill -"$sig" $pid
		code=0
		wait $pid || code=$?
		check_cancelled
		end
	done

	begin 'docker shows it' <<SPEC
$stack
SPEC
	DOCKER_CONFIG=$work/home docker --help >out 2>err
	check 'in its help' has out '^ *stackplan\*\? .*The stackplan authors\|^ *stackplan\*\? .*Show'
	DOCKER_CONFIG=$work/home docker __complete stackplan apply '' >out 2>err
	check 'in its completion' has out '^b	'
	DOCKER_CONFIG=$work/home docker stackplan apply >out 2>err
	check 'and it runs' has log 'end run.demo-b-1 0'
	end
else
	echo 'skipped docker itself: it is not here, or knows no plugins'
fi

cd / || exit 1
[ $failed -eq 0 ] || echo "plugin.sh: $failed failed"
[ $failed -eq 0 ]
