"""Builds the FastAPI application; holds no state of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from qa.assemble import open_engine
from qa.domain.ports import Asker
from qa.settings import Settings, read_settings
from qa.web import failures, routes
from qa.web.guards import Guards

STATIC = Path(__file__).parent / "static"
DESCRIPTION = "向报纸版面提问：答案逐字引自原文并注明出处；来源里没有的，直说没有。"


class OpenAsker(Protocol):
    """Opens what questions are put to."""

    def __call__(self, settings: Settings) -> AbstractContextManager[Asker]:
        """Return it as a context that closes it."""
        ...


def create_app(settings: Settings, *, open_asker: OpenAsker = open_engine) -> FastAPI:
    """Return an app whose engine is opened at startup and closed at shutdown."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with open_asker(settings) as asker:
            app.state.asker = asker
            yield

    # The framework's own /docs would load scripts from outside.
    app = FastAPI(
        title="问报",
        version=version("wenbao"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.add_middleware(Guards, max_body_bytes=settings.max_body_bytes)
    app.include_router(routes.router)
    app.include_router(routes.health)
    app.mount("/", StaticFiles(directory=STATIC, html=True), name="static")
    failures.install(app)
    return app


def from_environment() -> FastAPI:
    """Return the app with settings from the environment, for several workers."""
    return create_app(read_settings())
