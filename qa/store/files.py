"""Files of an index: for its owner alone, and opened below its folder without following a link."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

CHUNK = 2**20
FOLDER_MODE, FILE_MODE = 0o700, 0o600
FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# Without waiting: a pipe in the place of a file must not hold us up.
FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG)
"""What the system says where there is no such file, or a link or something else in its place."""

KNOWN_FILES = 10_000


@contextmanager
def opened_below(folder: Path, name: str) -> Iterator[BinaryIO]:
    """Open a plain file for reading, by its path below a folder.

    :raises FileNotFoundError: When it is not there, or it or a folder on the way is a link or anything else.
    """
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts:
        raise FileNotFoundError(errno.ENOENT, "outside of the index", name)
    try:
        handle = descended(folder, parts)
    except OSError as error:
        if error.errno in NOT_THERE:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name) from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise FileNotFoundError(errno.ENOENT, "not a plain file", name)
    with os.fdopen(handle, "rb") as file:
        yield file


def descended(folder: Path, parts: tuple[str, ...]) -> int:
    """Return the handle of a file, having gone down to it one folder after another."""
    handle = os.open(folder, FOLDER_FLAGS)
    try:
        for part in parts[:-1]:
            inner = os.open(part, FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=handle)
            os.close(handle)
            handle = inner
        return os.open(parts[-1], FILE_FLAGS, dir_fd=handle)
    finally:
        os.close(handle)


def digest_of(file: BinaryIO) -> str:
    """Return the SHA-256 of what is left of a file."""
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


class KnownFiles:
    """Remembers what files that never change hashed to: versions share most of theirs by hard links."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._digests: dict[tuple[int, int, int, int], str] = {}

    def digest(self, file: BinaryIO) -> str:
        """Return the SHA-256 of an open file, read only if it was not read before."""
        status = os.fstat(file.fileno())
        which = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if which not in self._digests:
            if len(self._digests) >= KNOWN_FILES:
                self._digests.clear()
            self._digests[which] = digest_of(file)
        return self._digests[which]


def private_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone."""
    for parent in (*reversed(path.parents), path):
        if not parent.exists():
            parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))


def private_file(path: Path) -> None:
    """Make an empty file for its owner alone where there is none; never through a link."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, FILE_MODE))


def replace_file(path: Path, content: bytes) -> None:
    """Write a small file beside, force it to the disk and put it in the place of the one before."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)
    beside.replace(path)
    synchronise_folder(path.parent)


def link_file(old: Path, new: Path) -> None:
    """Make ``new`` the same file as ``old``, which never changes, without copying it where that can be."""
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError:
        shutil.copy2(old, new, follow_symlinks=False)  # a file system without hard links


def synchronise_folder(folder: Path) -> None:
    """Force the names in a folder to the disk."""
    handle = os.open(folder, FOLDER_FLAGS)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def synchronise(folder: Path) -> None:
    """Force everything below a folder, and the folder itself, to the disk, for its owner alone."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            # Tantivy makes its files as the system is set to.
            os.fchmod(handle, FOLDER_MODE if path.is_dir() else FILE_MODE)
            os.fsync(handle)
        finally:
            os.close(handle)
