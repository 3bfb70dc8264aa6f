"""Several processes behind one door: each finishes what it took before it is stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from qa.web.service import Service

STOPPING = (signal.SIGTERM, signal.SIGINT)


class Workers(Multiprocess):
    """Uvicorn's supervisor of worker processes, whose own hold on the door ends when they are stopped.

    Else newcomers would be let in by the system after the last worker has gone, and nobody would answer.
    """

    def terminate_all(self) -> None:
        """Tell every worker to stop."""
        for each in self.sockets:
            each.close()
        super().terminate_all()


def serve_in_workers(config: uvicorn.Config) -> bool:
    """Serve in as many processes as ``config`` says, until stopped; return whether all could start."""
    workers = Workers(config, sockets=[config.bind_socket()])
    workers.run()
    return all(each.exitcode != STARTUP_FAILURE for each in workers.processes)


def finishing_first(app: FastAPI, *, seconds: float) -> FastAPI:
    """Let an app that a worker serves finish what it took, with its door open, before the worker stops.

    A worker is uvicorn's own server, which closes its door first. So the signal is heard here, and passed
    on to the server when all is done (docs/adr/0027).

    :param seconds: After which it is passed on in any case.
    """
    plain = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
        async with plain(app) as state:
            service: Service = app.state.service
            with StopSignals(lambda: finished(service, seconds=seconds)).heard():
                yield state

    app.router.lifespan_context = lifespan
    return app


async def finished(service: Service, *, seconds: float) -> None:
    """Take nothing more, and return once what was taken is done, or the time is up."""
    with suppress(TimeoutError):
        await asyncio.wait_for(service.drained(), seconds)


class StopSignals:
    """The signals to stop, heard before the server, which hears them once all is done.

    A second interrupt is passed on at once; a second word from the supervisor says nothing new.
    """

    def __init__(self, finish: Callable[[], Awaitable[None]]) -> None:
        """Do ``finish`` first."""
        self._finish = finish
        self._before = {each: signal.getsignal(each) for each in STOPPING}
        self._ending: asyncio.Task[None] | None = None

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear them for as long as the context lasts."""
        loop = asyncio.get_running_loop()
        for each in STOPPING:
            loop.add_signal_handler(each, self._told, each)
        try:
            yield
        finally:
            for each in STOPPING:
                loop.remove_signal_handler(each)
                signal.signal(each, self._before[each])

    def _told(self, heard: signal.Signals) -> None:
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._end(heard))
        elif heard is signal.SIGINT:
            self._pass_on(heard)

    async def _end(self, heard: signal.Signals) -> None:
        await self._finish()
        self._pass_on(heard)

    def _pass_on(self, heard: signal.Signals) -> None:
        handler = self._before[heard]
        if callable(handler):
            handler(heard, None)
