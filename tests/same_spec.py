#!/usr/bin/env python3
"""same_spec.py STACKPLAN [OTHER_BUILD] - a spec in other words is the same spec: no digest of any container, network or volume changes, so
that an apply finds nothing to do.

Each stack (golden cases; ../shared/corpus/open where it is there) is written anew: as its merged form, reordered, with anchors where
something stands twice, in short forms, with numbers and switches as quoted text, in two files, with comments, from another folder;
and is planned by a build of another version. SAME_EVERY: each how manieth stack (1: all)."""

import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

program = os.path.abspath(sys.argv[1])
other = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
here = os.path.dirname(os.path.abspath(__file__))
# Stacks whose merged form, which is Compose's, is another spec: a service that no profile enables is not in it, and is needed or named
# by one that is; and a network mode that is empty is not in it, which says something
NOT_WHOLE = ("key-build-additional-contexts", "load-profile-optional-dependency", "key-network-mode-empty")
every = int(os.environ.get("SAME_EVERY", "7"))
rng = random.Random(1)
failures = 0
done = {}
skipped = {}


def run(binary, words, cwd, env):
    done = subprocess.run([binary, *words], cwd=cwd, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


class Stack:
    def __init__(self, name, folder, files, profiles, env, root=None):
        self.root = os.path.realpath(root or folder)  # all that it may read stands below
        self.name, self.folder, self.files = name, os.path.realpath(folder), files
        self.env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **env}
        self.profiles = [w for p in profiles for w in ("--profile", p)]

    def words(self, files=None, folder=None):
        return [w for f in files or self.files for w in ("-f", f)] + self.profiles + (
            ["--project-directory", folder] if folder else [])

    def own_folder(self):
        """The folder of the project: that of the first file."""
        return os.path.dirname(os.path.abspath(os.path.join(self.folder, self.files[0])))


def digests(binary, words, cwd, env):
    """(kind, name) -> digest and the keys, of all that a plan makes; None when there is no plan."""
    code, out, err = run(binary, [*words, "show"], cwd, env)
    if code != 0:
        return None, err
    found = {}
    for text in re.split(r"(?m)^# \d+\. ", out.replace("\\\n", " ")):
        for line in re.findall(r"(?m)^.*dev\.stackplan\.digest=.*$", text):
            digest = re.search(r"dev\.stackplan\.digest=([0-9a-f]{64})", line).group(1)
            name = re.search(r"--name[ =](\S+)", text)
            keys = re.search(r"dev\.stackplan\.keys=([^'\"]*)", line)
            what = name.group(1) if name else line.split()[-1]
            found[what] = (digest, (keys.group(1) if keys else "").replace("!", ""))
    return found, err


# ---- the same in other words: a function from the merged form to another tree ----

def reordered(tree):
    if isinstance(tree, dict):
        keys = list(tree)
        rng.shuffle(keys)
        return {k: reordered(tree[k]) for k in keys}
    if isinstance(tree, list):
        return [reordered(x) for x in tree]
    return tree


def split_words(words):
    """A list as one string that is split into the same words; None where that has no form."""
    if not words or any(not w or "\n" in w or "\\" in w for w in words):
        return None
    return " ".join(shlex.quote(w).replace("'\"'\"'", "\\'") if "'" not in w else '"%s"' % w if '"' not in w else "\n" for w in words)


def short_port(p):
    if set(p) - {"mode", "host_ip", "target", "published", "protocol"} or p.get("mode", "ingress") != "ingress":
        return p
    ip = p.get("host_ip", "")
    text = str(p["target"])
    if p.get("published"):
        text = p["published"] + ":" + text
    elif ip:
        return p
    if ip:
        text = ("[%s]" % ip if ":" in ip else ip) + ":" + text
    return text + ("/" + p["protocol"] if p.get("protocol", "tcp") != "tcp" else "")


def short_mount(m):
    if m["type"] not in ("bind", "volume") or ":" in m.get("source", "") + m["target"]:
        return m
    more = {k: v for k, v in m.items() if k not in ("type", "source", "target", "read_only")}
    if m["type"] == "bind":
        bind = more.pop("bind", {})
        if more or bind != {"create_host_path": True}:
            return m
    elif any(more.values()) or not m.get("source"):
        return m
    return "%s:%s%s" % (m["source"], m["target"], ":ro" if m.get("read_only") else "")


def pairs(value):
    """A map as a list of K=V."""
    if isinstance(value, dict) and all(isinstance(v, (str, int, float)) and not isinstance(v, bool) for v in value.values()):
        return ["%s=%s" % (k, v) for k, v in value.items()]
    return value


