"""What lives in a worker's process; knows nothing of how it is spoken with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qa.cluster.tasks import Standing, Task, Workshop
from qa.errors import OutOfMemory, QaError
from qa.settings import Settings

Make = Callable[[Settings], Workshop]
"""Loads a workshop; a function of a module, which the process imports by its name."""


class Worker:
    """Does tasks one after another; our errors are answers, any other ends the run."""

    def __init__(self, make: Make, settings: Settings) -> None:
        """Load nothing yet: what goes wrong then is to be told."""
        self._make, self._settings = make, settings
        self._workshop: Workshop | None = None

    def standing(self) -> Standing | QaError:
        """Load what tasks need, and return what their results depend on."""
        try:
            self._workshop = self._make(self._settings)
        except QaError as error:
            return error
        return self._workshop.standing

    def do(self, task: Task[Any]) -> Any:  # noqa: ANN401 - whatever the task gives
        """Return what comes of a task, or why nothing does."""
        assert self._workshop, "asked before it was ready"
        try:
            return task.done_in(self._workshop)
        except QaError as error:
            return error
        except MemoryError:
            return OutOfMemory(
                "工作节点内存不足；请减少那里的工作进程（ray start --num-cpus），再运行同一命令"
            )
