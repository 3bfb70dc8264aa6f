"""Routes: read the request, call the engine once, write the response."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from qa.domain.answers import Filters
from qa.domain.ports import Asker
from qa.web.collection import ArticleBody, ArticleList, SourceBody, SourceList, SourceTextBody
from qa.web.schemas import (
    AskBody,
    FoundBody,
    Health,
    OutcomeBody,
    Problem,
    SearchBody,
    SearchResults,
)

PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": description}
    for status, description in {
        404: "没有这一项",
        413: "请求体太大",
        422: "请求不合要求",
        503: "索引或模型不可用",
    }.items()
}
router = APIRouter(prefix="/v1", tags=["问答"], responses=PROBLEMS)
health = APIRouter(tags=["运行"])


def asker_of(request: Request) -> Asker:
    """Return the engine that the lifespan opened."""
    asker: Asker = request.app.state.asker
    return asker


Engine = Annotated[Asker, Depends(asker_of)]
Identifier = Annotated[str, "来源或文章的 id"]


# None of these is async: the models hold the processor, so Starlette runs them on its thread pool.
@router.post("/ask", summary="提问")
def ask(asked: AskBody, engine: Engine) -> OutcomeBody:
    """回答一个问题，并给出逐字出处；来源里没有答案时拒答，不作猜测。"""
    outcome = engine.ask(
        asked.question,
        limit=asked.limit,
        filters=asked.filters.value(),
        before=asked.before.value() if asked.before else None,
    )
    return OutcomeBody.of(outcome, explain=asked.explain)


@router.post("/search", summary="检索")
def search(asked: SearchBody, engine: Engine) -> SearchResults:
    """返回最接近的段落，附向量、词面与融合得分。"""
    found = engine.search(asked.question, limit=asked.limit, filters=asked.filters.value(), mode=asked.mode)
    return SearchResults(results=[FoundBody.of(each, rank=rank) for rank, each in enumerate(found, start=1)])


@router.get("/sources", summary="全部来源", tags=["来源"])
def sources(engine: Engine) -> SourceList:
    """列出全部来源。"""
    return SourceList(sources=[SourceBody.of(each) for each in engine.snapshot.sources()])


@router.get("/sources/{id}", summary="一个来源的原文", tags=["来源"])
def source(id: Identifier, engine: Engine) -> SourceTextBody:
    """返回来源的原文，一字不改；引文的位置以它为准。"""
    return SourceTextBody.of(engine.snapshot.source(id))


@router.get("/articles", summary="文章", tags=["来源"])
def articles(
    engine: Engine,
    source: Annotated[list[str] | None, Query(description="来源名，可用 * 通配", max_length=100)] = None,
    first: Annotated[date | None, Query(alias="from", description="不早于这一天")] = None,
    last: Annotated[date | None, Query(alias="to", description="不晚于这一天")] = None,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ArticleList:
    """列出从各来源切分出的文章，按来源与版面顺序。"""
    listed = engine.snapshot.articles(Filters(sources=tuple(source or ()), first=first, last=last))
    page = [ArticleBody.of(each) for each in listed[offset : offset + limit]]
    return ArticleList(articles=page, total=len(listed), offset=offset, limit=limit)


@router.get("/articles/{id}", summary="一篇文章", tags=["来源"])
def article(id: Identifier, engine: Engine) -> ArticleBody:
    """返回一篇文章的题目、日期、作者及其在原文中的位置。"""
    return ArticleBody.of(engine.snapshot.article(id))


@health.head("/healthz", include_in_schema=False)
@health.get("/healthz", summary="存活")
def healthz() -> Health:
    """进程在运行。"""
    return Health(status="ok")


@health.head("/readyz", include_in_schema=False)
@health.get("/readyz", summary="就绪", responses={503: PROBLEMS[503]})
def readyz(engine: Engine) -> Health:
    """模型已载入，索引已打开。"""
    return Health(status=f"ok {engine.snapshot.version}")
