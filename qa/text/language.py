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
from functools import cache

import numpy as np

from qa.text.strands import MISSING, Floats, Numbers, Strands, ranges

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


@cache
def folding() -> Numbers:
    """Return what each character of the basic plane is folded to; ``MISSING`` for one that is left out.

    The few characters whose small letter is two are given the first of them, so that each text is
    folded by looking up.
    """
    folded = [fold(chr(point))[:1] for point in range(BASIC)]
    return np.array([ord(each) if each else MISSING for each in folded], dtype=np.int64)


BASIC = 0x10000
"""Characters of the basic plane; of others only pictures and rare names are met with, and none is folded."""


def folded_points(texts: Sequence[str]) -> Strands:
    """Return texts as the networks see them, one strand each; of a long one, its head and its end."""
    shown = [text if len(text) <= 2 * READ else text[:READ] + text[-READ:] for text in texts]
    points = code_points("".join(shown))
    folded = np.where(points < BASIC, folding()[np.minimum(points, BASIC - 1)], points)
    kept = folded != MISSING
    before = np.concatenate([[0], np.cumsum(kept)])
    bounds = np.concatenate([[0], np.cumsum([len(text) for text in shown], dtype=np.int64)])
    return Strands(flat=folded[kept], bounds=before[bounds])


def pair_rows(points: Numbers) -> Numbers:
    """Return the row of each pair of neighbours along the last axis, which becomes one shorter."""
    mixed = points[..., :-1] * 0x9E3779B1 + points[..., 1:] * 0x85EBCA6B
    return (mixed ^ (mixed >> 15)) % PAIRS


def pairs_of(texts: Strands) -> Strands:
    """Return the rows of the pairs of neighbouring characters of each text."""
    lengths = np.maximum(texts.lengths - 1, 0)
    return Strands.of(pair_rows(texts.flat)[ranges(texts.bounds[:-1], lengths)], lengths)


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

    def seen(self, inputs: Floats) -> Floats:
        """Return what the hidden layer makes of each text, shape (texts, hidden)."""
        return rectified(inputs @ self.inward + self.inward_bias)

    def vectors(self, seen: Floats) -> Floats:
        """Return one row a text, shape (texts, depth)."""
        return seen @ self.outward + self.outward_bias


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

    def seen_at_ends(self, texts: Strands) -> Floats:
        """Return what is seen of how each text ends, given as ``folded_points``, shape (texts, hidden)."""
        return self.before.seen(self._inputs(texts.last(SEEN), around=texts.tail(AROUND)))

    def seen_at_starts(self, texts: Strands) -> Floats:
        """Return what is seen of how each text starts, shape (texts, hidden)."""
        return self.after.seen(self._inputs(texts.first(SEEN), around=texts.head(AROUND)))

    def ends(self, texts: Strands) -> Floats:
        """Return one row a text for how it ends, shape (texts, depth)."""
        return self.before.vectors(self.seen_at_ends(texts))

    def starts(self, texts: Strands) -> Floats:
        """Return one row a text for how it starts, shape (texts, depth)."""
        return self.after.vectors(self.seen_at_starts(texts))

    def _inputs(self, nearest: Numbers, *, around: Strands) -> Floats:
        """Return what a side sees; ``nearest`` are the characters next to the break, shape (texts, SEEN)."""
        seen = self.characters[self.rows_of(nearest)].reshape(len(nearest), -1)
        return np.concatenate([seen, pairs_of(around).means(self.pairs)], axis=1)

    def openings(self, texts: Strands) -> Floats:
        """Return the log odds that each text begins where a sentence does, shape (texts,)."""
        head = texts.first(OPENING)
        places, inside = np.arange(OPENING), head != MISSING
        characters = self.opening_characters[places, self.rows_of(head)] * inside
        pairs = self.opening_pairs[places[:-1], pair_rows(head)] * inside[:, 1:]
        odds: Floats = characters.sum(axis=1) + pairs.sum(axis=1)
        return odds

    def of(self, texts: Strands) -> Floats:
        """Return what each text speaks of, shape (texts, depth of a topic), unit length; zero for none."""
        means = pairs_of(sampled(texts)).means(self.topics)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        unit: Floats = np.divide(means, lengths, out=means, where=lengths > 0)
        return unit


def sampled(texts: Strands) -> Strands:
    """Return as much of each text as its topic is taken from."""
    return texts.head_and_tail(TOPIC // 2)
