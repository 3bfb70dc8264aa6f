"""The ports: what the engine asks of models, stores and loaders.

Each has a fake and a contract class in ``tests/``; every adapter's tests inherit
the contract. The batch is the primitive everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.domain.answers import Cited, Filters, Found, Hit, Mode, Outcome, Preceding, Reading
from qa.domain.articles import Article, ListedArticle, Newspaper, Part, PrintedArticle
from qa.domain.passages import Passage
from qa.domain.sources import Source, SourceSummary
from qa.errors import QaError, SourceFailed

Vectors = NDArray[np.float32]
"""One row a text, L2-normalised, so that the inner product is the cosine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderIdentity:
    """Which encoder made a vector; two that differ here are never mixed.

    :param name: What a person calls it; the same model by another path is the same.
    :param digest: Changes whenever the weights, the tokenizer or the prompts do.
    """

    name: str = field(compare=False)
    digest: str
    dimension: int

    def __str__(self) -> str:
        """Return what a person needs to tell two encoders apart."""
        return f"{self.name}（{self.digest[:8]}，{self.dimension} 维）"


class Encoder(Protocol):
    """Turns texts into vectors."""

    @property
    def identity(self) -> EncoderIdentity:
        """Return which encoder this is."""
        ...

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """Return one row a question."""
        ...

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        """Return one row a passage."""
        ...


class Reader(Protocol):
    """Finds the answer to a question in passages."""

    @property
    def name(self) -> str:
        """Return what ``qa stats`` calls this reader."""
        ...

    def read(self, question: str, *, passages: Sequence[str], titles: Sequence[str]) -> Sequence[Reading]:
        """Return readings that do not overlap, best first; equal scores in passage order.

        Of one passage a few at most: its best, and what else it may be taken to say.

        :param titles: The headline over each passage, empty where there is none; never quoted from.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """An input that could not be taken in, by the name that the user gave it."""

    name: str
    error: SourceFailed


class Loader(Protocol):
    """Reads one format."""

    def load(self, path: Path, *, name: str, limit: int) -> Iterator[Source | Failed]:
        """Yield what a file holds: one source, or one a record; and what of it could not be taken in.

        :param limit: Bytes that the text of one source may have.
        :raises SourceFailed: While iterating, when the file cannot be taken in; says why.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPassage:
    """A passage with the texts that are searched in its stead.

    :param searched: What the lexical index sees: the title, then the passage.
    """

    passage: Passage
    searched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedSource:
    """Everything that was made from one source.

    :param articles: Those that begin in it; they may be printed in other sources as well.
    :param vectors: One row a passage, in the order of ``passages``.
    :param parts: What its pages say of articles that go on, or began, elsewhere.
    """

    source: Source
    articles: Sequence[Article]
    passages: Sequence[IndexedPassage]
    vectors: Vectors
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatistics:
    """What an index holds. ``bytes`` counts every file of it."""

    sources: int
    articles: int
    passages: int
    bytes: int
    version: str
    encoder: EncoderIdentity


class Words(Protocol):
    """How texts are cut into words, and what the words tell."""

    def folded(self, text: str) -> str:
        """Return a copy for matching (one width, case and script), which need not be as long as ``text``."""
        ...

    def telling(self, text: str) -> Mapping[str, float]:
        """Return the words of ``text``, folded, each with how much it tells; at least 0."""
        ...


class Snapshot(Protocol):
    """One published version of an index; never changes while it is held."""

    @property
    def version(self) -> str:
        """Return the token that names this version."""
        ...

    @property
    def words(self) -> Words:
        """Return how the passages of this version were cut into words."""
        ...

    def statistics(self) -> IndexStatistics:
        """Return what this version holds."""
        ...

    def passages_within(self, filters: Filters) -> Collection[int] | None:
        """Return the numbers of the passages that pass ``filters``; None means all.

        A passage is in a source if any of it is printed there.
        """
        ...

    def newest(self) -> date | None:
        """Return the date of the newest article; None where no article has one."""
        ...

    def newspapers(self) -> Sequence[Newspaper]:
        """Return the papers that articles tell they are from, by name; of the others there is no entry."""
        ...

    def search_dense(self, vector: Vectors, *, limit: int, within: Collection[int] | None) -> Sequence[Hit]:
        """Return the nearest passages by inner product, best first, ties by number.

        :param vector: Shape (dimension,).
        """
        ...

    def search_lexical(self, question: str, *, limit: int, within: Collection[int] | None) -> Sequence[Hit]:
        """Return the best passages by BM25, best first, ties by number."""
        ...

    def cite(self, numbers: Sequence[int]) -> Sequence[Cited]:
        """Return the passages with those numbers, in that order, checked against their sources.

        :raises IndexDamaged: When a passage is not what its source says.
        """
        ...

    def sources(self) -> Sequence[SourceSummary]:
        """Return every source, by name."""
        ...

    def source(self, id_or_name: str) -> Source:
        """Return one source, verbatim.

        :raises NotFound: When there is none.
        """
        ...

    def listed(self, filters: Filters) -> Sequence[ListedArticle]:
        """Return which articles pass ``filters``, by the source they begin in and in page order.

        An article is in a source if any of it is printed there. None is read, however many there are.
        """
        ...

    def articles(self, filters: Filters) -> Sequence[PrintedArticle]:
        """Return the articles that ``listed`` tells, all of them read."""
        ...

    def articles_by_id(self, ids: Sequence[str]) -> Sequence[PrintedArticle]:
        """Return articles, in that order.

        :raises NotFound: When there is none of an id.
        """
        ...

    def article(self, id: str) -> PrintedArticle:
        """Return one article.

        :raises NotFound: When there is none.
        """
        ...

    def close(self) -> None:
        """Let go of the version; nothing may be asked of it afterwards."""
        ...


