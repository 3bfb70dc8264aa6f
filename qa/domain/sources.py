"""Sources: what was put in, kept to the letter."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

ID_LENGTH = 16


def token(*parts: str) -> str:
    """Return a stable, opaque id for ``parts``; the same parts give the same id."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:ID_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file or record as it was given (来源).

    :param id: Made from the name alone, so that new content replaces old.
    :param name: The path below the folder that was indexed, with ``/`` between parts.
    :param text: Verbatim: line ends and byte-order mark kept.
    """

    name: str
    text: str

    @property
    def id(self) -> str:
        """Return the opaque token that names this source in routes."""
        return token("source", self.name)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text, which tells whether it changed."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """A source as it is listed: without its text."""

    id: str
    name: str
    digest: str
    characters: int
    articles: int
    passages: int
