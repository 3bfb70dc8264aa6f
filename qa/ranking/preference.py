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

OF_THE_SAME = 1.0
"""Standard deviations below the best hit of a time within which hits are taken to be of the same matter."""

LATER = 0.5
"""Part of the bonus of a time for what was printed soon after it."""


def asks_for_newest(question: str) -> bool:
    """Tell whether a question wants the newest of what there is."""
    return bool(NEWEST.search(question))


def prefer(
    ranked: Sequence[Ranked], *, then: Collection[int], later: Collection[int], bonus: float
) -> list[Ranked]:
    """Return the hits with those of the asked time raised, best first, ties by number; none is lost.

    Only hits that fit nearly as well as the best of them are raised: the others are of that time and of
    something else, and would stand before what is asked about.

    :param then: Numbers of passages whose articles are of the asked time.
    :param later: Those printed soon after it, which may tell of it; they are raised by less.
    :param bonus: In standard deviations, as the fused scores are.
    """
    best = max((each.fused for each in ranked if each.number in then or each.number in later), default=0.0)

    def raised(each: Ranked) -> Ranked:
        if each.fused < best - OF_THE_SAME:
            return each
        if each.number in then:
            return replace(each, fused=each.fused + bonus)
        return replace(each, fused=each.fused + LATER * bonus) if each.number in later else each

    return sorted(map(raised, ranked), key=lambda each: (-each.fused, each.number))


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
