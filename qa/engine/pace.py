"""Which passages are read together, and when time is up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

TURN = 5
"""Passages read together, the best first, before the next are."""

FIRST_TURN = 2
"""Passages read before it is known how many the time allows."""


class Pace:
    """Turns of reading that keep to a time, or take what they take.

    The first turn is always read: an answer late is worth more than none.
    """

    def __init__(self, budget: float | None, *, clock: Callable[[], float] = time.perf_counter) -> None:
        """Keep to a budget.

        :param budget: Milliseconds that reading may take; None for as long as it takes.
        :param clock: In seconds.
        """
        self._budget, self._clock = budget, clock

    def turns(self, passages: int) -> Iterator[range]:
        """Yield the places of each turn, best first; time runs while the caller reads its passages."""
        started, read = self._clock(), 0
        wanted = TURN if self._budget is None else FIRST_TURN
        while read < passages and wanted > 0:
            turn = range(read, min(read + wanted, passages))
            yield turn
            read = turn.stop
            wanted = self._affordable(1000 * (self._clock() - started), read)

    def _affordable(self, spent: float, read: int) -> int:
        """Return how many passages more the time allows, each taking as long as those that were read."""
        if self._budget is None or spent <= 0:
            return TURN
        return min(TURN, int((self._budget - spent) * read / spent))
