"""An index of format 2, without pairs of characters, is not read, but made again from what it holds."""

from __future__ import annotations

import sqlite3

import pytest

from qa.engine.build import Builder
from qa.errors import IndexStale
from tests.fakes import FakeEncoder, SilentProgress
from tests.shipped import page_model
from tests.store.conftest import Place


@pytest.fixture
def old(built: Place) -> Place:
    """Return an index of format 2, whose tables are those of format 3."""
    connection = sqlite3.connect(built.folder / "catalogue.sqlite")
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    return built


def test_it_is_refused_with_the_command_that_takes_it_over(old: Place) -> None:
    with (
        pytest.raises(IndexStale, match="由 格式 2 建成，当前使用 格式 4；请转换：qa migrate"),
        old.reading(),
    ):
        pass


def test_that_command_makes_it_again_with_every_source_and_what_was_told_of_it(old: Place) -> None:
    connection = sqlite3.connect(old.folder / "catalogue.sqlite")
    stored = connection.execute("SELECT name, text, told FROM sources ORDER BY name").fetchall()
    connection.close()

    with old.writing(create=False, rebuild=True) as opened:
        Builder(opened, FakeEncoder(), pages=page_model(), progress=SilentProgress()).rebuild()

    connection = sqlite3.connect(old.folder / "catalogue.sqlite")
    assert connection.execute("SELECT name, text, told FROM sources ORDER BY name").fetchall() == stored
    connection.close()
    assert old.names() == [name for name, _, _ in stored]
