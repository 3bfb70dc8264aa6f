"""Batches that are kept: a question's prediction and the count of what was asked are written in one step."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qa.errors import KeptFileDamaged, NotFound, QueueFull, SurroundingsFailed
from qa.store.batch_rows import BatchState, Due
from qa.store.batches import FILE, VERSIONS, KeptBatches
from qa.store.snapshot import size_of
from tests.store.conftest import DAY_S, NOON, Clock


@pytest.fixture
def kept(tmp_path: Path, clock: Clock) -> Iterator[KeptBatches]:
    opened = KeptBatches(tmp_path, days=30, most=3, clock=clock)
    yield opened
    opened.close()


def next_of(kept: KeptBatches) -> Due:
    due = kept.due()
    assert due is not None
    return due


def ask(kept: KeptBatches, count: int, *, version: str = "1") -> list[str]:
    """Ask so many questions; return them as they came."""
    asked = []
    for _ in range(count):
        due = next_of(kept)
        assert kept.keep(due, f"{due.question}！\n", version=version, pace=2.0)
        asked.append(due.question)
    return asked


def test_nothing_is_written_before_the_first_batch(kept: KeptBatches, tmp_path: Path) -> None:
    assert (kept.all(), kept.due(), kept.sweep()) == ([], None, 0)
    with pytest.raises(NotFound):
        kept.get("x")
    assert list(tmp_path.iterdir()) == []

    kept.add(["甲"], name="q", passages=20)

    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_questions_come_in_order_and_their_predictions_back(kept: KeptBatches) -> None:
    made = kept.add(["甲", "乙", "丙"], name="问题.jsonl", passages=7)
    assert (made.state, made.asked, made.total, made.passages) == (BatchState.WAITING, 0, 3, 7)
    assert next_of(kept).passages == 7

    assert ask(kept, 2) == ["甲", "乙"]

    half = kept.get(made.id)
    assert (half.state, half.asked, half.pace, half.ended_at) == (BatchState.RUNNING, 2, 2.0, None)
    assert kept.predictions(made.id, after=0, most=10) == ["甲！\n", "乙！\n"]
    assert kept.predictions(made.id, after=1, most=1) == ["乙！\n"]
    assert ask(kept, 1) == ["丙"]
    done = kept.get(made.id)
    assert (done.state, done.asked, done.ended_at) == (BatchState.DONE, 3, NOON)
    assert kept.due() is None


def test_a_question_that_was_asked_is_not_kept_twice(kept: KeptBatches) -> None:
    made = kept.add(["甲", "乙"], name="q", passages=20)
    first = next_of(kept)
    assert kept.keep(first, "一\n", version="1", pace=1.0)

    assert not kept.keep(first, "又一\n", version="1", pace=1.0)

    assert (kept.get(made.id).asked, kept.predictions(made.id, after=0, most=9)) == (1, ["一\n"])


def test_another_process_goes_on_where_the_first_was(kept: KeptBatches, tmp_path: Path) -> None:
    made = kept.add(["甲", "乙", "丙"], name="q", passages=20)
    ask(kept, 1)

    other = KeptBatches(tmp_path, days=30, most=3)

    assert ask(other, 2) == ["乙", "丙"]
    assert kept.get(made.id).state is BatchState.DONE
    other.close()


def test_one_process_holds_the_lock_until_it_lets_go(kept: KeptBatches, tmp_path: Path) -> None:
    handle = kept.take_lock()
    assert handle is not None

    assert KeptBatches(tmp_path, days=30, most=3).take_lock() is None
    os.close(handle)
    again = kept.take_lock()
    assert again is not None
    os.close(again)


def test_a_lock_that_cannot_be_taken_leaves_nothing_open(
    kept: KeptBatches, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    before = len(list(Path("/proc/self/fd").iterdir()))

    with pytest.raises(SurroundingsFailed):
        kept.take_lock()

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_short_batch_does_not_wait_for_a_long_one(kept: KeptBatches) -> None:
    kept.add([f"长{at}" for at in range(9)], name="长", passages=20)
    assert ask(kept, 4) == ["长0", "长1", "长2", "长3"]
    kept.add(["短0", "短1"], name="短", passages=20)

    assert ask(kept, 3) == ["短0", "短1", "长4"]


def test_what_is_cancelled_is_asked_no_more_and_keeps_what_it_has(kept: KeptBatches) -> None:
    made = kept.add(["甲", "乙"], name="q", passages=20)
    ask(kept, 1)
    in_hand = next_of(kept)

    stopped = kept.cancel(made.id)

    assert (stopped.state, stopped.asked, stopped.ended_at) == (BatchState.CANCELLED, 1, NOON)
    assert kept.due() is None
    assert not kept.keep(in_hand, "晚了\n", version="1", pace=1.0)
    assert kept.predictions(made.id, after=0, most=9) == ["甲！\n"]
    # A second time, and of one that is done, it changes nothing.
    assert kept.cancel(made.id) == stopped


def test_what_is_deleted_is_gone_with_all_its_lines(kept: KeptBatches, tmp_path: Path) -> None:
    made = kept.add(["甲的秘密问题", "乙"], name="q", passages=20)
    ask(kept, 1)
    in_hand = next_of(kept)

    kept.delete(made.id)

    with pytest.raises(NotFound):
        kept.get(made.id)
    assert not kept.keep(in_hand, "晚了\n", version="1", pace=1.0)
    assert (kept.due(), kept.predictions(made.id, after=0, most=9)) == (None, [])
    kept.close()
    assert "甲的秘密问题".encode() not in (tmp_path / FILE).read_bytes()


def test_the_oldest_that_has_ended_makes_room_and_one_that_has_not_stays(kept: KeptBatches) -> None:
    first, second, third = (kept.add([name], name=name, passages=20) for name in "甲乙丙")
    with pytest.raises(QueueFull, match="3 批"):
        kept.add(["丁"], name="丁", passages=20)
    kept.cancel(second.id)
    kept.cancel(third.id)

    kept.add(["丁"], name="丁", passages=20)

    assert [each.name for each in kept.all()] == ["丁", "丙", "甲"]
    assert kept.get(first.id).ended_at is None


def test_what_ended_long_ago_is_gone_and_what_has_not_ended_is_not(kept: KeptBatches, clock: Clock) -> None:
    ended, open_still = (kept.add([name], name=name, passages=20) for name in "甲乙")
    kept.cancel(ended.id)
    clock.now += 31 * DAY_S

    with pytest.raises(NotFound):
        kept.get(ended.id)
    assert [each.id for each in kept.all()] == [open_still.id]
    assert kept.sweep() == 1


def test_a_fault_is_told_until_a_question_is_answered_again(kept: KeptBatches) -> None:
    made = kept.add(["甲"], name="q", passages=20)

    kept.mark(next_of(kept).number, "index_damaged")
    assert kept.get(made.id).fault == "index_damaged"

    ask(kept, 1)
    assert kept.get(made.id).fault is None


def test_the_versions_that_answered_are_told_in_their_order(kept: KeptBatches) -> None:
    made = kept.add(["甲", "乙", "丙"], name="q", passages=20)
    ask(kept, 1, version="2-b")
    ask(kept, 2, version="10-a")

    assert kept.versions(made.id) == ["2-b", "10-a"]


@pytest.mark.parametrize("id", ["", "../answers", "' OR 1=1 --", "\ud800", "a" * 5000])
def test_an_id_is_only_ever_looked_up(kept: KeptBatches, id: str) -> None:
    kept.add(["甲"], name="q", passages=20)

    for call in (kept.get, kept.cancel, kept.delete):
        with pytest.raises(NotFound):
            call(id)
    assert len(kept.all()) == 1


def test_where_nothing_can_be_written_no_batch_is_made(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsFailed):
        KeptBatches(tmp_path / "none", days=30, most=3).add(["甲"], name="q", passages=20)


def test_a_row_that_is_not_what_was_written_is_told_as_damage_of_the_file(
    kept: KeptBatches, tmp_path: Path
) -> None:
    made = kept.add(["甲"], name="q", passages=20)
    connection = sqlite3.connect(tmp_path / FILE)
    with connection:
        connection.execute("UPDATE batches SET state = 'garbage'")
    connection.close()

    for call in (kept.all, lambda: kept.get(made.id), lambda: kept.cancel(made.id)):
        with pytest.raises(KeptFileDamaged, match=rf"^批量评测 {tmp_path / FILE} 已损坏.*移走它与同名的"):
            call()


def test_a_file_that_is_cut_short_is_told_as_its_own_damage(kept: KeptBatches, tmp_path: Path) -> None:
    kept.add(["很长的问题" * 90] * 200, name="q", passages=20)
    kept.close()
    path = tmp_path / FILE
    os.truncate(path, path.stat().st_size // 2)
    again = KeptBatches(tmp_path, days=30, most=3)

    with pytest.raises(KeptFileDamaged, match=rf"^批量评测 {path} 已损坏"):
        again.delete(again.all()[0].id)
    again.close()


def test_what_is_kept_is_no_part_of_the_size_of_an_index(kept: KeptBatches, tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"12345")
    made = kept.add(["甲"], name="q", passages=20)
    ask(kept, 1)
    assert size_of(tmp_path) == 5
    kept.delete(made.id)


def test_versions_are_told_without_reading_predictions(kept: KeptBatches, tmp_path: Path) -> None:
    made = kept.add(["甲", "乙", "丙"], name="q", passages=20)
    ask(kept, 2, version="1")
    ask(kept, 1, version="2")
    assert kept.versions(made.id) == ["1", "2"]

    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {VERSIONS}", (made.id,)).fetchall()
    assert any("predictions USING COVERING INDEX" in step[3] for step in plan)
