"""The manifest: which version of an index is published, and what belongs to it.

It is a row of the catalogue, so that the commit that changes the collection is
also the one step that publishes the new files (see docs/adr/0003).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.domain.ports import EncoderIdentity
from qa.store.failures import Remedy, damaged
from qa.store.files import KnownFiles, opened_below

FORMAT = 5
"""Version of what is written to disk, see docs/index-format.md."""

READ = (4, FORMAT)
"""Versions that are read as they are, and are of this one after the next change; others never are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What a file of a generation must be."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many rows the tables have."""

    sources: int
    articles: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One published version.

    :param generation: Grows by one with every change; names the folder of derived files.
    :param tokenizer: How the words of the lexical index were cut.
    :param files: By path below that folder.
    """

    generation: int
    encoder: EncoderIdentity
    tokenizer: str
    counts: Counts
    files: Mapping[str, File]

    @property
    def version(self) -> str:
        """Return the token that outcomes carry; no two indexes share one, however alike they are.

        What is hashed names the encoder and every derived file; the names of the lexical
        files are random.
        """
        return f"{self.generation}-{self.digest[:8]}"

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the manifest, which stands beside it."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Return the manifest as it is stored."""
        stored = {
            "generation": self.generation,
            "encoder": asdict(self.encoder),
            "tokenizer": self.tokenizer,
            "counts": asdict(self.counts),
            "files": {name: [file.size, file.digest] for name, file in sorted(self.files.items())},
        }
        return json.dumps(stored, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Return a stored manifest.

        :raises ValueError, KeyError, TypeError: When it is not one.
        """
        stored = json.loads(text)
        return cls(
            generation=int(stored["generation"]),
            encoder=EncoderIdentity(**stored["encoder"]),
            tokenizer=stored["tokenizer"],
            counts=Counts(**stored["counts"]),
            files={name: File(size=size, digest=digest) for name, (size, digest) in stored["files"].items()},
        )


def files_below(folder: Path, *, known: KnownFiles) -> dict[str, File]:
    """Return what is in a folder of derived files; locks are no part of it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    files: dict[str, File] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        with opened_below(folder, name) as file:
            files[name] = File(size=path.stat().st_size, digest=known.digest(file))
    return files


def check(folder: Path, *, files: Mapping[str, File], index: Path, known: KnownFiles | None = None) -> None:
    """Hold derived files to the manifest.

    :param known: What was hashed before; None to look at sizes alone.
    :raises IndexDamaged: Naming the first that is missing or different.
    """
    for name, expected in sorted(files.items()):
        told = difference(folder, name, expected, known=known)
        if told:
            raise damaged(index, told, remedy=Remedy.REPAIR)


def difference(folder: Path, name: str, expected: File, *, known: KnownFiles | None) -> str | None:
    """Return in what a file is not what was written; None where it is.

    :param known: As for ``check``.
    """
    try:
        with opened_below(folder, name) as file:
            size = file.seek(0, 2)
            file.seek(0)
            if size != expected.size:
                return f"{name} 已损坏（应为 {expected.size} 字节，实为 {size} 字节）"
            if known is not None and known.digest(file) != expected.digest:
                return f"{name} 已损坏（内容与写入时不同）"
    except FileNotFoundError:
        return f"{name} 不见了"
    return None
