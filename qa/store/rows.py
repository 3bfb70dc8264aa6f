"""How values of the domain lie in rows of the catalogue: as JSON, never pickled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from qa.domain.articles import Article, ArticleKind, Facts, Part
from qa.domain.ports import IndexedPassage
from qa.domain.spans import SourceSpan, Span


def places_to_json(places: Sequence[SourceSpan]) -> str:
    """Return spans as ``[[source id, start, end], ...]``."""
    return json.dumps(triples(places))


def places_from_json(text: str) -> tuple[SourceSpan, ...]:
    """Return stored spans."""
    return places_of(json.loads(text))


def places_of(stored: Sequence[tuple[str, int, int]]) -> tuple[SourceSpan, ...]:
    """Return spans from ``[[source id, start, end], ...]``."""
    return tuple(SourceSpan(source_id=source, span=Span(start, end)) for source, start, end in stored)


def sources_in_json(text: str) -> set[str]:
    """Return the ids of the sources that stored spans lie in."""
    return {place.source_id for place in places_from_json(text)}


def triples(places: Sequence[SourceSpan]) -> list[tuple[str, int, int]]:
    """Return spans as they are stored."""
    return [(place.source_id, place.span.start, place.span.end) for place in places]


def facts_to_json(facts: Facts) -> str:
    """Return facts as an object with the words of the contract."""
    stored = {
        "title": facts.title,
        "kind": facts.kind.value,
        "authors": list(facts.authors),
        "dateline": facts.dateline,
        "date": facts.date.isoformat() if facts.date else None,
        "published": facts.published.isoformat() if facts.published else None,
        "newspaper": facts.newspaper,
        "issue": facts.issue,
        "page": facts.page,
        "jump_to": facts.jump_to,
        "jump_from": facts.jump_from,
        "read_at": {name: triples(places) for name, places in facts.read_at.items()},
    }
    return json.dumps(stored, ensure_ascii=False)


def facts_from_json(text: str) -> Facts:
    """Return stored facts."""
    stored: dict[str, Any] = json.loads(text)
    stored["kind"] = ArticleKind(stored["kind"])
    stored["authors"] = tuple(stored["authors"])
    for name in ("date", "published"):
        stored[name] = date.fromisoformat(stored[name]) if stored[name] else None
    stored["read_at"] = {name: places_of(places) for name, places in stored["read_at"].items()}
    return Facts(**stored)


def article_from_row(row: Sequence[Any]) -> Article:
    """Return an article from ``id, source_id, facts, places, passages``."""
    id, source_id, facts, places, passages = row
    return Article(
        id=id,
        source_id=source_id,
        facts=facts_from_json(facts),
        places=places_from_json(places),
        passages=passages,
    )


def article_row(article: Article, position: int) -> tuple[Any, ...]:
    """Return what the table of articles holds of one, in the order of its columns."""
    facts = article.facts
    day = facts.date.isoformat() if facts.date else None
    places = places_to_json(article.places)
    return article.id, article.source_id, position, day, facts_to_json(facts), places, article.passages


def passage_row(indexed: IndexedPassage) -> tuple[str, str, str, str, str]:
    """Return what the table of passages holds of one, but for its number and its vector."""
    passage = indexed.passage
    origin = places_to_json(passage.traced.origin)
    return passage.id, passage.article_id, passage.text, origin, indexed.searched


def part_row(part: Part, *, source_id: str) -> tuple[str | None, ...]:
    """Return what the table of parts holds of one, in the order of its columns."""
    published = part.published.isoformat() if part.published else None
    return source_id, part.newspaper, published, part.page, part.jump_to, part.jump_from


def part_from_row(row: Sequence[Any]) -> Part:
    """Return a part from the name of its source and its other columns."""
    source, newspaper, published, page, jump_to, jump_from = row
    return Part(
        source=source,
        newspaper=newspaper,
        published=date.fromisoformat(published) if published else None,
        page=page,
        jump_to=jump_to,
        jump_from=jump_from,
    )
