"""A snapshot answers from one version, and never from files that are not what was written."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from qa import assemble
from qa.domain.answers import Filters
from qa.domain.articles import Article
from qa.engine.examples import examples
from qa.errors import IndexDamaged, IndexMissing, IndexStale, SurroundingsFailed
from qa.settings import Settings
from qa.store import files as files_module
from qa.store import snapshot as snapshot_module
from qa.store.files import opened_below
from qa.store.manifest import Manifest
from qa.store.published import published_in
from qa.store.register import Remembered
from qa.store.rows import article_from_row
from qa.store.schema import FILE
from tests.contracts import pages
from tests.fakes import FakeEncoder, FakeReader, indexed, story
from tests.store.conftest import IDENTITY, Place, flip

Opening = Callable[[Settings], AbstractContextManager[object]]

DERIVED = [
    ".faiss",
    "meta.json",
    ".managed.json",
    ".idx",
    ".store",
    ".term",
    ".pos",
    ".fast",
    ".fieldnorm",
]


def statement(place: Place, sql: str) -> None:
    connection = sqlite3.connect(place.folder / FILE)
    with connection:
        changed = connection.execute(sql).rowcount
    connection.close()
    assert changed == 1


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def everything(place: Place) -> list[str]:
    """Return what a reader of all articles and passages gets to see."""
    with place.reading() as snapshot:
        snapshot.articles(Filters())
        return [each.passage.text for each in snapshot.cite([1, 2, 3, 4, 5])]


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: list[Callable[[Path], None]] = [flip, truncate, empty, Path.unlink, replace_by_folder]


def test_a_folder_without_an_index_is_named_with_what_to_do(place: Place) -> None:
    with (
        pytest.raises(IndexMissing, match=rf"目录 {place.folder} 里还没有索引；请先运行：qa index"),
        place.reading(),
    ):
        pass
    assert not place.folder.exists()


def test_an_index_to_which_nothing_was_published_is_empty(place: Place) -> None:
    with place.writing():
        pass

    with pytest.raises(IndexMissing, match="里的索引还是空的"), place.reading():
        pass


def test_an_index_whose_sources_are_all_removed_answers_with_nothing(built: Place) -> None:
    with built.writing() as writer:
        writer.publish(put=(), remove=[each.source.name for each in pages()])

    with built.reading() as snapshot:
        question = FakeEncoder().embed_questions(["大会"])[0]
        assert snapshot.statistics().passages == 0
        assert snapshot.search_dense(question, limit=5, within=None) == []
        assert snapshot.search_lexical("大会", limit=5, within=None) == []
        assert snapshot.sources() == []
        assert snapshot.articles(Filters()) == []


def test_another_encoder_is_refused_and_both_are_named(built: Place) -> None:
    other = FakeEncoder(name="other", digest="ab" * 32).identity

    with pytest.raises(IndexStale) as refused, built.reading(other):
        pass

    assert str(refused.value) == (
        f"索引由 模型 fake（{IDENTITY.digest[:8]}，64 维） 建成，"
        "当前使用 模型 other（abababab，64 维）；"
        f"请重建：qa index --rebuild --index {built.folder}，或改回原来的模型（QA_ENCODER）"
    )


def test_without_an_encoder_any_index_may_be_looked_at(built: Place) -> None:
    with built.reading(None) as snapshot:
        assert len(snapshot.sources()) == 3


def test_every_derived_file_is_on_the_list(built: Place) -> None:
    suffixes = {path.name if path.name in DERIVED else path.suffix for path in built.derived()}

    assert suffixes <= set(DERIVED)
    assert {".faiss", "meta.json"} <= suffixes


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_each_damaged_derived_file_is_named(built: Place, damage: Callable[[Path], None]) -> None:
    for path in built.derived():
        kept = path.read_bytes()
        damage(path)
        with pytest.raises(IndexDamaged) as refused, built.reading():
            pass
        assert path.name in str(refused.value)
        assert f"qa repair --index {built.folder}" in str(refused.value)
        with pytest.raises(IndexDamaged), built.writing():
            pass
        if path.is_dir():
            path.rmdir()
        path.write_bytes(kept)

    assert len(built.names()) == 3


def test_a_version_whose_files_are_all_gone_is_damaged(built: Place) -> None:
    for path in built.derived():
        path.unlink()

    with pytest.raises(IndexDamaged), built.reading():
        pass


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9])
def test_a_truncated_catalogue_is_damaged(built: Place, share: float) -> None:
    path = built.folder / FILE
    os.truncate(path, int(path.stat().st_size * share))

    with pytest.raises(IndexDamaged):
        everything(built)


@pytest.mark.parametrize("how", ["reading", "writing"])
def test_an_emptied_catalogue_is_no_new_index(built: Place, how: str) -> None:
    os.truncate(built.folder / FILE, 0)

    with pytest.raises(IndexDamaged), getattr(built, how)():
        pass


@pytest.mark.parametrize("content", [b"garbage", b"garbage" * 4000, b"SQLite format 3\x00" + b"\xff" * 5000])
@pytest.mark.parametrize("how", ["reading", "writing"])
def test_a_catalogue_overwritten_with_garbage_is_damaged(built: Place, content: bytes, how: str) -> None:
    (built.folder / FILE).write_bytes(content)

    with pytest.raises(IndexDamaged, match=r"catalogue\.sqlite 已损坏"), getattr(built, how)():
        pass


@pytest.mark.parametrize("seed", range(12))
def test_flipped_pages_of_the_catalogue_are_damage_or_do_no_harm(built: Place, seed: int) -> None:
    path = built.folder / FILE
    content = bytearray(path.read_bytes())
    start = 100 + seed * (len(content) - 200) // 12
    content[start : start + 64] = bytes(byte ^ 0xFF for byte in content[start : start + 64])
    path.write_bytes(bytes(content))

    try:
        texts = everything(built)
    except (IndexDamaged, IndexStale, SurroundingsFailed):
        return
    assert texts == [each.passage.text for page in pages() for each in page.passages]


def test_a_version_that_is_tidied_away_while_it_is_opened_gives_way_to_the_next(
    built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(folder: Path, name: str) -> AbstractContextManager[BinaryIO]:
        monkeypatch.setattr(snapshot_module, "opened_below", opened_below)
        with built.writing() as writer:
            for number in range(3):
                writer.publish(put=[indexed(f"{number}.txt", story("煤炭。"))], remove=())
        return opened_below(folder, name)

    monkeypatch.setattr(snapshot_module, "opened_below", late)

    with built.reading() as snapshot:
        assert snapshot.version.startswith("4-")


def test_what_versions_share_is_counted_once(built: Place) -> None:
    with built.writing() as writer:
        writer.publish(put=[indexed(f"{at}.txt", story(f"第{at}号煤炭。")) for at in range(400)], remove=())
        writer.publish(put=[indexed("又.txt", story("煤炭。"))], remove=())
    (built.folder / "batches.sqlite").write_bytes(b"x" * 1_000_000)

    with built.reading() as snapshot:
        counted = snapshot.statistics().bytes
        files = [path.stat() for path in built.folder.rglob("*") if path.is_file()]
    assert counted == sum({each.st_ino: each.st_size for each in files}.values()) - 1_000_000


def test_a_catalogue_that_was_removed_is_missing(built: Place) -> None:
    (built.folder / FILE).unlink()

    with pytest.raises(IndexMissing), built.reading():
        pass


@pytest.mark.parametrize(
    "stored", ["", "{}", "null", "[]", '{"generation": 1}', '{"generation": 1, "encoder": 5, "files": {}}']
)
@pytest.mark.parametrize("how", ["reading", "writing"])
def test_a_manifest_that_is_none_is_damage(built: Place, stored: str, how: str) -> None:
    statement(built, f"UPDATE manifest SET json = '{stored}'")

    with pytest.raises(IndexDamaged, match="清单无法读取"), getattr(built, how)():
        pass


def test_a_source_text_that_was_changed_is_damage_where_it_is_cited(built: Place) -> None:
    statement(built, "UPDATE sources SET text = replace(text, '李某', '王某') WHERE name = '二月/甲.txt'")

    with built.reading() as snapshot:
        with pytest.raises(IndexDamaged, match=r"来源 二月/甲\.txt 的原文与入库时不同"):
            snapshot.cite([2])
        with pytest.raises(IndexDamaged, match=r"来源 二月/甲\.txt"):
            snapshot.source("二月/甲.txt")
        assert snapshot.cite([4])[0].passage.text == "玛钢企业签约二十份协议。"


def test_a_passage_that_was_changed_is_damage_where_it_is_cited(built: Place) -> None:
    statement(built, "UPDATE passages SET text = replace(text, '李某', '王某') WHERE number = 2")

    with built.reading() as snapshot:
        with pytest.raises(IndexDamaged, match="段落 2 与写入时不同"):
            snapshot.cite([2])
        assert snapshot.cite([1])[0].passage.text == "大会在京开幕。"


@pytest.mark.parametrize(
    "origin", ["[]", "garbage", "[[1]]", '[["?", 0, 7]]', '[["?", 9, 2]]', "null", '[["?", -7, 0]]']
)
def test_an_origin_that_was_changed_is_damage_where_it_is_cited(built: Place, origin: str) -> None:
    made = origin.replace("?", pages()[0].source.id)
    statement(built, f"UPDATE passages SET origin = '{made}' WHERE number = 2")

    with built.reading() as snapshot, pytest.raises(IndexDamaged):
        snapshot.cite([2])


@pytest.mark.parametrize(
    "told", ["garbage", "[]", "null", '{"title": [9, 2]}', '{"whole": true}', '{"date": 5}']
)
def test_what_a_format_told_that_was_changed_is_damage(built: Place, told: str) -> None:
    statement(built, f"UPDATE sources SET told = '{told}' WHERE name = '二月/甲.txt'")

    with built.reading() as snapshot:
        with pytest.raises(IndexDamaged):
            snapshot.source("二月/甲.txt")
        with pytest.raises(IndexDamaged):
            snapshot.cite([1])
    with built.writing() as writer, pytest.raises(IndexDamaged):
        list(writer.held())


def test_an_article_in_a_source_that_is_not_held_is_damage(built: Place) -> None:
    statement(built, "UPDATE articles SET places = '[[\"x\", 0, 3]]' WHERE date = '2023-03-01'")

    with built.reading() as snapshot, pytest.raises(IndexDamaged):
        snapshot.articles(Filters())


def test_only_the_articles_of_a_page_are_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    days = [date(2023, 1, 1 + number % 28) for number in range(120)]
    stories = [story("新建学校7所。", title="全市新建学校7所", day=day) for day in days]
    with place.writing() as writer:
        writer.publish(put=[indexed(f"{at}.txt", *stories[12 * at :][:12]) for at in range(10)], remove=())
    rows: list[str] = []

    def counted(row: Sequence[Any]) -> Article:
        rows.append(row[0])
        return article_from_row(row)

    monkeypatch.setattr("qa.store.catalogue.article_from_row", counted)
    with place.reading() as snapshot:
        for filters in (Filters(), Filters(first=date(2023, 1, 9)), Filters(sources=("1.txt", "*3*"))):
            listed = snapshot.listed(filters)
            page = snapshot.articles_by_id([each.id for each in listed[2:7]])
            assert [each.article.id for each in page] == [each.id for each in listed[2:7]]
            assert sorted(rows) == sorted(each.id for each in listed[2:7])
            rows.clear()
            assert len(snapshot.passages_within(filters) or days) == len(listed)
        assert snapshot.newest() == date(2023, 1, 28)
        assert snapshot.statistics().articles == 120
        assert len(snapshot.sources()) == 10
        assert rows == []
        (example,) = examples(snapshot, limit=1)
        assert rows == [example.printed.article.id]


def test_an_article_that_is_not_shown_keeps_no_other_from_being_shown(built: Place) -> None:
    statement(built, "UPDATE articles SET facts = 'garbage' WHERE date = '2023-03-01'")

    with built.reading() as snapshot:
        ids = [each.id for each in snapshot.listed(Filters())]
        assert len(ids) == 4
        assert len(snapshot.articles_by_id(ids[1:])) == 3
        with pytest.raises(IndexDamaged, match="与写入时不同"):
            snapshot.articles_by_id(ids[:1])


def test_what_passes_filters_is_chosen_once_and_no_more_is_remembered_than_may_be() -> None:
    chosen: list[Filters] = []

    def choose(filters: Filters) -> tuple[str, ...]:
        chosen.append(filters)
        return filters.sources

    one, two, three = (Filters(sources=("甲",) * size) for size in (1, 2, 3))
    remembered = Remembered[tuple[str, ...]](most=4)

    for filters in (one, two, one, two, three, three, one):
        assert remembered.of(filters, choose) == filters.sources
    assert chosen == [one, two, three, one]


def test_partners_are_looked_up_and_not_looked_for(built: Place) -> None:
    connection = sqlite3.connect(built.folder / FILE)
    plan = connection.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM parts WHERE published IN (?)", ("",)
    ).fetchall()
    connection.close()

    assert "USING INDEX parts_of_day" in plan[0][3]


@pytest.mark.parametrize("column", ["facts", "places"])
def test_an_article_that_was_changed_is_damage(built: Place, column: str) -> None:
    statement(built, f"UPDATE articles SET {column} = 'garbage' WHERE date = '2023-03-01'")

    with built.reading() as snapshot:
        with pytest.raises(IndexDamaged):
            snapshot.articles(Filters())
        with pytest.raises(IndexDamaged):
            snapshot.cite([4])


def test_a_passage_that_is_gone_is_damage(built: Place) -> None:
    with built.reading() as snapshot, pytest.raises(IndexDamaged, match="第 77 号段落不见了"):
        snapshot.cite([1, 77])


def test_a_passage_less_in_the_catalogue_is_damage(built: Place) -> None:
    statement(built, "DELETE FROM passages WHERE number = 3")

    with pytest.raises(IndexDamaged, match=r"catalogue\.sqlite 的行数与清单不一致"), built.reading():
        pass


def test_the_size_counts_every_file_of_the_index(built: Place) -> None:
    with built.reading() as snapshot:
        on_disk = sum(path.stat().st_size for path in built.folder.rglob("*") if path.is_file())
        assert snapshot.statistics().bytes == on_disk


def test_two_indexes_of_the_same_sources_have_versions_of_their_own(built: Place, tmp_path: Path) -> None:
    other = Place(folder=tmp_path / "other", tokens=built.tokens)
    with other.writing() as writer:
        writer.publish(put=pages(), remove=())

    with built.reading() as one, other.reading() as two:
        assert one.version.startswith("1-")
        assert two.version.startswith("1-")
        assert one.version != two.version


def test_many_threads_may_ask_one_snapshot(built: Place) -> None:
    question = FakeEncoder().embed_questions(["玛钢企业签约二十份协议。"])[0]

    with built.reading() as snapshot, ThreadPoolExecutor(8) as pool:

        def asked(_: int) -> list[str]:
            hits = snapshot.search_dense(question, limit=2, within=None)
            hits += snapshot.search_lexical("玛钢", limit=2, within=snapshot.passages_within(Filters()))
            return [each.source_name for each in snapshot.cite([hit.number for hit in hits])]

        found = list(pool.map(asked, range(64)))

    assert found == [["三月/乙.txt", "丙[1].txt"] * 2] * 64


def test_more_passages_than_one_statement_takes_are_cited(place: Place) -> None:
    texts = [f"第{number}次大会开幕。" for number in range(1200)]
    with place.writing() as writer:
        writer.publish(put=[indexed("长.txt", *(story(text) for text in texts))], remove=())

    with place.reading() as snapshot:
        cited = snapshot.cite(range(1200, 0, -1))
        assert [each.passage.text for each in cited] == texts[::-1]
        assert snapshot.passages_within(Filters(sources=("长.*",))) == set(range(1, 1201))


def test_a_name_in_brackets_is_a_name_before_it_is_a_pattern(built: Place) -> None:
    with built.reading() as snapshot:
        assert snapshot.passages_within(Filters(sources=("丙[1].txt",))) == {5}
        assert snapshot.passages_within(Filters(sources=("丙?1?.txt",))) == {5}


def test_a_folder_with_an_odd_name_holds_an_index(tmp_path: Path, place: Place) -> None:
    odd = Place(folder=tmp_path / "a b?c#d%20é目录", tokens=place.tokens)
    with odd.writing() as writer:
        writer.publish(put=pages(), remove=())

    assert len(odd.names()) == 3
    assert (odd.folder / FILE).is_file()


def test_a_nul_in_a_source_is_kept_and_counted(place: Place) -> None:
    with place.writing() as writer:
        writer.publish(put=[indexed("甲.txt", story("大会\x00开幕。"))], remove=())

    with place.reading() as snapshot:
        assert snapshot.source("甲.txt").text == "大会\x00开幕。\n"
        assert snapshot.sources()[0].characters == 7


@pytest.mark.parametrize("name", ["dense/000000000001-5.faiss", "lexical/meta.json"])
def test_a_derived_file_that_was_written_wrong_is_damage(built: Place, name: str) -> None:
    path = built.folder / "generations" / "00000001" / name
    path.write_bytes(b"garbage")
    connection = sqlite3.connect(built.folder / FILE)
    (stored,) = connection.execute("SELECT json FROM manifest").fetchone()
    manifest = json.loads(stored)
    manifest["files"][name] = [7, hashlib.sha256(b"garbage").hexdigest()]
    with connection:
        text = json.dumps(manifest, ensure_ascii=False)
        row = (text, hashlib.sha256(text.encode()).hexdigest())
        connection.execute("UPDATE manifest SET json = ?, digest = ?", row)
    connection.close()
    with (
        pytest.raises(IndexDamaged, match=r"catalogue\.sqlite 与 published\.json 不是一起写成的"),
        built.reading(),
    ):
        pass
    (built.folder / "published.json").unlink()

    with pytest.raises(IndexDamaged, match="检索文件无法载入"), built.reading():
        pass


@pytest.fixture
def unread_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an engine made with models that need not be read."""
    monkeypatch.setattr(assemble, "make_encoder", lambda _: FakeEncoder())
    monkeypatch.setattr(assemble, "make_reader", lambda _: FakeReader())


