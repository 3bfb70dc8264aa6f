"""What a client of the OpenAI interface gets: a completion whole or in chunks, citations in either."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import Field

from qa.web.chat_schemas import MODEL
from qa.web.chat_text import pieces
from qa.web.schemas import AlternativeBody, Body, CitationBody, OutcomeBody

STRUCTURED = {
    "id",
    "answer",
    "understood",
    "abstained",
    "confidence",
    "citations",
    "alternatives",
    "index_version",
}
"""What a message has beside its text, each as in the outcome of ``/v1/ask``."""


class ReplyMessage(Body):
    """答复。content 是答案、[1] 式的标记与编号的出处；其余与 /v1/ask 相同。"""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    id: str | None = Field(description="存档的编号，见 GET /v1/answers/{id}；不存档时为 null")
    answer: str | None = Field(description="答案，逐字引自原文；拒答时为 null")
    understood: str | None
    abstained: bool
    confidence: float
    citations: list[CitationBody] = Field(
        description="与 /v1/ask 的 citations 相同；拒答时 supports 为 false"
    )
    alternatives: list[AlternativeBody]
    index_version: str

    @classmethod
    def of(cls, outcome: OutcomeBody) -> Self:
        """Return an outcome as a message."""
        return cls(content="".join(pieces(outcome)), **outcome.model_dump(include=STRUCTURED))


class ChoiceBody(Body):
    """唯一的一个答复。"""

    index: Literal[0] = 0
    message: ReplyMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class UsageBody(Body):
    """用量。没有语言模型在逐词生成，所以都是 0。"""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class CompletionBody(Body):
    """OpenAI 形状的答复。"""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChoiceBody]
    usage: UsageBody = UsageBody()
    system_fingerprint: str = Field(description="索引版本")

    @classmethod
    def of(cls, outcome: OutcomeBody) -> Self:
        """Return an outcome as a completion."""
        return cls(
            id=new_id(),
            created=int(time.time()),
            model=MODEL,
            choices=[ChoiceBody(message=ReplyMessage.of(outcome))],
            system_fingerprint=outcome.index_version,
        )


class ModelBody(Body):
    """一个可选的模型。created 无从得知，为 0。"""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class ModelList(Body):
    """可选的模型。"""

    object: Literal["list"] = "list"
    data: list[ModelBody]


def new_id() -> str:
    """Return a name for a completion."""
    return f"chatcmpl-{uuid.uuid4().hex}"


def chunks(outcome: OutcomeBody, *, usage: bool) -> Iterator[dict[str, Any]]:
    """Yield an outcome in the chunks of a stream.

    What is structured comes once, with the last of the content: clients that put deltas together add
    numbers and join texts and lists, so that a second time would spoil the first.
    """
    same = {
        "id": new_id(),
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": MODEL,
        "system_fingerprint": outcome.index_version,
    }

    def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return {**same, "choices": [choice], **({"usage": None} if usage else {})}

    *first, last = pieces(outcome)
    yield chunk({"role": "assistant", "content": ""})
    for piece in first:
        yield chunk({"content": piece})
    yield chunk({"content": last, **outcome.model_dump(mode="json", include=STRUCTURED)})
    yield chunk({}, finish_reason="stop")
    if usage:
        yield {**same, "choices": [], "usage": UsageBody().model_dump()}


def event_stream(outcome: OutcomeBody, *, usage: bool) -> Iterator[str]:
    """Yield the events of a stream.

    In ASCII: some clients break lines at what Unicode calls a line separator, which a paper may hold.
    """
    for each in chunks(outcome, usage=usage):
        yield f"data: {json.dumps(each)}\n\n"
    yield "data: [DONE]\n\n"
