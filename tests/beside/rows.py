"""rows.py - what beside.py tries: keys of the specification with values in many spellings, and whole files.

A value stands as it would in YAML. What is meant to be unlike Docker Compose is in unlike.py.
"""

# Files that lie beside the spec of each case
BESIDE = {
    "one.env": "ONE=first\nHUE=of-file\n",
    "two.env": 'TWO="second $ONE"\n',
    "words.lbl": "shade=dark\n",
    "note.txt": "a note\n",
    "part/Dockerfile": "FROM scratch\n",
    "Dockerfile": "FROM scratch\n",
    "more.yaml": 'services:\n  more:\n    image: m\n    environment: [ONE, "HUE=${HUE}"]\n    volumes: ["./here:/there"]\n',
    "most.yaml": "services:\n  more:\n    command: run\n  most:\n    image: n\n",
}
ENVIRONMENT = {"HUE": "teal", "PIC": "painter"}

# The rest of the file in which a service's key stands
OTHERS = """\
  db:
    image: d
    healthcheck: {test: [CMD, "true"]}
  cache: {image: c}
networks: {front: {}, back: {}}
volumes: {data: {}, logs: {}}
secrets: {key: {file: ./note.txt}, pin: {environment: HUE}}
configs: {conf: {file: ./note.txt}, motd: {content: hello}}
"""

