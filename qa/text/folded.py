"""A copy of text to match patterns on, without blanks and emphasis and in half width, with the way back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.domain.characters import BLANK
from qa.domain.spans import Span

HALF_WIDTH = str.maketrans("０１２３４５６７８９：（），．－", "0123456789:(),.-")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text.

    :param offsets: Where each of its characters stands in the text that was folded.
    """

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Return where a stretch of the folded text, which is not empty, stands in the text."""
        return Span(self.offsets[start], self.offsets[end - 1] + 1)


KEPT = re.compile(rf"[^{BLANK}*#>]+|(?<=\d\d)[ \t\u3000](?=[ \t\u3000]*\d)|(?<=\d)[ \t\u3000](?=\d\d)")


def fold(text: str) -> Folded:
    """Return text folded; letter-spaced print and print that runs over a line end read like any other.

    A blank between two numbers stays, as between a page number and a year.
    """
    kept = list(KEPT.finditer(text))
    offsets = tuple(at for match in kept for at in range(match.start(), match.end()))
    return Folded("".join(match.group() for match in kept).translate(HALF_WIDTH), offsets)
