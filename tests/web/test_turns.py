"""The queue: one after the other, bounded, and nothing is done that nobody waits for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from qa.errors import QueueFull, Stopping, WaitedTooLong
from qa.web.leaving import ClientGone, unless_gone
from qa.web.turns import LONGEST_RETRY_S, Turn, Turns
from tests.web.running import WAITS_S


class Slow:
    """Work that waits until it is let go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.dropped = threading.Event()
        self.done: list[str] = []

    def work(self, name: str) -> Callable[[Turn], str]:
        def done(turn: Turn) -> str:
            self.begun.set()
            assert self.go_on.wait(WAITS_S)
            try:
                turn.check()
            except BaseException:
                self.dropped.set()
                raise
            self.done.append(name)
            return name

        return done


def run(story: Callable[[Slow], Coroutine[Any, Any, None]]) -> None:
    slow = Slow()
    try:
        asyncio.run(asyncio.wait_for(story(slow), WAITS_S))
    finally:
        slow.go_on.set()


async def begun(slow: Slow) -> None:
    assert await asyncio.to_thread(slow.begun.wait, WAITS_S)


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0)


def test_the_last_begins_only_when_nobody_else_waits_and_holds_up_the_next_by_itself_alone() -> None:
    async def story(slow: Slow) -> None:
        turns = Turns(longest=10, patience=WAITS_S)
        first = asyncio.create_task(turns.take(slow.work("甲")))
        await begun(slow)
        lasts = [asyncio.create_task(turns.take_last(slow.work(name))) for name in "末尾"]
        second = asyncio.create_task(turns.take(slow.work("乙")))
        await until(lambda: turns.waiting == 1)
        slow.go_on.set()

        await asyncio.gather(first, second, *lasts)
        assert slow.done == ["甲", "乙", "末", "尾"]
        # It waits as long as it takes, and is not among those who wait.
        assert turns.waiting == 0
        turns.close()

    run(story)


def test_the_last_is_sent_away_when_nothing_more_is_taken() -> None:
    async def story(slow: Slow) -> None:
        turns = Turns(longest=10, patience=WAITS_S)
        first = asyncio.create_task(turns.take(slow.work("甲")))
        await begun(slow)
        last = asyncio.create_task(turns.take_last(slow.work("末")))
        draining = asyncio.create_task(turns.drained())
        await asyncio.sleep(0)
        slow.go_on.set()

        with pytest.raises(Stopping):
            await last
        assert await first == "甲"
        await draining
        turns.close()
        assert slow.done == ["甲"]

    run(story)


def test_what_comes_is_done_in_the_order_in_which_it_came() -> None:
    async def story(slow: Slow) -> None:
        turns = Turns(longest=10, patience=WAITS_S)
        taking = [asyncio.create_task(turns.take(slow.work(name))) for name in "甲乙丙"]
        await begun(slow)
        await until(lambda: turns.waiting == 2)
        slow.go_on.set()

        assert await asyncio.gather(*taking) == ["甲", "乙", "丙"]
        assert slow.done == ["甲", "乙", "丙"]
        assert turns.waiting == 0
        turns.close()

    run(story)


def test_beyond_the_longest_queue_one_is_sent_away_and_told_when_to_come_again() -> None:
    async def story(slow: Slow) -> None:
        turns = Turns(longest=2, patience=WAITS_S)
        first = asyncio.create_task(turns.take(slow.work("甲")))
        await begun(slow)
        await until(lambda: turns.waiting == 0)
        others = [asyncio.create_task(turns.take(slow.work(name))) for name in "乙丙"]
        await until(lambda: turns.waiting == 2)

        with pytest.raises(QueueFull) as full:
            await turns.take(slow.work("丁"))

        assert full.value.code == "queue_full"
        assert 1 <= full.value.retry_after <= LONGEST_RETRY_S
        slow.go_on.set()
        assert await asyncio.gather(first, *others) == ["甲", "乙", "丙"]
        turns.close()

    run(story)


def test_whose_turn_does_not_come_in_time_is_sent_away_and_not_done_later() -> None:
    async def story(slow: Slow) -> None:
        turns = Turns(longest=2, patience=0.05)
        first = asyncio.create_task(turns.take(slow.work("甲")))
        await begun(slow)

        with pytest.raises(WaitedTooLong):
            await turns.take(slow.work("乙"))

        slow.go_on.set()
        assert await first == "甲"
        turns.close()
        assert slow.done == ["甲"]

    run(story)


def test_who_goes_away_while_waiting_is_not_worked_for() -> None:
    async def story(slow: Slow) -> None:
        turns = Turns(longest=2, patience=WAITS_S)
        first = asyncio.create_task(turns.take(slow.work("甲")))
        await begun(slow)
        second = asyncio.create_task(turns.take(slow.work("乙")))
        await until(lambda: turns.waiting == 1)

        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second

        assert turns.waiting == 0
        slow.go_on.set()
        assert await first == "甲"
        turns.close()
        assert slow.done == ["甲"]

    run(story)


def test_who_goes_away_in_the_middle_is_worked_for_no_further() -> None:
    async def story(slow: Slow) -> None:
        turns = Turns(longest=2, patience=WAITS_S)
        first = asyncio.create_task(turns.take(slow.work("甲")))
        await begun(slow)

        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first

        slow.go_on.set()
        turns.close()
        assert slow.dropped.is_set()
        assert slow.done == []

    run(story)


def test_a_client_that_disconnects_is_gone() -> None:
    async def story(slow: Slow) -> None:
        turns, left = Turns(longest=2, patience=WAITS_S), asyncio.Event()

        async def receive() -> dict[str, str]:
            await left.wait()
            return {"type": "http.disconnect"}

        asking = asyncio.create_task(unless_gone(turns.take(slow.work("甲")), receive=receive))
        await begun(slow)
        left.set()

        with pytest.raises(ClientGone):
            await asking
        slow.go_on.set()
        turns.close()
        assert slow.done == []

    run(story)


def test_what_goes_wrong_reaches_who_asked_and_the_next_has_its_turn() -> None:
    async def story(slow: Slow) -> None:
        turns = Turns(longest=2, patience=WAITS_S)
        slow.go_on.set()

        def broken(turn: Turn) -> str:
            raise ValueError("broken")

        with pytest.raises(ValueError, match="broken"):
            await turns.take(broken)
        assert await turns.take(slow.work("乙")) == "乙"
        turns.close()

    run(story)


def test_stopping_waits_for_what_was_taken_and_takes_nothing_more() -> None:
    async def story(slow: Slow) -> None:
        turns = Turns(longest=2, patience=WAITS_S)
        taken = [asyncio.create_task(turns.take(slow.work(name))) for name in "甲乙"]
        await begun(slow)
        await until(lambda: turns.waiting == 1)
        draining = asyncio.create_task(turns.drained())
        await asyncio.sleep(0)

        with pytest.raises(Stopping):
            await turns.take(slow.work("丙"))
        assert not draining.done()
        slow.go_on.set()
        assert await asyncio.gather(*taken) == ["甲", "乙"]
        await draining
        turns.close()

    run(story)
