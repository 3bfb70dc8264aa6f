"""What an examination of an index finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from qa.errors import IndexDamaged, IndexStale, QaError
from qa.store.failures import Remedy, damaged

MOST = 100
"""Findings that are listed one by one; of more, how many there are is told."""


@dataclass(slots=True, kw_only=True)
class Findings:
    """What is wrong, each as the error that says so, and how much was looked at.

    :param beyond_repair: Those of them that derived parts made anew would not mend.
    :param checked: How many of each were looked at, by the words of docs/running.md.
    :param unlisted: How many more were found than are listed.
    """

    folder: Path
    errors: list[QaError] = field(default_factory=list)
    beyond_repair: list[QaError] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    unlisted: int = 0

    def add(self, error: QaError) -> None:
        """Put in an error."""
        if len(self.errors) < MOST:
            self.errors.append(error)
        else:
            self.unlisted += 1

    def damage(self, what: str, *, remedy: Remedy) -> None:
        """Put in a damage."""
        error = damaged(self.folder, what, remedy=remedy)
        self.add(error)
        if remedy is not Remedy.REPAIR and len(self.beyond_repair) < MOST:
            self.beyond_repair.append(error)

    def count(self, **checked: int) -> None:
        """Say how many were looked at."""
        for what, number in checked.items():
            self.checked[what] = self.checked.get(what, 0) + number

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Put in the damage that ends the context."""
        try:
            yield
        except (IndexDamaged, IndexStale) as error:
            self.add(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What became of an examination.

    :param version: Which version it was; empty when that could not be read.
    :param deep: Whether everything was read, or sizes and counts alone.
    :param unlisted: How many more findings there are than ``errors``.
    """

    version: str
    deep: bool
    errors: tuple[QaError, ...]
    checked: Mapping[str, int]
    unlisted: int
    seconds: float

    @property
    def sound(self) -> bool:
        """Tell whether nothing was found."""
        return not self.errors
