"""Building an index: which sources are new, cut them up, embed, publish."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from qa.domain.ports import Encoder, Failed, IndexedSource, Progress, Vectors, Writer
from qa.domain.sources import Source
from qa.engine.articles import CutSource, cut

BATCH_PASSAGES = 2048
"""Passages after which what is done is published: about a minute's work on two cores, lost at most."""

STEP = 256
"""Passages that are embedded between two words to the progress bar."""


@dataclass(slots=True)
class BuildReport:
    """What became of the inputs.

    :param seconds: From the first input to the last publication.
    """

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    articles: int = 0
    passages: int = 0
    seconds: float = 0.0


class Builder:
    """Adds, refreshes and removes sources."""

    def __init__(self, writer: Writer, encoder: Encoder, *, progress: Progress) -> None:
        """Write with ``writer`` what ``encoder`` embeds."""
        self._writer, self._encoder, self._progress = writer, encoder, progress

    def add(self, inputs: Iterable[Source | Failed]) -> BuildReport:
        """Add or refresh sources; what is held unchanged is not touched.

        Publishes every so often, so that an interrupted run goes on where it was when
        it is started again.
        """
        started = time.monotonic()
        report = BuildReport()
        digests = self._writer.digests()
        for batch in batched(self._changed(inputs, digests, report)):
            self._publish(batch, report)
        report.seconds = time.monotonic() - started
        return report

    def rebuild(self) -> BuildReport:
        """Make everything again from the sources that are held, and publish it in one step."""
        started = time.monotonic()
        report = BuildReport()
        everything = [cut(source) for source in self._writer.held()]
        report.updated = [each.source.name for each in everything]
        self._publish(everything, report)
        report.seconds = time.monotonic() - started
        return report

    def remove(self, names: Sequence[str]) -> None:
        """Take sources out, with everything made from them."""
        self._writer.publish(put=(), remove=names)

    def _changed(
        self, inputs: Iterable[Source | Failed], digests: dict[str, str], report: BuildReport
    ) -> Iterator[CutSource]:
        for given in inputs:
            if isinstance(given, Failed):
                report.failed.append(given)
            elif digests.get(given.name) == given.digest:
                report.unchanged.append(given.name)
            else:
                (report.updated if given.name in digests else report.added).append(given.name)
                digests[given.name] = given.digest
                yield cut(given)

    def _publish(self, batch: Sequence[CutSource], report: BuildReport) -> None:
        texts = [passage.searched for each in batch for passage in each.passages]
        vectors = self._embed(texts)
        put: list[IndexedSource] = []
        start = 0
        for each in batch:
            rows = vectors[start : start + len(each.passages)]
            start += len(each.passages)
            put.append(
                IndexedSource(
                    source=each.source, articles=each.articles, passages=each.passages, vectors=rows
                )
            )
        self._writer.publish(put=put, remove=())
        report.articles += sum(len(each.articles) for each in batch)
        report.passages += len(texts)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text; texts of like length go together, so that little is padded."""
        rows: Vectors = np.zeros((len(texts), self._encoder.identity.dimension), dtype=np.float32)
        self._progress.expect(len(texts))
        order = sorted(range(len(texts)), key=lambda at: (len(texts[at]), at))
        for start in range(0, len(order), STEP):
            step = order[start : start + STEP]
            rows[step] = self._encoder.embed_passages([texts[at] for at in step])
            self._progress.advance(len(step))
        return rows


def batched(sources: Iterable[CutSource]) -> Iterator[list[CutSource]]:
    """Yield sources in groups of about ``BATCH_PASSAGES`` passages."""
    batch: list[CutSource] = []
    for source in sources:
        batch.append(source)
        if sum(len(each.passages) for each in batch) >= BATCH_PASSAGES:
            yield batch
            batch = []
    if batch:
        yield batch
