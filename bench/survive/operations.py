"""What is done to an index while it is killed, and what should be in it before and after."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.survive.asking import builder_over, tokens, writer_of
from bench.survive.documents import State, made, name_of
from qa.store.backup import back_up
from qa.store.compact import compact
from qa.store.migrate import migrate
from qa.store.restore import restore

AT_ONCE = 3
"""Documents that one operation puts in, refreshes or takes out."""


class Kind(StrEnum):
    """What may be done to an index."""

    ADD = "add"
    UPDATE = "update"
    REMOVE = "remove"
    COMPACT = "compact"
    REBUILD = "rebuild"
    BACKUP = "backup"
    RESTORE = "restore"
    MIGRATE = "migrate"


CHANGES = (Kind.ADD, Kind.UPDATE, Kind.REMOVE)
AT_ANY_TIME = (*CHANGES, Kind.COMPACT, Kind.REBUILD, Kind.BACKUP)
"""What may be done to an index as it is, with nothing to prepare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One change to an index.

    :param put: Documents and their revisions, new or refreshed.
    :param remove: Documents that are held.
    """

    kind: Kind
    put: tuple[tuple[int, int], ...] = ()
    remove: tuple[int, ...] = ()

    def after(self, state: State) -> dict[int, int]:
        """Return what an index holds afterwards that held ``state`` before."""
        kept = {number: revision for number, revision in state.items() if number not in self.remove}
        return kept | dict(self.put)

    def perform(self, folder: Path) -> None:
        """Do it, as the commands do."""
        PERFORMED[self.kind](self, folder)

    def change(self, folder: Path) -> None:
        """Put documents in and take others out."""
        writer = writer_of(folder)
        try:
            builder = builder_over(writer)
            if self.put:
                builder.add([made(*each) for each in self.put])
            if self.remove:
                builder.remove([name_of(number) for number in self.remove])
        finally:
            writer.close()

    def rebuild(self, folder: Path) -> None:
        """Make everything again, or what an interrupted rebuild left to do."""
        writer = writer_of(folder, rebuild=True)
        try:
            builder_over(writer).rebuild()
        finally:
            writer.close()


PERFORMED: Mapping[Kind, Callable[[Operation, Path], object]] = {
    **dict.fromkeys(CHANGES, Operation.change),
    Kind.COMPACT: lambda _, folder: compact(folder, tokens=tokens()),
    Kind.REBUILD: Operation.rebuild,
    Kind.BACKUP: lambda _, folder: back_up(folder, backup_of(folder)),
    Kind.RESTORE: lambda _, folder: restore(backup_of(folder), folder, tokens=tokens()),
    Kind.MIGRATE: lambda _, folder: migrate(folder, tokens=tokens()),
}


def backup_of(folder: Path) -> Path:
    """Return where the backup of an index lies."""
    return folder.with_name(f"{folder.name}.backup")


def restoring(saved: State, state: State) -> Operation:
    """Return the operation that makes an index hold what was saved again."""
    put = {number: revision for number, revision in saved.items() if state.get(number) != revision}
    return Operation(kind=Kind.RESTORE, put=tuple(put.items()), remove=tuple(state.keys() - saved.keys()))


class Drawing:
    """Draws operations; the same seed draws the same ones from the same states."""

    def __init__(self, seed: int) -> None:
        """Begin anew."""
        self._random = random.Random(seed)
        self._next = 1_000

    def operation(self, kind: Kind, state: State) -> Operation:
        """Return the next operation of a kind on what an index holds; restoring is drawn by ``restoring``."""
        if kind not in CHANGES:
            return Operation(kind=kind)
        if kind is Kind.ADD:
            self._next += AT_ONCE
            new = range(self._next - AT_ONCE, self._next)
            return Operation(kind=kind, put=tuple((number, 0) for number in new))
        chosen = self._random.sample(sorted(state), AT_ONCE)
        if kind is Kind.UPDATE:
            return Operation(kind=kind, put=tuple((number, state[number] + 1) for number in chosen))
        return Operation(kind=kind, remove=tuple(chosen))

    def several(self, count: int, state: State) -> list[Operation]:
        """Return operations of all kinds, each on what the one before leaves."""
        drawn: list[Operation] = []
        for _ in range(count):
            kind = self._random.choice(AT_ANY_TIME) if len(state) > 2 * AT_ONCE else Kind.ADD
            drawn.append(self.operation(kind, state))
            state = drawn[-1].after(state)
        return drawn

    def sample(self, state: State, count: int) -> dict[int, int]:
        """Return some of the documents of a state."""
        chosen = self._random.sample(sorted(state), min(count, len(state)))
        return {number: state[number] for number in chosen}

    def delay(self, longest: float) -> float:
        """Return seconds."""
        return self._random.uniform(0.0, longest)
