"""One table from our errors to HTTP statuses, and one body for every failure (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from qa.errors import (
    IndexDamaged,
    IndexMissing,
    IndexStale,
    ModelMissing,
    NotFound,
    QaError,
    QuestionInvalid,
    QuestionsInvalid,
    SettingInvalid,
    SourceFailed,
    SurroundingsFailed,
)
from qa.web.schemas import Problem

MEDIA_TYPE = "application/problem+json"

STATUS_OF: Mapping[type[QaError], int] = {
    QaError: 500,
    QuestionInvalid: 422,
    QuestionsInvalid: 422,
    SettingInvalid: 500,
    NotFound: 404,
    SourceFailed: 422,
    IndexMissing: 503,
    IndexStale: 503,
    IndexDamaged: 503,
    ModelMissing: 503,
    SurroundingsFailed: 503,
}

CODE_OF: Mapping[int, str] = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    500: "internal",
}


TOLD: Mapping[str, str] = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识的字段",
    "json_invalid": "不是合法的 JSON",
    "string_type": "应为文字",
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
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}：{'应为 YYYY-MM-DD 形式的日期' if kind.startswith('date') else how}"


def problem(request: Request, *, status: int, code: str, detail: str) -> JSONResponse:
    """Return the one body that failures have."""
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        request_id=str(getattr(request.state, "request_id", "")),
    )
    return JSONResponse(body.model_dump(), status_code=status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every kind of failure in that shape."""

    @app.exception_handler(QaError)
    def ours(request: Request, error: QaError) -> JSONResponse:
        return problem(request, status=status_of(error), code=error.code, detail=str(error))

    @app.exception_handler(HTTPException)
    def of_the_framework(request: Request, error: HTTPException) -> JSONResponse:
        code = CODE_OF.get(error.status_code, "http_error")
        response = problem(request, status=error.status_code, code=code, detail=str(error.detail))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    def of_the_schema(request: Request, error: RequestValidationError) -> JSONResponse:
        # Where and what, but not the input itself, which may be long or private.
        return problem(request, status=422, code="invalid", detail="；".join(map(told, error.errors())))
