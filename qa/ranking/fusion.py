"""Joins what the dense and the lexical search found."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, pstdev

from qa.domain.answers import Hit, Ranked

DENSE_WEIGHT = 0.6
"""Share of the dense score; the rest is lexical. Measured on four sets, see docs/adr/0005."""


def standardised(hits: Sequence[Hit]) -> dict[int, float]:
    """Return each hit's score in standard deviations from the mean of its ranking."""
    if not hits:
        return {}
    scores = [hit.score for hit in hits]
    mean, deviation = fmean(scores), pstdev(scores) or 1.0
    return {hit.number: (hit.score - mean) / deviation for hit in hits}


def fuse(*, dense: Sequence[Hit], lexical: Sequence[Hit], dense_weight: float = DENSE_WEIGHT) -> list[Ranked]:
    """Return all hits by their weighted sum of standard scores, best first, ties by number.

    A passage that one search missed counts there as one deviation below its worst
    hit, so that a word which only one passage holds speaks for that passage. With
    one ranking empty the other decides alone.
    """
    by_dense, by_lexical = standardised(dense), standardised(lexical)
    worst_dense, worst_lexical = (min(each.values(), default=1.0) - 1.0 for each in (by_dense, by_lexical))
    raw_dense = {hit.number: hit.score for hit in dense}
    raw_lexical = {hit.number: hit.score for hit in lexical}
    ranked = [
        Ranked(
            number=number,
            fused=dense_weight * by_dense.get(number, worst_dense)
            + (1 - dense_weight) * by_lexical.get(number, worst_lexical),
            dense=raw_dense.get(number),
            lexical=raw_lexical.get(number),
        )
        for number in by_dense.keys() | by_lexical.keys()
    ]
    return sorted(ranked, key=lambda each: (-each.fused, each.number))
