"""Fakes of the ports: small, deterministic, and held to the same contracts as the adapters."""

from __future__ import annotations

import math
import threading
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from qa.domain.answers import Cited, Filters, Hit, Reading
from qa.domain.articles import Article, Facts, ListedArticle, Newspaper, Part, PrintedArticle
from qa.domain.passages import Passage
from qa.domain.ports import (
    EncoderIdentity,
    IndexedPassage,
    IndexedSource,
    IndexStatistics,
    Snapshot,
    Vectors,
    Words,
)
from qa.domain.sources import Source, SourceSummary, token
from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText
from qa.errors import NotFound, QaError
from qa.ranking.confidence import SIGNALS, ConfidenceModel
from qa.text.sentences import sentences

DIMENSION = 64


def bigrams(text: str) -> list[str]:
    """Return the pairs of neighbouring characters; a lone character stands for itself."""
    return [text[at : at + 2] for at in range(max(1, len(text) - 1))]


class FakeEncoder:
    """Counts character bigrams in buckets: texts that share words are near, on every machine alike."""

    def __init__(self, *, name: str = "fake", digest: str = "0f" * 32, dimension: int = DIMENSION) -> None:
        self._identity = EncoderIdentity(name=name, digest=digest, dimension=dimension)
        self.batches: list[list[str]] = []

    @property
    def identity(self) -> EncoderIdentity:
        return self._identity

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        return self._embed(questions)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        self.batches.append(list(passages))
        return self._embed(passages)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        rows: Vectors = np.zeros((len(texts), self._identity.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for pair in bigrams(text):
                row[zlib.crc32(pair.encode("utf-8", "surrogatepass")) % self._identity.dimension] += 1
            row /= np.linalg.norm(row)
        return rows


class FakeReader:
    """Takes the sentence that shares most bigrams with the question; none where they share nothing."""

    name = "fake-reader"

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> Sequence[Reading]:
        asked = set(bigrams(question))
        readings: list[Reading] = []
        for at, passage in enumerate(passages):
            best = max(
                (
                    (
                        len(asked & set(bigrams(passage[span.start : span.end]))) / len(asked),
                        -span.start,
                        span,
                    )
                    for span in sentences(passage)
                ),
                default=None,
            )
            if best and best[0] > 0:
                printed = passage[best[2].start : best[2].end]
                start = best[2].start + len(printed) - len(printed.lstrip())
                span = Span(start, start + len(printed.strip()))
                readings.append(Reading(passage=at, span=span, score=best[0]))
        return sorted(readings, key=lambda each: (-each.score, each.passage))


def confidence_by_margin(*, midpoint: float = 0.0, slope: float = 1.0) -> ConfidenceModel:
    """Return a confidence that depends on the reader's margin alone."""
    weights = dict.fromkeys(SIGNALS, 0.0) | {"margin": slope}
    return ConfidenceModel(intercept=-slope * midpoint, weights=weights)


class PhraseReader:
    """Reads the first of the given phrases that a passage holds, with the score given for it."""

    name = "phrase-reader"

    def __init__(self, scores: Mapping[str, float]) -> None:
        self._scores = scores
        self.asked: list[tuple[str, list[str], list[str]]] = []

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> Sequence[Reading]:
        self.asked.append((question, list(passages), list(titles)))
        readings = []
        for at, passage in enumerate(passages):
            phrase = next((each for each in self._scores if each in passage), None)
            if phrase is not None:
                start = passage.index(phrase)
                span = Span(start, start + len(phrase))
                readings.append(Reading(passage=at, span=span, score=self._scores[phrase]))
        return sorted(readings, key=lambda each: (-each.score, each.passage))


@dataclass(slots=True)
class SilentProgress:
    """Says nothing, and remembers what it was told."""

    expected: int = 0
    advanced: int = 0

    def advance(self, steps: int) -> None:
        self.advanced += steps

    def expect(self, steps: int) -> None:
        self.expected += steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article to be, a passage a text."""

    texts: tuple[str, ...]
    title: str | None = None
    day: date | None = None
    newspaper: str | None = None
    authors: tuple[str, ...] = ()


def story(
    *texts: str,
    title: str | None = None,
    day: date | None = None,
    newspaper: str | None = None,
    authors: tuple[str, ...] = (),
) -> Story:
    """Return an article to be."""
    return Story(texts=texts, title=title, day=day, newspaper=newspaper, authors=authors)


def indexed(name: str, *stories: Story, encoder: FakeEncoder | None = None) -> IndexedSource:
    """Return a source whose text is the stories' texts, a line each, with what is made from it."""
    source = Source(name=name, text="".join(text + "\n" for each in stories for text in each.texts))
    articles: list[Article] = []
    passages: list[IndexedPassage] = []
    offset = 0
    for position, each in enumerate(stories):
        id = token("article", name, str(position), *each.texts)
        places: list[SourceSpan] = []
        for at, text in enumerate(each.texts):
            place = SourceSpan(source_id=source.id, span=Span(offset, offset + len(text)))
            offset += len(text) + 1
            places.append(place)
            traced = TracedText(text=text, origin=(place,))
            made = Passage(id=token("passage", id, str(at)), article_id=id, traced=traced)
            passages.append(
                IndexedPassage(passage=made, searched="\n".join(filter(None, (each.title, text))))
            )
        facts = Facts(title=each.title, date=each.day, newspaper=each.newspaper, authors=each.authors)
        articles.append(
            Article(id=id, source_id=source.id, facts=facts, places=tuple(places), passages=len(each.texts))
        )
    vectors = (encoder or FakeEncoder()).embed_passages([each.searched for each in passages])
    return IndexedSource(source=source, articles=articles, passages=passages, vectors=vectors)


def over_two_pages() -> list[IndexedSource]:
    """Return two pages of a paper: an article that goes on from the first to the second, and a notice."""
    first = Source(name="一版.txt", text="大会开幕。煤炭产量稳步\n天气晴。\n")
    second = Source(name="四版.txt", text="增长。企业复工。\n")
    jumped = token("article", first.name, "0")
    pieces = [
        (jumped, [(first, 0, 5)]),
        (jumped, [(first, 5, 11), (second, 0, 3)]),
        (jumped, [(second, 3, 8)]),
        (token("article", first.name, "1"), [(first, 12, 16)]),
    ]
    passages = [
        printed_passage(article, at, places=[span_of(*place) for place in places], sources=(first, second))
        for at, (article, places) in enumerate(pieces)
    ]
    articles = [
        Article(
            id=jumped,
            source_id=first.id,
            facts=Facts(title="煤炭", jump_to="4", jump_from="1"),
            places=(span_of(first, 0, 11), span_of(second, 0, 8)),
            passages=3,
        ),
        Article(
            id=pieces[3][0],
            source_id=first.id,
            facts=Facts(title="天气"),
            places=(span_of(first, 12, 16),),
            passages=1,
        ),
    ]
    vectors = FakeEncoder().embed_passages([each.searched for each in passages])
    return [
        IndexedSource(source=first, articles=articles, passages=passages, vectors=vectors),
        IndexedSource(source=second, articles=(), passages=(), vectors=vectors[:0]),
    ]


def span_of(source: Source, start: int, end: int) -> SourceSpan:
    """Return a place in a source."""
    return SourceSpan(source_id=source.id, span=Span(start, end))


def printed_passage(
    article_id: str, position: int, *, places: Sequence[SourceSpan], sources: Sequence[Source]
) -> IndexedPassage:
    """Return a passage that is printed at some places."""
    texts = {source.id: source.text for source in sources}
    text = "".join(texts[place.source_id][place.span.start : place.span.end] for place in places)
    traced = TracedText(text=text, origin=tuple(places))
    made = Passage(id=token("passage", article_id, str(position)), article_id=article_id, traced=traced)
    return IndexedPassage(passage=made, searched=text)


class FakeWords:
    """Cuts a text into characters; each letter and digit tells as much as any other."""

    def folded(self, text: str) -> str:
        return text.lower()

    def telling(self, text: str) -> Mapping[str, float]:
        return dict.fromkeys((character for character in self.folded(text) if character.isalnum()), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorySnapshot:
    """A version of an index that was never on disk; numbers count from 1 in order of publication."""

    version: str
    encoder: EncoderIdentity
    held: Mapping[str, IndexedSource]
    numbers: Mapping[str, int] = field(hash=False)

    @property
    def words(self) -> Words:
        return FakeWords()

    def _passages(self) -> dict[int, tuple[IndexedPassage, Vectors]]:
        return {
            self.numbers[passage.passage.id]: (passage, vector)
            for each in self.held.values()
            for passage, vector in zip(each.passages, each.vectors, strict=True)
        }

    def statistics(self) -> IndexStatistics:
        return IndexStatistics(
            sources=len(self.held),
            articles=sum(len(each.articles) for each in self.held.values()),
            passages=sum(len(each.passages) for each in self.held.values()),
            bytes=sum(len(each.source.text.encode()) for each in self.held.values()),
            version=self.version,
            encoder=self.encoder,
        )

    def passages_within(self, filters: Filters) -> Collection[int] | None:
        if not filters.restrict:
            return None
        chosen = {each.article.id: each.source_names for each in self.articles(filters)}
        return frozenset(
            number
            for number, (indexed, _) in self._passages().items()
            if (names := chosen.get(indexed.passage.article_id))
            and any(named(names[place.source_id], filters) for place in indexed.passage.traced.origin)
        )

    def newest(self) -> date | None:
        dates = (article.facts.date for each in self.held.values() for article in each.articles)
        return max((day for day in dates if day), default=None)

    def newspapers(self) -> Sequence[Newspaper]:
        named: dict[str, list[Article]] = {}
        for each in self.held.values():
            for article in each.articles:
                if article.facts.newspaper:
                    named.setdefault(article.facts.newspaper, []).append(article)
        days = {name: [a.facts.date for a in those if a.facts.date] for name, those in named.items()}
        return [
            Newspaper(
                name=name,
                articles=len(those),
                first=min(days[name], default=None),
                last=max(days[name], default=None),
            )
            for name, those in sorted(named.items())
        ]

    def search_dense(self, vector: Vectors, *, limit: int, within: Collection[int] | None) -> Sequence[Hit]:
        hits = [
            Hit(number=number, score=float(row @ vector))
            for number, (_, row) in self._passages().items()
            if within is None or number in within
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.number))[:limit]

    def search_lexical(self, question: str, *, limit: int, within: Collection[int] | None) -> Sequence[Hit]:
        texts = {number: Counter(bigrams(p.searched)) for number, (p, _) in self._passages().items()}
        scores = bm25(sorted(set(bigrams(question))), texts)
        hits = [
            Hit(number=number, score=score)
            for number, score in scores.items()
            if score > 0 and (within is None or number in within)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.number))[:limit]

    def cite(self, numbers: Sequence[int]) -> Sequence[Cited]:
        passages, names = self._passages(), {each.source.id: name for name, each in self.held.items()}
        articles = {article.id: article for each in self.held.values() for article in each.articles}
        return [
            Cited(passage=p, article=articles[p.article_id], source_names=names)
            for p in (passages[number][0].passage for number in numbers)
        ]

    def sources(self) -> Sequence[SourceSummary]:
        return [
            SourceSummary(
                id=each.source.id,
                name=name,
                digest=each.source.digest,
                characters=len(each.source.text),
                articles=sum(name in listed.source_names.values() for listed in self.articles(Filters())),
                passages=sum(
                    any(place.source_id == each.source.id for place in indexed.passage.traced.origin)
                    for indexed, _ in self._passages().values()
                ),
            )
            for name, each in sorted(self.held.items())
        ]

    def source(self, id_or_name: str) -> Source:
        for each in self.held.values():
            if id_or_name in (each.source.id, each.source.name):
                return each.source
        raise NotFound(f"索引中没有来源 {id_or_name}")

    def articles(self, filters: Filters) -> Sequence[PrintedArticle]:
        names = {each.source.id: name for name, each in self.held.items()}
        listed = (
            PrintedArticle(
                article=article,
                source_names={
                    id: names[id]
                    for id in dict.fromkeys((article.source_id, *(p.source_id for p in article.places)))
                },
            )
            for _, each in sorted(self.held.items())
            for article in each.articles
        )
        return [each for each in listed if passes(each, filters)]

    def listed(self, filters: Filters) -> Sequence[ListedArticle]:
        return [
            ListedArticle(
                id=each.id, source_id=each.source_id, date=each.facts.date, newspaper=each.facts.newspaper
            )
            for each in (printed.article for printed in self.articles(filters))
        ]

    def articles_by_id(self, ids: Sequence[str]) -> Sequence[PrintedArticle]:
        return [self.article(id) for id in ids]

    def article(self, id: str) -> PrintedArticle:
        for each in self.articles(Filters()):
            if each.article.id == id:
                return each
        raise NotFound(f"索引中没有文章 {id}")

    def close(self) -> None:
        """Keep nothing open."""


def named(name: str, filters: Filters) -> bool:
    """Tell whether a source is asked for."""
    return not filters.sources or any(fnmatchcase(name, glob) for glob in filters.sources)


def passes(listed: PrintedArticle, filters: Filters) -> bool:
    """Tell whether an article is asked for; one without a date is not of any time."""
    day = listed.article.facts.date
    return (
        any(named(name, filters) for name in listed.source_names.values())
        and (not filters.newspapers or listed.article.facts.newspaper in filters.newspapers)
        and listed.article.id not in filters.without
        and (filters.first is None or (day is not None and day >= filters.first))
        and (filters.last is None or (day is not None and day <= filters.last))
    )


def without(held: IndexedSource, gone: Collection[str]) -> IndexedSource:
    """Return a source without those of its articles that are printed in sources that are gone."""
    kept = {a.id for a in held.articles if not any(place.source_id in gone for place in a.places)}
    stay = [at for at, each in enumerate(held.passages) if each.passage.article_id in kept]
    return replace(
        held,
        articles=[article for article in held.articles if article.id in kept],
        passages=[held.passages[at] for at in stay],
        vectors=held.vectors[stay],
    )


class MemoryWriter:
    """Keeps an index in memory, each version a new value."""

    def __init__(self, encoder: EncoderIdentity | None = None) -> None:
        self._encoder = encoder or FakeEncoder().identity
        self._held: dict[str, IndexedSource] = {}
        self._numbers: dict[str, int] = {}
        self._next = 1
        self.published: list[list[str]] = []
        self.read: list[str] = []
        self.stage: MemoryWriter | None = None

    def digests(self) -> dict[str, str]:
        return {name: each.source.digest for name, each in self._held.items()}

    def name_of(self, id_or_name: str) -> str:
        for name, each in self._held.items():
            if id_or_name in (name, each.source.id):
                return name
        raise NotFound(f"索引中没有来源 {id_or_name}")

    def held(self, names: Collection[str] | None = None) -> Iterator[Source]:
        self.read += sorted(self._held if names is None else names)
        for name in sorted(self._held if names is None else names):
            yield self._held[name].source

    def parts(self, *, days: Collection[date] = (), sources: Collection[str] = ()) -> Sequence[Part]:
        return [
            part
            for name, each in self._held.items()
            for part in each.parts
            if name in sources or part.published in days
        ]

    def articles_of(self, name: str) -> Sequence[Article]:
        return self._held[name].articles

    def summary(self, name: str) -> SourceSummary:
        found = [each for each in self.snapshot().sources() if each.name == name]
        if not found:
            raise NotFound(f"索引中没有来源 {name}")
        return found[0]

    @property
    def version(self) -> str:
        return str(len(self.published)) if self.published else ""

    def publish(self, *, put: Sequence[IndexedSource], remove: Sequence[str]) -> None:
        again = {each.source.name for each in put}
        gone = {self._held[name].source.id for name in remove if name in self._held and name not in again}
        held = {name: without(each, gone) for name, each in self._held.items() if each.source.id not in gone}
        for each in put:
            held[each.source.name] = each
            for passage in each.passages:
                self._numbers[passage.passage.id] = self._next
                self._next += 1
        self._held = held
        self.published.append([each.source.name for each in put])

    @contextmanager
    def rebuilding(self) -> Iterator[MemoryWriter]:
        self.stage = stage = self.stage or MemoryWriter(self._encoder)
        yield stage
        self._held, self.stage = {}, None
        self.publish(put=[each for _, each in sorted(stage._held.items())], remove=())

    def snapshot(self) -> MemorySnapshot:
        """Return the version that is published now."""
        return MemorySnapshot(
            version=str(len(self.published)),
            encoder=self._encoder,
            held=dict(self._held),
            numbers=dict(self._numbers),
        )


class WatchedSnapshot:
    """A version in memory that knows whether it was closed, and fails when it is asked afterwards."""

    def __init__(self, snapshot: MemorySnapshot) -> None:
        self._snapshot = snapshot
        self.closed = False

    def close(self) -> None:
        assert not self.closed, "closed twice"
        self.closed = True

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the version has
        assert not self.closed, f"asked for {name} after it was closed"
        return getattr(self._snapshot, name)


class MemoryPublications:
    """The versions that a writer in memory publishes, each opened as often as asked for."""

    def __init__(self, writer: MemoryWriter) -> None:
        self._writer = writer
        self.opened: list[WatchedSnapshot] = []
        self.fault: QaError | None = None
        self.reopened = threading.Event()

    def latest(self) -> str:
        return self._writer.snapshot().version

    def open(self) -> Snapshot:
        if self.fault:
            raise self.fault
        self.opened.append(WatchedSnapshot(self._writer.snapshot()))
        if len(self.opened) > 1:
            self.reopened.set()
        return self.opened[-1]


def bm25(
    words: Sequence[str], texts: Mapping[int, Counter[str]], *, k1: float = 1.2, b: float = 0.75
) -> dict[int, float]:
    """Return the BM25 score of every text, straight from the formula (Robertson and Zaragoza 2009)."""
    mean = sum(sum(text.values()) for text in texts.values()) / max(1, len(texts))
    scores = dict.fromkeys(texts, 0.0)
    for word in words:
        holding = sum(word in text for text in texts.values())
        weight = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        for number, text in texts.items():
            length = k1 * (1 - b + b * sum(text.values()) / mean)
            scores[number] += weight * text[word] * (k1 + 1) / (text[word] + length)
    return scores