SERVICE = {
    "annotations": ["{hue: teal, n: 1, t: true, z: null}", "[hue=teal, bare, none=]", "{}"],
    "attach": ["true", "false", '"yes"', "yes"],
    "blkio_config": ["{weight: 70, weight_device: [{path: /dev/vda, weight: 80}]}", "{weight: x}", "{}"],
    "build": [
        ".", "./part", '"https://example.org/app.git#next"', "{context: ., dockerfile: Other}", "{context: ./part, dockerfile: ../Dockerfile}",
        '{dockerfile_inline: "FROM scratch\\nCOPY . /"}', "{context: ., args: [N=1, HUE, NONE=]}",
        '{context: ., args: {N: 1, HUE: null, T: true, F: 2.50, NONE: ""}}', "{context: ., ssh: default}",
        "{context: ., labels: [hue=teal, bare]}", "{context: ., labels: {n: 1, z: null}}",
        '{context: ., cache_from: [old, "type=local,src=dir"], cache_to: [new]}', "{context: ., no_cache: true, pull: yes}",
        '{context: ., additional_contexts: {lib: ./part, base: "docker-image://m"}}', "{context: ., additional_contexts: [lib=./part]}",
        "{context: ., network: host, target: last, isolation: x}", "{context: ., shm_size: 48m}", "{context: ., shm_size: 48000000}",
        '{context: ., extra_hosts: ["near:10.9.8.7"]}', "{context: ., extra_hosts: {near: 10.9.8.7}}",
        "{context: ., privileged: true, platforms: [linux/arm64], tags: [t1, t2]}",
        "{context: ., ulimits: {nofile: 9, nproc: {soft: 3, hard: 4}}}", "{context: ., secrets: [key]}",
        '{context: ., secrets: [{source: key, target: k, uid: "7", gid: "8", mode: 0400}]}', "{context: ., nonsense: 1}",
        "{context: ., target: 5}", "null", '""', "{}",
    ],
    "cap_add": ["[ALL]", "[SYS_TIME, NET_RAW, SYS_TIME]", "[]"],
    "cap_drop": ["[ALL]", "[mknod]"],
    "cgroup": ["host", "private", "neither"],
    "cgroup_parent": ["slice-a", "5"],
    "command": [
        "serve --port 8100", '"it \'has two\' \\"kinds of\\" quote\\\\s"', '[serve, "two words", last]', "[]", '""', "null", '"say $$HUE"',
        '["say", "$$HUE"]', "\"sh -c 'echo   \\\"wide\\\"'\"", "5", "[1, 2]", "[true]", '"one\\ntwo\\tthree"', '"one #two"', '"open \\"end"',
        '["", ""]', "\"one '' two\"",
    ],
    "configs": [
        "[conf]", '[{source: conf, target: /etc/c, uid: "7", gid: "8", mode: 0440}]', '[{source: conf, mode: "0440"}]',
        "[{source: conf, mode: 440}]", "[conf, {source: motd}]", "[{source: conf, uid: 5}]", "[{target: /etc/c}]", "[conf, conf]",
        "{conf: null}",
    ],
    "container_name": ["the-one", "a.b_c", '"5"', "a", '"-a"', "5", '"two words"'],
    "cpu_count": ["3", '"3"', "1.5"],
    "cpu_percent": ["40", '"40"'],
    "cpu_period": ["30ms", "30000", '"30000"', "2s"],
    "cpu_quota": ["40000", '"40000"', "40ms"],
    "cpu_rt_period": ["'1500us'", "12000"],
    "cpu_rt_runtime": ["'300ms'", "85000", '"85000"'],
    "cpu_shares": ["600", '"600"', "1.5"],
    "cpus": ["0.75", '"0.75"', "1", '"2"', "1.50", "many"],
    "cpuset": ["0,1", "0-1", '"0"', "0"],
    "credential_spec": ["{file: gmsa.json}", "{registry: x}", "{config: conf}", "{}"],
    "depends_on": [
        "[db]", "[db, cache]", "{db: {condition: service_healthy}}", "{db: {condition: service_started, restart: true, required: false}}",
        "{cache: {condition: service_completed_successfully}}", "{gone: {condition: service_started, required: false}}",
        "{gone: {condition: service_started}}", "[gone]", "{db: {}}", "{db: null}", "{db: {condition: x}}", "[db, db]", "[app]",
        '{db: {condition: service_healthy, required: "false"}}', "{db: {restart: true}}",
    ],
    "deploy": [
        "{mode: replicated, replicas: 3}", "{mode: global}", '{replicas: "3"}', "{replicas: 0}", "{endpoint_mode: vip, labels: {hue: teal}}",
        "{labels: [hue=teal, bare]}",
        "{placement: {constraints: [node.role == worker], preferences: [{spread: node.labels.row}], max_replicas_per_node: 2}}",
        '{resources: {limits: {cpus: "0.75", memory: 60M, pids: 9}, reservations: {cpus: "0.5", memory: 30M}}}',
        '{resources: {limits: {cpus: 0.75, memory: 62914560, pids: "9"}}}',
        "{resources: {reservations: {devices: [{capabilities: [gpu], driver: nvidia, count: 2}]}}}",
        "{resources: {reservations: {devices: [{capabilities: [gpu], count: all}]}}}",
        '{resources: {reservations: {devices: [{capabilities: [gpu], device_ids: ["0", "1"], options: {share: false}}]}}}',
        "{resources: {reservations: {devices: [{count: 1}]}}}",
        "{resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: disk, value: 2}}]}}}",
        "{restart_policy: {condition: on-failure, delay: 4s, max_attempts: 2, window: 100s}}",
        "{rollback_config: {parallelism: 2, delay: 1m, failure_action: pause, monitor: 6s, max_failure_ratio: 0.25, order: start-first}}",
        '{update_config: {parallelism: "2", delay: 8s, order: stop-first}}', "{update_config: {monitor: 0s, max_failure_ratio: 0}}",
        "{restart_policy: {delay: 5}}", "{}", "null", "{mode: x}", "{resources: {limits: {memory: much}}}", "{update_config: {order: x}}",
        '{resources: {limits: {memory: "0.5g"}}}',
    ],
    "develop": [
        "{watch: [{path: ./part, action: sync, target: /app}]}", "{watch: [{path: ., action: rebuild, ignore: [tmp/]}]}",
        "{watch: [{path: ./part, action: sync+restart, target: /app}]}", "{}", "{watch: [{action: sync}]}",
    ],
    "device_cgroup_rules": ["['c 5:1 mr', 'b 8:* rmw']", "['x']"],
    "devices": ['["/dev/zero:/dev/nil"]', '["/dev/zero:/dev/nil:rw"]', '["/dev/zero"]', '["example.org/device=one"]', '["a:b:c:d"]', '["/dev/zero:rw"]'],
    "dns": ["10.0.0.53", "[10.0.0.53, 10.0.1.53]", "[]", '""', '["10.0.0.53", "10.0.0.53"]', "null"],
    "dns_opt": ["[rotate, edns0]", "rotate"],
    "dns_search": ["example.org", "[a.example, b.example]", "[]", '""', "null"],
    "domainname": ["example.org", "5"],
    "entrypoint": ["/bin/begin --now", "[begin, -x, y=z]", "[]", '""', "null", "\"a 'b c'\"", "5"],
    "env_file": [
        "one.env", "[one.env, ./more.env]", "[{path: one.env, required: true}, {path: gone.env, required: false}]", "{path: one.env}",
        "[{path: one.env, format: raw}]", "[{path: gone.env}]", "gone.env", "[]", '["one.env", "one.env"]',
        '[{path: two.env, required: "false"}]', "null", "[{required: false}]",
    ],
    "environment": [
        '{A: b, N: 1, F: 1.0, G: 1.50, E: 1e3, T: true, Y: yes, Z: null, Q: "", O: 010, H: 0x1F, D: 2021-03-04, X: 1_000, M: -0, S: 22:22}',
        '[A=b, HUE, C=, "D=e f", E=a=b]', '{A: "${HUE}", B: "$HUE", C: "$$HUE", D: "${GONE:-d}"}', "[A=1, A=2]", "{}", "[]", "null",
        "{A: [1]}", '["=x"]', '[""]', '{"A B": c}', '{A: "one\\ntwo"}', "{HUE: null}", '["A =b"]',
        "{A: 12345678901234567890, B: 1.0e10, C: 123456789.123456789, D: 100000000000000000000000}",
        "{A: 1.10, B: 0.1, C: 1e-7, D: 1e21, E: 1.0, F: 12e03, G: +5, H: +.5}", "{A: .inf}",
    ],
    "expose": ['["3100", "8100"]', "[3100, 8100]", '["8100-8103/tcp"]', '["5300/udp"]', "[]", '["x"]', '[3100, "3100"]', '["3100", "3100/tcp"]'],
    "external_links": ['[other, "other:o"]', '["other:p"]'],
    "extra_hosts": [
        '["near:10.9.8.7", "far=10.9.8.6"]', '{seven: 10.9.8.7, six: "::1"}', '["six:::1"]', '["six=[::1]"]', "{eight: [10.9.8.7, 10.9.8.6]}",
        '["near:10.9.8.7", "near:10.9.8.6"]', '["host.docker.internal:host-gateway"]', '["x"]', "[]", '{six: "[::1]"}', '["six=::1"]',
    ],
    "group_add": ["[audio]", '[1200, "1300", audio]', "[1.5]"],
    "healthcheck": [
        '{test: ["CMD", "look", "-x"], interval: 1m20s, timeout: 9s, retries: 4, start_period: 50s, start_interval: 6s}',
        "{test: look -x || exit 1}", '{test: ["CMD-SHELL", "look in"]}', '{test: ["NONE"]}', "{disable: true}", "{test: NONE}", "{test: [a, b]}",
        "{test: []}", '{test: ""}', "{interval: 6s}", "{interval: 5}", "{interval: 1.5h}", "{interval: 1d}", "{interval: 1h2m3s4ms5us6ns}",
        '{interval: "0"}', "{interval: 0s}", '{retries: "3"}', "{retries: 3.0}", "{retries: 1.5}", "{interval: -5s}", "{}", "null",
        '{test: ["CMD"]}', "{timeout: 90s, interval: 7200s}", "{interval: 120ms}", "{interval: 5µs}", '{test: ["CMD", 1, 2]}', '{test: "a $$b"}',
    ],
    "hostname": ["near", '"a.b"', "5", "near_1"],
    "image": [
        "painter", "painter:3", "painter@sha256:" + "4f" * 32, "library/painter", "docker.io/library/painter", "hub.example:5000/painter",
        '"${PIC:-x}:y"', "5", '""', "null", "PAINTER", '"two words"', "1.10",
    ],
    "init": ["true", "false", '"true"', "yes"],
    "ipc": ["host", "shareable", "service:db", "container:x", "service:gone", "private", "none"],
    "isolation": ["default", "hyperv"],
    "labels": ['{a: b, n: 1, f: 1.0, t: true, z: null, e: ""}', "[a=b, c, d=, e=f=g]", "[]", "{}", "null", '["a b=c"]',
               '{a: "$$x", b: 1.10}', "[a=1, a=2]"],
    "links": ["[db]", '["db:store"]', '["db:store", cache]', "[gone]", '["db", "db"]'],
    "logging": ['{driver: syslog, options: {tag: app, n: 1, t: true, z: null}}', "{driver: none}", "{options: {max-size: 9m, max-file: 2}}",
                "{}", "{options: {a: 1.5}}", "{driver: 5}"],
    "mac_address": ['"02:42:0a:09:08:07"', "x", "02:42:0a:09:08:07"],
    "mem_limit": ["1g", "1G", "1gb", "1GB", "1GiB", "1.5g", "300m", "300M", "2000000", '"2000000"', "2048k", "10b", "1t", "much", '"1 g"',
                  "-1", '"0"', "1.5", "1kib", '"1.5 gb"', "1e3"],
    "mem_reservation": ["1g", "268435456"],
    "mem_swappiness": ["40", '"40"', "0", "-1"],
    "memswap_limit": ["2g", "-1", '"-1"', "0"],
    "network_mode": ["host", "none", "bridge", "service:db", "container:x", "service:gone", "other", '"service:"', "default", ""],
    "networks": [
        "[front]", "[front, back]", "{front: {aliases: [x, y]}, back: null}",
        '{front: {ipv4_address: 10.77.0.9, ipv6_address: "fd00::9", link_local_ips: [169.254.9.9], priority: 900}}',
        "{front: {driver_opts: {a: b, c: 1}}}", "[gone]", "{front: {gw_priority: 5}}", "[]", "{}", "[front, front]", "{front: {}}",
        "{default: {aliases: [q]}}", "[default]", "null", "{front: {x-a: 1}}", "{front: {ipv4_address: x}}",
    ],
    "oom_kill_disable": ["true", '"true"'],
    "oom_score_adj": ["90", "-900", '"5"', "2000", "1.5"],
    "pid": ["host", "service:db", "container:x", "other", "service:gone"],
    "pids_limit": ["12", "-1", '"12"', "1.5"],
    "platform": ["linux/arm64", "linux", "linux/arm/v7"],
    "ports": [
        '["3100"]', "[3100]", '["3100-3103"]', '["8100:8100"]', '["9190-9191:8180-8181"]', '["49122:22"]', '["127.0.0.1:8101:8101"]',
        '["127.0.0.1:5100-5103:5100-5103"]', '["127.0.0.1::5100"]', '["6160:6160/udp"]', '["8100-8199:81"]', '["[::1]:81:81"]', '["::1:81:81"]',
        '[{target: 81, host_ip: 127.0.0.1, published: "8181", protocol: tcp, mode: host}]',
        "[{name: web, target: 81, published: 8180-8190, app_protocol: http}]", "[{target: 81}]", "[{published: 81}]", '[{target: "81"}]',
        "[{target: 81, published: 81}]", '["81:81", "81:81/udp", "81:81"]', "[81:81]", '["22:22"]', "[22:22]", '["x"]', '["0:81"]', '["81:0"]',
        '["70000:81"]', '["1-3:1-2"]', '["81/tcp"]', '["81/sctp"]', '["81/x"]', '["81:81/TCP"]', "[81.5]", "[]", "null", '["${GONE:-81}:81"]',
        '["*:81:81"]', '["0.0.0.0:81:81"]', '["localhost:81:81"]', '["81:"]', '[":81"]', '[" 81:81"]', '["8181-8181:81"]', '["3100-3100"]',
        '["5-3"]', "[56:56]", "[60:60]", "[{target: 81, mode: x}]", "[{target: 81, protocol: UDP}]", '["10.0.0.1:81-82:81-82/udp"]',
    ],
    "privileged": ["true", '"true"', "yes", "1"],
    "profiles": ["[p1]", "[p1, p2]", "[]", '["two words"]', '["*"]', "[1]"],
    "pull_policy": ["always", "never", "missing", "if_not_present", "build", "x", "daily"],
    "read_only": ["true", '"false"'],
    "restart": ['"no"', "no", "always", "on-failure", "on-failure:3", "unless-stopped", "x", "false", "true", "null", '""'],
    "runtime": ["runc", "5"],
    "scale": ["2", '"2"', "0", "1.5", "-1"],
    "secrets": ["[key]", '[{source: key, target: k, uid: "7", gid: "8", mode: 0440}]', "[{source: key, mode: 0o440}]", "[{source: key, mode: 288}]",
                "[key, {source: key}]", "[key, pin]"],
    "security_opt": ['["label:user:U", "no-new-privileges:true"]', '["seccomp:unconfined"]', '["seccomp=./s.json"]', "[]", '["a", "a"]'],
    "shm_size": ["48m", "50331648", '"48mb"', "1.5g", "much", "0"],
    "stdin_open": ["true", '"yes"'],
    "stop_grace_period": ["2s", "1m20s", "80s", "10", "1.5s", "0s", "x", '"10"'],
    "stop_signal": ["SIGUSR2", "9", '"9"'],
    "storage_opt": ["{size: 2G}", "{size: 120}"],
    "sysctls": ['{net.core.somaxconn: 900, a: "x"}', "[net.core.somaxconn=900, b=1]", "[a]", "{a: null}", "{a: true, b: 1.5}", "[]"],
    "tmpfs": ["/fast", '[/fast, "/slow:size=2m,mode=755"]', "[]", '["/fast", "/fast"]', '""'],
    "tty": ["true", '"on"'],
    "ulimits": ["{nproc: 900, nofile: {soft: 700, hard: 800}}", '{nofile: "5"}', '{nofile: {soft: "1", hard: 2}}', "{nofile: {soft: 1}}",
                "{nofile: -1}", "{nofile: 1.5}", "{nofile: {soft: 1, hard: 2, x-a: 3}}", "{nofile: {soft: 1, hard: 2, x: 3}}", "{}", "{Bad: 5}"],
    "user": ["root", '"1200:1200"', "1200", "1200:1200", "0", "10:10", '""', '"$$u"', "1.5"],
    "userns_mode": ["host", "x"],
    "uts": ["host", "x"],
    "volumes": [
        '["data:/d"]', '["/anonymous"]', '["./part:/p"]', '["~/h:/h:ro"]', '["data:/d:ro,z"]', '["/one:/two:rw,rshared"]', '["/one:/two:cached"]',
        '["./part/../here:/h/"]', "[{type: volume, source: data, target: /d, volume: {nocopy: true}}]",
        "[{type: bind, source: ./part, target: /p, read_only: true, bind: {propagation: rshared, create_host_path: true, selinux: z}}]",
        "[{type: tmpfs, target: /t, tmpfs: {size: 900, mode: 0755}}]", "[{type: tmpfs, target: /t, tmpfs: {size: 1gb}}]",
        "[{type: npipe, source: x, target: y}]", "[{type: volume, target: /anonymous}]", "[{type: x, target: /t}]", "[{type: bind, target: /t}]",
        "[{target: /t}]", '["gone:/d"]', '["data:/d", "logs:/d"]', '["data:/d", "data:/d"]', '["a:b:c:d"]', '[""]', "[]", "null", '["data:d"]',
        '["${GONE}:/x"]', '["C:\\\\one:/two"]', '["data:/d:x"]', "[{type: volume, source: data, target: /d, consistency: cached}]",
        '["./part:/p:ro,Z"]', '["/one:/two:nocopy"]', '["data:/d:nocopy"]', '[".:/d"]', '["..:/d"]', '["./:/d/"]', '["/:/d"]',
        "[{type: bind, source: ~/h, target: /h}]", "[{type: bind, source: part, target: /p}]", "[{type: bind, source: /one//x/../two, target: /d//e}]",
        '["/one//x:/d//e"]',
    ],
    "volumes_from": ["[db]", '["db:ro"]', '["container:x"]', '["container:x:rw"]', "[gone]", '["db:ro", "cache"]'],
    "working_dir": ["/app", "app", '""', "5"],
    "x-own": ["{a: 1}", "5", "[1]"],
    "nonsense": ["5"],
}

