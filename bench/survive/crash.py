"""Kills whoever changes an index, and looks at what is left.

Every kind of change is killed at every point where it changes the disk, one after another, and at random
times, while readers ask. After each kill the index must hold what it held before the operation that was under way,
or what it should hold after it; what was acknowledged must answer, and what was taken out must not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.survive.asking import faults, state_in
from bench.survive.documents import State
from bench.survive.operations import Drawing, Kind, Operation
from bench.survive.points import traced
from bench.survive.processes import End, Step, Tell, killed_after, told_by
from bench.survive.readers import key_of, readers

BASE, READERS = 40, 4
PLANNED, LONGEST_S = 20, 1.5
"""Operations of a run that is killed at a random time, and the latest time."""

SAMPLE = 3
"""Documents that are asked about after each kill, besides those of the operation that was under way."""

ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Operations in a row, and how the process that did them ended.

    :param states: What the index should hold at first and after each of them that was begun.
    """

    planned: Sequence[Operation]
    end: End
    states: Sequence[State]

    @classmethod
    def of(cls, planned: Sequence[Operation], end: End, *, before: State) -> Attempt:
        """Return an attempt on an index that held ``before``."""
        states = [before]
        for operation in planned[: len(end.told) + 1]:
            states.append(operation.after(states[-1]))
        return cls(planned=planned, end=end, states=states)

    @property
    def acknowledged(self) -> Sequence[State]:
        """Return the states that were in force for certain."""
        return self.states[: len(self.end.told) + 1]

    @property
    def due(self) -> Sequence[State]:
        """Return the states that may be found: with what was acknowledged, and what was under way or not."""
        return self.states[len(self.end.told) :]

    @property
    def touched(self) -> set[int]:
        """Return the documents of the last operations."""
        last = self.planned[max(0, len(self.end.told) - 1) : len(self.end.told) + 1]
        return {number for each in last for number in (*each.remove, *dict(each.put))}

    def outcome(self, found: State) -> str:
        """Return what became of the operation that was under way."""
        if found not in self.due:
            return "between"
        if len(self.due) == 1:
            return "acknowledged"
        return "before" if found == self.due[0] else "after"


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
        self._attempt([Operation(kind=Kind.ADD, put=tuple(self.state.items()))], kill_at=None, of=None)

    def at_every_point(self, kind: Kind, *, stride: int = 1) -> None:
        """Kill one kind of operation at its first point, its second, and so on until it is done before that."""
        at, killed = 1, True
        while killed:
            killed = self._attempt([self.drawing.operation(kind, self.state)], kill_at=at, of=kind)
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

    def _attempt(self, planned: Sequence[Operation], *, kill_at: int | None, of: str | None) -> bool:
        end = traced(self._performing(planned), kill_at=kill_at)
        self._judge(Attempt.of(planned, end, before=self.state), of=of if end.killed else None)
        return end.killed

    def _judge(self, attempt: Attempt, *, of: str | None) -> None:
        """Look at what is left, and go on from there."""
        if attempt.end.failed:
            self.faults.append(f"not killed, and failed: {attempt.planned[: len(attempt.end.told) + 1]}")
        found = self._found(attempt)
        outcome = attempt.outcome(found)
        if of is not None:
            self.left.setdefault(of, Counter())[outcome] += 1
        if outcome == "between":
            self.faults.append(f"the index holds {found}, and should hold one of {attempt.due}")
        self.in_force |= {key_of(state) for state in (*attempt.acknowledged, found)}
        self.state = found

    def _found(self, attempt: Attempt) -> dict[int, int]:
        """Return what the index holds, as a process of its own sees it; what is wrong goes to the faults."""
        sampled = attempt.touched | self.drawing.sample(self.state, SAMPLE).keys()

        def look() -> Any:
            found = state_in(self.folder) or {}
            ask = {number: revision for number, revision in found.items() if number in sampled}
            gone = {
                number: state[number]
                for state in attempt.states
                for number in sampled & state.keys()
                if found.get(number) != state[number]
            }
            return sorted(found.items()), faults(self.folder, state=found, ask=ask, gone=gone)

        found, wrong = told_by(look)
        self.faults += wrong
        return dict(found)


def crash(folder: Path, *, seed: int, stride: int, at_random: int) -> dict[str, Any]:
    """Return what kills left.

    :param stride: 1 for every point, 2 for every other, and so on.
    """
    crashing = Crashing(folder=folder / "index", drawing=Drawing(seed))
    crashing.begin()
    with readers(crashing.folder, count=READERS, seed=seed) as seen:
        for kind in Kind:
            crashing.at_every_point(kind, stride=stride)
        crashing.at_random(at_random)
    never = sorted(set(seen.states) - crashing.in_force)
    return {
        "kills": {name: dict(outcomes) for name, outcomes in crashing.left.items()},
        "faults": crashing.faults,
        "readers": {
            "readers": READERS, "asked": seen.asked, "answered": seen.answered, "versions": seen.versions,
            "refused": dict(seen.refused), "faults": seen.faults, "never_in_force": len(never),
        },
    }  # fmt: skip
