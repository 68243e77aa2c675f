#!/usr/bin/env python3
# engine.py [NAME...] - running, measured beside `docker compose` and beside the engine's own limit (limit.py): runs take turns, so that the
# machine's other work is shared, and only ratios count. NAME: twenty, halves, gates, oneshots, single, converged, wide; all by default.
# Takes STACKPLAN, COMPOSE (default: "docker compose"), IMAGE (busybox), RUNS (7) from the environment. Exit 1 when a promise does not hold.
import os
import random
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

import limit

RUNS = int(os.environ.get("RUNS", "7"))
IMAGE = os.environ.get("IMAGE", "busybox")
COMPOSE = shlex.split(os.environ.get("COMPOSE", "docker compose"))
STACKPLAN = [os.path.abspath(os.environ.get("STACKPLAN", "build/stackplan"))]
PROJECT = "spbench%d" % random.randrange(100000)
LAST = ' command: [sh, -c, "trap \'exit 0\' TERM; sleep 3600 & wait"]'
failed = []


def verdict(what, figure, most):
    holds = figure <= most
    if not holds:
        failed.append(what)
    print("  %s: %.2f [at most %.2f: %s]" % (what, figure, most, "holds" if holds else "DOES NOT HOLD"), flush=True)


def service(name, *lines, command=LAST):
    return ["  %s:" % name, "    image: " + IMAGE, "   " + command] + ["    " + line for line in lines]


def twenty():
    """Twenty services, each on two networks and with a volume of its own."""
    lines = ["services:"]
    for i in range(20):
        lines += service("s%d" % i, "networks: [front, back]", "volumes: ['v%d:/data']" % (i % 5))
    return lines + ["networks: {front: {}, back: {}}", "volumes: {%s}" % ", ".join("v%d: {}" % i for i in range(5))]


def halves():
    """Twenty services, ten on each of two networks, with volumes."""
    lines = ["services:"]
    for i in range(20):
        lines += service("s%d" % i, "networks: [%s]" % ("front", "back")[i % 2], "volumes: ['v%d:/data']" % (i % 5))
    return lines + ["networks: {front: {}, back: {}}", "volumes: {%s}" % ", ".join("v%d: {}" % i for i in range(5))]


def single():
    return ["services:"] + service("one")


def chain(n, condition, *more, command=LAST):
    lines = ["services:"]
    for i in range(n):
        after = ["depends_on: {s%d: {condition: %s}}" % (i - 1, condition)] if i else []
        lines += service("s%d" % i, *more, *after, command=command)
    return lines


def gates():
    return chain(6, "service_healthy", 'healthcheck: {test: ["CMD", "true"], interval: 1s}')


def oneshots():
    return chain(6, "service_completed_successfully", command=' command: ["true"]')


def wide():
    lines = ["services:"]
    for i in range(200):
        lines += service("s%d" % i, 'healthcheck: {test: ["CMD", "true"], interval: 5s}')
    return lines


def run(words, check=True, **how):
    said = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **how)
    if check and said.returncode:
        raise SystemExit("engine.py: %s: exit status %d\n%s" % (" ".join(words), said.returncode, said.stdout))
    return said


def timed(words):
    began = time.monotonic()
    run(words)
    return time.monotonic() - began


class Stack:
    """One stack in a folder of its own, run by either program."""

    def __init__(self, folder, lines):
        self.file = os.path.join(folder, "compose.yaml")
        with open(self.file, "w") as f:
            f.write("\n".join(lines) + "\n")

    def words(self, program, *verb):
        return program + ["-f", self.file, "-p", PROJECT] + list(verb)

    def up(self, program, *more):
        return timed(self.words(program, *(["apply"] if program is STACKPLAN else ["up", "-d"]), *more))

    def down(self, program):
        """A network may be left behind that the engine still holds: it is called again then, and that counts."""
        words = self.words(program, "--yes", "down", "-v") if program is STACKPLAN else self.words(program, "down", "-v")
        began = time.monotonic()
        for _ in range(5):
            if not run(words, check=False).returncode:
                return time.monotonic() - began
            print("  %s down had to be called again" % " ".join(program), flush=True)
        raise SystemExit("engine.py: the engine keeps a network that nobody is in: start it again")


