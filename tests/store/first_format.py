"""An index of format 1, as the first version of the program wrote it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

from qa.domain.sources import Source
from tests.store.conftest import IDENTITY

SCHEMA = """
CREATE TABLE manifest (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL);
CREATE TABLE sources (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
    characters INTEGER NOT NULL, text TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, source_id TEXT NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, date TEXT, facts TEXT NOT NULL, places TEXT NOT NULL, passages INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX articles_of_source ON articles(source_id, position);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    text TEXT NOT NULL, origin TEXT NOT NULL, searched TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_of_article ON passages(article_id);
"""
"""To the letter what made the tables then; never to be changed."""


def write_first_format(folder: Path, *sources: Source) -> None:
    """Make an index of format 1 of some sources, an article and a passage each."""
    derived = folder / "generations" / "00000003"
    derived.mkdir(parents=True)
    (derived / "dense.faiss").write_bytes(b"of no use to a rebuild")
    connection = sqlite3.connect(folder / "catalogue.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN")
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute("PRAGMA user_version = 1")
    encoder = {"name": IDENTITY.name, "digest": IDENTITY.digest, "dimension": IDENTITY.dimension}
    manifest = {"generation": 3, "encoder": encoder, "files": {"dense.faiss": [22, "0" * 64]}}
    connection.execute("INSERT INTO manifest VALUES (1, ?)", (json.dumps(manifest),))
    for source in sources:
        write_source(connection, source)
    connection.execute("COMMIT")
    connection.close()


def write_source(connection: sqlite3.Connection, source: Source) -> None:
    """Write a source with one article of one passage."""
    digest = hashlib.sha256(source.text.encode()).hexdigest()
    row = (source.id, source.name, digest, len(source.text), source.text)
    connection.execute("INSERT INTO sources VALUES (?, ?, ?, ?, ?)", row)
    places = json.dumps([[source.id, 0, len(source.text)]])
    facts = json.dumps({"title": None, "kind": "news", "authors": [], "date": None})
    article = (f"a{source.id}", source.id, 0, None, facts, places, 1)
    connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", article)
    passage = (f"p{source.id}", f"a{source.id}", source.text, places, source.text, b"\0" * 128)
    connection.execute("INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?)", passage)
