"""What every request passes through: an id, a bound on its body, headers that keep browsers strict."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from qa.web.failures import problem
from qa.web.logs import logger

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


log = logger("qa.web")


class Guards:
    """ASGI middleware; written against the protocol, so that bodies are counted as they come."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_body_bytes: int,
        body_seconds: float,
        smaller: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Guard ``app``.

        :param smaller: Bytes of a body at paths where less is enough.
        """
        self._app, self._limit, self._seconds = app, max_body_bytes, body_seconds
        self._smaller = smaller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        bind_contextvars(request_id=request_id)
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                out = MutableHeaders(scope=message)
                out["X-Request-ID"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    out.setdefault(name, value)
                # The page and what it is made of carry a tag by which a browser asks whether it changed.
                out.setdefault("Cache-Control", "no-cache" if "etag" in out else "no-store")
            await send(message)

        try:
            limit = self._smaller.get(scope["path"], self._limit)
            await self._app(scope, bounded(receive, limit=limit, seconds=self._seconds), send_guarded)
        except Exception as error:
            if started:
                raise
            log.error("request_failed", exc_info=error)
            response = problem(
                Request(scope), status=500, code="internal", detail="服务内部出错，详情见服务日志"
            )
            await response(scope, receive, send_guarded)


def request_id_of(headers: Headers) -> str:
    """Return the id that the client gave, if it is one that can be logged, or a new one."""
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def bounded(receive: Receive, *, limit: int, seconds: float) -> Receive:
    """Return ``receive`` that stops a body at ``limit`` bytes, whatever its header promised, and in time.

    The connection is closed then: what else the client would send is of no use.

    :param seconds: From the first call to the end of the body; what comes after it is waited for.
    :raises HTTPException: 413, from the call that passes the limit, and 408 from the one that takes too long.
    """
    total, ended = 0, False
    until: float | None = None
    close = {"Connection": "close"}

    async def receive_bounded() -> Message:
        nonlocal total, ended, until
        if ended:
            return await receive()
        until = until or asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408, f"请求体在 {seconds:.0f} 秒内没有收完", headers=close) from error
        ended = not message.get("more_body", False)
        total += len(message.get("body", b""))
        if total > limit:
            raise HTTPException(413, f"请求体超过 {limit / 2**20:.3g} MiB 的上限", headers=close)
        return message

    return receive_bounded
