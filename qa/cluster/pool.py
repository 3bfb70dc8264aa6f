"""Tasks that are put to workers, and put again when one is lost; whoever put them takes the results.

One thread puts and takes. Where the workers are is the matter of the crew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any, Generic, Protocol, TypeVar

from qa.cluster.tasks import Task
from qa.errors import QaError

Thing = TypeVar("Thing")

TRIES = 3
"""Workers that may be lost over one task before it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A task has come to an end: with a result, or with an error of ours."""

    number: int
    result: Any = None
    error: QaError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The worker that had a task ended before it had answered.

    :param begun: Whether it was at this task; else the task was waiting behind another.
    """

    number: int
    begun: bool


class Crew(Protocol):
    """Workers in other processes, each of which does one task after another."""

    @property
    def workers(self) -> int:
        """Return how many there are meant to be."""
        ...

    @property
    def room(self) -> int:
        """Return how many more tasks may be put now; a worker has few waiting at a time."""
        ...

    def put(self, number: int, task: Task[Any]) -> None:
        """Have a worker do a task; only where there is room."""
        ...

    def wait(self) -> Sequence[Done | Lost]:
        """Return what has become of tasks, at least after a while; nothing when that is only more room.

        :raises ClusterFailed: When nobody is left, or can be reached, who might do them.
        """
        ...


class GivenUp(Exception):
    """So many workers were lost over a task that it is not tried again; never leaves this package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Generic[Thing]):
    """Stands for the result of a task."""

    number: int


class Pool:
    """Puts tasks to a crew, first come first served; those of a lost worker come first again."""

    def __init__(self, crew: Crew, *, tries: int = TRIES) -> None:
        """Give a task up when ``tries`` workers were lost over it."""
        self._crew, self._tries = crew, tries
        self._put = 0
        self._open: dict[int, Task[Any]] = {}
        self._waiting: list[int] = []
        self._losses: dict[int, int] = {}
        self._ended: dict[int, Done | None] = {}

    @property
    def workers(self) -> int:
        """Return how many there are meant to be."""
        return self._crew.workers

    def put(self, task: Task[Thing]) -> Ticket[Thing]:
        """Have a task done as soon as there is room."""
        self._put += 1
        self._open[self._put] = task
        heappush(self._waiting, self._put)
        self._hand_out()
        return Ticket(number=self._put)

    def take(self, ticket: Ticket[Thing]) -> Thing:
        """Wait for a result and return it; it can be taken once.

        :raises GivenUp: When its workers were lost too often.
        :raises QaError: What the task ended with; or ClusterFailed, as for ``Crew.wait``.
        """
        while ticket.number not in self._ended:
            for event in self._crew.wait():
                self._heed(event)
            self._hand_out()
        done = self._ended.pop(ticket.number)
        if done is None:
            raise GivenUp
        if done.error:
            raise done.error
        result: Thing = done.result
        return result

    def _hand_out(self) -> None:
        while self._waiting and self._crew.room > 0:
            number = heappop(self._waiting)
            if number in self._open:
                self._crew.put(number, self._open[number])

    def _heed(self, event: Done | Lost) -> None:
        """Note what became of a task, the first time that it is told."""
        number = event.number
        if number not in self._open:
            return
        if isinstance(event, Done):
            self._end(number, event)
            return
        self._losses[number] = self._losses.get(number, 0) + event.begun
        if self._losses[number] < self._tries:
            heappush(self._waiting, number)
        else:
            self._end(number, None)

    def _end(self, number: int, done: Done | None) -> None:
        del self._open[number]
        self._losses.pop(number, None)
        self._ended[number] = done