def median_line(name, times):
    print("  %s: median %.2f s (%.2f .. %.2f, %d runs)" % (name, statistics.median(times), min(times), max(times), len(times)), flush=True)


def up_and_down(name, stack, up_most, down_most=None, with_limit=False):
    """Bring it up and down by turns: the programs' times, and the engine's own."""
    engine = limit.Engine()
    up = {"stackplan": [], "compose": [], "the engine": []}
    down = {"stackplan": [], "compose": [], "the engine": []}
    what = threads = None
    for i in range(RUNS + 1):  # the first warms up, and is not counted
        turns = [("stackplan", STACKPLAN), ("compose", COMPOSE)]
        for who, program in turns if i % 2 else reversed(turns):
            t = stack.up(program)
            if with_limit and what is None and program is STACKPLAN:
                what = limit.read(engine, PROJECT)
            d = stack.down(STACKPLAN if who == "stackplan" else COMPOSE)
            if i:
                up[who].append(t)
                down[who].append(d)
        if not with_limit:
            continue
        if threads is None:
            tries = {}
            for n in (2, 3, 4, 6, 8):
                tries[n] = []
                for _ in range(2):
                    tries[n].append(limit.make(engine, what, n))
                    limit.remove(engine, what)
            threads = min(tries, key=lambda n: min(tries[n]))
            print("  the engine's limit is best with %d requests at a time" % threads)
        else:
            up["the engine"].append(limit.make(engine, what, threads))
            t = limit.take_down(engine, what)
            if t is None:
                raise SystemExit("engine.py: the engine keeps a network that nobody is in: start it again")
            down["the engine"].append(t)
    for who, times in up.items():
        if times:
            median_line(who + ", up", times)
    m = statistics.median
    verdict(name + ", stackplan to compose", m(up["stackplan"]) / m(up["compose"]), up_most)
    if with_limit:
        verdict(name + ", stackplan to the engine's limit", m(up["stackplan"]) / m(up["the engine"]), 1.05)
    if down_most:
        for who, times in down.items():
            median_line(who + ", down", times)
        verdict(name + ", down, stackplan to compose", m(down["stackplan"]) / m(down["compose"]), down_most)
        print("  the engine alone takes %.2f of compose's down, stackplan %.2f of the engine's" %
              (m(down["the engine"]) / m(down["compose"]), m(down["stackplan"]) / m(down["the engine"])), flush=True)


def ids():
    label = "label=com.docker.compose.project=" + PROJECT
    return sorted(run(["docker", "ps", "-aq", "--no-trunc", "--filter", label]).stdout.split())


def questions(stack, folder):
    """How many docker processes an apply starts that finds nothing to do."""
    log, docker = os.path.join(folder, "asked"), os.path.join(folder, "docker")
    with open(docker, "w") as f:
        f.write('#!/bin/sh\necho "$*" >>%s\nexec docker "$@"\n' % shlex.quote(log))
    os.chmod(docker, 0o700)
    said = run(stack.words(STACKPLAN, "apply"), env=dict(os.environ, STACKPLAN_DOCKER=docker)).stdout
    with open(log) as f:
        n = len(f.readlines())
    os.unlink(log)
    if "nothing to do" not in said:
        raise SystemExit("engine.py: the stack is not as it should be:\n" + said)
    return n


def run_converged(stack):
    """Nothing has changed: both programs look at one stack, which has the digests of both."""
    folder = os.path.dirname(stack.file)
    asked = {}
    for n, lines, most in ((20, twenty(), 0.5), (200, wide(), 1.0)):
        stack = Stack(folder, lines)
        stack.up(STACKPLAN, "--compose-hash", "-q")
        there = ids()
        asked[n] = questions(stack, folder)
        times = {"stackplan": [], "compose": []}
        for i in range(max(RUNS, 9) + 1):
            turns = [("stackplan", STACKPLAN), ("compose", COMPOSE)]
            for who, program in turns if i % 2 else reversed(turns):
                t = stack.up(program)
                if i:
                    times[who].append(t)
        if ids() != there:
            raise SystemExit("engine.py: nothing had changed, and containers were made anew")
        for who, t in times.items():
            print("  %s, %d services, nothing to do: median %.3f s (%.3f .. %.3f, %d runs)" %
                  (who, n, statistics.median(t), min(t), max(t), len(t)), flush=True)
        ratio = statistics.median(times["stackplan"]) / statistics.median(times["compose"])
        verdict("nothing to do for %d services, stackplan to compose" % n, ratio, most)
        stack.down(STACKPLAN)
    verdict("docker processes for 20 services", asked[20], 3)
    verdict("and so many more for 200", asked[200] - asked[20], 0)


