"""The tables of the catalogue, and how the file is opened."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from qa.store.manifest import FORMAT

FILE = "catalogue.sqlite"
SCHEMA = """
CREATE TABLE manifest (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL);
CREATE TABLE sources (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
    characters INTEGER NOT NULL, text TEXT NOT NULL, told TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE parts (
    source_id TEXT NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
    newspaper TEXT, published TEXT, page TEXT, jump_to TEXT, jump_from TEXT
);
CREATE INDEX parts_of_source ON parts(source_id);
CREATE INDEX parts_of_day ON parts(published);
CREATE TABLE articles (
    id TEXT PRIMARY KEY, source_id TEXT NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, date TEXT, facts TEXT NOT NULL, places TEXT NOT NULL, passages INTEGER NOT NULL
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
    text TEXT NOT NULL, origin TEXT NOT NULL, searched TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_of_article ON passages(article_id);
"""


def connect(folder: Path, *, write: bool) -> sqlite3.Connection:
    """Open the catalogue; a reader never creates one."""
    mode = "rwc" if write else "ro"
    if not write and not os.access(folder, os.W_OK) and not (folder / f"{FILE}-wal").exists():
        # Where nobody can write, SQLite need not keep its notes for other readers, and could not.
        mode = "ro&immutable=1"
    uri = f"file:{quote(str((folder / FILE).resolve()))}?mode={mode}"
    # One connection serves all threads of a snapshot, each call behind its lock.
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5.0)
    connection.execute("PRAGMA foreign_keys = ON")
    if write:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    return connection


def format_of(connection: sqlite3.Connection) -> int:
    """Return the version of what is on disk; 0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables in a new file, within the caller's transaction."""
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def replace_tables(connection: sqlite3.Connection) -> None:
    """Take every table of another format out and make those of this one, within the caller's transaction."""
    statement = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    # The last made first: it may refer to earlier ones.
    for (name,) in connection.execute(f"{statement} ORDER BY rowid DESC").fetchall():
        connection.execute(f'DROP TABLE "{name}"')
    create_tables(connection)
