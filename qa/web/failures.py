"""One table from our errors to HTTP statuses, and one body for every failure (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from qa.errors import (
    AnswerWithdrawn,
    Busy,
    ConditionInvalid,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexStale,
    KeyInvalid,
    ModelMissing,
    NotFound,
    QaError,
    QuestionInvalid,
    QuestionsInvalid,
    ReportPending,
    SettingInvalid,
    SourceFailed,
    SurroundingsFailed,
)
from qa.web.dialects import members
from qa.web.leaving import ClientGone
from qa.web.problems import CODE_OF, PLAINLY, title_of, type_of
from qa.web.schemas import Problem

MEDIA_TYPE = "application/problem+json"
GONE = 499
"""What the log says of a request whose client went away; nobody sees it."""

AGAIN_S = 5
"""Seconds after which that may be tried again which something else, that will soon be done, keeps waiting."""

STATUS_OF: Mapping[type[QaError], int] = {
    QaError: 500,
    QuestionInvalid: 422,
    QuestionsInvalid: 422,
    ConditionInvalid: 422,
    SettingInvalid: 500,
    KeyInvalid: 422,
    NotFound: 404,
    ReportPending: 409,
    AnswerWithdrawn: 410,
    SourceFailed: 422,
    IndexMissing: 503,
    IndexStale: 503,
    IndexDamaged: 503,
    ModelMissing: 503,
    SurroundingsFailed: 503,
    Busy: 503,
}


TOLD: Mapping[str, str] = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识的字段",
    "json_invalid": "不是合法的 JSON",
    "string_type": "应为文字",
    "string_unicode": "有残缺的字符",
    "string_too_long": "不得多于 {max_length} 字",
    "too_short": "不得少于 {min_length} 项",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "dict_type": "应为 JSON 对象",
    "model_type": "应为 JSON 对象",
    "float_type": "应为数",
    "float_parsing": "应为数",
    "int_from_float": "应为整数",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "list_type": "应为列表",
    "model_attributes_type": "应为 JSON 对象",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "too_long": "不得多于 {max_length} 项",
    "enum": "应为其中之一：{expected}",
}
"""What is wrong with a field, by the type of pydantic's error."""


def status_of(error: QaError) -> int:
    """Return the status of an error: its own, or that of the nearest kind above it."""
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)


def told(error: Mapping[str, Any]) -> str:
    """Return where a request is wrong, and how."""
    kind = str(error["type"])
    how = TOLD[kind].format(**error.get("ctx", {})) if kind in TOLD else str(error["msg"])
    how = "不合要求" if how.isascii() else how
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}：{'应为 YYYY-MM-DD 形式的日期' if kind.startswith('date') else how}"


def problem(
    request: Request, *, status: int, code: str, detail: str, more: Mapping[str, object] | None = None
) -> JSONResponse:
    """Return the one body that failures have.

    :param more: Further members, which RFC 9457 allows.
    """
    body = Problem(
        type=type_of(code),
        title=title_of(code, status=status),
        status=status,
        # A name that a client gave may hold half a character, which no encoding writes.
        detail=detail.encode("utf-8", "replace").decode("utf-8"),
        code=code,
        request_id=str(getattr(request.state, "request_id", "")),
    )
    content = body.model_dump() | members(request.url.path, body) | dict(more or {})
    return JSONResponse(content, status_code=status, media_type=MEDIA_TYPE)


def response_of(request: Request, error: QaError) -> JSONResponse:
    """Return how one of our errors is answered."""
    more = {"question": error.question} if isinstance(error, AnswerWithdrawn) else None
    response = problem(request, status=status_of(error), code=error.code, detail=str(error), more=more)
    if isinstance(error, (IndexLocked, ReportPending)):
        response.headers["Retry-After"] = str(AGAIN_S)
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def install(app: FastAPI) -> None:
    """Answer every kind of failure in that shape."""

    @app.exception_handler(QaError)
    def ours(request: Request, error: QaError) -> JSONResponse:
        return response_of(request, error)

    @app.exception_handler(ClientGone)
    def gone(request: Request, error: ClientGone) -> Response:  # noqa: ARG001 - nobody is there to be told
        return Response(status_code=GONE)

    @app.exception_handler(HTTPException)
    def of_the_framework(request: Request, error: HTTPException) -> JSONResponse:
        code = CODE_OF.get(error.status_code, "http_error")
        detail = str(error.detail)
        if detail.isascii():
            detail = PLAINLY.get(error.status_code, detail)
        response = problem(request, status=error.status_code, code=code, detail=detail)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    def of_the_schema(request: Request, error: RequestValidationError) -> JSONResponse:
        # Where and what, but not the input itself, which may be long or private.
        return problem(request, status=422, code="invalid", detail="；".join(map(told, error.errors())))
