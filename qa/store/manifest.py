"""The manifest: which version of an index is published, and what belongs to it.

It is a row of the catalogue, so that the commit that changes the collection is
also the one step that publishes the new files (see docs/adr/0003).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.domain.ports import EncoderIdentity
from qa.store.failures import damaged

FORMAT = 3
"""Version of what is on disk; another one is never read, see docs/index-format.md."""

CHUNK = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What a file of a generation must be."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One published version.

    :param generation: Grows by one with every change; names the folder of derived files.
    :param files: By path below that folder.
    """

    generation: int
    encoder: EncoderIdentity
    files: Mapping[str, File]

    @property
    def version(self) -> str:
        """Return the token that outcomes carry; no two indexes share one, however alike they are.

        What is hashed names the encoder and every derived file; the names of the lexical
        files are random.
        """
        return f"{self.generation}-{hashlib.sha256(self.to_json().encode()).hexdigest()[:8]}"

    def to_json(self) -> str:
        """Return the manifest as it is stored."""
        encoder = {
            "name": self.encoder.name,
            "digest": self.encoder.digest,
            "dimension": self.encoder.dimension,
        }
        files = {name: [file.size, file.digest] for name, file in sorted(self.files.items())}
        return json.dumps(
            {"generation": self.generation, "encoder": encoder, "files": files}, ensure_ascii=False
        )

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Return a stored manifest.

        :raises ValueError, KeyError, TypeError: When it is not one.
        """
        stored = json.loads(text)
        return cls(
            generation=int(stored["generation"]),
            encoder=EncoderIdentity(**stored["encoder"]),
            files={name: File(size=size, digest=digest) for name, (size, digest) in stored["files"].items()},
        )


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def files_below(folder: Path) -> dict[str, File]:
    """Return what is in a folder of derived files; locks are no part of it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    return {
        path.relative_to(folder).as_posix(): File(size=path.stat().st_size, digest=digest_of(path))
        for path in paths
    }


def check(folder: Path, *, files: Mapping[str, File], index: Path) -> None:
    """Hold derived files to the manifest.

    :raises IndexDamaged: Naming the first that is missing or different.
    """
    for name, expected in sorted(files.items()):
        path = folder / name
        if not path.is_file() or path.is_symlink():
            raise damaged(index, f"{name} 不见了")
        if path.stat().st_size != expected.size:
            raise damaged(
                index, f"{name} 已损坏（应为 {expected.size} 字节，实为 {path.stat().st_size} 字节）"
            )
        if digest_of(path) != expected.digest:
            raise damaged(index, f"{name} 已损坏（内容与写入时不同）")


def synchronise(folder: Path) -> None:
    """Force everything below a folder, and the folder itself, to the disk."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
