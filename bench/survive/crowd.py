"""Several processes put documents in while others ask: nothing is lost, nothing is there twice, nobody waits.

One process writes at a time; the others are refused at once, told who is writing, and try again.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.survive.asking import answers, builder_over, faults, live_over, opened, writer_of, wrong
from bench.survive.documents import State, made, question, revision_of
from bench.survive.processes import begun, telling, told_by
from qa.domain.answers import Filters
from qa.domain.ports import Snapshot
from qa.errors import IndexLocked, QaError

AT_ONCE = 5
"""Documents of one publication."""

FIRST, APART = 20, 10_000
"""Documents that are there from the beginning, and between the numbers of two writers."""

REFRESH_S, PAUSE_S, AGAIN_S = 1.0, 0.02, 0.05
"""Between two looks for a new version, two questions of one reader, two tries for the lock at most."""

BLOCKED_MS = 200
"""That no reader may be held up for."""

SAMPLE = 200


@dataclass(slots=True)
class Asked:
    """What one reader came by.

    :param wall_ms: How long each question took.
    :param blocked_ms: How long of that its thread neither ran nor waited for a core: it waited for
        something else.
    """

    wall_ms: list[float] = field(default_factory=list)
    blocked_ms: list[float] = field(default_factory=list)
    versions: int = 0
    faults: list[str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)


def idle_ns() -> int:
    """Return the time that this thread neither ran nor waited for a core, counted from some time on."""
    running, waiting, _ = Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()
    return time.monotonic_ns() - int(running) - int(waiting)


class Asking:
    """One reader: it asks in one thread, and looks for new versions in another, as a service does."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        """Open the index."""
        self._live, self._random = live_over(folder), random.Random(seed)
        self._over, self._version, self._held = threading.Event(), "", list[tuple[int, int]]()
        self.asked = Asked()

    def until(self, end: float) -> Asked:
        """Ask until a time of the monotonic clock, once at least."""
        looking = threading.Thread(target=self._follow)
        looking.start()
        while not self.asked.wall_ms or time.monotonic() < end:
            self._ask()
            self._over.wait(PAUSE_S)
        self._over.set()
        looking.join()
        return self.asked

    def _follow(self) -> None:
        while not self._over.wait(REFRESH_S):
            try:
                self.asked.versions += self._live.refresh()
            except QaError as error:
                self.asked.refused[error.code] = self.asked.refused.get(error.code, 0) + 1

    def _ask(self) -> None:
        with self._live.held() as asker:
            self._look_at(asker.snapshot)
            number, revision = self._random.choice(self._held)
            started, idle = time.monotonic_ns(), idle_ns()
            outcome = asker.ask(question(number, revision), limit=5, filters=Filters())
            self.asked.blocked_ms.append((idle_ns() - idle) / 1e6)
            self.asked.wall_ms.append((time.monotonic_ns() - started) / 1e6)
            self.asked.faults += wrong(outcome, asker.snapshot)
            if not answers(outcome, number=number, revision=revision):
                self.asked.faults.append(f"document {number} is held and does not answer")

    def _look_at(self, snapshot: Snapshot) -> None:
        """Learn what a version holds; nothing that was there may have gone."""
        if snapshot.version == self._version:
            return
        self._version, before = snapshot.version, set(self._held)
        held = [revision_of(snapshot.source(each.id)) for each in snapshot.sources()]
        self._held = [each for each in held if each]
        if len(self._held) < len(held) or not before <= set(self._held):
            self.asked.faults.append(f"in version {snapshot.version} something was lost, or never put in")


def put_in(folder: Path, numbers: Sequence[int]) -> Counter[str]:
    """Put documents in, a few a publication, whenever nobody else writes; return how often what happened."""
    came, draw = Counter[str](), random.Random(numbers[0])
    due = list(numbers)
    while due:
        try:
            writer = writer_of(folder)
        except IndexLocked as error:
            came["locked"] += 1
            came["unnamed"] += "（" not in str(error)
            time.sleep(draw.uniform(0.0, AGAIN_S))
            continue
        try:
            report = builder_over(writer).add([made(number, 0) for number in due[:AT_ONCE]])
        finally:
            writer.close()
        came["added"] += len(report.added)
        came["publications"] += 1
        due = due[AT_ONCE:]
    return came


def ask_on(folder: Path, *, seed: int, end: float) -> dict[str, Any]:
    """Ask until ``end``; return what came of it."""
    return asdict(Asking(folder, seed=seed).until(end))


def crowd(
    folder: Path, *, seed: int, writers: int, each: int, readers: int, seconds: float
) -> dict[str, Any]:
    """Return what became of writers and readers together."""
    index, started = folder / "index", time.monotonic()
    told_by(lambda: put_in(index, range(FIRST)))
    end = started + seconds
    shares = [range((at + 1) * APART, (at + 1) * APART + each) for at in range(writers)]
    asking = [
        begun(telling(partial(ask_on, index, seed=own, end=end))) for own in range(seed, seed + readers)
    ]
    writing = [begun(telling(partial(put_in, index, share))) for share in shares]
    wrote = [json.loads(line) for process in writing for line in process.end().told]
    took = time.monotonic() - started
    asked = [Asked(**json.loads(line)) for process in asking for line in process.end().told]
    due = dict.fromkeys([*range(FIRST), *(number for share in shares for number in share)], 0)
    came = sum((Counter(each) for each in wrote), Counter[str]())
    return {
        "writing_seconds": round(took, 1),
        **{name: came[name] for name in ("added", "publications", "locked", "unnamed")},
        **together(asked),
        "faults": [
            *told_by(lambda: left(index, due)),
            *(fault for one in asked for fault in one.faults),
            *["a process broke off"] * (writers - len(wrote) + readers - len(asked)),
        ],
    }


def together(asked: Sequence[Asked]) -> dict[str, Any]:
    """Return what all readers came by."""
    wall = [each for one in asked for each in one.wall_ms]
    blocked = [each for one in asked for each in one.blocked_ms]
    figures = {f"p{share}_ms": round(float(np.percentile(wall, share)), 1) for share in (50, 95, 99)}
    return {
        "asked": len(wall),
        "versions": sum(one.versions for one in asked),
        "refused": dict(sum((Counter(one.refused) for one in asked), Counter[str]())),
        **figures,
        "longest_ms": round(max(wall), 1),
        "longest_blocked_ms": round(max(blocked), 1),
        "blocked": sum(each > BLOCKED_MS for each in blocked),
    }


def left(folder: Path, due: State) -> list[str]:
    """Return what is wrong with the index in the end."""
    snapshot = opened(folder)
    passages = snapshot.statistics().passages
    snapshot.close()
    sample = dict(random.Random(0).sample(sorted(due.items()), min(SAMPLE, len(due))))
    twice = [] if passages == len(due) else [f"{passages} passages of {len(due)} documents"]
    return [*twice, *faults(folder, state=due, ask=sample, gone={})]