@pytest.mark.usefixtures("unread_models")
@pytest.mark.parametrize("opening", [assemble.open_engine, assemble.open_live])
def test_what_was_hashed_before_the_models_are_read_is_not_hashed_again(
    built: Place, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []

    def digest_of(file: BinaryIO) -> str:
        hashed.append(os.fstat(file.fileno()).st_ino)
        return files_digest(file)

    files_digest = files_module.digest_of
    monkeypatch.setattr(files_module, "digest_of", digest_of)
    with opening(Settings(index=built.folder)):
        pass

    assert sorted(hashed) == sorted(path.stat().st_ino for path in built.derived())


@pytest.mark.parametrize("opening", [assemble.open_engine, assemble.open_live])
def test_a_file_that_is_damaged_while_the_models_are_read_is_damage(
    built: Place, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = next(path for path in built.derived() if path.suffix == ".idx")

    def make_encoder(_: Settings) -> FakeEncoder:
        flip(words)
        return FakeEncoder()

    monkeypatch.setattr(assemble, "make_encoder", make_encoder)
    monkeypatch.setattr(assemble, "make_reader", lambda _: FakeReader())

    with pytest.raises(IndexDamaged, match=words.name), opening(Settings(index=built.folder)):
        pass


@pytest.mark.parametrize("opening", [assemble.open_engine, assemble.open_live])
def test_a_damaged_index_is_told_before_a_model_is_read(
    built: Place, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(built.derived()[0])
    monkeypatch.setattr(assemble, "make_encoder", lambda _: pytest.fail("a model was read"))

    with pytest.raises(IndexDamaged), opening(Settings(index=built.folder)):
        pass


@pytest.mark.parametrize(("times", "told"), [(3, False), (4, True)])
def test_what_a_writer_has_committed_and_not_yet_noted_is_waited_for(
    built: Place, monkeypatch: pytest.MonkeyPatch, times: int, told: bool
) -> None:
    tried: list[Path] = []

    def not_yet(connection: sqlite3.Connection, folder: Path, *, noted: Manifest | None) -> Manifest:
        tried.append(folder)
        if len(tried) <= times:
            raise IndexDamaged("目录库比最后发布的版本旧")
        return published_in(connection, folder, noted=noted)

    monkeypatch.setattr(snapshot_module, "published_in", not_yet)

    if told:
        with pytest.raises(IndexDamaged, match="比最后发布的版本旧"), built.reading():
            pass
    else:
        assert len(built.names()) == 3
    assert len(tried) == 4
