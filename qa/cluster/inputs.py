"""What goes in, in the order in which a person named it: files that workers read, and what is read here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.domain.ports import Failed, Loader
from qa.domain.sources import Source
from qa.loaders.walk import Given, files_of, loaded, place_of

RECORDS = (".jsonl",)
"""Formats of many sources a file, which one process reads quickly and no other could take over halfway."""

GROUP_CHARACTERS = 20_000
"""Of sources that travel as one task; a record alone is not worth the way."""

LEAST_CHARACTERS = 200
"""That an input counts for: what is held already, and short, does not pile up without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A file or a source, or what is already known not to become one.

    :param place: What a person finds it by.
    """

    place: str
    content: Given | Source | Failed

    @property
    def characters(self) -> int:
        """Return how much it counts for; a file, which nobody has read, is a task by itself."""
        match self.content:
            case Source(text=text):
                return max(LEAST_CHARACTERS, len(text))
            case Failed():
                return LEAST_CHARACTERS
        return GROUP_CHARACTERS

    def settled(self, held: Mapping[str, str]) -> bool:
        """Tell whether there is nothing to be done for it.

        :param held: The digests of what the index holds, by name.
        """
        content = self.content
        if isinstance(content, Source):
            return held.get(content.name) == content.digest
        return isinstance(content, Failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Inputs in a row, of which those that there is something to do for become one task.

    :param settled: Of each input, whether there is nothing to be done.
    """

    inputs: tuple[Input, ...]
    settled: tuple[bool, ...]

    @property
    def todo(self) -> list[Given | Source]:
        """Return what there is something to do for."""
        each = zip(self.inputs, self.settled, strict=True)
        return [given.content for given, done in each if not (done or isinstance(given.content, Failed))]


def inputs_of(paths: Sequence[str], *, limit: int, loaders: Mapping[str, Loader]) -> Iterator[Input]:
    """Yield what paths stand for; standard input and records are read here, on the way.

    The parameters are those of ``load_all``.
    """
    for file in files_of(paths):
        place = str(file.path)
        if file.path and travels(file.path):
            below = str(Path(file.below).absolute())
            yield Input(place=place, content=replace(file, path=file.path.absolute(), below=below))
            continue
        for at, each in enumerate(loaded(file, limit=limit, loaders=loaders)):
            yield Input(place=place_of(place, at), content=each)


def travels(path: Path) -> bool:
    """Tell whether a worker reads a file; of one that cannot be looked up here, we tell what is wrong."""
    try:
        return path.suffix.lower() not in RECORDS and path.is_file()
    except (OSError, ValueError):
        return False


def grouped(inputs: Iterable[Input], *, held: Mapping[str, str]) -> Iterator[Group]:
    """Yield inputs in groups of about ``GROUP_CHARACTERS``.

    :param held: The digests of what the index holds, by name.
    """
    group: list[Input] = []
    size = 0
    for each in inputs:
        group.append(each)
        size += each.characters
        if size >= GROUP_CHARACTERS:
            yield group_of(group, held=held)
            group, size = [], 0
    if group:
        yield group_of(group, held=held)


def group_of(inputs: Sequence[Input], *, held: Mapping[str, str]) -> Group:
    """Return inputs as a group; ``held`` as for ``grouped``."""
    return Group(inputs=tuple(inputs), settled=tuple(each.settled(held) for each in inputs))
