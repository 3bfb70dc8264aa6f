"""Kills whoever changes an index, and looks at what is left.

Every kind of change is killed at every point where it changes the disk, one after another, and at
random times, while readers ask. After each kill the index must hold what it held before the operation
that was under way, or what it should hold after it; what was acknowledged must answer, and what was
taken out must not.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.survive.attempts import Attempt, looked_at, mark_of
from bench.survive.documents import State
from bench.survive.older import make_older
from bench.survive.operations import AT_ONCE, Drawing, Kind, Operation, restoring
from bench.survive.points import possible, traced
from bench.survive.processes import Step, Tell, begun, killed_after, told_by
from bench.survive.readers import key_of, readers

BASE, READERS = 40, 4
PLANNED, LONGEST_S = 20, 1.5
"""Operations of a run that is killed at a random time, and the latest time."""

SAMPLE = 3
"""Documents that are asked about after each kill, besides those of the operation that was under way."""

ANY = "any"


@dataclass(slots=True)
class Crashing:
    """One index that is killed again and again.

    :param left: What kills left, by what was being done.
    :param in_force: Keys of the states that were in force at some time.
    """

    folder: Path
    drawing: Drawing
    state: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(BASE), 0))
    left: dict[str, Counter[str]] = field(default_factory=dict)
    in_force: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Make the index."""
        self._do(Operation(kind=Kind.ADD, put=tuple(self.state.items())), before={})

    def at_every_point(self, kind: Kind, *, stride: int = 1) -> None:
        """Kill one kind of operation at its first point, its second, and so on, until it is done before."""
        at, killed = 1, True
        while killed:
            operation = self._prepared(kind)
            mark = told_by(lambda: mark_of(kind, self.folder))
            end = traced(self._performing([operation]), kill_at=at)
            killed = end.killed
            attempt = Attempt.of([operation], end, before=self.state, mark=mark)
            self._judge(attempt, of=kind if killed else None)
            at += stride

    def at_random(self, count: int) -> None:
        """Kill runs of operations of all kinds at random times."""
        for _ in range(count):
            planned = self.drawing.several(PLANNED, self.state)
            end = killed_after(self.drawing.delay(LONGEST_S), self._performing(planned))
            self._judge(Attempt.of(planned, end, before=self.state), of=ANY)

    def _performing(self, planned: Sequence[Operation]) -> Step:
        def step(tell: Tell) -> None:
            for operation in planned:
                operation.perform(self.folder)
                tell("done")

        return step

    def _prepared(self, kind: Kind) -> Operation:
        """Return an operation, and have the index as it must be for it to do something."""
        if len(self.state) < 2 * AT_ONCE:
            # Removing at every point leaves nothing to be removed at the next, once there are many points.
            self._do(self.drawing.operation(Kind.ADD, self.state), before=self.state)
        saved = self.state
        if kind is Kind.RESTORE:
            self._do(Operation(kind=Kind.BACKUP), before=saved)
        if kind in (Kind.BACKUP, Kind.RESTORE):
            self._do(self.drawing.operation(Kind.UPDATE, saved), before=saved)
        if kind is Kind.COMPACT:
            self._do(self.drawing.operation(Kind.ADD, saved), before=saved)
            self._do(self.drawing.operation(Kind.REMOVE, self.state), before=self.state)
        if kind is Kind.REBUILD:
            # What a kill left is gone on with to the end, which must be whole; the next one starts anew.
            self._do(self.drawing.operation(kind, saved), before=saved)
        if kind is Kind.MIGRATE:
            told_by(lambda: make_older(self.folder))
        return (
            restoring(saved, self.state) if kind is Kind.RESTORE else self.drawing.operation(kind, self.state)
        )

    def _do(self, operation: Operation, *, before: State) -> None:
        """Do an operation, with nobody to disturb it."""
        end = begun(self._performing([operation])).end()
        self._judge(Attempt.of([operation], end, before=before), of=None)

    def _judge(self, attempt: Attempt, *, of: str | None) -> None:
        """Look at what is left, and go on from there."""
        if attempt.end.failed:
            self.faults.append(f"not killed, and failed: {attempt.planned[: len(attempt.end.told) + 1]}")
        sampled = attempt.touched | self.drawing.sample(self.state, SAMPLE).keys()
        looked = told_by(lambda: looked_at(self.folder, attempt, sampled=sampled))
        found = {number: revision for number, revision in looked["found"]}
        self.faults += looked["wrong"]
        outcome = attempt.outcome(found, looked["mark"])
        if of is not None:
            self.left.setdefault(of, Counter())[outcome] += 1
        if outcome == "between":
            self.faults.append(f"the index holds {found}, and should hold one of {attempt.due}")
        self.in_force |= {key_of(state) for state in (*attempt.acknowledged, found)}
        self.state = found


def crash(folder: Path, *, seed: int, stride: int, at_random: int) -> dict[str, Any]:
    """Return what kills left.

    :param stride: 1 for every point, 2 for every other, and so on.
    """
    crashing = Crashing(folder=folder / "index", drawing=Drawing(seed))
    crashing.begin()
    can_trace = possible()
    with readers(crashing.folder, count=READERS, seed=seed) as seen:
        for kind in Kind if can_trace else ():
            crashing.at_every_point(kind, stride=stride)
            print(kind, dict(crashing.left[kind]), len(crashing.faults), file=sys.stderr, flush=True)
        crashing.at_random(at_random)
    never = sorted(set(seen.states) - crashing.in_force)
    return {
        "kills": {name: dict(outcomes) for name, outcomes in crashing.left.items()},
        "traced": can_trace,
        "faults": crashing.faults,
        "readers": {
            "processes": READERS, "asked": seen.asked, "answered": seen.answered, "versions": seen.versions,
            "refused": dict(seen.refused), "faults": seen.faults, "never_in_force": len(never),
        },
    }  # fmt: skip
