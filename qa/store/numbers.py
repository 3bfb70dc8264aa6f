"""Numbers of passages as a set that is an array inside: half a million take 4 MB and no time to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set

import numpy as np
from numpy.typing import NDArray


class Numbers(Set[int]):
    """A set of numbers that does not change."""

    __slots__ = ("array",)

    def __init__(self, numbers: Iterable[int]) -> None:
        """Hold some numbers, in any order.

        ``array`` has them ascending, each once.
        """
        self.array: NDArray[np.int64] = np.unique(np.fromiter(numbers, dtype=np.int64))

    @classmethod
    def of(cls, array: NDArray[np.int64]) -> Numbers:
        """Return the numbers in an array that has them ascending, each once."""
        made = cls(())
        made.array = array
        return made

    def __contains__(self, number: object) -> bool:
        """Tell whether a number is among them."""
        if not isinstance(number, int | np.integer):
            return False
        at = int(np.searchsorted(self.array, number))
        return at < len(self.array) and bool(self.array[at] == number)

    def __iter__(self) -> Iterator[int]:
        """Yield them ascending."""
        return iter(self.array.tolist())

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.array)


def ascending(numbers: Collection[int]) -> NDArray[np.int64]:
    """Return numbers ascending, each once."""
    return numbers.array if isinstance(numbers, Numbers) else Numbers(numbers).array


def among(numbers: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell of each number whether it is one of some, which are ascending: quick where these are many."""
    if not len(wanted):
        return np.zeros(len(numbers), dtype=np.bool_)
    at = np.searchsorted(wanted, numbers).clip(max=len(wanted) - 1)
    there: NDArray[np.bool_] = wanted[at] == numbers
    return there
