"""The files that are made from the catalogue, a folder of them a version."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.domain.ports import Vectors
from qa.errors import DiskFull
from qa.store import lexical, segments
from qa.store.catalogue import Catalogue
from qa.store.failures import Remedy, damaged, of_system
from qa.store.files import FOLDER_MODE, KnownFiles, link_file, private_folder, synchronise
from qa.store.manifest import File, files_below
from qa.store.tokens import Tokens

GENERATIONS = "generations"
DENSE = segments.FOLDER
LEXICAL = "lexical"
Searched = tuple[int, str, Vectors]
"""Number, searched text and vector of a passage."""

SYSTEM_ERROR = re.compile(r"\b(?:os error|code:) (\d{1,4})\b")
"""The system's number of an error in the text of one of Tantivy's, in either way it writes that."""

PORTION = 8192
"""Passages whose vectors and texts are in memory at once when all derived files are made again."""


def generation_folder(folder: Path, generation: int) -> Path:
    """Return where the derived files of a version lie."""
    return folder / GENERATIONS / f"{generation:08d}"


def derived_files(folder: Path, generation: int) -> Path:
    """Return where the derived files of a version lie, with no link on the way there.

    :raises IndexDamaged: When there is one.
    """
    for each in (folder / GENERATIONS, generation_folder(folder, generation)):
        if each.is_symlink():
            told = f"{each.relative_to(folder)} 是一个链接，不跟随"
            raise damaged(folder, told, remedy=Remedy.REPAIR)
    return generation_folder(folder, generation)


def make_generations(folder: Path, *, mend: bool) -> None:
    """Make the folder of all versions where there is none; never write through a link.

    :param mend: Whether a link in its place is taken away.
    :raises IndexDamaged: When there is one that is not.
    """
    place = folder / GENERATIONS
    if mend and place.is_symlink():
        place.unlink()
    derived_files(folder, 0)
    private_folder(place)


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
            self._make_words(target)
        segments.grow(
            target / DENSE,
            last=last / DENSE if last else None,
            rows=stacked(rows),
            held=self.catalogue.numbers(),
        )
        self._change_words(target, remove=removed, add=[(number, text) for number, text, _ in rows])
        return self._finished(target)

    def again(self, target: Path, *, last: Path | None, dense: bool, words: bool) -> dict[str, File]:
        """Write what is asked for from the catalogue alone, with nothing in it of what was removed.

        :param last: Where the version is whose files are taken over for the rest.
        """
        self._make_folders(target)
        if words:
            self._make_words(target)
        elif last:
            lexical.link(last / LEXICAL, target / LEXICAL)
        if not dense and last:
            for each in segments.segments_in(last / DENSE):
                link_file(each.path, target / DENSE / each.path.name)
        numbers = self.catalogue.numbers().tolist() if dense or words else []
        for start in range(0, len(numbers), segments.FULL):
            part = numbers[start : start + segments.FULL]
            vectors = [stacked(rows) for rows in self._portions(target, part, words=words)]
            for full in segments.in_full_segments(vectors if dense else ()):
                segments.write(target / DENSE, full)
        return self._finished(target)

    def _portions(self, target: Path, numbers: Sequence[int], *, words: bool) -> Iterator[list[Searched]]:
        """Yield some passages after others, their words written on the way where that is asked for."""
        for start in range(0, len(numbers), PORTION):
            rows = list(self.catalogue.searched(numbers[start : start + PORTION]))
            if words:
                self._change_words(target, remove=(), add=[(number, text) for number, text, _ in rows])
            yield rows

    def _make_folders(self, target: Path) -> None:
        for folder in (target, target / DENSE, target / LEXICAL):
            folder.mkdir(mode=FOLDER_MODE)

    def _make_words(self, target: Path) -> None:
        with self._writing_words():
            lexical.create(target / LEXICAL)

    def _change_words(self, target: Path, *, remove: Sequence[int], add: Sequence[tuple[int, str]]) -> None:
        with self._writing_words():
            lexical.change(target / LEXICAL, remove=remove, add=add, tokens=self.tokens)

    @contextmanager
    def _writing_words(self) -> Iterator[None]:
        """Turn what Tantivy fails with when it writes into ours.

        :raises SurroundingsFailed: When it fails.
        """
        try:
            yield
        except ValueError as error:
            # All of it comes as one kind of error; the system's number for what is wrong stands in its text.
            if number := SYSTEM_ERROR.search(str(error)):
                code = int(number[1])
                raise of_system(self.index, OSError(code, os.strerror(code)), what="索引") from error
            # A thread of the writer that died does not say of what; where the disk is full it dies so.
            told = f"索引 {self.index} 的词面索引写不进去：{error}；请检查磁盘空间"
            raise DiskFull(told) from error

    def _finished(self, target: Path) -> dict[str, File]:
        synchronise(target)
        return files_below(target, known=self.known)


def stacked(rows: Sequence[Searched]) -> segments.Rows:
    """Return the numbers and the vectors of passages, ascending by number."""
    ordered = sorted(rows, key=lambda row: row[0])
    numbers = np.asarray([number for number, _, _ in ordered], dtype=np.int64)
    vectors = np.stack([vector for _, _, vector in ordered]) if ordered else np.zeros((0, 0), np.float32)
    return numbers, vectors
