"""What the file of batches holds: its tables, and its rows as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

FORMAT = 1

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS batches (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, secret TEXT NOT NULL,
    name TEXT NOT NULL, passages INTEGER NOT NULL, total INTEGER NOT NULL, asked INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL, made_at REAL NOT NULL, ended_at REAL, pace REAL, fault TEXT
);
CREATE TABLE IF NOT EXISTS questions (
    batch INTEGER NOT NULL REFERENCES batches(number) ON DELETE CASCADE, position INTEGER NOT NULL,
    question TEXT NOT NULL, PRIMARY KEY (batch, position)
);
CREATE TABLE IF NOT EXISTS predictions (
    batch INTEGER NOT NULL REFERENCES batches(number) ON DELETE CASCADE, position INTEGER NOT NULL,
    line TEXT NOT NULL, version TEXT NOT NULL, PRIMARY KEY (batch, position)
);
CREATE INDEX IF NOT EXISTS predictions_by_version ON predictions(batch, version, position);
PRAGMA user_version = {FORMAT};
"""
COLUMNS = "id, secret, name, passages, total, asked, state, made_at, ended_at, pace, fault"
OPEN = "state IN ('waiting', 'running')"


class BatchState(StrEnum):
    """Where a batch stands: not begun, begun, every question asked, or stopped before that."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBatch:
    """A batch as it stands.

    :param secret: What its links are signed with.
    :param passages: Retrieved for each question.
    :param asked: How many of ``total`` questions have a prediction.
    :param pace: Seconds from one prediction to the next, of late; None before the first.
    :param fault: The code of what keeps it from going on; None where nothing does.
    """

    id: str
    secret: str
    name: str
    passages: int
    total: int
    asked: int
    state: BatchState
    made_at: datetime
    ended_at: datetime | None
    pace: float | None
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The question that is next.

    :param number: Of its batch; never given again.
    :param question: As it was kept.
    :param pace: Seconds from one prediction of its batch to the next, of late; None before the first.
    """

    number: int
    position: int
    passages: int
    question: str
    pace: float | None


def batch_of(row: tuple[Any, ...]) -> KeptBatch:
    """Return the batch that a row of ``COLUMNS`` holds."""
    id, secret, name, passages, total, asked, state, made_at, ended_at, pace, fault = row
    return KeptBatch(
        id=id,
        secret=secret,
        name=name,
        passages=passages,
        total=total,
        asked=asked,
        state=BatchState(state),
        made_at=datetime.fromtimestamp(made_at, UTC),
        ended_at=None if ended_at is None else datetime.fromtimestamp(ended_at, UTC),
        pace=pace,
        fault=fault,
    )
