"""``qa serve``: the HTTP service."""

from __future__ import annotations

import os
import socket
from contextlib import nullcontext
from typing import Annotated

import typer
import uvicorn

from qa.assemble import open_live
from qa.cli.failures import told_plainly
from qa.cli.options import IndexOption, settings_with
from qa.domain.system import reason
from qa.errors import SurroundingsFailed
from qa.settings import Settings
from qa.web import server, traces
from qa.web.app import create_app
from qa.web.connections import connection_options
from qa.web.key_file import KeyRing
from qa.web.logs import set_up
from qa.web.opening import kept_answers
from qa.web.workers import serve_in_workers

HEALTH_CHECK_S = 60
"""Seconds after which a silent worker is taken for hung; loading models on a busy machine takes some."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def serve(
    index: IndexOption = None,
    host: Annotated[str, typer.Option(envvar="QA_HOST", help="监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="QA_PORT", min=0, max=65535, help="端口。")] = 8000,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            max=64,
            help="进程数，每个进程各载入一份模型、各有一个队列；一个进程已用满各核，内存够且核多时才需要更多。",
        ),
    ] = 1,
) -> None:
    """启动 HTTP 服务与提问页面。"""
    with told_plainly():
        settings = settings_with(index)
        set_up(settings.log, questions=settings.log_questions)
        check_free(host, port)
        check_keys(host, settings)
        if settings.traces:
            traces.packages()
        if workers == 1:
            # Opened here, so that what is wrong ends with its own exit code and not inside the server.
            with open_live(settings) as live:
                app = create_app(settings, open_askers=lambda _: nullcontext(live))
                server.serve(configured(app, settings, host=host, port=port))
            return
        check_opens(settings)
    # The workers read the environment; the index that was named on the command line must reach them.
    os.environ["QA_INDEX"] = str(settings.index)
    if settings.threads is None:
        # Else each takes every core, and they are in each other's way.
        os.environ["QA_THREADS"] = str(max(1, (os.cpu_count() or 1) // workers))
    factory = "qa.web.app:from_environment"
    if not serve_in_workers(configured(factory, settings, host=host, port=port, workers=workers)):
        raise typer.Exit(1)


def configured(app: object, settings: Settings, *, host: str, port: int, workers: int = 1) -> uvicorn.Config:
    """Return how uvicorn serves an app, or a factory that is named."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        factory=isinstance(app, str),
        host=host,
        port=port,
        workers=workers,
        # Our own log has every request, without its query.
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=settings.stop_seconds,
        timeout_worker_healthcheck=HEALTH_CHECK_S,
        **connection_options(settings),
    )


def check_opens(settings: Settings) -> None:
    """Open what the workers will open, so that what is wrong with it is said once, and let go of it again.

    :raises QaError: When it cannot be opened.
    """
    with open_live(settings):
        # Made here, so that the workers find the file made.
        kept_answers(settings).close()


def check_keys(host: str, settings: Settings) -> None:
    """Read the keys before models are loaded; warn who serves beyond this machine without any.

    :raises KeysInvalid: When there is no file of keys where one is set.
    """
    if settings.api_keys is not None:
        KeyRing(settings.api_keys)
    elif host not in LOOPBACK:
        told = f"注意：正在 {host} 上对外服务，没有设 QA_API_KEYS，任何人都能提问、收入和移除"
        typer.echo(f"{told}；请先运行 qa keys add，见 docs/deploy.md", err=True)


def check_free(host: str, port: int) -> None:
    """Bind the address for a moment, before seconds go into loading models.

    :raises SurroundingsFailed: When it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        told = f"{host}:{port} 无法监听（{reason(error)}）；请用 --port 换一个端口，或用 --host 换一个地址"
        raise SurroundingsFailed(told) from error
