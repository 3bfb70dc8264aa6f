"""The service on a loopback port over a few stories and no model, for clients that are programs of others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from typing import Any

import uvicorn
from fastapi import FastAPI

from qa.engine.ask import Engine
from qa.settings import Settings
from qa.web.app import create_app
from tests.fakes import FakeEncoder, FakeReader, MemoryWriter, confidence_by_margin, indexed, story
from tests.web.in_thread import in_thread

SILENT = "量子计算机如何工作？"
"""What none of the stories says."""

STORIES = (
    indexed(
        "吕梁日报/0223.txt",
        story("吕梁市委书记孙大军主持会议。会议强调安全生产。", title="市委召开会议", day=date(2023, 2, 23)),
        story(
            "最低工资标准一类是1980元。", "最低工资标准二类是1880元。", title="工资调整", day=date(2023, 3, 1)
        ),
    ),
    indexed(
        "太原日报/0301.txt",
        story(
            "市图书馆新馆本月开放，藏书三十万册。\u2028读者可以预约。", title="新馆开放", day=date(2023, 3, 1)
        ),
        story("无题的短讯：明日有雨。"),
    ),
)


def engine_over_stories() -> Engine:
    """Return an engine that answers with the sentence that shares most with the question, if it is half."""
    writer = MemoryWriter()
    writer.publish(put=STORIES, remove=())
    confidence = confidence_by_margin(midpoint=0.5, slope=20.0)
    return Engine(writer.snapshot(), FakeEncoder(), FakeReader(), confidence=confidence, longest=500)


def app_over_stories() -> FastAPI:
    """Return the application over the stories."""
    engine = engine_over_stories()
    return create_app(Settings(), open_asker=lambda _: nullcontext(engine))


@contextmanager
def served(app: FastAPI, **options: Any) -> Iterator[str]:  # noqa: ANN401 - of uvicorn's configuration
    """Serve an application in a thread; give its address.

    :param options: Of ``uvicorn.Config``.
    """
    server = uvicorn.Server(uvicorn.Config(app, **{"log_config": None, "ws": "none", **options}))
    with in_thread(server) as address:
        yield address.url
