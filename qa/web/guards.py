"""What every request passes through: an id, a bound on its body, headers that keep browsers strict."""

from __future__ import annotations

import logging
import re
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.failures import problem

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


logger = logging.getLogger(__name__)


class Guards:
    """ASGI middleware; written against the protocol, so that bodies are counted as they come."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int) -> None:
        """Guard ``app``."""
        self._app, self._limit = app, max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                out = MutableHeaders(scope=message)
                out["X-Request-ID"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    out.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, counted(receive, limit=self._limit), send_guarded)
        except Exception as error:
            if started:
                raise
            logger.error("request %s failed", request_id, exc_info=error)
            response = problem(
                Request(scope), status=500, code="internal", detail="服务内部出错，详情见服务日志"
            )
            await response(scope, receive, send_guarded)


def request_id_of(headers: Headers) -> str:
    """Return the id that the client gave, if it is one that can be logged, or a new one."""
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def counted(receive: Receive, *, limit: int) -> Receive:
    """Return ``receive`` that stops a body at ``limit`` bytes, whatever its header promised.

    :raises HTTPException: 413, from the call that passes the limit.
    """
    total = 0

    async def receive_counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > limit:
            raise HTTPException(413, f"请求体超过 {limit / 2**20:.0f} MiB 的上限")
        return message

    return receive_counted