class Publications(Protocol):
    """Where the versions of one index come out, one after another."""

    def latest(self) -> str:
        """Return the token of the version that is published now; cheap enough to ask every second.

        :raises QaError: When there is no index any more, or none that can be read.
        """
        ...

    def open(self) -> Snapshot:
        """Return the version that is published now, checked.

        :raises QaError: When it is damaged, or does not go with the encoder.
        """
        ...


class Writer(Protocol):
    """The one process that may change an index."""

    def digests(self) -> dict[str, str]:
        """Return the digest of every source that is held, by name."""
        ...

    def name_of(self, id_or_name: str) -> str:
        """Return the name of a source that is held.

        :raises NotFound: When there is none.
        """
        ...

    def held(self, names: Collection[str] | None = None) -> Iterator[Source]:
        """Yield the sources that are held, or those of them that are named, by name."""
        ...

    def parts(self, *, days: Collection[date] = (), sources: Collection[str] = ()) -> Sequence[Part]:
        """Return the parts that are held of papers of some days, or of some sources, each once."""
        ...

    def articles_of(self, name: str) -> Sequence[Article]:
        """Return the articles that begin in a source as they are held, in page order."""
        ...

    def summary(self, name: str) -> SourceSummary:
        """Return one source as it is held, without its text.

        :raises NotFound: When there is none of that name.
        """
        ...

    @property
    def version(self) -> str:
        """Return the token of the version that is published now; empty before the first."""
        ...

    def publish(self, *, put: Sequence[IndexedSource], remove: Sequence[str]) -> None:
        """Replace or add sources and remove others by name, in one atomic step.

        Of what is removed nothing is left, not even in articles that begin in other sources;
        an article that begins in what is put may be printed in any source that is then held.

        :raises SurroundingsFailed: With the index as it was before.
        """
        ...

    def rebuilding(self) -> AbstractContextManager[Writer]:
        """Give what a rebuild writes to, beside what is published until the context ends well.

        Then it takes the place of all that is held, in one atomic step. What ends the context early
        leaves what was published there: the next rebuild of the same kind finds it held already.

        :raises SurroundingsFailed: With the index as it was before.
        """
        ...


class Progress(Protocol):
    """Tells a person how far a long run has come."""

    def advance(self, steps: int) -> None:
        """Say that ``steps`` more passages are done."""
        ...

    def expect(self, steps: int) -> None:
        """Say that ``steps`` more passages are to come."""
        ...


OnFound = Callable[[Sequence[Found]], None]
"""Told what was found, best first, in the thread that asks."""


class Asker(Protocol):
    """Answers questions: what the command line and the service are built on."""

    @property
    def snapshot(self) -> Snapshot:
        """Return the version of the index that is being asked."""
        ...

    @property
    def encoder(self) -> Encoder:
        """Return what embeds the questions, so that what is put in needs no second model."""
        ...

    def ask(
        self,
        question: str,
        *,
        limit: int,
        filters: Filters,
        before: Preceding | None = None,
        on_found: OnFound | None = None,
    ) -> Outcome:
        """Return an answer or an abstention.

        :param limit: How many passages to give to the reader and, at most, to cite.
        :param before: What was asked before, from which a follow-up takes what it leaves out.
        :param on_found: Called with the passages before they are read; what it raises ends the asking.
        :raises QuestionInvalid: When the question is empty or too long.
        """
        ...

    def search(self, question: str, *, limit: int, filters: Filters, mode: Mode) -> Sequence[Found]:
        """Return ranked passages, best first.

        :raises QuestionInvalid: When the question is empty or too long.
        """
        ...


class AskerInForce(Protocol):
    """Gives the asker over whichever version of the index is in force (现行版本)."""

    @property
    def fault(self) -> QaError | None:
        """Return why the version that is published now is not the one in force; None when it is."""
        ...

    def held(self) -> AbstractContextManager[Asker]:
        """Return the asker in force, whose version stays open for as long as the context lasts."""
        ...

    def refresh(self) -> bool:
        """Go over to the version that is published now; return whether that is another one.

        :raises QaError: When it cannot be opened; the one before stays in force.
        """
        ...
