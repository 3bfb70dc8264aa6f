"""Answers that are kept: for some days, so many at most, by ids that nobody guesses."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.errors import (
    AnswerWithdrawn,
    DiskFull,
    IndexDamaged,
    KeptFileDamaged,
    NotFound,
    SurroundingsFailed,
)
from qa.store import beside
from qa.store.answers import FILE, KeptAnswers, Withdrawal
from qa.store.publications import LocalPublications
from qa.store.snapshot import LocalSnapshot
from qa.store.tokens import Tokens
from qa.store.writer import LocalWriter
from tests.fakes import FakeEncoder, indexed, story
from tests.store.conftest import DAY_S, NOON, Clock


@pytest.fixture
def kept(tmp_path: Path, clock: Clock) -> Iterator[KeptAnswers]:
    opened = KeptAnswers(tmp_path, days=30, most=100, clock=clock)
    yield opened
    opened.close()


def test_an_answer_comes_back_as_it_was_given(kept: KeptAnswers) -> None:
    id = kept.keep('{"answer": "20.2元"}', sources=["甲.txt"]).id

    again = kept.get(id)

    assert (again.id, again.body, again.asked_at) == (id, '{"answer": "20.2元"}', NOON)


def test_ids_are_long_random_and_fit_in_an_address(kept: KeptAnswers) -> None:
    ids = {kept.keep("{}", sources=[]).id for _ in range(50)}

    assert len(ids) == 50
    # 24 characters of 6 bits.
    assert all(len(id) == 24 and id.replace("-", "").replace("_", "").isalnum() for id in ids)


def test_after_its_days_an_answer_is_gone_and_then_deleted(
    kept: KeptAnswers, clock: Clock, tmp_path: Path
) -> None:
    id = kept.keep("{}", sources=["甲.txt"]).id
    clock.now += 30 * DAY_S - 1
    assert kept.get(id).id == id

    clock.now += 1
    with pytest.raises(NotFound):
        kept.get(id)
    assert len(kept) == 1
    kept.keep("{}", sources=[])
    assert len(kept) == 1


def test_of_too_many_the_oldest_go(tmp_path: Path, clock: Clock) -> None:
    kept = KeptAnswers(tmp_path, days=30, most=3, clock=clock)
    ids = [kept.keep(str(number), sources=["甲.txt"]).id for number in range(5)]

    assert len(kept) == 3
    assert [kept.get(id).body for id in ids[2:]] == ["2", "3", "4"]
    with pytest.raises(NotFound):
        kept.get(ids[1])
    kept.close()


def test_a_deleted_answer_is_gone_from_the_file(kept: KeptAnswers, tmp_path: Path) -> None:
    id = kept.keep("机密的问题", sources=["甲.txt"]).id
    kept.delete(id)

    with pytest.raises(NotFound):
        kept.get(id)
    with pytest.raises(NotFound):
        kept.delete(id)
    kept.close()
    assert "机密的问题".encode() not in (tmp_path / FILE).read_bytes()


def test_what_quotes_a_source_that_is_gone_goes_with_it_but_for_its_question(
    kept: KeptAnswers, clock: Clock, tmp_path: Path
) -> None:
    asked = '{"question": "谁主持会议？", "answer": "机密的人"}'
    id = kept.keep(asked, sources=["甲.txt"]).id

    assert kept.keep_only(["乙.txt"], before=clock.now + 1) == 1

    with pytest.raises(AnswerWithdrawn, match="来源已被移除") as told:
        kept.get(id)
    assert told.value.question == "谁主持会议？"
    assert len(kept) == 0
    clock.now += 30 * DAY_S
    kept.keep("{}", sources=[])
    with pytest.raises(NotFound):
        kept.delete(id)
    kept.close()
    assert "机密的人".encode() not in (tmp_path / FILE).read_bytes()


def test_what_is_left_of_a_withdrawn_answer_can_be_deleted(kept: KeptAnswers) -> None:
    id = kept.keep("{}", sources=["甲.txt"]).id
    kept.withdraw(id, reason=Withdrawal.CHANGED)
    with pytest.raises(AnswerWithdrawn, match="已经改动"):
        kept.get(id)

    kept.delete(id)

    with pytest.raises(NotFound):
        kept.get(id)


def test_what_was_answered_since_a_version_was_looked_for_is_spared(kept: KeptAnswers, clock: Clock) -> None:
    looked = clock.now
    clock.now += 0.5
    id = kept.keep("of a later version", sources=["新.txt"]).id

    assert kept.keep_only(["甲.txt"], before=looked) == 0

    assert kept.get(id).body == "of a later version"


def test_of_what_quotes_several_sources_one_that_is_gone_is_enough(kept: KeptAnswers, clock: Clock) -> None:
    both = kept.keep("both", sources=["甲.txt", "乙.txt"]).id
    one = kept.keep("one", sources=["甲.txt"]).id
    none = kept.keep("none", sources=[]).id

    assert kept.keep_only(["甲.txt", "丙.txt"], before=clock.now + 1) == 1

    with pytest.raises(AnswerWithdrawn):
        kept.get(both)
    assert [kept.get(id).body for id in (one, none)] == ["one", "none"]
    assert kept.keep_only(["甲.txt"], before=clock.now + 1) == 0


@pytest.mark.parametrize("id", ["", "none", "'; DROP TABLE answers; --", "\ud800", "../answers", "\0"])
def test_an_id_that_is_none_is_not_found(kept: KeptAnswers, id: str) -> None:
    with pytest.raises(NotFound):
        kept.get(id)
    with pytest.raises(NotFound):
        kept.delete(id)


def test_answers_outlive_a_restart_and_are_shared(tmp_path: Path, clock: Clock) -> None:
    first = KeptAnswers(tmp_path, days=30, most=100, clock=clock)
    second = KeptAnswers(tmp_path, days=30, most=100, clock=clock)
    id = first.keep("{}", sources=["甲.txt"]).id
    assert second.get(id).id == id
    second.delete(id)
    with pytest.raises(NotFound):
        first.get(id)
    kept = first.keep("{}", sources=[]).id
    first.close()
    second.close()

    third = KeptAnswers(tmp_path, days=30, most=100, clock=clock)
    assert third.get(kept).id == kept
    third.close()


def test_nobody_else_may_read_the_file(kept: KeptAnswers, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(os.urandom(5000))

    with pytest.raises(KeptFileDamaged) as told:
        KeptAnswers(tmp_path, days=30, most=100)
    assert str(told.value) == (
        f"回答存档 {tmp_path / FILE} 已损坏（file is not a database）；请停下服务，"
        "移走它与同名的 -wal、-shm 文件，再启动：会另建一个空的，原有的回答存档不再可用；索引不受影响"
    )

    for path in tmp_path.glob(f"{FILE}*"):
        path.unlink()
    KeptAnswers(tmp_path, days=30, most=100).close()


def test_pages_of_the_file_that_are_overwritten_are_told_as_its_own_damage(
    kept: KeptAnswers, tmp_path: Path
) -> None:
    ids = [kept.keep("很长的回答" * 500, sources=["甲.txt"]).id for _ in range(20)]
    kept.close()
    path = tmp_path / FILE
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    again = KeptAnswers(tmp_path, days=30, most=100)

    for call in (lambda: again.get(ids[0]), lambda: again.keep("{}", sources=[]), lambda: len(again)):
        with pytest.raises(KeptFileDamaged, match=rf"^回答存档 {path} 已损坏"):
            call()
    again.close()


def test_another_process_that_holds_the_file_is_told_with_its_name(
    kept: KeptAnswers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "PATIENCE_S", 0.1)
    impatient = KeptAnswers(tmp_path, days=30, most=100)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    told = rf"^回答存档 {tmp_path / FILE} 无法读写：database is locked"
    with pytest.raises(SurroundingsFailed, match=told):
        impatient.keep("{}", sources=[])
    impatient.close()
    other.close()


def test_a_full_disk_is_told_as_one_and_what_comes_later_is_kept(kept: KeptAnswers) -> None:
    with kept._file.reading() as connection:
        connection.execute("PRAGMA max_page_count = 1")  # as large as it is now, and no larger

    with pytest.raises(DiskFull):
        kept.keep("长" * 1_000_000, sources=["甲.txt"])

    assert kept.get(kept.keep("{}", sources=[]).id).body == "{}"


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(SurroundingsFailed):
        KeptAnswers(tmp_path, days=30, most=100)


def test_index_and_answers_do_not_disturb_each_other(tmp_path: Path) -> None:
    def publish(name: str) -> None:
        writer = LocalWriter(tmp_path, encoder=FakeEncoder().identity, tokens=Tokens())
        writer.publish(put=[indexed(name, story("煤炭产量增长。"))], remove=())
        writer.close()

    publish("甲.txt")
    publications = LocalPublications(tmp_path, encoder=FakeEncoder().identity, tokens=Tokens())
    size = opened_size(publications)
    kept = KeptAnswers(tmp_path, days=30, most=100)
    id = kept.keep("很长的回答" * 1000, sources=["甲.txt"]).id
    assert opened_size(publications) == size

    before = publications.latest()
    for name in ("乙.txt", "丙.txt", "丁.txt"):
        publish(name)

    assert kept.get(id).body.startswith("很长的回答")
    snapshot = publications.open()
    assert snapshot.version == publications.latest() != before
    assert [each.name for each in snapshot.sources()] == ["丁.txt", "丙.txt", "乙.txt", "甲.txt"]
    snapshot.close()
    kept.close()


def opened_size(publications: LocalPublications) -> int:
    snapshot: LocalSnapshot = publications.open()
    try:
        return snapshot.statistics().bytes
    finally:
        snapshot.close()


def test_a_version_that_is_damaged_is_told_when_it_is_opened_and_a_missing_index_before(
    tmp_path: Path,
) -> None:
    writer = LocalWriter(tmp_path, encoder=FakeEncoder().identity, tokens=Tokens())
    writer.publish(put=[indexed("甲.txt", story("煤炭产量增长。"))], remove=())
    writer.close()
    publications = LocalPublications(tmp_path, encoder=FakeEncoder().identity, tokens=Tokens())
    next((tmp_path / "generations").rglob("*.faiss")).write_bytes(b"")

    assert publications.latest()[:2] == "1-"
    with pytest.raises(IndexDamaged, match=r"dense/000000000001-1\.faiss"):
        publications.open()
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite")
    connection.execute("DELETE FROM manifest")
    connection.commit()
    connection.close()
    with pytest.raises(Exception, match="还是空的"):
        publications.latest()
