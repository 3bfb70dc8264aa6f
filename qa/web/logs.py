"""Structured logs: one line an entry, whatever text is in it, and no text of questions unless asked to."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from qa.settings import LogForm

Entry = MutableMapping[str, Any]
FIRST = ("timestamp", "level", "logger", "event")
"""What begins a line for a person; the rest follows by name."""

QUIET = ("uvicorn.access", "asyncio", "httpx")
"""Loggers that say nothing that is not said here; uvicorn's would print queries."""


def logger(name: str) -> Any:  # noqa: ANN401 - structlog's own type is a proxy
    """Return a logger that takes names and values; they go where the standard library's entries go.

    Nothing global is set: a program that does not set up logs prints nothing on standard output.
    """
    return structlog.wrap_logger(
        logging.getLogger(name),
        wrapper_class=structlog.stdlib.BoundLogger,
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        context_class=dict,
        cache_logger_on_first_use=False,
    )


def set_up(form: LogForm, *, questions: bool = False) -> None:
    """Send the entries of all loggers to standard error.

    :param questions: Whether messages of unforeseen errors may be told, which may hold what was asked.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form, questions=questions))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def formatter(form: LogForm, *, questions: bool = False) -> logging.Formatter:
    """Return what makes lines of entries, of our own loggers and of the libraries'."""
    common: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.contextvars.merge_contextvars],
        processors=[
            *common,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            ErrorsTold(messages=questions),
            as_json if form is LogForm.JSON else as_line,
        ],
    )


class ErrorsTold:
    """Puts where an error came from into its entry; what it says only where that is allowed."""

    def __init__(self, *, messages: bool) -> None:
        """Tell places, and messages if allowed."""
        self._messages = messages

    def __call__(self, logger: object, method: str, entry: Entry) -> Entry:  # noqa: ARG002 - structlog's
        """Return the entry with the error in words."""
        given = entry.pop("exc_info", None)
        error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
        if isinstance(error, BaseException):
            entry["error"] = type(error).__name__
            entry["at"] = " < ".join(
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in reversed(traceback.extract_tb(error.__traceback__))
            )
            if self._messages:
                entry["message"] = str(error)
        return entry


def as_json(logger: object, method: str, entry: Mapping[str, Any]) -> str:  # noqa: ARG001 - structlog's
    """Return an entry as one JSON object."""
    return one_line(json.dumps(entry, ensure_ascii=False, default=str), escape="\\u{:04x}")


def as_line(logger: object, method: str, entry: Mapping[str, Any]) -> str:  # noqa: ARG001 - structlog's
    """Return an entry as a line for a person."""
    head = [str(entry[name]) for name in FIRST if name in entry]
    rest = [
        f"{name}={json.dumps(entry[name], ensure_ascii=False, default=str)}"
        for name in sorted(entry)
        if name not in FIRST
    ]
    return one_line(" ".join([*head, *rest]), escape="\\u{:04x}")


def one_line(text: str, *, escape: str) -> str:
    """Return a text in which nothing ends a line or steers a terminal."""
    return "".join(
        each if each.isprintable() else "".join(escape.format(unit) for unit in utf16(each)) for each in text
    )


def utf16(character: str) -> list[int]:
    """Return a character as JSON escapes it: one unit, or two beyond the first 65,536."""
    encoded = character.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(encoded[at : at + 2], "big") for at in range(0, len(encoded), 2)]
