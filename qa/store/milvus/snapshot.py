"""The reading side of Milvus: one published version, whatever is published while it is held."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property

from qa.domain.answers import Cited, Filters, Hit
from qa.domain.articles import ListedArticle, Newspaper, PrintedArticle
from qa.domain.passages import Passage
from qa.domain.ports import EncoderIdentity, IndexStatistics, Vectors, Words
from qa.domain.sources import Source, SourceSummary
from qa.errors import NotFound, QaError, StoreFailed
from qa.store.catalogue import is_asked_for, storable
from qa.store.failures import WRONG_ROW
from qa.store.milvus.catalogue import MilvusCatalogue
from qa.store.milvus.connection import IDS, Level, Milvus, Row, among
from qa.store.milvus.filters import Condition, Passing, last_day
from qa.store.milvus.manifest import (
    damaged,
    hold_to_models,
    missing,
    place_of,
    read_manifest,
)
from qa.store.milvus.rows import ChosenBy, day_of, newspaper_of
from qa.store.milvus.schema import DENSE, SPARSE
from qa.store.milvus.words import WordTable, asked_terms, rarity
from qa.store.register import MOST_LISTED, Remembered, newspaper
from qa.store.rows import sources_in
from qa.store.snapshot import printed, printed_at
from qa.store.ties import best
from qa.store.tokens import Tokens

SETTLING_S = 10.0
"""Seconds after opening in which every read sees all writes: twice what ``Bounded`` may lag behind."""

LOOKED_AT = 256
"""Neighbours that are looked at for a dense search, and twice as many as are asked for at least."""

TEXT_CHARACTERS = 20_000_000
"""Of sources that were held to their digest, kept for the next citations: 80 MB at most."""

MOST_CHOSEN = 200_000
"""Passages of which it is remembered what they are chosen by."""

CHOSEN = ("article", "day", "paper", "sources")
LISTED = ("id", "source", "position", "day", "newspaper")


class MilvusSnapshot:
    """Reads one version; a writer that publishes the next one does not disturb it."""

    def __init__(self, milvus: Milvus, *, encoder: EncoderIdentity | None, tokens: Tokens) -> None:
        """Open the version that is published now, and hold its rows to their counts.

        :param encoder: What questions will be embedded with; None when nothing will be searched.
        :raises IndexMissing, IndexStale, IndexDamaged, StoreFailed: See ``qa/errors.py``.
        """
        self._milvus, self._tokens = milvus, tokens
        self._lock = threading.RLock()
        self._texts: OrderedDict[str, Source] = OrderedDict()
        self._names: dict[str, str] = {}
        self._chosen: dict[int, ChosenBy] = {}
        self._listings = Remembered[tuple[ListedArticle, ...]](most=MOST_LISTED)
        self._opened = time.monotonic()
        manifest = read_manifest(milvus)
        if manifest is None:
            raise missing(milvus.address)
        self.manifest = manifest
        if encoder is not None:
            hold_to_models(manifest, encoder=encoder, tokenizer=tokens.identity, address=milvus.address)
        self.place = place_of(milvus, manifest)
        self.catalogue = MilvusCatalogue(
            milvus, self.place, generation=manifest.generation, level=self._level
        )
        self._hold_to_counts()

    def _hold_to_counts(self) -> None:
        counts = self.manifest.counts
        for table in ("sources", "articles", "passages"):
            found, told = self.catalogue.count(table), getattr(counts, table)
            if found != told:
                raise self._faulty(f"{table} 有 {found} 行，清单说有 {told} 行")

    def _level(self) -> Level:
        """Return how fresh a read must be: the rows of a version just opened may not be everywhere yet."""
        settled = time.monotonic() - self._opened >= SETTLING_S
        return self._milvus.address.level if settled else Level.STRONG

    def _faulty(self, what: str) -> QaError:
        """Return what to say of rows that are not there: damage, or a version that was cleared away."""
        now = read_manifest(self._milvus)
        kept = now.kept if now else ()
        if all(
            (each.generation, each.shelf) != (self.manifest.generation, self.manifest.shelf) for each in kept
        ):
            return StoreFailed(
                f"存储 {self._milvus.address} 的版本 {self.version} 已被清除：后来发布了更新的；请重新打开"
            )
        return damaged(self._milvus.address, what)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except QaError:
            raise
        except WRONG_ROW as error:
            raise damaged(self._milvus.address, f"有一行无法读取（{error}）") from error

    def close(self) -> None:
        """Let go of the version; the connection is whoever opened it's."""
        with self._lock:
            self._texts.clear()

    @property
    def version(self) -> str:
        """Return the token that names this version."""
        return self.manifest.version

    @property
    def words(self) -> Words:
        """Return how the passages of this version were cut into words."""
        return self._tokens

    def statistics(self) -> IndexStatistics:
        """Return what this version holds; the bytes are those of its texts and vectors."""
        counts = self.manifest.counts
        return IndexStatistics(
            sources=counts.sources,
            articles=counts.articles,
            passages=counts.passages,
            bytes=self.manifest.bytes,
            version=self.version,
            encoder=self.manifest.encoder,
        )

    # --- choosing

    def passages_within(self, filters: Filters) -> Passing | None:
        """Return the passages that pass ``filters``, named only when they are looked at; None means all."""
        if not filters.restrict:
            return None
        with self._reading():
            condition = Condition.of(filters, sources=self._asked_sources(filters), key="article")
        return Passing(
            condition, numbers=self._numbers, count=self._count_passages, chosen_by=self._chosen_by
        )

    def _numbers(self, clause: str) -> Iterator[int]:
        for row in self.catalogue.every("passages", ("number",), clause):
            yield int(row["number"])

    def _count_passages(self, clause: str) -> int:
        return self.catalogue.count("passages", clause)

    def _chosen_by(self, number: int) -> ChosenBy | None:
        if number not in self._chosen:
            rows = self.catalogue.of("passages", "number", [number], ("number", *CHOSEN))
            for row in rows:
                self._remember(number, row)
        return self._chosen.get(number)

    def _remember(self, number: int, row: Row) -> None:
        if len(self._chosen) >= MOST_CHOSEN:
            self._chosen.clear()
        self._chosen[number] = ChosenBy.of(row, article=row["article"])

    def _asked_sources(self, filters: Filters) -> list[str] | None:
        """Return the ids of the sources that are asked for by name; None where none are."""
        if not filters.sources:
            return None
        return [id for id, name in self._all_names.items() if is_asked_for(name, filters.sources)]

    @cached_property
    def _all_names(self) -> Mapping[str, str]:
        names = self.catalogue.names()
        if len(names) != self.manifest.counts.sources:
            raise self._faulty("来源不齐")
        return names

    def _names_of(self, ids: Collection[str]) -> Mapping[str, str]:
        """Return the names of some sources, by id.

        :raises KeyError: When one of them is not held.
        """
        unknown = sorted(set(ids) - self._names.keys())
        if unknown:
            with self._lock:
                self._names |= self.catalogue.names(unknown)
        return {id: self._names[id] for id in ids}

    def newest(self) -> date | None:
        """Return the date of the newest article; None where no article has one."""
        return self._newest

    @cached_property
    def _newest(self) -> date | None:
        return last_day(lambda clause: self.catalogue.exists("articles", clause))

    def newspapers(self) -> tuple[Newspaper, ...]:
        """Return the papers that articles tell they are from, by name."""
        return self._newspapers

    @cached_property
    def _newspapers(self) -> tuple[Newspaper, ...]:
        named: dict[str, list[ListedArticle]] = {}
        for each in self.listed(Filters()):
            if each.newspaper is not None:
                named.setdefault(each.newspaper, []).append(each)
        return tuple(newspaper(name, of_it) for name, of_it in sorted(named.items()))

    # --- searching

    def search_dense(self, vector: Vectors, *, limit: int, within: Collection[int] | None) -> list[Hit]:
        """Return the nearest passages by inner product, best first, ties by number."""
        return self._search(DENSE, vector.astype("float32").tolist(), limit=limit, within=within)

    def search_lexical(self, question: str, *, limit: int, within: Collection[int] | None) -> list[Hit]:
        """Return the best passages by BM25, best first, ties by number."""
        terms = asked_terms(question, tokens=self._tokens)
        table = WordTable(self._milvus, self.place["words"])
        held_in = table.held_in(terms, generation=self.manifest.generation, level=self._level())
        passages = self.manifest.counts.passages
        asked = {term: rarity(count, passages=passages) for term, count in held_in.items()}
        return self._search(SPARSE, asked, limit=limit, within=within) if asked else []

    def _search(
        self,
        field: str,
        vector: list[float] | dict[int, float],
        *,
        limit: int,
        within: Collection[int] | None,
    ) -> list[Hit]:
        clauses = clauses_of(within)
        if limit < 1 or not clauses or not self.manifest.counts.passages:
            return []

        def highest(count: int) -> list[Hit]:
            found = {
                hit.number: hit
                for clause in clauses
                for hit in self._nearest(field, vector, count=count, clause=clause)
            }
            return sorted(found.values(), key=lambda hit: (-hit.score, hit.number))[:count]

        return best(highest, limit=limit)

    def _nearest(
        self, field: str, vector: list[float] | dict[int, float], *, count: int, clause: str
    ) -> Iterator[Hit]:
        parameters = {"ef": max(LOOKED_AT, 2 * count)} if field == DENSE else {}
        found = self._milvus.search(
            self.place["passages"],
            field,
            vector,
            limit=count,
            where=self.catalogue.where(clause),
            fields=CHOSEN,
            level=self._level(),
            parameters=parameters,
        )
        for number, score, row in found:
            self._remember(number, row)
            if field == DENSE or score > 0:
                yield Hit(number=number, score=score)

    # --- giving

    def cite(self, numbers: Sequence[int]) -> list[Cited]:
        """Return passages, in that order, each held to what its source says.

        :raises IndexDamaged: When one is missing, or is not what its source says.
        """
        with self._reading():
            found = self.catalogue.passages(sorted(set(numbers)))
            lost = [number for number in numbers if number not in found]
            if lost:
                raise self._faulty(f"第 {lost[0]} 号段落不见了")
            passages = {number: passage for number, (passage, _) in found.items()}
            self._chosen |= {number: chosen for number, (_, chosen) in found.items()}
            self._hold_to_sources(list(passages.values()))
            articles = self.catalogue.articles(sorted({each.article_id for each in passages.values()}))
            try:
                return [
                    Cited(
                        passage=each,
                        article=articles[each.article_id],
                        source_names=self._names_of(
                            {articles[each.article_id].source_id, *sources_in(each.traced.origin)}
                            | sources_in(articles[each.article_id].places)
                        ),
                    )
                    for each in (passages[number] for number in numbers)
                ]
            except KeyError as error:
                raise self._faulty(f"{error} 不见了") from error

    def _hold_to_sources(self, passages: Sequence[Passage]) -> None:
        """Hold passages to the texts of their sources, which are held to their digests."""
        wanted = sorted({place.source_id for each in passages for place in each.traced.origin})
        sources = self._sources_of(wanted)
        texts = {id: source.text for id, source in sources.items()}
        for each in passages:
            if any(place.source_id not in texts for place in each.traced.origin):
                raise self._faulty(f"段落 {each.id} 的来源不见了")
            if printed_at(each.traced.origin, texts) != each.text:
                raise damaged(self._milvus.address, f"段落 {each.id} 与原文不符")

    def _sources_of(self, ids: Sequence[str]) -> dict[str, Source]:
        """Return sources by their ids, those that were read before without reading them again."""
        with self._lock:
            known = {id: self._texts[id] for id in ids if id in self._texts}
            read = self.catalogue.sources_by_id([id for id in ids if id not in known])
            for id, source in {**known, **read}.items():
                self._texts[id] = source
                self._texts.move_to_end(id)
            held = sum(len(source.text) for source in self._texts.values())
            while held > TEXT_CHARACTERS and len(self._texts) > 1:
                held -= len(self._texts.popitem(last=False)[1].text)
        return known | read

    def sources(self) -> list[SourceSummary]:
        """Return every source, by name."""
        with self._reading():
            found = self.catalogue.summaries()
        if len(found) != self.manifest.counts.sources:
            raise self._faulty("来源不齐")
        return found

    def source(self, id_or_name: str) -> Source:
        """Return one source, verbatim.

        :raises NotFound: When there is none.
        """
        with self._reading():
            name = self.catalogue.name_of(storable(id_or_name))
            found = list(self.catalogue.sources([name]))
        if not found:
            raise self._faulty(f"来源 {name} 不见了")
        return found[0]

    def listed(self, filters: Filters) -> tuple[ListedArticle, ...]:
        """Return which articles pass ``filters``, by the source they begin in and in page order."""
        with self._lock, self._reading():
            return self._listings.of(filters, self._listing)

    def _listing(self, filters: Filters) -> tuple[ListedArticle, ...]:
        condition = Condition.of(filters, sources=self._asked_sources(filters), key="id")
        rows = {
            row["id"]: row
            for clause in condition.expressions()
            for row in self.catalogue.every("articles", LISTED, clause)
        }
        if not filters.restrict and len(rows) != self.manifest.counts.articles:
            raise self._faulty("文章不齐")
        names = self._names_of({row["source"] for row in rows.values()})
        ordered = sorted(rows.values(), key=lambda row: (names[row["source"]], row["position"], row["id"]))
        return tuple(listed_article(row) for row in ordered)

    def articles(self, filters: Filters) -> list[PrintedArticle]:
        """Return the articles that ``listed`` tells.

        :raises IndexDamaged: When one is not found where it should lie.
        """
        try:
            return self.articles_by_id([each.id for each in self.listed(filters)])
        except NotFound as error:
            raise self._faulty("有文章不见了") from error

    def articles_by_id(self, ids: Sequence[str]) -> list[PrintedArticle]:
        """Return articles, in that order.

        :raises NotFound: When there is none of an id.
        """
        with self._reading():
            found = self.catalogue.articles(sorted(set(ids)))
            for id in ids:
                if id not in found:
                    raise NotFound(f"索引中没有文章 {id}；用 qa articles 查看有哪些")
            names = self._names_of(
                {id for each in found.values() for id in (each.source_id, *sources_in(each.places))}
            )
            return [printed(found[id], names) for id in ids]

    def article(self, id: str) -> PrintedArticle:
        """Return one article.

        :raises NotFound: When there is none.
        """
        return self.articles_by_id([id])[0]


def clauses_of(within: Collection[int] | None) -> list[str]:
    """Return expressions of which one must hold; an empty one holds of everything."""
    if within is None:
        return [""]
    if isinstance(within, Passing):
        return within.expressions
    numbers = sorted(within)
    return [among("number", numbers[at : at + IDS]) for at in range(0, len(numbers), IDS)]


def listed_article(row: Row) -> ListedArticle:
    """Return what is listed of an article."""
    return ListedArticle(
        id=row["id"], source_id=row["source"], date=day_of(row["day"]), newspaper=newspaper_of(row)
    )
