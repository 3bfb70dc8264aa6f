"""Of which place each page is, in one version of an index."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from qa.domain.ports import Snapshot
from qa.ranking.local import home_of
from qa.ranking.simplified import Simplified

Home = Callable[[str, str], str | None]
"""Tells for a source's id and a level (``市``) of which place its page is; None where that does not show."""


def of_no_place(_source_id: str, _level: str) -> None:
    """Tell nothing of any page."""


def homes_in(snapshot: Snapshot, simplified: Simplified) -> Home:
    """Return what tells it of the sources of one version of an index; each is read once."""

    @cache
    def home(source_id: str, level: str) -> str | None:
        return home_of(simplified.of(snapshot.source(source_id).text), level)

    return home
