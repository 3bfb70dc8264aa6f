"""An index with long segments is opened, cared for and brought along from format 4 as any other."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qa.cli.failures import EXIT_OF
from qa.errors import IndexDamaged
from qa.store import inverted as inverting
from qa.store.backup import back_up
from qa.store.changes import Changes
from qa.store.compact import compact
from qa.store.migrate import migrate
from qa.store.publishing import Derive
from qa.store.repair import repair
from qa.store.restore import restore
from qa.store.segments import SegmentFile, segments_in
from qa.store.verify import verify
from tests.fakes import FakeEncoder, indexed, story
from tests.store.conftest import Place, flip

LONG = 40


def segments(place: Place) -> list[SegmentFile]:
    return segments_in(max((place.folder / "generations").iterdir()) / "dense")


def format_of(place: Place) -> int:
    with closing(sqlite3.connect(place.folder / "catalogue.sqlite")) as catalogue:
        return int(catalogue.execute("PRAGMA user_version").fetchone()[0])


def filled(place: Place) -> Place:
    with place.writing() as writer:
        writer.publish(
            put=[indexed("煤.txt", *[story(f"第{at}号煤炭消息，{at * 37}吨。") for at in range(60)])],
            remove=(),
        )
    return place


@pytest.fixture
def flat(place: Place) -> Place:
    """Return an index of format 4, whose only segment is compared row by row, as all were then."""
    filled(place)
    with closing(sqlite3.connect(place.folder / "catalogue.sqlite", isolation_level=None)) as catalogue:
        catalogue.execute("PRAGMA user_version = 4")
    assert [each.recall for each in segments(place)] == [None]
    return place


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take segments of a size that tests can afford for long ones."""
    monkeypatch.setattr(inverting, "FEWEST", LONG)
    monkeypatch.setattr(inverting, "LEAST", 0.0)


@pytest.fixture
def long(short: None, place: Place) -> Place:
    """Return an index whose only segment is an inverted file."""
    filled(place)
    assert [each.recall is not None for each in segments(place)] == [True]
    return place


def test_what_it_finds_is_what_its_catalogue_holds(long: Place) -> None:
    assert long.names() == ["煤.txt"]
    made = verify(long.folder, tokens=long.tokens, deep=True, encoder=FakeEncoder())
    assert made.sound
    assert made.checked["vectors"] == 60


@pytest.mark.parametrize("damage", [flip, lambda path: os.truncate(path, 700)], ids=["flipped", "cut off"])
def test_damage_is_told_and_nothing_wrong_is_found(long: Place, damage: Callable[[Path], None]) -> None:
    (segment,) = segments(long)
    damage(segment.path)

    with pytest.raises(IndexDamaged, match="qa repair") as told, long.reading():
        pass

    assert EXIT_OF[type(told.value)] == 6
    assert repair(long.folder, tokens=long.tokens).mended == ("dense/（向量检索）",)
    assert long.names() == ["煤.txt"]
    assert [each.recall for each in segments(long)] == [segment.recall]


def test_it_is_made_again_to_the_byte(long: Place) -> None:
    (segment,) = segments(long)
    before = segment.path.read_bytes()
    segment.path.unlink()

    repair(long.folder, tokens=long.tokens)

    (again,) = segments(long)
    assert again.path.name == segment.path.name
    assert again.path.read_bytes() == before


def test_one_document_more_leaves_it_as_it_is(long: Place) -> None:
    (before,) = segments(long)
    inode = before.path.stat().st_ino

    with long.writing() as writer:
        writer.publish(put=[indexed("又.txt", story("玛钢。"))], remove=())

    first, second = segments(long)
    assert first.path.name == before.path.name
    assert first.path.stat().st_ino == inode
    assert (second.rows, second.recall) == (1, None)


def test_an_index_of_format_4_is_read_as_it_is(flat: Place, short: None) -> None:
    assert flat.names() == ["煤.txt"]
    assert verify(flat.folder, tokens=flat.tokens, deep=True, encoder=FakeEncoder()).sound
    with flat.reading() as snapshot:
        assert migrate(flat.folder, tokens=flat.tokens) == snapshot.version
    assert format_of(flat) == 4


def test_the_next_change_makes_it_one_of_format_5(flat: Place, short: None) -> None:
    (before,) = segments(flat)

    with flat.writing() as writer:
        writer.publish(put=[indexed("又.txt", story("玛钢。"))], remove=())

    assert format_of(flat) == 5
    assert segments(flat)[0].path.name == before.path.name
    assert flat.names() == ["又.txt", "煤.txt"]


def test_a_change_that_fails_leaves_it_of_format_4(flat: Place, short: None) -> None:
    def failing(changes: Changes) -> Derive:
        raise ZeroDivisionError

    with flat.writing() as writer, pytest.raises(ZeroDivisionError):
        writer._publishing.publish(encoder=FakeEncoder().identity, change=failing)

    assert format_of(flat) == 4


def test_compacting_makes_its_long_segments_inverted_files_and_once_only(flat: Place, short: None) -> None:
    compact(flat.folder, tokens=flat.tokens)

    (made,) = segments(flat)
    assert made.recall is not None
    inode = made.path.stat().st_ino
    assert flat.names() == ["煤.txt"]

    compact(flat.folder, tokens=flat.tokens)

    assert [each.path.stat().st_ino for each in segments(flat)] == [inode]


def test_a_backup_of_format_4_is_restored(flat: Place, short: None, tmp_path: Path) -> None:
    back_up(flat.folder, tmp_path / "kept.tar")
    other = Place(folder=tmp_path / "other" / "index", tokens=flat.tokens)

    restored = restore(tmp_path / "kept.tar", other.folder, tokens=flat.tokens)

    assert b'"index_format": 4' in (tmp_path / "kept.tar").read_bytes()
    assert other.names() == ["煤.txt"]
    with flat.reading() as snapshot:
        assert restored.version == snapshot.version
