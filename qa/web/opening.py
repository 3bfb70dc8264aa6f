"""Opens the service and all it stands on, and closes them in turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from qa.assemble import open_answers
from qa.domain.ports import Asker, AskerInForce
from qa.engine.live import FixedAsker
from qa.errors import QaError
from qa.settings import Settings
from qa.web.answers import Answers
from qa.web.logs import logger
from qa.web.metrics import Metrics
from qa.web.service import Bounds, Service

log = logger("qa.web")


class OpenAsker(Protocol):
    """Opens what questions are put to."""

    def __call__(self, settings: Settings) -> AbstractContextManager[Asker]:
        """Return it as a context that closes it."""
        ...


class OpenAskers(Protocol):
    """Opens what gives the asker in force."""

    def __call__(self, settings: Settings) -> AbstractContextManager[AskerInForce]:
        """Return it as a context that closes it."""
        ...


def unchanging(open_asker: OpenAsker) -> OpenAskers:
    """Return what opens an asker and gives it for as long as the service runs."""

    @contextmanager
    def opened(settings: Settings) -> Iterator[AskerInForce]:
        with open_asker(settings) as asker:
            yield FixedAsker(asker)

    return opened


@contextmanager
def open_service(
    settings: Settings, open_askers: OpenAskers, *, metrics: Metrics | None = None
) -> Iterator[Service]:
    """Open the service; its asynchronous methods belong to the event loop that first uses them."""
    bounds = Bounds(
        queue=settings.queue,
        queue_seconds=settings.queue_seconds,
        log_questions=settings.log_questions,
        max_body_bytes=settings.max_body_bytes,
        max_question=settings.max_question,
    )
    with open_askers(settings) as askers:
        service = Service(askers, bounds=bounds, answers=kept_answers(settings), metrics=metrics)
        try:
            yield service
        finally:
            service.close()


def kept_answers(settings: Settings) -> Answers:
    """Return where answers are kept; nowhere where that is switched off, or cannot be."""
    try:
        return Answers(open_answers(settings))
    except QaError as error:
        log.warning("answers_not_kept", code=error.code, detail=str(error))
        return Answers(None)
