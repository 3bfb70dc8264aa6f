"""A copy of text to match patterns on, without blanks and emphasis and in half width, with the way back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from qa.domain.characters import BLANK
from qa.domain.spans import Span

HALF_WIDTH = str.maketrans("０１２３４５６７８９：（），．－", "0123456789:(),.-")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text.

    :param printed: The text that was folded.
    """

    text: str
    printed: str

    @property
    def offsets(self) -> tuple[int, ...]:
        """Return where each character of the folded text stands in the text; found out when asked for."""
        kept = (range(*match.span()) for match in KEPT.finditer(self.printed))
        return tuple(chain.from_iterable(kept))

    def span(self, start: int, end: int) -> Span:
        """Return where a stretch of the folded text, which is not empty, stands in the text."""
        offsets = self.offsets
        return Span(offsets[start], offsets[end - 1] + 1)


KEPT = re.compile(rf"[^{BLANK}*#>]+|(?<=\d\d)[ \t\u3000](?=[ \t\u3000]*\d)|(?<=\d)[ \t\u3000](?=\d\d)")


def fold(text: str) -> Folded:
    """Return text folded; letter-spaced print and print that runs over a line end read like any other.

    A blank between two numbers stays, as between a page number and a year.
    """
    return Folded("".join(KEPT.findall(text)).translate(HALF_WIDTH), text)
