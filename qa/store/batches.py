"""Batches of questions (批量评测) that a service works through, kept in a file beside the catalogue.

A question's prediction is written in one step with the count of questions asked: after a kill, the
next question is the first without a prediction. The file is made with the first batch.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from qa.errors import ClockJumped, NotFound, QueueFull
from qa.store.batch_rows import COLUMNS, OPEN, SCHEMA, Due, KeptBatch, batch_of
from qa.store.beside import FileBeside, storable
from qa.store.failures import surroundings
from qa.store.lock import locked

FILE, LOCK = "batches.sqlite", "batches.lock"
TOKEN_BYTES = 18
"""Of chance in an id, as in an answer's: 144 bits."""

VERSIONS = (
    "SELECT version FROM predictions JOIN batches ON number = batch "
    "WHERE id = ? GROUP BY version ORDER BY min(position)"
)
"""Asked whenever a batch is looked at; by an index, so that no line of a prediction is read for it."""

AGAIN_S = 60
"""Seconds after which another batch may be tried where too many are unfinished."""


class KeptBatches:
    """The batches of an index's folder; several processes may share the file."""

    def __init__(
        self,
        folder: Path,
        *,
        days: float,
        most: int,
        clock: Callable[[], float] = time.time,
        watched: Callable[[], float] | None = None,
    ) -> None:
        """Keep batches in ``folder``, where the file may not be yet.

        :param days: How long one is kept that has ended.
        :param most: How many are kept; the oldest that have ended go first.
        :param watched: The time that deleting goes by; while it raises ``ClockJumped`` none is too old.
            As ``clock`` unless given.
        """
        self._folder, self._days, self._most, self._clock = folder, days, most, clock
        self._watched = watched or clock
        self._opening = threading.Lock()
        self._opened: FileBeside | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._opened:
            self._opened.close()

    def add(self, questions: Sequence[str], *, name: str, passages: int) -> KeptBatch:
        """Keep a batch, to be asked in this order.

        :param questions: Each as ``due`` is to give it back.
        :raises QueueFull: When as many as may be kept have not ended.
        :raises SurroundingsFailed: When it cannot be written.
        """
        id, secret = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
        with self._file().changing() as connection:
            self._make_room(connection)
            added = connection.execute(
                "INSERT INTO batches (id, secret, name, passages, total, state, made_at) "
                "VALUES (?, ?, ?, ?, ?, 'waiting', ?)",
                (id, secret, name, passages, len(questions), self._clock()),
            )
            connection.executemany(
                "INSERT INTO questions VALUES (?, ?, ?)",
                [(added.lastrowid, position, each) for position, each in enumerate(questions)],
            )
        return self.get(id)

    def get(self, id: str) -> KeptBatch:
        """Return a batch.

        :raises NotFound: When it is unknown, too old, or was deleted.
        """
        found = self._those("id = ?", storable(id))
        if not found:
            raise unknown()
        return found[0]

    def all(self) -> list[KeptBatch]:
        """Return every batch, the newest first."""
        return self._those("1")

    def versions(self, id: str) -> list[str]:
        """Return the versions of the index that a batch was answered from, in the order they came."""
        if not self._is_there():
            return []
        with self._file().reading() as connection:
            return [version for (version,) in connection.execute(VERSIONS, (storable(id),))]

    def predictions(self, id: str, *, after: int, most: int) -> list[str]:
        """Return at most so many predictions, in order, from the one at position ``after`` on."""
        with self._file().reading() as connection:
            rows = connection.execute(
                "SELECT line FROM predictions JOIN batches ON number = batch "
                "WHERE id = ? AND position >= ? ORDER BY position LIMIT ?",
                (storable(id), after, most),
            )
            return [line for (line,) in rows]

    def due(self) -> Due | None:
        """Return the question that is to be asked next; None when there is none.

        Of several batches, the one of which least has been asked: a short one does not wait for a long one.
        """
        if not self._is_there():
            return None
        with self._file().reading() as connection:
            row = connection.execute(
                "SELECT number, position, passages, question, pace FROM batches "
                "JOIN questions ON batch = number AND position = asked "
                f"WHERE {OPEN} ORDER BY asked, number LIMIT 1"
            ).fetchone()
        if row is None:
            return None
        number, position, passages, question, pace = row
        return Due(number=number, position=position, passages=passages, question=question, pace=pace)

    def keep(self, due: Due, line: str, *, version: str, pace: float) -> bool:
        """Keep the prediction of a question; return whether it was still wanted.

        :param version: Of the index that answered.
        :param pace: Seconds from one prediction of its batch to the next, of late.
        :raises SurroundingsFailed: When it cannot be written.
        """
        with self._file().changing() as connection:
            wanted = connection.execute(
                "UPDATE batches SET asked = asked + 1, pace = ?, fault = NULL, "
                "state = CASE WHEN asked + 1 = total THEN 'done' ELSE 'running' END, "
                "ended_at = CASE WHEN asked + 1 = total THEN ? END "
                f"WHERE number = ? AND asked = ? AND {OPEN}",
                (pace, self._clock(), due.number, due.position),
            ).rowcount
            if wanted:
                connection.execute(
                    "INSERT INTO predictions VALUES (?, ?, ?, ?)", (due.number, due.position, line, version)
                )
        return bool(wanted)

    def mark(self, number: int, fault: str) -> None:
        """Note by its code what keeps a batch from going on."""
        with self._file().changing() as connection:
            connection.execute("UPDATE batches SET fault = ? WHERE number = ?", (fault, number))

    def cancel(self, id: str) -> KeptBatch:
        """Ask no more of a batch, and return it; what was asked is kept. One that has ended stays as it is.

        :raises NotFound: When there is none.
        """
        self.get(id)
        with self._file().changing() as connection:
            connection.execute(
                f"UPDATE batches SET state = 'cancelled', ended_at = ?, fault = NULL WHERE id = ? AND {OPEN}",
                (self._clock(), storable(id)),
            )
        return self.get(id)

    def delete(self, id: str) -> None:
        """Delete a batch with its questions and predictions, whether it has ended or not.

        :raises NotFound: When there is none.
        """
        self.get(id)
        with self._file().changing() as connection:
            connection.execute("DELETE FROM batches WHERE id = ?", (storable(id),))

    def sweep(self) -> int:
        """Delete what ended too long ago; return how many went."""
        if not self._is_there():
            return 0
        with self._file().changing() as connection:
            return self._drop_old(connection)

    def take_lock(self) -> int | None:
        """Return the handle of the lock of who asks; None when another process has it.

        The system frees it when the process ends, however it ends.
        """
        with surroundings(self._folder):
            return locked(self._folder / LOCK)

    def _make_room(self, connection: sqlite3.Connection) -> None:
        """Drop what is too old, and the oldest that has ended where there are too many.

        :raises QueueFull: When none of them has ended.
        """
        self._drop_old(connection)
        connection.execute(
            "DELETE FROM batches WHERE number IN (SELECT number FROM batches WHERE ended_at IS NOT NULL "
            "ORDER BY number LIMIT max(0, (SELECT count(*) FROM batches) + 1 - ?))",
            (self._most,),
        )
        if connection.execute("SELECT count(*) FROM batches").fetchone()[0] >= self._most:
            raise QueueFull(f"已有 {self._most} 批评测没有做完，达到上限；请稍后再试", retry_after=AGAIN_S)

    def _those(self, condition: str, *values: str) -> list[KeptBatch]:
        if not self._is_there():
            return []
        with self._file().reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM batches WHERE {condition} AND (ended_at IS NULL OR ended_at > ?) "
                "ORDER BY number DESC",
                (*values, self._oldest(self._clock())),
            )
            return [batch_of(row) for row in rows]

    def _drop_old(self, connection: sqlite3.Connection) -> int:
        try:
            oldest = self._oldest(self._watched())
        except ClockJumped:
            # What was deleted does not come back when the clock is set back.
            return 0
        return connection.execute("DELETE FROM batches WHERE ended_at <= ?", (oldest,)).rowcount

    def _oldest(self, now: float) -> float:
        return now - timedelta(days=self._days).total_seconds()

    def _is_there(self) -> bool:
        return self._opened is not None or (self._folder / FILE).is_file()

    def _file(self) -> FileBeside:
        with self._opening:
            if self._opened is None:
                self._opened = FileBeside(self._folder, FILE, schema=SCHEMA, what="批量评测")
            return self._opened


def unknown() -> NotFound:
    """Return the error for a batch that is not kept, whatever the reason."""
    return NotFound("没有这批评测：链接不对，或者它已过期、已删除")