# Values of keys outside services. "networks.front" is a member that the service of the case uses.
TOP = {
    "networks.front": [
        "null", "{}", "{driver: bridge, driver_opts: {a: 1, b: x, c: true}}", '{attachable: true, internal: yes, enable_ipv6: "true"}',
        "{external: true}", "{external: true, name: outer}", "{external: {name: outer}}", '{external: "true"}', "{external: false, name: x}",
        "{external: true, driver: bridge}", '{name: "${HUE}_n"}', "{labels: [a=b, c]}", "{labels: {a: 1, z: null}}",
        "{ipam: {driver: default, config: [{subnet: 10.77.0.0/16, ip_range: 10.77.5.0/24, gateway: 10.77.5.254, aux_addresses: {h: 10.77.1.5}}]}}",
        '{ipam: {config: [{subnet: "fd00:9::/64"}]}}', "{ipam: {}}", "{ipam: {config: []}}", "{driver: overlay, x-a: 1}", "{nonsense: 1}",
        "{driver: 5}", "{driver: null}", "5", "{ipam: {config: {subnet: x}}}",
    ],
    "volumes.data": [
        "null", "{}", '{driver: local, driver_opts: {type: nfs, o: "addr=10.0.0.2,rw", device: ":/x", n: 1}}', "{external: true}",
        "{external: true, name: outer}", "{external: {name: outer}}", "{name: x}", "{labels: {a: 1}}", "{labels: [a=b]}",
        "{external: true, driver: x}", '{driver: ""}', "{x-a: 1}", "{nonsense: 1}", "{driver_opts: {device: ./part, o: bind, type: none}}",
        "{driver_opts: [a=b]}",
    ],
    "secrets.key": [
        "{file: ./note.txt}", "{environment: HUE}", "{external: true}", "{external: true, name: outer}", "{external: {name: outer}}",
        "{file: ./note.txt, name: n}", "{file: ./note.txt, labels: {a: b}}", "{template_driver: golang, file: ./note.txt}", "{}", "null",
        "{file: ./note.txt, environment: HUE}", "{content: x}", "{file: ./gone.txt}", "{file: ~/x}", "{file: /x}", "{environment: GONE}",
    ],
    "configs.conf": [
        "{file: ./note.txt}", "{environment: HUE}", '{content: "a ${HUE} $$b"}', "{external: true}", "{external: true, name: outer}",
        "{file: ./note.txt, name: n, labels: [a=b]}", "{}", "{content: x, file: ./note.txt}", "{content: 5}", "null",
    ],
    "name": ["paint", "Paint", '"5"', "5", '"two words"', '""', "null", '"${HUE}"', "_a", "-a", "a.b"],
    "version": ['"3.8"', "3.8", '"x"', "3", "null"],
    "x-top": ["{a: 1}", "[1]"],
    "services": ["{}", "null", "[]", "{a: null}", "{a: {}}", '{"a b": {image: x}}', "{a.b: {image: x}}", "{A: {image: x}}", "{1: {image: x}}",
                 "{a/b: {image: x}}", "{_a: {image: x}}", '{"": {image: x}}'],
    "nonsense": ["1"],
    "include": ["[more.yaml]", "more.yaml", "[{path: more.yaml}]", "[{path: [more.yaml, most.yaml]}]",
                "[{path: more.yaml, env_file: one.env, project_directory: ./part}]", "[gone.yaml]", "[more.yaml, more.yaml]", "[]",
                "[{path: more.yaml, env_file: [one.env, two.env]}]"],
}

