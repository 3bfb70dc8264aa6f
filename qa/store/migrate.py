"""Taking an index of format 2 or 3 over into the present one: rows get digests, nothing is embedded."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.domain.ports import EncoderIdentity
from qa.store.changes import insert
from qa.store.derived import Deriving
from qa.store.failures import Remedy, another_format, damaged, empty, readable
from qa.store.findings import Findings
from qa.store.manifest import FORMAT, READ, File
from qa.store.mending import Held, holding
from qa.store.older import MIGRATED, READABLE
from qa.store.published import published_in, unborn
from qa.store.publishing import Derive
from qa.store.row_check import RowCheck
from qa.store.rows import row_digest, sealed
from qa.store.schema import create_tables, format_of, last_number, set_last_number
from qa.store.tokens import Tokens

BEFORE = "before_"
"""Put before the names of the tables that are taken over."""

COLUMNS = {
    "sources": "id, name, digest, characters, text, told",
    "parts": "source_id, newspaper, published, page, jump_to, jump_from",
    "articles": "id, source_id, position, date, facts, places, passages",
    "passages": "number, id, article_id, text, origin, searched, vector",
}
"""The tables of formats 2 and 3 whose rows have digests since."""


def migrate(folder: Path, *, tokens: Tokens) -> str:
    """Take an index over in one atomic step; return the token of its version.

    An index of a format that is read is left as it is.

    :raises IndexMissing: When there is none.
    :raises IndexStale: When it is of a format that is not taken over.
    :raises IndexDamaged: When a source is not what was put in; the index is as it was before.
    :raises SurroundingsFailed: With the index as it was before.
    """
    with holding(folder, tokens=tokens) as held, readable(folder):
        found = format_of(held.connection)
        if found in READ:
            return published_in(held.connection, folder, noted=None).version
        if found == 0:
            raise unborn(folder)
        if found not in MIGRATED:
            raise another_format(folder, found=found, ours=FORMAT, migrated=MIGRATED)
        encoder = encoder_of(held)
        # Before the transaction, where alone it can be: rows move from one table to another.
        held.connection.execute("PRAGMA foreign_keys = OFF")
        hold_sources(held, found)
        manifest = held.publishing.publish(encoder=encoder, change=lambda _: take_over(held))
        held.publishing.forget_before(manifest.generation)
        return manifest.version


def encoder_of(held: Held) -> EncoderIdentity:
    """Return what the vectors were made with.

    :raises IndexMissing: When nothing was published yet.
    """
    row = held.connection.execute("SELECT json FROM manifest").fetchone()
    if row is None:
        raise empty(held.folder)
    return EncoderIdentity(**json.loads(row[0])["encoder"])


def hold_sources(held: Held, found: int) -> None:
    """Hold every source to its digest: what the new rows say must not be said of damage."""
    catalogue = READABLE[found](held.connection)
    for name in catalogue.digests():
        catalogue.source(name)


def take_over(held: Held) -> Derive:
    """Move all rows into the tables of the present format, within the caller's transaction."""
    connection = held.connection
    last = last_number(connection)
    set_aside(connection)
    create_tables(connection)
    for table, columns in COLUMNS.items():
        old = connection.execute(f"SELECT {columns} FROM {BEFORE}{table}")
        insert(connection, table, (sealed_source(row) if table == "sources" else sealed(row) for row in old))
    connection.execute(f"INSERT INTO printed SELECT article_id, source_id, passages FROM {BEFORE}printed")
    for table in (*reversed(COLUMNS), "printed", "manifest"):
        connection.execute(f"DROP TABLE {BEFORE}{table}")
    set_last_number(connection, last)
    hold_rows(held)
    return derive


def sealed_source(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return the row of a source with its digest behind it, which is not of the text."""
    return *row, row_digest(row[:4])


def set_aside(connection: sqlite3.Connection) -> None:
    """Rename the tables and drop their indexes, whose names are needed."""
    for (index,) in named(connection, "index"):
        connection.execute(f'DROP INDEX "{index}"')
    # Else SQLite would have the new tables refer to the old ones.
    connection.execute("PRAGMA legacy_alter_table = ON")
    for (table,) in named(connection, "table"):
        connection.execute(f'ALTER TABLE "{table}" RENAME TO "{BEFORE}{table}"')


def named(connection: sqlite3.Connection, kind: str) -> list[tuple[str]]:
    """Return the names of the tables or indexes that were made by us."""
    statement = "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'"
    return connection.execute(statement, (kind,)).fetchall()


def hold_rows(held: Held) -> None:
    """Hold every row to those that it must agree with: what they are sealed with must not hide damage.

    :raises IndexDamaged: When one does not.
    """
    for table, *_ in held.connection.execute("PRAGMA foreign_key_check").fetchmany(1):
        raise damaged(held.folder, f"{table} 表有一行缺了它所属的行", remedy=Remedy.REBUILD)
    findings = Findings(folder=held.folder)
    RowCheck(held.connection, findings).run()
    if findings.errors:
        raise findings.errors[0]


def derive(deriving: Deriving, target: Path) -> Mapping[str, File]:
    """Make both searches from the rows."""
    return deriving.again(target, last=None, dense=True, words=True)
