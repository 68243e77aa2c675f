#!/usr/bin/env python3
"""beside.py STACKPLAN [EVERY [SEED]] - every key in many spellings means what Docker Compose takes it to mean.

Each case is a small spec. Both programs print it by `config --format json`; both must refuse it, or both print the same model. Cases:
each value of each key alone; pairs of values of a key, the second laid over the first by a second file or by extends; texts with variables;
lines of env files; whole files. EVERY=1 (the default) tries all of them, EVERY=n one in n, which ones by SEED (by the day, if not given).
What unlike.py names is expected to be otherwise, and must be.
"""
import concurrent.futures, contextlib, datetime, json, os, random, subprocess, sys, tempfile
from rows import BESIDE, ENVIRONMENT, FILES, LINES, OTHERS, SERVICE, TAGS, TEXTS, TOP, VARIABLES
from unlike import UNLIKE

RELEASE = "2.26."  # of Compose: other releases are unlike in other places
NO_ORDER = {"cap_add", "cap_drop", "configs", "devices", "env_file", "expose", "group_add", "links", "ports", "profiles", "secrets",
            "security_opt", "tmpfs", "volumes", "volumes_from"}
PAIRS = 1200  # of values
USER = "services:\n  app: {image: a, networks: [front], volumes: ['data:/d'], secrets: [key], configs: [conf]}\n"


def service(key, value, image=True):
    return "services:\n  app:\n" + ("    image: a\n" if image and key != "image" else "") + f"    {key}: {value}\n"


def case(name, spec, environment=ENVIRONMENT, args=(), named=False, **more):
    files = {"compose.yaml": spec, **BESIDE, **{path.replace("_DOT_", "."): text for path, text in more.items()}}
    return {"name": name, "files": files, "environment": environment, "args": list(args), "named": named}


def alone():
    for key, values in SERVICE.items():
        for value in values:
            yield case(f"{key}: {value}", service(key, value) + OTHERS)
    yield case("build alone", service("build", ".", False) + OTHERS)
    for place, values in TOP.items():
        top, _, member = place.partition(".")
        for value in values:
            spec = "" if top == "services" else USER
            for section, own in (("networks", "front: {}"), ("volumes", "data: {}"), ("secrets", "key: {file: ./note.txt}"),
                                 ("configs", "conf: {file: ./note.txt}")):
                if top != "services":
                    spec += f"{section}:\n  " + (f"{member}: {value}" if section == top else own) + "\n"
            yield case(f"{place}: {value}", spec + ("" if member else f"{top}: {value}\n"), named=top == "name")


def laid_over(key, first, second, way):
    if way == "by a file":
        return case(f"{key}: {first} <- {second}", service(key, first) + OTHERS, args=["-f", "compose.yaml", "-f", "second.yaml"],
                    second_DOT_yaml=service(key, second, False))
    spec = f"services:\n  base:\n    image: a\n    {key}: {first}\n  app:\n    extends: base\n    {key}: {second}\n{OTHERS}"
    return case(f"{key}: {first} <- {second} (extends)", spec)


def texts():
    for text in TEXTS:
        spec = f"services:\n  app:\n    image: a\n    environment: {{X: {json.dumps(text)}}}\n    labels: [{json.dumps('l=' + text)}]\n"
        yield case(f"text {text}", spec, VARIABLES)
    for lines in LINES:
        yield case(f"line {lines!r} of .env", 'services: {app: {image: a, environment: {XA: "${A-none}", XB: "${B-none}"}}}\n', _DOT_env=lines + "\n")
        yield case(f"line {lines!r} of an env_file", "services: {app: {image: a, env_file: x.env}}\n", x_DOT_env=lines + "\n")
    for name, spec in FILES.items():
        yield case(f"file: {name}", spec)
    for name, (first, second) in TAGS.items():
        yield case(f"tag: {name}", f"services:\n  app:\n    image: a\n    {first}\n{OTHERS}---\nservices:\n  app:\n    {second}\n")


