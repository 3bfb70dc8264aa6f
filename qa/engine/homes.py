"""Whose offices are asked for, among what was found: those of the place whose paper a page is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

from qa.domain.answers import Found, Reading
from qa.domain.ports import Snapshot
from qa.ranking.local import Local, home_of, is_elsewhere
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


def of_that_place(
    asked: Local,
    found: Sequence[Found],
    readings: Sequence[Reading],
    *,
    articles: Mapping[str, str],
    simplified: Simplified,
    home: Home,
) -> list[Reading]:
    """Return the readings but those of an office that is of another place than the one asked for.

    :param articles: What was found of each article, by its id.
    """

    def elsewhere(reading: Reading) -> bool:
        cited = found[reading.passage].cited
        return is_elsewhere(
            asked,
            simplified.of(cited.passage.text),
            reading.span,
            article=simplified.of(articles[cited.article.id]),
            home=partial(home, cited.article.source_id),
        )

    return [each for each in readings if not elsewhere(each)]


def with_home(
    asked: Local, found: Sequence[Found], *, articles: Mapping[str, str], home: Home
) -> dict[str, str]:
    """Return the articles, each below the place whose paper it is in: it holds for all that they say."""
    sources = {each.cited.article.id: each.cited.article.source_id for each in found}
    places = {id_: home(source_id, asked.level) for id_, source_id in sources.items()}
    return {
        id_: f"{place}{asked.level}\n{text}" if (place := places.get(id_)) else text
        for id_, text in articles.items()
    }
