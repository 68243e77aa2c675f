"""world.py - a stack, the docker that remembers (engine.c) and what became of both, for tests of what a run leaves behind."""

import os
import subprocess
import sys
import tempfile
import time

program, engine = (os.path.abspath(path) for path in sys.argv[1:3])
folder = tempfile.mkdtemp(prefix="stackplan-world.")

SPEC = """
name: demo
x-common: &common {image: busybox, stop_grace_period: 1s, environment: {TURN: "%s"}}
services:
  db:
    <<: *common
    volumes: ["data:/data", /scratch]
    networks: [front, back]
    healthcheck: {test: "true", interval: 20ms}
  task: {<<: *common, command: "true", networks: [back]}
  api:
    <<: *common
    networks: [back]
    depends_on: {db: {condition: service_healthy}, task: {condition: service_completed_successfully}}
  web: {<<: *common, networks: [front], depends_on: [api]}
networks: {front: , back: }
volumes: {data: }
"""
FOREIGN = (
    "n\t" + "f" * 64 + "\tother_default\t\t\t\tcom.docker.compose.project=other\037\n"
    "v\t" + "e" * 64 + "\tother_data\t\t\t\tcom.docker.compose.project=other\037\n"
    "c\t" + "d" * 64 + "\tother-db-1\trunning\tother_default\tother_data:/data\tcom.docker.compose.project=other\037\n"
)

environ = {k: v for k, v in os.environ.items() if not k.startswith(("COMPOSE_", "DOCKER_", "STACKPLAN_"))}
environ.update(FAKE_DIR=folder, STACKPLAN_DOCKER=engine, XDG_RUNTIME_DIR=folder)


def path(name):
    return os.path.join(folder, name)


def read(name):
    try:
        with open(path(name)) as f:
            return f.read()
    except FileNotFoundError:
        return ""


def write(name, text):
    with open(path(name), "w") as f:
        f.write(text)


def forget(*names):
    for name in names:
        if os.path.exists(path(name)):
            os.unlink(path(name))


def run(verb, limit=None):
    """Its exit status, all it said, and how long it took."""
    forget("calls", "pids")
    env = dict(environ, STACKPLAN_LIMIT="%dms" % (limit * 1000)) if limit else environ
    began = time.monotonic()
    try:
        done = subprocess.run([program, *verb], cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return None, "it does not end", 60
    return done.returncode, done.stdout + done.stderr, time.monotonic() - began


def alive():
    """The commands that are still there, after a moment."""
    for _ in range(20):
        left = []
        for pid in read("pids").split():
            try:
                with open("/proc/%s/stat" % pid) as f:
                    stat = f.read()
                if "(engine)" in stat and stat.rsplit(")", 1)[1].split()[0] != "Z":
                    left.append(pid)
            except OSError:
                pass
        if not left:
            return []
        time.sleep(0.05)
    return left


def state():
    """What is there: states, digests, networks and volumes, without IDs."""
    found = []
    for line in read("state").splitlines():
        kind, number, name, how, nets, mounts, labels = line.split("\t")
        mounts = ",".join(m if len(m.split(":")[0]) != 64 else "anonymous:" + m.split(":")[1] for m in mounts.split(","))
        digest = [x for x in labels.split("\037") if x.startswith("dev.stackplan.digest=")]
        if kind == "v" and len(name) == 64:
            name = "anonymous"
        found.append((kind, name, how, nets, mounts, *digest))
    return sorted(found)


def complain(what, said=""):
    print("    " + what)
    for text in said.splitlines():
        print("        | " + text)
    return False


def wanted(verb, turn, begin):
    """The state that a clean run makes of another one."""
    write("compose.yaml", SPEC % turn)
    write("state", begin)
    forget("fault")
    code, said, _ = run(verb)
    if code != 0:
        sys.exit("a clean run ends with %s:\n%s" % (code, said))
    return read("state"), state()


APPLY, DOWN = ["apply"], ["down", "-v"]
