"""``qa serve``: the HTTP service."""

from __future__ import annotations

import os
import socket
from contextlib import nullcontext
from typing import Annotated

import typer
import uvicorn

from qa.assemble import open_engine
from qa.cli.failures import told_plainly
from qa.cli.options import IndexOption, settings_with
from qa.errors import SurroundingsFailed
from qa.web.app import create_app


def serve(
    index: IndexOption = None,
    host: Annotated[str, typer.Option(envvar="QA_HOST", help="监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="QA_PORT", min=0, max=65535, help="端口。")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="进程数，每个进程各载入一份模型。")] = 1,
) -> None:
    """启动 HTTP 服务与提问页面。"""
    with told_plainly():
        settings = settings_with(index)
        check_free(host, port)
        # Opened here, so that what is wrong ends with its own exit code and not inside the server.
        with open_engine(settings) as engine:
            if workers == 1:
                app = create_app(settings, open_asker=lambda _: nullcontext(engine))
                uvicorn.run(app, host=host, port=port, server_header=False)
                return
    # The workers read the environment; the index that was named on the command line must reach them.
    os.environ["QA_INDEX"] = str(settings.index)
    factory = "qa.web.app:from_environment"
    uvicorn.run(factory, factory=True, host=host, port=port, workers=workers, server_header=False)


def check_free(host: str, port: int) -> None:
    """Bind the address for a moment, before seconds go into loading models.

    :raises SurroundingsFailed: When it cannot be had.
    """
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        told = f"{host}:{port} 无法监听（{error.strerror or error}）；请用 --port 换一个端口"
        raise SurroundingsFailed(told) from error
