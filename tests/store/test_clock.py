"""A clock that was set is not believed at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import ClockJumped
from qa.store.answers import KeptAnswers
from qa.store.batches import KeptBatches
from qa.store.clock import SETTLING_S, WatchedClock, steady

DAY = 86_400.0


class Machine:
    """A machine whose clock can be set."""

    def __init__(self) -> None:
        self.up, self.set_by = 100.0, 1_700_000_000.0

    def watched(self) -> WatchedClock:
        return WatchedClock(wall=lambda: self.set_by + self.up, steady=lambda: self.up)


def test_time_goes_on_and_small_corrections_are_believed() -> None:
    machine = Machine()
    clock = machine.watched()

    machine.up += 40 * DAY
    assert clock.now() == 1_700_000_100.0 + 40 * DAY
    machine.set_by -= 30.0
    assert clock.now() == 1_700_000_070.0 + 40 * DAY


@pytest.mark.parametrize("by", [-40 * DAY, 2 * 3600.0, 70 * 365 * DAY])
def test_a_clock_that_was_set_is_believed_after_a_while(by: float) -> None:
    machine = Machine()
    clock = machine.watched()

    machine.set_by += by
    with pytest.raises(ClockJumped, match="系统时钟刚被拨动"):
        clock.now()
    machine.up += SETTLING_S - 1
    with pytest.raises(ClockJumped):
        clock.now()
    machine.up += 1
    assert clock.now() == machine.set_by + machine.up


def test_no_answer_is_deleted_because_the_clock_is_wrong_for_a_moment(tmp_path: Path) -> None:
    machine = Machine()
    kept = KeptAnswers(tmp_path, days=30, most=10, clock=machine.watched().now)
    first = kept.keep("{}", sources=())

    machine.set_by += 70 * 365 * DAY
    with pytest.raises(ClockJumped):
        kept.keep("{}", sources=())
    machine.set_by -= 70 * 365 * DAY

    kept.keep("{}", sources=())
    assert kept.get(first.id).body == "{}"
    kept.close()


def test_no_batch_is_deleted_because_the_clock_is_wrong_for_a_moment(tmp_path: Path) -> None:
    machine = Machine()
    watched = machine.watched()
    kept = KeptBatches(
        tmp_path, days=30, most=10, clock=lambda: machine.set_by + machine.up, watched=watched.now
    )
    ended = kept.add(["甲"], name="ended", passages=20)
    kept.cancel(ended.id)

    machine.set_by += 70 * 365 * DAY
    # A batch is taken on all the same, and what has not ended goes on.
    kept.add(["乙"], name="made meanwhile", passages=20)
    assert kept.sweep() == 0
    machine.set_by -= 70 * 365 * DAY

    assert kept.get(ended.id).name == "ended"
    machine.up += 31 * DAY
    assert kept.sweep() == 1
    kept.close()


def test_seconds_since_the_machine_was_started_are_told() -> None:
    assert 0 < steady() <= steady()
