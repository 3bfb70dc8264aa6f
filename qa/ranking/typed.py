"""Words as they were typed, each stretch of them with the copy that rules look at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.domain.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Words in whichever script.

    :param plain: The same in simplified script, character for character.
    """

    typed: str
    plain: str

    def __post_init__(self) -> None:
        """Hold the copy to the length of what it is of.

        :raises ValueError: When it is longer or shorter.
        """
        if len(self.typed) != len(self.plain):
            raise ValueError(f"copy of {len(self.plain)} characters, {len(self.typed)} typed")

    @classmethod
    def as_is(cls, words: str) -> Typed:
        """Return words that are their own copy."""
        return cls(typed=words, plain=words)

    def __len__(self) -> int:
        """Return how many characters they have."""
        return len(self.plain)

    def __add__(self, other: Typed) -> Typed:
        """Return these words and others behind them."""
        return Typed(typed=self.typed + other.typed, plain=self.plain + other.plain)

    def at(self, span: Span) -> Typed:
        """Return the words at a place."""
        return Typed(typed=self.typed[span.start : span.end], plain=self.plain[span.start : span.end])

    def with_instead(self, span: Span, other: Typed) -> Typed:
        """Return the words with others in the place of those at ``span``."""
        return self.at(Span(0, span.start)) + other + self.at(Span(span.end, len(self)))

    def without(self, pattern: re.Pattern[str]) -> Typed:
        """Return the words without any that a pattern matches in the copy."""
        kept, at = Typed.as_is(""), 0
        for match in pattern.finditer(self.plain):
            kept += self.at(Span(at, match.start()))
            at = match.end()
        return kept + self.at(Span(at, len(self)))

    def strip(self, marks: str) -> Typed:
        """Return the words without marks, and blanks, at their ends."""
        stripped = self.plain.lstrip(marks)
        start = len(self) - len(stripped)
        return self.at(Span(start, start + len(stripped.rstrip(marks))))
