"""Moving an index out of a store into a file, and into another one: nothing is embedded for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from qa.errors import SurroundingsFailed
from qa.store.catalogue import Catalogue
from qa.store.changes import Changes
from qa.store.failures import WRONG_ROW, readable, surroundings
from qa.store.manifest import Counts
from qa.store.mending import holding_or_making
from qa.store.milvus.connection import Milvus
from qa.store.milvus.contents import contents
from qa.store.milvus.manifest import damaged as damaged_store
from qa.store.milvus.snapshot import MilvusSnapshot
from qa.store.milvus.writer import MilvusWriter
from qa.store.portable import About, PortableFile, opened, write_portable
from qa.store.published import hold_to_format, noted, published_in
from qa.store.publishing import Derive
from qa.store.schema import connect, last_number, set_last_number
from qa.store.source_rows import SourceRows, checked_rows, put_rows, rows_in
from qa.store.tokens import Tokens

SOME = 200
"""Sources that go into Milvus together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What was moved.

    :param version: What was exported, or what came of it.
    :param bytes: Of the file.
    """

    version: str
    counts: Counts
    bytes: int


def export_folder(folder: Path, file: Path) -> Moved:
    """Write the version that is published in a folder into a file, every row held to its digest.

    :raises QaError: When there is none, it is damaged, or the file cannot be written.
    """
    with surroundings(folder), readable(folder):
        last = noted(folder)
        with closing(connect(folder, write=False)) as connection:
            connection.execute("BEGIN")
            manifest = published_in(connection, folder, noted=last)
            about = About(
                version=manifest.version,
                encoder=manifest.encoder,
                tokenizer=manifest.tokenizer,
                counts=manifest.counts,
                last_number=last_number(connection),
            )
            size = write_portable(file, about, map(whole, rows_in(connection)))
    return Moved(version=manifest.version, counts=manifest.counts, bytes=size)


def export_milvus(milvus: Milvus, file: Path, *, tokens: Tokens) -> Moved:
    """Write the version that is published in a store into a file, every row held to its digest.

    :raises QaError: When there is none, it is damaged, or the file cannot be written.
    """
    snapshot = MilvusSnapshot(milvus, encoder=None, tokens=tokens)
    manifest = snapshot.manifest
    about = About(
        version=manifest.version,
        encoder=manifest.encoder,
        tokenizer=manifest.tokenizer,
        counts=manifest.counts,
        last_number=manifest.last_number,
    )
    try:
        size = write_portable(file, about, map(whole, contents(snapshot.catalogue)))
    except WRONG_ROW as error:
        raise damaged_store(milvus.address, f"有一行无法读取（{error}）") from error
    return Moved(version=manifest.version, counts=manifest.counts, bytes=size)


def whole(rows: SourceRows) -> SourceRows:
    """Return rows that are what was written.

    :raises ValueError, KeyError, TypeError: When they are not.
    """
    return checked_rows(rows.source, parts=rows.parts, articles=rows.articles, passages=rows.passages)


def import_folder(file: Path, folder: Path, *, tokens: Tokens) -> Moved:
    """Make an empty folder the index that a file holds, in one atomic step; both searches are made anew.

    :raises QaError: When the file is damaged, or the folder holds an index already.
    """
    with opened(file) as portable, holding_or_making(folder, tokens=tokens) as held:
        hold_to_format(held.connection, folder)
        if Catalogue(held.connection).counts().sources:
            raise taken(f"索引目录 {folder}", "另一个目录（--index）")

        def change(_: Changes) -> Derive:
            for rows in portable.sources():
                put_rows(held.connection, rows)
            highest = max(last_number(held.connection), portable.about.last_number)
            set_last_number(held.connection, highest)
            return lambda deriving, target: deriving.again(target, last=None, dense=True, words=True)

        with surroundings(folder), readable(folder):
            made = held.publishing.publish(encoder=portable.about.encoder, change=change)
        return Moved(version=made.version, counts=made.counts, bytes=file.stat().st_size)


def import_milvus(file: Path, milvus: Milvus, *, tokens: Tokens) -> Moved:
    """Make an empty store hold the index of a file, in one atomic step; its words are weighed anew.

    :raises QaError: When the file is damaged, or the store holds an index already.
    """
    with (
        opened(file) as portable,
        closing(MilvusWriter(milvus, encoder=portable.about.encoder, tokens=tokens)) as writer,
    ):
        if writer.base is not None and writer.base.counts.sources:
            raise taken(f"存储 {milvus.address}", "另一个前缀（QA_STORE_PREFIX）")
        writer.take_over(together(portable), last_number=portable.about.last_number)
        base = writer.base
        assert base is not None, "it was just published"
        return Moved(version=base.version, counts=base.counts, bytes=file.stat().st_size)


def together(portable: PortableFile) -> Iterator[Sequence[SourceRows]]:
    """Yield the sources of a file, some at a time."""
    sources = portable.sources()
    while some := list(islice(sources, SOME)):
        yield some


def taken(where: str, elsewhere: str) -> SurroundingsFailed:
    """Return the error for a place that holds an index already."""
    return SurroundingsFailed(
        f"{where} 里已有来源，不能导入；请导入到{elsewhere}，或先移除全部来源（qa remove）"
    )
