"""changes_rows.py - the table of changes: what stands in the spec before and after, and what must come of it.

Each row has services of its own: the one under test, and such as it needs beside it. The rows of one stack are in one file, of
which half change at once, so that what a change does to the others is seen. In all texts @P@ is the project, @N@ a number that
no other project has."""

BASE = {"image": "busybox", "init": True, "command": ["sleep", "600"], "stop_grace_period": "1s"}

replaced, kept, restarted, removed, made = "replaced", "kept", "restarted", "removed", "made"


class Row:
    """One change. SERVICES: suffix -> (keys before, keys after), laid over BASE, None takes a key away; TOPS likewise for
    the sections at the top. DOES: suffix -> what becomes of its container ("" is the service of the row, "net:KEY" a network,
    "vol:KEY" a volume); what is not named is kept. KEYS: suffix -> [(key, had, want)]. WHY: suffix -> part of the reason. COMPOSE: why Docker Compose does another thing, or cannot be asked."""

    def __init__(self, name, services, tops, does, keys, why, compose, hand, files, check, said=None):
        self.name, self.services, self.tops, self.does, self.keys = name, services, tops, does, keys
        self.why, self.compose, self.hand, self.files, self.check, self.said = (
            why, compose, hand, files, check, said)


def key_row(name, before, after, key, had, want, also=None, tops=None, does=None, keys=None, why=None, compose=None, files=None,
            check=None, said=None, hand=None):
    """One key of one service changes from HAD to WANT (None: not set), and its container alone is replaced."""
    services = {"": (before, after)}
    for suffix, item in (also or {}).items():
        services[suffix] = item if isinstance(item, tuple) else (item, item)
    if keys is None:
        keys = {"": [(key, had, want)]} if key else {}
    return Row(name, services, tops or {}, {"": replaced} if does is None else does, keys, why or {}, compose, hand, files or {},
               check, said)


def simple(name, old, new, had, want, compose=None):
    """A key that is set before and after."""
    return key_row(name.replace("_", "-"), {name: old}, {name: new}, name, had, want, compose=compose)


def nothing(name, before, after, also=None, tops=None, compose=None, files=None, said=None):
    """A change that means nothing to what runs."""
    return key_row(name, before, after, None, None, None, also, tops, {}, compose=compose, files=files, said=said)


def q(text):
    return '"%s"' % text


LESS = "we leave what Compose makes anew: "

