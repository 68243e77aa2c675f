#!/usr/bin/env python3
"""cancel.py STACKPLAN ENGINE TRIALS - a signal at a random moment: is all ended, and is what is said then true?

A stack is made, replaced or removed; at some moment stackplan gets INT, TERM or HUP, in half of the trials as one on a terminal whose
keys are typed or which is hung up; in a third of them another one follows. It must end by that signal, leave no process and the
terminal as it was. Every step that it calls done has been done; what is there and was not told as done is told as what may be
there. What it says of how to go on, and how to remove all, holds. CANCEL_SEED: the moments.
A trial that goes wrong is printed."""

import os
import pty
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import time

from world import (APPLY, DOWN, FOREIGN, SPEC, alive, complain, environ, folder, forget, program, read, run, state,
                   wanted, write)

trials = int(sys.argv[3])
seed = int(os.environ.get("CANCEL_SEED", str(random.randrange(1000000))))
rng = random.Random(seed)
PACE_MS = 40


class Run:
    """One under way: on a terminal of its own, or with files."""

    def __init__(self, verb, on_terminal):
        self.master = self.slave = None
        self.said = b""
        forget("calls", "pids", "log")
        env = dict(environ, TERM="xterm", LANG="C.UTF-8")
        if on_terminal:
            self.master, self.slave = pty.openpty()
            self.mode = termios.tcgetattr(self.slave)
            self.child = subprocess.Popen([program, *verb, "--yes"], cwd=folder, env=env, stdin=self.slave, stdout=self.slave,
                                          stderr=self.slave, start_new_session=True, preexec_fn=self.take_terminal)
        else:
            self.out = open(os.path.join(folder, "said"), "w+b")
            self.child = subprocess.Popen([program, *verb], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=self.out,
                                          stderr=subprocess.STDOUT, start_new_session=True)

    @staticmethod
    def take_terminal():
        import fcntl
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def listen(self, seconds):
        """Wait, and read what the terminal shows; True once the process has ended."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if self.master is not None:
                ready, _, _ = select.select([self.master], [], [], max(0, min(left, 0.02)))
                if ready:
                    self.said += os.read(self.master, 65536)
                    continue
            else:
                time.sleep(max(0, min(left, 0.02)))
            if self.child.poll() is not None or left <= 0:
                return self.child.poll() is not None

    def tell(self, sig):
        if self.master is not None and sig == signal.SIGINT:
            os.write(self.master, b"\x03")
        else:
            self.child.send_signal(sig)

    def close(self):
        """What it said, without what only moves the cursor; and whether the terminal is as before."""
        if self.master is None:
            self.out.seek(0)
            text = self.out.read().decode(errors="replace")
            self.out.close()
            return text, True
        sane = termios.tcgetattr(self.slave) == self.mode and self.said.count(b"\x1b[?25l") <= self.said.count(b"\x1b[?25h")
        os.close(self.slave)
        os.close(self.master)
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.said.decode(errors="replace")).replace("\r", "\n"), sane


def things(text):
    """The names of this stack's things in it."""
    return set(re.findall(r"demo[-_][a-z]+(?:-[0-9]+(?:\.old)?)?", text))


def told_done(said):
    """Lines of steps that are called done, by what was done."""
    done = []
    for line in said.splitlines():
        m = re.match(r"\W*\[ *\d+/\d+\] (\w+) (.*)", line)
        if m and "FAILED" not in line and "still waiting" not in line and "waiting until" not in line and re.search(
                r"\(\d+\.\d s\)", line):
            done.append((m[1], m[2]))
    return done


