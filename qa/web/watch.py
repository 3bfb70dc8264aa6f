"""Every request is counted and logged: by the template of its route, never with its query or body."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.logs import logger
from qa.web.metrics import Metrics

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
FILES, NOWHERE = "static", "none"
"""What stands for the route of a file of the chat page, and of what leads nowhere."""

QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Routes that machines ask every few seconds; they are counted, and logged only when they fail."""

log = logger("qa.access")


class Watch:
    """ASGI middleware around all others."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        """Count in ``metrics`` what ``app`` answers."""
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and note what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            self._note(scope, status=status, seconds=time.perf_counter() - started)

    def _note(self, scope: Scope, *, status: int, seconds: float) -> None:
        route = route_of(scope, status=status)
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        self._metrics.responded(method=method, route=route, status=status, seconds=seconds)
        if route not in QUIET or status >= 400:
            log.info(
                "request",
                method=method,
                route=route,
                status=status,
                ms=round(1000 * seconds, 1),
                client=(scope.get("client") or ("",))[0],
                request_id=scope.get("state", {}).get("request_id"),
            )


def route_of(scope: Scope, *, status: int) -> str:
    """Return the template of the route that was taken: few there are, and none holds an id or a name."""
    path = getattr(scope.get("route"), "path", None)
    if isinstance(path, str) and path:
        return path
    return NOWHERE if status in (404, 405) else FILES
