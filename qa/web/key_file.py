"""The file of hashed keys: private to its owner, replaced in one step, followed while it is served."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from qa.domain.system import reason
from qa.errors import KeysInvalid, NotFound, SurroundingsFailed
from qa.web.keys import Access, Key, NewKey, from_json, matching, new_key, to_json

OTHERS_MAY_WRITE = 0o022
MOST_BYTES = 2**20


class KeyFile:
    """The keys on disk, for ``qa keys``."""

    def __init__(self, path: Path) -> None:
        """Keep keys at ``path``, which need not be there yet."""
        self._path = path

    def held(self) -> tuple[Key, ...]:
        """Return the keys in the order in which they were made; none where there is no file.

        :raises KeysInvalid: When the file cannot be read as keys, or others may write it.
        """
        try:
            self._path.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise unreadable(self._path, error) from error
        return read(self._path)

    def add(self, name: str, *, access: Access) -> NewKey:
        """Make a key and keep its hash.

        :raises KeyInvalid: When the name is no name, or taken.
        :raises SurroundingsFailed: When the file cannot be written.
        """
        with self._alone():
            held = self.held()
            made = new_key(name, access=access, others=held)
            self._write([*held, made.key])
        return made

    def revoke(self, name_or_id: str) -> Key:
        """Forget a key; a service that follows the file refuses it from its next request on.

        :raises NotFound: When there is none.
        """
        with self._alone():
            held = self.held()
            gone = next((key for key in held if name_or_id in (key.id, key.name)), None)
            if gone is None:
                raise NotFound(f"没有名称或 id 为 {name_or_id} 的密钥；用 qa keys list 查看有哪些")
            self._write([key for key in held if key is not gone])
        return gone

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let two commands that change the file take turns; the folder is what they lock."""
        folder = self._path.absolute().parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield
            finally:
                os.close(handle)
        except OSError as error:
            told = f"密钥文件 {self._path} 无法写入（{reason(error)}）；请检查目录与权限"
            raise SurroundingsFailed(told) from error

    def _write(self, keys: Sequence[Key]) -> None:
        folder = self._path.absolute().parent
        # Made with mode 0600 by mkstemp, beside the file so that the rename stays on one disk.
        handle, beside = tempfile.mkstemp(prefix=".keys-", dir=folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(to_json(keys))
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(self._path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        synchronise(folder)


class KeyRing:
    """The keys of a running service: those of the file as it is now."""

    def __init__(self, path: Path) -> None:
        """Read the keys.

        :raises KeysInvalid: When there is no such file, or it cannot be read as keys.
        """
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: tuple[Key, ...] = ()
        self._follow()

    def matching(self, secret: str) -> Key | None:
        """Return the key with that secret, None if there is none now.

        :raises KeysInvalid: When the file has become unreadable: then nobody is let in.
        """
        self._follow()
        return matching(secret, self._keys)

    def _follow(self) -> None:
        try:
            stat = self._path.stat()
        except OSError as error:
            raise KeysInvalid(missing(self._path)) from error
        seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if seen != self._seen:
            self._keys, self._seen = read(self._path), seen


def read(path: Path) -> tuple[Key, ...]:
    """Return the keys of a file.

    :raises KeysInvalid: When it cannot be read as keys, or others than its owner may write it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(MOST_BYTES)
        if mode & OTHERS_MAY_WRITE:
            raise KeysInvalid(f"密钥文件 {path} 别人也能写；请运行：chmod 600 {path}")
        return from_json(content.decode("utf-8"))
    except OSError as error:
        raise unreadable(path, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeysInvalid(f"密钥文件 {path} 的内容不对；请用 qa keys 修改，不要手改") from error


def unreadable(path: Path, error: OSError) -> KeysInvalid:
    """Return the error for a file of keys that the system will not let us read."""
    return KeysInvalid(f"密钥文件 {path} 无法读取（{reason(error)}）")


def missing(path: Path) -> str:
    """Return what is wrong where there is no file of keys."""
    return f"没有密钥文件 {path}（QA_API_KEYS）；请先运行：qa keys add 名称 --scope write"


def synchronise(folder: Path) -> None:
    """Force the names in a folder to disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
