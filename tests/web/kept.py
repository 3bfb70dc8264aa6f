"""The service over an index on disk that uploads change, with models that are fakes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from qa.assemble import open_snapshot
from qa.domain.answers import Filters, Found, Mode, Outcome, Preceding
from qa.domain.ports import Encoder, OnFound, Snapshot
from qa.domain.sources import Source
from qa.engine.ask import Engine
from qa.engine.build import Builder
from qa.settings import Settings
from qa.store.snapshot import LocalSnapshot
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from qa.web.app import create_app
from tests.fakes import FakeEncoder, FakeReader, SilentProgress, confidence_by_margin
from tests.shipped import page_model

OPEN = 4
"""Versions that stay open, since requests may still be reading them."""

STARTS_WITHIN_S = 120

FIRST = Source(name="一版.txt", text="本报讯 2月23日，市委书记孙大军主持会议。\n")


class Following:
    """Asks the version that is published at the moment."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self._encoder = FakeEncoder()
        self._tokens = Tokens()
        self._opened: list[LocalSnapshot] = []

    @property
    def encoder(self) -> Encoder:
        return self._encoder

    @property
    def snapshot(self) -> Snapshot:
        with open_snapshot(Settings(index=self._index)) as newest:
            changed = not self._opened or self._opened[-1].version != newest.version
        if changed:
            encoder = self._encoder.identity
            self._opened.append(LocalSnapshot(self._index, encoder=encoder, tokens=self._tokens))
        for old in self._opened[:-OPEN]:
            old.close()
        del self._opened[:-OPEN]
        return self._opened[-1]

    def _engine(self) -> Engine:
        confidence = confidence_by_margin(midpoint=0.5, slope=20.0)
        return Engine(self.snapshot, self._encoder, FakeReader(), confidence=confidence, longest=500)

    def ask(
        self,
        question: str,
        *,
        limit: int,
        filters: Filters,
        before: Preceding | None = None,
        on_found: OnFound | None = None,
    ) -> Outcome:
        return self._engine().ask(question, limit=limit, filters=filters, before=before, on_found=on_found)

    def search(self, question: str, *, limit: int, filters: Filters, mode: Mode) -> Sequence[Found]:
        return self._engine().search(question, limit=limit, filters=filters, mode=mode)

    def close(self) -> None:
        for each in self._opened:
            each.close()


@contextmanager
def following(settings: Settings) -> Iterator[Following]:
    """Open what follows an index."""
    opened = Following(settings.index)
    try:
        yield opened
    finally:
        opened.close()


def made_index(folder: Path, *sources: Source) -> Path:
    """Return the folder of an index with the fake encoder's vectors."""
    writer = LocalWriter(folder, encoder=FakeEncoder().identity, tokens=Tokens())
    try:
        builder = Builder(writer, FakeEncoder(), pages=page_model(), progress=SilentProgress())
        builder.add(sources or [FIRST])
    finally:
        writer.close()
    return folder


def kept_app(settings: Settings) -> FastAPI:
    """Return the application over what follows the index that is set."""
    return create_app(settings, open_asker=following)


@contextmanager
def served(app: FastAPI, options: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Serve an application on a loopback port in a thread; give its address.

    :param options: Of ``uvicorn.Config``.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, **options))
        started = threading.Event()
        startup = server.startup

        async def tell_when_started(sockets: list[socket.socket] | None = None) -> None:
            await startup(sockets)
            started.set()

        server.startup = tell_when_started  # type: ignore[method-assign]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert started.wait(timeout=STARTS_WITHIN_S), "the service did not start"
            yield listening.getsockname()
        finally:
            server.should_exit = True
            thread.join()
