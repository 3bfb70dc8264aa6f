"""What stands between the outside and the routes: the middleware, in an order that matters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from qa.settings import Settings, listed
from qa.web.access import ASKING, Gate
from qa.web.guards import Guards
from qa.web.key_file import KeyRing
from qa.web.origins import Origins
from qa.web.preflight import CrossOrigin
from qa.web.rates import Rate

CROSS_ORIGIN: Mapping[str, Any] = {
    "allow_methods": ("GET", "POST", "DELETE"),
    "allow_headers": ("Authorization", "Content-Type", "X-Request-ID"),
    "expose_headers": ("Retry-After", "X-Request-ID"),
}
"""What pages of the origins that are let in may do; never with cookies, of which there are none."""


def guard(app: FastAPI, settings: Settings, *, static: Path) -> None:
    """Put the middleware around an app; what is added last comes first.

    :param static: Where the page lies and what it is made of, which need no key.
    :raises KeysInvalid: When there is no file of keys where one is set.
    """
    origins = listed(settings.origins)
    keys = KeyRing(settings.api_keys) if settings.api_keys else None
    rate = Rate(settings.rate) if settings.rate else None
    app.add_middleware(Gate, keys=keys, rate=rate, page=paths_of(static))
    if origins:
        app.add_middleware(CrossOrigin, allow_origins=origins, **CROSS_ORIGIN)
    hosts = frozenset(each.lower() for each in listed(settings.hosts))
    app.add_middleware(Origins, hosts=hosts, origins=frozenset(origins), keyed=keys is not None)
    # JSON takes thirty times its size once it is read; no question needs what an upload may have.
    asking = min(settings.max_question_bytes, settings.max_body_bytes)
    app.add_middleware(
        Guards,
        max_body_bytes=settings.max_body_bytes,
        body_seconds=settings.body_seconds,
        smaller=dict.fromkeys(ASKING, asking),
    )


def paths_of(static: Path) -> frozenset[str]:
    """Return the paths at which the files of a folder are served."""
    files = {f"/{path.relative_to(static).as_posix()}" for path in static.rglob("*") if path.is_file()}
    return frozenset({"/"} | files)
