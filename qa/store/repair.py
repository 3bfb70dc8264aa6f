"""Repairing an index: all that is derived is made again from the catalogue, and nothing is embedded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qa.errors import IndexDamaged, QaError
from qa.store.catalogue import Catalogue
from qa.store.changes import Changes
from qa.store.derived import DENSE, LEXICAL, Deriving, derived_files, generation_folder
from qa.store.derived_check import DerivedCheck
from qa.store.failures import Remedy, empty, readable
from qa.store.findings import Findings
from qa.store.manifest import File, Manifest
from qa.store.mending import Held, holding
from qa.store.published import WITNESS, hold_to_format, manifest_in, noted
from qa.store.publishing import Derive
from qa.store.row_check import PrintedRows, RowCheck
from qa.store.schema import FILE
from qa.store.tokens import Tokens
from qa.store.verify import SAMPLE, hold_to_pages

NAMES = {DENSE: f"{DENSE}/（向量检索）", LEXICAL: f"{LEXICAL}/（词面检索）"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What became of a repair.

    :param version: Which version is published now; empty where nothing could be.
    :param mended: What was made again or set right, in words; empty where nothing was wrong.
    :param lost: What was published and is gone, in words; the version that is published is sound without it.
    :param left: What cannot be mended from the index alone, each with what to do; nothing was changed then.
    """

    version: str = ""
    mended: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    left: tuple[QaError, ...] = ()


def repair(folder: Path, *, tokens: Tokens) -> Repair:
    """Make again what is derived and not as it must be; what is sound stays.

    Where rows of the catalogue itself are not what was written, nothing is published.

    :raises IndexMissing, IndexStale, SurroundingsFailed: When it cannot be begun.
    :raises IndexDamaged: When the catalogue cannot be read at all.
    """
    with holding(folder, tokens=tokens) as held:
        hold_to_format(held.connection, folder)
        return Repairer(held).run()


class Repairer:
    """Repairs one index that it holds."""

    def __init__(self, held: Held) -> None:
        """Repair what is held."""
        self._held, self._folder = held, held.folder
        self._findings = Findings(folder=held.folder)
        self._catalogue = Catalogue(held.connection)
        self._mended: list[str] = []
        self._lost: list[str] = []

    def run(self) -> Repair:
        """Look through everything and make again what must be."""
        self._mend_pages()
        rows = RowCheck(self._held.connection, self._findings)
        rows.run()
        manifest = self._manifest()
        if manifest is None or self._findings.beyond_repair:
            return Repair(mended=tuple(self._mended), left=tuple(self._findings.beyond_repair))
        # The rows are sound; of them only what follows from the others may be wrong.
        printed = rows.printed if self._findings.errors else None
        sides = self._spoilt(manifest)
        if printed is not None:
            self._mended.append(f"{FILE} 中文章与来源的对照")
        self._mended += [NAMES[side] for side in sorted(sides)]
        if self._mended or self._lost:
            manifest = self._publish(manifest, sides=sides, printed=printed)
        return Repair(version=manifest.version, mended=tuple(self._mended), lost=tuple(self._lost))

    def _mend_pages(self) -> None:
        """Have SQLite make its own indexes again where its pages disagree."""
        found = Findings(folder=self._folder)
        hold_to_pages(self._held.connection, found)
        if not found.errors:
            return
        with suppress(sqlite3.DatabaseError):
            self._held.connection.execute("REINDEX")
        hold_to_pages(self._held.connection, self._findings)
        if not self._findings.errors:
            self._mended.append(f"{FILE} 自身的索引")

    def _manifest(self) -> Manifest | None:
        """Return what is to be published again; None, with what cannot be mended among the findings."""
        stored, last = self._read(self._stored, "清单"), self._read(self._noted, WITNESS)
        manifest = stored or last
        if manifest is None:
            if not self._mended:
                raise empty(self._folder)
            self._findings.damage("清单无法读取", remedy=Remedy.REBUILD)
        elif manifest.counts != self._catalogue.counts():
            self._findings.damage(f"{FILE} 的行数与清单不一致", remedy=Remedy.REBUILD)
        if stored and last and stored.generation < last.generation:
            self._lost.append(
                f"{FILE} 是第 {stored.generation} 版，第 {last.generation} 版的改动不见了："
                "此后加入的请重新索引，此后移除的请重新移除"
            )
        return manifest

    def _stored(self) -> Manifest | None:
        return manifest_in(self._held.connection, self._folder)

    def _noted(self) -> Manifest | None:
        return noted(self._folder)

    def _read(self, read: Callable[[], Manifest | None], what: str) -> Manifest | None:
        try:
            return read()
        except IndexDamaged:
            self._mended.append(what)
            return None

    def _spoilt(self, manifest: Manifest) -> set[str]:
        """Return which of the two searches must be made again."""
        try:
            derived = derived_files(self._folder, manifest.generation)
        except IndexDamaged:
            return {DENSE, LEXICAL}
        check = DerivedCheck(derived, manifest, self._catalogue, Findings(folder=self._folder))
        spoilt = check.files(hashed=True)
        if DENSE not in spoilt and not check.dense():
            spoilt.add(DENSE)
        cut_otherwise = manifest.tokenizer != self._held.tokens.identity
        if cut_otherwise or (LEXICAL not in spoilt and not self._same_words(check)):
            spoilt.add(LEXICAL)
        return spoilt

    def _same_words(self, check: DerivedCheck) -> bool:
        return check.words(self._held.tokens, sample=SAMPLE, seed=0)

    def _publish(self, manifest: Manifest, *, sides: set[str], printed: PrintedRows | None) -> Manifest:
        last = generation_folder(self._folder, manifest.generation)

        def derive(deriving: Deriving, target: Path) -> Mapping[str, File]:
            return deriving.again(target, last=last, dense=DENSE in sides, words=LEXICAL in sides)

        def change(changes: Changes) -> Derive:
            if printed is not None:
                changes.replace_printed((*pair, count) for pair, count in printed.items())
            return derive

        with readable(self._folder):
            made = self._held.publishing.publish(encoder=manifest.encoder, change=change)
        self._held.publishing.forget_before(made.generation)
        return made
