"""What is shared out comes back as if one process had done it, whoever is lost on the way."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.cluster.inputs import GROUP_CHARACTERS, Input, grouped, inputs_of
from qa.cluster.labour import AHEAD, SharedLabour
from qa.cluster.pool import TRIES, Pool
from qa.cluster.tasks import Embed, Found, Prepare, Task
from qa.domain.ports import Failed
from qa.domain.sources import Source
from qa.engine import build
from qa.engine.articles import SegmentedSource, segmented
from qa.engine.build import Builder, BuildReport
from qa.errors import ClusterFailed, SourceBroken, SourceMissing, SourceNameTaken
from qa.loaders.table import LOADERS
from qa.loaders.walk import Given, load_all
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from tests.cluster.crews import FakeCrew, Loses, nothing
from tests.fakes import FakeEncoder, SilentProgress
from tests.shipped import page_model
from tests.store.rebuilt import rows

LIMIT = 2**20
PAGE = "本报太原2月23日讯 第{0}号会议在太原召开，会议研究了{0}项工作。\n\n本报讯 {0}吨煤炭运往各地。\n"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Return a folder of pages, records, and what cannot be taken in."""
    folder = tmp_path / "报"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.txt").write_text(PAGE.format(number), encoding="utf-8")
    records = [{"id": f"n-{at}", "title": "新闻", "text": "消息。" * (at + 1)} for at in range(40)]
    # A name that a file has, a record without text, and a name that comes twice.
    records += [
        {"id": "03.txt", "text": "另一个。"},
        {"id": "空", "text": ""},
        {"id": "n-1", "text": "又是。"},
    ]
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
    (folder / "05.jsonl").write_text(lines, encoding="utf-8")
    (folder / "06.html").write_text("<html><body><p>网页上的一篇文章。</p></body></html>", encoding="utf-8")
    (folder / "07.bin").write_bytes(b"\0\1")
    (folder / "08.txt").write_text(" \n", encoding="utf-8")
    (folder / "09.pdf").write_bytes(b"no pdf")
    return folder


def shared(loses: Loses = nothing, *, workers: int = 2) -> SharedLabour:
    return SharedLabour(Pool(FakeCrew(loses=loses, workers=workers)))


def found_by(labour: SharedLabour, *paths: Path, held: dict[str, str] | None = None) -> list[Found]:
    inputs = inputs_of([str(each) for each in paths], limit=LIMIT, loaders=LOADERS)
    return list(labour.found(inputs, held=held or {}))


def told(found: Found) -> tuple[object, ...]:
    """Return what can be compared of what was found: errors are equal when they say the same."""
    if isinstance(found, Failed):
        return found.name, type(found.error), str(found.error)
    return (found,)


def alone(*paths: Path) -> list[Found]:
    """Return what one process finds."""
    found = load_all([str(each) for each in paths], limit=LIMIT)
    return [segmented(each, page_model()) if isinstance(each, Source) else each for each in found]


