"""An index of format 2 or 3 is not read, and can also be made again from the sources that it holds."""

from __future__ import annotations

import sqlite3

import pytest

from qa.engine.build import Builder
from tests.contracts import pages
from tests.fakes import FakeEncoder, SilentProgress
from tests.shipped import page_model
from tests.store.conftest import Place
from tests.store.third_format import write_third_format


@pytest.fixture(params=[2, 3])
def old(place: Place, request: pytest.FixtureRequest) -> Place:
    """Return an index of an older format."""
    write_third_format(place.folder, pages(), format=request.param)
    return place


def test_a_rebuild_makes_it_again_with_every_source_and_what_was_told_of_it(old: Place) -> None:
    connection = sqlite3.connect(old.folder / "catalogue.sqlite")
    stored = connection.execute("SELECT name, text, told FROM sources ORDER BY name").fetchall()
    connection.close()

    with old.writing(create=False, rebuild=True) as opened:
        Builder(opened, FakeEncoder(), pages=page_model(), progress=SilentProgress()).rebuild()

    connection = sqlite3.connect(old.folder / "catalogue.sqlite")
    assert connection.execute("SELECT name, text, told FROM sources ORDER BY name").fetchall() == stored
    connection.close()
    assert old.names() == [name for name, _, _ in stored]
