"""Every row of the catalogue held to its digest, and to the rows that it must agree with."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from qa.domain.articles import Article
from qa.domain.passages import Passage
from qa.store.catalogue import Catalogue
from qa.store.failures import WRONG_ROW, Remedy
from qa.store.findings import Findings
from qa.store.rows import (
    COLUMNS,
    NAMES,
    article_from_row,
    held,
    passage_from_row,
    source_from_row,
    sources_in,
)

TEXTS = 64
"""Texts of sources that are kept while the passages of many are looked through."""

PrintedRows = Counter[tuple[str, str]]


class RowCheck:
    """Reads all rows of a catalogue once; its faults are findings."""

    def __init__(self, connection: sqlite3.Connection, findings: Findings) -> None:
        """Look through what ``connection`` reads."""
        self._connection, self._findings = connection, findings
        self._catalogue = Catalogue(connection)
        self._texts: dict[str, str | None] = {}
        self._passages: Counter[str] = Counter()
        self.printed: PrintedRows = Counter()
        """How many passages of each article are printed in each source, as its rows say."""

    def run(self) -> None:
        """Look through every table."""
        before = len(self._findings.errors)
        self._each("sources", source_from_row, remedy=Remedy.RETURN)
        self._each("parts", lambda row: held("parts", row), remedy=Remedy.REBUILD)
        self._each("passages", self._passage, remedy=Remedy.REBUILD)
        self._each("articles", self._article, remedy=Remedy.REBUILD)
        if len(self._findings.errors) == before:
            self._printed()

    def _each(self, table: str, check: Callable[[Sequence[Any]], object], *, remedy: Remedy) -> None:
        rows = 0
        for row in self._connection.execute(f"SELECT {COLUMNS[table]} FROM {table}"):
            rows += 1
            try:
                check(row)
            except WRONG_ROW as error:
                told = f"catalogue.sqlite 中 {NAMES[table]} {row[0]} 不对（{error}）"
                self._findings.damage(told, remedy=remedy)
        self._findings.count(**{table: rows})

    def _passage(self, row: Sequence[Any]) -> None:
        passage = passage_from_row(row)
        self._hold_to_sources(passage)
        self._passages[passage.article_id] += 1
        for source_id in sources_in(passage.traced.origin):
            self.printed[passage.article_id, source_id] += 1

    def _hold_to_sources(self, passage: Passage) -> None:
        pieces = [
            self._text(place.source_id)[place.span.start : place.span.end] for place in passage.traced.origin
        ]
        if "".join(pieces) != passage.text:
            raise ValueError("与原文不符")

    def _article(self, row: Sequence[Any]) -> None:
        article = article_from_row(row)
        day = date.fromisoformat(row[3]) if row[3] else None
        if day != article.facts.date or article.passages != self._passages[article.id]:
            raise ValueError("与它的段落或日期不符")
        for place in article.places:
            if place.span.end > len(self._text(place.source_id)):
                raise ValueError("超出原文")
        for source_id in printed_in(article):
            self.printed[article.id, source_id] += 0

    def _text(self, source_id: str) -> str:
        if source_id not in self._texts:
            while len(self._texts) >= TEXTS:
                del self._texts[next(iter(self._texts))]
            self._texts[source_id] = self._read(source_id)
        text = self._texts[source_id]
        if text is None:
            raise ValueError(f"来源 {source_id} 读不出来")
        return text

    def _read(self, source_id: str) -> str | None:
        rows = self._connection.execute(
            f"SELECT {COLUMNS['sources']} FROM sources WHERE id = ?", (source_id,)
        ).fetchall()
        try:
            return source_from_row(rows[0]).text if rows else None
        except WRONG_ROW:
            return None

    def _printed(self) -> None:
        stored = {(article, source): count for article, source, count in self._stored_printed()}
        self._findings.count(printed=len(stored))
        if stored != dict(self.printed):
            told = "catalogue.sqlite 中文章与来源的对照（printed）与文章不符"
            self._findings.damage(told, remedy=Remedy.REPAIR)

    def _stored_printed(self) -> Iterator[tuple[str, str, int]]:
        yield from self._connection.execute("SELECT article_id, source_id, passages FROM printed")


def printed_in(article: Article) -> set[str]:
    """Return the ids of the sources that an article begins or lies in."""
    return {article.source_id} | sources_in(article.places)