# Variables for the texts below, which stand in a value
VARIABLES = {"A": "a", "NONE": "", "N": "5", "T": "true", "Q": 'x"y', "D": "$A", "NL": "1\n2", "SP": "a b", "C": "x: y", "J": "[1]"}
TEXTS = [
    "$A", "${A}", "$AB", "${A}B", "${U}", "$U", "${U:-d}", "${U-d}", "${NONE:-d}", "${NONE-d}", "${A:+x}", "${NONE:+x}", "${NONE+x}", "${U+x}",
    "${A:?e}", "${U:?e}", "${U?e}", "${NONE:?e}", "${NONE?e}", "${U:-${A}}", "${U:-${V:-z}}", "${U:-$A}", "$$A", "$${A}", "$$$A", "$$$$A", "$",
    "a$", "$ a", "$1", "${1}", "${}", "${A", "${A-}", "${A:-}", "${U:-a:b}", "${U:-a}b}", "${U:-{}}", "${U:-a b}", '${U:-"q"}', "${A:x}",
    "${A!}", "${ A }", "$_", "${_A}", "${U:-$$}", "${U:-$${A}}", "${U:?}", "${U:?with ${A}}", "${A:+${U:-y}}", "${N}", "$A$NONE$N", "$-",
    "$A-b", "$A.b", "${A}${U:-}", "${D}", "${U:-\\}}", "${Q}", "${NL}", "${SP}", "${C}", "${J}", "$é", "a${A:-b}c${U:-d}e", "${U-}",
    "${A:-b:-c}", "${U:-b:-c}", "${U:+b:-c}", "${A:+b:-c}", "${U:-b?c}", "${U-b:?c}", "#{A}", "${A:-${", "${U:-}x}", "{{$A}}", "${U:-$}",
    "{$A}", "${A}}", "}${A}{", "${a.b}", "${a-b}", "${U:-/x/$A/y}", "${U:-${V?w}}", "${A:-${V?w}}", "${A:+${V?w}}",
]

