"""Nodes of a Ray cluster of our own on loopback, for the tests of indexing by several nodes."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from socket import create_server, socket

import pytest

ROOT = Path(__file__).parent.parent
START_S = 120.0
STOP_S = 30.0
HEAD, OTHER = "127.0.0.2", "127.0.0.3"
ACCESS = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
"""What our nodes and whoever speaks with them have in their environment, so that nobody else does."""

NOT_THERE = "ray is not installed: nothing over several nodes was tested; scripts/setup dev installs it"


def require_ray() -> None:
    """Skip a test, and say so, where there is no Ray."""
    if find_spec("ray") is None:
        pytest.skip(NOT_THERE)


def free_port(host: str) -> int:
    """Return a port that nobody listens on."""
    with closing(create_server((host, 0))) as listening:
        port: int = listening.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Node:
    """One node: the processes below one process that we started, whose ids are all we go by."""

    starter: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        """Return the processes in which our workers live, once they have been asked for anything."""
        return [pid for pid in below(self.starter.pid) if "ray::Worker" in command_of(pid)]

    def kill(self) -> None:
        """End it as a power cut would."""
        for pid in [self.starter.pid, *below(self.starter.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.starter.wait()

    def stop(self) -> None:
        """End it, and whatever of it does not end by itself."""
        started = [self.starter.pid, *below(self.starter.pid)]
        if self.starter.poll() is None:
            self.starter.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.starter.wait(timeout=STOP_S)
        for pid in started:
            if "ray" in command_of(pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.starter.wait()


@dataclass(slots=True)
class Cluster:
    """A head and other nodes of one processor each; each node has an address of its own."""

    folder: Path
    port: int = field(default_factory=lambda: free_port(HEAD))
    nodes: list[Node] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{HEAD}:{self.port}"

    def start(self, host: str) -> Node:
        """Start a node, the head first, and wait until the cluster can be spoken with."""
        head = ["--head", f"--port={self.port}", "--include-dashboard=false", f"--temp-dir={self.folder}"]
        head.append(f"--ray-client-server-port={free_port(HEAD)}")
        place = head if host == HEAD else [f"--address={self.address}"]
        quiet = ["--disable-usage-stats", "--min-worker-port=0", "--max-worker-port=0", "--block"]
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", f"--node-ip-address={host}"]
        room = ["--num-cpus=1", f"--object-store-memory={100 * 2**20}"]
        with (self.folder / f"{host}.log").open("ab") as log:
            starter = subprocess.Popen(
                [*command, *place, *room, *quiet], stdout=log, stderr=log, cwd=ROOT, env=environment()
            )
        self.nodes.append(Node(starter))
        self._wait(starter)
        return self.nodes[-1]

    def _wait(self, starter: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            assert starter.poll() is None, "the node ended at once; see its log"
            with closing(socket()) as trying:
                if trying.connect_ex((HEAD, self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError("the head does not listen")

    def stop(self) -> None:
        """End all nodes, the head last."""
        for node in reversed(self.nodes):
            node.stop()


@contextmanager
def running(*hosts: str) -> Iterator[Cluster]:
    """Run a cluster for as long as the context lasts; the head's host comes first."""
    require_ray()
    # Ray makes sockets below it, whose paths may not be long.
    folder = Path(tempfile.mkdtemp(prefix="qa-ray-"))
    cluster = Cluster(folder)
    try:
        for host in hosts:
            cluster.start(host)
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def environment() -> dict[str, str]:
    """Return what nodes are started with: their workers find the tests, and no settings of ours."""
    passed = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "RAY_"))}
    return passed | ACCESS | {"PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}


def below(pid: int) -> list[int]:
    """Return the processes that a process started, and those that these did."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(status.parent.name))
    found, todo = [], [pid]
    while todo:
        own = children.get(todo.pop(), [])
        found += own
        todo += own
    return found


def command_of(pid: int) -> str:
    """Return how a process calls itself; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""
