"""An index of format 2 or 3 is taken over as it is, and nothing is embedded."""

from __future__ import annotations

import errno
import os
import sqlite3
from dataclasses import replace

import pytest

from qa.domain.answers import Filters
from qa.domain.articles import Part
from qa.domain.ports import IndexedSource
from qa.errors import IndexDamaged, IndexMissing, IndexStale, SurroundingsFailed
from qa.store import derived
from qa.store.migrate import migrate
from qa.store.schema import FILE, as_made
from qa.store.verify import verify
from tests.contracts import pages
from tests.fakes import FakeEncoder, indexed, over_two_pages, story
from tests.store.conftest import Place
from tests.store.first_format import write_first_format
from tests.store.third_format import write_third_format

NAMES = ["一版.txt", "三月/乙.txt", "丙[1].txt", "二月/甲.txt", "四版.txt"]


def held() -> list[IndexedSource]:
    first, second = over_two_pages()
    jumps = Part(source=first.source.name, newspaper="甲报", page="1", jump_to="4")
    return [replace(first, parts=(jumps,)), second, *pages()]


@pytest.fixture(params=[2, 3])
def old(place: Place, request: pytest.FixtureRequest) -> Place:
    """Return an index of an older format."""
    write_third_format(place.folder, held(), format=request.param)
    return place


def tables(place: Place) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Return all rows but for their digests and the manifest."""
    connection = sqlite3.connect(place.folder / FILE)
    columns = {
        "sources": "id, name, digest, characters, text, told",
        "parts": "source_id, newspaper, published, page, jump_to, jump_from",
        "articles": "id, source_id, position, date, facts, places, passages",
        "printed": "article_id, source_id, passages",
        "passages": "number, id, article_id, text, origin, searched, vector",
        "sqlite_sequence": "name, seq",
    }
    found = [
        (table, connection.execute(f"SELECT {names} FROM {table} ORDER BY 1, 2").fetchall())
        for table, names in columns.items()
    ]
    connection.close()
    return found


def test_it_is_refused_with_the_command_that_takes_it_over(old: Place) -> None:
    for opening in (old.reading, old.writing):
        with pytest.raises(IndexStale, match=f"请转换：qa migrate --index {old.folder}"), opening():
            pass


def test_every_row_is_taken_over_as_it_was(old: Place) -> None:
    before = tables(old)

    version = migrate(old.folder, tokens=old.tokens)

    assert version.startswith("5-")
    assert tables(old) == before
    assert old.names() == NAMES
    assert verify(old.folder, tokens=old.tokens, deep=True, encoder=FakeEncoder()).sound
    with old.reading() as snapshot:
        (hit,) = snapshot.search_lexical("天气晴", limit=1, within=None)
        assert snapshot.cite([hit.number])[0].passage.text == "天气晴。"
        assert len(snapshot.articles(Filters())) == 6
    assert [path.name for path in (old.folder / "generations").iterdir()] == ["00000005"]


def test_the_tables_are_those_of_a_new_index(old: Place) -> None:
    migrate(old.folder, tokens=old.tokens)

    connection = sqlite3.connect(old.folder / FILE)
    assert as_made(connection)
    connection.close()
    with old.writing() as writer:
        writer.publish(put=[indexed("新.txt", story("煤炭。"))], remove=["二月/甲.txt"])
    with old.reading() as snapshot:
        assert snapshot.passages_within(Filters(sources=("新.txt",))) == {5001}


def test_once_more_changes_nothing(old: Place) -> None:
    version = migrate(old.folder, tokens=old.tokens)

    assert migrate(old.folder, tokens=old.tokens) == version


def test_an_old_index_is_as_it_was_when_that_fails(old: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = tables(old)
    with monkeypatch.context() as patched:
        patched.setattr(derived, "synchronise", full_disk)
        with pytest.raises(SurroundingsFailed, match="磁盘已满"):
            migrate(old.folder, tokens=old.tokens)

    assert tables(old) == before
    migrate(old.folder, tokens=old.tokens)
    assert old.names() == NAMES


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE sources SET text = 'x' WHERE name = '四版.txt'", r"来源 四版\.txt 的原文与入库时不同"),
        ("UPDATE passages SET text = 'x' WHERE number = 1", "段落 1 不对（正文 1 字，有出处的 5 字）"),
        ("DELETE FROM articles WHERE position = 1", "passages 表有一行缺了它所属的行"),
    ],
)
def test_damage_is_not_taken_over(old: Place, statement: str, told: str) -> None:
    connection = sqlite3.connect(old.folder / FILE)
    with connection:
        connection.execute(statement)
    connection.close()
    before = tables(old)

    with pytest.raises(IndexDamaged, match=told):
        migrate(old.folder, tokens=old.tokens)

    assert tables(old) == before


def test_of_the_first_format_the_sources_alone_are_read(place: Place) -> None:
    write_first_format(place.folder, *(each.source for each in pages()))

    with pytest.raises(IndexStale, match="请重建：qa index --rebuild"):
        migrate(place.folder, tokens=place.tokens)


def test_without_an_index_there_is_nothing_to_take_over(place: Place) -> None:
    with pytest.raises(IndexMissing):
        migrate(place.folder, tokens=place.tokens)
