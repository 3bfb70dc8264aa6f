"""Putting the rows of a rebuild in the place of all that an index holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any

from qa.store.changes import insert
from qa.store.rows import COLUMNS, held, sealed, source_from_row
from qa.store.schema import last_number, replace_tables

Row = Sequence[Any]

OF_SOURCE = {
    "sources": "id = ?",
    "parts": "source_id = ? ORDER BY rowid",
    "articles": "source_id = ? ORDER BY position",
    "passages": "article_id IN (SELECT id FROM articles WHERE source_id = ?) ORDER BY number",
}
"""Which rows of each table are of one source, and in which order; a table refers to those before it."""


def replace_rows(connection: sqlite3.Connection, stage: sqlite3.Connection) -> None:
    """Replace all rows by those of a stage, within the caller's transaction.

    Source by source in the order of their names, and passages are numbered anew in that order: where
    a rebuild was interrupted, and what it had to cut twice, leaves no trace in what comes out.

    :raises ValueError: When a row of the stage is not what was written.
    """
    replace_tables(connection)
    checked = checks(count(last_number(connection) + 1))
    for (source,) in stage.execute("SELECT id FROM sources ORDER BY name"):
        for table, which in OF_SOURCE.items():
            rows = stage.execute(f"SELECT {COLUMNS[table]} FROM {table} WHERE {which}", (source,))
            insert(connection, table, checked[table](rows))
    printed = "printed"
    insert(connection, printed, stage.execute(f"SELECT {COLUMNS[printed]} FROM {printed}"))


def checks(numbers: Iterator[int]) -> Mapping[str, Callable[[Iterable[Row]], Iterator[Row]]]:
    """Return what gives the rows of each table on, each held to its digest.

    :param numbers: What passages are numbered with.
    """

    def sources(rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            source_from_row(row)
            yield row

    def passages(rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            _, *rest = held("passages", row)
            yield sealed((next(numbers), *rest))

    others = {table: partial(as_written, table) for table in ("parts", "articles")}
    return {"sources": sources, "passages": passages, **others}


def as_written(table: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows of a table, each held to its digest.

    :raises ValueError: When one is not what was written.
    """
    for row in rows:
        held(table, row)
        yield row
