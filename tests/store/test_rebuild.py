"""A rebuild is made beside the index, goes on where it was interrupted, and takes its place in one step."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.domain.answers import Filters
from qa.domain.ports import EncoderIdentity, Vectors
from qa.domain.sources import Source
from qa.errors import DiskFull, IndexDamaged, IndexLocked
from qa.store import rebuild as replacing
from qa.store.changes import insert
from qa.store.stages import stages_in
from qa.store.verify import verify
from tests.fakes import FakeEncoder
from tests.store import rebuilt
from tests.store.conftest import Place
from tests.store.rebuilt import (
    ARTICLES,
    EMBEDDED,
    SOURCES,
    TEXTS,
    Interrupted,
    add,
    embedded,
    in_small_batches,
    rebuild,
    rows,
    rows_without_numbers,
)
from tests.store.test_writer import full_disk

OTHER = FakeEncoder(name="other", digest="ab" * 32)


@pytest.fixture(autouse=True)
def small_batches() -> Iterator[None]:
    with in_small_batches():
        yield


@pytest.fixture
def filled(place: Place) -> Place:
    """Return an index whose pages came in another order than that of their names."""
    add(place, reversed(SOURCES))
    return place


def copied(place: Place, name: str) -> Place:
    """Return a copy of an index."""
    folder = place.folder.with_name(name)
    shutil.copytree(place.folder, folder)
    return replace(place, folder=folder)


def interrupted(place: Place, *, after: int, cutting: str = "") -> int:
    """Rebuild until some batches were embedded; return how many texts were."""
    encoder = Interrupted(after)
    with pytest.raises(KeyboardInterrupt):
        rebuild(place, encoder, cutting=cutting)
    return embedded(encoder)


def stage_rows(stage: Path) -> int:
    with closing(sqlite3.connect(stage / "catalogue.sqlite")) as connection:
        return int(connection.execute("SELECT count(*) FROM sources").fetchone()[0])


def test_everything_is_held_afterwards_as_it_was_before(filled: Place) -> None:
    before, version = rows_without_numbers(filled.folder), version_of(filled)
    encoder = FakeEncoder()

    report = rebuild(filled, encoder)

    assert report.updated == sorted(each.name for each in SOURCES)
    assert (report.articles, report.passages) == (ARTICLES, TEXTS)
    assert rows_without_numbers(filled.folder) == before
    assert version_of(filled) != version
    assert verify(filled.folder, tokens=filled.tokens, deep=True, encoder=FakeEncoder()).sound
    assert stages_in(filled.folder) == []


def version_of(place: Place) -> str:
    with place.reading() as snapshot:
        return snapshot.version


def test_passages_are_numbered_anew_in_the_order_of_their_sources(filled: Place) -> None:
    last = max(row[0] for row in rows(filled.folder)["passages"])

    rebuild(filled, FakeEncoder())

    with filled.reading() as snapshot:
        cited = snapshot.cite(range(last + 1, last + 1 + TEXTS))
        names = [each.printed_in[0] for each in cited]
    assert names == sorted(names)


def test_an_interrupted_rebuild_changes_nothing_and_the_next_one_goes_on(filled: Place) -> None:
    single = copied(filled, "single")
    before, version = rows(filled.folder), version_of(filled)

    done = interrupted(filled, after=3)
    assert (rows(filled.folder), version_of(filled)) == (before, version)
    (stage,) = stages_in(filled.folder)
    assert stage_rows(stage) == 3
    assert filled.names() == sorted(each.name for each in SOURCES)

    encoder = FakeEncoder()
    report = rebuild(filled, encoder)
    assert report.updated == sorted(each.name for each in SOURCES)
    assert (report.articles, report.passages) == (ARTICLES, TEXTS)
    assert embedded(encoder) == EMBEDDED - done == EMBEDDED - 5
    rebuild(single, FakeEncoder())
    assert rows(filled.folder) == rows(single.folder)
    assert [p.read_bytes() for p in filled.derived() if p.suffix == ".faiss"] == [
        p.read_bytes() for p in single.derived() if p.suffix == ".faiss"
    ]
    assert stages_in(filled.folder) == []


def test_a_rebuild_that_was_made_whole_and_not_put_in_place_embeds_nothing(
    filled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(filled.folder)
    with monkeypatch.context() as patched:
        patched.setattr("qa.store.writer.replace_rows", full_disk)
        with pytest.raises(DiskFull):
            rebuild(filled, FakeEncoder())
    assert rows(filled.folder) == before

    encoder = FakeEncoder()
    rebuild(filled, encoder)

    assert encoder.batches == []
    assert rows_without_numbers(filled.folder)["sources"] == before["sources"]


def test_what_was_added_changed_and_removed_meanwhile_is_what_is_held(filled: Place) -> None:
    interrupted(filled, after=3)
    moved = replace(SOURCES[0], text=SOURCES[0].text.replace("天气晴", "天气阴"))
    new = replace(SOURCES[2], name="新.txt")
    with filled.writing() as writer:
        builder = rebuilt.builder_over(writer, FakeEncoder())
        builder.add([moved, new])
        builder.remove(["二版.txt"])
    before = rows_without_numbers(filled.folder)

    rebuild(filled, FakeEncoder())

    assert rows_without_numbers(filled.folder) == before
    assert filled.names() == sorted(["一版.txt", "三版.txt", "四版.txt", "旧报.txt", "新.txt"])


class Watching(FakeEncoder):
    """Calls something whenever it is asked for vectors."""

    def __init__(self, identity: EncoderIdentity, look: Callable[[], None]) -> None:
        super().__init__(name=identity.name, digest=identity.digest, dimension=identity.dimension)
        self._look = look

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        self._look()
        return super().embed_passages(passages)


@pytest.mark.parametrize(("encoder", "cutting"), [(FakeEncoder(), "another program"), (OTHER, "")])
def test_what_a_rebuild_of_another_kind_left_is_removed_and_not_gone_on_with(
    filled: Place, encoder: FakeEncoder, cutting: str
) -> None:
    interrupted(filled, after=3)
    (left,) = stages_in(filled.folder)
    removed: list[bool] = []
    encoder = Watching(encoder.identity, lambda: removed.append(not left.exists()))

    rebuild(filled, encoder, cutting=cutting)

    assert all(removed)
    assert embedded(encoder) == EMBEDDED
    assert stages_in(filled.folder) == []


def spoil_row(stage: Path) -> None:
    with closing(sqlite3.connect(stage / "catalogue.sqlite")) as connection, connection:
        connection.execute("UPDATE passages SET text = '改' WHERE number = 1")


def lose_row(stage: Path) -> None:
    with closing(sqlite3.connect(stage / "catalogue.sqlite")) as connection, connection:
        connection.execute("DELETE FROM sources WHERE name = '三版.txt'")


def cut_short(stage: Path) -> None:
    (stage / "catalogue.sqlite").write_bytes((stage / "catalogue.sqlite").read_bytes()[:5000])


def lead_elsewhere(stage: Path) -> None:
    stage.rename(stage.parent.parent / "elsewhere")
    stage.symlink_to(stage.parent.parent / "elsewhere")


def empty(stage: Path) -> None:
    (stage / "catalogue.sqlite").unlink()


@pytest.mark.parametrize("spoil", [spoil_row, lose_row, cut_short, lead_elsewhere, empty])
def test_what_is_no_longer_what_was_written_is_made_again(
    filled: Place, spoil: Callable[[Path], object]
) -> None:
    before = rows_without_numbers(filled.folder)
    interrupted(filled, after=3)
    (stage,) = stages_in(filled.folder)
    spoil(stage)
    encoder = FakeEncoder()

    rebuild(filled, encoder)

    assert embedded(encoder) == EMBEDDED
    assert rows_without_numbers(filled.folder) == before
    assert stages_in(filled.folder) == []


def test_a_row_that_is_spoilt_in_the_last_moment_does_not_come_in(
    filled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(filled.folder)

    def spoilt(connection: sqlite3.Connection, stage: sqlite3.Connection) -> None:
        stage.execute("UPDATE passages SET text = '改'")
        replacing.replace_rows(connection, stage)

    with monkeypatch.context() as patched:
        patched.setattr("qa.store.writer.replace_rows", spoilt)
        with pytest.raises(IndexDamaged, match="qa index --rebuild"):
            rebuild(filled, FakeEncoder())

    assert rows(filled.folder) == before
    rebuild(filled, FakeEncoder())
    assert filled.names() == sorted(each.name for each in SOURCES)


def test_a_full_disk_keeps_what_was_made(filled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before, calls = rows(filled.folder), iter(range(100))
    wrote = insert

    def filling(*given: object) -> None:
        if next(calls) >= 12:
            full_disk()
        wrote(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr("qa.store.changes.insert", filling)
        with pytest.raises(DiskFull, match="磁盘已满"):
            rebuild(filled, FakeEncoder())
    assert rows(filled.folder) == before
    (stage,) = stages_in(filled.folder)
    assert stage_rows(stage) == 2

    encoder = FakeEncoder()
    rebuild(filled, encoder)
    assert embedded(encoder) == EMBEDDED - 3
    assert filled.names() == sorted(each.name for each in SOURCES)


def test_others_read_and_nobody_else_writes_while_it_goes_on(filled: Place) -> None:
    with filled.writing(rebuild=True, create=False) as writer, writer.rebuilding() as stage:
        assert stage.digests() == {}
        with pytest.raises(IndexLocked), filled.writing():
            pass
        assert filled.names() == sorted(each.name for each in SOURCES)
        rebuilt.builder_over(stage, FakeEncoder()).add(SOURCES)


def test_an_index_without_sources_is_rebuilt_to_one_without(filled: Place) -> None:
    with filled.writing() as writer:
        rebuilt.builder_over(writer, FakeEncoder()).remove([each.name for each in SOURCES])

    report = rebuild(filled, OTHER)

    assert (report.updated, report.articles, report.passages) == ([], 0, 0)
    with filled.reading(OTHER.identity) as snapshot:
        assert snapshot.sources() == []


def test_a_writer_goes_on_from_what_it_rebuilt(filled: Place) -> None:
    with filled.writing(rebuild=True, create=False) as writer:
        builder = rebuilt.builder_over(writer, FakeEncoder())
        builder.rebuild()
        builder.remove(["一版.txt"])

    assert filled.names() == ["三版.txt", "二版.txt", "四版.txt", "旧报.txt"]
    assert verify(filled.folder, tokens=filled.tokens, deep=True).sound


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.permutations(SOURCES), stops=st.lists(st.integers(0, 4), max_size=3), batch=st.integers(1, 5))
def test_however_it_came_and_however_often_it_is_interrupted_it_holds_and_finds_the_same(
    place: Place,
    order: list[Source],
    stops: list[int],
    batch: int,
) -> None:
    shutil.rmtree(place.folder, ignore_errors=True)
    shutil.rmtree(place.folder.with_name("single"), ignore_errors=True)
    add(place, order)
    before, found = rows_without_numbers(place.folder), findings(place, scored=False)
    single = copied(place, "single")
    rebuild(single, FakeEncoder())

    with in_small_batches(batch):
        for stop in stops:
            with suppress(KeyboardInterrupt):
                rebuild(place, Interrupted(stop))
            assert rows_without_numbers(place.folder) == before
        rebuild(place, FakeEncoder())

    assert rows_without_numbers(place.folder) == before
    assert findings(place) == findings(single)
    assert findings(place, scored=False) == found


def findings(place: Place, *, scored: bool = True) -> object:
    """Return what both searches find, by the ids of passages, and all articles.

    :param scored: Whether with the scores: by BM25, passages that were removed may still count in them.
    """
    with place.reading() as snapshot:
        found = []
        for question in ("煤炭产量", "天气", "大会开幕", "最低工资"):
            vector = FakeEncoder().embed_questions([question])[0]
            for hits in (
                snapshot.search_dense(vector, limit=100, within=None),
                snapshot.search_lexical(question, limit=100, within=None),
            ):
                cited = snapshot.cite([hit.number for hit in hits])
                found.append(
                    sorted((c.passage.id, h.score if scored else 0) for h, c in zip(hits, cited, strict=True))
                )
        return found, snapshot.articles(Filters())
