"""Answers that were given (回答存档), kept for links and reloads in a file beside the catalogue."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qa.errors import NotFound
from qa.store.beside import FileBeside, storable

FILE = "answers.sqlite"
FORMAT = 1
TOKEN_BYTES = 18
"""Of chance in an id: 144 bits, which nobody guesses."""

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS answers (id TEXT PRIMARY KEY, asked_at REAL NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS answers_by_age ON answers(asked_at);
CREATE TABLE IF NOT EXISTS cited (
    answer_id TEXT NOT NULL REFERENCES answers(id) ON DELETE CASCADE,
    source TEXT NOT NULL, PRIMARY KEY (answer_id, source)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cited_by_source ON cited(source);
PRAGMA user_version = {FORMAT};
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """An answer as it was given.

    :param asked_at: In UTC.
    :param body: What the client got, as JSON.
    """

    id: str
    asked_at: datetime
    body: str


class KeptAnswers:
    """Keeps answers for some days, and so many of them at most; several processes may share the file."""

    def __init__(
        self, folder: Path, *, days: float, most: int, clock: Callable[[], float] = time.time
    ) -> None:
        """Open the file in an index's folder, or make it.

        :param days: How long an answer is kept.
        :param most: How many are kept; the oldest go first.
        :raises SurroundingsFailed: When it cannot be written there.
        :raises IndexDamaged: When it is no such file.
        """
        self._days, self._most, self._clock = days, most, clock
        self._file = FileBeside(folder, FILE, schema=SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def keep(self, body: str, *, sources: Collection[str]) -> KeptAnswer:
        """Keep an answer, and drop what is too old or too much.

        :param sources: The names of the sources that it quotes.
        :raises SurroundingsFailed: When it cannot be written.
        """
        now = self._clock()
        id = secrets.token_urlsafe(TOKEN_BYTES)
        with self._file.changing() as connection:
            connection.execute("INSERT INTO answers VALUES (?, ?, ?)", (id, now, body))
            connection.executemany(
                "INSERT INTO cited VALUES (?, ?)", [(id, name) for name in sorted(sources)]
            )
            self._drop_old(connection, now)
        return KeptAnswer(id=id, asked_at=datetime.fromtimestamp(now, UTC), body=body)

    def get(self, id: str) -> KeptAnswer:
        """Return an answer.

        :raises NotFound: When it is unknown, too old, or was deleted.
        """
        with self._file.reading() as connection:
            row = connection.execute(
                "SELECT asked_at, body FROM answers WHERE id = ? AND asked_at > ?",
                (storable(id), self._oldest(self._clock())),
            ).fetchone()
        if row is None:
            raise unknown()
        return KeptAnswer(id=id, asked_at=datetime.fromtimestamp(row[0], UTC), body=row[1])

    def delete(self, id: str) -> None:
        """Delete an answer for good.

        :raises NotFound: When there is none.
        """
        with self._file.changing() as connection:
            if not connection.execute("DELETE FROM answers WHERE id = ?", (storable(id),)).rowcount:
                raise unknown()

    def keep_only(self, sources: Collection[str]) -> int:
        """Delete what quotes a source that is not among those named; return how many went."""
        held = set(sources)
        with self._file.changing() as connection:
            named = [name for (name,) in connection.execute("SELECT DISTINCT source FROM cited")]
            gone = [(name,) for name in named if name not in held]
            statement = "DELETE FROM answers WHERE id IN (SELECT answer_id FROM cited WHERE source = ?)"
            return sum(connection.execute(statement, row).rowcount for row in gone)

    def __len__(self) -> int:
        """Return how many are kept."""
        with self._file.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])

    def _oldest(self, now: float) -> float:
        return now - timedelta(days=self._days).total_seconds()

    def _drop_old(self, connection: sqlite3.Connection, now: float) -> None:
        connection.execute("DELETE FROM answers WHERE asked_at <= ?", (self._oldest(now),))
        # By number and not by counting, which would read the whole table for every answer.
        connection.execute(
            "DELETE FROM answers WHERE rowid <= (SELECT max(rowid) FROM answers) - ?", (self._most,)
        )


def unknown() -> NotFound:
    """Return the error for an answer that is not kept, whatever the reason."""
    return NotFound("没有这个回答：链接不对，或者它已过期、已删除，或所引的来源已不在")
