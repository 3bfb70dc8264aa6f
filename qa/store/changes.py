"""What a writer does to the rows of the catalogue, within a transaction that it begins and ends."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator

import numpy as np

from qa.domain.ports import IndexedSource
from qa.store.manifest import Manifest
from qa.store.rows import article_row, part_row, passage_row

IN_SOURCE = "SELECT id FROM articles WHERE source_id = (SELECT id FROM sources WHERE name = ?1)"
PRINTED_THERE = "SELECT article_id FROM printed WHERE source_id = (SELECT id FROM sources WHERE name = ?1)"


class Changes:
    """Statements that change rows, over one open connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Speak over ``connection``."""
        self._connection = connection

    def set_manifest(self, manifest: Manifest) -> None:
        """Say what is published from this transaction on."""
        self._connection.execute("INSERT OR REPLACE INTO manifest VALUES (1, ?)", (manifest.to_json(),))

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
        # Counted here, since SQLite's length() stops at a NUL.
        row = (source.id, source.name, source.digest, len(source.text), source.text, source.told.to_json())
        self._connection.execute("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?)", row)
        parts = (part_row(part, source_id=source.id) for part in indexed.parts)
        self._connection.executemany("INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?)", parts)
        rows = (article_row(article, position) for position, article in enumerate(indexed.articles))
        self._connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self._connection.executemany("INSERT INTO printed VALUES (?, ?, ?)", printed_rows(indexed))
        return list(self._add_passages(indexed))

    def _add_passages(self, indexed: IndexedSource) -> Iterator[int]:
        vectors = indexed.vectors.astype(np.float16)
        for each, vector in zip(indexed.passages, vectors, strict=True):
            cursor = self._connection.execute(
                "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?)", (*passage_row(each), vector.tobytes())
            )
            yield int(cursor.lastrowid or 0)


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
