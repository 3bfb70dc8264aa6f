"""One table from our errors to exit codes, and one way to say them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import typer

from qa.errors import (
    IndexDamaged,
    IndexMissing,
    IndexStale,
    KeyInvalid,
    ModelMissing,
    OutOfMemory,
    QaError,
    QuestionInvalid,
    SettingInvalid,
    SurroundingsFailed,
)

ABSTAINED = 3  # like grep: asked properly, found nothing
SOME_FAILED = 1

EXIT_OF: Mapping[type[QaError], int] = {
    QaError: 1,
    QuestionInvalid: 2,
    SettingInvalid: 2,
    KeyInvalid: 2,
    IndexMissing: 4,
    IndexStale: 5,
    IndexDamaged: 6,
    ModelMissing: 7,
    SurroundingsFailed: 8,
}


def exit_code_of(error: QaError) -> int:
    """Return the exit code of an error: its own, or that of the nearest kind above it."""
    return next(EXIT_OF[kind] for kind in type(error).__mro__ if kind in EXIT_OF)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn a QaError into one line on stderr and its exit code."""
    try:
        yield
    except QaError as error:
        raise ended_by(error) from error
    except MemoryError as error:
        raise ended_by(OutOfMemory("内存不足；请关掉别的程序，或换一台内存更大的机器")) from error


def ended_by(error: QaError) -> typer.Exit:
    """Say an error and return the end that goes with it."""
    typer.echo(f"{error.code}: {error}", err=True)
    return typer.Exit(exit_code_of(error))
