"""How values of the domain lie in rows of the catalogue: as JSON, never pickled.

The last column of a row is a digest of the others, held to them whenever the row is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np

from qa.domain.articles import Article, ArticleKind, Facts, Part
from qa.domain.passages import Passage
from qa.domain.ports import IndexedPassage, Vectors
from qa.domain.sources import Source, SourceSummary, Told, token
from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText

DIGEST_BYTES = 16
COLUMNS = {
    "sources": "id, name, digest, characters, text, told, row_digest",
    "parts": "source_id, newspaper, published, page, jump_to, jump_from, row_digest",
    "articles": "id, source_id, position, date, facts, places, passages, row_digest",
    "passages": "number, id, article_id, text, origin, searched, vector, row_digest",
    "printed": "article_id, source_id, passages",
}
"""The tables and their columns, as digests take them; ``printed``, without one, follows from the rest."""

NAMES = {"sources": "来源", "parts": "转版记录", "articles": "文章", "passages": "段落"}


def columns(table: str) -> str:
    """Return the columns of a table, each with the table's name before it."""
    return ", ".join(f"{table}.{column}" for column in COLUMNS[table].split(", "))


def row_digest(row: Sequence[Any]) -> bytes:
    """Return the digest of the columns of a row."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for value in row:
        piece = value if isinstance(value, bytes) else json.dumps(value).encode("ascii")
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return digest.digest()


def sealed(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return a row with its digest behind it."""
    return *row, row_digest(row)


def held(table: str, row: Sequence[Any]) -> Sequence[Any]:
    """Return a row of a table without its digest.

    :raises ValueError: When the row is not what was written.
    """
    *values, digest = row
    if row_digest(values) != digest:
        raise ValueError(f"{NAMES[table]} {values[0]} 与写入时不同")
    return values


def source_row(source: Source) -> tuple[Any, ...]:
    """Return what the table of sources holds of one, in the order of its columns."""
    # Counted here, since SQLite's length() stops at a NUL. The text has a digest of its own.
    row = (source.id, source.name, source.digest, len(source.text))
    return *row, source.text, source.told.to_json(), row_digest(row)


def source_from_row(row: Sequence[Any], *, known: Collection[str] = ()) -> Source:
    """Return a source from all its columns.

    :param known: The ids of those whose text was held to its digest before.
    :raises ValueError: When it is not what was written.
    """
    id, name, digest, characters, text, told, sealed_with = row
    source = Source(name=name, text=text, told=Told.from_json(told))
    hold_source((id, name, digest, characters), sealed_with)
    if id not in known and source.digest != digest:
        raise ValueError(f"来源 {name} 的原文与入库时不同")
    return source


def summary_from_row(row: Sequence[Any]) -> SourceSummary:
    """Return what is told of a source from its columns but the text, with how much of it is held.

    :raises ValueError: When it is not what was written.
    """
    id, name, digest, characters, sealed_with, articles, passages = row
    hold_source((id, name, digest, characters), sealed_with)
    return SourceSummary(
        id=id, name=name, digest=digest, characters=characters, articles=articles, passages=passages
    )


def hold_source(told: tuple[Any, ...], sealed_with: bytes) -> None:
    """Hold what is told of a source to its digest.

    :raises ValueError: When it is not what was written.
    """
    id, name, *_ = told
    if row_digest(told) != sealed_with or token("source", name) != id:
        raise ValueError(f"来源 {id} 的记录与写入时不同")


def passage_from_row(row: Sequence[Any]) -> Passage:
    """Return a passage from all its columns.

    :raises ValueError: When it is not what was written.
    """
    _, id, article_id, text, origin, _, _ = held("passages", row)
    return Passage(
        id=id, article_id=article_id, traced=TracedText(text=text, origin=places_from_json(origin))
    )


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
    return sources_in(places_from_json(text))


def sources_in(places: Iterable[SourceSpan]) -> set[str]:
    """Return the ids of the sources that spans lie in."""
    return {place.source_id for place in places}


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
    """Return an article from all its columns.

    :raises ValueError: When it is not what was written.
    """
    id, source_id, _, _, facts, places, passages = held("articles", row)
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
    row = (article.id, article.source_id, position, day, facts_to_json(facts), places, article.passages)
    return sealed(row)


def passage_row(indexed: IndexedPassage, *, number: int, vector: Vectors) -> tuple[Any, ...]:
    """Return what the table of passages holds of one, in the order of its columns."""
    passage = indexed.passage
    origin = places_to_json(passage.traced.origin)
    stored = vector.astype(np.float16).tobytes()
    return sealed((number, passage.id, passage.article_id, passage.text, origin, indexed.searched, stored))


def vector_from_bytes(stored: bytes) -> Vectors:
    """Return a stored vector."""
    return np.frombuffer(stored, dtype=np.float16).astype(np.float32)


def part_row(part: Part, *, source_id: str) -> tuple[Any, ...]:
    """Return what the table of parts holds of one, in the order of its columns."""
    published = part.published.isoformat() if part.published else None
    return sealed((source_id, part.newspaper, published, part.page, part.jump_to, part.jump_from))


def part_from_row(row: Sequence[Any]) -> Part:
    """Return a part from the name of its source and all its columns.

    :raises ValueError: When it is not what was written.
    """
    source, *stored = row
    _, newspaper, published, page, jump_to, jump_from = held("parts", stored)
    return Part(
        source=source,
        newspaper=newspaper,
        published=date.fromisoformat(published) if published else None,
        page=page,
        jump_to=jump_to,
        jump_from=jump_from,
    )