# Lines of an .env file and of an env_file
LINES = [
    "A=1", "A = 1", "A= 1", "A =1", " A=1", "export A=1", "export A", "A", "A:1", "A: 1", 'A="1"', "A='1'", 'A="a b"', "A=a b", "A=a #c", "A=a#c",
    'A="a #c" #d', "A='a #c'", "#A=1", "A=", 'A=""', "A=''", 'A="a\\nb"', "A='a\\nb'", "A=a\\nb", 'A="a\nb"', "A='a\nb'", 'A="a\\"b"', "A='a\\'b'",
    'A="a\\\\b"', 'A="$B"\nB=1', "B=1\nA=$B", 'B=1\nA="${B}"', "B=1\nA='${B}'", "B=1\nA=\\$B", 'B=1\nA="\\$B"', "B=1\nA=$$B", "A=${U:-d}",
    "A=${U?e}", 'A="${U:-d e}"', "A=1\nA=2", "A.b=1", "A-b=1", "1A=1", "A B=1", "A==1", "A=a=b", 'A=a"b"', "A=a'b'", 'A="a"b', 'A="a', "A='a",
    "A=a\\", "A=\t1", "\tA=1", "A=1\r\nB=2", 'A="1"\r\nB=2\r\n', "\ufeffA=1", "A=é", 'A="é\\u00e9"', "A=`x`", "A=a\\ b", "export\tA=1",
    "exportA=1", "A=1;B=2", "A=$", 'A="$"', "A=a$b", "A=${", "A=a # b # c", "A=# c", "A= # c", 'A="" # c', "A=a\t#c", "A=a\t", "A=a  ",
    'A="a  "', "A=a\n\n\nB=2", "A=[1]", 'A={"a": "b"}', 'A="{\\"a\\": 1}"', 'A={"a": "b # c"}', 'A="\\a\\b\\f\\v"', "A=yes", "A=~", "A=*", "A=!x",
    "A=a:b", 'A=1 # "x"', "A='x' y", 'A="x" y', 'A="x"#y', "$A=1", "A[0]=1", 'A="one\n  two # not\n three"\nB=3', 'A=\\"x\\"', "A=x\\",
    "HUE=2\nA=$HUE", "A=$HUE", "A=a\nB", "A=%x%", "A=a'", 'A=a"', 'A="a\\', "A=\\", "A='''x'''", 'A="""x"""', 'A="a" "b"', "é=1", "=1",
]

