"""问报 (Wenbao): questions to newspaper pages, answered in the paper's own words.

    from qa import open_engine

    with open_engine("index") as engine:
        outcome = engine.ask("吕梁市委书记是谁？")

Importing this loads nothing else; what is named here is fetched when it is asked for (docs/python.md).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import import_module
from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.domain.answers import Citation, Filters, Found, Mode, Outcome, Preceding
    from qa.engine.ask import Engine
    from qa.errors import QaError

__all__ = [
    "Citation",
    "Engine",
    "Filters",
    "Found",
    "Mode",
    "Outcome",
    "Preceding",
    "QaError",
    "open_engine",
]

HELD_IN = {
    **dict.fromkeys(("Citation", "Filters", "Found", "Mode", "Outcome", "Preceding"), "qa.domain.answers"),
    "Engine": "qa.engine.ask",
    "QaError": "qa.errors",
}
"""The module that each name comes from."""


def __getattr__(name: str) -> object:
    """Return what is named above."""
    if name not in HELD_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HELD_IN[name]), name)


def open_engine(
    index: str | PathLike[str] | None = None,
    *,
    caution: float | None = None,
    threads: int | None = None,
    encoder: str | None = None,
) -> AbstractContextManager[Engine]:
    """Open an index for asking, with what is not given taken from the environment (``QA_…``).

    Loads the models, which takes seconds, when the context is entered; one engine answers any number of
    questions, one at a time. It keeps to the version of the index that it opened.

    :param index: The folder of the index; ``QA_INDEX``, or ``index``, where it is not given.
    :param caution: In [0, 1]: confidence below which there is no answer.
    :param threads: Threads to compute with.
    :param encoder: Name or folder of another encoder, with which the index must have been built.
    :raises QaError: When a setting is out of bounds; on entering, when there is no index, it is damaged or
        stale, or a model is missing.
    """
    # Here and not above, for importing this package is to cost nothing.
    from qa.assemble import open_engine as open_with
    from qa.settings import settings_given

    given = {"index": index, "caution": caution, "threads": threads, "encoder": encoder}
    return open_with(settings_given({name: value for name, value in given.items() if value is not None}))
