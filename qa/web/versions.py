"""What happens when another version of the index is published while the service runs."""

from __future__ import annotations

import asyncio
import time

from qa.domain.ports import AskerInForce
from qa.errors import QaError, StoreFailed
from qa.web.answers import Answers
from qa.web.logs import logger
from qa.web.metrics import Metrics

RARELY = 10
"""Times as long until what could not be opened is tried again, for it is read whole each time."""

log = logger("qa.service")


class Versions:
    """Follows what is published; says so in numbers and log, and drops the kept answers that it ends."""

    def __init__(self, askers: AskerInForce, *, answers: Answers, metrics: Metrics) -> None:
        """Begin with the version in force."""
        self._askers, self._answers, self._metrics = askers, answers, metrics
        self._told: str | None = None
        self._went_over(before=time.time())

    @property
    def fault(self) -> QaError | None:
        """Return why the version that is published now is not the one that is served; None when it is."""
        return self._askers.fault

    def changed(self) -> None:
        """Go over to what has been published.

        :raises QaError: When it cannot be opened; what was served before goes on being served.
        """
        before = time.time()
        try:
            went_over = self._askers.refresh()
        except QaError as error:
            self._tell(error)
            raise
        self._told = None
        self._metrics.fault.set(0)
        if went_over:
            self._went_over(before=before)

    async def follow(self, *, every: float) -> None:
        """Look every so often whether another process published a version; never ends of itself.

        :param every: Seconds.
        """
        while True:
            read_whole = self.fault and not isinstance(self.fault, StoreFailed)
            await asyncio.sleep(every * (RARELY if read_whole else 1))
            try:
                await asyncio.to_thread(self.changed)
            except QaError:
                continue
            except Exception:
                log.exception("refresh_failed")

    def _tell(self, error: QaError) -> None:
        self._metrics.fault.set(1)
        # Once a fault, not once a second.
        if self._told != str(error):
            self._told = str(error)
            log.error("index_fault", code=error.code, detail=str(error))

    def _went_over(self, *, before: float) -> None:
        """Take note of the version in force.

        :param before: A moment at which no later version was published yet.
        """
        with self._askers.held() as asker:
            statistics = asker.snapshot.statistics()
            names = [each.name for each in asker.snapshot.sources()]
        self._metrics.in_force(statistics)
        dropped = self._answers.keep_only(names, before=before)
        log.info("index_in_force", index_version=statistics.version, dropped_answers=dropped)
