"""Pages of other sites may not use this service through the browser of somebody who can reach it.

CORS only keeps such a page from reading an answer. An upload from it would arrive all the
same, and with a name of its own that it points at this address (DNS rebinding) it could read.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.failures import problem

HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})
"""What ``Sec-Fetch-Site`` says of a request of this page, or of one that no page made."""

INSIDE = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
"""Ends of names that nobody can register on the internet."""


class Origins:
    """ASGI middleware that refuses names it does not know, and changes that pages of others ask for."""

    def __init__(
        self, app: ASGIApp, *, hosts: Collection[str], origins: Collection[str], keyed: bool
    ) -> None:
        """Guard ``app``.

        :param hosts: Names under which it is served, in small letters; empty for those within a
            network, or any where a key is asked for, which a page of others does not have.
        :param origins: Origins whose pages may use it, such as ``https://example.org``.
        """
        self._app, self._hosts, self._origins, self._keyed = app, hosts, origins, keyed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = host_in(headers.get("host", ""))
        if not self._knows(host):
            detail = f"不以 {host[:100]!r} 这个名称提供服务；如果应当提供，请设置环境变量 QA_HOSTS"
            return problem(Request(scope), status=421, code="host_refused", detail=detail)
        if scope["method"] not in HARMLESS and not self._trusts(headers):
            detail = "拒绝来自其他网站页面的请求；如果应当允许，请设置环境变量 QA_ORIGINS"
            return problem(Request(scope), status=403, code="origin_refused", detail=detail)
        return None

    def _knows(self, host: str) -> bool:
        if not host or is_address(host) or host in self._hosts:
            return True
        return not self._hosts and (self._keyed or "." not in host or host.endswith(INSIDE))

    def _trusts(self, headers: Headers) -> bool:
        """Tell whether a request comes from this page, from one that is let in, or from no page."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin in self._origins or site in OURS:
            return True
        if site is not None:
            return False
        return origin is None or place_of(origin) == headers.get("host", "").lower()


def place_of(origin: str) -> str | None:
    """Return the host and port of an ``Origin`` header in small letters; None where it is no address."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def host_in(header: str) -> str:
    """Return the name or address of a ``Host`` header, without the port, in small letters."""
    name = header.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0].rstrip(".")


def is_address(host: str) -> bool:
    """Tell whether a host is an address and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
