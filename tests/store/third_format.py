"""An index of format 3, as the version of the program that had it wrote it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa.domain.ports import IndexedSource
from qa.store.changes import printed_rows
from qa.store.rows import article_row, part_row, passage_row
from tests.store.conftest import IDENTITY

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
"""To the letter what made the tables then, and for format 2; never to be changed."""


def write_third_format(folder: Path, sources: Sequence[IndexedSource], *, format: int = 3) -> None:
    """Make an index of format 3 or 2, without derived files: nothing is read of them."""
    (folder / "generations" / "00000004" / "lexical").mkdir(parents=True)
    connection = sqlite3.connect(folder / "catalogue.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN")
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {format}")
    encoder = {"name": IDENTITY.name, "digest": IDENTITY.digest, "dimension": IDENTITY.dimension}
    manifest = {"generation": 4, "encoder": encoder, "files": {"dense.faiss": [22, "0" * 64]}}
    connection.execute("INSERT INTO manifest VALUES (1, ?)", (json.dumps(manifest),))
    for number, each in enumerate(sources):
        write_source(connection, each, first=1 + 100 * number)
    connection.execute("UPDATE sqlite_sequence SET seq = 5000")
    connection.execute("COMMIT")
    connection.close()


def write_source(connection: sqlite3.Connection, indexed: IndexedSource, *, first: int) -> None:
    """Write the rows of a source as they were then: those of today without their digests."""
    source = indexed.source
    row = (source.id, source.name, source.digest, len(source.text), source.text, source.told.to_json())
    connection.execute("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?)", row)
    for part in indexed.parts:
        connection.execute(
            "INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?)", part_row(part, source_id=source.id)[:-1]
        )
    for position, article in enumerate(indexed.articles):
        connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", article_row(article, position)[:-1]
        )
    connection.executemany("INSERT INTO printed VALUES (?, ?, ?)", printed_rows(indexed))
    for at, (each, vector) in enumerate(zip(indexed.passages, indexed.vectors, strict=True)):
        made = passage_row(each, number=first + at, vector=np.asarray(vector))[:-1]
        connection.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", made)
