"""The rows of the catalogue by the source that they were made from: what moves from one store to another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.domain.ports import IndexedPassage, IndexedSource
from qa.store.changes import insert, printed_rows
from qa.store.rebuild import OF_SOURCE
from qa.store.row_json import SEARCHED, Values
from qa.store.rows import (
    COLUMNS,
    article_from_row,
    article_row,
    held,
    part_row,
    passage_from_row,
    passage_row,
    source_from_row,
    source_row,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRows:
    """The rows that were made from one source, in the order of their columns.

    :param articles: In page order; those that begin in it.
    :param passages: Those of these articles, by number.
    :param printed: How many passages of each article lie in each source that it is printed in.
    """

    source: Values
    parts: Sequence[Values]
    articles: Sequence[Values]
    passages: Sequence[Values]
    printed: Mapping[str, Mapping[str, int]]


def rows_of(indexed: IndexedSource, *, after: int) -> SourceRows:
    """Return the rows of a source and all that was made from it.

    :param after: The highest number that a passage had before.
    """
    numbers = range(after + 1, after + 1 + len(indexed.passages))
    passages = zip(numbers, indexed.passages, indexed.vectors, strict=True)
    return SourceRows(
        source=source_row(indexed.source),
        parts=[part_row(part, source_id=indexed.source.id) for part in indexed.parts],
        articles=[article_row(article, at) for at, article in enumerate(indexed.articles)],
        passages=[passage_row(each, number=number, vector=vector) for number, each, vector in passages],
        printed=printed_of(indexed),
    )


def printed_of(indexed: IndexedSource) -> Mapping[str, Mapping[str, int]]:
    """Return how many passages of each article lie in each source that it is printed in."""
    printed: dict[str, dict[str, int]] = {article.id: {} for article in indexed.articles}
    for article, in_source, count in printed_rows(indexed):
        printed[article][in_source] = count
    return printed


def checked_rows(
    source: Values, *, parts: Sequence[Values], articles: Sequence[Values], passages: Sequence[Values]
) -> SourceRows:
    """Return rows that came from elsewhere, each held to its digest, and to each other.

    :raises ValueError, KeyError, TypeError: When one is not what was written.
    """
    for part in parts:
        held("parts", part)
    made = IndexedSource(
        source=source_from_row(source),
        articles=[article_from_row(article) for article in articles],
        passages=[
            IndexedPassage(passage=passage_from_row(each), searched=each[SEARCHED]) for each in passages
        ],
        vectors=np.zeros((0, 0), dtype=np.float32),
    )
    told = {article.id: article.passages for article in made.articles}
    counted = dict.fromkeys(told, 0)
    for each in made.passages:
        counted[each.passage.article_id] += 1
    if counted != told or any(part[0] != made.source.id for part in parts):
        raise ValueError(f"来源 {made.source.name} 的文章与段落不符")
    return SourceRows(
        source=source, parts=parts, articles=articles, passages=passages, printed=printed_of(made)
    )


def rows_in(connection: sqlite3.Connection) -> Iterator[SourceRows]:
    """Yield the rows of every source of a catalogue, by name, held to no digest; the caller's transaction."""
    for (id,) in connection.execute("SELECT id FROM sources ORDER BY name"):
        found = {
            table: connection.execute(f"SELECT {COLUMNS[table]} FROM {table} WHERE {which}", (id,)).fetchall()
            for table, which in OF_SOURCE.items()
        }
        yield SourceRows(
            source=found["sources"][0],
            parts=found["parts"],
            articles=found["articles"],
            passages=found["passages"],
            printed={},
        )


def put_rows(connection: sqlite3.Connection, rows: SourceRows) -> None:
    """Put the rows of a source into a catalogue, within the caller's transaction."""
    insert(connection, "sources", [rows.source])
    insert(connection, "parts", rows.parts)
    insert(connection, "articles", rows.articles)
    printed = ((article, id, count) for article, by in rows.printed.items() for id, count in by.items())
    insert(connection, "printed", printed)
    insert(connection, "passages", rows.passages)
