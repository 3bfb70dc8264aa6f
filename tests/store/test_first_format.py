"""An index of format 1 is not read, but made again from the sources that it holds."""

from __future__ import annotations

import errno
import os
import sqlite3

import pytest

from qa.domain.answers import Filters
from qa.domain.sources import Source
from qa.engine.build import Builder
from qa.errors import IndexDamaged, IndexStale, SurroundingsFailed
from qa.store import derived
from tests.fakes import FakeEncoder, SilentProgress
from tests.shipped import page_model
from tests.store.conftest import Place
from tests.store.first_format import write_first_format

MEETING = Source(name="会.txt", text="\ufeff本报讯 大会在京开幕。\r\n李某主持大会。\n")
WAGE = Source(name="薪.txt", text="本报讯 最低工资标准调整。\n")


@pytest.fixture
def old(place: Place) -> Place:
    """Return an index of format 1 that holds two sources."""
    write_first_format(place.folder, MEETING, WAGE)
    return place


def rebuild(place: Place) -> list[str]:
    with place.writing(create=False, rebuild=True) as opened:
        return Builder(opened, FakeEncoder(), pages=page_model(), progress=SilentProgress()).rebuild().updated


def columns(place: Place, table: str) -> list[str]:
    connection = sqlite3.connect(place.folder / "catalogue.sqlite")
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    connection.close()
    return names


@pytest.mark.parametrize("how", ["reading", "writing"])
def test_it_is_refused_with_the_command_that_makes_it_again(old: Place, how: str) -> None:
    with pytest.raises(IndexStale) as refused, getattr(old, how)():
        pass

    assert str(refused.value) == (
        "索引由 格式 1 建成，当前使用 格式 5；"
        f"请重建：qa index --rebuild --index {old.folder}（只用索引里保存的原文，不需要原文件）"
    )


def test_that_command_makes_it_again_from_its_sources(old: Place) -> None:
    assert rebuild(old) == ["会.txt", "薪.txt"]

    assert old.names() == ["会.txt", "薪.txt"]
    with old.reading() as snapshot:
        assert [snapshot.source(each.name) for each in (MEETING, WAGE)] == [MEETING, WAGE]
        assert snapshot.version.startswith("4-")
        (found,) = snapshot.search_lexical("最低工资", limit=5, within=None)
        assert snapshot.cite([found.number])[0].printed_in == ("薪.txt",)
        assert len(snapshot.articles(Filters(sources=("会.txt",)))) == 1
    assert columns(old, "sources") == ["id", "name", "digest", "characters", "text", "told", "row_digest"]


def test_what_was_made_again_is_added_to_as_any_other(old: Place) -> None:
    rebuild(old)
    with old.writing() as opened:
        builder = Builder(opened, FakeEncoder(), pages=page_model(), progress=SilentProgress())
        report = builder.add([WAGE, Source(name="新.txt", text="本报讯 新馆开放。\n")])

    assert (report.unchanged, report.added) == (["薪.txt"], ["新.txt"])
    assert old.names() == ["会.txt", "新.txt", "薪.txt"]


def test_an_old_index_is_as_it_was_when_that_fails(old: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(derived, "synchronise", full_disk)
        with pytest.raises(SurroundingsFailed):
            rebuild(old)

    assert columns(old, "sources") == ["id", "name", "digest", "characters", "text"]
    with pytest.raises(IndexStale), old.reading():
        pass
    assert rebuild(old) == ["会.txt", "薪.txt"]


def test_a_source_that_was_changed_in_an_old_index_is_damage(old: Place) -> None:
    connection = sqlite3.connect(old.folder / "catalogue.sqlite")
    with connection:
        connection.execute("UPDATE sources SET text = 'x' WHERE name = '薪.txt'")
    connection.close()

    with pytest.raises(IndexDamaged, match=r"来源 薪\.txt 的原文与入库时不同"):
        rebuild(old)


def test_a_newer_format_is_never_made_again(old: Place) -> None:
    connection = sqlite3.connect(old.folder / "catalogue.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(IndexStale, match="索引由 格式 99 建成，当前使用 格式 5；请用原文件重新索引"):
        rebuild(old)
