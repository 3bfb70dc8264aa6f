"""How well a text supports a question: the share of the question's words that it holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

PAIRED = 3
"""Characters from which on a word may be held in part, by its pairs (副市长, 市级专业镇)."""


def held(word: str, text: str) -> float:
    """Return how much of a word a text holds, in [0, 1]: all of it, or that share of its pairs."""
    if word in text:
        return 1.0
    if len(word) < PAIRED:
        return 0.0
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    return sum(pair in text for pair in pairs) / len(pairs)


def rarity(words: Mapping[str, float], *, passages: Sequence[str]) -> dict[str, float]:
    """Return for each word how much it tells among ``passages``.

    That is how much it tells in Chinese, times its inverse document frequency: what all the passages say
    tells them apart as little as what any text says.
    """
    count = len(passages)
    return {
        word: tells * math.log(1 + (count + 1) / (0.5 + sum(word in passage for passage in passages)))
        for word, tells in words.items()
    }


def coverage(texts: Sequence[str], *, context: str = "", weights: Mapping[str, float]) -> float:
    """Return the weighted share of a question's words that some texts hold together, in [0, 1].

    What only the context (the title of a sentence) holds counts half. Words and texts are folded alike.
    """
    total = sum(weights.values())
    if not total:
        return 0.0
    covered = sum(
        weight * max([*(held(word, text) for text in texts), held(word, context) / 2])
        for word, weight in weights.items()
    )
    return covered / total
