"""An index of pages that jump, rebuilt in small batches, and what it holds to the last column."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from qa.domain.ports import Vectors, Writer
from qa.domain.sources import Source
from qa.engine import articles, build
from qa.engine.build import Builder, BuildReport
from qa.store.rows import COLUMNS
from tests.engine.pages import paper_page, segment_lines
from tests.fakes import FakeEncoder, SilentProgress
from tests.shipped import page_model
from tests.store.conftest import Place

SOURCES = [
    paper_page("一版.txt", "煤炭产量去年稳步（下转第4版）", "天气晴。"),
    paper_page("二版.txt", "老陈醋展出（下转第4版）", "玛钢出口。", head="吕梁日报 2023-02-24 2"),
    paper_page("三版.txt", "大会在京开幕。", head="吕梁日报 2023-02-24 3"),
    paper_page("四版.txt", "（上接第1版）增长，煤炭企业复工。", "招聘启事。", head="吕梁日报 2023-02-24 4"),
    paper_page("旧报.txt", "最低工资标准调整。", "天气晴。", head="吕梁日报 2023-02-23 1"),
]
"""The first and the fourth share an article and are batches apart; two articles are alike."""

ARTICLES, TEXTS = 8, 8
"""Articles and passages that they are cut into."""

EMBEDDED = 10
"""Texts that are embedded when sources come one by one: the fourth has the first cut again."""


class Interrupted(FakeEncoder):
    """Is interrupted once it was asked for a number of batches."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        if len(self.batches) == self._after:
            raise KeyboardInterrupt
        return super().embed_passages(passages)


@contextmanager
def in_small_batches(passages: int = 1) -> Iterator[None]:
    """Take each line for an article, and publish after a few."""
    with (
        mock.patch.object(articles, "segment", segment_lines),
        mock.patch.object(build, "BATCH_PASSAGES", passages),
    ):
        yield


def add(place: Place, sources: Iterable[Source]) -> None:
    """Add sources, one after another."""
    for source in sources:
        with place.writing() as writer:
            builder_over(writer, FakeEncoder()).add([source])


def rebuild(place: Place, encoder: FakeEncoder, *, cutting: str = "") -> BuildReport:
    """Rebuild as the command does."""
    with place.writing(encoder.identity, create=False, rebuild=True, cutting=cutting) as writer:
        return builder_over(writer, encoder).rebuild()


def builder_over(writer: Writer, encoder: FakeEncoder) -> Builder:
    """Return what changes an index."""
    return Builder(writer, encoder, pages=page_model(), progress=SilentProgress())


def embedded(encoder: FakeEncoder) -> int:
    """Return how many texts were embedded."""
    return sum(map(len, encoder.batches))


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of an index, but for the manifest."""
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as connection:
        return {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in COLUMNS.items()
        }


def rows_without_numbers(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows but for the numbers of passages, and the digests that they are part of."""
    found = rows(folder)
    return found | {"passages": sorted((row[1:-1] for row in found["passages"]), key=repr)}
