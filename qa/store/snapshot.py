"""The reading side of the local index: one published version, held for as long as it is needed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from weakref import WeakValueDictionary

from qa.domain.answers import Cited, Filters, Hit
from qa.domain.articles import Article, ListedArticle, Newspaper, PrintedArticle
from qa.domain.passages import Passage
from qa.domain.ports import EncoderIdentity, IndexStatistics, Vectors, Words
from qa.domain.sources import Source, SourceSummary
from qa.domain.spans import SourceSpan
from qa.errors import IndexDamaged, NotFound, ReadOnly, SurroundingsFailed
from qa.store.answers import FILE as ANSWERS
from qa.store.batches import FILE as BATCHES
from qa.store.catalogue import Catalogue, storable
from qa.store.dense import DenseIndex
from qa.store.derived import DENSE, LEXICAL, derived_files
from qa.store.failures import (
    Remedy,
    another_encoder,
    another_tokenizer,
    damaged,
    missing,
    readable,
    surroundings,
)
from qa.store.files import KnownFiles, opened_below
from qa.store.lexical import LexicalIndex
from qa.store.manifest import File, Manifest, check
from qa.store.published import noted, published_in
from qa.store.register import Register
from qa.store.schema import FILE, connect
from qa.store.segments import DenseSegments
from qa.store.stages import STAGE
from qa.store.tokens import Tokens

UNTOLD = -1
"""In place of the number of a version: the catalogue did not get as far as telling it."""

PAUSES_S = (0.02, 0.1)
"""Before a version that could not be told is looked for once more."""


class Loaded:
    """What one process has read of versions that never change, for the next one it opens."""

    def __init__(self) -> None:
        """Have read nothing."""
        self.files = KnownFiles()
        self.segments: WeakValueDictionary[str, DenseIndex] = WeakValueDictionary()
        """By the SHA-256 of the file; gone with the last version that searches it."""


class LocalSnapshot:
    """Reads one version; a writer that publishes the next one does not disturb it."""

    def __init__(
        self,
        folder: Path,
        *,
        encoder: EncoderIdentity | None,
        tokens: Tokens,
        loaded: Loaded | None = None,
    ) -> None:
        """Open the version that is published now, and check every derived file against its manifest.

        :param encoder: What questions will be embedded with; None when nothing will be searched.
        :param loaded: What was read of versions before, so that only what is new is read.
        :raises IndexMissing, IndexStale, IndexDamaged, SurroundingsFailed: See ``qa/errors.py``.
        """
        self._folder, self._loaded = folder, loaded or Loaded()
        self._lock = threading.RLock()
        # Sources of this version that were held to their digest once; the version does not change.
        self._intact: set[str] = set()
        require(folder)
        tried, pauses = None, iter(PAUSES_S)
        while True:
            try:
                self._open(encoder, tokens)
                return
            except (IndexDamaged, SurroundingsFailed):
                # A writer may have published and tidied up while the files were being opened:
                # then there is a newer version, and that is what was asked for. Or it has committed
                # and not yet noted so, and which version there is could not be told.
                if tried == self._found:
                    pause = next(pauses, None) if self._found == UNTOLD else None
                    if pause is None:
                        raise
                    time.sleep(pause)
                tried = self._found

    def _open(self, encoder: EncoderIdentity | None, tokens: Tokens) -> None:
        self._found = UNTOLD
        with surroundings(self._folder):
            last = noted(self._folder)
            self._connection = connect(self._folder, write=False)
            try:
                # The transaction stays open: all later statements see the rows of this version.
                self._connection.execute("BEGIN")
                self._manifest = published_in(self._connection, self._folder, noted=last)
                self._begin(encoder, tokens)
            except BaseException:
                self._connection.close()
                raise

    def _begin(self, encoder: EncoderIdentity | None, tokens: Tokens) -> None:
        self._found = self._manifest.generation
        self._catalogue = Catalogue(self._connection)
        if encoder is not None:
            hold_to_models(self._manifest, encoder=encoder, tokens=tokens, index=self._folder)
        with readable(self._folder):
            self._names = self._catalogue.names()
        self._register = Register(self._catalogue, names=self._names)
        try:
            self._dense = self._opened_dense(derived_files(self._folder, self._manifest.generation))
            self._lexical = self._opened_words(tokens)
        except (RuntimeError, ValueError) as error:
            told = f"检索文件无法载入（{error}）"
            raise damaged(self._folder, told, remedy=Remedy.REPAIR) from error
        counted = self._catalogue.counts()
        if counted != self._manifest.counts or len(self._names) != counted.sources:
            raise damaged(self._folder, f"{FILE} 的行数与清单不一致", remedy=Remedy.REBUILD)
        if not counted.passages == len(self._dense) == len(self._lexical):
            raise damaged(self._folder, "段落数与检索文件不一致", remedy=Remedy.REPAIR)

    def _opened_dense(self, derived: Path) -> DenseSegments:
        segments = [
            self._segment(derived, name, file)
            for name, file in sorted(self._manifest.files.items())
            if name.startswith(f"{DENSE}/")
        ]
        return DenseSegments(segments, held=self._catalogue.numbers())

    def _segment(self, derived: Path, name: str, file: File) -> DenseIndex:
        """Return a segment, read only if no version that is open has it."""
        segment = self._loaded.segments.get(file.digest)
        check(derived, files={name: file}, index=self._folder, known=None if segment else self._loaded.files)
        if segment is None:
            with opened_below(derived, name) as opened:
                segment = DenseIndex.from_bytes(opened.read(file.size))
            self._loaded.segments[file.digest] = segment
        return segment

    def _opened_words(self, tokens: Tokens) -> LexicalIndex:
        derived = derived_files(self._folder, self._manifest.generation)
        words = {
            name: file for name, file in self._manifest.files.items() if not name.startswith(f"{DENSE}/")
        }
        check(derived, files=words, index=self._folder, known=self._loaded.files)
        try:
            return LexicalIndex(derived / LEXICAL, tokens=tokens)
        except ValueError as error:
            if "Lockfile" not in str(error):
                raise
            # Tantivy takes a lock even to read, and cannot on a read-only file system.
            told = f"索引 {self._folder} 在只读的位置，无法打开；请复制到可写的目录再用 --index 指定"
            raise ReadOnly(told) from error

    def close(self) -> None:
        """Let go of the version."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _reading(self) -> Iterator[Catalogue]:
        with self._lock, surroundings(self._folder), readable(self._folder):
            yield self._catalogue

    @property
    def version(self) -> str:
        """Return the token that names this version."""
        return self._manifest.version

    @property
    def words(self) -> Words:
        """Return how the passages of this version were cut into words."""
        return self._lexical.tokens

    def statistics(self) -> IndexStatistics:
        """Return what this version holds."""
        counted = self._manifest.counts
        return IndexStatistics(
            sources=counted.sources,
            articles=counted.articles,
            passages=counted.passages,
            bytes=size_of(self._folder),
            version=self.version,
            encoder=self._manifest.encoder,
        )

    def passages_within(self, filters: Filters) -> Collection[int] | None:
        """Return the numbers of the passages that pass ``filters``; None means all.

        A passage is in a source if any of it is printed there.
        """
        if not filters.restrict:
            return None
        with self._reading():
            return self._register.numbers_within(filters)

    def newest(self) -> date | None:
        """Return the date of the newest article; None where no article has one."""
        with self._reading():
            return self._register.newest

    def newspapers(self) -> tuple[Newspaper, ...]:
        """Return the papers that articles tell they are from, by name."""
        with self._reading():
            return self._register.newspapers

    def search_dense(self, vector: Vectors, *, limit: int, within: Collection[int] | None) -> list[Hit]:
        """Return the nearest passages by inner product, best first, ties by number."""
        return self._dense.search(vector, limit=limit, within=within)

    def search_lexical(self, question: str, *, limit: int, within: Collection[int] | None) -> list[Hit]:
        """Return the best passages by BM25, best first, ties by number."""
        return self._lexical.search(question, limit=limit, within=within)

    def cite(self, numbers: Sequence[int]) -> list[Cited]:
        """Return passages, in that order, each held to what its source says.

        :raises IndexDamaged: When one is missing, or is not what its source says.
        """
        with self._reading() as catalogue:
            passages = catalogue.passages(numbers)
            missing = [number for number in numbers if number not in passages]
            if missing:
                raise damaged(self._folder, f"{FILE} 中第 {missing[0]} 号段落不见了", remedy=Remedy.REBUILD)
            texts: dict[str, str] = {}
            try:
                for passage in passages.values():
                    self._hold_to_source(passage, texts, catalogue)
            except NotFound as error:
                raise damaged(
                    self._folder, f"{FILE} 中有段落出自不在索引中的来源", remedy=Remedy.REBUILD
                ) from error
            articles = catalogue.articles_by_id(sorted({p.article_id for p in passages.values()}))
            return [
                Cited(passage=p, article=articles[p.article_id], source_names=self._names)
                for p in (passages[number] for number in numbers)
            ]

    def _hold_to_source(self, passage: Passage, texts: dict[str, str], catalogue: Catalogue) -> None:
        for place in passage.traced.origin:
            if place.source_id not in texts:
                texts[place.source_id] = catalogue.source(place.source_id, known=self._intact).text
                self._intact.add(place.source_id)
        if printed_at(passage.traced.origin, texts) != passage.text:
            raise damaged(self._folder, f"{FILE} 中段落 {passage.id} 与原文不符", remedy=Remedy.REBUILD)

    def sources(self) -> list[SourceSummary]:
        """Return every source, by name."""
        with self._reading() as catalogue:
            self._register.hold()
            return catalogue.summaries()

    def source(self, id_or_name: str) -> Source:
        """Return one source, verbatim.

        :raises NotFound: When there is none.
        """
        with self._reading() as catalogue:
            try:
                return catalogue.source(id_or_name)
            except NotFound as error:
                if self._is_held(storable(id_or_name)):
                    told = f"{FILE} 中来源 {id_or_name} 不见了"
                    raise damaged(self._folder, told, remedy=Remedy.REBUILD) from error
                raise

    def _is_held(self, id_or_name: str) -> bool:
        return id_or_name in self._names or id_or_name in self._names.values()

    def listed(self, filters: Filters) -> tuple[ListedArticle, ...]:
        """Return which articles pass ``filters``, by the source they begin in and in page order.

        An article is in a source if any of it is printed there.
        """
        with self._reading():
            return self._register.listed(filters)

    def articles(self, filters: Filters) -> list[PrintedArticle]:
        """Return the articles that ``listed`` tells.

        :raises IndexDamaged: When one is not found where it should lie.
        """
        try:
            return self.articles_by_id([each.id for each in self.listed(filters)])
        except NotFound as error:
            raise damaged(self._folder, f"{FILE} 中有文章不见了", remedy=Remedy.REBUILD) from error

    def articles_by_id(self, ids: Sequence[str]) -> list[PrintedArticle]:
        """Return articles, in that order.

        :raises NotFound: When there is none of an id.
        """
        with self._reading() as catalogue:
            found = catalogue.articles_by_id([storable(id) for id in ids])
            for id in ids:
                if id not in found:
                    raise NotFound(f"索引中没有文章 {id}；用 qa articles 查看有哪些")
            return [printed(found[id], self._names) for id in ids]

    def article(self, id: str) -> PrintedArticle:
        """Return one article.

        :raises NotFound: When there is none.
        """
        return self.articles_by_id([id])[0]


