"""SQLite files beside the catalogue: what a service keeps for people, no part of the index or its version."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from qa.errors import KeptFileDamaged
from qa.store.failures import WRONG_ROW, surroundings

PATIENCE_S = 5.0
"""Seconds that another process is waited for which is writing."""


class FileBeside:
    """One such file, for several threads, each call behind a lock, and several processes."""

    def __init__(self, folder: Path, name: str, *, schema: str, what: str) -> None:
        """Open the file in an index's folder, or make it.

        :param schema: Statements that may be run again.
        :param what: What is kept in it, in Chinese.
        :raises SurroundingsFailed: When it cannot be written there.
        :raises KeptFileDamaged: When it is no such file.
        """
        self._path, self._what, self._lock = folder / name, what, threading.Lock()
        with self._told():
            # Nobody else on the machine reads what was asked.
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
            self._connection = opened(self._path, schema=schema)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Hold the file for reading; what it holds is to become values meanwhile, so that damage is told.

        :raises KeptFileDamaged: When it is not what was written.
        """
        with self._lock, self._told():
            yield self._connection

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Hold the one transaction that changes the file.

        :raises KeptFileDamaged: When it is not what was written.
        """
        with self._lock, self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite has taken back by itself what a full disk broke off.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        with surroundings(self._path, what=self._what, malformed=self._damaged):
            try:
                yield
            except WRONG_ROW as error:
                raise self._damaged(self._path, error) from error

    def _damaged(self, path: Path, error: Exception) -> KeptFileDamaged:
        return KeptFileDamaged(
            f"{self._what} {path} 已损坏（{error}）；请停下服务，移走它与同名的 -wal、-shm 文件，再启动："
            f"会另建一个空的，原有的{self._what}不再可用；索引不受影响"
        )


def opened(file: Path, *, schema: str) -> sqlite3.Connection:
    """Open a file for several threads and several processes."""
    uri = f"file:{quote(str(file.resolve()))}?mode=rw"
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=PATIENCE_S
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing; a crash of the machine may lose the last link or question.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What is deleted is overwritten, not only forgotten.
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(schema)
    except BaseException:
        connection.close()
        raise
    return connection


def storable(id: str) -> str:
    """Return an id as SQLite takes it; halves of characters become visible, and match nothing."""
    return id.encode("utf-8", "backslashreplace").decode()
