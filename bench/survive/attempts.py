"""One attempt to kill, and what may be left by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.survive.asking import faults, opened, state_in, tokens
from bench.survive.documents import State
from bench.survive.older import FORMAT as OLDER
from bench.survive.older import format_in, state_of_older
from bench.survive.operations import Kind, Operation, backup_of
from bench.survive.processes import End
from qa.errors import IndexMissing
from qa.store.restore import restore


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Operations in a row, and how the process that did them ended.

    :param states: What the index should hold at first and after each of them that was begun.
    :param mark: What tells whether an operation that changes no document was done, as it was at first.
    """

    planned: Sequence[Operation]
    end: End
    states: Sequence[State]
    mark: object = None

    @classmethod
    def of(cls, planned: Sequence[Operation], end: End, *, before: State, mark: object = None) -> Attempt:
        """Return an attempt on an index that held ``before``."""
        states = [before]
        for operation in planned[: len(end.told) + 1]:
            states.append(operation.after(states[-1]))
        return cls(planned=planned, end=end, states=states, mark=mark)

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

    def gone(self, found: State, numbers: set[int]) -> dict[int, int]:
        """Return revisions of some documents that were there at some time, and are not what was found."""
        return {
            number: state[number]
            for state in self.states
            for number in numbers & state.keys()
            if found.get(number) != state[number]
        }

    def outcome(self, found: State, mark: object) -> str:
        """Return what became of the operation that was under way."""
        if found not in self.due:
            return "between"
        if len(self.due) == 1:
            return "acknowledged"
        return "before" if found == self.due[0] and mark == self.mark else "after"


def mark_of(kind: Kind, folder: Path) -> object:
    """Return what changes with an operation that changes no document."""
    if kind is Kind.MIGRATE:
        return format_in(folder)
    if kind in (Kind.COMPACT, Kind.REBUILD):
        snapshot = opened(folder)
        snapshot.close()
        return snapshot.version
    if kind is Kind.BACKUP and backup_of(folder).exists():
        return backup_of(folder).stat().st_ino
    return None


def looked_at(folder: Path, attempt: Attempt, *, sampled: set[int]) -> dict[str, Any]:
    """Return what an index holds after an attempt, its mark, and what is wrong with it."""
    # Of several in a row it is not known which was under way: the documents alone tell.
    kind = attempt.planned[0].kind if len(attempt.planned) == 1 else Kind.ADD
    mark = mark_of(kind, folder)
    if mark == OLDER and kind is Kind.MIGRATE:
        return {"found": sorted(state_of_older(folder).items()), "mark": mark, "wrong": []}
    found = state_in(folder) or {}
    ask = {number: revision for number, revision in found.items() if number in sampled}
    wrong = faults(folder, state=found, ask=ask, gone=attempt.gone(found, sampled))
    if kind is Kind.BACKUP and mark != attempt.mark:
        wrong += wrong_backup(backup_of(folder), found)
    return {"found": sorted(found.items()), "mark": mark, "wrong": wrong}


def wrong_backup(file: Path, state: State) -> list[str]:
    """Return what is wrong with a backup, which is restored elsewhere."""
    elsewhere = file.with_name("elsewhere")
    restore(file, elsewhere, tokens=tokens())
    try:
        return faults(elsewhere, state=state, ask=state, gone={})
    except IndexMissing as error:
        return [str(error)]
