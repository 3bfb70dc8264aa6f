"""Backing up the version that is published into one file, while a writer may go on."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from qa.errors import IndexLocked, SurroundingsFailed
from qa.store.backup_file import FILES, HEADER, contents_of, write_tar
from qa.store.derived import derived_files
from qa.store.failures import Remedy, damaged, missing, surroundings
from qa.store.files import digest_of, opened_below, private_file, synchronise_folder
from qa.store.findings import Findings
from qa.store.lock import locked
from qa.store.manifest import File, Manifest
from qa.store.published import noted, published_in
from qa.store.row_check import RowCheck
from qa.store.schema import FILE, connect, format_of

TAR_BLOCK = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was written."""

    version: str
    bytes: int


def back_up(folder: Path, file: Path) -> Backup:
    """Write the version that is published now into one file.

    Everything is held to its digest on the way: what is written can be restored. A backup that
    is there already is replaced once the new one is whole; any other file is left alone.

    :raises IndexMissing, IndexStale, IndexDamaged: When there is nothing sound to back up.
    :raises SurroundingsFailed: When the file cannot be written; what was there before is still there.
    """
    if not (folder / FILE).is_file():
        raise missing(folder)
    with surroundings(file, what="备份"), replacing(file) as (target, beside), ExitStack() as stack:
        with surroundings(folder):
            connection, manifest, members = held(folder, stack)
            members[FILE], catalogue = copied(connection, beside, stack, index=folder)
        contents = contents_of(
            manifest.version, manifest.files, catalogue=catalogue, index_format=format_of(connection)
        )
        try:
            write_tar(target, contents, members)
        except ValueError as error:
            told = f"{str(error).removeprefix(FILES)} 已损坏（内容与写入时不同）"
            raise damaged(folder, told, remedy=Remedy.REPAIR) from error
        return Backup(version=manifest.version, bytes=target.tell())


def held(folder: Path, stack: ExitStack) -> tuple[sqlite3.Connection, Manifest, dict[str, BinaryIO]]:
    """Return a version with all its files open: a writer may tidy them away, and they can still be read.

    :param stack: Closes them.
    """
    tried = 0
    while True:
        with ExitStack() as trying:
            last = noted(folder)
            connection = trying.enter_context(closing(connect(folder, write=False)))
            connection.execute("BEGIN")
            manifest = published_in(connection, folder, noted=last)
            derived = derived_files(folder, manifest.generation)
            try:
                members = {
                    f"{FILES}{name}": trying.enter_context(opened_below(derived, name))
                    for name in manifest.files
                }
            except FileNotFoundError as error:
                if tried == manifest.generation:
                    told = f"{error.filename} 不见了"
                    raise damaged(folder, told, remedy=Remedy.REPAIR) from error
                tried = manifest.generation
                continue
            stack.push(trying.pop_all())
            return connection, manifest, members


def copied(
    connection: sqlite3.Connection, beside: Path, stack: ExitStack, *, index: Path
) -> tuple[BinaryIO, File]:
    """Return a copy of the catalogue as ``connection`` sees it, every row held to its digest.

    :param beside: Where the copy comes; it is gone once ``stack`` is closed.
    :raises IndexDamaged: Where a row is not what was written.
    """
    beside.unlink(missing_ok=True)
    stack.callback(beside.unlink, missing_ok=True)
    private_file(beside)
    with closing(sqlite3.connect(beside, isolation_level=None)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        findings = Findings(folder=index)
        RowCheck(copy, findings).run()
        if findings.errors:
            raise findings.errors[0]
    file = stack.enter_context(beside.open("rb"))
    made = File(size=os.fstat(file.fileno()).st_size, digest=digest_of(file))
    file.seek(0)
    return file, made


@contextmanager
def replacing(file: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Give a new file that takes the place of ``file`` when the context ends well, and a place beside it.

    :raises SurroundingsFailed: When what is there is no backup, or another process is writing one there.
    """
    if file.exists() and not is_backup(file):
        raise SurroundingsFailed(f"{file} 已存在，且不是问报的备份；请换一个文件名")
    part = file.with_name(f".{file.name}.part")
    with own_part(part, of=file) as target:
        target.truncate(0)
        try:
            yield target, part.with_name(f"{part.name}.sqlite")
            target.flush()
            os.fsync(target.fileno())
            part.replace(file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        synchronise_folder(file.parent)


def own_part(part: Path, *, of: Path) -> BinaryIO:
    """Return the part of a backup under our lock; what another one left that was killed is taken over.

    :raises IndexLocked: When another process is at work on it.
    """
    while (handle := locked(part)) is not None:
        # Between opening and locking another one may have ended: what we hold is its backup then.
        if is_at(part, handle):
            return os.fdopen(handle, "r+b")
        os.close(handle)
    raise IndexLocked(f"另一进程正在写备份 {of}；请等它结束后重试")


def is_at(path: Path, handle: int) -> bool:
    """Tell whether a file that is open still has this path."""
    try:
        there = path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return False
    return os.path.samestat(there, os.fstat(handle))


def is_backup(file: Path) -> bool:
    """Tell whether a file begins as a backup does."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(TAR_BLOCK).startswith(HEADER.encode("ascii") + b"\0")
