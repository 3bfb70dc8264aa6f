"""Reports of batches, made on demand; and links to them that a browser opens without a key, for a while."""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from qa.errors import NotFound, QueueFull, ReportPending
from qa.evaluation.page import as_html, script_hash
from qa.evaluation.prediction import read_labelled
from qa.evaluation.report import Report, report
from qa.store.batch_rows import KeptBatch
from qa.web.batches import Batches, Standing

T = TypeVar("T")
WAITING = 8
"""Reports that may wait to be made; one is made at a time, since it takes a core and much memory."""

AGAIN_S = 10
WINDOW_S = 3600
"""A link holds until the end of the hour after the one in which it was given."""

HEADERS = {
    # Sandboxed, with an origin of its own: even a script that got into it could reach nothing of the service.
    "Content-Security-Policy": f"sandbox allow-scripts; default-src 'none'; script-src '{script_hash()}'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    # With a sandbox, browsers refuse to show a page that asks for a group of its own.
    "Cross-Origin-Opener-Policy": "unsafe-none",
}
"""Of the HTML report alone."""


class Reports:
    """Makes reports of what was asked so far."""

    def __init__(self, batches: Batches, *, clock: Callable[[], float] = time.time) -> None:
        """Report on ``batches``."""
        self._batches, self._clock = batches, clock
        self._turn = CapacityLimiter(1)
        # The same report is often wanted twice; what was deleted is looked for first.
        self._figures, self._page = lru_cache(1)(self._figures_of), lru_cache(1)(self._page_of)

    async def figures(self, id: str) -> dict[str, Any]:
        """Return the figures of a batch, with of how many questions they are.

        :raises NotFound: When there is no such batch.
        :raises ReportPending: When nothing of it was asked yet.
        """
        return await self._in_turn(lambda: self._of(id, self._figures))

    async def page(self, id: str) -> str:
        """Return the report of a batch as one HTML page.

        :raises NotFound, ReportPending: As for ``figures``.
        """
        return await self._in_turn(lambda: self._of(id, self._page))

    def link_to(self, batch: KeptBatch) -> str | None:
        """Return a path at which the report is read without a key; None before there is anything in it."""
        if not batch.asked:
            return None
        until = int(self._clock() // WINDOW_S) + 2
        return f"reports/{batch.id}.{until}.{signature(batch, until)}"

    async def linked(self, ticket: str) -> str:
        """Return the page that a link leads to.

        :raises NotFound: When the link is none of ours, or too old.
        """
        return await self.page(await to_thread.run_sync(self._redeemed, ticket))

    def _redeemed(self, ticket: str) -> str:
        id, _, rest = ticket.partition(".")
        hour, _, mac = rest.partition(".")
        if hour.isascii() and hour.isdigit() and len(hour) < 10 and self._clock() < int(hour) * WINDOW_S:
            batch = self._batches.get(id).batch
            if hmac.compare_digest(mac.encode(), signature(batch, int(hour)).encode()):
                return id
        raise NotFound("这个报告的链接不对，或已过时；请回到批量评测的页面重新打开")

    async def _in_turn(self, make: Callable[[], T]) -> T:
        if self._turn.statistics().tasks_waiting >= WAITING:
            raise QueueFull(f"已有 {WAITING} 份报告在等着生成；请稍后再试", retry_after=AGAIN_S)
        return await to_thread.run_sync(make, limiter=self._turn)

    def _of(self, id: str, made: Callable[[Standing], T]) -> T:
        standing = self._batches.get(id)
        if not standing.batch.asked:
            raise ReportPending("这批评测还没有问完一题，没有报告可看；请稍后再试")
        return made(standing)

    def _figures_of(self, standing: Standing) -> dict[str, Any]:
        figures, _ = self._read(standing)
        return {
            "asked": standing.batch.asked,
            "of": standing.batch.total,
            "index_versions": list(standing.versions),
            **figures,
        }

    def _page_of(self, standing: Standing) -> str:
        figures, labelled = self._read(standing)
        questions, predictions = zip(*labelled, strict=True)
        return as_html(
            figures, questions, predictions, title=f"评测：{standing.batch.name}", notes=notes(standing)
        )

    def _read(self, standing: Standing) -> tuple[Report, list[Any]]:
        text = "".join(self._batches.predictions(standing.batch.id))
        labelled = read_labelled(text, name=standing.batch.name)[: standing.batch.asked]
        questions, predictions = zip(*labelled, strict=True)
        return report(questions, predictions), labelled


def notes(standing: Standing) -> list[str]:
    """Return what has to be known to read the figures of a batch."""
    batch, versions = standing.batch, standing.versions
    told = []
    if batch.asked < batch.total:
        told.append(f"这批共 {batch.total} 题，这里只有已经问完的 {batch.asked} 题。")
    if len(versions) > 1:
        told.append(f"作答期间索引换过版本：{'、'.join(versions)}；每题用的是当时的版本。")
    return told


def signature(batch: KeptBatch, until: int) -> str:
    """Return what only the service can sign a link with; ``until`` counts hours."""
    mac = hmac.new(batch.secret.encode(), f"{batch.id}.{until}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(mac[:24]).decode()
