"""Routes of batch evaluation: questions in, progress, predictions and reports out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from qa.engine.ask import LIMIT
from qa.web.batch_reports import HEADERS, Reports
from qa.web.batch_schemas import BatchBody, BatchList, ReportBody
from qa.web.batches import JSON, LINES, READERS, Batches, Standing
from qa.web.names import LONGEST, plain_name
from qa.web.routes import PROBLEMS
from qa.web.schemas import Problem

ALSO_LINES = frozenset({"application/jsonl", "application/jsonlines", "application/x-jsonlines"})
"""Other names under which JSON Lines are sent."""

QUESTIONS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/BatchQuestions"}},
            LINES: {"schema": {"type": "string", "description": "一行一个问题，字段同 BatchQuestion"}},
        },
    }
}
"""The body, which is read by hand so that what is wrong is told with its line."""

PENDING: dict[int | str, dict[str, Any]] = {409: {"model": Problem, "description": "还没有问完一题"}}

router = APIRouter(prefix="/v1/batches", tags=["评测"], responses=PROBLEMS)
links = APIRouter(tags=["评测"], responses=PROBLEMS)


def batches_of(request: Request) -> Batches:
    """Return the batches that the lifespan opened."""
    batches: Batches = request.app.state.batches
    return batches


def reports_of(request: Request) -> Reports:
    """Return what the lifespan made for reporting."""
    reports: Reports = request.app.state.reports
    return reports


Batching = Annotated[Batches, Depends(batches_of)]
Reporting = Annotated[Reports, Depends(reports_of)]
Identifier = Annotated[str, Path(description="一批评测的 id", examples=["pX0c9a7e4b1d4c1b8d7a3e2f"])]
Name = Annotated[str, Query(max_length=500, description="叫什么，通常是文件名")]
Passages = Annotated[int, Query(ge=1, le=100, description="每题检索的段落数")]


@router.post(
    "",
    summary="提交一批问题",
    status_code=202,
    openapi_extra=QUESTIONS,
    responses={415: {"description": "请求体的类型不对"}},
)
async def make(
    request: Request,
    response: Response,
    batches: Batching,
    reports: Reporting,
    name: Name = "",
    limit: Passages = LIMIT,
) -> BatchBody:
    """提交一批问题，在服务空闲时逐题去问：有人提问时让人先问。服务重启或被强行中止后接着做，问过的不再问。

    请求体是 application/json，或 application/x-ndjson（一行一个，与 qa evaluate 的问题文件相同）。
    每题问的是轮到它时的索引版本，记在结果的 index_version 里。
    """
    media = media_of(request)
    body = await request.body()
    named = plain_name(name) if name else "请求体"
    made = await run_in_threadpool(batches.make, body, media, name=named[:LONGEST], passages=limit)
    response.headers["Location"] = f"/v1/batches/{made.batch.id}"
    return told(made, reports)


# None of the following is async but where a report is made: they read a file, on the thread pool.
@router.get("", summary="各批评测")
def listed(batches: Batching, reports: Reporting) -> BatchList:
    """列出各批评测与进展，新的在前。"""
    return BatchList(batches=[told(each, reports) for each in batches.all()])


@router.get("/{id}", summary="一批评测的进展")
def standing(id: Identifier, batches: Batching, reports: Reporting) -> BatchBody:
    """返回一批评测的进展。"""
    return told(batches.get(id), reports)


@router.post("/{id}/cancel", summary="停下一批评测")
def cancel(id: Identifier, batches: Batching, reports: Reporting) -> BatchBody:
    """不再往下问；已经问完的留着，报告与结果照样可取。已经结束的不受影响。"""
    return told(batches.cancel(id), reports)


@router.delete("/{id}", summary="删除一批评测", status_code=204, response_class=Response)
def delete(id: Identifier, batches: Batching) -> None:
    """删除一批评测，连同问题与结果；没有做完的也就停下。"""
    batches.delete(id)


@router.get(
    "/{id}/predictions",
    summary="一批评测的结果",
    response_class=StreamingResponse,
    responses={200: {"content": {LINES: {"schema": {"type": "string"}}}, "description": "一行一题"}},
)
def predictions(id: Identifier, batches: Batching) -> StreamingResponse:
    """返回已经问完的各题的结果，一行一题，按提交的先后。

    与 qa evaluate --predictions 写的相同，可交给 qa compare。
    """
    return StreamingResponse(batches.predictions(id), media_type=LINES)


@router.get("/{id}/report", summary="一批评测的评分", responses=PENDING)
async def figures(id: Identifier, reports: Reporting) -> ReportBody:
    """返回已经问完的各题的评分，附 95% 区间；一题也没有问完时为 409。"""
    return ReportBody.model_validate(await reports.figures(id))


@router.get("/{id}/report.html", summary="一批评测的网页报告", response_class=HTMLResponse, responses=PENDING)
async def page(id: Identifier, reports: Reporting) -> HTMLResponse:
    """返回网页报告：一个文件，不向外取任何东西，存下来也能打开。"""
    return HTMLResponse(await reports.page(id), headers=HEADERS)


@links.get("/reports/{ticket}", summary="打开网页报告", response_class=HTMLResponse)
async def linked(
    ticket: Annotated[str, Path(max_length=200, description="见一批评测的 report")], reports: Reporting
) -> HTMLResponse:
    """返回网页报告；地址由 GET /v1/batches/{id} 给出，不需要密钥，一两个小时后失效。"""
    return HTMLResponse(await reports.linked(ticket), headers=HEADERS)


def told(made: Standing, reports: Reports) -> BatchBody:
    """Return the wire form of a batch with a link to its report."""
    return BatchBody.of_standing(made, report=reports.link_to(made.batch))


def media_of(request: Request) -> str:
    """Return which of the two kinds of body a request brings.

    :raises HTTPException: 415, when it is neither.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    media = LINES if given in ALSO_LINES else given
    if media not in READERS:
        raise HTTPException(415, f"请求体应为 {JSON} 或 {LINES}，这里是 {given[:100] or '没有说明'}")
    return media
