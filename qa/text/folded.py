"""A copy of text to match patterns on, without blanks and emphasis and in half width, with the way back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.domain.characters import BLANK
from qa.domain.spans import Span

HALF_WIDTH = tuple(zip("０１２３４５６７８９：（），．－", "0123456789:(),.-", strict=True))


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text.

    :param printed: The text that was folded.
    """

    text: str
    printed: str

    def span(self, start: int, end: int) -> Span:
        """Return where a stretch of the folded text, which is not empty, stands in the text."""
        return Span(self._offset(start), self._offset(end - 1) + 1)

    def before(self, offset: int) -> int:
        """Return how many characters before a place in the text were kept."""
        count = 0
        for match in KEPT.finditer(self.printed):
            if match.end() >= offset:
                return count + max(offset - match.start(), 0)
            count += match.end() - match.start()
        return count

    def _offset(self, at: int) -> int:
        """Return where a character of the folded text stands in the text."""
        for match in KEPT.finditer(self.printed):
            if at < match.end() - match.start():
                return match.start() + at
            at -= match.end() - match.start()
        raise IndexError(at)


KEPT = re.compile(rf"[^{BLANK}*#>]+|(?<=\d\d)[ \t\u3000](?=[ \t\u3000]*\d)|(?<=\d)[ \t\u3000](?=\d\d)")


def fold(text: str) -> Folded:
    """Return text folded; letter-spaced print and print that runs over a line end read like any other.

    A blank between two numbers stays, as between a page number and a year.
    """
    return Folded(in_half_width("".join(KEPT.findall(text))), text)


def in_half_width(text: str) -> str:
    """Return text of the same length with digits and the marks around them in half width."""
    # One by one is a few times as fast as a table, which each character would be looked up in.
    for wide, half in HALF_WIDTH:
        text = text.replace(wide, half)
    return text
