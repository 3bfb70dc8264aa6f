"""One bit that a failing disk turns, in any table or index of the catalogue, is told or does no harm."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.survive.asking import builder_over, writer_of
from bench.survive.documents import made, name_of
from bench.survive.saying import Said, said, verdict
from qa.store.schema import FILE

DOCUMENTS = 12
FLIPS = 48
"""In the first page of each."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index with documents that were refreshed and taken out."""
    folder = tmp_path_factory.mktemp("flipped") / "index"
    writer = writer_of(folder)
    builder = builder_over(writer)
    builder.add([made(number, 0) for number in range(DOCUMENTS)])
    builder.add([made(number, 1) for number in range(3)])
    builder.remove([name_of(DOCUMENTS - 1)])
    writer.close()
    return folder


@pytest.fixture(scope="module")
def before(whole: Path) -> Said:
    """Return all that it says."""
    return said(whole)


@pytest.mark.parametrize(
    "name",
    [
        "sqlite_schema",
        "manifest",
        "sources",
        "sqlite_autoindex_sources_2",
        "articles",
        "articles_of_source",
        "printed",
        "printed_in_source",
        "passages",
        "sqlite_autoindex_passages_1",
        "passages_of_article",
    ],
)
def test_a_bit_that_turns_changes_no_answer_unnoticed(
    name: str, whole: Path, before: Said, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(f"file:{whole / FILE}?mode=ro", uri=True)) as catalogue:
        (size,) = catalogue.execute("PRAGMA page_size").fetchone()
        roots = dict(catalogue.execute("SELECT name, rootpage FROM sqlite_master"))
    page, draw = roots.get(name, 1), random.Random(name)

    for at in sorted(draw.sample(range((page - 1) * size, page * size), FLIPS)):
        if not (whole / FILE).read_bytes()[at]:
            continue  # most of what is 0 is empty space
        copy = tmp_path / "copy"
        shutil.copytree(whole, copy)
        content = bytearray((copy / FILE).read_bytes())
        content[at] ^= 1 << at % 8
        (copy / FILE).write_bytes(content)

        found, words = verdict(said(copy), before, file=FILE)

        assert found in ("correct", "told"), f"byte {at}: {words}"
        shutil.rmtree(copy)
