#!/usr/bin/env python3
"""changes.py STACKPLAN TABLE... - each row of the tables (changes_rows.py): does what is in the spec, or what was done by hand, change
exactly the right things, for the right reason, and is there nothing to do after it?

The rows of a table are one stack. Half of them change, then the others: whatever is not named in a row that changes must be the
same object as before. COMPOSE=1: the same files through `docker compose` beside it, in a project of its own: what it makes anew,
and we don't, or the other way round, must have its reason in the row. CHANGES_START=1: all containers run."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

import changes_rows
from changes_rows import kept, made, removed, replaced, restarted

program = os.path.abspath(sys.argv[1])
docker = os.environ.get("STACKPLAN_DOCKER", "docker")
with_compose = os.environ.get("COMPOSE") == "1"
start_all = os.environ.get("CHANGES_START") == "1"
only = os.environ.get("CHANGES_ONLY", "").split()
prefix = os.environ.get("CHANGES_PREFIX") or "spchange-%s" % os.urandom(3).hex()
READS = ("version", "info", "ps", "inspect", "logs", "port", "top")
failures = []
counted = 0


def call(*words, ok=False):
    done = subprocess.run([docker, *words], capture_output=True, text=True)
    if ok and done.returncode != 0:
        sys.exit("docker %s: %s" % (" ".join(words), done.stderr))
    return done.stdout


def complain(row, what, *more):
    failures.append(row)
    print("FAILED  changes: %s: %s" % (row, what))
    for text in more:
        print("        " + str(text).replace("\n", "\n        "))


def volume_mark(name):
    """What tells a volume from a later one of its name: when its folder was made, where that can be seen."""
    folder = call("volume", "inspect", "-f", "{{.Mountpoint}}", name).strip()
    return subprocess.run(["stat", "-c", "%i %w", folder], capture_output=True, text=True).stdout


class Stack:
    """One table as a project in a folder of its own."""

    def __init__(self, name, rows, number, compose, starts):
        self.project, self.rows, self.number, self.compose = name, rows, str(number), compose
        self.folder = tempfile.mkdtemp(prefix="stackplan-changes.")
        self.starts = start_all or starts
        self.done = set()
        self.subnet = "10.%d" % random.randint(100, 254)
        for part in "ab":
            os.mkdir(os.path.join(self.folder, "bind-" + part))
            for name in "file", "Dockerfile":
                with open(os.path.join(self.folder, "bind-" + part, name), "w") as f:
                    f.write("FROM busybox\nLABEL part=%s\n" % part)

    def text(self, text):
        return text.replace("@P@", self.project).replace("@N@", self.number).replace("@D@", self.folder).replace("@S@", self.subnet)

    def write(self):
        """The file with the rows in DONE as they are after their change."""
        spec = {"name": self.project, "services": {}}
        for row in self.rows:
            after = row.name in self.done
            for suffix, pair in row.services.items():
                if pair[after] is None:
                    continue
                service = {**changes_rows.BASE, **pair[after]}
                spec["services"][row.name + suffix] = {k: v for k, v in service.items() if v is not None}
            for section, pair in row.tops.items():
                spec.setdefault(section, {}).update(pair[after])
            for name, pair in row.files.items():
                with open(os.path.join(self.folder, name), "w") as f:
                    f.write(pair[after])
        self.give_subnets(spec)
        with open(os.path.join(self.folder, "compose.yaml"), "w") as f:
            f.write(self.text(json.dumps(spec, indent=1)))

    def give_subnets(self, spec):
        """So many networks would take all the addresses that an engine gives by itself."""
        networks = spec.setdefault("networks", {})
        names = ["default"] + [name for row in self.rows for pair in [row.tops.get("networks", ({}, {}))] for name in {**pair[0], **pair[1]}]
        networks.setdefault("default", {})
        for i, name in enumerate(names):
            if name in networks and not {"ipam", "name"} & set(networks[name]):
                networks[name] = {**networks[name], "ipam": {"config": [{"subnet": "@S@.%d.0/24" % (10 + i)}]}}

    def run(self, *words):
        env = {**os.environ, "CHANGES_ONE": "value-1", "CHANGES_TWO": "value-2", "CHANGES_TOKEN_A": "token-a",
               "CHANGES_TOKEN_B": "token-b", "STACKPLAN_DOCKER": docker}
        env.update(self.env if hasattr(self, "env") else {})
        done = subprocess.run(words, cwd=self.folder, env=env, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def docker(self, *words):
        return call(*words, ok=True)

    def up(self):
        if self.compose:
            return self.run(docker, "compose", "--profile", "always", "up", *(["-d"] if self.starts else ["--no-start"]))
        return self.run(program, "--profile", "always", "apply", "--progress", "plain", *([] if self.starts else ["--no-start"]))

    def ask(self, *words):
        return self.run(program, "--profile", "always", *words)

    def state(self):
        """What is there: name -> what tells it from another one."""
        mine = ["--filter", "label=com.docker.compose.project=" + self.project]
        found = call("ps", "-aq", "--no-trunc", *mine).split()
        seen = {}
        for c in json.loads(call("inspect", *found)) if found else []:
            labels = c["Config"]["Labels"]
            key = labels["com.docker.compose.service"] + " " + labels["com.docker.compose.container-number"]
            seen[key] = (c["Id"], c["State"]["StartedAt"], c["State"]["Status"])
        for line in call("network", "ls", "--no-trunc", *mine, "--format", '{{.Label "com.docker.compose.network"}} {{.Name}} {{.ID}}').splitlines():
            key, name, ident = line.split()
            seen["net:%s" % name] = (ident, key)
        for name in call("volume", "ls", "-q", *mine).split():
            seen["vol:%s" % name] = (volume_mark(name), name)
        return seen

    def wipe(self):
        mine = ["--filter", "label=com.docker.compose.project=" + self.project]
        ids = call("ps", "-aq", *mine).split()
        if ids:
            call("rm", "-f", "-v", *ids)
        for kind in "network", "volume":
            for name in call(kind, "ls", "-q", *mine).split():
                for _ in range(5):
                    if call(kind, "rm", name):
                        break
                    time.sleep(0.3)
        for image in call("images", "--filter", "reference=%s*" % self.project, "--format", "{{.Repository}}:{{.Tag}}").split():
            call("image", "rm", image)
        shutil.rmtree(self.folder, ignore_errors=True)


def became(before, after, key):
    """What has become of the thing between two states."""
    old, new = before.get(key), after.get(key)
    if old is None or new is None:
        return made if new else removed if old else None
    if old[0] != new[0]:
        return replaced
    if old[1] != new[1]:
        return restarted
    return kept


def wanted_of(stack, row, key):
    """What is to become of a thing that the row brings."""
    return row.does.get(key, kept)


def things(stack, row, before, after):
    """(what the row calls it, what the state calls it) of all that belongs to the row."""
    found = []
    for name in sorted(set(before) | set(after)):
        if name.startswith(("net:", "vol:")):
            bare = name[4:].replace(stack.project + "_", "")
            if any(bare in pair[i] or name[4:] == stack.text(pair[i].get(k, {}).get("name", "\n"))
                   for section, pair in row.tops.items() for i in (0, 1) for k in [*pair[i], ""] if section in ("networks", "volumes")):
                found.append((name[:4] + bare.replace(stack.project, "@P@"), name))
        else:
            service, number = name.split()
            for suffix in row.services:
                if service == row.name + suffix:
                    found.append((suffix + ("" if number == "1" else " " + number), name))
    return found


def check_deeds(stack, changed, before, after):
    """Exactly what the rows say has changed."""
    for row in stack.rows:
        for called, name in things(stack, row, before, after):
            want = wanted_of(stack, row, called) if row.name in changed else kept
            now = became(before, after, name)
            if now != want:
                complain(row.name, "'%s' is %s, not %s" % (name, now, want))


def check_after(stack, changed):
    """What the rows ask for beyond that."""
    for row in stack.rows:
        wrong = row.name in changed and row.check and row.check(stack, row)
        if wrong:
            complain(row.name, wrong)
    for key, seen in stack.state().items():
        if stack.starts and " " in key and seen[2] != "running" and "secret" not in key:
            complain(key, "it is " + seen[2])


def entry_of(stack, row, suffix, changes):
    """The change of a thing in the JSON of diff."""
    for c in changes:
        if suffix.startswith(("net:", "vol:")):
            if c["kind"] == {"net": "network", "vol": "volume"}[suffix[:3]] and c["title"] == suffix[4:]:
                return c
        elif c["kind"] == "container" and c["title"] == row.name + suffix.split(" ")[0]:
            number = suffix.split(" ")[1] if " " in suffix else "1"
            if c["name"].endswith("-" + number) or "container_name" in json.dumps(row.services.get(suffix)):
                return c
    return None


def check_reasons(stack, row, changes, shown, said):
    """The keys with both values, and the reasons of what follows."""
    for suffix, keys in row.keys.items():
        c = entry_of(stack, row, suffix, changes)
        if not c:
            complain(row.name, "diff does not name '%s'" % suffix)
            continue
        want = [(k, stack.text(a) if a else a, stack.text(b) if b else b) for k, a, b in keys]
        now = [(k["key"], k["had"], k["want"]) for k in c["keys"]]
        if now != want:
            complain(row.name, "the keys of '%s' are" % suffix, now, "and not", want)
        for k, had, value in now:
            line = [x for x in shown if "'%s'" % k in x and (had or "") in x and (value or "") in x]
            if not line:
                complain(row.name, "show --current does not give '%s' with %s and %s" % (k, had, value))
    for suffix, why in row.why.items():
        c = entry_of(stack, row, suffix, changes)
        if not c or stack.text(why) not in c["why"]:
            complain(row.name, "the reason of '%s' is" % suffix, c and c["why"], "and not", why)
        elif not any(stack.text(why) in line for line in shown):
            complain(row.name, "show --current does not say: " + why)
    if row.said and stack.text(row.said) not in said:
        complain(row.name, "it is not said that " + stack.text(row.said), said[-600:])
    for suffix in row.does:
        if not suffix.startswith("vol:") and row.does[suffix] != made and not entry_of(stack, row, suffix, changes):
            complain(row.name, "diff does not tell of '%s'" % suffix)


def writes(stack, argv):
    """The docker commands that write, of those in a log."""
    with open(argv) as f:
        lines = [line.split() for line in f]
    return [" ".join(w[:4]) for w in lines if w and w[0] not in READS and not (len(w) > 1 and w[1] in ("ls", "list", "inspect", "logs"))]


def check_quiet(stack):
    """There is nothing to do, and nothing is done."""
    log, wrapper = os.path.join(stack.folder, "argv"), os.path.join(stack.folder, "docker")
    with open(wrapper, "w") as f:
        f.write('#!/bin/sh\necho "$@" | tr "\\n" " " >>%s\necho >>%s\nexec %s "$@"\n' % (log, log, shutil.which(docker)))
    os.chmod(wrapper, 0o755)
    open(log, "w").close()
    stack.env = {"STACKPLAN_DOCKER": wrapper}
    code, out, err = stack.up()
    stack.env = {}
    if code != 0 or "nothing to do" not in err or writes(stack, log):
        complain("second apply", "it exits %d" % code, err[-1500:], *writes(stack, log))
    words = ["diff"] if stack.starts else ["show", "--current", "--no-start"]
    code, out, err = stack.ask(*words, "--detailed-exitcode")
    if code != 0:
        complain("second apply", "%s exits %d" % (" ".join(words), code), out[-1500:], err[-500:])


def look(stack, changed):
    """What diff and show say before the change is applied."""
    any_change = any(row.does or row.keys or row.why for row in stack.rows if row.name in changed)
    code, out, err = stack.ask("diff", "--format", "json", "--detailed-exitcode")
    if code != (2 if any_change or not stack.starts else 0):
        complain("diff", "exit code %d" % code, err)
        return
    changes = json.loads(out)["changes"]
    code, text, more = stack.ask("show", "--current", "--detailed-exitcode", *([] if stack.starts else ["--no-start"]))
    if code != (2 if any_change else 0):
        complain("show --current", "exit code %d" % code, more)
    shown = joined_comments(text)
    for row in stack.rows:
        if row.name in changed:
            check_reasons(stack, row, changes, shown, err)


def joined_comments(text):
    """The comments of a script, each in one line."""
    lines, current = [], None
    for line in text.splitlines():
        if line.startswith("# "):
            current = line[2:] if current is None else current + " " + line[2:].strip()
        elif current is not None:
            lines.append(current)
            current = None
    return lines


def is_alone(row):
    """Would Compose fail on the whole table for this row?"""
    return (row.compose or "").startswith(changes_rows.ALONE)


def stage(stack, changed):
    """Change the rows, look, apply; returns what was before and after."""
    before = stack.state()
    for row in stack.rows:
        if row.name in changed and row.hand and not (stack.compose and is_alone(row)):
            row.hand(stack, row)
    stack.done |= changed
    stack.write()
    if not stack.compose:
        look(stack, changed)
    code, out, err = stack.up()
    if code != 0:
        complain("apply" if not stack.compose else "docker compose up", "exit code %d" % code, err[-3000:])
    return before, stack.state()


def beside(stack, ours, theirs, changed, mine, its):
    """Does Docker Compose make the same things anew?"""
    for row in stack.rows:
        if row.name not in changed or is_alone(row):
            continue
        differ = []
        for called, name in things(stack, row, *mine):
            if name.startswith(("net:", "vol:")):
                continue
            a, b = became(*mine, name), became(*its, name)
            if a != b:
                differ.append("'%s': we: %s, Compose: %s" % (name, a, b))
        if differ and not row.compose:
            complain(row.name, "beside Docker Compose", *differ)
        elif row.compose and not differ:
            complain(row.name, "Compose does what we do, and the row says: " + row.compose)
        elif differ:
            print("        differs from Compose: %s: %s; %s" % (row.name, row.compose, ", ".join(differ)))


def make_images(project):
    """The images of the tables: the name of one is in the rows."""
    for tag in "2", "rebuilt", "tag":
        call("tag", "busybox", "%s-img:%s" % (project, tag), ok=True)
    made = call("create", "busybox", ok=True).strip()
    call("commit", "--change", "LABEL other=1", made, project + "-img:other", ok=True)
    call("rm", made)


def table(name, rows, number):
    """One table through stackplan, and beside it through Compose."""
    global counted
    rows = [r for r in rows if not only or r.name in only]
    if not rows:
        return
    counted += len(rows)
    stacks = [Stack(prefix + "-" + name, rows, number, False, name != "config")]
    if with_compose:
        stacks.append(Stack(prefix + "-" + name + "-c", rows, number + 1, True, name != "config"))
    try:
        for stack in stacks:
            make_images(stack.project)
            stack.write()
            code, out, err = stack.up()
            if code != 0:
                sys.exit("changes: the first %s exits %d:\n%s" % ("up" if stack.compose else "apply", code, err))
        check_quiet(stacks[0])
        for half in 0, 1:
            changed = {r.name for i, r in enumerate(rows) if i % 2 == half}
            if not changed:
                continue
            mine = stage(stacks[0], changed)
            check_deeds(stacks[0], changed, *mine)
            check_after(stacks[0], changed)
            check_quiet(stacks[0])
            if with_compose:
                beside(stacks[0], None, None, changed, mine, stage(stacks[1], changed))
    finally:
        for stack in stacks:
            stack.wipe()


def main():
    for i, name in enumerate(sys.argv[2:]):
        table(name, getattr(changes_rows, name.upper()), 1 + 2 * i)
    bad = len(set(failures))
    print("changes: %d rows, %d of them as wanted" % (counted, counted - bad))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
