"""The register (目录) of a version: which articles and passages pass filters, told by a few columns.

They are read once a version, and no row is held to its digest here: that is done when one is shown or quoted.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.domain.answers import Filters
from qa.domain.articles import ListedArticle, Newspaper
from qa.store.catalogue import Catalogue, is_asked_for
from qa.store.numbers import Numbers

MOST_LISTED, MOST_NUMBERS = 200_000, 5_000_000
"""Articles and numbers of passages that are remembered of filters: 10 MB and 40 MB at most."""

Chosen = TypeVar("Chosen", bound=Collection[object])


class Remembered(Generic[Chosen]):
    """What passes the filters that were asked for last; of the least recent what is too much is forgotten."""

    def __init__(self, *, most: int) -> None:
        """Remember nothing yet.

        :param most: Things that are kept of all filters together; those of the last one always are.
        """
        self._most, self._held = most, 0
        self._chosen: OrderedDict[Filters, Chosen] = OrderedDict()

    def of(self, filters: Filters, choose: Callable[[Filters], Chosen]) -> Chosen:
        """Return what passes ``filters``, which is chosen only if it is not remembered."""
        if filters in self._chosen:
            self._chosen.move_to_end(filters)
            return self._chosen[filters]
        chosen = self._chosen[filters] = choose(filters)
        self._held += len(chosen)
        while self._held > self._most and len(self._chosen) > 1:
            self._held -= len(self._chosen.popitem(last=False)[1])
        return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """Of which article each passage is; half a million take 6 MB.

    :param places: Of the articles, by id.
    :param numbers: Of the passages, ascending.
    :param articles: The place of the article of each.
    """

    places: Mapping[str, int]
    numbers: NDArray[np.int64]
    articles: NDArray[np.int32]

    @classmethod
    def told(cls, passages: Iterable[tuple[int, str]]) -> Numbered:
        """Return what is told by numbers and the ids of their articles."""
        places: dict[str, int] = {}
        rows = [(number, places.setdefault(id, len(places))) for number, id in passages]
        table = np.array(rows, dtype=np.int64).reshape(len(rows), 2)
        table = table[np.argsort(table[:, 0])]
        return cls(places=places, numbers=table[:, 0].copy(), articles=table[:, 1].astype(np.int32))

    def of(self, ids: Iterable[str]) -> Numbers:
        """Return the numbers of all passages of some articles; those without passages have none."""
        chosen = np.zeros(len(self.places), dtype=np.bool_)
        chosen[[self.places[id] for id in ids if id in self.places]] = True
        return Numbers.of(self.numbers[chosen[self.articles]])


class Register:
    """Of one version, which does not change; who calls it holds the connection for itself."""

    def __init__(self, catalogue: Catalogue, *, names: Mapping[str, str]) -> None:
        """Choose from ``catalogue``.

        :param names: Of every source, by its id.
        """
        self._catalogue, self._names = catalogue, names
        self._held = False
        self._listed = Remembered[tuple[ListedArticle, ...]](most=MOST_LISTED)
        self._numbers = Remembered[Numbers](most=MOST_NUMBERS)

    def hold(self) -> None:
        """Hold to each other what filters go by; once, since a version does not change.

        :raises ValueError: See ``Catalogue.hold_references``.
        """
        if not self._held:
            self._catalogue.hold_references()
            self._held = True

    def listed(self, filters: Filters) -> tuple[ListedArticle, ...]:
        """Return the articles that pass, by the source they begin in and in page order."""
        return self._listed.of(filters, self._passing) if filters.restrict else self._all

    def numbers_within(self, filters: Filters) -> Numbers:
        """Return the numbers of the passages that pass; of an article in several sources, not all may."""
        return self._numbers.of(filters, self._numbers_passing)

    @cached_property
    def newest(self) -> date | None:
        """Return the date of the newest article; None where no article has one."""
        return max((each.date for each in self._all if each.date), default=None)

    @cached_property
    def newspapers(self) -> tuple[Newspaper, ...]:
        """Return the papers that articles name, by name."""
        named: dict[str, list[ListedArticle]] = {}
        for each in self._all:
            if each.newspaper is not None:
                named.setdefault(each.newspaper, []).append(each)
        return tuple(newspaper(name, of_it) for name, of_it in sorted(named.items()))

    @cached_property
    def _all(self) -> tuple[ListedArticle, ...]:
        return tuple(self._catalogue.listed(self._names))

    def _passing(self, filters: Filters) -> tuple[ListedArticle, ...]:
        self.hold()
        printed_there = self._catalogue.printed_in(self._sources(filters)) if filters.sources else None
        return tuple(
            each
            for each in self._all
            if (printed_there is None or each.id in printed_there)
            and (not filters.newspapers or each.newspaper in filters.newspapers)
            and each.id not in filters.without
            and (filters.first is None or (each.date is not None and each.date >= filters.first))
            and (filters.last is None or (each.date is not None and each.date <= filters.last))
        )

    def _numbers_passing(self, filters: Filters) -> Numbers:
        ids = [each.id for each in self._passing(filters)]
        if not filters.sources:
            return self._numbered.of(ids)
        several = self._catalogue.printed_in_several()
        whole = self._numbered.of(id for id in ids if id not in several)
        part = self._catalogue.numbers_in([id for id in ids if id in several], sources=self._sources(filters))
        return Numbers((*whole, *part)) if part else whole

    @cached_property
    def _numbered(self) -> Numbered:
        return Numbered.told(self._catalogue.articles_of_passages())

    def _sources(self, filters: Filters) -> frozenset[str]:
        return frozenset(id for id, name in self._names.items() if is_asked_for(name, filters.sources))


def newspaper(name: str, articles: Collection[ListedArticle]) -> Newspaper:
    """Return a paper with how many articles are from it, and of which days."""
    days = [each.date for each in articles if each.date]
    return Newspaper(
        name=name, articles=len(articles), first=min(days, default=None), last=max(days, default=None)
    )
