"""Filters as Milvus takes them, and the passages that pass without naming each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from qa.domain.answers import Filters
from qa.store.milvus.connection import IDS, TOKEN, among, written
from qa.store.milvus.rows import ChosenBy, day_number, paper_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What filters ask of passages and articles, in the numbers and tokens by which they are chosen.

    :param sources: Tokens of the sources that are asked for; None means all.
    :param key: The field that names the article.
    """

    first: int
    last: int
    papers: tuple[str, ...]
    without: tuple[str, ...]
    sources: tuple[str, ...] | None
    key: str

    @classmethod
    def of(cls, filters: Filters, *, sources: Collection[str] | None, key: str) -> Condition:
        """Return what filters ask.

        :param sources: Tokens of the sources that they ask for; None where they ask for none by name.
        """
        return cls(
            first=day_number(filters.first),
            last=day_number(filters.last),
            papers=tuple(sorted(map(paper_token, filters.newspapers))),
            # What is no token is the id of no article.
            without=tuple(sorted(each for each in filters.without if TOKEN.fullmatch(each))),
            sources=None if sources is None else tuple(sorted(sources)),
            key=key,
        )

    def expressions(self) -> list[str]:
        """Return expressions of which one must hold; none where nothing can pass, one empty for all."""
        if self.sources is None:
            return [self._common()]
        common = self._common()
        some = [self.sources[at : at + IDS] for at in range(0, len(self.sources), IDS)]
        lists = (", ".join(map(written, ids)) for ids in some)
        asked = (f"ARRAY_CONTAINS_ANY(sources, [{ids}])" for ids in lists)
        return [f"{each} and {common}" if common else each for each in asked]

    def _common(self) -> str:
        clauses = []
        if self.first or self.last:
            clauses.append(f"day >= {max(self.first, 1)}")
        if self.last:
            clauses.append(f"day <= {self.last}")
        if self.papers:
            clauses.append(among("paper", self.papers))
        clauses += [
            f"not ({among(self.key, self.without[at : at + IDS])})" for at in range(0, len(self.without), IDS)
        ]
        return " and ".join(clauses)

    def holds_of(self, chosen: ChosenBy) -> bool:
        """Tell whether a passage or an article passes."""
        return (
            (not (self.first or self.last) or chosen.day >= max(self.first, 1))
            and (not self.last or chosen.day <= self.last)
            and (not self.papers or chosen.paper in self.papers)
            and chosen.article not in self.without
            and (self.sources is None or not chosen.sources.isdisjoint(self.sources))
        )


class Passing(Collection[int]):
    """The numbers of the passages of one version that pass, looked up only when they are asked for."""

    def __init__(
        self,
        condition: Condition,
        *,
        numbers: Callable[[str], Iterator[int]],
        count: Callable[[str], int],
        chosen_by: Callable[[int], ChosenBy | None],
    ) -> None:
        """Choose by ``condition``.

        :param numbers: Yields the numbers of the passages for which an expression holds.
        :param count: Returns how many they are.
        :param chosen_by: Returns what a passage is chosen by; None where the version has none of that number.
        """
        self.condition, self.expressions = condition, condition.expressions()
        self._numbers, self._count, self._chosen_by = numbers, count, chosen_by

    def __contains__(self, number: object) -> bool:
        """Tell whether a passage passes."""
        if not isinstance(number, int):
            return False
        chosen = self._chosen_by(number)
        return chosen is not None and self.condition.holds_of(chosen)

    def __iter__(self) -> Iterator[int]:
        """Yield every number, each once."""
        seen: set[int] = set()
        for expression in self.expressions:
            for number in self._numbers(expression):
                if number not in seen:
                    seen.add(number)
                    yield number

    def __len__(self) -> int:
        """Return how many pass."""
        return self._counted

    @cached_property
    def _counted(self) -> int:
        if len(self.expressions) > 1:
            # A passage of two sources may pass by either.
            return sum(1 for _ in self)
        return sum(map(self._count, self.expressions))


def last_day(exists: Callable[[str], bool]) -> date | None:
    """Return the newest day that there is, by asking whether there is any from some day on.

    :param exists: Tells whether an expression holds of anything.
    """
    low, high = 0, date.max.toordinal()
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if exists(f"day >= {middle}") else (low, middle - 1)
    return date.fromordinal(low) if low else None
