"""Who may do what: a key of the scope that a route needs, and not too often; what is not listed is closed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.errors import QaError
from qa.web import failures
from qa.web.key_file import KeyRing
from qa.web.keys import Access, Key
from qa.web.rates import Rate, network_of

BEARER = re.compile(r"Bearer +([\x21-\x7e]{1,200})", re.IGNORECASE)

OPEN = frozenset({"/healthz", "/readyz", "/openapi.json", "/docs"})
"""Paths that need no key beside those of the page: they tell nothing of the collection."""

ASKING = frozenset({"/v1/ask", "/v1/search", "/v1/chat/completions", "/retrieval", "/mcp"})
"""Paths at which a request that is not GET asks, and changes nothing."""

KEPT = "/v1/answers/"
"""Below it are answers that were kept: their ids are secrets, and whoever has one may have it forgotten."""

LINKED = re.compile(r"/reports/[\w.-]+", re.ASCII)
"""Addresses of reports, which are signed and soon forgotten: their route checks them, since a browser that
opens a page brings no key."""

LOOKING = frozenset({"GET", "HEAD"})


def needed(method: str, path: str) -> Access:
    """Return what a request needs: to read where it is known not to change the collection, else to write."""
    forgetting = method == "DELETE" and path.startswith(KEPT)
    return Access.READ if method in LOOKING or path in ASKING or forgetting else Access.WRITE


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is not let in; becomes the one body that failures have."""

    status: int
    code: str
    detail: str
    headers: dict[str, str]


class Gate:
    """ASGI middleware that lets in whoever may come in."""

    def __init__(
        self, app: ASGIApp, *, keys: KeyRing | None, rate: Rate | None, page: Collection[str]
    ) -> None:
        """Guard ``app``.

        :param keys: None lets everybody in.
        :param rate: None lets them in as often as they like.
        :param page: Paths of the page and what it is made of, which need no key.
        """
        self._app, self._keys, self._rate = app, keys, rate
        self._open = OPEN | set(page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] == "lifespan" or self._is_open(scope):
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        return scope["type"] == "http" and scope["method"] in LOOKING and scope["path"] in self._open

    def _refusal(self, scope: Scope) -> Response | None:
        request = Request(scope)
        try:
            refused = self._judged(scope)
        except QaError as error:
            return failures.response_of(request, error)
        if refused is None:
            return None
        response = failures.problem(request, status=refused.status, code=refused.code, detail=refused.detail)
        response.headers.update(refused.headers)
        return response

    def _judged(self, scope: Scope) -> Refusal | None:
        """Refuse who comes too often before who has no key, so that guessing is slow as well.

        :raises KeysInvalid: When the keys cannot be read; then nobody is let in.
        """
        secret = secret_in(Headers(scope=scope))
        key = self._keys.matching(secret) if self._keys and secret else None
        wait = self._rate.wait(who(scope, key)) if self._rate else 0
        if wait:
            return Refusal(
                status=429,
                code="too_many_requests",
                detail=f"请求太频繁；请在 {wait} 秒后再试",
                headers={"Retry-After": str(wait)},
            )
        if self._keys is None or (scope["method"] in LOOKING and LINKED.fullmatch(scope["path"])):
            return None
        return lacking(key, needed(scope["method"], scope["path"]), given=secret is not None)


def lacking(key: Key | None, access: Access, *, given: bool) -> Refusal | None:
    """Return why a key is not enough for what is needed; None where it is.

    :param given: Whether a key was brought at all.
    """
    if key is None:
        challenge = 'Bearer realm="wenbao"' + (', error="invalid_token"' if given else "")
        detail = "密钥不对，或已撤销" if given else "需要密钥：请求头 Authorization: Bearer qa_…"
        return Refusal(
            status=401, code="unauthorized", detail=detail, headers={"WWW-Authenticate": challenge}
        )
    if not key.access.covers(access):
        challenge = f'Bearer realm="wenbao", error="insufficient_scope", scope="{access}"'
        return Refusal(
            status=403,
            code="forbidden",
            detail=f"这把密钥只能读取；这里需要 {access} 权限的密钥",
            headers={"WWW-Authenticate": challenge},
        )
    return None


def secret_in(headers: Headers) -> str | None:
    """Return the secret that a request brings, None where it brings none; what is none is no key."""
    given = headers.get("authorization")
    if given is None:
        return None
    found = BEARER.fullmatch(given.strip())
    return found[1] if found else ""


def who(scope: Scope, key: Key | None) -> str:
    """Return whose requests are counted together: a key's, or an address's."""
    client = scope.get("client")
    return f"key {key.id}" if key else f"address {network_of(client[0]) if client else ''}"
