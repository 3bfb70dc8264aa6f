"""Questions in turn: one thread does the work, and whoever comes meanwhile waits in a bounded queue."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from qa.errors import QueueFull, Stopping, WaitedTooLong

T = TypeVar("T")
FIRST_GUESS_S = 0.5
"""Seconds that a piece of work is taken to last before one was timed."""

LONGEST_RETRY_S = 60
ALONE_S, ALONE_AT_MOST_S = 0.1, 2.0
"""Seconds without a newcomer after which a service that stops closes, and how long it waits for that."""

SHARE_OF_LATEST = 0.1
"""Weight of the latest duration in the running mean."""


class Dropped(Exception):
    """Nobody waits for the work any more."""


class Turn:
    """One piece of work, as it sees itself: what it waited, and whether it is still wanted."""

    def __init__(self) -> None:
        """Enter the queue."""
        self._entered = time.perf_counter()
        self._dropped = threading.Event()
        self.waited = 0.0

    def begin(self) -> None:
        """Note that the turn has come."""
        self.waited = time.perf_counter() - self._entered

    def drop(self) -> None:
        """Note that nobody waits for the work any more."""
        self._dropped.set()

    def check(self) -> None:
        """Go on if the work is still wanted.

        :raises Dropped: When it is not.
        """
        if self._dropped.is_set():
            raise Dropped


class Turns:
    """The queue and its one thread; all but the work itself runs on one event loop."""

    def __init__(self, *, longest: int, patience: float) -> None:
        """Begin with an empty queue.

        :param longest: How many may wait beside the one whose turn it is.
        :param patience: Seconds after which one that still waits is sent away.
        """
        self._longest, self._patience = longest, patience
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="asking")
        self._waiting = self._inside = 0
        self._mean = FIRST_GUESS_S
        self._stopping, self._turned_away = False, 0
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def waiting(self) -> int:
        """Return how many wait for their turn."""
        return self._waiting

    @property
    def stopping(self) -> bool:
        """Tell whether nothing more is taken."""
        return self._stopping

    def require_open(self) -> None:
        """Go on if questions are being taken.

        :raises Stopping: When they are not any more.
        """
        if self._stopping:
            self._turned_away += 1
            raise Stopping("服务正在停止，不再接受新的请求；请稍后重试", retry_after=self._retry_after())

    async def take(self, work: Callable[[Turn], T]) -> T:
        """Return what ``work`` returns when its turn has come; cancelled, it is done no further.

        :raises QueueFull, WaitedTooLong, Stopping: When it does not get its turn.
        """
        self._admit()
        turn, begun = Turn(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def timed() -> T:
            turn.begin()
            # The loop may have ended; then nobody waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(begun.set)
            turn.check()
            return work(turn)

        with self._entered():
            done = loop.run_in_executor(self._thread, timed)
            try:
                await self._turn_of(begun, done)
                started = time.perf_counter()
                result = await done
            except BaseException:
                turn.drop()
                done.cancel()
                raise
            self._mean += SHARE_OF_LATEST * (time.perf_counter() - started - self._mean)
            return result

    async def take_last(self, work: Callable[[Turn], T]) -> T:
        """Return what ``work`` returns, begun once nobody else waits or is worked for.

        Who comes then waits for this one piece of work, and no longer. When it begins is not bounded.

        :raises Stopping: When nothing more is taken.
        """
        while self._inside and not self._stopping:
            await self._empty.wait()
        return await self.take(work)

    async def drained(self) -> None:
        """Take nothing more, and return once all that was taken is done."""
        self._stopping = True
        await self._empty.wait()

    async def left_alone(self) -> None:
        """Return once nobody has been turned away for a moment, or this has gone on for too long.

        A door that is closed in the face of those who come is a lost request to them; whoever was told
        that the service stops does not come again at once.
        """
        seen, until = -1, time.monotonic() + ALONE_AT_MOST_S
        while seen != self._turned_away and time.monotonic() < until:
            seen = self._turned_away
            await asyncio.sleep(ALONE_S)

    def close(self) -> None:
        """Take nothing more, and let what is being done end in the thread."""
        self._stopping = True
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _admit(self) -> None:
        self.require_open()
        if self._waiting >= self._longest:
            told = f"已有 {self._waiting} 个问题在排队，达到上限；请稍后重试"
            raise QueueFull(told, retry_after=self._retry_after())

    def _retry_after(self) -> int:
        """Return the seconds after which the queue will have passed, as far as one can tell."""
        return max(1, min(LONGEST_RETRY_S, math.ceil(self._mean * (self._waiting + 1))))

    @contextmanager
    def _entered(self) -> Iterator[None]:
        self._inside += 1
        self._empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    async def _turn_of(self, begun: asyncio.Event, done: asyncio.Future[T]) -> None:
        """Wait until the turn has come."""
        self._waiting += 1
        beginning = asyncio.ensure_future(begun.wait())
        try:
            either: set[asyncio.Future[Any]] = {beginning, done}
            await asyncio.wait(either, timeout=self._patience, return_when="FIRST_COMPLETED")
        finally:
            self._waiting -= 1
            beginning.cancel()
        if not begun.is_set() and not done.done():
            told = f"等了 {self._patience:g} 秒还没有轮到；请稍后重试"
            raise WaitedTooLong(told, retry_after=self._retry_after())
