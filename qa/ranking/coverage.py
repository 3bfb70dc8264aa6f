"""How well a sentence supports a question: the words they share, and which do not appear at all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from qa.ranking.question import fold


def rarity(terms: Sequence[str], *, passages: Sequence[str]) -> dict[str, float]:
    """Return for each term how much it tells among ``passages``, as inverse document frequency."""
    folded = [fold(passage) for passage in passages]
    count = len(folded)
    return {term: math.log(1 + (count + 1) / (0.5 + sum(term in text for text in folded))) for term in terms}


def coverage(sentence: str, *, context: str, weights: Mapping[str, float]) -> float:
    """Return the weighted share of a question's terms that a sentence holds, in [0, 1].

    A term that only the context (the passage around it, its title) holds counts half.
    """
    total = sum(weights.values())
    if not total:
        return 0.0
    near, around = fold(sentence), fold(context)
    held = sum(
        weight * (1.0 if term in near else 0.5 if term in around else 0.0) for term, weight in weights.items()
    )
    return held / total
