"""What is done to an index while it is killed, and what should be in it before and after."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.survive.asking import builder_over, writer_of
from bench.survive.documents import State, made, name_of

AT_ONCE = 3
"""Documents that one operation puts in, refreshes or takes out."""


class Kind(StrEnum):
    """What may be done to an index."""

    ADD = "add"
    UPDATE = "update"
    REMOVE = "remove"


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

    def gone(self, state: State) -> dict[int, int]:
        """Return the revisions that it takes out of an index that holds ``state``."""
        touched = {*self.remove, *dict(self.put)}
        return {number: revision for number, revision in state.items() if number in touched}

    def perform(self, folder: Path) -> None:
        """Do it, as the commands do."""
        writer = writer_of(folder)
        try:
            builder = builder_over(writer)
            if self.put:
                builder.add([made(*each) for each in self.put])
            if self.remove:
                builder.remove([name_of(number) for number in self.remove])
        finally:
            writer.close()


class Drawing:
    """Draws operations; the same seed draws the same ones from the same states."""

    def __init__(self, seed: int) -> None:
        """Begin anew."""
        self._random = random.Random(seed)
        self._next = 1_000

    def operation(self, kind: Kind, state: State) -> Operation:
        """Return the next operation of a kind on what an index holds."""
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
            kind = self._random.choice(list(Kind)) if len(state) > 2 * AT_ONCE else Kind.ADD
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