# Whole files
FILES = {
    "anchors":
        "x-a: &a\n  image: q\n  environment: &e {A: 1}\nservices:\n  a:\n    <<: *a\n    environment:\n      <<: *e\n      B: 2\n"
        "  b: *a\n",
    "merge list":
        "x-a: &a {image: q, command: x}\nx-b: &b {image: r, user: u}\nservices:\n  a:\n    <<: [*a, *b]\n  b:\n    <<: [*b, *a]\n"
        "    command: z\n",
    "merge after":
        "x-a: &a {image: q}\nservices:\n  a:\n    image: w\n    <<: *a\n",
    "merge twice":
        "x-a: &a {image: q}\nx-b: &b {user: q}\nservices:\n  a:\n    <<: *a\n    <<: *b\n",
    "key twice":
        "services:\n  a:\n    image: a\n    image: b\n",
    "service twice": "services:\n  a: {image: a}\n  a: {image: b}\n",
    "documents":
        "services:\n  a: {image: a, environment: {A: 1}}\n---\nservices:\n  a: {command: x, environment: {B: 1}}\n  b: {image: b}\n",
    "nothing": "",
    "a comment": "# x\n",
    "null": "null\n",
    "a list": "- a\n",
    "a scalar": "abc\n",
    "tabs": "services:\n\ta: {image: a}\n",
    "crlf": "services:\r\n  a:\r\n    image: a\r\n",
    "byte order": "\ufeffservices:\n  a: {image: a}\n",
    "tags":
        "services:\n  a:\n    image: !!str 5\n"
        "    environment: {A: !!str 010, B: !!int \"5\", C: !!float 1, D: !!bool \"true\", E: !!null \"\"}\n",
    "own tag": "services:\n  a:\n    image: !own a\n",
    "blocks":
        "services:\n  a:\n    image: a\n    command: |\n      a b\n      c d\n    entrypoint: >-\n      x y\n      z\n    labels:\n"
        "      l: |+\n        q\n\n      m: >\n        f\n        g\n",
    "words for bool":
        "services:\n  a:\n    image: a\n"
        "    environment: {A: yes, B: No, C: ON, D: off, E: y, F: n, G: TRUE, H: False, I: Null, J: ~, K: NULL}\n",
    "times":
        "services:\n  a:\n    image: a\n"
        "    environment: {A: 2002-11-14t21:59:43.10-05:00, B: 2002-11-14, C: 2002-11-14 21:59:43, D: 12:30:45, E: 1:1, "
        "F: 190:20:30}\n",
    "numbers":
        "services:\n  a:\n    image: a\n"
        "    environment: {A: 0o7, B: 07, C: 08, D: 0x1f, E: 0b1, F: 1_0, G: 1., H: .5, I: 1e5, J: 1E5, K: 1e+5, L: 1e-5, "
        "M: -1, N: +1, O: 0.0, P: -0.0, Q: 1.0e3, R: 123456789012345678, S: 1.23456789012345678, T: 0777, U: 0o0, V: 00, "
        "W: 1e400, X: 0.1e1, Y: 1__0, Z: _1}\n",
    "numbers in labels":
        "services:\n  a:\n    image: a\n"
        "    labels: {A: 1e2, B: 1e20, C: 1e21, D: 123456.0, E: 1234567.5, F: 1e6, G: 0.000001, H: 0.0000001, I: 100000.0, "
        "J: 12345678.0, K: 3.0, L: 2.50}\n",
    "kinds of key":
        "services:\n  a:\n    image: a\n    environment: {1: x, 1.5: y, true: z, 2021-01-01: w}\n",
    "circle": "services: &s\n  a: *s\n",
    "escapes":
        "services:\n  a:\n    image: a\n    environment: {A: \"\\x41\\u00e9\\U0001F600\\t\\e\"}\n",
    "quoted keys": "\"services\":\n  \"a\":\n    'image': a\n",
    "flow": "{services: {a: {image: a, ports: [\"81:81\"]}}}\n",
    "own keys":
        "x-1: 2\nservices:\n  a:\n    image: a\n    x-foo: bar\n    build: {context: ., x-b: 1}\n    deploy: {x-d: 1}\n"
        "    healthcheck: {test: a, x-h: 1}\n    logging: {driver: none, x-l: 1}\nnetworks: {n: {x-n: 1}}\nvolumes: {v: {x-v: 1}}\n",
    "unused":
        "services: {a: {image: a}}\nnetworks: {n: {}}\nvolumes: {v: {}}\nsecrets: {s: {file: ./note.txt}}\n"
        "configs: {c: {file: ./note.txt}}\n",
    "no services": "a:\n  image: a\n",
    "version 2":
        "version: \"2\"\nservices:\n  a: {image: a, mem_limit: 1g, links: [b]}\n  b: {image: b}\n",
    "extends itself": "services:\n  a: {extends: a, image: a}\n",
    "extends circle": "services:\n  a: {extends: b, image: a}\n  b: {extends: a}\n",
    "extends all":
        "services:\n  a: {extends: b}\n"
        "  b: {image: b, ports: [\"1:1\"], depends_on: [c], links: [c], volumes_from: [c], network_mode: \"service:c\"}\n"
        "  c: {image: c}\n",
    "extends chain":
        "services:\n  a: {extends: {service: b}, environment: {A: 1}}\n"
        "  b: {extends: {service: c}, environment: {B: 1}, image: b}\n  c: {image: c, environment: {A: 0, C: 1}, profiles: [p]}\n",
    "extends no file": "services:\n  a: {extends: {file: gone.yaml, service: b}}\n",
    "extends no service": "services:\n  a: {extends: {file: more.yaml, service: gone}}\n",
    "extends file": "services:\n  a: {extends: {file: more.yaml, service: more}}\n",
    "extends file only": "services:\n  a: {extends: {file: more.yaml}}\n",
    "include and need": "include: [more.yaml]\nservices: {a: {image: a, depends_on: [more]}}\n",
    "include by variable": "include: [\"${GONE:-more}.yaml\"]\n",
    "include itself": "include: [compose.yaml]\n",
    "include then override": "include: [more.yaml]\n---\nservices: {more: {user: u}}\n",
}

