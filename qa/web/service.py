"""What the routes call: questions in turn, and the collection as it stands."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeVar

from starlette.types import Receive

from qa.domain.answers import Filters, Found, Mode, Outcome, Preceding
from qa.domain.ports import Asker, AskerInForce, Encoder, OnFound, Snapshot
from qa.errors import Busy, QaError, QuestionInvalid
from qa.web.answers import Answers
from qa.web.leaving import ClientGone, unless_gone
from qa.web.logs import logger
from qa.web.metrics import Ending, Metrics
from qa.web.schemas import KeptBody
from qa.web.turns import Turn, Turns
from qa.web.versions import Versions

T = TypeVar("T")
log = logger("qa.service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much the service takes on; the meaning of each is that of the setting of that name."""

    queue: int = 64
    queue_seconds: float = 30.0
    log_questions: bool = False
    max_body_bytes: int = 20 * 2**20
    max_question: int = 500


class Service:
    """One process's engine, as its routes see it; its asynchronous methods belong to one event loop."""

    def __init__(
        self,
        askers: AskerInForce,
        *,
        bounds: Bounds | None = None,
        answers: Answers | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        """Serve what the asker in force answers.

        :param answers: Where answers are kept; None to keep none.
        """
        self._askers, self.bounds = askers, bounds or Bounds()
        self.answers = answers or Answers(None)
        self.metrics = metrics or Metrics(version=version("wenbao"))
        self.turns = Turns(longest=self.bounds.queue, patience=self.bounds.queue_seconds)
        self.versions = Versions(askers, answers=self.answers, metrics=self.metrics)

    async def ask(
        self,
        question: str,
        *,
        limit: int,
        filters: Filters,
        before: Preceding | None = None,
        on_found: OnFound | None = None,
        receive: Receive | None = None,
    ) -> Outcome:
        """Return an answer or an abstention; see ``Asker.ask``.

        Cancelled, the work is dropped: in the queue at once, else before the passages are read.

        :param on_found: Called on the event loop, with the passages before they are read.
        :param receive: The request's, whose body was read: when its client goes away, the work is dropped.
        :raises Busy: When its turn does not come.
        :raises ClientGone: When the client goes away first.
        """
        loop = asyncio.get_running_loop()

        def answered(turn: Turn) -> tuple[Outcome, float]:
            def looked(found: Sequence[Found]) -> None:
                turn.check()
                if on_found:
                    loop.call_soon_threadsafe(on_found, found)

            with self.asking() as asker:
                outcome = asker.ask(question, limit=limit, filters=filters, before=before, on_found=looked)
            return outcome, turn.waited

        with self._counted():
            outcome, waited = await self._in_turn(answered, receive)
        self._note(outcome, waited=waited)
        return outcome

    async def search(
        self, question: str, *, limit: int, filters: Filters, mode: Mode, receive: Receive | None = None
    ) -> Sequence[Found]:
        """Return ranked passages, best first; see ``Asker.search`` and ``ask``."""

        def found(turn: Turn) -> Sequence[Found]:  # noqa: ARG001 - a search has one stage
            with self.asking() as asker:
                return asker.search(question, limit=limit, filters=filters, mode=mode)

        return await self._in_turn(found, receive)

    async def ask_last(self, work: Callable[[Asker], T]) -> T:
        """Return what ``work`` makes of the asker in force, after everybody else; see ``Turns.take_last``."""

        def asked(turn: Turn) -> T:  # noqa: ARG001 - whoever waits for it wants all of it
            with self.asking() as asker:
                return work(asker)

        return await self.turns.take_last(asked)

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Hold the version that is served now, for as long as the context lasts."""
        with self.asking() as asker:
            yield asker.snapshot

    @contextmanager
    def asking(self) -> Iterator[Asker]:
        """Hold the asker in force, for as long as the context lasts; what it is asked passes the queue by."""
        with self._askers.held() as asker:
            yield asker

    def kept(self, id: str) -> KeptBody:
        """Return an answer that was given; blocks, so call it in a thread.

        :raises AnswerWithdrawn: When a source that it quotes was removed or changed.
        :raises NotFound: When it is not kept.
        :raises QaError: When what is published now cannot be opened, so that nobody knows.
        """
        with self.reading() as snapshot:
            body = self.answers.get(id, snapshot=snapshot)
        if body is not None:
            return body
        # Perhaps another process answered it from a version that this one does not serve yet.
        self.changed()
        with self.reading() as snapshot:
            return self.answers.settled(id, snapshot=snapshot)

    def encoder(self) -> Encoder:
        """Return what embeds the questions, so that what is put in needs no second model."""
        with self.asking() as asker:
            return asker.encoder

    def changed(self) -> None:
        """Serve what has been published, from now on; blocks, so call it in a thread.

        :raises QaError: When it cannot be opened; what was served before goes on being served.
        """
        self.versions.changed()

    def metrics_text(self) -> bytes:
        """Return what is counted, as Prometheus reads it."""
        self.metrics.waiting.set(self.turns.waiting)
        try:
            self.metrics.kept.set(self.answers.count())
        except QaError:
            # Whoever watches is to see all else, and that nobody knows this.
            self.metrics.kept.set(math.nan)
        return self.metrics.text()

    async def drained(self) -> None:
        """Take no more questions; return once those taken are answered, and nobody comes any more."""
        await self.turns.drained()
        await self.turns.left_alone()

    def close(self) -> None:
        """Let the thread end, and let go of the kept answers."""
        self.turns.close()
        self.answers.close()

    async def _in_turn(self, work: Callable[[Turn], T], receive: Receive | None) -> T:
        taking = self.turns.take(work)
        return await (unless_gone(taking, receive=receive) if receive else taking)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count a question that does not come to an outcome by what it came to."""
        try:
            yield
        except BaseException as error:
            self.metrics.ended(ending_of(error))
            raise

    def _note(self, outcome: Outcome, *, waited: float) -> None:
        ending = Ending.ABSTAINED if outcome.abstained else Ending.ANSWERED
        self.metrics.ended(ending)
        self.metrics.took(waited=waited, timings=outcome.timings)
        log.info(
            "asked",
            outcome=ending.value,
            confidence=round(outcome.confidence, 3),
            wait_ms=round(1000 * waited, 1),
            total_ms=round(outcome.timings.total, 1),
            index_version=outcome.index_version,
            **({"question": outcome.question} if self.bounds.log_questions else {}),
        )


def ending_of(error: BaseException) -> Ending:
    """Return how a question ended that came to no outcome."""
    if isinstance(error, Busy):
        return Ending.REFUSED
    if isinstance(error, QuestionInvalid):
        return Ending.INVALID
    return Ending.GONE if isinstance(error, (ClientGone, asyncio.CancelledError)) else Ending.FAILED
