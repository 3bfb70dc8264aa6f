"""Emphasis (强调): which stars of a text are Markdown's, and which hide a given name (``李**``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from qa.domain.characters import BLANK, CLOSING, TERMINAL
from qa.domain.spans import Span
from qa.text.names import COMPOUND, SURNAMES

# Not the four stars that hide digits of a telephone number.
STARS = re.compile(r"(?<!\*)\*\*(?!\*)")
# What Markdown never begins emphasis before.
ENDS = re.compile(rf"[{BLANK}{TERMINAL}{re.escape(CLOSING)}，、；：,;:]|\Z")


def emphasis(text: str) -> Iterator[Span]:
    """Yield the stars that are Markdown's, those that lost their other half as well."""
    marks = list(STARS.finditer(text))
    opened = False
    for mark, following in zip_longest(marks, marks[1:]):
        if opened or not hides_name(text, mark, following=following):
            opened = not opened and not ENDS.match(text, mark.end())
            yield Span(*mark.span())


def hides_name(text: str, mark: re.Match[str], *, following: re.Match[str] | None) -> bool:
    """Tell whether stars outside of emphasis stand for a given name: behind a surname, and beginning none.

    :param following: The next stars; behind a surname they hide a name too, and close nothing.
    """
    if not is_behind_surname(text, mark):
        return False
    closes = following is not None and not is_behind_surname(text, following)
    return not closes or ENDS.match(text, mark.end()) is not None


def is_behind_surname(text: str, mark: re.Match[str]) -> bool:
    """Tell whether what could be a surname stands right before some stars."""
    start = mark.start()
    return text[start - 1 : start] in SURNAMES or text[max(start - 2, 0) : start] in COMPOUND
