"""Example questions (例问) that the collection answers: made from its own headlines, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from qa.domain.answers import Filters
from qa.domain.articles import ListedArticle, PrintedArticle
from qa.domain.ports import Snapshot
from qa.text.asking import question_of

RECENT = timedelta(days=14)
"""How far back from the newest article is looked first."""

LOOKED_AT = 400
"""Articles that are looked at, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question and the article that answers it."""

    question: str
    printed: PrintedArticle


def examples(snapshot: Snapshot, *, limit: int) -> list[Example]:
    """Return at most ``limit`` questions, each from another article and from as many sources as there are."""
    found: dict[str, Example] = {}
    for filters in spells(snapshot):
        for each in made(snapshot, in_turn(snapshot.listed(filters))):
            found.setdefault(each.question, each)
            if len(found) == limit:
                return list(found.values())
    return list(found.values())


def spells(snapshot: Snapshot) -> Iterator[Filters]:
    """Yield the latest time of the collection, then all of it."""
    newest = snapshot.newest()
    if newest:
        yield Filters(first=newest - RECENT, last=newest)
    yield Filters()


def made(snapshot: Snapshot, listed: Iterable[ListedArticle]) -> Iterator[Example]:
    """Yield a question of each article whose headline gives one, of the first ``LOOKED_AT``."""
    for each in islice(listed, LOOKED_AT):
        printed = snapshot.article(each.id)
        title = printed.article.facts.title
        question = title and question_of(title, body_of(snapshot, printed))
        if question:
            yield Example(question=question, printed=printed)


def body_of(snapshot: Snapshot, printed: PrintedArticle) -> str:
    """Return the text of an article, put together from where it is printed."""
    texts = {id: snapshot.source(name).text for id, name in printed.source_names.items()}
    return "".join(
        texts[place.source_id][place.span.start : place.span.end] for place in printed.article.places
    )


def in_turn(listed: Iterable[ListedArticle]) -> Iterator[ListedArticle]:
    """Yield the first article of every source, then the second of every source, and so on."""
    by_source: dict[str, list[ListedArticle]] = {}
    for each in listed:
        by_source.setdefault(each.source_id, []).append(each)
    for turn in range(max(map(len, by_source.values()), default=0)):
        yield from (those[turn] for those in by_source.values() if turn < len(those))
