"""Repairing makes again what is derived, and says what it cannot mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import IndexMissing
from qa.store.published import WITNESS
from qa.store.repair import Repair, repair
from qa.store.schema import FILE
from qa.store.verify import verify
from tests.contracts import pages
from tests.fakes import FakeEncoder, indexed, story
from tests.store.conftest import Place, flip
from tests.store.test_verify import execute

ALL = ["三月/乙.txt", "丙[1].txt", "二月/甲.txt"]


def repaired(place: Place) -> Repair:
    made = repair(place.folder, tokens=place.tokens)
    if not made.left:
        assert verify(place.folder, tokens=place.tokens, deep=True, encoder=FakeEncoder()).sound
    return made


def found(place: Place, question: str) -> list[tuple[str, float]]:
    with place.reading() as snapshot:
        hits = snapshot.search_lexical(question, limit=5, within=None)
        hits += snapshot.search_dense(FakeEncoder().embed_questions([question])[0], limit=5, within=None)
        cited = snapshot.cite([hit.number for hit in hits])
        return [(each.passage.text, hit.score) for each, hit in zip(cited, hits, strict=True)]


def test_nothing_is_done_where_nothing_is_wrong(built: Place) -> None:
    with built.reading() as snapshot:
        version = snapshot.version

    assert repaired(built) == Repair(version=version)


@pytest.mark.parametrize(
    ("pattern", "mended"), [("*.faiss", "dense/（向量检索）"), ("meta.json", "lexical/（词面检索）")]
)
def test_a_damaged_search_is_made_again_and_the_other_is_kept(
    built: Place, pattern: str, mended: str
) -> None:
    before = found(built, "玛钢企业")
    others = {p.stat().st_ino for p in built.derived() if not p.match(pattern)}
    flip(next(p for p in built.derived() if p.match(pattern)))

    made = repaired(built)

    assert made.mended == (mended,)
    assert made.version.startswith("2-")
    assert found(built, "玛钢企业") == before
    assert others & {p.stat().st_ino for p in built.derived()}
    assert [p.name for p in (built.folder / "generations").iterdir()] == ["00000002"]


def test_all_derived_files_are_made_again_where_all_are_gone(built: Place) -> None:
    before = found(built, "玛钢企业")
    for path in built.derived():
        path.unlink()

    assert len(repaired(built).mended) == 2
    assert found(built, "玛钢企业") == before
    assert built.names() == ALL


@pytest.mark.parametrize("name", ["generations", "generations/00000001"])
def test_a_link_in_the_place_of_a_folder_goes_and_nothing_is_written_where_it_led(
    built: Place, tmp_path: Path, name: str
) -> None:
    (built.folder / name).rename(tmp_path / "elsewhere")
    (built.folder / name).symlink_to(tmp_path / "elsewhere")
    before = sorted((tmp_path / "elsewhere").rglob("*"))

    repair(built.folder, tokens=built.tokens)

    assert built.names() == ALL
    assert sorted((tmp_path / "elsewhere").rglob("*")) == before
    assert not any(path.is_symlink() for path in built.folder.rglob("*"))


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"manifest": "{\\"generation\\": 1e999}"}'])
def test_a_note_that_nothing_could_have_written_is_written_anew(built: Place, content: bytes) -> None:
    (built.folder / WITNESS).write_bytes(content)

    assert repair(built.folder, tokens=built.tokens).mended == (WITNESS,)
    assert built.names() == ALL


def test_a_damaged_note_is_written_anew(built: Place) -> None:
    (built.folder / WITNESS).write_bytes(b"")

    assert repaired(built).mended == (WITNESS,)
    assert built.names() == ALL


def test_a_damaged_manifest_is_taken_from_the_note(built: Place) -> None:
    execute(built, "UPDATE manifest SET json = '{}'")

    assert repaired(built).mended == ("清单",)
    assert built.names() == ALL


def test_without_either_the_encoder_is_unknown_and_nothing_is_published(built: Place) -> None:
    execute(built, "UPDATE manifest SET json = '{}'")
    (built.folder / WITNESS).write_bytes(b"")

    made = repaired(built)

    assert [str(error).partition("；")[2][:22] for error in made.left] == ["请重建：qa index --rebuild"]


def test_where_articles_are_printed_is_worked_out_again(built: Place) -> None:
    execute(built, "DELETE FROM printed")

    assert repaired(built).mended == ("catalogue.sqlite 中文章与来源的对照",)
    with built.reading() as snapshot:
        assert [each.passages for each in snapshot.sources()] == [1, 1, 3]


@pytest.mark.parametrize(
    ("statement", "remedy"),
    [
        ("UPDATE sources SET text = text || 'x' WHERE name LIKE '%甲%'", "qa remove"),
        ("UPDATE passages SET text = '改' WHERE number = 1", "qa index --rebuild"),
        ("DELETE FROM articles WHERE date = '2023-03-01'", "qa index --rebuild"),
    ],
)
def test_what_was_not_derived_is_told_with_what_to_do(built: Place, statement: str, remedy: str) -> None:
    execute(built, statement)
    with_files = {p: p.read_bytes() for p in built.derived()}

    made = repaired(built)

    assert made.version == ""
    assert made.left
    assert all(remedy in str(error) for error in made.left[:1])
    assert {p: p.read_bytes() for p in built.derived()} == with_files


def test_a_source_that_was_damaged_can_be_removed_and_given_again(built: Place) -> None:
    execute(built, "UPDATE sources SET text = text || 'x' WHERE name LIKE '%甲%'")

    with built.writing() as writer:
        writer.publish(put=(), remove=["二月/甲.txt"])
        writer.publish(put=[page for page in pages() if page.source.name == "二月/甲.txt"], remove=())

    assert built.names() == ALL
    assert repaired(built).mended == ()


def test_a_catalogue_that_is_behind_is_gone_on_with_and_the_loss_is_told(built: Place) -> None:
    kept = (built.folder / FILE).read_bytes()
    with built.writing() as writer:
        writer.publish(put=[indexed("丁.txt", story("煤炭。"))], remove=["二月/甲.txt"])
    (built.folder / FILE).write_bytes(kept)

    made = repaired(built)

    assert made.version.startswith("3-")
    assert "第 2 版的改动不见了" in made.lost[0]
    assert built.names() == ALL


def test_without_an_index_there_is_nothing_to_repair(place: Place, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        repair(place.folder, tokens=place.tokens)
