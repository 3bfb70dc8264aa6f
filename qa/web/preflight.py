"""Pages of other origins: what they may do, and a refusal of their question that looks like every other."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from qa.web.failures import problem

REFUSED = 400
REASONS: Mapping[str, str] = {
    "origin": "这个网站不在 QA_ORIGINS 之内",
    "method": "这种方法不开放给别的网站",
    "headers": "有不开放给别的网站的请求头",
    "private-network": "不让外网的页面访问内网",
}
"""Why, by the word that the framework tells it with."""


class CrossOrigin(CORSMiddleware):
    """ASGI middleware that judges as the framework does, and words refusals as we do."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return what is answered to the question whether a request may be made."""
        answer = super().preflight_response(request_headers)
        return answer if answer.status_code < REFUSED else Refusal(answer)


class Refusal(Response):
    """The refusal of the framework in the one body that failures have; its headers stay."""

    def __init__(self, refusal: Response) -> None:
        """Word ``refusal`` anew, once it is known of which request."""
        super().__init__(status_code=refusal.status_code)
        words = bytes(refusal.body).decode("ascii").replace(",", "").split()
        self._why = "；".join(REASONS[each] for each in words if each in REASONS)
        self._kept = {
            name: value for name, value in refusal.headers.items() if not name.startswith("content-")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        detail = f"不允许这样的跨站请求：{self._why}" if self._why else "不允许这样的跨站请求"
        response = problem(Request(scope), status=self.status_code, code="preflight_refused", detail=detail)
        response.headers.update(self._kept)
        await response(scope, receive, send)