class EachThird:
    """Loses the worker over each third task."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, task: Task[Any]) -> bool:
        self.count += 1
        return self.count % 3 == 0


@pytest.mark.parametrize("loses", [nothing, EachThird()])
def test_the_same_is_found_in_the_same_order(collection: Path, loses: Loses) -> None:
    paths = [collection, collection / "01.txt", Path("没有") / "这个.txt", Path("长" * 300), Path("a\0b")]
    shared_out = found_by(shared(loses), *paths)

    assert [told(each) for each in shared_out] == [told(each) for each in alone(*paths)]
    failed = [each.error for each in shared_out if isinstance(each, Failed)]
    assert len(failed) == 9
    assert sum(isinstance(each, SourceNameTaken) for each in failed) == 2


def test_standard_input_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("大会开幕。".encode())))

    assert [
        each.source.text for each in found_by(shared(), Path("-")) if isinstance(each, SegmentedSource)
    ] == ["大会开幕。"]


def test_no_more_is_read_ahead_than_is_bounded() -> None:
    labour, read = shared(workers=3), 0

    def inputs() -> Iterator[Input]:
        nonlocal read
        for number in range(1000):
            read += 1
            yield Input(place=str(number), content=Source(name=str(number), text="文" * GROUP_CHARACTERS))

    found = labour.found(inputs(), held={})
    for taken in range(3):
        next(found)
        assert read == AHEAD * 3 + 1 + taken


def test_small_sources_travel_together_and_files_alone() -> None:
    small = [Input(place=str(at), content=Source(name=str(at), text="文" * 1000)) for at in range(30)]
    file = Input(place="报", content=Given(name="报.txt", path=Path("报.txt"), below="."))

    assert [len(each.inputs) for each in grouped([*small, file, file], held={})] == [20, 11, 1]


def test_what_is_held_is_not_segmented_again(collection: Path) -> None:
    held = {
        each.name: each.digest
        for each in load_all([str(collection)], limit=LIMIT)
        if isinstance(each, Source)
    }
    held["02.txt"] = "another"

    found = found_by(shared(), collection, held=held)

    assert [each.source.name for each in found if isinstance(each, SegmentedSource)] == ["02.txt"]
    assert sum(isinstance(each, Source) for each in found) == 51


def test_records_that_are_held_go_nowhere() -> None:
    crew = FakeCrew()
    sources = [Source(name=str(at), text="文") for at in range(5)]
    inputs = [Input(place="", content=each) for each in sources]

    found = SharedLabour(Pool(crew)).found(inputs, held={each.name: each.digest for each in sources})

    assert list(found) == sources
    assert crew.given == []


def kills(name: str) -> Loses:
    """Return what loses the worker over every task that a source of that name is in."""
    return lambda task: isinstance(task, Prepare) and any(each.name == name for each in task.inputs)


@pytest.mark.parametrize("name", ["n-7", "04.txt"])
def test_a_source_that_ends_worker_after_worker_fails_and_the_others_are_in(
    collection: Path, name: str
) -> None:
    found = found_by(shared(kills(name)), collection)
    wanted = [
        each
        for each in alone(collection)
        if not (isinstance(each, SegmentedSource) and each.source.name == name)
    ]
    failed = [each for each in found if isinstance(each, Failed) and each.name == name]

    assert [type(each.error) for each in failed] == [SourceBroken]
    assert f"接连 {TRIES} 次意外结束" in str(failed[0].error)
    assert [told(each) for each in found if each not in failed] == [told(each) for each in wanted]


def test_a_file_that_the_worker_cannot_see_says_where_to_put_it(tmp_path: Path) -> None:
    inputs = [Input(place="报", content=Given(name="报.txt", path=tmp_path / "没有" / "报.txt", below=""))]

    (failed,) = shared().found(inputs, held={})

    assert isinstance(failed, Failed)
    assert isinstance(failed.error, SourceMissing)
    assert "共享目录" in str(failed.error)


def test_a_rebuild_leaves_nothing_out() -> None:
    sources = [Source(name=f"{at}.txt", text=PAGE.format(at)) for at in range(5)]

    assert list(shared(EachThird()).segmented(sources)) == [segmented(each, page_model()) for each in sources]
    with pytest.raises(ClusterFailed, match=r"索引还是原来的：3\.txt"):
        list(shared(kills("3.txt")).segmented(sources))


def test_passages_that_end_worker_after_worker_end_the_run() -> None:
    labour = shared(lambda task: isinstance(task, Embed))

    with pytest.raises(ClusterFailed, match="接连 3 次意外结束"):
        list(labour.embedded([["大会开幕。"]]))


@pytest.mark.parametrize(("workers", "share"), [(1, 1), (2, 1), (3, 2), (16, 8)])
def test_batches_grow_with_the_workers(workers: int, share: int) -> None:
    assert shared(workers=workers).share == share


def built(folder: Path, paths: list[Path], labour: SharedLabour | None) -> tuple[list[Any], BuildReport]:
    """Index paths, twice; return all rows, and the first report."""
    writer = LocalWriter(folder, encoder=FakeEncoder().identity, tokens=Tokens())
    builder = Builder(writer, FakeEncoder(), pages=page_model(), progress=SilentProgress(), labour=labour)
    given = [str(path) for path in paths]

    def found() -> Iterator[Source | SegmentedSource | Failed]:
        if labour is None:
            return load_all(given, limit=LIMIT)
        return labour.found(inputs_of(given, limit=LIMIT, loaders=LOADERS), held=builder.digests())

    try:
        report = builder.add(found())
        again = builder.add(found())
    finally:
        writer.close()
    assert (again.added, again.updated) == ([], [])
    assert again.unchanged == report.added
    return [rows(folder)], report


def test_the_index_is_equal_to_one_made_alone(
    collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "BATCH_PASSAGES", 20)
    monkeypatch.setattr(build, "STEP", 4)

    here, report = built(tmp_path / "一", [collection], None)
    there, shared_report = built(tmp_path / "二", [collection], shared(EachThird()))

    assert there == here
    assert len(here[0]["passages"]) == report.passages > 60
    assert shared_report.added == report.added
    assert [str(each.error) for each in shared_report.failed] == [str(each.error) for each in report.failed]
