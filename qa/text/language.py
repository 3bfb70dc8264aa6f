"""What newspaper Chinese is like: does one text go on in another, and do two speak of the same thing.

Learnt from news (``training/page_language.py``, ``models/pages/MODEL_CARD.md``):

* *going on*: the last characters of a text give a vector, the first characters of another one
  likewise, and their inner product says how much better the second follows than any other
  text would (noise contrastive, after Oord et al. 2018, "Representation learning with
  contrastive predictive coding");
* *opening*: whether a text begins where a sentence does, a logistic regression over its first characters;
* *topic*: the mean of vectors of character pairs, after Joulin et al. 2017, "Bag of tricks for
  efficient text classification".

Everything is looked up in arrays and multiplied; a page takes a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

SEEN = 12
"""Characters on each side of a break that are seen one by one."""

AROUND = 64
"""Characters on each side of a break of which the pairs are seen, in no order."""

TOPIC = 400
"""Characters of a text from which its topic is taken; a longer one is sampled at its head and end."""

OPENING = 8
"""Characters at the head of a text by which it is seen whether a sentence begins there."""

READ = 2000
"""Characters at the head and at the end of a text that are read at all."""

PAIRS = 2**15
"""Rows of the table of character pairs; several pairs may share a row."""

WIDTHS = {0xFF01 + i: 0x21 + i for i in range(94)}
QUOTES = dict.fromkeys(map(ord, "“”„‟″「」『』‘’〝〞'"), ord('"'))
DASHES = dict.fromkeys(map(ord, "—–─－"), ord("-"))
DIGITS = dict.fromkeys(map(ord, "123456789１２３４５６７８９０"), ord("0"))
FOLDED = {**WIDTHS, **QUOTES, **DASHES, **DIGITS}
"""One spelling for what extraction confuses; on a copy, never in what is quoted."""


def fold(text: str) -> str:
    """Return a copy without white space, in one width, every digit a 0 and every Latin letter small."""
    return "".join(text.split()).translate(FOLDED).lower()


def code_points(text: str) -> Numbers:
    """Return the characters of a text as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)


def folded_points(text: str) -> Numbers:
    """Return a text as the networks see it; of a long one, its head and its end."""
    shown = text if len(text) <= 2 * READ else text[:READ] + text[-READ:]
    return code_points(fold(shown))


def pair_rows(points: Numbers) -> Numbers:
    """Return the row of each pair of neighbouring characters; one shorter than ``points``."""
    mixed = points[:-1] * 0x9E3779B1 + points[1:] * 0x85EBCA6B
    return (mixed ^ (mixed >> 15)) % PAIRS


def rectified(values: Floats) -> Floats:
    """Return ``values`` with what is below zero set to zero."""
    return np.maximum(values, 0.0, out=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The network for one side of a break.

    :param inward: Shape (SEEN x width + width, hidden): the characters, nearest to the break first,
        then the mean of the pairs.
    :param outward: Shape (hidden, depth).
    """

    inward: Floats
    inward_bias: Floats
    outward: Floats
    outward_bias: Floats

    def vectors(self, inputs: Floats) -> Floats:
        """Return one row a text, shape (texts, depth)."""
        return rectified(inputs @ self.inward + self.inward_bias) @ self.outward + self.outward_bias


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The tables of both networks.

    :param alphabet: The characters that have a row of their own, as sorted code points; row 0 is
        for all others and for nothing.
    :param characters: Shape (len(alphabet) + 1, width).
    :param pairs: Shape (PAIRS, width), for what stands around a break.
    :param topics: Shape (PAIRS, depth of a topic).
    :param opening_characters: Shape (OPENING, len(alphabet) + 1): log odds of each character at each
        place for a sentence to begin, the bias in the first column of the first row.
    :param opening_pairs: Shape (OPENING - 1, PAIRS).
    """

    alphabet: Numbers
    characters: Floats
    pairs: Floats
    topics: Floats
    opening_characters: Floats
    opening_pairs: Floats
    before: Side
    after: Side

    def rows_of(self, points: Numbers) -> Numbers:
        """Return the row of each character."""
        at = np.minimum(np.searchsorted(self.alphabet, points), len(self.alphabet) - 1)
        return np.where(self.alphabet[at] == points, at + 1, 0)

    def ends(self, texts: Sequence[Numbers]) -> Floats:
        """Return one row a text, given as ``folded_points``, for how it ends, shape (texts, depth)."""
        last = [points[-AROUND:] for points in texts]
        return self.before.vectors(self._inputs(last, nearest=[points[::-1] for points in last]))

    def starts(self, texts: Sequence[Numbers]) -> Floats:
        """Return one row a text for how it starts, shape (texts, depth)."""
        first = [points[:AROUND] for points in texts]
        return self.after.vectors(self._inputs(first, nearest=first))

    def _inputs(self, texts: Sequence[Numbers], *, nearest: Sequence[Numbers]) -> Floats:
        seen = np.zeros((len(texts), SEEN), dtype=np.int64)
        for at, points in enumerate(nearest):
            seen[at, : len(points)] = self.rows_of(points[:SEEN])
        around = means(self.pairs, [pair_rows(points) for points in texts])
        return np.concatenate([self.characters[seen].reshape(len(texts), -1), around], axis=1)

    def openings(self, texts: Sequence[Numbers]) -> Floats:
        """Return the log odds that each text begins where a sentence does, shape (texts,)."""
        odds = np.zeros(len(texts), dtype=np.float32)
        for at, points in enumerate(texts):
            head = points[:OPENING]
            places = np.arange(len(head))
            odds[at] = self.opening_characters[places, self.rows_of(head)].sum()
            odds[at] += self.opening_pairs[places[:-1], pair_rows(head)].sum() if len(head) > 1 else 0.0
        return odds

    def of(self, texts: Sequence[Numbers]) -> Floats:
        """Return what each text speaks of, shape (texts, depth of a topic), unit length; zero for none."""
        sums = means(self.topics, [pair_rows(sampled(points)) for points in texts])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        unit: Floats = np.divide(sums, lengths, out=sums, where=lengths > 0)
        return unit


def sampled(points: Numbers) -> Numbers:
    """Return as much of a text as its topic is taken from."""
    half = TOPIC // 2
    return points if len(points) <= TOPIC else np.concatenate([points[:half], points[-half:]])


def means(table: Floats, rows: Sequence[Numbers]) -> Floats:
    """Return the mean of some rows of a table, for each list of rows; zero for an empty list."""
    result = np.zeros((len(rows), table.shape[1]), dtype=np.float32)
    for at, chosen in enumerate(rows):
        if len(chosen):
            result[at] = table[chosen].mean(axis=0)
    return result
