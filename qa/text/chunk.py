"""Chunking: from the body of an article to passages of whole sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qa.domain.spans import Span
from qa.text.sentences import sentences

TARGET_LENGTH = 200
"""Characters at which a passage is full; see docs/adr/0006."""

MAXIMUM_LENGTH = 400
"""Characters beyond which even one sentence is divided, at a comma where there is one."""

PAUSE = re.compile(r"[，、；：]|(?<!\d)[,;:]|[,;:](?!\d)")
"""After which a sentence may be divided; a mark inside a number or a time is none: 1,234 and 10:30."""


def chunk(text: str) -> list[Span]:
    """Return the passages of one article, in order; together they cover it."""
    passages: list[Span] = []
    for piece in divide(text, sentences(text)):
        last = passages[-1] if passages else None
        if last and len(last) + len(piece) <= TARGET_LENGTH:
            passages[-1] = Span(last.start, piece.end)
        else:
            passages.append(piece)
    return passages


def divide(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield ``spans`` with those that are too long divided after a pause, or where they must."""
    for span in spans:
        start = span.start
        while span.end - start > MAXIMUM_LENGTH:
            latest = start + MAXIMUM_LENGTH
            # One character more is looked at, to tell whether a number goes on.
            pauses = [m.end() for m in PAUSE.finditer(text, start, latest + 1) if m.end() <= latest]
            end = pauses[-1] if pauses else latest
            yield Span(start, end)
            start = end
        yield Span(start, span.end)