CONFIG = [
    # ---- what runs ----
    key_row("image", {}, {"image": "@P@-img:2"}, "image", q("busybox"), q("@P@-img:2")),
    key_row("command", {}, {"command": ["sleep", "700"]}, "command", '["sleep", "600"]', '["sleep", "700"]'),
    key_row("command-gone", {}, {"command": None}, "command", '["sleep", "600"]', None),
    key_row("command-secret", {"command": ["echo", "${CHANGES_TOKEN_A}"]}, {"command": ["echo", "${CHANGES_TOKEN_B}"]}, "command",
            "<redacted>", '["echo", <redacted>]'),
    key_row("entrypoint", {"entrypoint": ["nice", "-n", "1"]}, {"entrypoint": ["nice", "-n", "2"]}, "entrypoint",
            '["nice", "-n", "1"]', '["nice", "-n", "2"]'),
    key_row("entrypoint-new", {}, {"entrypoint": "nice"}, "entrypoint", None, '["nice"]'),
    simple("user", "1000", "1001", q("1000"), q("1001")),
    simple("working_dir", "/tmp", "/var", q("/tmp"), q("/var")),
    simple("hostname", "one", "two", q("one"), q("two")),
    simple("domainname", "one.example", "two.example", q("one.example"), q("two.example")),
    key_row("init", {}, {"init": None}, "init", "true", None),
    simple("privileged", True, False, "true", None),
    simple("read_only", False, True, None, "true"),
    simple("tty", True, False, "true", None),
    simple("stdin_open", False, True, None, "true"),
    simple("restart", "no", "on-failure:3", q("no"), q("on-failure:3")),
    simple("stop_signal", "SIGINT", "SIGTERM", q("SIGINT"), q("SIGTERM")),
    key_row("stop-grace-period", {}, {"stop_grace_period": "2s"}, "stop_grace_period", "1s", "2s"),
    # ---- environment ----
    key_row("env-change", {"environment": {"A": "1", "B": "1"}}, {"environment": {"A": "1", "B": "2"}}, "environment.B", q("1"), q("2")),
    key_row("env-add", {"environment": {"A": "1"}}, {"environment": {"A": "1", "B": "2"}}, "environment.B", None, q("2")),
    key_row("env-remove", {"environment": {"A": "1", "B": "1"}}, {"environment": {"A": "1"}}, "environment.B", q("1"), None),
    key_row("env-secret", {"environment": {"API_TOKEN": "first-x"}}, {"environment": {"API_TOKEN": "second-x"}},
            "environment.API_TOKEN", "<redacted>", "<redacted>"),
    key_row("env-file", {"env_file": "env-file.env"}, {"env_file": "env-file.env"}, "environment.FROM_FILE", "<redacted>", "<redacted>",
            files={"env-file.env": ("FROM_FILE=hidden-1\n", "FROM_FILE=hidden-2\n")}),
    # ---- labels and the like ----
    key_row("label-change", {"labels": {"a.b": "1"}}, {"labels": {"a.b": "2"}}, "labels.a.b", q("1"), q("2")),
    key_row("label-add", {"labels": {"a": "1"}}, {"labels": {"a": "1", "b": "2"}}, "labels.b", None, q("2")),
    key_row("label-remove", {"labels": {"a": "1", "b": "1"}}, {"labels": {"a": "1"}}, "labels.b", q("1"), None),
    # ---- limits ----
    simple("mem_limit", "64m", "96m", "64m", "96m"),
    simple("mem_reservation", "32m", "48m", "32m", "48m"),
    simple("cpus", 0.5, 0.75, "0.5", "0.75"),
    simple("cpu_shares", 512, 256, "512", "256"),
    simple("cpuset", "0", "0-1", q("0"), q("0-1")),
    simple("pids_limit", 100, 200, "100", "200"),
    simple("oom_score_adj", 100, 200, "100", "200"),
    simple("shm_size", "32m", "48m", "32m", "48m"),
    key_row("ulimits", {"ulimits": {"nofile": 100, "nproc": 50}}, {"ulimits": {"nofile": {"soft": 100, "hard": 200}, "nproc": 50}},
            "ulimits.nofile", "100", "{soft: 100, hard: 200}"),
    key_row("deploy-limits", {"deploy": {"resources": {"limits": {"memory": "64m", "cpus": "0.5"}}}},
            {"deploy": {"resources": {"limits": {"memory": "96m", "cpus": "0.5"}}}}, "deploy.resources",
            "{limits: {cpus: 0.5, memory: 64m}}", "{limits: {cpus: 0.5, memory: 96m}}"),
    key_row("deploy-restart", {"deploy": {"restart_policy": {"condition": "on-failure", "max_attempts": 2}}},
            {"deploy": {"restart_policy": {"condition": "on-failure", "max_attempts": 3}}}, "deploy.restart_policy",
            '{condition: "on-failure", max_attempts: 2}', '{condition: "on-failure", max_attempts: 3}'),
    # ---- rights ----
    simple("cap_add", ["NET_ADMIN"], ["NET_RAW"], '["NET_ADMIN"]', '["NET_RAW"]'),
    simple("cap_drop", ["ALL"], ["MKNOD"], '["ALL"]', '["MKNOD"]'),
    simple("security_opt", ["no-new-privileges:true"], ["no-new-privileges:false"], '["no-new-privileges:true"]', '["no-new-privileges:false"]'),
    simple("devices", ["/dev/null:/dev/x"], ["/dev/zero:/dev/x"], '["/dev/null:/dev/x:rwm"]', '["/dev/zero:/dev/x:rwm"]'),
    simple("group_add", ["10"], ["20"], '["10"]', '["20"]'),
    key_row("sysctls", {"sysctls": {"net.core.somaxconn": "512"}}, {"sysctls": {"net.core.somaxconn": "1024"}},
            "sysctls.net.core.somaxconn", q("512"), q("1024")),
    # ---- namespaces ----
    key_row("pid", {"pid": "host"}, {"pid": None}, "pid", q("host"), None),
    simple("ipc", "shareable", "private", q("shareable"), q("private")),
    key_row("uts", {}, {"uts": "host"}, "uts", None, q("host")),
    key_row("network-mode", {"network_mode": "none"}, {"network_mode": "host"}, "network_mode", q("none"), q("host")),
    key_row("network-mode-service", {"network_mode": "service:network-mode-service-a"},
            {"network_mode": "service:network-mode-service-b"}, "network_mode",
            q("service:network-mode-service-a"), q("service:network-mode-service-b"), also={"-a": {}, "-b": {}}),
    # ---- names and networks ----
    simple("dns", ["1.1.1.1"], ["1.1.1.2"], '["1.1.1.1"]', '["1.1.1.2"]'),
    simple("dns_search", ["a.example"], ["b.example"], '["a.example"]', '["b.example"]'),
    simple("dns_opt", ["ndots:1"], ["ndots:2"], '["ndots:1"]', '["ndots:2"]'),
    simple("extra_hosts", ["h:10.0.0.1"], ["h:10.0.0.2"], '["h=10.0.0.1"]', '["h=10.0.0.2"]'),
    simple("expose", ["90"], ["91"], '["90"]', '["91"]'),
    simple("ports", ["127.0.0.1:2@N@101:80"], ["127.0.0.1:2@N@102:80"], "[127.0.0.1:2@N@101:80/tcp]", "[127.0.0.1:2@N@102:80/tcp]"),
    key_row("ports-add", {}, {"ports": ["127.0.0.1:2@N@103:80"]}, "ports", None, "[127.0.0.1:2@N@103:80/tcp]"),
    key_row("net-add", {"networks": ["net-add-a"]}, {"networks": ["net-add-a", "net-add-b"]}, "networks.net-add-b", None, "network @P@_net-add-b",
            also={"-peer": {"networks": ["net-add-a", "net-add-b"]}},
            tops={"networks": ({"net-add-a": {}, "net-add-b": {}},) * 2}),
    key_row("net-remove", {"networks": ["net-remove-a", "net-remove-b"]}, {"networks": ["net-remove-a"]}, "networks.net-remove-b", "network @P@_net-remove-b", None,
            also={"-peer": {"networks": ["net-remove-a", "net-remove-b"]}},
            tops={"networks": ({"net-remove-a": {}, "net-remove-b": {}},) * 2}),
    key_row("net-alias", {"networks": {"net-alias": {"aliases": ["x"]}}}, {"networks": {"net-alias": {"aliases": ["y"]}}},
            "networks.net-alias", 'network @P@_net-alias, {aliases: ["x"]}', 'network @P@_net-alias, {aliases: ["y"]}', also={"-peer": {"networks": ["net-alias"]}},
            tops={"networks": ({"net-alias": {}},) * 2}),
    key_row("net-ipv4", {"networks": {"net-ipv4": {"ipv4_address": "@S@.7.10"}}},
            {"networks": {"net-ipv4": {"ipv4_address": "@S@.7.11"}}}, "networks.net-ipv4",
            'network @P@_net-ipv4, {ipv4_address: "@S@.7.10"}',
            'network @P@_net-ipv4, {ipv4_address: "@S@.7.11"}',
            tops={"networks": ({"net-ipv4": {"ipam": {"config": [{"subnet": "@S@.7.0/24"}]}}},) * 2}),
    key_row("links", {"links": ["links-db:one"]}, {"links": ["links-db:two"]}, "links", '["links-db:one"]', '["links-db:two"]',
            also={"-db": {}}),
    key_row("container-name", {"container_name": "@P@-called-a"}, {"container_name": "@P@-called-b"}, None, None, None),
    # ---- volumes ----
    key_row("bind", {"volumes": ["./bind-a:/d"]}, {"volumes": ["./bind-b:/d"]}, "volumes./d", "bind @D@/bind-a", "bind @D@/bind-b"),
    key_row("bind-ro", {"volumes": ["./bind-a:/d"]}, {"volumes": ["./bind-a:/d:ro"]}, "volumes./d", "bind @D@/bind-a", "bind @D@/bind-a, read-only"),
    key_row("vol-other", {"volumes": ["vol-other-a:/d"]}, {"volumes": ["vol-other-b:/d"]}, "volumes./d", "volume @P@_vol-other-a",
            "volume @P@_vol-other-b", also={"-peer": {"volumes": ["vol-other-a:/d", "vol-other-b:/e"]}},
            tops={"volumes": ({"vol-other-a": {}, "vol-other-b": {}},) * 2}),
    key_row("vol-target", {"volumes": ["vol-target:/d"]}, {"volumes": ["vol-target:/e"]}, None, None, None,
            keys={"": [("volumes./d", "volume @P@_vol-target", None), ("volumes./e", None, "volume @P@_vol-target")]},
            tops={"volumes": ({"vol-target": {}},) * 2}),
    key_row("vol-tmpfs", {"volumes": [{"type": "tmpfs", "target": "/d", "tmpfs": {"size": "1m"}}]},
            {"volumes": [{"type": "tmpfs", "target": "/d", "tmpfs": {"size": "2m"}}]}, "volumes./d", "tmpfs, size 1m", "tmpfs, size 2m"),
    key_row("vol-anonymous", {"volumes": ["/d"]}, {"volumes": ["/d", "/e"]}, "volumes./e", None, "volume"),
    key_row("tmpfs", {"tmpfs": ["/d:size=1m"]}, {"tmpfs": ["/d:size=2m"]}, "tmpfs", '["/d:size=1m"]', '["/d:size=2m"]'),
    key_row("volumes-from", {"volumes_from": ["volumes-from-a"]}, {"volumes_from": ["volumes-from-b"]}, "volumes_from",
            '["volumes-from-a"]', '["volumes-from-b"]', also={"-a": {"volumes": ["/one"]}, "-b": {"volumes": ["/two"]}}),
    # ---- healthcheck, logging ----
    key_row("health-test", {"healthcheck": {"test": ["CMD", "true"]}}, {"healthcheck": {"test": ["CMD", "false"]}}, "healthcheck.test",
            '["CMD-SHELL", "true"]', '["CMD", "false"]'),
    key_row("health-interval", {"healthcheck": {"test": ["CMD", "true"], "interval": "5s"}},
            {"healthcheck": {"test": ["CMD", "true"], "interval": "1m"}}, "healthcheck.interval", "5s", "60s"),
    key_row("health-off", {"healthcheck": {"test": ["CMD", "true"]}}, {"healthcheck": {"disable": True}}, None, None, None,
            keys={"": [("healthcheck.disable", None, "true"), ("healthcheck.test", '["CMD-SHELL", "true"]', None)]}),
    key_row("logging", {"logging": {"driver": "json-file", "options": {"max-size": "1m"}}},
            {"logging": {"driver": "json-file", "options": {"max-size": "2m"}}}, "logging",
            '{driver: "json-file", options: {max-size: "1m"}}', '{driver: "json-file", options: {max-size: "2m"}}'),
    # ---- secrets and configs ----
    key_row("secret-file", {"secrets": ["secret-file"]}, {"secrets": ["secret-file"]}, "secrets./run/secrets/secret-file",
            "bind @D@/bind-a/file", "bind @D@/bind-b/file",
            tops={"secrets": ({"secret-file": {"file": "./bind-a/file"}}, {"secret-file": {"file": "./bind-b/file"}})},
            compose="Compose does not notice that a secret is read from another file"),
    # ---- what must change nothing ----
    nothing("depends-on", {}, {"depends_on": ["depends-on-b"]}, also={"-b": {}}, compose=LESS + "the order of starts is none of a container's"),
    nothing("x-own", {}, {"x-stackplan": {"about": "It is told."}, "x-other": 1}),
    nothing("pull-policy", {}, {"pull_policy": "missing"}),
    nothing("profiles-same", {"profiles": ["always"]}, {"profiles": ["always", "sometimes"]}, compose=LESS + "profiles decide whether it is made"),
    nothing("deploy-labels", {}, {"deploy": {"labels": {"a": "1"}}}, compose=LESS + "they are labels of a swarm's service"),
    nothing("pre-stop", {}, {"pre_stop": [{"command": ["true"]}]}, compose=LESS + "the hook runs when it is stopped"),
    nothing("build", {}, {"build": "./bind-a"}),
    nothing("zeros", {}, {"privileged": False, "tty": False, "mem_limit": 0, "user": "", "cap_add": []}),
    nothing("default-said", {}, {"networks": ["default"]}),
    key_row("post-start", {"post_start": [{"command": ["true"]}]}, {"post_start": [{"command": ["false"]}]}, "post_start", None,
            '[{command: ["false"]}]'),
]


