#!/usr/bin/env python3
"""kill.py STACKPLAN TRIALS SEED - kill -9 at random moments, then apply once more: is the stack as if nothing had happened?

A stack of six services with gates, two networks, a named and an anonymous volume is made, replaced (one variable of all services
changes) or removed; stackplan and every docker client that it has started are killed in the middle. The next apply, half of
the times at once and half after a second, must exit 0 and leave exactly what is wanted: names, states, digests, networks with their
aliases, mounts, no lock, and the data in the named volume as in the anonymous one, which is still the same after a replacement; no
other anonymous volume that any container was seen with is left; the apply after that finds nothing to do. After a killed `down -v` a
second one leaves nothing.
Prints a line for each trial that went wrong, and the figures. COMPOSE=1: the same with `docker compose`, for scale.
SIGNALS=1: INT, TERM or HUP instead, some of them twice; stackplan must end by it, and leave no docker client."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

program, trials, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
compose = os.environ.get("COMPOSE") == "1"
signals = os.environ.get("SIGNALS") == "1"
docker = os.environ.get("STACKPLAN_DOCKER", "docker")
prefix = "spkill-%08x" % (seed & 0xFFFFFFFF)
rng = random.Random(seed)
seen_volumes = set()  # the anonymous ones of all containers that were looked at
folder = tempfile.mkdtemp(prefix="stackplan-kill.")

SPEC = """
name: %(project)s
x-common: &common
  image: busybox
  init: true
  stop_grace_period: 1s
  environment: {TURN: "%(turn)s"}
services:
  db:
    <<: *common
    command: sh -c 'echo kept >/data/kept; [ -e /scratch/first ] || date +%%s%%N >/scratch/first; sleep 1000'
    volumes: ["data:/data", /scratch]
    networks: [front, back]
    healthcheck: {test: "true", interval: 1s}
  cache: {<<: *common, command: sleep 1000, networks: [back]}
  api:
    <<: *common
    command: sleep 1000
    networks: [back]
    depends_on: {db: {condition: service_healthy}, cache: {condition: service_started}}
    healthcheck: {test: "true", interval: 1s}
  worker: {<<: *common, command: sleep 1000, networks: [back], scale: 2, depends_on: [cache]}
  side: {<<: *common, command: sleep 1000, network_mode: "service:api", depends_on: [api]}
  web:
    <<: *common
    command: sleep 1000
    networks: [front, back]
    depends_on: {api: {condition: service_healthy}}
networks: {front: , back: }
volumes: {data: }
"""


def write_spec(project, turn):
    with open(os.path.join(folder, "compose.yaml"), "w") as f:
        f.write(SPEC % {"project": project, "turn": turn})


def call(*words):
    done = subprocess.run([docker, *words], capture_output=True, text=True)
    return done.stdout


def command(verb):
    if not compose:
        return [program, "--progress", "plain", *verb]
    return [docker, "compose", *{"apply": ["up", "-d", "--wait"], "down": ["down", "-v", "-t", "1"]}[verb[0]]]


def descendants(pid):
    """All processes below PID."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name) as f:
                    parent = int(f.read().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(name))
    found, todo = [], [pid]
    while todo:
        for child in children.get(todo.pop(), []):
            found.append(child)
            todo.append(child)
    return found


