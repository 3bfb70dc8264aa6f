"""The writing side of the local index: one process at a time, one atomic step a change."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from qa.domain.articles import Article, Part
from qa.domain.ports import EncoderIdentity, IndexedSource
from qa.domain.sources import Source, SourceSummary
from qa.errors import IndexDamaged, IndexLocked, SurroundingsFailed
from qa.store import lexical
from qa.store.catalogue import READABLE, Catalogue
from qa.store.changes import Changes
from qa.store.dense import DenseIndex
from qa.store.failures import another_encoder, another_format, empty, missing, readable, surroundings
from qa.store.manifest import FORMAT, File, Manifest, check, files_below, synchronise
from qa.store.schema import FILE, connect, create_tables, format_of, replace_tables
from qa.store.snapshot import DENSE, GENERATIONS, LEXICAL, generation_folder, intact, published, unborn
from qa.store.tokens import Tokens

LOCK = "writer.lock"


class LocalWriter:
    """Changes an index; holds its lock from opening to closing, and lets go of it if the process dies."""

    def __init__(
        self,
        folder: Path,
        *,
        encoder: EncoderIdentity | None,
        tokens: Tokens,
        create: bool = True,
        rebuild: bool = False,
    ) -> None:
        """Take the lock and open the index; make a new one where there is none.

        :param encoder: What the vectors to come are made with; None when only to remove.
        :param create: Whether a new one may be made.
        :param rebuild: Whether to write from the sources alone what is published next: the encoder
            and the derived files of the present version may then be anything, and its format an older one.
        :raises IndexLocked: When another process is writing; names it.
        :raises IndexMissing: When there is none and ``create`` is False.
        :raises IndexStale: When the index is of another format or encoder.
        :raises IndexDamaged: When a derived file is not what was written.
        :raises SurroundingsFailed: When the folder cannot be written.
        """
        self._folder, self._encoder, self._tokens = folder, encoder, tokens
        if not create and not (folder / FILE).is_file():
            raise missing(folder)
        with surroundings(folder):
            (folder / GENERATIONS).mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = take_lock(folder)
            try:
                self._connection = connect(folder, write=True)
                self._changes = Changes(self._connection)
                self._catalogue = self._opened(rebuild=rebuild)
                manifest = published(self._catalogue, folder)
                self._generation = manifest.generation if manifest else 0
                self._base = None if rebuild else manifest
                if self._base:
                    self._check(self._base)
            except BaseException:
                if hasattr(self, "_connection"):
                    self._connection.close()
                os.close(self._lock)
                raise

    def _opened(self, *, rebuild: bool) -> Catalogue:
        self._format = format_of(self._connection)
        if self._format == 0:
            if isinstance(unborn(self._folder), IndexDamaged):
                raise unborn(self._folder)
            self._connection.execute("BEGIN IMMEDIATE")
            create_tables(self._connection)
            self._connection.execute("COMMIT")
            self._format = FORMAT
        if self._format == FORMAT:
            return Catalogue(self._connection)
        if rebuild and self._format in READABLE:
            return READABLE[self._format](self._connection)
        raise another_format(self._folder, found=self._format, ours=FORMAT)

    def require(self, encoder: EncoderIdentity) -> None:
        """Hold an encoder that was loaded later to that of the index.

        :raises IndexStale: When it is another.
        """
        if self._encoder is not None and encoder != self._encoder:
            raise another_encoder(self._folder, found=self._encoder, ours=encoder)

    def _check(self, manifest: Manifest) -> None:
        self._encoder = self._encoder or manifest.encoder
        if manifest.encoder != self._encoder:
            raise another_encoder(self._folder, found=manifest.encoder, ours=self._encoder)
        check(generation_folder(self._folder, manifest.generation), files=manifest.files, index=self._folder)

    def close(self) -> None:
        """Let go of the index and its lock."""
        self._connection.close()
        os.close(self._lock)

    def digests(self) -> dict[str, str]:
        """Return the digest of every source that is held, by name."""
        with surroundings(self._folder):
            return self._catalogue.digests()

    def name_of(self, id_or_name: str) -> str:
        """Return the name of a source that is held.

        :raises NotFound: When there is none.
        """
        with surroundings(self._folder):
            return self._catalogue.name_of(id_or_name)

    def held(self, names: Collection[str] | None = None) -> Iterator[Source]:
        """Yield the sources that are held, or those of them that are named, by name."""
        with surroundings(self._folder), readable(self._folder):
            for name in sorted(self._catalogue.digests() if names is None else names):
                yield intact(*self._catalogue.source(name), index=self._folder)

    def parts(self, *, days: Collection[date] = (), sources: Collection[str] = ()) -> list[Part]:
        """Return the parts that are held of papers of some days, or of some sources, each once."""
        with surroundings(self._folder), readable(self._folder):
            return self._catalogue.parts(days=days, sources=sources)

    def articles_of(self, name: str) -> list[Article]:
        """Return the articles that begin in a source as they are held, in page order."""
        with surroundings(self._folder), readable(self._folder):
            return self._catalogue.articles_of(name)

    def summary(self, name: str) -> SourceSummary:
        """Return one source as it is held, without its text.

        :raises NotFound: When there is none of that name.
        """
        with surroundings(self._folder), readable(self._folder):
            return self._catalogue.summary(name)

    @property
    def version(self) -> str:
        """Return the token of the version that is published now; empty before the first."""
        return self._base.version if self._base else ""

    def publish(self, *, put: Sequence[IndexedSource], remove: Sequence[str]) -> None:
        """Replace or add sources and remove others by name, in one atomic step.

        The derived files are written beside those of the version that is
        published; the commit of the catalogue names them and so publishes all.

        :raises SurroundingsFailed: With the index as it was before.
        """
        if self._encoder is None:
            raise empty(self._folder)
        generation = self._generation + 1
        target = generation_folder(self._folder, generation)
        with surroundings(self._folder):
            shutil.rmtree(target, ignore_errors=True)
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                removed = self._make_room(put, remove)
                added = [number for each in put for number in self._changes.add(each)]
                files = self._derive(target, removed=removed, added=added, dimension=self._encoder.dimension)
                manifest = Manifest(generation=generation, encoder=self._encoder, files=files)
                self._changes.set_manifest(manifest)
                self._connection.execute("COMMIT")
            except BaseException:
                self._abandon(target)
                raise
        self._base, self._generation = manifest, generation
        self._format, self._catalogue = FORMAT, Catalogue(self._connection)
        self._forget_before(generation - 1)

    def _make_room(self, put: Sequence[IndexedSource], remove: Sequence[str]) -> list[int]:
        """Take out what goes and what comes again; return the numbers of the passages."""
        if self._format != FORMAT:
            replace_tables(self._connection)
            return []
        again = {each.source.name for each in put}
        gone = [name for name in dict.fromkeys(remove) if name not in again]
        removed = self._changes.remove(gone, for_good=True)
        return removed + self._changes.remove(sorted(again), for_good=False)

    def _derive(
        self, target: Path, *, removed: Sequence[int], added: Sequence[int], dimension: int
    ) -> dict[str, File]:
        """Write the derived files of the next version from those of the last."""
        (target / LEXICAL).mkdir(mode=0o700, parents=True)
        rows = list(self._catalogue.searched(added))
        if self._base:
            last = generation_folder(self._folder, self._base.generation)
            dense = DenseIndex.read(last / DENSE)
            lexical.link(last / LEXICAL, target / LEXICAL)
        else:
            dense = DenseIndex.empty(dimension)
            lexical.create(target / LEXICAL)
        dense.remove(removed)
        if rows:
            dense.add([number for number, _, _ in rows], np.stack([vector for _, _, vector in rows]))
        dense.write(target / DENSE)
        texts = [(number, text) for number, text, _ in rows]
        try:
            lexical.change(target / LEXICAL, remove=removed, add=texts, tokens=self._tokens)
        except ValueError as error:
            # All that Tantivy's writer fails with is the disk, and it says so in one kind of error.
            told = f"索引 {self._folder} 的词面索引写不进去：{error}；请检查磁盘空间"
            raise SurroundingsFailed(told) from error
        synchronise(target)
        return files_below(target)

    def _abandon(self, target: Path) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        shutil.rmtree(target, ignore_errors=True)

    def _forget_before(self, generation: int) -> None:
        """Drop versions that no reader can open any more; one that is open keeps its files."""
        for old in (self._folder / GENERATIONS).iterdir():
            if old.name.isdigit() and int(old.name) < generation:
                shutil.rmtree(old, ignore_errors=True)


def take_lock(folder: Path) -> int:
    """Return the handle of the lock, which the system frees when the process ends, however it ends.

    :raises IndexLocked: When another process has it.
    """
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(handle, 100).decode("ascii", "replace").strip() or "未知"
        os.close(handle)
        raise IndexLocked(f"索引 {folder} 正由另一进程（{holder}）写入；请等它结束后重试") from error
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)
    return handle
