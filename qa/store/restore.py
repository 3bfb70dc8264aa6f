"""Restoring a backup: checked whole, then published like any other change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.store.backup_file import FILES, BackupReader, Contents, broken
from qa.store.catalogue import Catalogue
from qa.store.changes import Changes, insert
from qa.store.derived import DENSE, LEXICAL, Deriving
from qa.store.failures import another_format, readable, surroundings
from qa.store.files import FOLDER_MODE, synchronise
from qa.store.findings import Findings
from qa.store.manifest import FORMAT, READ, Counts, File, Manifest
from qa.store.mending import Held, holding_or_making
from qa.store.published import hold_to_format, manifest_in
from qa.store.publishing import Derive
from qa.store.row_check import RowCheck
from qa.store.rows import COLUMNS
from qa.store.schema import FILE, as_made, format_of, last_number, replace_tables, set_last_number
from qa.store.tokens import Tokens

BESIDE = "restoring.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A backup that was restored.

    :param version: As it was, in a folder where nothing was; else a later one.
    """

    version: str
    counts: Counts


def restore(file: Path, folder: Path, *, tokens: Tokens) -> Restored:
    """Make an index what a backup holds, in one atomic step; its readers go on reading what they opened.

    :raises IndexDamaged: When the backup or the index that is there is not what was written.
    :raises IndexStale: When either is of another format.
    :raises SurroundingsFailed: With the index as it was before.
    """
    with (
        surroundings(file, what="备份"),
        file.open("rb") as opened,
        closing(BackupReader(file, opened)) as reader,
    ):
        found = reader.contents.index_format
        if found not in READ:
            raise another_format(file, found=found, ours=FORMAT, migrated=())
        with holding_or_making(folder, tokens=tokens) as held:
            hold_to_format(held.connection, folder)
            with extracted(reader, held) as catalogue:
                manifest = read_through(catalogue, reader.contents, file=file)
                made = put_in_place(held, catalogue, manifest, reader)
            held.publishing.forget_before(made.generation)
            return Restored(version=made.version, counts=made.counts)


@contextmanager
def extracted(reader: BackupReader, held: Held) -> Iterator[sqlite3.Connection]:
    """Give the catalogue of a backup, beside that of the index."""
    beside = held.folder / BESIDE
    beside.unlink(missing_ok=True)
    try:
        reader.extract(FILE, beside)
        uri = f"{beside.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            yield connection
    finally:
        beside.unlink(missing_ok=True)


def read_through(catalogue: sqlite3.Connection, contents: Contents, *, file: Path) -> Manifest:
    """Return the manifest of a backup, all of its catalogue read.

    What SQLite says afterwards, while the rows are put in, is of the index and its disk.

    :raises IndexDamaged: When something in it is not what was written.
    """
    try:
        return published_by(catalogue, contents, file=file)
    except sqlite3.DatabaseError as error:
        raise broken(file, f"{FILE}：{error}") from error


def published_by(catalogue: sqlite3.Connection, contents: Contents, *, file: Path) -> Manifest:
    """Return the manifest of a backup, all rows held to their digests.

    :raises IndexDamaged: When something in it is not what was written.
    """
    if format_of(catalogue) != contents.index_format or not as_made(catalogue):
        raise broken(file, f"{FILE} 中的表与格式不符")
    manifest = manifest_in(catalogue, file)
    derived = {name: each for name, each in contents.files.items() if name != FILE}
    if manifest is None or {f"{FILES}{name}": each for name, each in manifest.files.items()} != derived:
        raise broken(file, f"{FILE} 与其余文件不是一起写成的")
    findings = Findings(folder=file)
    RowCheck(catalogue, findings).run()
    if findings.errors or manifest.counts != Catalogue(catalogue).counts():
        raise broken(file, f"{FILE} 中有一行与写入时不同")
    return manifest


def put_in_place(
    held: Held, catalogue: sqlite3.Connection, manifest: Manifest, reader: BackupReader
) -> Manifest:
    """Publish the rows and the files of a backup."""

    def derive(_: Deriving, target: Path) -> Mapping[str, File]:
        for each in (target, target / DENSE, target / LEXICAL):
            each.mkdir(mode=FOLDER_MODE)
        for name in manifest.files:
            reader.extract(f"{FILES}{name}", target / name)
        synchronise(target)
        return manifest.files

    def change(_: Changes) -> Derive:
        replace_tables(held.connection)
        for table, columns in COLUMNS.items():
            insert(held.connection, table, catalogue.execute(f"SELECT {columns} FROM {table}"))
        set_last_number(held.connection, max(map(last_number, (held.connection, catalogue))))
        return derive

    with readable(held.folder):
        return held.publishing.publish(
            encoder=manifest.encoder,
            change=change,
            tokenizer=manifest.tokenizer,
            at_least=manifest.generation,
        )