def run(verb):
    done = subprocess.run(command(verb), cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def run_killed(verb, after_s, whole):
    """Start it, and kill it after a while: with its docker clients, or alone. False when it had ended before."""
    child = subprocess.Popen(
        command(verb), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(after_s)
    if child.poll() is not None:
        return False
    below = descendants(child.pid) if whole else []
    os.kill(child.pid, signal.SIGSTOP)
    for pid in below:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    return True


def run_signalled(trial, verb, after_s):
    """Start it, and send it a signal after a while. None when it had ended before; else whether it ended as it should."""
    child = subprocess.Popen(
        command(verb), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(after_s)
    if child.poll() is not None:
        return None
    sig, again = rng.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]), rng.random() < 0.3
    below = descendants(child.pid)
    child.send_signal(sig)
    if again:
        time.sleep(0.25)
        child.send_signal(sig)
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    left = below
    for _ in range(20):  # the kernel ends them with us, but not in the same moment
        left = [pid for pid in left if os.path.exists("/proc/%d/fd" % pid) and is_client(pid)]
        if not left:
            break
        time.sleep(0.05)
    if child.returncode != -sig or left:
        complain(trial, "after %s it ends with %s, and leaves %s" % (sig.name, child.returncode, left))
        return False
    return True


def is_client(pid):
    """Is it a docker command that runs?"""
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as f:
            return f.read().split(b"\0")[0].endswith(b"docker")
    except OSError:
        return False


def ids(project, *words):
    return call(*words, "--filter", "label=com.docker.compose.project=" + project).split()


def named(project, *words):
    """The same by name: what has lost its labels, or never had any."""
    return call(*words, "--filter", "name=" + project).split()


def is_anonymous(mount):
    return mount["Type"] == "volume" and len(mount["Name"]) == 64


def containers(project):
    found = sorted(set(ids(project, "ps", "-aq", "--no-trunc") + named(project, "ps", "-aq", "--no-trunc")))
    told = json.loads(call("inspect", *found) or "[]") if found else []
    for c in told:
        seen_volumes.update(m["Name"] for m in c["Mounts"] if is_anonymous(m))
    return told


def aliases(c, network):
    """What it answers to there, but for its short ID. The name of a service may be the beginning of one: "db"."""
    return sorted(a for a in set(network.get("Aliases") or []) if a != c["Id"][:12])


def state(project):
    """What is there, without what differs from run to run."""
    seen = []
    for c in containers(project):
        seen.append((
            c["Name"][1:],
            c["State"]["Status"],
            [e for e in c["Config"]["Env"] if e.startswith("TURN=")],
            "" if compose else c["Config"]["Labels"].get("dev.stackplan.digest"),
            sorted((name, aliases(c, n)) for name, n in c["NetworkSettings"]["Networks"].items()),
            sorted((m["Destination"], "anonymous" if is_anonymous(m) else m["Name"]) for m in c["Mounts"]),
        ))
    networks = sorted(named(project, "network", "ls", "--format", "{{.Name}}"))
    volumes = sorted(named(project, "volume", "ls", "-q"))
    return sorted(seen), networks, volumes


def anonymous_left(project):
    """The anonymous volumes that were seen, are there, and that no container of the project has now."""
    used = {m["Name"] for c in containers(project) for m in c["Mounts"] if is_anonymous(m)}
    there = set(call("volume", "ls", "-q").split())
    return sorted((seen_volumes & there) - used)


def locks(project):
    """Lock files of the project, wherever they may be."""
    folders = [os.path.join(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere", "stackplan"),
               "/run/user/%d/stackplan" % os.geteuid(), "/tmp/stackplan-%d" % os.geteuid()]
    return [os.path.join(f, name) for f in folders if os.path.isdir(f) for name in os.listdir(f)
            if name.startswith(project + "-")]


def first_written(project):
    """What the first container of db has left in its anonymous volume."""
    return call("exec", project + "-db-1", "cat", "/scratch/first").strip()


def wipe(project):
    found = [c["Id"] for c in containers(project)]
    if found:
        call("rm", "-f", "-v", *found)
    for kind in "network", "volume":
        for name in named(project, kind, "ls", "-q"):
            call(kind, "rm", name)
    for name in anonymous_left(project):
        call("volume", "rm", name)
    seen_volumes.clear()


def complain(trial, what, *more):
    print("trial %d: %s" % (trial, what))
    for text in more:
        print("    " + str(text).replace("\n", "\n    "))


def converges(trial, project, want, kept):
    """KEPT: what the container that is replaced had in its anonymous volume; None: there was none."""
    code, said = run(["apply"])
    if code != 0:
        complain(trial, "the next apply exits %d" % code, said)
        return False
    now = state(project)
    if now != want:
        complain(trial, "not what is wanted", *[x for x in now[0] if x not in want[0]], "instead of",
                 *[x for x in want[0] if x not in now[0]], now[1:], want[1:])
        return False
    if kept and call("exec", project + "-db-1", "cat", "/data/kept").strip() != "kept":
        complain(trial, "the data are gone")
        return False
    if not compose and kept and first_written(project) != kept:
        complain(trial, "the anonymous volume is another one", kept, first_written(project))
        return False
    if not compose and (locks(project) or anonymous_left(project)):
        complain(trial, "something is left", *locks(project), *anonymous_left(project))
        return False
    code, said = run(["apply"])
    if code != 0 or (not compose and "nothing to do" not in said):
        complain(trial, "there is still something to do", said)
        return False
    return True


def wanted(project, turn):
    """What a run without a fault leaves, and how long it takes."""
    write_spec(project, turn)
    began = time.monotonic()
    code, said = run(["apply"])
    if code != 0:
        sys.exit("kill: apply without a fault exits %d:\n%s" % (code, said))
    return state(project), time.monotonic() - began


def main():
    project = prefix
    hit, good = {}, {}
    try:
        first, create_s = wanted(project, "0")
        second, replace_s = wanted(project, "1")
        began = time.monotonic()
        run(["down", "-v"])
        down_s = time.monotonic() - began
        wipe(project)
        for trial in range(trials):
            kind = ("create", "replace", "down")[trial % 3]
            whole, at_once = rng.random() < 0.7, rng.random() < 0.5
            there = state(project)[0]
            if kind == "create" and there:
                run(["down", "-v"])
                wipe(project)
            kept = None
            if kind != "create":
                write_spec(project, "0")
                run(["apply"])
                kept = first_written(project)
            write_spec(project, "0" if kind == "create" else "1")
            limit = {"create": create_s, "replace": replace_s, "down": down_s}[kind]
            verb = ["down", "-v"] if kind == "down" else ["apply"]
            if not compose and kind == "down":
                verb.append("--yes")
            ended = run_signalled(trial, verb, rng.uniform(0, limit)) if signals else run_killed(
                verb, rng.uniform(0, limit), whole) or None
            if ended is None:
                continue
            hit[kind] = hit.get(kind, 0) + 1
            if not at_once:
                time.sleep(1)
            containers(project)
            if kind == "down":
                code, said = run(verb)
                left = state(project)
                more = [] if compose else locks(project) + anonymous_left(project)
                ok = code == 0 and left == ([], [], []) and not more
                if not ok:
                    complain(trial, "the second down exits %d and leaves" % code, left, more, said)
            else:
                ok = converges(trial, project, first if kind == "create" else second, kept if kind == "replace" else None)
            ok = ok and ended
            good[kind] = good.get(kind, 0) + ok
            if not ok:
                wipe(project)
            if sys.stderr.isatty() or os.environ.get("VERBOSE"):
                print("trial %d: %s%s" % (trial, kind, "" if ok else " FAILED"), file=sys.stderr, flush=True)
    finally:
        wipe(project)
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        os.rmdir(folder)
    figures = ", ".join("%s %d of %d" % (k, good.get(k, 0), hit[k]) for k in hit)
    print("kill: seed %d: %s" % (seed, figures))
    sys.exit(0 if good == hit else 1)


main()