def network_row(name, before, after, key, had, want, compose):
    """One key of a network changes: it is made anew, and so are those that are in it; the network beside it stays."""
    section = ({name: before, name + "-beside": {}}, {name: after, name + "-beside": {}})
    row = key_row(name, {"networks": [name]}, {"networks": [name]}, None, None, None,
                  also={"-both": {"networks": [name, name + "-beside"]}, "-beside": {"networks": [name + "-beside"]}},
                  tops={"networks": section}, does={"": replaced, "-both": replaced, "net:" + name: replaced},
                  keys={"net:" + name: [(key, had, want)]},
                  why={"": "the network '%s' is made anew" % name, "-both": "the network '%s' is made anew" % name}, compose=compose)
    return row


LATER = "this Compose never looks at a network that is there; later ones make it anew, as we do"

CONFIG += [
    network_row("nk-opts", {"driver_opts": {"com.docker.network.driver.mtu": "1400"}},
                {"driver_opts": {"com.docker.network.driver.mtu": "1300"}}, "driver_opts",
                '{com.docker.network.driver.mtu: "1400"}', '{com.docker.network.driver.mtu: "1300"}', LATER),
    network_row("nk-internal", {}, {"internal": True}, "internal", None, "true", LATER),
    network_row("nk-attachable", {"attachable": True}, {}, "attachable", "true", None, LATER),
    network_row("nk-labels", {"labels": {"a": "1"}}, {"labels": {"a": "2"}}, "labels", '{a: "1"}', '{a: "2"}', LATER),
    network_row("nk-ipam", {"ipam": {"config": [{"subnet": "@S@.1.0/24"}]}}, {"ipam": {"config": [{"subnet": "@S@.2.0/24"}]}},
                "ipam", '{config: [{subnet: "@S@.1.0/24"}]}', '{config: [{subnet: "@S@.2.0/24"}]}', LATER),
]

