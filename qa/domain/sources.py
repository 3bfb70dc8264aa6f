"""Sources: what was put in, kept to the letter."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from qa.domain.spans import Span

ID_LENGTH = 16


def token(*parts: str) -> str:
    """Return a stable, opaque id for ``parts``; the same parts give the same id."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:ID_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the format of a source says of it beside its text; unknown is None, never a guess.

    :param whole: The text is one article, as a record or a web article is, and not a page of several.
    :param title: Where in the text its headline stands.
    :param date: When it was published.
    """

    whole: bool = False
    title: Span | None = None
    authors: tuple[str, ...] = ()
    date: date | None = None
    newspaper: str | None = None

    def to_json(self) -> str:
        """Return what is told as it is stored; nothing told is an empty object."""
        stored = {
            "whole": self.whole,
            "title": [self.title.start, self.title.end] if self.title else None,
            "authors": list(self.authors),
            "date": self.date.isoformat() if self.date else None,
            "newspaper": self.newspaper,
        }
        return json.dumps({name: value for name, value in stored.items() if value}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Told:
        """Return what was stored.

        :raises ValueError, KeyError, TypeError: When it is not that.
        """
        stored = json.loads(text)
        title, day = stored.get("title"), stored.get("date")
        return cls(
            whole=bool(stored.get("whole", False)),
            title=Span(*title) if title else None,
            authors=tuple(stored.get("authors", ())),
            date=date.fromisoformat(day) if day else None,
            newspaper=stored.get("newspaper"),
        )


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file or record as it was given (来源).

    :param id: Made from the name alone, so that new content replaces old.
    :param name: The path below the folder that was indexed, with ``/`` between parts.
    :param text: Verbatim: line ends and byte-order mark kept; form feeds stand between the pages of a file.
    """

    name: str
    text: str
    told: Told = NOTHING_TOLD

    @property
    def id(self) -> str:
        """Return the opaque token that names this source in routes."""
        return token("source", self.name)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text and of what is told of it, which says whether it changed."""
        told = "" if self.told == NOTHING_TOLD else f"\x1f{self.told.to_json()}"
        return hashlib.sha256((self.text + told).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """A source as it is listed: without its text."""

    id: str
    name: str
    digest: str
    characters: int
    articles: int
    passages: int
