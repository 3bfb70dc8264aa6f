"""A question answered as it goes: server-sent events, the passages first, then the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive

from qa.domain.answers import Found, Outcome
from qa.domain.ports import OnFound
from qa.errors import QaError
from qa.web.failures import problem, status_of
from qa.web.leaving import ClientGone
from qa.web.logs import logger
from qa.web.schemas import AskBody, SearchResults
from qa.web.service import Service

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""What keeps proxies from holding events back."""

log = logger("qa.web")


def wanted(request: Request) -> bool:
    """Tell whether the client asks for events."""
    return MEDIA_TYPE in request.headers.get("accept", "")


async def asked_of(
    service: Service, asked: AskBody, *, receive: Receive, on_found: OnFound | None = None
) -> Outcome:
    """Return the outcome of a question as it came over the wire; see ``Service.ask``."""
    return await service.ask(
        asked.question,
        limit=asked.limit,
        filters=asked.filters.value(),
        before=asked.before.value() if asked.before else None,
        on_found=on_found,
        receive=receive,
    )


async def answering(asked: AskBody, request: Request, service: Service) -> StreamingResponse:
    """Return the response that tells first what was found, then the outcome.

    It begins when the passages are there: what goes wrong before has a status of its own.
    """
    found: asyncio.Future[Sequence[Found]] = asyncio.get_running_loop().create_future()
    asking = asyncio.ensure_future(
        asked_of(service, asked, receive=request.receive, on_found=found.set_result)
    )
    try:
        either: set[asyncio.Future[Any]] = {found, asking}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        asking.cancel()
        raise
    passages = found.result() if found.done() else (await asking).retrieved
    steps = told(asked, asking, passages, service=service, request=request)
    return StreamingResponse(steps, media_type=MEDIA_TYPE, headers=HEADERS)


async def told(
    asked: AskBody,
    asking: asyncio.Future[Outcome],
    found: Sequence[Found],
    *,
    service: Service,
    request: Request,
) -> AsyncIterator[bytes]:
    """Yield the events of one question."""
    try:
        yield event("passages", SearchResults.of(found).model_dump(mode="json"))
        try:
            body = await service.answers.keep(await asking, explain=asked.explain)
            yield event("answer", body.model_dump(mode="json"))
        except ClientGone:
            return  # nobody is there to be told
        except Exception as error:
            yield event("error", problem_of(request, error))
        yield event("done", {})
    finally:
        asking.cancel()


def problem_of(request: Request, error: Exception) -> Any:  # noqa: ANN401 - JSON
    """Return the body of a failure that came too late for a status of its own."""
    if isinstance(error, QaError):
        response = problem(request, status=status_of(error), code=error.code, detail=str(error))
    else:
        log.error("request_failed", exc_info=error)
        response = problem(request, status=500, code="internal", detail="服务内部出错，详情见服务日志")
    return json.loads(bytes(response.body))


def event(name: str, data: dict[str, Any]) -> bytes:
    """Return one event; its data is one line, for JSON escapes line ends."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
