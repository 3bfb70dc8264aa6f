"""Seams (接缝): how well the second part of an article goes on where the first breaks off."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa.domain.characters import CLOSING, HAN, TERMINAL
from qa.text.continuation import JUMP_FROM, JUMP_TO

HEADLINE = 0.5
"""What the words of the second headline add at most, where the first part has them as well."""

INSIDE = frozenset("，、；：。！？…”’》」』】〉〕）")
"""What stands inside a sentence or at its end, and never at its head."""

OTHER = re.compile(rf"[^{HAN}0-9A-Za-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One part of an article as it is held against others.

    :param pairs: Of neighbouring characters, in headings and body.
    :param named: Those of the headings alone.
    """

    pairs: frozenset[str]
    named: frozenset[str]

    @classmethod
    def of(cls, *, headings: Iterable[str], body: str) -> Stretch:
        """Return a part with the pairs of characters that it is compared by."""
        named = pairs("\n".join(headings))
        return cls(pairs=named | pairs(body), named=named)


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text; none over punctuation."""
    return frozenset(run[at : at + 2] for run in OTHER.split(text) for at in range(len(run) - 1))


def rarity(stretches: Iterable[Stretch]) -> dict[str, float]:
    """Return for each pair how much it tells among ``stretches``, as inverse document frequency."""
    stretches = tuple(stretches)
    held = Counter(pair for each in stretches for pair in each.pairs)
    return {pair: math.log((1 + len(stretches)) / count) for pair, count in held.items()}


def may_go_on(first: str, second: str) -> bool:
    """Tell whether one body can go on in another: what begins inside a sentence needs one broken off."""
    return breaks_off(first) or not begins_inside(second)


def goes_on(first: Stretch, second: Stretch, *, weights: Mapping[str, float]) -> float:
    """Return how many of their words two stretches share, the rare ones above all, in [0, 1.5].

    :param weights: The ``rarity`` of every pair of both.
    """
    both = math.sqrt(weight(first.pairs, weights, power=2) * weight(second.pairs, weights, power=2))
    likeness = weight(first.pairs & second.pairs, weights, power=2) / both if both else 0.0
    title = weight(second.named, weights)
    named = weight(second.named & first.pairs, weights) / title if title else 0.0
    return likeness + HEADLINE * named


def weight(chosen: Iterable[str], weights: Mapping[str, float], *, power: int = 1) -> float:
    """Return the sum of some pairs' weights, the same in whatever order they come."""
    return math.fsum(weights[pair] ** power for pair in chosen)


def breaks_off(body: str) -> bool:
    """Tell whether a first part ends inside a sentence, its jump left aside."""
    jumps = list(JUMP_TO.finditer(body))
    printed = body[: jumps[-1].start()] if jumps else body
    return printed.rstrip().rstrip(CLOSING)[-1:] not in frozenset(TERMINAL)


def begins_inside(body: str) -> bool:
    """Tell whether a second part surely begins inside a sentence, the mark of its jump left aside."""
    printed = body.lstrip()
    jump = JUMP_FROM.match(printed)
    return printed[jump.end() if jump else 0 :].lstrip()[:1] in INSIDE
