"""A crew in this process, whose workers are lost when a test says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from qa.cluster.pool import Done, Lost
from qa.cluster.tasks import Task, Workshop
from qa.errors import ClusterAway, QaError
from qa.settings import Settings
from tests.cluster.workshops import made

Loses = Callable[[Task[Any]], bool]


def nothing(_: Task[Any]) -> bool:
    """Lose no worker."""
    return False


class FakeCrew:
    """Does what was put last first, as far as there is room; told all that it was given."""

    def __init__(
        self,
        *,
        workers: int = 2,
        depth: int = 2,
        loses: Loses = nothing,
        workshop: Workshop | None = None,
    ) -> None:
        self.workers, self._depth, self._loses = workers, depth, loses
        self._workshop = workshop or made(Settings())
        self.given: list[int] = []
        self.begun: dict[int, Task[Any]] = {}
        self.most = 0

    @property
    def room(self) -> int:
        return self.workers * self._depth - len(self.begun)

    def put(self, number: int, task: Task[Any]) -> None:
        assert self.room > 0
        self.given.append(number)
        self.begun[number] = task
        self.most = max(self.most, len(self.begun))

    def wait(self) -> Sequence[Done | Lost]:
        if not self.begun:
            raise ClusterAway("没有可用的工作进程")
        number, task = self.begun.popitem()
        if self._loses(task):
            waiting = [Lost(number=each, begun=False) for each in self.begun]
            self.begun.clear()
            return [Lost(number=number, begun=True), *waiting]
        try:
            return [Done(number=number, result=task.done_in(self._workshop))]
        except QaError as error:
            return [Done(number=number, error=error)]
