"""A service over the fakes: questions that wait until they are let go, and versions that come out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from typing import Any

import uvicorn
from fastapi import FastAPI

from qa.domain.answers import Reading
from qa.domain.ports import Encoder, IndexedSource, Reader, Snapshot, Vectors
from qa.engine.ask import Engine
from qa.engine.live import LiveAsker
from qa.errors import IndexDamaged, QaError
from qa.settings import Settings
from qa.web.app import create_app
from qa.web.connections import Patience, connection_options
from qa.web.server import GracefulServer
from tests.fakes import (
    FakeEncoder,
    MemoryPublications,
    MemoryWriter,
    PhraseReader,
    confidence_by_margin,
    indexed,
    story,
)
from tests.web.in_thread import in_thread

WAITS_S = 30
"""Seconds after which a test that waits in vain fails."""

WAGES = indexed("甲.txt", story("最低工资标准为二类1880元。", title="调整工资", day=date(2023, 2, 23)))
WEATHER = indexed("乙.txt", story("天气晴，气温三度。", title="天气"))
QUESTION = "最低工资标准是多少？"
PHRASES = {"1880元": 3.0, "2020元": 3.0}


class Gate:
    """A reader that tells that it was reached, and reads on only when it is let."""

    name = "gate-reader"

    def __init__(self) -> None:
        self.reached, self.open = threading.Semaphore(0), threading.Event()
        self.read_questions: list[str] = []

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> Sequence[Reading]:
        self.reached.release()
        assert self.open.wait(WAITS_S), "nobody let the reader go on"
        self.read_questions.append(question)
        return PhraseReader(PHRASES).read(question, passages=passages, titles=titles)


class GateEncoder(FakeEncoder):
    """An encoder that tells that a question is being searched for, and goes on only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.open = threading.Event(), threading.Event()

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        self.reached.set()
        assert self.open.wait(WAITS_S), "nobody let the encoder go on"
        return super().embed_questions(questions)


class Paper:
    """A collection in memory with a service that follows it."""

    def __init__(
        self,
        *,
        reader: Reader | None = None,
        encoder: Encoder | None = None,
        sources: Sequence[IndexedSource] = (WAGES,),
    ) -> None:
        self.writer = MemoryWriter()
        self.writer.publish(put=sources, remove=())
        self.publications = MemoryPublications(self.writer)
        self._reader, self._encoder = reader or PhraseReader(PHRASES), encoder or FakeEncoder()
        self.live = LiveAsker(self.publications, self._over)

    def _over(self, snapshot: Snapshot) -> Engine:
        confidence = confidence_by_margin(midpoint=0.5, slope=10.0)
        return Engine(snapshot, self._encoder, self._reader, confidence=confidence, longest=500)

    def app(self, **settings: Any) -> FastAPI:  # noqa: ANN401 - of any setting
        """Return the application; it keeps no answers but where an index is set."""
        given = {"keep_answers": "index" in settings, **settings}
        return create_app(Settings(**given), open_askers=lambda _: nullcontext(self.live))


def damaged() -> QaError:
    """Return what a version that cannot be opened says."""
    return IndexDamaged("索引 index 的 dense.faiss 已损坏")


class Running:
    """A server in a thread."""

    def __init__(self, server: GracefulServer, thread: threading.Thread, address: tuple[str, int]) -> None:
        self.server, self.thread, self.address = server, thread, address

    @property
    def url(self) -> str:
        return f"http://{self.address[0]}:{self.address[1]}"

    def stop(self) -> None:
        """Tell it to stop, as a signal does."""
        self.server.should_exit = True


@contextmanager
def served(
    app: FastAPI, *, stop_seconds: int = WAITS_S, http: type[asyncio.Protocol] = Patience
) -> Iterator[Running]:
    """Serve an application as ``qa serve`` does, in a thread."""
    options = connection_options(Settings()) | {"http": http}
    config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=stop_seconds, **options)
    server = GracefulServer(config)
    with in_thread(server) as address:
        yield Running(server, address.thread, (address.host, address.port))