def short_service(s):
    s = dict(s)
    for key in "environment", "labels", "annotations", "sysctls":
        if key in s and s[key]:
            s[key] = pairs(s[key])
    for key in "command", "entrypoint":
        if isinstance(s.get(key), list):
            text = split_words(s[key])
            if text and "\n" not in text:
                s[key] = text
    if "ports" in s:
        s["ports"] = [short_port(p) if isinstance(p, dict) else p for p in s["ports"]]
    if "volumes" in s:
        s["volumes"] = [short_mount(m) if isinstance(m, dict) else m for m in s["volumes"]]
    if isinstance(s.get("networks"), dict) and not any(s["networks"].values()):
        s["networks"] = list(s["networks"])
    needs = s.get("depends_on")
    if isinstance(needs, dict) and all(
            n.get("condition") == "service_started" and n.get("required", True) and not n.get("restart") for n in needs.values()):
        s["depends_on"] = list(needs)
    test = (s.get("healthcheck") or {}).get("test")
    if isinstance(test, list) and len(test) == 2 and test[0] == "CMD-SHELL":
        s["healthcheck"] = {**s["healthcheck"], "test": test[1]}
    for key in "secrets", "configs":
        s_list = s.get(key) or []
        if s_list and all(set(g) == {"source"} for g in s_list if isinstance(g, dict)):
            s[key] = [g["source"] if isinstance(g, dict) else g for g in s_list]
    build = s.get("build")
    if isinstance(build, dict) and set(build) <= {"context", "dockerfile"} and build.get("dockerfile", "Dockerfile") == "Dockerfile":
        s["build"] = build["context"]
    for key in "dns", "dns_search", "tmpfs", "env_file":
        if isinstance(s.get(key), list) and len(s[key]) == 1 and isinstance(s[key][0], str):
            s[key] = s[key][0]
    for key in "mem_limit", "mem_reservation", "shm_size":
        if str(s.get(key, "")).isdigit() and int(s[key]) % 1048576 == 0 and int(s[key]):
            s[key] = "%dm" % (int(s[key]) // 1048576)
    if isinstance(s.get("extra_hosts"), list):
        s["extra_hosts"] = [h.replace("=", ":", 1) for h in s["extra_hosts"]]
    return s


def short(tree):
    return {**tree, "services": {k: short_service(s) for k, s in tree["services"].items()}}


QUOTABLE = {"privileged", "read_only", "init", "tty", "stdin_open", "retries", "target", "internal", "attachable", "external", "required",
            "create_host_path", "oom_score_adj", "pids_limit", "scale", "replicas", "nocopy"}


def quoted(tree, key=None):
    """Numbers and switches as text."""
    if isinstance(tree, dict):
        return {k: quoted(v, k) for k, v in tree.items()}
    if isinstance(tree, list):
        return [quoted(v) for v in tree]
    if key in QUOTABLE and isinstance(tree, (bool, int)):
        return json.dumps(tree)
    return tree


def anchored(tree):
    """As JSON with an anchor where a tree stands for the first time, and aliases after it."""
    seen, count = {}, {}

    def count_all(t):
        if isinstance(t, (dict, list)) and t:
            text = json.dumps(t, sort_keys=False)
            count[text] = count.get(text, 0) + 1
            for x in t.values() if isinstance(t, dict) else t:
                count_all(x)

    def dump(t):
        text = json.dumps(t)
        if isinstance(t, (dict, list)) and t and count[text] > 1:
            if text in seen:
                return "*" + seen[text]
            body = inner(t)
            seen[text] = "a%d" % len(seen)
            return "&%s %s" % (seen[text], body)
        return inner(t)

    def inner(t):
        if isinstance(t, dict) and t:
            return "{" + ", ".join("%s: %s " % (json.dumps(k), dump(v)) for k, v in t.items()) + "}"
        if isinstance(t, list) and t:
            return "[" + ", ".join(dump(x) + " " for x in t) + "]"
        return json.dumps(t)

    count_all(tree)
    return dump(tree)


def halves(tree):
    """Each service and section, its keys in two files."""
    first = {"name": tree["name"], "services": {}}
    second = {"name": tree["name"], "services": {}}
    for name, s in tree["services"].items():
        keys = list(s)
        first["services"][name] = {k: s[k] for k in keys[: len(keys) // 2 + 1]}
        second["services"][name] = {k: s[k] for k in keys[len(keys) // 2 + 1:]}
    for i, section in enumerate(k for k in tree if k not in ("services", "name")):
        (first if i % 2 else second)[section] = tree[section]
    return first, second


def commented(text):
    """The file's own text with comments and empty lines before each top-level key, and at the ends of plain lines."""
    lines = []
    for line in text.splitlines():
        if re.match(r"[A-Za-z][\w-]*:", line):
            lines += ["", "# a comment: with a colon"]
            if re.match(r"[a-z]+:\s*$", line):
                line += "  # at the end"
        lines.append(line)
    return "\n".join(lines) + "\n# the end\n"


# ---- the comparing ----

def differing(a, b):
    """The keys of which the digests of two things differ."""
    return {k.split("=")[0] for k in set((a or ("", ""))[1].split()) ^ set((b or ("", ""))[1].split()) if "=" in k}


def compare(stack, how, want, got, said):
    global failures
    done[how] = done.get(how, 0) + 1
    if got == want:
        return
    failures += 1
    print("FAILED  same-spec: %s: %s" % (stack.name, how))
    if got is None:
        print("        " + said[:700].replace("\n", "\n        "))
        return
    for name in sorted(set(want) | set(got)):
        a, b = want.get(name), got.get(name)
        if a != b:
            print("        %s: %s" % (name, " ".join(sorted(differing(a, b))) or "is there once only"))


def file_in(folder, name, text):
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)
    return os.path.join(folder, name)


def check(stack):
    cwd, env, folder = stack.folder, stack.env, stack.own_folder()
    want, said = digests(program, stack.words(), cwd, env)
    if not want:
        skipped["no plan"] = skipped.get("no plan", 0) + 1
        return
    if other:
        compare(stack, "a build of another version", want, *digests(other, stack.words(), cwd, env))
    code, out, err = run(program, [*stack.words(), "config", "--format", "json"], cwd, env)
    tree = json.loads(out)
    with tempfile.TemporaryDirectory(prefix="stackplan-same.") as tmp:
        ways = {} if stack.name in NOT_WHOLE else {"the merged form": [json.dumps(tree)], "reordered": [json.dumps(reordered(tree), indent=1)],
                "short forms": [json.dumps(short(tree), indent=2)], "quoted numbers": [json.dumps(quoted(tree))],
                "anchors": [anchored(tree)], "two files": [json.dumps(t, indent=1) for t in halves(tree)]}
        code, text, err = run(program, [*stack.words(), "config"], cwd, env)
        if ways:
            ways["the merged form as YAML"] = [text]
        for how, texts in ways.items():
            files = [file_in(tmp, "%d.yaml" % i, text) for i, text in enumerate(texts)]
            compare(stack, how, want, *digests(program, stack.words(files, folder), cwd, env))
    check_files(stack, want)
    check_moved(stack, want, tree["name"])


def check_files(stack, want):
    """With comments, in a copy of the folder that has the same path for what counts."""
    with tempfile.TemporaryDirectory(prefix="stackplan-same.") as tmp:
        files = []
        for i, name in enumerate(stack.files):
            with open(os.path.join(stack.folder, name)) as f:
                files.append(file_in(tmp, "%d.yaml" % i, commented(f.read())))
        with open(files[0]) as f:
            text = f.read()
        if re.search(r"(?m)^\s*(include|extends|file):", text):
            skipped["comments: other files are meant"] = skipped.get("comments: other files are meant", 0) + 1
            return
        compare(stack, "comments", want, *digests(program, stack.words(files, stack.own_folder()), stack.folder, stack.env))


def check_moved(stack, want, project):
    """From a copy of the folder: only what is named relative to it may be another."""
    global failures
    with tempfile.TemporaryDirectory(prefix="stackplan-same.") as tmp:
        copy = os.path.join(tmp, "elsewhere")
        shutil.copytree(stack.root, copy, symlinks=True)
        folder = os.path.join(copy, os.path.relpath(stack.folder, stack.root))
        got, said = digests(program, ["-p", project, *stack.words()], folder, stack.env)
        done["another folder"] = done.get("another folder", 0) + 1
        for name in sorted(set(want) | set(got or {})):
            a, b = (want or {}).get(name), (got or {}).get(name)
            if a == b:
                continue
            keys = differing(a, b)
            wrong = {k for k in keys if not k.startswith(("volumes.", "secrets.", "configs.", "devices", "environment.", "driver_opts"))}
            if not a or not b or wrong or not keys:
                failures += 1
                print("FAILED  same-spec: %s: another folder: %s: %s" % (stack.name, name, " ".join(sorted(wrong or keys))))


def stacks():
    cases = os.path.join(here, "cases")
    for i, name in enumerate(sorted(os.listdir(cases))):
        folder = os.path.join(cases, name)
        if i % every == 0 and os.path.exists(os.path.join(folder, "compose.yaml")) and not name.startswith(("error-", "engine-")):
            yield Stack(name, folder, ["compose.yaml"], [], {})
    for name in sorted(os.listdir(os.path.join(here, "..", "templates", "stacks"))):
        yield Stack(name, os.path.join(here, "..", "templates", "stacks", name), ["compose.yaml"], [], {})
    corpus = os.path.join(here, "..", "..", "shared", "corpus", "open")
    for i, name in enumerate(sorted(os.listdir(corpus)) if os.path.isdir(corpus) else []):
        if i % every == 0:
            with open(os.path.join(corpus, name, "meta.json")) as f:
                meta = json.load(f)
            folder = os.path.join(corpus, name, meta["dir"])
            yield Stack(name, folder, meta["files"], meta["profiles"], meta["env"], os.path.join(corpus, name))


def main():
    n = 0
    for stack in stacks():
        check(stack)
        n += 1
    print("same-spec: %d stacks, %d comparisons (%s), %d failed; left out: %s" % (
        n, sum(done.values()), ", ".join("%s %d" % x for x in sorted(done.items())), failures,
        ", ".join("%s %d" % x for x in sorted(skipped.items())) or "nothing"))
    sys.exit(1 if failures or not done else 0)


main()
