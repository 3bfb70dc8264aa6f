"""An index as one file: the same rows and hits wherever it goes, and nothing else is taken for one."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.domain.answers import Filters
from qa.domain.articles import Part
from qa.domain.ports import Snapshot
from qa.errors import IndexDamaged, IndexMissing, IndexStale, SurroundingsFailed
from qa.store import moving, portable
from qa.store.milvus.connection import Address
from qa.store.milvus.snapshot import MilvusSnapshot
from qa.store.milvus.verify import verify_milvus
from qa.store.moving import export_folder, export_milvus, import_folder, import_milvus
from qa.store.verify import verify
from tests.contracts import pages
from tests.fakes import FakeEncoder, indexed, over_two_pages, story
from tests.milvus import connected
from tests.store.conftest import IDENTITY, Place

QUESTIONS = ["大会在哪里开幕？", "玛钢企业签约多少份协议？", "气温", "煤炭产量", "第7行说了什么？"]


@pytest.fixture
def held(place: Place) -> Place:
    """Return an index in which numbers have gaps, an article lies on two pages, and a text is long."""
    part = Part(source="三月/乙.txt", newspaper="乙报", published=date(2023, 3, 1), page="1", jump_to="4")
    with place.writing() as writer:
        writer.publish(put=[*pages(), *over_two_pages()], remove=())
        writer.publish(
            put=[replace(pages()[1], parts=[part, replace(part, jump_to="2")])], remove=["丙[1].txt"]
        )
        writer.publish(
            put=[indexed("长.txt", story("".join(f"第{at}行。" for at in range(3_000))))], remove=()
        )
    return place


def seen(snapshot: Snapshot) -> dict[str, object]:
    """Return what a version gives: all but its own name and size."""
    hits = {}
    for question in QUESTIONS:
        numbers = sorted(scores(snapshot, question))
        cited = snapshot.cite(numbers)
        hits[question] = [(each.passage, each.article, each.source_name, each.printed_in) for each in cited]
    statistics = snapshot.statistics()
    return {
        "hits": hits,
        "sources": list(snapshot.sources()),
        "texts": [snapshot.source(each.name) for each in snapshot.sources()],
        "articles": list(snapshot.articles(Filters())),
        "counts": (statistics.sources, statistics.articles, statistics.passages, statistics.encoder),
    }


def scores(snapshot: Snapshot, question: str) -> dict[int, float]:
    """Return how near each passage is; all of them are asked for."""
    vector = FakeEncoder().embed_questions([question])[0]
    return {hit.number: hit.score for hit in snapshot.search_dense(vector, limit=50, within=None)}


def folder_seen(place: Place) -> dict[str, object]:
    with place.reading() as snapshot:
        return seen(snapshot)


def test_an_index_goes_into_another_folder_as_it_is(held: Place, tmp_path: Path) -> None:
    moved = export_folder(held.folder, tmp_path / "一.parquet")
    other = replace(held, folder=tmp_path / "另一")
    made = import_folder(tmp_path / "一.parquet", other.folder, tokens=held.tokens)

    assert moved.counts == made.counts
    assert moved.bytes == made.bytes == (tmp_path / "一.parquet").stat().st_size
    assert folder_seen(other) == folder_seen(held)
    assert verify(other.folder, tokens=held.tokens, deep=True, encoder=FakeEncoder()).sound
    with held.writing() as before, other.writing() as after:
        days = [date(2023, 3, 1)]
        assert list(after.parts(days=days)) == list(before.parts(days=days)) != []
        # Numbers go on above all that were used, of passages that are gone as well.
        before.publish(put=[indexed("新.txt", story("新的。"))], remove=())
        after.publish(put=[indexed("新.txt", story("新的。"))], remove=())
    assert folder_seen(other) == folder_seen(held)


def test_an_index_goes_into_milvus_and_back_as_it_is(
    held: Place, milvus_address: Address, tmp_path: Path
) -> None:
    export_folder(held.folder, tmp_path / "一.parquet")
    with connected(milvus_address) as milvus:
        import_milvus(tmp_path / "一.parquet", milvus, tokens=held.tokens)
        assert verify_milvus(milvus, tokens=held.tokens, deep=True, encoder=FakeEncoder()).sound
        snapshot = MilvusSnapshot(milvus, encoder=IDENTITY, tokens=held.tokens)
        there = seen(snapshot)
        with held.reading() as folder:
            for question in QUESTIONS:
                # Another engine adds up in another order: what is equal here may differ in the last digits.
                assert scores(snapshot, question) == pytest.approx(scores(folder, question), abs=1e-5)
        with pytest.raises(SurroundingsFailed, match="里已有来源，不能导入"):
            import_milvus(tmp_path / "一.parquet", milvus, tokens=held.tokens)
        export_milvus(milvus, tmp_path / "二.parquet", tokens=held.tokens)
    back = replace(held, folder=tmp_path / "回来")
    import_folder(tmp_path / "二.parquet", back.folder, tokens=held.tokens)

    assert there == folder_seen(held) == folder_seen(back)
    assert verify(back.folder, tokens=held.tokens, deep=True, encoder=FakeEncoder()).sound


def test_small_groups_make_the_same_index(
    held: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portable, "GROUP_ROWS", 2)
    monkeypatch.setattr(moving, "SOME", 1)
    export_folder(held.folder, tmp_path / "一.parquet")
    other = replace(held, folder=tmp_path / "另一")
    import_folder(tmp_path / "一.parquet", other.folder, tokens=held.tokens)

    assert folder_seen(other) == folder_seen(held)


@pytest.mark.parametrize("seed", range(4))
def test_a_byte_that_was_changed_is_found(held: Place, tmp_path: Path, seed: int) -> None:
    file = tmp_path / "一.parquet"
    export_folder(held.folder, file)
    whole, chance = file.read_bytes(), random.Random(seed)
    expected = folder_seen(held)
    refused = 0
    for turn in range(10):
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        file.write_bytes(content)
        other = replace(held, folder=tmp_path / f"另一{turn}")
        try:
            import_folder(file, other.folder, tokens=held.tokens)
        except (IndexDamaged, IndexStale):
            refused += 1
            with pytest.raises(IndexMissing):
                folder_seen(other)
        else:
            # In what Parquet keeps for readers in a hurry, statistics and the name of its program.
            assert folder_seen(other) == expected
    assert refused >= 7


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\0" * 50 + b"PAR1", b"not at all" * 1000])
def test_what_is_no_such_file_is_refused(place: Place, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "别的.parquet"
    file.write_bytes(content)

    with pytest.raises(IndexDamaged, match=r"别的\.parquet 已损坏"):
        import_folder(file, place.folder, tokens=place.tokens)
    with pytest.raises(SurroundingsFailed, match="没有"):
        import_folder(tmp_path / "没有", place.folder, tokens=place.tokens)


def test_a_file_of_somebody_else_is_left_alone(built: Place, tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    theirs = tmp_path / "别人的.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"kind": ["source"]}), theirs)
    content = theirs.read_bytes()

    with pytest.raises(SurroundingsFailed, match="不是问报导出的"):
        export_folder(built.folder, theirs)
    assert theirs.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".part")] == []
    export_folder(built.folder, tmp_path / "我们的.parquet")
    export_folder(built.folder, tmp_path / "我们的.parquet")
    assert (tmp_path / "我们的.parquet").stat().st_mode & 0o777 == 0o600


def test_an_index_that_is_damaged_is_not_exported(built: Place, tmp_path: Path) -> None:
    from qa.store.schema import connect

    with closing(connect(built.folder, write=True)) as connection:
        connection.execute("UPDATE passages SET text = '改了' WHERE number = 3")

    with pytest.raises(IndexDamaged, match="段落 3 与写入时不同"):
        export_folder(built.folder, tmp_path / "一.parquet")
    assert not (tmp_path / "一.parquet").exists()


def test_a_folder_that_holds_sources_is_not_written_over(built: Place, tmp_path: Path) -> None:
    export_folder(built.folder, tmp_path / "一.parquet")
    before = built.names()

    with pytest.raises(SurroundingsFailed, match="里已有来源"):
        import_folder(tmp_path / "一.parquet", built.folder, tokens=built.tokens)
    assert built.names() == before


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda about: replace(about, format=2), "导出格式 2"),
        (lambda about: replace(about, last_number=2), "编号"),
        (lambda about: replace(about, last_number=2**60), "编号"),
        (lambda about: replace(about, counts=replace(about.counts, passages=99)), "行数"),
    ],
)
def test_a_file_that_says_something_else_of_itself_is_refused(
    built: Place,
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[[portable.About], portable.About],
    told: str,
) -> None:
    original = portable.write_portable
    with monkeypatch.context() as patched:
        patched.setattr(
            moving,
            "write_portable",
            lambda file, about, sources: original(file, broken(about), sources),
        )
        export_folder(built.folder, tmp_path / "一.parquet")

    with pytest.raises((IndexDamaged, IndexStale), match=told):
        import_folder(tmp_path / "一.parquet", tmp_path / "另一", tokens=place.tokens)
