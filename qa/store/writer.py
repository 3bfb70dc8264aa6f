"""The writing side of the local index: one process at a time, one atomic step a change."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from qa.domain.ports import EncoderIdentity, IndexedSource
from qa.domain.sources import Source
from qa.errors import IndexDamaged, IndexLocked, SurroundingsFailed
from qa.store import lexical
from qa.store.catalogue import FILE, Catalogue, connect
from qa.store.dense import DenseIndex
from qa.store.failures import another_encoder, another_format, empty, missing, surroundings
from qa.store.manifest import FORMAT, File, Manifest, check, files_below, synchronise
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
            and the derived files of the present version may then be anything.
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
                self._catalogue = Catalogue(self._connection)
                manifest = self._published()
                self._generation = manifest.generation if manifest else 0
                self._base = None if rebuild else manifest
                if self._base:
                    self._check(self._base)
            except BaseException:
                if hasattr(self, "_connection"):
                    self._connection.close()
                os.close(self._lock)
                raise

    def _published(self) -> Manifest | None:
        found = self._catalogue.format()
        if found == 0:
            if isinstance(unborn(self._folder), IndexDamaged):
                raise unborn(self._folder)
            self._connection.execute("BEGIN IMMEDIATE")
            self._catalogue.create()
            self._connection.execute("COMMIT")
        elif found != FORMAT:
            raise another_format(self._folder, found=found, ours=FORMAT)
        return published(self._catalogue, self._folder)

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

    def held(self) -> Iterator[Source]:
        """Yield every source that is held, by name."""
        with surroundings(self._folder):
            for name in sorted(self._catalogue.digests()):
                yield intact(*self._catalogue.source(name), index=self._folder)

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
                removed = self._catalogue.remove([*remove, *(each.source.name for each in put)])
                added = [number for each in put for number in self._catalogue.add(each)]
                files = self._derive(target, removed=removed, added=added, dimension=self._encoder.dimension)
                manifest = Manifest(generation=generation, encoder=self._encoder, files=files)
                self._catalogue.set_manifest(manifest)
                self._connection.execute("COMMIT")
            except BaseException:
                self._abandon(target)
                raise
        self._base, self._generation = manifest, generation
        self._forget_before(generation - 1)

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
