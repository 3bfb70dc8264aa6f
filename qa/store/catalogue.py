"""The catalogue (SQLite, WAL): sources, articles, passages, vectors; what all else is made from."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.domain.articles import Article, ListedArticle, Part
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
    summary_from_row,
    vector_from_bytes,
)

ARTICLE = columns("articles")
SLICE = 500
"""Parameters of one statement; SQLite may be built for no more than 999."""

REFERENCES = {
    "段落": (
        "articles LEFT JOIN (SELECT article_id AS of, count(*) AS counted"
        " FROM passages INDEXED BY passages_of_article GROUP BY article_id) ON of = id"
        " WHERE coalesce(counted, 0) <> passages"
    ),
    # Of an article in several sources, how many passages lie in each is known to its passages alone.
    "来源": (
        "articles AS of WHERE NOT EXISTS (SELECT 1 FROM printed"
        " WHERE article_id = of.id AND source_id = of.source_id AND (passages = of.passages"
        " OR EXISTS (SELECT 1 FROM printed AS other"
        " WHERE other.article_id = of.id AND other.source_id <> of.source_id)))"
    ),
    # What lies in the index beside the table; their rows are as many, or the one above would tell.
    "来源的索引": (
        "printed AS lying WHERE lying.passages IS NOT NULL AND NOT EXISTS (SELECT 1 FROM printed AS indexed"
        " INDEXED BY printed_in_source"
        " WHERE indexed.source_id = lying.source_id AND indexed.article_id = lying.article_id)"
    ),
}
"""What must agree, and what counts where it does not: the rest of a statement."""


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
        return np.sort(np.fromiter(chain.from_iterable(rows), dtype=np.int64))

    def listed(self, names: Mapping[str, str]) -> list[ListedArticle]:
        """Return every article by the source it begins in and its place on the page, held to no digest.

        The rows are read as they lie and put in order here: looked up in order, each would be read from
        the disk again.

        :param names: Of every source, by its id.
        :raises KeyError, ValueError, TypeError: When a row is not what was written.
        """
        rows = self._connection.execute(
            "SELECT id, source_id, position, date,"
            " CASE WHEN json_valid(facts) THEN json_extract(facts, '$.newspaper') END FROM articles"
        )
        # Days, papers and sources are few: each is kept once.
        same: dict[str, str] = {}
        days: dict[str | None, date | None] = {None: None}
        listed: list[tuple[str, int, ListedArticle]] = []
        for id, source_id, position, day, newspaper in rows:
            if day not in days:
                days[day] = date.fromisoformat(day)
            article = ListedArticle(
                id=id,
                source_id=same.setdefault(source_id, source_id),
                date=days[day],
                newspaper=newspaper and same.setdefault(newspaper, newspaper),
            )
            listed.append((names[source_id], position, article))
        listed.sort(key=lambda each: (each[0], each[1], each[2].id))
        return [article for _, _, article in listed]

    def digests(self) -> dict[str, str]:
        """Return each source's digest by its name."""
        return dict(self._connection.execute("SELECT name, digest FROM sources"))

    def summaries(self) -> list[SourceSummary]:
        """Return every source without its text, by name; an article counts wherever any of it is printed."""
        return self._summaries("", ())

    def _summaries(self, where: str, wanted: tuple[str, ...]) -> list[SourceSummary]:
        rows = self._connection.execute(
            "SELECT sources.id, name, digest, characters, row_digest, count(article_id),"
            " coalesce(sum(passages), 0) FROM sources LEFT JOIN printed ON source_id = sources.id"
            f" {where} GROUP BY sources.id ORDER BY name",
            wanted,
        )
        return [summary_from_row(row) for row in rows]

    def summary(self, name: str) -> SourceSummary:
        """Return one source without its text.

        :raises NotFound: When there is none of that name.
        """
        found = self._summaries("WHERE sources.id = ?", (token("source", storable(name)),))
        if not found:
            raise no_source(name)
        return found[0]

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

        Where the id of one is the name of another, the id: whoever names a file must not take an id's place.

        :raises NotFound: When there is none of that id or name.
        """
        row = self._connection.execute(
            "SELECT name FROM sources WHERE id = ?1 OR name = ?1 ORDER BY id = ?1 DESC",
            (storable(id_or_name),),
        ).fetchone()
        if row is None:
            raise no_source(id_or_name)
        return str(row[0])

    def names(self) -> dict[str, str]:
        """Return the name of every source by its id, which is made of it, in order of name.

        Read as they lie and put in order here: by the index of names each text would be looked up.

        :raises ValueError: When one is not what was written.
        """
        rows = self._connection.execute("SELECT id, name FROM sources")
        names = dict(sorted(rows, key=itemgetter(1)))
        changed = next((id for id, name in names.items() if token("source", name) != id), None)
        if changed is not None:
            raise ValueError(f"来源 {changed} 的名称与写入时不同")
        return names

    def hold_references(self) -> None:
        """Hold to each other the tables and indexes by which passages are found from articles and sources.

        A reference that a failing disk has changed would leave out what is there, and no row that is shown
        would tell. Each is read once, without its text.

        :raises ValueError: When they do not agree.
        """
        for what, statement in REFERENCES.items():
            (wrong,) = self._connection.execute(f"SELECT count(*) FROM {statement}").fetchone()
            if wrong:
                raise ValueError(f"{wrong} 处与{what}的对照不符")

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

    def articles_by_id(self, ids: Sequence[str]) -> dict[str, Article]:
        """Return articles by their ids; one that is not there is missing from the result."""
        rows = self._selected(f"SELECT {ARTICLE} FROM articles WHERE id IN", ids)
        return {article.id: article for article in map(article_from_row, rows)}

    def printed_in(self, sources: Collection[str]) -> set[str]:
        """Return the ids of the articles of which anything is printed in some sources, given by their ids."""
        rows = self._selected("SELECT article_id FROM printed WHERE source_id IN", list(sources))
        return {row[0] for row in rows}

    def printed_in_several(self) -> set[str]:
        """Return the ids of the articles that are printed in several sources."""
        statement = "SELECT article_id FROM printed GROUP BY article_id HAVING count(*) > 1"
        return {row[0] for row in self._connection.execute(statement)}

    def articles_of_passages(self) -> list[tuple[int, str]]:
        """Return the number of every passage and the id of its article, in no order, held to no digest."""
        return self._connection.execute("SELECT number, article_id FROM passages").fetchall()

    def numbers_in(self, article_ids: Sequence[str], *, sources: Collection[str]) -> list[int]:
        """Return the numbers of those passages of some articles of which anything is printed in some sources.

        :param sources: Their ids.
        """
        rows = self._selected("SELECT number, origin FROM passages WHERE article_id IN", article_ids)
        return [number for number, origin in rows if not sources_in_json(origin).isdisjoint(sources)]

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


def no_source(id_or_name: str) -> NotFound:
    """Return the error that no source has such an id or name."""
    return NotFound(f"索引中没有来源 {id_or_name}；用 qa sources 查看有哪些")


def storable(given: str) -> str:
    """Return what a person gave as names are stored: bytes that are no text made visible."""
    return given.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_asked_for(name: str, globs: Sequence[str]) -> bool:
    """Tell whether a source is asked for, by its name."""
    return any(name == glob or fnmatchcase(name, glob) for glob in globs)
