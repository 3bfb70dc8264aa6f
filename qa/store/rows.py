"""How values of the domain lie in rows of the catalogue: as JSON, never pickled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from qa.domain.articles import Article, ArticleKind, Facts
from qa.domain.ports import IndexedPassage
from qa.domain.spans import SourceSpan, Span


def places_to_json(places: Sequence[SourceSpan]) -> str:
    """Return spans as ``[[source id, start, end], ...]``."""
    return json.dumps([[place.source_id, place.span.start, place.span.end] for place in places])


def places_from_json(text: str) -> tuple[SourceSpan, ...]:
    """Return stored spans."""
    return tuple(
        SourceSpan(source_id=source, span=Span(start, end)) for source, start, end in json.loads(text)
    )


def facts_to_json(facts: Facts) -> str:
    """Return facts as an object with the words of the contract."""
    stored = {
        "title": facts.title,
        "kind": facts.kind.value,
        "authors": list(facts.authors),
        "dateline": facts.dateline,
        "date": facts.date.isoformat() if facts.date else None,
        "newspaper": facts.newspaper,
        "issue": facts.issue,
        "page": facts.page,
        "jump_to": facts.jump_to,
        "jump_from": facts.jump_from,
    }
    return json.dumps(stored, ensure_ascii=False)


def facts_from_json(text: str) -> Facts:
    """Return stored facts."""
    stored: dict[str, Any] = json.loads(text)
    stored["kind"] = ArticleKind(stored["kind"])
    stored["authors"] = tuple(stored["authors"])
    stored["date"] = date.fromisoformat(stored["date"]) if stored["date"] else None
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
