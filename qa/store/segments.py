"""The dense index in segments (段): files that never change, shared by the versions that hold their passages.

A version has the files of the one before, by hard links, and one more. What was
removed stays in its segment until that is written again, and is passed over by
the catalogue's word: numbers of passages are never used twice (see docs/adr/0021).
A short one is compared with a question row by row, a long one is an inverted file (docs/adr/0033).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.domain.answers import Hit
from qa.domain.ports import Vectors
from qa.store.dense import DenseIndex, Only, best_of
from qa.store.files import link_file
from qa.store.inverted import inverted, is_long
from qa.store.numbers import ascending
from qa.store.ties import best

FOLDER = "dense"
NAME = re.compile(r"(\d{12})-(\d{1,9})(?:-(\d{4}))?\.faiss")

FULL = 65_536
"""Passages of a segment that is not joined with others any more: what one change may write again, 100 MB."""

WHOLE = 1000
"""Recall in names is in thousandths, rounded down."""

SCATTERED = 16
"""How many times as many numbers as passages a segment may run over to be looked up in a table."""

Rows = tuple[NDArray[np.int64], Vectors]
"""Numbers and vectors of passages, a row each."""


class DenseSegments:
    """Searches several segments as if they were one."""

    def __init__(self, segments: Sequence[DenseIndex], *, held: NDArray[np.int64]) -> None:
        """Search the passages that are held.

        :param held: Their numbers, ascending; whatever else is in a segment was removed.
        """
        self._parts = [Part.of(each, held) for each in segments]

    def search(self, vector: Vectors, *, limit: int, within: Collection[int] | None) -> list[Hit]:
        """Return the nearest passages, best first, ties by number."""
        if limit < 1 or not len(self) or (within is not None and not within):
            return []
        wanted = None if within is None else ascending(within)
        chosen = [(each.segment, each.chosen(wanted)) for each in self._parts if each.holds_any_of(wanted)]

        def nearest(count: int) -> list[Hit]:
            found = [(each, each.nearest(vector, count=count, only=only)) for each, only in chosen]
            return best_of(found, vector, count)

        return best(nearest, limit=limit)

    def __len__(self) -> int:
        """Return the number of passages that are held."""
        return sum(each.held for each in self._parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A segment, and which of its passages are held; its numbers are ascending.

    :param stay: None where all of them are.
    :param held: How many of them are.
    """

    segment: DenseIndex
    stay: Only | None
    held: int

    @classmethod
    def of(cls, segment: DenseIndex, held: NDArray[np.int64]) -> Part:
        """Return a segment of which the held passages are searched.

        :param held: The numbers of all passages, ascending.
        """
        stay = np.isin(segment.numbers, held, assume_unique=True)
        count = int(np.count_nonzero(stay))
        return cls(segment=segment, stay=None if count == len(stay) else stay, held=count)

    def holds_any_of(self, wanted: NDArray[np.int64] | None) -> bool:
        """Tell whether it may hold any of the passages that are wanted."""
        return self.held > 0 and (wanted is None or len(self._near(wanted)) > 0)

    def chosen(self, wanted: NDArray[np.int64] | None) -> Only | None:
        """Return which rows may be found; None for all.

        :param wanted: Ascending; None for whatever is held.
        """
        if wanted is None:
            return self.stay
        numbers, near = self.segment.numbers, self._near(wanted)
        if numbers[-1] - numbers[0] > SCATTERED * len(numbers):
            only: Only = np.isin(numbers, near, assume_unique=True)
        else:
            there = np.zeros(numbers[-1] - numbers[0] + 1, dtype=np.bool_)
            there[near - numbers[0]] = True
            only = there[numbers - numbers[0]]
        return only if self.stay is None else only & self.stay

    def _near(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some numbers that lie between the first and the last of the segment."""
        numbers = self.segment.numbers
        return wanted[np.searchsorted(wanted, numbers[0]) : np.searchsorted(wanted, numbers[-1], "right")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFile:
    """A segment on disk, which its name tells about.

    :param first: The lowest number in it.
    :param rows: How many passages are in it, those that were removed since included.
    :param recall: Part of the ten nearest passages that is found, as measured when it was made; None
        where it is short, or of a time when all segments were compared row by row.
    """

    path: Path
    first: int
    rows: int
    recall: float | None

    @classmethod
    def of(cls, path: Path) -> SegmentFile:
        """Return what the name of a file tells.

        :raises ValueError: When it is no name of a segment.
        """
        matched = NAME.fullmatch(path.name)
        if matched is None:
            raise ValueError(f"not a segment: {path.name}")
        recall = int(matched[3]) / WHOLE if matched[3] else None
        return cls(path=path, first=int(matched[1]), rows=int(matched[2]), recall=recall)

    @property
    def could_be_inverted(self) -> bool:
        """Tell whether it is long and was never tried as an inverted file."""
        return is_long(self.rows) and self.recall is None

    def read(self, held: NDArray[np.int64]) -> Rows:
        """Return the passages that are held."""
        segment = DenseIndex.read(self.path)
        stay = np.isin(segment.numbers, held, assume_unique=True)
        return segment.numbers[stay], segment.vectors[stay]


def segments_in(folder: Path) -> list[SegmentFile]:
    """Return the segments of a version, by the lowest number in each."""
    return sorted((SegmentFile.of(path) for path in folder.iterdir()), key=lambda each: each.first)


def grow(folder: Path, *, last: Path | None, rows: Rows, held: NDArray[np.int64]) -> None:
    """Write the segments of the next version from those of the last.

    The last ones are joined with what is new while they are short, and one of which less than
    half is held any more is written again, so that there are few and none is written again often.
    No two hold numbers of the same stretch.

    :param folder: Where they come; empty.
    :param last: Where those of the version before are.
    :param rows: The passages that are new; their numbers are the highest.
    :param held: The numbers of all passages that are then held, ascending.
    """
    before = segments_in(last) if last else []
    old = held[: np.searchsorted(held, rows[0][0])] if len(rows[0]) else held
    kept = [each for each in before if held_in(each, before, old)]
    tail, size = [rows], len(rows[0])
    while size and kept and kept[-1].rows <= 2 * size and kept[-1].rows + size <= FULL:
        tail.append(kept.pop().read(old))
        size = sum(len(numbers) for numbers, _ in tail)
    for each in kept:
        if 2 * held_in(each, before, old) < each.rows:
            write(folder, each.read(old))
        else:
            link_file(each.path, folder / each.path.name)
    for part in in_full_segments(tail):
        write(folder, part)


def held_in(segment: SegmentFile, segments: Sequence[SegmentFile], held: NDArray[np.int64]) -> int:
    """Return how many passages of a segment are held: those from its first number to the next one's."""
    later = [each.first for each in segments if each.first > segment.first]
    end = min(later) if later else np.iinfo(np.int64).max
    first, last = np.searchsorted(held, (segment.first, end))
    return int(last - first)


def in_full_segments(loose: Iterable[Rows]) -> Iterator[Rows]:
    """Yield passages by number, as many at a time as a segment takes."""
    some = [(numbers, vectors) for numbers, vectors in loose if len(numbers)]
    if not some:
        return
    numbers = np.concatenate([each for each, _ in some])
    vectors = np.concatenate([each for _, each in some])
    order = np.argsort(numbers)
    for start in range(0, len(order), FULL):
        part = order[start : start + FULL]
        yield numbers[part], vectors[part]


def write(folder: Path, rows: Rows) -> None:
    """Write a segment of some passages, ascending by number."""
    numbers, vectors = rows
    made = inverted(numbers, vectors)
    if made:
        segment = DenseIndex(made.index)
    else:
        segment = DenseIndex.empty(vectors.shape[1])
        segment.add(numbers.tolist(), vectors)
    name = f"{numbers[0]:012d}-{len(numbers)}"
    if is_long(len(numbers)):
        name += f"-{int(WHOLE * (made.recall if made else 1.0)):04d}"
    segment.write(folder / f"{name}.faiss")
