"""Copies in simplified script (简体) for rules to look at: character for character, so that offsets hold.

What is shown, read or quoted is never such a copy.
"""

from __future__ import annotations

import re

from qa.domain.characters import HAN
from qa.domain.ports import Words

IS_HAN = re.compile(f"[{HAN}]")


class Simplified:
    """Makes the copies, and remembers each character that it has met."""

    def __init__(self, words: Words) -> None:
        """Fold as ``words`` do, each Han character by itself: only so is a copy as long as its text."""
        self._forms = Forms(words)

    def of(self, text: str) -> str:
        """Return the copy of a text; all but Han characters, and those that one does not stand for, stay."""
        return text.translate(self._forms)


class Forms(dict[int, str]):
    """The form of each character; worked out when it is first met, since folding one takes microseconds."""

    def __init__(self, words: Words) -> None:
        """Begin without any."""
        super().__init__()
        self._words = words

    def __missing__(self, point: int) -> str:
        """Return the form of a character that was not met before."""
        character = chr(point)
        folded = self._words.folded(character) if IS_HAN.match(character) else character
        # The reference that a thread reads is one or the other: both are the same form.
        self[point] = folded if len(folded) == 1 else character
        return self[point]