CONFIG += [
    # ---- a network or volume is called otherwise ----
    key_row("net-name", {"networks": ["net-name"]}, {"networks": ["net-name"]}, "networks.net-name", "network @P@-called-one",
            "network @P@-called-two", tops={"networks": ({"net-name": {"name": "@P@-called-one"}}, {"net-name": {"name": "@P@-called-two"}})},
            does={"": replaced, "net:@P@-called-two": made}, said="a network that the spec does not know: '@P@-called-one'",
            compose="Compose makes the new network, and the container stays in the old one"),
    key_row("vol-name", {"volumes": ["vol-name:/d"]}, {"volumes": ["vol-name:/d"]}, "volumes./d", "volume @P@-vol-one",
            "volume @P@-vol-two", tops={"volumes": ({"vol-name": {"name": "@P@-vol-one"}}, {"vol-name": {"name": "@P@-vol-two"}})},
            does={"": replaced, "vol:@P@-vol-two": made}, said="the data are still in the volume '@P@-vol-one'",
            compose="Compose makes the new volume, and the container goes on with the old one"),
    # ---- keys of a volume that is there: it stays, and that is said ----
    nothing("vk-labels", {"volumes": ["vk-labels:/d"]}, {"volumes": ["vk-labels:/d"]},
            tops={"volumes": ({"vk-labels": {"labels": {"a": "1"}}}, {"vk-labels": {"labels": {"a": "2"}}})},
            said="""the volume '@P@_vk-labels' was made with 'labels' {a: "1"}, not {a: "2"}"""),
    nothing("vk-driver-opts", {"volumes": ["vk-driver-opts:/d"]}, {"volumes": ["vk-driver-opts:/d"]},
            tops={"volumes": ({"vk-driver-opts": {}}, {"vk-driver-opts": {"driver_opts": {"type": "tmpfs", "device": "tmpfs"}}})},
            said="the volume '@P@_vk-driver-opts' was made without 'driver_opts', which is {type: \"tmpfs\", device: \"tmpfs\"} now"),
]