def is_true(verb, said, begin):
    """Is it as was said?"""
    ok = True
    there = {x[1] for x in state()}
    for act, rest in told_done(said):
        names = things(rest.split(":", 1)[-1])
        if act in ("create", "run", "start", "connect") and not names <= there:
            ok = complain("called made, but not there: %s" % (names - there))
        if act == "remove" and names & there:
            ok = complain("called removed, but there: %s" % (names & there))
    for line in said.splitlines():
        idle = things(line.split(";")[0]) if "made but not running" in line else set()
        if idle & {x[1] for x in state() if x[2] == "running"}:
            ok = complain("called not running, but running: " + line)
        kept = things(line) if line.startswith("kept until") else set()
        if not kept <= there:
            ok = complain("called kept, but not there: " + line)
    before = {line.split("\t")[2] for line in begin.splitlines()}
    unsure = things("\n".join(x for x in said.splitlines() if "may have made" in x or "FAILED" in x or "kept" in x))
    new = {n for n in there - before if n.startswith("demo")}
    silent = new - things(" ".join(rest for _, rest in told_done(said))) - unsure
    if verb == APPLY and silent:
        ok = complain("it is there, and nothing was said of it: %s" % silent)
    m = re.search(r"(\d+) steps? of (\d+) done", said)
    if m and int(m[1]) != len(told_done(said)):
        ok = complain("%s steps are called done in the end, and %d before" % (m[1], len(told_done(said))))
    # the last thing is to print; who is interrupted then has had all
    all_told = re.search(r"\[ *\d+/%d\]" % len(told_done(said)), said) and "SERVICE" in said
    if (m or told_done(said)) and "stopped by" not in said and not all_told:
        ok = complain("it does not say why it ended")
    return ok


def trial(verb, turn, begin, want, took):
    """None: it had ended before the signal came; else whether all went well."""
    write("compose.yaml", SPEC % turn)
    write("state", begin)
    write("pace", str(PACE_MS))
    sig = rng.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    on_terminal, again = rng.random() < 0.5, rng.random() < 0.34
    wait, pause, second = rng.uniform(0, took), rng.uniform(0.01, 0.4), rng.choice([signal.SIGINT, signal.SIGTERM])
    r = Run(verb, on_terminal)
    # a process that has not yet begun to run is ended by nobody else
    hit = not r.listen(wait)
    if hit:
        r.tell(sig)
        if again and not r.listen(pause):
            r.tell(second)
        ended = r.listen(6)
        if not ended:
            r.child.kill()
            r.child.wait()
    said, sane = r.close()
    forget("pace")
    if not hit:
        return None
    ok = True
    what = "%s after %.3f s%s%s" % (sig.name, wait, ", on a terminal" if on_terminal else "", ", twice" if again else "")
    if r.child.returncode not in (-sig, -second if again else -sig):
        ok = complain("it ends with %s" % r.child.returncode)
    left = alive()
    if left:
        ok = complain("processes are left: " + " ".join(left))
    if not sane:
        ok = complain("the terminal is not as it was")
    ok = is_true(verb, said, begin) and ok
    if "remove what was made" in said and verb == APPLY:
        keep = read("state")
        code, _, _ = run(DOWN)
        if code != 0 or read("state") != FOREIGN:
            ok = complain("down does not remove what was made")
        write("state", keep)
    code, said_again, _ = run(verb)
    if code != 0 or state() != want:
        ok = complain("the next run ends with %s, and it is %s what is wanted" % (code, "" if state() == want else "not"), said_again)
    if FOREIGN not in read("state"):
        ok = complain("what is somebody else's has changed")
    if not ok:
        complain(what, said)
    return ok


def paced(verb, turn, begin):
    """How long it takes at this pace."""
    write("compose.yaml", SPEC % turn)
    write("state", begin)
    write("pace", str(PACE_MS))
    took = run(verb)[2]
    forget("pace")
    return took


def main():
    try:
        made, want_made = wanted(APPLY, "0", FOREIGN)
        _, want_replaced = wanted(APPLY, "1", made)
        _, want_gone = wanted(DOWN, "0", made)
        kinds = [("create", APPLY, "0", FOREIGN, want_made), ("replace", APPLY, "1", made, want_replaced),
                 ("down", DOWN, "0", made, want_gone)]
        took = {name: paced(verb, turn, begin) for name, verb, turn, begin, _ in kinds}
        good = hit = 0
        while hit < trials:
            name, verb, turn, begin, want = rng.choice(kinds)
            ok = trial(verb, turn, begin, want, took[name])
            if ok is not None:
                good, hit = good + ok, hit + 1
            if ok is False:
                print("  %s" % name)
        print("cancel: %d of %d (seed %d)" % (good, hit, seed))
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if good == hit else 1)


main()
