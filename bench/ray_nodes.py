"""What indexing over two nodes costs, and that the index is the same, though a worker is killed.

    python -m bench.ray_nodes --data DATA --work DIR --items N

Indexes N news items by one process, with all its cores, and by two Ray nodes of this machine, on 127.0.0.2
and 127.0.0.3, one processor each; there a worker is killed when half of the passages are embedded. Prints
one JSON object. Nodes of one machine share its cores: measured is what sharing out costs, not what it gains.
Vectors are those of the last words of passages, as in ``bench.stand_in``, so that many items are feasible.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from bench.collection import COLLECTION, news_records, spread, write_records
from bench.stand_in import CHARACTERS, LastWords
from qa.assemble import (
    loaders_with,
    make_encoder,
    make_page_model,
    open_writer,
    standing_with,
    workshop_with,
)
from qa.cluster.address import Address
from qa.cluster.inputs import inputs_of
from qa.cluster.labour import SharedLabour
from qa.cluster.pool import Pool
from qa.cluster.ray_connection import open_crew
from qa.cluster.tasks import Workshop
from qa.domain.ports import Encoder, Failed
from qa.domain.sources import Source
from qa.engine.articles import SegmentedSource
from qa.engine.build import Builder, BuildReport
from qa.engine.labour import Labour
from qa.loaders.walk import load_all
from qa.settings import Settings
from qa.store.tokens import Tokens
from tests.ray_nodes import ACCESS, HEAD, OTHER, Cluster, running
from tests.store.rebuilt import rows, rows_without_numbers
from training.retrieval_scores import news_rows


def encoder_of(settings: Settings) -> Encoder:
    """Return what embeds the last words of passages."""
    return LastWords(lambda: make_encoder(settings), characters=CHARACTERS)


def workshop(settings: Settings) -> Workshop:
    """Return what a worker needs; called where it works."""
    return workshop_with(settings, encoder_of(settings))


@dataclass(slots=True)
class Killing:
    """Kills a worker once half of the passages are embedded.

    :param passages: That there are.
    """

    cluster: Cluster | None = None
    passages: int = 0
    done: int = 0
    killed: list[int] = field(default_factory=list)

    def expect(self, steps: int) -> None:
        """Do nothing: the number is known."""

    def advance(self, steps: int) -> None:
        self.done += steps
        if self.cluster and not self.killed and self.done >= self.passages / 2:
            self.killed = [pid for node in self.cluster.nodes for pid in node.workers()][:1]
            for pid in self.killed:
                os.kill(pid, signal.SIGKILL)


def built(
    settings: Settings,
    found: Iterable[Source | SegmentedSource | Failed],
    *,
    labour: Labour | None,
    progress: Killing,
) -> BuildReport:
    """Build an index of what was found; ``labour`` and ``progress`` as for the builder."""
    encoder = encoder_of(settings)
    writer = open_writer(settings, encoder=encoder.identity, tokens=Tokens(), create=True)
    with closing(writer):
        pages = make_page_model()
        return Builder(writer, encoder, pages=pages, progress=progress, labour=labour).add(found)


def alone(settings: Settings, collection: Path) -> BuildReport:
    """Index a collection by this process."""
    loaders = loaders_with(settings)
    found = load_all([str(collection)], limit=settings.max_source_bytes, loaders=loaders)
    return built(settings, found, labour=None, progress=Killing())


def over_nodes(settings: Settings, collection: Path, progress: Killing) -> BuildReport:
    """Index a collection by a cluster, of which a worker is killed."""
    assert progress.cluster
    wanted = standing_with(encoder_of(settings).identity)
    address = Address(progress.cluster.address)
    with open_crew(address, make=workshop, settings=settings, wanted=wanted) as crew:
        labour = SharedLabour(Pool(crew))
        inputs = inputs_of([str(collection)], limit=settings.max_source_bytes, loaders=loaders_with(settings))
        return built(settings, labour.found(inputs, held={}), labour=labour, progress=progress)


def compared(work: Path, collection: Path) -> dict[str, Any]:
    """Index a collection both ways; return what is to be told of that."""
    here, there = Settings(index=work / "alone"), Settings(index=work / "nodes")
    report = alone(here, collection)
    with mock.patch.dict(os.environ, ACCESS), running(HEAD, OTHER) as cluster:
        progress = Killing(cluster=cluster, passages=report.passages)
        started = time.monotonic()
        shared = over_nodes(there, collection, progress)
        wall = time.monotonic() - started
    return {
        "sources": len(report.added),
        "passages": report.passages,
        "alone": {"seconds": round(report.seconds, 1), "passages_a_second": rate(report)},
        "two_nodes": {
            "seconds": round(shared.seconds, 1),
            "passages_a_second": rate(shared),
            "seconds_with_starting": round(wall, 1),
            "workers_killed": len(progress.killed),
        },
        "equal": rows(here.index) == rows(there.index),
        "equal_but_for_numbers": rows_without_numbers(here.index) == rows_without_numbers(there.index),
    }


def rate(report: BuildReport) -> float:
    """Return passages a second."""
    return round(report.passages / report.seconds, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Indexing over two nodes, and by one process.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="a folder that is made for the purpose")
    parser.add_argument("--items", type=int, default=2000, help="news items, spread evenly")
    given = parser.parse_args()
    given.work.mkdir(parents=True)
    records = spread(list(news_records(news_rows(given.data / "news"))), given.items)
    print(json.dumps(compared(given.work, write_records(given.work / COLLECTION, records))))


if __name__ == "__main__":
    main()
