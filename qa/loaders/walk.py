"""From the paths a person names to sources: which files are read, and under which names."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from qa.domain.ports import Failed, Loader
from qa.domain.sources import Source
from qa.errors import (
    SourceFailed,
    SourceMissing,
    SourceNameTaken,
    SourceOutside,
    SourceUnreadable,
)
from qa.loaders.table import LOADERS, loader_of
from qa.loaders.text import text_source

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "stdin.txt"
DESCRIBES_FOLDER = re.compile(r"README(?:\.\w+)?$", re.IGNORECASE)


def load_all(
    paths: Sequence[str],
    *,
    limit: int,
    loaders: Mapping[str, Loader] = LOADERS,
    stdin: BinaryIO | None = None,
) -> Iterator[Source | Failed]:
    """Yield every source below ``paths``, in order of name within each; never raises for one of them.

    A folder gives the files below it, README and hidden files left out. Links to
    files are followed inside the folder only, links to folders not at all.

    :param limit: Bytes that the text of one source may have.
    :param loaders: Which loader reads which suffix.
    :raises SurroundingsFailed: When the parsing process cannot be started, which no file is at fault for.
    """
    taken: dict[str, str] = {}
    for file in files_of(paths):
        found = loaded(file, limit=limit, loaders=loaders, stdin=stdin)
        yield from claimed(found, path=str(file.path), taken=taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file that a person named, or that lies below a folder they named, under its name in the index.

    :param path: None for standard input.
    :param below: What was named; a link does not lead out of it.
    """

    name: str
    path: Path | None
    below: str


def files_of(paths: Sequence[str]) -> Iterator[Given]:
    """Yield the files that paths stand for; what is wrong with one is told by reading it."""
    for given in paths:
        for name, path in named(given):
            yield Given(name=name, path=path, below=given)


def loaded(
    file: Given, *, limit: int, loaders: Mapping[str, Loader], stdin: BinaryIO | None = None
) -> Iterator[Source | Failed]:
    """Yield what one file holds, or why it cannot be taken in; the parameters are those of ``load_all``."""
    name = file.name
    try:
        if leads_out(file.path, of=file.below):
            raise SourceOutside(f"{name}：链接指向文件夹之外，未跟随；如需索引，请直接给出目标文件的路径")
        yield from read(name, file.path, limit=limit, loaders=loaders, stdin=stdin)
    except SourceFailed as error:
        yield Failed(name=name, error=error)
    except (OSError, RuntimeError, ValueError) as error:
        # A loop of links, a name that is too long or holds a NUL: the system's word for it.
        yield Failed(name=name, error=SourceUnreadable(f"{name[:80]}：无法读取（{error}）"))


def claimed(
    found: Iterator[Source | Failed], *, path: str, taken: dict[str, str]
) -> Iterator[Source | Failed]:
    """Yield what one file gives; a source whose name another took in this run fails.

    The second would silently replace the first. The same file, named twice, gives the same again.
    """
    for at, each in enumerate(found):
        refused = isinstance(each, Source) and claim(each.name, place=place_of(path, at), taken=taken)
        yield refused or each


def place_of(path: str, at: int) -> str:
    """Return what a person finds the thing by that a file gives, counted from 0."""
    return f"{path}（第 {at + 1} 条）" if at else path


def claim(name: str, *, place: str, taken: dict[str, str]) -> Failed | None:
    """Take a name for what was read at a place; return the failure when it was taken at another."""
    other = taken.setdefault(name, place)
    if other == place:
        return None
    told = f"{name}：{place} 与 {other} 同名；请分别索引到不同的文件夹层级，或改名"
    return Failed(name=name, error=SourceNameTaken(told))


def read(
    name: str, path: Path | None, *, limit: int, loaders: Mapping[str, Loader], stdin: BinaryIO | None
) -> Iterator[Source | Failed]:
    """Yield the sources of one file.

    :raises SourceFailed: When it cannot be taken in.
    """
    if path is None:
        yield from_stream(stdin or sys.stdin.buffer, limit=limit)
        return
    if not path.exists():
        raise SourceMissing(f"{name}：没有这个文件或文件夹；请检查路径")
    if not path.is_file():
        # A pipe would hold the run up; a folder comes here when it may not be listed.
        raise SourceUnreadable(f"{name}：不是可以读取的普通文件；请检查类型与权限")
    yield from loader_of(path, loaders).load(path, name=name, limit=limit)


def from_stream(stdin: BinaryIO, *, limit: int) -> Source:
    """Return standard input as a source.

    :raises SourceFailed: When it is too large, empty, or no text.
    """
    return text_source(stdin.read(limit + 1), name=STANDARD_INPUT_NAME, limit=limit)


def named(given: str) -> Iterator[tuple[str, Path | None]]:
    """Yield the files that one path stands for, each with its name in the index."""
    if given == STANDARD_INPUT:
        yield STANDARD_INPUT_NAME, None
        return
    path = Path(given)
    if not is_folder(path):
        yield printable(path.name or given), path
        return
    for file in sorted(files_below(path), key=lambda each: each.as_posix()):
        yield printable(file.relative_to(path).as_posix()), file


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder; one that the system refuses to look up is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, without hidden ones and without what only describes the folder.

    Folders that may not be listed come as well, so that reading them says so.
    """
    closed: list[Path] = []
    walk = os.walk(folder, followlinks=False, onerror=lambda error: closed.append(Path(error.filename)))
    for parent, folders, files in walk:
        folders[:] = [each for each in folders if not each.startswith(".")]
        for file in files:
            if not file.startswith(".") and not DESCRIBES_FOLDER.match(file):
                yield Path(parent, file)
    yield from closed


def leads_out(path: Path | None, *, of: str) -> bool:
    """Tell whether a link below a folder leads out of it; a file that was named itself may be a link."""
    folder = Path(of)
    return path is not None and is_folder(folder) and not path.resolve().is_relative_to(folder.resolve())


def printable(name: str) -> str:
    r"""Return a name that can be printed and stored: bytes that are no UTF-8 become ``\xNN``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
