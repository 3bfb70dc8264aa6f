"""The best span of a passage: where an answer begins and ends, and how far it is above saying nothing.

Devlin et al. (2019), *BERT*, section 4.3: each piece is scored as the first and
as the last of the answer, and the mark of the beginning stands for no answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float32]
"""One number a piece of one input."""

LONGEST = 120
"""Pieces that an answer may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BestSpan:
    """The best span of one input.

    :param first: Its first piece, counted from the input's beginning.
    :param last: Its last piece, inclusive.
    :param margin: The sum of its two logits less that of no answer; above 0, the reader would answer.
    """

    first: int
    last: int
    margin: float


def best_span(starts: Logits, ends: Logits, *, begin: int, end: int, longest: int = LONGEST) -> BestSpan:
    """Return the best span within the pieces ``[begin, end)``; the earliest and shortest of equals.

    :param starts: Shape (pieces,); how well each piece begins the answer.
    :param ends: Shape (pieces,); how well each piece ends it.
    """
    nothing = float(starts[0] + ends[0])
    best = BestSpan(first=begin, last=begin, margin=-np.inf)
    # A band instead of a square: `longest` passes over the starts, each for one length.
    for length in range(min(longest, end - begin)):
        sums = starts[begin : end - length] + ends[begin + length : end]
        at = int(np.argmax(sums))
        if float(sums[at]) - nothing > best.margin:
            best = BestSpan(first=begin + at, last=begin + at + length, margin=float(sums[at]) - nothing)
    return best


def next_best(
    starts: Logits, ends: Logits, *, begin: int, end: int, best: BestSpan, longest: int = LONGEST
) -> BestSpan | None:
    """Return the best span within ``[begin, end)`` that shares no piece with ``best``; None where all do."""
    beside = [
        best_span(starts, ends, begin=first, end=last, longest=longest)
        for first, last in ((begin, best.first), (best.last + 1, end))
        if first < last
    ]
    return max(beside, key=lambda each: (each.margin, -each.first), default=None)
