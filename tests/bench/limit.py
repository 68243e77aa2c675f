#!/usr/bin/env python3
# limit.py PROJECT THREADS - the engine's own limit: remakes, through the engine's socket and with nothing but its API, the networks, volumes
# and containers that PROJECT has, under other names, so many requests at a time. Prints the milliseconds it took, and removes what it made.
# Used by engine.py; the address is DOCKER_HOST, or the usual socket.
import concurrent.futures
import http.client
import json
import os
import socket
import threading
import time
import urllib.parse

TWIN = "twin"  # stands before the names of what is made here


class Engine:
    """One connection a thread, kept open, as Compose keeps its."""

    def __init__(self):
        host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
        if not host.startswith("unix://"):
            raise SystemExit("limit.py: only a unix socket can be asked, not " + host)
        self.path = host[len("unix://"):]
        self.own = threading.local()

    def connection(self):
        if not hasattr(self.own, "c"):
            self.own.c = http.client.HTTPConnection("localhost")
            self.own.c.sock = socket.socket(socket.AF_UNIX)
            self.own.c.sock.connect(self.path)
        return self.own.c

    def ask(self, method, path, body=None):
        c = self.connection()
        text = None if body is None else json.dumps(body)
        c.request(method, path, text, {"Content-Type": "application/json"})
        answer = c.getresponse()
        said = answer.read()
        if answer.status >= 400:
            raise SystemExit("limit.py: %s %s: %d %s" % (method, path, answer.status, said.decode()))
        return json.loads(said) if said else None


def of_project(project):
    return "filters=" + urllib.parse.quote(json.dumps({"label": ["com.docker.compose.project=" + project]}))


def read(engine, project):
    """What the project has, as the bodies of the requests that make it again."""
    networks = [engine.ask("GET", "/networks/" + n["Id"]) for n in engine.ask("GET", "/networks?" + of_project(project))]
    volumes = engine.ask("GET", "/volumes?" + of_project(project))["Volumes"] or []
    containers = []
    for c in engine.ask("GET", "/containers/json?all=1&" + of_project(project)):
        i = engine.ask("GET", "/containers/" + c["Id"] + "/json")
        body = dict(i["Config"], Hostname="", HostConfig=i["HostConfig"])
        body["HostConfig"]["Binds"] = [TWIN + b for b in body["HostConfig"].get("Binds") or []]
        for mount in body["HostConfig"].get("Mounts") or []:
            mount["Source"] = TWIN + mount["Source"]
        ends = [(TWIN + name, {"Aliases": [a for a in e["Aliases"] or [] if a != i["Id"][:12]]})
                for name, e in sorted(i["NetworkSettings"]["Networks"].items())]
        body["HostConfig"]["NetworkMode"] = ends[0][0]
        body["NetworkingConfig"] = {"EndpointsConfig": dict(ends[:1])}
        containers.append((TWIN + i["Name"][1:], body, ends[1:]))
    return ([{"Name": TWIN + n["Name"], "CheckDuplicate": True, "Driver": n["Driver"]} for n in networks],
            [{"Name": TWIN + v["Name"]} for v in volumes], containers)


def make(engine, what, threads):
    """Make it all; returns seconds."""
    networks, volumes, containers = what

    def container(c):
        name, body, more = c
        made = engine.ask("POST", "/containers/create?name=" + name, body)["Id"]
        for network, end in more:
            engine.ask("POST", "/networks/" + network + "/connect", {"Container": made, "EndpointConfig": end})
        engine.ask("POST", "/containers/" + made + "/start")

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        began = time.monotonic()
        asked = [pool.submit(engine.ask, "POST", "/networks/create", n) for n in networks]
        asked += [pool.submit(engine.ask, "POST", "/volumes/create", v) for v in volumes]
        for a in asked:
            a.result()
        for a in [pool.submit(container, c) for c in containers]:
            a.result()
        return time.monotonic() - began


def take_down(engine, what):
    """Stop and remove it all, the containers at once as docker's own commands would; returns seconds, or None where the engine has lost
    count of a network's containers, and keeps it."""
    networks, volumes, containers = what
    with concurrent.futures.ThreadPoolExecutor(len(containers)) as pool:
        began = time.monotonic()
        list(pool.map(lambda c: engine.ask("POST", "/containers/" + c[0] + "/stop"), containers))
        list(pool.map(lambda c: engine.ask("DELETE", "/containers/" + c[0]), containers))
        try:
            list(pool.map(lambda n: engine.ask("DELETE", "/networks/" + n["Name"]), networks))
        except SystemExit:
            return None
        list(pool.map(lambda v: engine.ask("DELETE", "/volumes/" + v["Name"]), volumes))
        return time.monotonic() - began


def remove(engine, what):
    networks, volumes, containers = what
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda c: engine.ask("DELETE", "/containers/" + c[0] + "?force=1"), containers))
    for n in networks:
        engine.ask("DELETE", "/networks/" + n["Name"])
    for v in volumes:
        engine.ask("DELETE", "/volumes/" + v["Name"])
