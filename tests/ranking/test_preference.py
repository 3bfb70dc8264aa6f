"""Hits of the asked time, or the newest where that is asked for, come first; none is lost."""

from __future__ import annotations

from datetime import date

import pytest

from qa.domain.answers import Ranked
from qa.ranking.preference import asks_for_newest, newest_first, prefer


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("最新的最低工资标准是多少？", True),
        ("最近一次会议在哪开？", True),
        ("最近怎么样？", False),
        ("新闻", False),
    ],
)
def test_the_newest_is_wanted_only_where_that_is_asked_for(question: str, newest: bool) -> None:
    assert asks_for_newest(question) is newest


def ranked(*scores: float) -> list[Ranked]:
    return [Ranked(number=at, fused=score, dense=None, lexical=None) for at, score in enumerate(scores)]


def test_hits_of_the_time_are_raised_those_printed_later_by_less_and_no_hit_is_lost() -> None:
    found = prefer(ranked(2.0, 1.0, 0.9, 0.8), then={2}, later={2, 3}, bonus=3.0)

    assert [(each.number, each.fused) for each in found] == [(2, 3.9), (3, 2.3), (0, 2.0), (1, 1.0)]


def test_a_hit_of_the_time_that_is_of_another_matter_stays_where_it_is() -> None:
    found = prefer(ranked(2.0, 1.0, -0.5), then={1, 2}, later=(), bonus=3.0)

    assert [(each.number, each.fused) for each in found] == [(1, 4.0), (0, 2.0), (2, -0.5)]


def test_without_hits_of_the_time_nothing_changes() -> None:
    hits = ranked(2.0, 1.0, 1.0)

    assert prefer(hits, then=(), later=(), bonus=1.5) == hits


DATES = {0: date(2022, 1, 1), 2: date(2023, 1, 1), 3: date(2023, 2, 1)}


@pytest.mark.parametrize(
    ("scores", "band", "order"),
    [
        ((2.0, 1.5, 1.5, 1.5), 0.0, [0, 3, 2, 1]),
        ((2.0, 1.5, 1.4, -1.0), 1.0, [2, 0, 1, 3]),
        ((2.0, 1.5, 1.4, -1.0), 9.0, [3, 2, 0, 1]),
        ((), 1.0, []),
    ],
)
def test_of_hits_that_fit_alike_the_newest_comes_first(
    scores: tuple[float, ...], band: float, order: list[int]
) -> None:
    found = newest_first(ranked(*scores), dates=DATES, band=band)

    assert [each.number for each in found] == order
