#!/usr/bin/env python3
"""nth.py STACKPLAN ENGINE - one docker command after the other goes wrong: does the next run set it right?

For every command K of making, of replacing and of removing a stack, until K is more than there are, and each way of going wrong:
it fails, it does its work and the answer is lost, it is killed, before or after its work, it hangs, before or after, all from K on
fail. The run must end in time, with an exit status that is not 0 and a message, and leave no process; then one clean run must reach
what is wanted, and the one after it find nothing to do. What is somebody else's stays as it was.

NTH_STEP=N: only every N-th K, another one each time. NTH_SEED: from which on. SPOIL: only these ways, separated by blanks.
A trial that goes wrong is printed."""

import os
import random
import shutil
import sys

from world import APPLY, DOWN, FOREIGN, SPEC, alive, complain, folder, forget, path, read, run, state, wanted, write

step = int(os.environ.get("NTH_STEP", "1"))
seed = int(os.environ.get("NTH_SEED", str(random.randrange(1000000))))
ways = os.environ.get("SPOIL", "fail after kill kill-after hang hang-after from").split()
LIMIT_S = 0.4
rng = random.Random(seed)

def trial(verb, k, way, begin, want):
    """One spoilt command. None: there are fewer than K; else whether all went well."""
    write("state", begin)
    write("fault", "%d %s\n" % (k, way))
    forget("fired", "log", "strange")
    code, said, took = run(verb + (["--wait-timeout", "1"] if verb == APPLY else []), LIMIT_S)
    if not os.path.exists(path("fired")):
        return None
    ok = True
    # a gate asks again, a network that something is still in is removed later, and the question by name is needless where no container
    # is there: one failure is none then
    again = code == 0 and way != "from" and read("fired").startswith(
        ("inspect -f {{.State.Status}}", "network rm ", "inspect --format "))
    if code not in (1, 4, 69) and not (again and state() == want):
        ok = complain("exit status %s" % code, said)
    # the limit of a gate or of a command, the grace of TERM, the questions about it; and an unhurried machine
    if took > 1 + 2 + 2:
        ok = complain("it took %.1f s" % took, said)
    if not again and not any(line for line in said.splitlines() if "FAILED" in line or "error:" in line):
        ok = complain("it names no step that has failed", said)
    left = alive()
    if left:
        ok = complain("processes are left: " + " ".join(left))
    forget("fault")
    second, said_again, _ = run(verb)
    if second != 0:
        ok = complain("the next run ends with %s" % second, said + "---\n" + said_again)
    if state() != want:
        there = state()
        ok = complain("it is not what is wanted", said + "---\n" + said_again + "---\n" + "\n".join(
            [" + " + " ".join(x) for x in there if x not in want] + [" - " + " ".join(x) for x in want if x not in there]))
    third, said_third, _ = run(verb)
    if third != 0 or "nothing to" not in said_third:
        ok = complain("there is still something to do", said + "---\n" + said_third)
    if FOREIGN not in read("state"):
        ok = complain("what is somebody else's has changed", read("log"))
    if read("strange"):
        ok = complain("the docker of this test does not know: " + read("strange"))
    return ok


def series(name, verb, turn, begin, want):
    """All K of one verb, in all ways."""
    write("compose.yaml", SPEC % turn)
    good = bad = 0
    for way in ways:
        k = rng.randrange(step) + 1
        while True:
            ok = trial(verb, k, way, begin, want)
            if ok is None:
                break
            if not ok:
                print("  %s: command %d: %s" % (name, k, way))
            good, bad = good + ok, bad + (not ok)
            k += step
    return good, bad


def main():
    try:
        made, want_made = wanted(APPLY, "0", FOREIGN)
        _, want_replaced = wanted(APPLY, "1", made)
        _, want_gone = wanted(DOWN, "0", made)
        all_good = all_bad = 0
        for name, verb, turn, begin, want in (
            ("create", APPLY, "0", FOREIGN, want_made),
            ("replace", APPLY, "1", made, want_replaced),
            ("down", DOWN, "0", made, want_gone),
        ):
            good, bad = series(name, verb, turn, begin, want)
            print("nth: %s: %d of %d" % (name, good, good + bad))
            all_good, all_bad = all_good + good, all_bad + bad
        print("nth: %d of %d (seed %d, every %d.)" % (all_good, all_good + all_bad, seed, step))
    finally:
        shutil.rmtree(folder)
    sys.exit(1 if all_bad else 0)


main()
