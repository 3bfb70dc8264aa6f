"""The OpenAPI description: what FastAPI makes of the routes, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI

from qa.web.access import LOOKING, OPEN
from qa.web.batch_schemas import BatchQuestions
from qa.web.examples import EXAMPLES
from qa.web.failures import MEDIA_TYPE
from qa.web.problems import TITLES
from qa.web.schemas import Problem

Described = dict[str, Any]

ANYWHERE: Mapping[int, str] = {
    400: "请求无法解析",
    421: "不以这个名称提供服务",
    500: "服务内部出错",
}
GUARDED: Mapping[int, str] = {
    401: "需要密钥，或密钥不对",
    403: "密钥的权限不够，或请求来自其他网站的页面",
    429: "请求太频繁；Retry-After 说明多少秒后再试",
    503: "暂时不能服务：索引或模型不可用，或正忙；可能带有 Retry-After",
}
WITH_BODY: Mapping[int, str] = {
    408: "请求体发得太慢",
    413: "请求体太大",
    422: "请求不合要求",
}
TAGS = {
    "问答": "提问与检索；答案逐字引自原文。",
    "来源": "收入、查看与移除来源；从中切分出的文章。",
    "评测": "成批提问并评分；人的提问在先。",
    "OpenAI": "与 OpenAI 相同的接口，供已有的客户端使用；引文在回答里，也另列为字段。",
    "Dify": "Dify 的外部知识库接口。",
    "运行": "服务是否活着、是否就绪。",
}
BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "由 qa keys add 生成的密钥；服务没有设 QA_API_KEYS 时不需要。",
}
LINKED = "/reports/{ticket}"
"""A route that needs no key, since its addresses are signed."""

UNUSED = ("HTTPValidationError", "ValidationError")
"""The framework's own shapes of failures, in whose place is ``Problem``."""


def describe(app: FastAPI) -> None:
    """Let an app describe itself with what holds for all its routes."""
    plain = app.openapi

    def described() -> Described:
        if app.openapi_schema is None:
            app.openapi_schema = completed(plain())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def completed(description: Described) -> Described:
    """Return a description with failures, keys, examples and what follows from what."""
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    schemas.setdefault("Problem", Problem.model_json_schema())
    # Read by hand, so that the framework does not know of it.
    held = BatchQuestions.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= held.pop("$defs") | {"BatchQuestions": held}
    for name in UNUSED:
        schemas.pop(name, None)
    for name, example in EXAMPLES.items():
        if name in schemas:
            schemas[name].setdefault("examples", [example])
    description["components"]["securitySchemes"] = {"bearer": BEARER}
    description["tags"] = [{"name": name, "description": told} for name, told in TAGS.items()]
    description["x-problems"] = dict(sorted(TITLES.items()))
    for path, method, operation in operations(description):
        complete(operation, path=path, method=method)
    link(description["paths"])
    return description


def operations(description: Described) -> Iterator[tuple[str, str, Described]]:
    """Yield every operation with its path and its method in capitals."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def complete(operation: Described, *, path: str, method: str) -> None:
    """Say how an operation may fail, and whether it wants a key."""
    open_to_all = method in LOOKING and path in OPEN | {LINKED}
    operation["security"] = [] if open_to_all else [{"bearer": []}, {}]
    responses = operation["responses"]
    if "requestBody" not in operation:
        responses.pop("413", None)
    guarded = {} if open_to_all else GUARDED
    if path == LINKED:
        guarded = {status: told for status, told in GUARDED.items() if status not in (401, 403)}
    for status, told in failing(operation, guarded=guarded).items():
        responses.setdefault(str(status), {"description": told})
    for status, response in responses.items():
        if status >= "400":
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        elif response["description"] == "Successful Response":
            response["description"] = "成功"
    operation["responses"] = dict(sorted(responses.items()))


def failing(operation: Described, *, guarded: Mapping[int, str]) -> dict[int, str]:
    """Return with which statuses an operation may fail, and what each says.

    :param guarded: Those that come from whoever lets in.
    """
    told = {**ANYWHERE, **guarded}
    if "requestBody" in operation:
        told |= WITH_BODY
    elif operation.get("parameters"):
        told[422] = WITH_BODY[422]
    return told


LINKS = (
    ("/v1/sources", "get", "200", "/v1/sources/{id}", "/sources/0/id"),
    ("/v1/sources", "post", "200", "/v1/sources/{id}", "/results/0/source/id"),
    ("/v1/articles", "get", "200", "/v1/articles/{id}", "/articles/0/id"),
    ("/v1/batches", "post", "202", "/v1/batches/{id}", "/id"),
    ("/v1/batches", "post", "202", "/v1/batches/{id}/cancel", "/id"),
    ("/v1/batches", "post", "202", "/v1/batches/{id}/predictions", "/id"),
)
"""Where an operation's answer holds what the operations of another path take as ``id``."""


def link(paths: Described) -> None:
    """Say which operation takes what another one gives, for programs that follow."""
    for path, method, status, taking, pointer in LINKS:
        links = paths[path][method]["responses"][status].setdefault("links", {})
        links |= {
            f"{verb} {taking}": {
                "operationId": operation["operationId"],
                "parameters": {"id": f"$response.body#{pointer}"},
            }
            for verb, operation in paths[taking].items()
        }
