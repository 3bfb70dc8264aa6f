"""Asking whichever version of an index is published now, without a break when another one comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from qa.domain.ports import Asker, Publications, Snapshot
from qa.errors import QaError


@dataclass(slots=True)
class OpenVersion:
    """A version that is open, and how many are using it.

    :param superseded: Whether another one is in force: then the last who uses it closes it.
    """

    snapshot: Snapshot
    asker: Asker
    users: int = 0
    superseded: bool = False

    @property
    def done_with(self) -> bool:
        """Tell whether nobody needs it any more."""
        return self.superseded and self.users == 0


class LiveAsker:
    """Holds the version in force, and goes over to the next one while questions are being asked."""

    def __init__(self, publications: Publications, over: Callable[[Snapshot], Asker]) -> None:
        """Open the version that is published now.

        :param over: Returns an asker over a version; called once a version.
        :raises QaError: When it cannot be opened.
        """
        self._publications, self._over = publications, over
        self._counting, self._opening = threading.Lock(), threading.Lock()
        self._fault: QaError | None = None
        self._in_force = self._opened()

    @property
    def fault(self) -> QaError | None:
        """Return why the version that is published now is not the one in force; None when it is."""
        return self._fault

    @contextmanager
    def held(self) -> Iterator[Asker]:
        """Hold the asker in force; its version stays open for as long as the context lasts."""
        with self._counting:
            version = self._in_force
            version.users += 1
        try:
            yield version.asker
        finally:
            self._let_go(version)

    def refresh(self) -> bool:
        """Go over to the version that is published now; return whether that is another one.

        Questions go on being asked of the one before until the next is open.

        :raises QaError: When it cannot be opened; the one before stays in force.
        """
        with self._opening:
            try:
                other = self._publications.latest() != self._in_force.snapshot.version
                opened = self._opened() if other else None
            except QaError as error:
                self._fault = error
                raise
            self._fault = None
            if opened:
                self._supersede(opened)
            return opened is not None

    def close(self) -> None:
        """Let go of the version in force; whoever still uses it closes it."""
        with self._opening:
            self._supersede(self._in_force)

    def _opened(self) -> OpenVersion:
        snapshot = self._publications.open()
        return OpenVersion(snapshot=snapshot, asker=self._over(snapshot))

    def _supersede(self, by: OpenVersion) -> None:
        with self._counting:
            before, self._in_force = self._in_force, by
            before.superseded = True
            closing = before.done_with
        if closing:
            before.snapshot.close()

    def _let_go(self, version: OpenVersion) -> None:
        with self._counting:
            version.users -= 1
            closing = version.done_with
        if closing:
            version.snapshot.close()


class FixedAsker:
    """Gives one asker for as long as it lives: for what never changes, or sees to changes itself."""

    fault: QaError | None = None

    def __init__(self, asker: Asker) -> None:
        """Give ``asker``."""
        self._asker = asker

    @contextmanager
    def held(self) -> Iterator[Asker]:
        """Hold the asker."""
        yield self._asker

    def refresh(self) -> bool:
        """Tell that there is no other version."""
        return False
