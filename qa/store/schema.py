"""The tables of the catalogue, and how the file is opened."""

from __future__ import annotations

import os
import sqlite3
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from qa.store.failures import Remedy, damaged
from qa.store.files import private_file
from qa.store.manifest import FORMAT

FILE = "catalogue.sqlite"
SCHEMA = """
CREATE TABLE manifest (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL, digest TEXT NOT NULL);
CREATE TABLE sources (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
    characters INTEGER NOT NULL, text TEXT NOT NULL, told TEXT NOT NULL,
    row_digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE parts (
    source_id TEXT NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
    newspaper TEXT, published TEXT, page TEXT, jump_to TEXT, jump_from TEXT,
    row_digest BLOB NOT NULL
);
CREATE INDEX parts_of_source ON parts(source_id);
CREATE INDEX parts_of_day ON parts(published);
CREATE TABLE articles (
    id TEXT PRIMARY KEY, source_id TEXT NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, date TEXT, facts TEXT NOT NULL, places TEXT NOT NULL,
    passages INTEGER NOT NULL, row_digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX articles_of_source ON articles(source_id, position);
CREATE TABLE printed (
    article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    source_id TEXT NOT NULL REFERENCES sources(id) DEFERRABLE INITIALLY DEFERRED,
    passages INTEGER NOT NULL, PRIMARY KEY (article_id, source_id)
) WITHOUT ROWID;
CREATE INDEX printed_in_source ON printed(source_id);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    text TEXT NOT NULL, origin TEXT NOT NULL, searched TEXT NOT NULL, vector BLOB NOT NULL,
    row_digest BLOB NOT NULL
);
CREATE INDEX passages_of_article ON passages(article_id);
"""


def connect(folder: Path, *, write: bool) -> sqlite3.Connection:
    """Open the catalogue; a reader never creates one.

    :raises IndexDamaged: When it is a link.
    """
    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
        if (folder / name).is_symlink():
            raise damaged(folder, f"{name} 是一个链接，不跟随", remedy=Remedy.RESTORE)
    mode = "rwc" if write else "ro"
    if not write and not os.access(folder, os.W_OK) and not (folder / f"{FILE}-wal").exists():
        # Where nobody can write, SQLite need not keep its notes for other readers, and could not.
        mode = "ro&immutable=1"
    if write:
        # SQLite would make it as the system is set to, and its log with the same rights.
        private_file(folder / FILE)
    uri = f"file:{quote(str((folder / FILE).resolve()))}?mode={mode}"
    # One connection serves all threads of a snapshot, each call behind its lock.
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        prepare(connection, write=write)
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(connection: sqlite3.Connection, *, write: bool) -> None:
    """Set what holds for as long as a connection is open."""
    # A text that is none any more is one that its digest does not fit, and its row can be named.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is in the file may be anyone's: nothing in it is run, and pages are looked at before they are used.
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    if write:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")


def format_of(connection: sqlite3.Connection) -> int:
    """Return the version of what is on disk; 0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def as_written_now(connection: sqlite3.Connection) -> None:
    """Say that a file is of the format that is written, within the caller's transaction."""
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def as_made(connection: sqlite3.Connection) -> bool:
    """Tell whether the tables are those of this format, with nothing beside them."""
    return laid_out(connection) == expected_layout()


@cache
def expected_layout() -> frozenset[tuple[str, ...]]:
    """Return the tables and their indexes as SQLite names and writes them."""
    connection = sqlite3.connect(":memory:")
    try:
        create_tables(connection)
        return laid_out(connection)
    finally:
        connection.close()


def laid_out(connection: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """Return what is in a file: kind, name and statement of each."""
    statement = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    return frozenset(connection.execute(statement).fetchall())


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables in a new file, within the caller's transaction."""
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    as_written_now(connection)


def replace_tables(connection: sqlite3.Connection) -> None:
    """Take every table out and make those of this format, within the caller's transaction.

    Numbers of passages go on where they were.
    """
    last = last_number(connection)
    statement = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    # The last made first: it may refer to earlier ones.
    for (name,) in connection.execute(f"{statement} ORDER BY rowid DESC").fetchall():
        connection.execute(f'DROP TABLE "{name}"')
    create_tables(connection)
    set_last_number(connection, last)


def last_number(connection: sqlite3.Connection) -> int:
    """Return the highest number that a passage ever had."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passages'").fetchone()
    return int(row[0]) if row else 0


def set_last_number(connection: sqlite3.Connection, last: int) -> None:
    """Say that numbers up to this one were used."""
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'passages'")
    connection.execute("INSERT INTO sqlite_sequence VALUES ('passages', ?)", (last,))
