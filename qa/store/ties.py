"""The best hits with ties broken by number, over searches that break them as they like."""

from __future__ import annotations

from collections.abc import Callable

from qa.domain.answers import Hit

ROUNDING = 1e-5
"""Difference of two scores, as a part of the largest, that may come from the order of adding up."""


def best(search: Callable[[int], list[Hit]], *, limit: int) -> list[Hit]:
    """Return the best ``limit`` hits, ties by number, also where a tie runs over the limit.

    :param search: Returns the best hits, at most as many as it is asked for.
    """
    asked = limit + 1
    while True:
        hits = sorted(search(asked), key=lambda hit: (-hit.score, hit.number))
        if len(hits) < asked or hits[-1].score < hits[limit - 1].score:
            return hits[:limit]
        asked *= 4