# ---- containers that run: what follows for others, how many there are, what was done by hand ----

def by_hand(name, hand, does=None, keys=None, why=None, service=None, also=None, tops=None, compose=None, check=None, said=None):
    """Somebody does something to what runs, and the spec stays as it is."""
    services = {"": (service or {},) * 2}
    for suffix, item in (also or {}).items():
        services[suffix] = (item, item)
    return Row(name, services, tops or {}, does or {}, keys or {}, why or {}, compose, hand, {}, check, said)


def docker(*words):
    """A docker command on the row's container, which @C@ stands for."""
    def hand(stack, row):
        container = "%s-%s-1" % (stack.project, row.name)
        stack.docker(*[stack.text(w).replace("@C@", container) for w in words])
    return hand


def both(*hands):
    def hand(stack, row):
        for one in hands:
            one(stack, row)
    return hand


def holds(command, text):
    """A command in the row's container says so."""
    def check(stack, row):
        said = stack.docker("exec", "%s-%s-1" % (stack.project, row.name), *command)
        return None if said.strip() == text else "%s says '%s', not '%s'" % (" ".join(command), said.strip(), text)
    return check


def is_in(*networks):
    """The row's container is in these networks and no other."""
    def check(stack, row):
        said = stack.docker("inspect", "-f", "{{range $k, $v := .NetworkSettings.Networks}}{{$k}} {{end}}",
                            "%s-%s-1" % (stack.project, row.name)).split()
        want = sorted(stack.text(n) for n in networks)
        return None if sorted(said) == want else "it is in %s, not in %s" % (said, want)
    return check


