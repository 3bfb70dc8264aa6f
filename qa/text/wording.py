"""The wording of a page: its texts as the networks see them, each looked at once, whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from qa.text.language import Language, folded_points
from qa.text.manner import Manner
from qa.text.strands import Floats, Numbers, Strands


class Wording:
    """Some texts of a page, different ones, and what their language tells of them."""

    def __init__(self, texts: Iterable[str], language: Language, manner: Manner) -> None:
        """Look at texts; the empty one is always among them."""
        self.language, self._manner = language, manner
        self._rows = {text: row for row, text in enumerate(dict.fromkeys(["", *texts]))}

    def rows(self, texts: Sequence[str]) -> Numbers:
        """Return the rows of some of the texts, shape (texts,)."""
        return np.array([self._rows[text] for text in texts], dtype=np.int64)

    def opening(self, text: str) -> float:
        """Return the log odds that one of the texts begins where a sentence does."""
        return float(self.openings[self._rows[text]])

    def going_on(self, text: str, others: Sequence[str]) -> list[float]:
        """Return how well one of the texts goes on in each of some others."""
        goes_on: list[float] = (self.starts[self.rows(others)] @ self.ends[self._rows[text]]).tolist()
        return goes_on

    @cached_property
    def points(self) -> Strands:
        """Return the texts, folded."""
        return folded_points(list(self._rows))

    @cached_property
    def ends(self) -> Floats:
        """Return how each text ends, one row a text."""
        return self.language.before.vectors(self._seen_at_ends)

    @cached_property
    def starts(self) -> Floats:
        """Return how each text starts, one row a text."""
        return self.language.after.vectors(self._seen_at_starts)

    @cached_property
    def openings(self) -> Floats:
        """Return the log odds that each text begins where a sentence does."""
        return self.language.openings(self.points)

    @cached_property
    def topics(self) -> Floats:
        """Return what each text speaks of, one row a text."""
        return self.language.of(self.points)

    @property
    def headlines(self) -> Floats:
        """Return the log odds that each text reads like a headline, against a subheading."""
        return self._manner_of_starts[:, 0] + self._manner_of_ends[:, 0]

    @property
    def beginnings(self) -> Floats:
        """Return the log odds that each text reads like the beginning of an article."""
        return self._manner_of_starts[:, 1]

    @property
    def endings(self) -> Floats:
        """Return the log odds that each text reads like the end of an article."""
        return self._manner_of_ends[:, 1]

    @cached_property
    def _seen_at_starts(self) -> Floats:
        return self.language.seen_at_starts(self.points)

    @cached_property
    def _seen_at_ends(self) -> Floats:
        return self.language.seen_at_ends(self.points)

    @cached_property
    def _manner_of_starts(self) -> Floats:
        return self._manner.of_starts(self.points, self._seen_at_starts)

    @cached_property
    def _manner_of_ends(self) -> Floats:
        return self._manner.of_ends(self.points, self._seen_at_ends)
