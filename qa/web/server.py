"""The server: stopped, it finishes what it took, and tells newcomers so until it has."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import suppress

import uvicorn

from qa.web.service import Service

TICK_S = 0.1


class GracefulServer(uvicorn.Server):
    """Uvicorn closes its door first; here it stays open, and answers 503, until the last answer is given."""

    async def main_loop(self) -> None:
        """Serve until told to stop, then until what was taken is done, the time is up, or told again."""
        await super().main_loop()
        service: Service | None = self.lifespan.state.get("service")
        if service is None:
            return
        started, limit = time.monotonic(), self.config.timeout_graceful_shutdown
        endings = {asyncio.ensure_future(each) for each in (service.drained(), self._told_again())}
        await asyncio.wait(endings, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        for each in endings:
            each.cancel()
        if limit is not None:
            # What is left of it, for the last bytes of the last answers; not the same time once more.
            self.config.timeout_graceful_shutdown = max(1, math.ceil(limit - time.monotonic() + started))

    async def _told_again(self) -> None:
        """Return once a second interrupt asks to stop at once."""
        while not self.force_exit:
            await asyncio.sleep(TICK_S)


def serve(config: uvicorn.Config) -> None:
    """Serve in this process until stopped."""
    with suppress(KeyboardInterrupt):
        GracefulServer(config).run()
