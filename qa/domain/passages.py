"""Passages: what is embedded, retrieved, read and cited."""

from __future__ import annotations

from dataclasses import dataclass

from qa.domain.spans import SourceSpan, Span
from qa.domain.traced import TracedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of whole sentences of one article (段落).

    :param id: Stable across rebuilds: the same paper gives the same id.
    :param traced: The cleaned text, never normalised any further, with its origin.
    """

    id: str
    article_id: str
    traced: TracedText

    @property
    def text(self) -> str:
        """Return the cleaned text."""
        return self.traced.text

    def locate(self, span: Span) -> tuple[SourceSpan, ...]:
        """Return where ``span`` of this passage was printed.

        More than one place comes back when the span runs over a line break
        that was cleaned away, or over the turn of a page.
        """
        return self.traced.slice(span).origin
