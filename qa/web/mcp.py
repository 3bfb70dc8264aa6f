"""The Model Context Protocol: the tools over HTTP at ``/mcp``, and over standard input and output.

Without sessions: each request stands alone, so that any worker can answer it (docs/adr/0019).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from qa.errors import QaError
from qa.web.failures import told
from qa.web.service import Service
from qa.web.tools import TOOLS, ReadOnlyTool

INSTRUCTIONS = (
    "问报：向收录的报纸提问。先用 ask；它拒答时可用 search 换说法找，用 read_article 读全文。"
    "引用时请照录 citations 里的引文与报名、日期，不要改写。"
)
READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
BOUNDED_ALREADY = 2**40
"""Bytes of a body, which the guards bound for all routes alike."""

logger = logging.getLogger(__name__)


def server_over(service: Callable[[], Service]) -> Server[Any]:
    """Return a protocol server whose tools call the service that is there at the time."""

    async def list_tools(context: object, asked: object) -> ListToolsResult:  # noqa: ARG001 - as the protocol calls it
        return ListToolsResult(tools=[described(name, tool) for name, tool in TOOLS.items()])

    async def call_tool(context: object, asked: CallToolRequestParams) -> CallToolResult:  # noqa: ARG001
        return await called(service(), asked.name, asked.arguments or {})

    return Server(
        "wenbao",
        version=version("wenbao"),
        title="问报",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def described(name: str, tool: ReadOnlyTool) -> Tool:
    """Return what a client is told of a tool."""
    return Tool(
        name=name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes.model_json_schema(),
        output_schema=tool.gives.model_json_schema(mode="serialization"),
        annotations=READ_ONLY,
    )


async def called(service: Service, name: str, arguments: dict[str, Any]) -> CallToolResult:
    """Return the result of a tool; what fails is told in words that a model can act upon.

    :raises MCPError: When there is no such tool.
    """
    tool = TOOLS.get(name)
    if tool is None:
        raise MCPError(INVALID_PARAMS, f"没有工具 {name!r}；有的是 {'、'.join(TOOLS)}")
    try:
        given = await tool.run(service, tool.takes.model_validate(arguments))
    except ValidationError as error:
        return failed("invalid", "；".join(told(each) for each in error.errors()))
    except QaError as error:
        return failed(error.code, str(error))
    except Exception:
        # Nothing of the inside goes out; the log says what it was.
        logger.exception("tool %s failed", name)
        return failed("internal", "服务内部出错，详情见服务日志")
    return CallToolResult(
        content=[TextContent(text=given.model_dump_json())], structured_content=given.model_dump(mode="json")
    )


def failed(code: str, detail: str) -> CallToolResult:
    """Return a failure as the result of a tool."""
    return CallToolResult(content=[TextContent(text=f"{code}：{detail}")], is_error=True)


def install(app: FastAPI) -> None:
    """Serve the tools at ``/mcp``; without sessions there is nothing to get or to delete there."""
    app.router.routes.append(Route("/mcp", endpoint=Endpoint(), include_in_schema=False))


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Take requests at ``/mcp`` for as long as the context lasts."""
    manager = StreamableHTTPSessionManager(
        server_over(lambda: app.state.service),
        json_response=True,
        stateless=True,
        max_request_body_size=BOUNDED_ALREADY,
    )
    app.state.mcp = manager
    async with manager.run():
        yield


class Endpoint:
    """The ASGI application at ``/mcp``."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Which hosts and which pages it is for is minded for all routes alike.

        :raises HTTPException: When it is no POST, or no JSON.
        """
        if scope["method"] != "POST":
            raise HTTPException(405, "没有会话可取或可删；请用 POST", headers={"Allow": "POST"})
        if not Headers(scope=scope).get("content-type", "").startswith("application/json"):
            raise HTTPException(400, "请求体应为 application/json")
        await scope["app"].state.mcp.handle_request(scope, receive, send)


async def serve_standard_streams(service: Service) -> None:
    """Serve the tools over standard input and output until the input ends."""
    server = server_over(lambda: service)
    async with stdio_server() as (requests, replies):
        await server.run(requests, replies, server.create_initialization_options())
