"""What a client of the OpenAI interface sends: messages, and parameters that are kept, ignored or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from qa.engine.ask import LIMIT
from qa.web.schemas import FiltersBody, Limit

MODEL = "wenbao"
"""The one model that is served."""


class Role(StrEnum):
    """Who wrote a message."""

    SYSTEM = "system"
    DEVELOPER = "developer"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
    FUNCTION = "function"


def plain_text(content: object) -> object:
    """Return the text of a message that may come in parts; None is none.

    :raises PydanticCustomError: When a part is no text.
    """
    if isinstance(content, list):
        return "\n".join(text_of(part) for part in content)
    return "" if content is None else content


def text_of(part: object) -> str:
    """Return the text of one part.

    :raises PydanticCustomError: When it is a picture, a sound, a file.
    """
    if isinstance(part, dict) and part.get("type") in ("text", "refusal"):
        text = part.get(part["type"])
        if isinstance(text, str):
            return text
    raise PydanticCustomError("not_text", "只读文字；图片、声音与文件读不了")


PART = {
    "type": "object",
    "properties": {"type": {"const": "text"}, "text": {"type": "string"}},
    "required": ["type", "text"],
}
Content = Annotated[
    str,
    BeforeValidator(plain_text),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": PART}, {"type": "null"}]}, mode="validation"
    ),
]


class MessageBody(BaseModel):
    """对话中的一条消息；只读文字。"""

    role: Role
    content: Content = Field(default="", description="文字，或若干段文字")


class StreamOptions(BaseModel):
    """流式输出的选项。"""

    include_usage: bool | None = Field(default=False, description="最后另发一块用量")


def asks_for(*kept: object) -> Callable[[object], bool]:
    """Return what tells whether a parameter asks for anything but the values that change nothing."""
    return lambda value: value is not None and value not in kept


REFUSED: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "n": (asks_for(1), "只给一个答案，n 只能是 1"),
    "response_format": (asks_for({"type": "text"}), "答案逐字引自原文，不能改写成指定的格式"),
    "tool_choice": (asks_for("none", "auto"), "不会调用工具；tool_choice 只能是 none 或 auto"),
    "function_call": (asks_for("none", "auto"), "不会调用函数；function_call 只能是 none 或 auto"),
    "modalities": (asks_for(["text"]), "只用文字回答"),
    "logprobs": (asks_for(False), "答案不是逐字生成的，没有 logprobs；把握见 confidence"),
    "web_search_options": (asks_for(), "只在已收的来源里找，不上网"),
}
"""Parameters that would change what the answer is, and why each cannot be had."""


class ChatBody(BaseModel):
    """OpenAI 形状的对话：最后一条用户消息是问题，之前的用户消息供追问补足。

    temperature、max_tokens、stop、seed、tools 等不影响答案的参数可以给，不起作用；
    n>1、response_format、指定的 tool_choice 等做不到的，以 422 拒绝。
    """

    model_config = ConfigDict(extra="ignore")

    model: str = Field(max_length=200, description="GET /v1/models 所列之一", examples=[MODEL])
    messages: list[MessageBody] = Field(
        min_length=1, max_length=1000, examples=[[{"role": "user", "content": "吕梁市委书记是谁？"}]]
    )
    stream: bool | None = Field(default=False, description="是否流式输出")
    stream_options: StreamOptions | None = None
    limit: Limit = LIMIT
    filters: FiltersBody = FiltersBody()

    @model_validator(mode="before")
    @classmethod
    def nothing_that_cannot_be_had(cls, body: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Refuse what would change the meaning of the answer.

        :raises PydanticCustomError: Naming the parameter.
        """
        if isinstance(body, dict):
            for name, (changes, why) in REFUSED.items():
                if changes(body.get(name)):
                    raise PydanticCustomError("refused", "{why}", {"why": why})
        return body

    @model_validator(mode="after")
    def something_asked(self) -> Self:
        """Refuse a conversation in which nobody asks.

        :raises PydanticCustomError: When there is no message of the user.
        """
        if not any(message.role is Role.USER for message in self.messages):
            raise PydanticCustomError("no_question", "messages 里没有用户的消息（role 为 user）")
        return self
