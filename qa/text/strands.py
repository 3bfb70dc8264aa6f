"""Strands: many short lists of numbers in one array, so that all of them are worked on at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

MISSING = -1
"""What stands where a strand has no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strands:
    """Some lists of numbers, one behind the other.

    :param flat: All numbers, shape (numbers,).
    :param bounds: Where each strand starts, and the end of the last, shape (strands + 1,).
    """

    flat: Numbers
    bounds: Numbers

    @classmethod
    def of(cls, flat: Numbers, lengths: Numbers) -> Strands:
        """Return strands of these lengths."""
        return cls(flat=flat, bounds=np.concatenate([[0], np.cumsum(lengths)]))

    def __len__(self) -> int:
        """Return how many strands there are."""
        return len(self.bounds) - 1

    @property
    def lengths(self) -> Numbers:
        """Return how many numbers each strand has."""
        return np.diff(self.bounds)

    @property
    def owners(self) -> Numbers:
        """Return of which strand each number is, shape (numbers,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def taken(self, starts: Numbers, lengths: Numbers) -> Strands:
        """Return stretches of the numbers as strands, each given by where it starts in ``flat``."""
        return Strands.of(self.flat[ranges(starts, lengths)], lengths)

    def chosen(self, numbers: Numbers) -> Strands:
        """Return the strands with these numbers, in this order."""
        return self.taken(self.bounds[numbers], self.lengths[numbers])

    def head(self, count: int) -> Strands:
        """Return the first numbers of each strand, ``count`` at most."""
        return self.taken(self.bounds[:-1], np.minimum(self.lengths, count))

    def tail(self, count: int) -> Strands:
        """Return the last numbers of each strand, ``count`` at most."""
        lengths = np.minimum(self.lengths, count)
        return self.taken(self.bounds[1:] - lengths, lengths)

    def head_and_tail(self, count: int) -> Strands:
        """Return strands without their middles: at most ``count`` numbers at each end of them."""
        long = self.lengths > 2 * count
        first = np.where(long, count, self.lengths)
        last = np.where(long, count, 0)
        starts = np.stack([self.bounds[:-1], self.bounds[1:] - last], axis=1)
        kept = self.flat[ranges(starts.ravel(), np.stack([first, last], axis=1).ravel())]
        return Strands.of(kept, first + last)

    def grouped(self, groups: Sequence[Sequence[int]]) -> Strands:
        """Return one strand a group: those of the group joined."""
        together = self.chosen(np.array([each for group in groups for each in group], dtype=np.int64))
        ends = np.cumsum([len(group) for group in groups])
        return Strands(flat=together.flat, bounds=together.bounds[np.concatenate([[0], ends])])

    def first(self, count: int) -> Numbers:
        """Return the first numbers of each strand in print order, shape (strands, count)."""
        away = np.arange(count)
        return self._at(self.bounds[:-1, None] + away, away < self.lengths[:, None])

    def last(self, count: int) -> Numbers:
        """Return the last numbers of each strand, the last one first, shape (strands, count)."""
        away = np.arange(count)
        return self._at(self.bounds[1:, None] - 1 - away, away < self.lengths[:, None])

    def _at(self, places: Numbers, inside: NDArray[np.bool_]) -> Numbers:
        if not len(self.flat):
            return np.full(places.shape, MISSING)
        return np.where(inside, self.flat.take(places, mode="clip"), MISSING)

    def sums(self, table: Floats) -> Floats:
        """Return the sum of the rows of a table that each strand names.

        :param table: Shape (rows, width).
        """
        ones = np.ones(len(self.flat), dtype=np.float32)
        chosen = csr_array((ones, self.flat, self.bounds), shape=(len(self), len(table)))
        found: Floats = chosen @ table
        return found

    def means(self, table: Floats) -> Floats:
        """Return the mean of the rows of a table that each strand names; zero for an empty one.

        :param table: Shape (rows, width).
        """
        sums = self.sums(table)
        sums /= np.maximum(self.lengths, 1).astype(np.float32)[:, None]
        return sums


def ranges(starts: Numbers, lengths: Numbers) -> Numbers:
    """Return the numbers of ranges one behind the other, each from its start on."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())


class Held:
    """Which numbers each of some strands holds, however often."""

    def __init__(self, strands: Strands) -> None:
        """Look at some strands."""
        self._count = max(len(strands), 1)
        keys = np.sort(strands.flat * self._count + strands.owners)
        new = np.ones(len(keys), dtype=bool)
        new[1:] = keys[1:] != keys[:-1]
        self._keys = keys[new]

    @property
    def numbers(self) -> Numbers:
        """Return each number once for every strand that holds it, in order."""
        return self._keys // self._count

    @property
    def owners(self) -> Numbers:
        """Return the strands that hold them, likewise."""
        return self._keys % self._count

    def tell(self, numbers: Numbers, owners: Numbers | int) -> NDArray[np.bool_]:
        """Tell of numbers and strands, in shapes that go together, whether the strand holds the number."""
        keys = np.asarray(numbers * self._count + owners)
        if not len(self._keys):
            return np.zeros(keys.shape, dtype=bool)
        at = np.searchsorted(self._keys, keys)
        found: NDArray[np.bool_] = self._keys.take(at, mode="clip") == keys
        return found
