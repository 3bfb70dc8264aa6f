"""Building an index: what is new is cut up, with what it shares articles with, embedded and published."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from qa.domain.articles import Article
from qa.domain.ports import Encoder, Failed, IndexedSource, Progress, Vectors, Writer
from qa.domain.sources import Source, SourceSummary
from qa.engine.articles import CutSource, SegmentedSource, cut_together, segmented
from qa.engine.labour import Alone, Labour
from qa.engine.partners import partners
from qa.text.page_model import PageModel

BATCH_PASSAGES = 2048
"""Passages after which what is done is published: about a minute's work on two cores, lost at most."""

BATCH_SECONDS = 60.0
"""Seconds of reading and cutting after which what is done is published as well: pictures take long each."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A source that is held, with the articles that begin in it, in page order."""

    summary: SourceSummary
    articles: Sequence[Article]


class Builder:
    """Adds, refreshes and removes sources."""

    def __init__(
        self,
        writer: Writer,
        encoder: Encoder,
        *,
        pages: PageModel,
        progress: Progress,
        labour: Labour | None = None,
    ) -> None:
        """Write with ``writer`` what ``encoder`` embeds.

        :param pages: What segmentation has learnt about pages.
        :param labour: Who segments and embeds in the place of this process, with the same encoder and pages.
        """
        self._writer, self._encoder, self._pages, self._progress = writer, encoder, pages, progress
        self._labour = labour or Alone(encoder, pages)

    def add(self, inputs: Iterable[Source | SegmentedSource | Failed]) -> BuildReport:
        """Add or refresh sources; what is held unchanged is not touched.

        Publishes every so often, so that an interrupted run goes on where it was when
        it is started again.
        """
        started = time.monotonic()
        report = BuildReport()
        changed = self._changed(inputs, self.digests(), report)
        for batch in batched(changed, share=self._labour.share):
            self._publish(self._cut(batch), report=report)
        report.seconds = time.monotonic() - started
        return report

    def rebuild(self) -> BuildReport:
        """Make everything again from the sources that are held, beside, and then replace it in one step.

        What an interrupted rebuild made before is not made again; the report is of the whole.
        """
        started = time.monotonic()
        held = self._writer.digests()
        report = BuildReport(updated=sorted(held))
        with self._writer.rebuilding() as stage:
            self._make_again(held, stage=stage)
            for name in held:
                articles = stage.articles_of(name)
                report.articles += len(articles)
                report.passages += sum(article.passages for article in articles)
        report.seconds = time.monotonic() - started
        return report

    def _make_again(self, held: Mapping[str, str], *, stage: Writer) -> None:
        """Have a stage hold the sources that are held, and no others."""
        made = stage.digests()
        beside = Builder(
            stage, self._encoder, pages=self._pages, progress=self._progress, labour=self._labour
        )
        if gone := sorted(made.keys() - held.keys()):
            beside.remove(gone)
        missing = self._writer.held([name for name in held if held[name] != made.get(name)])
        beside.add(self._labour.segmented(missing))

    def remove(self, ids_or_names: Sequence[str]) -> list[str]:
        """Take sources out, with everything made from them; return their names.

        What they shared articles with is cut again: there, the rest of the article stays.

        :raises NotFound: When one of them is not held; nothing is removed then.
        """
        names = list(dict.fromkeys(self._writer.name_of(each) for each in ids_or_names))
        self._publish(self._cut([], remove=names), report=BuildReport(), remove=names)
        return names

    def outcome_of(self, name: str) -> Held:
        """Return what is held now of one source.

        :raises NotFound: When there is none of that name.
        """
        return Held(summary=self._writer.summary(name), articles=self._writer.articles_of(name))

    @property
    def version(self) -> str:
        """Return the token of the version that is published now."""
        return self._writer.version

    def digests(self) -> dict[str, str]:
        """Return the digest of every source that is held, by name."""
        return self._writer.digests()

    def _changed(
        self,
        inputs: Iterable[Source | SegmentedSource | Failed],
        digests: dict[str, str],
        report: BuildReport,
    ) -> Iterator[SegmentedSource]:
        for given in inputs:
            if isinstance(given, Failed):
                report.failed.append(given)
                continue
            source = given.source if isinstance(given, SegmentedSource) else given
            if digests.get(source.name) == (digest := source.digest):
                report.unchanged.append(source.name)
                continue
            (report.updated if source.name in digests else report.added).append(source.name)
            digests[source.name] = digest
            yield given if isinstance(given, SegmentedSource) else segmented(given, self._pages)

    def _cut(self, put: Sequence[SegmentedSource], *, remove: Sequence[str] = ()) -> list[CutSource]:
        """Return what is to be put, and of its partners those whose articles it changes."""
        held = self._writer.held(partners(self._writer, put=put, remove=remove))
        cuts = cut_together([*put, *(segmented(source, self._pages) for source in held)])
        return [
            each
            for at, each in enumerate(cuts)
            if at < len(put) or list(each.articles) != list(self._writer.articles_of(each.source.name))
        ]

    def _publish(
        self, batch: Sequence[CutSource], *, report: BuildReport, remove: Sequence[str] = ()
    ) -> None:
        texts = [passage.searched for each in batch for passage in each.passages]
        vectors = self._embed(texts)
        put: list[IndexedSource] = []
        start = 0
        for each in batch:
            rows = vectors[start : start + len(each.passages)]
            start += len(each.passages)
            put.append(indexed(each, rows))
        self._writer.publish(put=put, remove=remove)
        report.articles += sum(len(each.articles) for each in batch)
        report.passages += len(texts)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text; what comes twice is embedded once.

        Texts of like length go together, so that little is padded. Without texts the encoder is not asked
        for anything: it may not have been loaded.
        """
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        different = sorted(dict.fromkeys(texts), key=len)
        rows: Vectors = np.zeros((len(different), self._encoder.identity.dimension), dtype=np.float32)
        self._progress.expect(len(different))
        steps = [different[start : start + STEP] for start in range(0, len(different), STEP)]
        done = 0
        for step, made in zip(steps, self._labour.embedded(steps), strict=True):
            rows[done : done + len(step)] = made
            done += len(step)
            self._progress.advance(len(step))
        places = {text: at for at, text in enumerate(different)}
        return rows[[places[text] for text in texts]]


def indexed(made: CutSource, vectors: Vectors) -> IndexedSource:
    """Return a cut source with the vectors of its passages."""
    return IndexedSource(
        source=made.source, articles=made.articles, passages=made.passages, vectors=vectors, parts=made.parts
    )


def batched(
    sources: Iterable[SegmentedSource], *, share: int = 1, clock: Callable[[], float] = time.monotonic
) -> Iterator[list[SegmentedSource]]:
    """Yield sources in groups of about ``BATCH_PASSAGES`` passages, or of what ``BATCH_SECONDS`` bring.

    Of a name twice in a group, the last.

    :param share: How many times as many passages.
    :param clock: In seconds.
    """
    batch: dict[str, SegmentedSource] = {}
    begun, size = clock(), 0
    for source in sources:
        name = source.source.name
        size += source.size - (batch[name].size if name in batch else 0)
        batch[name] = source
        if size >= BATCH_PASSAGES * share or clock() - begun >= BATCH_SECONDS:
            yield list(batch.values())
            batch, begun, size = {}, clock(), 0
    if batch:
        yield list(batch.values())
