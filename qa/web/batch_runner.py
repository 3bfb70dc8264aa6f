"""Asks the questions of batches, one after another, behind those of people; goes on where it was stopped."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress

from qa.domain.ports import Asker
from qa.errors import Busy, QaError, Stopping
from qa.evaluation.own import question_of_line
from qa.evaluation.prediction import Prediction
from qa.evaluation.questions import LabelledQuestion
from qa.evaluation.run import over_index
from qa.store.batch_rows import Due
from qa.store.batches import KeptBatches
from qa.web.lasting import LastingFault
from qa.web.logs import logger
from qa.web.schemas import told_of
from qa.web.service import Service

LOOK_S = 1.0
"""Seconds after which it is looked again whether there is something to ask."""

AGAIN_S = 5.0
"""Seconds after which what went wrong is tried again, and whether another process still asks."""

SWEEP_S = 3600.0
SHARE_OF_LATEST = 0.1
"""Weight of the latest question in the pace that is told."""

log = logger("qa.batches")


class BatchRunner:
    """The one of a folder's processes that asks is the one that holds the lock."""

    def __init__(self, kept: KeptBatches, service: Service) -> None:
        """Ask ``service`` what is due in ``kept``."""
        self._kept, self._service = kept, service
        self._stopping, self._woken = asyncio.Event(), asyncio.Event()
        self._kept_at: dict[int, float] = {}
        self._lock: int | None = None
        self._swept = -SWEEP_S
        self._halted = LastingFault(log, begun="batches_halted", over="batches_resumed")
        self._not_kept = LastingFault(log, begun="prediction_not_kept", over="predictions_kept_again")

    def wake(self) -> None:
        """Look at once whether there is something to ask."""
        self._woken.set()

    def stop(self) -> None:
        """Begin no more questions; the one in hand is answered and kept."""
        self._stopping.set()
        self._woken.set()

    async def run(self) -> None:
        """Ask what is due, as soon as no other process does, until stopped."""
        while not self._stopping.is_set():
            await self._rest(await self._step())
        if self._lock is not None:
            os.close(self._lock)

    async def _step(self) -> float:
        """Ask one question; return how many seconds to rest until the next."""
        try:
            await self._sweep()
            due = await asyncio.to_thread(self._kept.due)
            if due is None:
                self._halted.passed()
                return LOOK_S
            # Taken when there is something to ask, so that nothing is written for a service without batches.
            return await self._asked(due) if self._lock is not None else await self._locked()
        except Exception as error:
            self._halted.met(error)
        return AGAIN_S

    async def _locked(self) -> float:
        """Become the one that asks, if no other process is; return how many seconds to rest then."""
        self._lock = await asyncio.to_thread(self._kept.take_lock)
        return AGAIN_S if self._lock is None else 0.0

    async def _asked(self, due: Due) -> float:
        started, asked = time.monotonic(), question_of_line(due.question, where="questions")
        try:
            prediction, version = await self._service.ask_last(lambda asker: answered(asker, asked, due))
        except Stopping:
            self._stopping.set()
            return 0.0
        except Busy:
            return LOOK_S
        except QaError as error:
            # Not of this question but of all: of the index, the models, the disk.
            await asyncio.to_thread(self._kept.mark, due.number, error.code)
            raise
        await self._keep(due, prediction.line(asked), version=version, pace=self._pace(due, started))
        return 0.0

    async def _keep(self, due: Due, line: str, *, version: str, pace: float) -> None:
        """Keep a prediction, however long it takes: a question is not asked again because a disk was full."""
        while True:
            try:
                kept = await asyncio.to_thread(self._kept.keep, due, line, version=version, pace=pace)
            except QaError as error:
                self._not_kept.met(error)
                if self._stopping.is_set():
                    return
                await self._rest(AGAIN_S)
                continue
            self._not_kept.passed()
            self._halted.passed()
            # One that was not wanted any more belongs to a batch that was cancelled or deleted meanwhile.
            self._service.metrics.batch_questions.inc(int(kept))
            self._kept_at[due.number] = time.monotonic()
            return

    def _pace(self, due: Due, started: float) -> float:
        """Return the seconds from one prediction to the next, with what others were asked between."""
        latest = time.monotonic() - self._kept_at.get(due.number, started)
        if due.pace is None:
            return latest
        share = max(SHARE_OF_LATEST, 1 / (due.position + 1))
        return due.pace + share * (latest - due.pace)

    async def _sweep(self) -> None:
        if time.monotonic() - self._swept >= SWEEP_S:
            self._swept = time.monotonic()
            await asyncio.to_thread(self._kept.sweep)

    async def _rest(self, seconds: float) -> None:
        """Wait, but no longer than until woken."""
        if seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), seconds)
        if not self._stopping.is_set():
            self._woken.clear()


def answered(asker: Asker, asked: LabelledQuestion, due: Due) -> tuple[Prediction, str]:
    """Return what came of a question, and the version of the index that was asked.

    :raises QaError: When no question could be answered now.
    """
    try:
        prediction = over_index(asker, limit=due.passages, body_of=told_of)(asked)
    except QaError:
        raise
    except Exception as error:
        # What one text brings about must not keep the others from being asked.
        log.error("batch_question_failed", batch=due.number, position=due.position, exc_info=error)
        prediction = Prediction(
            id=asked.id, question=asked.question, answer=None, confidence=0.0, failed=QaError.code
        )
    return prediction, asker.snapshot.version
