"""Damages one file of an index after another, and looks at what it then says.

It must say that it is damaged, naming the file and what to do (exit code 6), or give the answers that it gave
before: never other ones. What can be made from the catalogue is then mended.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from bench.survive.asking import builder_over, opened, tokens, writer_of
from bench.survive.documents import made, name_of
from bench.survive.processes import Tell, begun, told_by
from bench.survive.saying import Said, as_before, said, verdict
from qa.errors import IndexDamaged, QaError
from qa.store.repair import repair

BASE = 40
MENDED = 20
"""Of so many files in which one bit is flipped one is mended; of all others all."""

PICKLE = "cos\nsystem\n(S'touch {marker}'\ntR."
"""What runs a command where it is unpickled (protocol 0)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """One way to damage one file.

    :param at: The byte that it begins at, where that matters.
    """

    file: str
    how: str
    at: int = 0

    def do(self, folder: Path, *, other: Path) -> None:
        """Damage the file in a copy of the index; ``other`` is what another version has in its place."""
        HOW[self.how](folder / self.file, self.at, other)


def truncated(path: Path, at: int, _: Path) -> None:
    os.truncate(path, at)


def flipped(path: Path, at: int, _: Path) -> None:
    """Turn one bit alone, another one at every place: what a failing disk or memory does."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << at % 8
    path.write_bytes(content)


def emptied(path: Path, *_: object) -> None:
    os.truncate(path, 0)


def swapped(path: Path, _: int, other: Path) -> None:
    shutil.copyfile(other, path)


def planted(path: Path, *_: object) -> None:
    path.write_text(PICKLE.format(marker=path.parent / "ran"), encoding="ascii")


HOW: dict[str, Callable[[Path, int, Path], None]] = {
    "truncated": truncated,
    "flipped": flipped,
    "emptied": emptied,
    "swapped": swapped,
    "planted": planted,
}


@dataclass(slots=True)
class Damaging:
    """An index that is damaged in one copy after another.

    :param whole: The index as it is.
    :param older: The same one, some publications before.
    """

    whole: Path
    older: Path
    scratch: Path
    draw: random.Random
    told: dict[str, Counter[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def files(self) -> list[str]:
        """Return every file of the index, by its path."""
        found = (path for path in self.whole.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.whole).as_posix() for path in found)

    def harms(self, file: str, *, truncations: int, flips: int) -> list[Harm]:
        """Return the ways to damage one file."""
        size = (self.whole / file).stat().st_size
        ways = [Harm(file=file, how=how) for how in ("emptied", "swapped", "planted")]
        at = sorted(self.draw.sample(range(size), min(truncations, size)))
        ways += [Harm(file=file, how="truncated", at=each) for each in at]
        at = [self.draw.randrange(size) for _ in range(flips if size else 0)]
        return ways + [Harm(file=file, how="flipped", at=each) for each in at]

    def other(self, file: str) -> Path:
        """Return what another version has in the place of a file: of the same path, name or kind."""
        own = self.whole / file
        there = [self.older / file, *each_below(self.older, own.name), *each_below(self.whole, own.name)]
        there += [*each_below(self.older, f"*{own.suffix}"), *each_below(self.whole, "*")]
        content = own.read_bytes()
        return next(each for each in there if each.is_file() and each.read_bytes() != content)

    def damage(self, file: str, *, truncations: int, flips: int) -> None:
        """Damage one file in every way, each time in a new copy of the index."""
        harms = self.harms(file, truncations=truncations, flips=flips)
        while harms:
            lines = begun(partial(self._try, tuple(harms))).end().told
            told = [json.loads(line) for line in lines]
            for harm, came in zip(harms, told, strict=False):
                self._note(harm, *came)
            if len(told) < len(harms):
                self._note(harms[len(told)], "broke off", "", "")
            harms = harms[len(told) + 1 :]

    def _try(self, harms: Sequence[Harm], tell: Tell) -> None:
        before = said(self.whole)
        for at, harm in enumerate(harms):
            copy = self.scratch / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(self.whole, copy)
            harm.do(copy, other=self.other(harm.file) if harm.how == "swapped" else copy)
            found, words = verdict(said(copy), before, file=harm.file)
            if any(copy.rglob("ran")):
                found, words = "ran", "what was planted was run"
            mend = found == "told" and (harm.how != "flipped" or at % MENDED == 0)
            tell(json.dumps([found, words, repaired(copy, before) if mend else ""]))

    def _note(self, harm: Harm, found: str, words: str, after: str) -> None:
        came = self.told.setdefault(kind_of(harm.file), Counter())
        came[found] += 1
        if after:
            came[after] += 1
        # All that is derived can be made again; what cannot, is told.
        whole = after in ("", "mended") or (is_truth(harm.file) and after in ("left", "lost"))
        if found not in ("told", "correct") or not whole:
            self.faults.append(f"{harm.file} {harm.how} at {harm.at}: {found} {after}: {words}")


def repaired(folder: Path, before: Said) -> str:
    """Return what ``qa repair`` makes of a damaged index.

    ``mended``: it says what it said before. ``lost``: as much, but for changes that it names as lost.
    ``left``: it tells what is left to do, and has changed nothing.
    """
    try:
        done = repair(folder, tokens=tokens())
    except IndexDamaged:
        return "left"
    except QaError as error:
        return error.code
    if done.left:
        return "left"
    if as_before(said(folder), before):
        return "mended"
    return "lost" if done.lost else "mended otherwise"


def is_truth(file: str) -> bool:
    """Tell whether a file holds what cannot be made again."""
    return file.startswith("catalogue.sqlite")


def is_log(file: str) -> bool:
    """Tell whether a file is what SQLite keeps beside a catalogue that is open."""
    return file.startswith("catalogue.sqlite-")


def kind_of(file: str) -> str:
    """Return what a file is, without the numbers and names that are other ones every time."""
    path = PurePosixPath(file)
    own = path.suffix if len(path.stem) > 30 or path.stem.isdigit() else path.name
    return "/".join(["…" if part.isdigit() else part for part in path.parts[:-1]] + [own])


def each_below(folder: Path, pattern: str) -> list[Path]:
    """Return the files below a folder whose names fit, in order."""
    return sorted(path for path in folder.rglob(pattern) if path.is_file())


def make(whole: Path, older: Path, logged: Path) -> None:
    """Make an index, with documents that were refreshed and taken out.

    :param older: Where it is as it was before that.
    :param logged: Where the last change is in the log alone, and not yet in the catalogue.
    """
    writer = writer_of(whole)
    builder_over(writer).add([made(number, 0) for number in range(BASE)])
    writer.close()
    shutil.copytree(whole, older)
    writer = writer_of(whole)
    builder = builder_over(writer)
    builder.add([made(number, 1) for number in range(5)])
    # A reader keeps the log from being taken into the catalogue.
    snapshot = opened(whole)
    builder.remove([name_of(number) for number in range(5, 10)])
    shutil.copytree(whole, logged)
    snapshot.close()
    writer.close()


def damage(folder: Path, *, seed: int, every: int, truncations: int, flips: int) -> dict[str, Any]:
    """Return what damaged files led to.

    :param every: 1 for every file, 2 for every other, and so on.
    """
    whole, older, logged = (folder / name for name in ("whole", "older", "logged"))
    told_by(lambda: make(whole, older, logged))
    draw = random.Random(seed)
    damaging = [Damaging(whole=each, older=older, scratch=folder, draw=draw) for each in (whole, logged)]
    for each in damaging:
        for file in each.files()[::every]:
            if each.whole == whole or is_log(file):
                each.damage(file, truncations=truncations, flips=flips)
    told = damaging[0].told | damaging[1].told
    return {
        "files": {file: dict(came) for file, came in told.items()},
        "faults": [*damaging[0].faults, *damaging[1].faults],
    }
