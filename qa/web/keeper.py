"""Changing the collection while it is served: one change at a time, off the event loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from qa.domain.ports import Loader
from qa.engine.build import Builder, BuildReport, Held
from qa.errors import IndexLocked
from qa.web.uploads import Intake, Intakes, Upload, UploadBounds

WAITING = 8
"""Changes that may wait for their turn; with more, the caller is asked to come again."""

SHOWN = 100
"""Sources of one file that are told in full; a file of records may hold a hundred thousand."""

Result = TypeVar("Result")


class Status(StrEnum):
    """What became of a file: new, in the place of another, as it was, or not taken in."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one upload became.

    :param taken: How many of its sources are new, or in the place of another.
    :param held: Its sources as they are now held, the first ``SHOWN`` of them.
    """

    intake: Intake
    status: Status
    taken: int
    held: Sequence[Held]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a request's files, and the version of the index that holds them."""

    kept: Sequence[Kept]
    version: str


class Keeper:
    """Puts in and takes out, for the routes."""

    def __init__(
        self,
        open_changes: Callable[[], AbstractContextManager[Builder]],
        *,
        loaders: Mapping[str, Loader],
        bounds: UploadBounds,
        changed: Callable[[], object],
    ) -> None:
        """Write with what ``open_changes`` opens, which holds the lock of the index meanwhile.

        :param changed: Called after each change, in the thread that made it.
        """
        self._open, self._loaders, self._bounds, self._changed = open_changes, loaders, bounds, changed
        self._turn = CapacityLimiter(1)

    async def add(self, uploads: Sequence[Upload]) -> Change:
        """Take files in.

        :raises IndexLocked: When another process is writing, or too many changes wait already.
        :raises QaError: When nothing can be written, or the index does not go with the encoder.
        """
        return await self._in_turn(lambda: self._add(uploads))

    async def remove(self, id_or_name: str) -> None:
        """Take a source out, with everything made from it.

        :raises NotFound: When there is none.
        :raises IndexLocked: As for ``add``.
        """
        await self._in_turn(lambda: self._remove(id_or_name))

    async def _in_turn(self, change: Callable[[], Result]) -> Result:
        if self._turn.statistics().tasks_waiting >= WAITING:
            raise IndexLocked(f"已有 {WAITING} 项改动在等待写入；请稍后再试")
        # Not abandoned when the client goes away: what has begun is published or fails whole.
        return await to_thread.run_sync(change, limiter=self._turn)

    def _add(self, uploads: Sequence[Upload]) -> Change:
        with TemporaryDirectory(prefix="wenbao-") as folder, self._open() as builder:
            intakes = Intakes(uploads, folder=Path(folder), loaders=self._loaders, bounds=self._bounds)
            report = builder.add(intakes.sources())
            kept = [kept_of(each, report=report, builder=builder) for each in intakes.each]
            version = builder.version
        if report.added or report.updated:
            self._changed()
        return Change(kept=kept, version=version)

    def _remove(self, id_or_name: str) -> None:
        with self._open() as builder:
            builder.remove([id_or_name])
        self._changed()


def kept_of(intake: Intake, *, report: BuildReport, builder: Builder) -> Kept:
    """Return what one upload became, by what became of its sources."""
    sources = set(intake.sources)
    return Kept(
        intake=intake,
        status=status_of(sources, report=report),
        taken=len(sources & {*report.added, *report.updated}),
        held=[builder.outcome_of(name) for name in intake.sources[:SHOWN]],
    )


def status_of(sources: set[str], *, report: BuildReport) -> Status:
    """Return what became of a file: the most that became of any of its sources."""
    if sources & set(report.added):
        return Status.ADDED
    if sources & set(report.updated):
        return Status.UPDATED
    return Status.UNCHANGED if sources else Status.FAILED
