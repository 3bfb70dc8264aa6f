"""The files of the page; what leads to none of them, and to a route by another method, is told so."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
WRONG_METHOD = 405


class Files(StaticFiles):
    """Serves a folder below all routes, and so gets every request that none of them takes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        :raises HTTPException: 405, with the methods that the address takes; 404 where there is nothing.
        """
        try:
            await super().__call__(scope, receive, send)
        except HTTPException as error:
            taken = methods_at(scope)
            if taken:
                raise HTTPException(405, headers={"Allow": ", ".join(taken)}) from error
            if error.status_code == WRONG_METHOD and not await self._is_there(scope):
                raise HTTPException(404) from error
            raise

    async def _is_there(self, scope: Scope) -> bool:
        """Tell whether the address of a request leads to a file, which could be looked at."""
        try:
            await self.get_response(self.get_path(scope), {**scope, "method": "GET"})
        except HTTPException:
            return False
        return True


def methods_at(scope: Scope) -> list[str]:
    """Return the methods by which the address of a request leads to a route other than one of files."""
    routes = [each for each in scope["app"].routes if not isinstance(getattr(each, "app", None), Files)]
    return [
        method
        for method in METHODS
        if any(each.matches({**scope, "method": method})[0] is Match.FULL for each in routes)
    ]
