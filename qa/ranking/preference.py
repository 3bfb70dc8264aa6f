"""Which of the hits come first by their dates; none is ever lost for its date."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from qa.domain.answers import Ranked

NEWEST = re.compile(r"最新|最近一[次期届]|最近的一[次期届]")

ALIKE = 1.5
"""Standard deviations below the best hit within which hits fit alike, where the newest is asked for."""


def asks_for_newest(question: str) -> bool:
    """Tell whether a question wants the newest of what there is."""
    return bool(NEWEST.search(question))


def prefer(ranked: Sequence[Ranked], *, of_the_time: Collection[int], bonus: float) -> list[Ranked]:
    """Return the hits with those of the asked time raised, best first, ties by number; none is lost.

    :param of_the_time: Numbers of passages whose articles are of it.
    :param bonus: In standard deviations, as the fused scores are.
    """
    raised = (
        replace(each, fused=each.fused + bonus) if each.number in of_the_time else each for each in ranked
    )
    return sorted(raised, key=lambda each: (-each.fused, each.number))


def newest_first(ranked: Sequence[Ranked], *, dates: Mapping[int, date], band: float = 0.0) -> list[Ranked]:
    """Return the hits with the newer before the older where they fit the question alike; none is lost.

    :param dates: By passage; one without a date comes behind those with one.
    :param band: Standard deviations below the best within which hits count as alike; with 0, only
        hits of equal scores do, which is right for any question. More is for one that asks for the newest.
    """
    best = max((each.fused for each in ranked), default=0.0)

    def order(each: Ranked) -> tuple[float, int, int]:
        behind = best - each.fused
        return (behind if behind > band else 0.0, -dates.get(each.number, date.min).toordinal(), each.number)

    return sorted(ranked, key=order)
