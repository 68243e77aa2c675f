#!/bin/sh
# builds.sh - images that are built: arguments and secrets, stages, a Dockerfile in the spec; built once, again on demand, and
# removed; what this docker can't build is said before anything is made
# shellcheck disable=SC2317,SC2016 # functions are called by expect; words are meant for other shells
subject=builds
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

live_begin busybox
mkdir -p "$work/app/ctx"
cd "$work/app"
cat >compose.yaml <<END
name: $prefix
services:
  web:
    build:
      context: ctx
      target: first
      args: {WORD: "it's \$\$x", BUILD_TOKEN: , EMPTY: ""}
      labels: {made: here}
      tags: ["$prefix-tag:1"]
    command: [cat, /word]
  inline:
    image: $prefix-own:1
    pull_policy: never
    build:
      dockerfile_inline: |
        FROM busybox
        COPY ctx/file /file
        RUN echo '\$\$X' >/dollar
    init: true
    command: sleep 600
    stop_grace_period: 1s
  other:
    build: {context: ctx, dockerfile: ../Other}
    command: [cat, /other]
END
cat >ctx/Dockerfile <<'END'
FROM busybox AS first
ARG WORD
ARG BUILD_TOKEN
ARG EMPTY=filled
RUN echo "$WORD,$BUILD_TOKEN,$EMPTY" >/word
FROM first AS second
RUN false
END
printf 'FROM busybox\nCOPY file /other\n' >Other
echo data >ctx/file
BUILD_TOKEN=tok$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')
export BUILD_TOKEN

# image NAME: its ID, or nothing
image() {
	"$docker" image inspect --format '{{.Id}}' "$1" 2>/dev/null || :
}

# words SERVICE: what its container has said
words() {
	"$docker" logs "$prefix-$1-1" 2>/dev/null
}

# settled SERVICE: wait until its container has ended
settled() {
	"$docker" wait "$prefix-$1-1" >/dev/null
}

run "$sp" apply --no-build
expect 'without its images --no-build refuses' exited 65
expect 'and names the build' tells 'compose.yaml:4:5: error: the image' '[not-built]'
expect 'and makes nothing' nothing_left

logging_docker
run "$sp" apply
unset STACKPLAN_DOCKER
expect 'apply builds' exited 0
expect 'no argv has the argument from outside' not grep -qF "$BUILD_TOKEN" "$work/argv"
expect 'nor has the output' not grep -qF "$BUILD_TOKEN" "$work/stdout" "$work/stderr"
settled web
settled other
expect 'the arguments arrive, and the stage is the one wanted' same "$(words web)" "it's \$x,$BUILD_TOKEN,"
expect 'a Dockerfile beside the context' same "$(words other)" data
expect 'a Dockerfile in the spec, and the context with it' same \
	"$("$docker" exec "$prefix-inline-1" cat /file /dollar)" 'data
$X'
expect 'further tags' same "$(image "$prefix-tag:1")" "$(image "$prefix-web")"
expect 'labels of the spec and of Compose' same \
	"$("$docker" image inspect --format '{{.Config.Labels.made}} {{index .Config.Labels "com.docker.compose.service"}}' "$prefix-web")" \
	'here web'
web=$(image "$prefix-web")

logging_docker
run "$sp" apply
unset STACKPLAN_DOCKER
expect 'a second apply exits 0' exited 0
expect 'and builds nothing' not grep -q '^build ' "$work/argv"
logging_docker
run "$sp" apply --build other
unset STACKPLAN_DOCKER
expect 'apply --build builds what is there' grep -q "^build -t $prefix-other " "$work/argv"
expect 'and only that' same "$(grep -c '^build ' "$work/argv") $(image "$prefix-web")" "1 $web"

run "$sp" down --rmi local
expect 'down --rmi local exits 0' exited 0
expect 'it removes what has no name of its own' same "$(image "$prefix-web")$(image "$prefix-other")" ''
expect 'and leaves the rest' not same "$(image "$prefix-own:1")" ''
run "$sp" down --rmi all
expect 'down --rmi all goes on where nothing else is left' exited 0
expect 'and removes that one' same "$(image "$prefix-own:1")" ''
"$docker" image rm "$prefix-tag:1" >/dev/null 2>&1 || :

"$sp" show >show.sh
expect 'show has no value from outside' not grep -qF "$BUILD_TOKEN" show.sh
run sh -e show.sh
expect 'show | sh builds and runs the same' exited 0
settled web
expect 'with the same arguments' same "$(words web)" "it's \$x,$BUILD_TOKEN,"
run "$sp" apply
expect 'apply finds all of it' same "$code $(image "$prefix-web")" "0 $(image "$prefix-web")"
run "$sp" down --rmi all
"$docker" image rm "$prefix-tag:1" >/dev/null 2>&1 || :

# an image's command outlives its entrypoint only when it is repeated, word for word
cat >cleared.yaml <<END
name: $prefix
services:
  cleared:
    build:
      context: ctx
      dockerfile_inline: |
        FROM busybox
        ENTRYPOINT ["/bin/false"]
        CMD ["echo", "a  b", "*", "\$\$HOME 'q'"]
    entrypoint: []
END
# all_words CONTAINER: what it was told to run
all_words() {
	"$docker" inspect --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' "$prefix-$1-1"
}
cleared='null ["echo","a  b","*","$HOME '"'q'"'"]'
run "$sp" -f cleared.yaml apply
expect 'a cleared entrypoint: apply exits 0' exited 0
expect 'and the command is the image'"'"'s own' same "$(all_words cleared)" "$cleared"
"$sp" -f cleared.yaml show >show.sh
run "$sp" -f cleared.yaml down
run sh -e show.sh
expect 'show | sh exits 0' exited 0
expect 'and makes the same' same "$(all_words cleared)" "$cleared"
run "$sp" -f cleared.yaml down --rmi all

cat >needy.yaml <<END
name: $prefix
services:
  web: {build: {context: ctx, secrets: [token]}}
secrets:
  token: {environment: BUILD_TOKEN}
END
if "$docker" buildx version >/dev/null 2>&1; then
	skip 'this docker has BuildKit, so nothing needs to be refused'
else
	run "$sp" -f needy.yaml apply
	expect 'what needs BuildKit is refused without it' exited 1
	expect 'at the key' tells "needy.yaml:3:31: error: 'secrets' of a build needs BuildKit"
fi
expect 'nothing is left' nothing_left

live_end
