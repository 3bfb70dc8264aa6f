"""Verifying an index: quickly by sizes and counts, or deeply by reading all there is."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from qa.domain.ports import Encoder
from qa.errors import IndexDamaged, IndexMissing, IndexStale
from qa.store.catalogue import Catalogue
from qa.store.derived import DENSE, LEXICAL, derived_files
from qa.store.derived_check import DerivedCheck
from qa.store.failures import Remedy, missing, surroundings
from qa.store.findings import Findings, Verification
from qa.store.manifest import Manifest
from qa.store.published import hold_to_note, noted, published_in
from qa.store.row_check import RowCheck
from qa.store.schema import FILE, connect
from qa.store.snapshot import hold_to_tokens
from qa.store.tokens import Tokens

SAMPLE = 64
"""Passages that are embedded anew, and looked for by their own words."""


def verify(
    folder: Path,
    *,
    tokens: Tokens,
    deep: bool = False,
    encoder: Encoder | None = None,
    sample: int = SAMPLE,
    seed: int = 0,
) -> Verification:
    """Examine the version that is published now; a writer may go on meanwhile.

    Quickly: the manifest, the counts of the tables, the sizes of the files. Deeply: every hash, every
    row and its origin, both searches against the catalogue.

    :param encoder: What some passages are embedded with anew; None to leave that out.
    :param seed: Decides which.
    :raises IndexMissing, SurroundingsFailed: When there is nothing to examine, or it cannot be read.
    """
    if not (folder / FILE).is_file():
        raise missing(folder)
    while True:
        made = examined(folder, tokens=tokens, deep=deep, encoder=encoder, sample=sample, seed=seed)
        # A writer may have tidied away what was being read: then another version is published.
        if made.sound or not made.version or published_now(folder) in (made.version, ""):
            return made


def examined(
    folder: Path, *, tokens: Tokens, deep: bool, encoder: Encoder | None, sample: int, seed: int
) -> Verification:
    """Examine a version once."""
    started = time.monotonic()
    findings = Findings(folder=folder)
    version = ""
    with findings.collecting(), surroundings(folder):
        examination = Examination(folder, findings, tokens=tokens)
        try:
            version = examination.manifest.version
            examination.quick(sizes=not deep)
            if deep:
                examination.deep(encoder, sample=sample, seed=seed)
        finally:
            examination.close()
    return Verification(
        version=version,
        deep=deep,
        errors=tuple(findings.errors),
        checked=findings.checked,
        unlisted=findings.unlisted,
        seconds=time.monotonic() - started,
    )


def published_now(folder: Path) -> str:
    """Return the token of the version that is published now; empty where it cannot be read any more."""
    try:
        with surroundings(folder), closing(connect(folder, write=False)) as connection:
            return published_in(connection, folder, noted=None).version
    except (IndexDamaged, IndexMissing, IndexStale):
        return ""


class Examination:
    """One version, held open while it is examined."""

    def __init__(self, folder: Path, findings: Findings, *, tokens: Tokens) -> None:
        """Open the version that is published now.

        :raises IndexStale, IndexDamaged: When there is nothing to go by.
        """
        self._folder, self._findings, self._tokens = folder, findings, tokens
        note: Manifest | None = None
        with findings.collecting():
            note = noted(folder)
        self._connection = connect(folder, write=False)
        try:
            self._connection.execute("BEGIN")
            self.manifest = published_in(self._connection, folder, noted=None)
            if note:
                with findings.collecting():
                    hold_to_note(self.manifest, folder, noted=note)
        except BaseException:
            self._connection.close()
            raise
        self._catalogue = Catalogue(self._connection)
        derived = derived_files(folder, self.manifest.generation)
        self._derived = DerivedCheck(derived, self.manifest, self._catalogue, findings)

    def close(self) -> None:
        """Let go of the version."""
        self._connection.close()

    def quick(self, *, sizes: bool) -> None:
        """Compare counts, and sizes where the files are not read anyway."""
        with self._findings.collecting():
            hold_to_tokens(self.manifest, tokens=self._tokens, index=self._folder)
        counted = self._catalogue.counts()
        if counted != self.manifest.counts:
            self._findings.damage(f"{FILE} 的行数与清单不一致", remedy=Remedy.REBUILD)
        if sizes:
            self._derived.files(hashed=False)

    def deep(self, encoder: Encoder | None, *, sample: int, seed: int) -> None:
        """Read everything."""
        hold_to_pages(self._connection, self._findings)
        before = len(self._findings.errors)
        RowCheck(self._connection, self._findings).run()
        sound = len(self._findings.errors) == before
        spoilt = self._derived.files(hashed=True)
        # What cannot be read has been told already.
        if sound and DENSE not in spoilt:
            self._derived.dense()
        if sound and LEXICAL not in spoilt:
            self._derived.words(self._tokens, sample=sample, seed=seed)
        if sound and encoder:
            self._derived.embedded(encoder, sample=sample, seed=seed)


def hold_to_pages(connection: sqlite3.Connection, findings: Findings) -> None:
    """Have SQLite look through its own pages and references."""
    for (told,) in connection.execute("PRAGMA integrity_check(10)"):
        if told != "ok":
            findings.damage(f"{FILE} 已损坏（{told}）", remedy=Remedy.RESTORE)
    for table, *_ in connection.execute("PRAGMA foreign_key_check").fetchmany(10):
        findings.damage(f"{FILE} 中 {table} 表有一行缺了它所属的行", remedy=Remedy.REBUILD)
