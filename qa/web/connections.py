"""What uvicorn is told, and what it lacks: an end to waiting for a client that sends byte by byte."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.settings import Settings, listed

HEAD_BYTES = 16 * 1024
"""Of the request line with all headers; more is 400."""

HEAD_S = 10.0
"""Seconds from the first byte, or from connecting, to the end of the headers."""

LAST_WORD_S = 1.0
"""Seconds for whoever was let in and has asked nothing yet, to ask and be told, when the server stops."""

KEEP_ALIVE_S = 5
"""Seconds that a connection may lie idle between two requests."""


class Patience(H11Protocol):
    """HTTP/1.1 over one connection, which is closed when no whole request comes in time.

    uvicorn gives up on a connection that is idle, but every byte makes it wait anew.
    """

    seconds = HEAD_S
    last_word_seconds = LAST_WORD_S
    _limit: asyncio.TimerHandle | None = None
    _last_word = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._mind()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        super().connection_lost(exc)
        self._forget()

    def data_received(self, data: bytes) -> None:
        """Wait on, or no more, as the data ended the headers or not."""
        super().data_received(data)
        self._mind()

    def shutdown(self) -> None:
        """Close once what was asked is answered.

        uvicorn closes in the face of a client whose connection came before its request.
        """
        cycle: object = self.cycle  # None before the first request, which its type does not say
        if cycle is not None:
            super().shutdown()
            return
        self._forget()
        self._last_word = True
        self._limit = self.loop.call_later(self.last_word_seconds, self._give_up)

    def on_response_complete(self) -> None:
        """Go on with the next request, unless the server stops."""
        super().on_response_complete()
        if self._last_word:
            self.transport.close()

    def _mind(self) -> None:
        # Also what still comes of a body whose request has been answered: nobody reads it.
        cycle: object = self.cycle  # None before the first request, which its type does not say
        answering = cycle is not None and not self.cycle.response_complete
        if answering:
            self._forget()
        elif self._limit is None:
            self._limit = self.loop.call_later(self.seconds, self._give_up)

    def _forget(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _give_up(self) -> None:
        self._limit = None
        if not self.transport.is_closing():
            self.transport.close()


def connection_options(settings: Settings) -> dict[str, Any]:
    """Return what bounds connections, as arguments of ``uvicorn.run``.

    Headers of a proxy are believed only from the proxies that are set.
    """
    proxies = listed(settings.proxies)
    return {
        "http": Patience,
        "ws": "none",
        "server_header": False,
        "h11_max_incomplete_event_size": HEAD_BYTES,
        "timeout_keep_alive": KEEP_ALIVE_S,
        "proxy_headers": bool(proxies),
        "forwarded_allow_ips": list(proxies),
    }
