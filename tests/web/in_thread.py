"""A server in a thread, on a port of its own: the one way in which tests serve without a process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

STARTS_WITHIN_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a server listens, and the thread that it runs in."""

    host: str
    port: int
    thread: threading.Thread

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@contextmanager
def in_thread(server: uvicorn.Server) -> Iterator[Address]:
    """Run a server until the context ends; come back once it takes requests, or has failed to."""
    told = threading.Event()
    startup = server.startup

    async def tell_when_started(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets)
        told.set()

    def run(listening: socket.socket) -> None:
        try:
            server.run(sockets=[listening])
        finally:
            told.set()

    server.startup = tell_when_started  # type: ignore[method-assign]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host, port = listening.getsockname()
        thread = threading.Thread(target=run, args=(listening,))
        thread.start()
        try:
            assert told.wait(STARTS_WITHIN_S), "the service did not start in time"
            assert server.started, "the service stopped while it was starting"
            yield Address(host=host, port=port, thread=thread)
        finally:
            server.should_exit = True
            thread.join()
