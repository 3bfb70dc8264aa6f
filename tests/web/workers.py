"""A service in several processes over the fakes: ``python -m tests.web.workers INDEX PORT``.

Each answer names the process it comes from. A question that holds 慢 is read once somebody opens the FIFO
``go`` beside the index for writing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.domain.answers import Reading
from qa.domain.ports import Snapshot
from qa.engine.ask import Engine
from qa.engine.live import LiveAsker
from qa.settings import Settings, read_settings
from qa.store.publications import LocalPublications
from qa.store.tokens import Tokens
from qa.web.app import create_app
from qa.web.workers import finishing_first, serve_in_workers
from tests.fakes import FakeEncoder, FakeReader, confidence_by_margin

SLOW = "慢"


class FifoReader:
    """Reads as the fake does, a slow question only when it is let."""

    name = "fifo-reader"

    def __init__(self, fifo: Path) -> None:
        self._fifo = fifo

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> Sequence[Reading]:
        if SLOW in question:
            self._fifo.open("rb").close()
        return FakeReader().read(question, passages=passages, titles=titles)


class Signed:
    """Puts the number of the process on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Process"] = str(os.getpid())
            await send(message)

        await self._app(scope, receive, signed)


@contextmanager
def live(settings: Settings) -> Iterator[LiveAsker]:
    """Open whatever version is published."""
    encoder, reader = FakeEncoder(), FifoReader(settings.index.parent / "go")

    def over(snapshot: Snapshot) -> Engine:
        confidence = confidence_by_margin(midpoint=0.5, slope=20.0)
        return Engine(snapshot, encoder, reader, confidence=confidence, longest=500)

    opened = LiveAsker(LocalPublications(settings.index, encoder=encoder.identity, tokens=Tokens()), over)
    try:
        yield opened
    finally:
        opened.close()


def worker() -> FastAPI:
    """Return the app of one process, as ``qa serve --workers`` makes it, but for the models."""
    settings = read_settings()
    app = create_app(settings, open_askers=live)
    app.add_middleware(Signed)
    return finishing_first(app, seconds=settings.stop_seconds)


def main(index: str, port: str) -> None:
    """Serve until stopped."""
    os.environ |= {"QA_INDEX": index, "QA_REFRESH_SECONDS": "0.05"}
    config = uvicorn.Config(
        "tests.web.workers:worker",
        factory=True,
        port=int(port),
        workers=2,
        ws="none",
        timeout_keep_alive=60,
        timeout_graceful_shutdown=30,
        timeout_worker_healthcheck=120,
    )
    sys.exit(0 if serve_in_workers(config) else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
