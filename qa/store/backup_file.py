"""The file of a backup: an uncompressed tar, whose first member says what the others must be.

Nothing in it is trusted when it is read: names, sizes and kinds are held to a short list,
and every content to its SHA-256 (see docs/index-format.md).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from qa.errors import IndexDamaged
from qa.store.failures import WRONG_JSON
from qa.store.files import CHUNK, FILE_MODE
from qa.store.manifest import File
from qa.store.schema import FILE

HEADER = "backup.json"
HEADER_BYTES = 2**24
"""What the list of files may take, some 10 KB for a large index; and the most that is read at once."""

BACKUP_FORMAT = 1
FILES = "files/"
"""Before the paths of the derived files."""

DERIVED = re.compile(rf"{FILES}(dense/\d{{12}}-\d{{1,9}}\.faiss|lexical/[.\w-]{{1,100}})", re.ASCII)
MOST_FILES = 10_000
NO_TAR = (tarfile.TarError, OSError, EOFError, *WRONG_JSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the first member of a backup says of the others.

    :param index_format: That of the index.
    :param files: By the names of the members, in their order: the catalogue, then the derived files.
    """

    index_format: int
    version: str
    files: Mapping[str, File]

    def to_json(self) -> bytes:
        """Return it as it is stored."""
        stored = {
            "backup": BACKUP_FORMAT,
            "index_format": self.index_format,
            "version": self.version,
            "files": {name: [file.size, file.digest] for name, file in self.files.items()},
        }
        return json.dumps(stored).encode("ascii")

    @classmethod
    def from_json(cls, text: bytes) -> Contents:
        """Return what was stored.

        :raises ValueError, KeyError, TypeError: When it is not that, or names what no backup holds.
        """
        stored = json.loads(text)
        if stored["backup"] != BACKUP_FORMAT:
            raise ValueError(f"备份格式 {stored['backup']}，本程序只认 {BACKUP_FORMAT}")
        files = {name: File(size=size, digest=digest) for name, (size, digest) in stored["files"].items()}
        others = [name for name in files if name != FILE and not DERIVED.fullmatch(name)]
        if others or FILE not in files or len(files) > MOST_FILES:
            raise ValueError("其中的文件不是索引的文件")
        return cls(index_format=int(stored["index_format"]), version=str(stored["version"]), files=files)


def broken(file: Path, what: str) -> IndexDamaged:
    """Return the error for a backup that is not what was written."""
    return IndexDamaged(f"备份 {file} 已损坏或不是问报的备份（{what}）；请换一个备份")


def write_tar(target: BinaryIO, contents: Contents, members: Mapping[str, BinaryIO]) -> None:
    """Write a backup.

    :param members: By the names in ``contents``, each open at its beginning.
    :raises ValueError: Naming the first whose content is not what ``contents`` says.
    """
    with tarfile.open(fileobj=target, mode="w:", format=tarfile.USTAR_FORMAT) as tar:
        header = contents.to_json()
        tar.addfile(described(HEADER, len(header)), io.BytesIO(header))
        for name, file in contents.files.items():
            reader = HashingReader(members[name])
            try:
                tar.addfile(described(name, file.size), reader)
            except OSError as error:
                if "unexpected end of data" not in str(error):
                    raise
                raise ValueError(name) from error
            if reader.digest.hexdigest() != file.digest:
                raise ValueError(name)


def described(name: str, size: int) -> tarfile.TarInfo:
    """Return how a member is described, the same on every machine."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, FILE_MODE
    return member


class HashingReader(io.RawIOBase):
    """Hashes what is read through it."""

    def __init__(self, file: BinaryIO) -> None:
        """Read ``file``."""
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return what comes next."""
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


class BoundedReader(io.RawIOBase):
    """Never reads more at once than a sound backup makes it."""

    def __init__(self, file: BinaryIO) -> None:
        """Read ``file``."""
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """Return what comes next.

        :raises ValueError: When more is asked for than the bound.
        """
        if not 0 <= size <= HEADER_BYTES:
            raise ValueError("其中有一项过大")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()


class BackupReader:
    """Reads a backup from its beginning to its end, once."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Read the first member.

        :raises IndexDamaged: When it is none of a backup.
        """
        self._path = path
        try:
            self._tar = tarfile.open(fileobj=BoundedReader(file), mode="r:")  # noqa: SIM115 - closed by close()
            self.contents = Contents.from_json(self._first())
        except NO_TAR as error:
            raise broken(path, str(error) or type(error).__name__) from error

    def _first(self) -> bytes:
        member = self._tar.next()
        if member is None or member.name != HEADER or not member.isreg() or member.size > HEADER_BYTES:
            raise ValueError(f"没有 {HEADER}")
        return b"".join(self._chunks(member))

    def close(self) -> None:
        """Let go of the tar; the file stays open."""
        self._tar.close()

    def extract(self, name: str, to: Path) -> None:
        """Write the next member to a new file.

        :raises IndexDamaged: When it is not the one that must come, or not what was written.
        :raises OSError: When the new file cannot be written.
        """
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
        expected, digest = self.contents.files[name], hashlib.sha256()
        with os.fdopen(handle, "wb") as written:
            for chunk in self._content(name, expected):
                digest.update(chunk)
                written.write(chunk)
            written.flush()
            os.fsync(handle)
        if digest.hexdigest() != expected.digest:
            raise broken(self._path, f"{name} 的内容与写入时不同")

    def _content(self, name: str, expected: File) -> Iterator[bytes]:
        try:
            member = self._tar.next()
            if member is None or member.name != name or not member.isreg() or member.size != expected.size:
                raise ValueError(f"{name} 不在它的位置，或大小不对")
            yield from self._chunks(member)
        except NO_TAR as error:
            raise broken(self._path, str(error) or type(error).__name__) from error

    def _chunks(self, member: tarfile.TarInfo) -> Iterator[bytes]:
        content = self._tar.extractfile(member)
        if content is None:
            raise ValueError(f"{member.name} 不是文件")
        left = member.size
        while left:
            chunk = content.read(min(CHUNK, left))
            if not chunk:
                raise EOFError(f"{member.name} 不完整")
            left -= len(chunk)
            yield chunk


def contents_of(version: str, files: Mapping[str, File], *, catalogue: File, index_format: int) -> Contents:
    """Return what a backup of a version holds."""
    derived = {f"{FILES}{name}": file for name, file in sorted(files.items())}
    return Contents(index_format=index_format, version=version, files={FILE: catalogue} | derived)
