"""What the system says is put into our words; what we do not know passes unchanged."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from qa.errors import IndexDamaged, NotFound, QaError, SurroundingsFailed
from qa.store.failures import SURROUNDINGS, surroundings

FOLDER = Path("索引")


@pytest.mark.parametrize("number", sorted(SURROUNDINGS))
def test_the_system_is_quoted_in_our_words(number: int) -> None:
    with pytest.raises(SurroundingsFailed) as said, surroundings(FOLDER):
        raise OSError(number, os.strerror(number))

    kind, told = SURROUNDINGS[number]
    assert (type(said.value), str(said.value)) == (kind, f"索引 索引：{told}")


def test_what_the_system_says_otherwise_is_told_by_its_number() -> None:
    with pytest.raises(SurroundingsFailed, match="系统错误 ESRCH"), surroundings(FOLDER):
        raise OSError(errno.ESRCH, os.strerror(errno.ESRCH))


@pytest.mark.parametrize(
    "words",
    [
        "database or disk is full",
        "attempt to write a readonly database",
        "unable to open database file",
        "database is locked",
        "disk I/O error",
    ],
)
def test_sqlite_without_room_or_rights_is_no_damage(words: str) -> None:
    with pytest.raises(SurroundingsFailed, match=words), surroundings(FOLDER):
        raise sqlite3.OperationalError(words)


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.DatabaseError("database disk image is malformed"),
        sqlite3.DatabaseError("file is not a database"),
        sqlite3.OperationalError("no such table: sources"),
    ],
)
def test_sqlite_that_cannot_read_its_file_is_damage(error: sqlite3.Error) -> None:
    with pytest.raises(IndexDamaged, match=r"索引 索引 的 catalogue\.sqlite 已损坏"), surroundings(FOLDER):
        raise error


@pytest.mark.parametrize("error", [NotFound("没有"), IndexDamaged("坏"), SurroundingsFailed("满")])
def test_our_own_errors_pass(error: QaError) -> None:
    with pytest.raises(QaError) as passed, surroundings(FOLDER):
        raise error

    assert passed.value is error