def require(folder: Path) -> None:
    """See that there is an index in a folder, whatever state it is in.

    :raises IndexMissing: When there is none.
    """
    if not (folder / FILE).is_file():
        raise missing(folder)


def size_of(folder: Path) -> int:
    """Return the bytes of all files of an index, but for what a writer tidies away meanwhile.

    What two versions share counts once.
    """
    sizes: dict[tuple[int, int], int] = {}
    for parent, folders, files in os.walk(folder):
        # What a rebuild has made so far is no part of the index, nor is what a service keeps for people.
        folders[:] = [each for each in folders if not each.startswith(STAGE)]
        for file in (each for each in files if not each.startswith((ANSWERS, BATCHES))):
            with suppress(FileNotFoundError):
                status = Path(parent, file).stat(follow_symlinks=False)
                sizes[status.st_dev, status.st_ino] = status.st_size
    return sum(sizes.values())


def printed(article: Article, names: Mapping[str, str]) -> PrintedArticle:
    """Return an article with the names of the sources it is printed in.

    :raises KeyError: When one of them is not held.
    """
    ids = dict.fromkeys([article.source_id, *(place.source_id for place in article.places)])
    return PrintedArticle(article=article, source_names={id: names[id] for id in ids})


def printed_at(places: Iterable[SourceSpan], texts: Mapping[str, str]) -> str:
    """Return what is printed at some places.

    :param texts: By the ids of the sources.
    """
    return "".join(texts[place.source_id][place.span.start : place.span.end] for place in places)


def hold_to_models(manifest: Manifest, *, encoder: EncoderIdentity, tokens: Tokens, index: Path) -> None:
    """Hold an index to what texts are embedded with and how their words are cut.

    :raises IndexStale: When it was made another way.
    """
    if encoder != manifest.encoder:
        raise another_encoder(index, found=manifest.encoder, ours=encoder)
    hold_to_tokens(manifest, tokens=tokens, index=index)


def hold_to_tokens(manifest: Manifest, *, tokens: Tokens, index: Path) -> None:
    """Hold an index to how words are cut.

    :raises IndexStale: When its words were cut another way.
    """
    if tokens.identity != manifest.tokenizer:
        raise another_tokenizer(index, found=manifest.tokenizer, ours=tokens.identity)
