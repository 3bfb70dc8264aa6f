"""``qa serve``: the HTTP service."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from qa.assemble import check_there
from qa.cli.failures import told_plainly
from qa.cli.options import IndexOption, settings_with
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
        check_there(settings)
    typer.echo(f"问报即将就绪：http://{host}:{port}", err=True)
    if workers == 1:
        uvicorn.run(create_app(settings), host=host, port=port, log_level="info", server_header=False)
    else:
        import os

        os.environ["QA_INDEX"] = str(settings.index)
        uvicorn.run(
            "qa.web.app:from_environment",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            server_header=False,
        )
