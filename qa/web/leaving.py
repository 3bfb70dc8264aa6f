"""A client that goes away: what was done for it is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

T = TypeVar("T")


class ClientGone(Exception):
    """The client has gone away; there is nobody to answer."""


async def unless_gone(work: Coroutine[Any, Any, T], *, receive: Receive) -> T:
    """Return what ``work`` returns, and cancel it when the client goes away first.

    :param receive: The request's, whose body has been read.
    :raises ClientGone: When the client goes away first.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def left(receive: Receive) -> None:
    """Return once the client has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
