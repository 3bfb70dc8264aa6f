"""JSON Lines: a source a record; a bad line fails by file and line, and the others are in."""

from __future__ import annotations

import json
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from qa.domain.ports import Failed, Loader
from qa.domain.sources import Source, Told
from qa.domain.spans import Span
from qa.errors import (
    SourceBroken,
    SourceDisguised,
    SourceEmpty,
    SourceFailed,
    SourceNameTaken,
    SourceNotText,
    SourceTooLarge,
)
from qa.loaders.bounds import Bounds
from qa.loaders.dates import day_of
from qa.loaders.jsonl import JsonLinesLoader
from qa.loaders.table import LOADERS
from qa.loaders.walk import load_all
from tests.contracts import MEETING, LoaderContract


def loaded(folder: Path, *records: object, limit: int = 2**20) -> list[Source | Failed]:
    lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in records]
    return loaded_bytes(folder, "\n".join(lines).encode(), limit=limit)


def loaded_bytes(folder: Path, content: bytes, *, limit: int = 2**20) -> list[Source | Failed]:
    path = folder / "库.jsonl"
    path.write_bytes(content)
    return list(LOADERS[".jsonl"].load(path, name="库.jsonl", limit=limit))


class TestJsonLinesLoader(LoaderContract):
    @pytest.fixture
    def loader(self) -> Loader:
        return LOADERS[".jsonl"]

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        path = tmp_path / "样.jsonl"
        path.write_text(json.dumps({"title": "大会", "text": MEETING}, ensure_ascii=False), "utf-8")
        return path

    def overhead(self, sample: Path) -> int:
        return sample.stat().st_size

    def test_the_source_has_the_name_it_was_given(self, loader: Loader, sample: Path) -> None:
        """A record without an id is named by its file and line."""
        assert self.only(loader, sample, name="版面/一").name == "版面/一:1"

    def test_a_byte_more_than_the_limit_is_refused(self, loader: Loader, sample: Path) -> None:
        (found,) = loader.load(sample, name="一", limit=sample.stat().st_size - 1)

        assert isinstance(found, Failed)
        assert isinstance(found.error, SourceTooLarge)
        assert str(found.error).startswith("一:1：这一条超过")
        assert "QA_MAX_SOURCE_BYTES" in str(found.error)


def test_a_record_of_beir_is_an_article_under_its_id(tmp_path: Path) -> None:
    record = {"_id": "MED-10", "title": "大会开幕", "text": "会议指出。", "metadata": {"date": "2023-02-23"}}

    assert loaded(tmp_path, record) == [
        Source(
            name="MED-10",
            text="大会开幕\n\n会议指出。",
            told=Told(whole=True, title=Span(0, 4), date=date(2023, 2, 23)),
        )
    ]


def test_a_record_of_an_archive_tells_day_authors_and_newspaper(tmp_path: Path) -> None:
    record = {
        "id": 7,
        "title": "大会开幕",
        "date": "2023年2月3日",
        "text": "会议指出。",
        "authors": ["王小明", "李白", 3, " "],
        "newspaper": "晋中日报",
        "page": "1",
    }

    assert loaded(tmp_path, record) == [
        Source(
            name="7",
            text="大会开幕\n\n会议指出。",
            told=Told(
                whole=True,
                title=Span(0, 4),
                authors=("王小明", "李白"),
                date=date(2023, 2, 3),
                newspaper="晋中日报",
            ),
        )
    ]


def test_a_column_that_is_empty_hides_nothing(tmp_path: Path) -> None:
    empty = {"authors": None, "author": "王小明", "date": None, "metadata": {"date": "2023-02-23"}}

    [source] = loaded(tmp_path, {"id": "a", "title": "通知", "text": "会议指出。", **empty})

    assert isinstance(source, Source)
    assert source.told is not None
    assert (source.told.authors, source.told.date) == (("王小明",), date(2023, 2, 23))


def test_a_record_may_be_text_alone(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, {"text": "会议\r\n指出。"}, "", {"text": "乙。", "author": "王小明", "title": None}
    )

    assert found == [
        Source(name="库.jsonl:1", text="会议\r\n指出。", told=Told(whole=True)),
        Source(name="库.jsonl:3", text="乙。", told=Told(whole=True, authors=("王小明",))),
    ]


