"""Processes that go on asking an index, whatever is done to it."""

from __future__ import annotations

import json
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.survive.asking import answers, live_over, wrong
from bench.survive.documents import State, digests, question, revision_of
from bench.survive.processes import begun, telling
from qa.domain.answers import Filters
from qa.domain.ports import Asker, Snapshot
from qa.domain.sources import token
from qa.errors import QaError

PAUSE_S = 0.05
"""Between two questions of one reader: four of them must leave a core to the writer."""


@dataclass(slots=True)
class Seen:
    """What readers saw.

    :param states: Keys of the states of all versions that were opened.
    :param refused: How often a version could not be opened, by the code of the error.
    :param faults: Wrong citations, and documents that did not answer in a version that holds them.
    """

    asked: int = 0
    answered: int = 0
    versions: int = 0
    states: list[str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Seen) -> None:
        """Take in what another reader saw."""
        self.asked += other.asked
        self.answered += other.answered
        self.versions += other.versions
        self.states += other.states
        self.refused = dict(Counter(self.refused) + Counter(other.refused))
        self.faults += other.faults


def key_of(state: State) -> str:
    """Return what two states share exactly when they hold the same."""
    return key_of_digests(digests(state))


def key_of_digests(held: Mapping[str, str]) -> str:
    """Return the key of a state from the digests of its sources by name."""
    return token(*(f"{name} {digest}" for name, digest in sorted(held.items())))


class Reading:
    """One reader at work."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        """Open the index."""
        self._live, self._random = live_over(folder), random.Random(seed)
        self._version, self._held = "", list[tuple[int, int]]()
        self.seen = Seen()

    def go_on(self) -> None:
        """Go over to the version in force and ask one question of it."""
        try:
            self._live.refresh()
        except QaError as error:
            self.seen.refused[error.code] = self.seen.refused.get(error.code, 0) + 1
        with self._live.held() as asker:
            self._look_at(asker.snapshot)
            self._ask(asker)

    def _look_at(self, snapshot: Snapshot) -> None:
        if snapshot.version == self._version:
            return
        self._version = snapshot.version
        summaries = snapshot.sources()
        self.seen.versions += 1
        self.seen.states.append(key_of_digests({each.name: each.digest for each in summaries}))
        found = [revision_of(snapshot.source(each.id)) for each in summaries]
        self._held = [each for each in found if each]
        if None in found:
            self.seen.faults.append("a source that was never put in")

    def _ask(self, asker: Asker) -> None:
        number, revision = self._random.choice(self._held)
        outcome = asker.ask(question(number, revision), limit=5, filters=Filters())
        self.seen.asked += 1
        self.seen.answered += not outcome.abstained
        self.seen.faults += wrong(outcome, asker.snapshot)
        if not answers(outcome, number=number, revision=revision):
            self.seen.faults.append(f"document {number} is held and does not answer")


def read_on(folder: Path, *, seed: int) -> dict[str, Any]:
    """Ask until the process is told to stop; return what was seen."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    reading = Reading(folder, seed=seed)
    while not stopped.wait(PAUSE_S):
        reading.go_on()
    return asdict(reading.seen)


@contextmanager
def readers(folder: Path, *, count: int, seed: int) -> Iterator[Seen]:
    """Let some processes ask for as long as the context lasts; what they saw is there at its end."""
    seen = Seen()
    processes = [begun(telling(partial(read_on, folder, seed=seed + at))) for at in range(count)]
    try:
        yield seen
    finally:
        for process in processes:
            process.kill(signal.SIGTERM)
            told = process.end().told
            if told:
                seen.add(Seen(**json.loads(told[0])))
            else:
                seen.faults.append("a reader broke off")
