"""``qa mcp``: the tools of the Model Context Protocol over standard input and output."""

from __future__ import annotations

import sys
from contextlib import ExitStack, redirect_stdout

import anyio
import typer

from qa.assemble import open_live
from qa.cli.failures import told_plainly
from qa.cli.options import IndexOption, settings_with
from qa.web.mcp import serve_standard_streams
from qa.web.opening import open_service


def mcp(index: IndexOption = None) -> None:
    """以 MCP 协议经标准输入输出提供 ask、search、read_article，供 MCP 客户端启动。"""
    with told_plainly(), ExitStack() as opened:
        # The client reads the protocol from standard output, and nothing else may come there.
        with redirect_stdout(sys.stderr):
            service = opened.enter_context(open_service(settings_with(index), open_live))
        typer.echo("问报的 MCP 服务已就绪，等待客户端经标准输入说话", err=True)
        anyio.run(serve_standard_streams, service)
