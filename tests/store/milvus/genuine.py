"""The genuine Milvus server of an environment of its own, and our connection as far as that server goes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from qa.store.milvus.connection import Address, Level, Milvus, Row
from qa.store.milvus.schema import SPARSE

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-milvus-server" / "bin" / "python"
NOT_THERE = (
    "the Milvus server is not installed: nothing was tested over it; scripts/setup milvus-server does it"
)
NOT_APART = "not in a network of its own, as the Milvus server must be: scripts/test --genuine-milvus"
OLDEST = (2, 3)
"""Of Milvus: that of the package, before there were sparse vectors."""


def require_server() -> None:
    """Skip a test, and say so, where the server cannot be started."""
    if not PYTHON.exists():
        pytest.skip(NOT_THERE)
    if any(name != "lo" for _, name in socket.if_nameindex()):
        pytest.skip(NOT_APART)


@dataclass(slots=True)
class GenuineServer:
    """A Milvus server, started again over its folder as often as a test likes; its port may change."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it can be spoken with."""
        command = [str(PYTHON), str(ROOT / "tests/store/milvus/genuine_server.py"), str(self.folder)]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            # A group of its own, which can be ended with all its children.
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, start_new_session=True
            )
        assert self.process.stdout is not None
        with self.process.stdout as told:
            line = told.readline()
        assert line, "the server ended at once; see its log"
        self.port = json.loads(line)["port"]

    def kill(self) -> None:
        """End it as a power cut would, with its children, by their id."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it."""
        if self.process is not None and self.process.poll() is None:
            self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, how)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def running_genuine(folder: Path) -> Iterator[GenuineServer]:
    """Run the server over a folder for as long as the context lasts."""
    require_server()
    server = GenuineServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


class WordsBeside(Milvus):
    """Our connection to a server that has no sparse vectors: they alone are kept here, and searched here."""

    kept: ClassVar[dict[tuple[str, int], Mapping[int, float]]] = {}
    """By collection and number of the passage; of all connections, as a server's would be."""

    def __init__(self, address: Address) -> None:
        super().__init__(address, oldest=OLDEST)

    def _write(self, how: str, collection: str, rows: Sequence[Row]) -> None:
        for row in rows:
            if SPARSE in row:
                self.kept[collection, row["number"]] = row[SPARSE]
        super()._write(how, collection, [{name: row[name] for name in row if name != SPARSE} for row in rows])

    def every(self, collection: str, where: str, fields: Sequence[str], *, level: Level) -> Iterator[Row]:
        there = [name for name in fields if name != SPARSE]
        for row in super().every(collection, where, there, level=level):
            yield {**row, SPARSE: self.kept[collection, row["number"]]} if SPARSE in fields else row

    def search(
        self,
        collection: str,
        field: str,
        vector: Any,  # noqa: ANN401 - as it is for all servers
        *,
        limit: int,
        where: str,
        fields: Sequence[str],
        level: Level,
        parameters: Mapping[str, Any],
    ) -> list[tuple[int, float, Row]]:
        if field != SPARSE:
            return super().search(
                collection, field, vector, limit=limit, where=where, fields=fields, level=level,
                parameters=parameters,
            )  # fmt: skip
        found = [
            (row["number"], inner(vector, self.kept[collection, row["number"]]), row)
            for row in self.every(collection, where, ["number", *fields], level=level)
        ]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]


def inner(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Return the inner product of two sparse vectors."""
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())
