"""Manner (口气): does a line read like a headline, a text like the beginning of an article, or like its end.

Each is a logistic regression over pairs of characters, and one hidden layer over what the language
network sees on that side of a break. Learnt from the titles, subheadings and paragraphs of news
(``training/page_manner.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qa.text.language import AROUND, PAIRS, pair_rows, pairs_of, rectified
from qa.text.strands import MISSING, Floats, Numbers, Strands

PLACED = 4
"""Pairs nearest to a break that count by their place as well."""

APART = 7919
"""Rows by which the same pair is moved at the next place; a prime, so that places do not share rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """How texts read on one side of a break: like a headline, and like the edge of an article.

    :param pairs: Shape (PAIRS, 2), the log odds that a pair adds wherever it stands.
    :param placed: Shape (PAIRS, 2), those that it adds by its place.
    :param inward: Shape (features, hidden).
    :param outward: Shape (hidden, 2).
    """

    pairs: Floats
    placed: Floats
    inward: Floats
    inward_bias: Floats
    outward: Floats
    outward_bias: Floats

    def odds(self, around: Strands, *, nearest: Numbers, features: Floats) -> Floats:
        """Return log odds, shape (texts, 2).

        :param around: The characters of each text that lie around the break.
        :param nearest: The characters next to the break, the nearest first, shape (texts, PLACED + 1).
        :param features: What the language network sees of each text, shape (texts, features).
        """
        hidden = rectified(features @ self.inward + self.inward_bias)
        placed = self.placed[placed_rows(nearest)] * (nearest[:, 1:] != MISSING)[:, :, None]
        bag = pairs_of(around).sums(self.pairs)
        odds: Floats = hidden @ self.outward + self.outward_bias + bag + placed.sum(axis=1)
        return odds


def placed_rows(nearest: Numbers) -> Numbers:
    """Return the rows of pairs by their place, one fewer along the last axis than characters."""
    rows: Numbers = (pair_rows(nearest) + APART * np.arange(nearest.shape[-1] - 1)) % PAIRS
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How both sides of breaks read."""

    starts: Tone
    ends: Tone

    def of_starts(self, texts: Strands, features: Floats) -> Floats:
        """Return how like a headline and like a beginning each text starts, shape (texts, 2)."""
        return self.starts.odds(texts.head(AROUND), nearest=texts.first(PLACED + 1), features=features)

    def of_ends(self, texts: Strands, features: Floats) -> Floats:
        """Return how like a headline and like an end each text ends, shape (texts, 2)."""
        return self.ends.odds(texts.tail(AROUND), nearest=texts.last(PLACED + 1), features=features)