def plain(value, key=""):
    """The value without what has no meaning: empty members, the kind of a scalar, the order of a list that has none"""
    if isinstance(value, dict):
        members = {name: plain(member, name) for name, member in value.items()}
        return {name: member for name, member in members.items() if member is not None} or None
    if isinstance(value, list):
        items = [item for item in map(plain, value) if item is not None]
        return (sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) if key in NO_ORDER else items) or None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def unlike(mine, theirs, path=""):
    """The first place where two models are not the same, or None"""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for name in sorted({*mine, *theirs}):
            found = unlike(mine.get(name), theirs.get(name), f"{path}.{name}")
            if found:
                return found
        return None
    return None if mine == theirs else f"{path[1:]} is {json.dumps(mine)[:200]}, and {json.dumps(theirs)[:200]} in Compose"


def model(program, case, folder):
    """What the program makes of the case: (model, None), or (None, message)"""
    name = [] if case["named"] else ["-p", "beside"]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **case["environment"]}
    run = subprocess.run(program + name + case["args"] + ["config", "--format", "json"], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                         capture_output=True, timeout=60)
    if run.returncode:
        return None, run.stderr.decode(errors="replace").strip()[-400:]
    top = json.loads(run.stdout.decode(errors="replace").replace(folder, "/FOLDER"))
    return plain({key: value for key, value in top.items() if key != "version" and (key != "name" or case["named"])}) or {}, None


@contextlib.contextmanager
def laid_out(case):
    """A folder with the files of the case"""
    with tempfile.TemporaryDirectory(prefix="beside") as folder:
        for path, text in case["files"].items():
            path = os.path.join(folder, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        yield folder


def both(case):
    """What both programs make of the case"""
    with laid_out(case) as folder:
        return model([STACKPLAN], case, folder), model(["docker", "compose"], case, folder)


def judge(case):
    """None where both agree, else what is unlike"""
    (mine, my_message), (theirs, their_message) = both(case)
    if mine is not None and theirs is not None:
        return unlike(mine, theirs)
    if mine is None and theirs is None:
        return None
    return f"refused: {my_message}" if mine is None else f"accepted; Compose says: {their_message}"


def is_taken(case):
    """Do both take it, and alike?"""
    (mine, _), (theirs, _) = both(case)
    return mine is not None and mine == theirs


def judge_pair(key, first, second, way):
    """As judge, but a value that is not taken alone is nothing to lay over another"""
    found = judge(laid_over(key, first, second, way))
    return found if found and all(is_taken(case("", service(key, value) + OTHERS)) for value in (first, second)) else None


def main():
    every = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else datetime.date.today().toordinal())
    release = subprocess.run(["docker", "compose", "version", "--short"], capture_output=True, text=True).stdout.strip().lstrip("v")
    if not release.startswith(RELEASE):
        print(f"beside: skipped, it takes Docker Compose {RELEASE}x, not {release or 'none'}")
        return 0
    tried = [(one["name"], judge, (one,)) for one in [*alone(), *texts()]]
    for _ in range(PAIRS):
        key = chance.choice([key for key in SERVICE if len(SERVICE[key]) > 1])
        first, second, way = chance.choice(SERVICE[key]), chance.choice(SERVICE[key]), chance.choice(["by a file", "by extends"])
        tried.append((f"{key}: {first} <- {second} ({way})", judge_pair, (key, first, second, way)))
    tried = chance.sample(tried, len(tried) // every)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (name, _, _), found in zip(tried, pool.map(lambda one: one[1](*one[2]), tried)):
            if bool(found) != (name in UNLIKE):
                failed += 1
                print(f"FAILED  beside: {name}: {found or 'it is like Compose, and unlike.py says that it is not'}")
    print(f"beside: {len(tried) - failed} passed, {failed} failed")
    return failed > 0


STACKPLAN = os.path.abspath(sys.argv[1])
sys.exit(main())
