"""The files that are made from the catalogue, a folder of them a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.domain.ports import Vectors
from qa.errors import DiskFull
from qa.store import lexical, segments
from qa.store.catalogue import Catalogue
from qa.store.files import FOLDER_MODE, KnownFiles, synchronise
from qa.store.manifest import File, files_below
from qa.store.tokens import Tokens

GENERATIONS = "generations"
DENSE = segments.FOLDER
LEXICAL = "lexical"
PORTION = 8192
"""Passages whose vectors and texts are in memory at once when all derived files are made again."""


def generation_folder(folder: Path, generation: int) -> Path:
    """Return where the derived files of a version lie."""
    return folder / GENERATIONS / f"{generation:08d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deriving:
    """Writes the derived files of a version from the rows of an uncommitted catalogue.

    :param index: The folder of the whole index.
    :param known: Digests of files that the version before has as well.
    """

    index: Path
    catalogue: Catalogue
    tokens: Tokens
    known: KnownFiles

    def next(
        self, target: Path, *, last: Path | None, removed: Sequence[int], added: Sequence[int]
    ) -> dict[str, File]:
        """Write those of the next version from those of the last.

        :param target: Their folder; must not exist.
        """
        rows = list(self.catalogue.searched(added))
        self._make_folders(target)
        if last:
            lexical.link(last / LEXICAL, target / LEXICAL)
        else:
            lexical.create(target / LEXICAL)
        segments.grow(
            target / DENSE,
            last=last / DENSE if last else None,
            rows=stacked(rows),
            held=self.catalogue.numbers(),
        )
        self._change_words(target, remove=removed, add=[(number, text) for number, text, _ in rows])
        return self._finished(target)

    def again(self, target: Path) -> dict[str, File]:
        """Write all of a version from the catalogue alone, with nothing in them of what was removed."""
        self._make_folders(target)
        lexical.create(target / LEXICAL)
        numbers = self.catalogue.numbers()
        for start in range(0, len(numbers), segments.FULL):
            self._write_segment(target, numbers[start : start + segments.FULL])
        return self._finished(target)

    def dense_again(self, target: Path, *, last: Path) -> dict[str, File]:
        """Write the dense index of a version from the catalogue, and take the words of the last one."""
        self._make_folders(target)
        lexical.link(last / LEXICAL, target / LEXICAL)
        numbers = self.catalogue.numbers()
        for start in range(0, len(numbers), segments.FULL):
            part = numbers[start : start + segments.FULL].tolist()
            segments.write(target / DENSE, stacked(list(self.catalogue.searched(part))))
        return self._finished(target)

    def _write_segment(self, target: Path, numbers: NDArray[np.int64]) -> None:
        vectors: list[segments.Rows] = []
        for start in range(0, len(numbers), PORTION):
            rows = list(self.catalogue.searched(numbers[start : start + PORTION].tolist()))
            self._change_words(target, remove=(), add=[(number, text) for number, text, _ in rows])
            vectors.append(stacked(rows))
        for part in segments.in_full_segments(vectors):
            segments.write(target / DENSE, part)

    def _make_folders(self, target: Path) -> None:
        for folder in (target, target / DENSE, target / LEXICAL):
            folder.mkdir(mode=FOLDER_MODE)

    def _change_words(self, target: Path, *, remove: Sequence[int], add: Sequence[tuple[int, str]]) -> None:
        try:
            lexical.change(target / LEXICAL, remove=remove, add=add, tokens=self.tokens)
        except ValueError as error:
            # All that Tantivy's writer fails with is the disk, and it says so in one kind of error.
            told = f"索引 {self.index} 的词面索引写不进去：{error}；请检查磁盘空间"
            raise DiskFull(told) from error

    def _finished(self, target: Path) -> dict[str, File]:
        synchronise(target)
        return files_below(target, known=self.known)


def stacked(rows: Sequence[tuple[int, str, Vectors]]) -> segments.Rows:
    """Return the numbers and the vectors of passages, ascending by number."""
    ordered = sorted(rows, key=lambda row: row[0])
    numbers = np.asarray([number for number, _, _ in ordered], dtype=np.int64)
    vectors = np.stack([vector for _, _, vector in ordered]) if ordered else np.zeros((0, 0), np.float32)
    return numbers, vectors
