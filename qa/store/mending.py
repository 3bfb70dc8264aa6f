"""Opening an index for its care: under the writer's lock, whatever became of the derived files."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.store.derived import make_generations
from qa.store.failures import missing, surroundings
from qa.store.files import private_folder
from qa.store.lock import take_lock
from qa.store.published import is_emptied, unborn
from qa.store.publishing import Publishing
from qa.store.schema import FILE, connect, create_tables, format_of
from qa.store.tokens import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An index that nobody else writes to."""

    folder: Path
    connection: sqlite3.Connection
    publishing: Publishing
    tokens: Tokens


@contextmanager
def holding(folder: Path, *, tokens: Tokens) -> Iterator[Held]:
    """Hold an index that is there.

    :raises IndexMissing: When there is none.
    :raises IndexDamaged: When its catalogue is empty or malformed.
    :raises SurroundingsFailed: When it is locked, or cannot be written.
    """
    if not (folder / FILE).is_file():
        raise missing(folder)
    with holding_or_making(folder, tokens=tokens) as held:
        yield held


@contextmanager
def holding_or_making(folder: Path, *, tokens: Tokens) -> Iterator[Held]:
    """Hold an index, a new one where there is none.

    :raises IndexDamaged: When its catalogue is empty or malformed.
    :raises SurroundingsFailed: When it is locked, or cannot be written.
    """
    with surroundings(folder), ExitStack() as stack:
        private_folder(folder)
        stack.callback(os.close, take_lock(folder))
        make_generations(folder, mend=True)
        connection = stack.enter_context(closing(connect(folder, write=True)))
        make_tables(connection, folder)
        publishing = Publishing(folder, connection, tokens=tokens)
        yield Held(folder=folder, connection=connection, publishing=publishing, tokens=tokens)


def make_tables(connection: sqlite3.Connection, folder: Path) -> None:
    """Make the tables in a new catalogue.

    :raises IndexDamaged: When it is none, but one that was emptied.
    """
    if format_of(connection) != 0:
        return
    if is_emptied(folder):
        raise unborn(folder)
    connection.execute("BEGIN IMMEDIATE")
    create_tables(connection)
    connection.execute("COMMIT")
