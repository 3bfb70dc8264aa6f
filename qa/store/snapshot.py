"""The reading side of the local index: one published version, held for as long as it is needed."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from qa.domain.answers import Cited, Filters, Hit
from qa.domain.articles import Newspaper, PrintedArticle
from qa.domain.passages import Passage
from qa.domain.ports import EncoderIdentity, IndexStatistics, Vectors
from qa.domain.sources import Source, SourceSummary
from qa.errors import IndexDamaged, NotFound, QaError, SurroundingsFailed
from qa.store.answers import FILE as ANSWERS
from qa.store.catalogue import Catalogue
from qa.store.dense import DenseIndex
from qa.store.failures import another_encoder, another_format, damaged, empty, missing, readable, surroundings
from qa.store.lexical import LexicalIndex
from qa.store.manifest import FORMAT, Manifest, check
from qa.store.schema import FILE, connect, format_of
from qa.store.tokens import Tokens

GENERATIONS = "generations"
DENSE = "dense.faiss"
LEXICAL = "lexical"


def generation_folder(folder: Path, generation: int) -> Path:
    """Return where the derived files of a version lie."""
    return folder / GENERATIONS / f"{generation:08d}"


class LocalSnapshot:
    """Reads one version; a writer that publishes the next one does not disturb it."""

    def __init__(self, folder: Path, *, encoder: EncoderIdentity | None, tokens: Tokens) -> None:
        """Open the version that is published now, and check every derived file against its manifest.

        :param encoder: What questions will be embedded with; None when nothing will be searched.
        :raises IndexMissing, IndexStale, IndexDamaged, SurroundingsFailed: See ``qa/errors.py``.
        """
        self._folder = folder
        self._lock = threading.RLock()
        # Sources of this version that were held to their digest once; the version does not change.
        self._intact: set[str] = set()
        if not (folder / FILE).is_file():
            raise missing(folder)
        tried = None
        while True:
            try:
                self._open(encoder, tokens)
                return
            except (IndexDamaged, OSError, ValueError):
                # A writer may have published and tidied up while the files were being opened:
                # then there is a newer version, and that is what was asked for.
                if tried == self._found:
                    raise
                tried = self._found

    def _open(self, encoder: EncoderIdentity | None, tokens: Tokens) -> None:
        self._found = -1
        with surroundings(self._folder):
            self._connection = connect(self._folder, write=False)
            try:
                self._begin(encoder, tokens)
            except BaseException:
                self._connection.close()
                raise

    def _begin(self, encoder: EncoderIdentity | None, tokens: Tokens) -> None:
        # The transaction stays open: all later statements see the rows of this version.
        self._connection.execute("BEGIN")
        self._catalogue = Catalogue(self._connection)
        found = format_of(self._connection)
        if found == 0:
            raise unborn(self._folder)
        if found != FORMAT:
            raise another_format(self._folder, found=found, ours=FORMAT)
        manifest = published(self._catalogue, self._folder)
        if manifest is None:
            raise empty(self._folder)
        self._manifest, self._found = manifest, manifest.generation
        self._names = self._catalogue.names()
        if encoder is not None and encoder != self._manifest.encoder:
            raise another_encoder(self._folder, found=self._manifest.encoder, ours=encoder)
        derived = generation_folder(self._folder, self._manifest.generation)
        check(derived, files=self._manifest.files, index=self._folder)
        try:
            self._dense = DenseIndex.read(derived / DENSE)
            self._lexical = LexicalIndex(derived / LEXICAL, tokens=tokens)
        except (RuntimeError, ValueError) as error:
            if "Lockfile" in str(error):
                # Tantivy takes a lock even to read, and cannot on a read-only file system.
                told = f"索引 {self._folder} 在只读的位置，无法打开；请复制到可写的目录再用 --index 指定"
                raise SurroundingsFailed(told) from error
            raise damaged(self._folder, f"检索文件无法载入（{error}）") from error
        _, _, passages = self._catalogue.counts()
        if not passages == len(self._dense) == len(self._lexical):
            raise damaged(self._folder, "段落数与检索文件不一致")

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

    def statistics(self) -> IndexStatistics:
        """Return what this version holds."""
        with self._reading() as catalogue:
            sources, articles, passages = catalogue.counts()
        return IndexStatistics(
            sources=sources,
            articles=articles,
            passages=passages,
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
        with self._reading() as catalogue:
            return frozenset(catalogue.numbers_within(filters))

    def newest(self) -> date | None:
        """Return the date of the newest article; None where no article has one."""
        with self._reading() as catalogue:
            return catalogue.newest()

    def newspapers(self) -> list[Newspaper]:
        """Return the papers that articles tell they are from, by name."""
        with self._reading() as catalogue:
            return catalogue.newspapers()

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
                raise damaged(self._folder, f"第 {missing[0]} 号段落不见了")
            texts: dict[str, str] = {}
            try:
                for passage in passages.values():
                    self._hold_to_source(passage, texts, catalogue)
            except NotFound as error:
                raise damaged(self._folder, "有段落出自不在索引中的来源") from error
            articles = {id: catalogue.article(id).article for id in {p.article_id for p in passages.values()}}
        return [
            Cited(passage=p, article=articles[p.article_id], source_names=self._names)
            for p in (passages[number] for number in numbers)
        ]

    def _hold_to_source(self, passage: Passage, texts: dict[str, str], catalogue: Catalogue) -> None:
        printed = ""
        for place in passage.traced.origin:
            if place.source_id not in texts:
                source, digest = catalogue.source(place.source_id)
                if place.source_id not in self._intact:
                    intact(source, digest, index=self._folder)
                    self._intact.add(place.source_id)
                texts[place.source_id] = source.text
            printed += texts[place.source_id][place.span.start : place.span.end]
        if printed != passage.text:
            raise damaged(self._folder, f"段落 {passage.id} 与原文不符")

    def sources(self) -> list[SourceSummary]:
        """Return every source, by name."""
        with self._reading() as catalogue:
            return catalogue.summaries()

    def source(self, id_or_name: str) -> Source:
        """Return one source, verbatim.

        :raises NotFound: When there is none.
        """
        with self._reading() as catalogue:
            return intact(*catalogue.source(id_or_name), index=self._folder)

    def articles(self, filters: Filters) -> list[PrintedArticle]:
        """Return the articles that pass ``filters``, by the source they begin in and in page order.

        An article is in a source if any of it is printed there.
        """
        with self._reading() as catalogue:
            return catalogue.articles(filters)

    def article(self, id: str) -> PrintedArticle:
        """Return one article.

        :raises NotFound: When there is none.
        """
        with self._reading() as catalogue:
            return catalogue.article(id)


def size_of(folder: Path) -> int:
    """Return the bytes of all files of an index, but for what a writer tidies away meanwhile."""
    size = 0
    for parent, _, files in os.walk(folder):
        # The answers that a service keeps lie in the same folder; they are no part of the index.
        for file in (each for each in files if not each.startswith(ANSWERS)):
            with suppress(FileNotFoundError):
                size += Path(parent, file).stat().st_size
    return size


def intact(source: Source, digest: str, *, index: Path) -> Source:
    """Return a source that is what was put in.

    :raises IndexDamaged: When it is not.
    """
    if source.digest != digest:
        raise damaged(index, f"来源 {source.name} 的原文与入库时不同")
    return source


def unborn(folder: Path) -> QaError:
    """Return the error for a catalogue without tables: never filled, or emptied while its files remain."""
    emptied = (folder / GENERATIONS).is_dir() and any((folder / GENERATIONS).iterdir())
    return damaged(folder, "catalogue.sqlite 是空的") if emptied else empty(folder)


def published(catalogue: Catalogue, folder: Path) -> Manifest | None:
    """Return the manifest; None when nothing has been published yet.

    :raises IndexDamaged: When what stands there is no manifest.
    """
    try:
        return catalogue.manifest()
    except (ValueError, KeyError, TypeError, AttributeError, sqlite3.OperationalError) as error:
        raise damaged(folder, f"清单无法读取（{error}）") from error
