"""Routes: read the request, call the engine once, write the response."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from qa.domain.answers import Filters
from qa.errors import StoreFailed
from qa.web import events
from qa.web.collection import ArticleBody, ArticleList, SourceBody, SourceList, SourceTextBody
from qa.web.events import asked_of
from qa.web.schemas import (
    AskBody,
    Day,
    Health,
    KeptBody,
    OutcomeBody,
    Problem,
    Readiness,
    SearchBody,
    SearchResults,
)
from qa.web.service import Service

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


def service_of(request: Request) -> Service:
    """Return the service that the lifespan opened."""
    service: Service = request.app.state.service
    return service


Serving = Annotated[Service, Depends(service_of)]
Identifier = Annotated[
    str, Path(description="来源、文章或回答的 id；从不是路径", examples=["9c2b7a1f0e3d4856"])
]


@router.post("/ask", summary="提问", responses={200: {"content": {events.MEDIA_TYPE: {}}}})
async def ask(asked: AskBody, request: Request, service: Serving) -> OutcomeBody:
    """回答一个问题，并给出逐字出处；来源里没有答案时拒答，不作猜测。

    Accept: text/event-stream 时先送 passages（检索到的段落），再送 answer（回答），最后送 done；
    中途出错时送 error（与出错时的统一形状相同），再送 done。
    """
    if events.wanted(request):
        return await events.answering(asked, request, service)  # type: ignore[return-value]
    outcome = await asked_of(service, asked, receive=request.receive)
    return await service.answers.keep(outcome, explain=asked.explain)


@router.post("/search", summary="检索")
async def search(asked: SearchBody, request: Request, service: Serving) -> SearchResults:
    """返回最接近的段落，附向量、词面与融合得分。"""
    found = await service.search(
        asked.question,
        limit=asked.limit,
        filters=asked.filters.value(),
        mode=asked.mode,
        receive=request.receive,
    )
    return SearchResults.of(found)


# None of the following is async: they read files, so Starlette runs them on its thread pool.
@router.get(
    "/answers/{id}",
    summary="一个回答",
    tags=["回答"],
    responses={410: {"model": Problem, "description": "所引的来源已被移除或改动；question 是当时的问题"}},
)
def answer(id: Identifier, service: Serving) -> KeptBody:
    """返回一个存档的回答；过期的、已删除的是 404，所引的来源已被移除或改动的是 410，附当时的问题。"""
    return service.kept(id)


@router.delete("/answers/{id}", summary="删除一个回答", tags=["回答"], status_code=204)
def forget(id: Identifier, service: Serving) -> None:
    """删除一个存档的回答。"""
    service.answers.delete(id)


@router.get("/sources", summary="全部来源", tags=["来源"])
def sources(service: Serving) -> SourceList:
    """列出全部来源。"""
    with service.reading() as snapshot:
        return SourceList(sources=[SourceBody.of(each) for each in snapshot.sources()])


@router.get("/sources/{id}", summary="一个来源的原文", tags=["来源"])
def source(id: Identifier, service: Serving) -> SourceTextBody:
    """返回来源的原文，一字不改；引文的位置以它为准。"""
    with service.reading() as snapshot:
        return SourceTextBody.of(snapshot.source(id))


@router.get("/articles", summary="文章", tags=["来源"])
def articles(
    service: Serving,
    source: Annotated[list[str] | None, Query(description="来源名，可用 * 通配", max_length=100)] = None,
    newspaper: Annotated[
        list[str] | None, Query(description="报名，照文章所写，须全同", max_length=100)
    ] = None,
    first: Annotated[Day | None, Query(alias="from", description="不早于这一天")] = None,
    last: Annotated[Day | None, Query(alias="to", description="不晚于这一天")] = None,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ArticleList:
    """列出从各来源切分出的文章，按来源与版面顺序。"""
    with service.reading() as snapshot:
        listed = snapshot.listed(
            Filters(sources=tuple(source or ()), newspapers=tuple(newspaper or ()), first=first, last=last)
        )
        page = snapshot.articles_by_id([each.id for each in listed[offset : offset + limit]])
    return ArticleList(
        articles=[ArticleBody.of(each) for each in page], total=len(listed), offset=offset, limit=limit
    )


@router.get("/articles/{id}", summary="一篇文章", tags=["来源"])
def article(id: Identifier, service: Serving) -> ArticleBody:
    """返回一篇文章的题目、日期、作者及其在原文中的位置。"""
    with service.reading() as snapshot:
        return ArticleBody.of(snapshot.article(id))


@health.head("/healthz", include_in_schema=False)
@health.get("/healthz", summary="存活")
def healthz() -> Health:
    """进程在运行。"""
    return Health(status="ok")


@health.head("/readyz", include_in_schema=False)
@health.get("/readyz", summary="就绪", responses={503: PROBLEMS[503]})
def readyz(service: Serving) -> Readiness:
    """模型已载入，索引已打开；正在停止、或连不上存储（QA_STORE）时为 503。"""
    service.turns.require_open()
    with service.reading() as snapshot:
        served = snapshot.version
    fault = service.versions.fault
    if isinstance(fault, StoreFailed):
        # Of a folder the version in force answers on; without its store none does.
        raise fault
    return Readiness(status=f"ok {served}", index_version=served, fault=fault.code if fault else None)


@health.get("/metrics", summary="指标", response_class=PlainTextResponse)
def metrics(service: Serving) -> Response:
    """Prometheus 文本格式的指标，属于回应这次请求的进程。"""
    return Response(service.metrics_text(), media_type=CONTENT_TYPE_LATEST)
