"""Searching both ways, and once more within the time that a question names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.domain.answers import Filters, Hit, Mode, Ranked
from qa.domain.ports import Encoder, Snapshot, Vectors
from qa.ranking.calendar import DayRange
from qa.ranking.fusion import fuse
from qa.ranking.preference import ALIKE, asks_for_newest, newest_first, prefer
from qa.ranking.time import AskedTime, asked_times, names_time

DEPTH = 100
"""Hits that each search gives to the fusion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitsBothWays:
    """What both searches found, best first each; empty for one that took no part."""

    dense: tuple[Hit, ...]
    lexical: tuple[Hit, ...]

    def joined(self, other: HitsBothWays) -> HitsBothWays:
        """Return the hits of both, each once."""
        return HitsBothWays(
            dense=joined(self.dense, other.dense), lexical=joined(self.lexical, other.lexical)
        )


class BothWays:
    """The dense and the lexical search for one question after another."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, *, mode: Mode, depth: int) -> None:
        """Search ``snapshot``.

        :param depth: Hits that each search returns.
        """
        self._snapshot, self._encoder, self._mode, self._depth = snapshot, encoder, mode, depth

    def find(self, question: str, *, within: Iterable[Collection[int] | None]) -> list[HitsBothWays]:
        """Return what is found within each of several parts of the collection; None means all of it."""
        vectors: Iterable[Vectors] = (
            self._encoder.embed_questions([question]) if self._mode is not Mode.LEXICAL else ()
        )
        return [
            HitsBothWays(
                dense=tuple(
                    hit
                    for vector in vectors
                    for hit in self._snapshot.search_dense(vector, limit=self._depth, within=part)
                ),
                lexical=()
                if self._mode is Mode.DENSE
                else tuple(self._snapshot.search_lexical(question, limit=self._depth, within=part)),
            )
            for part in within
        ]


def ranked_in_time(question: str, *, search: BothWays, snapshot: Snapshot, filters: Filters) -> list[Ranked]:
    """Return fused hits, best first; those of a time that the question names are raised.

    They are looked for by themselves as well, for among all passages they may be too far down. Where the
    question asks for the newest, the newest of those that fit alike come first instead.
    """
    time = time_of(question, snapshot=snapshot)
    then, told = (
        passages_of(days, snapshot=snapshot, filters=filters)
        for days in ((time.days, time.told) if time else (None, None))
    )
    parts = [snapshot.passages_within(filters), *(part for part in (then, told) if part)]
    found, *in_time = search.find(question, within=parts)
    for each in in_time:
        found = found.joined(each)
    ranked = fuse(dense=found.dense, lexical=found.lexical)
    if asks_for_newest(snapshot.words.folded(question)):
        return newest_first(ranked, dates=dates_of(ranked, snapshot=snapshot), band=ALIKE)
    return prefer(ranked, then=then, later=told, bonus=time.bonus) if time else ranked


def dates_of(ranked: Sequence[Ranked], *, snapshot: Snapshot) -> dict[int, date]:
    """Return the dates of the articles that hits are of, by passage, where they have one."""
    numbers = [each.number for each in ranked]
    days = (cited.article.facts.date for cited in snapshot.cite(numbers))
    return {number: day for number, day in zip(numbers, days, strict=True) if day}


def time_of(question: str, *, snapshot: Snapshot) -> AskedTime | None:
    """Return the time a question names, of several the first short one; the newest article is of today."""
    plain = snapshot.words.folded(question)
    newest = snapshot.newest() if names_time(plain) else None
    times = list(asked_times(plain, reference=newest)) if newest else []
    return min(times, key=lambda each: each.is_long, default=None)


def passages_of(days: DayRange | None, *, snapshot: Snapshot, filters: Filters) -> Collection[int]:
    """Return the numbers of the passages of some days that pass the filters."""
    overlap = days and within_both(days, filters)
    return (overlap and snapshot.passages_within(overlap)) or ()


def within_both(days: DayRange, filters: Filters) -> Filters | None:
    """Return filters that keep to some days as well; None where they leave none of them."""
    first, last = max(days.first, filters.first or days.first), min(days.last, filters.last or days.last)
    return replace(filters, first=first, last=last) if first <= last else None


def joined(hits: tuple[Hit, ...], others: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Return hits of two searches that score alike, each once, best first, ties by number."""
    found = {hit.number: hit for hit in (*hits, *others)}
    return tuple(sorted(found.values(), key=lambda hit: (-hit.score, hit.number)))
