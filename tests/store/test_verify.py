"""Verifying finds whatever is not what was written, and nothing where all is."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from qa.errors import IndexDamaged, IndexMissing, IndexStale
from qa.store.findings import Verification
from qa.store.published import WITNESS
from qa.store.schema import FILE
from qa.store.verify import verify
from tests.fakes import FakeEncoder
from tests.store.conftest import Place, flip


def verified(place: Place, *, deep: bool = True, encoder: FakeEncoder | None = None) -> Verification:
    return verify(place.folder, tokens=place.tokens, deep=deep, encoder=encoder or FakeEncoder())


def execute(place: Place, statement: str) -> None:
    connection = sqlite3.connect(place.folder / FILE)
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_sound_index_is_found_so_and_what_was_looked_at_is_counted(built: Place) -> None:
    made = verified(built)

    assert made.sound
    assert made.version.startswith("1-")
    assert made.checked == {
        "sources": 3,
        "parts": 0,
        "passages": 5,
        "articles": 4,
        "printed": 4,
        "files": len(built.derived()),
        "vectors": 5,
        "embedded": 5,
    }


def test_the_quick_look_reads_no_row_and_no_file(built: Place) -> None:
    made = verified(built, deep=False)

    assert made.sound
    assert made.checked == {"files": len(built.derived())}


def test_a_flipped_byte_in_a_derived_file_is_found_deeply_alone(built: Place) -> None:
    for path in built.derived():
        kept = path.read_bytes()
        flip(path)

        assert verified(built, deep=False).sound
        (error,) = verified(built).errors
        assert path.name in str(error)
        assert "qa repair" in str(error)
        path.write_bytes(kept)


def test_a_shorter_file_is_found_at_a_quick_look(built: Place) -> None:
    path = built.derived()[-1]
    os.truncate(path, 3)

    (error,) = verified(built, deep=False).errors

    assert isinstance(error, IndexDamaged)
    assert path.name in str(error)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE sources SET text = text || 'x' WHERE name LIKE '%甲%'", "的原文与入库时不同"),
        ("UPDATE sources SET characters = 7 WHERE name LIKE '%甲%'", "与写入时不同"),
        ("UPDATE articles SET facts = replace(facts, '2023-03-01', '2023-03-02')", "文章"),
        ("UPDATE passages SET searched = '别的' WHERE number = 2", "段落 2"),
        ("UPDATE passages SET vector = zeroblob(128) WHERE number = 2", "段落 2"),
        ("UPDATE passages SET number = 99 WHERE number = 2", "段落 99"),
        ("UPDATE printed SET passages = 9", "printed"),
        ("DELETE FROM passages WHERE number = 2", "行数与清单不一致"),
        ("CREATE TRIGGER t AFTER INSERT ON parts BEGIN DELETE FROM sources; END", "其中的表与格式不符"),
        ("UPDATE manifest SET json = replace(json, 'fake', 'real')", "清单无法读取"),
    ],
)
def test_a_row_that_is_not_what_was_written_is_found(built: Place, statement: str, told: str) -> None:
    execute(built, statement)

    made = verified(built)

    assert any(told in str(error) for error in made.errors), made.errors


def test_a_text_that_is_no_text_any_more_is_named_and_all_else_is_looked_at(built: Place) -> None:
    path = built.folder / FILE
    content = path.read_bytes()
    assert content.count("在京开幕".encode()) > 1
    path.write_bytes(content.replace("在京开幕".encode(), b"\xff" * 12))

    made = verified(built)

    assert any("段落 1 " in str(error) and "qa index --rebuild" in str(error) for error in made.errors)
    assert any("二月/甲.txt" in str(error) and "qa remove" in str(error) for error in made.errors)
    assert (made.checked["sources"], made.checked["passages"]) == (3, 5)


def test_a_catalogue_with_a_broken_page_is_told_among_what_was_found(built: Place) -> None:
    path = built.folder / FILE
    content = bytearray(path.read_bytes())
    for start in range(4096 * 3, len(content), 4096):
        content[start : start + 16] = b"\xff" * 16
    path.write_bytes(bytes(content))

    assert any("catalogue.sqlite 已损坏" in str(error) for error in verified(built).errors)


def test_a_vector_that_is_not_of_its_text_is_found(built: Place) -> None:
    class Drifted(FakeEncoder):
        def embed_passages(self, passages):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            return self._embed(["别的文字" for _ in passages])

    made = verified(built, encoder=Drifted())

    assert len(made.errors) == 5
    assert "的向量与它的文字不符" in str(made.errors[0])


def test_another_encoder_is_told_and_all_else_is_looked_at(built: Place) -> None:
    made = verified(built, encoder=FakeEncoder(name="other", digest="ab" * 32))

    (error,) = made.errors
    assert isinstance(error, IndexStale)
    assert made.checked["vectors"] == 5


def test_a_catalogue_that_is_behind_what_was_published_is_found(built: Place) -> None:
    kept = (built.folder / FILE).read_bytes()
    with built.writing() as writer:
        writer.publish(put=(), remove=["二月/甲.txt"])
    (built.folder / FILE).write_bytes(kept)

    (error,) = verified(built, deep=False).errors
    assert "catalogue.sqlite 是第 1 版，而第 2 版已经发布过" in str(error)
    with pytest.raises(IndexDamaged, match="最后的改动不见了"), built.reading():
        pass
    with pytest.raises(IndexDamaged, match="最后的改动不见了"), built.writing():
        pass


@pytest.mark.parametrize("content", [b"", b"garbage", b"{}", b'{"manifest": "{}", "digest": ""}', b"[]"])
def test_a_damaged_note_is_found(built: Place, content: bytes) -> None:
    (built.folder / WITNESS).write_bytes(content)

    assert any(WITNESS in str(error) for error in verified(built).errors)
    with pytest.raises(IndexDamaged, match="published"), built.reading():
        pass


@pytest.mark.parametrize(
    "name",
    [
        "catalogue.sqlite",
        "generations",
        "generations/00000001",
        "generations/00000001/lexical",
        "published.json",
    ],
)
def test_links_in_the_place_of_files_and_folders_are_not_followed(
    built: Place, tmp_path: Path, name: str
) -> None:
    (built.folder / name).rename(tmp_path / "elsewhere")
    (built.folder / name).symlink_to(tmp_path / "elsewhere")

    if name == "published.json":
        # It is as if there were none.
        assert built.names() == ["三月/乙.txt", "丙[1].txt", "二月/甲.txt"]
        return
    assert all(name.split("/")[-1] in str(error) for error in verified(built, deep=False).errors)
    for opening in (built.reading, built.writing):
        with pytest.raises(IndexDamaged, match=name.split("/")[-1]), opening():
            pass


def test_without_an_index_there_is_nothing_to_verify(place: Place) -> None:
    with pytest.raises(IndexMissing):
        verified(place)
