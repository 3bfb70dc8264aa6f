"""Compacting an index: what is not needed any more goes, while readers go on reading."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from qa.errors import QaError
from qa.store import lexical
from qa.store.catalogue import Catalogue
from qa.store.changes import Changes
from qa.store.derived import DENSE, LEXICAL, Deriving, derived_files
from qa.store.failures import readable
from qa.store.manifest import File, Manifest, check
from qa.store.mending import Held, holding
from qa.store.published import noted, published_in
from qa.store.publishing import Derive, clear
from qa.store.schema import connect
from qa.store.segments import FULL, segments_in
from qa.store.snapshot import size_of
from qa.store.stages import is_of_this_program, stages_in
from qa.store.tokens import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Compaction:
    """What became of a compaction.

    :param before: Bytes on the disk.
    :param after: As many once every reader has let go of older versions.
    """

    version: str
    before: int
    after: int


def compact(folder: Path, *, tokens: Tokens, cutting: str = "") -> Compaction:
    """Write again what holds anything of what was removed, and give free pages back to the system.

    The version that comes out answers as the one before did, but for what was removed no longer
    counting in the weight of words. Of interrupted rebuilds only what the next one goes on with stays.

    :param cutting: What articles and passages depend on besides their sources, as rebuilds are told.
    :raises IndexMissing, IndexStale, IndexDamaged, SurroundingsFailed: With the index as it was before.
    """
    with holding(folder, tokens=tokens) as held:
        before = size_with_stages(folder)
        manifest = published_in(held.connection, folder, noted=noted(folder))
        derived = derived_files(folder, manifest.generation)
        check(derived, files=manifest.files, index=folder, known=held.publishing.known)
        made = rewritten(held, manifest)
        held.publishing.forget_before(made.generation)
        shrink(held.connection)
        compact_stages(held, cutting=cutting)
    return Compaction(version=made.version, before=before, after=size_with_stages(folder))


def size_with_stages(folder: Path) -> int:
    """Return the bytes of an index and of what interrupted rebuilds left."""
    return sum(map(size_of, (folder, *stages_in(folder))))


def compact_stages(held: Held, *, cutting: str) -> None:
    """Remove what interrupted rebuilds left, where it is not gone on with or holds what was removed since.

    No encoder is loaded for it: what was begun with one that is not set any more goes with the next rebuild.
    """
    sources = Catalogue(held.connection).digests()
    for stage in stages_in(held.folder):
        if is_of_this_program(stage, tokenizer=held.tokens.identity, cutting=cutting):
            with (
                suppress(QaError, sqlite3.DatabaseError, OSError),
                closing(connect(stage, write=True)) as connection,
            ):
                if Catalogue(connection).digests().items() <= sources.items():
                    shrink(connection)
                    continue
        clear(stage)


def rewritten(held: Held, manifest: Manifest) -> Manifest:
    """Publish the same rows with derived files that hold nothing else."""
    last = derived_files(held.folder, manifest.generation)
    dense = worn(last / DENSE, passages=manifest.counts.passages)
    words = manifest.tokenizer != held.tokens.identity or lexical.removed_in(last / LEXICAL) > 0

    def derive(deriving: Deriving, target: Path) -> Mapping[str, File]:
        return deriving.again(target, last=last, dense=dense, words=words)

    def change(_: Changes) -> Derive:
        return derive

    with readable(held.folder):
        return held.publishing.publish(encoder=manifest.encoder, change=change)


def worn(folder: Path, *, passages: int) -> bool:
    """Tell whether segments hold what was removed, are more than they need to be, or could be quicker."""
    segments = segments_in(folder)
    if any(each.could_be_inverted for each in segments):
        return True
    return sum(each.rows for each in segments) > passages or len(segments) > -(-passages // FULL)


def shrink(connection: sqlite3.Connection) -> None:
    """Write the catalogue without its free pages; readers keep the pages of their version."""
    connection.execute("VACUUM")
    with suppress(sqlite3.OperationalError):
        # Where a reader holds an older version the log is shortened later.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