def env_change(more=None):
    """(before, after) of a service that is replaced."""
    return ({"environment": {"A": "1"}, **(more or {})}, {"environment": {"A": "2"}, **(more or {})})


def follows(name, key, service, restart=None, db=None, compose=None):
    """The row's service is tied to another one, "-db", which is replaced."""
    return key_row(name, service, service, None, None, None, also={"-db": env_change({"volumes": ["/x"], **(db or {})})},
                   does={"": restart or replaced, "-db": replaced}, keys={"-db": [("environment.A", q("1"), q("2"))]},
                   why={"": "'%s' ties it to '%s-db', which is replaced" % (key, name) if not restart else
                        "'restart: true' ties it to '%s-db', which is replaced" % name}, compose=compose)


def scaled(name, before, after, does, keys, why):
    return key_row(name, before, after, None, None, None, does=does, keys={}, why=why)


# What Compose must not be asked, or the other rows would come to nothing
ALONE = "not asked: "
NOT_LOOKED_AT = "Compose does not look at what containers have, but at what was asked for when they were made"

RUNNING = [
    key_row("secret-env", {"secrets": ["secret-env"]}, {"secrets": ["secret-env"]}, "secrets./run/secrets/secret-env", "<redacted>", "<redacted>",
            tops={"secrets": ({"secret-env": {"environment": "CHANGES_ONE"}}, {"secret-env": {"environment": "CHANGES_TWO"}})},
            compose="Compose cannot notice that a secret from the environment has another value"),
    key_row("config-content", {"configs": ["config-content"]}, {"configs": ["config-content"]}, "configs./config-content", None, '"two"',
            tops={"configs": ({"config-content": {"content": "one"}}, {"config-content": {"content": "two"}})},
            compose="Compose does not notice that a config has other content"),
    # ---- cascades ----
    follows("tie-network", "network_mode", {"network_mode": "service:tie-network-db"}),
    follows("tie-ipc", "ipc", {"ipc": "service:tie-ipc-db"}, db={"ipc": "shareable"}),
    follows("tie-pid", "pid", {"pid": "service:tie-pid-db"}),
    follows("tie-volumes", "volumes_from", {"volumes_from": ["tie-volumes-db"]}),
    follows("tie-restart", "depends_on", {"depends_on": {"tie-restart-db": {"condition": "service_started", "restart": True}}}, restarted,
            compose="we restart it, as the key says; Compose makes it anew"),
    key_row("tie-none", {"depends_on": ["tie-none-db"]}, {"depends_on": ["tie-none-db"]}, None, None, None,
            also={"-db": env_change()}, does={"-db": replaced}, keys={"-db": [("environment.A", q("1"), q("2"))]},
            compose=LESS + "nothing asks for it"),
    # ---- how many there are ----
    scaled("scale-up", {"scale": 1}, {"scale": 3}, {" 2": made, " 3": made}, {}, {" 3": "container 3 of service 'scale-up'"}),
    scaled("scale-down", {"scale": 3}, {"scale": 1}, {" 2": removed, " 3": removed}, {}, {" 3": "'scale-down' is to have 1 container"}),
    scaled("replicas-up", {"deploy": {"replicas": 1}}, {"deploy": {"replicas": 2}}, {" 2": made}, {}, {" 2": "container 2 of service"}),
    scaled("scale-none", {"scale": 1}, {"scale": 0}, {"": removed}, {}, {"": "'scale-none' is to have 0 containers"}),
    key_row("service-new", {}, {}, None, None, None, also={"-new": (None, {})}, does={"-new": made}, why={"-new": "service 'service-new-new'"}),
    key_row("service-gone", {}, {}, None, None, None, also={"-gone": ({}, None)}, does={}, said="'@P@-service-gone-gone-1'"),
    key_row("profile-off", {}, {"profiles": ["never"]}, None, None, None, does={}),
    # ---- data ----
    key_row("keeps-anonymous", {"volumes": ["/d"], "environment": {"A": "1"}}, {"volumes": ["/d"], "environment": {"A": "2"}},
            "environment.A", q("1"), q("2"), hand=docker("exec", "@C@", "sh", "-c", "echo kept >/d/file"), check=holds(["cat", "/d/file"], "kept")),
    key_row("keeps-named", {"volumes": ["keeps-named:/d"], "environment": {"A": "1"}}, {"volumes": ["keeps-named:/d"], "environment": {"A": "2"}},
            "environment.A", q("1"), q("2"), hand=docker("exec", "@C@", "sh", "-c", "echo kept >/d/file"), check=holds(["cat", "/d/file"], "kept"),
            tops={"volumes": ({"keeps-named": {}},) * 2}),
    # ---- by hand ----
    by_hand("hand-stop", docker("stop", "@C@"), {"": restarted}, why={"": "container '@P@-hand-stop-1' is exited"}),
    by_hand("hand-kill", docker("kill", "@C@"), {"": restarted}, why={"": "container '@P@-hand-kill-1' is exited"}),
    by_hand("hand-pause", docker("pause", "@C@"), why={"": "container '@P@-hand-pause-1' is paused"},
            check=holds(["echo", "on"], "on"), compose=ALONE + "its 'up' ends with an error: it does not let a paused container go on"),
    by_hand("hand-rm", docker("rm", "-f", "@C@"), {"": replaced}, why={"": "service 'hand-rm'"}),
    by_hand("hand-rename", docker("rename", "@C@", "@P@-other-name"), why={"": "'hand-rename' is called '@P@-other-name'"},
            check=holds(["echo", "on"], "on")),
    by_hand("hand-memory", docker("update", "--memory", "96m", "--memory-swap", "192m", "@C@"), {"": replaced}, {"": [("mem_limit", "96m", "64m")]},
            {"": "'mem_limit' was changed by hand: it is 96m, and the spec has 64m"}, {"mem_limit": "64m"}, compose=NOT_LOOKED_AT),
    by_hand("hand-memory-new", docker("update", "--memory", "96m", "--memory-swap", "192m", "@C@"), {"": replaced}, {"": [("mem_limit", "96m", None)]},
            {"": "'mem_limit' was set by hand: it is 96m, and the spec does not set it"}, compose=NOT_LOOKED_AT),
    by_hand("hand-cpus", docker("update", "--cpus", "0.75", "@C@"), {"": replaced}, {"": [("deploy.resources", "0.75", "0.5")]}, {},
            {"deploy": {"resources": {"limits": {"cpus": "0.5"}}}}, compose=NOT_LOOKED_AT),
    by_hand("hand-restart", docker("update", "--restart", "always", "@C@"), {"": replaced}, {"": [("restart", q("always"), q("on-failure:3"))]}, {},
            {"restart": "on-failure:3"}, compose=NOT_LOOKED_AT),
    by_hand("hand-disconnect", docker("network", "disconnect", "@P@_hand-disconnect-b", "@C@"), {}, {},
            {"": "'hand-disconnect' is not in the network"}, {"networks": ["hand-disconnect-a", "hand-disconnect-b"]},
            tops={"networks": ({"hand-disconnect-a": {}, "hand-disconnect-b": {}},) * 2}, check=is_in("@P@_hand-disconnect-a", "@P@_hand-disconnect-b")),
    by_hand("hand-connect", docker("network", "connect", "@P@_hand-connect-b", "@C@"), {}, {},
            {"": "'hand-connect' is in the network '@P@_hand-connect-b', which the spec does not give it"}, {"networks": ["hand-connect-a"]},
            also={"-peer": {"networks": ["hand-connect-b"]}}, tops={"networks": ({"hand-connect-a": {}, "hand-connect-b": {}},) * 2},
            check=is_in("@P@_hand-connect-a")),
    by_hand("hand-foreign", docker("network", "connect", "bridge", "@C@"), {}, {}, {}, {"networks": ["hand-foreign"]},
            tops={"networks": ({"hand-foreign": {}},) * 2}, check=is_in("@P@_hand-foreign", "bridge")),
    by_hand("hand-network-rm", both(docker("network", "disconnect", "-f", "@P@_hand-network-rm", "@C@"), docker("network", "rm", "@P@_hand-network-rm")),
            {"net:hand-network-rm": replaced}, {}, {"net:hand-network-rm": "network of 'hand-network-rm'"},
            {"networks": ["hand-network-rm"]}, tops={"networks": ({"hand-network-rm": {}},) * 2}, check=is_in("@P@_hand-network-rm")),
    by_hand("hand-volume-rm", both(docker("rm", "-f", "@C@"), docker("volume", "rm", "@P@_hand-volume-rm")),
            {"": replaced, "vol:hand-volume-rm": replaced}, {}, {"": "service 'hand-volume-rm'"}, {"volumes": ["hand-volume-rm:/d"]},
            tops={"volumes": ({"hand-volume-rm": {}},) * 2}),
    by_hand("hand-rebuilt", both(docker("commit", "--change", "LABEL a=2", "@C@", "@P@-img:rebuilt")), {"": replaced}, {},
            {"": "'@P@-img:rebuilt' is another image now"}, {"image": "@P@-img:rebuilt"}),
    by_hand("hand-tag", docker("tag", "@P@-img:other", "@P@-img:tag"), {"": replaced}, {}, {"": "'@P@-img:tag' is another image now"},
            {"image": "@P@-img:tag"}),
]
