"""What the parsing process is asked, and what it answers: values that travel as JSON, never pickled."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Protocol

from qa.domain.sources import NOTHING_TOLD, Told
from qa.errors import OffsetMismatch, SourceBroken, SourceFailed
from qa.loaders.bounds import DEFAULT_BOUNDS, Bounds

SHOWN = 100
"""Bytes of an answer that is none, in its error."""

MoreTime = Callable[[], None]
"""Called before a picture is recognised, so that it gets time of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A file to parse.

    :param kind: Which parser takes it.
    :param name: What messages call it.
    :param limit: Bytes that its text may have.
    """

    kind: str
    path: str
    name: str
    limit: int
    bounds: Bounds = DEFAULT_BOUNDS

    def to_json(self) -> str:
        """Return the job on one line of ASCII."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Job:
        """Return the job that ``to_json`` wrote."""
        told = json.loads(line)
        return cls(**{**told, "bounds": Bounds(**told["bounds"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The text of a file.

    :param unread: Pages that hold only pictures and could not be recognised, counted from 1.
    """

    text: str
    told: Told = NOTHING_TOLD
    unread: tuple[int, ...] = field(default=())

    def to_json(self) -> str:
        """Return what was parsed on one line of ASCII."""
        return json.dumps({"text": self.text, "told": self.told.to_json(), "unread": self.unread})


class Parser(Protocol):
    """Turns the bytes of one format into text; runs in the parsing process only."""

    def __call__(self, content: bytes, job: Job, more_time: MoreTime, /) -> Parsed:
        """Return the text of a file.

        :raises SourceFailed: When it has none, or is not what its name says.
        """
        ...


def refusal(error: SourceFailed) -> str:
    """Return an error as an answer on one line of ASCII."""
    return json.dumps({"code": error.code, "message": str(error)})


def kinds(of: type[SourceFailed]) -> dict[str, type[SourceFailed]]:
    """Return an error and those below it, by code."""
    below = [kinds(child) for child in of.__subclasses__()]
    return {of.code: of, **{code: kind for each in below for code, kind in each.items()}}


def answered(line: bytes, *, name: str) -> Parsed:
    """Return what the parsing process said; it is not trusted, since what it parsed is not.

    :raises SourceFailed: What it raised, or SourceBroken for an answer that is none.
    """
    try:
        told = json.loads(line)
        if "code" in told:
            raise kinds(SourceFailed)[told["code"]](str(told["message"]))
        unread = tuple(int(page) for page in told["unread"])
        parsed = Parsed(text=str(told["text"]), told=Told.from_json(told["told"]), unread=unread)
        if not may_be(parsed):
            raise ValueError(line[:SHOWN])
        return parsed
    except (ValueError, KeyError, TypeError, RecursionError, OffsetMismatch) as error:
        raise SourceBroken(f"{name}：解析进程的回答无法理解；文件可能已损坏") from error


def may_be(parsed: Parsed) -> bool:
    """Tell whether what is told of a text is of the right kinds and lies within it."""
    told = parsed.told
    names = [*told.authors, *([told.newspaper] if told.newspaper is not None else [])]
    return all(isinstance(name, str) for name in names) and (
        told.title is None or told.title.end <= len(parsed.text)
    )
