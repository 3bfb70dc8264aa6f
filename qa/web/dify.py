"""Dify's external knowledge: passages for whoever asks through Dify."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import accumulate

from fastapi import APIRouter, Request

from qa.domain.answers import Found, Mode
from qa.errors import NotFound
from qa.web.dify_conditions import filters_of
from qa.web.dify_schemas import KNOWLEDGE, RecordBody, RecordList, RecordMetadata, RetrievalBody
from qa.web.routes import PROBLEMS, Serving
from qa.web.schemas import FoundBody

router = APIRouter(tags=["Dify"], responses=PROBLEMS)


@router.post("/retrieval", summary="Dify 外部知识库")
async def retrieve(asked: RetrievalBody, request: Request, service: Serving) -> RecordList:
    """按 Dify「外部知识库 API」的形状检索段落；出错时另有 error_code 与 error_msg。"""
    if asked.knowledge_id != KNOWLEDGE:
        raise NotFound(f"没有知识库 {asked.knowledge_id!r}；外部知识库 ID 请填 {KNOWLEDGE}")
    setting = asked.retrieval_setting
    found = await service.search(
        asked.query,
        limit=setting.top_k,
        filters=filters_of(asked.metadata_condition),
        mode=Mode.HYBRID,
        receive=request.receive,
    )
    least = setting.score_threshold or 0.0
    return RecordList(records=[record for record in records_of(found) if record.score >= least])


def records_of(found: Iterable[Found]) -> list[RecordBody]:
    """Return passages as records, with scores that keep their order for who sorts by them again."""
    bodies = [FoundBody.of(each, rank=rank) for rank, each in enumerate(found, start=1)]
    scores = accumulate((share_of(body.fused) for body in bodies), min)
    return [record_of(body, score=score) for body, score in zip(bodies, scores, strict=True)]


def share_of(fused: float) -> float:
    """Return a fused score between 0 and 1: one half is the mean of what was found."""
    return round(1 / (1 + math.exp(-fused)), 4)


def record_of(body: FoundBody, *, score: float) -> RecordBody:
    """Return a passage as a record."""
    article = body.article
    return RecordBody(
        content=body.quote,
        score=score,
        title=article.title or article.source,
        metadata=RecordMetadata(
            source=article.source,
            date=article.date,
            newspaper=article.newspaper,
            page=article.page,
            authors=article.authors,
            article_id=article.id,
            passage_id=body.passage.id,
            spans=body.spans,
            dense=body.dense,
            lexical=body.lexical,
        ),
    )