def status_kib(pid, field):
    try:
        with open("/proc/%d/status" % pid) as f:
            for line in f:
                if line.startswith(field):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return len(f.read().split())
    except OSError:
        return 0


def watched(words):
    """Run it; returns the exit status, its own peak in KiB, the most children at once, seconds."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        p = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        kib = most = 0
        while p.poll() is None:
            kib = max(kib, status_kib(p.pid, "VmHWM:"))
            most = max(most, children(p.pid))
            time.sleep(0.005)
        if p.returncode:
            said.seek(0)
            print(said.read()[-2000:])
    return p.returncode, kib, most, time.monotonic() - began


def of_project(kind):
    words = ["docker", kind, "ls", "-q", "--filter", "label=com.docker.compose.project=" + PROJECT]
    return len(run(words + (["-a"] if kind == "container" else [])).stdout.split())


def run_wide(stack, times=5, parallel=4):
    """Two hundred services come up, are seen healthy, go down, and nothing is left."""
    good, kib, most = 0, 0, 0
    for _ in range(times):
        ups = watched(stack.words(STACKPLAN, "--parallel", str(parallel), "-q", "apply", "--wait"))
        healthy = run(["docker", "ps", "-q", "--filter", "health=healthy", "--filter",
                       "label=com.docker.compose.project=" + PROJECT]).stdout.split()
        downs = watched(stack.words(STACKPLAN, "--parallel", str(parallel), "-q", "--yes", "down", "-v"))
        left = of_project("container") + of_project("network") + of_project("volume")
        good += ups[0] == 0 and downs[0] == 0 and len(healthy) == 200 and left == 0
        kib = max(kib, ups[1], downs[1])
        most = max(most, ups[2], downs[2])
        print("  up %.1f s, exit %d, %d healthy; down %.1f s, exit %d, %d left" %
              (ups[3], ups[0], len(healthy), downs[3], downs[0], left), flush=True)
    verdict("of 200 services, runs that were not clean", times - good, 0)
    verdict("stackplan itself, MiB", kib / 1024, 20)
    verdict("children at once with --parallel %d" % parallel, most, parallel)


def main():
    tests = {
        "twenty": lambda s: up_and_down("20 services on two networks", s, 1.0, 0.8, with_limit=True),
        "halves": lambda s: up_and_down("20 services, half on each of two networks", s, 1.0, 0.8, with_limit=True),
        "gates": lambda s: up_and_down("6 services in a chain of health gates", s, 0.82),
        "oneshots": lambda s: up_and_down("6 one-shots in a chain", s, 0.6),
        "single": lambda s: up_and_down("one service", s, 1.0),
        "converged": run_converged,
        "wide": run_wide,
    }
    stacks = {"twenty": twenty, "halves": halves, "gates": gates, "oneshots": oneshots, "single": single, "converged": twenty,
              "wide": wide}
    if run(["docker", "version"], check=False, timeout=20).returncode:
        print("engine.py: no docker engine answers: runs are not measured")
        sys.exit(0)
    compose = run(COMPOSE + ["version", "--short"], check=False)
    if compose.returncode:
        print("engine.py: '%s' is not here: runs are not measured" % " ".join(COMPOSE))
        sys.exit(0)
    print("beside compose %s, medians of %d runs by turns" % (compose.stdout.strip(), RUNS))
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or tests:
            print(name + ":", flush=True)
            stack = Stack(folder, stacks[name]())
            try:
                tests[name](stack)
            finally:
                run(stack.words(STACKPLAN, "-q", "--yes", "down", "-v"), check=False)
    sys.exit(1 if failed else 0)


main()
