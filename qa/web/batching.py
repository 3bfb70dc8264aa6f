"""Opens what batches stand on, and lets them be asked for as long as the service runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from qa.assemble import open_batches
from qa.settings import Settings
from qa.web.batch_reports import Reports
from qa.web.batch_runner import BatchRunner
from qa.web.batches import Batches
from qa.web.service import Service


@asynccontextmanager
async def batching(app: FastAPI, settings: Settings, service: Service) -> AsyncIterator[None]:
    """Give the routes of ``app`` its batches, and ask their questions meanwhile."""
    kept, loop = open_batches(settings), asyncio.get_running_loop()
    runner = BatchRunner(kept, service) if kept else None

    def added() -> None:
        if runner:
            loop.call_soon_threadsafe(runner.wake)

    app.state.batches = Batches(kept, most_questions=settings.max_batch_questions, added=added)
    app.state.reports = Reports(app.state.batches)
    asking = asyncio.create_task(runner.run()) if runner else None
    try:
        yield
    finally:
        if runner and asking:
            runner.stop()
            await asking
        if kept:
            kept.close()
