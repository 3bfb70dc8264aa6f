"""What goes over the wire of Dify's external knowledge, named as Dify names it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field

from qa.web.schemas import Body, SpanBody

KNOWLEDGE = "wenbao"
"""The one knowledge base there is: the whole collection."""


class Joining(StrEnum):
    """How conditions are joined."""

    AND = "and"
    OR = "or"


class ConditionBody(BaseModel):
    """一个条件，例如 date ≥ 2023-02-01；可用 date 与 source。"""

    name: str | list[str]
    comparison_operator: str
    value: Any = None


class MetadataCondition(BaseModel):
    """元数据条件。"""

    logical_operator: Joining = Joining.AND
    conditions: list[ConditionBody] = Field(max_length=100)


class RetrievalSetting(BaseModel):
    """取多少段、至少多少分。"""

    top_k: Annotated[int, Field(ge=1, le=100)]
    score_threshold: Annotated[float, Field(ge=0, le=1)] | None = 0.0


class RetrievalBody(BaseModel):
    """Dify 的一次检索。不认识的字段不计，因为 Dify 会添新的。"""

    knowledge_id: str = Field(max_length=200, description="外部知识库 ID", examples=[KNOWLEDGE])
    query: str = Field(description="要查的话", examples=["吕梁市委书记是谁？"])
    retrieval_setting: RetrievalSetting = Field(examples=[{"top_k": 5, "score_threshold": 0.5}])
    metadata_condition: MetadataCondition | None = None


class RecordMetadata(Body):
    """一段的出处；不知道的为 null。"""

    source: str
    date: date | None
    newspaper: str | None
    page: str | None
    authors: list[str]
    article_id: str
    passage_id: str
    spans: list[SpanBody]
    dense: float | None
    lexical: float | None


class RecordBody(Body):
    """检索到的一段。score 在 0 与 1 之间，只在同一次检索之内可比，从不上升。"""

    content: str
    score: float
    title: str
    metadata: RecordMetadata


class RecordList(Body):
    """检索结果，最好的在前。"""

    records: list[RecordBody]
