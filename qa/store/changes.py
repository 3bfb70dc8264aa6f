"""What a writer does to the rows of the catalogue, within a transaction that it begins and ends."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from qa.domain.ports import IndexedSource
from qa.store.manifest import Manifest
from qa.store.rows import COLUMNS, article_row, part_row, passage_row, source_row
from qa.store.schema import last_number

IN_SOURCE = "SELECT id FROM articles WHERE source_id = (SELECT id FROM sources WHERE name = ?1)"
PRINTED_THERE = "SELECT article_id FROM printed WHERE source_id = (SELECT id FROM sources WHERE name = ?1)"


class Changes:
    """Statements that change rows, over one open connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Speak over ``connection``."""
        self._connection = connection

    def set_manifest(self, manifest: Manifest) -> None:
        """Say what is published from this transaction on."""
        row = (manifest.to_json(), manifest.digest)
        self._connection.execute("INSERT OR REPLACE INTO manifest VALUES (1, ?, ?)", row)

    def remove(self, names: Collection[str], *, for_good: bool) -> list[int]:
        """Take sources out, with all that was made from them; return the numbers of passages that go.

        :param for_good: Whether they do not come back in this transaction: then articles that
            begin elsewhere and are printed there as well go with them.
        """
        articles = f"{IN_SOURCE} UNION {PRINTED_THERE}" if for_good else IN_SOURCE
        numbers: list[int] = []
        for name in names:
            going = f"SELECT number FROM passages WHERE article_id IN ({articles})"
            numbers += [row[0] for row in self._connection.execute(going, (name,))]
            self._connection.execute(f"DELETE FROM articles WHERE id IN ({articles})", (name,))
            self._connection.execute("DELETE FROM sources WHERE name = ?", (name,))
        return numbers

    def add(self, indexed: IndexedSource) -> list[int]:
        """Put a source in, with all that was made from it; return its passages' numbers, in order."""
        source = indexed.source
        insert(self._connection, "sources", [source_row(source)])
        insert(self._connection, "parts", (part_row(part, source_id=source.id) for part in indexed.parts))
        rows = (article_row(article, position) for position, article in enumerate(indexed.articles))
        insert(self._connection, "articles", rows)
        self.add_printed(printed_rows(indexed))
        # Given here and not by SQLite: the number is part of what the row's digest is of.
        first = last_number(self._connection) + 1
        numbers = range(first, first + len(indexed.passages))
        passages = zip(numbers, indexed.passages, indexed.vectors, strict=True)
        made = (passage_row(each, number=number, vector=vector) for number, each, vector in passages)
        insert(self._connection, "passages", made)
        return list(numbers)

    def replace_printed(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Say anew in which sources all articles are printed."""
        self._connection.execute("DELETE FROM printed")
        self.add_printed(rows)

    def add_printed(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Say in which sources articles are printed."""
        insert(self._connection, "printed", rows)


def insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Put rows into a table, each with all its columns."""
    columns = COLUMNS[table]
    places = ", ".join("?" * len(columns.split(", ")))
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def printed_rows(indexed: IndexedSource) -> Iterator[tuple[str, str, int]]:
    """Yield each article with each source it is printed in and the number of its passages there."""
    passages = Counter(
        (each.passage.article_id, source_id)
        for each in indexed.passages
        for source_id in {place.source_id for place in each.passage.traced.origin}
    )
    for article in indexed.articles:
        for source_id in sorted({article.source_id, *(place.source_id for place in article.places)}):
            yield article.id, source_id, passages[article.id, source_id]
