"""A milvus-lite server of our own on loopback, for the tests of the store that speaks Milvus."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from qa.store.milvus.connection import Address, Milvus

START_S = 120.0
NOT_THERE = "milvus-lite is not installed: nothing over Milvus was tested; scripts/setup dev installs it"


def require_milvus() -> None:
    """Skip a test, and say so, where there is no server to be started."""
    if find_spec("pymilvus") is None or find_spec("milvus_lite") is None:
        pytest.skip(NOT_THERE)


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port: int = listening.getsockname()[1]
        return port


@dataclass(slots=True)
class Server:
    """A milvus-lite server, started again where it was as often as a test likes."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it can be spoken with."""
        script = Path(sys.executable).with_name("milvus-lite")
        command = ["server", "--data-dir", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen([str(script), *command], stdout=log, stderr=log)
        started = time.monotonic()
        while time.monotonic() - started < START_S:
            assert self.process.poll() is None, "the server ended at once; see its log"
            with closing(socket.socket()) as trying:
                if trying.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError("the server does not listen")

    def kill(self) -> None:
        """End it as a power cut would, by its id."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Run a server over a folder for as long as the context lasts."""
    require_milvus()
    folder.mkdir(parents=True, exist_ok=True)
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def prefix_of(name: str) -> str:
    """Return a prefix of collections for one test, which no other has."""
    return "t" + re.sub(r"\W", "", name, flags=re.ASCII)[:20] + os.urandom(4).hex()


@contextmanager
def connected(address: Address) -> Iterator[Milvus]:
    """Open a connection for as long as the context lasts; its collections go with it."""
    milvus = Milvus(address)
    try:
        yield milvus
    finally:
        milvus.close()


def drop_all(address: Address) -> None:
    """Take out every collection of a prefix."""
    with connected(address) as milvus:
        for name in milvus.collections():
            if name.startswith(f"{address.prefix}_"):
                milvus.drop(name)
