"""Compacting an index: what is not needed any more goes, while readers go on reading."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qa.store import lexical
from qa.store.changes import Changes
from qa.store.derived import DENSE, LEXICAL, Deriving, derived_files
from qa.store.failures import readable
from qa.store.manifest import File, Manifest, check
from qa.store.mending import Held, holding
from qa.store.published import noted, published_in
from qa.store.publishing import Derive
from qa.store.segments import FULL, segments_in
from qa.store.snapshot import size_of
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


def compact(folder: Path, *, tokens: Tokens) -> Compaction:
    """Write again what holds anything of what was removed, and give free pages back to the system.

    The version that comes out answers as the one before did, but for what was removed no longer
    counting in the weight of words.

    :raises IndexMissing, IndexStale, IndexDamaged, SurroundingsFailed: With the index as it was before.
    """
    with holding(folder, tokens=tokens) as held:
        before = size_of(folder)
        manifest = published_in(held.connection, folder, noted=noted(folder))
        derived = derived_files(folder, manifest.generation)
        check(derived, files=manifest.files, index=folder, known=held.publishing.known)
        made = rewritten(held, manifest)
        held.publishing.forget_before(made.generation)
        shrink(held.connection)
    return Compaction(version=made.version, before=before, after=size_of(folder))


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
    """Tell whether segments hold what was removed, or are more than they need to be."""
    segments = segments_in(folder)
    return sum(each.rows for each in segments) > passages or len(segments) > -(-passages // FULL)


def shrink(connection: sqlite3.Connection) -> None:
    """Write the catalogue without its free pages; readers keep the pages of their version."""
    connection.execute("VACUUM")
    with suppress(sqlite3.OperationalError):
        # Where a reader holds an older version the log is shortened later.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
