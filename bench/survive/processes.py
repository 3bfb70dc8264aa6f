"""Steps that are run in processes of their own, forked from this one, and what they tell.

Whoever forks must have no threads: faiss and Tantivy are used in the children alone.
"""

from __future__ import annotations

import json
import os
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

DONE, FAILED = 0, 70

Tell = Callable[[str], None]
"""Writes a line to whoever began the process; a line is an acknowledgement."""

Step = Callable[[Tell], None]
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a step ended.

    :param told: The lines that it wrote, each an acknowledgement.
    :param points: The calls that changed the disk, by name, in order; empty where it was not traced.
    """

    killed: bool
    failed: bool
    told: list[str]
    points: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A process that runs a step.

    :param reading: Where its lines can be read.
    """

    id: int
    reading: int

    def lines(self) -> list[str]:
        """Return the lines that it writes before it ends, however it ends."""
        with os.fdopen(self.reading, "rb") as file:
            written = file.read().decode()
        # What was cut off by a kill was not said.
        return written.split("\n")[:-1]

    def end(self) -> End:
        """Wait until it ends, and return how it did."""
        told = self.lines()
        _, status = os.waitpid(self.id, 0)
        killed = os.WIFSIGNALED(status)
        return End(killed=killed, failed=not killed and status != DONE, told=told)

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        """Send it a signal."""
        os.kill(self.id, sign)


def begun(step: Step, *, first: Callable[[], None] | None = None) -> Begun:
    """Run a step in a new process.

    :param first: What the new process does before.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        end_with(step, writing, first=first)
    os.close(writing)
    return Begun(id=child, reading=reading)


def end_with(step: Step, writing: int, *, first: Callable[[], None] | None) -> NoReturn:
    """Run a step, in the new process, and end it there whatever happens."""

    def tell(line: str) -> None:
        with open(writing, "wb", closefd=False) as file:
            file.write(f"{line}\n".encode())

    ending = FAILED
    try:
        os.setpgid(0, 0)
        if first:
            first()
        step(tell)
        ending = DONE
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(ending)


def killed_after(seconds: float, step: Step) -> End:
    """Run a step and kill it, unless it ends before."""
    running = begun(step)
    time.sleep(seconds)
    running.kill()
    return running.end()


def telling(step: Callable[[], object]) -> Step:
    """Return the step that tells what another one returns, as JSON."""
    return lambda tell: tell(json.dumps(step()))


def told_by(step: Callable[[], Told]) -> Told:
    """Return what a step returns that is run in a process of its own; through JSON, so that tuples are lists.

    :raises RuntimeError: When the process breaks off.
    """
    told = begun(telling(step)).end().told
    if not told:
        raise RuntimeError("the process broke off")
    came: Told = json.loads(told[0])
    return came
