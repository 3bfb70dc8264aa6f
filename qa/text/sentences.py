"""Sentences: where they end in Chinese print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.domain.characters import CLOSING, TERMINAL
from qa.domain.spans import Span

# Twice the bracket class, since `”）` may close a sentence together.
END = re.compile(rf"[{TERMINAL}]+[{re.escape(CLOSING)}]*\n*|\n+")


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences, in order; together they cover the text.

    Line breaks that cleaning kept end a sentence as well.
    """
    start = 0
    for match in END.finditer(text):
        yield Span(start, match.end())
        start = match.end()
    if start < len(text):
        yield Span(start, len(text))