# What a second document takes back or puts in place of the first one's
TAGS = {
    "reset a list": ('ports: ["81:81"]', "ports: !reset []"), "reset with null": ('ports: ["81:81"]', "ports: !reset null"),
    "put a list": ('ports: ["81:81"]', 'ports: !override ["82:82"]'), "reset a variable": ("environment: {A: 1, B: 2}", "environment: {A: !reset null}"),
    "reset all variables": ("environment: [A=1, B=2]", "environment: !reset []"), "put variables": ("environment: {A: 1}", "environment: !override {B: 2}"),
    "reset a scalar": ("command: x", "command: !reset x"),
    "reset inside": ("deploy: {resources: {limits: {cpus: 1, memory: 1g}}}", "deploy: {resources: {limits: !reset {}}}"),
    "reset nothing": ("user: u", "ports: !reset []"), "put beside": ("user: u", 'ports: !override ["1:1"]'),
    "reset needs": ("depends_on: [db, cache]", "depends_on: !reset []"),
    "put needs": ("depends_on: {db: {condition: service_healthy}}", "depends_on: !override {cache: {condition: service_started}}"),
    "reset a need": ("depends_on: {db: {condition: service_started}, cache: {condition: service_started}}", "depends_on: {db: !reset null}"),
    "reset a label": ("labels: {a: b, c: d}", "labels: {a: !reset }"), "put mounts": ("volumes: [./one:/a, ./two:/b]", "volumes: !override [./three:/a]"),
    "reset networks": ("networks: [front]", "networks: !reset []"), "put a test": ("healthcheck: {test: a, retries: 3}", "healthcheck: !override {test: b}"),
    "reset a build": ("build: .", "build: !reset null"), "reset options": ("logging: {driver: x, options: {a: b}}", "logging: {options: !reset {}}"),
}
