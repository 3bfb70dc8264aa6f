"""The OpenAI interface: chat completions and models, so that existing clients can ask."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from qa.errors import NotFound
from qa.web.chat_replies import CompletionBody, ModelBody, ModelList, event_stream
from qa.web.chat_schemas import MODEL, ChatBody
from qa.web.conversation import preceding, turns_of
from qa.web.routes import PROBLEMS, Serving

router = APIRouter(prefix="/v1", tags=["OpenAI"], responses=PROBLEMS)
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "答复，或它的流"}
}


@router.post("/chat/completions", summary="对话", response_model=CompletionBody, responses=STREAMED)
async def complete(asked: ChatBody, request: Request, service: Serving) -> Response:
    """按 OpenAI 的形状回答最后一条用户消息；出处既写在文字里，也在 citations 里，流式时也是。"""
    require(asked.model)
    *earlier, last = turns_of(asked.messages)
    found = await service.ask(
        last.question,
        limit=asked.limit,
        filters=asked.filters.value(),
        before=preceding(earlier),
        receive=request.receive,
    )
    # Only now is anything sent: what fails has failed with a status of its own.
    outcome = await service.answers.keep(found)
    if asked.stream:
        usage = bool(asked.stream_options and asked.stream_options.include_usage)
        events = event_stream(outcome, usage=usage)
        return StreamingResponse(
            events, media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
        )
    return JSONResponse(CompletionBody.of(outcome).model_dump(mode="json"))


@router.get("/models", summary="可选的模型")
async def models() -> ModelList:
    """列出可选的模型；只有一个。"""
    return ModelList(data=[ModelBody()])


@router.get("/models/{model}", summary="一个模型")
async def model(model: str) -> ModelBody:
    """返回一个模型。"""
    require(model)
    return ModelBody()


def require(model: str) -> None:
    """Take the one model there is.

    :raises NotFound: For any other.
    """
    if model != MODEL:
        raise NotFound(f"没有模型 {model!r}；可用的是 {MODEL}")
