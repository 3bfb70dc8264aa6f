"""Outcomes: an answer with its citations, or an abstention that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qa.domain.articles import Article
from qa.domain.passages import Passage
from qa.domain.spans import SourceSpan, Span


class Mode(StrEnum):
    """Which searches take part."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which part of the collection is asked.

    :param sources: Globs over source names; empty means all.
    :param newspapers: Names of papers as articles tell them; empty means all, and those that tell none.
    :param first: Only articles dated on this day or later.
    :param last: Only articles dated on this day or earlier.
    :param without: Ids of articles to leave out, as if they had never been printed.
    """

    sources: tuple[str, ...] = ()
    newspapers: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    without: frozenset[str] = frozenset()

    @property
    def restrict(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.sources or self.newspapers or self.first or self.last or self.without)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preceding:
    """The question before (上一问), on which a new one may lean.

    :param question: As it was understood.
    :param title: Of the article cited first, where there was one.
    """

    question: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage, by its number in the index, and how well it fits; higher is better."""

    number: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A hit after fusion, with each search's own score; None where that search missed it."""

    number: int
    fused: float
    dense: float | None
    lexical: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A passage with what a citation of it has to name."""

    passage: Passage
    article: Article
    source_names: Mapping[str, str] = field(hash=False)

    @property
    def source_name(self) -> str:
        """Return the name of the source in which the article begins."""
        return self.source_names[self.article.source_id]

    @property
    def printed_in(self) -> tuple[str, ...]:
        """Return the names of the sources that the passage is printed in, in reading order."""
        return tuple(dict.fromkeys(self.source_names[p.source_id] for p in self.passage.traced.origin))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A passage that a search returned.

    :param also: Passages that say nearly the same words elsewhere, best first.
    """

    cited: Cited
    ranked: Ranked
    also: tuple[Cited, ...] = ()

    @property
    def printed_in(self) -> frozenset[str]:
        """Return the names of all sources that print it, or nearly the same."""
        return frozenset(name for each in (self.cited, *self.also) for name in each.printed_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A stretch of one passage that the reader takes for the answer.

    :param passage: The position of the passage among those that were read.
    :param score: Higher is better; comparable over passages of one question.
    """

    passage: int
    span: Span
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quote and where it is printed (出处).

    :param highlight: The quote within its passage.
    :param score: In [0, 1].
    :param supports: False for the nearest passages of an abstention.
    """

    cited: Cited
    highlight: Span
    score: float
    supports: bool = True

    @property
    def quote(self) -> str:
        """Return the words, exactly as in the passage."""
        return self.cited.passage.text[self.highlight.start : self.highlight.end]

    @property
    def places(self) -> tuple[SourceSpan, ...]:
        """Return where the quote is printed."""
        return self.cited.passage.locate(self.highlight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another answer that was considered."""

    answer: str
    confidence: float
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """An answer that was considered, with what spoke for it and against it.

    :param margin: The reader's, over there being no answer in that passage, in logits.
    :param signals: What each signal adds to the log-odds of being right, by its name.
    """

    answer: str
    confidence: float
    ranked: Ranked
    margin: float
    signals: Mapping[str, float] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Milliseconds a stage."""

    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a question got: an answer, or an abstention (拒答), which is a value and no error.

    :param answer: None exactly when the sources do not answer the question.
    :param confidence: In [0, 1]: how sure of the answer, or that there is none.
    :param citations: The first holds the answer; after an abstention, the nearest passages.
    :param retrieved: What the reader was given, best first.
    :param considered: Every answer that was considered, the surest first.
    :param understood: The full question that a follow-up was taken for; None where it was asked as it stands.
    """

    question: str
    answer: str | None
    confidence: float
    citations: tuple[Citation, ...]
    alternatives: tuple[Alternative, ...]
    retrieved: tuple[Found, ...]
    timings: Timings
    index_version: str
    considered: tuple[Considered, ...] = ()
    understood: str | None = None

    @property
    def abstained(self) -> bool:
        """Tell whether no answer was given."""
        return self.answer is None
