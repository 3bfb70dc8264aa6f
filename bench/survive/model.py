"""A long random run of additions, refreshes, removals and questions, held to a plain dictionary all the way.

The documents that a publication changes are all different ones, so that every change reaches the store.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.survive.asking import ENCODER, opened, writer_of
from bench.survive.documents import digests, made, name_of, question
from bench.survive.processes import told_by
from qa.domain.answers import Filters, Hit
from qa.domain.articles import Article, Facts
from qa.domain.passages import Passage
from qa.domain.ports import IndexedPassage, IndexedSource, Snapshot
from qa.domain.sources import token
from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText
from qa.errors import NotFound

EVERY = Filters(sources=("*",))
UNIVERSE = 4_000
"""Documents that there may be; about half of them are held at any time."""

BATCH, ASKED = 300, 100
"""Changes of one publication, and questions after it."""

REOPENED = 10
"""Publications after which the writer is closed, and another one opened."""

WHOLE = 50
"""Publications after which every passage is read again."""


def cut(number: int, revision: int) -> IndexedSource:
    """Return a document with one article of one passage: all of its text below the headline."""
    source = made(number, revision)
    start = source.text.index("\n") + 1
    place = SourceSpan(source_id=source.id, span=Span(start, len(source.text) - 1))
    text = source.text[start:-1]
    id = token("article", source.name, str(revision))
    passage = Passage(id=token("passage", id), article_id=id, traced=TracedText(text=text, origin=(place,)))
    article = Article(
        id=id, source_id=source.id, facts=Facts(title=source.text[: start - 1]), places=(place,), passages=1
    )
    return IndexedSource(
        source=source,
        articles=[article],
        passages=[IndexedPassage(passage=passage, searched=text)],
        vectors=ENCODER.embed_passages([text]),
    )


@dataclass(slots=True)
class Equal:
    """An index and the dictionary that it should be equal to.

    :param held: The revision of each document by its number.
    :param last: The last revision that there was of each, also of those that are not held.
    """

    folder: Path
    draw: random.Random
    held: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def changes(self) -> tuple[dict[int, int], list[int]]:
        """Return what the next publication puts and removes, and change the dictionary by it."""
        put: dict[int, int] = {}
        remove: list[int] = []
        for number in self.draw.sample(range(UNIVERSE), BATCH):
            if number in self.held and self.draw.random() < 0.5:
                remove.append(number)
                self.done["remove"] += 1
            else:
                put[number] = self.last.get(number, -1) + 1
                self.done["update" if number in self.held else "add"] += 1
        self.last |= put
        self.held = {number: each for number, each in (self.held | put).items() if number not in remove}
        self.digests |= digests(put)
        for number in remove:
            del self.digests[name_of(number)]
        return put, remove

    def compare(self, snapshot: Snapshot) -> None:
        """Hold a version to the dictionary, and ask it."""
        if {each.name: each.digest for each in snapshot.sources()} != self.digests:
            self.faults.append("the sources are not those of the dictionary")
        if snapshot.statistics().passages != len(self.held):
            self.faults.append("there are more or fewer passages than documents")
        for _ in range(ASKED):
            self.ask(snapshot, self.draw.randrange(UNIVERSE))

    def ask(self, snapshot: Snapshot, number: int) -> None:
        """Ask for one document, held or not, in every way."""
        self.done["ask"] += 1
        revision = self.held.get(number)
        try:
            found = snapshot.source(name_of(number))
        except NotFound:
            found = None
        if found != (None if revision is None else made(number, revision)):
            self.faults.append(f"document {number} should be of revision {revision}, and is {found}")
        # What is not held must not be found by its last words either.
        wanted = cut(number, self.last.get(number, 0))
        lexical = snapshot.search_lexical(question(number, self.last.get(number, 0)), limit=3, within=None)
        dense = snapshot.search_dense(wanted.vectors[0], limit=3, within=None)
        for way, hits in (("words", lexical), ("vectors", dense)):
            if (best(snapshot, hits) == wanted.passages[0].passage) != (revision is not None):
                self.faults.append(f"document {number}, held: {revision is not None}, by its {way}")

    def read_all(self, snapshot: Snapshot) -> None:
        """Cite every passage, which holds each to its source."""
        numbers = sorted(snapshot.passages_within(EVERY) or ())
        quoted = {each.passage.id for each in snapshot.cite(numbers)}
        if quoted != {cut(*each).passages[0].passage.id for each in self.held.items()}:
            self.faults.append("the passages are not those of the documents")

    @property
    def operations(self) -> int:
        """Return how many there were."""
        return self.done.total()


def best(snapshot: Snapshot, hits: Sequence[Hit]) -> Passage | None:
    """Return the passage that was found first."""
    return snapshot.cite([hits[0].number])[0].passage if hits else None


def model(folder: Path, *, seed: int, shards: int, operations: int) -> dict[str, Any]:
    """Return what became of several runs, each with an index and a process of its own, one after another."""
    runs = []
    for at in range(shards):
        runs.append(told_by(partial(run, folder / str(at), seed=seed + at, operations=operations)))
        print(runs[-1], file=sys.stderr, flush=True)
    return {
        "total": sum(sum(each["operations"].values()) for each in runs),
        "done": dict(sum((Counter(each["operations"]) for each in runs), Counter[str]())),
        "publications": sum(each["publications"] for each in runs),
        "seconds": round(sum(each["seconds"] for each in runs), 1),
        "faults": [fault for each in runs for fault in each["faults"]],
    }


def run(folder: Path, *, seed: int, operations: int) -> dict[str, Any]:
    """Return what became of a run; it makes an index of its own."""
    equal, started = Equal(folder=folder, draw=random.Random(seed)), time.monotonic()
    publications = 0
    while equal.operations < operations and not equal.faults:
        writer = writer_of(folder)
        try:
            for _ in range(REOPENED):
                put, remove = equal.changes()
                made_of_them = [cut(*each) for each in put.items()]
                writer.publish(put=made_of_them, remove=[name_of(number) for number in remove])
                publications += 1
                look(equal, whole=publications % WHOLE == 0)
        finally:
            writer.close()
    look(equal, whole=True)
    return {
        "seed": seed,
        "operations": dict(equal.done),
        "publications": publications,
        "held": len(equal.held),
        "faults": equal.faults,
        "seconds": round(time.monotonic() - started, 1),
    }


def look(equal: Equal, *, whole: bool) -> None:
    """Compare the version that is published with the dictionary."""
    snapshot = opened(equal.folder)
    try:
        equal.compare(snapshot)
        if whole:
            equal.read_all(snapshot)
    finally:
        snapshot.close()
