"""The catalogue (SQLite, WAL): sources, articles, passages, vectors; what all else is made from."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.domain.answers import Filters
from qa.domain.articles import Article, Newspaper, Part, PrintedArticle
from qa.domain.passages import Passage
from qa.domain.ports import Vectors
from qa.domain.sources import Source, SourceSummary, token
from qa.errors import NotFound
from qa.store.manifest import Counts, Manifest
from qa.store.rows import (
    COLUMNS,
    article_from_row,
    columns,
    held,
    part_from_row,
    passage_from_row,
    source_from_row,
    sources_in_json,
    vector_from_bytes,
)

ARTICLE = columns("articles")
SLICE = 500
"""Parameters of one statement; SQLite may be built for no more than 999."""


class Catalogue:
    """Statements over one open connection; whoever holds it says when a transaction begins and ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Speak over ``connection``."""
        self._connection = connection

    def manifest(self) -> Manifest | None:
        """Return what is published; None before the first time.

        :raises ValueError, KeyError, TypeError: When what stands there is not what was written.
        """
        row = self._connection.execute("SELECT json, digest FROM manifest").fetchone()
        if row is None:
            return None
        manifest = Manifest.from_json(row[0])
        if manifest.digest != row[1]:
            raise ValueError("与写入时不同")
        return manifest

    def counts(self) -> Counts:
        """Return how many sources, articles and passages there are."""
        tables = ("sources", "articles", "passages")
        return Counts(
            **{
                table: int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
                for table in tables
            }
        )

    def numbers(self) -> NDArray[np.int64]:
        """Return the number of every passage, ascending."""
        rows = self._connection.execute("SELECT number FROM passages")
        return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))

    def newest(self) -> date | None:
        """Return the latest date of an article."""
        latest = self._connection.execute("SELECT max(date) FROM articles").fetchone()[0]
        return date.fromisoformat(latest) if latest else None

    def newspapers(self) -> list[Newspaper]:
        """Return the papers that articles name, by name."""
        rows = self._connection.execute(
            "SELECT json_extract(facts, '$.newspaper') AS newspaper, count(*), min(date), max(date)"
            " FROM articles WHERE newspaper IS NOT NULL GROUP BY newspaper ORDER BY newspaper"
        )
        return [
            Newspaper(
                name=name,
                articles=articles,
                first=date.fromisoformat(first) if first else None,
                last=date.fromisoformat(last) if last else None,
            )
            for name, articles, first, last in rows
        ]

    def digests(self) -> dict[str, str]:
        """Return each source's digest by its name."""
        return dict(self._connection.execute("SELECT name, digest FROM sources"))

    def summaries(self) -> list[SourceSummary]:
        """Return every source without its text, by name; an article counts wherever any of it is printed."""
        return self._summaries("", ())

    def _summaries(self, where: str, wanted: tuple[str, ...]) -> list[SourceSummary]:
        rows = self._connection.execute(
            "SELECT sources.id, name, digest, characters, count(article_id),"
            " coalesce(sum(passages), 0) FROM sources LEFT JOIN printed ON source_id = sources.id"
            f" {where} GROUP BY sources.id ORDER BY name",
            wanted,
        )
        return [
            SourceSummary(
                id=id, name=name, digest=digest, characters=characters, articles=articles, passages=passages
            )
            for id, name, digest, characters, articles, passages in rows
        ]

    def summary(self, name: str) -> SourceSummary:
        """Return one source without its text.

        :raises NotFound: When there is none of that name.
        """
        (found,) = self._summaries("WHERE sources.id = ?", (token("source", self.name_of(name)),))
        return found

    def source(self, id_or_name: str, *, known: Collection[str] = ()) -> Source:
        """Return a source that is what was put in.

        :param known: The ids of those whose text was held to its digest before.
        :raises NotFound: When there is none of that id or name.
        :raises ValueError: When it is not what was put in.
        """
        row = self._connection.execute(
            f"SELECT {COLUMNS['sources']} FROM sources WHERE name = ?", (self.name_of(id_or_name),)
        ).fetchone()
        return source_from_row(row, known=known)

    def name_of(self, id_or_name: str) -> str:
        """Return the name of a source.

        :raises NotFound: When there is none of that id or name.
        """
        row = self._connection.execute(
            "SELECT name FROM sources WHERE id = ?1 OR name = ?1 ORDER BY name = ?1 DESC",
            (storable(id_or_name),),
        ).fetchone()
        if row is None:
            raise NotFound(f"索引中没有来源 {id_or_name}；用 qa sources 查看有哪些")
        return str(row[0])

    def names(self) -> dict[str, str]:
        """Return the name of every source by its id."""
        return dict(self._connection.execute("SELECT id, name FROM sources ORDER BY name"))

    def parts(self, *, days: Collection[date], sources: Collection[str]) -> list[Part]:
        """Return the parts of papers of some days, or of some sources by name, each once."""
        statement = f"SELECT name, {columns('parts')} FROM parts JOIN sources ON sources.id = source_id WHERE"
        rows = self._selected(f"{statement} published IN", sorted(day.isoformat() for day in days))
        rows += self._selected(f"{statement} name IN", sorted(sources))
        return [part_from_row(row) for row in dict.fromkeys(rows)]

    def articles_of(self, name: str) -> list[Article]:
        """Return the articles that begin in a source, in page order."""
        rows = self._connection.execute(
            f"SELECT {ARTICLE} FROM articles JOIN sources ON sources.id = source_id"
            " WHERE name = ? ORDER BY position",
            (name,),
        )
        return [article_from_row(row) for row in rows]

    def articles(self, filters: Filters) -> list[PrintedArticle]:
        """Return articles by the source they begin in and their place on the page."""
        rows = self._connection.execute(
            f"SELECT {ARTICLE} FROM articles JOIN sources ON sources.id = source_id"
            " WHERE (?1 IS NULL OR date >= ?1) AND (?2 IS NULL OR date <= ?2) ORDER BY name, position",
            (filters.first and filters.first.isoformat(), filters.last and filters.last.isoformat()),
        )
        names = self.names()
        listed = (printed(article_from_row(row), names) for row in rows)
        return [
            each
            for each in listed
            if any_passes(each.source_names.values(), filters.sources)
            and (not filters.newspapers or each.article.facts.newspaper in filters.newspapers)
            and each.article.id not in filters.without
        ]

    def articles_by_id(self, ids: Sequence[str]) -> dict[str, Article]:
        """Return articles by their ids; one that is not there is missing from the result."""
        rows = self._selected(f"SELECT {ARTICLE} FROM articles WHERE id IN", ids)
        return {article.id: article for article in map(article_from_row, rows)}

    def article(self, id: str) -> PrintedArticle:
        """Return one article.

        :raises NotFound: When there is none.
        """
        row = self._connection.execute(
            f"SELECT {ARTICLE} FROM articles WHERE id = ?", (storable(id),)
        ).fetchone()
        if row is None:
            raise NotFound(f"索引中没有文章 {id}；用 qa articles 查看有哪些")
        return printed(article_from_row(row), self.names())

    def numbers_within(self, filters: Filters) -> Iterator[int]:
        """Yield the numbers of the passages that pass; of an article in several sources, not all may."""
        chosen = self.articles(filters)
        several = {each.article.id: each.source_names for each in chosen if len(each.source_names) > 1}
        yield from self.numbers_of([each.article.id for each in chosen if each.article.id not in several])
        statement = "SELECT number, article_id, origin FROM passages WHERE article_id IN"
        for number, article_id, origin in self._selected(statement, list(several)):
            names = (several[article_id][id] for id in sources_in_json(origin))
            if any_passes(names, filters.sources):
                yield number

    def numbers_of(self, article_ids: Sequence[str]) -> list[int]:
        """Return the numbers of all passages of some articles."""
        return [
            row[0] for row in self._selected("SELECT number FROM passages WHERE article_id IN", article_ids)
        ]

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Return passages by number; one that is not there is missing from the result."""
        rows = self._selected(f"SELECT {COLUMNS['passages']} FROM passages WHERE number IN", numbers)
        return {row[0]: passage_from_row(row) for row in rows}

    def searched(self, numbers: Sequence[int] | None = None) -> Iterator[tuple[int, str, Vectors]]:
        """Yield number, searched text and vector of passages, or of all of them, by number.

        :raises ValueError: When a row is not what was written.
        """
        statement = f"SELECT {COLUMNS['passages']} FROM passages"
        rows = (
            self._connection.execute(f"{statement} ORDER BY number")
            if numbers is None
            else iter(self._selected(f"{statement} WHERE number IN", numbers))
        )
        for row in rows:
            number, _, _, _, _, text, vector = held("passages", row)
            yield number, text, vector_from_bytes(vector)

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


def any_passes(names: Iterable[str], globs: Sequence[str]) -> bool:
    """Tell whether one of some sources is asked for, by its name."""
    return not globs or any(name == glob or fnmatchcase(name, glob) for name in names for glob in globs)


def printed(article: Article, names: Mapping[str, str]) -> PrintedArticle:
    """Return an article with the names of the sources it is printed in.

    :raises KeyError: When one of them is not held.
    """
    ids = dict.fromkeys([article.source_id, *(place.source_id for place in article.places)])
    return PrintedArticle(article=article, source_names={id: names[id] for id in ids})
