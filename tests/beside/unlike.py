"""unlike.py - where stackplan is meant to be unlike Docker Compose 2.26, and why: names of cases of beside.py."""

NEWER = "later releases of Compose and the specification of today have it"
WHOLE = "Compose cuts the fraction off without a word"
NOTHING = "nothing can come of it: it is told of at its place"
PRINT = "only Compose's way of printing it"

UNLIKE = {
    "blkio_config: {weight: 70, weight_device: [{path: /dev/vda, weight: 80}]}": PRINT,
    'configs: [{source: conf, mode: "0440"}]': "a mode is octal, in quotes, too; Compose reads it as decimal",
    "cpu_rt_period: '1500us'": "the specification has durations there",
    "cpu_rt_runtime: '300ms'": "the specification has durations there",
    "cpu_shares: 1.5": WHOLE,
    'depends_on: {db: {condition: service_healthy, required: "false"}}': NEWER,
    "deploy: {update_config: {monitor: 0s, max_failure_ratio: 0}}": PRINT,
    'devices: ["/dev/zero:rw"]': "docker run takes it as permissions, and so do we; Compose takes it as a path",
    "env_file: [{path: one.env, format: raw}]": NEWER,
    "environment: {A: .inf}": "Compose cannot print it",
    "group_add: [1.5]": "it is the name of a group, as in other lists",
    "healthcheck: {interval: -5s}": NOTHING,
    "healthcheck: {interval: 1d}": NEWER,
    "healthcheck: {retries: 1.5}": WHOLE,
    "line '=1' of an env_file": NOTHING,
    "mem_limit: -1": NOTHING,
    "mem_limit: 1.5": WHOLE,
    "mem_limit: 1e3": "a size is written out",
    "mem_swappiness: -1": NOTHING,
    'memswap_limit: "-1"': "the same as -1 without quotes",
    "networks: {front: {gw_priority: 5}}": NEWER,
    "pids_limit: 1.5": WHOLE,
    "ports: [{target: 81, protocol: UDP}]": PRINT,
    "pull_policy: daily": NEWER,
    "scale: -1": NOTHING,
    "text ${A:-${V?w}}": "a default that is not needed is not looked at",
}