@pytest.mark.parametrize(
    ("line", "error", "said"),
    [
        ("{broken", SourceBroken, "不是合法的 JSON；每行应是一个 JSON 对象"),
        ("[1, 2]", SourceBroken, "不是 JSON 对象"),
        ("[" * 100_000, SourceBroken, "不是合法的 JSON"),
        ('{"text": 3}', SourceBroken, "text 应是文字"),
        ('{"title": ["x"], "text": "甲"}', SourceBroken, "title 应是文字"),
        ('{"id": {"x": 1}, "text": "甲"}', SourceBroken, "id 应是文字或整数"),
        ('{"id": true, "text": "甲"}', SourceBroken, "id 应是文字或整数"),
        (json.dumps({"id": "x" * 501, "text": "甲"}), SourceBroken, "id 应不超过 500 字"),
        ('{"id": "\\ud800", "text": "甲"}', SourceBroken, "id 应不超过 500 字，且能以 UTF-8 保存"),
        ('{"id": "甲"}', SourceEmpty, "没有可以索引的文字"),
        ('{"id": "甲", "title": "只有标题"}', SourceEmpty, "没有可以索引的文字"),
        ('{"text": "\\ud800 半个字"}', SourceNotText, "大多不是文字"),
        ('{"text": "甲\\u0000"}', SourceNotText, "大多不是文字"),
        ('{"text": "' + "长" * 500 + '"}', SourceTooLarge, "这一条超过"),
    ],
)
def test_a_bad_line_fails_by_file_and_line_and_the_others_are_in(
    tmp_path: Path, line: str, error: type[SourceFailed], said: str
) -> None:
    first, failed, last = (
        loaded(tmp_path, {"id": "甲", "text": "甲。"}, line, {"id": "乙", "text": "乙。"}, limit=1000)
        if len(line) < 10_000
        else loaded(tmp_path, {"id": "甲", "text": "甲。"}, line, {"id": "乙", "text": "乙。"})
    )

    assert [each.name for each in (first, last)] == ["甲", "乙"]
    assert isinstance(failed, Failed)
    assert failed.name == "库.jsonl:2"
    assert isinstance(failed.error, error)
    assert str(failed.error).startswith("库.jsonl:2：")
    assert said in str(failed.error)


def test_a_line_that_is_no_utf8_fails_alone(tmp_path: Path) -> None:
    content = b'{"text": "one"}\r\n' + '{"text": "大会开幕"}'.encode("gb18030") + b'\n\n{"text": "two"}\n'
    found = loaded_bytes(tmp_path, content)

    assert [each.name for each in found] == ["库.jsonl:1", "库.jsonl:2", "库.jsonl:4"]
    assert isinstance(found[1], Failed)
    assert str(found[1].error) == "库.jsonl:2：不是 UTF-8；请把文件另存为 UTF-8 后再索引"


def test_a_byte_order_mark_is_no_part_of_the_first_record(tmp_path: Path) -> None:
    assert loaded_bytes(tmp_path, b'\xef\xbb\xbf{"text": "one"}') == [
        Source(name="库.jsonl:1", text="one", told=Told(whole=True))
    ]


@pytest.mark.parametrize(
    ("content", "bounds", "error", "said"),
    [
        (b"\n \n", Bounds(), SourceEmpty, "文件是空的"),
        (
            b'{"text": "one"}',
            Bounds(records_bytes=9),
            SourceTooLarge,
            "超过 0 MiB 的上限.*QA_MAX_JSONL_BYTES",
        ),
        (b"%PDF-1.7", Bounds(), SourceDisguised, r"看内容是PDF；请把后缀改为 \.pdf"),
    ],
)
def test_a_file_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, bounds: Bounds, error: type[SourceFailed], said: str
) -> None:
    path = tmp_path / "库.jsonl"
    path.write_bytes(content)

    with pytest.raises(error, match=rf"^库\.jsonl：.*{said}"):
        list(JsonLinesLoader(bounds=bounds).load(path, name="库.jsonl", limit=2**20))


def test_an_id_that_is_taken_fails_and_the_first_stays(tmp_path: Path) -> None:
    path = tmp_path / "库.jsonl"
    path.write_text(
        '{"id": "甲", "text": "先。"}\n{"id": "甲", "text": "后。"}\n{"id": "乙", "text": "乙。"}', "utf-8"
    )
    first, failed, last = load_all([str(path)], limit=2**20)

    assert [getattr(each, "text", "") for each in (first, last)] == ["先。", "乙。"]
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, SourceNameTaken)
    assert f"{path}（第 2 条）" in str(failed.error)
    assert len([each for each in load_all([str(path)] * 2, limit=2**20) if isinstance(each, Source)]) == 4


def test_an_id_that_a_file_has_as_its_name_is_taken_too(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text("文件。", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text('{"id": "甲.txt", "text": "记录。"}', encoding="utf-8")
    found = list(load_all([str(tmp_path)], limit=2**20))

    assert [type(each) for each in found] == [Source, Failed]


def test_a_large_file_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "大.jsonl"
    record = json.dumps({"text": "会议指出。" * 200}, ensure_ascii=False).encode()
    with path.open("wb") as file:
        for _ in range(4_000):
            file.write(record + b"\n")
        file.write(b'{"text": "' + b"x" * 2**23 + b'"}\n' + record)
    tracemalloc.start()
    found = sum(isinstance(each, Source) for each in LOADERS[".jsonl"].load(path, name="大", limit=2**20))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert path.stat().st_size > 12 * 2**20
    assert found == 4_001
    assert most < 6 * 2**20


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2023-02-03", date(2023, 2, 3)),
        ("2023-02-03T08:00:00Z", date(2023, 2, 3)),
        ("2023/2/3", date(2023, 2, 3)),
        ("2023.02.03", date(2023, 2, 3)),
        ("2023年2月3日", date(2023, 2, 3)),
        (" 2023 年 2 月 3 日 星期五", date(2023, 2, 3)),
        ("20230203", date(2023, 2, 3)),
        (20230203, date(2023, 2, 3)),
        ("2023-02-31", None),
        ("2023", None),
        ("2023年2月", None),
        ("202302031", None),
        ("2月3日", None),
        (None, None),
        (["2023-02-03"], None),
        (True, None),
    ],
)
def test_a_day_is_read_only_where_it_is_whole(stated: object, day: date | None) -> None:
    assert day_of(stated) == day
