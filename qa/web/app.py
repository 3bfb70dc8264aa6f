"""Builds the FastAPI application; holds no state of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI

from qa.assemble import open_live
from qa.settings import Settings, read_settings
from qa.web import batch_routes, chat, collection_routes, dify, docs, failures, holdings, mcp, routes, traces
from qa.web.batching import batching
from qa.web.description import describe
from qa.web.doors import guard
from qa.web.files import Files
from qa.web.keeping import make_keeper
from qa.web.logs import set_up
from qa.web.metrics import Metrics
from qa.web.opening import OpenAsker, OpenAskers, open_service, unchanging
from qa.web.service import Service
from qa.web.watch import Watch
from qa.web.workers import finishing_first

STATIC = Path(__file__).parent / "static"
DESCRIPTION = "向报纸版面提问：答案逐字引自原文并注明出处；来源里没有的，直说没有。"


def create_app(
    settings: Settings, *, open_asker: OpenAsker | None = None, open_askers: OpenAskers = open_live
) -> FastAPI:
    """Return an app whose engine is opened at startup and closed at shutdown.

    :param open_asker: Opens one that stays the same, in place of one that follows the index; then no answer
        and no batch is kept.
    """
    metrics = Metrics(version=version("wenbao"))
    if open_asker:
        open_askers, settings = (
            unchanging(open_asker),
            settings.model_copy(update={"keep_answers": False, "batches": False}),
        )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Service]]:
        with open_service(settings, open_askers, metrics=metrics) as service:
            app.state.service = service
            app.state.keeper = make_keeper(settings, encoder=service.encoder, changed=service.changed)
            following = asyncio.create_task(service.versions.follow(every=settings.refresh_seconds))
            try:
                async with mcp.running(app), batching(app, settings, service):
                    # In the state as well: from there the server knows what to wait for when it is stopped.
                    yield {"service": service}
            finally:
                following.cancel()

    # The framework's own /docs would load scripts from outside.
    app = FastAPI(
        title="问报",
        version=version("wenbao"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    guard(app, settings, static=STATIC)
    # Added last, and so around all others.
    app.add_middleware(Watch, metrics=metrics)
    app.include_router(routes.router)
    app.include_router(holdings.router)
    app.include_router(routes.health)
    app.include_router(chat.router)
    app.include_router(dify.router)
    mcp.install(app)
    app.include_router(collection_routes.router)
    app.include_router(batch_routes.router)
    app.include_router(batch_routes.links)
    app.include_router(docs.router)
    app.mount("/", Files(directory=STATIC, html=True), name="static")
    failures.install(app)
    describe(app)
    if settings.traces:
        traces.install(app)
    return app


def from_environment() -> FastAPI:
    """Return the app with settings from the environment, for several workers."""
    settings = read_settings()
    set_up(settings.log, questions=settings.log_questions)
    return finishing_first(create_app(settings), seconds=settings.stop_seconds)
