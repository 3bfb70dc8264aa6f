"""The catalogue (SQLite, WAL): sources, articles, passages, vectors; what all else is made from."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from qa.domain.answers import Filters
from qa.domain.articles import Article
from qa.domain.passages import Passage
from qa.domain.ports import IndexedSource, Vectors
from qa.domain.sources import Source, SourceSummary
from qa.domain.traced import TracedText
from qa.errors import NotFound
from qa.store.manifest import FORMAT, Manifest
from qa.store.rows import article_from_row, article_row, passage_row, places_from_json

FILE = "catalogue.sqlite"
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
ARTICLE = "articles.id, articles.source_id, articles.facts, articles.places, articles.passages"
SLICE = 500
"""Parameters of one statement; SQLite may be built for no more than 999."""


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


class Catalogue:
    """Statements over one open connection; whoever holds it says when a transaction begins and ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Speak over ``connection``."""
        self._connection = connection

    def format(self) -> int:
        """Return the version of what is on disk; 0 for a new file."""
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def create(self) -> None:
        """Make the tables in a new file."""
        for statement in SCHEMA.split(";\n"):
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA user_version = {FORMAT}")

    def manifest(self) -> Manifest | None:
        """Return what is published; None before the first time."""
        row = self._connection.execute("SELECT json FROM manifest").fetchone()
        return Manifest.from_json(row[0]) if row else None

    def set_manifest(self, manifest: Manifest) -> None:
        """Say what is published from this transaction on."""
        self._connection.execute("INSERT OR REPLACE INTO manifest VALUES (1, ?)", (manifest.to_json(),))

    def counts(self) -> tuple[int, int, int]:
        """Return how many sources, articles and passages there are."""
        tables = ("sources", "articles", "passages")
        sources, articles, passages = (
            int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables
        )
        return sources, articles, passages

    def digests(self) -> dict[str, str]:
        """Return each source's digest by its name."""
        return dict(self._connection.execute("SELECT name, digest FROM sources"))

    def summaries(self) -> list[SourceSummary]:
        """Return every source without its text, by name."""
        rows = self._connection.execute(
            "SELECT sources.id, name, digest, characters, count(articles.id),"
            " coalesce(sum(passages), 0) FROM sources LEFT JOIN articles ON source_id = sources.id"
            " GROUP BY sources.id ORDER BY name"
        )
        return [
            SourceSummary(
                id=id, name=name, digest=digest, characters=characters, articles=articles, passages=passages
            )
            for id, name, digest, characters, articles, passages in rows
        ]

    def source(self, id_or_name: str) -> tuple[Source, str]:
        """Return a source and the digest it must have.

        :raises NotFound: When there is none of that id or name.
        """
        row = self._connection.execute(
            "SELECT name, text, digest FROM sources WHERE id = ?1 OR name = ?1 ORDER BY name = ?1 DESC",
            (storable(id_or_name),),
        ).fetchone()
        if row is None:
            raise NotFound(f"索引中没有来源 {id_or_name}；用 qa sources 查看有哪些")
        return Source(name=row[0], text=row[1]), row[2]

    def names(self) -> dict[str, str]:
        """Return the name of every source by its id."""
        return dict(self._connection.execute("SELECT id, name FROM sources ORDER BY name"))

    def articles(self, filters: Filters) -> list[tuple[Article, str]]:
        """Return articles with their sources' names, by source and place on the page."""
        rows = self._connection.execute(
            f"SELECT {ARTICLE}, name FROM articles JOIN sources ON sources.id = source_id"
            " WHERE (?1 IS NULL OR date >= ?1) AND (?2 IS NULL OR date <= ?2) ORDER BY name, position",
            (filters.first and filters.first.isoformat(), filters.last and filters.last.isoformat()),
        )
        return [(article_from_row(row[:-1]), row[-1]) for row in rows if passes(row[-1], filters.sources)]

    def article(self, id: str) -> tuple[Article, str]:
        """Return one article with its source's name.

        :raises NotFound: When there is none.
        """
        row = self._connection.execute(
            f"SELECT {ARTICLE}, name FROM articles JOIN sources ON sources.id = source_id"
            " WHERE articles.id = ?",
            (storable(id),),
        ).fetchone()
        if row is None:
            raise NotFound(f"索引中没有文章 {id}；用 qa articles 查看有哪些")
        return article_from_row(row[:-1]), row[-1]

    def numbers_of(self, article_ids: Sequence[str]) -> list[int]:
        """Return the numbers of all passages of some articles."""
        return [
            row[0] for row in self._selected("SELECT number FROM passages WHERE article_id IN", article_ids)
        ]

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Return passages by number; one that is not there is missing from the result."""
        rows = self._selected(
            "SELECT number, id, article_id, text, origin FROM passages WHERE number IN", numbers
        )
        return {
            number: Passage(
                id=id, article_id=article_id, traced=TracedText(text=text, origin=places_from_json(origin))
            )
            for number, id, article_id, text, origin in rows
        }

    def remove(self, names: Sequence[str]) -> list[int]:
        """Take sources out, with all that was made from them; return their passages' numbers."""
        rows = self._selected(
            "SELECT number FROM passages JOIN articles ON articles.id = article_id"
            " JOIN sources ON sources.id = source_id WHERE name IN",
            names,
        )
        numbers = [row[0] for row in rows]
        self._connection.executemany("DELETE FROM sources WHERE name = ?", [(name,) for name in names])
        return numbers

    def add(self, indexed: IndexedSource) -> list[int]:
        """Put a source in, with all that was made from it; return its passages' numbers, in order."""
        source = indexed.source
        # Counted here, since SQLite's length() stops at a NUL.
        row = (source.id, source.name, source.digest, len(source.text), source.text)
        self._connection.execute("INSERT INTO sources VALUES (?, ?, ?, ?, ?)", row)
        rows = (article_row(article, position) for position, article in enumerate(indexed.articles))
        self._connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        vectors = indexed.vectors.astype(np.float16)
        numbers: list[int] = []
        for each, vector in zip(indexed.passages, vectors, strict=True):
            cursor = self._connection.execute(
                "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?)", (*passage_row(each), vector.tobytes())
            )
            numbers.append(int(cursor.lastrowid or 0))
        return numbers

    def searched(self, numbers: Sequence[int] | None = None) -> Iterator[tuple[int, str, Vectors]]:
        """Yield number, searched text and vector of passages, or of all of them, by number."""
        statement = "SELECT number, searched, vector FROM passages"
        rows = (
            self._connection.execute(f"{statement} ORDER BY number")
            if numbers is None
            else iter(self._selected(f"{statement} WHERE number IN", numbers))
        )
        for number, text, vector in rows:
            yield number, text, np.frombuffer(vector, dtype=np.float16).astype(np.float32)

    def _selected(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of ``statement`` followed by a list of values, a slice at a time."""
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(values), SLICE):
            part = list(values[start : start + SLICE])
            rows += self._connection.execute(f"{statement} ({','.join('?' * len(part))})", part).fetchall()
        return rows


def storable(given: str) -> str:
    """Return what a person gave as names are stored: bytes that are no text made visible."""
    return given.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def passes(name: str, globs: Sequence[str]) -> bool:
    """Tell whether a source's name is one of those asked for."""
    return not globs or any(name == glob or fnmatchcase(name, glob) for glob in globs)
